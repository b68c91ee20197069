"""What a command is: help, arguments, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A command of `bineural`; its name is that of its file.

    Attributes
    ----------
    help : str
        One line.
    add_arguments : callable
        Adds its arguments to an `argparse.ArgumentParser`.
    run : callable
        (arguments) -> exit status; raises InputError on bad input.
    place : int
        Where it stands in the list of commands; those that give none come last, by name.
    """

    help: str
    add_arguments: Callable
    run: Callable
    place: int = 100
