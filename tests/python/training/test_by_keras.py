"""Training through Keras' `fit` gives the engine's numbers, and lets callbacks and own steps work."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training import Blueprint, TrainingInterrupted, train_net, train_stack

layers, callbacks = keras.layers, keras.callbacks
N = 42


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(N, 3))
    return x, (x[:, 0] - x[:, 1] ** 2 + rng.normal(size=N) > -1).astype(float)


def net(n_outputs=1):
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(5, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(momentum=0.5),
            layers.Dropout(0.3),
            layers.Dense(n_outputs),
        ]
    )


def mixed_net():
    a, b = keras.Input((2,), name="a"), keras.Input((1,), name="b", dtype="int32")
    mixed = layers.Concatenate()([a, layers.Flatten()(layers.Embedding(4, 2)(b))])
    return keras.Model([a, b], layers.Dense(3)(mixed))


class Keep(callbacks.Callback):
    """Keeps the logs it sees."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(dict(logs))


def close(a, b):
    for u, v in zip(a.weights, b.weights, strict=True):
        np.testing.assert_allclose(u, v, atol=2e-6)
    assert (a.epochs_run, a.best_epoch, a.stopped) == (b.epochs_run, b.best_epoch, b.stopped)
    assert a.history.keys() == b.history.keys()
    for name in a.history:
        np.testing.assert_allclose(a.history[name], b.history[name], atol=1e-6)


def cases():
    rng = np.random.default_rng(3)
    weights, watch = rng.integers(0, 3, N), rng.normal(size=(11, 3))
    ranked = {"validation": (watch, np.arange(11) % 2), "monitor": "auroc"}
    yield {"sample_weight": weights, "penalty_scale": 2.0, **ranked}
    ema = keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.7)
    weighted = watch, np.arange(11) % 2, rng.uniform(1, 2, 11)
    yield {"optimizer": ema, "validation": weighted, "patience": 1, "epochs": 30}


@pytest.mark.parametrize(
    "options",
    [pytest.param(case, marks=[pytest.mark.long] * (k == 0)) for k, case in enumerate(cases())],
    ids=["weights and penalty", "averages and stopping"],
)
def test_an_ordinary_model_becomes_what_it_becomes_alone(data, options):
    options = {"loss": "binary_crossentropy", "seed": 5, "epochs": 4, "batch_size": 16, **options}
    alone, keep = train_net(net(), *data, **options), Keep()
    through = train_net(net(), *data, callbacks=[keep], **options)
    close(alone, through)
    assert (alone.how, through.how) == ("alone", "Keras")
    for name, values in through.history.items():
        assert [logs[name.replace("validation_", "val_")] for logs in keep.seen] == values
    assert through.stopped == ("patience" in options)


def test_nested_inputs_and_several_classes(data):
    inputs = [data[0][:, :2], np.arange(N).reshape(-1, 1) % 4]
    options = {
        "loss": "categorical_crossentropy",
        "seed": 2,
        "epochs": 2,
        "validation": (inputs, np.arange(N) % 3),
    }
    y = np.arange(N)[::-1] % 3
    alone = train_net(mixed_net(), inputs, y, **options)
    close(alone, train_net(mixed_net(), inputs, y, callbacks=[Keep()], **options))


@pytest.mark.long
def test_a_callback_may_change_the_learning_rate_and_stop(data):
    """Steps of 3 batches: the rate halves with each epoch, as a schedule by steps has it."""
    rate = callbacks.LearningRateScheduler(lambda epoch, now: 0.2 / 2**epoch)

    def stop_after_three(epoch, logs):
        stop.model.stop_training = epoch == 2

    stop = callbacks.LambdaCallback(on_epoch_end=stop_after_three)
    common = {"loss": "binary_crossentropy", "seed": 5, "batch_size": 16}
    through = train_net(net(), *data, optimizer="sgd", epochs=9, callbacks=[rate, stop], **common)
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([2, 5], [0.2, 0.1, 0.05])
    alone = train_net(net(), *data, optimizer=keras.optimizers.SGD(schedule), epochs=3, **common)
    assert through.epochs_run == 3 and through.stopped
    np.testing.assert_allclose(through.history.pop("learning_rate"), [0.2, 0.1, 0.05])
    alone.stopped = True
    close(alone, through)


@pytest.mark.long
def test_metrics_of_a_compiled_model_are_in_the_history(data):
    model = net()
    model.compile("sgd", "mse", metrics=[keras.metrics.BinaryAccuracy("right", threshold=0.0)])
    options = {"loss": "binary_crossentropy", "seed": 5, "epochs": 2, "batch_size": N}
    trained = train_net(model, *data, validation=data, callbacks=[Keep()], **options)
    assert list(trained.history) == ["loss", "validation_loss", "penalty", "right", "validation_right"]
    model.set_weights(trained.weights)
    said = model(data[0].astype("float32"))[:, 0].numpy() > 0
    assert trained.history["validation_right"][trained.best_epoch - 1] == pytest.approx(
        np.mean(said == data[1])
    )


@keras.saving.register_keras_serializable("test_by_keras")
class OwnStep(keras.Model):
    """Takes steps of its own, on half the squared error."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self(x, training=True) - y) ** 2) / 2
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss, "twice": 2 * loss}


def own_step(kind=OwnStep):
    inputs = keras.Input((3,))
    return kind(inputs, layers.Dense(1)(inputs))


def test_a_step_of_ones_own_is_taken_net_by_net(data):
    """Half the loss with twice the rate is the engine's own step."""
    options = {"loss": "mean_squared_error", "optimizer": "sgd", "epochs": 2, "batch_size": N}
    own = train_stack(own_step(), *data, seeds=[1, 2], learning_rate=0.2, **options)
    inputs = keras.Input((3,))
    plain = keras.Model(inputs, layers.Dense(1)(inputs))
    for seed, one in zip((1, 2), own):
        alone = train_net(plain, *data, seed=seed, learning_rate=0.1, **options)
        assert one.how == "Keras"
        np.testing.assert_allclose(2 * np.array(one.history["loss"]), alone.history["loss"], rtol=1e-5)
        np.testing.assert_allclose(one.history["twice"], alone.history["loss"], rtol=1e-5)
        for u, v in zip(one.weights, alone.weights):
            np.testing.assert_allclose(u, v, atol=1e-6)


class Nameless(OwnStep):
    """Calls its loss otherwise."""

    def train_step(self, data):
        return {"cost": super().train_step(data)["loss"]}


def test_a_step_must_name_its_loss(data):
    with pytest.raises(InputError, match="(?s)'loss'.*'cost'"):
        train_net(own_step(Nameless), *data, loss="mean_squared_error", seed=1, epochs=1)


class Unknown(keras.Model):
    """A subclassed model that Keras can't build again."""

    def __init__(self, activation):
        super().__init__()
        self.layer = layers.Dense(1, activation=lambda x: activation(x))

    def call(self, x):
        return self.layer(x)


def test_a_model_that_keras_cannot_copy_gets_its_weights_back(data):
    model = Unknown(tf.identity)
    model(np.zeros((1, 3)))
    model.compile("adam", "mse")
    before = model.get_weights()
    options = {"loss": "binary_crossentropy", "seed": 1, "epochs": 2}
    trained = train_net(model, *data, callbacks=[Keep()], **options)
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))
    assert not np.allclose(trained.weights[0], before[0]) and model.loss == "mse"
    close(train_net(model, *data, **options), trained)


def test_interruption_hands_over_what_was_reached(data):
    def interrupt(epoch, logs):
        if epoch == 2:
            raise KeyboardInterrupt

    options = {"loss": "binary_crossentropy", "seed": 5}
    stop = callbacks.LambdaCallback(on_epoch_begin=interrupt)
    with pytest.raises(TrainingInterrupted) as caught:
        train_net(net(), *data, validation=data, epochs=50, callbacks=[stop], **options)
    close(caught.value.trained, train_net(net(), *data, validation=data, epochs=2, **options))


def test_a_loss_that_is_not_finite_is_an_error_or_the_end(data):
    options = {"loss": "mean_squared_error", "seed": 1, "optimizer": "sgd", "learning_rate": 1e20}
    with pytest.raises(InputError, match="finite"):
        train_net(net(), *data, callbacks=[Keep()], **options)
    found = train_net(net(), *data, callbacks=[Keep()], diverged="keep", **options)
    assert not np.isfinite(found.history["loss"][-1]) and found.epochs_run < 100


def test_only_keras_callbacks_are_callbacks(data):
    with pytest.raises(InputError, match="(?s)Keras callbacks.*early"):
        train_net(net(), *data, loss="binary_crossentropy", seed=1, callbacks=["early"])
    assert Blueprint.from_model(net()).source.compiled is False
