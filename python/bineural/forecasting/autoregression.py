"""An autoregression: the linear model of the same columns that a net gets, with a ridge.

It is direct: each step ahead has coefficients of its own, and no forecast is fed back. The strength of the
ridge, one for all steps, is that of the smallest leave-one-out error among the windows trained on.
"""

from typing import NamedTuple

import numpy as np

from bineural.irls.threads import one_matrix_thread

_STRENGTHS = np.logspace(-4, 3, 15)  # for each window trained on


class Ridge(NamedTuple):
    """A fitted ridge of several outcomes.

    Attributes
    ----------
    intercept : ndarray of float64, shape (n_outcomes,)
    slopes : ndarray of float64, shape (n_columns, n_outcomes)
    strength : float
        Penalty on the squared slopes of standardised columns, beside the summed squared errors.
    """

    intercept: np.ndarray
    slopes: np.ndarray
    strength: float

    def predict(self, X):
        """Return predictions of rows: (n_rows, n_outcomes)."""
        return X @ self.slopes + self.intercept


def fit_ridge(X, Y, strengths=None):
    """Fit a ridge of several outcomes, its strength by leave-one-out errors.

    Parameters
    ----------
    X : ndarray of float64, shape (n_rows, n_columns)
    Y : ndarray of float64, shape (n_rows, n_outcomes)
    strengths : sequence of float, optional
        Those that are tried.

    Returns
    -------
    Ridge

    Notes
    -----
    An error without its own row is e / (1 - h), h being the row's leverage: no row is left out in fact.
    """
    with one_matrix_thread():
        return _fit_ridge(X, Y, _STRENGTHS * len(X) if strengths is None else np.asarray(strengths))


def _fit_ridge(X, Y, strengths):
    centre, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(spread > 1e-12 * np.abs(X).max(axis=0, initial=0.0), spread, np.inf)
    left, values, right = np.linalg.svd((X - centre) / spread, full_matrices=False)
    mean = Y.mean(axis=0)
    turned = left.T @ (Y - mean)

    def loo_error(strength):
        kept = values**2 / (values**2 + strength)
        leverage = np.square(left) @ kept + 1 / len(X)
        errors = Y - mean - (left * kept) @ turned
        return np.mean(np.square(errors / np.maximum(1 - leverage, 1e-9)[:, None]))

    strength = min(strengths, key=loo_error)
    slopes = (right.T * (values / (values**2 + strength))) @ turned / spread[:, None]
    return Ridge(mean - centre @ slopes, slopes, float(strength))


def fit_linear(task, origin):
    """Fit the ridge of the windows that are known at an origin."""
    rows = task.windows.training_rows(origin)
    if not len(rows):
        return Ridge(np.zeros(task.horizon), np.zeros((task.windows.X.shape[1], task.horizon)), 0.0)
    return fit_ridge(task.windows.X[rows], task.windows.Y[rows])


def forecast_linear(task, ridge, origin):
    """Return a fitted ridge's forecasts of all series from an origin: (n_series, horizon), NaN where none."""
    windows, paths = task.windows, np.full((task.n_series, task.horizon), np.nan)
    rows = windows.rows_at(origin)
    predicted = np.where(windows.unit[rows, None] > 0, ridge.predict(windows.X[rows]), 0.0)
    paths[windows.series[rows]] = windows.in_its_unit(rows, predicted)
    return paths
