"""Descent ends where least squares and R's glm end; the workshops' figures are reproduced to their digits."""

import numpy as np
import pytest

import bineural as bn
from rjudge import assign, numbers

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def line_rows():
    rng = np.random.RandomState(1)
    noise = 0.2 * rng.randn(25)
    x = rng.randn(25)
    return x, 4 + x + noise


def bent_rows():
    rng = np.random.RandomState(1)
    x = rng.normal(4, 1, 200)
    return x, np.where(x >= 3.5, x, 3.5 + (x - 3.5) ** 2) + 0.2 * rng.randn(200)


def separable_rows(n=10_000):
    rng = np.random.RandomState(0)
    x = np.column_stack([5 * rng.rand(n), 4 * rng.rand(n)])
    return x, (-6 + 2 * x[:, 0] + x[:, 1] > 0).astype(int)


def test_descent_reaches_least_squares_and_the_published_line():
    x, y = line_rows()
    fit = bn.fundamentals.fit_neuron(x, y, learning_rate=0.1, steps=500)
    assert [fit.bias, *fit.weights] == pytest.approx([4.00104983, 1.09388587], abs=1e-8)
    assert len(x) * fit.loss == pytest.approx(0.99852225, abs=1e-8)
    assign("x", x), assign("y", y)
    np.testing.assert_allclose(fit.least_squares, numbers("coef(lm(y ~ x))"), rtol=1e-12)
    np.testing.assert_allclose([fit.bias, *fit.weights], fit.least_squares, atol=1e-6)


def test_the_lowest_point_of_the_surface_is_next_to_least_squares():
    fit = bn.fundamentals.fit_neuron(*line_rows(), learning_rate=0.1)
    lowest = fit.surface.loc[fit.surface["loss"].idxmin()]
    cell = (
        fit.surface["bias"].drop_duplicates().diff().max(),
        fit.surface["w1"].drop_duplicates().diff().max(),
    )
    assert np.all(np.abs(lowest[["bias", "w1"]] - fit.least_squares) <= cell)


def test_the_losses_of_the_workshop_s_linear_neuron():
    fit = bn.fundamentals.fit_neuron(*bent_rows(), steps=100)
    losses = fit.path.set_index("step")["loss"]
    assert losses[0] == pytest.approx(19.76528863484338, rel=1e-14)
    assert losses[[10, 90]].tolist() == pytest.approx([0.686565, 0.647366], abs=1e-6)


def test_the_losses_of_the_workshop_s_relu_neuron():
    fit = bn.fundamentals.fit_neuron(*bent_rows(), "relu", [0.1], 0.1, steps=100)
    losses = fit.path.set_index("step")["loss"]
    assert losses[[0, 90]].tolist() == pytest.approx([15.4885315, 0.6331678], rel=1e-7)
    assert [*fit.weights, fit.bias] == pytest.approx([0.9204760, 0.5067595], abs=1e-7)


def test_a_relu_learns_and_as_in_the_exercise():
    fit = bn.fundamentals.fit_neuron(
        PAIRS, [0, 0, 0, 1], "relu", [0.1, 0.2], 0.3, learning_rate=0.1, reduction="sum"
    )
    losses = fit.path["loss"]  # the exercise counts the start as step 1
    assert losses[[0, 1]].tolist() == pytest.approx([0.66, 0.516], abs=1e-12)
    assert losses[[9, 99]].tolist() == pytest.approx([0.2557, 4.76e-4], rel=1e-3)
    assert [*fit.weights, fit.bias] == pytest.approx([1, 1, -1], abs=1e-9)
    assert fit.loss < 1e-30
    answers = bn.fundamentals.activate(np.array(PAIRS) @ fit.weights + fit.bias, "relu") > 0.01
    assert answers.tolist() == [False, False, False, True]


def test_a_sigmoid_neuron_is_r_s_glm():
    kyphosis = bn.load_dataset("kyphosis")
    x = kyphosis[["Age", "Number", "Start"]]
    scaled, y = (x - x.mean()) / x.std(), (kyphosis["Kyphosis"] == "present").to_numpy(int)
    fit = bn.fundamentals.fit_neuron(scaled, y, "sigmoid", learning_rate=1, steps=2000)
    weights = fit.weights / x.std()
    published = [-2.03693352130, 0.01093048214, 0.41060118693, -0.20651004975]
    assert [fit.bias - (weights * x.mean()).sum(), *weights] == pytest.approx(published, rel=1e-6)
    assert 2 * len(y) * fit.loss == pytest.approx(61.37993, abs=1e-5)


@pytest.mark.parametrize("batch_size, at_least", [(None, 0.985), (50, 0.98), (1, 0.95)])
def test_batch_mini_batch_and_stochastic_descent_find_the_line_between_classes(batch_size, at_least):
    x, y = separable_rows(2000)
    fit = bn.fundamentals.fit_neuron(
        x, y, "sigmoid", learning_rate=0.05, steps=10_000, batch_size=batch_size, seed=1
    )
    assert np.mean((x @ fit.weights + fit.bias > 0) == y) >= at_least
    assert fit.weights @ [2, 3] + fit.bias > 0


def test_smaller_batches_wander_more():
    x, y = separable_rows(2000)
    spread = []
    for batch_size in (1, 50, None):
        fit = bn.fundamentals.fit_neuron(
            x, y, "sigmoid", learning_rate=0.05, steps=1000, batch_size=batch_size, seed=1
        )
        spread.append(fit.path[["bias", "w1", "w2"]].diff().diff().var().sum())
    assert spread == sorted(spread, reverse=True)


def test_a_batch_of_all_rows_is_batch_descent():
    x, y = separable_rows(200)
    fits = [
        bn.fundamentals.fit_neuron(x, y, "sigmoid", steps=50, batch_size=size, seed=1)
        for size in (None, 200, 999)
    ]
    assert fits[0].path.equals(fits[1].path) and fits[0].path.equals(fits[2].path)


def test_batch_descent_on_the_lecture_s_ten_thousand_rows():
    x, y = separable_rows()
    fit = bn.fundamentals.fit_neuron(x, y, "sigmoid", learning_rate=0.05, steps=10_000)
    assert np.mean((x @ fit.weights + fit.bias > 0) == y) == pytest.approx(0.988, abs=5e-4)


def test_stochastic_descent_in_order_is_the_loop_that_it_says():
    x, y = separable_rows(30)
    fit = bn.fundamentals.fit_neuron(
        x, y, weights=[3, 3], bias=3, learning_rate=1e-3, steps=60, batch_size=1, shuffle=False
    )
    at = np.array([3.0, 3.0, 3.0])
    for _ in range(2):
        for row, truth in zip(np.column_stack([np.ones(30), x]), y):
            at = at - 1e-3 * 2 * (row @ at - truth) * row
    np.testing.assert_allclose([fit.bias, *fit.weights], at)


def test_an_epoch_visits_every_row_once():
    x, y = np.eye(5), np.ones(5)
    fit = bn.fundamentals.fit_neuron(x, y, learning_rate=0.1, steps=3, batch_size=2, seed=1)
    assert np.count_nonzero(fit.weights) == 5
    in_order = bn.fundamentals.fit_neuron(x, y, learning_rate=0.1, steps=1, batch_size=2, shuffle=False)
    assert np.flatnonzero(in_order.weights).tolist() == [0, 1]


@pytest.mark.parametrize(
    "activation", ["identity", "sigmoid", "relu", "leaky_relu", "softplus", "tanh", "abs"]
)
def test_one_step_is_tensorflow_s(activation):
    import tensorflow as tf

    x, y = separable_rows(30)
    x = x - 2
    weights, bias = tf.Variable([[0.3], [-0.2]], dtype="float64"), tf.Variable(0.1, dtype="float64")
    with tf.GradientTape() as tape:
        net = (tf.matmul(x, weights) + bias)[:, 0]
        if activation == "sigmoid":
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y.astype(float), net))
        else:
            judge = {"identity": tf.identity, "abs": tf.abs}.get(activation) or getattr(tf.nn, activation)
            loss = tf.reduce_mean((judge(net) - y) ** 2)
    slopes = tape.gradient(loss, [weights, bias])
    fit = bn.fundamentals.fit_neuron(x, y, activation, [0.3, -0.2], 0.1, learning_rate=1, steps=1)
    assert fit.path["loss"][0] == pytest.approx(float(loss), rel=1e-8)
    np.testing.assert_allclose([0.3, -0.2] - fit.weights, np.ravel(slopes[0]), rtol=1e-7)
    assert 0.1 - fit.bias == pytest.approx(float(slopes[1]), rel=1e-7)


def test_figures_are_drawn(tmp_path):
    figure = bn.fundamentals.fit_neuron(*line_rows(), learning_rate=0.1, steps=20).plot(
        tmp_path / "surface.png"
    )
    assert len(figure.axes) == 2
    assert len(bn.fundamentals.fit_neuron(PAIRS, [0, 1, 1, 0], steps=5).plot().axes) == 1


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(bn.InputError, match="`y` must be 0 and 1"):
        bn.fundamentals.fit_neuron([1, 2], [0.5, 1], "sigmoid")
    with pytest.raises(bn.InputError, match="`learning_rate` must be a number above 0"):
        bn.fundamentals.fit_neuron([1, 2], [0, 1], learning_rate=0)
    with pytest.raises(bn.InputError, match="Descent must not run away"):
        bn.fundamentals.fit_neuron([10, 20], [0, 1], learning_rate=1)
    with pytest.raises(bn.InputError, match="`reduction` must be one of"):
        bn.fundamentals.fit_neuron([1, 2], [0, 1], reduction="median")
