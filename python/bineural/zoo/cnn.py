"""CNN: blocks of two 3 x 3 convolutions and a pooling, then one dense layer; small, for images of any size.

Shapes: (batch, height, width, n_channels) float32 -> (batch, n_outputs) logits.
"""

from bineural._tensorflow import keras
from bineural.checks import whole
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import Convolving, dense_head, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled

FILTERS = 16, 32, 64, 128  # of the blocks; as many blocks as leave 2 pixels on a side
DENSE = 64


def build_cnn(
    input_shape,
    n_outputs,
    *,
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    batch_normalization=False,
    blocks=None,
    width=1.0,
):
    """Build a small convolutional net, uncompiled; 25,274 weights for 8 x 8 grey images of ten classes.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    activation : str
        Of convolutions and of the dense layer.
    dropout : float in [0, 1)
        Share of what the last block and the dense layer put out that is left out at random in each step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on every kernel.
    batch_normalization : bool
        Normalise each convolution over the batch, before its activation; it then has no bias.
    blocks : int, optional
        Two convolutions of 3 x 3 and a pooling that halves the sides; filters double up to 128. None: as many
        as leave the shorter side at least 2 pixels, at most four.
    width : float
        Factor on the numbers of filters and units.

    Returns
    -------
    keras.Model
    """
    x = inputs = image_input("cnn", input_shape, 1)
    penalty, side = make_penalty(l1, l2), min(input_shape[:2])
    convolve = Convolving(activation, batch_normalization, penalty=penalty)
    for i in range(count_blocks(side) if blocks is None else blocks):
        for part in "ab":
            filters = scaled(FILTERS[min(i, len(FILTERS) - 1)], width)
            x = convolve(x, filters, 3, f"block_{i}{part}")
        if min(x.shape[1:3]) > 1:
            x = keras.layers.MaxPooling2D(name=f"pool_{i}")(x)
    x = keras.layers.Flatten(name="flat")(x)
    if dropout:
        x = keras.layers.Dropout(dropout, name="dropout")(x)
    x = dense_head(x, [scaled(DENSE, width)], activation, dropout, penalty)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="cnn")


def count_blocks(side):
    """Return how many blocks images of this shorter side get."""
    return max(1, min(len(FILTERS), side.bit_length() - 2))


register_architecture(
    Architecture(
        "cnn",
        build_cnn,
        inputs=("image",),
        default_for=("image",),
        reads=("activation", "dropout", "l1", "l2", "batch_normalization"),
        options=(
            Option(
                "blocks",
                None,
                whole(1, 8).or_none(),
                "int, optional",
                "Blocks of two convolutions and a pooling; None: as many as leave 2 pixels, at most four.",
                in_r="count",
                range="whole",
            ),
            WIDTH,
        ),
        learning_rate=0.002,
        title="Small convolutional net",
        paper="LeCun and others. Backpropagation applied to handwritten zip code recognition. "
        "Neural Computation 1(4), 541-551.",
        year=1989,
    )
)
