"""How sure any measure is: the stratified bootstrap, which draws each class anew in its own number."""

import math
import secrets

import numpy as np

from bineural.checks import check_count
from bineural.errors import InputError
from bineural.measures import inputs as check
from bineural.measures.distances import mae, r_squared, rmse
from bineural.measures.intervals import BootstrapInterval
from bineural.measures.measures import auroc, average_precision, brier, log_loss

MEASURES = {
    "auroc": (auroc, "AUROC"),
    "average_precision": (average_precision, "average precision"),
    "log_loss": (log_loss, "log loss"),
    "brier": (brier, "Brier score"),
    "rmse": (rmse, "RMSE"),
    "mae": (mae, "MAE"),
    "r_squared": (r_squared, "R squared"),
}
MOST_UNDEFINED = 0.05  # share of draws that may have no measure before the interval has no limits


def bootstrap_interval(measure, y_true, score, *, weights=None, n_boot=2000, seed=None, level=0.95):
    """Compute a measure with an interval from the stratified bootstrap [1]_.

    Rows are drawn with replacement, as many of each class as there are, and measured; the limits are
    quantiles of the draws' measures.

    Parameters
    ----------
    measure : str or callable
        "auroc", "average_precision", "log_loss", "brier", "rmse", "mae", "r_squared", or a function of
        (y_true, score), with weights of (y_true, score, weights), that returns a number.
    y_true : array_like, shape (n_rows,)
        0 and 1, labels or numbers. Classes are the strata; numbers of more than two values are one stratum.
    score : array_like of float64, shape (n_rows,) or (n_rows, n_classes)
        Scores, probabilities or predicted numbers, as the measure takes them.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights, given to the measure as the third argument; they go with their rows, which are drawn with
        equal chances.
    n_boot : int, default 2000
        Draws.
    seed : int, optional
        Where the draws start. None: one is drawn and recorded.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    BootstrapInterval
        With fields estimate (of the rows as they are), low, high, variance (of the draws), level, method, n,
        n_events, measure, n_boot, seed, n_undefined.

    Raises
    ------
    InputError
        If the measure is unknown or returns no number, the lengths differ, or `n_boot` is under 100.

    Notes
    -----
    The interval speaks of other test rows from the same source and takes the model as given. Its limits are
    the percentiles of the draws, as in pROC: with few events they are too close (use `auroc_interval`'s
    "logit" for an AUROC), and a perfect measure has an interval of no width.

    Draws whose measure is NaN are left out and counted in `n_undefined`. Where they are more than one in
    twenty, or the estimate is NaN, low and high are NaN and `method` is "undefined".

    References
    ----------
    .. [1] Efron and Tibshirani (1993). *An Introduction to the Bootstrap*, chapter 13.

    Examples
    --------
    >>> y_true, score = [0, 0, 1, 0, 1, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    >>> interval = bootstrap_interval("brier", y_true, score, seed=1)
    >>> interval.low < interval.estimate < interval.high
    True
    """
    compute, name = _find_measure(measure)
    level, n_boot, seed = check.check_level(level), check_draws(n_boot), settle_seed(seed)
    y_true, score, weights = _check_rows(y_true, score, weights)
    strata, n_events = _strata(y_true)
    estimate = _number(compute(y_true, score, *weights), name)
    stream = np.random.default_rng(seed)
    draws = np.empty(n_boot)
    for i in range(n_boot):
        rows = np.concatenate([stratum[stream.integers(0, stratum.size, stratum.size)] for stratum in strata])
        draws[i] = _number(compute(y_true[rows], score[rows], *(w[rows] for w in weights)), name)
    limits = interval_of_draws(draws, level) if not math.isnan(estimate) else {"method": "undefined"}
    return BootstrapInterval(
        estimate=estimate,
        **{"low": math.nan, "high": math.nan, "variance": math.nan, **limits},
        level=level,
        n=len(y_true),
        n_events=n_events,
        measure=name,
        n_boot=n_boot,
        seed=seed,
        n_undefined=int(np.isnan(draws).sum()),
    )


def interval_of_draws(draws, level):
    """Return low, high, variance and method of a measure's draws, some of which may be NaN."""
    known = draws[~np.isnan(draws)]
    if known.size < (1 - MOST_UNDEFINED) * draws.size:
        return {"method": "undefined"}
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return {
        "low": float(low),
        "high": float(high),
        "variance": float(np.var(known, ddof=1)),
        "method": "bootstrap",
    }


def settle_seed(seed):
    """Return a seed as int, drawn if none is given."""
    from bineural.splitting.r_random import R_INTEGER_MAX, check_seed

    return secrets.randbelow(R_INTEGER_MAX) if seed is None else check_seed(seed)


def check_draws(n_boot):
    """Return the number of draws, which must do for a quantile."""
    hint = "Leave it at 2000: a 95% limit is then the 50th draw from the end."
    return check_count(n_boot, "n_boot", 100, hint)


def _find_measure(measure):
    if isinstance(measure, str) and measure in MEASURES:
        return MEASURES[measure]
    if callable(measure):
        names = dict(MEASURES.values())
        return measure, names.get(measure) or getattr(measure, "__name__", "measure").strip("<>")
    raise InputError(
        "`measure` must be the name of a measure, or a function of the outcome and the scores.",
        f"Found {measure!r}.",
        f"Name one of {', '.join(MEASURES)}.",
    )


def _check_rows(y_true, score, weights):
    """Return arrays of as many rows, and a tuple of the weights, empty where there are none."""
    y_true, score = np.asarray(y_true), np.asarray(score)
    if y_true.dtype.kind == "O" and y_true.ndim == 1:
        y_true = check.unwrap_labels(y_true)
    if y_true.ndim != 1 or score.ndim == 0 or len(score) != len(y_true) or not len(y_true):
        raise InputError(
            "`y_true` and `score` must have as many rows, at least one.",
            f"Found shapes {y_true.shape} and {score.shape}.",
            "Pass both for the same rows.",
        )
    if weights is None:
        return y_true, score, ()
    weights = check.check_weights(weights, len(y_true))
    kept = weights > 0
    return y_true[kept], score[kept], (weights[kept],)


def _strata(y_true):
    """Return the rows of each stratum, and the number of events where the outcome is 0 and 1."""
    distinct, codes = np.unique(y_true, return_inverse=True)
    n_events = None
    if y_true.dtype.kind in "biuf" and np.isin(distinct, (0, 1)).all():
        n_events = int(np.count_nonzero(y_true == 1))
    if y_true.dtype.kind in "iuf" and distinct.size > 2:
        return [np.arange(y_true.size)], n_events
    return [np.flatnonzero(codes == k) for k in range(distinct.size)], n_events


def _number(value, name):
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InputError(
            "`measure` must return one number.",
            f"{name} returned {type(value).__name__}.",
            "Return a float, NaN where the measure is undefined.",
        ) from error
