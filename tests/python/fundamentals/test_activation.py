"""Activations equal TensorFlow's, slopes their finite differences; sigmoids turn into steps."""

import numpy as np
import pytest

import bineural as bn

X = np.linspace(-6, 6, 48)  # without 0
NAMES = bn.fundamentals.list_activations()


@pytest.mark.parametrize("name", NAMES)
def test_the_derivative_is_the_limit_of_differences(name):
    h = 1e-6
    differences = (bn.fundamentals.activate(X + h, name) - bn.fundamentals.activate(X - h, name)) / (2 * h)
    np.testing.assert_allclose(bn.fundamentals.activate(X, name, derivative=True), differences, atol=1e-8)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"identity", "step"}))
def test_values_and_slopes_are_tensorflow_s_also_at_0(name):
    import tensorflow as tf

    judge = {"leaky_relu": tf.nn.leaky_relu, "softplus": tf.nn.softplus, "abs": tf.abs}
    x = tf.constant(np.append(X, [0.0, -800.0, 800.0]))
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = judge.get(name, getattr(tf.nn, name, None))(x)
    np.testing.assert_allclose(bn.fundamentals.activate(x, name), value, rtol=2e-8)  # its leak is float32
    np.testing.assert_allclose(
        bn.fundamentals.activate(x, name, derivative=True), tape.gradient(value, x), atol=2e-8
    )


def test_known_identities():
    np.testing.assert_allclose(
        bn.fundamentals.activate(X, "tanh"), 2 * bn.fundamentals.activate(2 * X) - 1, atol=1e-15
    )
    np.testing.assert_allclose(
        bn.fundamentals.activate(X, "softplus", derivative=True), bn.fundamentals.activate(X)
    )
    assert bn.fundamentals.activate(X, derivative=True).max() <= 0.25


@pytest.mark.parametrize("weight, bias", [(1e4, -0.47e4), (1e4, 5e3)])
def test_a_sigmoid_of_a_large_weight_is_a_step_at_minus_bias_over_weight(weight, bias):
    sides = -bias / weight + np.array([-0.01, 0.01])
    np.testing.assert_allclose(bn.fundamentals.activate(weight * sides + bias), [0, 1], atol=1e-12)
    apart = [
        np.abs(bn.fundamentals.activate(w * X) - bn.fundamentals.activate(X, "step")).max()
        for w in (1, 10, 100, 1000)
    ]
    assert apart == sorted(apart, reverse=True) and apart[-1] < 1e-12


def test_the_slope_of_a_step_at_0_is_not_a_number():
    assert np.isnan(bn.fundamentals.activate(0.0, "step", derivative=True))


def test_figures_have_a_curve_for_each_activation_and_weight(tmp_path):
    figure = bn.fundamentals.plot_activation(["relu", "tanh"], weights=[1, 2], path=tmp_path / "a.png")
    assert [len(axes.lines) for axes in figure.axes] == [4, 4]
    with pytest.raises(bn.InputError, match="numbers other than 0"):
        bn.fundamentals.plot_activation("relu", weights=0)
    with pytest.raises(bn.InputError, match="Did you mean 'relu'"):
        bn.fundamentals.activate(1.0, "rellu")
