"""Nets that find objects: one that says where the only object is, and one that looks at all places at once.

Shapes: (batch, height, width, channels) -> (batch, n_outputs).
"""

from bineural._tensorflow import keras
from bineural.checks import choice
from bineural.errors import InputError
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.image_inputs import WIDTH, scaled

_FILTERS = 16  # of the first block; each further one has twice as many


def build_locator(input_shape, n_outputs, *, width=1.0):
    """Build a net for one object, uncompiled: three blocks that halve the image, a dense layer of 128."""
    image = keras.Input(input_shape, name="image")
    x = _blocks(image, 3, width)
    x = keras.layers.Dense(scaled(128, width), activation="relu", name="hidden")(keras.layers.Flatten()(x))
    outputs = keras.layers.Dense(n_outputs, dtype="float32", name="outputs")(x)
    return keras.Model(image, outputs, name="locator")


def build_single_shot(input_shape, n_outputs, *, width=1.0, cell=8):
    """Build a net of a grid of cells, uncompiled: the outputs of a cell come from the pixels around it.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
    n_outputs : int
        As many for each cell; cells go row by row.
    width : float
        Factor on the numbers of filters.
    cell : int
        Pixels on a side of a cell, a power of two: each block halves height and width.

    Returns
    -------
    keras.Model
    """
    n_cells = -(-input_shape[0] // cell) * -(-input_shape[1] // cell)
    if n_outputs % n_cells:
        raise InputError(
            "The net 'single_shot' must have as many outputs for each cell.",
            f"Found {n_outputs} outputs and {n_cells} cells of {cell} pixels.",
            "Leave `grid` out, or choose architecture='locator' for images with one object.",
        )
    image = keras.Input(input_shape, name="image")
    n_blocks = cell.bit_length() - 1
    x = _blocks(image, n_blocks, width)
    for i in range(2):  # cells see those around them
        x = _convolve(x, scaled(_FILTERS * 2 ** (n_blocks - 1), width), f"around_{i}")
    x = keras.layers.Conv2D(n_outputs // n_cells, 1, dtype="float32", name="cells")(x)
    return keras.Model(image, keras.layers.Flatten(name="outputs")(x), name="single_shot")


def _blocks(x, n_blocks, width):
    for i in range(n_blocks):
        x = _convolve(x, scaled(_FILTERS * 2**i, width), f"block_{i}")
        x = keras.layers.MaxPooling2D(2, padding="same", name=f"halve_{i}")(x)
    return x


def _convolve(x, filters, name):
    x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    x = keras.layers.BatchNormalization(name=f"{name}_normalise")(x)
    return keras.layers.Activation("relu", name=f"{name}_activation")(x)


register_architecture(
    Architecture(
        "locator",
        build_locator,
        inputs=("image",),
        options=(WIDTH,),
        learning_rate=0.002,
        title="Convolutional net for the place of one object",
        paper="Sermanet, Eigen, Zhang, Mathieu, Fergus and LeCun. OverFeat: integrated recognition, "
        "localization and detection using convolutional networks. ICLR.",
        year=2014,
    )
)
register_architecture(
    Architecture(
        "single_shot",
        build_single_shot,
        inputs=("image",),
        options=(
            WIDTH,
            Option("cell", 8, choice(2, 4, 8, 16, 32), "int", "Pixels on a side of a cell of the grid."),
        ),
        learning_rate=0.002,
        title="Single-shot detector: a grid of cells, each with a box",
        paper="Redmon, Divvala, Girshick and Farhadi. You only look once: unified, real-time object "
        "detection. CVPR, 779-788.",
        year=2016,
    )
)
