"""`bineural fit`: a GLM or a net of a table, of images or of sequences, saved as one file."""

import warnings

from bineural.checks import number, text
from bineural.cli.arguments import MISSING, add_data, add_outcome, read_folder
from bineural.cli.command import Command
from bineural.cli.images import outcome_of, read_images
from bineural.cli.options import add_options, flag_of, read_options
from bineural.cli.own_options import add_own_options, read_own_options
from bineural.cli.sequences import add_sequences, read_sequences
from bineural.cli.stopping import Stopped
from bineural.errors import InputError, InterruptedWarning
from bineural.options import Option


def _add_arguments(parser):
    add_data(parser, exclude=True, in_batches="folder", images=["formula", "weights", "offset"])
    add_sequences(parser)
    parser.add_argument("--formula", help="for example 'y ~ .' or 'y ~ age + log(dose)'; of a table")
    parser.add_argument("--out", required=True, help="file to write, for example model.bineural")
    parser.add_argument("--model", choices=["glm", "net"], help="default: glm; net with --boxes")
    add_outcome(parser)
    parser.add_argument("--weights", help="column of row weights")
    parser.add_argument("--offset", help="column of a known part of the linear predictor")
    parser.add_argument("--missing", choices=MISSING, help="rows with missing predictors")
    parser.add_argument(
        "--keep-partial", action="store_true", help="at Ctrl-C write the net that was reached (status 130)"
    )
    for model, options in model_options().items():
        group = parser.add_argument_group(f"options of --model {model}")
        add_options(group, options)
        if model == "net":
            add_own_options(group)


def _run(arguments):
    if arguments.model is None:
        arguments.model = "glm" if arguments.boxes is None else "net"
    if arguments.model == "glm" and arguments.boxes is not None:
        raise InputError(
            "`--boxes` must come with a net.",
            "Found --model glm.",
            "Leave that out; `bineural compare` puts a ridge on pixels beside the net.",
        )
    _check_options(arguments)
    from bineural.files import check_writable
    from bineural.saving import models as saving

    check_writable(arguments.out, "--out")
    rows = _read_rows(arguments)
    common = {name: getattr(arguments, name) for name in ("event", "classes", "weights", "offset", "missing")}
    options = {name: value for name, value in common.items() if value is not None}
    options |= read_options(arguments, model_options()[arguments.model])
    options |= _own_options(arguments)
    if arguments.model == "glm":
        from bineural.glm.estimators import fit_glm as fit_model
    else:
        from bineural.nets.fitting_one import fit_net as fit_model
    warnings.simplefilter("ignore", InterruptedWarning)  # said below, in words of the command
    model = fit_model(*rows, **options)
    stopped = _how_stopped(model, arguments)
    if stopped and not arguments.keep_partial:
        raise Stopped(f"{stopped}\nNothing was written; --keep-partial writes the net that was reached.")
    path = saving.save_model(model, arguments.out)
    print(model.summary() if hasattr(model, "summary") else model)
    print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    if stopped:
        raise Stopped(stopped)
    return 0


def _read_rows(arguments):
    """Return what is fitted: images or sequences and their outcome, or a formula and its table."""
    images = None if arguments.id is not None else read_images(arguments)
    if images is not None:
        return images.images, outcome_of(images)
    if arguments.formula is None:
        raise InputError(
            "`--formula` must be given with a table.",
            "Found none.",
            "Write for example --formula 'y ~ .', for all other columns.",
        )
    sequences = read_sequences(arguments, formula=arguments.formula)
    if sequences is None:
        return arguments.formula, read_folder(arguments)
    return sequences, sequences.outcome


def _how_stopped(model, arguments):
    """Say how far a net was trained that Ctrl-C has stopped; None where a fit came to its end."""
    if not getattr(model, "interrupted_", False):
        return None
    stopped = f"Stopped after {model.n_epochs_} of at most {model.epochs} epochs."
    file = getattr(arguments, "checkpoint", None)
    if file is None:
        return f"{stopped}\nWith --checkpoint FILE the same command goes on where it was stopped."
    seed = "" if hasattr(arguments, "seed") else f" Its seed is {model.seed_}."
    return f"{stopped}\nThe same command goes on from {file}.{seed}"


def _check_options(arguments):
    """Refuse options of the other model, but for the seed, which a GLM does without."""
    other = "net" if arguments.model == "glm" else "glm"
    given = [option for option in model_options()[other] if option.name in vars(arguments)]
    stray = [flag_of(option) for option in given if option.name != "seed"]
    stray += ["--option"] * (arguments.model == "glm" and bool(arguments.option))
    if stray:
        raise InputError(
            f"`--model {arguments.model}` must come with its own options only.",
            f"Found {', '.join(stray)}, of the other model.",
            f"Leave that out, or ask for --model {other}.",
        )


def _own_options(arguments):
    """Return the options of the architecture's own."""
    name = getattr(arguments, "architecture", None)
    return read_own_options(arguments, [] if name is None else [name]).get(name, {})


def model_options():
    """Return the options of each model, of a net those of objectives' own too.

    `missing`, which both have, is an argument of the command.
    """
    from bineural.nets.objectives.objective import options_of_objectives
    from bineural.nets.options import OPTIONS

    of_nets = [option for option in OPTIONS if option.name != "missing"]
    return {"glm": _GLM_OPTIONS, "net": (*of_nets, *options_of_objectives())}


# ---- a GLM checks its options itself, beside the data; here it only says how their text is read ----


def _options(**entries):
    return tuple(Option(name, None, check, "", help, in_r) for name, (check, help, in_r) in entries.items())


_GLM_OPTIONS = _options(
    family=(text(), "such as binomial, gaussian, poisson, gamma or negative_binomial", "text"),
    link=(text(), "logit, probit, cloglog, cauchit, log, identity, inverse or sqrt", "text"),
    penalty=(text(), "ridge, lasso or auto", "text"),
    strength=(number(), "weight of the penalty", "number"),
    method=(text(), "ml, or firth against separation", "text"),
)
_HELP = "Fit a GLM or a net to a table or to images and save it as one file"
COMMAND = Command(_HELP, _add_arguments, _run, place=2)
