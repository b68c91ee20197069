"""A band around the ROC curve: where the sensitivity at each specificity lies in bootstrap draws."""

import numpy as np

from bineural.measures import arguments, ranking

N_POINTS = 101  # specificities of the band
MOST_GROUPS = 2000  # neighbouring scores are joined to no more groups than this, which no eye can tell


def roc_band(y_true, score, weights=None, level=0.95, n_boot=1000, seed=1):
    """Compute pointwise limits of the sensitivity at given specificities.

    Events and others are drawn anew, each in their number (with weights, Kish's effective number), among
    groups of equal or neighbouring scores; the limits are quantiles of the drawn curves, as pROC's `ci.se`.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
    score : array_like of float64, shape (n_rows,)
    weights : array_like of float64, shape (n_rows,), optional
    level : float
        Share of the draws between the limits at each specificity.
    n_boot : int
    seed : int
        The default gives the same band for the same rows.

    Returns
    -------
    dict of ndarray of float64, shape (101,)
        specificity (rising), low, high.

    Examples
    --------
    >>> band = roc_band([0, 0, 1, 0, 1, 1], [1, 2, 3, 4, 5, 6])
    >>> band["low"][0], band["high"][0]  # at specificity 0 every row may be called an event
    (np.float64(1.0), np.float64(1.0))
    """
    event, score, weights = arguments.check_scores(y_true, score, weights)
    counts = ranking.accumulate(event, score, weights)
    if counts.events.size > MOST_GROUPS:
        kept = np.unique(np.linspace(0, counts.events.size - 1, MOST_GROUPS).astype(int))
        kept[-1] = counts.events.size - 1
        counts = ranking.Cumulative(counts.events[kept], counts.others[kept])
    stream = np.random.default_rng(seed)
    events, others = (
        _draw(stream, cumulative, ranking.effective_rows(weights, rows), n_boot)
        for cumulative, rows in zip(counts, (event, ~event))
    )
    alarms = np.linspace(0, 1, N_POINTS)  # 1 - specificity
    # np.interp takes the last of equal positions: from the highest score down, the largest sensitivity
    drawn = np.stack([np.interp(alarms, x, y) for x, y in zip(others, events)])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {"specificity": (1 - alarms)[::-1], "low": low[::-1], "high": high[::-1]}


def _draw(stream, cumulative, n_rows, n_boot):
    """Draw rows among the groups; return shares at or above each score, from the highest down, after 0."""
    chances = np.diff(cumulative, prepend=0).astype(float)[::-1]
    drawn = stream.multinomial(max(round(n_rows), 1), chances / chances.sum(), size=n_boot)
    shares = np.cumsum(drawn, axis=1) / drawn.sum(axis=1, keepdims=True)
    return np.pad(shares, ((0, 0), (1, 0)))
