"""The outcome of a net: read, without rows that lack it, and as class positions or numbers."""

from dataclasses import dataclass

import numpy as np
from sklearn.utils.multiclass import check_classification_targets

from bineural.errors import DroppedWarning, OutcomeError
from bineural.inputs.outcomes import is_missing, match_event, settle
from bineural.messages import warn


@dataclass
class Outcome:
    """The classes of an outcome."""

    classes: np.ndarray
    levels: list
    event: object
    n_class_rows: np.ndarray

    @property
    def event_position(self):
        """Position in `classes` of the class whose log-odds are modelled: the event, else the last."""
        if self.event is None:
            return len(self.classes) - 1
        return int(np.flatnonzero(self.classes == self.event)[0])


def read_outcome(net, y, n_rows):
    """Return (values, levels): the outcome as a 1-D array, and the order of its levels where it has one."""
    categories = getattr(getattr(y, "dtype", None), "categories", None)
    levels = None if categories is None else list(categories)
    return net._check_outcome(y, n_rows), levels


def keep_known(X, values, weights, missing):
    """Leave out rows without an outcome, or refuse them."""
    unknown = is_missing(values)
    if not unknown.any():
        return X, values, weights
    if missing != "drop":
        raise OutcomeError(
            "The outcome must not be missing.",
            f"Input y contains NaN: {unknown.sum()} of {len(values)} rows have no outcome.",
            "Leave those rows out, or pass missing='drop'.",
        )
    warn(DroppedWarning, f"{unknown.sum()} of {len(values)} rows have no outcome and were left out.")
    keep = np.flatnonzero(~unknown)
    X = X.iloc[keep] if hasattr(X, "iloc") else X[keep]
    return X, settle(values[keep]), None if weights is None else weights[keep]


def learn_classes(y, levels, event):
    """Return the `Outcome` of labels, and each row's position in its classes (int64).

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
    levels : list or None
        Order of the labels, where the column has one.
    event : label or None
    """
    if np.asarray(y).dtype.kind == "f" and not np.isfinite(y).all():
        raise OutcomeError(
            "The outcome must be finite.",
            f"Input y contains infinity or a value too large for dtype('{y.dtype}').",
            "Check how the outcome was computed.",
        )
    check_classification_targets(y)
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise OutcomeError(
            "The outcome must hold at least two classes in the training rows.",
            f"It holds only one class: {classes.tolist()} (n = {len(y)}).",
            "Stratify the split by the outcome, or check the filter that made these rows.",
        )
    labels = classes.tolist()
    ordered = [level for level in levels or labels if level in set(labels)]
    counts = np.bincount(codes, minlength=len(classes))
    return Outcome(classes, ordered, match_event(event, classes), counts), codes.astype(np.int64)
