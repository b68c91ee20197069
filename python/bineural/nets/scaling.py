"""Whether a net's numeric columns are standardised first, and the channels of arrays of more dimensions.

A model that normalises by itself, or whose weights were learnt before, is given what it was made for: the
numbers as they are.
"""

from bineural._tensorflow import keras
from bineural.errors import UnscaledWarning
from bineural.messages import warn

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


def read_scaling(scale, model, keep_weights=False):
    """Return (whether columns are standardised, why not where "auto" says so).

    Parameters
    ----------
    scale : {"auto"} or bool
    model : keras.Model or None
        The user's own; what a builder builds is looked at once it is built.
    keep_weights : bool
        Whether a model starts from the weights it has.
    """
    if scale != "auto":
        return bool(scale), ""
    why = "" if model is None else _why_not(model, keep_weights)
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
