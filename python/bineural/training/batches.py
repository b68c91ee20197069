"""Which rows make which batch: one shuffled order of the rows for each epoch, drawn from the net's own seed.

An epoch's order depends on (seed, epoch) alone, so it does not matter in how many pieces the epochs are run,
and data of any size never need more than the orders of the epochs at hand.
"""

import numpy as np

from bineural.training.seeds import sequence

_MOST_NUMBERS = 2**23  # row numbers held at once: 64 MiB while they are drawn


def draw_orders(seed, n_rows, first_epoch, n_epochs):
    """Draw the row orders of some consecutive epochs.

    Every row gets 64 random bits, the lowest of them replaced by its number, and the rows are sorted by them.

    Parameters
    ----------
    seed : int
    n_rows : int
    first_epoch, n_epochs : int
        Epochs `first_epoch` to `first_epoch + n_epochs - 1`, counted from 0.

    Returns
    -------
    ndarray of int32, shape (n_epochs, n_rows)
        Each row a permutation of 0 ... n_rows - 1; batch k of an epoch is its k-th run of `batch_size`
        numbers, the last one shorter where `batch_size` does not divide `n_rows` (as in Keras).
    """
    return _draw(_bits(seed, n_rows, first_epoch), n_epochs, n_rows)


def draw_buffers(seed, n_rows, epoch, sizes):
    """Yield the order of the rows of each buffer (of `sizes`, summing to `n_rows`) of one epoch.

    The order of a buffer that holds all rows is that of `draw_orders`.
    """
    bits = _bits(seed, n_rows, epoch)
    for size in sizes:
        yield _draw(bits, 1, size)


def _bits(seed, n_rows, first_epoch):
    bits = np.random.PCG64(sequence(seed, "batches"))
    bits.advance(first_epoch * n_rows)
    return bits


def _draw(bits, n_epochs, n_rows):
    keys = bits.random_raw(n_epochs * n_rows).reshape(n_epochs, n_rows)
    numbers = np.uint64((1 << n_rows.bit_length()) - 1)
    keys &= ~numbers
    keys |= np.arange(n_rows, dtype=np.uint64)
    keys.sort(axis=1)
    keys &= numbers
    return keys.astype(np.int32)


def most_epochs_at_once(n_rows):
    """Return how many epochs' orders fit the memory that is set aside for them (at least one)."""
    return max(1, _MOST_NUMBERS // max(1, n_rows))
