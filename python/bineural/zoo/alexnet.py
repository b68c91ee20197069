"""AlexNet: five convolutions and three dense layers, in two groups that once were two cards.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits; the paper's images are
227 x 227 x 3 (it says 224, which its own sizes contradict).
Differences from the paper: dropout is an option (0.5 there), weights start by He's rule.
"""

from bineural._tensorflow import keras
from bineural.checks import flag
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, dense_head, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled


def build_alexnet(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    grouped=True,
    width=1.0,
):
    """Build AlexNet, uncompiled; 60,965,224 weights at the paper's setting, 62,378,344 without groups.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
        At least 67 x 67.
    n_outputs : int
    activation : str
    dropout : float in [0, 1)
        Of the dense layers; 0.5 in the paper.
    l1, l2 : float
        Penalties on every kernel.
    grouped : bool
        Whether the second, fourth and fifth convolution see half of the maps each, as in the paper.
    width : float
        Factor on the numbers of filters and units.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.local_response import LocalResponse

    x = inputs = image_input("alexnet", input_shape, 67)
    penalty, groups = make_penalty(l1, l2), 2 if grouped else 1
    convolve = Convolving(activation, penalty=penalty)

    def pool(x, name):
        return keras.layers.MaxPooling2D(3, 2, name=name)(x)

    x = convolve(x, scaled(96, width, 2), 11, "conv_1", strides=4, padding="valid")
    x = pool(LocalResponse(name="response_1")(x), "pool_1")
    x = convolve(x, scaled(256, width, 2), 5, "conv_2", groups=groups)
    x = pool(LocalResponse(name="response_2")(x), "pool_2")
    x = convolve(x, scaled(384, width, 2), 3, "conv_3")
    x = convolve(x, scaled(384, width, 2), 3, "conv_4", groups=groups)
    x = pool(convolve(x, scaled(256, width, 2), 3, "conv_5", groups=groups), "pool_5")
    x = keras.layers.Flatten(name="flat")(x)
    x = dense_head(x, [scaled(4096, width)] * 2, activation, dropout, penalty)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="alexnet")


register_architecture(
    Architecture(
        "alexnet",
        build_alexnet,
        inputs=("image",),
        reads=("activation", "dropout", "l1", "l2"),
        options=(
            Option(
                "grouped",
                True,
                flag(),
                "bool",
                "Whether three of the convolutions see half of the maps each, as in the paper.",
                "flag",
            ),
            WIDTH,
        ),
        learning_rate=0.0005,
        title="AlexNet, in two groups or one",
        paper="Krizhevsky, Sutskever and Hinton. ImageNet classification with deep convolutional neural "
        "networks. NeurIPS.",
        year=2012,
    )
)
