"""A net on rows that come in batches: one pass learns the input, and each epoch is one pass more."""

from typing import NamedTuple

import numpy as np

from bineural.errors import InputError
from bineural.formula.batches import MOST_ROWS
from bineural.formula.design import TableRows
from bineural.formula.syntax import quote_name
from bineural.inputs.row_batches import sides_of
from bineural.inputs.table import TableInput
from bineural.nets.astray import say_astray
from bineural.nets.batch_rows import WHOLE, RowBatches
from bineural.nets.class_weights import class_weights
from bineural.nets.fitted import FittedNet, batch_of, plan_of
from bineural.nets.fitting import (
    keep_begun,
    learning_rate_of,
    member_seeds,
    no_order,
    settle_training,
    tell_unused,
)
from bineural.nets.objectives.objective import find_objective
from bineural.nets.shifting import base_of, shifted_targets
from bineural.tables.labels import warn_of_near_labels

_BUFFER_NUMBERS = 2**22  # prepared numbers in a buffer, 16 MiB of float32


class BatchProblem(NamedTuple):
    """What a fitting verb was asked, of rows in batches; `y` tells the task, as that of a `Problem`."""

    rows: RowBatches
    formula: str
    terms: str
    outcome: str

    @property
    def y(self):
        """An outcome with the same distinct values."""
        return self.rows.outcome.examples()

    def fit(self, net):
        """Fit an estimator, which is told the names of outcome and formula."""
        net.set_params(formula=self.terms)
        return net.fit_by(lambda: fit_batches(net, self.rows), self.outcome, self.formula)


def read_batches(formula, data, net, weights=None, labels=False):
    """Read the formula and make the first pass over its data.

    Parameters
    ----------
    formula : str, or batches
        `"y ~ a + b"`; or the batches, with the name of the outcome as `data`.
    data : batches or str
    net : NetRegressor
        With the options of the fit.
    weights : str, optional
    labels : bool
        Whether a numeric outcome is meant as classes.

    Returns
    -------
    BatchProblem
    """
    data, outcome, terms, formula = sides_of(formula, data)
    net = net.set_params(formula=terms)
    return BatchProblem(RowBatches(data, outcome, net, weights, labels), formula, terms, outcome)


def fit_estimator(net, data, outcome, sample_weight=None):
    """Fit an estimator to batches that hold the outcome's column (and that of the weights)."""
    labels = net.outcome_kind == "classes"
    return fit_batches(net, RowBatches(data, quote_name(outcome), net, sample_weight, labels))


def fit_batches(net, rows):
    """Fit a net to a `RowBatches`.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
        Its options; it is not changed.
    rows : RowBatches

    Returns
    -------
    FittedNet
    """
    options, record = net.read_options(in_batches=True)
    fitted = _learn(net, options, record, rows)
    factors = _class_factors(options, fitted, rows)
    warn_of_near_labels(rows.counted_levels(fitted.outcome.classes, fitted.outcome.n_class_rows))
    buffer = _buffer_rows(fitted, options)
    n_watched, limit = _watched_share(rows, options["validation"], buffer)
    fitted.n_validation_rows = n_watched
    n_train = rows.n_counting - n_watched
    plan, rates, engine = settle_training(
        options, fitted, n_train, lambda *how: _learn_unit(fitted, rows, *how)
    )
    _check_step(plan, engine.pop("callbacks"))
    tell_unused(options, plan)
    weight = None
    if rows.weight_name is not None or factors is not None:
        weight = rows.outcome.mean_weight(factors, fitted.outcome.classes)
    training = TrainingBatches(fitted, rows, factors, weight, limit, n_train > buffer)
    sizes = {"n_rows": n_train, "n_watched": n_watched, "buffer_rows": buffer}
    engine |= {"learning_rate": learning_rate_of(options, record), **rates, **sizes}
    fitted.members = _train_members(fitted, options, plan, training, engine)
    fitted.plan = None
    say_astray([fitted])
    return fitted


def _learn(net, options, record, rows):
    """Return what is learnt before training; a builder's model is looked at."""
    from bineural.nets.scaling import read_scaling, say_unscaled

    if rows.preparation._design.terms.offsets:
        raise refuse_offset()
    numeric = rows.outcome.numeric
    values = rows.outcome.examples() if numeric else rows.outcome.distinct()
    outcome, _ = net.learn_outcome(values, rows.outcome.order)
    n_classes = len(outcome.classes) if outcome.is_classes else 0
    objective = find_objective(options["objective"], net.outcome_kind, n_classes, options)
    if objective.ordered and not rows.outcome.ordered:
        raise no_order(objective, outcome.levels)
    objective.check(rows.outcome.ends() if numeric else np.arange(n_classes))
    learnt = TableInput.of(rows.preparation)
    fitted = FittedNet(record, learnt, objective, outcome, rows.n_rows, rows.seed)
    fitted.precision, fitted.device = options["precision"], options["device"]
    fitted.keep_weights, fitted.n_outputs = options["keep_weights"], objective.count_outputs(n_classes)
    scaling, why = read_scaling(options["scaling"], record.model, options["keep_weights"])
    fitted.input_shape = learnt.shape
    if options["scaling"] == "auto" and record.given is not None and record.model is None:
        scaling, why = read_scaling("auto", plan_of(fitted).source)
        if not scaling:
            rows.preparation.leave_unscaled()
            fitted.input_shape, fitted.plan = learnt.shape, None
    fitted.scaling, fitted.why_unscaled = scaling, why
    if why:
        say_unscaled(record.name, why, False)
    return fitted


def refuse_offset():
    """Make the error that says that a net takes no offset of rows in batches."""
    return InputError("Rows of a net that has an offset can't come in batches.", "Found both.", WHOLE)


def _learn_unit(fitted, rows, ending, own_unit):
    """Return the objective's state, which of numbers must come of mean and SD alone."""
    objective = fitted.objective
    if fitted.outcome.is_classes:
        sums = rows.outcome.class_sums(fitted.outcome.classes)[1]
        return objective.learn(np.arange(len(sums)), ending, own_unit, None, sums)
    if objective.learn_moments is not None:
        return objective.learn_moments(*rows.outcome.mean_and_spread(), ending, own_unit)
    return objective.learn(rows.outcome.examples(), ending, own_unit)


def _check_step(plan, callbacks):
    from bineural.training.by_keras import needs_keras

    if callbacks or needs_keras(plan.model):
        raise InputError(
            "A `train_step` of its own can't be used where rows come in batches.",
            f"The class {type(plan.model).__name__} has one.",
            WHOLE,
        )


def _train_members(fitted, options, plan, training, engine):
    """Train the members of an ensemble one after the other, each with its own order of the rows."""
    from bineural.nets.progress import shown_progress
    from bineural.training import TrainingInterrupted
    from bineural.training.streaming import train_stream

    seeds, trained = member_seeds(options, fitted, engine["n_rows"]), []
    with shown_progress(len(seeds) * engine["epochs"], options["verbose"], len(seeds)) as progress:
        engine["progress"] = None if progress is None else progress.one
        for seed in seeds:
            try:
                read = lambda epoch, seed=seed: training.read(seed, epoch)  # noqa: E731
                trained.append(train_stream(plan, read, training.example(), seed=seed, **engine))
            except TrainingInterrupted as stop:
                if len(seeds) > 1:
                    rest = [None] * (len(seeds) - len(trained) - 1)
                    stop = TrainingInterrupted([*trained, stop.trained, *rest])
                keep_begun(fitted, stop)
                raise stop from None
            if progress is not None:
                progress.end_group(engine["epochs"], 1)
        if progress is not None:
            progress.end(trained)
    return trained


class TrainingBatches:
    """Rows in batches as the engine takes them: (arrays, watched) for each batch."""

    def __init__(self, fitted, rows, factors, mean_weight, limit, several):
        self.fitted, self.rows, self.factors, self.mean_weight = fitted, rows, factors, mean_weight
        self.limit, self.several = limit, several

    def read(self, seed, epoch):
        """Yield (inputs, y, weights, watched) of each batch; row groups in an order drawn from the seed."""
        from bineural.training import stream

        order = np.arange(self.rows.source.n_pieces)
        if self.several:
            stream(seed, "pieces", epoch).shuffle(order)
        for prepared, y, weights, luck in self.rows.read(order):
            yield (*self._numbers(prepared, y, weights), luck < self.limit)

    def example(self):
        """Return (inputs, y, weights) of one row of zeros, for shapes and types."""
        preparation = self.fitted.input.preparation
        matrix = np.zeros((1, len(preparation.names_)), order="F")
        codes = np.zeros((1, len(preparation.code_columns_)), np.int32)
        prepared = self.fitted.input.convert(TableRows(matrix, codes, None, np.arange(1)))
        target = self._targets(self.rows.outcome.ends()[:1]).astype(np.float32)
        return prepared.inputs, target, np.ones(1, np.float32)

    def _numbers(self, prepared, y, weights):
        fitted, outcome = self.fitted, self.rows.outcome
        if fitted.outcome.is_classes:
            y = outcome.positions(y, fitted.outcome.classes)
            if self.factors is not None:
                each = np.ones(len(y)) if weights is None else weights
                weights = each * self.factors[y]
        else:
            y = y.astype(np.float64)
        target = self._targets(y)
        weights = np.ones(len(y)) if weights is None else weights / self.mean_weight
        return fitted.input.convert(prepared).inputs, target.astype(np.float32), weights.astype(np.float32)

    def _targets(self, y):
        return shifted_targets(self.fitted, y, base_of(self.fitted, None, len(y)))


def _class_factors(options, fitted, rows):
    """Note the counts of the classes; return the factor on each one's weights, or None."""
    if not fitted.outcome.is_classes:
        return None
    fitted.outcome.n_class_rows, sums = rows.outcome.class_sums(fitted.outcome.classes)
    if options["class_weight"] is None:
        return None
    factors = class_weights(options["class_weight"], fitted.outcome.classes, sums)
    if not factors.all():
        raise InputError(
            "Class weights must be positive where rows come in batches.",
            f"Found {options['class_weight']!r}.",
            "Leave the rows of that class out of the batches.",
        )
    return factors


def _watched_share(rows, validation, most):
    """Return how many rows are watched, and the number below which a row's luck must be for that."""
    wanted = int((validation or 0) * rows.n_counting + 0.5)
    n = min(wanted, rows.n_counting - 1, most)
    return n, (rows.lowest[n] if n < len(rows.lowest) else 1.0) if n else 0.0


def _buffer_rows(fitted, options):
    """Return how many rows a buffer holds: whole batches, no more numbers than `_BUFFER_NUMBERS`."""
    width = fitted.input_shape[0] + len(fitted.input.preparation.code_columns_)
    size = batch_of(options, fitted.architecture, fitted.n_rows)
    rows = min(MOST_ROWS, _BUFFER_NUMBERS // width)
    return max(1, rows // size) * size
