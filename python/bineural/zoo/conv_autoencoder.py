"""Convolutional autoencoder: convolutions that halve an image to the codes, and transposed ones back.

Shapes: (batch, height, width, n_channels) float32 -> see `parts/codes.py`.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.code_options import CODE_OPTIONS
from bineural.zoo.parts.convolving import Convolving
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled

FILTERS = 16, 32, 64  # of the convolutions that halve the sides, as many as leave 2 pixels


def build_conv_autoencoder(
    input_shape,
    n_outputs,
    *,
    activation="elu",
    l1=0.0,
    l2=0.0,
    n_codes=2,
    variational=False,
    noise=0.0,
    width=1.0,
):
    """Build an autoencoder of convolutions with stride 2, uncompiled.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
    n_outputs : int
        Not used: outputs follow from pixels and codes.
    activation : str
    l1, l2 : float
        Penalties on every kernel.
    n_codes : int
    variational : bool
    noise : float
    width : float
        Factor on the numbers of filters.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.codes import noisy, through_codes  # loads TensorFlow

    inputs = image_input("conv_autoencoder", input_shape, 4)
    height, breadth, n_channels = input_shape
    n_halvings = max(1, min(len(FILTERS), min(height, breadth).bit_length() - 2))
    filters = [scaled(n, width) for n in FILTERS[:n_halvings]]
    penalty = make_penalty(l1, l2)
    convolve = Convolving(activation, penalty=penalty)
    x = noisy(inputs, noise)
    for i, n in enumerate(filters):
        x = convolve(x, n, 3, f"halve_{i}", strides=2)
    small = x.shape[1:]
    features = keras.layers.Flatten(name="features")(x)

    def decode(codes):
        x = keras.layers.Dense(small[0] * small[1] * small[2], kernel_regularizer=penalty, name="spread")(
            codes
        )
        x = convolve.activate(x, "spread_active")
        x = keras.layers.Reshape(small, name="maps")(x)
        for i, n in enumerate([*filters[-2::-1], n_channels]):
            x = keras.layers.Conv2DTranspose(
                n, 3, strides=2, padding="same", kernel_regularizer=penalty, name=f"double_{i}"
            )(x)
            x = convolve.activate(x, f"double_{i}_active") if i < n_halvings - 1 else x
        spare = x.shape[1] - height, x.shape[2] - breadth
        if any(spare):
            x = keras.layers.Cropping2D(((0, spare[0]), (0, spare[1])), name="cut")(x)
        return keras.layers.Flatten(name="decoded")(x)

    return through_codes(inputs, features, decode, n_codes, variational, "conv_autoencoder")


register_architecture(
    Architecture(
        "conv_autoencoder",
        build_conv_autoencoder,
        inputs=("image",),
        reads=("activation", "l1", "l2"),
        options=(*CODE_OPTIONS, WIDTH),
        learns="rows",
        learning_rate=0.002,
        title="Convolutional autoencoder",
        paper="Masci, Meier, Ciresan and Schmidhuber. Stacked convolutional auto-encoders for hierarchical "
        "feature extraction. ICANN, 52-59.",
        year=2011,
    )
)
