"""From the rows that a user gives to the basis of a comparison; of rows in batches see `batch_basis.py`."""

from collections.abc import Hashable

import numpy as np

from bineural.comparing.basis import Basis, count_codes
from bineural.comparing.basis_folds import is_column, of_normal_rows, read_folds
from bineural.detection.boxes import refuse_boxes
from bineural.errors import DroppedWarning, FormulaError, InputError, OutcomeError
from bineural.formula.terms import used_columns
from bineural.inputs.given_rows import read_outcomes
from bineural.inputs.list_rows import as_rows
from bineural.inputs.outcomes import (
    check_weights,
    is_missing,
    match_event,
    plain_values,
)
from bineural.inputs.problem import is_classification, read_problem
from bineural.inputs.text_rows import holds_texts, missing_texts
from bineural.messages import listed, number_of, shown, warn
from bineural.nets.objectives.objective import is_of_numbers, is_of_ordered, takes_several
from bineural.tables.batches import refuse_batches
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import as_array, as_series, count_rows, take_rows
from bineural.training.seeds import check_seed


def make_basis(rows, resampling, complete_for=None):
    """Read what models are compared on.

    Parameters
    ----------
    rows : Rows
    resampling : Resampling
    complete_for : list of (str or None), optional
        Formulas (None is all columns): rows that miss one of their predictors are left out.

    Returns
    -------
    Basis
    """
    exclude = _no_predictors(rows.data, resampling.groups, resampling.time)
    problem, several = _read_problem(rows, exclude), takes_several(rows.objective)
    problem.object_labels, n_rows = rows.object_labels, count_rows(problem.X)
    refuse_boxes(problem.y)
    y = read_outcomes(problem.y, n_rows)[0] if several else np.asarray(plain_values(problem.y))
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.shape[:1] != (n_rows,) or y.ndim > 1 + several:
        raise OutcomeError(
            "The outcome must have one value for each row of `data`.",
            f"Found shape {y.shape} for {number_of(n_rows, 'row')}.",
            "Pass both for the same rows.",
        )
    known = ~is_missing(y) if y.ndim == 1 else ~is_missing(y).any(axis=1)
    if not known.any():
        raise OutcomeError("The outcome must be known in some rows.", "It is missing in all.", "Check it.")
    row_weights = None if problem.weights is None else check_weights(problem.weights, n_rows)
    if known.sum() < n_rows:
        warn(DroppedWarning, f"Left out {n_rows - known.sum()} of {n_rows} rows without an outcome.")
    if row_weights is not None:
        known = _weighted_rows(known, row_weights)
    task, labels, event, truth = _read_outcome(problem.y, y, known, rows, problem.is_counted)
    if complete_for is not None:
        known = known & _complete_rows(problem, complete_for, known)
        truth = truth.copy()
        truth[~known] = np.nan if task == "regression" else -1
    if isinstance(resampling.folds, (int, float, np.number)):
        _check_class_rows(task, labels, event, truth)
    seed = check_seed(resampling.seed)
    folds, sets = read_folds(problem, known, task, resampling._replace(seed=seed))
    left_out = int(n_rows - known.sum())
    if rows.objective is not None and rows.objective.task == "anomalies":
        sets = of_normal_rows(sets, truth)
    elif task != "regression":
        _check_trained_classes(sets, truth, task, labels)
    common = sets, folds, seed, left_out, rows.objective, None, rows.sequence_options
    return Basis(problem, task, labels, event, truth, row_weights, *common)


def _weighted_rows(known, weights):
    """Say which rows count; those of weight 0 are in no fold, as they could leave it with one class."""
    n_none = int((known & (weights == 0)).sum())
    if n_none:
        warn(DroppedWarning, f"Left out {n_none} of {len(known)} rows of weight 0.")
    if not (known & (weights > 0)).any():
        raise InputError(
            "Some rows with an outcome must have a weight above 0.", "None has.", "Check `weights`."
        )
    return known & (weights > 0)


def _check_trained_classes(sets, truth, task, labels):
    """Raise if training rows of a resample are of one class: no model learns classes from them."""
    counts = [count_codes(truth[resample.train], task, labels) for resample in sets]
    poor = [k for k, each in enumerate(counts, 1) if np.count_nonzero(each) < 2]
    if poor:
        total = count_codes(truth, task, labels)
        raise OutcomeError(
            "The training rows of every resample must hold at least two classes.",
            f"Those of {len(poor)} of {len(sets)}, the first of them resample {poor[0]}, hold only one; "
            f"the rarest class has {total.min()} rows in all.",
            "Stratify the folds by the outcome, or find more rows of that class: no row can be both learnt "
            "from and tested on.",
        )


def _complete_rows(problem, formulas, known):
    """Say which rows have every predictor; the others are left out for all models alike."""
    X = problem.X
    if is_frame(X):
        names = [name for name in X.columns if name not in problem.exclude]
        columns = used_columns(names, [formula or problem.terms for formula in formulas])
        complete = ~X[columns].isna().any(axis=1).to_numpy()
    elif hasattr(X, "content_hashes"):  # pictures, sequences
        complete = np.ones(len(X), bool)
    elif holds_texts(X):
        complete = ~missing_texts(X)
    else:
        values = np.asarray(X)
        complete = ~np.isnan(values.reshape(len(values), -1).astype(np.float64)).any(axis=1)
    n_dropped = int((known & ~complete).sum())
    if n_dropped:
        warn(
            DroppedWarning,
            f"Left out {n_dropped} of {len(known)} rows with missing predictors, for all models.",
        )
    if not (known & complete).any():
        raise InputError(
            "Some rows must have all predictors.", "None has.", "Use missing='impute', or fewer columns."
        )
    return complete


def _read_problem(rows, exclude):
    """Return the problem; with columns by name, `problem.X` is a data frame that may hold the outcome too."""
    data, outcome, formula, weights = rows.data, rows.outcome, rows.formula, rows.weights
    how = {"exclude": exclude, "tells_row_numbers": False, "several": takes_several(rows.objective)}
    how |= {"formulas": rows.formulas, "counts": not how["several"]}
    refuse_batches(data)
    if formula is not None:
        problem = read_problem(formula, data, weights, **how)
        names_it = isinstance(outcome, Hashable) and outcome == problem.outcome  # values are not hashable
        if outcome is not None and not names_it:
            raise InputError(
                "The formula and `outcome` must name the same outcome.",
                f"Found {problem.outcome!r} and {shown(outcome)}.",
                "Leave `outcome` out.",
            )
        return problem
    if outcome is None:
        raise OutcomeError(
            "The outcome must be named.",
            "Found no `outcome`, no `formula`, and no model that was fitted with one.",
            "Pass outcome='column', or formula='y ~ a + b'.",
        )
    if isinstance(outcome, str):
        if "~" in outcome and not (is_frame(data) and outcome in as_frame(data).columns):
            raise FormulaError(
                "`outcome` must be a column, or the left side of a formula.",
                f"Found {shown(outcome)}, with both sides.",
                "Pass the whole formula as `formula`.",
            )
        if not is_frame(data):
            raise OutcomeError(
                f"`data` must be a data frame that holds the outcome {outcome!r}.",
                f"Found {type(data).__name__}.",
                "Pass the outcome's values as `outcome`.",
            )
        name = outcome if not outcome.isidentifier() and outcome in as_frame(data).columns else None
        terms = f"`{name}` ~ ." if name else f"{outcome} ~ ."
        return read_problem(terms, data, weights, **how)
    X = as_frame(data) if is_frame(data) else _as_rows(data)
    problem = read_problem(X, outcome, weights, **how)
    problem.outcome = getattr(outcome, "name", None)
    return problem


def _as_rows(data):
    data = as_rows(data)
    return data if hasattr(data, "shape") else as_array(data, "`data`")


def _read_outcome(given, y, known, rows, is_counted):
    """Return (task, classes, event, truth); shares of trials that are counted are numbers."""
    event, classes = rows.event, rows.classes
    if is_counted and (event is not None or classes is not None):
        raise OutcomeError(
            "An outcome cbind(successes, failures) must be compared without an event.",
            f"Found event={event!r}." if classes is None else "`classes` is given.",
            "Leave `event` and `classes` out: the first column counts the event.",
        )
    of_numbers = is_counted or is_of_numbers(rows.objective, event, classes)
    settled = of_numbers or is_of_ordered(rows.objective)
    if of_numbers or not (
        settled or is_classification(take_rows(as_series(given), np.flatnonzero(known)), event, classes)
    ):
        truth = np.full(y.shape, np.nan)
        truth[known] = np.asarray(y[known], dtype=np.float64)
        if not np.isfinite(truth[known]).all():
            raise OutcomeError("The outcome must be finite.", "It holds infinite values.", "Check it.")
        return "regression", None, None, truth
    categories = getattr(getattr(given, "dtype", None), "categories", None)
    present = set(y[known].tolist())
    if categories is not None:
        labels = [label for label in categories.tolist() if label in present]
    else:
        labels = np.unique(y[known].astype(y[known].dtype if y.dtype.kind != "O" else object)).tolist()
    if len(labels) < 2:
        raise OutcomeError(
            "The outcome must hold at least two classes.", f"It holds {listed(labels)}.", "Check the rows."
        )
    event = match_event(event, labels)
    place = {label: k for k, label in enumerate(labels)}
    truth = np.array([place.get(v, -1) if k else -1 for v, k in zip(y.tolist(), known)], dtype=np.int64)
    if event is None:
        return "multiclass", labels, None, truth
    truth = np.where(truth < 0, -1, (truth == place[event]).astype(np.int64))
    return "binary", labels, event, truth


def _check_class_rows(task, labels, event, truth):
    """Raise where no folds can have both classes among their training rows."""
    if task != "binary":
        return
    n_events, n_others = np.sum(truth == 1), np.sum(truth == 0)
    if min(n_events, n_others) < 2:
        raise OutcomeError(
            "The event and its absence must each have at least two rows, one to train on and one to test.",
            f"{event!r} has {n_events} of {n_events + n_others} rows; the classes are {listed(labels)}.",
            "Check the filter that made these rows, or get more of them.",
        )


def _no_predictors(data, groups, time):
    """Name the column of groups, and that of dates (or of text that stands for them) which orders rows."""
    X = as_frame(data) if is_frame(data) else data
    names = [groups] if isinstance(groups, str) else []
    dates = is_column(time, X) and as_series(X[time]).dtype.kind not in "iuf"
    return [*names, time] if dates and time not in names else names
