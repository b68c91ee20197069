"""`bineural evaluate`: a saved model on a table that holds the outcome."""

from bineural.cli.arguments import add_data, read_rows
from bineural.cli.command import Command
from bineural.cli.images import as_model_takes, finds_boxes, outcome_of, read_images
from bineural.cli.sequences import add_sequences, read_sequences
from bineural.errors import InputError


def _add_arguments(parser):
    parser.add_argument("model", help="file written by `bineural fit` or save_model()")
    add_data(parser, in_batches=True, images=())
    add_sequences(parser)
    parser.add_argument("--outcome", help="column of the outcome, of sequences")
    parser.add_argument("--event", help="class whose probability is meant, when the model names none")
    parser.add_argument("--threshold", type=float, default=0.5, help="probability that counts as the event")
    parser.add_argument("--level", type=float, default=0.95, help="level of the intervals (default: 0.95)")
    parser.add_argument("--report", help="file to write, for example report.html")


def _run(arguments):
    from bineural.measures.evaluate import evaluate_model
    from bineural.reporting.report import REPORT_FILE, write_report
    from bineural.saving import models as saving

    if arguments.report:
        REPORT_FILE(arguments.report, "--report")
    model = saving.load_model(arguments.model, arguments.max_bytes)
    options = {name: getattr(arguments, name) for name in ("event", "threshold", "level")}
    rows = _read_rows(arguments, model)
    print(evaluate_model(model, *rows, **options))
    if arguments.report:
        given = dict(zip(("data", "y"), rows))
        path = write_report(model, arguments.report, source=arguments.images or arguments.data, **given)
        print(f"\nWrote {path} ({path.stat().st_size:,} bytes).")
    return 0


def _read_rows(arguments, model):
    """Return the rows of a table that holds the outcome; or images or sequences and their outcome."""
    if (arguments.id is None) != (arguments.outcome is None):
        raise InputError(
            "`--id` and `--outcome` must both be given for sequences, and none of them for other rows.",
            f"Found --{'outcome' if arguments.id is None else 'id'} alone.",
            "Give both, or leave it out.",
        )
    sequences = read_sequences(arguments, arguments.outcome)
    if sequences is not None:
        return sequences, sequences.outcome
    images = read_images(arguments, needs="boxes" if finds_boxes(model) else "labels")
    return [read_rows(arguments)] if images is None else [as_model_takes(images), outcome_of(images)]


COMMAND = Command("Evaluate a saved model on a table that holds the outcome", _add_arguments, _run, place=4)
