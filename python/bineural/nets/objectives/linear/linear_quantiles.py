"""Linear quantile regression of several levels: the baseline of nets for quantiles."""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin


class LinearQuantiles(RegressorMixin, BaseEstimator):
    """A linear quantile regression for each level; where their predictions cross they are put in order [1]_.

    Parameters
    ----------
    quantiles : tuple of float
        Levels, ascending.
    fit_intercept : bool

    References
    ----------
    .. [1] Chernozhukov, Fernandez-Val and Galichon (2010). *Econometrica* 78(3), 1093-1125.
    """

    def __init__(self, quantiles=(0.1, 0.5, 0.9), fit_intercept=True):
        self.quantiles, self.fit_intercept = quantiles, fit_intercept

    def fit(self, X, y, sample_weight=None):
        """Fit each level; X is float64 (n_rows, n_columns), y is (n_rows,)."""
        from sklearn.linear_model import QuantileRegressor

        fits = [
            QuantileRegressor(quantile=level, alpha=0.0, fit_intercept=self.fit_intercept)
            for level in self.quantiles
        ]
        self.fits_ = [fit.fit(X, y, sample_weight=sample_weight) for fit in fits]
        return self

    def predict(self, X):
        """Predict the quantiles of each row, ascending: float64 (n_rows, n_quantiles)."""
        return np.sort(np.column_stack([fit.predict(X) for fit in self.fits_]), axis=1)
