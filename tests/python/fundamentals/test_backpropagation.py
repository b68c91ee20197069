"""One sweep backwards gives TensorFlow's gradients, and trains a net on the patterns of the lab."""

import numpy as np
import pytest

import bineural as bn


def random_network(activation, output, widths=(3, 5, 4, 2), seed=1):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) for pair in zip(widths, widths[1:])]
    return bn.build_network(weights, [rng.normal(size=n) for n in widths[1:]], activation, output)


def outcome(output, n):
    rng = np.random.default_rng(2)
    return {
        "identity": rng.normal(size=(n, 2)),
        "sigmoid": rng.integers(0, 2, (n, 2)),
        "softmax": rng.integers(0, 2, n),
    }[output]


@pytest.mark.parametrize("output", ["identity", "sigmoid", "softmax"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_gradients_are_tensorflow_s(activation, output):
    import tensorflow as tf

    network, x = random_network(activation, output), np.random.default_rng(3).normal(size=(7, 3))
    y = outcome(output, 7)
    weights, biases = [tf.Variable(w) for w in network.weights], [tf.Variable(b) for b in network.biases]
    with tf.GradientTape() as tape:
        values = tf.constant(x)
        for i, (w, b) in enumerate(zip(weights, biases)):
            values = values @ w + b
            values = getattr(tf.nn, activation)(values) if i < 2 else values
        if output == "identity":
            each = tf.reduce_sum((values - y) ** 2, axis=1)
        elif output == "sigmoid":
            each = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(y.astype(float), values), axis=1)
        else:
            each = tf.nn.sparse_softmax_cross_entropy_with_logits(y, values)
        loss = tf.reduce_mean(each)
    slopes = tape.gradient(loss, weights + biases)
    found = bn.backpropagate(network, x, y)
    assert found.loss == pytest.approx(float(loss), rel=1e-12)
    for mine, judge in zip(found.weights + found.biases, slopes):
        np.testing.assert_allclose(mine, judge, rtol=1e-9, atol=1e-12)


def test_gradients_are_the_limits_of_differences():
    network, x = (
        random_network("sigmoid", "sigmoid", (2, 4, 1)),
        np.random.default_rng(3).normal(size=(20, 2)),
    )
    y, h = np.arange(20) % 2, 1e-6
    found = bn.backpropagate(network, x, y)
    for weights, slopes in zip(network.weights + network.biases, found.weights + found.biases):
        for place in np.ndindex(weights.shape):
            kept, losses = weights[place], []
            for d in (h, -h):
                weights[place] = kept + d
                losses.append(bn.backpropagate(network, x, y).loss)
            weights[place] = kept
            assert slopes[place] == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-6)


@pytest.mark.parametrize(
    "pattern, at_least", [("diamond", 0.95), ("circle", 0.94), ("square", 0.94), ("corner", 0.98)]
)
def test_four_hidden_units_learn_the_patterns(pattern, at_least):
    rows = bn.make_pattern(pattern, 500, seed=2)
    fit = bn.fit_two_layers(rows[["x1", "x2"]], rows["inside"], seed=2)
    last = fit.history.iloc[-1]
    assert last["accuracy"] >= at_least and last["loss"] < 0.2
    np.testing.assert_allclose(
        np.mean((fit.network(rows[["x1", "x2"]]) > 0.5) == rows["inside"]), last["accuracy"]
    )


def test_no_hidden_layer_learns_none_of_the_closed_patterns():
    rows = bn.make_pattern("diamond", 500, seed=2)
    logit = bn.fit_neuron(rows[["x1", "x2"]], rows["inside"], "sigmoid", learning_rate=0.5, steps=2000)
    assert np.mean((rows[["x1", "x2"]] @ logit.weights + logit.bias > 0) == rows["inside"]) < 0.65


def test_patterns_cover_their_area():
    shares = {
        p: bn.make_pattern(p, 20_000, seed=1)["inside"].mean()
        for p in ("circle", "diamond", "square", "corner")
    }
    expected = {"circle": np.pi * 0.75**2 / 4, "diamond": 0.5, "square": 0.25, "corner": 0.75}
    assert shares == pytest.approx(expected, abs=0.015)


def test_the_seed_decides_and_the_figure_is_drawn(tmp_path):
    rows = bn.make_pattern(n_rows=50, seed=1)
    fits = [bn.fit_two_layers(rows[["x1", "x2"]], rows["inside"], epochs=20, seed=s) for s in (1, 1, 2)]
    assert fits[0].history.equals(fits[1].history) and not fits[0].history.equals(fits[2].history)
    fits[0].plot(tmp_path / "plane.png")
    bn.fit_two_layers(np.eye(3), [0, 1, 1], epochs=3, seed=1).plot(tmp_path / "loss.png")


def test_an_outcome_that_does_not_go_with_the_output_is_refused():
    with pytest.raises(bn.InputError, match="must be 0 and 1 for a sigmoid"):
        bn.backpropagate(random_network("relu", "sigmoid", (1, 1)), [[1.0]], [0.5])
    with pytest.raises(bn.InputError, match="must go with the network's 2 outputs"):
        bn.backpropagate(random_network("relu", "softmax"), np.ones((2, 3)), [0, 5])
    with pytest.raises(bn.InputError, match="`pattern` must be one of"):
        bn.make_pattern("star")
