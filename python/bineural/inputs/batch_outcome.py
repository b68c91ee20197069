"""An outcome that comes in batches: its classes and their counts, or its mean and SD; the mean row weight."""

import numpy as np

from bineural.errors import OutcomeError
from bineural.formula.batches import MOST_ROWS
from bineural.inputs.outcomes import settle
from bineural.messages import listed
from bineural.tables.blocks import Blocks
from bineural.tables.dense import Moments

_MOST_CLASSES = 10_000


class OutcomeInBatches:
    """Learn an outcome from batches without missing values.

    Parameters
    ----------
    labels : bool
        Whether numbers are meant as classes.

    Attributes
    ----------
    numeric : bool
        Whether it is taken as numbers.
    counts : ndarray of int64, shape (n_distinct,)
        Rows of each distinct label, in the order they were met.
    ordered : bool
        Whether its values have an order in every batch.
    """

    def __init__(self, labels):
        self.labels, self.numeric, self.order, self.ordered = labels, None, None, True
        self._place, self._new, self.counts = {}, [], np.zeros(0, np.int64)
        self._few, self._ends = np.zeros(0), np.array([np.inf, -np.inf])
        self._blocks, self._parts = Blocks(MOST_ROWS), []

    def add(self, y, weights, categories=None, ordered=False, made=False):
        """Take in the outcome and row weights (or None) of one batch, and its categories if it has any.

        `ordered` says whether these have an order, `made` whether an expression made them
        of this batch alone.
        """
        y = settle(y)
        if not len(y):
            return
        numeric = y.dtype.kind in "fiu" and not self.labels
        self.ordered &= ordered
        if self.numeric is None:
            self.numeric = numeric
        if numeric != self.numeric:
            raise OutcomeError(
                "The outcome must be of one kind in all batches.",
                "It is labels in some and numbers in others.",
                "Give its column one type in every batch.",
            )
        if categories is not None:
            self.order = (_same_levels if made else _all_levels)(self.order, list(categories))
        values = self._numbers(y) if numeric else self._codes(y)
        for block in self._blocks.add(values, np.ones(len(y)) if weights is None else weights):
            self._parts.append(self._sums(*block))

    def finish(self):
        """Note that there are no more batches."""
        last = self._blocks.rest()
        self._whole = last if not self._parts else None
        self._parts.append(self._sums(*last))

    def examples(self):
        """Return an outcome with the same distinct values, each once or (where there are more rows) twice."""
        return self._few if self.numeric else np.repeat(settle(self.distinct()), np.minimum(self.counts, 2))

    def ends(self):
        """Return the smallest and the largest number; of labels the first position, twice."""
        return self._ends if self.numeric else np.zeros(2, np.int64)

    def distinct(self):
        """Return the labels in the order they were met."""
        return settle(np.concatenate(self._new))

    def positions(self, y, classes):
        """Return each row's position in `classes` (int64)."""
        present, inverse = np.unique(settle(y), return_inverse=True)
        return np.searchsorted(classes, present)[inverse].astype(np.int64)

    def class_sums(self, classes):
        """Return (rows, summed weights) of each class."""
        place = np.argsort(np.argsort(self.distinct(), kind="stable"), kind="stable")
        rows, sums = np.zeros(len(classes), np.int64), np.zeros(len(classes))
        rows[place] = self.counts
        for part in self._parts:
            sums[place[: len(part)]] += part
        return rows, sums

    def mean_and_spread(self):
        """Return mean and n-1 SD of a numeric outcome, over the rows of positive weight."""
        total = self._parts[0][0]
        for moments, _ in self._parts[1:]:
            total = total.merged(moments)
        n, mean, squares = total.n, float(total.mean[0]), float(total.squares[0])
        return mean, float(np.sqrt(squares / (n - 1))) if n > 1 else 0.0

    def mean_weight(self, factors, classes):
        """Return the mean weight of the rows of positive weight, each class's times its factor (or None)."""
        if self._whole is not None:  # as for rows in memory, to the bit
            values, weights = self._whole
            if factors is not None:
                place = np.argsort(np.argsort(self.distinct(), kind="stable"), kind="stable")
                weights = weights * factors[place[values]]
            return weights[weights > 0].mean()
        if self.numeric:
            return sum(total for _, total in self._parts) / sum(moments.n for moments, _ in self._parts)
        sums = self.class_sums(classes)[1]
        return float(np.sum(sums if factors is None else sums * factors)) / self.n_counting

    # ---- batches ----

    def _numbers(self, y):
        y = y.astype(np.float64)
        if not np.isfinite(y).all():
            raise OutcomeError(
                "The outcome must be finite.",
                "Input y contains infinity or a value too large for dtype('float64').",
                "Check how the outcome was computed.",
            )
        self._ends = np.array([min(self._ends[0], y.min()), max(self._ends[1], y.max())])
        if len(self._few) < 3:
            self._few = np.unique(np.concatenate([self._few, y]))[:3]
        return y

    def _codes(self, y):
        present, inverse = np.unique(y, return_inverse=True)
        new = [value not in self._place for value in present.tolist()]
        for value in present[new].tolist():
            self._place[value] = len(self._place)
        if any(new):
            self._new.append(present[new])
            self.counts = np.append(self.counts, np.zeros(sum(new), np.int64))
        if len(self.counts) > _MOST_CLASSES:
            raise OutcomeError(
                f"The outcome can't have more than {_MOST_CLASSES} classes.",
                f"Found {len(self.counts)}.",
                "Check the column; numbers that were read as text must be converted.",
            )
        codes = np.array([self._place[value] for value in present.tolist()], np.int64)[inverse]
        self.counts += np.bincount(codes, minlength=len(self.counts))
        return codes

    def _sums(self, values, weights):
        """Sum up a block: (moments, weight) of numbers, or the weight of each class."""
        self.n_counting = getattr(self, "n_counting", 0) + int((weights > 0).sum())
        if not self.numeric:
            return np.bincount(values, weights=weights)
        values = values[weights > 0]
        mean = np.mean(values) if len(values) else 0.0
        squares = np.sum(np.square(values - mean))
        return Moments(len(values), np.array([mean]), np.array([squares])), float(weights.sum())


def _all_levels(known, levels):
    """Return the levels of all batches, in the order they were met."""
    return list(dict.fromkeys([*(known or []), *levels]))


def _same_levels(known, levels):
    """Return the levels that an expression makes, which must be in one order in all batches.

    Levels in the order of the alphabet, as `factor(y)` makes them, may come in any batch.
    """
    if known is None or known == levels:
        return levels
    if known != sorted(known) or levels != sorted(levels):
        raise OutcomeError(
            "Levels that a formula gives its outcome must be the same in all batches.",
            f"They are {listed(known)} in some, and {listed(levels)} in others.",
            "Name them all, as in factor(y, c('low', 'high')), or make the column a category before.",
        )
    return sorted({*known, *levels})
