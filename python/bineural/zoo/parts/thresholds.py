"""Thresholds: one output becomes several, each shifted by a number of its own.

Shapes: (batch, 1) -> (batch, n) float32. What one net says of a row is then compared with n thresholds.
"""

from bineural._tensorflow import keras
from bineural.errors import InputError


@keras.saving.register_keras_serializable("bineural")
class Thresholds(keras.layers.Layer):
    """Add a learnt number to the input, for each of `n` outputs; they start at 0.

    Parameters
    ----------
    n : int
    """

    is_head = True  # of an objective, behind the layers of the net

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n, self.activation = int(n), keras.activations.linear

    def build(self, input_shape):
        """Make the shifts; the input must have one column."""
        if input_shape[-1] != 1:
            raise InputError(
                "A net for ordered classes must have one output for each row, compared with thresholds.",
                f"It has {input_shape[-1]}.",
                "End it with keras.layers.Dense(1).",
            )
        self.bias = self.add_weight(name="bias", shape=(self.n,), initializer="zeros")
        self.built = True

    def call(self, x):
        """Return x plus each shift."""
        return x + self.bias

    def call_replicas(self, call, x):
        """Return x (n_replicas, batch, ..., 1) plus the shifts of each replica (see `training.wide`)."""
        return x + call.along(self.bias, x.shape.rank)

    def compute_output_shape(self, input_shape):
        """Return (batch, n)."""
        return (*input_shape[:-1], self.n)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "n": self.n}
