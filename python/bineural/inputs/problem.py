"""From what a user names (a formula and data, or x and y) to the columns, outcome and task of one problem."""

from dataclasses import dataclass

import numpy as np

from bineural.data.pictures import Pictures
from bineural.errors import ColumnError, InputError, OutcomeError
from bineural.formula.pictures import picture_column
from bineural.inputs.list_rows import as_rows
from bineural.inputs.outcomes import match_event, no_event, plain_values
from bineural.messages import listed, near_names, shown
from bineural.not_models import NotAModel, called
from bineural.tables.batches import refuse_batches
from bineural.tables.labels import warn_of_near_labels
from bineural.tables.rows import as_array, as_series, is_dict, label_codes


@dataclass
class Problem:
    """What a fitting verb was asked.

    Attributes
    ----------
    X : data frame or ndarray
        Rows with (at least) the predictors.
    y : array_like, shape (n_rows,)
    weights, offset : array_like or None
    formula : str or None
        Whole formula text as given.
    terms : str or None
        Its right-hand side.
    outcome : str or None
        Its left-hand side: a column or an expression.
    exclude : list of str
        Columns that `.` leaves out: outcome, weights and offset.
    object_labels : ndarray or None
        Labels of objects, where `y` is coded boxes; see `detection/problems.py`.
    is_counted : bool
        Whether `y` are shares of trials, which are in the weights, of cbind(successes, failures).
    """

    X: object
    y: object
    weights: object = None
    offset: object = None
    formula: str | None = None
    terms: str | None = None
    outcome: str | None = None
    exclude: tuple = ()
    object_labels: object = None
    is_counted: bool = False

    def fit(self, estimator):
        """Fit `estimator` to the problem and note outcome and formula in it."""
        return self.ready(estimator).fit_problem(self)

    def ready(self, estimator):
        """Give an estimator the formula's right-hand side."""
        return estimator if self.terms is None else estimator.set_params(formula=self.terms)


def read_problem(
    formula,
    data,
    weights=None,
    offset=None,
    exclude=(),
    tells_row_numbers=True,
    several=False,
    formulas=(),
    counts=False,
):
    """Read a formula and its data, or arrays x and y.

    Parameters
    ----------
    formula : str, data frame or array_like
        `"y ~ a + b"` with `data` a data frame; or the predictors x with `data` the outcome y
        (an array, or the name of a column of x).
    data : data frame, array_like or str
    weights, offset : str or array_like, optional
        A column of `data`, or one number for each row.
    exclude : sequence of str
        Further columns that are no predictors.
    tells_row_numbers : bool
        False where models have formulas of their own, see `formula/row_numbers.py`.
    several : bool
        Whether the outcome is several columns: `"cbind(a, b) ~ x"`, or a table or matrix y.
    formulas : sequence of str
        Right sides of the formulas that models have of their own, where all have one: their columns are
        looked at, and no others.
    counts : bool
        Whether cbind(successes, failures) may be the outcome: shares, whose trials are weights.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If the parts do not fit together.

    Warns
    -----
    ColumnWarning
        Of text columns that hold numbers, or names of rows; of columns that number the rows.
    LabelWarning
        Of labels that look alike.
    """
    from bineural.formula.row_numbers import tell_row_numbers
    from bineural.tables.frames import as_frame, is_frame

    _refuse_model(formula)
    if not isinstance(formula, str):
        formula = as_rows(formula)
    refuse_batches(data if isinstance(formula, str) else formula)
    problem = _read(formula, data, weights, offset, exclude, several, counts)
    warn_of_text(problem, formulas)
    if tells_row_numbers and is_frame(problem.X):
        tell_row_numbers(as_frame(problem.X), [problem.terms], problem.exclude)
    return problem


def warn_of_text(problem, formulas=()):
    """Warn of text that is hardly meant as it stands: numbers, names of rows, and labels that look alike."""
    from bineural.formula.doubtful import tell_doubtful, tell_doubtful_outcome
    from bineural.formula.terms import used_columns
    from bineural.formula.texts import text_columns
    from bineural.tables.frames import as_frame, is_frame

    columns = {}
    y = problem.y if hasattr(problem.y, "shape") else as_array(problem.y, "The outcome", OutcomeError)
    if len(y.shape) == 1:
        columns[problem.outcome or getattr(y, "name", None) or "the outcome"] = as_series(y)
        if problem.outcome:
            tell_doubtful_outcome(problem.outcome, as_series(y))
    if is_frame(problem.X):
        frame = as_frame(problem.X)
        formulas = list(dict.fromkeys(formulas)) or [problem.terms]
        for terms in formulas:
            tell_doubtful(frame, terms, problem.exclude)
        names = [name for name in frame.columns if name not in problem.exclude]
        used = set(used_columns(names, formulas)) - text_columns(formulas)
        for k, name in enumerate(frame.columns):
            if name in used:
                columns.setdefault(name, frame.iloc[:, k])
    warn_of_near_labels(columns)


def _read(formula, data, weights, offset, exclude, several, counts):
    from bineural.tables.frames import as_frame, is_frame

    if not isinstance(formula, str) and is_frame(formula) and isinstance(data, str):
        if "~" in data and data not in as_frame(formula).columns:
            raise InputError(
                "The formula must come first, and the data second.",
                f"The first is a table, and the second {shown(data)}.",
                "Change their places.",
            )
        formula, data = f"`{data}` ~ .", formula
    if not isinstance(formula, str):
        if isinstance(weights, str) or isinstance(offset, str):
            raise InputError(
                "`weights` and `offset` can be column names only beside a formula.",
                "x and y were given.",
                "Pass their values, or a formula and the data frame.",
            )
        return Problem(formula, data, weights, offset, exclude=tuple(exclude))
    return _read_formula(formula, as_frame(_need_table(data)), weights, offset, exclude, several, counts)


_OFFSET = " + offset(`{}`)"  # what follows the terms where an offset was named beside the formula


def offset_beside(model):
    """Return the column that was named as offset beside a model's formula, or None."""
    formula, terms = getattr(model, "formula_", None), getattr(model, "formula", None)
    if not formula or not isinstance(terms, str):
        return None
    before, _, after = _OFFSET.partition("{}")
    first, last = formula.partition("~")[2].strip() + before, after
    named = terms.startswith(first) and terms.endswith(last)
    return terms[len(first) : -len(last)] if named else None


def _read_formula(formula, frame, weights, offset, others, several, counts):
    from bineural.formula.guard import split_with_outcome
    from bineural.formula.outcome import evaluate_outcome, evaluate_outcomes, is_bound, outcome_columns
    from bineural.inputs.shares import shares_of

    outcome, terms = split_with_outcome(formula)
    counts, trials = counts and is_bound(outcome), None
    if counts:
        y, trials = shares_of(outcome, frame)
    else:
        y = (evaluate_outcomes if several else evaluate_outcome)(outcome, frame)
    exclude = [*outcome_columns(outcome), *others]
    if isinstance(weights, str):
        exclude.append(weights)
        weights = _column(frame, weights, "weights")
    if counts:
        weights = trials if weights is None else trials * np.asarray(weights, dtype=np.float64)
    column = picture_column(terms)
    if column is not None:
        return Problem(_pictures_of(frame, column), y, weights, offset, formula, None, outcome)
    if isinstance(offset, str):
        exclude.append(offset)
        _column(frame, offset, "offset")
        terms, offset = f"{terms}{_OFFSET.format(offset)}", None
    return Problem(frame, y, weights, offset, formula, terms, outcome, tuple(exclude), is_counted=counts)


def _pictures_of(frame, column):
    """Return the pictures whose files a column names; rows of other frames are then found by that column."""
    if column not in frame.columns:
        raise ColumnError(
            "`image()` must name a column of the data.",
            f"Found {column!r}.",
            near_names(column, frame.columns),
        )
    return Pictures.of_files(frame[column].tolist(), column=column)


def _need_table(data):
    from bineural.tables.frames import is_frame

    is_table = is_frame(data) or is_dict(data)
    if not is_table and (data is None or isinstance(data, str) or as_array(data, "`data`").ndim != 2):
        raise InputError(
            "`data` must be a table (pandas, polars, pyarrow or a dict of columns) beside a formula.",
            f"Found {type(data).__name__}.",
            "Pass the data frame that holds the formula's columns; load_dataset(path) reads a file.",
        )
    return data


def _refuse_model(formula):
    from bineural.tables.frames import is_frame

    is_model = hasattr(formula, "predict") and not is_frame(formula)
    if is_model or isinstance(formula, NotAModel):
        raise InputError(
            "A formula, or predictors x, must come first.",
            f"Found {called(formula) if isinstance(formula, NotAModel) else 'a model'}.",
            "Give the model's formula, `model.formula_`, and the data.",
        )


def _column(frame, name, role):
    if name not in frame.columns:
        raise ColumnError(
            f"`{role}` must be a column of the data.", f"Found {name!r}.", near_names(name, frame.columns)
        )
    values = frame[name]
    try:
        return values.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ColumnError(
            f"`{role}` must be numbers without missing values.",
            f"Column {name!r} is {values.dtype} with {int(values.isna().sum())} missing.",
            "Convert it, or leave those rows out.",
        ) from error


def is_classification(y, event=None, classes=None):
    """Say whether an outcome is labels (True) or numbers (False), without guessing an event.

    Raises
    ------
    OutcomeError
        If it has two values and no event was named, or values outside `classes`.
    """
    values = _distinct(y)
    if classes is not None:
        for label in values:
            match_event(label, list(classes), "`classes` must name every class of the outcome.")
    if event is not None:
        match_event(event, values)
        return True
    if len(values) == 2:
        raise no_event(values)
    numeric = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)
    if not numeric and len(values) < 2:
        raise OutcomeError(
            "The outcome must hold at least two classes.",
            f"It holds {listed(values)}.",
            "Check the filter that made these rows.",
        )
    if classes is None and not numeric and len(values) == np.size(plain_values(y)) > 2:
        raise OutcomeError(
            "A class of the outcome must have more than one row.",
            f"Its {len(values)} values are all different, as names of rows are.",
            "Check the column; numbers that were read as text must be converted.",
        )
    return classes is not None or not numeric


def _distinct(y):
    """Return the distinct values that are not missing, sorted where they can be."""
    import pandas as pd

    from bineural.detection.boxes import refuse_boxes

    if y is None:
        raise OutcomeError("The outcome must be given.", "Found None.", "Pass y, or a formula and data.")
    refuse_boxes(y)
    values = plain_values(y)
    if np.ndim(values) != 1:
        raise OutcomeError(
            "The outcome must be one column.", f"Found shape {np.shape(values)}.", "Pass a 1-D array."
        )
    n_rows = len(values)
    values = label_codes(pd.Series(values), "the outcome", OutcomeError)[1].tolist()
    if n_rows and not values:
        raise OutcomeError(
            "The outcome must have values.",
            f"All {n_rows} of them are missing.",
            "Check how the column was read or joined.",
        )
    try:
        return sorted(values)
    except TypeError as error:
        kinds = sorted({type(value).__name__ for value in values})
        raise OutcomeError(
            "The outcome's labels must be of one kind.",
            f"Found {listed(values)}, of types {', '.join(kinds)}.",
            "Convert the column, for example by astype(str).",
        ) from error
