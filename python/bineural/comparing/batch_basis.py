"""The basis of a comparison over rows in batches: folds of whole row groups, and a sample of rows.

One pass learns what the outcome is and how many rows, weights and classes each row group has. At most 32,768
rows are kept, those of the lowest of numbers that are drawn by row; plots, calibration and the search for
leaks are of them, and so they are of all rows where there are no more.
"""

from dataclasses import dataclass, field

import numpy as np

from bineural.comparing.basis import Basis, Rows
from bineural.errors import ColumnError, DroppedWarning, InputError, OutcomeError
from bineural.formula.batches import with_labels
from bineural.formula.guard import parse_guarded
from bineural.formula.outcome import evaluate_outcome, is_bound, outcome_columns
from bineural.formula.syntax import quote_name
from bineural.formula.terms import used_columns
from bineural.inputs.batch_outcome import OutcomeInBatches
from bineural.inputs.outcomes import check_weights, is_missing, match_event, plain_values, settle
from bineural.inputs.problem import Problem, is_classification
from bineural.inputs.row_batches import sides_of
from bineural.messages import listed, near_names, number_of, warn
from bineural.nets.objectives.objective import is_of_numbers, is_of_ordered, takes_several
from bineural.nets.settings import TrainingSet
from bineural.tables.batches import ListSource, SomePieces, Source, is_arrow_dataset, open_source
from bineural.tables.frames import numeric_values
from bineural.training.seeds import check_seed, stream

MOST_ROWS = 2**15  # that are kept


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


def open_pieces(data):
    """Return (source, what a piece of it is called) of data whose parts can be held out.

    Raises
    ------
    InputError
        If the parts can't be told apart.
    """
    if isinstance(data, (list, tuple)):
        return ListSource(data), "table"
    if isinstance(data, (str, Source)) or hasattr(data, "__fspath__") or is_arrow_dataset(data):
        source = open_source(data)
        if source.n_pieces > 1 or getattr(source, "fragments", True) is not None:
            return source, "row group"
    raise InputError(
        "Rows in batches that are compared must be a Parquet file or folder, or a list of tables, parts of "
        "which are held out.",
        f"Found a {type(data).__name__}.",
        "Write the batches to Parquet files, or read the rows whole.",
    )


class PieceSums:
    """What is known of each piece: rows, weights, and the outcome's sums.

    Attributes
    ----------
    n_rows, weights : ndarray, shape (n_pieces,)
    weighted : ndarray of float64, shape (n_pieces,)
        Sums of weight times outcome, of numbers.
    counts, masses : ndarray, shape (n_pieces, n_labels)
        Rows and weights of each label; of an event those of all others, and its own.
    label_counts : ndarray of int64
        Rows of each label.
    low, high : float
        Ends of an outcome of numbers.
    """

    def __init__(self):
        self.n_rows, self.weights, self.weighted, self.by_label = [], [], [], []
        self.low, self.high = np.inf, -np.inf

    def begin(self):
        """Begin a piece."""
        for sums in (self.n_rows, self.weights, self.weighted):
            sums.append(0)
        self.by_label.append({})

    def add(self, y, weights, numeric):
        """Take in rows of the piece."""
        weights = np.ones(len(y)) if weights is None else weights
        self.n_rows[-1] += len(y)
        self.weights[-1] += float(weights.sum())
        if numeric:
            self.weighted[-1] += float(weights @ y)
            self.low, self.high = min(self.low, float(y.min())), max(self.high, float(y.max()))
            return
        present, inverse = np.unique(y, return_inverse=True)
        rows, mass = np.bincount(inverse), np.bincount(inverse, weights)
        for label, n, m in zip(present.tolist(), rows.tolist(), mass.tolist()):
            before = self.by_label[-1].get(label, (0, 0.0))
            self.by_label[-1][label] = (before[0] + n, before[1] + m)

    def finish(self, labels, event):
        """Put labels in order; `event` is None unless one class is set against all others."""
        for name in ("n_rows", "weights", "weighted"):
            setattr(self, name, np.array(getattr(self, name)))
        table = np.array([[each.get(label, (0, 0.0)) for label in labels or ()] for each in self.by_label])
        table = table.reshape(len(self.n_rows), -1, 2)
        self.label_counts = table[:, :, 0].sum(axis=0).astype(np.int64)
        if event is not None:
            own = table[:, labels.index(event)]
            table = np.stack([table.sum(axis=1) - own, own], axis=1)
        self.counts, self.masses = table[:, :, 0].astype(np.int64), table[:, :, 1]


class Reading:
    """The first pass over rows in batches, and how they are read after it.

    Parameters
    ----------
    rows : Rows
    formulas : list of (str or None)
        Right sides of the models' formulas, as far as they have any.
    complete : bool
        Whether rows without all predictors are left out.
    seed : int
        Of the rows that are kept.
    """

    def __init__(self, rows, formulas, complete, seed):
        self.outcome, self.terms, self.formula = _sides(rows)
        self.tree, self.weight_name = parse_guarded(self.outcome), rows.weights
        self.source, self.word = open_pieces(rows.data)
        names = self.source.names()
        self.exclude = [*outcome_columns(self.outcome), *([rows.weights] if rows.weights else [])]
        for name in self.exclude:
            if name not in names:
                raise ColumnError(
                    "Columns must be those of the data.", f"Found {name!r}.", near_names(name, names)
                )
        others = [name for name in names if name not in self.exclude]
        used = used_columns(others, [formula or self.terms for formula in formulas])
        self.columns = [name for name in names if name in {*used, *self.exclude}]
        self.complete = used if complete else []
        self.dropped = {
            "without an outcome": 0,
            "of weight 0": 0,
            "with missing predictors, for all models": 0,
        }
        self.counting = SomePieces(self.source, range(self.source.n_pieces), self.rows_that_count)
        self._learn(rows, seed)

    def rows_that_count(self, frame):
        """Leave out rows without an outcome, of weight 0, or (if asked) with missing predictors."""
        return self._parted(frame)[0]

    def outcome_of(self, frame):
        """Return the outcome of a frame as it is written, and its plain values."""
        given = evaluate_outcome(self.outcome, with_labels(frame, self.tree))
        return given, np.asarray(plain_values(given))

    def weights_of(self, frame):
        """Return the row weights of a frame, or None."""
        return None if self.weight_name is None else numeric_values(frame[self.weight_name], self.weight_name)

    def _parted(self, frame):
        known = ~is_missing(self.outcome_of(frame)[1])
        lost = [int((~known).sum()), 0, 0]
        if self.weight_name is not None:
            weights = self.weights_of(frame)
            heavy = check_weights(weights, len(frame)) > 0 if weights.any() else weights > 0
            lost[1] = int((known & ~heavy).sum())
            known &= heavy
        if self.complete:
            complete = ~frame[self.complete].isna().any(axis=1).to_numpy()
            lost[2] = int((known & ~complete).sum())
            known &= complete
        if known.all():
            return frame, np.arange(len(frame)), lost
        places = np.flatnonzero(known)
        return frame.iloc[places].reset_index(drop=True), places, lost

    def _learn(self, rows, seed):
        labels = rows.event is not None or rows.classes is not None or is_of_ordered(rows.objective)
        outcome, sums, sample = OutcomeInBatches(labels), PieceSums(), _Sample(seed)
        n_read = n_counting = 0
        for piece in range(self.source.n_pieces):
            sums.begin()
            for frame in self.source.read(piece, set(self.columns)):
                part, places, lost = self._parted(frame)
                for reason, n in zip(self.dropped, lost):
                    self.dropped[reason] += n
                if len(part):
                    given, y = self.outcome_of(part)
                    weights = self.weights_of(part)
                    outcome.add(y, weights, getattr(getattr(given, "dtype", None), "categories", None))
                    y = np.asarray(y, np.float64) if outcome.numeric else settle(y)
                    sums.add(y, weights, outcome.numeric)
                    sample.add(
                        part[[name for name in self.columns if name in part]], n_read + places, n_counting
                    )
                    n_counting += len(part)
                n_read += len(frame)
        if not n_counting:
            raise OutcomeError(
                "The outcome must be known in some rows.", "It is missing in all.", "Check it."
            )
        for reason, n in self.dropped.items():
            if n:
                warn(DroppedWarning, f"Left out {n} of {n_read} rows {reason}.")
        self.n_left_out, self.sums, self.sample = n_read - n_counting, sums, sample.finish()
        outcome.finish()
        self.task, self.classes, self.event = _task_of(outcome, rows)
        sums.finish(self.classes, self.event)


class _Sample:
    """Rows with the lowest of numbers that are drawn by row, in their order."""

    def __init__(self, seed):
        self.draw, self.frames, self.luck, self.places, self.rows = stream(seed, "kept rows"), [], [], [], []

    def add(self, frame, places, n_before):
        """Take in rows: their places in the data, and how many that count there were before."""
        self.frames.append(frame)
        self.luck.append(self.draw.random(len(frame)))
        self.places.append(places)
        self.rows.append(np.arange(n_before, n_before + len(frame)))
        if sum(map(len, self.luck)) > 2 * MOST_ROWS:
            self._cut()

    def _cut(self):
        import pandas as pd

        luck = np.concatenate(self.luck)
        low = np.ones(len(luck), bool)
        if len(luck) > MOST_ROWS:
            low[np.argsort(luck, kind="stable")[MOST_ROWS:]] = False
        frame = pd.concat(_with_all_levels(self.frames), ignore_index=True)[low].reset_index(drop=True)
        self.frames, self.luck = [frame], [luck[low]]
        self.places, self.rows = [np.concatenate(self.places)[low]], [np.concatenate(self.rows)[low]]

    def finish(self):
        """Return (frame, positions in the data, numbers among the rows that count)."""
        if self.frames:
            self._cut()
        return self.frames[0], self.places[0], self.rows[0]


def _with_all_levels(frames):
    """Give categories of several frames the levels of all, so that they stay categories when joined."""
    import pandas as pd

    kinds = [name for name in frames[0] if isinstance(frames[0][name].dtype, pd.CategoricalDtype)]
    for name in kinds:
        levels = list(dict.fromkeys(level for frame in frames for level in frame[name].cat.categories))
        frames = [frame.assign(**{name: frame[name].cat.set_categories(levels)}) for frame in frames]
    return frames


def _sides(rows):
    """Return (outcome, right side or None, formula) of what a user names."""
    if rows.formula is not None:
        _, outcome, terms, formula = sides_of(rows.formula, None)
        if rows.outcome is not None and rows.outcome != outcome:
            raise InputError(
                "The formula and `outcome` must name the same outcome.",
                f"Found {outcome!r} and {rows.outcome!r}.",
                "Leave `outcome` out.",
            )
    elif isinstance(rows.outcome, str):
        known = rows.outcome.isidentifier() or any(mark in rows.outcome for mark in "()`")
        outcome, terms = rows.outcome if known else quote_name(rows.outcome), "."
        formula = f"{outcome} ~ ."
    else:
        raise OutcomeError(
            "The outcome of rows in batches must be named.",
            "Found none." if rows.outcome is None else f"`outcome` is a {type(rows.outcome).__name__}.",
            "Pass outcome='column', or formula='y ~ a + b'.",
        )
    if is_bound(outcome):
        raise OutcomeError(
            "Models can be compared on one outcome.",
            f"Found {outcome!r}.",
            "Pass one of the columns, or the share of successes and the trials as `weights`.",
        )
    if rows.weights is not None and not isinstance(rows.weights, str):
        raise InputError(
            "`weights` must name a column where rows come in batches.",
            f"Found a {type(rows.weights).__name__}.",
            "Put the weights into the batches, beside the outcome.",
        )
    return outcome, terms, formula


def _task_of(outcome, rows):
    """Return (task, classes, event), as for rows in memory."""
    objective, event, classes = rows.objective, rows.event, rows.classes
    if takes_several(objective) or getattr(objective, "constant", None) is not None:
        raise InputError(
            "Nets of rows in batches can be compared on a mean or on classes only.",
            f"A net asks for the objective {objective.name!r}.",
            "Leave the objective out, or read the rows whole.",
        )
    if is_of_numbers(objective, event, classes):
        return "regression", None, None
    if not is_of_ordered(objective) and not is_classification(outcome.examples(), event, classes):
        return "regression", None, None
    present = outcome.distinct().tolist()
    labels = [label for label in outcome.order or sorted(present) if label in set(present)]
    if len(labels) < 2:
        raise OutcomeError(
            "The outcome must hold at least two classes.", f"It holds {listed(labels)}.", "Check the rows."
        )
    event = match_event(event, labels)
    return ("multiclass" if event is None else "binary"), labels, event


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
    _check_resampling(resampling)
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


def _check_resampling(resampling):
    for name in ("strata", "groups", "time"):
        value = getattr(resampling, name)
        if value is not None and value is not False:
            raise InputError(
                f"`{name}` can't be used where rows come in batches: whole row groups are held out.",
                f"Found {value!r}." if isinstance(value, str) else f"Found a {type(value).__name__}.",
                "Write the files so that a row group holds what belongs together, or read the rows whole.",
            )


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
