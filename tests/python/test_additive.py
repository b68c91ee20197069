"""Curves of additive models add up to what their link makes of predictions."""

import copy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

import bineural as bn
from bineural.errors import InputError

N = 640  # ten pieces
ADDITIVE = {"units": (), "numbers": "piecewise", "ensemble": 1, "seed": 1}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {
            "dose": rng.uniform(0, 10, N),
            "visits": rng.poisson(2, N),
            "ward": pd.Categorical(rng.choice(["b", "a", "c"], N), ["b", "a", "c"]),
            "flag": rng.random(N) < 0.5,
        }
    )
    score = 2 * np.sin(table["dose"]) + table["ward"].map({"a": 1.0, "b": 0.0, "c": -1.0}).astype(float)
    table["ill"] = np.where(score + rng.logistic(size=N) > 0, "yes", "no")
    table["cost"] = 100 + 10 * score
    table["count"] = rng.poisson(np.exp(score / 3))
    return table


def summed(curves, data):
    """Add intercept and parts by hand: curves between their points, levels by name."""
    total = np.full(len(data), curves.intercept[0])
    for name, curve in curves.table.groupby("column"):
        if curve["level"].isna().all():
            total += np.interp(data[name], curve["value"], curve["part"])
        else:
            total += data[name].astype(str).map(dict(zip(curve["level"], curve["part"]))).to_numpy(float)
    return total


TERMS = "dose + visits + ward + flag"


@pytest.fixture(scope="module")
def net(data):
    return bn.fit_net(f"ill ~ {TERMS}", data, event="yes", epochs=40, **ADDITIVE)


def test_curves_and_intercept_add_up_to_the_log_odds(data, net):
    curves = bn.additive_curves(net, data)
    np.testing.assert_allclose(summed(curves, data), logit(net.predict_event(data)), atol=1e-5)
    assert curves.share == 1 and curves.unit == "log-odds of yes"
    for name in ("dose", "visits"):  # centred over the rows
        curve = curves.table[curves.table["column"] == name]
        assert np.interp(data[name], curve["value"], curve["part"]).mean() == pytest.approx(0, abs=1e-5)
    dose = curves.table.query("column == 'dose'")
    assert np.corrcoef(dose["part"], np.sin(dose["value"]))[0, 1] > 0.9
    assert curves.table.query("column == 'ward'")["level"].tolist() == ["b", "a", "c"]


def test_knots_are_the_quantiles_of_the_rows(data, net):
    knots = bn.additive_curves(net, data, columns=["dose"]).knots["value"]
    np.testing.assert_allclose(
        knots, np.quantile(data["dose"], np.linspace(0, 1, len(data) // 64 + 1)), rtol=1e-4
    )


def test_counts_add_up_by_their_logarithm(data):
    net = bn.fit_net(f"count ~ {TERMS}", data, objective="poisson", epochs=10, **ADDITIVE)
    curves = bn.additive_curves(net, data)
    np.testing.assert_allclose(summed(curves, data), np.log(net.predict(data)), rtol=1e-5, atol=1e-5)
    assert curves.unit == "log mean"


def test_of_a_glm_they_are_its_coefficients(data):
    glm = bn.fit_glm("ill ~ dose + visits", data, event="yes")
    curves = bn.additive_curves(glm, data)
    dose = curves.table.query("column == 'dose'")
    slope = glm.coef_[0, 0]
    np.testing.assert_allclose(dose["part"], slope * (dose["value"] - data["dose"].mean()), atol=1e-9)
    np.testing.assert_allclose(summed(curves, data), glm.predict_link(data))
    assert curves.knots.empty


def test_the_additive_part_of_a_skip_net_leaves_the_hidden_part_out(data):
    net = bn.fit_net(
        "cost ~ dose + visits", data, units=(2,), numbers="piecewise", ensemble=2, seed=1, epochs=10
    )
    curves = bn.additive_curves(net, data)
    rest = net.predict(data) - summed(curves, data)
    assert curves.share == pytest.approx(1 - rest.var() / net.predict(data).var(), abs=1e-4)
    assert 0 < curves.share < 1 and "hidden part is left out" in str(curves)
    table = curves.table
    assert (table["low"] <= table["part"]).all() and (table["high"] > table["low"]).any()


def test_several_classes_have_a_curve_each(data, tmp_path):
    net = bn.fit_net("ward ~ dose + visits", data, epochs=5, **ADDITIVE)
    curves = bn.additive_curves(net, data)
    probability = net.predict_proba(data)
    total = np.full((N, 3), curves.intercept)
    for k, label in enumerate(net.classes_):
        for name in ("dose", "visits"):
            of = (curves.table["column"] == name) & (curves.table["curve"] == label)
            curve = curves.table[of]
            total[:, k] += np.interp(data[name], curve["value"], curve["part"])
    logs = np.log(probability)
    np.testing.assert_allclose(total, logs - logs.mean(axis=1, keepdims=True), atol=1e-5)
    path = tmp_path / "curves.png"
    assert len(curves.plot(path).axes) == 2 and path.stat().st_size > 10_000
    assert set(curves.plot_data()["curve"]) == set(net.classes_)


def test_arrays_and_rows_with_gaps(data):
    x = data[["dose", "visits"]].to_numpy(float)
    glm = bn.GLMRegressor().fit(x, data["cost"])
    assert bn.additive_curves(glm, x).table["column"].unique().tolist() == ["x1", "x2"]
    holed = data.assign(dose=data["dose"].where(data.index > 9))
    line = bn.fit_glm("cost ~ dose + ward", data)
    assert bn.additive_curves(line, holed).n_rows == N - 10


def test_what_has_no_curves_says_so(data, net):
    with pytest.raises(InputError, match=r"(?s)additive in its columns.*leave up to"):
        bn.additive_curves(bn.fit_glm("cost ~ dose * visits", data), data)
    with pytest.raises(InputError, match="must be a net or a GLM"):
        bn.additive_curves("glm", data)
    other = copy.copy(net)
    other.fitted_ = replace(net.fitted_, ending="sigmoid")
    with pytest.raises(InputError, match=r"(?s)must be linear predictors.*is sigmoid"):
        bn.additive_curves(other, data)
    with pytest.raises(InputError, match="(?s)among those.*'doses'.*dose"):
        bn.additive_curves(bn.fit_glm("cost ~ dose", data), data, columns=["doses"])
