"""Outcomes, events and row weights as plain arrays: how labels are unwrapped, matched and found missing."""

import numpy as np
from sklearn.utils.validation import _check_sample_weight

from bineural.errors import InputError, OutcomeError
from bineural.messages import listed


def match_event(event, classes):
    """Return the class that `event` names (by value, else by its text), or None when no event is named."""
    if event is None:
        return None
    labels = list(classes)
    for same in (
        lambda a, b: type(a) is type(b) and a == b,
        lambda a, b: a == b,
        lambda a, b: str(a) == str(b),
    ):
        hits = [label for label in labels if same(label, event)]
        if len(hits) == 1:
            return hits[0]
    raise OutcomeError(
        "`event` must be one of the outcome's classes.",
        f"Found event {event!r}; the classes are {listed(labels)}.",
        "Name one of them.",
    )


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
    if hasattr(dtype, "categories"):
        y = y.astype(dtype.categories.dtype) if not y.isna().any() else y.astype(object)
    if hasattr(y, "to_numpy") and hasattr(y, "isna"):
        if getattr(y.dtype, "kind", "O") in "iuf" and not isinstance(y.dtype, np.dtype):
            return y.to_numpy(dtype=np.float64, na_value=np.nan) if y.isna().any() else y.to_numpy()
        values = y.to_numpy()
        return values if isinstance(y.dtype, np.dtype) and y.dtype.kind != "O" else _settle(values)
    if hasattr(y, "dtype"):
        return y
    return np.asarray(y)


def _settle(values):
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


def check_weights(weights, X):
    """Return row weights as float64, or say why they can't be used."""
    weights = _check_sample_weight(weights, X, dtype=np.float64)
    if (weights < 0).any() or not np.isfinite(weights).all():
        raise InputError(
            "Row weights must be finite and not negative.",
            f"Found values from {np.nanmin(weights):g} to {np.nanmax(weights):g}.",
            "Use 0 to leave a row out.",
        )
    if not weights.any():
        raise InputError(
            "Row weights must not all be zero.", f"All {len(weights)} are 0.", "Weight some rows."
        )
    return weights


def check_offset(offset, n_rows):
    """Return the offset as float64, or say why it can't be used."""
    offset = np.asarray(offset, dtype=np.float64)
    if offset.shape != (n_rows,) or not np.isfinite(offset).all():
        raise InputError(
            "The offset must be one finite number for each row.",
            f"Found shape {offset.shape} for {n_rows} rows.",
            "Pass an array of the same length as the outcome.",
        )
    return offset
