"""A categorical variable as codes and levels, as R has it."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Factor:
    """A categorical variable.

    Attributes
    ----------
    codes : ndarray of int, shape (n_rows,)
        0..k-1 for the levels; k for a level that training never saw.
    levels : list of str
    ordered : bool
    contrast : None, str or ndarray
        What `C(x, sum)` asks for.
    """

    codes: np.ndarray
    levels: list
    ordered: bool = False
    contrast: object = None

    def labels(self):
        """Labels of the rows, shape (n_rows,); None for unseen ones."""
        return np.array([*self.levels, None], dtype=object)[self.codes]
