"""AUROC: how often an event outscores another row.

`y_true` says where the event happened; nothing here guesses which label is the event, or turns a score round.
"""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike
from bineural.measures import arguments, ranking
from bineural.measures.registry import built_in

_MOST_PAIRS = 4096  # up to here comparing every pair is quicker than sorting
_BLOCK_PAIRS = 1_000_000


def auroc(y_true: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Compute the area under the ROC curve, ties counting one half [1]_.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale, infinite values included.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights; a pair of rows weighs the product of theirs.

    Returns
    -------
    float
        Chance that a random event row outscores a random other row; 0.5 is no skill. Below 0.5 the score
        points the wrong way; it is never turned round.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, or the score has NaN or another length.

    References
    ----------
    .. [1] Hanley and McNeil (1982). *Radiology* 143(1), 29-36.

    Examples
    --------
    >>> auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    return ranking.area_under_roc(*arguments.check_scores(y_true, score, weights))


def auroc_of_events(y_true, score, weights=None):
    """Compute the AUROC of checked arrays; `y_true` is bool, or 0 and 1."""
    return ranking.area_under_roc(np.asarray(y_true, dtype=bool), score, weights)


def auroc_each(event, scores):
    """Compute the AUROC of each set of scores.

    Parameters
    ----------
    event : ndarray of bool, shape (n_rows,)
        Both classes must be there.
    scores : ndarray of float64, shape (n_sets, n_rows)

    Returns
    -------
    ndarray of float64, shape (n_sets,)
    """
    events, others = np.flatnonzero(event), np.flatnonzero(~event)
    n_pairs = events.size * others.size
    if n_pairs > _MOST_PAIRS:
        return np.array([ranking.area_under_roc(event, row) for row in np.ascontiguousarray(scores)])
    areas, together = np.empty(len(scores)), max(1, _BLOCK_PAIRS // n_pairs)
    for start in range(0, len(scores), together):
        block = scores[start : start + together]
        up, down = block[:, events, None], block[:, None, others]
        twice = 2 * np.count_nonzero(up > down, axis=(1, 2)) + np.count_nonzero(up == down, axis=(1, 2))
        areas[start : start + together] = twice / (2 * n_pairs)
    return areas


def one_class(y_true, prediction=None):
    """Say that the rows are of one class, where they are: nothing can be ranked."""
    if 0 < np.count_nonzero(y_true) < len(y_true):
        return None
    return f"all {len(y_true)} rows are {'events' if y_true[0] else 'without the event'}"


built_in(
    "auroc",
    auroc_of_events,
    label="AUROC",
    tasks=("binary", "anomalies"),
    compared=("binary", "anomalies"),
    range=(0.0, 1.0),
    ranks=True,
    undefined=one_class,
    each=auroc_each,
    place=10,
    reference="Hanley and McNeil (1982). Radiology 143(1), 29-36.",
)
