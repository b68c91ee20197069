"""Measures of predicted numbers: how far they lie from the outcome.

Weights are row weights; weight 0 leaves the row out.
"""

import math

import numpy as np

from bineural.errors import InputError
from bineural.measures import inputs as check
from bineural.measures.measures import weighted_mean


def rmse(y_true, predicted, weights=None):
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
    y_true, predicted, weights = check.check_predicted(y_true, predicted, weights)
    return math.sqrt(weighted_mean(np.square(predicted - y_true), weights))


def mae(y_true, predicted, weights=None):
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
    y_true, predicted, weights = check.check_predicted(y_true, predicted, weights)
    return weighted_mean(np.abs(predicted - y_true), weights)


def r_squared(y_true, predicted, weights=None):
    """Compute R squared: the share of the squared distance from these rows' own mean that is predicted.

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

    Examples
    --------
    >>> r_squared([1, 2, 3], [1, 2, 4])
    0.5
    """
    y_true, predicted, weights = check.check_predicted(y_true, predicted, weights)
    spread = weighted_mean(np.square(y_true - weighted_mean(y_true, weights)), weights)
    if y_true.min() == y_true.max():
        return math.nan
    return 1.0 - weighted_mean(np.square(predicted - y_true), weights) / spread


def mean_deviance(y_true, predicted, family="gaussian", weights=None):
    """Compute the mean deviance of predicted means: twice the log-likelihood lost against the outcome itself.

    Parameters
    ----------
    y_true : array_like of float64, shape (n_rows,)
        Outcome, in the family's range: counts of 0 or more (Poisson), positive (gamma), shares (binomial).
    predicted : array_like of float64, shape (n_rows,)
        Predicted means.
    family : {"gaussian", "poisson", "gamma", "binomial"}, default "gaussian"
        What the outcome is taken to follow; for the Gaussian it is the mean squared error.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.

    Returns
    -------
    float
        Per row: times the number of rows (the sum of weights) it is the deviance of R's `glm`. 0 is perfect;
        infinite where an outcome has no chance under its predicted mean.

    Raises
    ------
    InputError
        If outcomes or means are outside the family's range, or the lengths differ.

    Examples
    --------
    >>> round(mean_deviance([0, 1, 3], [0.5, 1.0, 2.0], family="poisson"), 6)
    0.477597
    """
    from bineural.irls.families import get_family

    family = get_family(family)
    y_true, predicted, weights = check.check_predicted(y_true, predicted, weights)
    for values, what in ((y_true, "y_true"), (predicted, "predicted")):
        if not family.in_range(values.min(), values.max()):
            raise InputError(
                f"`{what}` must be {family.range_rule} for the {family.name} family.",
                f"Its values run from {values.min():g} to {values.max():g}.",
                "Name another family, or check the predictions' scale.",
            )
    with np.errstate(divide="ignore", invalid="ignore"):
        return weighted_mean(family.unit_deviance(y_true, predicted), weights)
