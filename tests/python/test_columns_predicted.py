"""Nets that predict several numbers of a row, quantiles or labels, are scored, drawn and explained."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import d2_pinball_score, r2_score, roc_auc_score
from sklearn.metrics import mean_pinball_loss as pinball

import bineural as bn
from bineural.errors import InputError
from bineural.figures.curves import roc_data
from bineural.figures.reliability import calibration_data
from bineural.measures.quantile_losses import explained_pinball

N = 80
QUICK = {"units": (), "epochs": 5, "ensemble": 1, "seed": 1}
LEVELS = (0.2, 0.5, 0.8)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(9)
    table = pd.DataFrame({"x": rng.normal(size=N), "z": rng.normal(size=N)})
    table["y"] = 3 + table["x"] + rng.normal(size=N)
    table["a"] = (table["x"] + rng.normal(size=N) > 0).astype(int)
    return table.assign(b=(table["z"] > 0).astype(int))


@pytest.fixture(scope="module")
def quantiles(data):
    return bn.fit_net("y ~ x + z", data, objective="quantile", quantiles=LEVELS, **QUICK)


@pytest.fixture(scope="module")
def labels(data):
    return bn.fit_net("cbind(a, b) ~ x + z", data, objective="multilabel", **QUICK)


@pytest.mark.parametrize("weighted", [False, True])
def test_one_quantile_is_scored_as_scikit_learn_does(data, weighted):
    y, predicted = data["y"].to_numpy(), data["x"].to_numpy() + 3
    weights = np.random.default_rng(1).integers(1, 4, N).astype(float) if weighted else None
    for level in LEVELS:
        own = explained_pinball(y, predicted[:, None], weights, [level])
        judge = d2_pinball_score(y, predicted, alpha=level, sample_weight=weights)
        assert own == pytest.approx(judge, rel=1e-12)


def test_a_net_of_quantiles_scores_what_it_explains_of_their_losses(data, quantiles):
    y, predicted = data["y"], quantiles.predict(data)
    loss = [pinball(y, predicted[:, k], alpha=level) for k, level in enumerate(LEVELS)]
    alike = [pinball(y, np.full(N, np.quantile(y, level)), alpha=level) for level in LEVELS]
    assert quantiles.score(data, y) == pytest.approx(1 - sum(loss) / sum(alike), rel=1e-2)
    assert quantiles.score(data, y) == explained_pinball(y.to_numpy(), predicted, None, LEVELS)


def test_labels_score_the_r_squared_of_their_probabilities(data, labels):
    truth = data[["a", "b"]]
    assert labels.score(data, truth) == pytest.approx(r2_score(truth, labels.predict(data)))


def test_quantiles_are_drawn_against_their_levels(data, quantiles, tmp_path):
    evaluation = bn.evaluate_model(quantiles, data)
    table = calibration_data({"net": evaluation})
    below = (data["y"].to_numpy()[:, None] <= quantiles.predict(data)).mean(axis=0)
    np.testing.assert_allclose(table["observed"], below)
    assert table["mean_predicted"].tolist() == list(LEVELS) and table.attrs["x"] == "Level of the quantile"
    assert ((table["low"] <= below) & (below <= table["high"])).all()
    assert bn.plot_calibration(evaluation, tmp_path / "q.png").axes[0].get_xlabel() == table.attrs["x"]
    with pytest.raises(InputError, match="all be of events, or all of quantiles"):
        glm = bn.fit_glm("a ~ x", data, event=1)
        bn.plot_calibration({"a": evaluation, "b": bn.evaluate_model(glm, data)})
    with pytest.raises(InputError, match="predictions of numbers"):
        bn.plot_roc(evaluation)


def test_labels_have_a_curve_each(data, labels):
    evaluation = bn.evaluate_model(labels, data)
    assert evaluation.columns == ["a", "b"]
    table = roc_data(evaluation)
    areas = roc_auc_score(data[["a", "b"]], labels.predict(data), average=None)
    for (curve, rows), area in zip(table.groupby("curve", sort=False), areas):
        assert curve in ("a", "b")
        x, y = 1 - rows["specificity"], rows["sensitivity"]
        assert abs(np.trapezoid(y, x)) == pytest.approx(area)
    assert set(calibration_data(evaluation)["curve"]) == {"a", "b"}
    assert len(bn.plot_net_benefit(evaluation).axes) == 1
    alone = bn.evaluate_model(labels, data[data["b"] == 1])
    with pytest.raises(InputError, match=r"Label 'b' is the same"):
        bn.plot_roc(alone)


def test_columns_are_explained_together(data, quantiles, labels):
    dependence = bn.partial_dependence(quantiles, data, "x", n_points=3).table
    assert dependence["curve"].tolist() == ["0.2", "0.5", "0.8"] * 3
    at_first = quantiles.predict(data.assign(x=dependence["value"].iloc[0])).mean(axis=0)
    np.testing.assert_allclose(dependence["mean"][:3], at_first, rtol=1e-5)
    importance = bn.permutation_importance(labels, data, repeats=2, seed=1)
    assert importance.measure == "label_log_loss" and set(importance.table["column"]) == {"x", "z", "y"}
    assert bn.permutation_importance(quantiles, data, repeats=2, seed=1).measure == "pinball"


def test_held_out_curves_are_of_a_label_that_is_named(data, labels, quantiles):
    from bineural.figures.comparison import comparison_data

    options = {"folds": 2, "repeats": 1, "seed": 1, "baseline": False}
    comparison = bn.compare_models({"net": labels}, data, **options)
    table = comparison_data(comparison, "roc", event="a")
    assert table["curve"].unique().tolist() == ["net"]
    with pytest.raises(InputError, match=r"(?s)must name the label.*Found none; there are \['a', 'b'\]"):
        comparison_data(comparison, "roc")
    of_quantiles = bn.compare_models({"net": quantiles}, data, **options)
    held_out = of_quantiles.predictions.query("model == 'net'")
    columns = [name for name in held_out.columns if name.startswith(".pred")]
    below = (held_out[["truth"]].to_numpy() <= held_out[columns].to_numpy()).mean(axis=0)
    np.testing.assert_allclose(comparison_data(of_quantiles, "calibration")["observed"], below)
