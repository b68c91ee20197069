"""Non-maximum suppression: of boxes that overlap, keep the one with the highest score."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bineural._typing import DataFrame
from bineural.checks import checked, share
from bineural.detection.boxes import as_table, read_boxes
from bineural.detection.overlap import overlaps


@checked(iou=share())
def suppress_boxes(boxes: DataFrame, iou: float = 0.5) -> DataFrame:
    """Keep the boxes that no box of a higher score covers, within each image and label.

    The box of the highest score is kept, those that overlap it by more than `iou` are left out, and so on
    with the boxes that remain.

    Parameters
    ----------
    boxes : data frame
        Columns x1, y1, x2, y2 and score; boxes of different `image` or `label`, where there are such columns,
        never leave each other out.
    iou : float in [0, 1]
        Intersection over union above which two boxes are taken for one object.

    Returns
    -------
    data frame
        The rows that are kept, in their order.

    Raises
    ------
    InputError
        If a column or value is missing, or a box ends before it begins.

    Examples
    --------
    >>> import pandas as pd
    >>> boxes = pd.DataFrame({"x1": [0, 1, 5], "y1": 0, "x2": [4, 5, 9], "y2": 4, "score": [0.9, 0.8, 0.3]})
    >>> suppress_boxes(boxes)["score"].tolist()
    [0.9, 0.3]
    """
    read = read_boxes(boxes, "boxes", ["score"])
    return as_table(boxes)[kept_boxes(read, iou)]


def kept_boxes(boxes, iou):
    """Say which boxes are kept: bool, shape (n_boxes,)."""
    keep = np.zeros(len(boxes), dtype=bool)
    for rows in (
        pd.DataFrame({"image": boxes.images, "label": boxes.labels})
        .groupby(["image", "label"], sort=False)
        .indices.values()
    ):
        left = rows[np.argsort(-boxes.scores[rows], kind="stable")]
        while len(left):
            keep[left[0]] = True
            covered = overlaps(boxes.edges[left[:1]], boxes.edges[left[1:]])[0] > iou
            left = left[1:][~covered]
    return keep
