"""Outcomes, events and row weights as plain arrays: how labels are unwrapped, matched and found missing."""

from numbers import Real

import numpy as np

from bineural.checks import label
from bineural.errors import InputError, OutcomeError
from bineural.messages import listed, number_of, sentence
from bineural.tables.rows import as_array, as_numbers

_LABEL = label()


def match_event(event, classes, must="`event` must be one of the outcome's classes."):
    """Return the class that `event` names (by value, else by its text), or None when no event is named."""
    if event is None:
        return None
    _LABEL(event, "event")
    labels = list(classes)
    for same in (
        lambda a, b: type(a) is type(b) and a == b,
        lambda a, b: a == b,
        lambda a, b: str(a) == str(b),
        lambda a, b: isinstance(a, (bool, np.bool_)) and str(a).lower() == str(b).lower(),  # R writes TRUE
        lambda a, b: _same_number(a, b) or _same_number(b, a),
    ):
        hits = [label for label in labels if same(label, event)]
        if len(hits) == 1:
            return hits[0]
    raise OutcomeError(
        must,
        f"Found {event!r}; the classes are {listed(labels)}.",
        _by_place(event, labels) or "Name one of them.",
    )


def _same_number(value, text):
    """Say whether a text is how a number may be typed: "1" for 1.0, "1.0" for 1."""
    if not isinstance(text, str) or not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        return False
    try:
        return value == float(text)
    except ValueError:
        return False


def _by_place(event, labels):
    """Return what to try where something has numbered the classes before the model saw them."""
    places = labels == list(range(len(labels))) and not any(isinstance(label, bool) for label in labels)
    if isinstance(event, str) and places:
        return (
            "If these are the places of classes in sorted order, as stacking, voting, bagging and "
            "calibration in scikit-learn give them, leave `event` out, or name it by its place (event=1)."
        )
    return None


def no_event(classes):
    """Make the error that asks for the event and lists the classes."""
    return OutcomeError(
        "`event` must name the class whose probability is meant.",
        f"The outcome's classes are {listed(classes)}.",
        f"Pass for example event={list(classes)[-1]!r}.",
    )


def plain_values(y):
    """Return labels or numbers as a NumPy array, without the wrapping of a frame library."""
    if hasattr(y, "to_pandas"):
        y = y.to_pandas()
    if hasattr(y, "columns") and hasattr(y, "to_numpy"):
        return y.to_numpy()
    dtype = getattr(y, "dtype", None)
    if getattr(dtype, "kind", "") in ("m", "M"):
        raise OutcomeError(
            "The outcome must be classes or numbers.",
            "It holds dates or times.",
            "Turn it into numbers first (days since a date, year, month).",
        )
    if hasattr(dtype, "categories"):
        y = y.astype(dtype.categories.dtype) if not y.isna().any() else y.astype(object)
    if hasattr(y, "to_numpy") and hasattr(y, "isna"):
        if getattr(y.dtype, "kind", "O") in "iufb" and not isinstance(y.dtype, np.dtype):
            whole = (
                object if y.dtype.kind != "f" else np.float64
            )  # whole numbers and truths stay what they are
            return y.to_numpy(dtype=whole, na_value=np.nan) if y.isna().any() else y.to_numpy()
        values = y.to_numpy()
        return values if isinstance(y.dtype, np.dtype) and y.dtype.kind != "O" else settle(values)
    if hasattr(y, "dtype"):
        return y
    return as_array(y, "The outcome", OutcomeError)


def settle(values):
    """Give an object array without missing values its natural dtype (bool, int, float or str)."""
    if values.dtype.kind != "O" or is_missing(values).any():
        return values
    kinds = {type(v) for v in values}
    return np.asarray(values.tolist()) if len(kinds) == 1 and kinds <= {bool, int, float, str} else values


def is_missing(y):
    """Say which outcomes are missing."""
    y = np.asarray(y)
    if y.dtype.kind == "f":
        return np.isnan(y)
    if y.dtype.kind == "O":
        import pandas as pd

        return np.asarray(pd.isna(y))
    return np.zeros(len(y), dtype=bool)


def check_weights(weights, n_rows):
    """Return row weights as float64 (one number weighs all rows alike), or say why they can't be used."""
    try:
        weights = as_numbers(plain_values(weights))
    except (TypeError, ValueError) as error:
        what = getattr(error, "found", None) or sentence(error)
        raise InputError("Row weights must be numbers.", what, "Convert them.") from error
    if weights.ndim == 0:
        weights = np.full(n_rows, float(weights))
    if weights.shape != (n_rows,):
        raise InputError(
            "Row weights must be one number for each row.",
            f"Found shape {weights.shape} for {number_of(n_rows, 'row')}.",
            "Pass weights of the same rows, or the name of their column.",
        )
    unusable = ~np.isfinite(weights) | (weights < 0)
    if unusable.any():
        raise InputError(
            "Row weights must be finite and not negative.",
            f"{unusable.sum()} of {n_rows} are not, the first of them {weights[unusable][0]:g}.",
            "Use 0 to leave a row out.",
        )
    if not weights.any():
        raise InputError(
            "Row weights must not all be zero (sample_weight).", f"All {n_rows} are 0.", "Weight some rows."
        )
    return weights


def check_offset(offset, n_rows):
    """Return the offset as float64, or say why it can't be used."""
    must, hint = "The offset must be one finite number for each row.", "Pass an array of the same rows."
    try:
        offset = as_numbers(plain_values(offset))
    except (TypeError, ValueError) as error:
        raise InputError(must, getattr(error, "found", None) or sentence(error), hint) from error
    if offset.shape != (n_rows,):
        raise InputError(must, f"Found shape {offset.shape} for {number_of(n_rows, 'row')}.", hint)
    if not np.isfinite(offset).all():
        n_bad = np.count_nonzero(~np.isfinite(offset))
        raise InputError(must, f"{n_bad} of {n_rows} are missing or infinite.", hint)
    return offset
