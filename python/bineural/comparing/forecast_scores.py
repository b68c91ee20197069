"""How far forecasts go astray at each origin: MASE, RMSSE, and what conformal intervals cost and cover."""

from typing import NamedTuple

import numpy as np

from bineural.forecasting.intervals import widths_from_the_past


class ForecastScores(NamedTuple):
    """Scores of one draw of a forecaster; NaN where they are undefined.

    Attributes
    ----------
    mase : ndarray of float64, shape (n_series, n_origins)
        Mean absolute error over the steps, by the mean absolute difference from the season before in the
        past of that origin (Hyndman and Koehler 2006).
    rmsse : ndarray of float64, shape (n_series, n_origins)
        The same of squares, rooted.
    pinball : ndarray of float64, shape (n_series, n_origins)
        Mean pinball loss over the steps of lower limit, forecast and upper limit, as quantiles, by the scale
        of MASE.
    covered : ndarray of float64, shape (n_series, n_origins)
        Share of the steps within the limits.
    """

    mase: np.ndarray
    rmsse: np.ndarray
    pinball: np.ndarray
    covered: np.ndarray


def score_forecasts(task, origins, paths, level):
    """Score forecasts (n_series, n_origins, horizon) from origins; see `ForecastScores`.

    Limits at an origin come from the errors that were known there, so pinball and coverage begin where there
    are enough of them.
    """
    truth, scale = task.truth(origins), task.scales(origins)
    errors = truth - paths
    unit = errors / scale[..., None]
    widths = np.broadcast_to(widths_from_the_past(unit, origins, level), unit.shape)
    finite = np.isfinite(widths).all(axis=2) & np.isfinite(unit).all(axis=2)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        rmsse = np.sqrt(np.mean(np.square(errors), axis=2)) / task.scales(origins, power=2)
        limits = ((tail, unit + widths), (0.5, unit), (1 - tail, unit - widths))
        losses = [np.maximum(q * gap, (q - 1) * gap).mean(axis=2) for q, gap in limits]
        covered = np.mean(np.abs(unit) <= widths, axis=2)
    return ForecastScores(
        np.abs(unit).mean(axis=2),
        rmsse,
        np.where(finite, np.mean(losses, axis=0), np.nan),
        np.where(finite, covered, np.nan),
    )
