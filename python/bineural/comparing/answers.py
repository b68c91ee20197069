"""What models predict, in one form: the probability of the event, of all classes, or numbers."""

from typing import NamedTuple

import numpy as np

from bineural.comparing.coded_boxes import ask_detector
from bineural.errors import InputError
from bineural.inputs.outcomes import plain_values
from bineural.measures.ordering import class_answers
from bineural.tables.rows import label_text


class Answer(NamedTuple):
    """What one fit answers for the test rows of a resample.

    Attributes
    ----------
    prediction : ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
        See `settle_answer`.
    logit : ndarray of float64 of the same shape, or None
        Tells rows apart where probabilities are rounded to the same; see `measures/ordering.py`.
    failure : str or None
        Why the fit is no model of its training rows.
    note : dict
        What is told of the fit.
    advice : str or None
        What to try about the failure; None for what its entrant says.
    """

    prediction: np.ndarray
    logit: np.ndarray | None = None
    failure: str | None = None
    note: dict = {}
    advice: str | None = None

    @classmethod
    def of(cls, given):
        """Return an answer as it is, and a bare prediction as one."""
        return given if isinstance(given, cls) else cls(given)


class NotFiniteError(InputError):
    """A fit that predicts what is missing or infinite, of how many rows it says first."""

    @property
    def failure(self):
        """What is said of the fit."""
        n = self.found.split()[0]
        return f"{n} test row{'s' * (n != '1')} got no finite prediction"


def ask(model, X, basis, n_rows):
    """Ask a fitted classifier or regressor; returns an `Answer`."""
    if basis.problem.object_labels is not None:
        return Answer(settle_answer(ask_detector(model, X, basis), basis, n_rows))
    if basis.task == "regression":
        return Answer(settle_answer(model.predict(X), basis, n_rows))
    probability, logit = class_answers(model, X)
    classes = np.asarray(model.classes_).tolist()
    full = np.zeros((n_rows, len(basis.classes)))
    if probability.shape != (n_rows, len(classes)) or not set(classes) <= set(basis.classes):
        raise InputError(
            f"A model must give a probability for each of {len(classes)} classes and {n_rows} rows.",
            f"Found shape {probability.shape} and classes {classes}.",
            "Check its predict_proba().",
        )
    places = [basis.classes.index(label) for label in classes]
    full[:, places] = probability  # a class that the training rows lack has probability 0
    prediction = settle_answer(full, basis, n_rows)
    if logit is None or not np.isfinite(logit).all():
        return Answer(prediction)
    whole = np.full(full.shape, -np.inf)
    whole[:, places] = logit
    return Answer(prediction, whole[:, basis.classes.index(basis.event)] if prediction.ndim == 1 else whole)


def settle_answer(answer, basis, n_rows):
    """Return predictions as float64, shape (n_rows,), or (n_rows, n_columns) for classes and quantiles.

    Parameters
    ----------
    answer : array_like or data frame
        Probabilities of the event, or a column for each class (by position, or named `.pred_<class>` or by
        the class itself); numbers in regression.
    basis : Basis
    n_rows : int

    Raises
    ------
    InputError
        If shape or values are no such thing.
    """
    classes = basis.classes
    names = [str(name) for name in getattr(answer, "columns", [])]
    try:
        values = np.asarray(plain_values(answer), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            "Predictions must be numbers.",
            f"Found {type(answer).__name__}: {error}.",
            "Return probabilities, not labels." if classes else "Return the predicted numbers.",
        ) from error
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if classes and values.ndim == 2 and values.shape[1] == len(classes):
        values = values[:, _class_order(names, classes)]
        values = values[:, classes.index(basis.event)] if basis.task == "binary" else values
    wanted = (n_rows, len(basis.columns)) if basis.columns else (n_rows,)
    values = values[:, None] if len(wanted) > values.ndim == 1 and wanted[1] == 1 else values
    if values.shape != wanted:
        raise InputError(
            f"Predictions must have shape {wanted}{_meaning(basis)}.",
            f"They have shape {values.shape}.",
            "Return one row for each test row, in their order.",
        )
    _check_values(values, basis)
    return values


def _class_order(names, classes):
    """Return the column of each class."""
    for form in (".pred_{}", "{}"):
        wanted = [form.format(label_text(label)) for label in classes]
        if set(wanted) == set(names):
            return [names.index(name) for name in wanted]
    return list(range(len(classes)))


def _meaning(basis):
    if basis.task == "binary":
        return f", the probability of {basis.event!r}"
    return f", a column for each of {basis.columns}" if basis.columns else ""


def _check_values(values, basis):
    missing = int(np.count_nonzero(~np.isfinite(values if values.ndim == 1 else values.sum(axis=1))))
    if missing:
        raise NotFiniteError(
            "Every test row must get a finite prediction.",
            f"{missing} of {len(values)} predictions are missing or infinite.",
            "Use missing='impute', or leave out rows with missing predictors for all models alike.",
        )
    if not basis.classes or basis.measured_as == "anomalies":  # whose scores are on any scale
        return
    outside = (values < -1e-9) | (values > 1 + 1e-9)
    if outside.any():
        raise InputError(
            "Predictions must be probabilities, between 0 and 1.",
            f"They run from {values.min():g} to {values.max():g}.",
            'Log-odds become probabilities by 1 / (1 + exp(-x)); in R, predict(..., type = "response").',
        )
    np.clip(values, 0.0, 1.0, out=values) if values.flags.writeable else None
    if values.ndim == 2 and (np.abs(values.sum(axis=1) - 1) > 1e-4).any():
        raise InputError(
            "The probabilities of a row must sum to 1.",
            f"Sums run from {values.sum(axis=1).min():g} to {values.sum(axis=1).max():g}.",
            "Divide each row by its sum.",
        )
