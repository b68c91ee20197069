"""What models of R's own have predicted, in the place of fitted estimators, for `evaluate_model` in R."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin


class GivenClasses(ClassifierMixin, BaseEstimator):
    """Probabilities that a model of R's has predicted for rows, in the place of a fitted classifier."""

    def __init__(self, values, classes, outcome):
        self.values, self.classes, self.outcome = values, classes, outcome
        self.classes_, self.outcome_ = classes, outcome

    def predict_proba(self, X):
        """Return the probabilities, float64 (n_rows, n_classes)."""
        return self.values


class GivenNumbers(RegressorMixin, BaseEstimator):
    """Numbers that a model of R's has predicted for rows, in the place of a fitted regressor."""

    def __init__(self, values, outcome):
        self.values, self.outcome = values, outcome
        self.outcome_ = outcome

    def predict(self, X):
        """Return the numbers, float64 (n_rows,)."""
        return self.values


def predictions_of(values, classes, outcome):
    """Wrap what a model of R's has predicted: of classes a column for each, in the labels of the outcome."""
    values = np.asarray(values, dtype=np.float64)
    outcome = None if outcome is None else outcome.partition("~")[2].strip()
    if classes is None:
        return GivenNumbers(values.ravel(), outcome)
    labels = [{"TRUE": True, "FALSE": False}.get(label, label) for label in classes]
    if labels == ["0", "1"]:
        labels = [0, 1]
    return GivenClasses(values, np.asarray(labels), outcome)
