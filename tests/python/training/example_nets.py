"""Three nets that learn without an outcome, written with what `bineural.training` offers to everybody.

An autoencoder (the target is the input), a variational autoencoder (sampled codes, a loss of two parts) and a
generative adversarial net (two optimizers that take turns).
"""

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.training import RowLoss, Step, StepMaker

layers = keras.layers
register = keras.saving.register_keras_serializable("example_nets")


def make_rows(n, seed=1):
    """Draw points near a ring in the plane, with two more columns that follow from them."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    x = np.stack([np.cos(angle), np.sin(angle), np.cos(angle) ** 2, np.sin(angle) * 0.5], axis=1)
    return (x + rng.normal(0, 0.1, x.shape)).astype("float32")


# ---- the target is the input ----


def squared_error(inputs, y, outputs):
    return tf.reduce_mean(tf.square(inputs - outputs), axis=1)


def autoencoder():
    """Return (model, options of training)."""
    x = keras.Input((4,))
    code = layers.Dense(2, activation="tanh", kernel_regularizer="l2")(x)
    model = keras.Model(x, layers.Dense(4)(code))
    return model, {"loss": RowLoss("squared error", squared_error), "optimizer": "adam"}


# ---- sampled codes ----


@register
class Sampling(layers.Layer):
    """Draws codes about their means in training, and gives the means otherwise."""

    def __init__(self, **options):
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, inputs, training=False):
        mean, log_variance = inputs
        if not training:
            return mean
        return mean + tf.exp(log_variance / 2) * keras.random.normal(tf.shape(mean), seed=self.seed_generator)


def kl_and_reconstruction(inputs, y, outputs):
    """Return both parts of the negative evidence lower bound under normal codes and unit variance."""
    mean, log_variance = outputs["mean"], outputs["log_variance"]
    kl = 0.5 * tf.reduce_sum(tf.square(mean) + tf.exp(log_variance) - 1 - log_variance, axis=1)
    return {"reconstruction": 0.5 * tf.reduce_sum(tf.square(inputs - outputs["decoded"]), axis=1), "kl": kl}


def vae():
    x = keras.Input((4,))
    hidden = layers.Dense(5, activation="tanh", name="hidden")(x)
    mean, log_variance = layers.Dense(2, name="to_mean")(hidden), layers.Dense(2, name="to_variance")(hidden)
    decoded = layers.Dense(4, name="to_decoded")(Sampling()([mean, log_variance]))
    model = keras.Model(x, {"decoded": decoded, "mean": mean, "log_variance": log_variance})
    parts = ("reconstruction", "kl")
    return model, {"loss": RowLoss("elbo", kl_and_reconstruction, parts=parts), "optimizer": "adam"}


# ---- two optimizers ----


@register
class Noise(layers.Layer):
    """Draws as many normal codes as there are rows."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units, self.seed_generator = units, keras.random.SeedGenerator()

    def call(self, inputs):
        return keras.random.normal((tf.shape(inputs)[0], self.units), seed=self.seed_generator)

    def compute_output_shape(self, shape):
        return shape[0], self.units

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def adversarial_costs(outputs):
    """Return what each row costs each of the two, by the logits of a real and of a made row."""
    real, made = outputs["real"][:, 0], outputs["made"][:, 0]
    return {
        "discriminator": tf.nn.softplus(-real) + tf.nn.softplus(made),
        "generator": tf.nn.softplus(-made),
    }


class AdversarialStep(Step):
    """The discriminator takes a step, then the generator, each with noise and an optimizer of its own."""

    columns = ("loss", "generator", "discriminator")
    watched_columns = ("loss", "generator", "discriminator")

    def __init__(self, model, optimizers, turns=("discriminator", "generator")):
        super().__init__(model, optimizers, {n: model.get_layer(n).trainable_variables for n in optimizers})
        self.turns = turns

    def __call__(self, state, inputs, y, weights, rates, size):
        numbers = {"generator": 0.0, "discriminator": 0.0}
        for name in self.turns:
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(state.trainable)
                outputs, fixed, _ = self.call(state, inputs, training=True)
                costs = adversarial_costs(outputs)[name]
                numbers[name] = tf.reduce_sum(weights * costs) / tf.cast(size, tf.float32)
            state = self.apply(state, name, numbers[name], tape)._replace(fixed=fixed)
        return state, {"loss": numbers["generator"] + numbers["discriminator"], **numbers}

    def watched(self, state, inputs, y):
        costs = adversarial_costs(self.predict(state, inputs))
        return {"loss": costs["generator"] + costs["discriminator"], **costs}


def gan(**settings):
    generator = keras.Sequential(
        [keras.Input((2,)), layers.Dense(5, activation="tanh"), layers.Dense(4)], name="generator"
    )
    discriminator = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(1)], name="discriminator"
    )
    x = keras.Input((4,))
    outputs = {"real": discriminator(x), "made": discriminator(generator(Noise(2)(x)))}
    optimizers = {"discriminator": keras.optimizers.RMSprop(0.01), "generator": "adam"}
    return keras.Model(x, outputs), {"step": StepMaker(AdversarialStep, optimizers, settings)}


EXAMPLES = {"autoencoder": autoencoder, "vae": vae, "gan": gan}
