"""VGG: stacks of 3 x 3 convolutions and poolings, then three dense layers; 11, 13, 16 or 19 layers deep.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
224 x 224 x 3. Two 3 x 3 convolutions see 5 x 5 pixels with fewer weights than one of 5 x 5.
Differences from the paper: dropout is an option (0.5 there), weights start by He's rule.
"""

from bineural._tensorflow import keras
from bineural.checks import choice, flag
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, dense_head, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled

DEPTHS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
FILTERS = 64, 128, 256, 512, 512


def build_vgg(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    batch_normalization=False,
    depth=16,
    dense=True,
    width=1.0,
):
    """Build a VGG net, uncompiled; VGG-16 has 138,357,544 weights at the paper's setting.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 32 x 32.
    n_outputs : int
    activation : str
    dropout : float in [0, 1)
        Of the dense layers; 0.5 in the paper.
    l1, l2 : float
        Penalties on every kernel.
    batch_normalization : bool
        Normalise each convolution over the batch, before its activation; it then has no bias.
    depth : {11, 13, 16, 19}
        Layers with weights.
    dense : bool
        Whether two dense layers of 4,096 units stand before the last; without them the means of the maps do.
    width : float
        Factor on the numbers of filters and units.

    Returns
    -------
    keras.Model
    """
    x = inputs = image_input("vgg", input_shape, 32)
    penalty = make_penalty(l1, l2)
    convolve = Convolving(activation, batch_normalization, penalty=penalty)
    for i, (n, filters) in enumerate(zip(DEPTHS[depth], FILTERS), 1):
        for k in range(1, n + 1):
            x = convolve(x, scaled(filters, width), 3, f"conv_{i}_{k}")
        x = keras.layers.MaxPooling2D(name=f"pool_{i}")(x)
    if dense:
        x = keras.layers.Flatten(name="flat")(x)
        x = dense_head(x, [scaled(4096, width)] * 2, activation, dropout, penalty)
    else:
        x = keras.layers.GlobalAveragePooling2D(name="means")(x)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name=f"vgg_{depth}")


register_architecture(
    Architecture(
        "vgg",
        build_vgg,
        inputs=("image",),
        reads=("activation", "dropout", "l1", "l2", "batch_normalization"),
        options=(
            Option(
                "depth",
                16,
                choice(*DEPTHS),
                "{11, 13, 16, 19}",
                "Layers with weights.",
                "count",
                range="whole",
            ),
            Option(
                "dense",
                True,
                flag(),
                "bool",
                "Whether two wide dense layers stand before the last, or the means of the maps.",
                "flag",
            ),
            WIDTH,
        ),
        learning_rate=0.001,
        title="VGG-11, 13, 16, 19",
        paper="Simonyan and Zisserman. Very deep convolutional networks for large-scale image recognition. "
        "arXiv:1409.1556.",
        year=2014,
    )
)
