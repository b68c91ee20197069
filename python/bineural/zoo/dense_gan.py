"""Dense generative adversarial net: hidden layers from noise to a row, and from a row to a logit.

Shapes: (batch, n_columns) float32 -> (batch, 2), see `parts/adversaries.py`.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.noise_option import N_NOISE

_SLOPE = 0.2  # of the discriminator's leaky ReLU


def build_dense_gan(input_shape, n_outputs, *, units, activation="relu", n_noise=16):
    """Build generator and discriminator of the same hidden layers, uncompiled.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Two logits.
    units : sequence of int
        Hidden layers of the discriminator; the generator's are these in reverse.
    activation : str
        Of the generator; the discriminator has leaky ReLU.
    n_noise : int

    Returns
    -------
    keras.Model
        Of layers "noise", "generator" and "discriminator".
    """
    from bineural.zoo.parts.adversaries import play  # loads TensorFlow

    layers, rows = keras.layers, keras.Input(input_shape, name="columns")
    hidden = [layers.Dense(n, activation, name=f"make_{i}") for i, n in enumerate(units[::-1])]
    generator = keras.Sequential(
        [keras.Input((n_noise,)), *hidden, layers.Dense(input_shape[0], name="made")], name="generator"
    )
    judging = [keras.Input(input_shape)]
    for i, n in enumerate(units):
        judging += [layers.Dense(n, name=f"judge_{i}"), layers.LeakyReLU(_SLOPE, name=f"leaky_{i}")]
    discriminator = keras.Sequential([*judging, layers.Dense(1, name="real")], name="discriminator")
    return play(rows, n_noise, generator, discriminator, "dense_gan")


register_architecture(
    Architecture(
        "dense_gan",
        build_dense_gan,
        inputs=("table",),
        reads=("units", "activation"),
        options=(N_NOISE,),
        learns="samples",
        units_by_rows=((0, (64, 64)),),
        batch_by_rows=((0, 32), (1000, 64)),
        learning_rate=0.001,
        title="Generative adversarial net of dense layers",
        paper="Goodfellow and others. Generative adversarial nets. NeurIPS 27, 2672-2680.",
        year=2014,
    )
)
