"""The Brier score: the mean squared distance of probability and outcome."""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike
from bineural.measures import arguments
from bineural.measures.registry import built_in


def brier(y_true: ArrayLike, probability: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Compute the Brier score, the mean squared distance of probability and outcome [1]_.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not; one class is enough.
    probability : array_like of float64, shape (n_rows,)
        Predicted probability of the event, 0 to 1.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.

    Returns
    -------
    float
        0 is perfect; always saying a half gives 0.25.

    Raises
    ------
    InputError
        If a probability is NaN or outside [0, 1], or the lengths differ.

    References
    ----------
    .. [1] Brier (1950). *Monthly Weather Review* 78(1), 1-3.

    Examples
    --------
    >>> round(brier([0, 1, 1], [0.1, 0.8, 0.5]), 6)
    0.1
    """
    event, probability, weights = arguments.check_probabilities(y_true, probability, weights)
    return mean_square_of_events(event, probability, weights)


def mean_square_of_events(y_true, probability, weights=None):
    """Compute the Brier score of checked arrays; `y_true` is bool, or 0 and 1."""
    return float(np.average(np.square(probability - y_true), weights=weights))


built_in(
    "brier",
    mean_square_of_events,
    label="Brier score",
    tasks=("binary",),
    larger_is_better=False,
    range=(0.0, 1.0),
    place=40,
    reference="Brier (1950). Monthly Weather Review 78(1), 1-3.",
)
