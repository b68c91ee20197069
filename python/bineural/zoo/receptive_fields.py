"""Receptive fields: how many pixels of the image each place of a layer's output sees.

A window of k pixels with steps of s widens the field by (k - 1) times the steps of all layers before, and
multiplies those steps by s. Where maps meet, the largest field counts.
"""

from typing import NamedTuple

_UNCHANGED = {  # layers whose places see what the places before them see
    *("Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "BatchNormalization"),
    *("Concatenate", "Cropping2D", "Dropout", "ELU", "GaussianDropout", "GaussianNoise", "Identity"),
    *("LeakyReLU", "LocalResponse", "Maximum", "Minimum", "Multiply", "Normalization", "PReLU", "ReLU"),
    *("Rescaling", "ScaledTanh", "Softmax", "SpatialDropout2D", "Subtract", "UnitNormalization"),
    "ZeroPadding2D",
}
WHOLE = "image"


class Field(NamedTuple):
    """Pixels that a place sees, down and across, and pixels from one place to the next."""

    size: tuple = (1, 1)
    step: tuple = (1, 1)


def receptive_fields(calls):
    """Return the receptive field of each call of a model of images.

    Parameters
    ----------
    calls : list of Call
        Of `read_calls`.

    Returns
    -------
    list of str
        "5 x 5", height by width, which may be more than the image has; "image" where a number depends on all
        of it; "" where that can't be told, or the input is no image.
    """
    fields = []
    for call in calls:
        fields.append(_field(call, [fields[source] for source in call.sources]))
    return [field if isinstance(field, str) else "{} x {}".format(*field.size) for field in fields]


def _field(call, sources):
    operation, shape = call.operation, call.output_shape
    if not sources:
        return Field() if shape is not None and len(shape) == 4 else ""
    if "" in sources or shape is None:
        return ""
    if WHOLE in sources or len(shape) != 4:
        return WHOLE
    before = Field(*(tuple(map(max, zip(*part))) for part in zip(*sources)))
    if (window := _window(operation)) is not None:
        sizes, strides = window
        return Field(
            tuple(n + (k - 1) * step for n, k, step in zip(before.size, sizes, before.step)),
            tuple(step * s for step, s in zip(before.step, strides)),
        )
    kind = type(operation).__name__
    by_place = kind == "Dense" or kind in _UNCHANGED
    return before if by_place else ""


def _window(operation):
    """Return (sizes, strides) of a layer that looks through a window, else None."""
    sizes = getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", None)
    if sizes is None or "Transpose" in type(operation).__name__:
        return None
    strides = getattr(operation, "strides", None) or sizes
    dilations = getattr(operation, "dilation_rate", (1, 1))
    both = [n if isinstance(n, (tuple, list)) else (n, n) for n in (sizes, strides, dilations)]
    return [(k - 1) * d + 1 for k, d in zip(both[0], both[2])], both[1]
