"""The command line: `bineural <command>`."""

from bineural.cli.commands import main

__all__ = ["main"]
