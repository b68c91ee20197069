"""What every fitted model shares: how outcome, event and preparation are learnt, kept and used to predict.

`TableModel` is the common parent of the GLM and the net. A subclass learns from `Training` (numbers only)
and answers in probabilities or means; everything about columns, classes and missing rows is done here, once.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from bineural.errors import ColumnError, DroppedWarning, InputError, OutcomeError
from bineural.inputs.outcomes import (
    check_offset,
    check_weights,
    is_missing,
    match_event,
    no_event,
    plain_values,
    settle,
)
from bineural.inputs.problem import Problem, warn_of_text
from bineural.messages import listed, warn
from bineural.tables.rows import count_rows


@dataclass
class Training:
    """Training rows as numbers.

    Attributes
    ----------
    matrix : ndarray of float64, shape (n_rows, n_columns)
        Prepared columns, without an intercept.
    codes : ndarray of int32, shape (n_rows, n_code_columns)
        Level codes, 0 for unseen; no columns unless the preparation makes codes.
    y : ndarray, shape (n_rows,)
        float64 outcome (regression) or int64 position in `classes_` (classification).
    weights, offset : ndarray of float64, shape (n_rows,), or None
    """

    matrix: np.ndarray
    codes: np.ndarray
    y: np.ndarray
    weights: np.ndarray | None
    offset: np.ndarray | None


class TableModel(BaseEstimator):
    """Parent of the models: columns to numbers at fit, the same again at predict.

    Subclasses have the parameters `formula`, `missing` and `unseen`, implement `_fit` and one of
    `_probability` (n_rows, n_classes) and `_mean` (n_rows,), each from a `Prepared`.
    """

    def fit(self, X, y, sample_weight=None, offset=None):
        """Fit the model.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)
            Predictors; with a `formula`, a data frame that holds its columns.
        y : array_like, shape (n_rows,)
            Outcome: labels for a classifier, numbers for a regressor.
        sample_weight : array_like of float64, shape (n_rows,), optional
            Non-negative row weights.
        offset : array_like of float64, shape (n_rows,), optional
            Known part of the linear predictor (GLM only).

        Returns
        -------
        self

        Raises
        ------
        InputError
            If columns, outcome or weights cannot be used; the message says which.
        """
        warn_of_text(Problem(X, y, terms=self.formula))
        return self._fit(X, y, sample_weight, offset)

    def fit_problem(self, problem):
        """Fit to a `Problem`, and note outcome and formula."""
        self._fit(problem.X, problem.y, problem.weights, problem.offset, exclude=problem.exclude)
        self._fitted_rows = problem.X, problem.y  # by reference, and left out of files: see `measures.reuse`
        self.outcome_, self.formula_ = problem.outcome, problem.formula
        return self

    def _begin_fit(self, X, y, sample_weight, offset, exclude=(), **preparation):
        """Check the rows, learn the preparation, and return them as `Training`."""
        from bineural.inputs.preparation import Preparation

        X = self._check_columns(X, reset=True)
        y = self._check_outcome(y, len(X))
        weights = None if sample_weight is None else check_weights(sample_weight, len(X))
        offset = None if offset is None else check_offset(offset, len(X))
        X, y, weights, offset = self._drop_missing_outcomes(X, y, weights, offset)
        self.preparation_ = Preparation(self.formula, missing=self.missing, unseen=self.unseen, **preparation)
        prepared = self.preparation_.fit_transform(X, outcome=list(exclude), weights=weights)
        if self.formula is not None:
            self.feature_names_in_ = np.asarray(self.preparation_.columns_, dtype=object)
            self.n_features_in_ = len(self.feature_names_in_)
        y, weights, offset = (None if v is None else v[prepared.rows] for v in (y, weights, offset))
        self.has_offset_ = offset is not None
        if prepared.offset is not None:
            offset = prepared.offset if offset is None else offset + prepared.offset
        y = self._learn_outcome(y)
        self.n_rows_ = len(y)
        return Training(prepared.matrix, prepared.codes, y, weights, offset)

    def _check_columns(self, X, reset):
        """Return a data frame or a float64 array, checked as scikit-learn would."""
        from bineural.tables.frames import as_frame, is_frame

        if is_frame(X):
            frame = as_frame(X)
            if self.formula is None:
                self._check_names(frame, reset)
            if reset and len(frame) == 0:
                raise InputError(
                    "The training data must have rows.", "Found 0 rows.", "Check the filter that made them."
                )
            return frame
        try:
            return validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite=False)
        except ValueError as error:
            raise InputError(
                "Rows must be an array of numbers, shape (n_rows, n_features), as in training.",
                str(error).rstrip(".") + ".",
                "Reshape or convert it, or pass a data frame with the columns' names.",
            ) from error

    def _check_names(self, frame, reset):
        try:
            validate_data(self, frame, skip_check_array=True, reset=reset)
        except ValueError as error:  # in scikit-learn's words, which its own checks read
            must, _, found = str(error).partition("\n")
            raise ColumnError(
                must, found.strip(), "Give the columns of the training data, in their order."
            ) from error

    def _check_outcome(self, y, n_rows):
        """Return the outcome as a 1-D array (labels as objects or numbers), with its level order noted."""
        if y is None:
            raise OutcomeError(
                f"{type(self).__name__} requires y to be passed, but the target y is None.",
                "No outcome was given.",
                "Pass y, or use a formula such as 'y ~ .' with fit_glm or fit_net.",
            )
        dtype = getattr(y, "dtype", None)
        categories = getattr(dtype, "categories", None)
        self._levels = None if categories is None else list(categories)
        values = column_or_1d(plain_values(y), warn=True)
        if len(values) != n_rows:
            raise OutcomeError(
                "The outcome must have one value for each row.",
                f"Found {len(values)} outcomes and {n_rows} rows (inconsistent numbers of samples).",
                "Pass X and y of the same rows.",
            )
        return values

    def _drop_missing_outcomes(self, X, y, weights, offset):
        missing = is_missing(y)
        if not missing.any():
            return X, y, weights, offset
        if self.missing != "drop":
            raise OutcomeError(
                "The outcome must not be missing.",
                f"Input y contains NaN: {missing.sum()} of {len(y)} rows have no outcome.",
                "Leave those rows out, or pass missing='drop'.",
            )
        warn(DroppedWarning, f"{missing.sum()} of {len(y)} rows have no outcome and were left out.")
        keep = np.flatnonzero(~missing)
        X = X.iloc[keep] if hasattr(X, "iloc") else X[keep]
        return X, settle(y[keep]), *(None if v is None else v[keep] for v in (weights, offset))

    def _prepare(self, X):
        """Turn new rows into `Prepared` numbers with what was learnt at fit."""
        check_is_fitted(self)
        return self.preparation_.transform(self._check_columns(X, reset=False))

    def _spread(self, values, prepared, n_rows):
        """Put predictions back in their rows; rows that were left out for missing values get NaN."""
        if len(prepared.rows) == n_rows:
            return values
        whole = np.full((n_rows, *values.shape[1:]), np.nan)
        whole[prepared.rows] = values
        return whole

    def __sklearn_tags__(self):
        """Say to scikit-learn what input is understood."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.missing != "error"
        tags.target_tags.required = True
        return tags


class ClassifierFace(ClassifierMixin):
    """Labels and probabilities for a `TableModel` that has `_probability`."""

    def _learn_outcome(self, y):
        """Learn `classes_` and the event; return each row's position in `classes_`."""
        if np.asarray(y).dtype.kind == "f" and not np.isfinite(y).all():
            raise OutcomeError(
                "The outcome must be finite.",
                f"Input y contains infinity or a value too large for dtype('{y.dtype}').",
                "Check how the outcome was computed.",
            )
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise OutcomeError(
                "The outcome must hold at least two classes in the training rows.",
                f"It holds only one class: {self.classes_.tolist()} (n = {len(y)}).",
                "Stratify the split by the outcome, or check the filter that made these rows.",
            )
        levels = self._levels or self.classes_.tolist()
        self.levels_ = [level for level in levels if level in set(self.classes_.tolist())]
        self.event_ = match_event(self.event, self.classes_)
        self.n_class_rows_ = np.bincount(codes, minlength=len(self.classes_))
        return codes.astype(np.int64)

    @property
    def event_position_(self):
        """Position in `classes_` of the class whose log-odds are modelled: the event, else the last."""
        if self.event_ is None:
            return len(self.classes_) - 1
        return int(np.flatnonzero(self.classes_ == self.event_)[0])

    def predict_proba(self, X):
        """Predict the probability of each class.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)
            Rows with the columns of the training data.

        Returns
        -------
        ndarray of float64, shape (n_rows, n_classes)
            Columns in the order of `classes_`; NaN for rows left out for missing values.
        """
        prepared = self._prepare(X)
        return self._spread(self._probability(prepared), prepared, count_rows(X))

    def _class_answers(self, X):
        """Return probabilities and logits of each class, the latter None where the model has none."""
        prepared, n_rows = self._prepare(X), count_rows(X)
        probability, logit = self._probability_and_logit(prepared)
        logit = None if logit is None else self._spread(logit, prepared, n_rows)
        return self._spread(probability, prepared, n_rows), logit

    def predict(self, X):
        """Predict the most probable class of each row.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)

        Returns
        -------
        ndarray, shape (n_rows,)
            Labels of `classes_`; None where the probabilities are NaN.
        """
        probability = self.predict_proba(X)
        known = ~np.isnan(probability).any(axis=1)
        if known.all():
            return self.classes_[np.argmax(probability, axis=1)]
        labels = np.full(len(probability), None, dtype=object)
        labels[known] = self.classes_[np.argmax(probability[known], axis=1)]
        return labels

    def predict_event(self, X, event=None):
        """Predict the probability of the event.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)
        event : label, optional
            Class meant; needed only when none was named at fit.

        Returns
        -------
        ndarray of float64, shape (n_rows,)

        Raises
        ------
        OutcomeError
            If no event is known or it is none of the classes.
        """
        check_is_fitted(self)
        event = self.event_ if event is None else match_event(event, self.classes_)
        if event is None:
            raise no_event(self.classes_)
        return self.predict_proba(X)[:, np.flatnonzero(self.classes_ == event)[0]]


class RegressorFace(RegressorMixin):
    """Numbers for a `TableModel` that has `_mean`."""

    def _learn_outcome(self, y):
        """Return the outcome as float64."""
        try:
            y = np.asarray(y, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise OutcomeError(
                "A regressor's outcome must be numbers.",
                f"Found values such as {listed(list(y)[:3])}.",
                "For labels use a classifier: fit_glm(..., event=...) or fit_net(..., event=...).",
            ) from error
        if not np.isfinite(y).all():
            raise OutcomeError(
                "The outcome must be finite.",
                "Input y contains infinity or a value too large for dtype('float64').",
                "Check how the outcome was computed.",
            )
        return y

    def predict(self, X):
        """Predict the mean of the outcome.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            In the outcome's units; NaN for rows left out for missing values.
        """
        prepared = self._prepare(X)
        return self._spread(self._mean(prepared), prepared, count_rows(X))
