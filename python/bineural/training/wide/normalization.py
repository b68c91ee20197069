"""Normalisation over a batch, and over the numbers of a row."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.BatchNormalization, when=lambda layer: not (layer.renorm or layer.synchronized))
def batch_normalization(layer, call, x):
    """Normalise over the rows of each replica's batch, or by its moving averages."""
    axis = layer.axis % (x.shape.rank - 1) + 1  # the layer counts axes without that of replicas
    shape = [1] * (x.shape.rank - 1)
    shape[axis - 1] = x.shape[axis]

    def along(variable):
        return tf.reshape(call[variable], [-1, *shape])

    mean, variance = along(layer.moving_mean), along(layer.moving_variance)
    if call.training and layer.trainable:
        others = [i for i in range(1, x.shape.rank) if i != axis]
        moving = [(layer.moving_mean, mean), (layer.moving_variance, variance)]
        mean, variance = tf.nn.moments(x, others, keepdims=True)
        for (variable, before), now in zip(moving, (mean, variance)):
            after = before * layer.momentum + now * (1.0 - layer.momentum)
            call.assign(variable, tf.reshape(after, [-1, x.shape[axis]]))
    offset = along(layer.beta) if layer.center else None
    scale = along(layer.gamma) if layer.scale else None
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, layer.epsilon)


@wide(layers.LayerNormalization, when=lambda layer: layer.axis in (-1, [-1], (-1,)) and not layer.rms_scaling)
def layer_normalization(layer, call, x):
    """Normalise the last axis of each row."""
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    offset = call.along(layer.beta, x.shape.rank) if layer.center else None
    scale = call.along(layer.gamma, x.shape.rank) if layer.scale else None
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, layer.epsilon)
