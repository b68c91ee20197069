"""Strata of rows as rsample makes them: rare levels pooled, numbers cut at their quartiles; or exactly.

A level with a share below `pool` is no stratum of its own: its rows go to the other strata at random, drawn
anew for every repeat. Without a `pool` every level is a stratum, and one with fewer rows than folds is dealt
to as many folds as it has rows. Numbers with more than five distinct values are cut into four bins of one
size (fewer where a bin would have under 20 rows). Strata are ordered by their labels as text, in the order of
the C locale.
Reference: `rsample::make_strata()`, version 1.1.1.
"""

import math

import numpy as np

from bineural.errors import BineuralWarning, InputError
from bineural.messages import listed, number_of, warn
from bineural.tables.rows import group_rows, label_codes, label_text

N_BINS = 4
ROWS_PER_BIN = 20
MOST_NUMBERS_AS_LABELS = 5


class Strata:
    """The strata of all rows.

    Parameters
    ----------
    values : pandas.Series, shape (n_rows,)
        Without missing values.
    pool : float or None
        Levels with a smaller share than this are pooled; None: none is, and none is too small.
    name : str
        The column, for messages.
    as_labels : bool, default False
        Whether numbers are taken as labels too, however many there are.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_rows,)
        Position in `labels`; -1 for rows of rare levels.
    labels : list of str
    read_as : str or None
        What the strata are, where it is not the levels as they are: "levels 'a' pooled".
    name, pool
        As given; None where there are no strata after all.
    """

    def __init__(self, values, pool, name, as_labels=False):
        self.name, self.pool, self.read_as = name, pool, None
        numbers = None if as_labels else _numbers_to_cut(values)
        if numbers is not None:
            self._cut(numbers)
        else:
            self.codes, self.labels = _code_labels(values)
            self._pool_rare()

    def draw(self, stream):
        """Give every row its stratum: int64, shape (n_rows,); rows of rare levels get one at random."""
        rare = self.codes < 0
        if not rare.any():
            return self.codes
        codes = self.codes.copy()
        codes[rare] = stream.integers(len(self.labels), int(rare.sum()))
        return codes

    def check_sizes(self, sizes, least, what, hint="Use another `prop`"):
        """Raise InputError if a stratum has too few rows (or groups) to be in every part."""
        for label, size in zip(self.labels, sizes):
            if size < least:
                raise InputError(
                    f"Every stratum must have at least {least} {what}, so that all parts get some.",
                    f"{self.name} {label!r} has {size}.",
                    f"{hint}, pool rare levels (`pool`), or leave out `strata`.",
                )

    def check_folds(self, sizes, folds, what):
        """Raise InputError if a stratum has fewer rows (or groups) than folds; without a `pool`, say it."""
        if self.pool is not None:
            return self.check_sizes(sizes, folds, what, "Use fewer folds")
        thin = [(label, size) for label, size in zip(self.labels, sizes) if size < folds]
        if not thin or self.read_as:
            return None
        few = ", ".join(f"{label!r} in {size}" for label, size in thin[:5])
        more = f", and {number_of(len(thin) - 5, 'more level')}" if len(thin) > 5 else ""
        self.read_as = f"{few} of {number_of(folds, 'fold')}{more}"
        warn(
            BineuralWarning,
            f"{self.name} has levels with fewer {what} than there are folds, and some folds test none of "
            f"them: {self.read_as}.",
        )
        return None

    def _cut(self, numbers):
        """Cut numbers at their quartiles."""
        n_bins = min(N_BINS, len(numbers) // ROWS_PER_BIN)
        if n_bins < 2:
            return self._drop(len(numbers), f"{self.name} is numeric and there are only {len(numbers)} rows")
        edges = np.unique(_r_quantiles(numbers, np.arange(n_bins + 1) / n_bins))
        codes = np.maximum(np.searchsorted(edges, numbers, side="left") - 1, 0)
        self.labels = [f"({low:.6g}, {high:.6g}]" for low, high in zip(edges[:-1], edges[1:])]
        self.codes = codes.astype(np.int64)
        return None

    def _pool_rare(self):
        """Make rare levels no strata of their own."""
        share = np.bincount(self.codes, minlength=len(self.labels)) / len(self.codes)
        rare = share < (self.pool or 0)
        if not rare.any():
            return None
        if rare.all():
            reason = f"each level of {self.name} has under {self.pool:.0%} of the rows"
            return self._drop(len(self.codes), reason)
        places = np.flatnonzero(rare)
        pooled = ", ".join(f"{self.labels[k]!r} ({share[k]:.1%})" for k in places[:5])
        self.read_as = f"levels {listed([self.labels[k] for k in places], 5)} pooled"
        warn(
            BineuralWarning,
            f"Levels of {self.name} with under {self.pool:.0%} of the rows are pooled with the others, as "
            f"rsample does, so their shares are not kept: {pooled}. Give a smaller `pool` to make them "
            "strata.",
        )
        new_code = np.where(rare, -1, np.cumsum(~rare) - 1)
        self.codes = new_code[self.codes]
        self.labels = [label for label, is_rare in zip(self.labels, rare) if not is_rare]
        return None

    def _drop(self, n_rows, reason):
        """Make all rows one stratum."""
        warn(BineuralWarning, f"The split is not stratified: {reason}.")
        self.name = self.pool = None
        self.read_as = f"not stratified: {reason}"
        self.codes, self.labels = np.zeros(n_rows, dtype=np.int64), ["all rows"]


def sample_strata(strata, prop, stream):
    """Sample floor(n * prop) rows of each stratum; ascending within a stratum, one stratum after another."""
    members = group_rows(strata.draw(stream), len(strata.labels))
    strata.check_sizes([len(rows) for rows in members], math.ceil(1 / prop), "rows")
    counts = [math.floor(len(rows) * prop) for rows in members]
    return np.concatenate([rows[np.sort(stream.sample(len(rows), n))] for rows, n in zip(members, counts)])


def fold_strata(strata, folds, stream):
    """Give every row its fold, dealt out within each stratum: int64, shape (n_rows,), from 0."""
    codes = strata.draw(stream)
    members = group_rows(codes, len(strata.labels))
    strata.check_folds([len(rows) for rows in members], folds, "rows")
    numbers, dealt = np.empty(len(codes), dtype=np.int64), 0
    for rows in members:
        thin = len(rows) < folds  # one thin stratum goes on where the last one ended
        numbers[rows] = (stream.sample(len(rows)) + thin * dealt) % folds
        dealt += thin * len(rows)
    return numbers


def _numbers_to_cut(values):
    """Return the values as float64 if they are numbers (or times) with more than a few distinct values."""
    from pandas.api import types

    values = values.infer_objects() if values.dtype == object else values
    if types.is_datetime64_any_dtype(values.dtype):
        numbers = values.astype("int64").to_numpy(np.float64)
    elif types.is_numeric_dtype(values.dtype) and not types.is_bool_dtype(values.dtype):
        numbers = values.to_numpy(np.float64)
    else:
        return None
    return numbers if len(np.unique(numbers)) > MOST_NUMBERS_AS_LABELS else None


def _r_quantiles(numbers, shares):
    """Compute R's default quantiles (type 7), to the last bit."""
    index = (len(numbers) - 1) * shares
    low, high = np.floor(index).astype(int), np.ceil(index).astype(int)
    ordered = np.sort(numbers)
    weight = index - low
    between = (1 - weight) * ordered[low] + weight * ordered[high]
    return np.where((weight > 0) & (ordered[low] != ordered[high]), between, ordered[low])


def _code_labels(values):
    """Return (codes, labels), the labels as text in the order of the C locale."""
    codes, levels = label_codes(values, "`strata`")
    texts = [label_text(value) for value in levels]
    labels = sorted(set(texts))
    place = {label: k for k, label in enumerate(labels)}
    return np.array([place[text] for text in texts], dtype=np.int64)[codes], labels
