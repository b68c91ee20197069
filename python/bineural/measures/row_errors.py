"""How far rows that were made again from codes lie from the rows: of all values, in units of their SD.

Values (n_rows, n_values) of sequences are `FILL` where a row has no step; these do not count.
"""

import numpy as np

from bineural.inputs.filling import FILL
from bineural.measures.registry import built_in


def mean_there(squares, y_true):
    """Return the mean of each row over the values that it has: float64, (n_rows,)."""
    there = y_true != FILL
    return squares.mean(axis=1) if there.all() else (squares * there).sum(axis=1) / there.sum(axis=1)


def column_means(y_true, weights=None):
    """Return the mean of each value over the rows that have it, 0 where none has: float64, (n_values,)."""
    there = y_true != FILL
    if there.all():
        return np.average(y_true, axis=0, weights=weights)
    there = there * (1.0 if weights is None else weights[:, None])
    return np.sum(y_true * there, axis=0) / np.maximum(there.sum(axis=0), np.finfo(float).tiny)


def mean_square(y_true, prediction, weights=None):
    """Compute the mean over rows and values of the squared error of scaled values (n_rows, n_values)."""
    return float(np.average(mean_there((y_true - prediction) ** 2, y_true), weights=weights))


def explained_share(y_true, prediction, weights=None):
    """Compute 1 less the squared errors over the squared distances from the values' means in these rows."""
    means = column_means(y_true, weights)
    each = [mean_there(part**2, y_true) for part in (y_true - prediction, y_true - means)]
    return 1 - float(np.average(each[0], weights=weights) / np.average(each[1], weights=weights))


_OF_ROWS = {"tasks": ("rows",), "evaluated": ("rows",), "compared": ("rows",)}
built_in("mse", mean_square, label="MSE", larger_is_better=False, range=(0.0, np.inf), place=120, **_OF_ROWS)
built_in("explained", explained_share, label="explained", range=(-np.inf, 1.0), place=121, **_OF_ROWS)
