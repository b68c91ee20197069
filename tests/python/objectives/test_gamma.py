"""Positive numbers: the net without hidden units is R's gamma GLM with a log link."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError
from objectives.linear import linear_net
from rjudge import assign, numbers

FORMULA = "cost ~ age + dose + offset(log(days))"
SHORT = {"objective": "gamma", "epochs": 10, "ensemble": 1, "seed": 1}


@pytest.fixture(scope="module")
def stays():
    rng = np.random.default_rng(1900)
    n = 150
    rows = pd.DataFrame(
        {"age": rng.normal(50, 9, n), "dose": rng.normal(size=n), "days": rng.uniform(1, 20, n)}
    )
    mean = rows["days"] * np.exp(5 + 0.02 * (rows["age"] - 50) + 0.5 * rows["dose"])
    return rows.assign(cost=mean * rng.gamma(3, 1 / 3, n), weight=rng.integers(1, 4, n))


def test_a_net_without_hidden_units_is_rs_glm(stays):
    assign("stays", stays)
    fit = "glm(cost ~ age + dose + offset(log(days)), Gamma('log'), stays"
    net = linear_net(FORMULA, stays, objective="gamma")
    np.testing.assert_allclose(net.predict(stays), numbers(f"fitted({fit}))"), rtol=1e-5)
    deviance = numbers(f"deviance({fit}))")[0]
    assert 2 * len(stays) * net.glance()["loss"] == pytest.approx(deviance, rel=1e-4)
    assert bn.evaluate_model(net, stays).measures["mean_deviance"] == pytest.approx(deviance / len(stays))
    weighted = linear_net(FORMULA, stays, objective="gamma", weights="weight")
    np.testing.assert_allclose(
        weighted.predict(stays), numbers(f"fitted({fit}, weights = weight))"), rtol=1e-5
    )


def test_a_net_of_zero_weights_predicts_the_mean_rate(stays):
    start = linear_net(FORMULA, stays, objective="gamma", epochs=1, learning_rate=1e-9)
    np.testing.assert_allclose(
        start.predict(stays), stays["cost"].sum() / stays["days"].sum() * stays["days"], rtol=1e-6
    )


@pytest.mark.long
def test_its_baseline_is_the_glm_of_the_same_link_and_offset(stays):
    comparison = bn.compare_models(
        {"net": bn.make_net(FORMULA, **SHORT)}, stays, formula=FORMULA, folds=3, repeats=1, seed=2
    )
    assert comparison.measure == "mean_deviance"
    glm = bn.fit_glm(FORMULA, stays.iloc[comparison.folds[0].train_ids], family="gamma", link="log")
    kept = comparison.predictions.query("model == 'glm' and fold == 1")
    np.testing.assert_allclose(kept[".pred"], glm.predict(stays.iloc[kept["row"]]), rtol=1e-10)


@pytest.mark.parametrize("lowest", [0.0, -2.0])
def test_what_is_not_positive_is_refused(stays, lowest):
    stays = stays.assign(cost=np.append(lowest, stays["cost"][1:]))
    with pytest.raises(InputError, match="must be greater than 0 for objective='gamma'"):
        bn.fit_net(FORMULA, stays, **SHORT)


def test_a_saved_net_predicts_the_same(stays, tmp_path):
    net = bn.fit_net(FORMULA, stays, **SHORT)
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict(stays), net.predict(stays))
