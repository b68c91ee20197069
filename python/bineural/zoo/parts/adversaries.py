"""What generative adversarial nets share: the noise, and the two logits side by side.

The model takes rows and gives (batch, 2): the discriminator's logit of the row, and of a row that the
generator made of fresh noise.
"""

from bineural._tensorflow import keras, tf


@keras.saving.register_keras_serializable("bineural")
class Noise(keras.layers.Layer):
    """Draw as many vectors of normal numbers as there are rows, in training and otherwise."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units, self.seed_generator = units, keras.random.SeedGenerator()

    def call(self, x):
        """Return (batch, units)."""
        return keras.random.normal((tf.shape(x)[0], self.units), seed=self.seed_generator)

    def call_replicas(self, call, x):
        """Do so for many nets at once, each with the numbers that it would draw alone."""
        return call.draw(self.seed_generator, tf.stack([tf.shape(x)[1], self.units]), normal=True)

    def compute_output_shape(self, shape):
        """Return (batch, units)."""
        return (shape[0], self.units)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "units": self.units}


def play(rows, n_noise, generator, discriminator, name):
    """Make the model of a generator and a discriminator.

    Parameters
    ----------
    rows : keras tensor
        Input of the model.
    n_noise : int
    generator, discriminator : keras.Model
        Named so; (batch, n_noise) -> rows, and rows -> (batch, 1) logits of being real.
    name : str
    """
    made = generator(Noise(n_noise, name="noise")(rows))
    logits = [discriminator(rows), discriminator(made)]
    return keras.Model(rows, keras.layers.Concatenate(dtype="float32", name="logits")(logits), name=name)
