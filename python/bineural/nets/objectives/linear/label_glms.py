"""A binomial GLM for each label: the baseline of nets for several labels at once."""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin


class LabelGLMs(RegressorMixin, BaseEstimator):
    """A logistic regression for each column of the outcome, with a ridge where maximum likelihood fails.

    A label that is the same in all rows is predicted as it is.

    Parameters
    ----------
    fit_intercept : bool
        The GLMs have an intercept in any case.
    """

    def __init__(self, fit_intercept=True):
        self.fit_intercept = fit_intercept

    def fit(self, X, y, sample_weight=None):
        """Fit each label; X is float64 (n_rows, n_columns), y 0 and 1, (n_rows, n_labels)."""
        from bineural.glm.estimators import GLMClassifier

        self.fits_ = []
        for label in np.asarray(y).T:
            if label.min() == label.max():
                self.fits_.append(label[0])
                continue
            glm = GLMClassifier(event=1.0, penalty="auto")
            self.fits_.append(glm.fit(X, label, sample_weight))
        return self

    def predict(self, X):
        """Predict the probability of each label: float64 (n_rows, n_labels)."""
        columns = [
            fit.predict_event(X) if hasattr(fit, "predict_event") else np.full(len(X), fit)
            for fit in self.fits_
        ]
        return np.column_stack(columns)
