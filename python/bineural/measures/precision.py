"""Average precision: precision over the steps in recall."""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike
from bineural.measures import arguments, ranking
from bineural.measures.registry import built_in
from bineural.measures.roc_area import one_class


def average_precision(y_true: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Compute average precision: precision summed over the steps in recall, one step a distinct score.

    This is the step rule (no interpolation) of scikit-learn; the trapezoid under the precision-recall curve,
    which other programs call PR AUC, is another number.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.

    Returns
    -------
    float
        Between the share of events (about what no skill gives) and 1.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, or the score has NaN or another length.

    Examples
    --------
    >>> round(average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 6)
    0.833333
    """
    return ranking.step_precision(*arguments.check_scores(y_true, score, weights))


def precision_of_events(y_true, score, weights=None):
    """Compute the average precision of checked arrays; `y_true` is bool, or 0 and 1."""
    return ranking.step_precision(np.asarray(y_true, dtype=bool), score, weights)


built_in(
    "average_precision",
    precision_of_events,
    label="average precision",
    tasks=("binary", "anomalies"),
    compared=("binary", "anomalies"),
    range=(0.0, 1.0),
    ranks=True,
    undefined=one_class,
    place=20,
    reference="scikit-learn's average_precision_score (the step rule).",
)
