"""LeNet-5: two convolutions with a pooling each, then three dense layers; as it is built now, or as in 1998.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
32 x 32 x 1, today's 28 x 28 x 1 with two pixels added around by the first convolution.
In 1998 ("1998") maps of the second convolution see some of those before, poolings have a factor and a bias
of their own, units are scaled tanh, and outputs are compared with codes of plus and minus 1.
Differences from the paper there: codes are drawn, not pictures of letters, and the loss is the cross-entropy.
With codes c of equal length the paper's -|x - c|^2 / 2 differs from c . x by what all outputs share.
"""

from bineural._tensorflow import keras
from bineural.checks import choice
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, dense_head, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled

# Which of the six maps each of the sixteen sees; LeCun and others (1998), table 1.
TABLE = (
    *((i, (i + 1) % 6, (i + 2) % 6) for i in range(6)),
    *((i, (i + 1) % 6, (i + 2) % 6, (i + 3) % 6) for i in range(6)),
    *((i, (i + 1) % 6, (i + 3) % 6, (i + 4) % 6) for i in range(3)),
    tuple(range(6)),
)


def build_lenet5(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    connections="full",
    width=1.0,
):
    """Build LeNet-5, uncompiled; 61,706 weights, or of 1998 60,000 that are trained.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 12 x 12.
    n_outputs : int
    activation : str
        Of today's net; that of 1998 has its own.
    dropout : float in [0, 1)
        Of the dense layers of today's net.
    l1, l2 : float
        Penalties on every kernel.
    connections : {"full", "1998"}
    width : float
        Factor on the numbers of filters and units of today's net.

    Returns
    -------
    keras.Model
    """
    x = inputs = image_input("lenet5", input_shape, 12)
    penalty, layers = make_penalty(l1, l2), keras.layers
    padding = "valid" if min(input_shape[:2]) >= 32 else "same"
    if connections == "1998":
        return keras.Model(inputs, _of_1998(x, n_outputs, padding, penalty), name="lenet5_1998")
    convolve = Convolving(activation, penalty=penalty)
    x = layers.MaxPooling2D(name="S2")(convolve(x, scaled(6, width), 5, "C1", padding=padding))
    x = layers.MaxPooling2D(name="S4")(convolve(x, scaled(16, width), 5, "C3", padding="valid"))
    x = layers.Flatten(name="flat")(x)
    x = dense_head(x, [scaled(120, width), scaled(84, width)], activation, dropout, penalty)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="lenet5")


def _of_1998(x, n_outputs, padding, penalty):
    from bineural.zoo.parts.lenet_layers import ConnectedMaps, ScaledTanh, SignCodes, TrainedPooling

    layers, kernel = keras.layers, {"kernel_regularizer": penalty}
    x = layers.Conv2D(6, 5, padding=padding, name="C1", **kernel)(x)
    x = TrainedPooling(name="S2")(ScaledTanh(name="C1_active")(x))
    x = ConnectedMaps(TABLE, 5, name="C3", **kernel)(ScaledTanh(name="S2_active")(x))
    x = TrainedPooling(name="S4")(ScaledTanh(name="C3_active")(x))
    x = layers.Flatten(name="flat")(ScaledTanh(name="S4_active")(x))
    for name, units in (("C5", 120), ("F6", 84)):
        x = ScaledTanh(name=f"{name}_active")(layers.Dense(units, name=name, **kernel)(x))
    codes = {"use_bias": False, "trainable": False, "kernel_initializer": SignCodes(), "dtype": "float32"}
    return layers.Dense(n_outputs, name="logits", **codes)(x)


register_architecture(
    Architecture(
        "lenet5",
        build_lenet5,
        inputs=("image",),
        reads=("activation", "dropout", "l1", "l2"),
        options=(
            Option(
                "connections",
                "full",
                choice("full", "1998"),
                '{"full", "1998"}',
                "Today's net, or that of 1998 with its table of connections.",
                "text",
            ),
            WIDTH,
        ),
        learning_rate=0.001,
        title="LeNet-5, of today and of 1998",
        paper="LeCun, Bottou, Bengio and Haffner. Gradient-based learning applied to document recognition. "
        "Proceedings of the IEEE 86(11), 2278-2324.",
        year=1998,
    )
)
