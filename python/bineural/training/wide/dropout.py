"""Dropout: each replica draws its own numbers, those it would draw alone."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.registry import wide


@wide(keras.layers.Dropout, when=lambda layer: layer.noise_shape is None)
def dropout(layer, call, x):
    """Leave numbers out at random in training."""
    if not (call.training and 0 < layer.rate < 1):
        return x
    if isinstance(call.dropout, tuple):
        rate, scale = layer.rate, 1 / (1 - layer.rate)
    else:
        rate = tf.reshape(call.dropout, [-1] + [1] * (x.shape.rank - 1))
        scale = 1 / (1 - rate)
    numbers = call.draw(layer.seed_generator, tf.shape(x)[1:])
    return tf.where(numbers >= rate, x * scale, tf.zeros_like(x))
