"""What is asked of a fitted model before it is measured: its task, outcome, event and predictions."""

from typing import NamedTuple

import numpy as np

from bineural.errors import FormulaError, InputError, OutcomeError
from bineural.measures.arguments import check_weights
from bineural.measures.ordering import class_answers
from bineural.measures.reuse import FittedRows
from bineural.messages import number_of, shown
from bineural.not_models import called, instead, is_fitted
from bineural.tables.rows import is_dict


def task_of(model):
    """Say whether the fitted model is for "classification" (with probabilities) or "regression"."""
    from sklearn.base import is_classifier, is_regressor

    task = None
    try:
        if is_classifier(model) and hasattr(model, "predict_proba"):
            task = "classification"
        elif is_regressor(model):
            task = "regression"
    except (AttributeError, TypeError):  # no scikit-learn estimator at all
        pass
    if task is None:
        hint = "Fit with fit_glm or fit_net, or measure predictions with auroc, brier and log_loss."
        if getattr(model, "measured_as_", None) == "boxes":
            hint = "A net of boxes is measured by evaluate_model(), and its boxes are drawn by plot_boxes()."
        raise InputError(
            "`model` must be a fitted classifier with `predict_proba`, or a regressor.",
            f"It is {called(model)}.",
            instead(model, hint),
        )
    if not is_fitted(model) or (task == "classification" and not hasattr(model, "classes_")):
        raise InputError(
            "`model` must be fitted.",
            f"This {type(model).__name__} is not.",
            "Call its fit() with the training rows first, or use fit_glm or fit_net.",
        )
    return task


class Answers(NamedTuple):
    """What a model answers about rows whose outcome is known or missing.

    Attributes
    ----------
    y : ndarray, shape (n_rows,)
        Labels as objects, or numbers.
    weights : ndarray of float64, shape (n_rows,), or None
    predicted : ndarray of float64, shape (n_rows,), (n_rows, n_classes) or (n_rows, n_columns)
        NaN where the model leaves a row out.
    logit : ndarray of float64, shape (n_rows, n_classes), or None
    known : ndarray of bool, shape (n_rows,), or None
        Whether an exact copy is among the rows that the model was fitted to; None where it can't be told.
    outcome : str or None
        Name of the outcome.
    """

    y: np.ndarray
    weights: np.ndarray | None
    predicted: np.ndarray
    logit: np.ndarray | None
    known: np.ndarray | None
    outcome: str | None


def ask_model(model, data, y=None, weights=None, classes=None):
    """Ask a model about rows, in memory or in batches.

    Parameters
    ----------
    model : fitted estimator
    data : data frame, array_like, or rows in batches that hold the outcome
    y : array_like, shape (n_rows,), or str, optional
    weights : array_like of float64, shape (n_rows,), or str, optional
    classes : list of labels, optional
        Of a classifier.

    Returns
    -------
    Answers
    """
    from bineural.formula.batches import with_labels
    from bineural.inputs.batchwise import ask_rows
    from bineural.inputs.shares import shares_of
    from bineural.tables.batches import is_stream
    from bineural.tables.frames import as_frame

    name, in_batches = outcome_name(model, y), is_stream(data)
    if in_batches:
        _check_for_batches(y, weights)
    y, tree = y if name is None else name, _readable(name) if in_batches else None

    fitted_rows = FittedRows(model)
    several = (len(columns),) if (columns := getattr(model, "columns_", ())) else ()
    read = outcomes_values if getattr(model, "several_outcomes_", False) else outcome_values
    counted = name is not None and read is outcome_values and _is_counted(name)

    def ask(rows):
        table = rows if tree is None else with_labels(as_frame(rows), tree)
        truth, trials = shares_of(y, table) if counted else (read(table, y), None)
        row_weights, known = read_weights(rows, weights, len(truth)), fitted_rows.find(rows, truth)
        if counted:
            row_weights = trials if row_weights is None else trials * row_weights
        if classes is None:
            shape = (len(truth), *several)
            return truth, row_weights, predict_rows(model.predict, rows, shape), None, known
        probability, logit = class_answers(model, rows)
        shape = (len(truth), len(classes))
        return truth, row_weights, predict_rows(lambda _: probability, rows, shape), logit, known

    return Answers(*ask_rows(ask, data, _columns_read(model, tree, weights)), _written(name, y))


def read_outcome(model, data, y):
    """Return the outcome's values (labels as objects, or numbers) and its name, where it has one."""
    name = outcome_name(model, y)
    read = outcomes_values if getattr(model, "several_outcomes_", False) else outcome_values
    return read(data, y if name is None else name), _written(name, y)


def outcome_name(model, y):
    """Return the outcome's name or expression, of columns of the rows; None where `y` is its values."""
    if y is None:
        name = getattr(model, "outcome_", None)
        if name is None:
            raise OutcomeError(
                "`y` must be given for a model that was not fitted with a formula.",
                "No outcome was given.",
                "Pass evaluate_model(model, X, y).",
            )
        return name
    return y if isinstance(y, str) else None


def _written(name, y):
    name = getattr(y, "name", None) if name is None else name
    return None if name is None else str(name)


def _readable(name):
    """Read an outcome's expression, which must not need all rows at once; None of a column's odd name."""
    from bineural.formula.batches import refuse_learnt
    from bineural.formula.guard import parse_guarded

    try:
        tree = parse_guarded(name)
    except FormulaError:
        return None
    refuse_learnt(tree)
    return tree


def _is_counted(name):
    """Say whether an outcome is cbind(successes, failures)."""
    from bineural.formula.outcome import is_bound

    return name.startswith("cbind(") and is_bound(name)


def _check_for_batches(y, weights):
    for argument, value in (("y", y), ("weights", weights)):
        if value is not None and not isinstance(value, str):
            raise InputError(
                f"`{argument}` must name a column where rows come in batches.",
                f"Found {shown(value)}.",
                "Put its values into the batches, beside the predictors.",
            )


def _columns_read(model, tree, weights):
    """Return the columns that are asked for; None means all, where it isn't known which."""
    from bineural.formula.syntax import names_in

    if getattr(model, "formula", None) is None or tree is None:
        return None
    return [*model.feature_names_in_, *names_in(tree), *([weights] if weights else [])]


def outcome_values(data, y):
    """Return the outcome's values, labels as objects or numbers, from a vector or by a column's name."""
    from bineural.inputs.outcomes import plain_values

    if isinstance(y, str):
        y = _outcome_column(data, y)
    y = np.asarray(plain_values(y))
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    n_rows = data.shape[0] if hasattr(data, "shape") else len(data)
    if y.ndim != 1 or (y.size != n_rows and not is_dict(data)):
        raise OutcomeError(
            "The outcome must have one value for each row of `data`.",
            f"Found shape {y.shape} for {number_of(n_rows, 'row')}.",
            "Pass both for the same rows.",
        )
    return y


def outcomes_values(data, y):
    """Return the values of an outcome of several columns, float64 (n_rows, n_columns), or by its formula."""
    from bineural.formula.outcome import evaluate_outcomes
    from bineural.inputs.given_rows import read_outcomes
    from bineural.tables.rows import count_rows

    return read_outcomes(evaluate_outcomes(y, data) if isinstance(y, str) else y, count_rows(data))[0]


def _outcome_column(data, name):
    from bineural.formula.outcome import evaluate_outcome
    from bineural.tables.frames import as_frame, is_frame

    if not is_frame(data):
        raise OutcomeError(
            f"`data` must be a data frame that holds the outcome {name!r}.",
            f"Found {type(data).__name__}.",
            "Pass the outcome as `y`.",
        )
    frame = as_frame(data)
    return frame[name] if name in frame.columns else evaluate_outcome(name, frame)


def settle_event(model, classes, event):
    """Return the event as it stands in `classes`; None means that several classes are measured."""
    from bineural.inputs.outcomes import match_event, no_event

    if event is None:
        event = getattr(model, "event_", None)
    if event is None and len(classes) == 2:
        raise no_event(classes)
    return match_event(event, classes)


def predict_rows(predict, data, shape):
    """Return float64 predictions, which must have the shape."""
    values = np.asarray(predict(data), dtype=np.float64)
    if len(shape) == 1 and values.shape == (*shape, 1):
        values = values[:, 0]
    if values.shape != shape:
        raise InputError(
            f"The model's predictions must have shape {shape}.",
            f"They have shape {values.shape}.",
            "Evaluate a model of one outcome, on as many rows as there are outcomes.",
        )
    return values


def read_weights(data, weights, n_rows):
    """Return row weights as float64, from a vector or the column of `data`; None where there are none."""
    from bineural.tables.frames import as_frame, is_frame

    if weights is None:
        return None
    if isinstance(weights, str):
        frame = as_frame(data) if is_frame(data) else None
        if frame is None or weights not in frame.columns:
            raise InputError(
                "`weights` must be a column of `data`, or a value for each row.",
                f"There is no column {weights!r}.",
                "Pass the weights themselves.",
            )
        weights = frame[weights]
    return check_weights(weights, n_rows)


def rows_kept(y, predicted, weights=None):
    """Return positions of the rows with outcome, prediction and weight, and how many lack one."""
    from bineural.inputs.outcomes import is_missing

    no_outcome = is_missing(y)
    no_outcome = no_outcome.any(axis=1) if no_outcome.ndim == 2 else no_outcome
    no_prediction = np.isnan(predicted if predicted.ndim == 1 else predicted.sum(axis=1)) & ~no_outcome
    counts = {
        "n_missing_outcome": int(np.count_nonzero(no_outcome)),
        "n_missing_prediction": int(np.count_nonzero(no_prediction)),
    }
    left_out = no_outcome | no_prediction
    if weights is not None:
        counts["n_no_weight"] = int(np.count_nonzero((weights == 0) & ~left_out))
        left_out |= weights == 0
    kept = np.flatnonzero(~left_out)
    if kept.size == 0:
        raise InputError(
            "There must be rows with an outcome and a prediction.",
            f"Of {len(y)} rows {counts['n_missing_outcome']} have no outcome and "
            f"{counts['n_missing_prediction']} no prediction"
            + (f", and {counts['n_no_weight']} have weight 0." if counts.get("n_no_weight") else "."),
            "Check the filter that made these rows.",
        )
    return kept, counts


def check_class_probabilities(probability):
    """Raise unless each row, (n_rows, n_classes) in all, holds probabilities that sum to 1."""
    total = probability.sum(axis=1)
    if (probability < 0).any() or (probability > 1).any() or (np.abs(total - 1) > 1e-4).any():
        raise InputError(
            "The model's probabilities must lie between 0 and 1 and sum to 1 in each row.",
            f"They run from {probability.min():g} to {probability.max():g}, sums from {total.min():g} "
            f"to {total.max():g}.",
            "End the net with a sigmoid or softmax unit, or turn log-odds into probabilities.",
        )
