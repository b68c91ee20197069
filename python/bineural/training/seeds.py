"""One seed, many independent streams by name: weights, batches, validation rows, dropout share no draws.

A stream depends on (seed, name, index) alone, through `numpy.random.SeedSequence`; asking for one more stream
changes no other, and nothing depends on what was drawn elsewhere in the process. The stream "batches" gives
one shuffled order of the rows for each epoch; it depends on (seed, epoch) alone, so it does not matter in how
many pieces the epochs are run, and data of any size never need more than the orders of the epochs at hand.
"""

import zlib

import numpy as np

from bineural.errors import InputError

_MOST_NUMBERS = 2**23  # row numbers held at once: 64 MiB while they are drawn


def check_seed(seed):
    """Return `seed` as an int, or a fresh one below 2**31 (R's integers) when it is None.

    Parameters
    ----------
    seed : int or None
        Not negative.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If it is no whole number, or negative.
    """
    if seed is None:
        return int(np.random.SeedSequence().generate_state(1)[0] >> 1)
    whole = not isinstance(seed, (bool, np.bool_)) and isinstance(seed, (int, np.integer, float, np.floating))
    if not whole or seed != seed or seed in (float("inf"), float("-inf")) or int(seed) != seed or seed < 0:
        raise InputError(
            "`seed` must be a whole number that is not negative, or None for a fresh one.",
            f"Found {seed!r}.",
            "Pass for example seed=2019.",
        )
    return int(seed)


def sequence(seed, name, *index):
    """Return the `numpy.random.SeedSequence` of one named stream (`index`: non-negative ints)."""
    return np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()), *index))


def stream(seed, name, *index):
    """Return a `numpy.random.Generator` for one named stream."""
    return np.random.Generator(np.random.PCG64(sequence(seed, name, *index)))


def stream_seed(seed, name, *index):
    """Return an int below 2**31 for a library that wants a seed of its own."""
    return int(sequence(seed, name, *index).generate_state(1)[0] >> 1)


def draw_orders(seed, n_rows, first_epoch, n_epochs, skip=0):
    """Draw the row orders of some consecutive epochs.

    Every row gets 64 random bits, the lowest of them replaced by its number, and the rows are sorted by them.

    Parameters
    ----------
    seed : int
    n_rows : int
    first_epoch, n_epochs : int
        Epochs `first_epoch` to `first_epoch + n_epochs - 1`, counted from 0.
    skip : int
        Numbers of the stream that other rows have taken.

    Returns
    -------
    ndarray of int32, shape (n_epochs, n_rows)
        Each row a permutation of 0 ... n_rows - 1; batch k of an epoch is its k-th run of `batch_size`
        numbers, the last one shorter where `batch_size` does not divide `n_rows` (as in Keras).
    """
    bits = np.random.PCG64(sequence(seed, "batches"))
    bits.advance(first_epoch * n_rows + skip)
    keys = bits.random_raw(n_epochs * n_rows).reshape(n_epochs, n_rows)
    numbers = np.uint64((1 << n_rows.bit_length()) - 1)
    keys &= ~numbers
    keys |= np.arange(n_rows, dtype=np.uint64)
    keys.sort(axis=1)
    keys &= numbers
    return keys.astype(np.int32)


def draw_buffers(seed, n_rows, epoch, sizes):
    """Yield the order of the rows of each buffer (of `sizes`, summing to `n_rows`) of one epoch.

    The order of a buffer that holds all rows is that of `draw_orders`.
    """
    begin = epoch * n_rows
    for size in sizes:
        yield draw_orders(seed, size, 0, 1, skip=begin)
        begin += size


def most_epochs_at_once(n_rows):
    """Return how many epochs' orders fit the memory that is set aside for them (at least one)."""
    return max(1, _MOST_NUMBERS // max(1, n_rows))
