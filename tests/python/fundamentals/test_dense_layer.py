"""A dense layer computes what Keras's does, and its first weights have the spread of a cut normal."""

import numpy as np
import pytest
from scipy.stats import kstest, truncnorm

import bineural as bn


def test_weights_are_cut_at_two_standard_deviations_and_so_their_spread_is_smaller():
    sd = 2 / np.sqrt(1000 + 600)
    weights = bn.fundamentals.draw_weights(1000, 600, seed=1)
    assert weights.shape == (1000, 600) and weights.dtype == np.float32
    assert np.abs(weights).max() <= 2 * sd * (1 + 1e-6)
    assert weights.std() / sd == pytest.approx(0.87962, abs=0.002)
    assert truncnorm(-2, 2).std() == pytest.approx(0.87962, abs=1e-5)
    assert kstest(weights.ravel()[:20_000] / sd, truncnorm(-2, 2).cdf).pvalue > 0.001


def test_corrected_weights_have_the_spread_that_was_asked_for():
    weights = bn.fundamentals.draw_weights(600, 1000, corrected=True, seed=1)
    assert weights.std() == pytest.approx(2 / np.sqrt(1600), rel=0.003)


def test_seeds_repeat_weights():
    once, again, other = (bn.fundamentals.draw_weights(5, 4, seed=s) for s in (3, 3, 4))
    assert np.array_equal(once, again) and not np.array_equal(once, other)
    with pytest.raises(bn.InputError, match="`n_units` must be a whole number"):
        bn.fundamentals.draw_weights(5, 0)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "identity"])
def test_a_layer_is_keras_s(activation):
    import keras

    rng = np.random.default_rng(1)
    x, bias = rng.normal(size=(7, 5)).astype("float32"), rng.normal(size=4).astype("float32")
    layer = bn.fundamentals.DenseLayer(bn.fundamentals.draw_weights(5, 4, seed=1), bias, activation)
    judge = keras.layers.Dense(4, activation=None if activation == "identity" else activation)
    judge.build((None, 5))
    judge.set_weights([layer.weights.numpy(), bias])
    np.testing.assert_allclose(layer(x), judge(x), atol=1e-6)


def test_layers_begin_with_bias_0_and_know_their_variables():
    layer = bn.fundamentals.DenseLayer(np.ones((3, 2)))
    assert layer.bias.numpy().tolist() == [0, 0]
    assert len(layer.trainable_variables) == 2
    with pytest.raises(bn.InputError, match="`activation` must be one of"):
        bn.fundamentals.DenseLayer(np.ones((3, 2)), activation="rellu")
