"""Reading rows in batches for a comparison: what the outcome is, how many rows there are, and a sample."""

import numpy as np

from bineural.errors import ColumnError, DroppedWarning, InputError, OutcomeError
from bineural.formula.batches import with_labels
from bineural.formula.guard import parse_guarded
from bineural.formula.outcome import evaluate_outcome, is_bound, outcome_columns
from bineural.formula.syntax import quote_name
from bineural.formula.terms import used_columns
from bineural.inputs.batch_outcome import OutcomeInBatches
from bineural.inputs.outcomes import check_weights, is_missing, match_event, plain_values, settle
from bineural.inputs.problem import is_classification
from bineural.inputs.row_batches import sides_of
from bineural.messages import listed, near_names, warn
from bineural.nets.objectives.objective import is_of_numbers, is_of_ordered, takes_several
from bineural.tables.batches import ListSource, SomePieces, Source, is_arrow_dataset, open_source
from bineural.tables.frames import numeric_values
from bineural.training.seeds import stream

MOST_ROWS = 2**15  # that are kept


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
                    categories = getattr(getattr(given, "dtype", None), "categories", None)
                    outcome.add(y, weights, categories, made=self.tree[0] != "name")
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
