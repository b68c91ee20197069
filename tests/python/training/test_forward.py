"""Many nets that predict together give what each gives alone."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.training import Blueprint, forward, predict_net, predict_nets
from bineural.training.initial_weights import each_initial_value

layers = keras.layers


def plan_of(*inner, shape=(3,)):
    return Blueprint.from_model(keras.Sequential([keras.Input(shape), *inner, layers.Dense(2)]))


def weights_of(plan, seed):
    values = [value[0] for value in each_initial_value([plan], [seed])]
    return [values[i] for i in plan.layout.weights]


def test_nets_of_several_layouts_and_numbers_of_rows_predict_what_each_predicts_alone(monkeypatch):
    monkeypatch.setattr(forward, "block_rows", lambda inputs: 200)  # 3 nets of 64 rows at once
    rng = np.random.default_rng(1)
    wide = plan_of(layers.Dense(4, "relu"), layers.BatchNormalization(), layers.Dropout(0.5))
    other = plan_of(layers.Lambda(abs))  # no wide form
    long = plan_of(layers.Dense(2, "tanh"))
    plans = [wide] * 7 + [other] * 2 + [long] * 2 + [wide]
    sizes = [5, 9, 64, 0, 1, 30, 2, 4, 3, 500, 400, 12]
    weights = [weights_of(plan, seed) for seed, plan in enumerate(plans)]
    inputs = [rng.normal(size=(n, 3)) for n in sizes]
    together = predict_nets(plans, weights, inputs)
    for plan, own, x, output in zip(plans, weights, inputs, together):
        assert output.shape == (len(x), 2) and output.dtype == np.float32
        np.testing.assert_allclose(output, predict_net(plan, own, x), atol=2e-6, rtol=1e-6)


def test_inputs_by_name_and_several_outputs_are_kept():
    x = keras.Input((3,), name="x")
    plan = Blueprint.from_model(keras.Model({"x": x}, {"a": layers.Dense(1)(x), "b": layers.Dense(2)(x)}))
    weights = [weights_of(plan, seed) for seed in (1, 2)]
    rows = [{"x": np.ones((n, 3))} for n in (4, 2)]
    for own, x, output in zip(weights, rows, predict_nets([plan] * 2, weights, rows)):
        alone = predict_net(plan, own, x)
        assert list(output) == ["a", "b"]
        for name in output:
            np.testing.assert_allclose(output[name], alone[name], atol=2e-6)


def test_no_nets_predict_nothing():
    assert predict_nets([], [], []) == []


@pytest.mark.parametrize("n", [1, 3])
def test_images_predict_together_too(n):
    plan = plan_of(layers.Conv2D(2, 3), layers.GlobalMaxPooling2D(), shape=(6, 5, 1))
    weights = [weights_of(plan, seed) for seed in range(n)]
    images = [np.random.default_rng(i).normal(size=(4 + i, 6, 5, 1)) for i in range(n)]
    for own, x, output in zip(weights, images, predict_nets([plan] * n, weights, images)):
        np.testing.assert_allclose(output, predict_net(plan, own, x), atol=2e-6)
