"""Intersection over union: how much two boxes overlap."""

from __future__ import annotations

import numpy as np

from bineural._typing import Floats, RowsLike
from bineural.detection.boxes import read_edges


def box_iou(a: RowsLike, b: RowsLike) -> Floats:
    """Compute the intersection over union of each box of `a` with each box of `b`.

    Parameters
    ----------
    a, b : data frame or array_like of float64, shape (n_boxes, 4)
        x1, y1, x2, y2 in pixels, or in any one unit; a box from 2 to 5 is 3 wide. Columns of a data frame are
        found by name.

    Returns
    -------
    ndarray of float64, shape (n_a, n_b)
        Area that both cover over area that either covers, from 0 to 1; 0 where neither has an area.

    Raises
    ------
    InputError
        If an edge is missing, or a box ends before it begins.

    Examples
    --------
    >>> box_iou([0, 0, 2, 2], [[1, 0, 3, 2], [5, 5, 6, 6]]).round(4)
    array([[0.3333, 0.    ]])
    """
    return overlaps(read_edges(a, "a"), read_edges(b, "b"))


def overlaps(a, b):
    """Return the intersection over union of edges (n_a, 4) with edges (n_b, 4): float64 (n_a, n_b)."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    either = areas(a)[:, None] + areas(b)[None] - shared
    return np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)


def areas(edges):
    """Return the areas of boxes, shape (n_boxes,)."""
    return (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
