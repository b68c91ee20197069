"""Normalisation over a batch, and over the numbers of a row."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.call import inner_shape
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.BatchNormalization, when=lambda layer: not (layer.renorm or layer.synchronized))
def batch_normalization(layer, call, x, mask=None):
    """Normalise over the rows of each replica's batch, without steps left out, or by its moving averages."""
    axis = layer.axis % (x.shape.rank - 1) + 1  # the layer counts axes without that of replicas
    shape = [1] * (x.shape.rank - 1)
    shape[axis - 1] = x.shape[axis]

    def along(variable):
        return tf.reshape(call[variable], [-1, *shape])

    mean, variance = along(layer.moving_mean), along(layer.moving_variance)
    if call.training and layer.trainable:
        others = [i for i in range(1, x.shape.rank) if i != axis]
        moving = [(layer.moving_mean, mean), (layer.moving_variance, variance)]
        mean, variance = _moments(x, others, mask)
        for (variable, before), now in zip(moving, (mean, variance)):
            after = before * layer.momentum + now * (1.0 - layer.momentum)
            call.assign(variable, tf.reshape(after, [-1, x.shape[axis]]))
    offset = along(layer.beta) if layer.center else None
    scale = along(layer.gamma) if layer.scale else None
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, layer.epsilon)


def _moments(x, axes, mask):
    """Return mean and variance over some axes, of the steps that a mask leaves."""
    if mask is None:
        return tf.nn.moments(x, axes, keepdims=True)
    here = tf.broadcast_to(tf.cast(mask, tf.bool)[..., None], tf.shape(x))
    count = tf.reduce_sum(tf.cast(here, x.dtype), axes, keepdims=True) + keras.config.epsilon()
    mean = tf.reduce_sum(tf.where(here, x, 0.0), axes, keepdims=True) / count
    square = tf.square(tf.where(here, x - mean, 0.0))
    return mean, tf.reduce_sum(square, axes, keepdims=True) / count


@wide(layers.LayerNormalization, when=lambda layer: layer.axis in (-1, [-1], (-1,)) and not layer.rms_scaling)
def layer_normalization(layer, call, x):
    """Normalise the last axis of each row."""
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    offset = call.along(layer.beta, x.shape.rank) if layer.center else None
    scale = call.along(layer.gamma, x.shape.rank) if layer.scale else None
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, layer.epsilon)


@wide(layers.RMSNormalization, when=lambda layer: layer.axis in (-1, [-1], (-1,)))
def rms_normalization(layer, call, x):
    """Divide the last axis of each row by its root mean square. Zhang and Sennrich (2019). NeurIPS."""
    size = tf.reduce_mean(tf.square(x), -1, keepdims=True)
    return x * tf.math.rsqrt(size + layer.epsilon) * call.along(layer.scale, x.shape.rank)


@wide(layers.GroupNormalization)
def group_normalization(layer, call, x):
    """Normalise groups of channels of each row. Wu and He (2018). Group normalization. ECCV."""
    axis, sizes = layer.axis % (x.shape.rank - 1) + 1, inner_shape(x)
    width = sizes[axis - 2] // layer.groups
    parted = [*sizes[: axis - 2], layer.groups, width, *sizes[axis - 1 :]]
    rows = tf.reshape(x, tf.stack([call.n_replicas, -1, *parted]))
    others = [i for i in range(2, rows.shape.rank) if i != axis]
    mean, variance = tf.nn.moments(rows, others, keepdims=True)

    def along(variable):
        ones = [1] * (len(parted) - axis)  # axes behind the channels
        shape = [-1, 1, *[1] * (axis - 2), layer.groups, width, *ones]
        return tf.reshape(call[variable], shape)

    factor = tf.math.rsqrt(variance + layer.epsilon)
    factor = factor * along(layer.gamma) if layer.scale else factor
    offset = -mean * factor
    offset = offset + along(layer.beta) if layer.center else offset
    return tf.reshape(rows * factor + offset, tf.shape(x))
