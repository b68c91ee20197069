"""Deep convolutional GAN: transposed convolutions make images, convolutions judge them.

Shapes: (batch, height, width, n_channels) float32 -> (batch, 2), see `parts/adversaries.py`.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.image_inputs import WIDTH, image_input, scaled
from bineural.zoo.parts.noise_option import N_NOISE

FILTERS = 64, 128  # of the discriminator's convolutions, each of which halves the sides
_SLOPE, _SIZE = 0.2, 4


def build_dcgan(input_shape, n_outputs, *, n_noise=16, width=1.0):
    """Build generator and discriminator of two strided convolutions each, uncompiled.

    Parameters
    ----------
    input_shape : tuple (height, width, n_channels)
    n_outputs : int
        Two logits.
    n_noise : int
    width : float
        Factor on the numbers of filters.

    Returns
    -------
    keras.Model
        Of layers "noise", "generator" and "discriminator". Only the generator normalises over the batch: in
        the discriminator real and made rows would then be judged by what batch they are in.
    """
    from bineural.zoo.parts.adversaries import play  # loads TensorFlow

    layers, rows = keras.layers, image_input("dcgan", input_shape, 4)
    height, breadth, n_channels = input_shape
    first, second = (scaled(n, width) for n in FILTERS)
    small = (-(-height // 4), -(-breadth // 4), second)
    spare = 4 * small[0] - height, 4 * small[1] - breadth
    double = {"kernel_size": _SIZE, "strides": 2, "padding": "same"}
    generator = keras.Sequential(
        [
            keras.Input((n_noise,)),
            layers.Dense(small[0] * small[1] * small[2], use_bias=False, name="spread"),
            layers.BatchNormalization(name="spread_normalised"),
            layers.ReLU(name="spread_active"),
            layers.Reshape(small, name="maps"),
            layers.Conv2DTranspose(first, use_bias=False, name="double_0", **double),
            layers.BatchNormalization(name="double_0_normalised"),
            layers.ReLU(name="double_0_active"),
            layers.Conv2DTranspose(n_channels, name="double_1", **double),
            *[layers.Cropping2D(((0, spare[0]), (0, spare[1])), name="made")] * any(spare),
        ],
        name="generator",
    )
    discriminator = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2D(first, name="halve_0", **double),
            layers.LeakyReLU(_SLOPE, name="leaky_0"),
            layers.Conv2D(second, name="halve_1", **double),
            layers.LeakyReLU(_SLOPE, name="leaky_1"),
            layers.Flatten(name="features"),
            layers.Dense(1, name="real"),
        ],
        name="discriminator",
    )
    return play(rows, n_noise, generator, discriminator, "dcgan")


register_architecture(
    Architecture(
        "dcgan",
        build_dcgan,
        inputs=("image",),
        options=(N_NOISE, WIDTH),
        learns="samples",
        batch_by_rows=((0, 32), (1000, 64)),
        learning_rate=0.0005,
        title="Deep convolutional generative adversarial net",
        paper="Radford, Metz and Chintala. Unsupervised representation learning with deep convolutional "
        "generative adversarial networks. ICLR.",
        year=2016,
    )
)
