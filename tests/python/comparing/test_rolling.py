"""Forecasters over rolling origins: measures by definition, every model fitted anew, careful verdicts."""

import math

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError

FLIGHTS = bn.load_dataset("air_passengers")
Y = FLIGHTS["passengers"].to_numpy(float)
YEAR = {"outcome": "passengers", "time": "month", "horizon": 12, "season": 12}


@pytest.fixture(scope="module")
def comparison():
    return bn.compare_models(["drift", "mean"], FLIGHTS, **YEAR, origins=60, level=0.8, seed=1)


def test_the_mase_of_the_seasonal_naive_forecast_of_the_passengers():
    one = bn.compare_models(["snaive"], FLIGHTS, **YEAR, origins=1, baseline=False)
    assert one.estimate("snaive") == pytest.approx(1.5708812261, abs=1e-10)
    assert one.task.scales([132])[0, 0] == pytest.approx(30.45)
    assert one.verdict == "snaive is alone: no other forecaster to judge it by."


def test_measures_are_their_definitions(comparison):
    sizes, rows = [], comparison.scores.query("model == 'drift'")
    for k, origin in enumerate(comparison.positions):
        train, test = Y[:origin], Y[origin : origin + 12]
        path = train[-1] + np.arange(1, 13) * (train[-1] - train[0]) / (origin - 1)
        season = train[12:] - train[:-12]
        scale, row = np.mean(np.abs(season)), rows.iloc[k]
        assert row["mase"] == pytest.approx(np.mean(np.abs(test - path)) / scale)
        assert row["rmsse"] == pytest.approx(math.sqrt(np.mean((test - path) ** 2) / np.mean(season**2)))
        covered, losses = [], []
        for h, (truth, mean) in enumerate(zip(test, path)):
            known = sorted(past[h] for past in sizes[: max(0, k - h)])  # origins a step apart
            rank = math.ceil((len(known) + 1) * 0.8 - 1e-9)
            width = known[rank - 1] * scale if 0 < rank <= len(known) else math.inf
            covered.append(abs(truth - mean) <= width if width < math.inf else math.nan)
            for level, quantile in ((0.1, mean - width), (0.5, mean), (0.9, mean + width)):
                gap = (truth - quantile) / scale
                losses.append(max(level * gap, (level - 1) * gap))
        sizes.append(np.abs(test - path) / scale)
        assert row["covered"] == pytest.approx(np.mean(covered), nan_ok=True)
        if not np.isnan(row["covered"]):
            assert row["pinball"] == pytest.approx(np.mean(losses))
    assert rows["covered"].notna().sum() == 60 - 4 - 11  # of the last step, four errors must be known


def test_the_naive_forecast_and_the_ridge_are_always_there(comparison):
    assert comparison.models == ["drift", "mean", "ar", "snaive"]
    assert (comparison.reference, comparison.naive) == ("ar", "snaive")
    pairs = comparison.differences.query("measure == 'mase'")
    assert list(zip(pairs["model"], pairs["other"])) == [("drift", "ar"), ("mean", "ar"), ("snaive", "ar")]
    without = bn.compare_models(["drift"], FLIGHTS, **YEAR, origins=2, baseline=False)
    assert without.models == ["drift", "snaive"]
    named = bn.compare_models(["drift", "mean"], FLIGHTS, **YEAR, origins=2, baseline="drift")
    assert named.reference == "drift"


def test_a_winner_must_beat_the_naive_forecast(comparison):
    assert comparison.verdicts[0].startswith("No verdict on drift and ar: too little evidence")
    months = bn.compare_models(["mean"], FLIGHTS, **{**YEAR, "horizon": 1}, origins=60, seed=1)
    found = months.differences.query("measure == 'mase'").set_index("model")["finding"]
    assert found["snaive"] == found["mean"] == "worse"  # one step ahead the ridge is known to be better


def test_fewer_than_twenty_origins_give_no_verdict():
    few = bn.compare_models(["drift"], FLIGHTS, **{**YEAR, "horizon": 1}, origins=19, seed=1)
    assert set(few.differences["finding"]) <= {"too few resamples", "undefined"}
    assert "from 19 origins, 20 are needed" in few.verdict
    enough = bn.compare_models(["drift"], FLIGHTS, **{**YEAR, "horizon": 1}, origins=20, seed=1)
    assert "are needed" not in enough.verdict


def test_a_function_gets_the_past_of_every_origin_and_nothing_else():
    asked = []

    def last_year(values, horizon, season):
        asked.append(values)
        return values[-season:][:horizon]

    made = bn.compare_models({"mine": last_year}, FLIGHTS, **YEAR, origins=5, step=2, baseline=False)
    assert [len(values) for values in asked] == made.positions.tolist() == [124, 126, 128, 130, 132]
    assert all(np.array_equal(values, Y[: len(values)]) for values in asked)
    assert made.estimate("mine") == made.estimate("snaive")
    finding = made.differences.query("measure == 'mase'")["finding"]
    assert finding.tolist() == ["too few resamples"]
    with pytest.raises(InputError, match="finite number for each of 12 steps"):
        bn.compare_models({"mine": lambda values, h, m: values[:3]}, FLIGHTS, **YEAR, origins=1)


def test_nets_of_all_origins_and_draws_are_one_stack():
    net = bn.Forecaster(architecture="mlp", units=(4,), epochs=2, ensemble=1)
    options = {**YEAR, "horizon": 2, "origins": 3, "seed": 1}
    made = bn.compare_models({"net": net}, FLIGHTS, **options, seeds=2)
    assert made.entrants[0].how == "stack"
    assert len(made.scores.query("model == 'net'")) == 6
    assert np.isfinite(made.table.set_index("model").loc["net", "seed_sd"])
    again = bn.compare_models({"net": net}, FLIGHTS, **options, seeds=2)
    assert again.predictions.equals(made.predictions)
    longer = bn.compare_models({"net": net}, FLIGHTS.assign(passengers=Y), **options)
    first = made.predictions.query("model == 'net' and draw == 1")[".mean"]
    same = longer.predictions.query("model == 'net'")[".mean"]
    assert same.to_numpy() == pytest.approx(first.to_numpy(), rel=1e-5)


def test_a_series_that_never_changes_has_no_mase_and_it_is_said():
    flat = pd.DataFrame({"t": np.arange(60), "y": np.full(60, 3.0)})
    made = bn.compare_models(["mean"], flat, "y", time="t", horizon=2, origins=3, baseline=False)
    assert np.isnan(made.estimate("mean"))
    assert "never changes" in made.notes[0]
    assert "undefined at every origin" in made.verdicts[0]


def test_many_series_are_drawn_again():
    sales = bn.load_dataset("texas_sales")
    options = {
        "outcome": "sales",
        "time": "month",
        "series": "city",
        "season": 12,
        "horizon": 3,
        "origins": 3,
    }
    made = bn.compare_models(["mean"], sales, **options, seed=1)
    pair = made.differences.query("measure == 'mase' and model == 'snaive'").iloc[0]
    each = made.losses("snaive", "mase").mean(axis=1) - made.losses("ar", "mase").mean(axis=1)
    assert pair["difference"] == pytest.approx(each.mean())
    spread = each.std(ddof=1) / math.sqrt(26)
    assert pair["high"] - pair["low"] == pytest.approx(2 * 1.96 * spread, rel=0.1)
    assert "of 26 series" in pair["verdict"]


def test_it_prints_what_was_forecast_from_where(comparison):
    text = str(comparison)
    assert "60 origins from 1955-02 to 1960-01, 12 steps ahead, every model fitted at each, seed 1" in text
    assert "Diebold-Mariano with Harvey's correction, Holm's correction for 3 differences" in text
    assert comparison.plot_data()["model"].nunique() == 4
    assert comparison.plot().axes
    assert comparison.to_dict()["text"] == text


@pytest.mark.parametrize(
    ("models", "options", "words"),
    [
        (["glm"], {}, "There are: 'naive'"),
        (["drift"], {"folds": 5}, "Found 'folds'"),
        (["drift"], {"strata": "passengers"}, "Found 'strata'"),
        (["drift"], {"measure": "rmse"}, "one of forecasts"),
        (["drift"], {"origins": 200}, "enough of the past for 200 origins"),
        (["drift"], {"horizon": None}, "`horizon` must be given"),
        ({"ar": "drift"}, {}, "may have the name 'ar'"),
        (["drift"], {"baseline": "net"}, "name of a model"),
        ([bn.GLMRegressor()], {}, "must be a forecaster"),
    ],
)
def test_what_can_not_be_compared_is_refused(models, options, words):
    with pytest.raises(InputError, match=words):
        bn.compare_models(models, FLIGHTS, **{**YEAR, **options})


def test_fitted_forecasters_bring_what_is_forecast():
    model = bn.fit_forecast(FLIGHTS, "passengers", horizon=3, season=12, time="month", architecture="drift")
    made = bn.compare_models({"line": model}, FLIGHTS, origins=2)
    assert (made.horizon, made.season, made.outcome) == (3, 12, "passengers")
    other = bn.fit_forecast(FLIGHTS, "passengers", horizon=4, season=12, time="month", architecture="drift")
    with pytest.raises(InputError, match="same horizon"):
        bn.compare_models({"a": model, "b": other}, FLIGHTS, origins=2)


@pytest.mark.long
def test_the_same_call_goes_on_from_a_checkpoint(tmp_path, monkeypatch):
    path, options = tmp_path / "comparison.checkpoint", {**YEAR, "horizon": 3, "origins": 20}
    net = bn.make_net(units=2, epochs=2, ensemble=1)
    asked = {"net": net, "drift": "drift", "mine": lambda values, horizon, season: values[-horizon:]}
    whole = bn.compare_models(asked, FLIGHTS, **options, seed=1)

    def stops(values, horizon, season):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bn.compare_models({**asked, "stops": stops}, FLIGHTS, **options, seed=1, checkpoint=path)
    with monkeypatch.context() as patch:
        patch.setattr("bineural.forecasting.nets.fit_at", lambda *_: pytest.fail("the net was fitted again"))
        went_on = bn.compare_models(asked, FLIGHTS, **options, checkpoint=path)  # the seed is in the file
    for one, other in ((went_on.predictions, whole.predictions), (went_on.differences, whole.differences)):
        pd.testing.assert_frame_equal(one, other)
    assert went_on.verdicts == whole.verdicts and went_on.seed == 1
    for change, what in (
        ({"origins": 21}, "other origins"),
        ({"horizon": 4}, "other horizon"),
        ({"seed": 2}, "other seed"),
        ({"models": {**asked, "net": bn.make_net(units=3, epochs=2, ensemble=1)}}, "other model 'net'"),
        ({"data": FLIGHTS.assign(passengers=FLIGHTS["passengers"] + 1)}, "other series"),
    ):
        given = {"models": asked, "data": FLIGHTS, **options, "seed": 1, "checkpoint": path, **change}
        with pytest.raises(InputError, match=what):
            bn.compare_models(**given)


def test_warnings_of_kept_forecasters_are_given_again(tmp_path):
    import warnings

    def warns(values, horizon, season):
        warnings.warn("it may rain", UserWarning, stacklevel=1)
        return values[-horizon:]

    asked = {"warns": warns}, FLIGHTS
    given = {**YEAR, "horizon": 2, "origins": 3, "seed": 1, "checkpoint": tmp_path / "a.checkpoint"}
    with pytest.warns(UserWarning, match="it may rain"):
        first = bn.compare_models(*asked, **given)
    with pytest.warns(UserWarning, match="it may rain"):
        again = bn.compare_models(*asked, **given)
    assert first.warned == again.warned and "it may rain" in first.warned[0]
