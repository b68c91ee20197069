"""The state of a training in a checkpoint: tensors as arrays and back; see `bundles/checkpoint.py`."""

import contextlib

import numpy as np

from bineural._tensorflow import tf
from bineural.bundles.checkpoint import Checkpoint
from bineural.bundles.schema import Mismatch
from bineural.errors import InputError


def as_checkpoint(checkpoint):
    """Return a `Checkpoint` from one, or from its path."""
    return checkpoint if isinstance(checkpoint, Checkpoint) else Checkpoint(checkpoint)


def flat_arrays(nest):
    """Return the leaves of a nest of tensors as a list of arrays."""
    return [np.asarray(value) for value in tf.nest.flatten(nest)]


def nest_like(example, arrays, skip=0):
    """Put arrays back into a nest of tensors like `example`; the first `skip` sizes may differ.

    Raises
    ------
    InputError
        If number, shapes or types are not those of the example.
    """
    leaves = tf.nest.flatten(example)
    if len(leaves) != len(arrays):
        raise damaged_state(f"{len(arrays)} arrays where {len(leaves)} are needed")
    for leaf, array in zip(leaves, arrays):
        kind = tf.as_dtype(leaf.dtype).as_numpy_dtype
        same = array.dtype == kind or (array.dtype.kind, array.dtype.itemsize) == (
            "V",
            np.dtype(kind).itemsize,
        )
        if tuple(leaf.shape[skip:]) != array.shape[skip:] or leaf.shape.rank != array.ndim or not same:
            raise damaged_state(f"shape {array.shape} of {array.dtype} where {leaf.shape} is needed")
    tensors = [
        tf.constant(a if a.dtype == d else a.view(d))  # a file knows bfloat16 as two bytes
        for a, d in zip(arrays, (tf.as_dtype(leaf.dtype).as_numpy_dtype for leaf in leaves))
    ]
    return tf.nest.pack_sequence_as(example, tensors)


@contextlib.contextmanager
def whole_state():
    """Say in words what of a state can't be."""
    try:
        yield
    except Mismatch as error:
        raise damaged_state(f"something else: {error}") from error


def damaged_state(reason):
    """Return the error for a state that does not fit the training it is said to be of."""
    return InputError(
        "A checkpoint must hold the state of this training.",
        f"It holds {reason}.",
        "Delete it, or give another path; another version of bineural may have written it.",
    )
