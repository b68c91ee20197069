"""Rows as autoencoders take them: an array of three axes is grey images."""

import numpy as np

from bineural.data.pictures import Pictures, as_pictures
from bineural.errors import InputError
from bineural.inputs.axes import count_axes
from bineural.inputs.kinds import describe
from bineural.tables.frames import is_frame


def with_channels(X):
    """Return rows; an array (n_rows, height, width) of numbers as images of one channel."""
    if hasattr(X, "ndim") and count_axes(X) == 3:
        return np.asarray(X)[..., None]
    return X


def refuse_objects(rows):
    """Refuse an array of things that are no numbers, nor pictures, and what is no rows at all."""
    kind = getattr(getattr(rows, "dtype", None), "kind", "")
    if kind != "O" and hasattr(rows, "__len__"):
        return
    if is_frame(rows) or isinstance(as_pictures(rows), Pictures):
        return
    try:
        np.asarray(rows, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            "Rows must be numbers: a table, an array, or pictures.",
            f"Found {describe(rows)}, and {error}.",
            "Convert them, or pass a data frame.",
        ) from error
