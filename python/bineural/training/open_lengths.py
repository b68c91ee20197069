"""Rows of any length: models of one input (batch, time, ...) whose time is open, and their graphs.

One graph takes rows of all lengths, so that folds, and rows to predict for, need not be traced again for the
longest sequence among them.
"""

from bineural._tensorflow import tf
from bineural.inputs.filling import fill_steps


def is_open(model):
    """Say whether a model takes rows of any length: one input (batch, None, ...), its other sizes known."""
    inputs = getattr(model, "inputs", None) or []
    row = list(inputs[0].shape[1:]) if len(inputs) == 1 else []
    return row[:1] == [None] and None not in row[1:]


def rows_like(model, inputs, skip=1):
    """Return the specifications of rows as a graph of a model takes them.

    Parameters
    ----------
    model : keras.Model
    inputs : nest of arrays
    skip : int
        Axes in front of a row's own.

    Returns
    -------
    nest of tf.TensorSpec
        (None, ...) of a row's own sizes, its length None where the model takes any.
    """
    any_length = is_open(model)

    def like(array):
        sizes = array.shape[skip:]
        return tf.TensorSpec([None, *([None, *sizes[1:]] if any_length else sizes)], array.dtype)

    return tf.nest.map_structure(like, inputs)


def rows_key(model, inputs, skip=1):
    """Return text that is equal for inputs that one graph of a model takes."""
    return repr(rows_like(model, inputs, skip))


def steps_of(model, inputs, skip=1):
    """Return how many steps rows have where the model takes any number of them, else 1."""
    return int(tf.nest.flatten(inputs)[0].shape[skip]) if is_open(model) else 1


def of_one_length(model, inputs):
    """Fill the rows of several nets up to one length, where the model takes any.

    Parameters
    ----------
    model : keras.Model
    inputs : list of nests of arrays (n_rows, ...)

    Returns
    -------
    list of nests of arrays
    """
    if not is_open(model):
        return inputs
    longest = max(steps_of(model, part) for part in inputs)
    return [tf.nest.map_structure(lambda a: fill_steps(a, longest), part) for part in inputs]
