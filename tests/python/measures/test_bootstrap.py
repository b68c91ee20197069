"""The stratified bootstrap: draws written out, pROC's limits, seeds, and measures that fail."""

import json
import math
import pathlib

import numpy as np
import pytest

import bineural as bn
from bineural.errors import InputError

REFERENCE = json.loads(
    (pathlib.Path(__file__).parents[2] / "reference" / "evaluation.json").read_text(encoding="utf-8")
)
Y_TRUE = np.array(REFERENCE["y_true"])
B = np.array(REFERENCE["scores"]["B"], dtype=float)
RNG = np.random.default_rng(12)
PROBABILITY = RNG.random(81)


def test_limits_are_quantiles_of_stratified_draws():
    found = bn.bootstrap_interval("brier", Y_TRUE, PROBABILITY, n_boot=200, seed=3, level=0.9)
    stream, draws = np.random.default_rng(3), []
    others, events = (np.flatnonzero(k == Y_TRUE) for k in (0, 1))
    for _ in range(200):
        rows = np.concatenate(
            [stratum[stream.integers(0, len(stratum), len(stratum))] for stratum in (others, events)]
        )
        draws.append(np.mean((PROBABILITY[rows] - Y_TRUE[rows]) ** 2))
    assert [found.low, found.high] == pytest.approx(np.quantile(draws, [0.05, 0.95]), rel=1e-12)
    assert found.variance == pytest.approx(np.var(draws, ddof=1), rel=1e-12)
    assert (found.estimate, found.n, found.n_events) == (bn.brier(Y_TRUE, PROBABILITY), 81, 17)
    assert (found.n_boot, found.seed, found.n_undefined, found.method) == (200, 3, 0, "bootstrap")


def test_auroc_of_kyphosis_has_proc_s_bootstrap_limits_within_chance():
    found = bn.auroc_interval(Y_TRUE, B, method="bootstrap", n_boot=4000, seed=1)
    assert [found.low, found.high] == pytest.approx([0.72241498, 0.90854779], abs=0.012)
    assert found.estimate == pytest.approx(0.823529411764706)
    assert str(found).endswith("(bootstrap, 4000 draws)")


def test_a_seed_repeats_the_draws_and_none_records_one():
    one, other = (bn.bootstrap_interval("auroc", Y_TRUE, B, n_boot=100) for _ in range(2))
    assert one.seed != other.seed
    assert bn.bootstrap_interval("auroc", Y_TRUE, B, n_boot=100, seed=one.seed) == one


def test_a_function_with_and_without_weights_is_a_measure():
    def rate(y_true, score, weights=None):
        return np.average(y_true, weights=weights)

    plain = bn.bootstrap_interval(rate, Y_TRUE, B, n_boot=100, seed=1)
    assert plain.low == plain.high == plain.estimate == 17 / 81  # every draw has as many events
    weights = np.tile([1.0, 2, 0], 27)
    weighted = bn.bootstrap_interval(rate, Y_TRUE, B, weights=weights, n_boot=100, seed=1)
    assert weighted.low < weighted.estimate == np.average(Y_TRUE, weights=weights) < weighted.high
    assert weighted.n == 54
    assert str(plain).startswith("n = 81, events = 17: rate 0.2099")
    named = bn.bootstrap_interval(bn.log_loss, Y_TRUE, PROBABILITY, n_boot=100, seed=1)
    assert named == bn.bootstrap_interval("log_loss", Y_TRUE, PROBABILITY, n_boot=100, seed=1)


def test_numbers_are_one_stratum_and_labels_are_strata():
    y_true = RNG.normal(size=40)
    found = bn.bootstrap_interval("rmse", y_true, y_true + 1, n_boot=100, seed=1)
    assert (found.n_events, found.estimate) == (None, pytest.approx(1))
    labels = np.array(["a", "b", "c", "a"] * 5, dtype=object)
    scores = RNG.dirichlet(np.ones(3), 20)
    counts = []

    def measure(labels, scores):
        counts.append(np.unique(labels, return_counts=True)[1].tolist())
        return scores[:, 0].mean()

    bn.bootstrap_interval(measure, labels, scores, n_boot=100, seed=1)
    assert counts == [[10, 5, 5]] * 101


def test_undefined_draws_are_counted_and_too_many_leave_no_limits():
    def fragile(worst):
        return lambda y_true, score: math.nan if score[y_true == 1].min() < worst else score.mean()

    score = np.arange(81.0)
    score[np.flatnonzero(Y_TRUE)] += 10
    events = np.sort(score[Y_TRUE == 1])
    found = bn.bootstrap_interval(fragile(-1), Y_TRUE, score, n_boot=200, seed=1)
    assert found.n_undefined == 0
    found = bn.bootstrap_interval(fragile(events[0] + 0.5), Y_TRUE, score, n_boot=200, seed=1)
    assert math.isnan(found.estimate) and found.method == "undefined" and math.isnan(found.low)

    def rarely(y_true, score):
        return math.nan if len(np.unique(score)) < 41 else score.mean()

    found = bn.bootstrap_interval(rarely, Y_TRUE, score, n_boot=400, seed=1)
    assert 0 < found.n_undefined < 20 and found.low < found.estimate < found.high
    assert f"{found.n_undefined} of them undefined" in str(found)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"measure": "gini"}, "must be the name of a measure"),
        ({"measure": lambda y, s: "high"}, "must return one number"),
        ({"n_boot": 99}, "`n_boot` must be a whole number of at least 100"),
        ({"n_boot": 200.5}, "Found 200.5"),
        ({"score": [1, 2]}, "as many rows"),
        ({"measure": "hand_till"}, "`score` must have a column for each class"),
        ({"measure": "brier", "score": np.column_stack([B, B])}, "one dimension"),
        ({"weights": [1, 2]}, "Found 2 weights and 81 rows"),
        ({"level": 95}, "`level`"),
        ({"seed": "one"}, "seed"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(InputError, match=words):
        bn.bootstrap_interval(**{"measure": "auroc", "y_true": Y_TRUE, "score": B, **arguments})
