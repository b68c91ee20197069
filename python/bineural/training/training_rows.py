"""Rows as the engine takes them: any nest of arrays, an outcome (a nest too, or none), weights of mean one.

A part that is not there is (), a nest without leaves.
"""

import math
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError

PANEL = 64  # rows; a multiple of what any matrix product takes at once
_BLOCK_NUMBERS = 2**22  # input numbers in a block of rows at prediction


class Rows(NamedTuple):
    """Inputs, outcome and weights of the same rows: (n_rows, ...), and what a replica has of its own with a
    replica axis in front.
    """

    inputs: object
    y: object
    weights: object

    def map(self, function, own):
        """Return the rows with `function(array, own)` in place of each array."""
        parts = zip(self, own)
        return Rows(*(tf.nest.map_structure(lambda a, o=mine: function(a, o), part) for part, mine in parts))


class Own(NamedTuple):
    """Which parts of `Rows` every replica of a stack has of its own."""

    inputs: bool = False
    y: bool = False
    weights: bool = True


def make_rows(inputs, y=None, sample_weight=None):
    """Check and convert the rows of one part of the data; weights get mean one, rows of weight 0 leave."""
    inputs, y = tf.nest.map_structure(as_trained, inputs), as_outcome(y)
    lengths = [len(a) for a in tf.nest.flatten((inputs, y))]
    if sample_weight is None:
        weights = np.ones(lengths[-1], dtype=np.float32)
    else:
        weights = np.asarray(sample_weight, dtype=np.float64)
        lengths.append(len(weights))
    if len(set(lengths)) != 1 or 0 in lengths:
        raise InputError(
            "Inputs, outcome and weights must have the same number of rows, at least one.",
            f"Found {sorted(set(lengths))}.",
            "Pass arrays of the same rows.",
        )
    if sample_weight is not None:
        keep = np.flatnonzero(weights > 0)
        if len(keep) < len(weights):
            inputs, y, weights = some_rows((inputs, y, weights), keep)
        weights = (weights / weights.mean()).astype(np.float32)
    return Rows(inputs, y, weights)


def as_trained(array):
    """Return an array in the type it is trained in: float64 and bool as float32, int64 as int32."""
    array = np.asarray(array)
    if array.dtype == np.float64 or array.dtype.kind == "b":
        return array.astype(np.float32)
    return array.astype(np.int32) if array.dtype == np.int64 else array


def as_outcome(y):
    """Return an outcome in float32: an array, or a nest (dict or tuple) of arrays; () for None.

    Class numbers and codes up to 2**24 are exact.
    """
    if y is None:
        return ()
    if isinstance(y, dict):
        return {name: as_outcome(part) for name, part in y.items()}
    if isinstance(y, tuple) and all(isinstance(part, dict) or np.ndim(part) for part in y):
        return tuple(map(as_outcome, y))
    return np.asarray(y, dtype=np.float32)


def some_rows(nest, rows):
    """Take rows of a nest of arrays."""
    return tf.nest.map_structure(lambda a: a[rows], nest)


def count_rows(nest):
    """Return the number of rows of a nest of arrays, by its first one."""
    return len(tf.nest.flatten(nest)[0])


def shape_key(nest, skip=1):
    """Return text that is equal for nests of arrays whose rows have equal shape and type."""
    return repr(tf.nest.map_structure(lambda a: (a.shape[skip:], str(a.dtype)), nest))


def full_panels(inputs, n_rows):
    """Fill tables up to whole panels of rows, so that a row's output does not depend on its neighbours.

    Matrix products treat the last few rows by other instructions, which round differently.
    """
    arrays = tf.nest.flatten(inputs)
    missing = -n_rows % PANEL
    if not missing or any(a.ndim > 2 for a in arrays):
        return inputs
    return tf.nest.map_structure(lambda a: np.pad(a, [(0, missing), *[(0, 0)] * (a.ndim - 1)]), inputs)


def block_rows(inputs):
    """Return how many rows go through a model at once, a multiple of `PANEL`."""
    widest = sum(math.prod(a.shape[1:]) for a in tf.nest.flatten(inputs))
    return int(min(max(_BLOCK_NUMBERS // max(widest, 1) // PANEL, 1), 1024)) * PANEL
