"""Rows as autoencoders take them: an array of three axes is grey images."""

import numpy as np

from bineural.inputs.axes import count_axes


def with_channels(X):
    """Return rows; an array (n_rows, height, width) of numbers as images of one channel."""
    if hasattr(X, "ndim") and count_axes(X) == 3:
        return np.asarray(X)[..., None]
    return X
