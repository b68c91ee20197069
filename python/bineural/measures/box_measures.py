"""How good predicted boxes are: mean average precision, and the overlap with the true boxes.

Truth and prediction are coded boxes, a row for each image (`detection/coding.py`). Overlaps are the same in
shares of an image as in its pixels.
"""

import numpy as np

from bineural.measures.registry import NAN, built_in


def map_at_half(y_true, prediction, weights=None):
    """Compute the mean average precision at an intersection over union of 0.5, at all recalls (VOC)."""
    return _precision(y_true, prediction, np.array([0.5]), "all")


def map_of_coco(y_true, prediction, weights=None):
    """Compute COCO's mean average precision, over 0.50, 0.55, ..., 0.95, at 101 recalls."""
    from bineural.detection.mean_precision import COCO

    return _precision(y_true, prediction, COCO, 101)


def _precision(y_true, prediction, thresholds, points):
    from bineural.detection.coding import read_coded
    from bineural.detection.mean_precision import precision_of  # these load pandas, which listing does not

    truth = read_coded(y_true)
    return precision_of(truth, read_coded(prediction), thresholds, points) if len(truth) else NAN


def mean_overlap(y_true, prediction, weights=None):
    """Compute the mean intersection over union of the true boxes with predicted ones.

    Of each image as many predicted boxes count as it has true ones, those of the highest scores, whatever
    their labels; from the highest down each takes the free true box that it overlaps most.
    """
    from bineural.detection.coding import read_coded
    from bineural.detection.overlap import overlaps

    truth, predicted = read_coded(y_true), read_coded(prediction)
    shared = np.zeros(len(truth))
    for image in np.unique(truth.images):
        true = np.flatnonzero(truth.images == image)
        guesses = np.flatnonzero(predicted.images == image)
        guesses = guesses[np.argsort(-predicted.scores[guesses], kind="stable")][: len(true)]
        overlap = overlaps(predicted.edges[guesses], truth.edges[true])
        for row in overlap:
            best = int(np.argmax(row))
            shared[true[best]] = max(shared[true[best]], row[best])
            overlap[:, best] = -1
    return float(shared.mean()) if len(shared) else NAN


_OF_BOXES = {
    "tasks": ("boxes",),
    "evaluated": ("boxes",),
    "compared": ("boxes",),
    "range": (0.0, 1.0),
    "takes_weights": False,
}
built_in(
    "map",
    map_at_half,
    label="mAP at 0.5",
    place=110,
    reference="Everingham and others (2010). International Journal of Computer Vision 88(2), 303-338.",
    **_OF_BOXES,
)
built_in(
    "map_coco",
    map_of_coco,
    label="mAP, COCO",
    place=111,
    reference="Lin and others (2014). Microsoft COCO: common objects in context. ECCV, 740-755.",
    **_OF_BOXES,
)
built_in("mean_iou", mean_overlap, label="mean IoU", place=112, **_OF_BOXES)
