"""How far predicted numbers lie from the outcome: the mean error, squared or absolute, in its units."""

from __future__ import annotations

import math

import numpy as np

from bineural._typing import ArrayLike
from bineural.measures import arguments
from bineural.measures.registry import built_in


def rmse(y_true: ArrayLike, predicted: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Compute the root mean squared error.

    Parameters
    ----------
    y_true : array_like of float64, shape (n_rows,)
        Outcome.
    predicted : array_like of float64, shape (n_rows,)
        Prediction of it.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.

    Returns
    -------
    float
        In the outcome's units; 0 is perfect.

    Raises
    ------
    InputError
        If a value is NaN or infinite, or the lengths differ.

    Examples
    --------
    >>> rmse([1, 2, 3], [1, 2, 6])
    1.7320508075688772
    """
    return root_mean_square(*arguments.check_predicted(y_true, predicted, weights))


def mae(y_true: ArrayLike, predicted: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Compute the mean absolute error.

    Parameters
    ----------
    y_true : array_like of float64, shape (n_rows,)
        Outcome.
    predicted : array_like of float64, shape (n_rows,)
        Prediction of it.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.

    Returns
    -------
    float
        In the outcome's units; 0 is perfect.

    Raises
    ------
    InputError
        If a value is NaN or infinite, or the lengths differ.

    Examples
    --------
    >>> mae([1, 2, 3], [1, 2, 6])
    1.0
    """
    return mean_distance(*arguments.check_predicted(y_true, predicted, weights))


def mean_square(y_true, predicted, weights=None):
    """Compute the mean squared error of checked arrays; `predicted` may be one number."""
    return float(np.average(np.square(predicted - y_true), weights=weights))


def root_mean_square(y_true, predicted, weights=None):
    """Compute the RMSE of checked arrays."""
    return math.sqrt(mean_square(y_true, predicted, weights))


def mean_distance(y_true, predicted, weights=None):
    """Compute the mean absolute error of checked arrays."""
    return float(np.average(np.abs(predicted - y_true), weights=weights))


_LOSS = {
    "tasks": ("regression",),
    "larger_is_better": False,
    "range": (0.0, math.inf),
    "in_units": True,
}
built_in("rmse", root_mean_square, label="RMSE", power=2, place=81, **_LOSS)
built_in("mae", mean_distance, label="MAE", place=82, **_LOSS)
