"""`bineural sequence`: a model of the sequences in a file, or models of sequences compared on folds."""

from bineural.checks import check_count
from bineural.cli.arguments import add_data, read_data, words
from bineural.cli.command import Command
from bineural.errors import InputError

_NAMES = "gru, lstm, rnn, transformer, ngram, and of pairs copy, most_frequent"


def _add_arguments(parser):
    add_data(parser, exclude=True)
    add = parser.add_argument
    add("--target", required=True, help="column of sequences that are predicted")
    add("--source", help="column of sequences that are read before them (default: none)")
    add("--unit", default="character", help="character or word (default: character)")
    add("--architecture", default="gru", help="gru, lstm, rnn or transformer (default: gru)")
    add("--epochs", type=int, default=100, help="most passes over the sequences (default: 100)")
    add("--max-length", type=int, dest="max_length", help="symbols that are read of a sequence at most")
    add("--generate", type=int, metavar="N", help="make up so many sequences (of a model without sources)")
    add("--temperature", type=float, help="with --generate: below 1 the probable symbols come more often")
    add("--beams", type=int, default=1, help="hypotheses that a search keeps (default: 1, greedy)")
    add("--seed", type=int, help="the same seed gives the same numbers, in Python and in R")
    add("--save", help="file for the fitted model, for example model.bineural")
    add("--compare", type=words, metavar="MODELS", help=f"compare on folds instead: {_NAMES}")
    add("--folds", type=int, default=10, help="with --compare (default: 10)")
    add("--repeats", type=int, default=1, help="with --compare: how often folds are made (default: 1)")


def _run(arguments):
    from bineural.sequences.texts import read_pairs

    data, columns = read_data(arguments), []
    for name in (arguments.target, arguments.source):
        if name is not None and name not in data.columns:
            raise InputError(
                "The columns of sequences must be in the data.",
                f"There is no {name!r}; there are {', '.join(map(repr, map(str, data.columns)))}.",
                "Check its spelling.",
            )
        columns.append(None if name is None else data[name].tolist())
    rows = read_pairs(*columns)
    return _compare(arguments, rows) if arguments.compare else _fit(arguments, rows)


def _fit(arguments, rows):
    from bineural.files import check_writable
    from bineural.representations.generating import generate
    from bineural.saving.models import save_model
    from bineural.sequences.fitting import fit_sequence

    if arguments.save:
        check_writable(arguments.save, "--save")
    if arguments.generate is not None:
        check_count(arguments.generate, "--generate", hint="Try 10.")
        if arguments.source:
            raise InputError(
                "`--generate` must come without sources.",
                f"Found --source {arguments.source}.",
                "Leave one of them out.",
            )
    options = {
        name: getattr(arguments, name) for name in ("unit", "architecture", "epochs", "max_length", "seed")
    }
    model = fit_sequence(rows["target"], rows.get("source"), **options)
    print(model.summary())
    what = "not met exactly" if arguments.source else "bits per symbol"
    print(f"On the sequences watched, {what}: {_listed(model.errors_)}; the baseline is {model.baseline_}.")
    if arguments.save:
        path = save_model(model, arguments.save)
        print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    if arguments.generate is not None:
        how = {"temperature": arguments.temperature} if arguments.beams == 1 else {"beams": arguments.beams}
        made = generate(model, arguments.generate, seed=arguments.seed, **how)
        print()
        print(made.to_string(index=False, float_format=lambda number: f"{number:.4g}"))
    return 0


def _listed(errors):
    return ", ".join(f"{name} {value:.3f}" for name, value in errors.items())


def _compare(arguments, rows):
    import pandas as pd

    from bineural.comparing.compare import compare_models
    from bineural.sequences.model import SequenceModel

    given = [f"--{name}" for name in ("save", "generate", "temperature") if getattr(arguments, name)]
    if given:
        raise InputError(
            "`--compare` must come without what is for one model.",
            f"Found {', '.join(given)}.",
            "Leave that out, or leave --compare out.",
        )
    options = {name: getattr(arguments, name) for name in ("unit", "epochs", "max_length")}
    nets = set(arguments.compare) & set(SequenceModel.SHORT)
    models = {
        name: SequenceModel(architecture=name, **options) if name in nets else name
        for name in arguments.compare
    }
    if not nets:
        raise InputError(
            "`--compare` must name a net.",
            f"Found {', '.join(arguments.compare)}.",
            f"Add one of {', '.join(SequenceModel.SHORT)}.",
        )
    how = {name: getattr(arguments, name) for name in ("folds", "repeats", "seed")}
    comparison = compare_models(models, pd.DataFrame(rows), **how)
    print(comparison)
    print(f"\n{comparison.verdict}")
    return 0


COMMAND = Command(
    "Fit a model of the sequences in a file, or compare such models on folds", _add_arguments, _run, place=5
)
