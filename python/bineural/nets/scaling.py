"""Whether a net's numeric columns are standardised first, and the channels of arrays of more dimensions.

A model that normalises by itself, or whose weights were learnt before, is given what it was made for: the
numbers as they are.
"""

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import UnscaledWarning
from bineural.messages import warn
from bineural.tables.dense import column_moments, row_blocks

layers = keras.layers

# Layers that take numbers in their own unit, or codes.
_OF_RAW_NUMBERS = (
    layers.Rescaling,
    layers.Embedding,
    layers.CategoryEncoding,
    layers.Hashing,
    layers.UnitNormalization,
)
_NORMALISING = (layers.BatchNormalization, layers.LayerNormalization, layers.GroupNormalization)


def read_scaling(scale, architecture, keep_weights=False):
    """Return (whether columns are standardised, why not where "auto" says so).

    Parameters
    ----------
    scale : {"auto"} or bool
    architecture : str, keras.Model or callable
        What a builder builds is looked at once it is built.
    keep_weights : bool
        Whether a model starts from the weights it has.
    """
    if scale != "auto":
        return bool(scale), ""
    why = _why_not(architecture, keep_weights) if isinstance(architecture, keras.Model) else ""
    return not why, why


def _why_not(model, keep_weights):
    """Say what in a model takes numbers as they are; nothing if nothing does."""
    if keep_weights:
        return "it keeps its weights (keep_weights=True)"
    inner = list(model._flatten_layers(include_self=False))
    for layer in inner:
        if hasattr(layer, "adapt"):
            return f"it has a layer {type(layer).__name__} of its own"
    for layer in inner:
        if not layer.trainable and layer.weights and not isinstance(layer, keras.Model):
            return f"its layer {layer.name!r} is frozen"
    for layer in inner:
        if isinstance(layer, (*_OF_RAW_NUMBERS, *_NORMALISING)):
            return f"it begins with a layer {type(layer).__name__}"
        if layer.weights and not isinstance(layer, keras.Model):
            break
    return ""


def say_unscaled(name, why, deep):
    """Warn that a model gets columns (or the values of arrays) as they are."""
    what = "Values" if deep else "Columns"
    warn(
        UnscaledWarning,
        f"{what} go to the model {name!r} as they are, because {why}.\n"
        "Say scale=False, or scale=True to standardise them all the same.",
    )


def learn_channels(X, weights=None):
    """Learn mean and n-1 SD of each channel (the last axis) from rows of positive weight.

    Parameters
    ----------
    X : ndarray of numbers, shape (n_rows, ..., n_channels)
    weights : ndarray of float, shape (n_rows,), optional

    Returns
    -------
    centers, scales : ndarray of float64, shape (n_channels,)
        A channel that is constant has scale 1.
    """
    rows = X if weights is None or (weights > 0).all() else X[weights > 0]
    mean, spread = column_moments(rows.reshape(-1, X.shape[-1]))
    return mean, np.where(spread > 0, spread, 1.0)


def scale_channels(X, centers, scales):
    """Standardise the channels of an array: float32 of the same shape."""
    flat = X.reshape(-1, X.shape[-1])
    scaled = np.empty(flat.shape, np.float32)
    for rows in row_blocks(flat):
        scaled[rows] = (flat[rows] - centers) / scales
    return scaled.reshape(X.shape)
