"""Local response normalisation: each number is divided by a power of the squares in channels next to it.

Shapes: (batch, height, width, n) -> the same. b = a / (bias + alpha * sum a^2 over `radius` channels on
either side)^beta, Krizhevsky, Sutskever and Hinton (2012), NeurIPS, section 3.3.
"""

from bineural._tensorflow import keras, tf


@keras.saving.register_keras_serializable("bineural")
class LocalResponse(keras.layers.Layer):
    """Normalise over channels next to each other, by the constants of the paper."""

    radius, bias, alpha, beta = 2, 2.0, 1e-4, 0.75

    def call(self, x):
        """Return the normalised maps."""
        return tf.nn.local_response_normalization(x, self.radius, self.bias, self.alpha, self.beta)

    def call_replicas(self, call, x):
        """Return those of each replica (see `training.wide`)."""
        rows = tf.reshape(x, tf.concat([[-1], tf.shape(x)[2:]], 0))
        return tf.reshape(self.call(rows), tf.shape(x))

    def compute_output_shape(self, input_shape):
        """Return the shape that comes in."""
        return input_shape
