"""Columns and channels are standardised once: by the net, or by the model that does so itself."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

import bineural as bn
from bineural._tensorflow import keras
from bineural.errors import DroppedWarning, InputError, UnscaledWarning
from long_cases import long_but

# raw columns and weights that are kept make nets that are far worse than none, which is said
pytestmark = pytest.mark.filterwarnings("ignore:The net is far worse than none")
layers = keras.layers
N = 60
STILL = {"optimizer": keras.optimizers.SGD(0.0), "epochs": 1, "seed": 1}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"a": rng.normal(50, 20, N), "b": rng.normal(-3, 0.1, N)})
    table["y"] = np.where(
        (table["a"] - 50) / 20 - 10 * (table["b"] + 3) + rng.normal(size=N) > 0, "yes", "no"
    )
    table["z"] = 5000 + 15 * table["a"]
    return table


@pytest.fixture(scope="module")
def adapted(data):
    """Give a layer that has learnt the columns' means and variances."""
    layer = layers.Normalization()
    layer.adapt(data[["a", "b"]].to_numpy("float32"))
    return layer


def sequence(*inner, shape=(2,)):
    return keras.Sequential([keras.Input(shape), *inner, layers.Dense(1)])


def as_keras_says(model, data):
    return model.predict(data[["a", "b"]].to_numpy("float32"), verbose=0)[:, 0].astype(float)


def test_a_model_that_keeps_its_weights_predicts_as_keras_does(data, adapted):
    """The issue's example: standardised twice, a good model ranked no better than chance."""
    model = sequence(adapted)
    model.layers[-1].set_weights([np.array([[1.0], [-1.0]]), np.array([0.2])])
    options = {"architecture": model, "keep_weights": True, **STILL}
    own = expit(as_keras_says(model, data))
    with pytest.warns(UnscaledWarning, match=r"(?s)keeps its weights \(keep_weights=True\).*scaling=False"):
        net = bn.fit_net("y ~ a + b", data, event="yes", **options)
    np.testing.assert_allclose(net.predict_event(data), own, atol=1e-6)
    truth = (data["y"] == "yes").astype(int)
    assert bn.auroc(truth, net.predict_event(data)) == bn.auroc(truth, own) > 0.8
    twice = bn.fit_net("y ~ a + b", data, event="yes", scaling="standard", **options)
    assert np.abs(twice.predict_event(data) - own).max() > 0.3
    assert (net.scaling_, twice.scaling_) == (False, "standard") and twice.why_unscaled_ == ""
    assert "Columns:      as they are, because it keeps its weights" in net.summary()
    assert "Columns:      standardised" in twice.summary()


def test_a_pretrained_regression_keeps_the_outcomes_unit(data, adapted):
    model = sequence(adapted)
    model.layers[-1].set_weights([np.array([[300.0], [0.0]]), np.array([5750.0])])
    with pytest.warns(UnscaledWarning):
        net = bn.fit_net("z ~ a + b", data, architecture=model, keep_weights=True, **STILL)
    np.testing.assert_allclose(net.predict(data), as_keras_says(model, data), rtol=1e-6)


def frozen():
    layer = layers.Dense(3, name="features")
    layer.trainable = False
    return layer


SELF_SCALING = {
    "Normalization": lambda adapted: sequence(adapted, layers.Dense(3)),
    "'features' is frozen": lambda adapted: sequence(frozen()),
    "begins with a layer Rescaling": lambda adapted: sequence(layers.Rescaling(0.01), layers.Dense(3)),
    "begins with a layer BatchNormalization": lambda adapted: sequence(layers.BatchNormalization()),
    "begins with a layer Embedding": lambda adapted: sequence(layers.Embedding(100, 2), layers.Flatten()),
}


@pytest.mark.parametrize("words", long_but(SELF_SCALING, "Normalization", "begins with a layer Rescaling"))
@pytest.mark.parametrize("by_builder", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_model_that_wants_numbers_as_they_are_gets_them(data, adapted, words, by_builder):
    model = SELF_SCALING[words](adapted)
    architecture = (lambda shape, n_outputs: model) if by_builder else model
    table = data.assign(a=data["a"].round().clip(0, 99), b=np.arange(N) % 7)
    with pytest.warns(UnscaledWarning, match=words):
        net = bn.fit_net("y ~ a + b", table, event="yes", architecture=architecture, **STILL)
    prepared = net.preparation_.transform(table).matrix
    np.testing.assert_array_equal(prepared, table[["a", "b"]].to_numpy(float))


def test_layers_of_that_kind_further_on_change_nothing(data):
    model = sequence(layers.Dense(3), layers.BatchNormalization(), layers.Rescaling(2.0))
    net = bn.fit_net("y ~ a + b", data, event="yes", architecture=model, **STILL)
    prepared = net.preparation_.transform(data).matrix
    np.testing.assert_allclose(prepared.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(prepared.std(0, ddof=1), 1)


@pytest.mark.parametrize("scaling", [False, "standard"])
def test_scaling_is_as_asked_in_memory_and_in_batches(data, scaling):
    table = data.assign(c=1.0)
    options = {"event": "yes", "scaling": scaling, "epochs": 2, "seed": 1, "validation": 0, "ensemble": 1}
    options["numbers"] = "plain"  # as in batches
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DroppedWarning)  # the constant column, where columns are standardised
        whole = bn.fit_net("y ~ a + b + c", table, **options)
        parts = bn.fit_net("y ~ a + b + c", [table[:25], table[25:]], **options)
    assert whole.scaling_ == parts.scaling_ == scaling == whole.preparation_.scaling
    assert whole.input_shape_ == ((2,) if scaling else (3,))
    np.testing.assert_allclose(whole.predict_event(table), parts.predict_event(table), atol=1e-6)


def test_batches_that_go_to_a_model_of_ones_own_follow(data, adapted):
    model = sequence(adapted)
    batches = [data[:20], data[20:]]
    with pytest.warns(UnscaledWarning, match="keeps its weights"):
        net = bn.fit_net("y ~ a + b", batches, event="yes", architecture=model, keep_weights=True, **STILL)
    np.testing.assert_allclose(net.predict_event(data), expit(as_keras_says(model, data)), atol=1e-6)
    builder = lambda shape, n_outputs: sequence(layers.Rescaling(0.5), layers.Dense(2))  # noqa: E731
    with pytest.warns(UnscaledWarning, match="Rescaling"):
        net = bn.fit_net("y ~ a + b", batches, event="yes", architecture=builder, **STILL)
    assert not net.scaling_ and not net.preparation_.centers_.any()


def test_channels_are_standardised_by_the_training_rows(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.normal(size=(N, 4, 3, 2)) * [30, 0.01] + [200, 2]
    y = np.where(images[..., 1].mean(axis=(1, 2)) > 2, "up", "down")
    builder = lambda shape, n: sequence(layers.Flatten(), shape=shape)  # noqa: E731
    weights = np.where(np.arange(N) < 10, 0.0, 1.0)
    options = {"event": "up", "architecture": builder, "epochs": 3, "seed": 1}
    net = bn.fit_net(images, y, weights=weights, **options)
    np.testing.assert_allclose(net.channel_centers_, images[10:].mean(axis=(0, 1, 2)))
    flat = images[10:].reshape(-1, 2)
    np.testing.assert_allclose(net.channel_scales_, flat.std(axis=0, ddof=1))
    other = images.copy()
    other[:10] = 1e6
    again = bn.fit_net(other, y, weights=weights, **options)
    assert (again.predict_event(images) == net.predict_event(images)).all()
    by_hand = bn.fit_net(
        (images - net.channel_centers_) / net.channel_scales_, y, weights=weights, scaling=False, **options
    )
    scaled = (images - net.channel_centers_) / net.channel_scales_
    np.testing.assert_allclose(by_hand.predict_event(scaled), net.predict_event(images), atol=1e-5)
    loaded = bn.load_model(bn.save_model(net, tmp_path / "net.bineural"))
    assert (loaded.predict_event(images) == net.predict_event(images)).all() and loaded.scaling_ == "standard"
    assert "Channels:     standardised" in net.summary()


def test_each_fold_learns_its_own_channels():
    rng = np.random.default_rng(1)
    series = rng.normal(size=(30, 5, 1)) * 100
    y = series.mean(axis=(1, 2))
    rows = [np.arange(20), np.arange(10, 30)]
    builder = lambda shape, n: sequence(layers.Flatten(), shape=shape)  # noqa: E731
    fits = bn.fit_nets(series, y, folds=rows, architecture=builder, epochs=2, seed=1)
    for net, fold in zip(fits.nets, rows):
        assert net.channel_centers_[0] == pytest.approx(series[fold].mean())
        alone = bn.fit_net(series[fold], y[fold], architecture=builder, epochs=2, seed=1)
        np.testing.assert_allclose(net.predict(series), alone.predict(series), rtol=1e-5)


def test_whole_numbers_and_constant_channels():
    images = np.zeros((20, 3, 3, 2), "uint8")
    images[..., 0] = np.arange(20)[:, None, None] * 12
    y = np.arange(20.0)
    builder = lambda shape, n: sequence(layers.Flatten(), shape=shape)  # noqa: E731
    net = bn.fit_net(images, y, architecture=builder, epochs=2, seed=1)
    np.testing.assert_allclose(net.channel_centers_, [114, 0])
    assert net.channel_scales_[1] == 1 and np.isfinite(net.predict(images)).all()


def test_another_word_than_auto_is_refused(data):
    with pytest.raises(
        InputError, match="(?s)`scaling` must be one of 'auto', 'standard', 'robust', 'quantile', False.*True"
    ):
        bn.fit_net("y ~ a", data, event="yes", scaling=True)
