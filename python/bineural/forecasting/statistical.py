"""ETS and ARIMA of statsmodels, where that is installed, as forecasters beside ours.

ETS is Holt and Winters' smoothing with a damped trend; the season is added, or multiplied where all values
are positive, whichever has the smaller corrected AIC. ARIMA is the airline model, (0, 1, 1)(0, 1, 1) of the
season, or (0, 1, 1) with a constant where there is none.

References: Hyndman, Koehler, Ord and Snyder (2008). *Forecasting with Exponential Smoothing*; Box and Jenkins
(1976). *Time Series Analysis*.
"""

import importlib.util
import math
import warnings

import numpy as np

from bineural.errors import FailedFitWarning, InputError
from bineural.forecasting.simple import seasonal_naive
from bineural.messages import sentence, warn


def require_statsmodels(name):
    """Refuse a forecaster of statsmodels where that is not installed."""
    if importlib.util.find_spec("statsmodels") is None:
        raise InputError(
            f"The forecaster {name!r} needs the Python package statsmodels.",
            "It is not installed.",
            "Install it (pip install statsmodels), or leave this forecaster out.",
        )


def ets(values, horizon, season):
    """Forecast by exponential smoothing: float64 (horizon,).

    From the last states: statsmodels' own forecast a season ahead leaves out what the last value taught.
    """
    fit = fit_ets(values, season)
    damping = fit.params["damping_trend"] ** np.arange(1, horizon + 1)
    path = np.asarray(fit.level)[-1] + np.asarray(fit.trend)[-1] * np.cumsum(damping)
    if fit.model.seasonal is None:
        return path
    last = np.resize(np.asarray(fit.season)[-season:], horizon)
    return path * last if fit.model.seasonal == "mul" else path + last


def fit_ets(values, season):
    """Return the fit of statsmodels that forecasts are from."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    seasons = [None]
    if season > 1 and len(values) >= 2 * season + 5:
        seasons = ["add", "mul"] if (values > 0).all() else ["add"]

    def fit(kind):
        shape = {"seasonal_periods": season} if kind else {}
        return ExponentialSmoothing(values, trend="add", damped_trend=True, seasonal=kind, **shape).fit()

    fits = [fit(kind) for kind in seasons]
    return min(fits, key=lambda each: each.aicc if math.isfinite(each.aicc) else math.inf)


def arima(values, horizon, season):
    """Forecast by the airline model: float64 (horizon,)."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    seasonal = (0, 1, 1, season) if season > 1 else (0, 0, 0, 0)
    trend = "n" if season > 1 else "c"
    model = SARIMAX(values, order=(0, 1, 1), seasonal_order=seasonal, trend=trend)
    return np.asarray(model.fit(disp=0).forecast(horizon))


def or_naive(forecast):
    """Return a forecast function that gives the naive forecast, with a warning, where a fit fails."""

    def safe(values, horizon, season):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of starting values and convergence, one for each fit
                path = forecast(values, horizon, season)
            if np.isfinite(path).all():
                return path
            reason = "It gave numbers that are not finite."
        except Exception as error:  # whatever another library raises
            reason = sentence(error)
        warn(
            FailedFitWarning,
            f"{forecast.__name__} could not be fitted: the naive forecast stands in.\n{reason}",
        )
        return seasonal_naive(values, horizon, season)

    return safe
