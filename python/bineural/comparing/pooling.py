"""From a measure's values in resamples to its estimate, and what each resample contributes to it.

The mean of the folds' root mean squared errors lies below the root of the mean squared error, and the mean of
the folds' R squared hangs on the folds' own variances. An estimate is therefore a power mean of the values v,

    (sum of w v^p / sum of w)^(1/p),

with p = 2 for RMSE (the root of the mean squared error), with the mean squared distance from the mean of all
rows tested as w for R squared (1 less the ratio of all squared errors to all squared distances), and with
p = 1 and equal weights, a plain mean, for all else: a mean absolute error over folds is one over rows.

A contribution is the estimate linearised in one resample (the delta method): contributions have the estimate
as their mean, and its spread to first order. All tests and intervals take contributions, so that those of a
difference of RMSEs are of the difference of the two estimates, in the outcome's units.
"""

import math

import numpy as np

NAN = math.nan


def over_draws(measure, scores):
    """Return one value a resample, (n_resamples,), of scores (draws, n_resamples) of as many fits."""
    if measure.power == 1:
        return np.mean(scores, axis=0)
    return np.mean(scores**measure.power, axis=0) ** (1 / measure.power)


def estimate(measure, values, shares=None):
    """Return a measure's estimate; NaN where it is undefined in every resample.

    Parameters
    ----------
    measure : Measure
    values : ndarray of float64, shape (n_resamples,)
        NaN where undefined.
    shares : ndarray of float64, shape (n_resamples,), optional
        Weights of the resamples; see `resample_shares`.
    """
    known = ~np.isnan(values)
    if not known.any():
        return NAN
    powers = values[known] ** measure.power
    mean = powers.mean() if shares is None else np.average(powers, weights=shares[known])
    return float(mean if measure.power == 1 else mean ** (1 / measure.power))


def contributions(measure, values, shares=None):
    """Return what each resample contributes, (n_resamples,): their mean is the estimate.

    Parameters
    ----------
    measure, values, shares
        As for `estimate`.
    """
    whole = estimate(measure, values, shares)
    if (measure.power == 1 and shares is None) or not math.isfinite(whole):
        return values
    weights = 1.0 if shares is None else shares / np.mean(shares[~np.isnan(values)])
    if whole == 0:
        return weights * values
    power = measure.power
    return whole + weights * (values**power - whole**power) / (power * whole ** (power - 1))


def resample_shares(measure, truths, weights):
    """Return the weight of each resample in a measure's mean, or None where all count alike.

    Parameters
    ----------
    measure : Measure
    truths, weights : list of ndarray
        The test rows' outcome and weights (or None), one for each resample.
    """
    if measure.weigh is None:
        return None
    return np.array([measure.weigh(*each) for each in zip(truths, weights)])
