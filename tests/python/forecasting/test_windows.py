"""Windows are what a loop over times makes them, and know nothing of what comes later."""

import numpy as np
import pandas as pd
import pytest

from bineural.forecasting.autoregression import fit_linear, fit_ridge, forecast_linear
from bineural.forecasting.methods import METHODS
from bineural.forecasting.series import read_series
from bineural.forecasting.task import Task

N, SEASON, LAGS, HORIZON = 60, 4, 6, 3
BY_RULE = [name for name in METHODS if name not in ("ets", "arima")]


def make_table(values=None, seed=1):
    rng = np.random.default_rng(seed)
    values = (
        np.cumsum(rng.standard_normal(N)) + 3 * np.sin(np.arange(N) * np.pi / 2) if values is None else values
    )
    data = pd.DataFrame({"y": values, "price": np.random.default_rng(7).standard_normal(len(values))})
    return read_series(data, "y", known=["price"])


def test_windows_are_what_a_loop_makes():
    table = make_table()
    (series,), windows = table.series, Task(table, HORIZON, SEASON, LAGS).windows
    y, price = series.values, series.known[:, 0]
    for row, end in enumerate(range(LAGS, N + 1)):
        window = y[end - LAGS : end]
        assert windows.end[row] == end
        assert windows.unit[row] == pytest.approx(np.std(window))
        assert windows.X[row, :LAGS] == pytest.approx((window - np.mean(window)) / np.std(window))
        for h in range(HORIZON):
            before = end - SEASON + h  # HORIZON is below SEASON
            assert windows.base[row, h] == y[before]
            if end + h < N:
                assert windows.Y[row, h] == pytest.approx((y[end + h] - y[before]) / np.std(window))
                assert windows.X[row, -HORIZON + h] == pytest.approx(
                    (price[end + h] - price[before]) / np.std(window)
                )
            else:
                assert np.isnan(windows.Y[row, h])


@pytest.mark.parametrize("name", BY_RULE)
def test_a_forecast_knows_nothing_that_comes_after_its_origin(name):
    origins = [40, 45, 52]
    known = make_table()
    changed = known.series[0].values.copy()
    task = Task(known, HORIZON, SEASON, LAGS)
    before = METHODS[name].forecast_at(task, origins)
    for o, origin in enumerate(origins):
        changed[origin:] = 1e6
        other = METHODS[name].forecast_at(Task(make_table(changed), HORIZON, SEASON, LAGS), origins)
        assert np.array_equal(before[:, o], other[:, o])
        changed[origin:] = known.series[0].values[origin:]


@pytest.mark.parametrize("name", BY_RULE)
def test_forecasts_follow_a_change_of_unit(name):
    y = make_table().series[0].values
    plain, turned = (
        METHODS[name].forecast_at(Task(make_table(v), HORIZON, SEASON, LAGS), [N - HORIZON])
        for v in (y, 40 - 7 * y)
    )
    assert turned == pytest.approx(40 - 7 * plain)


def test_simple_rules_are_their_definitions():
    y = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    task = Task(read_series(y), 6, 4, 4)
    expected = {
        "naive": [6] * 6,
        "snaive": [5, 9, 2, 6, 5, 9],
        "drift": 6 + np.arange(1, 7) * 3 / 7,
        "mean": [31 / 8] * 6,
    }
    for name, path in expected.items():
        assert METHODS[name].forecast_at(task, [8])[0, 0] == pytest.approx(path), name


def test_the_ridge_is_scikit_learns():
    from sklearn.linear_model import RidgeCV

    rng = np.random.default_rng(2)
    X, Y = rng.standard_normal((50, 8)), rng.standard_normal((50, 3))
    X[:, 3] = 7.0  # a column that never changes
    strengths = np.logspace(-2, 4, 9)
    scaled = (X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1)
    judge, ours = RidgeCV(alphas=strengths).fit(scaled, Y), fit_ridge(X, Y, strengths)
    assert ours.strength == judge.alpha_
    assert ours.predict(X) == pytest.approx(judge.predict(scaled), abs=1e-10)


def test_a_series_that_goes_on_as_a_line_is_continued_by_the_ridge():
    task = Task(read_series(2.0 * np.arange(80)), 5, 1, 6)
    path = forecast_linear(task, fit_linear(task, 80), 80)
    assert path[0] == pytest.approx(2.0 * np.arange(80, 85), rel=1e-6)


def test_a_window_that_never_changes_is_forecast_as_the_last_value():
    y = np.concatenate([np.random.default_rng(1).standard_normal(60), np.full(8, 5.0)])
    task = Task(read_series(y), 3, 1, 6)
    assert task.windows.unit[-1] == 0
    assert forecast_linear(task, fit_linear(task, 68), 68)[0].tolist() == [5, 5, 5]


def test_scales_are_of_the_training_part():
    table = make_table()
    y, task = table.series[0].values, Task(table, HORIZON, SEASON, LAGS)
    change = y[SEASON:40] - y[: 40 - SEASON]
    assert task.scales([40])[0, 0] == pytest.approx(np.mean(np.abs(change)))
    assert task.scales([40], power=2)[0, 0] == pytest.approx(np.sqrt(np.mean(change**2)))
    assert np.isnan(Task(read_series(np.full(30, 2.0)), 2, 1, 3).scales([20])[0, 0])
