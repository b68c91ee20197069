"""Estimators of scikit-learn, and what fits and predicts as they do, in a comparison."""

import inspect

import numpy as np
from sklearn.base import clone

from bineural.comparing.answers import ask
from bineural.comparing.entrants import Entrant, flat_rows, tfidf_rows
from bineural.errors import InputError
from bineural.formula.texts import has_text
from bineural.tables.frames import is_frame
from bineural.tables.rows import take_rows

_IN_PIPELINE = "A pipeline gets the columns as they are: text must be encoded and gaps be filled within it."
_ON_NUMBERS = "It gets the columns prepared as numbers: try it on those of model_matrix()."


class Estimator(Entrant):
    """A scikit-learn estimator: it gets the prepared columns; a pipeline gets the columns as they are."""

    kind = "scikit-learn"
    prepares = True
    remedy = "Let it take more iterations, or scale its columns."

    def __init__(self, name, model, missing="error"):
        super().__init__(name, model)
        self.missing = missing
        self.random = any(_is_random_state(p) for p in model.get_params())
        self.takes_weights = "sample_weight" in inspect.signature(model.fit).parameters
        self.gets_all = _takes_raw(model)
        self.failing = _IN_PIPELINE if self.gets_all else _ON_NUMBERS

    def describe(self):
        """Say in a line what is fitted."""
        return " ".join(repr(self.model).split())

    def identity(self, basis):
        """Return what its fits depend on: its options, and how gaps in the columns are filled."""
        return [self.kind, self.model, self.missing]

    def _fit_predict(self, basis, train, test, seed):
        X, y, weights = basis.take(train)
        X, new = self._columns(basis, X, take_rows(basis.problem.X, test), weights)
        given = {}
        if weights is not None:
            if not self.takes_weights:
                raise InputError(
                    "Every model must take row weights where `weights` are given.",
                    f"{type(self.model).__name__}.fit() has no `sample_weight`.",
                    "Leave the model or the weights out.",
                )
            given["sample_weight"] = weights
        model = seeded(self.model, seed)
        if basis.task == "regression":
            return ask(model.fit(X, basis.truth[train], **given), new, basis, len(test))
        labels = basis.labels_of(train)
        try:
            fitted = model.fit(X, labels, **given)
        except InputError:
            raise
        except Exception as refused:
            fitted = OnCodes.fitted(seeded(self.model, seed), X, labels, given, refused)
        return ask(fitted, new, basis, len(test))

    def _columns(self, basis, X, new, weights):
        """Return training and test predictors."""
        from bineural.inputs.preparation import Preparation

        if not is_frame(X):
            return flat_rows(X, new)
        exclude = [c for c in basis.problem.exclude if c in list(X.columns)]
        if self.gets_all:
            return X.drop(columns=exclude), new.drop(columns=exclude)
        if has_text(basis.problem.terms):
            how = {"formula": basis.problem.terms, "exclude": exclude, "missing": self.missing}
            return tfidf_rows(X, new, weights=weights, **how)
        preparation = Preparation(basis.problem.terms, categories="onehot", missing=self.missing)
        made = preparation.fit_transform(X, outcome=exclude, weights=weights)
        return _frame(made, preparation), _frame(preparation.transform(new), preparation)


class OnCodes:
    """A fitted classifier that refuses labels and takes their places in sorted order, as xgboost's do."""

    def __init__(self, model, classes):
        self.model, self.classes_ = model, classes

    @classmethod
    def fitted(cls, model, X, labels, given, refused):
        """Fit to the places of labels; if the model refuses these too, raise what it said of labels."""
        classes, places = np.unique(labels, return_inverse=True)
        try:
            return cls(model.fit(X, places, **given), classes)
        except Exception:
            raise refused from None

    def predict_proba(self, X):
        """Return a probability for each class: float64, shape (n_rows, n_classes)."""
        return self.model.predict_proba(X)

    def __getattr__(self, name):
        """Answer as the model does, for example with its `decision_function`."""
        return getattr(self.model, name)


def seeded(estimator, seed):
    """Return a clone whose `random_state`s, where they are None, follow `seed`."""
    estimator = clone(estimator)
    parameters = estimator.get_params()
    free = [p for p in parameters if _is_random_state(p) and parameters[p] is None]
    return estimator.set_params(**dict.fromkeys(free, seed % 2**31))


def _is_random_state(parameter):
    return parameter.split("__")[-1] == "random_state"


def _takes_raw(model):
    """Say whether a model is a pipeline, or a search or wrapper that holds one."""
    if hasattr(model, "steps"):
        return True
    inner = [getattr(model, name, None) for name in ("estimator", "regressor", "classifier")]
    return any(hasattr(part, "steps") for part in inner)


def _frame(prepared, preparation):
    import pandas as pd

    return pd.DataFrame(prepared.matrix, columns=preparation.names_)
