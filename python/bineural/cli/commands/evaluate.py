"""`bineural evaluate`: a saved model on a table that holds the outcome."""

from bineural.cli.arguments import add_data, read_rows
from bineural.cli.command import Command
from bineural.cli.images import as_model_takes, finds_boxes, outcome_of, read_images


def _add_arguments(parser):
    parser.add_argument("model", help="file written by `bineural fit` or save_model()")
    add_data(parser, in_batches=True, images=())
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
    images = read_images(arguments, needs="boxes" if finds_boxes(model) else "labels")
    rows = [read_rows(arguments)] if images is None else [as_model_takes(images), outcome_of(images)]
    print(evaluate_model(model, *rows, **options))
    if arguments.report:
        given = dict(zip(("data", "y"), rows))
        path = write_report(model, arguments.report, source=arguments.images or arguments.data, **given)
        print(f"\nWrote {path} ({path.stat().st_size:,} bytes).")
    return 0


COMMAND = Command("Evaluate a saved model on a table that holds the outcome", _add_arguments, _run, place=4)
