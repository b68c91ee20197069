"""`bineural sitrep`: what was found on this machine."""

from bineural.cli.command import Command


def _add_arguments(parser):
    parser.add_argument("--deep", action="store_true", help="import TensorFlow too and list its devices")
    parser.add_argument(
        "--mend", action="store_true", help="install what Python's side lacks, and look again"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def _run(arguments):
    import json

    from bineural.environment import sitrep

    situation = sitrep(deep=arguments.deep, mend=arguments.mend)
    print(json.dumps(situation.to_dict(), indent=1) if arguments.json else situation)
    return 0 if situation.ok else 1


COMMAND = Command("Say what was found here, and how to mend what was not", _add_arguments, _run, place=9)
