"""Pooling over the real steps of sequences: their mean, or of each feature the largest number.

Shapes: (batch, time, n_features) and a mask (batch, time) -> (batch, n_features). Where no step is real, as
in a text without a word, both are 0.
"""

from bineural._tensorflow import keras


class _OverSteps(keras.layers.Layer):
    """What both have in common: the mask ends here."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        """Return no mask: there are no steps any more."""
        return None

    def compute_output_shape(self, input_shape):
        """Return the shape without the axis of steps."""
        return (*input_shape[:-2], input_shape[-1])

    def call_replicas(self, call, x, mask=None):
        """Pool the steps of each replica: the axes in front do not matter."""
        return self.call(x, mask)


@keras.saving.register_keras_serializable("bineural")
class MeanOfSteps(_OverSteps):
    """Return the mean of the real steps."""

    def call(self, x, mask=None):
        """Sum the real steps, and divide by their number."""
        if mask is None:
            return keras.ops.mean(x, axis=-2)
        real = keras.ops.expand_dims(keras.ops.cast(mask, x.dtype), -1)
        return keras.ops.sum(x * real, axis=-2) / keras.ops.maximum(keras.ops.sum(real, axis=-2), 1)


@keras.saving.register_keras_serializable("bineural")
class LargestOfSteps(_OverSteps):
    """Return the largest number that a feature has at the real steps."""

    def call(self, x, mask=None):
        """Look for the largest among the real steps."""
        if mask is None:
            return keras.ops.max(x, axis=-2)
        real = keras.ops.expand_dims(keras.ops.cast(mask, "bool"), -1)
        largest = keras.ops.max(keras.ops.where(real, x, x.dtype.min), axis=-2)
        return keras.ops.where(keras.ops.any(real, axis=-2), largest, 0)
