"""The command `bineural`: fit, predict, evaluate and compare on CSV or Parquet files, demo and sitrep.

Nothing heavy is imported before a command needs it. Bad input ends with status 2 and three sentences on
stderr; an output file appears whole or not at all.
"""

import argparse
import sys
import warnings
from pathlib import Path

from bineural import __version__
from bineural.errors import BineuralWarning, InputError

_TABLE_HELP = "CSV, TSV or Parquet file, or the name of a data set such as kyphosis"


def main(argv=None):
    """Run one command of `bineural`.

    Parameters
    ----------
    argv : list of str, optional
        Arguments after the program's name; those of the process when left out.

    Returns
    -------
    int
        Exit status: 0 done, 1 something unexpected or a difference found, 2 bad input.
    """
    arguments = _parser().parse_args(argv)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", BineuralWarning)
            warnings.showwarning = _show_warning
            return arguments.run(arguments)
    except InputError as error:
        if arguments.debug:
            raise
        print(f"bineural {arguments.command}: {error}".replace("\n", "\n  "), file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print(f"bineural {arguments.command}: stopped.", file=sys.stderr)
        return 130
    except Exception as error:
        if arguments.debug:
            raise
        sentence = f"bineural {arguments.command}: {type(error).__name__}: {error}"
        print(f"{sentence}\n  --debug shows where it happened.", file=sys.stderr)
        return 1


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are short: what is wrong, and where to read on."""

    def error(self, message):
        """Say what is wrong with the arguments, and end with status 2."""
        sentence = message[0].upper() + message[1:]
        self.exit(2, f"{self.prog}: {sentence}.\n  `{self.prog} --help` lists what can be given.\n")


def _parser():
    parser = _Parser(
        prog="bineural",
        description="Does a neural net beat the simple baseline on these data, and how sure can we be?",
    )
    parser.add_argument("--version", action="version", version=f"bineural {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    common = _Parser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")

    def command(name, run, help):
        sub = commands.add_parser(name, help=help, description=help, parents=[common])
        sub.set_defaults(run=run)
        return sub

    demo = command("demo", _demo, "Reproduce the workshop's kyphosis result, and look at it honestly")
    demo.add_argument("--directory", default="output", help="folder for figures and numbers")
    demo.add_argument(
        "--compare", action="store_true", help="compare the numbers that Python and R left there, and stop"
    )
    _add_fit(command("fit", _fit, "Fit a GLM or a net to a table and save it as one file"))
    predict = command("predict", _predict, "Predict the rows of a table with a saved model")
    predict.add_argument("model", help="file written by `bineural fit` or save_model()")
    _add_data(predict)
    predict.add_argument("--out", help="file to write, .csv or .parquet (default: CSV to the terminal)")
    evaluate = command("evaluate", _evaluate, "Evaluate a saved model on a table that holds the outcome")
    evaluate.add_argument("model", help="file written by `bineural fit` or save_model()")
    _add_data(evaluate)
    evaluate.add_argument("--event", help="class whose probability is meant, when the model names none")
    evaluate.add_argument("--threshold", type=float, default=0.5, help="probability that counts as the event")
    evaluate.add_argument("--level", type=float, default=0.95, help="level of the intervals (default: 0.95)")
    _add_compare(command("compare", _compare, "Compare models on the same folds, and say what is different"))
    _add_course(command("course", _course, "Render the course: pages, slides, notebooks and scripts"))
    sitrep = command("sitrep", _sitrep, "Say what was found here, and how to mend what was not")
    sitrep.add_argument("--deep", action="store_true", help="import TensorFlow too and list its devices")
    sitrep.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _add_data(sub):
    sub.add_argument("data", help=_TABLE_HELP)
    sub.add_argument("--max-bytes", type=int, help="most bytes that a packed file may become")


def _add_fit(sub):
    _add_data(sub)
    sub.add_argument("--formula", required=True, help="for example 'y ~ .' or 'y ~ age + log(dose)'")
    sub.add_argument("--out", required=True, help="file to write, for example model.bineural")
    sub.add_argument("--model", choices=["glm", "net"], default="glm", help="default: glm")
    sub.add_argument("--event", help="class whose probability is meant (two-class outcomes must name it)")
    sub.add_argument("--classes", type=_words, help="take a numeric outcome as these classes: 0,1,2")
    sub.add_argument("--weights", help="column of row weights")
    sub.add_argument("--missing", choices=["error", "drop", "impute"], help="rows with missing predictors")
    for title, names in (("options of --model glm", _GLM_OPTIONS), ("options of --model net", _NET_OPTIONS)):
        group = sub.add_argument_group(title)
        for name, (kind, help) in names.items():
            how = {"action": "store_true", "default": None} if kind is bool else {"type": kind}
            group.add_argument("--" + name.replace("_", "-"), help=help, **how)


def _add_compare(sub):
    _add_data(sub)
    sub.add_argument("--outcome", help="column to predict")
    sub.add_argument("--formula", help="for example 'y ~ age + log(dose)' (default: all other columns)")
    sub.add_argument("--event", help="class whose probability is meant (two-class outcomes must name it)")
    sub.add_argument("--classes", type=_words, help="take a numeric outcome as these classes: 0,1,2")
    sub.add_argument("--models", type=_words, default=["glm", "net"], help=_MODELS_HELP)
    sub.add_argument("--folds", type=int, default=10, help="default: 10")
    sub.add_argument("--repeats", type=int, default=10, help="new folds so many times (default: 10)")
    sub.add_argument("--seed", type=int, help="the same seed gives the same numbers, in Python and in R")
    sub.add_argument("--report", help="file to write, for example report.html")
    sub.add_argument("--strata", help="column to stratify by (default: an outcome of classes)")
    sub.add_argument("--groups", help="column that names what rows belong to; groups are never parted")
    sub.add_argument("--time", help="column of times, text of one form; folds only look back")
    sub.add_argument("--weights", help="column of row weights")
    sub.add_argument(
        "--pairs",
        choices=["reference", "all"],
        default="reference",
        help="judge differences from the baseline (default), or of all models from one another",
    )
    sub.add_argument("--measure", help="what the verdict is about: auroc, log_loss, rmse, ...")
    sub.add_argument("--seeds", type=int, default=1, help="fits of each random model to each training set")
    sub.add_argument("--level", type=float, default=0.95, help="level of the intervals (default: 0.95)")
    sub.add_argument("--missing", choices=["error", "drop", "impute"], default="error", help=_MISSING_HELP)
    sub.add_argument("--jobs", type=int, help="processes for models other than nets (default: 1)")


def _add_course(sub):
    sub.add_argument("topic", nargs="*", help="topics, or files of your own (.Rmd); all topics by default")
    sub.add_argument("--list", action="store_true", help="list the topics and their exercises, and stop")
    sub.add_argument("--format", type=_words, help="some of page,slides,notebook,script (default: all)")
    sub.add_argument("--language", type=_words, help="r, python or r,python (default: both)")
    sub.add_argument("--no-solutions", action="store_true", help="leave solutions out")
    sub.add_argument("--directory", default="course", help="folder to write to (default: course)")


_MODELS_HELP = "names of glm, net, random_forest (rf), extra_trees, boosting (default: glm,net)"
_MISSING_HELP = "rows with missing predictors (default: error)"


def _words(text):
    return [word.strip() for word in text.split(",")]


def _whole_numbers(text):
    try:
        return tuple(int(word) for word in text.split(",") if word.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be whole numbers such as 16,8; found {text!r}") from error


def _class_weight(text):
    if text == "balanced":
        return text
    parts = [part.rpartition("=") for part in text.split(",")]
    try:
        return {level.strip(): float(weight) for level, _, weight in parts}
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"must be balanced, or weights such as yes=3,no=1; found {text!r}"
        ) from error


def _scale(text):
    """Read whether columns are standardised."""
    known = {"auto": "auto", "yes": True, "no": False}
    if text not in known:
        raise argparse.ArgumentTypeError(f"must be auto, yes or no; found {text!r}")
    return known[text]


_GLM_OPTIONS = {
    "family": (str, "binomial, multinomial, gaussian, poisson or gamma"),
    "link": (str, "logit, probit, cloglog, cauchit, log, identity, inverse or sqrt"),
    "offset": (str, "column of a known part of the linear predictor"),
    "penalty": (str, "ridge, lasso or auto"),
    "strength": (float, "weight of the penalty"),
    "method": (str, "ml, or firth against separation"),
}
_NET_OPTIONS = {
    "seed": (int, "the same seed gives the same net, in Python and in R"),
    "architecture": (str, "skip (default) or mlp"),
    "units": (_whole_numbers, "hidden units by layer: 16,8"),
    "activation": (str, "relu, tanh, ..."),
    "dropout": (float, "share of hidden units left out in training"),
    "l1": (float, "L1 penalty"),
    "l2": (float, "L2 penalty"),
    "batch_normalization": (bool, "normalise each hidden layer over the batch"),
    "categories": (str, "onehot or embed"),
    "scale": (_scale, "standardise columns: auto (default), yes or no"),
    "optimizer": (str, "adam (default), sgd, ..."),
    "learning_rate": (float, "step size"),
    "batch_size": (int, "rows a step"),
    "epochs": (int, "passes over the training rows, at most"),
    "validation": (float, "share of the training rows kept aside for early stopping"),
    "monitor": (str, "what is watched there: loss or auroc"),
    "patience": (int, "epochs without improvement before training stops"),
    "min_delta": (float, "what counts as improvement"),
    "ensemble": (int, "nets of seeds of their own, averaged (five by default)"),
    "class_weight": (_class_weight, "balanced, or yes=3,no=1"),
    "checkpoint": (str, "file to continue from after a crash"),
    "device": (str, "cpu (default) or gpu"),
    "precision": (str, "float32 (default) or mixed"),
}


def _fit(arguments):
    given = {k: v for k, v in vars(arguments).items() if v is not None}
    other = _NET_OPTIONS if arguments.model == "glm" else _GLM_OPTIONS
    stray = [f"--{name.replace('_', '-')}" for name in other if name in given and name != "seed"]
    if stray:
        raise InputError(
            f"`--model {arguments.model}` must come with its own options only.",
            f"Found {', '.join(stray)}, of the other model.",
            f"Leave that out, or ask for --model {'net' if arguments.model == 'glm' else 'glm'}.",
        )
    from bineural.files import check_writable

    check_writable(arguments.out, "--out")
    from bineural.data import datasets
    from bineural.saving import models as saving

    data = datasets.load_dataset(arguments.data, arguments.max_bytes)
    own = _GLM_OPTIONS if arguments.model == "glm" else _NET_OPTIONS
    names = ["event", "classes", "weights", "missing", *own]
    options = {name: given[name] for name in names if name in given}
    if arguments.model == "glm":
        from bineural.glm.estimators import fit_glm as fit_model
    else:
        from bineural.nets.estimators import fit_net as fit_model
    model = fit_model(arguments.formula, data, **options)
    path = saving.save_model(model, arguments.out)
    print(model.summary() if hasattr(model, "summary") else model)
    print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    return 0


def _predict(arguments):
    from bineural.data import datasets
    from bineural.files import check_writable, write_atomically
    from bineural.saving import models as saving

    if arguments.out:
        check_writable(arguments.out, "--out")
        _check_ending(Path(arguments.out))
    model = saving.load_model(arguments.model, arguments.max_bytes)
    table = predictions_table(model, datasets.load_dataset(arguments.data, arguments.max_bytes))
    if arguments.out is None:
        table.to_csv(sys.stdout, index=False)
        return 0
    path = Path(arguments.out)
    content = table.to_parquet(index=False) if _is_parquet(path) else table.to_csv(index=False).encode()
    write_atomically(path, content, "--out")
    print(f"Wrote {path} ({len(table):,} rows).")
    return 0


def predictions_table(model, data):
    """Predict every row of a table.

    Parameters
    ----------
    model : fitted bineural model
    data : data frame
        Rows with the columns of the training data.

    Returns
    -------
    pandas.DataFrame
        `.pred_<class>` for each class and `.pred_class`, or `.pred` for a regressor; one row for each of
        `data`, missing where the model leaves a row out.
    """
    import pandas as pd

    if not hasattr(model, "predict_proba"):
        return pd.DataFrame({".pred": model.predict(data)})
    probability = model.predict_proba(data)
    classes = list(model.classes_)
    columns = {f".pred_{level}": probability[:, classes.index(level)] for level in _levels(model)}
    return pd.DataFrame({**columns, ".pred_class": model.predict(data)})


def _levels(model):
    return list(getattr(model, "levels_", model.classes_))


def _evaluate(arguments):
    from bineural.data import datasets
    from bineural.measures.evaluate import evaluate_model
    from bineural.saving import models as saving

    model = saving.load_model(arguments.model, arguments.max_bytes)
    data = datasets.load_dataset(arguments.data, arguments.max_bytes)
    print(
        evaluate_model(
            model, data, event=arguments.event, threshold=arguments.threshold, level=arguments.level
        )
    )
    return 0


def _compare(arguments):
    from bineural.reporting.report import check_report_path, write_report

    if arguments.report:
        check_report_path(arguments.report, name="--report")
    from bineural.comparing.compare import compare_models
    from bineural.data import datasets

    data = datasets.load_dataset(arguments.data, arguments.max_bytes)
    names = ["outcome", "formula", "event", "classes", "folds", "repeats", "strata", "groups", "time"]
    names += ["weights", "pairs", "measure", "seeds", "level", "missing", "seed"]
    options = {name: getattr(arguments, name) for name in names}
    comparison = compare_models(arguments.models, data, n_jobs=arguments.jobs, **options)
    print(comparison)
    if arguments.report:
        path = write_report(comparison, arguments.report, source=arguments.data)
        print(f"\nWrote {path} ({path.stat().st_size:,} bytes).")
    print(f"\n{comparison.verdict}")
    return 0


def _demo(arguments):
    from bineural import demo

    if arguments.compare:
        print(demo.compare_demos(arguments.directory))
    else:
        demo.run_demo(arguments.directory)
    return 0


def _course(arguments):
    from bineural.course.rendering import FORMATS, render_course
    from bineural.course.topic import LANGUAGES

    if arguments.list:
        print(_list_topics())
        return 0
    render_course(
        arguments.topic or None,
        format=arguments.format or FORMATS,
        language=arguments.language or LANGUAGES,
        solutions=not arguments.no_solutions,
        directory=arguments.directory,
    )
    return 0


def _list_topics():
    from bineural.course.checking import list_exercises
    from bineural.course.topic import find_topics, read_topic

    exercises = list_exercises()
    lines = []
    for topic in map(read_topic, find_topics()):
        lines += [f"{topic.name}: {topic.title}"]
        own = exercises[exercises["topic"] == topic.name]
        lines += [f"  {name}: {title}" for name, title in zip(own["exercise"], own["title"])]
    return "\n".join(lines)


def _sitrep(arguments):
    import json

    from bineural.environment import sitrep

    situation = sitrep(deep=arguments.deep)
    print(json.dumps(situation.to_dict(), indent=1) if arguments.json else situation)
    return 0 if situation.ok else 1


def _check_ending(path):
    """Refuse a table of predictions whose name promises another kind of file."""
    if path.suffix.lower() != ".csv" and not _is_parquet(path):
        raise InputError(
            "`--out` must end in .csv or .parquet.", f"Found {str(path)!r}.", "Choose one of the two."
        )


def _is_parquet(path):
    return path.suffix.lower() in (".parquet", ".pq")


def _show_warning(message, category, filename, lineno, file=None, line=None):
    print(f"warning: {message}", file=sys.stderr)
