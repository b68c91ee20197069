"""Ordered classes: the net without hidden units is R's MASS::polr, and is compared with that model."""

import keras
import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError, OutcomeError
from bineural.nets.objectives.linear.proportional_odds import ProportionalOdds
from objectives.linear import linear_net
from rjudge import assign, numbers, r

LEVELS = ["low", "mid", "high", "top"]  # not their order by name
SHORT = {"objective": "ordinal", "epochs": 10, "ensemble": 2, "seed": 1}


@pytest.fixture(scope="module")
def ratings():
    rng = np.random.default_rng(1980)
    rows = pd.DataFrame({"x": rng.normal(size=150), "z": rng.normal(size=150), "shift": rng.normal(size=150)})
    latent = 1.2 * rows["x"] - 0.7 * rows["z"] + rows["shift"] + rng.logistic(size=150)
    rows["number"] = np.digitize(latent, [-1, 0.5, 2]) + 1
    labels = np.array(LEVELS)[rows["number"] - 1]
    return rows.assign(y=pd.Categorical(labels, LEVELS, ordered=True), weight=rng.integers(1, 4, 150))


@pytest.fixture(scope="module")
def polr(ratings):
    """Return a function of a formula and more arguments: the probabilities of polr, levels in their order."""
    assign("ratings", ratings.assign(y=ratings["y"].cat.as_unordered()))
    r("ratings$y <- factor(as.character(ratings$y), c('low', 'mid', 'high', 'top'), ordered = TRUE)")
    fit = "MASS::polr({}, ratings{}, Hess = FALSE, control = list(reltol = 1e-14, maxit = 1000))"
    return lambda formula, more="": numbers(f"fitted({fit.format(formula, more)})")


def in_order(net, data):
    return net.predict_proba(data)[:, [net.classes_.tolist().index(level) for level in net.levels_]]


def test_a_net_without_hidden_units_is_polr(ratings, polr):
    formula = "y ~ x + z + offset(shift)"
    net = linear_net(formula, ratings, objective="ordinal")
    np.testing.assert_allclose(in_order(net, ratings), polr(formula), atol=2e-5)
    assert net.levels_ == LEVELS and net.classes_.tolist() == sorted(LEVELS)
    weighted = linear_net("y ~ x + z", ratings, objective="ordinal", weights="weight")
    np.testing.assert_allclose(
        in_order(weighted, ratings), polr("y ~ x + z", ", weights = weight"), atol=2e-5
    )
    numbered = linear_net("number ~ x + z + offset(shift)", ratings, objective="ordinal")
    np.testing.assert_allclose(numbered.predict_proba(ratings), in_order(net, ratings), rtol=1e-12)
    assert numbered.predict(ratings).tolist() == [LEVELS.index(label) + 1 for label in net.predict(ratings)]
    chance = in_order(net, ratings)[np.arange(150), ratings["number"] - 1]
    assert net.glance()["loss"] == pytest.approx(-np.log(chance).mean(), rel=1e-5)


def test_the_baseline_is_polr_too(ratings, polr):
    model = ProportionalOdds().fit(
        ratings[["x", "z"]], ratings["number"], ratings["weight"], ratings["shift"]
    )
    judge = polr("y ~ x + z + offset(shift)", ", weights = weight")
    np.testing.assert_allclose(model.predict_proba(ratings[["x", "z"]], ratings["shift"]), judge, atol=1e-5)


def test_a_net_of_zero_weights_predicts_the_shares(ratings):
    start = linear_net("y ~ x", ratings, objective="ordinal", epochs=1, learning_rate=1e-9)
    shares = ratings["y"].value_counts(normalize=True, sort=False)
    np.testing.assert_allclose(in_order(start, ratings), np.tile(shares, (150, 1)), rtol=1e-6)
    entropy = -(shares * np.log(shares)).sum()
    assert start.fitted_.objective.ignorant_loss(start.fitted_.state) == pytest.approx(entropy)


def test_two_ordered_classes_are_a_logistic_regression(ratings):
    ratings = ratings.assign(number=(ratings["number"] > 2).astype(int))
    net = linear_net("number ~ x + z", ratings, objective="ordinal")
    glm = bn.fit_glm("number ~ x + z", ratings, event=1)
    np.testing.assert_allclose(net.predict_proba(ratings), glm.predict_proba(ratings), atol=1e-5)


@pytest.mark.long
def test_stacks_files_batches_and_features_know_the_thresholds(ratings, tmp_path):
    net = bn.fit_net("y ~ x + z", ratings, **SHORT)
    assert net.how_.startswith("stack") and "vectorised" not in net.how_
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict_proba(ratings), net.predict_proba(ratings))
    assert net.keras_model_.output_shape == (None, 3) and net.predict_features(ratings).shape == (150, 2 * 32)
    assert "4 ordered classes" in net.summary() and "low" in net.summary()
    fits = bn.fit_nets("y ~ x + z", ratings, seeds=[1], **{**SHORT, "seed": None})
    np.testing.assert_allclose(fits.nets[0].predict_proba(ratings), net.predict_proba(ratings), atol=1e-5)
    whole = linear_net("y ~ x + z", ratings, objective="ordinal", epochs=30)
    in_batches = linear_net("y ~ x + z", [ratings[:70], ratings[70:]], objective="ordinal", epochs=30)
    np.testing.assert_allclose(in_batches.predict_proba(ratings), whole.predict_proba(ratings), atol=1e-5)


@pytest.mark.long
def test_a_model_of_ones_own_gets_thresholds_behind_it(ratings, tmp_path):
    def own(*last, **compiled):
        model = keras.Sequential(
            [keras.Input((2,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(*last)]
        )
        if compiled:
            model.compile(**compiled)
        return model

    net = bn.fit_net("y ~ x + z", ratings, architecture=own(1), **SHORT)
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    np.testing.assert_array_equal(again.predict_proba(ratings), net.predict_proba(ratings))
    built = bn.fit_net("y ~ x + z", ratings, architecture=lambda shape, n: own(n), **SHORT)
    np.testing.assert_allclose(built.predict_proba(ratings).sum(axis=1), 1)
    for model, message in (
        (own(3), "must have one output"),
        (own(1, "sigmoid"), "functional model of linear output"),
        (own(1, optimizer="adam", loss="mse"), "can't both be learnt"),
    ):
        with pytest.raises(InputError, match=message):
            bn.fit_net("y ~ x + z", ratings, architecture=model, **SHORT)


@pytest.mark.long
def test_a_comparison_has_the_proportional_odds_model(ratings):
    formula = "y ~ x + z + offset(shift)"
    net = bn.make_net(formula, **SHORT)
    how = {"formula": formula, "folds": 3, "repeats": 1, "seed": 2}
    comparison = bn.compare_models({"net": net}, ratings, **how)
    assert comparison.reference == "proportional odds" and comparison.measure == "log_loss"
    kept = comparison.predictions.query("model == 'proportional odds' and fold == 1")
    train, test = ratings.iloc[comparison.folds[0].train_ids], ratings.iloc[kept["row"]]
    model = ProportionalOdds().fit(train[["x", "z"]], train["number"], offset=train["shift"])
    judge = model.predict_proba(test[["x", "z"]], test["shift"])
    np.testing.assert_allclose(kept[[f".pred_{level}" for level in LEVELS]], judge, atol=1e-5)
    assert bn.compare_models({"net": net}, ratings, event="top", **how).task == "binary"
    numbered, rows = bn.make_net("number ~ x + z", **SHORT), ratings.drop(columns="y")
    assert (
        bn.compare_models({"net": numbered}, rows, outcome="number", folds=3, repeats=1).task == "multiclass"
    )
    assert bn.tune_net(net, ratings, {"l2": [0.01, 0.1]}, folds=3, seed=1).measure == "log_loss"


def test_class_weights_move_the_shares(ratings):
    plain = linear_net("y ~ x", ratings, objective="ordinal")
    balanced = linear_net("y ~ x", ratings, objective="ordinal", class_weight="balanced")
    assert np.ptp(balanced.predict_proba(ratings).mean(axis=0)) < np.ptp(
        plain.predict_proba(ratings).mean(axis=0)
    )


@pytest.mark.parametrize(
    "outcome", [lambda y: y.astype(str), lambda y: y.cat.as_unordered(), lambda y: y.cat.codes + 0.5]
)
def test_classes_without_an_order_are_refused(ratings, outcome):
    rows = ratings.assign(y=outcome(ratings["y"]))
    with pytest.raises(OutcomeError, match="must be ordered classes"):
        bn.fit_net("y ~ x", rows, **SHORT)
