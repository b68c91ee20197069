"""A convolution over time that reads zeros at steps that fill a sequence up, and passes their mask on.

Shapes: (batch, time, n_features) and a mask (batch, time) -> (batch, time, filters). So what it puts out at a
real step does not depend on how far the sequence is filled up.
"""

from bineural._tensorflow import keras


@keras.saving.register_keras_serializable("bineural")
class StepConvolution(keras.layers.Conv1D):
    """`keras.layers.Conv1D` of padding "same" that knows masks."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(filters, kernel_size, **{"padding": "same", **kwargs})
        self.supports_masking = True

    def call(self, x, mask=None):
        """Convolve the real steps, with zeros around them."""
        return super().call(_zero_outside(x, mask))

    def call_replicas(self, call, x, mask=None):
        """Convolve with the filters of each replica (see `training.wide`)."""
        from bineural.training.wide.convolution import convolution

        return convolution(self, call, _zero_outside(x, mask))


def _zero_outside(x, mask):
    return x if mask is None else x * keras.ops.expand_dims(keras.ops.cast(mask, x.dtype), -1)
