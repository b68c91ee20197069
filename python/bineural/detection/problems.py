"""Boxes as the outcome of a problem: read, checked against their images, and coded as numbers."""

from dataclasses import replace

import numpy as np

from bineural.detection.boxes import is_boxes, read_boxes
from bineural.detection.coding import code_boxes, image_sizes
from bineural.errors import InputError
from bineural.messages import number_of


def code_outcome(images, boxes, name="boxes"):
    """Code the boxes of images.

    Parameters
    ----------
    images : array_like, shape (n, height, width) or (n, height, width, n_channels), or Pictures
    boxes : data frame
    name : str
        Of the argument, for errors.

    Returns
    -------
    coded : ndarray of float64, shape (n_images, N_CODED * most)
        See `coding.code_boxes`.
    labels : ndarray, shape (n_labels,)
        Sorted.

    Raises
    ------
    InputError
        If they are no images, or no boxes of them.
    """
    sizes, boxes = image_sizes(images), read_boxes(boxes, name, ["image"], true=True)
    if not len(boxes):
        raise no_boxes(len(sizes))
    labels = np.unique(boxes.labels)
    return code_boxes(boxes, sizes, labels), labels


def with_coded_boxes(problem):
    """Return a problem whose outcome is boxes with a row of numbers for each image; others as they are."""
    if not is_boxes(problem.y):
        return problem
    coded, labels = code_outcome(problem.X, problem.y)
    return replace(problem, y=coded, object_labels=labels)


def no_boxes(n_images):
    """Make the error that there is no object in any image."""
    return InputError(
        "There must be boxes to learn from.",
        f"Found none for {number_of(n_images, 'image')}.",
        "Give those of at least some images.",
    )
