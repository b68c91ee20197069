"""The proportional-odds model: the baseline of nets for ordered classes, by maximum likelihood."""

import warnings

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning


class ProportionalOdds(ClassifierMixin, BaseEstimator):
    """Logit P(class > k) = x b - threshold k, as `polr` of R's MASS has it [1]_.

    Parameters
    ----------
    fit_intercept : bool
        The thresholds are intercepts; nothing else than True will do.

    References
    ----------
    .. [1] McCullagh (1980). *Journal of the Royal Statistical Society B* 42(2), 109-142.
    """

    def __init__(self, fit_intercept=True):
        self.fit_intercept = fit_intercept

    def fit(self, X, y, sample_weight=None, offset=None):
        """Fit; X is float64 (n_rows, n_columns), y the places of the classes in their order."""
        X = np.asarray(X, dtype=np.float64)
        self.classes_, codes = np.unique(y, return_inverse=True)
        weights = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        weights, offset = weights / weights.sum(), _added(offset)
        above = 1 - np.cumsum(np.bincount(codes, weights))[:-1]
        thresholds = np.log(1 - above) - np.log(above)
        start = np.concatenate([thresholds[:1], np.log(np.diff(thresholds)), np.zeros(X.shape[1])])
        found = minimize(
            _loss_and_slope, start, (X, codes, weights, offset), "BFGS", jac=True, options={"gtol": 1e-8}
        )
        if np.abs(found.jac).max() > 1e-5:
            warnings.warn("The proportional-odds model did not converge.", ConvergenceWarning, stacklevel=2)
        n = len(self.classes_) - 1
        self.thresholds_, self.coef_ = _thresholds(found.x[:n]), found.x[n:]
        return self

    def predict_proba(self, X, offset=None):
        """Predict the probability of each class: float64 (n_rows, n_classes)."""
        eta = np.asarray(X, dtype=np.float64) @ self.coef_ + _added(offset)
        above = expit(eta[:, None] - self.thresholds_)
        return -np.diff(np.column_stack([np.ones(len(eta)), above, np.zeros(len(eta))]), axis=1)

    def predict(self, X):
        """Predict the most probable class."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def _added(offset):
    return 0.0 if offset is None else np.asarray(offset, dtype=np.float64)


def _thresholds(free):
    """Return ascending thresholds of the first and the logarithms of the gaps."""
    return free[0] + np.concatenate([[0.0], np.cumsum(np.exp(free[1:]))])


def _loss_and_slope(parameters, X, codes, weights, offset):
    """Return the mean -log-likelihood and its slope in (first threshold, log gaps, coefficients)."""
    n = int(codes.max())
    thresholds = _thresholds(parameters[:n])
    eta = X @ parameters[n:] + offset
    bounds = np.concatenate([[-np.inf], thresholds, [np.inf]])
    over, under = (
        eta - bounds[codes],
        eta - bounds[codes + 1],
    )  # log-odds of being above each end of the class
    chance = np.maximum(expit(over) - expit(under), 1e-300)
    of_eta = weights * (expit(over) + expit(under) - 1)
    slopes = np.zeros(n + 2)
    np.add.at(slopes, codes, weights * expit(over) * expit(-over) / chance)
    np.add.at(slopes, codes + 1, -weights * expit(under) * expit(-under) / chance)
    slopes = slopes[1:-1]
    of_free = np.cumsum(slopes[::-1])[::-1]
    of_free[1:] *= np.exp(parameters[1:n])
    return -weights @ np.log(chance), np.concatenate([of_free, X.T @ of_eta])
