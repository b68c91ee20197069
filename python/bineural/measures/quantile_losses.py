"""How good predicted quantiles are: mean pinball loss, and how often the outcome lies where they say."""

import math
from functools import partial

import numpy as np

from bineural.measures.registry import built_in


def mean_pinball(y_true, predicted, weights=None, quantiles=(0.5,)):
    """Compute the pinball loss [1]_, averaged over rows and quantiles; of the median it is half the MAE.

    Parameters
    ----------
    y_true : ndarray of float64, shape (n_rows,)
    predicted : ndarray of float64, shape (n_rows, n_quantiles)
    weights : ndarray of float64, shape (n_rows,), optional
    quantiles : sequence of float
        Levels of the columns, between 0 and 1.

    References
    ----------
    .. [1] Koenker and Bassett (1978). *Econometrica* 46(1), 33-50.
    """
    above = y_true[:, None] - predicted
    losses = np.maximum(np.multiply(quantiles, above), np.multiply(np.asarray(quantiles) - 1, above))
    return float(np.average(losses.mean(axis=1), weights=weights))


def explained_pinball(y_true, predicted, weights=None, quantiles=(0.5,)):
    """Compute how much less predicted quantiles lose than the same quantiles of these outcomes do.

    1 is perfect, and 0 no better than what is the same for all rows. Of one quantile it is scikit-learn's
    `d2_pinball_score`; of several it is of their mean losses.
    """
    alike = np.quantile(y_true, quantiles, method="inverted_cdf", weights=weights)
    worst = mean_pinball(y_true, np.tile(alike, (len(y_true), 1)), weights, quantiles)
    loss = mean_pinball(y_true, predicted, weights, quantiles)
    return 1.0 - loss / worst if worst > 0 else math.nan


def coverage_error(y_true, predicted, weights=None, quantiles=(0.5,)):
    """Compute how far the share of outcomes at or below each quantile is from its level, on average."""
    below = np.average(y_true[:, None] <= predicted, axis=0, weights=weights)
    return float(np.abs(below - quantiles).mean())


def shares_below(y_true, predicted, weights, quantiles, level):
    """Make the table of the shares of outcomes at or below each quantile, with Wilson's intervals.

    Parameters
    ----------
    y_true, predicted, weights, quantiles
        As in `mean_pinball`.
    level : float
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        As `Calibration.bins`: `mean_predicted` is the level of the quantile.
    """
    import pandas as pd

    from bineural.measures.calibrating import wilson_interval

    given = np.ones(len(y_true)) if weights is None else weights
    observed = np.average(y_true[:, None] <= predicted, axis=0, weights=given)
    low, high = wilson_interval(observed, given.sum() ** 2 / np.square(given).sum(), level)
    columns = {"lower": quantiles, "upper": quantiles, "n": len(y_true), "mean_predicted": quantiles}
    return pd.DataFrame({**columns, "observed": observed, "low": low, "high": high})


def interval_coverage(y_true, predicted, weights=None):
    """Compute the share of outcomes from the lowest to the highest of the predicted quantiles."""
    inside = (predicted.min(axis=1) <= y_true) & (y_true <= predicted.max(axis=1))
    return float(np.average(inside, weights=weights))


def _for_quantiles(function, quantiles=None, **_):
    return {} if quantiles is None else {"compute": partial(function, quantiles=tuple(quantiles))}


def _label_of_coverage(quantiles=None, **_):
    if quantiles is None:
        return {}
    known = {} if len(quantiles) > 1 else {"undefined": lambda y_true, predicted: "there is one quantile"}
    return known | {"label": f"coverage ({100 * (quantiles[-1] - quantiles[0]):g}% wanted)"}


_OF_QUANTILES = {"tasks": ("quantiles",), "evaluated": ("quantiles",), "larger_is_better": False}
built_in(
    "pinball",
    mean_pinball,
    label="pinball loss",
    range=(0.0, math.inf),
    settle=partial(_for_quantiles, mean_pinball),
    compared=("quantiles",),
    in_units=True,
    place=91,
    reference="Koenker and Bassett (1978). Econometrica 46(1), 33-50.",
    **_OF_QUANTILES,
)
built_in(
    "coverage_error",
    coverage_error,
    label="coverage error",
    range=(0.0, 1.0),
    settle=partial(_for_quantiles, coverage_error),
    compared=("quantiles",),
    place=92,
    reference="Mean distance of the share of outcomes at or below each quantile from its level.",
    **_OF_QUANTILES,
)
built_in(
    "interval_coverage",
    interval_coverage,
    label="coverage",
    range=(0.0, 1.0),
    settle=_label_of_coverage,
    compared=(),  # more is not better
    place=93,
    reference="Share of outcomes from the lowest to the highest quantile.",
    **_OF_QUANTILES,
)
