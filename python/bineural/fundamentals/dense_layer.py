"""A dense layer to use again and again: `activation(x @ weights + bias)`, its weights drawn for its width."""

from __future__ import annotations

import numpy as np

from bineural._tensorflow import tf
from bineural._typing import Array, Seed
from bineural.checks import checked, choice, flag, seed, whole

ACTIVATIONS = {"identity": tf.identity, "relu": tf.nn.relu, "sigmoid": tf.sigmoid, "tanh": tf.tanh}
_ACTIVATION = choice(*ACTIVATIONS)
CUT_SD = 0.8796256610342398  # of a standard normal that is drawn again beyond -2 and 2


@checked(n_inputs=whole(1), n_units=whole(1), corrected=flag(), seed=seed())
def draw_weights(n_inputs: int, n_units: int, corrected: bool = False, seed: Seed = None) -> Array:
    """Draw the first weights of a dense layer, normal with SD 2 / sqrt(inputs + units).

    What falls beyond two standard deviations is drawn again. This makes the standard deviation smaller:
    0.8796 of what was asked for.

    Parameters
    ----------
    n_inputs, n_units : int
        The layer's inputs and units.
    corrected : bool
        Whether the normal is drawn wider, so that the standard deviation is what was asked for.
    seed : int, optional
        The same seed draws the same weights.

    Returns
    -------
    ndarray of float32, shape (n_inputs, n_units)

    Raises
    ------
    InputError
        If a number is not a count.

    Examples
    --------
    >>> weights = draw_weights(400, 400, seed=1)
    >>> round(float(weights.std() / (2 / np.sqrt(800))), 2)
    0.88
    """
    sd = 2 / np.sqrt(n_inputs + n_units) / (CUT_SD if corrected else 1)
    pair = np.random.default_rng(seed).integers(0, 2**31, 2)  # TensorFlow's stateless draws take two numbers
    return tf.random.stateless_truncated_normal((n_inputs, n_units), seed=pair, stddev=sd).numpy()


class DenseLayer(tf.Module):
    """A dense layer of TensorFlow variables; call it with a tensor of rows.

    Parameters
    ----------
    weights : array_like of float32, shape (n_inputs, n_units)
        For example from `draw_weights`.
    bias : array_like of float32, shape (n_units,), optional
        At 0 by default.
    activation : str
        "identity", "relu", "sigmoid" or "tanh".

    Attributes
    ----------
    weights, bias : tf.Variable

    Examples
    --------
    >>> layer = DenseLayer([[1.0, -1.0], [1.0, 1.0]], activation="relu")
    >>> layer([[2.0, 1.0]]).numpy().tolist()
    [[3.0, 0.0]]
    """

    def __init__(self, weights, bias=None, activation="relu"):
        super().__init__()
        self.activation = _ACTIVATION(activation, "activation")
        self.weights = tf.Variable(weights, dtype=tf.float32)
        self.bias = tf.Variable(tf.zeros(self.weights.shape[1]) if bias is None else bias, dtype=tf.float32)

    def __call__(self, x):
        """Return the values of the units, a row for each row of `x`."""
        return ACTIVATIONS[self.activation](tf.matmul(x, self.weights) + self.bias)


def run_layers(layers, x):
    """Send rows through one layer after the other."""
    for layer in layers:
        x = layer(x)
    return x
