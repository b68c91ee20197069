"""How a net's numeric columns are scaled first, and the channels of arrays of more dimensions.

A model that normalises by itself, or whose weights were learnt before, is given what it was made for: the
numbers as they are.
"""

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import SkewedWarning, UnscaledWarning
from bineural.messages import listed, warn

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


def read_scaling(scaling, model, keep_weights=False):
    """Return (how columns are scaled or False, why they are not where "auto" says so).

    Parameters
    ----------
    scaling : {"auto", "standard", "robust", "quantile"} or False
    model : keras.Model or None
        The user's own; what a builder builds is looked at once it is built.
    keep_weights : bool
        Whether a model starts from the weights it has.
    """
    if scaling != "auto":
        return scaling, ""
    why = "" if model is None else _why_not(model, keep_weights)
    return False if why else "standard", why


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
        "Say scaling=False, or scaling='standard' to standardise them all the same.",
    )


_FAR = 8.0  # SDs from the mean that only a long tail reaches
_ONE_SIDED = 0.7  # of `tail_skewness`; that of an exponential distribution is .56, of a log-normal one .67
_FEW = 20  # distinct values that are rather counts or codes
_MOST_ROWS = 10_000  # that quantiles are taken of


def say_skewed(learnt, inputs, weights=None):
    """Name columns whose standardised values lie in a heap with one long tail.

    A column is very skewed where it has more than 20 distinct values, one of them more than 8 SDs from the
    mean, and most of the distance between its 5% and 95% quantiles on one side of the median: a few wild
    values alone don't make it so, nor do columns of few values.

    Parameters
    ----------
    learnt : inputs.TableInput
    inputs : ndarray of float32, shape (n_rows, n_columns), or list of it and codes
        The training rows, standardised.
    weights : ndarray of float, shape (n_rows,), optional
        Rows of weight 0 don't count.
    """
    matrix = inputs[0] if isinstance(inputs, list) else inputs
    names = learnt.preparation.names_
    rows = slice(None) if weights is None or (weights > 0).all() else weights > 0
    far = [j for j in range(len(names)) if np.abs(matrix[rows, j]).max(initial=0) > _FAR]
    skewed = [names[j] for j in far if _is_skewed(matrix[rows, j])]
    if skewed:
        warn(
            SkewedWarning,
            f"Very skewed columns: {listed(skewed)}. Standardised, most of their values lie close together.\n"
            "Try scaling='robust', scaling='quantile' or logarithms; scaling='standard' says nothing.",
        )


def _is_skewed(column):
    column = column[:: max(1, len(column) // _MOST_ROWS)]
    return len(np.unique(column)) > _FEW and abs(tail_skewness(column)) >= _ONE_SIDED


def tail_skewness(values):
    """Return how much longer the upper tail is than the lower, from -1 to 1 (Hinkley, 1975).

    With quantiles q: (q(.95) + q(.05) - 2 q(.5)) / (q(.95) - q(.05)). Where nearly all values are equal, the
    tail is on the side of the mean.
    """
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float((high + low - 2 * middle) / (high - low) if high > low else np.sign(values.mean() - middle))
