"""`bineural demo`: the workshop's result."""

from bineural.cli.command import Command


def _add_arguments(parser):
    parser.add_argument("--directory", default="output", help="folder for figures and numbers")
    parser.add_argument(
        "--compare", action="store_true", help="compare the numbers that Python and R left there, and stop"
    )


def _run(arguments):
    from bineural import demo

    if arguments.compare:
        print(demo.compare_demos(arguments.directory))
    else:
        demo.run_demo(arguments.directory)
    return 0


COMMAND = Command(
    "Reproduce the workshop's kyphosis result, and look at it honestly", _add_arguments, _run, place=1
)
