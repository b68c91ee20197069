"""Differences over overlapping resamples: the corrected t, its Bayesian twin, Holm, and what could be seen.

The folds of a repeated cross-validation share training rows, so their differences are correlated and a plain
paired t test rejects far too often. Both tests here widen the variance of the mean from 1/J to
1/J + n_test/n_train.

References: Nadeau and Bengio (2003), Machine Learning 52(3), 239-281; Bouckaert and Frank (2004), PAKDD,
3-12; Corani and Benavoli (2015), Machine Learning 100(2-3), 285-304; Holm (1979), Scand. J. Statist. 6(2),
65-70.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

from bineural.checks import checked, number, share
from bineural.errors import InputError
from bineural.measures.arguments import check_numbers


class CorrectedT(NamedTuple):
    """A mean difference over resamples, with its interval and test."""

    mean: float
    low: float
    high: float
    se: float
    t: float
    df: int
    p: float


class RopeShares(NamedTuple):
    """Posterior probability that the difference lies left of, in and right of the rope."""

    left: float
    rope: float
    right: float


@checked(
    test_share=number(0, hint="Give n_test / n_train, which is 1 / (k - 1) for k folds."),
    level=share(open_ends=True),
)
def corrected_t(differences, test_share, level=0.95):
    """Test a mean difference over resamples by the corrected resampled t.

    Parameters
    ----------
    differences : array_like of float64, shape (n_resamples,)
        One difference for each resample, without NaN; undefined folds are left out beforehand.
    test_share : float
        Test rows for each training row, n_test / n_train: 1 / (k - 1) for k folds.
    level : float, default 0.95
        Confidence level of the interval.

    Returns
    -------
    CorrectedT
        mean, low, high, se (corrected standard error), t, df (n_resamples - 1), p (two-sided).

    Raises
    ------
    InputError
        If there is no difference, one is not finite, or `test_share` or `level` is out of its range.

    Notes
    -----
    Identical models (all differences 0) have se 0, t 0, p 1 and the interval 0 to 0. Where all differences
    are the same other number, and where there is only one, the spread tells nothing: low, high, t and p are
    NaN.

    Examples
    --------
    >>> round(corrected_t([0.02, 0.05, -0.01, 0.04, 0.03], test_share=1 / 4).p, 4)
    0.1676
    """
    differences, mean, se = _spread(differences, test_share)
    df = differences.size - 1
    if se == 0 and mean == 0:
        return CorrectedT(0.0, 0.0, 0.0, 0.0, 0.0, df, 1.0)
    if not se > 0:
        return CorrectedT(mean, math.nan, math.nan, se, math.nan, df, math.nan)
    t = mean / se
    reach = _t_quantile(df, (1 + level) / 2) * se
    p = float(2 * stdtr(df, -abs(t)))
    return CorrectedT(mean, mean - reach, mean + reach, se, t, df, p)


@checked(rope=number(0, hint="Give the smallest difference that would matter, such as 0.01."))
def correlated_bayes(differences, test_share, rope):
    """Share out the posterior of a mean difference: worse, practically equal, better.

    The posterior is Student's t with n_resamples - 1 degrees of freedom around the mean, as wide as the
    corrected standard error.

    Parameters
    ----------
    differences, test_share
        As for `corrected_t`.
    rope : float
        Half the width of the region of practical equivalence around 0, in the unit of the differences.

    Returns
    -------
    RopeShares
        left (below -rope), rope (from -rope to rope), right (above rope); they sum to 1.

    Raises
    ------
    InputError
        As for `corrected_t`, and if `rope` is negative.

    Notes
    -----
    Identical models have all of it in the rope. Differences that are all the same other number, or only one
    difference, leave the three NaN.
    """
    differences, mean, se = _spread(differences, test_share)
    if se == 0 and mean == 0:
        return RopeShares(0.0, 1.0, 0.0)
    if not se > 0:
        return RopeShares(math.nan, math.nan, math.nan)
    df = differences.size - 1
    left = float(stdtr(df, (-rope - mean) / se))
    right = float(stdtr(df, (mean - rope) / se))
    return RopeShares(left, max(0.0, 1.0 - left - right), right)


def holm(p_values):
    """Adjust p-values for their number by Holm's step-down rule.

    Parameters
    ----------
    p_values : array_like of float64, shape (n_tests,)
        NaN marks a test that could not be made; it is not counted.

    Returns
    -------
    ndarray of float64, shape (n_tests,)
        Adjusted p-values, at most 1; NaN stays NaN.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    adjusted = np.array(p_values, dtype=np.float64)
    made = np.flatnonzero(~np.isnan(adjusted))
    order = made[np.argsort(adjusted[made], kind="stable")]
    steps = adjusted[order] * np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def detectable_difference(se, df, level=0.95, power=0.8):
    """Say how large a true difference must be to be found with the given power.

    Parameters
    ----------
    se : float
        Standard error of the difference, as `corrected_t` gives it.
    df : int
        Its degrees of freedom.
    level : float, default 0.95
        Confidence level of the two-sided test.
    power : float, default 0.8
        Chance of a significant result.

    Returns
    -------
    float
        (t at (1 + level)/2 + t at power) times `se`; NaN where `se` or `df` says nothing.
    """
    if not (se > 0 and df > 0):
        return math.nan
    return (_t_quantile(df, (1 + level) / 2) + _t_quantile(df, power)) * float(se)


def _t_quantile(df, probability):
    return float(stdtrit(df, probability))


def _spread(differences, test_share):
    """Return the differences, their mean and its corrected standard error (NaN for one difference)."""
    differences = check_numbers(differences, "differences")
    if differences.size == 0 or not np.isfinite(differences).all():
        raise InputError(
            "`differences` must be finite numbers, at least one.",
            f"{np.count_nonzero(np.isfinite(differences))} of {differences.size} are finite.",
            "Leave resamples out that have no difference.",
        )
    if differences.size == 1:
        return differences, float(differences[0]), math.nan
    if np.ptp(differences) == 0:  # rounding in the mean must not pass for spread
        return differences, float(differences[0]), 0.0
    variance = differences.var(ddof=1) * (1 / differences.size + test_share)
    return differences, float(differences.mean()), math.sqrt(variance)
