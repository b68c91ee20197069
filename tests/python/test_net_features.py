"""Features are what the last hidden layer says, computed by hand and by Keras."""

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras

layers = keras.layers
FORMULA = "Kyphosis ~ Age + Number + Start"


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


def fit(data, **options):
    return bn.fit_net(FORMULA, data, event="present", **({"epochs": 3, "seed": 1, "units": [5, 4]} | options))


def by_hand(x, weights, activation):
    for kernel, bias in zip(weights[::2], weights[1::2]):
        x = activation(x @ kernel + bias)
    return x


@pytest.mark.parametrize("dropout", [0, 0.3])
def test_features_of_a_perceptron_are_its_layers_by_hand(kyphosis, dropout):
    net = fit(kyphosis, architecture="mlp", activation="tanh", dropout=dropout)
    x = net.preparation_.transform(kyphosis).matrix
    expected = by_hand(x, net.weights_[:4], np.tanh)
    np.testing.assert_allclose(net.predict_features(kyphosis), expected, atol=1e-5)


def test_features_of_a_skip_net_are_the_hidden_part_s_and_give_its_logit(kyphosis):
    net = fit(kyphosis, ensemble=1, numbers="plain")
    features, model = net.predict_features(kyphosis), net.keras_model_
    x = net.preparation_.transform(kyphosis).matrix
    kernel, bias = model.get_layer("linear").get_weights()
    logit = x @ kernel + bias + features @ model.get_layer("hidden_logits").get_weights()[0]
    np.testing.assert_allclose(1 / (1 + np.exp(-logit[:, 0])), net.predict_event(kyphosis), atol=1e-5)


@pytest.mark.long
def test_members_of_an_ensemble_stand_side_by_side(kyphosis):
    net = fit(kyphosis, ensemble=3)
    features = net.predict_features(kyphosis)
    assert features.shape == (81, 12)
    net.fitted_.members = net.fitted_.members[1:2]
    np.testing.assert_array_equal(net.predict_features(kyphosis), features[:, 4:8])


def test_features_of_ones_own_models(kyphosis):
    x = kyphosis[["Age", "Number", "Start"]].to_numpy(float)
    ends = [layers.Dropout(0.2), layers.Dense(2), layers.Softmax()]
    model = keras.Sequential([keras.Input((3,)), layers.Dense(6, activation="tanh"), *ends])
    net = bn.fit_net(x, kyphosis["Kyphosis"], event="present", architecture=model, epochs=2, seed=1)
    expected = by_hand(net.preparation_.transform(x).matrix, net.weights_[:2], np.tanh)
    np.testing.assert_allclose(net.predict_features(x), expected, atol=1e-5)
    image = np.random.default_rng(1).normal(size=(40, 4, 4, 1)).astype("float32")
    convolution = [keras.Input((4, 4, 1)), layers.Conv2D(3, 3), layers.Flatten(), layers.Dense(1)]
    model = keras.Sequential(convolution)
    net = bn.fit_net(image, np.arange(40) % 2, event=1, architecture=model, epochs=1, seed=1)
    assert net.predict_features(image).shape == (40, 12)


@pytest.mark.long
def test_rows_left_out_have_no_features(kyphosis):
    gaps = kyphosis.astype({"Age": float})
    gaps.loc[3, "Age"] = np.nan
    with pytest.warns(bn.BineuralWarning, match="Left out 1 of 81"):
        net = fit(gaps, missing="drop")
        features = net.predict_features(gaps)
    assert np.isnan(features).all(axis=1).tolist() == [i == 3 for i in range(81)]


@pytest.mark.long
def test_a_net_without_a_hidden_layer_has_none(kyphosis):
    ending = keras.Sequential([keras.Input((4,)), layers.Dense(1)], name="ending")
    inputs = keras.Input((3,))
    nested = keras.Model(inputs, ending(layers.Dense(4)(inputs)))
    plain = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    for options, words in (
        ({"units": []}, "'skip_net' has no hidden layer"),
        ({"architecture": plain}, "has no hidden layer"),
        ({"architecture": nested}, "ends in a model of its own, 'ending'"),
    ):
        with pytest.raises(bn.InputError, match=words):
            fit(kyphosis, **options).predict_features(kyphosis)


@pytest.mark.long
def test_saved_nets_have_the_same_features(kyphosis, tmp_path):
    net = fit(kyphosis, categories="embed")
    bn.save_model(net, tmp_path / "net.bineural")
    again = bn.load_model(tmp_path / "net.bineural")
    np.testing.assert_array_equal(again.predict_features(kyphosis), net.predict_features(kyphosis))
