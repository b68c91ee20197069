"""Every rule takes the steps that Keras takes."""

import numpy as np
import pytest

import bineural as bn

RULES = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]


def keras_rule(name, rate):
    import keras

    return {
        "sgd": lambda: keras.optimizers.SGD(rate),
        "momentum": lambda: keras.optimizers.SGD(rate, momentum=0.9),
        "nesterov": lambda: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        "adagrad": lambda: keras.optimizers.Adagrad(rate),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate),
        "adam": lambda: keras.optimizers.Adam(rate),
    }[name]()


@pytest.mark.parametrize("name", RULES)
def test_five_steps_are_keras_s(name):
    import keras

    weights = keras.Variable(np.array([5.0, 1.0]), dtype="float64")
    rule = keras_rule(name, 0.0625)  # exact in the float32 that Keras keeps it in
    descent = bn.fundamentals.descend_gradient(
        lambda w: w * [1, 20], [5, 1], name, learning_rate=0.0625, steps=5
    )
    for step in range(5):
        rule.apply([np.asarray(weights) * [1.0, 20.0]], [weights])
        np.testing.assert_allclose(descent.path[["w1", "w2"]].iloc[step + 1], weights, rtol=2e-6, atol=2e-6)


def test_plain_descent_of_a_parabola_has_a_closed_form():
    descent = bn.fundamentals.descend_gradient(lambda w: 2 * w, [3.0], learning_rate=0.1, steps=20)
    np.testing.assert_allclose(descent.path["w1"], 3 * 0.8 ** np.arange(21))


@pytest.mark.parametrize("name", RULES)
def test_every_rule_lowers_the_loss(name):
    descent = bn.fundamentals.descend_gradient(
        lambda w: w * [1, 20], [5, 1], name, 0.04, 60, loss=lambda w: (w**2 * [1, 20]).sum() / 2
    )
    assert descent.path["loss"].iloc[-1] < 0.6 * descent.path["loss"].iloc[0]


def test_several_rules_share_a_figure(tmp_path):
    descent = bn.fundamentals.descend_gradient(
        lambda w: w, [5, 1], RULES, loss=lambda w: (w**2).sum(), steps=3
    )
    assert descent.path["optimizer"].unique().tolist() == RULES
    assert len(descent.plot(tmp_path / "paths.png").axes[0].lines) == 6
    assert bn.fundamentals.descend_gradient(lambda w: w, [5.0]).plot().axes[0].get_ylabel() == "w1"


def test_what_is_no_rule_or_no_gradient_is_refused():
    with pytest.raises(bn.InputError, match="Did you mean 'adam'"):
        bn.fundamentals.descend_gradient(lambda w: w, [1], "Adam")
    with pytest.raises(bn.InputError, match="`gradient` must return one number for each weight"):
        bn.fundamentals.descend_gradient(lambda w: [1, 2, 3], [1, 2])
    with pytest.raises(bn.InputError, match="must not run away"):
        bn.fundamentals.descend_gradient(lambda w: 2 * w, [1.0], learning_rate=2, steps=1000)
