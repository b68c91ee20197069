"""Rows that come in batches, seen once: what they teach a preparation, and how to read them again as numbers.

Nothing that is kept grows with the rows, but for the levels of categories. Each row has its luck: a uniform
number, drawn from the seed by row number; rows to watch are those with the lowest.
"""

from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import column_or_1d

from bineural.errors import DroppedWarning, InputError, OutcomeError
from bineural.formula.batches import MOST_ROWS, refuse_learnt, with_labels
from bineural.formula.design import TableRows as Prepared
from bineural.formula.guard import parse_guarded
from bineural.formula.outcome import check_present, evaluate_outcome
from bineural.formula.syntax import names_in
from bineural.inputs.given_rows import has_order
from bineural.inputs.outcomes import check_weights, is_missing, plain_values, settle
from bineural.inputs.preparation import Preparation
from bineural.messages import warn
from bineural.nets.batch_outcome import OutcomeInBatches
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
    data : path, pyarrow.dataset.Dataset, callable or iterable
    outcome : str
        Left side of the formula.
    net : NetClassifier or NetRegressor
        Unfitted; its formula and options count.
    weights : str, optional
        Column of row weights.
    labels : bool
        Whether a numeric outcome is meant as classes.

    Attributes
    ----------
    preparation : Preparation
    outcome : OutcomeInBatches
    n_rows : int
        Rows that are complete.
    """

    def __init__(self, data, outcome, net, weights=None, labels=False):
        from bineural.nets.fitting import settle_place
        from bineural.nets.scaling import read_scaling

        options, record = net.read_options(in_batches=True)
        _check_for_batches(options, weights)
        self.source, self.missing, self.seed = open_source(data), net.missing, settle_place(options, record)
        self.text, self.tree, self.weight_name = outcome, parse_guarded(outcome), weights
        refuse_learnt(self.tree)
        self.exclude = [*names_in(self.tree), *([weights] if weights else [])]
        self.preparation = Preparation(
            net.formula,
            scaling=read_scaling(options["scaling"], record.model, options["keep_weights"])[0],
            categories={"onehot": "onehot", "embed": "codes"}[options["categories"]],
            missing=options["missing"],
            unseen=options["unseen"],
        )
        self._learn(labels)

    def _learn(self, labels):
        """Make the first pass."""
        learner = self.preparation.begin_batches(self.source.names(), self.exclude)
        self.columns = {*self.exclude, *self.preparation.columns_}
        self.outcome, self.lowest = OutcomeInBatches(labels), np.empty(0)
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
        counting = None if batch.weights is None else batch.weights > 0
        rows = learner.add(batch.frame, counting, batch.where)
        weights = None if batch.weights is None else batch.weights[rows]
        self.outcome.add(batch.y[rows], weights, batch.categories, batch.ordered)
        luck = batch.luck[rows] if weights is None else batch.luck[rows][weights > 0]
        self.lowest = np.sort(np.concatenate([self.lowest, luck]))[: MOST_ROWS + 1]

    def _whole_spread(self, spread):
        """Fill in which columns vary in whose term a category is multiplied, by one more pass."""
        unknown = np.flatnonzero(np.isnan(spread))
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

    # ---- batches of raw rows ----

    def _batches(self, piece):
        """Yield the batches of a piece; the first time its rows are counted."""
        from bineural.training import stream

        first, before, n_read = piece == len(self.piece_rows), sum(self.piece_rows[:piece]), 0
        luck = stream(self.seed, "validation")
        luck.bit_generator.advance(before)
        for number, frame in enumerate(self.source.read(piece, self.columns), start=1):
            check_present(sorted(self.columns), frame.columns, "model")
            where = lambda row, n=before + n_read, k=number: f"row {n + row + 1} (batch {k})"  # noqa: E731
            batch = self._whole(frame, luck.random(len(frame)), where)
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
        y = evaluate_outcome(self.text, with_labels(frame, self.tree))
        categories, given = getattr(getattr(y, "dtype", None), "categories", None), y
        y = column_or_1d(plain_values(y))
        ordered = has_order(given, y)
        weights = None
        if self.weight_name is not None:
            weights = numeric_values(frame[self.weight_name], self.weight_name)
            weights = check_weights(weights, len(frame)) if weights.any() else weights
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

    def read(self, order):
        """Yield (Prepared, y, weights, luck) of each batch: complete rows of positive weight.

        Parameters
        ----------
        order : sequence of int
            Of the pieces.
        """
        for piece in order:
            for batch in self._batches(piece):
                prepared = self.preparation.transform(batch.frame)
                rows = prepared.rows
                weights = None if batch.weights is None else batch.weights[rows]
                part = (prepared, batch.y[rows], weights, batch.luck[rows])
                if weights is not None and not weights.all():
                    part = _some(*part, np.flatnonzero(weights > 0))
                yield part


def _some(prepared, y, weights, luck, keep):
    offset = None if prepared.offset is None else prepared.offset[keep]
    prepared = Prepared(prepared.matrix[keep], prepared.codes[keep], offset, prepared.rows[keep])
    return prepared, y[keep], weights[keep], luck[keep]


def _check_for_batches(options, weights):
    """Refuse options that need all rows at once."""
    if weights is not None and not isinstance(weights, str):
        raise InputError(
            "`weights` must name a column where rows come in batches.",
            f"Found a {type(weights).__name__}.",
            "Put the weights into the batches, beside the outcome.",
        )
    for name in ("callbacks", "checkpoint"):
        if options[name] is not None:
            raise InputError(
                f"`{name}` can't be used where rows come in batches.", "Found it beside such data.", WHOLE
            )
    if options["missing"] == "impute":
        raise InputError(
            "Rows that come in batches can't be imputed: a median needs all rows at once.",
            "Found missing='impute'.",
            "Choose missing='drop' or 'error', or fill the columns before.",
        )
    if options["scaling"] in ("robust", "quantile"):
        raise InputError(
            "Columns of rows that come in batches can be standardised only: quantiles need all rows at once.",
            f"Found scaling={options['scaling']!r}.",
            f"Leave it out. {WHOLE}",
        )
    if options["target"] != "plain":
        raise InputError(
            "The outcome of rows that come in batches can be learnt as it is only.",
            f"Found target={options['target']!r}.",
            f"Change the column in the formula, as in log(y) ~ x. {WHOLE}",
        )
    if options["numbers"] == "piecewise":
        raise InputError(
            "Rows that come in batches can't be read piece by piece: the pieces lie between quantiles, which "
            "need all rows at once.",
            "Found numbers='piecewise'.",
            "Choose numbers='periodic' or 'plain'.",
        )
