"""Ten points, 16,321 weights: the figures of the exercise, and slopes that TensorFlow confirms."""

import copy

import numpy as np
import pytest

import bineural as bn
from bineural.fundamentals import overfitting


def test_the_points_are_the_exercise_s():
    points = bn.fundamentals.ten_points()
    assert points["y"].var(ddof=0) == pytest.approx(5.544355, abs=1e-6)
    straight = np.polyfit(points["x"], points["y"], 1)
    np.testing.assert_allclose(straight, [-0.71070425, -0.77740002], atol=1e-8)
    squared = {
        d: np.mean((np.polyval(np.polyfit(*points.to_numpy().T, d), points["x"]) - points["y"]) ** 2)
        for d in (1, 2, 3, 9)
    }
    assert squared[1] == pytest.approx(1.37727528, abs=1e-8)
    assert squared[2] == pytest.approx(0.41440660, abs=1e-8)
    assert squared[3] == pytest.approx(0.390, abs=5e-4)
    assert squared[9] < 1e-12


@pytest.mark.parametrize("regulariser", ["none", "batch_norm"])
def test_slopes_and_moving_averages_are_keras_s(regulariser):
    import keras
    import tensorflow as tf

    normalised = regulariser == "batch_norm"
    theta, layers = overfitting._begin([1, 4, 3, 1], normalised, np.random.default_rng(1))
    theta *= 5
    x, y = bn.fundamentals.ten_points().to_numpy()[:, :1], bn.fundamentals.ten_points().to_numpy()[:, 1:]
    net = keras.Sequential([keras.Input((1,), dtype="float64")])
    for layer in layers:
        net.add(keras.layers.Dense(layer["bias"].size, dtype="float64"))
        net.layers[-1].set_weights([layer["weights"], layer["bias"]])
        if "scale" in layer:
            net.add(keras.layers.BatchNormalization(dtype="float64"))
            net.layers[-1].set_weights([layer["scale"], layer["shift"], *layer["moving"]])
        if layer is not layers[-1]:
            net.add(keras.layers.Activation("sigmoid", dtype="float64"))
    with tf.GradientTape() as tape:
        judged = tf.reduce_mean((net(x, training=True) - y) ** 2)
    slopes = np.concatenate(
        [np.ravel(s) for s in tape.gradient(judged, [v.value for v in net.trainable_variables])]
    )
    loss, found = overfitting.gradient(layers, x, y)
    assert loss == pytest.approx(float(judged))
    np.testing.assert_allclose(found, slopes, atol=1e-8)
    np.testing.assert_allclose(overfitting.forward(layers, x)[0], net(x, training=False), atol=1e-7)


def test_slopes_through_dropped_units_are_differences():
    theta, layers = overfitting._begin([1, 5, 4, 1], False, np.random.default_rng(1))
    theta *= 5
    x, y = bn.fundamentals.ten_points().to_numpy()[:, :1], bn.fundamentals.ten_points().to_numpy()[:, 1:]

    def loss(at=None, by=0.0):
        if at is not None:
            theta[at] += by
        found = overfitting.gradient(copy.deepcopy(layers), x, y, 0.4, np.random.default_rng(7))
        if at is not None:
            theta[at] -= by
        return found

    slopes = loss()[1]
    found = [(loss(i, 1e-5)[0] - loss(i, -1e-5)[0]) / 2e-5 for i in range(theta.size)]
    np.testing.assert_allclose(slopes, found, atol=1e-7)


def fit_each(**steps):
    """Fit the ten points by each regulariser that is named, in so many steps."""
    points = bn.fundamentals.ten_points()
    fit = bn.fundamentals.fit_curve
    return {r: fit(points["x"], points["y"], r, steps=n, seed=1) for r, n in steps.items()}


@pytest.fixture(scope="module")
def fits():
    """A short fit by each regulariser; long tests below have the exercise's 10,000 steps."""
    return fit_each(none=1500, dropout=1500, batch_norm=200)


def test_weights_are_counted(fits):
    assert fits["none"].n_weights == fits["none"].n_trainable == 16_321
    assert (fits["batch_norm"].n_weights, fits["batch_norm"].n_trainable) == (17_361, 16_841)


def assert_smoother(fits):
    assert fits["none"].total_variation > fits["dropout"].total_variation
    assert fits["dropout"].train_loss > fits["none"].train_loss


def test_dropout_is_smoother_than_learning_by_heart(fits):
    assert_smoother(fits)


@pytest.mark.long
def test_after_all_steps_both_are_where_the_exercise_is():
    fits = fit_each(none=10_000, dropout=10_000)
    assert_smoother(fits)
    assert fits["none"].train_loss < 0.12
    assert 10 < fits["none"].total_variation < 12.2
    assert fits["dropout"].train_loss == pytest.approx(0.18, abs=0.01)
    assert fits["dropout"].total_variation == pytest.approx(7.2, abs=0.2)


@pytest.mark.long
def test_batch_normalisation_in_use_is_in_the_exercise_s_range_and_worse_than_as_it_trains():
    points = bn.fundamentals.ten_points().to_numpy()
    x, y, rng = points[:, :1], points[:, 1:], np.random.default_rng(1)
    theta, layers = overfitting._begin([1, 30, 100, 100, 30, 1], True, rng)
    state, losses = {}, []
    with overfitting.one_matrix_thread():
        for step in range(1, 10_001):
            rows = rng.integers(0, 10, 50)
            theta += overfitting.adam(state, overfitting.gradient(layers, x[rows], y[rows])[1], step, 0.001)
            if step > 8000 and step % 20 == 0:
                ways = [overfitting.forward(layers, x, training=training)[0] for training in (False, True)]
                losses.append([np.mean((outputs - y) ** 2) for outputs in ways])
    in_use, as_it_trains = np.median(losses, axis=0)  # any one step hangs on rounding: .3 to 2.5
    assert 0.47 <= in_use <= 1.30
    assert as_it_trains < in_use / 2


def test_the_loss_is_told_in_use_and_as_it_trains(fits):
    fit = fits["batch_norm"]
    trains = np.mean((fit.cases["training"] - fit.cases["y"]) ** 2)
    assert f"{fit.train_loss:.4g} in use, {trains:.4g} as it trains" in repr(fit)


def test_moving_averages_move_by_a_hundredth_of_the_way_and_use_takes_them():
    theta, layers = overfitting._begin([1, 4, 1], True, np.random.default_rng(1))
    x, y = bn.fundamentals.ten_points().to_numpy()[:, :1], bn.fundamentals.ten_points().to_numpy()[:, 1:]
    theta *= 5
    before, net = overfitting.forward(layers, x)[0], x @ layers[0]["weights"] + layers[0]["bias"]
    overfitting.gradient(layers, x, y)
    mean, variance = layers[0]["moving"]
    np.testing.assert_allclose(mean, 0.01 * net.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(variance, 0.99 + 0.01 * net.var(axis=0), rtol=1e-12)
    assert np.abs(overfitting.forward(layers, x)[0] - before).max() > 1e-5  # no weight has changed


def test_training_and_use_differ_where_a_layer_has_two_ways(fits):
    gap = {r: np.abs(f.cases["training"] - f.cases["use"]).max() for r, f in fits.items()}
    assert gap["none"] == 0
    assert min(gap["dropout"], gap["batch_norm"]) > 0.1


def test_seeds_repeat_figures_are_drawn_and_others_refused(fits, tmp_path):
    points = bn.fundamentals.ten_points()
    once, again = (
        bn.fundamentals.fit_curve(points["x"], points["y"], "dropout", steps=3, seed=5) for _ in range(2)
    )
    assert once.curve.equals(again.curve)
    for regulariser, fit in fits.items():
        fit.plot(tmp_path / f"{regulariser}.png")
    with pytest.raises(bn.InputError, match="`regulariser` must be one of"):
        bn.fundamentals.fit_curve([1, 2], [1, 2], "l2")
    with pytest.raises(bn.InputError, match="one for each point"):
        bn.fundamentals.fit_curve([1, 2], [1, 2, 3])
