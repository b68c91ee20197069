"""Records of who is in which part: `Split` (training and test rows) and `Folds` (many of them)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bineural.errors import InputError
from bineural.messages import number_of
from bineural.printable import printable
from bineural.splitting.manifests import FOLDS, SPLIT, save_split
from bineural.tables.fingerprint import fingerprint_data
from bineural.tables.rows import count_rows, take_rows


class _Record:
    """What both records share: the fingerprint of the data, made when first asked for, and `save`."""

    @property
    def fingerprint(self):
        """Hash of the data by column (dict), as `load_split` compares it; None if there are no data."""
        if self._fingerprint is None and self.data is not None:
            object.__setattr__(self, "_fingerprint", fingerprint_data(self.data))
        return self._fingerprint

    def save(self, path):
        """Write row ids, seed and fingerprint as JSON, without the data; see `save_split`."""
        return save_split(self, path)

    def __deepcopy__(self, memo):
        """Return the record itself: it never changes, so scikit-learn's `clone` need not copy the data."""
        return self

    def _rows(self, ids, part):
        if self.data is None:
            raise InputError(
                f"`{part}` needs the data, which a saved split does not hold.",
                f"This one was loaded without; it knows the ids of {number_of(len(ids), 'row')}.",
                "Load it with them: load_split(path, data).",
            )
        return take_rows(self.data, ids)

    def _how(self):
        """Say in a line how the rows were chosen."""
        stream = {"R": "R's random stream", None: ""}.get(self.rng, str(self.rng))
        parts = [
            f"seed {self.seed} ({stream})" if self.rng else "",
            f"prop {self.prop:g}" if self.prop else "",
        ]
        parts += [
            f"{word} {getattr(self, word)}" for word in ("strata", "groups", "time") if getattr(self, word)
        ]
        parts = [part for part in parts if part] or ["rows as given"]
        parts[-1] += f" ({self.read_as})" if self.read_as else ""
        return printable(", ".join([*parts, *self._untested()]))

    def how_chosen(self, outcome: str = "the outcome") -> list[str]:
        """Say in words, for a heading, what the rows were chosen by.

        Parameters
        ----------
        outcome : str
            What strata are called that were given as values.

        Returns
        -------
        list of str
            Such as "stratified by y", "in order of t (read as day/month/year)".
        """
        parts = []
        for word, how in (("strata", "stratified by"), ("groups", "grouped by"), ("time", "in order of")):
            name = getattr(self, word)
            if name == "<values>":
                name = outcome if word == "strata" else "values given"
            parts += [f"{how} {name}"] if name else []
        if self.read_as:
            parts = [*parts[:-1], f"{parts[-1]} ({self.read_as})"] if parts else [self.read_as]
        return [*parts, *self._untested()]

    def _untested(self):
        """Say how many rows given folds never test: nothing, or a sentence's part."""
        return []


@dataclass(frozen=True, eq=False, repr=False)
class Split(_Record):
    """Training and test rows of one table (or array); made by `split_rows`, `Folds[i]` or `load_split`.

    Attributes
    ----------
    data : data frame, ndarray or other rows, or None
        The data that were split; not saved.
    train_ids, test_ids : ndarray of int64
        Row positions from 0, in the order in which rsample gives them. Read-only.
    n_rows : int
        Rows of the data.
    seed : int or None
        The seed, drawn if none was given; None where nothing was random.
    prop : float or None
        Share of rows (of each stratum; of each stratum's groups) meant for training.
    strata, groups, time : str or None
        The column's name; "<values>" where the values themselves were given.
    pool : float or None
        Share below which levels of `strata` were pooled.
    read_as : str or None
        What became of the column of `strata` or `time` where it does not go without saying: "read as
        day/month/year", "levels 'a', 'b' pooled", "not stratified: ...".
    rng : {"R", "pcg64"} or None
        The random stream.
    train, test : same type as `data`
        The rows themselves.
    fingerprint : dict or None
        Hash of the data by column.

    Examples
    --------
    >>> import bineural as bn
    >>> split = bn.split_rows(bn.load_dataset("iris"), strata="species", prop=0.8, seed=1)
    >>> split.train.shape, split.test.shape
    ((120, 5), (30, 5))
    """

    manifest_kind = SPLIT

    data: object
    train_ids: np.ndarray
    test_ids: np.ndarray
    n_rows: int
    seed: int | None = None
    prop: float | None = None
    strata: str | None = None
    groups: str | None = None
    time: str | None = None
    pool: float | None = None
    rng: str | None = None
    read_as: str | None = None
    _fingerprint: dict | None = field(default=None)

    def __post_init__(self):
        """Freeze the ids."""
        object.__setattr__(self, "train_ids", _frozen(self.train_ids))
        object.__setattr__(self, "test_ids", _frozen(self.test_ids))

    @property
    def train(self):
        """Training rows, in the order of `train_ids`."""
        return self._rows(self.train_ids, "train")

    @property
    def test(self):
        """Test rows, in the order of `test_ids`."""
        return self._rows(self.test_ids, "test")

    def __repr__(self):
        """Say how many rows are where, and how they were chosen."""
        parts = f"{len(self.train_ids)} to train, {len(self.test_ids)} to test"
        return f"<Split of {number_of(self.n_rows, 'row')}: {parts}; {self._how()}>"


@dataclass(frozen=True, eq=False, repr=False)
class Folds(_Record):
    """Many pairs of training and test rows; iterates over (train_ids, test_ids); a scikit-learn `cv=`.

    `len(folds)` is the number of pairs, `folds[i]` the i-th as a `Split`.

    Attributes
    ----------
    data : data frame, ndarray or other rows, or None
        The data that were split; not saved.
    resamples : tuple of (ndarray of int64 or None, ndarray of int64)
        Training and test rows of each pair; None stands for all other rows in ascending order. Read-only.
    n_rows : int
        Rows of the data.
    folds, repeats : int
        Pairs per repeat, and repeats; repeat 1 comes first.
    seed, strata, groups, time, pool, rng, read_as, fingerprint
        As in `Split`.

    Examples
    --------
    >>> import bineural as bn
    >>> folds = bn.make_folds(bn.load_dataset("iris"), folds=5, strata="species", seed=1)
    >>> len(folds), folds[0].test.shape
    (5, (30, 5))
    """

    manifest_kind = FOLDS

    data: object
    resamples: tuple
    n_rows: int
    folds: int
    repeats: int = 1
    seed: int | None = None
    strata: str | None = None
    groups: str | None = None
    time: str | None = None
    pool: float | None = None
    rng: str | None = None
    read_as: str | None = None
    _fingerprint: dict | None = field(default=None)
    prop = None

    def __post_init__(self):
        """Freeze the ids."""
        frozen = tuple((None if a is None else _frozen(a), _frozen(b)) for a, b in self.resamples)
        object.__setattr__(self, "resamples", frozen)

    def __len__(self):
        """Count the pairs."""
        return len(self.resamples)

    def __iter__(self):
        """Yield (train_ids, test_ids), int64 row positions from 0."""
        for k in range(len(self)):
            yield self._pair(k)

    def __getitem__(self, k):
        """Return the k-th pair as a Split."""
        train_ids, test_ids = self._pair(range(len(self))[k])
        words = ("data", "n_rows", "seed", "strata", "groups", "time", "pool", "rng", "read_as")
        words += ("_fingerprint",)
        return Split(train_ids=train_ids, test_ids=test_ids, **{word: getattr(self, word) for word in words})

    def split(self, X=None, y=None, groups=None):
        """Yield (train_ids, test_ids), as scikit-learn asks a splitter to; `y` and `groups` are not used.

        Raises
        ------
        InputError
            If `X` has another number of rows than the data the folds were made for.
        """
        if X is not None and count_rows(X) != self.n_rows:
            raise InputError(
                f"`X` must have the {number_of(self.n_rows, 'row')} that the folds were made for.",
                f"It has {count_rows(X)}.",
                "Make folds of these data with make_folds().",
            )
        return iter(self)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Count the pairs, as scikit-learn asks a splitter to."""
        return len(self)

    def table(self):
        """Return a pandas.DataFrame of all test rows: `repeat` and `fold` from 1, `row` from 0."""
        import pandas as pd

        sizes = [len(test_ids) for _, test_ids in self.resamples]
        number = np.repeat(np.arange(len(self)), sizes)
        rows = np.concatenate([test_ids for _, test_ids in self.resamples])
        return pd.DataFrame(
            {"repeat": number // self.folds + 1, "fold": number % self.folds + 1, "row": rows}
        )

    def __repr__(self):
        """Say how many folds there are of how many rows, and how they were chosen."""
        times = f" x {number_of(self.repeats, 'repeat')}" if self.repeats > 1 else ""
        folds, rows = number_of(self.folds, "fold"), number_of(self.n_rows, "row")
        return f"<Folds: {folds}{times} of {rows}; {self._how()}>"

    def _untested(self):
        if self.rng or self.time or len(self) < 2:
            return []
        tested = np.unique(np.concatenate([test_ids for _, test_ids in self.resamples]))
        n_left = self.n_rows - len(tested)
        return [f"{n_left} of {number_of(self.n_rows, 'row')} never tested"] if n_left else []

    def _pair(self, k):
        train_ids, test_ids = self.resamples[k]
        return (other_rows(test_ids, self.n_rows) if train_ids is None else train_ids), test_ids


def other_rows(ids, n_rows):
    """List the rows that are not in `ids`, ascending: int64."""
    others = np.ones(n_rows, dtype=bool)
    others[ids] = False
    return np.flatnonzero(others)


def _frozen(ids):
    ids = np.array(ids, dtype=np.int64)
    ids.flags.writeable = False
    return ids
