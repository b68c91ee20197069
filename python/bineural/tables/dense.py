"""Whole matrices at once: finiteness, means and n-1 SDs by blocks of rows, with no large temporary."""

from dataclasses import dataclass

import numpy as np

_BLOCK = 1 << 18  # numbers per block, 2 MB


def row_blocks(matrix, width=None):
    """Cut the rows of a matrix (n_rows, p) into slices of about 2 MB (as if it had `width` columns)."""
    step = max(1, _BLOCK // max(1, matrix.shape[1] if width is None else width))
    return (slice(start, start + step) for start in range(0, matrix.shape[0], step))


def all_finite(matrix):
    """Say whether every number of a matrix (n_rows, p) is finite."""
    with np.errstate(invalid="ignore", over="ignore"):
        return all(
            np.isfinite(matrix[rows].sum()) or np.isfinite(matrix[rows]).all() for rows in row_blocks(matrix)
        )


def column_moments(matrix, counting=None):
    """Compute the mean and the n-1 SD of every column.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n_rows, p)
    counting : ndarray of bool, shape (n_rows,), optional
        Rows that count; all by default.

    Returns
    -------
    mean, spread : ndarray of float64, shape (p,)
        The spread is exactly 0 for a column that is constant but for rounding (1e-14 of its size).
    """
    return Moments.of(matrix, counting).mean_and_spread()


@dataclass
class Moments:
    """Number of rows, means and sums of squares about them, of p columns; those of parts can be merged.

    Attributes
    ----------
    n : int
    mean, squares : ndarray of float64, shape (p,)
    """

    n: int
    mean: np.ndarray
    squares: np.ndarray

    @classmethod
    def of(cls, matrix, counting=None, width=None):
        """Compute the moments of the counting rows, in blocks of rows as of a matrix of `width` columns."""
        n = matrix.shape[0] if counting is None else int(counting.sum())
        pick = (
            (lambda rows: matrix[rows]) if counting is None else (lambda rows: matrix[rows][counting[rows]])
        )
        blocks = list(row_blocks(matrix, width))
        mean = sum(pick(rows).sum(axis=0) for rows in blocks) / max(1, n)
        drift, squares = np.zeros(matrix.shape[1]), np.zeros(matrix.shape[1])
        for rows in blocks:
            gap = pick(rows) - mean
            drift += gap.sum(axis=0)
            squares += np.einsum("ij,ij->j", gap, gap)
        squares -= drift**2 / max(1, n)
        return cls(n, mean + drift / max(1, n), squares)

    def merged(self, other):
        """Return the moments of the rows of both (Chan, Golub and LeVeque, 1983)."""
        n = max(1, self.n + other.n)
        gap = other.mean - self.mean
        squares = self.squares + other.squares + gap**2 * (self.n * other.n / n)
        return Moments(self.n + other.n, self.mean + gap * (other.n / n), squares)

    def mean_and_spread(self):
        """Return means and n-1 SDs; see `column_moments`."""
        spread = np.sqrt(np.maximum(self.squares, 0) / max(1, self.n - 1))
        spread[spread <= 1e-14 * np.abs(self.mean)] = 0.0
        return self.mean, spread
