"""The basis of a comparison over rows in batches: folds of whole row groups, and a sample of rows.

One pass learns what the outcome is and how many rows, weights and classes each row group has. At most 32,768
rows are kept, those of the lowest of numbers that are drawn by row; plots, calibration and the search for
leaks are of them, and so they are of all rows where there are no more.
"""

from dataclasses import dataclass, field

import numpy as np

from bineural.comparing.basis import Basis, Rows
from bineural.comparing.batch_reading import Reading
from bineural.errors import InputError, OutcomeError
from bineural.inputs.outcomes import settle
from bineural.inputs.problem import Problem
from bineural.messages import number_of
from bineural.nets.settings import TrainingSet
from bineural.tables.batches import SomePieces
from bineural.training.seeds import check_seed, stream


@dataclass(frozen=True)
class PieceFolds:
    """Folds of whole row groups, or of whole tables of a list.

    Attributes
    ----------
    pieces : ndarray of int64, shape (n_repeats, n_pieces)
        Fold of each piece in each repeat, from 1.
    word : str
        What a piece is.
    seed : int or None
        They were drawn with; None where they were given.
    """

    pieces: np.ndarray
    word: str
    seed: int | None

    @property
    def drawn(self):
        """Whether the folds were drawn, so that there can be more of them."""
        return self.seed is not None

    def how_chosen(self, outcome="the outcome"):
        """Say in words, for a heading, what is never parted."""
        return [f"of whole {self.word}s ({self.pieces.shape[1]:,})"]

    def __str__(self):
        """Say how many there are, and of what."""
        return f"{number_of(int(self.pieces.max()), 'fold')} {self.how_chosen()[0]}"

    __repr__ = __str__


@dataclass
class BatchBasis(Basis):
    """What all models of a comparison over batches share; `truth`, `problem` and `sets` are of rows kept.

    Attributes
    ----------
    source : Source
        Of the rows that count; pieces by number.
    piece_of_sets : list of (ndarray, ndarray)
        Numbers of the pieces that each resample trains on and tests.
    sums : PieceSums
    kept : ndarray of int64
        Rows that are kept, counted among the rows that count.
    positions : ndarray of int64
        The same by their position in the data.
    weight_name : str or None
    reading : Reading
    """

    source: object = None
    piece_of_sets: list = field(default_factory=list)
    sums: object = None
    kept: np.ndarray | None = None
    positions: np.ndarray | None = None
    weight_name: str | None = None
    reading: object = None

    @property
    def n_rows(self):
        """Rows that count."""
        return int(self.sums.n_rows.sum())

    @property
    def is_whole(self):
        """Whether all rows are kept."""
        return len(self.kept) == self.n_rows

    @property
    def n_events(self):
        """Rows with the event, or None."""
        return int(self.sums.counts[:, 1].sum()) if self.task == "binary" else None

    @property
    def class_rows(self):
        """Rows of each class, {label: rows}; None for numbers."""
        if self.task == "regression":
            return None
        return dict(zip(self.classes, self.sums.label_counts.tolist()))

    @property
    def n_units(self):
        """Rows tested in any resample; of the rarest class, where there are classes."""
        return self.n_rows if self.task == "regression" else int(self.sums.counts.sum(axis=0).min())

    @property
    def n_trained(self):
        """Rows that each resample trains on."""
        return [int(self.sums.n_rows[train].sum()) for train, _ in self.piece_of_sets]

    @property
    def n_tested(self):
        """Rows that each resample tests."""
        return [int(self.sums.n_rows[test].sum()) for _, test in self.piece_of_sets]

    @property
    def events_tested(self):
        """Rows with the event that each resample tests, or None."""
        if self.task != "binary":
            return None
        return [int(self.sums.counts[test, 1].sum()) for _, test in self.piece_of_sets]

    def numbers_of(self, rows):
        """Return the positions of rows in the data."""
        return self.positions[rows]

    def known_of(self, sets):
        """Return what measures must know of all rows: an outcome with their mean, ends and classes."""
        if self.task != "regression":
            return {"y_true": self.truth, "weights": self.weights, "classes": self.classes}
        sums = self.sums
        low, high, mean = sums.low, sums.high, sums.weighted.sum() / sums.weights.sum()
        if not low < high:
            return {"y_true": np.array([low]), "weights": None, "classes": None}
        share = (mean - low) / (high - low)
        return {"y_true": np.array([low, high]), "weights": np.array([1 - share, share]), "classes": None}

    def truth_of(self, y):
        """Return the truth of an outcome as the data have it: see `truth`."""
        if self.task == "regression":
            return np.asarray(y, dtype=np.float64)
        place = {label: k for k, label in enumerate(self.classes)}
        present, inverse = np.unique(settle(y), return_inverse=True)
        codes = np.array([place[label] for label in present.tolist()], np.int64)[inverse]
        return (codes == place[self.event]).astype(np.int64) if self.task == "binary" else codes

    def pieces(self, k, test=False):
        """Return the source of the rows that a resample trains on, or tests."""
        return SomePieces(self.source, self.piece_of_sets[k][int(test)])

    def kept_of_test(self, k):
        """Yield, for each tested piece of a resample, where its kept rows stand among its rows."""
        for piece in self.piece_of_sets[k][1]:
            begin = int(self.sums.n_rows[:piece].sum())
            low, high = np.searchsorted(self.kept, [begin, begin + self.sums.n_rows[piece]])
            yield self.kept[low:high] - begin


def make_batch_basis(rows, resampling, formulas, complete):
    """Read what models are compared on, where rows come in batches.

    Parameters
    ----------
    rows : Rows
    resampling : Resampling
    formulas : list of (str or None)
    complete : bool
        Whether rows that miss a predictor are left out.

    Returns
    -------
    BatchBasis
    """
    if not isinstance(rows, Rows):
        raise TypeError
    seed = check_seed(resampling.seed)
    reading = Reading(rows, formulas, complete, seed)
    folds = _make_folds(reading, resampling, seed)
    frame, positions, kept = reading.sample
    given, y = reading.outcome_of(frame)
    problem = Problem(frame, given, None, None, reading.formula, reading.terms, reading.outcome)
    problem.exclude = tuple(reading.exclude)
    pieces = _piece_sets(folds)
    basis = BatchBasis(
        problem,
        *(reading.task, reading.classes, reading.event, np.zeros(0), reading.weights_of(frame)),
        *(_row_sets(reading.sums, folds, pieces, kept), folds, seed, reading.n_left_out, rows.objective),
        source=reading.counting,
        piece_of_sets=pieces,
        sums=reading.sums,
        kept=kept,
        positions=positions,
        weight_name=rows.weights,
        reading=reading,
    )
    basis.truth = basis.truth_of(y)
    _check_sets(basis, reading.word)
    return basis


def _make_folds(reading, resampling, seed):
    """Deal the pieces to folds in a drawn order, each to the fold with the fewest rows so far."""
    n_rows, word = reading.sums.n_rows, reading.word
    n_pieces, folds = len(n_rows), resampling.folds
    if not isinstance(folds, (int, np.integer)) or isinstance(folds, bool):
        given = np.asarray(folds) if not hasattr(folds, "split") and np.ndim(folds) == 1 else np.zeros(0)
        labels, codes = np.unique(given, return_inverse=True)
        if len(given) != n_pieces or len(labels) < 2:
            raise InputError(
                f"`folds` must be a number of folds, or the fold of each {word}, where rows come in batches.",
                f"Found a {type(folds).__name__}"
                + (f" of {len(given)} for {number_of(n_pieces, word)}." if len(given) else "."),
                "Leave it out for 10 folds.",
            )
        return PieceFolds((codes + 1)[None].astype(np.int64), word, None)
    filled = np.flatnonzero(n_rows > 0)
    if not 2 <= folds <= len(filled):
        raise InputError(
            f"There must be at least two folds, and no more than {word}s, which are held out whole.",
            f"Found folds={folds} and {number_of(len(filled), word)} with rows.",
            f"Choose fewer folds, or write smaller {word}s"
            + (", for example by to_parquet(row_group_size=100_000)." if word == "row group" else "."),
        )
    dealt = np.zeros((int(resampling.repeats), n_pieces), np.int64)
    for repeat, fold_of in enumerate(dealt):
        sizes = np.zeros(folds)
        for piece in stream(seed, "row groups", repeat).permutation(n_pieces):
            fold = int(np.argmin(sizes))
            sizes[fold] += n_rows[piece]
            fold_of[piece] = fold + 1
    return PieceFolds(dealt, word, seed)


def _piece_sets(folds):
    """Return (training pieces, test pieces) of each resample."""
    return [
        (np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold))
        for fold_of in folds.pieces
        for fold in range(1, int(fold_of.max()) + 1)
    ]


def _row_sets(sums, folds, pieces, kept):
    """Return the resamples of the rows that are kept, by their places among them."""
    piece_of_row = np.searchsorted(np.cumsum(sums.n_rows), kept, side="right")
    sets, each = [], len(pieces) // len(folds.pieces)
    for k, (_, test) in enumerate(pieces):
        tested = np.isin(piece_of_row, test)
        rows = np.flatnonzero(~tested), np.flatnonzero(tested)
        sets.append(TrainingSet(*rows, k // each + 1, k % each + 1))
    return sets


def _check_sets(basis, word):
    """Raise where a resample has no rows to train on or to test, or trains on one class."""
    for k, (train, test) in enumerate(basis.piece_of_sets, 1):
        n_train, n_test = (int(basis.sums.n_rows[pieces].sum()) for pieces in (train, test))
        if not n_train or not n_test:
            raise InputError(
                "Every resample must have rows with an outcome to train on and to test on.",
                f"Resample {k} has {n_train} and {n_test}.",
                "Choose fewer folds.",
            )
        if basis.task != "regression" and np.count_nonzero(basis.sums.counts[train].sum(axis=0)) < 2:
            raise OutcomeError(
                "The training rows of every resample must hold at least two classes.",
                f"Those of resample {k} hold only one: the {word}s are sorted by the outcome.",
                "Shuffle the rows before they are written.",
            )
