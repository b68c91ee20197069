"""How far rows that were made again from codes lie from the rows: of all values, in units of their SD."""

import numpy as np

from bineural.measures.registry import built_in


def mean_square(y_true, prediction, weights=None):
    """Compute the mean over rows and values of the squared error of scaled values (n_rows, n_values)."""
    return float(np.average(np.mean((y_true - prediction) ** 2, axis=1), weights=weights))


def explained_share(y_true, prediction, weights=None):
    """Compute 1 less the squared errors over the squared distances from the values' means in these rows."""
    means = np.average(y_true, axis=0, weights=weights)
    each = [np.mean(part**2, axis=1) for part in (y_true - prediction, y_true - means)]
    return 1 - float(np.average(each[0], weights=weights) / np.average(each[1], weights=weights))


_OF_ROWS = {"tasks": ("rows",), "evaluated": ("rows",), "compared": ("rows",)}
built_in("mse", mean_square, label="MSE", larger_is_better=False, range=(0.0, np.inf), place=120, **_OF_ROWS)
built_in("explained", explained_share, label="explained", range=(-np.inf, 1.0), place=121, **_OF_ROWS)
