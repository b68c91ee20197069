"""Dropout and noise: each replica draws its own numbers, those it would draw alone."""

import math

from keras.src.backend.tensorflow.random import _get_concrete_noise_shape

from bineural._tensorflow import keras, tf
from bineural.training.wide.registry import wide

layers = keras.layers


def drop(call, generator, x, rate, noise_shape=None):
    """Leave numbers out at random, as Keras' own function for it does in training.

    Parameters
    ----------
    call : Call
    generator : keras.random.SeedGenerator
    x : tensor, (n_replicas, batch, ...)
    rate : float
    noise_shape : list of (int or scalar tensor), optional
        As Keras has it, for one replica: numbers along an axis of 1 are left out together.
    """
    if rate == 0:
        return x
    if rate == 1:
        return tf.zeros_like(x)
    rate, scale = rate_and_scale(call, rate, x.shape.rank)
    shape = tf.shape(x)[1:]
    if noise_shape is not None:
        shape = tf.stack([*[1] * (x.shape.rank - 1 - len(noise_shape)), *noise_shape])
    numbers = call.draw(generator, shape)
    return tf.where(numbers >= rate, x * scale, tf.zeros_like(x))


def rate_and_scale(call, rate, rank):
    """Return the share that is left out and what the rest is multiplied by, for tensors of this rank."""
    if not isinstance(call.dropout, tuple):
        rate = tf.reshape(call.dropout, [-1] + [1] * (rank - 1))
    return rate, 1 / (1 - rate)


@wide(layers.Dropout)
def dropout(layer, call, x):
    """Leave numbers out at random in training."""
    if not call.training or layer.rate == 0:
        return x
    noise_shape = layer.noise_shape and _get_concrete_noise_shape(x[0], layer.noise_shape)
    return drop(call, layer.seed_generator, x, layer.rate, noise_shape)


@wide(layers.SpatialDropout1D, layers.SpatialDropout2D, layers.SpatialDropout3D)
def spatial_dropout(layer, call, x):
    """Leave whole channels out at random in training."""
    if not call.training or layer.rate == 0:
        return x
    return drop(call, layer.seed_generator, x, layer.rate, layer._get_noise_shape(x[0]))


@wide(layers.GaussianNoise)
def gaussian_noise(layer, call, x):
    """Add normal numbers in training."""
    if not call.training or layer.stddev == 0:
        return x
    return x + call.draw(layer.seed_generator, tf.shape(x)[1:], normal=True) * layer.stddev


@wide(layers.GaussianDropout, when=lambda layer: layer.rate < 1)
def gaussian_dropout(layer, call, x):
    """Multiply by normal numbers of mean 1 in training."""
    if not call.training or layer.rate == 0:
        return x
    deviation = math.sqrt(layer.rate / (1 - layer.rate))
    return x * (call.draw(layer.seed_generator, tf.shape(x)[1:], normal=True) * deviation + 1.0)


@wide(layers.AlphaDropout, when=lambda layer: layer.rate < 1)
def alpha_dropout(layer, call, x):
    """Leave numbers out so that mean and variance stay. Klambauer et al. (2017), NeurIPS."""
    rate = layer.rate
    if not call.training or rate == 0:
        return x
    lowest = -1.6732632423543772 * 1.0507009873554804  # of a scaled exponential unit, as in Keras
    numbers = call.draw(
        layer.seed_generator, tf.stack(layer._get_concrete_noise_shape(x[0], layer.noise_shape))
    )
    kept = tf.cast(numbers >= rate, x.dtype)
    factor = ((1 - rate) * (1 + rate * lowest**2)) ** -0.5
    return factor * (x * kept + lowest * (1 - kept)) - factor * lowest * rate
