"""Averages of models are models too: the mean of what several fitted models predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bineural._typing import Array, Floats, Model, RowsLike
from bineural.errors import InputError
from bineural.inputs.batchwise import ask_rows
from bineural.messages import sentence
from bineural.not_models import NotAModel, called, instead, is_fitted
from bineural.tables.rows import as_array, as_numbers

__all__ = ["AverageModel", "average_models"]


class AverageModel(NotAModel):
    """The mean of several models' predictions; made by `average_models`.

    Attributes
    ----------
    models_ : dict of str to model, or None
        The models; None when only their names in a comparison were given.
    names : list of str
    weights : list of float or None
    classes_ : ndarray
        Of classifiers.
    event_, outcome_ : label or None, str or None
        As the models have them.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> one = bn.fit_glm("Kyphosis ~ Age + Start", kyphosis, event="present")
    >>> two = bn.fit_glm("Kyphosis ~ Start", kyphosis, event="present")
    >>> both = bn.average_models({"two terms": one, "one term": two})
    >>> round(bn.evaluate_model(both, kyphosis).measures["auroc"], 3)
    0.824
    """

    @property
    def called(self):
        """Say whether models were averaged, or names of them."""
        return "an average of models" if self.models_ else "an average of names, for compare_models only"

    @property
    def instead(self):
        """Say what there is beside `predict` and `predict_proba`."""
        return "Give its models one by one." if self.models_ else "Average fitted models."

    def __init__(
        self, models: Mapping[str, Model] | Sequence[Model], weights: Sequence[float] | None = None
    ) -> None:
        self.models_ = models if isinstance(models, dict) else None
        self.names = list(models)
        self.weights = weights
        if self.models_ is None:
            return
        first = next(iter(self.models_.values()))
        if hasattr(first, "predict_proba"):
            self._estimator_type = "classifier"
            if hasattr(first, "classes_"):
                self.classes_ = np.asarray(first.classes_)
        else:
            self._estimator_type = "regressor"
        for name in ("event_", "outcome_", "formula_"):
            held = [getattr(m, name, None) for m in self.models_.values()]
            setattr(self, name, next((v for v in held if v is not None), None))

    def __sklearn_tags__(self):
        """Say to scikit-learn whether this classifies."""
        from sklearn.base import BaseEstimator

        tags = BaseEstimator().__sklearn_tags__()
        tags.estimator_type = self._estimator_type
        return tags

    def __repr__(self):
        """Name the models."""
        return f"<average of {', '.join(self.names)}>"

    def predict_proba(self, X: RowsLike) -> Floats:
        """Predict the mean probability of each class.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray of float64, shape (n_rows, n_classes)
        """
        self._fitted()
        if self._estimator_type != "classifier":
            raise AttributeError("regressors have no predict_proba")
        return ask_rows(self._mean_probability, X)

    def _mean_probability(self, X):
        parts = []
        for model in self._fitted():
            places = [np.asarray(model.classes_).tolist().index(label) for label in self.classes_.tolist()]
            parts.append(np.asarray(model.predict_proba(X), dtype=np.float64)[:, places])
        return np.average(parts, axis=0, weights=self.weights)

    def predict(self, X: RowsLike) -> Array:
        """Predict the most probable class, or the mean number.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray, shape (n_rows,)
        """
        self._fitted()
        if self._estimator_type == "classifier":
            return self.classes_[np.argmax(self.predict_proba(X), axis=1)]
        return ask_rows(self._mean_number, X)

    def _mean_number(self, X):
        return np.average([model.predict(X) for model in self._fitted()], axis=0, weights=self.weights)

    def _fitted(self):
        if self.models_ is None:
            raise InputError(
                "An average of names can be used in `compare_models` only.",
                f"It names {', '.join(self.names)}.",
                "Average fitted models to predict with them.",
            )
        return self.models_.values()


def average_models(
    models: Mapping[str, Model] | Sequence[Model], weights: Sequence[float] | None = None
) -> AverageModel:
    """Average models: a model that predicts the mean of their predictions.

    At a hundred rows an average of unlike models is often better than any of them, and needs no tuning.

    Parameters
    ----------
    models : dict of str to model, list of models, or list of str
        Fitted classifiers with `predict_proba` and the same classes, or fitted regressors. Inside
        `compare_models`, names of the other models, whose predictions are then averaged within each fold.
    weights : list of float, optional
        One for each model; None weighs them alike.

    Returns
    -------
    AverageModel

    Raises
    ------
    InputError
        If there are fewer than two models, or they differ in classes, task or event.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.average_models(["glm", "net"])
    <average of glm, net>
    """
    if isinstance(models, (list, tuple)) and not all(isinstance(model, str) for model in models):
        models = {f"model {k}": model for k, model in enumerate(models, 1)}
    if not isinstance(models, (dict, list, tuple)) or len(models) < 2 or len(set(models)) < len(models):
        raise InputError(
            "`models` must hold at least two models, or names of two.",
            f"Found {models!r}.",
            "Write for example average_models({'glm': glm, 'net': net}).",
        )
    if isinstance(models, dict):
        _check_alike(models)
    return AverageModel(models, _check_weights(weights, len(models)))


def _check_alike(models):
    kinds = {}
    for name, model in models.items():
        classifies = hasattr(model, "predict_proba")
        if not is_fitted(model) or not (classifies or hasattr(model, "predict")):
            raise InputError(
                "Models to average must be fitted, or all be names of models in a comparison.",
                f"{name} is {called(model)}{'' if is_fitted(model) else ', not fitted'}.",
                instead(model, "Fit them with fit_glm or fit_net."),
            )
        labels = tuple(sorted(map(str, getattr(model, "classes_", ())))) if classifies else None
        kinds[name] = (labels, getattr(model, "event_", None))
    known = list(kinds.items())
    for name, kind in known[1:]:
        same_event = None in (kind[1], known[0][1][1]) or kind[1] == known[0][1][1]
        if kind[0] != known[0][1][0] or not same_event:
            raise InputError(
                "Models to average must have the same classes and event.",
                f"{known[0][0]} has {known[0][1]}, {name} has {kind}.",
                "Fit them to the same outcome.",
            )


def _check_weights(weights, n):
    if weights is None:
        return None
    try:
        weights = as_numbers(as_array(weights, "`weights`"))
    except (TypeError, ValueError) as error:
        raise InputError(
            "`weights` must be one number for each model.", sentence(error), "Try None."
        ) from None
    if weights.shape != (n,) or not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise InputError(
            "`weights` must be one non-negative number for each model.",
            f"Found {weights.tolist()}.",
            "Try None.",
        )
    return weights.tolist()
