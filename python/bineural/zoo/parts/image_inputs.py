"""Inputs of a net for images: (batch, height, width, n_channels), and widths that are scaled together."""

from bineural._tensorflow import keras
from bineural.checks import number
from bineural.errors import InputError
from bineural.options import Option

WIDTH = Option(
    "width",
    1.0,
    number(0, 100, above=True, hint="Pass 1 for the widths of the paper, 0.25 for a fourth of them."),
    "float",
    "Factor on the numbers of filters and units of all layers but the last.",
    in_r="number",
    range="number",
)


def image_input(name, input_shape, least):
    """Make the input of a net for images.

    Parameters
    ----------
    name : str
        Of the architecture, for the error.
    input_shape : tuple (height, width, n_channels)
    least : int
        Pixels on a side that the smallest image has.

    Returns
    -------
    keras tensor (batch, height, width, n_channels)

    Raises
    ------
    InputError
        If rows are no images, or smaller than that; it says what size is needed.
    """
    if len(input_shape) != 3 or None in input_shape:
        raise InputError(
            f"The architecture {name!r} takes images of one size, (height, width, n_channels).",
            f"Found rows of shape {tuple(input_shape)}.",
            "Pass for example 28 x 28 grey images as an array (n_rows, 28, 28, 1).",
        )
    if min(input_shape[:2]) < least:
        height, width = input_shape[:2]
        raise InputError(
            f"Images for the architecture {name!r} must have at least {least} x {least} pixels.",
            f"Found {height} x {width}.",
            "Enlarge them, or take an architecture for smaller images: 'cnn' takes any size.",
        )
    return keras.Input(tuple(input_shape), name="image")


def scaled(n, width, multiple=1):
    """Return `width` times `n`, as the nearest whole multiple of `multiple`, and at least that.

    Parameters
    ----------
    n : int
        Filters or units at the paper's setting.
    width : float
    multiple : int
    """
    return max(1, int(n * width / multiple + 0.5)) * multiple
