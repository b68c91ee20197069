"""Numbers with outliers: the net without hidden units is scikit-learn's Huber regression."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import huber
from sklearn.linear_model import HuberRegressor

import bineural as bn
from bineural.errors import InputError
from objectives.linear import linear_net

SHORT = {"objective": "huber", "epochs": 10, "ensemble": 1, "seed": 1}


@pytest.fixture(scope="module")
def gross():
    """A line with an error in the tenth of its rows."""
    rng = np.random.default_rng(1964)
    rows = pd.DataFrame({"x": rng.normal(size=150), "z": rng.normal(size=150)})
    y = 100 + 20 * rows["x"] - 10 * rows["z"] + 5 * rng.normal(size=150)
    return rows.assign(y=np.where(np.arange(150) % 10 == 0, y + 300, y), shift=rng.normal(0, 50, 150))


def unit_of(y):
    return np.median(y), 1.4826 * np.median(np.abs(y - np.median(y)))


def test_a_net_without_hidden_units_is_huber_regression_of_the_same_scale(gross):
    judge = HuberRegressor(alpha=0, epsilon=1.35, max_iter=10_000, tol=1e-9).fit(
        gross[["x", "z"]], gross["y"]
    )
    delta = 1.35 * judge.scale_ / unit_of(gross["y"])[1]
    net = linear_net("y ~ x + z", gross, objective="huber", delta=delta)
    np.testing.assert_allclose(net.predict(gross), judge.predict(gross[["x", "z"]]), rtol=1e-4)
    shifted = gross.assign(y=gross["y"] + gross["shift"])
    own_delta = delta * unit_of(gross["y"])[1] / unit_of(shifted["y"] - shifted["shift"])[1]
    with_offset = linear_net("y ~ x + z + offset(shift)", shifted, objective="huber", delta=own_delta)
    np.testing.assert_allclose(with_offset.predict(shifted) - shifted["shift"], net.predict(gross), rtol=1e-4)


def test_row_weights_are_those_of_huber_regression(gross):
    weights = np.random.default_rng(3).integers(1, 5, 150).astype(float)
    judge = HuberRegressor(alpha=0, epsilon=1.35, max_iter=10_000, tol=1e-9)
    judge.fit(gross[["x", "z"]], gross["y"], sample_weight=weights)
    delta = 1.35 * judge.scale_ / unit_of(gross["y"])[1]
    net = linear_net("y ~ x + z", gross, objective="huber", delta=delta, weights=weights)
    np.testing.assert_allclose(net.predict(gross), judge.predict(gross[["x", "z"]]), rtol=1e-4)


def test_the_loss_is_that_of_the_definition(gross):
    net = linear_net("y ~ x", gross, objective="huber", delta=0.7)
    center, scale = unit_of(gross["y"])
    assert net.glance()["loss"] == pytest.approx(
        huber(0.7, (gross["y"] - net.predict(gross)) / scale).mean(), rel=1e-4
    )
    alike = huber(0.7, (gross["y"] - center) / scale).mean()
    assert net.fitted_.objective.ignorant_loss(net.fitted_.state) == pytest.approx(alike)


@pytest.mark.long
def test_its_option_goes_through_grids_files_and_copies(gross, tmp_path):
    net = bn.fit_net("y ~ x", gross, delta=2.5, **SHORT)
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    assert again.get_params()["delta"] == net.get_params()["delta"] == 2.5
    np.testing.assert_array_equal(again.predict(gross), net.predict(gross))
    settings = [{"delta": 2.5}, {"delta": 0.5}]
    fits = bn.fit_nets("y ~ x", gross, settings=settings, **SHORT)
    np.testing.assert_allclose(fits.nets[0].predict(gross), net.predict(gross), rtol=1e-4)
    assert np.abs(fits.nets[1].predict(gross) - net.predict(gross)).max() > 1e-3
    assert bn.make_net(objective="huber").asked_objective.settings == {"delta": 1.345}
    with pytest.raises(InputError, match="`delta` must be a number above 0"):
        bn.make_net(objective="huber", delta=-1)
    with pytest.raises(InputError, match="`delta`"):
        bn.make_net(delta=1.0)  # the squared error has none


def test_its_baseline_is_huber_regression_with_the_offset(gross):
    shifted = gross.assign(y=gross["y"] + gross["shift"])
    formula = "y ~ x + z + offset(shift)"
    comparison = bn.compare_models(
        {"net": bn.make_net(formula, **SHORT)}, shifted, formula=formula, folds=3, repeats=1, seed=2
    )
    assert comparison.measure == "mae" and comparison.reference == "huber"
    train, kept = shifted.iloc[comparison.folds[0].train_ids], comparison.predictions.query("fold == 1")
    kept = kept.query("model == 'huber'")
    judge = HuberRegressor(alpha=0, max_iter=10_000, tol=1e-8).fit(
        train[["x", "z"]], train["y"] - train["shift"]
    )
    test = shifted.iloc[kept["row"]]
    np.testing.assert_allclose(kept[".pred"], judge.predict(test[["x", "z"]]) + test["shift"], rtol=1e-3)
    by_name = bn.compare_models(
        {"net": bn.make_net(**SHORT), "line": "glm"}, shifted, formula=formula, folds=3, repeats=1, seed=2
    )
    of = by_name.predictions.query("model == 'line' and fold == 1")
    np.testing.assert_array_equal(of[".pred"], kept[".pred"])
    assert by_name.reference == "line"
