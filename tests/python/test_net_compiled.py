"""A compiled Keras model is trained on its own loss, by its own optimizer, as Keras' `fit` trains it."""

import copy
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.base import clone

import bineural as bn
from bineural._tensorflow import keras, tf
from bineural.errors import InputError, UnusedWarning
from bineural.nets.watched_rows import hold_out
from bineural.tables.identity import identity_text

layers, losses = keras.layers, keras.losses
N = 48


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(N, 2))
    table = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "z": 50 + 8 * x[:, 0] + rng.standard_t(2, N)})
    table["y"] = np.where(x[:, 0] + rng.normal(size=N) > 0, "yes", "no")
    table["k"] = np.array(["p", "q", "r"])[(x > 0).sum(axis=1)]
    return table


def net_of(loss, n_outputs=1, activation=None, **compiled):
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(4, "tanh"), layers.Dense(n_outputs, activation=activation)]
    )
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss, **compiled)
    return model


def focal(y, output):
    """Down-weight what is known already, from logits."""
    p = tf.sigmoid(output)
    return tf.reduce_mean((y - p) ** 2 * tf.nn.sigmoid_cross_entropy_with_logits(y, output), axis=-1)


def sparse_margin(y, output):
    return 1.0 - tf.gather(tf.nn.softmax(output), tf.cast(y, tf.int32), batch_dims=1)


OWN = {
    "smoothed": ("y", losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2), 1, None),
    "focal, of probabilities": ("y", losses.BinaryFocalCrossentropy(gamma=3.0), 1, "sigmoid"),
    "Brier score": ("y", "mse", 1, "sigmoid"),
    "a function": ("y", focal, 1, None),
    "hot columns": ("k", losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3), 3, None),
    "class numbers": ("k", losses.SparseCategoricalCrossentropy(), 3, "softmax"),
    "a sparse function": ("k", sparse_margin, 3, None),
    "Huber's": ("z", losses.Huber(delta=0.3), 1, None),
    "of counts": ("z", "poisson", 1, "softplus"),
}


QUICK = {"hot columns"}


@pytest.mark.parametrize(
    "case", [case if case in QUICK else pytest.param(case, marks=pytest.mark.long) for case in OWN]
)
def test_it_becomes_what_keras_makes_of_it(case, data):
    """Full batches without hold-out: Keras' `fit` from the same weights, on the same columns."""
    outcome, loss, n_outputs, activation = OWN[case]
    weighted = {"loss_weights": [1.5]} if case in ("Huber's", "a function") else {}
    model = net_of(loss, n_outputs, activation, **weighted)
    event = "yes" if outcome == "y" else None
    options = {
        "validation": 0,
        "epochs": 12,
        "batch_size": N,
        "seed": 1,
        "keep_weights": True,
        "scaling": False,
    }
    net = bn.fit_net(f"{outcome} ~ a + b", data, event=event, architecture=model, **options)
    y = data[outcome].to_numpy()
    if outcome != "z":
        y = np.searchsorted(np.unique(y), y).astype("float32")
        hot = case == "hot columns"
        y = np.eye(3, dtype="float32")[y.astype(int)] if hot else y if outcome == "k" else y[:, None]
    x = data[["a", "b"]].to_numpy("float32")
    history = model.fit(x, y, epochs=12, batch_size=N, shuffle=False, verbose=0).history["loss"]
    np.testing.assert_allclose(net.history_["loss"], history, rtol=2e-5)
    for ours, keras_own in zip(net.weights_, model.get_weights()):
        np.testing.assert_allclose(ours, keras_own, atol=2e-5)
    output = model.predict(x, verbose=0).astype(float)
    if outcome == "z":
        # sums of float32 terms of the outcome's size: where they cancel, only their rounding is left
        rounding = 1e-6 * np.abs(output).max()
        np.testing.assert_allclose(net.predict(data), output[:, 0], rtol=1e-5, atol=rounding)
    elif outcome == "y":
        wanted = output[:, 0] if activation else expit(output[:, 0])
        np.testing.assert_allclose(net.predict_event(data), wanted, atol=1e-5)


def test_rows_are_weighted_and_watched_by_the_compiled_loss(data):
    """By hand, for weights that stay: Huber's loss of the rows, in the outcome's own unit."""
    model = net_of(losses.Huber(delta=0.5))
    model.compile(keras.optimizers.SGD(0.0), losses.Huber(delta=0.5))
    weights = np.random.default_rng(1).uniform(0.5, 2, N)
    options = {"epochs": 1, "seed": 3, "validation": 0.25, "scaling": False, "batch_size": N}
    net = bn.fit_net("z ~ a + b", data, architecture=model, weights=weights, **options)
    error = np.abs(data["z"] - net.predict(data)).to_numpy()
    cost = np.where(error < 0.5, error**2 / 2, 0.5 * error - 0.125)
    [(train, watch)] = hold_out(np.arange(N), 0.25, seed=3)
    assert net.history_["loss"] == pytest.approx([np.average(cost[train], weights=weights[train])], rel=1e-5)
    assert net.history_["validation_loss"] == pytest.approx(
        [np.average(cost[watch], weights=weights[watch])], rel=1e-5
    )
    assert net.loss_ == "own huber_loss" and "the model's own huber_loss" in net.summary()


@pytest.mark.long
def test_stack_stream_callbacks_ensemble_and_clone_follow(data, tmp_path):
    model = net_of(losses.Huber(delta=0.3))
    options = {"architecture": model, "epochs": 6, "batch_size": 16}
    alone = bn.fit_net("z ~ a + b", data, seed=1, **options)
    default = bn.fit_net("z ~ a + b", data, seed=1, **{**options, "architecture": net_of("mae")})
    assert not np.allclose(alone.predict(data), default.predict(data), atol=1e-2)
    fits = bn.fit_nets("z ~ a + b", data, seeds=[1, 2], **options)
    assert fits.nets[0].how_.startswith("stack")
    by_keras = bn.fit_net("z ~ a + b", data, seed=1, callbacks=keras.callbacks.Callback(), **options)
    again = clone(alone).fit(data[["a", "b"]], data["z"])
    loaded = bn.load_model(bn.save_model(alone, tmp_path / "net.bineural"))
    refitted = clone(loaded).fit(data[["a", "b"]], data["z"])
    for other in (fits.nets[0], by_keras, again, loaded, refitted):
        np.testing.assert_allclose(other.predict(data), alone.predict(data), rtol=1e-5)
    whole = {**options, "validation": 0}
    batches = bn.fit_net("z ~ a + b", [data[:20], data[20:]], seed=1, **whole)
    memory = bn.fit_net("z ~ a + b", data, seed=1, **whole)
    np.testing.assert_allclose(batches.predict(data), memory.predict(data), rtol=1e-6)
    several = bn.fit_net("z ~ a + b", data, seed=1, ensemble=2, **options)
    assert several.loss_ == "own huber_loss" and len(several.members_) == 2


@pytest.mark.long
def test_losses_that_differ_in_a_setting_do_not_share_a_graph(data):
    """Keras' own configuration of Huber's loss leaves its delta out."""
    options = {"validation": 0, "epochs": 3, "seed": 1}
    fits = [
        bn.fit_net("z ~ a + b", data, architecture=net_of(losses.Huber(delta)), **options)
        for delta in (0.1, 5.0)
    ]
    assert fits[0].history_["loss"][0] < 0.5 * fits[1].history_["loss"][0]
    told = [identity_text(losses.Huber(delta)) for delta in (0.1, 5.0)]  # to checkpoints
    assert told[0] != told[1] and told[0] == identity_text(losses.Huber(delta=0.1))
    watched = [
        bn.fit_net("z ~ a + b", data, epochs=2, seed=1, monitor=losses.Huber(delta)) for delta in (0.01, 1.0)
    ]
    first, second = (net.history_["validation_huber_loss"][0] for net in watched)
    assert first < 0.1 * second


@pytest.mark.parametrize(
    "outcome, loss, event", [("y", losses.BinaryCrossentropy(from_logits=True), "yes"), ("z", "mse", None)]
)
def test_a_loss_that_is_ours_changes_nothing(data, outcome, loss, event):
    plain = keras.Sequential.from_config(net_of("mse").get_config())
    model = keras.Sequential.from_config(plain.get_config())
    model.compile("adam", loss, metrics=["mae"])
    assert model.compiled and not plain.compiled
    nets = [
        bn.fit_net(f"{outcome} ~ a + b", data, event=event, architecture=own, epochs=3, seed=1)
        for own in (plain, model)
    ]
    assert all((u == v).all() for u, v in zip(nets[0].weights_, nets[1].weights_))


@pytest.mark.long
def test_pickles_and_copies_carry_a_loss_with_all_its_settings(data):
    """Keras' own pickle of a compiled model fails, or forgets the delta of Huber's loss."""
    for loss in (losses.Huber(delta=0.1), halved):
        net = bn.fit_net("z ~ a + b", data, architecture=net_of(loss), epochs=2, seed=1)
        for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net), clone(net)):
            again = other.fit(data[["a", "b"]], data["z"])
            np.testing.assert_allclose(again.predict(data), net.predict(data), rtol=1e-6)
        assert net.keras_model_.get_weights()[0].shape == (2, 4)


def test_what_is_asked_for_wins_and_that_is_said(data):
    options = {
        "event": "yes",
        "epochs": 2,
        "seed": 1,
        "architecture": net_of(losses.BinaryCrossentropy(True)),
    }
    with pytest.warns(UnusedWarning, match="compiled with SGD, and `optimizer='adam'` takes the place of it"):
        bn.fit_net("y ~ a + b", data, optimizer="adam", **options)
    with pytest.warns(UnusedWarning, match="(?s)`learning_rate=0.5` takes the place of its learning rate"):
        bn.fit_net("y ~ a + b", data, learning_rate=0.5, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bn.fit_net("y ~ a + b", data, **options)
        bn.fit_nets("y ~ a + b", data, settings=[{"learning_rate": 0.1}], **options)  # that is tried


def halved(y, output):
    return tf.reduce_mean(tf.abs(y - output), axis=-1) / 2


def whole(y, output):
    return tf.reduce_mean((y - output) ** 2)


@pytest.mark.parametrize(
    "loss, activation, words",
    [
        (
            "binary_crossentropy",
            None,
            "(?s)ends in logits, and .binary_crossentropy. takes prob.*from_logits",
        ),
        (losses.BinaryCrossentropy(from_logits=True), "sigmoid", "ends in a sigmoid.*takes logits"),
        ("hinge", None, "takes probabilities"),
        (whole, None, "(?s)one number for each row.*'whole' gives one for the whole batch"),
        (["mse", "mse"], "sigmoid", "one `loss`"),
        ("sparse_categorical_crossentropy", "sigmoid", "(?s)has one output.*takes one for each class"),
    ],
)
def test_a_loss_that_does_not_fit_is_refused(data, loss, activation, words):
    with pytest.raises(InputError, match=words):
        bn.fit_net("y ~ a + b", data, event="yes", architecture=net_of(loss, 1, activation), epochs=1)


@pytest.mark.parametrize("cost", [1.0, None, "loss"])
def test_a_monitor_that_gives_no_number_for_each_row_is_refused(data, cost):
    with pytest.raises(InputError, match="one number for each row"):
        bn.fit_net("z ~ a + b", data, epochs=1, ensemble=1, seed=1, monitor=lambda y, output: cost)
