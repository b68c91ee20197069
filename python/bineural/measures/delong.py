"""How sure an AUROC is: DeLong's variance, intervals, and the paired comparison of two scores."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal

import numpy as np

from bineural._typing import ArrayLike, Seed
from bineural.checks import checked, choice, share
from bineural.measures import arguments, ranking
from bineural.measures.bootstrap import DRAW_SEED, DRAWS, bootstrap_interval
from bineural.measures.intervals import AurocComparison, Interval

METHODS = ("logit", "delong", "bootstrap")
LEVEL = share(open_ends=True, hint="Pass for example 0.95.")


@checked(level=LEVEL, method=choice(*METHODS, hint='Leave it at "logit".'), n_boot=DRAWS, seed=DRAW_SEED)
def auroc_interval(
    y_true: ArrayLike,
    score: ArrayLike,
    level: float = 0.95,
    method: Literal["logit", "delong", "bootstrap"] = "logit",
    *,
    weights: ArrayLike | None = None,
    n_boot: int = 2000,
    seed: Seed = None,
) -> Interval:
    """Compute the AUROC with an interval from DeLong's variance [1]_, or from the bootstrap.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale.
    level : float, default 0.95
        Confidence level.
    method : {"logit", "delong", "bootstrap"}, default "logit"
        "logit" takes the interval on the log-odds scale, which keeps its coverage on small test sets;
        "delong" is pROC's plain normal interval, cut at 0 and 1; "bootstrap" draws events and others anew,
        see `bootstrap_interval`.
    weights : array_like of float64, shape (n_rows,), optional
        How much each row stands for, such as one over its chance of being in the sample.
    n_boot : int, default 2000
        Draws of the bootstrap.
    seed : int, optional
        Where the bootstrap's draws start. None: one is drawn and recorded.

    Returns
    -------
    Interval
        With fields estimate, low, high, variance, level, method, n, n_events; from the bootstrap also n_boot,
        seed, n_undefined.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, the score has NaN or another length, or `level` or `method`
        is not one of those named.

    Notes
    -----
    With one event, or one other row, DeLong's variance does not exist: variance, low and high are NaN and
    `method` is "undefined".

    At an AUROC of 1 the variance is 0 and the logit infinite, so "logit" gives an exact bound instead, named
    "exact". The rows hold k = min(events, others) disjoint pairs, all in the right order; each is so with
    chance AUROC, independently. The upper limit is 1 and the lower one solves AUROC^k = (1 - level) / 2, as
    in the Clopper-Pearson interval of k successes in k. At an AUROC of 0 it is the mirror image. It holds
    for every distribution of scores and is therefore wide. "delong" keeps pROC's 1 to 1.

    A score with one value for all rows has AUROC 0.5 and variance 0: low and high are 0.5.

    With weights, placements are weighted shares, and the variance of a class of n rows is the sum over its
    rows of (w / sum of w)^2 (placement - AUROC)^2, times n / (n - 1): the linearised (sandwich) variance of a
    weighted mean of independent rows, which is DeLong's where all weights are equal. It depends on no scale
    of the weights. Weights that count equal rows are another thing: repeat those rows instead. The exact
    bound then takes for each class Kish's effective number of rows, (sum of w)^2 / (sum of w^2), and is an
    approximation.

    References
    ----------
    .. [1] DeLong, DeLong and Clarke-Pearson (1988). *Biometrics* 44(3), 837-845.

    Examples
    --------
    >>> interval = auroc_interval([0, 0, 1, 0, 1, 1], [1, 2, 3, 4, 5, 6])
    >>> print(interval)
    n = 6, events = 3: AUROC 0.8889, 95% interval 0.2614 to 0.9945 (logit)
    """
    event, score, weights = arguments.check_scores(y_true, score, weights)
    if method == "bootstrap":
        return bootstrap_interval(
            "auroc", event, score, weights=weights, n_boot=n_boot, seed=seed, level=level
        )
    n_events = int(np.count_nonzero(event))
    estimate, variance = ranking.delong_variance(event, score, weights)
    low, high, method = _limits(estimate, variance, level, method, _disjoint_pairs(event, weights))
    return Interval(estimate, low, high, variance, level, method, event.size, n_events)


@checked(level=LEVEL)
def compare_aurocs(
    y_true: ArrayLike,
    score_a: ArrayLike,
    score_b: ArrayLike,
    level: float = 0.95,
    *,
    weights: ArrayLike | None = None,
) -> AurocComparison:
    """Compare the AUROCs of two scores of the same rows by DeLong's paired test [1]_.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score_a, score_b : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; each on its own monotone scale.
    level : float, default 0.95
        Confidence level of the interval for the difference.
    weights : array_like of float64, shape (n_rows,), optional
        How much each row stands for; variances and covariance are then as in `auroc_interval`.

    Returns
    -------
    AurocComparison
        With fields auroc_a, auroc_b, difference (a minus b), low, high, statistic (z), p_value (two-sided),
        variance_a, variance_b, covariance, level, n, n_events.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, or a score has NaN or another length.

    Notes
    -----
    Where the difference has variance 0 and is 0 (identical scores, scores that rank the rows alike, two
    perfect scores) z is 0, p is 1 and the interval is 0 to 0. Variance 0 with another difference, and one
    event or one other row, leave z, p and the interval undefined: NaN.

    The test takes the scores as given: it says nothing of how two fits would vary with their training rows.

    References
    ----------
    .. [1] DeLong, DeLong and Clarke-Pearson (1988). *Biometrics* 44(3), 837-845.

    Examples
    --------
    >>> comparison = compare_aurocs([0, 0, 1, 0, 1, 1], [1, 2, 3, 4, 5, 6], [2, 1, 5, 6, 3, 4])
    >>> round(comparison.difference, 6), round(comparison.p_value, 6)
    (0.222222, 0.371093)
    """
    _, score_a, _ = arguments.check_scores(y_true, score_a, weights, ("y_true", "score_a"))
    event, score_b, weights = arguments.check_scores(y_true, score_b, weights, ("y_true", "score_b"))
    area_a, gap_a = ranking.place(event, score_a, weights)
    area_b, gap_b = ranking.place(event, score_b, weights)
    weights = ranking.placement_weights(event, weights)
    gap_a -= area_a  # placements of either class have the area as their mean
    gap_b -= area_b
    variance_a, variance_b = (float(ranking.total(weights, gap, gap)) for gap in (gap_a, gap_b))
    covariance = float(ranking.total(weights, gap_a, gap_b))
    difference = area_a - area_b
    gap_a -= gap_b
    error = math.sqrt(ranking.total(weights, gap_a, gap_a))  # NaN when a class has one row
    if error == 0:
        z = 0.0 if difference == 0 else math.nan
    else:
        z = difference / error
    reach = math.nan if math.isnan(z) else _normal_quantile(level) * error
    p_value = math.erfc(abs(z) / math.sqrt(2))
    low, high = difference - reach, difference + reach
    n_events = int(np.count_nonzero(event))
    return AurocComparison(
        auroc_a=area_a,
        auroc_b=area_b,
        difference=difference,
        low=low,
        high=high,
        statistic=z,
        p_value=p_value,
        variance_a=variance_a,
        variance_b=variance_b,
        covariance=covariance,
        level=level,
        n=event.size,
        n_events=n_events,
    )


def _disjoint_pairs(event, weights):
    """Count the pairs of an event and another that share no row; with weights, effective ones."""
    return min(ranking.effective_rows(weights, rows) for rows in (event, ~event))


def _limits(estimate, variance, level, method, n_pairs):
    if math.isnan(variance):
        return math.nan, math.nan, "undefined"
    reach = _normal_quantile(level) * math.sqrt(variance)
    if method == "delong":
        return max(0.0, estimate - reach), min(1.0, estimate + reach), method
    bound = ((1 - level) / 2) ** (1 / n_pairs)
    if estimate == 1:
        return bound, 1.0, "exact"
    if estimate == 0:
        return 0.0, 1 - bound, "exact"
    centre = math.log(estimate / (1 - estimate))
    reach /= estimate * (1 - estimate)
    return _logistic(centre - reach), _logistic(centre + reach), method


def _normal_quantile(level):
    return NormalDist().inv_cdf((1 + level) / 2)


def _logistic(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
