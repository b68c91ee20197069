"""How columns are scaled: by mean and SD, by median and quartiles with a smooth clip, or to normal quantiles.

Each way is a record of what training rows taught, plain arrays for a file, and treats every row by itself.
Columns that are not numbers (contrasts, indicators) stay as they are; constant columns are left out.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from bineural.errors import InputError
from bineural.tables.dense import column_moments

MOST_QUANTILES = 1000
_FURTHEST = -ndtri(1e-7)  # where the lowest and the highest training row go, and all rows beyond them
_BEND = 3.0  # beyond about so many units the clip holds values back


@dataclass
class Scaling:
    """Columns less a centre and over a scale: their means and SDs, or 0 and 1.

    Attributes
    ----------
    kept : ndarray of bool, shape (p,)
        False for constant columns, which are left out.
    centers, scales : ndarray of float64, shape (p,)
        0 and 1 for columns that stay as they are; the value of a constant column, and 1.
    """

    kept: np.ndarray
    centers: np.ndarray
    scales: np.ndarray

    @classmethod
    def none(cls, p):
        """Leave p columns as they are."""
        return cls(np.ones(p, dtype=bool), np.zeros(p), np.ones(p))

    @classmethod
    def from_moments(cls, mean, spread, numeric):
        """Leave out columns without spread; only the `numeric` ones (bool, shape (p,)) are standardised."""
        kept, numeric = spread > 0, np.asarray(numeric, dtype=bool) & (spread > 0)
        return cls(kept, np.where(numeric | ~kept, mean, 0.0), np.where(numeric, spread, 1.0))

    @classmethod
    def learn(cls, matrix, counting, numeric):
        """Learn from training rows.

        Parameters
        ----------
        matrix : ndarray of float64, shape (n_rows, p)
        counting : ndarray of bool, shape (n_rows,), or None
            Rows that count.
        numeric : sequence of bool, shape (p,)
            Columns of numbers, which are scaled.
        """
        return cls.from_moments(*column_moments(matrix, counting), numeric)

    def apply(self, matrix, in_place):
        """Scale a matrix (n_rows, p) to (n_rows, kept.sum()), over itself where `in_place`."""
        if not self.kept.all():
            matrix, in_place = matrix[:, self.kept], True
        if not self.centers.any() and (self.scales == 1).all() and not self._bends:
            return matrix
        matrix = matrix if in_place else matrix.copy()
        matrix -= self.centers[self.kept]
        matrix /= self.scales[self.kept]
        return self._bend(matrix)

    def restore(self, scaled):
        """Return the columns (n_rows, p) of which `apply` made these, the constant ones as well.

        Raises
        ------
        InputError
            If this scaling bends numbers.
        """
        if self._bends:
            raise InputError(
                "Columns must be scaled by mean and SD, or not at all, to be put back in their units.",
                "Found a scaling that bends them.",
                "Use scaling='standard' or scaling=False.",
            )
        matrix = np.tile(self.centers, (len(scaled), 1))
        matrix[:, self.kept] += scaled * self.scales[self.kept]
        return matrix

    _bends = False

    def _bend(self, matrix):
        return matrix

    def check(self):
        """Return what is wrong with a scaling from a file, or nothing."""
        return "" if (self.scales > 0).all() else "a column has no spread"


@dataclass
class RobustScaling(Scaling):
    """Columns less their median, over the distance of their quartiles, bent so that outliers stay near.

    x becomes x / sqrt(1 + (x / 3)^2), which never leaves (-3, 3). Where the quartiles are equal the scale is
    half the range (Holzmueller, Grinsztajn, Steinwart. Better by default: strong pre-tuned MLPs and boosted
    trees on tabular data. NeurIPS 2024).

    Attributes
    ----------
    numeric : ndarray of bool, shape (p,)
        Columns that are scaled and bent.
    """

    numeric: np.ndarray
    _bends = True

    @classmethod
    def learn(cls, matrix, counting, numeric):
        """Learn medians and quartiles; see `Scaling.learn`."""
        plain = Scaling.learn(matrix, counting, numeric)
        numeric = np.asarray(numeric, dtype=bool) & plain.kept
        centers, scales = plain.centers, plain.scales
        for j in np.flatnonzero(numeric):
            column = _counted(matrix[:, j], counting)
            low, first, median, third, high = np.quantile(column, [0, 0.25, 0.5, 0.75, 1])
            varies = third - first > 1e-14 * abs(median)
            centers[j], scales[j] = median, third - first if varies else high / 2 - low / 2
        return cls(plain.kept, centers, scales, numeric)

    def _bend(self, matrix):
        bent = self.numeric[self.kept]
        matrix[:, bent] /= np.hypot(1.0, matrix[:, bent] / _BEND)
        return matrix


@dataclass
class QuantileScaling(Scaling):
    """Columns as the normal quantiles of their ranks among the training rows, straight between them.

    As scikit-learn's `QuantileTransformer(output_distribution="normal", subsample=None)`: equal values get
    the middle of their ranks (where rounding moves it there by up to half a rank), the lowest and the
    highest value and all beyond them -5.2 and 5.2.

    Attributes
    ----------
    numeric : ndarray of bool, shape (p,)
        Columns that are transformed.
    quantiles : ndarray of float64, shape (n_quantiles, numeric.sum())
        Of the training rows, at equal steps from 0 to 1; at most `MOST_QUANTILES`.
    """

    numeric: np.ndarray
    quantiles: np.ndarray
    _bends = True

    @classmethod
    def learn(cls, matrix, counting, numeric):
        """Learn quantiles; see `Scaling.learn`."""
        p, kept = matrix.shape[1], Scaling.learn(matrix, counting, numeric).kept
        numeric = np.asarray(numeric, dtype=bool) & kept
        columns = [quantiles_at_steps(_counted(matrix[:, j], counting)) for j in np.flatnonzero(numeric)]
        quantiles = np.column_stack(columns) if columns else np.empty((2, 0))
        return cls(kept, np.zeros(p), np.ones(p), numeric, quantiles)

    def _bend(self, matrix):
        for quantiles, j in zip(self.quantiles.T, np.flatnonzero(self.numeric[self.kept])):
            matrix[:, j] = normal_quantiles(matrix[:, j], quantiles)
        return matrix

    def check(self):
        """Return what is wrong with a scaling from a file, or nothing."""
        n, width = self.quantiles.shape
        if n < 2 or width != self.numeric.sum() or (self.numeric & ~self.kept).any():
            return "the quantiles are not those of the columns"
        steps = np.diff(self.quantiles, axis=0)
        ascending = (steps >= 0).all() and (steps.max(axis=0, initial=0) > 0).all()
        return super().check() if ascending else "the quantiles of a column do not ascend"


SCALINGS = {"standard": Scaling, "robust": RobustScaling, "quantile": QuantileScaling}


def normal_quantiles(values, quantiles):
    """Return the normal quantiles of the ranks of values among quantiles at equal steps from 0 to 1.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows,)
    quantiles : ndarray of float64, shape (n_quantiles,)
        Ascending; the lowest is below the highest.
    """
    shares = np.linspace(0, 1, len(quantiles))
    from_below = np.interp(values, quantiles, shares)
    from_above = -np.interp(-values, -quantiles[::-1], -shares[::-1])
    share = (from_below + from_above) / 2  # which differ where quantiles are equal
    share = np.where(values <= quantiles[0], 0.0, np.where(values >= quantiles[-1], 1.0, share))
    return np.clip(ndtri(share), -_FURTHEST, _FURTHEST)


def values_at(scores, quantiles):
    """Return the values that have these `normal_quantiles`, between the lowest and the highest quantile."""
    return np.interp(ndtr(scores), np.linspace(0, 1, len(quantiles)), quantiles)


def quantiles_at_steps(values):
    """Return the quantiles of values at equal steps from 0 to 1: all of them, sorted, or `MOST_QUANTILES`."""
    if len(values) <= MOST_QUANTILES:
        return np.sort(values)
    return np.maximum.accumulate(np.quantile(values, np.linspace(0, 1, MOST_QUANTILES)))


def _counted(column, counting):
    return column if counting is None else column[counting]
