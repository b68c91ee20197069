"""Evaluate a fitted model on rows that it did not learn from: n and events first, then the measures."""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike, Label, Model, RowsLike
from bineural.checks import checked, label, share
from bineural.detection.boxes import refuse_boxes
from bineural.errors import InputError, OutcomeError
from bineural.measures.box_answers import ask_boxes
from bineural.measures.class_columns import class_codes
from bineural.measures.delong import auroc_interval
from bineural.measures.evaluation import Evaluation
from bineural.measures.model_answers import (
    ask_model,
    check_class_probabilities,
    rows_kept,
    settle_event,
    task_of,
)
from bineural.measures.ordering import ordered
from bineural.measures.registry import measures_of
from bineural.measures.reuse import count_known, count_models_scored
from bineural.messages import listed, number_of


@checked(
    event=label().or_none(), threshold=share(), level=share(open_ends=True, hint="Pass for example 0.95.")
)
def evaluate_model(
    model: Model,
    data: RowsLike,
    y: str | ArrayLike | None = None,
    *,
    event: Label | None = None,
    threshold: float = 0.5,
    level: float = 0.95,
    weights: str | ArrayLike | None = None,
) -> Evaluation:
    """Evaluate a fitted classifier or regressor on given rows.

    Parameters
    ----------
    model : estimator
        Fitted by `fit_glm` or `fit_net`, or any fitted scikit-learn classifier with `predict_proba`, or
        regressor (pipelines and searches included).
    data : data frame or array_like, shape (n_rows, n_features), or rows in batches
        Rows to predict, best those the model has never seen. Batches (see `fit_net`) hold the outcome; they
        are read once, and only outcome and predictions are kept.
    y : array_like, shape (n_rows,), or str, optional
        Outcome, or the column of `data` that holds it; by default the one named in the model's formula.
    event : label, optional
        Class whose probability is measured; by default the one named when the model was fitted. For a model
        of several classes, naming an event measures that class against the rest.
    threshold : float, default 0.5
        Probability from which a row is called an event, for accuracy.
    level : float, default 0.95
        Confidence level of the AUROC's interval.
    weights : array_like of float64, shape (n_rows,), or str, optional
        How much each row stands for, or the column of `data` that says so; rows of weight 0 are left out. All
        measures take them; n and events count rows.

    Returns
    -------
    Evaluation
        Two classes: AUROC (with DeLong's interval on the logit scale, see `auroc_interval`), average
        precision, log loss (nats), Brier score, accuracy. Several: AUROC as the mean of one-vs-rest and as
        Hand-Till's M, log loss, accuracy of the most probable class, and of a net of ordered classes the
        ranked probability score. Regression: RMSE and MAE in the outcome's units, R squared (see
        `r_squared`), and for a Poisson, gamma or binomial GLM, or a net of such an objective, the mean
        deviance. Quantiles: pinball loss, mean distance of the shares of outcomes at or below them from
        their levels, and the share between the outermost. Boxes (`y` is a data frame of boxes, see
        `box_iou`): mean average precision at 0.5 and COCO's, mean intersection over union; n counts images.
        Measures that
        `register_measure` has added follow. For intervals of the other measures see `bootstrap_interval`,
        for calibration `calibration`.

    Raises
    ------
    OutcomeError
        If the event is not known, the outcome is not found, or it holds labels the model does not know.
    InputError
        If the model cannot give probabilities, or no row has both an outcome and a prediction.

    Notes
    -----
    Rows whose outcome is missing, or whose prediction is NaN (predictors missing in a model fitted with
    `missing="drop"`), are left out, counted and shown. A measure that the rows cannot define (AUROC and
    average precision with one class only, AUROC over classes of which one is absent, R squared of a constant
    outcome) is NaN, and `undefined` says why; the other measures are given. Printing cautions where rows are
    among those that the model was fitted to, or have by now measured five models or more, in this process (of
    rows in batches the second isn't counted).

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> line = LinearRegression().fit([[0], [1], [2]], [1, 3, 5])
    >>> print(evaluate_model(line, [[3], [4]], [7, 8]))
    n = 2
    <BLANKLINE>
    measure    estimate
    RMSE         0.7071
    MAE          0.5000
    R squared   -1.0000
    """
    if getattr(model, "outcome_kind", None) == "sequences":
        raise InputError(
            "`model` must be one that predicts an outcome of rows.",
            "It predicts sequences.",
            "Use score_sequences(model, target, source).",
        )
    if getattr(model, "measured_as_", None) == "boxes":
        return _evaluate_boxes(model, data, y, event, level, weights)
    refuse_boxes(y)
    if task_of(model) == "regression":
        return _evaluate_regressor(model, data, y, event, level, weights)
    classes = np.asarray(model.classes_).tolist()
    event = settle_event(model, classes, event)
    y, weights, probability, logit, known, outcome = ask_model(model, data, y, weights, classes)
    kept, counts = rows_kept(y, probability, weights)
    weights = None if weights is None else weights[kept]
    name = f"The outcome `{outcome}`" if outcome else "The outcome"
    codes = class_codes(y[kept], classes, name, OutcomeError)
    probability = probability[kept]
    order = ordered(probability, None if logit is None else logit[kept])
    check_class_probabilities(probability)
    class_rows = np.bincount(codes, minlength=len(classes)).tolist()
    task, y_true, score = "multiclass", codes, probability
    if event is not None:
        column = classes.index(event)
        task, y_true = "binary", (codes == column).astype(np.int64)
        score, order = probability[:, column], np.ascontiguousarray(order[:, column])
    levels = list(getattr(model, "levels_", classes))
    measured = measure_rows(
        task,
        y_true,
        score,
        order,
        weights,
        also=getattr(model, "measured_also_", ()),
        classes=classes,
        ranks=[levels.index(label) for label in classes],
        threshold=threshold if event is not None else None,
    )
    if event is not None:
        measured |= _interval(measured, y_true, order, level, weights)
    return Evaluation(
        task=task,
        n=kept.size,
        n_events=None if event is None else int(np.count_nonzero(y_true)),
        event=event,
        classes=classes,
        n_class_rows={label: class_rows[classes.index(label)] for label in levels},
        outcome=outcome,
        **measured,
        threshold=None if event is None else threshold,
        level=level,
        **counts,
        rows=kept,
        y_true=y_true,
        score=np.ascontiguousarray(score),
        order=None if np.array_equal(order, score) else order,
        weights=weights,
        n_known=count_known(known, kept),
        n_scored=count_models_scored(data, y_true, score),
    )


def _evaluate_regressor(model, data, y, event, level, weights):
    if event is not None:
        raise OutcomeError(
            "`event` can be named only for a classifier.",
            f"The model, {type(model).__name__}, predicts numbers.",
            "Leave `event` out, or fit a classifier with event=.",
        )
    y, weights, predicted, _, known, outcome = ask_model(model, data, y, weights)
    try:
        y = np.asarray(y, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OutcomeError(
            f"The outcome{f' `{outcome}`' if outcome else ''} must be numbers for a regressor.",
            f"It holds values such as {listed(list(y)[:3])}.",
            "Pass the column that the model was fitted to.",
        ) from error
    kept, counts = rows_kept(y, predicted, weights)
    y, predicted = y[kept], predicted[kept]
    weights = None if weights is None else weights[kept]
    measured = getattr(model, "measured_", {"family": getattr(model, "family_", "gaussian")})
    task = getattr(model, "measured_as_", None) or "regression"
    for values, what in ((y, "outcome"), (predicted, "predictions")):
        if not np.isfinite(values).all():
            raise InputError(
                f"The {what} must be finite.",
                f"{np.isinf(values).sum()} of {values.size} are infinite.",
                "Check how they were computed, or leave those rows out.",
            )
    also = () if measured["family"] == "gaussian" else ("mean_deviance",)  # whose is the squared RMSE
    return Evaluation(
        task=task,
        n=kept.size,
        n_events=None,
        event=None,
        classes=None,
        n_class_rows=None,
        outcome=outcome,
        **measure_rows(task, y, predicted, predicted, weights, also=also, **measured),
        threshold=None,
        level=level,
        **counts,
        rows=kept,
        columns=list(getattr(model, "columns_", ())) or None,
        y_true=y,
        score=predicted,
        weights=weights,
        n_known=count_known(known, kept),
        n_scored=count_models_scored(data, y, predicted),
    )


def _evaluate_boxes(model, images, truth, event, level, weights):
    y_true, score, n_true, labels = ask_boxes(model, images, truth, event=event, weights=weights)
    return Evaluation(
        task="boxes",
        n=len(y_true),
        n_events=None,
        event=None,
        classes=None,
        n_class_rows=None,
        outcome=number_of(n_true, "object"),
        **measure_rows("boxes", y_true, score, score),
        threshold=None,
        level=level,
        n_missing_outcome=0,
        n_missing_prediction=0,
        rows=np.arange(len(y_true)),
        y_true=y_true,
        score=score,
        object_labels=labels,
        n_scored=count_models_scored(images, y_true, score),
    )


def measure_rows(task, y_true, score, order, weights=None, also=(), **known):
    """Measure predictions by every measure of the task that an evaluation shows.

    Parameters
    ----------
    task : {"binary", "multiclass", "regression", "quantiles"}
    y_true, score
        As measures take them; see `Measure.compute`.
    order : ndarray
        What ranks the rows; see `ordered`.
    weights : ndarray of float64 > 0, shape (n_rows,), optional
    also, **known
        See `measures_of`.

    Returns
    -------
    dict
        `measures`, `labels` and `undefined` (why a measure is NaN), each by name.
    """
    measures, labels, undefined = {}, {}, {}
    for measure in measures_of(task, "evaluated", also, y_true=y_true, weights=weights, **known).values():
        value, reason = measure.measure(y_true, order if measure.ranks else score, weights)
        measures[measure.name], labels[measure.name] = value, measure.label
        if reason:
            undefined[measure.name] = reason
    return {"measures": measures, "labels": labels, "undefined": undefined}


def _interval(measured, y_true, order, level, weights):
    """Return the interval of the AUROC, and why it has none."""
    undefined = measured["undefined"]
    if "auroc" in undefined:
        return {"intervals": {}}
    interval = auroc_interval(y_true, order, level, weights=weights)
    if interval.method == "undefined":
        undefined = undefined | {"interval of auroc": "it needs two events and two other rows"}
    return {"intervals": {"auroc": interval}, "undefined": undefined}
