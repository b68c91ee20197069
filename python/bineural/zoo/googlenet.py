"""GoogLeNet: nine inception modules, 22 layers deep, with a ninth of AlexNet's weights.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
224 x 224 x 3. Differences from the paper: no auxiliary classifiers, dropout is an option (0.4 there).
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled
from bineural.zoo.parts.inception import inception

MODULES = {  # 1x1, 3x3 with fewer maps before, 5x5 likewise, behind the pooling; None: a pooling
    "3a": (64, (96, 128), (16, 32), 32),
    "3b": (128, (128, 192), (32, 96), 64),
    "pool_3": None,
    "4a": (192, (96, 208), (16, 48), 64),
    "4b": (160, (112, 224), (24, 64), 64),
    "4c": (128, (128, 256), (24, 64), 64),
    "4d": (112, (144, 288), (32, 64), 64),
    "4e": (256, (160, 320), (32, 128), 128),
    "pool_4": None,
    "5a": (256, (160, 320), (32, 128), 128),
    "5b": (384, (192, 384), (48, 128), 128),
}


def build_googlenet(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    batch_normalization=False,
    width=1.0,
):
    """Build GoogLeNet, uncompiled; 6,998,552 weights at the paper's setting.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 32 x 32.
    n_outputs : int
    activation : str
    dropout : float in [0, 1)
        Of the means of the last maps; 0.4 in the paper.
    l1, l2 : float
        Penalties on every kernel.
    batch_normalization : bool
        Normalise each convolution over the batch, before its activation; it then has no bias.
    width : float
        Factor on the numbers of filters.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.local_response import LocalResponse

    x = inputs = image_input("googlenet", input_shape, 32)
    penalty = make_penalty(l1, l2)
    convolve = Convolving(activation, batch_normalization, penalty=penalty)

    def pool(x, name):
        return keras.layers.MaxPooling2D(3, 2, padding="same", name=name)(x)

    x = pool(convolve(x, scaled(64, width), 7, "conv_1", strides=2), "pool_1")
    x = convolve(LocalResponse(name="response_1")(x), scaled(64, width), 1, "conv_2_fewer")
    x = LocalResponse(name="response_2")(convolve(x, scaled(192, width), 3, "conv_2"))
    x = pool(x, "pool_2")
    for name, filters in MODULES.items():
        if filters is None:
            x = pool(x, name)
            continue
        ones, threes, fives, pooled = keras.tree.map_structure(lambda n: scaled(n, width), filters)
        x = inception(convolve, x, ones, threes, fives, pooled, f"inception_{name}")
    x = keras.layers.GlobalAveragePooling2D(name="means")(x)
    if dropout:
        x = keras.layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="googlenet")


register_architecture(
    Architecture(
        "googlenet",
        build_googlenet,
        inputs=("image",),
        reads=("activation", "dropout", "l1", "l2", "batch_normalization"),
        options=(WIDTH,),
        learning_rate=0.001,
        title="GoogLeNet: nine inception modules",
        paper="Szegedy and others. Going deeper with convolutions. CVPR.",
        year=2015,
    )
)
