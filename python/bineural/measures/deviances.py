"""Mean deviance of predicted means, for outcomes of a family: twice the log-likelihood that is lost."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

import numpy as np

from bineural._typing import ArrayLike
from bineural.errors import InputError
from bineural.measures import arguments
from bineural.measures.registry import built_in

_SMALLEST_MEAN = float(np.finfo(np.float64).eps)  # of a net's prediction where means must be positive


def mean_deviance(
    y_true: ArrayLike,
    predicted: ArrayLike,
    family: Literal["gaussian", "poisson", "gamma", "binomial"] = "gaussian",
    weights: ArrayLike | None = None,
) -> float:
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
    y_true, predicted, weights = arguments.check_predicted(y_true, predicted, weights)
    _check_range(family, y_true, "y_true")
    _check_range(family, predicted, "predicted")
    return mean_unit_deviance(y_true, predicted, weights, family)


def mean_unit_deviance(y_true, predicted, weights=None, family=None):
    """Compute the mean deviance of checked arrays by a `Family`; None is the Gaussian one."""
    if family is None:
        return float(np.average(np.square(predicted - y_true), weights=weights))
    with np.errstate(all="ignore"):
        return float(np.average(family.unit_deviance(y_true, predicted), weights=weights))


def _in_range(y_true, predicted, weights=None, family=None):
    """Compute it of predictions that may lie outside the family's range, as those of nets or lines do."""
    positive = family.name in ("poisson", "gamma", "inverse_gaussian")
    predicted = np.maximum(predicted, _SMALLEST_MEAN) if positive else predicted
    if family.name == "binomial":
        predicted = np.clip(predicted, _SMALLEST_MEAN, 1 - _SMALLEST_MEAN)
    return mean_unit_deviance(y_true, predicted, weights, family)


def _check_range(family, values, name):
    if not family.in_range(values.min(), values.max()):
        raise InputError(
            f"`{name}` must be {family.range_rule} for the {family.name} family.",
            f"Its values run from {values.min():g} to {values.max():g}.",
            "Name another family, or check the predictions' scale.",
        )


def _of_family(family=None, y_true=None, **_):
    if family is None:
        return {}
    from bineural.irls.families import get_family

    members = get_family(family, None)
    if y_true is not None:
        _check_range(members, y_true, "y_true")
    return {"compute": partial(_in_range, family=members), "label": f"mean {members.name} deviance"}


built_in(
    "mean_deviance",
    mean_unit_deviance,
    label="mean deviance",
    tasks=("regression",),
    larger_is_better=False,
    range=(0.0, math.inf),
    settle=_of_family,
    evaluated=(),  # an evaluation asks for it where the family is not the Gaussian, whose it is RMSE squared
    in_units=True,
    place=84,
    reference="McCullagh and Nelder (1989). Generalized Linear Models, section 2.3.",
)
