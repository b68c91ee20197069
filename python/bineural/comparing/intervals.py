"""Intervals over resamples that hold with few events, and never leave what the measure can be.

A model's own interval is the corrected t interval on a scale on which the measure has no end: log-odds for
shares such as AUROC and Brier score, the logarithm for what is positive such as RMSE and log loss. Its
degrees of freedom count what is independent, rows, and not folds: repeats show the same rows again, and an
AUROC with ten events knows ten of them (benchmarks/results/bench_intervals.md has what it covers).

Where values are the same in all resamples, their spread says nothing. If random folds always give the same
mean, each row gives it, so n rows (of the rarest class, where there are classes) have shown it n times in n:
Clopper and Pearson's bound then says that a share of at most 1 - c, with c = ((1 - level) / 2)^(1/n), shows
anything else, which could at worst lie at the measure's ends; the sign test over n rows has p = 2^(1-n).

References: Clopper and Pearson (1934), Biometrika 26(4), 404-413; for the corrected t see `corrected_t`.
"""

import math

import numpy as np
from scipy.special import expit, logit, stdtrit

from bineural.comparing.corrected_t import CorrectedT, corrected_t

FEWEST = 5  # resamples for an interval: of fewer values the spread is guessed, not known
NO_LIMITS = math.nan, math.nan


def own_limits(values, share, level, ends, n_units):
    """Return (low, high) of a mean over resamples, on a scale without ends.

    Parameters
    ----------
    values : ndarray of float64, shape (n_resamples,)
        Contributions of the resamples, NaN where undefined.
    share : float
        Test rows for each training row.
    level : float
    ends : tuple of float
        Smallest and largest value of the measure.
    n_units : int
        Rows, of the rarest class where there are classes.

    Returns
    -------
    tuple of float
        NaN for fewer than five resamples, infinite values, or values that are the same everywhere but not at
        an end.
    """
    values, share = defined(values, share)
    if len(values) < FEWEST or not np.isfinite(values).all():
        return NO_LIMITS
    test = corrected_t(values, share, level)
    least, most = ends
    if not least < test.mean < most:  # at an end: all resamples are
        c = _smallest_share(level, n_units)
        inward = (1 - c) * (most - least)
        if not math.isfinite(inward):
            return NO_LIMITS
        return (least, least + inward) if test.mean <= least else (most - inward, most)
    if test.se == 0:
        return NO_LIMITS
    df = max(1, min(test.df, n_units - 1))
    return _on_free_scale(test.mean, float(stdtrit(df, (1 + level) / 2)) * test.se, least, most)


def _on_free_scale(mean, reach, least, most):
    """Return the limits mean -+ reach, made on a scale where the ends are infinitely far."""
    below, above = mean - least, most - mean
    if math.isfinite(below) and math.isfinite(above):
        width = most - least
        centre, reach = logit(below / width), reach * width / (below * above)
        return tuple(float(least + width * expit(centre + turn * reach)) for turn in (-1, 1))
    if math.isfinite(below):
        return tuple(float(least + below * math.exp(turn * reach / below)) for turn in (-1, 1))
    if math.isfinite(above):
        return tuple(float(most - above * math.exp(turn * reach / above)) for turn in (1, -1))
    return mean - reach, mean + reach


def judge_difference(values, share, level, ends, n_units):
    """Test a mean difference over resamples; see `corrected_t`, whose result it returns.

    Parameters
    ----------
    values, share, level, n_units
        As for `own_limits`.
    ends : tuple of float
        Smallest and largest difference there can be; the interval is cut there.

    Returns
    -------
    CorrectedT
        low, high, se, t and p are NaN for fewer than five resamples or infinite values. Of values that are
        the same everywhere, but not 0, p is the sign test's, and the interval Clopper and Pearson's bound, or
        NaN where the measure has no ends.
    """
    values, share = defined(values, share)
    nan = math.nan
    if len(values) < FEWEST or not np.isfinite(values).all():
        with np.errstate(invalid="ignore"):
            mean = float(np.mean(values)) if len(values) else nan
        return CorrectedT(mean, nan, nan, nan, nan, len(values) - 1, nan)
    test = corrected_t(values, share, level)
    if test.se == 0 and test.mean != 0:
        c = _smallest_share(level, n_units)
        low, high = (c * test.mean + (1 - c) * end if math.isfinite(end) else nan for end in ends)
        return test._replace(low=low, high=high, p=min(1.0, 2.0 ** (1 - n_units)))
    return test._replace(low=max(test.low, ends[0]), high=min(test.high, ends[1]))


def difference_ends(ends, constant=None):
    """Return the smallest and largest difference of two values of a measure, or from a constant."""
    least, most = ends
    return (least - most, most - least) if constant is None else (least - constant, most - constant)


def defined(values, share):
    """Return the values that are defined, and the share of test rows that goes with them.

    Where folds have no value, the others stand for fewer rows: of 10 folds with 3 values they share training
    rows as 3 test sets do.
    """
    known = values[~np.isnan(values)]
    return known, share * len(values) / max(1, len(known))


def _smallest_share(level, n_units):
    return ((1 - level) / 2) ** (1 / max(1, n_units))
