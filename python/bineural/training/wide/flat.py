"""All weights of a replica in one row: (n_replicas, n_weights), so that an update is a few operations."""

import math

import numpy as np

from bineural._tensorflow import tf


class Flat:
    """The layout of such a row.

    Parameters
    ----------
    variables : list of keras.Variable
    """

    def __init__(self, variables):
        self.shapes = [tuple(v.shape) for v in variables]
        self.sizes = [math.prod(shape) for shape in self.shapes]

    def join(self, values):
        """Put the values of the variables, (n_replicas, *shape) each, in one row of each replica."""
        return tf.concat([tf.reshape(v, [-1, size]) for v, size in zip(values, self.sizes)], 1)

    def part(self, rows):
        """Undo `join`."""
        parts = tf.split(rows, self.sizes, 1) if len(self.sizes) > 1 else [rows]
        return [tf.reshape(part, [-1, *shape]) for part, shape in zip(parts, self.shapes)]

    def spread(self, numbers):
        """Return one number of each variable for each of its weights: (1, n_weights)."""
        return tf.constant(np.repeat(np.asarray(numbers, np.float32), self.sizes)[None])
