"""Initial weights of many nets at once, the same numbers that Keras draws for each.

A value depends on the net's own seed and on the variable's number in the layout. Uniform initializers
(Keras' default) are drawn for all seeds in one pass of Philox over NumPy arrays; the others are asked one by
one.
"""

import math

import numpy as np

from bineural._tensorflow import keras
from bineural.training.device import on_device
from bineural.training.philox import MULTIPLIERS, SCRAMBLE, WEYL
from bineural.training.seeds import stream_seed

_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_KERAS_SEEDS = 2**31 - 2  # Keras takes its seeds modulo this
_MOST_NUMBERS = 2**21  # drawn in one pass


def each_initial_value(plans, seeds):
    """Return the starting values of many nets of one layout.

    Parameters
    ----------
    plans : list of Blueprint
    seeds : list of int

    Returns
    -------
    list of ndarray
        For each variable of the layout, with a leading axis of nets.
    """
    layout, values = plans[0].layout, []
    with on_device(None):
        for v, variable in enumerate(plans[0].model.variables):
            number, shape, dtype = layout.numbers[v], tuple(variable.shape), variable.dtype
            starts, kept = [plan.starts[v] for plan in plans], [plan.kept[v] for plan in plans]
            if layout.random[v]:
                states = [(stream_seed(seed, "dropout", number), 0) for seed in seeds]
                values.append(np.array(states, np.asarray(kept[0]).dtype))
            elif starts[0] is not None and all(start is starts[0] for start in starts):
                own = [stream_seed(seed, "weights", number) for seed in seeds]
                values.append(draw_each(starts[0], shape, dtype, own))
            else:
                for i, (start, seed) in enumerate(zip(starts, seeds)):
                    if start is not None:
                        own = [stream_seed(seed, "weights", number)]
                        kept[i] = draw_each(start, shape, dtype, own)[0]
                values.append(np.stack(kept))
    return values


def draw_each(start, shape, dtype, seeds):
    """Draw the values of one variable for each of many nets.

    Parameters
    ----------
    start : keras.Initializer or callable (shape, dtype)
        Its own seed is not used.
    shape : tuple of int
    dtype : str
    seeds : sequence of int, each below 2**31

    Returns
    -------
    ndarray, shape (n_seeds, *shape)
    """
    if not (hasattr(start, "seed") and hasattr(start, "get_config")):
        if isinstance(start, keras.initializers.Initializer):  # draws nothing
            return np.repeat([np.asarray(start(shape, dtype=dtype))], len(seeds), axis=0)
        return np.stack([np.asarray(start(shape, dtype=dtype)) for _ in seeds])
    limits = _limits(start, shape) if dtype == "float32" else None
    if limits is None:
        return np.stack([draw_one(start, shape, dtype, seed) for seed in seeds])
    low, high = np.float32(limits[0]), np.float32(limits[1])
    size = math.prod(shape)
    at_once = max(1, _MOST_NUMBERS // max(size, 1))
    numbers = np.empty((len(seeds), size), np.float32)
    for i in range(0, len(seeds), at_once):
        numbers[i : i + at_once] = philox_uniforms(seeds[i : i + at_once], size)
    numbers *= high - low
    numbers += low
    return numbers.reshape(len(seeds), *shape)


def draw_one(initializer, shape, dtype, seed):
    """Draw the values of one variable with an initializer's settings and another seed."""
    seeded = type(initializer).from_config({**initializer.get_config(), "seed": seed})
    return np.asarray(seeded(tuple(shape), dtype=dtype))


def _limits(initializer, shape):
    """Return (low, high) of a uniform initializer, or None."""
    if type(initializer) is keras.initializers.RandomUniform:
        return initializer.minval, initializer.maxval
    uniform = keras.initializers.GlorotUniform, keras.initializers.HeUniform, keras.initializers.LecunUniform
    if type(initializer) not in uniform or len(shape) < 1:
        return None
    fan_in, fan_out = keras.src.initializers.random_initializers.compute_fans(shape)
    fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    limit = math.sqrt(3 * (initializer.scale / max(1.0, fans[initializer.mode])))
    return -limit, limit


def philox_uniforms(seeds, size):
    """Draw `tf.random.stateless_uniform([size], [seed, 0])` for each seed, bit for bit.

    Returns
    -------
    ndarray of float32, shape (n_seeds, size)
        In [0, 1).
    """
    seed = np.asarray(seeds, np.uint64)[:, None] % np.uint64(_KERAS_SEEDS)
    nothing = np.zeros_like(seed)
    key_0, key_1, high_0, high_1 = _rounds([seed, nothing, nothing, nothing], SCRAMBLE)
    numbers = np.empty((len(seed), size), np.float32)
    for begin in range(0, size, _MOST_NUMBERS):  # four bytes become eighty on the way
        part = numbers[:, begin : begin + _MOST_NUMBERS]
        groups = np.arange(begin // 4, (begin + part.shape[1] + 3) // 4, dtype=np.uint64)[None]
        words = _rounds([groups, np.zeros_like(groups), high_0, high_1], [key_0, key_1])
        bits = np.stack(np.broadcast_arrays(*words), axis=2).reshape(len(seed), -1)[:, : part.shape[1]]
        part[:] = (bits & np.uint64(0x7FFFFF)).astype(np.float32) * np.float32(2.0**-23)
    return numbers


def _rounds(counter, key):
    """Return the four words that ten rounds of Philox make of a counter (see `philox`)."""
    a, b, c, d = counter
    key = [np.uint64(k) for k in key]
    for _ in range(10):
        left, right = a * np.uint64(MULTIPLIERS[0]), c * np.uint64(MULTIPLIERS[1])
        a, b, c, d = (
            (right >> _HALF) ^ b ^ key[0],
            right & _LOW,
            (left >> _HALF) ^ d ^ key[1],
            left & _LOW,
        )
        key = [(k + np.uint64(w)) & _LOW for k, w in zip(key, WEYL)]
    return a, b, c, d
