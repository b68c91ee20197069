"""A GLM of rows in batches: one pass learns levels and the outcome, one more prepares the rows, in a file.

The iterations then read the file, so that memory holds a few blocks of rows however many there are.
"""

import numpy as np

from bineural import irls
from bineural.errors import InputError
from bineural.formula.texts import has_text
from bineural.inputs.estimator import Training
from bineural.inputs.preparation import Preparation
from bineural.inputs.row_batches import WHOLE, RowBatches, sides_of
from bineural.messages import shown
from bineural.tables.batches import HeldSource, is_stream, open_source
from bineural.tables.labels import warn_of_near_labels

_READ_ONCE = 2**26  # bytes of rows that are not read a second time, 64 MiB
_HELD = 2**24  # prepared numbers that a ridge may take into memory, 128 MiB


def in_batches(formula, data):
    """Say whether a formula and data, or x and the outcome's name, are of rows in batches."""
    return is_stream(data) if isinstance(formula, str) else isinstance(data, str) and is_stream(formula)


class BatchProblem:
    """What `fit_glm` was asked, of rows in batches; `y` tells the task, as that of a `Problem`.

    Parameters
    ----------
    formula, data, weights, offset
        As for `fit_glm`.
    options : dict
        Those of the estimator.
    labels : bool
        Whether a numeric outcome is meant as classes.

    Raises
    ------
    InputError
        If something is asked that needs all rows at once.
    """

    def __init__(self, formula, data, weights, offset, options, labels=False):
        from bineural.formula.outcome import is_bound

        data, self.outcome, self.terms, self.formula = sides_of(formula, data)
        self.is_counted = is_bound(self.outcome)
        others = []
        if offset is not None:
            if not isinstance(offset, str):
                raise InputError(
                    "`offset` must name a column where rows come in batches.",
                    f"Found a {type(offset).__name__}.",
                    "Write it into the formula, as offset(log(years)).",
                )
            self.terms, others = f"{self.terms} + offset(`{offset}`)", [offset]
        how = {"labels": labels, "counts": self.is_counted, "others": others}
        self.rows = read_rows(data, self.outcome, self.terms, weights, options, **how)

    @property
    def y(self):
        """An outcome with the same distinct values."""
        return self.rows.outcome.examples()

    def fit(self, model):
        """Fit an estimator, which is told the names of outcome and formula."""
        fit_batches(model.set_params(formula=self.terms), self.rows)
        model.outcome_, model.formula_ = self.outcome, self.formula
        return model


def read_rows(data, outcome, terms, weights, options, **how):
    """Make the first pass over rows in batches.

    Parameters
    ----------
    data : batches
    outcome : str
        Left side of a formula.
    terms : str or None
        Its right side.
    weights : str or None
    options : dict
        Of the estimator.
    **how
        See `RowBatches`.

    Returns
    -------
    RowBatches
    """
    _check_for_batches(options, terms)
    preparation = Preparation(
        terms,
        categories="contrast",
        **{name: options[name] for name in ("contrasts", "missing", "unseen")},
    )
    source = HeldSource(open_source(data), _READ_ONCE)
    return RowBatches(source, outcome, preparation, weights, moments=False, **how)


def fit_batches(model, rows):
    """Fit a GLM to a `RowBatches`; returns the model."""
    preparation, outcome = rows.preparation, rows.outcome
    model.input_, model.preparation_ = None, preparation
    model.feature_names_in_ = np.asarray(preparation.columns_, dtype=object)
    model.n_features_in_, model.has_offset_ = len(preparation.columns_), False
    model._levels = outcome.order
    model._learn_outcome(outcome.examples() if outcome.numeric else outcome.distinct())
    classes = getattr(model, "classes_", None)
    if classes is not None:
        model.n_class_rows_ = outcome.class_sums(classes)[0]
    warn_of_near_labels(rows.counted_levels(classes, getattr(model, "n_class_rows_", None)))
    model.n_rows_ = rows.n_rows
    model.name_columns()
    training = BatchTraining(model, rows)
    try:
        model.solve(training)
    finally:
        training.part.file.close()
    model._training_rows = None  # a message says so
    return model


class BatchTraining:
    """Training rows in a file, as `Training` has them in memory.

    Parameters
    ----------
    model : GLMClassifier or GLMRegressor
        Knows its classes.
    rows : RowBatches

    Attributes
    ----------
    part : irls.FilePart
        Its outcome is 1 for the event of two classes, the position of one of several, or the number.
    matrix : irls.Columns
        Gives rows when sliced.
    """

    def __init__(self, model, rows):
        n_columns = len(rows.preparation.names_)
        has_offset = bool(rows.preparation._design.terms.offsets)
        has_weights = rows.weight_name is not None or rows.counts
        file = irls.RowFile(n_columns + 1 + has_weights + has_offset, rows.n_rows)
        self.part = irls.FilePart(file, n_columns, model.intercept_column_, has_weights, has_offset)
        self.matrix, self.codes = irls.Columns(file, n_columns), None
        classes = getattr(model, "classes_", None)
        self._event = model.event_position_ if classes is not None and len(classes) == 2 else None
        for prepared, y, weights, _ in rows.read(range(rows.source.n_pieces), counting_only=False):
            y = y.astype(np.float64) if classes is None else rows.outcome.positions(y, classes)
            target = y if self._event is None else y == self._event
            self.part.add(prepared.matrix, target.astype(np.float64), weights, prepared.offset)
        file.finish()

    @property
    def n_live(self):
        """Rows of positive weight."""
        return self.part.n_live

    @property
    def y(self):
        """Outcome of all rows, as `Training` has it: read anew."""
        y = self.part.column(0)
        if self._event is not None:
            return np.where(y == 1, self._event, 1 - self._event)
        return y

    @property
    def weights(self):
        """Weights of all rows, or None: read anew."""
        return self.part.column(1) if self.part.has_weights else None

    @property
    def offset(self):
        """Offset of all rows, or None: read anew."""
        return self.part.column(1 + self.part.has_weights) if self.part.has_offset else None

    def fit(self, **options):
        """Fit a GLM with one linear predictor."""
        return irls.fit_irls_file(self.part, **options)

    def mean_range(self, fit):
        """Return the smallest and the largest fitted mean of the rows that count."""
        return self.part.mean_range

    def whole(self):
        """Return the rows as a `Training` in memory; None where they are too many for that."""
        n_rows, n_columns = self.part.file.shape
        if n_rows * n_columns > _HELD:
            return None
        y = self.y if self._event is None else self.y.astype(np.int64)
        return Training(self.matrix[:], None, y, self.weights, self.offset)


def _check_for_batches(options, terms):
    """Refuse what needs all rows at once."""
    if callable(options["features"]):
        raise InputError(
            "`features` can't be a function where rows come in batches.",
            f"Found {shown(options['features'])}.",
            "Let the batches hold the columns that it makes.",
        )
    if options["penalty"] in ("ridge", "lasso"):
        raise InputError(
            "A GLM of rows in batches can't have a penalty: it needs all rows at once.",
            f"Found penalty={options['penalty']!r}.",
            "Leave it out, fit a net without hidden units (fit_net(units=[], l2=...)), or fit to a sample.",
        )
    if options["missing"] == "impute":
        raise InputError(
            "Rows that come in batches can't be imputed: a median needs all rows at once.",
            "Found missing='impute'.",
            "Choose missing='drop' or 'error', or fill the columns before.",
        )
    if terms is not None and has_text(terms):
        raise InputError(
            "Texts can't come in batches: their vocabulary is learnt from all rows.",
            f"Found {terms!r} and rows in batches.",
            WHOLE,
        )
