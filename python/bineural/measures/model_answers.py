"""What is asked of a fitted model before it is measured: its task, outcome, event and predictions."""

import numpy as np

from bineural.errors import InputError, OutcomeError
from bineural.measures.arguments import check_weights


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
        if hasattr(model, "chosen") and hasattr(model, "model"):
            hint = "Give its `model`, the net of the chosen setting."
        raise InputError(
            "`model` must be a fitted classifier with `predict_proba`, or a regressor.",
            f"Found {type(model).__name__}.",
            hint,
        )
    if task == "classification" and not hasattr(model, "classes_"):
        raise InputError(
            "`model` must be fitted.",
            f"This {type(model).__name__} has no `classes_` yet.",
            "Call its fit() with the training rows first.",
        )
    return task


def read_outcome(model, data, y):
    """Return the outcome's values (labels as objects or numbers) and its name, where it has one."""
    from bineural.inputs.outcomes import plain_values

    name = y if isinstance(y, str) else None
    if y is None:
        name = getattr(model, "outcome_", None)
        if name is None:
            raise OutcomeError(
                "`y` must be given for a model that was not fitted with a formula.",
                "No outcome was given.",
                "Pass evaluate_model(model, X, y).",
            )
    if name is not None:
        y = _outcome_column(data, name)
    else:
        name = getattr(y, "name", None)
    y = np.asarray(plain_values(y))
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    n_rows = data.shape[0] if hasattr(data, "shape") else len(data)
    if y.ndim != 1 or (y.size != n_rows and not isinstance(data, dict)):
        raise OutcomeError(
            "The outcome must have one value for each row of `data`.",
            f"Found shape {y.shape} for {n_rows} rows.",
            "Pass both for the same rows.",
        )
    return y, None if name is None else str(name)


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
