"""Checks of single values that many doors share."""

import math
from numbers import Real

from bineural.errors import InputError


def is_number(value):
    """Say whether a value is one real number, and not True or False."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value):
    """Say whether a value is a whole number, however it is written."""
    return is_number(value) and abs(value) < math.inf and value % 1 == 0


def check_count(value, name, least=1, hint=""):
    """Return a whole number of at least `least`, which may come as a float, as an int."""
    if not is_whole(value) or value < least:
        raise InputError(f"`{name}` must be a whole number of at least {least}.", f"It is {value!r}.", hint)
    return int(value)
