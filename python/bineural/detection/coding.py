"""Boxes of images as numbers that a net learns, and back: edges in shares of the image."""

import numpy as np

from bineural.detection.boxes import EDGES, Boxes
from bineural.errors import InputError
from bineural.messages import listed, number_of

N_CODED = 6  # numbers of a box: label, x1, y1, x2, y2, score


def image_sizes(images):
    """Return height and width of each image in pixels: ndarray of int, shape (n_images, 2).

    Parameters
    ----------
    images : array_like, shape (n, height, width) or (n, height, width, n_channels); a list of arrays; or
        whatever has such `sizes`

    Raises
    ------
    InputError
        If they are no images.
    """
    sizes = getattr(images, "sizes", None)
    if sizes is not None:
        return np.asarray(sizes)
    shapes = [np.shape(images)] if hasattr(images, "shape") else _shapes(images)
    if hasattr(images, "shape") and len(shapes[0]) in (3, 4) and shapes[0][0]:
        return np.tile(shapes[0][1:3], (shapes[0][0], 1))
    if not hasattr(images, "shape") and shapes and all(len(shape) in (2, 3) for shape in shapes):
        return np.array([shape[:2] for shape in shapes])
    raise InputError(
        "Images must be an array (n, height, width) or (n, height, width, n_channels), or a list of arrays.",
        f"Found shape {shapes[0] if shapes else ()}.",
        "One image is an array of shape (1, height, width).",
    )


def _shapes(images):
    return [np.shape(image) for image in images] if isinstance(images, (list, tuple)) else []


def check_images(boxes, n_images, name="boxes"):
    """Return the positions of the images of boxes as int, or say which is none."""
    positions = boxes.images
    hint = "`image` counts the images from 0, in R from 1; an image without objects has no row."
    if positions.dtype.kind not in "iuf" or (positions % 1 != 0).any():
        raise InputError(
            f"`image` in `{name}` must hold positions of images.", f"Found {positions[0]!r}.", hint
        )
    outside = positions[(positions < 0) | (positions >= n_images)]
    if len(outside):
        raise InputError(
            f"`image` in `{name}` must hold positions of {number_of(n_images, 'image')}.",
            f"Found {int(outside[0])}, counted from 0.",
            hint,
        )
    return positions.astype(np.int64)


def code_boxes(boxes, sizes, labels, most=None):
    """Code the boxes of each image as numbers.

    Parameters
    ----------
    boxes : Boxes
        Predicted ones have scores; the score of true ones is 1.
    sizes : ndarray of int, shape (n_images, 2)
        Heights and widths.
    labels : ndarray, shape (n_labels,)
        Sorted.
    most : int, optional
        Boxes that an image has room for; of more those of the highest scores are kept. None: as many as one
        has.

    Returns
    -------
    ndarray of float64, shape (n_images, N_CODED * most)
        For each box the position of its label, -1 where there is no further box, x1, y1, x2, y2 in shares of
        the image, cut at its border, and the score.

    Raises
    ------
    InputError
        If a box lies outside its image, or has another label.
    """
    images = check_images(boxes, len(sizes))
    edges = np.clip(boxes.edges / sizes[images][:, [1, 0, 1, 0]], 0, 1)
    scores = np.ones(len(boxes)) if boxes.scores is None else boxes.scores
    if boxes.scores is None:
        _refuse_outside(boxes, edges, sizes, images)
    counts = np.bincount(images, minlength=len(sizes))
    most = int(counts.max()) if most is None else most
    coded = np.zeros((len(sizes), most, N_CODED))
    coded[..., 0] = -1
    order = np.lexsort([-scores, images])
    places = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.column_stack([_positions(boxes.labels, labels), edges, scores])[order]
    kept = places < most
    coded[images[order][kept], places[kept]] = rows[kept]
    return coded.reshape(len(sizes), -1)


def _positions(given, labels):
    positions = np.searchsorted(labels, given)
    known = positions < len(labels)
    known[known] = labels[positions[known]] == given[known]
    if not known.all():
        raise InputError(
            "Objects must have labels that are known.",
            f"Found {given[~known][0]!r}; known are {listed(labels.tolist())}.",
            "Keep the boxes of labels that were learnt.",
        )
    return positions


def _refuse_outside(boxes, edges, sizes, images):
    outside = np.flatnonzero((edges[:, 2:] <= edges[:, :2]).any(axis=1))
    if len(outside):
        box, (height, width) = outside[0], sizes[images[outside[0]]]
        shown = ", ".join(f"{edge:g}" for edge in boxes.edges[box])
        raise InputError(
            "A box must lie in its image.",
            f"Box {box + 1} has the edges {shown}; its image is {width} wide and {height} high "
            f"({len(outside)} such boxes).",
            "Edges are x1, y1, x2, y2 in pixels, x to the right; check the order and the unit.",
        )


def coded_columns(n_numbers):
    """Name the columns of coded boxes: label_1, x1_1, ..., score_1, label_2, ..."""
    names = ("label", *EDGES, "score")
    return [f"{names[k % N_CODED]}_{k // N_CODED + 1}" for k in range(n_numbers)]


def read_coded(coded):
    """Return coded boxes as `Boxes`, edges in shares of their images; `coded` (n_images, N_CODED * most)."""
    coded = np.asarray(coded, dtype=np.float64).reshape(len(coded), -1, N_CODED)
    images, places = np.nonzero(coded[..., 0] >= 0)
    rows = coded[images, places]
    return Boxes(rows[:, 1:5], images, rows[:, 0].astype(np.int64), rows[:, 5])


def decode_boxes(images, shares, labels, scores, sizes):
    """Return boxes in pixels, of edges (n_boxes, 4) in shares of their images, cut at the border."""
    low, high = np.minimum(shares[:, :2], shares[:, 2:]), np.maximum(shares[:, :2], shares[:, 2:])
    edges = np.clip(np.hstack([low, high]), 0, 1) * sizes[images][:, [1, 0, 1, 0]]
    return Boxes(edges, images, labels, scores)
