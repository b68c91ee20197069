"""Rows that come in batches, seen once: what they teach a preparation, and how to read them again as numbers.

Nothing that is kept grows with the rows, but for the levels of categories.
"""

from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import column_or_1d

from bineural.errors import DroppedWarning, InputError, OutcomeError
from bineural.formula.batches import refuse_learnt, with_labels
from bineural.formula.design import TableRows
from bineural.formula.guard import parse_guarded, split_with_outcome
from bineural.formula.outcome import check_present, evaluate_outcome, outcome_columns
from bineural.inputs.batch_outcome import OutcomeInBatches
from bineural.inputs.given_rows import has_order
from bineural.inputs.outcomes import check_weights, is_missing, plain_values, settle
from bineural.inputs.shares import shares_of
from bineural.messages import warn
from bineural.tables.batches import open_source
from bineural.tables.frames import numeric_values

WHOLE = "Read the data whole, load_dataset(path) does, and pass that data frame."


class Batch(NamedTuple):
    """Rows of one batch whose outcome is there; `luck` uniform in [0, 1), `where` puts a row into words."""

    frame: object
    y: object
    weights: object
    luck: object
    categories: object
    ordered: bool
    where: object


class RowBatches:
    """Rows that come in batches, seen once: what they teach, and how to read them again as numbers.

    Parameters
    ----------
    data : path, pyarrow.dataset.Dataset, callable, iterable or Source
    outcome : str
        Left side of the formula.
    preparation : Preparation
        Unfitted.
    weights : str, optional
        Column of row weights.
    labels : bool
        Whether a numeric outcome is meant as classes.
    counts : bool
        Whether the outcome is cbind(successes, failures): shares, whose trials are weights.
    moments : bool
        Whether means and SDs of the columns are wanted.
    others : sequence of str
        Further columns that are no predictors.

    Attributes
    ----------
    preparation : Preparation
    outcome : OutcomeInBatches
    n_rows : int
        Rows that are complete.
    """

    def __init__(
        self, data, outcome, preparation, weights=None, labels=False, counts=False, moments=True, others=()
    ):
        if weights is not None and not isinstance(weights, str):
            raise InputError(
                "`weights` must name a column where rows come in batches.",
                f"Found a {type(weights).__name__}.",
                "Put the weights into the batches, beside the outcome.",
            )
        self.source, self.missing, self.counts = open_source(data), preparation.missing, counts
        self.text, self.tree, self.weight_name = outcome, None, weights
        if not counts:
            self.tree = parse_guarded(outcome)
            refuse_learnt(self.tree)
        self.exclude = [*outcome_columns(outcome), *([weights] if weights else []), *others]
        self.preparation = preparation
        self._learn(labels, moments)

    def _learn(self, labels, moments):
        """Make the first pass."""
        learner = self.preparation.begin_batches(self.source.names(), self.exclude, moments)
        self.columns = {*self.exclude, *self.preparation.columns_}
        self.outcome = OutcomeInBatches(labels)
        self.piece_rows, self.n_without = [], 0
        for piece in range(self.source.n_pieces):
            for batch in self._batches(piece):
                self._learn_batch(learner, batch)
        if self.n_without:
            n_rows = sum(self.piece_rows)
            warn(DroppedWarning, f"Left out {self.n_without} of {n_rows} rows without an outcome.")
        mean, spread = learner.finish()
        self.outcome.finish()
        self.n_rows, self.n_counting = learner.n_rows, self.outcome.n_counting
        if not self.n_counting:
            raise InputError(
                "Row weights must not all be zero (sample_weight).",
                f"All {self.n_rows} are 0.",
                "Weight some rows.",
            )
        self.preparation.finish_batches(mean, self._whole_spread(spread), self.n_rows)

    def _learn_batch(self, learner, batch):
        """Learn from one batch; return the positions of its complete rows, and their weights."""
        counting = None if batch.weights is None else batch.weights > 0
        rows = learner.add(batch.frame, counting, batch.where)
        weights = None if batch.weights is None else batch.weights[rows]
        made = not self.counts and self.tree[0] != "name"
        self.outcome.add(batch.y[rows], weights, batch.categories, batch.ordered, made)
        return rows, weights

    def _whole_spread(self, spread):
        """Fill in which columns vary in whose term a category is multiplied, by one more pass."""
        unknown = np.flatnonzero(np.isnan(spread)) if spread is not None else ()
        if not len(unknown):
            return spread
        low, high = np.full(len(unknown), np.inf), np.full(len(unknown), -np.inf)
        for piece in range(self.source.n_pieces):
            for batch in self._batches(piece):
                prepared, _ = self.preparation._design.use(batch.frame, self.missing)
                counting = slice(None) if batch.weights is None else batch.weights[prepared.rows] > 0
                part = prepared.matrix[counting][:, unknown]
                low = np.minimum(low, part.min(axis=0, initial=np.inf))
                high = np.maximum(high, part.max(axis=0, initial=-np.inf))
        spread = spread.copy()
        spread[unknown] = high - low
        return spread

    def counted_levels(self, classes=None, n_class_rows=None):
        """Return {column: {label: rows}} of the outcome, where it is classes, and of columns with levels."""
        columns, preparation = {}, self.preparation
        if classes is not None:
            columns[self.text] = dict(zip(classes.tolist(), n_class_rows.tolist()))
        for name, levels in preparation.levels_.items():
            counts = np.rint(self.n_rows * np.asarray(preparation.level_frequencies_[name])).astype(int)
            columns.setdefault(name, dict(zip(levels, counts.tolist())))
        return columns

    # ---- batches of raw rows ----

    def _luck(self, n_before):
        """Return a function of a number of rows that gives one number for each, after so many before."""
        return np.zeros

    def _batches(self, piece):
        """Yield the batches of a piece; the first time its rows are counted."""
        first, before, n_read = piece == len(self.piece_rows), sum(self.piece_rows[:piece]), 0
        luck = self._luck(before)
        for number, frame in enumerate(self.source.read(piece, self.columns), start=1):
            check_present(sorted(self.columns), frame.columns, "model")
            where = lambda row, n=before + n_read, k=number: f"row {n + row + 1} (batch {k})"  # noqa: E731
            batch = self._whole(frame, luck(len(frame)), where)
            n_read += len(frame)
            if first:
                self.n_without += len(frame) - len(batch.frame)
            yield batch
        if first:
            self.piece_rows.append(n_read)
        elif n_read != self.piece_rows[piece]:
            raise InputError(
                "Batches must give the same rows each time they are read.",
                f"There were {self.piece_rows[piece]} rows at first and {n_read} later.",
                "Let the function begin anew at each call, and leave files as they are during the fit.",
            )

    def _whole(self, frame, luck, where):
        """Read outcome and weights of a batch, and leave out rows without outcome."""
        trials = None
        if self.counts:
            y, trials = shares_of(self.text, frame)
        else:
            y = evaluate_outcome(self.text, with_labels(frame, self.tree))
        categories, given = getattr(getattr(y, "dtype", None), "categories", None), y
        y = column_or_1d(plain_values(y))
        ordered = has_order(given, y)
        weights = trials
        if self.weight_name is not None:
            weights = numeric_values(frame[self.weight_name], self.weight_name)
            weights = check_weights(weights, len(frame)) if weights.any() else weights
            weights = weights if trials is None else weights * trials
        missing = is_missing(y)
        if not missing.any():
            return Batch(frame, y, weights, luck, categories, ordered, where)
        if self.missing != "drop":
            raise OutcomeError(
                "The outcome must not be missing.",
                f"It is missing (NaN), first in {where(int(np.argmax(missing)))}.",
                "Leave those rows out, or pass missing='drop'.",
            )
        kept = np.flatnonzero(~missing)
        weights = None if weights is None else weights[kept]
        return Batch(
            *(frame.iloc[kept], settle(y[kept]), weights, luck[kept], categories, ordered),
            lambda row: where(int(kept[row])),
        )

    # ---- prepared rows ----

    def read(self, order, counting_only=True):
        """Yield (TableRows, y, weights, luck) of each batch: complete rows, of positive weight.

        Parameters
        ----------
        order : sequence of int
            Of the pieces.
        counting_only : bool
            Whether rows of weight 0 are left out.
        """
        for piece in order:
            for batch in self._batches(piece):
                prepared = self.preparation.transform(batch.frame)
                rows = prepared.rows
                weights = None if batch.weights is None else batch.weights[rows]
                part = (prepared, batch.y[rows], weights, batch.luck[rows])
                if counting_only and weights is not None and not weights.all():
                    part = _some(*part, np.flatnonzero(weights > 0))
                yield part


def sides_of(formula, data):
    """Return (data, outcome, terms, formula) of a formula and batches, or of batches and the outcome's name.

    Raises
    ------
    FormulaError
        If the formula names no outcome.
    """
    if not isinstance(formula, str):
        formula, data = f"`{data}` ~ .", formula
    outcome, terms = split_with_outcome(formula)
    return data, outcome, terms, formula


def _some(prepared, y, weights, luck, keep):
    offset = None if prepared.offset is None else prepared.offset[keep]
    prepared = TableRows(prepared.matrix[keep], prepared.codes[keep], offset, prepared.rows[keep])
    return prepared, y[keep], weights[keep], luck[keep]
