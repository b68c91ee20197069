"""The ranked probability score is the mean Brier score of "up to class k", and knows the order of classes."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss

import bineural as bn
from bineural.measures.ranked_probability import mean_ranked
from bineural.measures.registry import all_measures

RNG = np.random.default_rng(6)
N, K = 50, 4
TRUTH = RNG.integers(0, K, N)
CHANCES = RNG.dirichlet(np.ones(K), N)


@pytest.mark.parametrize("weights", [None, RNG.uniform(0.5, 2, N)])
def test_it_is_the_mean_brier_score_up_to_each_class(weights):
    up_to = [
        brier_score_loss(k >= TRUTH, CHANCES[:, : k + 1].sum(axis=1).clip(0, 1), sample_weight=weights)
        for k in range(K - 1)
    ]
    assert mean_ranked(TRUTH, CHANCES, weights) == pytest.approx(np.mean(up_to), rel=1e-12)


def test_its_ends_and_near_misses():
    sure = np.eye(K)
    assert mean_ranked(np.arange(K), sure) == 0
    assert mean_ranked(np.array([0]), sure[[K - 1]]) == 1
    assert mean_ranked(np.array([0]), sure[[1]]) < mean_ranked(np.array([0]), sure[[2]])


def test_the_order_is_that_of_ranks():
    ranks = [2, 0, 3, 1]  # of the columns' classes
    order = np.argsort(ranks)
    in_order = mean_ranked(np.asarray(ranks)[TRUTH], CHANCES[:, order])
    measure = all_measures()["ranked_probability"].settled(ranks=ranks)
    assert measure(TRUTH, CHANCES) == pytest.approx(in_order, rel=1e-12)


def test_ordered_classes_are_evaluated_and_compared_by_it():
    rows = pd.DataFrame({"x": RNG.normal(size=80)})
    grade = np.digitize(rows["x"] + RNG.normal(size=80), [-1, 1])
    rows["grade"] = pd.Categorical.from_codes(grade, ["low", "mid", "high"], ordered=True)
    net = bn.fit_net("grade ~ x", rows, objective="ordinal", units=(), epochs=3, ensemble=1, seed=1)
    evaluation = bn.evaluate_model(net, rows)
    chances = pd.DataFrame(net.predict_proba(rows), columns=net.classes_)[["low", "mid", "high"]]
    wanted = mean_ranked(grade, chances.to_numpy())
    assert evaluation.measures["ranked_probability"] == pytest.approx(wanted, rel=1e-12)
    glm = bn.fit_glm("grade ~ x", rows, penalty="ridge", strength=0.1)
    assert "ranked_probability" not in bn.evaluate_model(glm, rows).measures
    comparison = bn.compare_models(glm, rows, measure="ranked_probability", folds=2, repeats=1, seed=1)
    held_out = comparison.predictions.query("model == 'glm'")
    names = [".pred_low", ".pred_mid", ".pred_high"]
    places = held_out["truth"].map({"low": 0, "mid": 1, "high": 2}).astype(int)
    by_fold = [
        mean_ranked(places[part.index].to_numpy(), part[names].to_numpy())
        for _, part in held_out.groupby("fold")
    ]
    assert comparison.table["ranked_probability"].iloc[0] == pytest.approx(np.mean(by_fold), rel=1e-9)
