"""Mean average precision of predicted boxes, by the rules of PASCAL VOC and of COCO.

References: Everingham and others (2010). International Journal of Computer Vision 88(2), 303-338. Lin and
others (2014). Microsoft COCO: common objects in context. ECCV, 740-755.
"""

from __future__ import annotations

import numpy as np

from bineural._typing import DataFrame
from bineural.checks import checked, choice, either, share
from bineural.detection.boxes import read_boxes
from bineural.detection.overlap import overlaps
from bineural.errors import InputError

COCO = np.linspace(0.5, 0.95, 10)  # its thresholds
_MOST = 100  # boxes of an image and class that COCO looks at, those of the highest scores


@checked(iou=either(share(open_ends=True), choice("coco")), points=choice("all", 11, 101, None))
def mean_average_precision(
    truth: DataFrame,
    predicted: DataFrame,
    *,
    iou: float | str = 0.5,
    points: str | int | None = None,
) -> float:
    """Compute the mean over classes of the average precision of predicted boxes.

    Parameters
    ----------
    truth : data frame
        Columns image, x1, y1, x2, y2, and label where there are several classes.
    predicted : data frame
        The same, and score. Images without a predicted box have no row.
    iou : float in (0, 1), or "coco"
        Least intersection over union of a box that counts as found; "coco" is the mean over 0.50, 0.55, ...,
        0.95.
    points : {"all", 11, 101}, optional
        Where precision is read off: at every recall reached (VOC since 2010), at the recalls 0, 0.1, ..., 1
        (VOC 2007), or at 0, 0.01, ..., 1 (COCO). None is "all", and with ``iou="coco"`` 101.

    Returns
    -------
    float
        From 0 to 1; the mean over the classes that `truth` has.

    Raises
    ------
    InputError
        If a column or value is missing, a box ends before it begins, or `truth` has no boxes.

    Notes
    -----
    Predicted boxes are taken from the highest score down, over all images. By VOC's rule a box is right if
    the true box that it overlaps most is overlapped enough and not taken yet; by COCO's, which goes with 101
    points, it takes the free one that it overlaps most, and the 100 best boxes of an image and class are
    looked at. Precision at a recall is the best at that recall or a higher one, so false boxes below the last
    right one cost nothing. Boxes are measured without an extra pixel (VOC's own program adds one).

    References
    ----------
    Everingham and others (2010). *International Journal of Computer Vision* 88(2), 303-338; Lin and others
    (2014). *ECCV*, 740-755.

    Examples
    --------
    >>> import pandas as pd
    >>> truth = pd.DataFrame({"image": [0, 0], "x1": [0, 10], "y1": 0, "x2": [4, 14], "y2": 4})
    >>> predicted = truth.iloc[[0, 0, 1]].assign(score=[0.9, 0.8, 0.7])
    >>> round(mean_average_precision(truth, predicted), 4)
    0.8333
    """
    truth = read_boxes(truth, "truth", ["image"], true=True)
    predicted = read_boxes(predicted, "predicted", ["image", "score"])
    if not len(truth):
        raise InputError(
            "`truth` must have boxes: without any, no box can be found.",
            "Found a table without rows.",
            "Give the true boxes of all images; count false boxes on empty images by nrow().",
        )
    thresholds = COCO if iou == "coco" else np.array([iou])
    points = points or (101 if iou == "coco" else "all")
    return precision_of(truth, predicted, thresholds, points)


def precision_of(truth, predicted, thresholds, points):
    """Return the mean average precision of `Boxes`, over thresholds and over the labels of the true ones."""
    labels = np.unique(truth.labels)
    return float(np.mean([_of_class(truth, predicted, label, thresholds, points) for label in labels]))


def _of_class(truth, predicted, label, thresholds, points):
    """Return the average precision of a class, the mean over thresholds."""
    n_true = int(np.sum(truth.labels == label))
    scores, right = match_boxes(truth, predicted, label, thresholds, coco=points == 101)
    order = np.argsort(-scores, kind="stable")
    return np.mean([average_precision_of(row[order], n_true, points) for row in right])


def match_boxes(truth, predicted, label, thresholds, coco=False):
    """Say which predicted boxes of a class are right.

    Returns
    -------
    scores : ndarray of float64, shape (n_predicted,)
        Image after image, as they are sorted, and in each from the highest down.
    right : ndarray of bool, shape (n_thresholds, n_predicted)
    """
    true, given = truth.labels == label, predicted.labels == label
    scores, right = [np.empty(0)], [np.zeros((len(thresholds), 0), bool)]
    for image in np.unique(predicted.images[given]):
        boxes = np.flatnonzero(given & (predicted.images == image))
        boxes = boxes[np.argsort(-predicted.scores[boxes], kind="stable")]
        boxes = boxes[:_MOST] if coco else boxes
        shared = overlaps(predicted.edges[boxes], truth.edges[true & (truth.images == image)])
        scores.append(predicted.scores[boxes])
        right.append(np.array([_match(shared, threshold, coco) for threshold in thresholds]))
    return np.concatenate(scores), np.concatenate(right, axis=1)


def _match(shared, threshold, coco):
    """Say which boxes of one image are right: bool (n_predicted,), of overlaps (n_predicted, n_true)."""
    right, free = np.zeros(len(shared), bool), np.ones(shared.shape[1], bool)
    for i, overlap in enumerate(shared):
        if not len(overlap):
            break
        if coco:  # of equal ones it takes the last
            overlap = np.where(free, overlap, -1)
            best = len(overlap) - 1 - int(np.argmax(overlap[::-1]))
        else:
            best = int(np.argmax(overlap))
        right[i] = free[best] and overlap[best] >= threshold
        free[best] &= not right[i]
    return right


def average_precision_of(right, n_true, points="all"):
    """Return the average precision of boxes from the highest score down.

    Parameters
    ----------
    right : ndarray of bool, shape (n_predicted,)
    n_true : int
        Boxes that were to be found.
    points : {"all", 11, 101}
    """
    if not len(right):
        return 0.0
    found = np.cumsum(right)
    precision = np.maximum.accumulate((found / np.arange(1, len(right) + 1))[::-1])[::-1]
    if points == "all":
        return float(np.sum(precision[right]) / n_true)
    if points == 101:  # in the numbers of COCO's own program, where 7 of 100 is less than 0.07
        at = np.searchsorted(found / n_true, np.linspace(0, 1, 101), side="left")
    else:
        at = np.searchsorted(found * (points - 1), np.arange(points) * n_true, side="left")
    return float(np.mean(np.append(precision, 0.0)[at]))
