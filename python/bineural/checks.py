"""Checks of single values at the public doors: one of each sort, declared where the door is.

A check is made of what a value must be and of how it is read::

    @checked(level=share(open_ends=True), seeds=whole(1, hint="Try 3."), verbose=choice(None, 0, 1))
    def compare_models(models, data, *, seeds=1, level=0.95, verbose=None): ...

What the function gets is the value as it is used: 5.0 arrives as 5, a NumPy number as Python's. What will not
do is an `InputError` of three sentences that names the argument.
"""

import contextlib
import functools
import inspect
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Real
from pathlib import Path
from typing import Any

from bineural._typing import Function
from bineural.blanks import holds_blank
from bineural.errors import InputError
from bineural.messages import listed, near_names, sentence, shown

_LARGEST = 2**53  # whole numbers up to here are exact as float64, which is how R sends them


def is_number(value):
    """Say whether a value is one real number other than NaN, and not True or False."""
    return isinstance(value, Real) and not is_truth(value) and value == value


def is_whole(value):
    """Say whether a value is a whole number, however it is written."""
    return is_number(value) and abs(value) < math.inf and value % 1 == 0


def is_truth(value):
    """Say whether a value is True or False, of Python or NumPy."""
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


class Unfit(ValueError):
    """A value that will not do because of a part of it, with what to say of that."""

    def __init__(self, found, part=None):
        self.found, self.part = found, part
        super().__init__(found)


@dataclass(frozen=True)
class Check:
    """What an argument must be.

    Attributes
    ----------
    words : str
        What it must be, after "must be": "a whole number of at least 1".
    read : callable
        Value -> value as it is used; raises ValueError or TypeError where it will not do.
    hint : str or callable
        What to try; or value -> what to try.
    none : bool
        Whether None may be given, and stays None.
    further : callable, optional
        (value as it is read, name of the argument) -> value; raises an `InputError` in words of its own.
    error : class
        Of what is raised.
    """

    words: str
    read: object
    hint: object = ""
    none: bool = False
    further: object = None
    error: type = InputError

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
            value = self.read(value)
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, InputError):  # a blank, which says that it is one
                raise
            words = f"{self.words}, or None" if self.none else self.words
            found = error.found if isinstance(error, Unfit) else f"Found {shown(value)}."
            part = error.part if isinstance(error, Unfit) else value
            hint = self.hint(part) if callable(self.hint) else self.hint
            raise self.error(f"`{name}` must be {words}.", found, hint) from None
        return value if self.further is None else self.further(value, name)

    def or_none(self):
        """Return the same check, which lets None pass."""
        return replace(self, none=True)

    def raising(self, error):
        """Return the same check, which raises another kind of `InputError`."""
        return replace(self, error=error)


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


_MOST_JOBS = 1000


def jobs():
    """Declare a number of workers as joblib takes it: -1 is one for each core; None leaves it to joblib."""

    def read(value):
        count = whole(-_MOST_JOBS, _MOST_JOBS).read(value)
        if count == 0:
            raise ValueError
        return count

    return Check(f"a whole number other than 0, at most {_MOST_JOBS}", read, "Try 2.", none=True)


def seed(low=0, high=math.inf, *, hint="Give a number such as 2019, or leave it out."):
    """Declare a seed: a whole number that is not negative, or from `low` to `high`; None draws one."""
    words = "a whole number that is not negative" if low == 0 else f"a whole number from {low} to {high}"
    return Check(words, whole(low, high).read, hint, none=True)


def flag(hint="Use True or False."):
    """Declare True or False."""

    def read(value):
        if not is_truth(value):
            raise ValueError
        return bool(value)

    return Check("True or False", read, hint)


def choice(*allowed, hint=""):
    """Declare one of some values; None is allowed where it is among them."""
    values = [value for value in allowed if value is not None]
    none = len(values) < len(allowed)

    def read(value):
        for known in allowed:
            one_kind = is_truth(known) == is_truth(value)
            if one_kind and isinstance(value, (str, bool, Real, type(None))) and value == known:
                return known
            if one_kind and is_truth(value) and bool(value) == known:  # NumPy's
                return known
        raise ValueError

    def suggest(value):
        near = near_names(value, values) if isinstance(value, str) else ""
        if near.startswith("Did you mean"):
            return near
        return "Choose one of them, or leave it out." if none else "Choose one of them."

    return Check(f"one of {listed(values, len(values))}", read, hint or suggest)


def text(hint="Pass text.", *, words="text", empty=False):
    """Declare text; it may be `empty` where that is said."""

    def read(value):
        if not isinstance(value, str) or not (empty or value.strip()) or "\0" in value:
            raise ValueError
        return str(value)

    return Check(words, read, hint)


def label(hint="Name one class.", *, words="one label"):
    """Declare a single label: text, a number, True or False, a date, and nothing that is missing."""

    def read(value):
        holds_several = hasattr(value, "__len__") or hasattr(value, "__iter__")
        if (holds_several and not isinstance(value, str)) or callable(value):
            raise ValueError
        plain = isinstance(value, (str, Real)) or is_truth(value) or hasattr(value, "isoformat")
        if not plain or type(value).__name__ in ("NAType", "NaTType") or value != value:
            raise ValueError
        return value

    return Check(words, read, hint)


def labels(hint="Name the classes in a list."):
    """Declare the classes of an outcome: a list, tuple, array or column of labels, each once.

    It arrives as a list.
    """

    def read(value):
        if isinstance(value, (str, bytes, dict, set)) or not hasattr(value, "__len__") or callable(value):
            raise ValueError
        if getattr(value, "ndim", 1) != 1:
            raise ValueError
        parts = value.tolist() if hasattr(value, "tolist") else list(value)
        taken = []
        for part in parts:
            try:
                taken.append(label().read(part))
            except (TypeError, ValueError):
                raise Unfit(f"Found {shown(part)} among them.", part) from None
        if not taken:
            raise Unfit("Found none.")
        twice = next((part for i, part in enumerate(taken) if part in taken[:i]), None)
        if twice is not None:
            raise Unfit(f"Found {shown(twice)} twice.", twice)
        return taken

    return Check("a list of labels", read, hint)


def sequence(hint="Pass a list.", *, words="a list"):
    """Declare a list, tuple or array of anything, which arrives as a list; text and dicts are none."""

    def read(value):
        if isinstance(value, (str, bytes, dict, set)) or not hasattr(value, "__len__") or callable(value):
            raise ValueError
        if getattr(value, "ndim", 1) == 0 or hasattr(value, "columns"):
            raise ValueError
        return list(value)

    return Check(words, read, hint)


def mapping(hint="Write {'name': value}.", *, words="a dict with names as keys"):
    """Declare a dict whose keys are text."""

    def read(value):
        if not isinstance(value, dict):
            raise ValueError
        for key in value:
            if not isinstance(key, str):
                raise Unfit(f"Found the key {shown(key)}.", key)
        return value

    return Check(words, read, hint)


@contextlib.contextmanager
def calling(name, gets):
    """Say of a user's function that fails what it was given; errors of bineural's own pass.

    Parameters
    ----------
    name : str
        Of the argument.
    gets : str
        What the function is called with: "a vector of parameters".
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"`{name}` must be a function that can be called with {gets}.",
            f"It failed with {type(error).__name__}: {sentence(error)}",
            "Call it yourself with such a value to see where.",
        ) from error


def function(hint="Pass a function, without calling it."):
    """Declare a function, or whatever can be called."""

    def read(value):
        if not callable(value):
            raise ValueError
        return value

    return Check("a function", read, hint)


def path(hint="Pass a path such as 'folder/file'."):
    """Declare a path of a file or folder, which arrives as `Path` with the user's folder in place of `~`."""
    return Check("a path", lambda value: Path(_path_text(value)).expanduser(), hint)


def name_or_path(hint="Pass a name, or a path such as 'folder/file'."):
    """Declare a name of something known, or a path, which arrives as the text that was given."""
    return Check("a name or a path", _path_text, hint)


def writable(*endings, error=InputError):
    """Declare a path where a file can be written; its name must have one of the `endings`, if any are given.

    Nothing is written yet, so that no work is done for a file that can't be.
    """

    def further(value, name):
        from bineural.files import check_writable

        file = check_writable(value, name, error)
        if endings and file.suffix.lower() not in endings:
            raise error(
                f"`{name}` must end in {' or '.join(endings)}.",
                f"Found {file.name!r}.",
                f"Name it for example '{file.stem or 'result'}{endings[0]}'.",
            )
        return file

    return Check("the name of a file", lambda value: value, further=further)


def list_of(check, hint=""):
    """Declare one value that a check lets pass, or a list of such; it arrives as a tuple."""

    def read(value):
        several = isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) == 1
        parts = list(value) if several else [value]
        if not parts:
            raise Unfit("Found none.")
        taken = []
        for part in parts:
            try:
                taken.append(check.read(part))
            except (TypeError, ValueError, OverflowError) as error:
                if isinstance(error, InputError):
                    raise
                raise Unfit(f"Found {shown(part)}{' among them' * (len(parts) > 1)}.", part) from None
        return tuple(taken)

    return Check(f"{check.words}, or a list of them", read, hint or check.hint)


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


def or_none(check):
    """Return a check that lets None pass; for checks that are functions of (value, name)."""
    return check.or_none() if isinstance(check, Check) else _OrNone(check)


@dataclass(frozen=True)
class _OrNone:
    check: object
    none = True

    def __call__(self, value, name):
        return None if value is None else self.check(value, name)


def checked(**checks: Any) -> Callable[[Function], Function]:
    """Check arguments of a function by name before it is called.

    Parameters
    ----------
    **checks : callable
        By argument: a `Check`, or a function of (value, name of the argument). What they return is what the
        function gets. `FILL_IN`, the blank of an exercise, is refused for every argument.

    Returns
    -------
    callable
        A decorator; the function keeps its signature and has the checks as `checks`.
    """

    def decorate(function):
        parameters = inspect.signature(function).parameters
        unknown = set(checks) - set(parameters)
        assert not unknown, f"{function.__name__} has no argument {unknown}"
        named = [p for p in parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        by_place = [p.name for p in named if p.kind is not p.KEYWORD_ONLY]
        names, needed = {p.name for p in named}, {p.name for p in named if p.default is p.empty}
        collects = len(named) < len(parameters)
        defaults = _read_defaults(parameters, checks)

        @functools.wraps(function)
        def door(*args, **kwargs):
            given = dict(zip(by_place, args))
            doubled, extra = given.keys() & kwargs.keys(), not collects and kwargs.keys() - names
            given |= kwargs
            if len(args) > len(by_place) or doubled or extra or needed - given.keys():
                return function(*args, **kwargs)  # Python says what is wrong with the call
            for name, value in given.items():
                if name in names:
                    refuse_blank(value, name)
            for name, check in checks.items():
                if name in given:
                    given[name] = check(given[name], name)
            return function(**(defaults | given))

        door.checks = checks
        return door

    return decorate


def _read_defaults(parameters, checks):
    """Return the defaults that are read as something else; one that could not be passed stays as it is."""
    defaults = {}
    for name, check in checks.items():
        default = parameters[name].default
        if default is inspect.Parameter.empty or getattr(check, "further", None) is not None:
            continue
        with contextlib.suppress(InputError):
            value = check(default, name)
            if type(value) is not type(default) or value is not default:
                defaults[name] = value
    return defaults


def check_attributes(model, checks):
    """Check the options of an estimator, which are its attributes; they stay as they were given."""
    for name, check in checks.items():
        value = getattr(model, name)
        refuse_blank(value, name)
        check(value, name)


def refuse_blank(value, name):
    """Refuse the blank of an exercise, which is to be replaced."""
    if holds_blank(value):
        raise InputError(
            f"`{name}` must be filled in.", "Found FILL_IN.", "Put your own answer where FILL_IN stands."
        )


def check_count(value, name, least=1, hint=""):
    """Return a whole number of at least `least`, which may come as a float, as an int."""
    return whole(least, hint=hint)(value, name)


def _path_text(value):
    written = os.fspath(value)  # a TypeError where it is no path
    if not isinstance(written, str) or not written.strip() or "\0" in written:
        raise ValueError
    return written


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
