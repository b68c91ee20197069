"""Measures of many sets of scores of the same rows at once."""

import numpy as np

from bineural.measures import ranking
from bineural.measures.measures import SMALLEST

_MOST_PAIRS = 4096  # up to here comparing every pair is quicker than sorting
_BLOCK_PAIRS = 1_000_000


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


def log_loss_each(event, probabilities):
    """Compute the log loss (nats) of each set of probabilities, (n_sets, n_rows); see `log_loss`."""
    happened = np.where(event, probabilities, 1 - probabilities)
    return -np.log(np.clip(happened, SMALLEST, 1 - SMALLEST)).mean(axis=1)
