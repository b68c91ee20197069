"""Activations: Keras' own work on numbers one by one, or over the last axis, so more axes change nothing."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.registry import wide

layers = keras.layers
_TENSORFLOW = {"linear": lambda x: x, "relu": tf.nn.relu, "tanh": tf.tanh, "sigmoid": tf.sigmoid}


def is_known_activation(function):
    """Say whether a function is one of Keras' own activations."""
    return function is None or function in keras.src.activations.ALL_OBJECTS


def activate(function, x):
    """Apply an activation."""
    if function is None:
        return x
    return _TENSORFLOW.get(function.__name__, function)(x)


@wide(layers.Activation, when=lambda layer: is_known_activation(layer.activation))
def activation(layer, call, x):
    """Apply the layer's activation."""
    return activate(layer.activation, x)


@wide(layers.ReLU, layers.LeakyReLU, layers.ELU, layers.Identity)
def of_layer(layer, call, x):
    """Call a layer that works on numbers one by one."""
    return layer.call(x)


@wide(layers.PReLU)
def prelu(layer, call, x):
    """Apply a leak of each place's own. He et al. (2015). Delving deep into rectifiers. ICCV."""
    return tf.nn.relu(x) - call.along(layer.alpha, x.shape.rank) * tf.nn.relu(-x)
