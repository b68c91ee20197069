"""The command line: `bineural <command>`.

A command is a file in `commands/` that holds `COMMAND` (see `command.py`), and is found there. Nothing heavy
is imported before a command needs it. Bad input ends with status 2 and three sentences on stderr; an output
file appears whole or not at all.
"""

import argparse
import functools
import importlib
import os
import pkgutil
import sys
import warnings

from bineural import __version__
from bineural.cli.output import checked_output, discard_output
from bineural.cli.stopping import INTERRUPTED, Stopped, ending_by_sigterm
from bineural.cli.words import error_in_cli_words, in_cli_words
from bineural.errors import BineuralWarning, InputError
from bineural.printable import printable

__all__ = ["main"]


def main(argv=None):
    """Run one command of `bineural`.

    Parameters
    ----------
    argv : list of str, optional
        Arguments after the program's name; those of the process when left out.

    Returns
    -------
    int
        Exit status: 0 done, 1 something unexpected or a difference found, 2 bad input, 130 stopped by Ctrl-C.

    Raises
    ------
    SystemExit
        With status 143, on SIGTERM.
    """
    argv = sys.argv[1:] if argv is None else argv
    arguments = make_parser(argv).parse_args(argv)
    if sys.stderr is None:  # closed, so that nothing can be said
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    try:
        with ending_by_sigterm(), checked_output(), warnings.catch_warnings():
            warnings.simplefilter("always", BineuralWarning)
            warnings.showwarning = functools.partial(_show_warning, arguments.parser)
            return arguments.run(arguments)
    except InputError as error:
        if arguments.debug:
            raise
        sentences = error_in_cli_words(error, arguments.parser)
        print(f"bineural {arguments.command}: {sentences}".replace("\n", "\n  "), file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        discard_output()
        return 0
    except KeyboardInterrupt as stop:
        sentences = str(stop) if isinstance(stop, Stopped) else "Stopped."
        print(f"bineural {arguments.command}: {sentences}".replace("\n", "\n  "), file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if arguments.debug:
            raise
        sentence = printable(f"bineural {arguments.command}: {type(error).__name__}: {error}")
        print(f"{sentence}\n  --debug shows where it happened.", file=sys.stderr)
        return 1


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are short: what is wrong, and where to read on."""

    def error(self, message):
        """Say what is wrong with the arguments, and end with status 2."""
        sentence = message[0].upper() + message[1:]
        self.exit(2, f"{self.prog}: {sentence}.\n  `{self.prog} --help` lists what can be given.\n")


def make_parser(argv):
    """Return a parser of all commands, with the arguments of the one that is called.

    Parameters
    ----------
    argv : list of str
        The arguments of the others are not made, as their checks may need more than Python.

    Returns
    -------
    argparse.ArgumentParser
    """
    parser = _Parser(
        prog="bineural",
        description="Does a neural net beat the simple baseline on these data, and how sure can we be?",
    )
    parser.add_argument("--version", action="version", version=f"bineural {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    common = _Parser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    called = next((word for word in argv if not word.startswith("-")), None)
    for name, command in find_commands().items():
        own = subparsers.add_parser(name, help=command.help, description=command.help, parents=[common])
        own.set_defaults(run=command.run, parser=own)
        if name == called:
            command.add_arguments(own)
    return parser


def find_commands():
    """Return the commands by name, in their order: each file of `commands/` holds one."""
    folder = importlib.import_module("bineural.cli.commands")
    files = [file.name for file in pkgutil.iter_modules(folder.__path__)]
    commands = {name: importlib.import_module(f"{folder.__name__}.{name}").COMMAND for name in files}
    return dict(sorted(commands.items(), key=lambda entry: (entry[1].place, entry[0])))


def _show_warning(parser, message, category, filename, lineno, file=None, line=None):
    print(f"warning: {in_cli_words(str(message), parser, names=False)}", file=sys.stderr)
