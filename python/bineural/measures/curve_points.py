"""Points of the curves over all thresholds, and the area under part of the ROC curve.

Weights are row weights; weight 0 leaves the row out.
"""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike, DataFrame
from bineural.checks import checked, flag
from bineural.errors import InputError
from bineural.measures import arguments, ranking


def roc_points(y_true: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> DataFrame:
    """Compute the points of the ROC curve, one for each way a threshold can part the rows.

    A row is called an event when `score >= threshold`. Thresholds lie halfway between neighbouring distinct
    scores (as in pROC), so tied rows move together; straight lines between the points enclose `auroc`.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights; the points are then shares of weight.

    Returns
    -------
    pandas.DataFrame
        Columns threshold, sensitivity, specificity (float64), thresholds rising. The first row has threshold
        -inf (all rows called events: 1, 0), the last +inf (none: 0, 1), even where scores are infinite.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, or the score has NaN or another length.

    Examples
    --------
    >>> roc_points([0, 1, 1], [0.2, 0.2, 0.6])
       threshold  sensitivity  specificity
    0       -inf          1.0          0.0
    1        0.4          0.5          1.0
    2        inf          0.0          1.0
    """
    import pandas as pd

    event, score, weights = arguments.check_scores(y_true, score, weights)
    return pd.DataFrame(operating_points(event, score, weights))


def pr_points(y_true: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> DataFrame:
    """Compute the points of the precision-recall curve, one for each distinct score.

    A row is called an event when `score >= threshold`; thresholds lie as in `roc_points`. Precision times the
    gain in recall, summed from the last row up, is `average_precision`; straight lines between the points
    would promise more than any threshold gives, so draw steps.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights; the points are then shares of weight.

    Returns
    -------
    pandas.DataFrame
        Columns threshold, recall, precision (float64), thresholds rising. The first row has threshold -inf
        (all rows called events: recall 1, precision the share of events). There is no row that calls none an
        event, where precision is undefined.

    Raises
    ------
    InputError
        If `y_true` does not hold both classes, or the score has NaN or another length.

    Examples
    --------
    >>> pr_points([0, 1, 1], [0.2, 0.2, 0.6])
       threshold  recall  precision
    0       -inf     1.0   0.666667
    1        0.4     0.5   1.000000
    """
    import pandas as pd

    event, score, weights = arguments.check_scores(y_true, score, weights)
    events, others = ranking.accumulate(event, -score, weights)  # from the highest score down
    return pd.DataFrame(
        {
            "threshold": thresholds_between(np.unique(score))[:-1],
            "recall": (events / events[-1])[::-1],
            "precision": (events / (events + others))[::-1],
        }
    )


@checked(corrected=flag())
def partial_auroc(
    y_true: ArrayLike,
    score: ArrayLike,
    *,
    specificity: tuple[float, float] | None = None,
    sensitivity: tuple[float, float] | None = None,
    corrected: bool = False,
    weights: ArrayLike | None = None,
) -> float:
    """Compute the area under the part of the ROC curve within a range of specificity or of sensitivity.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not.
    score : array_like of float64, shape (n_rows,)
        Larger means the event is more likely; any monotone scale.
    specificity, sensitivity : tuple of float, optional
        Smallest and largest value, between 0 and 1; name one of the two ranges.
    corrected : bool, default False
        Whether the area is put on the scale of an AUROC [1]_: 0.5 for no skill, 1 for a perfect score.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights; a pair of rows weighs the product of theirs.

    Returns
    -------
    float
        Area, at most the width of the range; points are joined by straight lines.

    Raises
    ------
    InputError
        If not one range is named, or it is not two rising values between 0 and 1; if `y_true` does not hold
        both classes, or the score has NaN or another length.

    References
    ----------
    .. [1] McClish (1989). *Medical Decision Making* 9(3), 190-195.

    Examples
    --------
    >>> round(partial_auroc([0, 0, 1, 0, 1, 1], [1, 2, 3, 4, 5, 6], specificity=(0.5, 1)), 6)
    0.388889
    """
    if (specificity is None) == (sensitivity is None):
        raise InputError(
            "One range must be named: `specificity` or `sensitivity`.",
            f"Found {'neither' if specificity is None else 'both'}.",
            "Pass for example specificity=(0.9, 1).",
        )
    low, high = _check_range(
        *(("specificity", specificity) if sensitivity is None else ("sensitivity", sensitivity))
    )
    points = operating_points(*arguments.check_scores(y_true, score, weights))
    along, up = points["specificity"], points["sensitivity"]
    if sensitivity is not None:
        along, up = up[::-1], along[::-1]
    area = _area_between(along, up, low, high)
    if not corrected:
        return area
    chance = (high - low) * (1 - (low + high) / 2)  # area under the diagonal
    return 0.5 * (1 + (area - chance) / (high - low - chance))


def operating_points(event, score, weights=None):
    """Return threshold, sensitivity and specificity by name, thresholds rising, of checked arrays."""
    events, others = ranking.accumulate(event, score, weights)
    return {
        "threshold": thresholds_between(np.unique(score)),
        "sensitivity": np.concatenate([[1.0], (events[-1] - events) / events[-1]]),
        "specificity": np.concatenate([[0.0], others / others[-1]]),
    }


def thresholds_between(distinct):
    """Return -inf, the middles of neighbouring distinct scores, inf."""
    below, above = distinct[:-1], distinct[1:]
    with np.errstate(over="ignore", invalid="ignore"):
        middle = (below + above) / 2
    known = (middle > below) & (middle <= above)
    middle = np.where(known, middle, above)  # neighbours without a float between
    return np.concatenate([[-np.inf], middle, [np.inf]])


def _area_between(along, up, low, high):
    """Integrate straight lines between the points, `along` rising, from low to high."""
    width = np.diff(along)
    start, end = np.clip(along[:-1], low, high), np.clip(along[1:], low, high)
    steep = width > 0  # a vertical piece has no area
    slope = np.divide(np.diff(up), width, out=np.zeros_like(width), where=steep)
    middle = up[:-1] + slope * ((start + end) / 2 - along[:-1])
    return float(np.sum(((end - start) * middle)[steep]))


def _check_range(name, limits):
    try:
        low, high = (float(value) for value in limits)
    except (TypeError, ValueError):
        low = high = np.nan
    if not 0 <= low < high <= 1:
        raise InputError(
            f"`{name}` must be two rising values between 0 and 1.",
            f"Found {limits!r}.",
            f"Pass for example {name}=(0.9, 1).",
        )
    return low, high
