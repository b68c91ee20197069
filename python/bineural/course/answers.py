"""What was typed as an answer becomes a number, vector, matrix, word or function, or the sentence why not."""

import copy
import re
import warnings
from collections.abc import MappingView
from fractions import Fraction

import numpy as np

from bineural.blanks import Blank, holds_blank
from bineural.course.exercise import Unfinished, Unread, Wrong
from bineural.messages import near_names

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Unreadable:
    """A value of R's that has no likeness in Python."""

    def __init__(self, what):
        self.what = what


class Failed:
    """What a function of R's returns in place of an error."""

    def __init__(self, message):
        self.message = str(message).strip()


def is_blank(value, depth=3):
    """Say whether something is still to be filled in: nothing, `...`, a missing value, or a list with one."""
    if isinstance(value, (list, tuple)) and depth:
        return not value or any(is_blank(part, depth - 1) for part in value)
    if isinstance(value, dict):
        return not value
    if isinstance(value, (str, Blank)) or np.isscalar(value) or value is None or value is Ellipsis:
        return _is_missing(value)
    try:
        parts = np.asarray(value, dtype=object)
    except Exception:  # whatever a learner's object does
        return False
    return (parts.ndim > 0 and not parts.size) or (
        parts.size < 10_000 and any(map(_is_missing, parts.ravel()))
    )


def _is_missing(value):
    if isinstance(value, str):
        return value.strip(" _.?") in ("", "FILL_IN")
    if isinstance(value, (float, np.floating)):
        return bool(np.isnan(value))
    return value is None or value is Ellipsis or type(value).__name__ in ("FILL_IN", "NAType", "NaTType")


def _holds_nothing(value, depth=3):
    """Say whether a function returned nothing, or a list with nothing in a place, as R's blank arrives."""
    if isinstance(value, (list, tuple)) and depth:
        return any(_holds_nothing(part, depth - 1) for part in value)
    return value is None or value is Ellipsis


def number(value, name, what=None):
    """Return one finite number; lists, sets and tables of one number are one, and so is its text."""
    if isinstance(value, (set, frozenset)) and len(value) == 1:
        value = list(value)
    if isinstance(value, str):
        value = _without_commas(value)
    array = _numbers(value, name, what, "one number")
    if array.size != 1:
        raise _unread(name, what, "one number", value)
    return float(array.ravel()[0])


def count(value, name):
    """Return one whole number."""
    whole = number(value, name)
    if whole != round(whole):
        raise Unread(name, f"`{name}` must be a whole number.")
    return int(whole)


def vector(value, name, n, what=None):
    """Return `n` finite numbers, of a list, or of a matrix of one row or column."""
    wanted = f"{in_words(n)} number{'s' * (n != 1)}"
    array = _numbers(value, name, what, wanted)
    if array.size != n or sum(side > 1 for side in array.shape) > 1:
        raise _unread(name, what, wanted, value)
    return array.ravel()


def digits(value, name, n):
    """Return `n` digits 0 or 1, of a list, or of a text in which they stand side by side."""
    if isinstance(value, (str, np.str_)) and re.fullmatch(r"[01]{2,}", "".join(value.split())):
        value = list("".join(value.split()))
    values = vector(value, name, n)
    if not np.isin(values, [0, 1]).all():
        raise Wrong(name, "it is made of 0 and 1.")
    return values


def matrix(value, name, shape, what=None):
    """Return a finite matrix of this shape."""
    wanted = f"a matrix of {shape[0]} x {shape[1]} numbers"
    array = _numbers(value, name, what, wanted)
    if array.shape != tuple(shape):
        flat = array.ndim == 1 and array.size == shape[0] * shape[1] > 1
        raise _unread(name, what, wanted, value, " As many numbers, but rows and columns are lost." * flat)
    return array


def word(value, name, options):
    """Return one of the words that can be answered, as it is written there."""
    if not isinstance(value, str):
        try:
            (value,) = np.asarray(value, dtype=object).ravel()
        except Exception:
            value = None
    if not isinstance(value, str):
        raise Unread(name, f"`{name}` must be a text, one of {', '.join(map(repr, options))}.")
    folded = {_fold(option): option for option in options}
    if _fold(value) not in folded:
        shown = value if len(value) < 40 else value[:40] + "..."
        raise Unread(name, f"`{name}` can't be {shown!r}. {near_names(value, options)}")
    return folded[_fold(value)]


def words(value, name, n, options):
    """Return `n` of the words that can be answered, in any order; a text may hold them all."""
    try:
        if isinstance(value, (set, frozenset, MappingView)):
            value = sorted(value)
        if isinstance(value, str):
            value = (
                re.split(r"\s*(?:[,;&+]|\band\b)\s*", value.strip(" {}[]()"), flags=re.I)
                if n > 1
                else [value]
            )
        texts = list(np.asarray(value, dtype=object).ravel())
    except Exception:
        texts = []
    if len(texts) != n or not all(isinstance(text, str) for text in texts):
        raise _unread(name, None, f"{in_words(n)} texts", value)
    return [word(text, name, options) for text in texts]


def function(value, name):
    """Return a function that calls the learner's; its errors are sentences that tell for which input."""
    if not callable(value):
        raise _unread(name, None, "a function", value)

    def call(**arguments):
        where = ", ".join(f"{key} = {_written(x)}" for key, x in arguments.items())
        try:
            result = value(*copy.deepcopy(list(arguments.values())))
        except (Exception, SystemExit) as error:
            result = Failed(f"{type(error).__name__}: {error}")
        if isinstance(result, Failed) and "FILL_IN" not in result.message:
            raise Unread(name, f"it stopped with an error for {where}: {result.message}")
        if isinstance(result, Failed) or holds_blank(result) or _holds_nothing(result):
            raise Unfinished(name, f"Fill in `{name}`: it returns nothing for {where}.")
        return result

    return call


def field(value, name, part, maker):
    """Return a part of a record, as Python or R holds it, that `maker` returned."""
    if isinstance(value, dict) and part in value:
        return value[part]
    if not isinstance(value, dict) and hasattr(value, part):
        return getattr(value, part)
    raise Unread(name, f"`{name}` must be what `{maker}()` returned; it is {described(value)}.")


def is_near(answer, truth, digits=3):
    """Say whether numbers agree, where this many decimals may be written, rounded or cut."""
    return bool(np.all(is_near_each(answer, truth, digits)))


def is_near_each(answer, truth, digits):
    """Say it of each of the numbers."""
    return np.abs(np.asarray(answer) - np.asarray(truth)) < 1.0001 * 10.0**-digits


def expect(answer, truth, name, slips=(), otherwise="that is not right yet.", digits=3):
    """Refuse numbers that are not the truth; known slips, (number, sentence), have words of their own."""
    if is_near(answer, truth, digits):
        return
    for slip, sentence in slips:
        if is_near(answer, slip, digits):
            raise Wrong(name, sentence)
    if is_rounded(answer, truth, digits):
        raise Unfinished(
            name, f"that is right, but rounded too much: give it to {in_words(digits)} decimals."
        )
    raise Wrong(name, otherwise)


def is_rounded(answer, truth, digits):
    """Say whether these are the right numbers, rounded or cut to fewer decimals, of which there are some."""
    answer, truth = np.broadcast_arrays(np.asarray(answer, np.float64), np.asarray(truth, np.float64))
    decimals = np.array([_decimals(number) for number in answer.ravel()]).reshape(answer.shape)
    near = np.abs(answer - truth) < np.where(is_near_each(answer, truth, digits), np.inf, 10.0**-decimals)
    return bool(near.all() and 0 < decimals.max(initial=0) < digits)


def _decimals(number):
    """Count the decimals that a number is written with."""
    return len(np.format_float_positional(number, trim="-").partition(".")[2])


def in_words(n):
    """Write a small number in words."""
    return COUNTS[n] if n < len(COUNTS) else str(n)


def described(value):
    """Say what was given, by its kind and size."""
    if isinstance(value, Unreadable):
        return value.what
    if isinstance(value, (str, bytes)):
        return "a text"
    if isinstance(value, (bool, np.bool_)):
        return "a truth value"
    if isinstance(value, dict):
        return f"a list of {len(value)} with names"
    if isinstance(value, (set, frozenset)):
        return "a set, which has no order"
    try:
        shape = np.asarray(value, dtype=object).shape
    except Exception:
        shape = ()
    if len(shape) > 1:
        return f"{'a table' if hasattr(value, 'columns') else 'a matrix'} of {' x '.join(map(str, shape))}"
    if len(shape) == 1:
        texts = shape[0] and all(isinstance(part, str) for part in value)
        return f"a list of {shape[0]} text{'s' * (shape[0] != 1)}" if texts else f"a list of {shape[0]}"
    if isinstance(value, complex) or np.isscalar(value):
        return "a complex number" if isinstance(value, complex) else "one number"
    return "a function" if callable(value) else f"an object of type {type(value).__name__}"


def _numbers(value, name, what, wanted):
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, MappingView):
        value = list(value)
    if isinstance(value, (bytes, set, frozenset)):
        raise _unread(name, what, wanted, value)
    value = _read_texts(value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = np.asarray(value)
            if array.dtype.kind not in "biufO":
                raise TypeError
            array = array.astype(np.float64)
    except Exception:  # whatever a learner's object does
        raise _unread(name, what, wanted, value) from None
    if not (np.abs(array) < 1e100).all():  # whose squares are finite too
        missing = " It holds missing values." if np.isnan(array).any() else ""
        raise Unread(name, f"{what or f'`{name}`'} must be finite, and below 1e100.{missing}")
    return array


def _read_texts(value, depth=3):
    """Return numbers in place of texts that are some: "0.5", "1/64" or, for a whole answer, "0.5, 0.5"."""
    if isinstance(value, str):
        parts = [part for part in re.split(r"[,;\s]+", value.strip(" {}[]()")) if part]
        numbers = [_read_number(part) for part in parts]
        if None in numbers or not 0 < len(numbers) <= (1 if depth < 3 else 99):
            return value
        return numbers[0] if len(numbers) == 1 else numbers
    if getattr(getattr(value, "dtype", None), "kind", "") in "OUT" and hasattr(value, "tolist"):
        return _read_texts(value.tolist(), depth)
    if isinstance(value, (list, tuple)) and depth:
        return [_read_texts(part, depth - 1) for part in value]
    return value


def _without_commas(text):
    """Write 16,321 as 16321, and 0,25 as 0.25."""
    if re.fullmatch(r"\s*[1-9]\d{0,2}(,\d{3})+\s*", text):
        return text.replace(",", "")
    return text.replace(",", ".") if re.fullmatch(r"\s*[-+]?\d*,\d+\s*", text) else text


def _read_number(text):
    """Return the finite number that a text is, or None."""
    try:
        return float(Fraction(text)) if len(text) < 30 else None
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _unread(name, what, wanted, value, more=""):
    return Unread(name, f"{what or f'`{name}`'} must be {wanted}; it is {described(value)}.{more}")


def _fold(text):
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _written(x):
    array = np.asarray(x, dtype=np.float64)
    return np.array2string(array, separator=", ", formatter={"float_kind": "{:g}".format}).replace("\n", "")
