"""Gradients that go back through a window of steps of a recurrent layer, and not to the window before.

The state is carried from window to window, so that what a net puts out is what it is without windows. They
are counted from the last step that a layer reads, whose state is what the net predicts from; that of the
first steps may be shorter. Where a window covers the sequence the gradient is the full one.
Reference: Williams and Peng (1990). An efficient gradient-based algorithm for on-line training of recurrent
network trajectories. Neural Computation 2, 490-501.
"""

from bineural._tensorflow import keras


@keras.saving.register_keras_serializable("bineural")
class WindowStarts(keras.layers.Layer):
    """Put two numbers beside each step: whether a window starts there, read forward and read backward.

    Shapes: (batch, time, n_features) and a mask (batch, time) -> (batch, time, n_features + 2).

    Parameters
    ----------
    window : int
        Steps.
    """

    def __init__(self, window, **kwargs):
        super().__init__(**kwargs)
        self.window, self.supports_masking = int(window), True

    def call(self, x, mask=None):
        """Count the steps; the axes in front of (time, n_features) do not matter."""
        ops = keras.ops
        times = ops.arange(ops.shape(x)[-2], dtype="int32")
        real = ops.ones_like(x[..., 0], dtype="int32") if mask is None else ops.cast(mask, "int32")
        left = ops.sum(real, axis=-1, keepdims=True) - times  # steps to the last one, this one among them
        read = ops.zeros_like(left) + times + 1  # the same for reading backward
        starts = ops.stack([left % self.window == 0, read % self.window == 0], axis=-1)
        return ops.concatenate([x, ops.cast(starts, x.dtype)], axis=-1)

    def call_replicas(self, call, x, mask=None):
        """Count the steps of each replica's rows."""
        return self.call(x, mask)

    def compute_output_shape(self, input_shape):
        """Return the shape with two more features."""
        return (*input_shape[:-1], input_shape[-1] + 2)

    def get_config(self):
        """Return what `from_config` needs."""
        return {**super().get_config(), "window": self.window}


@keras.saving.register_keras_serializable("bineural")
class TruncatedCell(keras.layers.Layer):
    """A cell of a recurrent layer that reads what `WindowStarts` puts out.

    Parameters
    ----------
    cell : keras.Layer
        A cell that reads the features alone.
    backward : bool
        Whether its layer reads the steps from last to first.
    """

    def __init__(self, cell, backward=False, **kwargs):
        super().__init__(**kwargs)
        self.cell, self.backward = cell, bool(backward)
        self.units, self.state_size, self.output_size = cell.units, cell.state_size, cell.output_size

    def build(self, input_shape):
        """Build the cell for the features without the two numbers beside them."""
        self.cell.build((*input_shape[:-1], input_shape[-1] - 2))
        self.built = True

    def call(self, inputs, states, training=None):
        """Take one step, with states that pass no gradient back where a window starts."""
        starts = keras.ops.expand_dims(inputs[..., -1 if self.backward else -2], -1) > 0
        states = [keras.ops.where(starts, keras.ops.stop_gradient(state), state) for state in states]
        return self.cell(inputs[..., :-2], states, training=training)

    def get_initial_state(self, batch_size=None):
        """Return the states before the first step."""
        return self.cell.get_initial_state(batch_size)

    def get_config(self):
        """Return what `from_config` needs."""
        cell = keras.saving.serialize_keras_object(self.cell)
        return {**super().get_config(), "cell": cell, "backward": self.backward}

    @classmethod
    def from_config(cls, config):
        """Make the cell again."""
        config = {**config, "cell": keras.saving.deserialize_keras_object(config["cell"])}
        return cls(**config)
