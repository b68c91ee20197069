"""How sure any measure is: the stratified bootstrap, which draws each class anew in its own number."""

from __future__ import annotations

import importlib
import math
import secrets
from collections.abc import Callable
from typing import Any

import numpy as np

from bineural._typing import ArrayLike, Seed
from bineural.checks import checked, seed, share, whole
from bineural.errors import InputError
from bineural.measures import arguments
from bineural.measures.class_columns import read_columns
from bineural.measures.intervals import BootstrapInterval
from bineural.measures.registry import all_measures, choose_measure, make_measure, refuse_weights
from bineural.tables.rows import as_array

LARGEST_SEED = 2**31 - 1  # of R's
SEED = whole(
    -LARGEST_SEED, LARGEST_SEED, hint="Give a number such as 2019, or None to have one drawn and recorded."
).or_none()
DRAW_SEED = seed(0, LARGEST_SEED, hint=SEED.hint)
DRAWS = whole(100, hint="Leave it at 2000: a 95% limit is then the 50th draw from the end.")
MOST_UNDEFINED = 0.05  # share of draws that may have no measure before the interval has no limits


@checked(n_boot=DRAWS, seed=DRAW_SEED, level=share(open_ends=True, hint="Pass for example 0.95."))
def bootstrap_interval(
    measure: str | Callable[..., Any],
    y_true: ArrayLike,
    score: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    n_boot: int = 2000,
    seed: Seed = None,
    level: float = 0.95,
) -> BootstrapInterval:
    """Compute a measure with an interval from the stratified bootstrap [1]_.

    Rows are drawn with replacement, as many of each class as there are, and measured; the limits are
    quantiles of the draws' measures.

    Parameters
    ----------
    measure : str or callable
        Name of a measure, such as "auroc", "brier" or "rmse" (`list_measures` has them all), or a function of
        (y_true, score), with weights of (y_true, score, weights), that returns a number.
    y_true : array_like, shape (n_rows,)
        0 and 1, labels or numbers. Classes are the strata; numbers of more than two values are one stratum.
    score : array_like of float64, shape (n_rows,) or (n_rows, n_classes)
        Scores, probabilities or predicted numbers, as the measure takes them.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights, given to the measure as `weights`; they go with their rows, which are drawn with equal
        chances.
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
    measure, read = _find(measure)
    y_true, score, weights, labels = read(measure, *_check_rows(y_true, score, weights))
    refuse_weights(measure, weights)
    measure = measure.settled()
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    strata, n_events = _strata(labels)
    estimate = measure(y_true, score, weights)
    stream = np.random.default_rng(seed)
    draws = np.empty(n_boot)
    for i in range(n_boot):
        rows = np.concatenate([stratum[stream.integers(0, stratum.size, stratum.size)] for stratum in strata])
        draws[i] = measure(y_true[rows], score[rows], None if weights is None else weights[rows])
    limits = interval_of_draws(draws, level) if not math.isnan(estimate) else {"method": "undefined"}
    return BootstrapInterval(
        estimate=estimate,
        **{"low": math.nan, "high": math.nan, "variance": math.nan, **limits},
        level=level,
        n=len(y_true),
        n_events=n_events,
        measure=measure.label,
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


def _find(measure):
    """Return the `Measure`, and what reads rows for it: ours and those registered get them checked."""
    if isinstance(measure, str):
        return choose_measure(measure, all_measures()), _read_rows
    if callable(measure):
        name = getattr(measure, "__name__", "measure").strip("<>")
        if name in all_measures() and measure is getattr(importlib.import_module(__package__), name, None):
            return all_measures()[name], _read_rows
        return make_measure(name, measure, label=name), lambda _, *rows: (*rows, rows[0])
    raise InputError(
        "`measure` must be the name of a measure, or a function of the outcome and the scores.",
        f"Found {measure!r}.",
        f"Name one of {', '.join(all_measures())}.",
    )


def _read_rows(measure, y_true, score, weights):
    """Return checked (y_true, score, weights) as a measure takes them, and what the strata are made of."""
    if score.ndim == 2 and score.shape[1] > 1 and "multiclass" in measure.tasks:
        codes, score, weights, classes = read_columns(y_true, score, None, weights, shares=not measure.ranks)
        return codes, score, weights, np.asarray(classes, dtype=object).astype(str)[codes]
    if measure.tasks == ("multiclass",):
        raise InputError(
            f"`score` must have a column for each class, which {measure.name!r} measures.",
            f"Its shape is {score.shape}.",
            "Pass what predict_proba() returns, or name a measure of an event or of numbers.",
        )
    of_numbers = "regression" in measure.tasks and not ("binary" in measure.tasks and _is_event(y_true))
    check = arguments.check_predicted if of_numbers else arguments.check_probabilities
    if measure.ranks and not of_numbers:
        check = arguments.check_scores
    y_true, score, weights = check(y_true, score, weights)
    return y_true, score, weights, y_true


def _is_event(y_true):
    return y_true.dtype.kind in "biuf" and np.isin(y_true, (0, 1)).all()


def _check_rows(y_true, score, weights):
    """Return arrays of as many rows, those with a weight."""
    y_true, score = as_array(y_true, "`y_true`"), as_array(score, "`score`")
    if y_true.dtype.kind == "O" and y_true.ndim == 1:
        y_true = arguments.unwrap_labels(y_true)
    if y_true.ndim != 1 or score.ndim == 0 or len(score) != len(y_true) or not len(y_true):
        raise InputError(
            "`y_true` and `score` must have as many rows, at least one.",
            f"Found shapes {y_true.shape} and {score.shape}.",
            "Pass both for the same rows.",
        )
    if weights is None:
        return y_true, score, None
    weights = arguments.check_weights(weights, len(y_true))
    kept = weights > 0
    return y_true[kept], score[kept], weights[kept]


def _strata(labels):
    """Return the rows of each stratum, and the number of events where the outcome is 0 and 1."""
    distinct, codes = np.unique(labels, return_inverse=True)
    n_events = int(np.count_nonzero(labels == 1)) if _is_event(labels) else None
    if labels.dtype.kind in "iuf" and distinct.size > 2:
        return [np.arange(labels.size)], n_events
    return [np.flatnonzero(codes == k) for k in range(distinct.size)], n_events
