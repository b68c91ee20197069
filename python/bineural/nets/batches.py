"""A net on rows that come in batches: one pass learns the preparation, and each epoch is one pass more."""

from typing import NamedTuple

import numpy as np

from bineural.errors import FormulaError, InputError
from bineural.formula.batches import MOST_ROWS
from bineural.formula.design import TableRows as Prepared
from bineural.formula.guard import split_formula
from bineural.formula.syntax import quote_name
from bineural.nets.batch_rows import WHOLE, Stream
from bineural.nets.option_checks import class_weights
from bineural.tables.labels import warn_of_near_labels

_BUFFER_NUMBERS = 2**22  # prepared numbers in a buffer, 16 MiB of float32


def fit_batches(net, data, outcome, sample_weight=None, offset=None):
    """Fit an estimator to batches that hold the outcome's column (and that of the weights)."""
    if offset is not None:
        raise no_offset()
    labels = not hasattr(net, "_mean")
    return fit_stream(net, Stream(data, quote_name(outcome), net, sample_weight, labels))


def read_stream(formula, data, model, weights=None, labels=False):
    """Read the formula and make the first pass over its data.

    Parameters
    ----------
    formula : str, or batches
        `"y ~ a + b"`; or the batches, with the name of the outcome as `data`.
    data : batches or str
    model : NetRegressor
        With the options of the fit.
    weights : str, optional
    labels : bool
        Whether a numeric outcome is meant as classes.

    Returns
    -------
    StreamProblem
    """
    if not isinstance(formula, str):
        formula, data = f"`{data}` ~ .", formula
    outcome, terms = split_formula(formula)
    if not outcome:
        raise FormulaError(
            "The formula must name the outcome on its left.",
            f"Found {formula!r}.",
            "Write for example 'y ~ a + b'.",
        )
    model = model.set_params(formula=terms)
    return StreamProblem(Stream(data, outcome, model, weights, labels), formula, terms, outcome)


class StreamProblem(NamedTuple):
    """What a fitting verb was asked, of rows in batches; `y` tells the task, as that of a `Problem`."""

    stream: Stream
    formula: str
    terms: str
    outcome: str

    @property
    def y(self):
        """An outcome with the same distinct values."""
        return self.stream.outcome.examples()

    def fit(self, estimator):
        """Fit `estimator` and note outcome and formula in it."""
        fit_stream(estimator.set_params(formula=self.terms), self.stream)
        estimator.outcome_, estimator.formula_ = self.outcome, self.formula
        return estimator


def fit_stream(net, stream):
    """Fit a net to a `Stream`; return it.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
    stream : Stream
    """
    outcome = stream.outcome
    if stream.preparation._design.terms.offsets:
        raise no_offset()
    net.seed_, net.preparation_, net.n_rows_, net.has_offset_ = (
        stream.seed,
        stream.preparation,
        stream.n_rows,
        False,
    )
    net.feature_names_in_ = np.asarray(net.preparation_.columns_, dtype=object)
    net.n_features_in_ = len(net.feature_names_in_)
    net._levels = outcome.order
    net._learn_outcome(outcome.examples() if outcome.numeric else outcome.distinct())
    factors = _learn_targets(net, outcome)
    warn_of_near_labels(_counted_levels(net, stream))
    net.n_outputs_ = net._n_outputs()
    _settle_scaling(net)
    buffer = _buffer_rows(net)
    n_watched, limit = _watched_share(stream, net.validation, buffer)
    net.n_validation_rows_ = n_watched
    n_train = stream.n_counting - n_watched
    plan, rates, options = net._settle_training(n_train)
    _check_step(plan, options.pop("callbacks"))
    net._say_unused(plan)
    if outcome.numeric:
        net._keep_scale(*outcome.mean_and_spread())
    weight = None
    if stream.weight_name is not None or factors is not None:
        weight = outcome.mean_weight(factors, getattr(net, "classes_", None))
    rows = TrainingRows(net, stream, factors, weight, limit, n_train > buffer)
    sizes = {"n_rows": n_train, "n_watched": n_watched, "buffer_rows": buffer}
    net._keep_trained(_train_members(net, plan, rows, sizes, net._rate(), rates, options))
    return net


def _settle_scaling(net):
    """Note whether columns are standardised and how many there are; a builder's model is looked at."""

    def note_width():
        net.input_shape_ = (max(1, len(net.preparation_.names_)),)

    net.channel_centers_ = net.channel_scales_ = None
    net._settle_scaling(net.architecture, net.keep_weights)
    note_width()
    if net._scaling_follows_building() and not net._settle_scaling(net._built_model()):
        net.preparation_.leave_unscaled()
        note_width()
    net._say_unscaled()


def _check_step(plan, callbacks):
    from bineural.training.by_keras import needs_keras

    if callbacks or needs_keras(plan.model):
        raise InputError(
            "A `train_step` of its own can't be used where rows come in batches.",
            f"The class {type(plan.model).__name__} has one.",
            WHOLE,
        )


def _train_members(net, plan, rows, sizes, rate, rates, options):
    """Train the members of an ensemble one after the other, each with its own order of the rows."""
    from bineural.nets.progress import shown_progress
    from bineural.training import TrainingInterrupted
    from bineural.training.streaming import train_stream

    seeds, trained = net._seeds(sizes["n_rows"]), []
    with shown_progress(len(seeds) * options["epochs"], net.verbose, len(seeds)) as progress:
        options |= {"learning_rate": rate, **rates, **sizes}
        options["progress"] = None if progress is None else progress.one
        for seed in seeds:
            try:
                read = lambda epoch, seed=seed: rows.read(seed, epoch)  # noqa: E731
                trained.append(train_stream(plan, read, rows.example(), seed=seed, **options))
            except TrainingInterrupted as interrupted:
                if len(seeds) == 1:
                    raise
                rest = [None] * (len(seeds) - len(trained) - 1)
                raise TrainingInterrupted([*trained, interrupted.trained, *rest]) from None
            if progress is not None:
                progress.end_group(options["epochs"], 1)
        if progress is not None:
            progress.end(trained)
    return trained


class TrainingRows:
    """The rows of a stream as the engine takes them: (arrays, watched) for each batch."""

    def __init__(self, net, stream, factors, mean_weight, limit, several):
        self.net, self.stream, self.factors, self.mean_weight = net, stream, factors, mean_weight
        self.limit, self.several = limit, several

    def read(self, seed, epoch):
        """Yield (inputs, y, weights, watched) of each batch; row groups in an order drawn from the seed."""
        from bineural.training import stream

        order = np.arange(self.stream.source.n_pieces)
        if self.several:
            stream(seed, "pieces", epoch).shuffle(order)
        for prepared, y, weights, luck in self.stream.read(order):
            yield (*self._numbers(prepared, y, weights), luck < self.limit)

    def example(self):
        """Return (inputs, y, weights) of one row of zeros, for shapes and types."""
        preparation = self.net.preparation_
        matrix = np.zeros((1, len(preparation.names_)), order="F")
        prepared = Prepared(
            matrix, np.zeros((1, len(preparation.code_columns_)), np.int32), None, np.arange(1)
        )
        return self.net._inputs(prepared), np.zeros(1, np.float32), np.ones(1, np.float32)

    def _numbers(self, prepared, y, weights):
        net, outcome = self.net, self.stream.outcome
        if hasattr(net, "classes_"):
            positions = outcome.positions(y, net.classes_)
            target = net._targets(positions, None)
            if self.factors is not None:
                each = np.ones(len(y)) if weights is None else weights
                weights = each * self.factors[positions]
        else:
            target = (y.astype(np.float64) - net.outcome_center_) / net.outcome_scale_
        weights = np.ones(len(y)) if weights is None else weights / self.mean_weight
        return net._inputs(prepared), target.astype(np.float32), weights.astype(np.float32)


def _learn_targets(net, outcome):
    """Note the counts of the classes; return the factor on each one's weights, or None."""
    if not hasattr(net, "classes_"):
        return None
    net.n_class_rows_, sums = outcome.class_sums(net.classes_)
    if net.class_weight is None:
        return None
    factors = class_weights(net.class_weight, net.classes_, sums)
    if not factors.all():
        raise InputError(
            "Class weights must be positive where rows come in batches.",
            f"Found {net.class_weight!r}.",
            "Leave the rows of that class out of the batches.",
        )
    return factors


def _counted_levels(net, stream):
    """Return {column: {label: rows}} of the outcome and of the predictors that have levels."""
    columns = {}
    if hasattr(net, "classes_"):
        columns[stream.text] = dict(zip(net.classes_.tolist(), net.n_class_rows_.tolist()))
    for name, levels in net.preparation_.levels_.items():
        rows = np.rint(stream.n_rows * np.asarray(net.preparation_.level_frequencies_[name])).astype(int)
        columns.setdefault(name, dict(zip(levels, rows.tolist())))
    return columns


def _watched_share(stream, validation, most):
    """Return how many rows are watched, and the number below which a row's luck must be for that."""
    wanted = int((validation or 0) * stream.n_counting + 0.5)
    n = min(wanted, stream.n_counting - 1, most)
    return n, (stream.lowest[n] if n < len(stream.lowest) else 1.0) if n else 0.0


def _buffer_rows(net):
    """Return how many rows a buffer holds: whole batches, no more numbers than `_BUFFER_NUMBERS`."""
    width = net.input_shape_[0] + len(net.preparation_.code_columns_)
    size, rows = int(net.batch_size), min(MOST_ROWS, _BUFFER_NUMBERS // width)
    return max(1, rows // size) * size


def no_offset():
    """Make the error that says that nets take no offset."""
    return InputError(
        "A net can't take an offset.", "Found one.", "Use fit_glm, or give the column as a predictor."
    )
