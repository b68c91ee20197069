"""R squared: the share of the squared distance from the mean of the rows measured that is predicted.

There is one definition, in `r_squared`, evaluations, comparisons and tuning alike:

    1 - (sum of squared errors) / (sum of squared distances from the mean of the rows that are measured).

Over folds the rows measured are all those that are tested, so R squared of a cross-validation is that of its
held-out predictions. The mean of the rows themselves is the constant with the smallest squared error of all:
no model without predictors, which can only know the mean of its training rows, gets above 0, and R squared is
never larger than the share by which a model beats such a null model (Campbell and Thompson 2008). It asks for
nothing but rows and predictions, so it is the same number whoever made the model. What a null model gets from
its training rows a comparison shows beside it, in the null model's row.

Reference: Campbell and Thompson (2008). Review of Financial Studies 21(4), 1509-1531.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from bineural._typing import ArrayLike
from bineural.measures import arguments
from bineural.measures.distances import mean_square
from bineural.measures.registry import NAN, built_in


def r_squared(y_true: ArrayLike, predicted: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Compute R squared: the share of the squared distance from these rows' own mean that is predicted.

    It is the one definition of evaluations and comparisons too. Over folds the mean is that of all rows that
    are tested: R squared of a cross-validation is that of its held-out predictions.

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
        1 is perfect, 0 is no better than these rows' mean, negative is worse; NaN where the outcome is the
        same in all rows.

    Raises
    ------
    InputError
        If a value is NaN or infinite, or the lengths differ.

    Notes
    -----
    A model can't know the mean of the rows it is tested on, and no constant comes nearer to them. So a model
    without predictors gets less than 0, by about one over the number of its training rows, and R squared is
    never larger than the share of that model's squared error that is gone, which others call the
    out-of-sample R squared [1]_.

    References
    ----------
    .. [1] Campbell and Thompson (2008). *Review of Financial Studies* 21(4), 1509-1531.

    Examples
    --------
    >>> r_squared([1, 2, 3], [1, 2, 4])
    0.5
    """
    y_true, predicted, weights = arguments.check_predicted(y_true, predicted, weights)
    return NAN if constant_outcome(y_true) else share_explained(y_true, predicted, weights)


def share_explained(y_true, predicted, weights=None, mean=None):
    """Compute R squared of checked arrays, against these rows' mean or a mean of more rows."""
    mean = np.average(y_true, weights=weights) if mean is None else mean
    distance = mean_square(y_true, mean, weights)
    return 1.0 - mean_square(y_true, predicted, weights) / distance if distance > 0 else NAN


def constant_outcome(y_true, predicted=None):
    """Say that the outcome is the same in all rows, where it is: there is nothing to predict."""
    if np.min(y_true) < np.max(y_true):
        return None
    return f"the outcome is the same in all {len(y_true)} rows"


def _of_rows(y_true=None, weights=None, **_):
    """Take the mean of all rows that are measured, which part of them is then compared with."""
    if y_true is None or constant_outcome(y_true):
        return {"compute": share_explained, "weigh": None, "undefined": constant_outcome}
    mean = np.average(y_true, weights=weights)
    return {
        "compute": partial(share_explained, mean=mean),
        "weigh": partial(_squares_about, mean),
        "undefined": None,  # of one row, or equal ones, that are some of many
    }


def _squares_about(mean, y_true, weights=None):
    return mean_square(y_true, mean, weights)


built_in(
    "r_squared",
    share_explained,
    label="R squared",
    tasks=("regression",),
    range=(-math.inf, 1.0),
    undefined=constant_outcome,
    settle=_of_rows,
    place=83,
    reference="1 less the ratio to the squared distance from the mean of the rows measured.",
)
