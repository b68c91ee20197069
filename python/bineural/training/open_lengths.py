"""Rows of any length: inputs (batch, time, ...) of a model whose time is open, and the graphs of such models.

One graph takes rows of all lengths, so that folds, and rows to predict for, need not be traced again for the
longest sequence among them.
"""

from bineural._tensorflow import tf
from bineural.inputs.filling import fill_steps


def open_inputs(model, inputs):
    """Say of each array whether its rows may have any length: the model declares (batch, None, ...).

    Parameters
    ----------
    model : keras.Model
        One of several inputs must take them in a list for any to be open.
    inputs : nest of arrays

    Returns
    -------
    list of bool
        In the order of `tf.nest.flatten(inputs)`.
    """
    declared, n_arrays = getattr(model, "inputs", None) or [], len(tf.nest.flatten(inputs))
    if isinstance(inputs, dict) or len(declared) != n_arrays:
        return [False] * n_arrays
    rows = [list(tensor.shape[1:]) for tensor in declared]
    return [row[:1] == [None] and None not in row[1:] for row in rows]


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

    def like(array, any_length):
        sizes = array.shape[skip:]
        return tf.TensorSpec([None, *([None, *sizes[1:]] if any_length else sizes)], array.dtype)

    specs = map(like, tf.nest.flatten(inputs), open_inputs(model, inputs))
    return tf.nest.pack_sequence_as(inputs, list(specs))


def rows_key(model, inputs, skip=1):
    """Return text that is equal for inputs that one graph of a model takes."""
    return repr(rows_like(model, inputs, skip))


def steps_of(model, inputs, skip=1):
    """Return how many steps rows have where the model takes any number of them, the most; else 1."""
    arrays = zip(tf.nest.flatten(inputs), open_inputs(model, inputs))
    return max((int(array.shape[skip]) for array, any_length in arrays if any_length), default=1)


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
    each = [tf.nest.flatten(part) for part in inputs]
    for k, any_length in enumerate(open_inputs(model, inputs[0])):
        if any_length:
            longest = max(arrays[k].shape[1] for arrays in each)
            for arrays in each:
                arrays[k] = fill_steps(arrays[k], longest)
    return [tf.nest.pack_sequence_as(part, arrays) for part, arrays in zip(inputs, each)]
