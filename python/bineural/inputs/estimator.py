"""What fitted models of tables share: how columns, outcome and event are learnt, kept and used to predict.

A subclass of `TableModel` learns from `Training` (numbers only) and answers in probabilities or means;
everything about columns, classes and missing rows is done here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from bineural._typing import Array, ArrayLike, Floats, Label, RowsLike
from bineural.inputs.batchwise import ask_rows
from bineural.inputs.given_rows import put_back, read_outcome, read_rows, rows_with_outcome
from bineural.inputs.learnt_outcome import Outcome, learn_classes, learn_numbers
from bineural.inputs.outcomes import settle
from bineural.inputs.preparation import Preparation
from bineural.inputs.problem import Problem, warn_of_text
from bineural.inputs.sklearn_columns import check_columns
from bineural.tables.batches import is_stream
from bineural.tables.rows import count_rows, take_rows


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

    @property
    def n_live(self):
        """Rows of positive weight."""
        return len(self.y) if self.weights is None else int(np.count_nonzero(self.weights))

    def whole(self):
        """Return the rows in memory, as these are."""
        return self


class TableModel(BaseEstimator):
    """Parent of the models: columns to numbers at fit, the same again at predict.

    Subclasses have the parameters `formula`, `missing` and `unseen`, implement `_fit` and one of
    `_probability` (n_rows, n_classes) and `_mean` (n_rows,), each from a `Prepared`.
    """

    def fit(
        self,
        X: RowsLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        offset: ArrayLike | None = None,
    ) -> Self:
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
        X = self._check_columns(X, reset=True)
        given = read_rows(X, y, sample_weight, offset, missing=self.missing, owner=type(self).__name__)
        self.preparation_ = Preparation(self.formula, missing=self.missing, unseen=self.unseen, **preparation)
        prepared = self.preparation_.fit_transform(given.X, outcome=list(exclude), weights=given.weights)
        if self.formula is not None:
            self.feature_names_in_ = np.asarray(self.preparation_.columns_, dtype=object)
            self.n_features_in_ = len(self.feature_names_in_)
        given = given.kept(prepared.rows)
        self.has_offset_ = given.offset is not None
        offset = given.offset
        if prepared.offset is not None:
            offset = prepared.offset if offset is None else offset + prepared.offset
        self._levels = given.levels
        y = self._learn_outcome(given.y)
        self.n_rows_ = len(y)
        return Training(prepared.matrix, prepared.codes, y, given.weights, offset)

    def __getattr__(self, name):
        """Say of what a fit learns that there was none."""
        is_fitted, is_property = {"preparation_", "fitted_"} & set(vars(self)), hasattr(type(self), name)
        if is_property and is_fitted:
            return getattr(type(self), name).__get__(self)  # its own error
        words = f"{type(self).__name__!r} object has no attribute {name!r}"
        if not is_fitted and (is_property or (name.endswith("_") and not name.startswith("_"))):
            words = f"this {type(self).__name__} is not fitted, so it has no `{name}`"
        raise AttributeError(words, name=name, obj=self)

    def _check_columns(self, X, reset):
        """Return a data frame or a float64 array, checked as scikit-learn would."""
        return check_columns(self, X, reset, self.formula)

    def _prepare(self, X):
        """Turn new rows into numbers with what was learnt at fit."""
        return self.preparation_.transform(self._check_columns(X, reset=False))

    def _answer(self, X, ask):
        """Ask what was learnt about rows, in memory or in batches.

        Parameters
        ----------
        X : data frame, array_like, or rows in batches
        ask : callable
            Takes a `Prepared`; returns an array with a value for each kept row, or a tuple of them and None.

        Returns
        -------
        ndarray, shape (n_rows, ...), or a tuple of them and None
            NaN in rows that were left out for missing values.
        """
        check_is_fitted(self)
        if isinstance(X, str) and self._reads_texts and not is_stream(X):
            X = [X]
        columns = None if self.formula is None else getattr(self, "feature_names_in_", None)
        return ask_rows(lambda rows: self._answer_table(rows, ask), X, columns)

    @property
    def _reads_texts(self):
        """Whether rows are texts by themselves, so that one string is one row."""
        learnt = getattr(self, "input_", None) or getattr(getattr(self, "fitted_", None), "input", None)
        return getattr(learnt, "column", "") is None and getattr(learnt, "kind", "") in ("text", "tfidf")

    def _answer_table(self, X, ask):
        prepared, n_rows = self._prepare(X), count_rows(X)
        values = ask(prepared)
        if isinstance(values, tuple):
            return tuple(None if part is None else put_back(part, prepared.rows, n_rows) for part in values)
        return put_back(values, prepared.rows, n_rows)

    # ---- for nets/base.py, which checks its rows step by step ----

    def _check_outcome(self, y, n_rows):
        y, self._levels = read_outcome(y, n_rows, type(self).__name__)
        return y

    def _drop_missing_outcomes(self, X, y, weights, offset):
        rows = rows_with_outcome(y, self.missing)
        if rows is None:
            return X, y, weights, offset
        weights, offset = (None if values is None else values[rows] for values in (weights, offset))
        return take_rows(X, rows), settle(y[rows]), weights, offset

    def __sklearn_tags__(self):
        """Say to scikit-learn what input is understood."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = self.missing != "error"
        tags.target_tags.required = True
        return tags


class ClassifierFace(ClassifierMixin):
    """Labels and probabilities for a `TableModel` that has `_probability`."""

    def _learn_outcome(self, y):
        """Learn `classes_` and the event; return each row's position in `classes_`."""
        outcome, codes = learn_classes(y, self.event, self._levels)
        self.classes_, self.levels_ = outcome.classes, outcome.levels
        self.event_, self.n_class_rows_ = outcome.event, outcome.n_class_rows
        return codes

    @property
    def _outcome(self):
        return Outcome(self.classes_, self.levels_, self.event_, self.n_class_rows_)

    @property
    def event_position_(self):
        """Position in `classes_` of the class whose log-odds are modelled: the event, else the last."""
        return self._outcome.event_position

    def predict_proba(self, X: RowsLike) -> Floats:
        """Predict the probability of each class.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches
            Rows with the columns of the training data. Batches (see `fit_net`) are read once, and only the
            predictions are kept.

        Returns
        -------
        ndarray of float64, shape (n_rows, n_classes)
            Columns in the order of `classes_`; NaN for rows left out for missing values.
        """
        return self._answer(X, self._probability)

    def _class_answers(self, X):
        """Return probabilities and logits of each class, the latter None where the model has none."""
        return self._answer(X, self._probability_and_logit)

    def predict(self, X: RowsLike) -> Array:
        """Predict the most probable class of each row.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray, shape (n_rows,)
            Labels of `classes_`; None where the probabilities are NaN.
        """
        probability = self.predict_proba(X)
        return self._outcome.most_probable(probability)

    def predict_event(self, X: RowsLike, event: Label | None = None) -> Floats:
        """Predict the probability of the event.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches
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
        position = self._outcome.position_of(event)
        return self.predict_proba(X)[:, position]


class RegressorFace(RegressorMixin):
    """Numbers for a `TableModel` that has `_mean`."""

    def _learn_outcome(self, y):
        """Return the outcome as float64."""
        return learn_numbers(y)[1]

    def predict(self, X: RowsLike) -> Floats:
        """Predict the mean of the outcome.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            In the outcome's units; NaN for rows left out for missing values.
        """
        return self._answer(X, self._mean)
