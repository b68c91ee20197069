"""Pooling: TensorFlow's own on the rows of all replicas, but where XLA would be slow at the gradient.

XLA scatters the gradient of a largest value window by window. Windows that do not overlap are slices of one
array instead, compared one by one; of equal values the first is the largest, as in TensorFlow.
"""

import itertools

from bineural._tensorflow import keras, tf
from bineural.training.own_gradient import own_gradient
from bineural.training.wide.call import fold, unfold
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D)
def max_pooling(layer, call, x):
    """Return the largest value of each window."""
    rows = fold(x)
    if call.compiled and _windows_are_apart(layer, rows):
        return unfold(call, _largest(rows, layer.pool_size))
    return unfold(call, layer.call(rows))


def _windows_are_apart(layer, x):
    plain = layer.padding == "valid" and layer.data_format == "channels_last"
    return plain and tuple(layer.strides) == tuple(layer.pool_size) and None not in x.shape[1:].as_list()


def _largest(x, pool):
    """Return the largest value of each window of (n, *spans, n_channels)."""
    spans = x.shape[1:-1].as_list()
    sizes = [span // p for span, p in zip(spans, pool)]
    rest = [span - size * p for span, size, p in zip(spans, sizes, pool)]
    shape = [n for both in zip(sizes, pool) for n in both]
    places = list(itertools.product(*map(range, pool)))

    @own_gradient
    def largest(x):
        inner = x[(slice(None), *[slice(size * p) for size, p in zip(sizes, pool)])]
        windows = tf.reshape(inner, [-1, *shape, x.shape[-1]])
        seen = [windows[_at(place)] for place in places]
        most = seen[0]
        for part in seen[1:]:
            most = tf.maximum(most, part)

        def gradient(upstream):
            free, parts = tf.ones_like(most, tf.bool), []
            for part in seen:
                here = free & (part == most)
                free &= ~here
                parts.append(tf.where(here, upstream, tf.zeros_like(upstream)))
            for axis in reversed(range(len(pool))):  # the last axis of places first
                p = pool[axis]
                parts = [tf.stack(parts[i : i + p], 2 + axis) for i in range(0, len(parts), p)]
            whole = tf.reshape(parts[0], [-1, *[s * p for s, p in zip(sizes, pool)], x.shape[-1]])
            return tf.pad(whole, [[0, 0], *[[0, r] for r in rest], [0, 0]]) if any(rest) else whole

        return most, gradient

    return largest(x)


def _at(place):
    """Return the index of one place of every window."""
    return (slice(None), *[part for p in place for part in (slice(None), p)])
