"""One sweep backwards gives TensorFlow's gradients."""

import numpy as np
import pytest

import bineural as bn


def random_network(activation, output, widths=(3, 5, 4, 2), seed=1):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) for pair in zip(widths, widths[1:])]
    return bn.fundamentals.build_network(
        weights, [rng.normal(size=n) for n in widths[1:]], activation, output
    )


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
    found = bn.fundamentals.backpropagate(network, x, y)
    assert found.loss == pytest.approx(float(loss), rel=1e-12)
    for mine, judge in zip(found.weights + found.biases, slopes):
        np.testing.assert_allclose(mine, judge, rtol=1e-9, atol=1e-12)


def test_gradients_are_the_limits_of_differences():
    network, x = (
        random_network("sigmoid", "sigmoid", (2, 4, 1)),
        np.random.default_rng(3).normal(size=(20, 2)),
    )
    y, h = np.arange(20) % 2, 1e-6
    found = bn.fundamentals.backpropagate(network, x, y)
    for weights, slopes in zip(network.weights + network.biases, found.weights + found.biases):
        for place in np.ndindex(weights.shape):
            kept, losses = weights[place], []
            for d in (h, -h):
                weights[place] = kept + d
                losses.append(bn.fundamentals.backpropagate(network, x, y).loss)
            weights[place] = kept
            assert slopes[place] == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-6)


def test_an_outcome_that_does_not_go_with_the_output_is_refused():
    with pytest.raises(bn.InputError, match="must be 0 and 1 for a sigmoid"):
        bn.fundamentals.backpropagate(random_network("relu", "sigmoid", (1, 1)), [[1.0]], [0.5])
    with pytest.raises(bn.InputError, match="must go with the network's 2 outputs"):
        bn.fundamentals.backpropagate(random_network("relu", "softmax"), np.ones((2, 3)), [0, 5])
