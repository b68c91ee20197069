"""ARIMA and exponential smoothing against R's `stats`, and smoothing against its equations written out."""

import warnings

import numpy as np
import pytest

import bineural as bn
from bineural.forecasting.statistical import arima, ets, fit_ets

SERIES = {
    "flights": ("air_passengers", "passengers", float),
    "log flights": ("air_passengers", "passengers", np.log),
    "Nottingham": ("nottem", "temperature", float),
}


@pytest.fixture(params=SERIES)
def series(request):
    name, outcome, change = SERIES[request.param]
    return np.array([change(value) for value in bn.load_dataset(name)[outcome]])


def in_r(values, code):
    from rjudge import assign, numbers

    assign("y", values)
    return numbers(f"y <- ts(y, frequency = 12); {code}")


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of statsmodels, about starting values
        yield


def test_the_airline_model_forecasts_as_in_r(series):
    theirs = in_r(series, "as.numeric(predict(arima(y, c(0, 1, 1), c(0, 1, 1)), 12)$pred)")
    unit = np.abs(series[12:] - series[:-12]).mean()  # that of MASE
    np.testing.assert_allclose(arima(series, 12, 12), theirs, atol=1e-3 * unit, rtol=0)


def test_without_a_season_it_is_a_moving_average_of_changes_with_a_constant(series):
    fit = "n <- length(y); m <- arima(y, c(0, 1, 1), xreg = 1:n)"
    code = f"{fit}; as.numeric(predict(m, 6, newxreg = n + 1:6)$pred)"
    unit = np.abs(np.diff(series)).mean()
    np.testing.assert_allclose(arima(series, 6, 1), in_r(series, code), atol=0.01 * unit, rtol=0)


def test_smoothing_fits_no_worse_than_holt_and_winters_in_r(series):
    """R's has no damping, and takes the first year from averages, whose errors are not among its own."""
    code = "sapply(c('additive', 'multiplicative'), function(s) HoltWinters(y, seasonal = s)$SSE)"
    assert fit_ets(series, 12).sse / len(series) <= in_r(series, code).min() / (len(series) - 12)
    theirs = in_r(series, "as.numeric(predict(HoltWinters(y, seasonal = 'multiplicative'), 12))")
    unit = np.abs(series[12:] - series[:-12]).mean()
    assert np.abs(ets(series, 12, 12) - theirs).mean() < 0.3 * unit


def test_smoothing_is_its_equations(series):
    fit = fit_ets(series, 12)
    multiplied = fit.model.seasonal == "mul"
    names = ("smoothing_level", "smoothing_trend", "smoothing_seasonal", "damping_trend")
    alpha, beta, gamma, phi = (fit.params[name] for name in names)
    level, slope = fit.params["initial_level"], fit.params["initial_trend"]
    season = list(fit.params["initial_seasons"])
    for y in series:
        before, s = level + phi * slope, season[-12]
        new = alpha * (y / s if multiplied else y - s) + (1 - alpha) * before
        season.append(gamma * (y / before if multiplied else y - before) + (1 - gamma) * s)
        level, slope = new, beta * (new - level) + (1 - beta) * phi * slope
    ahead = level + slope * np.cumsum(phi ** np.arange(1, 13))
    last = np.array(season[-12:])
    np.testing.assert_allclose(ets(series, 12, 12), ahead * last if multiplied else ahead + last, rtol=1e-6)
