"""Log loss: how little probability was given to what happened, an event or one of several classes."""

from __future__ import annotations

import math

import numpy as np

from bineural._typing import ArrayLike, Labels
from bineural.checks import checked, labels
from bineural.measures import arguments
from bineural.measures.class_columns import read_columns
from bineural.measures.registry import built_in

SMALLEST = float(np.finfo(np.float64).eps)  # log loss sees no probability nearer than this to 0 or 1


@checked(classes=labels().or_none())
def log_loss(
    y_true: ArrayLike, probability: ArrayLike, weights: ArrayLike | None = None, classes: Labels | None = None
) -> float:
    """Compute log loss, the mean of minus the log probability given to what happened, in nats.

    Probabilities are kept the float64 machine epsilon (2.2e-16) away from 0 and 1, as in scikit-learn: a row
    that was certain and wrong costs 36.04 nats rather than infinity.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,), or labels
        1 where the event happened, 0 where it did not; one class is enough. For several columns of
        probabilities, labels.
    probability : array_like of float64, shape (n_rows,) or (n_rows, n_classes)
        Predicted probability of the event, 0 to 1, or a column of probabilities for each class.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.
    classes : sequence of labels, optional
        The columns' classes in order; by default the sorted distinct labels of `y_true`.

    Returns
    -------
    float
        Nats per row; 0 is perfect; always saying a half gives 0.693.

    Raises
    ------
    InputError
        If a probability is NaN or outside [0, 1], a label is no class, or the lengths differ.

    Examples
    --------
    >>> round(log_loss([0, 1, 1], [0.1, 0.8, 0.5]), 6)
    0.34055
    >>> round(log_loss(["a", "b", "c"], [[0.8, 0.1, 0.1], [0.3, 0.5, 0.2], [0.1, 0.1, 0.8]]), 6)
    0.379811
    """
    if classes is not None or arguments.has_columns(probability):
        return mean_nats(*read_columns(y_true, probability, classes, weights, shares=True)[:3])
    return mean_nats(*arguments.check_probabilities(y_true, probability, weights))


def mean_nats(y_true, probability, weights=None):
    """Compute the log loss of checked arrays: events (bool, or 0 and 1), or positions of classes."""
    if probability.ndim == 2:
        given = probability[np.arange(len(y_true)), y_true]
    else:
        given = np.where(y_true, probability, 1.0 - probability)
    return float(np.average(nats(given), weights=weights))


def log_loss_each(event, probabilities):
    """Compute the log loss of each set of probabilities, (n_sets, n_rows), of the same events, (n_rows,)."""
    return nats(np.where(event, probabilities, 1.0 - probabilities)).mean(axis=1)


def nats(given):
    """Return minus the log of probabilities that were given to what happened, cut at `SMALLEST`."""
    return -np.log(np.clip(given, SMALLEST, 1.0 - SMALLEST))


built_in(
    "log_loss",
    mean_nats,
    label="log loss",
    tasks=("binary", "multiclass"),
    larger_is_better=False,
    range=(0.0, math.inf),
    each=log_loss_each,
    place=30,
    reference="Good (1952). Journal of the Royal Statistical Society B 14(1), 107-114.",
)
