"""A forecaster: fitted, asked, saved, refused; a net of many origins equals the net of one."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import BineuralWarning, InputError
from bineural.forecasting.nets import fit_at, forecast_by, unfitted_net
from bineural.forecasting.series import read_series
from bineural.forecasting.task import Task
from long_cases import long_but

FLIGHTS = bn.load_dataset("air_passengers")
MONTHS = {"horizon": 6, "season": 12, "time": "month"}
SMALL = {"units": (4,), "epochs": 3, "ensemble": 1, "seed": 1}


@pytest.fixture(scope="module")
def net():
    return bn.fit_forecast(FLIGHTS, "passengers", **MONTHS, **SMALL, origins=4)


def test_a_net_of_many_origins_equals_the_net_of_one(net):
    table = read_series(FLIGHTS, "passengers", "month")
    task = Task(table, 6, 12, net.lags_)
    options = {"units": (4,), "epochs": 3, "ensemble": 1}
    alone = fit_at(task, [144], unfitted_net(task, "mlp", options, 1), [net.seed_])[0]
    path = net.forecast(level=0.5)[".mean"]
    assert forecast_by(task, alone, 144)[0] == pytest.approx(path, rel=1e-5)


def test_a_net_knows_nothing_that_comes_after_its_origin(net):
    origin = net.origins_[1]
    error = net.errors_[0, 1] * net.task_.scales([origin])[0, 0] + net.task_.truth([origin])[0, 0]
    changed = FLIGHTS.assign(passengers=FLIGHTS["passengers"].where(FLIGHTS.index < origin, 9999))
    other = bn.fit_forecast(changed, "passengers", **MONTHS, **SMALL, origins=4)
    path = other.errors_[0, 1] * other.task_.scales([origin])[0, 0] + other.task_.truth([origin])[0, 0]
    assert path == pytest.approx(error, rel=1e-5)


@pytest.mark.parametrize("architecture", ["mlp", "ar", "snaive"])
def test_a_file_holds_all_of_it(net, tmp_path, architecture):
    model = net
    if architecture != "mlp":
        model = bn.fit_forecast(FLIGHTS, "passengers", **MONTHS, architecture=architecture)
    loaded = bn.load_model(bn.save_model(model, tmp_path / "model.bineural"))
    pd.testing.assert_frame_equal(loaded.forecast(level=0.5), model.forecast(level=0.5), check_exact=True)
    assert loaded.summary() == model.summary()


def test_a_net_has_what_every_result_has(net):
    assert len(net.history_["loss"]) == 3
    assert {name: model.glance()["model"] for name, model in net.baseline_.items()} == {
        "snaive": "snaive",
        "ar": "ar",
    }
    assert "net 'mlp'" in net.summary()
    assert net.plot_data(level=0.5)["part"].value_counts()["forecast"] == 6
    assert net.plot(level=0.5).axes


def test_forecasts_go_on_from_the_end_with_conformal_limits():
    model = bn.fit_forecast(FLIGHTS, "passengers", **MONTHS, architecture="snaive")
    table = model.forecast(level=0.8)
    assert table[".mean"].tolist() == FLIGHTS["passengers"].iloc[-12:-6].tolist()
    assert table[".time"].iloc[0] == pd.Timestamp("1961-01-01")
    assert len(model.origins_) == 30
    y = FLIGHTS["passengers"].to_numpy(float)
    scale = lambda n: np.mean(np.abs(y[12:n] - y[: n - 12]))  # noqa: E731
    first = sorted(abs(y[o] - y[o - 12]) / scale(o) for o in model.origins_)
    width = first[25 - 1] * scale(144)  # 25 = ceil(31 * .8)
    assert table[".upper"][0] - table[".mean"][0] == pytest.approx(width)
    with pytest.warns(BineuralWarning, match="Intervals are infinite: 99% take 99 errors"):
        assert np.isinf(model.forecast(level=0.99)[".upper"]).all()


def test_the_series_as_they_are_by_now_move_the_origin():
    early = bn.fit_forecast(FLIGHTS[:132], "passengers", **MONTHS, architecture="snaive")
    by_now = early.forecast(data=FLIGHTS, level=0.8)
    whole = bn.fit_forecast(FLIGHTS, "passengers", **MONTHS, architecture="snaive").forecast(level=0.8)
    assert by_now[[".time", ".mean"]].equals(whole[[".time", ".mean"]])
    recent = early.forecast(data=FLIGHTS[60:], level=0.8)
    assert recent[".time"].equals(whole[".time"])


def test_what_is_known_ahead_is_used_and_needed():
    rng = np.random.default_rng(1)
    dates = pd.date_range("2024-01-01", periods=203)
    promoted = (rng.random(203) < 0.3).astype(float)
    data = pd.DataFrame({"day": dates, "sales": 10 + 5 * promoted, "promoted": promoted})
    options = {"horizon": 3, "time": "day", "known": "promoted", "architecture": "ar", "lags": 4}
    model = bn.fit_forecast(data[:200], "sales", **options)
    with pytest.raises(InputError, match="0 of 3 steps"):
        model.forecast()
    path = model.forecast(data=data[["day", "promoted"]][200:], level=0.8)[".mean"]
    assert path.to_numpy() == pytest.approx(data["sales"][200:].to_numpy(), abs=0.2)
    with pytest.raises(InputError, match="without a gap"):
        model.forecast(data=data[["day", "promoted"]][201:])
    future = data.assign(sales=data["sales"].where(data.index < 200))
    assert bn.fit_forecast(future, "sales", **options).forecast(level=0.8)[".mean"].tolist() == path.tolist()


def test_many_series_of_unequal_ends():
    sales = bn.load_dataset("texas_sales")
    some = sales[sales["city"].isin(["Austin", "Dallas"])]
    some = some[(some["city"] == "Austin") | (some["month"] < "2015-01-01")]
    model = bn.fit_forecast(some, "sales", **MONTHS, series="city", architecture="ar")
    table = model.forecast(level=0.8)
    assert table.groupby(".series", observed=True)[".time"].min().astype(str).tolist() == [
        "2015-08-01",
        "2015-01-01",
    ]
    assert np.isfinite(table[[".mean", ".lower", ".upper"]]).all(axis=None)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"horizon": 0}, "horizon"),
        ({"season": 100}, "two seasons"),
        ({"lags": 5}, "reach over a season"),
        ({"architecture": "arr"}, "Did you mean 'ar'"),
        ({"architecture": "ar", "units": 4}, "Options of nets"),
        ({"calendar": "moon"}, "calendar"),
        ({"time": None, "calendar": "month"}, "times are dates only"),
        ({"origins": 500}, "enough of the past for 500 origins"),
        ({"architecture": "lenet5"}, "for columns or for sequences"),
        ({"unit": 4}, "unit"),
    ],
)
def test_what_can_not_be_fitted_is_refused(options, words):
    given = {**MONTHS, "architecture": "snaive"} | options
    if set(options) & {"unit"}:
        given.pop("architecture")
    with pytest.raises(InputError, match=words):
        bn.fit_forecast(FLIGHTS, "passengers", **given)


def test_a_longer_horizon_than_fitted_is_refused():
    model = bn.fit_forecast(FLIGHTS, "passengers", **MONTHS, architecture="snaive")
    assert len(model.forecast(2, level=0.8)) == 2
    with pytest.raises(InputError, match="Fit with horizon=7"):
        model.forecast(7)


@pytest.mark.parametrize("architecture", ["ets", "arima"])
def test_statsmodels_forecasts_where_it_is_installed(architecture):
    short = FLIGHTS[-60:]
    model = bn.fit_forecast(short, "passengers", **MONTHS, architecture=architecture, origins=0)
    with pytest.warns(BineuralWarning, match="infinite"):
        path = model.forecast()[".mean"].to_numpy()
    last_year = short["passengers"].iloc[-12:-6].to_numpy()
    assert (path > last_year).all()
    assert (path < 1.3 * last_year).all()


def test_a_series_that_never_changes_has_no_interval_and_it_is_said():
    model = bn.fit_forecast(np.full(60, 2.0), horizon=2, architecture="ar")
    assert "MASE undefined" in model.summary()
    with pytest.warns(BineuralWarning, match="Intervals of 'value' are undefined"):
        table = model.forecast(level=0.5)
    assert table[".mean"].tolist() == [2, 2]
    assert table[".lower"].isna().all()
    with pytest.raises(InputError, match="in which the series changes"):
        bn.fit_forecast(np.full(60, 2.0), horizon=2, epochs=1)


@pytest.mark.parametrize("name", long_but(["rnn", "lstm", "gru", "cnn_1d", "transformer", "bag"], "lstm"))
def test_a_net_of_sequences_forecasts_by_one_word(name, tmp_path):
    table = pd.DataFrame({"y": 10 + np.sin(np.arange(40)) + np.arange(40) / 20})
    options = {"horizon": 2, "lags": 4, "origins": 0, "epochs": 2, "ensemble": 1, "seed": 1}
    model = bn.fit_forecast(table, "y", architecture=name, **options)
    with pytest.warns(BineuralWarning, match="infinite"):  # as there are no past origins
        ahead = model.forecast(level=0.8)[".mean"]
    assert np.isfinite(ahead).all() and model.net_.fitted_.architecture.name == name
    bn.save_model(model, tmp_path / "m.bineural")
    with pytest.warns(BineuralWarning, match="infinite"):
        again = bn.load_model(tmp_path / "m.bineural").forecast(level=0.8)[".mean"]
    np.testing.assert_array_equal(again, ahead)


def test_a_recurrent_forecaster_reads_the_lags_in_order():
    table = pd.DataFrame({"y": 10 + np.sin(np.arange(40))})
    model = bn.fit_forecast(
        table, "y", horizon=1, lags=4, architecture="rnn", origins=0, epochs=1, ensemble=1, seed=1
    )
    from bineural.forecasting.nets import inputs_of

    windows, rows = model.task_.windows, inputs_of(model.task_, model.net_)
    assert rows.shape[1] == 4
    np.testing.assert_array_equal(rows[..., 0], windows.X[:, :4])
