"""Checks of single values at the public doors: one of each sort, declared where the door is.

A check is made of what a value must be and of how it is read::

    @checked(level=share(open_ends=True), seeds=whole(1, hint="Try 3."), verbose=choice(None, 0, 1))
    def compare_models(models, data, *, seeds=1, level=0.95, verbose=None): ...

What the function gets is the value as it is used: 5.0 arrives as 5, a NumPy number as Python's. What will not
do is an `InputError` of three sentences that names the argument.
"""

import functools
import inspect
import math
import os
from dataclasses import dataclass, replace
from numbers import Real
from pathlib import Path

from bineural.blanks import Blank
from bineural.errors import InputError
from bineural.messages import listed

_LARGEST = 2**53  # whole numbers up to here are exact as float64, which is how R sends them


def is_number(value):
    """Say whether a value is one real number other than NaN, and not True or False."""
    number = isinstance(value, Real) and not isinstance(value, bool) and type(value).__name__ != "bool_"
    return number and value == value


def is_whole(value):
    """Say whether a value is a whole number, however it is written."""
    return is_number(value) and abs(value) < math.inf and value % 1 == 0


def is_truth(value):
    """Say whether a value is True or False, of Python or NumPy."""
    return isinstance(value, bool) or type(value).__name__ == "bool_"


@dataclass(frozen=True)
class Check:
    """What an argument must be.

    Attributes
    ----------
    words : str
        What it must be, after "must be": "a whole number of at least 1".
    read : callable
        Value -> value as it is used; raises ValueError or TypeError where it will not do.
    hint : str
        What to try.
    none : bool
        Whether None may be given, and stays None.
    """

    words: str
    read: object
    hint: str = ""
    none: bool = False

    def __call__(self, value, name):
        """Return the value as it is used.

        Raises
        ------
        InputError
            Naming the argument, the value found and what to try.
        """
        if value is None and self.none:
            return None
        try:
            return self.read(value)
        except (TypeError, ValueError, OverflowError):
            words = f"{self.words}, or None" if self.none else self.words
            raise InputError(f"`{name}` must be {words}.", f"Found {_shown(value)}.", self.hint) from None

    def or_none(self):
        """Return the same check, which lets None pass."""
        return replace(self, none=True)


def number(low=-math.inf, high=math.inf, *, above=False, below=False, hint=""):
    """Declare a finite number from `low` to `high`; `above` and `below` leave out the ends themselves."""

    def read(value):
        if not is_number(value) or abs(value) == math.inf:
            raise ValueError
        if not low <= value <= high or (above and value == low) or (below and value == high):
            raise ValueError
        return float(value)

    return Check(_range_words("a number", low, high, above, below), read, hint or _example(low, high, above))


def share(*, open_ends=False, below=False, hint=""):
    """Declare a number between 0 and 1; the ends may be left out, or the upper one (`below`)."""
    return number(0, 1, above=open_ends, below=open_ends or below, hint=hint)


def whole(low=-_LARGEST, high=_LARGEST, *, hint=""):
    """Declare a whole number from `low` to `high`, which may come as a float."""

    def read(value):
        if not is_whole(value) or not low <= value <= high:
            raise ValueError
        return int(value)

    words = "a whole number"
    if low > -_LARGEST:
        words += f" of at least {low}" if high >= _LARGEST else f" from {low} to {high}"
    return Check(words, read, hint or _example(low, high, False, whole=True))


def seed(hint="Pass for example seed=2019."):
    """Declare a seed: a whole number that is not negative; None draws one."""
    return Check("a whole number that is not negative", whole(0).read, hint, none=True)


def flag(hint="Use True or False."):
    """Declare True or False."""

    def read(value):
        if not is_truth(value):
            raise ValueError
        return bool(value)

    return Check("True or False", read, hint)


def choice(*allowed, hint="Choose one of them."):
    """Declare one of some values; None is allowed where it is among them."""

    def read(value):
        for one in allowed:
            same_kind = is_truth(one) == is_truth(value) and isinstance(value, (str, bool, Real, type(None)))
            if same_kind and value == one:
                return one
        raise ValueError

    return Check(f"one of {listed(allowed, len(allowed))}", read, hint)


def text(hint="Pass text."):
    """Declare text that is not empty."""

    def read(value):
        if not isinstance(value, str) or not value.strip():
            raise ValueError
        return str(value)

    return Check("text", read, hint)


def path(hint="Pass a path such as 'out.html'."):
    """Declare the path of a file."""

    def read(value):
        if not isinstance(value, (str, os.PathLike)) or not str(value).strip():
            raise ValueError
        return Path(value)

    return Check("a path", read, hint)


def either(*checks, hint=""):
    """Declare a value that one of some checks lets pass; the first that does reads it."""

    def read(value):
        for check in checks:
            try:
                return check.read(value)
            except (TypeError, ValueError, OverflowError):
                continue
        raise ValueError

    return Check(" or ".join(check.words for check in checks), read, hint or checks[0].hint)


def checked(**checks):
    """Check arguments of a function by name before it is called.

    Parameters
    ----------
    **checks : Check
        By argument. What they return is what the function gets. `FILL_IN`, the blank of an exercise, is
        refused for every argument.

    Returns
    -------
    callable
        A decorator; the function keeps its signature and has the checks as `checks`.
    """

    def decorate(function):
        signature = inspect.signature(function)
        unknown = set(checks) - set(signature.parameters)
        assert not unknown, f"{function.__name__} has no argument {unknown}"

        @functools.wraps(function)
        def door(*args, **kwargs):
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError:
                return function(*args, **kwargs)  # Python says what is wrong with the call
            for name, value in bound.arguments.items():
                refuse_blank(value, name)
                if name in checks:
                    bound.arguments[name] = checks[name](value, name)
            return function(*bound.args, **bound.kwargs)

        door.checks = checks
        return door

    return decorate


def refuse_blank(value, name):
    """Refuse the blank of an exercise, which is to be replaced."""
    held = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(part, Blank) for part in held):
        raise InputError(
            f"`{name}` must be filled in.", "Found FILL_IN.", "Put your own answer where FILL_IN stands."
        )


def check_count(value, name, least=1, hint=""):
    """Return a whole number of at least `least`, which may come as a float, as an int."""
    return whole(least, hint=hint)(value, name)


def _range_words(what, low, high, above, below):
    if (low, high) == (-math.inf, math.inf):
        return what
    if high == math.inf:
        return f"{what} above {low}" if above else f"{what} of at least {low}"
    if above and below:
        return f"{what} strictly between {low} and {high}"
    if below:
        return f"{what} of at least {low} and below {high}"
    if above:
        return f"{what} above {low} and at most {high}"
    return f"{what} between {low} and {high}"


def _example(low, high, above, whole=False):
    if abs(low) == math.inf or low == -_LARGEST:
        return "Pass a number."
    middle = low + (1 if whole else 0.5) * above if high == math.inf or high == _LARGEST else (low + high) / 2
    return f"Pass for example {int(middle) if whole else middle:g}."


def _shown(value):
    written = repr(value)
    return written if len(written) <= 80 else f"{written[:77]}..."
