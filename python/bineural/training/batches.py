"""Which rows make which batch: one shuffled order of the rows for each epoch, drawn from the net's own seed.

An epoch's order depends on (seed, epoch) alone, so it does not matter in how many pieces the epochs are run,
and data of any size never need more than the orders of the epochs at hand.
"""

import numpy as np

from bineural.training.streams import each_stream

_MOST_NUMBERS = 2**24  # row numbers held at once: 64 MiB of int32


def draw_orders(seed, n_rows, first_epoch, n_epochs):
    """Draw the row orders of some consecutive epochs.

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
    orders = np.empty((n_epochs, n_rows), dtype=np.int32)
    orders[:] = np.arange(n_rows, dtype=np.int32)
    epochs = range(first_epoch, first_epoch + n_epochs)
    for order, generator in zip(orders, each_stream(seed, "batches", epochs)):
        generator.shuffle(order)
    return orders


def most_epochs_at_once(n_rows):
    """Return how many epochs' orders fit the memory that is set aside for them (at least one)."""
    return max(1, _MOST_NUMBERS // max(1, n_rows))
