"""Rows in blocks of one size, however they were cut when they came, so that sums repeat to the bit."""

import numpy as np


class Blocks:
    """Collect arrays of equal length, and give them out `size` rows at a time.

    Parameters
    ----------
    size : int
        Rows in a block; the last one may be smaller.
    """

    def __init__(self, size):
        self.size = size
        self._held, self._n = [], 0

    def add(self, *arrays):
        """Take rows in; yield the blocks that are full and not the last."""
        begin, n_rows = 0, len(arrays[0])
        while begin < n_rows:
            if self._n == self.size:
                yield self.rest()
            end = min(n_rows, begin + self.size - self._n)
            self._held.append([a[begin:end] for a in arrays])
            self._n += end - begin
            begin = end

    def rest(self):
        """Give out what is held as a tuple of arrays; None where nothing is."""
        held, self._held, self._n = self._held, [], 0
        if not held:
            return None
        return tuple(_joined(parts) for parts in zip(*held))


def _joined(parts):
    """Put parts one below the other; tables by columns, as a preparation lays them out."""
    if parts[0].ndim != 2:
        return np.concatenate(parts)
    whole = np.empty((sum(map(len, parts)), parts[0].shape[1]), parts[0].dtype, order="F")
    return np.concatenate(parts, out=whole)
