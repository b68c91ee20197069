"""Layers train as Keras trains them, and beat least squares on the Boston houses."""

import numpy as np
import pytest

import bineural as bn
from bineural.fundamentals.layer_state import begin_state
from bineural.fundamentals.table_scaling import learn_scaling
from rjudge import numbers, r


@pytest.fixture(scope="module")
def boston():
    r("data(BostonHousing, package = 'mlbench')")
    x = numbers("model.matrix(medv ~ . - 1, transform(BostonHousing, chas = as.integer(chas == '1')))")
    return x, numbers("BostonHousing$medv")


def test_weights_are_counted():
    rng = np.random.default_rng(1)
    fit = bn.fundamentals.fit_layers(rng.normal(size=(40, 17)), rng.normal(size=40), epochs=1, seed=1)
    assert fit.n_weights == 1665 == sum(w.size for w in fit.weights) + sum(b.size for b in fit.biases)
    assert fit.layers["weights"].tolist() == [17 * 32 + 32, 32 * 32 + 32, 32 + 1]
    assert fit.activations == ["relu", "relu", "identity"]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_layers_beat_least_squares_on_houses_they_did_not_see(boston, seed):
    x, y = boston
    order = np.random.default_rng(seed).permutation(len(y))
    train, test = order[:380], order[380:]
    fit = bn.fundamentals.fit_layers(x[train], y[train], x[test], y[test], epochs=100, seed=seed)
    mse = fit.measures.query("rows == 'test'").set_index("model")["mse"]
    assert mse["layers"] < mse["least squares"]
    judge = bn.fit_glm("y ~ .", dict_frame(x[train], y[train]), family="gaussian")
    predicted = judge.predict(dict_frame(x[test], y[test]))
    assert mse["least squares"] == pytest.approx(np.mean((predicted - y[test]) ** 2))
    assert fit.n_traces == 1


def dict_frame(x, y):
    import pandas as pd

    return pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])]).assign(y=y)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_steps_are_keras_s(boston, momentum):
    import keras

    x, y = np.delete(boston[0], 3, axis=1)[:70], boston[1][:70]  # no house of these 70 is at the river
    fit = bn.fundamentals.fit_layers(
        x, y, units=[6, 4], activation="tanh", momentum=momentum, epochs=2, seed=5
    )
    z, t = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
    net = keras.Sequential([keras.Input((12,))])
    for layer in begin_state(learn_scaling(x, y, "sd"), [6, 4], "tanh", 5).layers:
        keras_name = None if layer.activation == "identity" else layer.activation
        net.add(keras.layers.Dense(layer.weights.shape[1], activation=keras_name))
        net.layers[-1].set_weights([layer.weights.numpy(), layer.bias.numpy()])
    net.compile(keras.optimizers.SGD(0.01, momentum=momentum), "mse")
    losses = [net.evaluate(z, t, verbose=0)]
    for epoch in range(2):
        order = np.random.default_rng([5, epoch]).permutation(70)
        for batch in np.split(order, [32, 64]):
            net.train_on_batch(z[batch], t[batch])
        losses.append(net.evaluate(z, t, verbose=0))
    for found, known in zip([p for pair in zip(fit.weights, fit.biases) for p in pair], net.get_weights()):
        np.testing.assert_allclose(found, known, atol=1e-5)
    np.testing.assert_allclose(fit.history["train"], losses, rtol=1e-4)


def test_predictions_are_those_of_the_same_network_by_hand(boston):
    x, y = boston
    fit = bn.fundamentals.fit_layers(x, y, units=8, epochs=2, seed=1)
    network = bn.fundamentals.build_network(fit.weights, fit.biases)
    scaled = network((x - x.mean(axis=0)) / x.std(axis=0))
    np.testing.assert_allclose(fit.predict(x), y.mean() + y.std() * scaled, rtol=1e-5)
    assert fit.measures["mse"][0] == pytest.approx(np.mean((fit.predict(x) - y) ** 2))


@pytest.mark.long
def test_nothing_is_learnt_from_test_rows_and_seeds_repeat(boston):
    x, y = np.delete(boston[0], 3, axis=1), boston[1]
    fits = [
        bn.fundamentals.fit_layers(x[:99], y[:99], x[400:] * k, y[400:], epochs=2, seed=s)
        for k, s in [(1, 1), (3, 1), (1, 2)]
    ]
    assert all(np.array_equal(a, b) for a, b in zip(fits[0].weights, fits[1].weights))
    assert not np.array_equal(fits[0].weights[0], fits[2].weights[0])


def test_figures_are_drawn_and_others_refused(tmp_path):
    fit = bn.fundamentals.fit_layers([[1], [2], [4]], [1, 2, 3], [[3]], [3], epochs=3, seed=1)
    fit.plot(tmp_path / "losses.png")
    assert (tmp_path / "losses.png").stat().st_size > 1000
    assert "after 3 epochs (seed 1)" in repr(fit)
    for options, message in [
        ({"momentum": 1}, "`momentum` must be a number of at least 0"),
        ({"units": [3, 0]}, "`units` must be a whole number"),
        ({"activation": "rellu"}, "`activation` must be one of"),
        ({"target_scale": "min"}, "`target_scale` must be one of"),
        ({"seed": -1}, "`seed` must be"),
        ({"save_to": "/no/such/folder/a"}, "`save_to` must be in a folder that exists"),
        ({"learning_rate": 1e6}, "must not run away"),
    ]:
        with pytest.raises(bn.InputError, match=message):
            bn.fundamentals.fit_layers([[1], [2], [4]], [1, 2, 3], epochs=20, **options)


@pytest.mark.long
def test_many_fits_make_tensorflow_say_nothing(caplog):
    x = np.random.default_rng(1).normal(size=(20, 2))
    for n in range(8, 20):
        bn.fundamentals.fit_layers(x[:n], x[:n, 0], units=2, epochs=2, seed=1)
        bn.fundamentals.fit_tensors(x[:n], x[:n, 0] + 9, epochs=2)
        bn.fundamentals.trace_graph("x * x", {"x": x[:n]})
    bn.fundamentals.trace_graph("x * x", [{"x": x[:n]} for n in range(1, 20)])
    assert caplog.records == []
