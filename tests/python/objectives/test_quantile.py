"""Quantiles: the net without hidden units is linear quantile regression, and its quantiles never cross."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import QuantileRegressor
from sklearn.metrics import mean_pinball_loss

import bineural as bn
from bineural.cli import main
from bineural.errors import InputError
from objectives.linear import linear_net

LEVELS = (0.1, 0.5, 0.9)
SHORT = {"objective": "quantile", "epochs": 10, "ensemble": 2, "seed": 1}
CONVERGED = {"objective": "quantile", "epochs": 1500, "learning_rate": 0.01}


@pytest.fixture(scope="module")
def spread():
    """A line whose spread grows along it."""
    rng = np.random.default_rng(1978)
    rows = pd.DataFrame(
        {"x": rng.uniform(-2, 2, 200), "z": rng.normal(size=200), "shift": rng.normal(0, 30, 200)}
    )
    return rows.assign(y=50 + 5 * rows["x"] + (9 + 3 * rows["x"]) * rng.normal(size=200))


def by_scikit_learn(train, test, level):
    return (
        QuantileRegressor(quantile=level, alpha=0)
        .fit(train[["x", "z"]], train["y"])
        .predict(test[["x", "z"]])
    )


def loss_of(y, predicted, levels=LEVELS):
    return np.mean([mean_pinball_loss(y, column, alpha=level) for column, level in zip(predicted.T, levels)])


@pytest.mark.parametrize("level", [0.2, 0.5])
def test_a_net_without_hidden_units_is_quantile_regression(spread, level):
    net = linear_net("y ~ x + z", spread, quantiles=level, **CONVERGED)
    judge = mean_pinball_loss(spread["y"], by_scikit_learn(spread, spread, level), alpha=level)
    predicted = net.predict(spread)
    assert predicted.shape == (200, 1)
    assert judge <= mean_pinball_loss(spread["y"], predicted[:, 0], alpha=level) < 1.001 * judge


def test_row_weights_are_those_of_quantile_regression(spread):
    weights = np.random.default_rng(3).integers(1, 5, 200).astype(float)
    net = linear_net("y ~ x + z", spread, quantiles=0.3, weights=weights, **CONVERGED)
    judge = QuantileRegressor(quantile=0.3, alpha=0).fit(
        spread[["x", "z"]], spread["y"], sample_weight=weights
    )
    of = lambda predicted: mean_pinball_loss(spread["y"], predicted, alpha=0.3, sample_weight=weights)  # noqa: E731
    least = of(judge.predict(spread[["x", "z"]]))
    assert least <= of(net.predict(spread)[:, 0]) < 1.001 * least


def test_several_quantiles_are_as_good_as_one_at_a_time(spread):
    net = linear_net("y ~ x + z", spread, **CONVERGED)
    predicted = net.predict(spread)
    judge = loss_of(
        spread["y"], np.column_stack([by_scikit_learn(spread, spread, level) for level in LEVELS])
    )
    assert loss_of(spread["y"], predicted) < 1.01 * judge
    evaluation = bn.evaluate_model(net, spread)
    assert evaluation.measures["pinball"] == pytest.approx(loss_of(spread["y"], predicted))
    below = (spread["y"].to_numpy()[:, None] <= predicted).mean(axis=0)
    assert evaluation.measures["coverage_error"] == pytest.approx(np.abs(below - LEVELS).mean())
    inside = spread["y"].between(predicted[:, 0], predicted[:, 2]).mean()
    assert evaluation.measures["interval_coverage"] == pytest.approx(inside)
    assert net.glance()["loss"] == pytest.approx(
        loss_of(spread["y"], predicted) / spread["y"].std(), rel=1e-3
    )


def test_quantiles_never_cross_whatever_the_weights(spread):
    levels = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    net = bn.fit_net("y ~ x + z", spread, quantiles=levels, **{**SHORT, "ensemble": 1})
    rng, far = np.random.default_rng(0), spread.assign(x=100 * spread["x"], z=100 * spread["z"])
    for member in net.fitted_.members:
        member.weights = [rng.normal(0, 3, weights.shape).astype(np.float32) for weights in member.weights]
    assert (np.diff(net.predict(far), axis=1) >= 0).all() and np.isfinite(net.predict(far)).all()


def test_a_net_of_zero_weights_predicts_the_quantiles_of_its_rows(spread):
    start = {**CONVERGED, "epochs": 1, "learning_rate": 1e-9}
    net = linear_net("y ~ x", spread, **start)
    np.testing.assert_allclose(
        net.predict(spread), np.tile(np.quantile(spread["y"], LEVELS), (200, 1)), rtol=1e-6
    )
    weights = np.where(spread["x"] > 0, 1.0, 0.0)
    weighted = linear_net("y ~ x", spread, weights=weights, **start).predict(spread)[0]
    shares = [(spread["y"][spread["x"] > 0] <= value).mean() for value in weighted]
    np.testing.assert_allclose(shares, LEVELS, atol=0.02)


def test_an_offset_moves_all_quantiles_alike(spread):
    shifted = spread.assign(y=spread["y"] + spread["shift"])
    net = bn.fit_net("y ~ x + offset(shift)", shifted, **SHORT)
    plain = bn.fit_net("y ~ x", spread, **SHORT).predict(spread)
    np.testing.assert_allclose(net.predict(shifted), plain + shifted[["shift"]].to_numpy(), rtol=1e-5)


@pytest.mark.long
def test_a_comparison_measures_quantiles_beside_linear_quantile_regression(spread):
    comparison = bn.compare_models(
        {"net": bn.make_net("y ~ x + z", **SHORT)}, spread, formula="y ~ x + z", folds=4, repeats=1, seed=1
    )
    assert comparison.task == "quantiles" and comparison.measure == "pinball"
    assert comparison.reference == "quantile regression"
    kept = comparison.predictions.query("fold == 1").set_index("model")
    columns = [".pred_0.1", ".pred_0.5", ".pred_0.9"]
    train, test = spread.iloc[comparison.folds[0].train_ids], spread.iloc[kept.loc["null", "row"]]
    judge = np.column_stack([by_scikit_learn(train, test, level) for level in LEVELS])
    linear = kept.loc["quantile regression", columns].to_numpy()
    assert loss_of(test["y"], linear) == pytest.approx(loss_of(test["y"], np.sort(judge, axis=1)), rel=1e-3)
    assert comparison.scores.query("model == 'quantile regression' and fold == 1")["pinball"].item() == (
        pytest.approx(loss_of(test["y"], linear))
    )
    np.testing.assert_allclose(kept.loc["null", columns].iloc[0], np.quantile(train["y"], LEVELS))
    assert "pinball loss" in str(comparison)


@pytest.mark.long
def test_models_of_other_quantiles_are_not_compared(spread):
    nets = {"a": bn.make_net("y ~ x", **SHORT), "b": bn.make_net("y ~ x", quantiles=[0.2, 0.5, 0.8], **SHORT)}
    for models in (nets, {"a": nets["a"], "b": bn.make_net("y ~ x")}):
        with pytest.raises(InputError, match="All models must predict the same"):
            bn.compare_models(models, spread, outcome="y", folds=3, repeats=1)
    with pytest.raises(InputError, match="a column for each of"):
        models = {"a": nets["a"], "glm": bn.fit_glm("y ~ x", spread)}
        bn.compare_models(models, spread, folds=3, repeats=1)
    with pytest.raises(InputError, match="same for all nets"):
        bn.tune_net(nets["a"], spread, {"quantiles": [(0.1,), (0.5,)]})
    tuned = bn.tune_net(nets["a"], spread, {"l2": [0.01, 0.1]}, folds=3, seed=1)
    assert tuned.measure == "pinball" and tuned.model.predict(spread).shape == (200, 3)


@pytest.mark.parametrize("levels", [[0.9, 0.1], [0.5, 0.5], [0.0, 0.5], [], "half", [0.5, None]])
def test_levels_that_can_not_be_are_refused(levels):
    with pytest.raises(InputError, match="`quantiles` must be"):
        bn.make_net("y ~ x", objective="quantile", quantiles=levels)


@pytest.mark.long
def test_files_batches_stacks_and_the_command_line_know_the_levels(spread, tmp_path, capsys):
    net = bn.fit_net("y ~ x", spread, quantiles=[0.25, 0.75], **SHORT)
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict(spread), net.predict(spread))
    assert again.columns_ == ["0.25", "0.75"]
    fits = bn.fit_nets(
        "y ~ x", spread, bn.make_folds(spread, folds=2, seed=1), quantiles=[0.25, 0.75], **SHORT
    )
    assert {".pred_0.25", ".pred_0.75"} <= set(fits.held_out)
    in_batches = bn.fit_net("y ~ x", [spread[:90], spread[90:]], quantiles=[0.25, 0.75], **SHORT)
    assert (np.diff(in_batches.predict(spread)) > 0).all()
    spread.to_csv(tmp_path / "rows.csv", index=False)
    line = [
        "fit",
        str(tmp_path / "rows.csv"),
        "--formula",
        "y ~ x",
        "--model",
        "net",
        "--out",
        str(tmp_path / "cli"),
    ]
    assert main([*line, "--objective", "quantile", "--quantiles", "0.25,0.75", "--epochs", "2"]) == 0
    assert main(["predict", str(next(tmp_path.glob("cli*"))), str(tmp_path / "rows.csv")]) == 0
    assert ".pred_0.25,.pred_0.75" in capsys.readouterr().out
