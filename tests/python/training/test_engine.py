import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training import Blueprint, TrainingInterrupted, engine, forward, predict_net, run, train_net
from bineural.training.seeds import draw_orders

layers = keras.layers
BINARY = {"loss": "binary_crossentropy", "seed": 3}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(50, 3))
    return x, (x[:, 0] - x[:, 1] ** 2 + rng.normal(size=50) > -1).astype(float)


@pytest.fixture(scope="module")
def model():
    inputs = keras.Input((3,))
    hidden = layers.Dense(8, activation="relu", kernel_regularizer=keras.regularizers.L1L2(1e-3, 2e-3))(
        inputs
    )
    return keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.2)(hidden)))


def same(a, b):
    return all((u == v).all() for u, v in zip(a, b, strict=True))


def test_training_equals_keras_train_on_batch_with_its_batches_and_weights(data):
    """With penalties, batch normalisation (partial last batch) and three classes."""
    x, _ = data
    y = np.random.default_rng(5).integers(0, 3, 50)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(6, kernel_regularizer=keras.regularizers.L2(0.01)),
            layers.BatchNormalization(momentum=0.5),
            layers.Activation("relu"),
            layers.Dense(3),
        ]
    )
    trained = train_net(model, x, y, loss="categorical_crossentropy", seed=9, epochs=4, batch_size=16)
    model.set_weights(Blueprint.from_model(model).initial_values(9))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x32 = x.astype("float32")
    for order in draw_orders(9, 50, 0, 4):
        for k in range(0, 50, 16):
            model.train_on_batch(x32[order[k : k + 16]], y[order[k : k + 16]])
    for ours, theirs in zip(trained.weights, model.get_weights()):
        np.testing.assert_allclose(ours, theirs, atol=2e-6)


@pytest.mark.parametrize(
    "patience, min_delta", [pytest.param(3, 0.0, marks=pytest.mark.long), (0, 0.0), (2, 0.01)]
)
def test_stopping_and_best_weights_are_those_of_keras_early_stopping(data, patience, min_delta):
    x, y = data[0].astype("float32"), data[1].astype("float32")
    x, watch_x, y, watch_y = x[:30], x[30:], y[:30], y[30:]
    model = keras.Sequential([keras.Input((3,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
    options = {
        "batch_size": 10,
        "epochs": 60,
        "learning_rate": 0.03,
        "patience": patience,
        "min_delta": min_delta,
    }
    trained = train_net(model, x, y, validation=(watch_x, watch_y), **BINARY, **options)

    def batches():
        for order in draw_orders(3, 30, 0, 60):
            for rows in order.reshape(3, 10):
                yield x[rows], y[rows, None]

    model.set_weights(Blueprint.from_model(model).initial_values(3))
    model.compile(keras.optimizers.Adam(0.03), keras.losses.BinaryCrossentropy(from_logits=True))
    stop = keras.callbacks.EarlyStopping("val_loss", min_delta, patience, restore_best_weights=True)
    watch = {"validation_data": (watch_x, watch_y[:, None]), "callbacks": [stop]}
    history = model.fit(batches(), epochs=60, steps_per_epoch=3, shuffle=False, verbose=0, **watch).history
    assert trained.epochs_run == len(history["loss"]) < 60 and trained.stopped
    assert trained.best_epoch == stop.best_epoch + 1
    np.testing.assert_allclose(trained.history["validation_loss"], history["val_loss"], atol=1e-5)
    np.testing.assert_allclose(trained.history["loss"], history["loss"], atol=1e-5)
    for ours, theirs in zip(trained.weights, model.get_weights()):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_same_seed_gives_the_same_bits_after_unrelated_work(data, model):
    first = train_net(model, *data, epochs=6, **BINARY)
    keras.utils.set_random_seed(12345)
    train_net(keras.Sequential([keras.Input((3,)), layers.Dense(1)]), *data, epochs=1, **BINARY)
    tf.random.normal([100])
    again = train_net(model, *data, epochs=6, **BINARY)
    assert same(first.weights, again.weights) and first.history == again.history
    other = train_net(model, *data, epochs=6, loss="binary_crossentropy", seed=4)
    assert not same(first.weights, other.weights)


def test_pieces_of_epochs_do_not_matter(data, model, monkeypatch):
    whole = train_net(model, *data, validation=data, epochs=9, **BINARY)
    monkeypatch.setattr(run, "most_epochs_at_once", lambda n_rows: 2)
    seen = []
    pieces = train_net(
        model,
        *data,
        validation=data,
        epochs=9,
        progress=lambda done, h: seen.append((done, len(h["loss"]))),
        **BINARY,
    )
    assert same(whole.weights, pieces.weights) and whole.history == pieces.history
    assert seen == [(n, n) for n in (2, 4, 6, 8, 9)]


def test_equal_nets_on_other_data_share_one_graph(data, model):
    x, y = data
    engine.clear_compiled()
    for seed, n, batch, rate in [(1, 50, 32, 0.1), (2, 40, 16, 0.2), (3, 33, 7, 0.3)]:
        again = keras.Model.from_config(model.get_config())
        options = {"batch_size": batch, "learning_rate": rate, "epochs": n // 10, "seed": seed}
        train_net(again, x[:n], y[:n], loss="binary_crossentropy", **options)
    assert len(engine._loops) == 1


def test_the_cache_of_graphs_is_bounded():
    cache = engine.Cache(3)
    for key in (1, 2, 3, 1, 4):
        cache.get(key, lambda key=key: key)
    assert [key for _, key in cache._entries] == [3, 1, 4]


def test_the_penalty_is_that_of_the_formula(data, model):
    """One full batch with a rate of 0, so the penalty l1 |w| + l2 w^2 is that of the initial weights."""
    options = {"batch_size": 50, "optimizer": "sgd", "learning_rate": 0.0, "penalty_scale": 3.0}
    trained = train_net(model, *data, epochs=1, **options, **BINARY)
    kernel = Blueprint.from_model(model).initial_values(3)[0].astype(float)
    by_hand = 3.0 * (1e-3 * np.abs(kernel).sum() + 2e-3 * (kernel**2).sum())
    assert trained.history["penalty"] == [pytest.approx(by_hand, rel=1e-6)]


def test_a_weight_of_two_is_the_row_twice_on_the_full_batch(data):
    x, y = data
    rng = np.random.default_rng(2)
    weights = rng.integers(0, 3, 50)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="tanh"), layers.Dense(1)])
    options = {"batch_size": 200, "epochs": 15, "learning_rate": 0.05, **BINARY}
    weighted = train_net(model, x, y, sample_weight=weights, validation=(x, y, weights), **options)
    twice = np.repeat(np.arange(50), weights)
    repeated = train_net(model, x[twice], y[twice], validation=(x[twice], y[twice]), **options)
    for a, b in zip(weighted.weights, repeated.weights):
        np.testing.assert_allclose(a, b, atol=2e-6)
    np.testing.assert_allclose(
        weighted.history["validation_loss"], repeated.history["validation_loss"], atol=1e-6
    )


def test_rows_of_weight_zero_leave_no_trace(data, model):
    x, y = data
    weights = np.ones(50)
    weights[::7] = 0
    spoiled = x.copy()
    spoiled[::7] = 1e6
    left_out = train_net(model, x[weights > 0], y[weights > 0], epochs=3, **BINARY)
    weighted = train_net(model, spoiled, y, sample_weight=5 * weights, epochs=3, **BINARY)
    assert same(left_out.weights, weighted.weights)


def test_batch_norm_averages_are_kept_and_used(data):
    x, y = data
    model = keras.Sequential([keras.Input((3,)), layers.BatchNormalization(momentum=0.0), layers.Dense(1)])
    trained = train_net(model, x, y, batch_size=50, epochs=1, **BINARY)
    np.testing.assert_allclose(trained.weights[2], x.mean(0), atol=1e-6)
    np.testing.assert_allclose(trained.weights[3], x.var(0), atol=1e-6)
    model.set_weights(trained.weights)
    np.testing.assert_allclose(predict_net(model, trained.weights, x), model(x.astype("float32")), atol=1e-6)


def test_inputs_may_be_nested(data):
    x, y = data
    a, b = keras.Input((2,), name="a"), keras.Input((1,), name="b", dtype="int32")
    mixed = layers.Concatenate()([a, layers.Flatten()(layers.Embedding(4, 2)(b))])
    model = keras.Model({"a": a, "b": b}, layers.Dense(1)(mixed))
    inputs = {"a": x[:, :2], "b": np.arange(50).reshape(-1, 1) % 4}
    trained = train_net(model, inputs, y, validation=(inputs, y), epochs=30, learning_rate=0.05, **BINARY)
    assert trained.history["loss"][-1] < trained.history["loss"][0]
    assert predict_net(model, trained.weights, inputs).shape == (50, 1)


def test_a_rows_prediction_is_the_same_bits_alone_and_among_others(data, model, monkeypatch):
    weights = train_net(model, *data, epochs=1, **BINARY).weights
    x = np.random.default_rng(7).normal(size=(1003, 3))
    whole = predict_net(model, weights, x)
    assert whole.shape == (1003, 1)
    for rows in (slice(0, 1), slice(5, 12), slice(100, 900)):
        assert (predict_net(model, weights, x[rows]) == whole[rows]).all()
    monkeypatch.setattr(forward, "block_rows", lambda inputs: 64)
    assert (predict_net(model, weights, x) == whole).all()


@pytest.mark.parametrize("loss", ["huber", keras.losses.MeanAbsoluteError(), lambda y, out: abs(y - out)])
def test_losses_of_keras_and_of_ones_own_can_be_used(data, loss):
    x, _ = data
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    y = x @ [1.0, -2.0, 0.5]
    trained = train_net(model, x, y, loss=loss, seed=1, epochs=40, learning_rate=0.1)
    assert trained.history["loss"][-1] < 0.3 * trained.history["loss"][0]


def test_interruption_hands_over_what_was_reached(data, model):
    def stop(done, history):
        if done >= 16:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted) as caught:
        train_net(model, *data, validation=data, epochs=200, progress=stop, **BINARY)
    trained = caught.value.trained
    assert 16 <= trained.epochs_run < 200 and len(trained.history["loss"]) == trained.epochs_run
    until = train_net(model, *data, validation=data, epochs=trained.epochs_run, **BINARY)
    assert same(trained.weights, until.weights)


def test_a_loss_that_is_not_finite_is_an_error(data):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    with pytest.raises(InputError, match="(?s)finite.*epoch.*learning_rate"):
        train_net(
            model,
            data[0],
            1e6 * data[1],
            loss="mean_squared_error",
            optimizer="sgd",
            learning_rate=1e3,
            seed=1,
        )


def test_unequal_lengths_are_refused(data, model):
    with pytest.raises(InputError, match="same number of rows"):
        train_net(model, data[0], data[1][:9], **BINARY)
