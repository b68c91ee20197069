"""Shortcut: a residual block's input brought to the shape of its output, without parameters.

Shapes: (batch, height, width, n) -> (batch, ceil(height / strides), ceil(width / strides), filters). Pixels
are left out and channels of zeros come last: "option A" of He and others (2016), CVPR.
"""

from bineural._tensorflow import keras


@keras.saving.register_keras_serializable("bineural")
class Shortcut(keras.layers.Layer):
    """Take each `strides`-th pixel, and fill the channels up with zeros to `filters`.

    Parameters
    ----------
    filters : int
        At least the channels that come in.
    strides : int
    """

    kernel_size = (1, 1)

    def __init__(self, filters, strides=1, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.strides = int(filters), (int(strides),) * 2

    def call(self, x):
        """Return the pixels with their further channels."""
        down, across = self.strides
        x = x[..., ::down, ::across, :]
        missing = self.filters - x.shape[-1]
        return keras.ops.pad(x, [(0, 0)] * (len(x.shape) - 1) + [(0, missing)]) if missing else x

    def call_replicas(self, call, x):
        """Return the same for the images of each replica (see `training.wide`)."""
        return self.call(x)

    def compute_output_shape(self, input_shape):
        """Return (batch, fewer rows, fewer columns, filters)."""
        sides = [-(-n // s) for n, s in zip(input_shape[1:3], self.strides)]
        return (input_shape[0], *sides, self.filters)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "filters": self.filters, "strides": self.strides[0]}
