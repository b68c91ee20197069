"""Ranked probability score: how far probabilities of ordered classes lie from what happened, up to each."""

from functools import partial

import numpy as np

from bineural.measures.registry import built_in


def mean_ranked(y_true, probability, weights=None, ranks=None):
    """Compute the ranked probability score [1]_, the mean of squared gaps between distribution functions.

    Of K classes in order it is the sum over the first K - 1 of (P(class k or below) - 1 where that
    happened)^2, over K - 1 and averaged over rows: 0 is perfect, 1 sure of the other end. A near miss costs
    less than a far one. Of two classes it is the Brier score.

    Parameters
    ----------
    y_true : ndarray of int, shape (n_rows,)
        Positions of the classes that happened.
    probability : ndarray of float64, shape (n_rows, n_classes)
    weights : ndarray of float64, shape (n_rows,), optional
    ranks : sequence of int, optional
        Place of each column's class in the order, from 0; by default the columns are in it.

    References
    ----------
    .. [1] Epstein (1969). *Journal of Applied Meteorology* 8(6), 985-987.
    """
    ranks = np.arange(probability.shape[1]) if ranks is None else np.asarray(ranks)
    up_to = np.cumsum(probability[:, np.argsort(ranks)], axis=1)[:, :-1]
    happened = ranks[y_true][:, None] <= np.arange(up_to.shape[1])
    return float(np.average(np.square(up_to - happened).mean(axis=1), weights=weights))


built_in(
    "ranked_probability",
    mean_ranked,
    label="ranked probability score",
    tasks=("multiclass",),
    larger_is_better=False,
    range=(0.0, 1.0),
    settle=lambda ranks=None, **_: {"compute": partial(mean_ranked, ranks=ranks)},
    evaluated=(),  # of ordered classes only, see `Objective.shows`
    compared=(),
    place=45,
    reference="Epstein (1969). Journal of Applied Meteorology 8(6), 985-987.",
)
