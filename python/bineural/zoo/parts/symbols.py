"""Layers of nets that predict symbols: the symbol before, a symbol as columns, and a look at other steps.

Symbols are numbers from 1; 0 fills rows up on the right, and stands before the first symbol. All layers work
on the last axes, whatever stands in front of them.
"""

import math

from bineural._tensorflow import keras


class _Plain(keras.layers.Layer):
    """What the layers have in common: they have no weights, and no masks."""

    def call_replicas(self, call, *inputs):
        """Do the same in each replica: the axes in front do not matter."""
        return self.call(*inputs)


@keras.saving.register_keras_serializable("bineural")
class SymbolsBefore(_Plain):
    """Move symbols (batch, time) a step to the right: what stands before each of them, 0 before the first."""

    def call(self, symbols):
        """Put 0 in front, and leave out the last."""
        return keras.ops.concatenate([keras.ops.zeros_like(symbols[..., :1]), symbols[..., :-1]], axis=-1)

    def compute_output_shape(self, input_shape):
        """Return the same shape."""
        return input_shape


@keras.saving.register_keras_serializable("bineural")
class SymbolColumns(_Plain):
    """Make of symbols (batch, time) columns (batch, time, n_symbols): 1 for the symbol, all 0 for none."""

    def __init__(self, n_symbols, **kwargs):
        super().__init__(**kwargs)
        self.n_symbols = n_symbols

    def call(self, symbols):
        """Write 1 into the column of each symbol."""
        places = keras.ops.arange(1, self.n_symbols + 1, dtype=symbols.dtype)
        return keras.ops.cast(keras.ops.expand_dims(symbols, -1) == places, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """Return the shape with the columns."""
        return (*input_shape, self.n_symbols)

    def get_config(self):
        """Return the arguments."""
        return {**super().get_config(), "n_symbols": self.n_symbols}


@keras.saving.register_keras_serializable("bineural")
class Look(_Plain):
    """Scaled dot-product attention: to each query the mean of values, weighted by how its keys agree with it.

    Shapes: queries (batch, time, width), keys and values (batch, steps, width), symbols (batch, steps) of
    which 0 is not looked at -> (batch, time, width). With `heads` the width is shared between them; a causal
    look sees no step after its own.
    """

    def __init__(self, heads=1, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.heads, self.causal = heads, causal

    def weights_of(self, queries, keys, symbols=None):
        """Return how much each query looks at each step: (batch, heads, time, steps), rows sum to 1."""
        ops = keras.ops
        queries, keys = self._split(queries), self._split(keys)
        scores = ops.matmul(queries, ops.swapaxes(keys, -1, -2)) / math.sqrt(queries.shape[-1])
        seen = None
        if self.causal:
            n = ops.arange(ops.shape(scores)[-1])
            seen = ops.expand_dims(n, -1) >= n
        if symbols is not None:
            real = ops.expand_dims(ops.expand_dims(symbols > 0, -2), -2)
            seen = real if seen is None else ops.logical_and(seen, real)
        if seen is not None:
            scores = ops.where(seen, scores, ops.cast(-1e9, scores.dtype))
        return ops.softmax(scores, axis=-1)

    def call(self, queries, keys, values, symbols=None):
        """Weigh the values."""
        ops = keras.ops
        looked = ops.matmul(self.weights_of(queries, keys, symbols), self._split(values))
        looked = ops.swapaxes(looked, -2, -3)
        return ops.reshape(looked, (*_sizes(looked)[:-2], values.shape[-1]))

    def _split(self, x):
        """Return (..., heads, time, width / heads)."""
        ops = keras.ops
        x = ops.reshape(x, (*_sizes(x)[:-1], self.heads, x.shape[-1] // self.heads))
        return ops.swapaxes(x, -2, -3)

    def compute_output_shape(self, queries_shape, keys_shape, values_shape, symbols_shape=None):
        """Return the shape of what is seen."""
        return (*queries_shape[:-1], values_shape[-1])

    def get_config(self):
        """Return the arguments."""
        return {**super().get_config(), "heads": self.heads, "causal": self.causal}


def _sizes(x):
    return tuple(keras.ops.shape(x))
