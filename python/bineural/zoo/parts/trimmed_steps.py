"""Steps at which no row of a batch is real are cut off, so that no loop over time goes through them.

Shapes: (batch, time, n_features) or (batch, time) -> the same with as many steps as the longest row has.
"""

from bineural._tensorflow import keras, tf
from bineural.inputs.filling import FILL


@keras.saving.register_keras_serializable("bineural")
class TrimmedSteps(keras.layers.Layer):
    """Cut rows off after the last real step of the longest, but leave one step at least."""

    def call(self, x):
        """Cut sequences of numbers where all is `FILL`, and texts where all is 0."""
        return x[:, : _longest(x, axis=1)]

    def call_replicas(self, call, x):
        """Cut the rows of all replicas at the longest of all."""
        return x[:, :, : _longest(x, axis=2)]

    def compute_output_shape(self, input_shape):
        """Return the shape with a length that differs from batch to batch."""
        return (input_shape[0], None, *input_shape[2:])


def _longest(x, axis):
    """Return the number of the last step along an axis that is real in some row, at least 1."""
    real = x != tf.cast(FILL if x.dtype.is_floating else 0, x.dtype)
    here = tf.reduce_any(real, [i for i in range(x.shape.rank) if i != axis])
    return tf.maximum(tf.reduce_max(tf.where(here, tf.range(tf.size(here)) + 1, 0)), 1)
