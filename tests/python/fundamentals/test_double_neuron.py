"""A band is two lines: the mean of two logistic neurons cuts it out, one neuron can't."""

import numpy as np
import pytest
import tensorflow as tf
from sklearn.linear_model import LogisticRegression

import bineural as bn
from bineural.fundamentals import double_neuron


def rows_of(seed, n_rows=400):
    rows = bn.fundamentals.make_band(n_rows, seed=seed)
    return rows[["x1", "x2"]].to_numpy(), rows["inside"].to_numpy()


@pytest.fixture(scope="module")
def fit():
    return bn.fundamentals.fit_double_neuron(*rows_of(1), seed=1)


def with_ones(x):
    return np.column_stack([np.ones(len(x)), x])


def test_slopes_are_tensorflow_s():
    x, y = rows_of(1, 50)
    at = np.random.default_rng(1).normal(0, 2, (3, 2, 3))
    loss, slopes = double_neuron.log_loss_of_mean(with_ones(x), y, at)
    for one, found, slope in zip(at, loss, slopes):
        weights = tf.Variable(one)
        with tf.GradientTape() as tape:
            says = tf.reduce_mean(tf.sigmoid(with_ones(x) @ tf.transpose(weights)), axis=1)
            judged = -tf.reduce_mean(y * tf.math.log(says) + (1 - y) * tf.math.log(1 - says))
        assert found == pytest.approx(float(judged))
        np.testing.assert_allclose(slope, tape.gradient(judged, weights), atol=1e-12)


def test_the_single_neuron_is_logistic_regression(fit):
    x, y = rows_of(1)
    judge = LogisticRegression(C=np.inf, tol=1e-10).fit(x, y)
    np.testing.assert_allclose(fit.cases["single"], judge.predict_proba(x)[:, 1], atol=1e-4)
    assert fit.table["accuracy_at_half"][0] == pytest.approx(judge.score(x, y), abs=0.01)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_double_neuron_finds_the_band_in_new_rows_and_logistic_regression_does_not(seed):
    x, y = rows_of(seed)
    fit = bn.fundamentals.fit_double_neuron(x, y, seed=seed)
    new, truth = rows_of(seed + 100)
    says = double_neuron.mean_of_neurons(with_ones(new), np.column_stack([fit.biases, fit.weights]))
    double = np.mean((says > fit.threshold) == truth)
    score = LogisticRegression(C=np.inf).fit(x, y).decision_function(new)
    single = max(np.mean((score > cut) == truth) for cut in score)  # with the kindest threshold there is
    assert double > 0.95
    assert double > single + 0.15


def test_above_one_half_it_is_a_half_plane_as_one_neuron_s():
    rng = np.random.default_rng(1)
    for _ in range(20):
        at, x = rng.normal(0, 3, (2, 3)), with_ones(rng.uniform(-2, 2, (500, 2)))
        says = double_neuron.mean_of_neurons(x, at)
        np.testing.assert_array_equal(says > 0.5, x @ at.sum(axis=0) > 0)


def test_the_lines_of_the_band_are_parallel_and_the_threshold_lies_between_one_half_and_one(fit):
    first, second = fit.weights / np.linalg.norm(fit.weights, axis=1, keepdims=True)
    assert first @ second < -0.99  # they look at each other
    np.testing.assert_allclose(np.abs(first), np.sqrt(0.5), atol=0.05)
    assert 0.5 < fit.threshold < 1


@pytest.mark.parametrize(
    "says, y, expected",
    [
        ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], (0.5, 1.0)),
        ([0.4, 0.5, 0.9], [0, 0, 1], (0.7, 1.0)),
        ([0.3, 0.6], [1, 1], (0.15, 1.0)),
        ([0.3, 0.6], [0, 0], (0.8, 1.0)),
        ([0.5, 0.5, 0.5], [0, 1, 1], (0.25, 2 / 3)),
    ],
)
def test_the_threshold_has_most_rows_right_and_the_widest_gap(says, y, expected):
    assert double_neuron.best_threshold(np.array(says), np.array(y)) == pytest.approx(expected)


def test_the_band_has_its_width_and_turned_labels_their_share():
    rows = bn.fundamentals.make_band(20_000, width=0.8, seed=1)
    away = np.abs(rows["x1"] + rows["x2"]) / np.sqrt(2)
    assert away[rows["inside"] == 1].max() < 0.4 <= away[rows["inside"] == 0].min()
    turned = bn.fundamentals.make_band(20_000, width=0.8, flipped=0.1, seed=1)
    assert turned["x1"].equals(rows["x1"])
    assert np.mean(turned["inside"] != rows["inside"]) == pytest.approx(0.1, abs=0.01)


def test_it_prints_draws_repeats_and_refuses(fit, tmp_path):
    assert "double: loss" in repr(fit)
    assert [a.get_title().split(":")[0] for a in fit.plot(tmp_path / "plane.png").axes] == [
        "Single",
        "Double",
    ]
    x, y = rows_of(1)
    line = bn.fundamentals.fit_double_neuron(x[:, 0], y, steps=20, seed=1)
    assert line.plane is None and len(line.plot(tmp_path / "loss.png").axes) == 1
    again = bn.fundamentals.fit_double_neuron(x[:, 0], y, steps=20, seed=1)
    np.testing.assert_array_equal(line.weights, again.weights)
    assert line.history["double"].iloc[-1] > line.table["loss"][1]
    with pytest.raises(bn.InputError, match="0 and 1"):
        bn.fundamentals.fit_double_neuron([1, 2], [1, 2])
    with pytest.raises(bn.InputError, match="`width`"):
        bn.fundamentals.make_band(width=0)
