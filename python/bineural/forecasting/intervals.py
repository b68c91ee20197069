"""Intervals of forecasts by conformal prediction over origins.

Errors at past origins, each in the unit of its series at its origin (see `Task.scales`), say how far
forecasts of that step go astray; the half-width of an interval is the k-th smallest absolute error, k being
ceil((n + 1) level). It covers at least as often as it says where errors to come are like those before;
errors of neighbouring origins are not independent, so what it covers is shown beside it.

References: Vovk, Gammerman and Shafer (2005). *Algorithmic Learning in a Random World*; Stankeviciute, Alaa
and van der Schaar (2021). Conformal time-series forecasting. NeurIPS.
"""

import math

import numpy as np


def needed(level):
    """Return how many errors the half-width of a finite interval takes."""
    n = 1
    while _rank(n, level) > n:
        n += 1
    return n


def half_widths(errors, level):
    """Return the half-width of each step: float64 (horizon,), infinite where errors are too few.

    Parameters
    ----------
    errors : ndarray of float64, shape (n_series, n_origins, horizon)
        In the unit of their series and origin; NaN is left out.
    level : float
    """
    return np.array(
        [half_width(step[np.isfinite(step)], level) for step in np.moveaxis(np.abs(errors), 2, 0)]
    )


def half_width(sizes, level):
    """Return the k-th smallest of absolute errors, infinite where they are too few."""
    k = _rank(len(sizes), level)
    return math.inf if k > len(sizes) else float(np.partition(sizes, k - 1)[k - 1])


def widths_from_the_past(errors, origins, level):
    """Return half-widths at each origin by the errors that were known there: (n_origins, horizon).

    The error of a step is known once that step is past. Infinite where too few are.

    Parameters
    ----------
    errors : ndarray of float64, shape (n_series, n_origins, horizon)
    origins : ndarray of int, shape (n_origins,)
        Ascending.
    level : float
    """
    horizon, origins = errors.shape[2], np.asarray(origins)
    widths = np.full((len(origins), horizon), math.inf)
    for o, h in np.ndindex(widths.shape):
        past = np.abs(errors[:, origins + h + 1 <= origins[o], h]).ravel()
        widths[o, h] = half_width(past[np.isfinite(past)], level)
    return widths


def past_coverage(errors, origins, level):
    """Return the share of errors within the intervals known at their origins, and how many those are.

    Parameters
    ----------
    errors, origins, level
        As for `widths_from_the_past`.

    Returns
    -------
    tuple (float, int)
        NaN where no interval was finite.
    """
    widths = np.broadcast_to(widths_from_the_past(errors, origins, level), errors.shape)
    known = np.isfinite(errors) & np.isfinite(widths)
    inside = np.abs(errors[known]) <= widths[known]
    return (float(np.mean(inside)) if len(inside) else math.nan), len(inside)


def _rank(n, level):
    """Return ceil((n + 1) level), without the rounding of their product."""
    return math.ceil((n + 1) * level - 1e-9)
