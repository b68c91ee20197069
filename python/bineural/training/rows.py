"""Rows as the engine takes them: any nest of arrays, an outcome, weights of mean one."""

import math
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError

PANEL = 64  # rows; a multiple of what any matrix product takes at once
_BLOCK_NUMBERS = 2**22  # input numbers in a block of rows at prediction


class Rows(NamedTuple):
    """Inputs (any nest of arrays), outcome and weights of the same rows."""

    inputs: object
    y: object
    weights: object


def make_rows(inputs, y, sample_weight=None):
    """Check and convert the rows of one part of the data; weights get mean one, rows of weight 0 leave."""
    inputs = tf.nest.map_structure(as_trained, inputs)
    y = np.asarray(y, dtype=np.float32)
    lengths = {len(a) for a in (*tf.nest.flatten(inputs), y)}
    if sample_weight is None:
        weights = np.ones(len(y), dtype=np.float32)
    else:
        weights = np.asarray(sample_weight, dtype=np.float64)
        lengths.add(len(weights))
    if len(lengths) != 1 or 0 in lengths:
        raise InputError(
            "Inputs, outcome and weights must have the same number of rows, at least one.",
            f"Found {sorted(lengths)}.",
            "Pass arrays of the same rows.",
        )
    if sample_weight is not None:
        keep = np.flatnonzero(weights > 0)
        if len(keep) < len(weights):
            inputs = some_rows(inputs, keep)
            y, weights = y[keep], weights[keep]
        weights = (weights / weights.mean()).astype(np.float32)
    return Rows(inputs, y, weights)


def full_panels(inputs, n_rows):
    """Fill tables up to whole panels of rows, so that a row's output does not depend on its neighbours.

    Matrix products treat the last few rows by other instructions, which round differently.
    """
    arrays = tf.nest.flatten(inputs)
    missing = -n_rows % PANEL
    if not missing or any(a.ndim > 2 for a in arrays):
        return inputs
    return tf.nest.map_structure(lambda a: np.pad(a, [(0, missing), *[(0, 0)] * (a.ndim - 1)]), inputs)


def some_rows(inputs, rows):
    """Take rows of a nest of arrays."""
    return tf.nest.map_structure(lambda a: a[rows], inputs)


def as_trained(array):
    """Return an array in the type it is trained in: float64 and bool as float32, int64 as int32."""
    array = np.asarray(array)
    if array.dtype == np.float64 or array.dtype.kind == "b":
        return array.astype(np.float32)
    return array.astype(np.int32) if array.dtype == np.int64 else array


def shape_key(rows):
    """Return text that is equal for nests of arrays whose rows have equal shape and type."""
    return repr(tf.nest.map_structure(lambda a: (a.shape[1:], str(a.dtype)), rows))


def block_rows(inputs):
    """Return how many rows go through a model at once, a multiple of `PANEL`."""
    widest = sum(math.prod(a.shape[1:]) for a in tf.nest.flatten(inputs))
    return int(min(max(_BLOCK_NUMBERS // max(widest, 1) // PANEL, 1), 1024)) * PANEL
