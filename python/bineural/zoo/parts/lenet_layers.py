"""Layers of LeNet-5 as it was in 1998: partly connected maps, poolings that learn, scaled tanh, fixed codes.

Reference: LeCun, Bottou, Bengio and Haffner (1998). Proceedings of the IEEE 86(11), 2278-2324, section II.B.
"""

import numpy as np

from bineural._tensorflow import keras, tf


@keras.saving.register_keras_serializable("bineural")
class ConnectedMaps(keras.layers.Layer):
    """Convolve so that each map sees some of those that come in: (batch, h, w, n) -> (batch, h', w', n_maps).

    Parameters
    ----------
    table : sequence of sequences of int
        The maps that each map sees, counted from 0.
    size : int
        Pixels of a filter on a side.
    kernel_regularizer
        As in `keras.layers.Conv2D`. The kernel is (size * size, n_connections), maps one after the other.
    """

    padding, strides, dilation_rate, rank = "valid", (1, 1), (1, 1), 2

    def __init__(self, table, size, kernel_regularizer=None, **kwargs):
        super().__init__(**kwargs)
        self.table, self.kernel_size = tuple(map(tuple, table)), (int(size),) * 2
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

    def build(self, input_shape):
        """Make a filter for each connection and a bias for each map."""
        self.n_seen = input_shape[-1]
        size, fan_in = self.kernel_size[0] ** 2, max(map(len, self.table)) * self.kernel_size[0] ** 2
        limit = (3 / fan_in) ** 0.5
        self.kernel = self.add_weight(
            name="kernel",
            shape=(size, sum(map(len, self.table))),
            initializer=keras.initializers.RandomUniform(-limit, limit),
            regularizer=self.kernel_regularizer,
        )
        self.bias = self.add_weight(name="bias", shape=(len(self.table),), initializer="zeros")
        self.built = True

    def _places(self):
        """Return (n_connections, n_seen * n_maps): 1 where a connection's filter belongs."""
        pairs = [(seen, map_) for map_, all_seen in enumerate(self.table) for seen in all_seen]
        places = np.zeros((len(pairs), self.n_seen * len(self.table)), "float32")
        for i, (seen, map_) in enumerate(pairs):
            places[i, seen * len(self.table) + map_] = 1
        return places

    def call(self, x):
        """Return the maps."""
        whole = keras.ops.matmul(self.kernel, keras.ops.cast(self._places(), self.kernel.dtype))
        whole = keras.ops.reshape(whole, (*self.kernel_size, self.n_seen, len(self.table)))
        return keras.ops.conv(x, keras.ops.cast(whole, x.dtype), padding="valid") + self.bias

    def call_replicas(self, call, x):
        """Return the maps of each replica (see `training.wide`)."""
        from bineural.training.wide.call import fold
        from bineural.training.wide.convolution import each_place
        from bineural.training.wide.dense import affine

        seen, sizes = each_place(self, fold(x))
        rows = tf.reshape(tf.concat(seen, -1), tf.stack([call.n_replicas, -1, len(seen) * self.n_seen]))
        whole = tf.matmul(call[self.kernel], self._places()[None])
        whole = tf.reshape(whole, [-1, len(seen) * self.n_seen, len(self.table)])
        out = affine(rows, whole, call[self.bias])
        return tf.reshape(out, tf.stack([call.n_replicas, -1, *sizes, len(self.table)]))

    def compute_output_shape(self, input_shape):
        """Return the shape of the maps."""
        sides = [n - self.kernel_size[0] + 1 for n in input_shape[1:3]]
        return (input_shape[0], *sides, len(self.table))

    def get_config(self):
        """Return what `from_config` needs."""
        return {
            **super().get_config(),
            "table": [list(seen) for seen in self.table],
            "size": self.kernel_size[0],
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
        }


@keras.saving.register_keras_serializable("bineural")
class TrainedPooling(keras.layers.Layer):
    """Add 2 x 2 pixels, times a learnt factor, plus a learnt bias, one of each for every map."""

    pool_size, strides = (2, 2), (2, 2)

    def build(self, input_shape):
        """Make factors, of the mean to begin with, and biases."""
        start = keras.initializers.Constant(0.25)
        self.factor = self.add_weight(name="factor", shape=(input_shape[-1],), initializer=start)
        self.bias = self.add_weight(name="bias", shape=(input_shape[-1],), initializer="zeros")
        self.built = True

    def call(self, x):
        """Return the weighted sums."""
        return 4 * keras.ops.average_pool(x, 2, 2, "valid") * self.factor + self.bias

    def call_replicas(self, call, x):
        """Return those of each replica (see `training.wide`)."""
        from bineural.training.wide.call import fold, unfold

        sums = 4 * unfold(call, keras.ops.average_pool(fold(x), 2, 2, "valid"))
        return sums * call.along(self.factor, x.shape.rank) + call.along(self.bias, x.shape.rank)

    def compute_output_shape(self, input_shape):
        """Return half the sides."""
        return (input_shape[0], input_shape[1] // 2, input_shape[2] // 2, input_shape[3])


@keras.saving.register_keras_serializable("bineural")
class ScaledTanh(keras.layers.Layer):
    """1.7159 tanh(2 x / 3), which is 1 at 1 and has its strongest curvature there."""

    def call(self, x):
        """Return the squashed numbers."""
        return 1.7159 * keras.ops.tanh(x * (2 / 3))

    def call_replicas(self, call, x):
        """Return those of each replica (see `training.wide`)."""
        return self.call(x)

    def compute_output_shape(self, input_shape):
        """Return the shape that comes in."""
        return input_shape


@keras.saving.register_keras_serializable("bineural")
class SignCodes(keras.initializers.Initializer):
    """Codes of plus and minus 1, a column for each class, the same ones whatever the seed."""

    def __call__(self, shape, dtype=None, **kwargs):
        """Return codes of this shape."""
        signs = np.random.default_rng(1998).choice([-1.0, 1.0], shape)
        return keras.ops.convert_to_tensor(signs, dtype or "float32")

    def get_config(self):
        """Return what `from_config` needs: nothing."""
        return {}
