"""Positions: to what stands at a step, sines and cosines of its place in the sequence are added.

Shapes: (batch, time, width) -> the same. Of the numbers i = 0 ... width - 1 those of even i get
sin(t / 10000**(i / width)), the others the cosine of the same angle as the one before them.
Reference: Vaswani et al. (2017). Attention is all you need. NeurIPS, section 3.5.
"""

import numpy as np

from bineural._tensorflow import keras


@keras.saving.register_keras_serializable("bineural")
class Positions(keras.layers.Layer):
    """Add the sines and cosines of each step's place."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, x):
        """Add them; the axes in front of (time, width) do not matter."""
        n_times, width = keras.ops.shape(x)[-2], x.shape[-1]
        even = np.arange(width) // 2 * 2
        rates = keras.ops.convert_to_tensor(10000.0 ** (-even / width), "float32")
        angles = keras.ops.expand_dims(keras.ops.arange(n_times, dtype="float32"), -1) * rates
        is_sine = keras.ops.convert_to_tensor(np.arange(width) % 2 == 0)
        return x + keras.ops.cast(
            keras.ops.where(is_sine, keras.ops.sin(angles), keras.ops.cos(angles)), x.dtype
        )

    def call_replicas(self, call, x):
        """Add them in each replica."""
        return self.call(x)

    def compute_output_shape(self, input_shape):
        """Return the same shape."""
        return input_shape
