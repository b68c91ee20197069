"""Sequences as they are given: lists, arrays or columns of text."""

import numpy as np

from bineural.errors import InputError
from bineural.inputs.kinds import describe
from bineural.inputs.outcomes import is_missing
from bineural.messages import number_of, shown


def read_texts(given, name):
    """Return the texts of a list, an array or a column as a list of str.

    Raises
    ------
    InputError
        If it holds something else, or nothing.
    """
    values = _values_of(given)
    if not values:
        raise InputError(
            f"`{name}` must be a list of sequences, each a text.",
            f"Found {'none' if values == [] else _described(given)}.",
            "Pass a list or a column of text, such as ['one', 'two'].",
        )
    wrong = next((k for k, value in enumerate(values) if not isinstance(value, str)), None)
    if wrong is not None:
        what = "a missing value" if _is_missing(values[wrong]) else shown(values[wrong])
        raise InputError(
            f"Every sequence of `{name}` must be text.",
            f"Number {wrong + 1} of {number_of(len(values), 'sequence')} is {what}.",
            "Leave it out, or write it as text.",
        )
    return [str(value) for value in values]


def _values_of(given):
    """Return what a list, an array or a column holds; None of what is none of these."""
    none = isinstance(given, (str, bytes, dict, set, type)) or hasattr(given, "columns") or callable(given)
    if none or not hasattr(given, "__len__") or getattr(given, "ndim", 1) != 1:
        return None
    return list(given)


def _described(given):
    return describe(given) if hasattr(given, "__len__") and not isinstance(given, str) else shown(given)


def read_pairs(target, source):
    """Return the columns "target", and "source" where there are any, of sequences that go together."""
    columns = {"target": read_texts(target, "target")}
    if source is not None:
        columns["source"] = read_texts(source, "source")
        if len(columns["source"]) != len(columns["target"]):
            raise InputError(
                "`source` must have a sequence for each one of `target`.",
                f"There are {len(columns['source'])} and {len(columns['target'])}.",
                "Give both in the same order.",
            )
    return columns


def _is_missing(value):
    return value is None or bool(is_missing(np.array([value], object))[0])
