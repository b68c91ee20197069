"""Measures of predicted probabilities and scores: arrays in, one number (or one table) out.

`y_true` says where the event happened (0 and 1, or booleans, in a list, array or pandas or polars column);
nothing here guesses which label is the event, or turns a score round. Weights are row weights; weight 0
leaves the row out.
"""

import numpy as np

from bineural.measures import inputs as check
from bineural.measures import ranking

SMALLEST = float(np.finfo(np.float64).eps)  # log loss sees no probability nearer than this to 0 or 1


def auroc(y_true, score, weights=None):
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
    return ranking.area_under_roc(*check.check_scores(y_true, score, weights))


def average_precision(y_true, score, weights=None):
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
    return ranking.step_precision(*check.check_scores(y_true, score, weights))


def brier(y_true, probability, weights=None):
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
    event, probability, weights = check.check_probabilities(y_true, probability, weights)
    return weighted_mean(np.square(probability - event), weights)


def log_loss(y_true, probability, weights=None):
    """Compute log loss, the mean of minus the log probability given to what happened, in nats.

    Probabilities are kept the float64 machine epsilon (2.2e-16) away from 0 and 1, as in scikit-learn: a row
    that was certain and wrong costs 36.04 nats rather than infinity.

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
        Nats per row; 0 is perfect; always saying a half gives 0.693.

    Raises
    ------
    InputError
        If a probability is NaN or outside [0, 1], or the lengths differ.

    Examples
    --------
    >>> round(log_loss([0, 1, 1], [0.1, 0.8, 0.5]), 6)
    0.34055
    """
    event, probability, weights = check.check_probabilities(y_true, probability, weights)
    kept = np.clip(probability, SMALLEST, 1.0 - SMALLEST)
    return weighted_mean(-np.where(event, np.log(kept), np.log1p(-kept)), weights)


def weighted_mean(values, weights):
    """Average values, by weights where there are any."""
    return float(np.mean(values) if weights is None else np.average(values, weights=weights))
