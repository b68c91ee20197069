"""Where a command writes: to a terminal, a pipe or a file, or nowhere."""

import os
import sys
from contextlib import contextmanager

from bineural.errors import InputError
from bineural.printable import printable


@contextmanager
def checked_output():
    """Run a command whose output must arrive.

    What the terminal's encoding lacks is written as its code; data go out in UTF-8, see `write_data`.

    Raises
    ------
    InputError
        If standard output is closed, or what was written could not be delivered.
    """
    if sys.stdout is None:
        raise InputError(
            "The output must have somewhere to go.",
            "Standard output is closed.",
            "Send it to /dev/null or a file.",
        )
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    yield
    with _delivered():
        sys.stdout.flush()


@contextmanager
def _delivered():
    """Say in three sentences that output did not arrive; a reader that has seen enough is no error."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise InputError(
            "The output must arrive where it is sent.", f"{error.strerror}.", "Send it elsewhere."
        ) from error


def discard_output():
    """Give up what is not yet written, so that Python does not try again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def write_data(text):
    """Write data to standard output: in UTF-8 as files are, but to a terminal as it can show them."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(printable(text) if sys.stdout.isatty() else text)
        return
    with _delivered():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
