"""Boxes of images as numbers that a net learns, and back: edges in shares of the image."""

import numpy as np

from bineural.detection.boxes import Boxes
from bineural.errors import InputError
from bineural.messages import number_of


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
        "One image is `images[None]`.",
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


def code_boxes(boxes, sizes, labels):
    """Code the boxes of each image as numbers.

    Parameters
    ----------
    boxes : Boxes
    sizes : ndarray of int, shape (n_images, 2)
        Heights and widths.
    labels : ndarray, shape (n_labels,)

    Returns
    -------
    ndarray of float64, shape (n_images, 5 * most)
        For each box the position of its label, -1 where there is no further box, and x1, y1, x2, y2 in shares
        of the image, cut at its border.

    Raises
    ------
    InputError
        If a box lies outside its image.
    """
    images = check_images(boxes, len(sizes))
    edges = np.clip(boxes.edges / sizes[images][:, [1, 0, 1, 0]], 0, 1)
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
    counts = np.bincount(images, minlength=len(sizes))
    coded = np.zeros((len(sizes), counts.max(), 5))
    coded[..., 0] = -1
    order = np.argsort(images, kind="stable")
    places = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.column_stack([np.searchsorted(labels, boxes.labels), edges])
    coded[images[order], places] = rows[order]
    return coded.reshape(len(sizes), -1)


def decode_boxes(images, shares, labels, scores, sizes):
    """Return boxes in pixels, of edges (n_boxes, 4) in shares of their images, cut at the border."""
    low, high = np.minimum(shares[:, :2], shares[:, 2:]), np.maximum(shares[:, :2], shares[:, 2:])
    edges = np.clip(np.hstack([low, high]), 0, 1) * sizes[images][:, [1, 0, 1, 0]]
    return Boxes(edges, images, labels, scores)
