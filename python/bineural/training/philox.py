"""Random numbers that a net draws alike alone, in a stack and under XLA: Philox in plain arithmetic.

TensorFlow's own operation has no vectorised form, and XLA arranges its numbers otherwise. Written out in
elementwise operations the same numbers come from any path, and the first rows of a longer batch are those of
a shorter one. Reference: Salmon et al. (2011). Parallel random numbers: as easy as 1, 2, 3. SC '11.
"""

import contextlib
import functools
import math
import threading

from keras.src.backend.tensorflow import random as keras_random
from keras.src.random.seed_generator import draw_seed

from bineural._tensorflow import tf

_LOW = 0xFFFFFFFF
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
WEYL = 0x9E3779B9, 0xBB67AE85
SCRAMBLE = 0x3EC8F720, 0x02461E29  # the key with which TensorFlow turns a seed into key and counter
_SMALLEST = 1e-7  # in place of a uniform number of 0, whose logarithm is not finite, as in TensorFlow
_patching = threading.RLock()


def philox_uniform(seed, shape):
    """Draw the numbers of `tf.random.stateless_uniform(shape, seed)` on a CPU, bit for bit.

    Parameters
    ----------
    seed : tensor of int, shape (2,)
        Not negative.
    shape : tensor of int32, shape (rank,)

    Returns
    -------
    tensor of float32
        In [0, 1).
    """
    count = tf.reduce_prod(shape)
    return tf.reshape(tf.reshape(_groups_of_four(tf.cast(seed[None], tf.uint64), count), [-1])[:count], shape)


def philox_uniforms(seeds, count):
    """Draw `count` numbers for each of some seeds, as `philox_uniform` does for one.

    Parameters
    ----------
    seeds : tensor of int, shape (n_seeds, 2)
    count : scalar tensor of int32

    Returns
    -------
    tensor of float32, shape (n_seeds, count)
    """
    groups = _traced_once()(tf.cast(seeds, tf.uint64), count)
    return tf.reshape(groups, [tf.shape(seeds)[0], -1])[:, :count]


def philox_normals(seeds, count):
    """Draw `count` standard normal numbers for each of some seeds: those of `tf.random.stateless_normal`.

    Each pair of uniform numbers makes a pair of normal ones. Box and Muller (1958). A note on the generation
    of random normal deviates. Annals of Mathematical Statistics 29(2), 610-611.

    Parameters
    ----------
    seeds, count
        As of `philox_uniforms`.

    Returns
    -------
    tensor of float32, shape (n_seeds, count)
        Equal to TensorFlow's to rounding: sines and logarithms differ in their last bit.
    """
    groups = _traced_once()(tf.cast(seeds, tf.uint64), count)
    pairs = tf.reshape(groups, [tf.shape(seeds)[0], -1, 2])
    radius = tf.sqrt(-2.0 * tf.math.log(tf.maximum(pairs[..., 0], _SMALLEST)))
    angle = (2 * math.pi) * pairs[..., 1]
    normal = tf.stack([tf.sin(angle) * radius, tf.cos(angle) * radius], -1)
    return tf.reshape(normal, [tf.shape(seeds)[0], -1])[:, :count]


@functools.cache
def _traced_once():
    """Return `_groups_of_four` as a function of its own: tracing it takes a third of a second."""
    signature = tf.TensorSpec([None, 2], tf.uint64), tf.TensorSpec([], tf.int32)
    return tf.function(_groups_of_four, input_signature=signature, autograph=False)


def _groups_of_four(seeds, count):
    """Return uniform numbers of each seed as the generator makes them: (n_seeds, at least count / 4, 4).

    Seeds are uint64.
    """
    first, second = seeds[:, :1], seeds[:, 1:]
    words = [first & _word(_LOW), _high(first), second & _word(_LOW), _high(second)]
    key_0, key_1, high_0, high_1 = _rounds(words, [_word(k) for k in SCRAMBLE])
    groups = tf.cast(tf.range((count + 3) // 4), tf.uint64)[None]
    nothing = tf.zeros_like(groups)
    bits = _rounds([groups, nothing, nothing + high_0, nothing + high_1], [key_0, key_1])
    bits = [part + tf.zeros_like(high_0) for part in bits]  # one row for each seed
    mantissas = tf.cast(tf.stack(bits, axis=2) & _word(0x7FFFFF), tf.int32)
    return tf.cast(mantissas, tf.float32) * tf.constant(2.0**-23)


def _rounds(counter, key):
    """Return the four words that ten rounds of Philox make of a counter."""
    a, b, c, d = counter
    key = list(key)
    for _ in range(10):
        left, right = a * _word(MULTIPLIERS[0]), c * _word(MULTIPLIERS[1])
        a, b, c, d = (
            _high(right) ^ b ^ key[0],
            right & _word(_LOW),
            _high(left) ^ d ^ key[1],
            left & _word(_LOW),
        )
        key = [(k + _word(w)) & _word(_LOW) for k, w in zip(key, WEYL)]
    return a, b, c, d


def _high(value):
    return tf.bitwise.right_shift(value, _word(32))


def _word(value):
    return tf.constant(value, tf.uint64)


@contextlib.contextmanager
def repeatable_dropout(own_rate=(), *, written_out):
    """Let Keras' dropout draw the same float32 numbers in every graph traced inside the block.

    Parameters
    ----------
    own_rate : scalar tensor of float32, optional
        In place of the rates that dropout layers have.
    written_out : bool
        By `philox_uniform`, as a stack and XLA need, or by TensorFlow's own operation, which is faster alone.
        What is computed in bfloat16 has masks of float32 numbers too.
    """
    original = keras_random.dropout

    def dropout(inputs, rate, noise_shape=None, seed=None):
        if not inputs.dtype.is_floating or not 0 < rate < 1:
            return original(inputs, rate, noise_shape, seed)
        shape = keras_random._get_concrete_noise_shape(inputs, noise_shape)
        shape = tf.stack([tf.cast(n, tf.int32) for n in shape]) if isinstance(shape, list) else shape
        if not isinstance(own_rate, tuple):
            rate = own_rate
        seed = draw_seed(seed)
        if written_out:
            numbers = philox_uniform(seed, shape)
        else:
            numbers = tf.random.stateless_uniform(shape, keras_random._cast_seed(seed))
        scaled = inputs * tf.cast(tf.convert_to_tensor(1 / (1 - rate), tf.float32), inputs.dtype)
        return tf.where(numbers >= rate, scaled, tf.zeros_like(scaled))

    with _patching:
        keras_random.dropout = dropout
        try:
            yield
        finally:
            keras_random.dropout = original
