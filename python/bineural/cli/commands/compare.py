"""`bineural compare`: models on the same folds, and a report."""

import warnings

from bineural.cli.arguments import MISSING, add_data, add_outcome, read_folder, words
from bineural.cli.command import Command
from bineural.cli.images import outcome_of, read_images
from bineural.cli.options import add_options, flag_of, read_options
from bineural.cli.own_options import add_own_options, read_own_options
from bineural.cli.sequences import add_sequences, read_sequences
from bineural.cli.stopping import Stopped
from bineural.errors import InputError, InterruptedWarning

_MODELS = "names of glm, net, random_forest (rf), extra_trees, boosting, or of an architecture such as mlp "
_MODELS += "(default: glm,net)"
_PASSED_ON = ("outcome", "formula", "event", "classes", "folds", "repeats", "strata", "groups", "time")
_PASSED_ON += ("weights", "pairs", "measure", "seeds", "level", "missing", "checkpoint", "seed")


def _add_arguments(parser):
    images = ["outcome", "formula", "strata", "groups", "time", "weights"]
    add_data(parser, exclude=True, in_batches="folder", images=images)
    add_sequences(parser, time=False)
    add = parser.add_argument
    add("--outcome", help="column to predict")
    add("--formula", help="for example 'y ~ age + log(dose)' (default: all other columns)")
    add_outcome(parser)
    add("--models", type=words, help=_MODELS)
    add("--folds", type=int, default=10, help="default: 10")
    add("--repeats", type=int, default=10, help="new folds so many times (default: 10)")
    add("--seed", type=int, help="the same seed gives the same numbers, in Python and in R")
    add("--report", help="file to write, for example report.html")
    add("--strata", help="column to stratify by (default: an outcome of classes)")
    add("--groups", help="column that names what rows belong to; groups are never parted")
    add("--time", help="column of times; folds only look back; with --id when a step was")
    add("--weights", help="column of row weights")
    add(
        "--pairs",
        choices=["reference", "all"],
        default="reference",
        help="judge differences from the baseline (default), or of all models from one another",
    )
    add("--measure", help="what the verdict is about: auroc, log_loss, rmse, ...")
    add("--seeds", type=int, default=1, help="fits of each random model to each training set")
    add("--level", type=float, default=0.95, help="level of the intervals (default: 0.95)")
    add("--missing", choices=MISSING, default="error", help="rows with missing predictors (default: error)")
    add("--checkpoint", help="file kept as models are finished, which the same command goes on from")
    add(
        "--jobs",
        dest="n_jobs",
        metavar="JOBS",
        type=int,
        help="processes, of nets in chunks (default: 1)",
    )
    add_own_options(parser)
    add_options(parser.add_argument_group("what nets learn, and their linear baseline"), _objective_options())


def _run(arguments):
    from bineural.reporting.report import REPORT_FILE, write_report

    if arguments.report:
        REPORT_FILE(arguments.report, "--report")
    from bineural.comparing.compare import compare_models

    data, known = _read_rows(arguments)
    warnings.simplefilter("ignore", InterruptedWarning)  # said below, in words of the command
    options = {name: getattr(arguments, name) for name in _PASSED_ON} | known
    comparison = compare_models(_models(arguments), data, n_jobs=arguments.n_jobs, **options)
    print(comparison)
    if comparison.unfinished:
        raise Stopped(f"Stopped before {' and '.join(comparison.unfinished)}.{_how_to_go_on(arguments)}")
    if arguments.report:
        path = write_report(comparison, arguments.report, source=arguments.images or arguments.data)
        print(f"\nWrote {path} ({path.stat().st_size:,} bytes).")
    print(f"\n{comparison.verdict}")
    return 0


def _read_rows(arguments):
    """Return the rows; and options that were read with them: the outcome of images or sequences."""
    sequences = read_sequences(arguments, arguments.outcome, arguments.formula)
    if sequences is not None:
        if sequences.outcome is None:
            raise InputError(
                "`--outcome` must be given with sequences.",
                "Found none, and no --formula.",
                "Write for example --id patient --time day --outcome ill.",
            )
        return sequences, {"outcome": sequences.outcome, "formula": None, "time": None}
    images = read_images(arguments)
    return (
        (read_folder(arguments), {}) if images is None else (images.images, {"outcome": outcome_of(images)})
    )


def _objective_options():
    """Return the option that names an objective, and those of objectives' own."""
    from bineural.nets.objectives.objective import options_of_objectives
    from bineural.nets.options import BY_NAME

    return (BY_NAME["objective"], *options_of_objectives())


def _models(arguments):
    """Return the models by name: with an objective, the net that learns it; its baseline is added."""
    asked = read_options(arguments, _objective_options())
    if asked.get("objective") is None:
        _refuse_alone(asked)
        names = arguments.models or (["glm", "net"] if arguments.boxes is None else ["net"])
        return _with_own_options(names, arguments)
    names = arguments.models or ["net"]
    if "net" not in names:
        raise InputError(
            "`--objective` must come with a net that learns it.",
            f"Found --models {','.join(names)}.",
            "Name net among the models, or leave --models out.",
        )
    from bineural.nets.values import make_net

    net = make_net(missing=arguments.missing, **asked)
    own = _with_own_options([name for name in names if name != "net"], arguments)
    models = own if isinstance(own, dict) else {name: name for name in own}
    return {name: net if name == "net" else models[name] for name in names}


def _with_own_options(names, arguments):
    """Return the names of models; with options of architectures' own their nets by name."""
    from bineural.nets.values import make_net
    from bineural.zoo.architecture import architecture_names

    known = set(architecture_names()) if arguments.option else ()
    own = read_own_options(arguments, [name for name in names if name in known])
    if not own:
        return names
    return {
        name: make_net(architecture=name, missing=arguments.missing, **own[name]) if name in own else name
        for name in names
    }


def _refuse_alone(asked):
    stray = [flag_of(option) for option in _objective_options() if option.name in asked]
    if stray:
        raise InputError(
            "An option of an objective must come with it.",
            f"Found {', '.join(stray)} without --objective.",
            "Name the objective, or leave that out.",
        )


def _how_to_go_on(arguments):
    unwritten = "\nNo report was written." if arguments.report else ""
    if arguments.checkpoint is None:
        return f"{unwritten}\nWith --checkpoint FILE the same command goes on where it was stopped."
    return f"{unwritten}\nThe same command goes on from {arguments.checkpoint}."


COMMAND = Command(
    "Compare models on the same folds, and say what is different", _add_arguments, _run, place=5
)
