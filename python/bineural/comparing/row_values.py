"""Rows as numbers that nets of rows are compared by: scaled values, `FILL` where a sequence has no step."""

import numpy as np
import pandas as pd

from bineural.data.sequences import Sequences
from bineural.inputs import choose_input, find_input
from bineural.inputs.filling import FILL


def kind_of(X):
    """Return the kind of input that rows are of, laid out: an array of four axes is images."""
    if isinstance(X, Sequences):
        return find_input("padded")
    kind = choose_input(X)
    return find_input("image") if kind.kind == "array" and np.ndim(X) == 4 else kind


def flat(inputs):
    """Return prepared rows side by side: float64, (n_rows, n_values)."""
    return np.asarray(inputs, np.float64).reshape(len(inputs), -1)


def filled(values):
    """Return values with 0, the mean, where a sequence has no step; others as they are."""
    return np.where(values == FILL, 0.0, values)


class Values:
    """The values of rows in units of their SDs over all rows, the same for all models and folds.

    Attributes
    ----------
    of_rows : ndarray of float64, shape (n_rows, n_values)
        `FILL` where a sequence has no step: measures leave these out.
    """

    def __init__(self, X):
        self.input, prepared = kind_of(X).learn(X, categories="onehot")
        self.of_rows = flat(prepared.inputs)

    def of_restored(self, restored):
        """Return the values of rows that a model made again, in the units of `of_rows`."""
        if hasattr(restored, "reindex"):  # columns of the design; a level that a fold lacks has no share
            return self.input.preparation.scale(restored)
        if self.input.kind == "padded":
            return self._of_sequences(restored)
        array = np.asarray(restored, np.float64)
        if self.input.kind == "table":
            return self.input.preparation.scale(pd.DataFrame(array, columns=self.input.preparation.columns_))
        return flat(self.input.prepare(array.reshape(-1, *self.input.row_shape)).inputs)

    def _of_sequences(self, restored):
        values = np.full((len(restored), *self.input.shape), FILL)
        for row, again in zip(values, restored):
            row[: len(again)] = (again - self.input.centers) / self.input.scales
        return flat(values)
