"""An autoregression: the linear model of the same columns that a net gets, with a ridge.

It is direct: each step ahead has coefficients of its own, and no forecast is fed back. The strength of the
ridge, one for all steps, is that of the smallest leave-one-out error among the windows trained on.
"""

import numpy as np

_STRENGTHS = np.logspace(-4, 3, 15)  # for each window trained on


def forecast_linear(task, origins):
    """Forecast from each origin by the ridge of the windows before it: (n_series, n_origins, horizon)."""
    windows, paths = task.windows, np.full((task.n_series, len(origins), task.horizon), np.nan)
    for o, origin in enumerate(origins):
        trained, asked = windows.training_rows(origin), windows.rows_at(origin)
        predict = fit_ridge(windows.X[trained], windows.Y[trained])
        paths[windows.series[asked], o] = windows.in_its_unit(asked, predict(windows.X[asked]))
    return paths


def fit_ridge(X, Y):
    """Fit a ridge of several outcomes; return the function that predicts them of rows (n, n_columns)."""
    from sklearn.linear_model import RidgeCV

    centre, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    ridge = RidgeCV(alphas=_STRENGTHS * len(X)).fit((X - centre) / spread, Y)
    return lambda rows: ridge.predict((rows - centre) / spread).reshape(len(rows), Y.shape[1])


