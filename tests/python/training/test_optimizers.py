import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training import Blueprint, train_net, train_stack
from bineural.training.optimizers import default_learning_rate, optimizer_key, read_optimizer
from bineural.training.seeds import draw_orders

optimizers = keras.optimizers
EACH = {
    "sgd": lambda: optimizers.SGD(0.05),
    "momentum": lambda: optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "rmsprop": lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "adam": lambda: optimizers.Adam(0.01),
    "amsgrad": lambda: optimizers.Adam(0.01, amsgrad=True),
    "adamw": lambda: optimizers.AdamW(0.01, weight_decay=0.1),
    "nadam": lambda: optimizers.Nadam(0.01),
    "adamax": lambda: optimizers.Adamax(0.01),
    "adagrad": lambda: optimizers.Adagrad(0.05),
    "adadelta": lambda: optimizers.Adadelta(1.0),
    "ftrl": lambda: optimizers.Ftrl(0.05),
    "lion": lambda: optimizers.Lion(0.003),
    "lamb": lambda: optimizers.Lamb(0.01),
    "adafactor": lambda: optimizers.Adafactor(0.05),
    "muon": lambda: optimizers.Muon(0.01),
    "clipnorm": lambda: optimizers.Adam(0.01, clipnorm=0.1),
    "global_clipnorm": lambda: optimizers.SGD(0.1, global_clipnorm=0.2),
    "schedule": lambda: optimizers.Adam(optimizers.schedules.CosineDecay(0.05, 10)),
    "average": lambda: optimizers.SGD(0.1, use_ema=True, ema_momentum=0.7),
}
# the rules that stacks have of their own, and a few that are vectorised; the long run has the others
QUICK = {"momentum", "adam", "adamw", "schedule"}
N, BATCH, EPOCHS, SEED = 20, 8, 3, 11


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, 3)).astype("float32")
    return x, (x[:, 0] + rng.normal(size=N) > 0).astype("float32")


def small_model():
    layers = keras.layers
    return keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="tanh"), layers.Dense(1)])


def keras_by_hand(model, optimizer, x, y):
    """Train with Keras' own optimizer on the engine's batches, eagerly; return the weights and the losses."""
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    losses = []
    for order in draw_orders(SEED, N, 0, EPOCHS):
        for start in range(0, N, BATCH):
            rows = order[start : start + BATCH]
            with tf.GradientTape() as tape:
                cost = loss(y[rows, None], model(x[rows], training=True))
            optimizer.apply(tape.gradient(cost, model.trainable_variables), model.trainable_variables)
            losses.append(float(cost))
    optimizer.finalize_variable_values(model.trainable_variables)
    return model.get_weights(), losses


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in EACH]
)
def test_every_optimizer_takes_keras_own_steps_alone_and_in_a_stack(name, data):
    x, y = data
    model = small_model()
    options = {"loss": "binary_crossentropy", "batch_size": BATCH, "epochs": EPOCHS}
    trained = train_net(model, x, y, seed=SEED, optimizer=EACH[name](), **options)
    stacked = train_stack(model, x, y, seeds=[3, SEED], xla=False, optimizer=EACH[name](), **options)[1]
    model.set_weights(Blueprint.from_model(model).initial_values(SEED))
    expected, losses = keras_by_hand(model, EACH[name](), x, y)
    for alone, in_stack, theirs in zip(trained.weights, stacked.weights, expected, strict=True):
        np.testing.assert_allclose(alone, theirs, atol=3e-6)
        np.testing.assert_allclose(in_stack, theirs, atol=3e-6)
    sizes = np.array([8, 8, 4] * EPOCHS)
    means = (np.array(losses) * sizes).reshape(EPOCHS, 3).sum(1) / N
    np.testing.assert_allclose(trained.history["loss"], means, atol=1e-6)
    np.testing.assert_allclose(stacked.history["loss"], means, atol=1e-6)


def test_the_learning_rate_given_replaces_the_optimizers_own(data):
    x, y = data

    def run(optimizer, rate):
        options = {"optimizer": optimizer, "learning_rate": rate, "seed": 1, "epochs": 2}
        return train_net(small_model(), x, y, loss="binary_crossentropy", **options).weights

    named, own = run("adam", 0.05), run(optimizers.Adam(0.05), None)
    assert all((a == b).all() for a, b in zip(named, own))
    assert not np.allclose(named[0], run("adam", 0.5)[0])
    with pytest.raises(InputError, match="schedule"):
        run(EACH["schedule"](), 0.05)


def test_an_optimizer_given_is_not_changed(data):
    optimizer = optimizers.Adam(0.01)
    train_net(small_model(), *data, loss="binary_crossentropy", optimizer=optimizer, seed=1, epochs=1)
    assert not optimizer.built and int(optimizer.iterations) == 0


def test_keys_tell_settings_but_not_the_learning_rate():
    assert optimizer_key("adam") == optimizer_key(optimizers.Adam(0.3))
    assert optimizer_key("adam") != optimizer_key(optimizers.Adam(beta_1=0.8)) != optimizer_key("sgd")
    assert default_learning_rate("adam") == pytest.approx(0.001)


@pytest.mark.parametrize(
    "optimizer, words",
    [
        ("adamm", "name"),
        (7, "name"),
        (optimizers.Adam(gradient_accumulation_steps=2), "several steps"),
        (optimizers.LossScaleOptimizer(optimizers.Adam()), "scale"),
    ],
)
def test_optimizers_that_cannot_be_used_are_refused_in_words(optimizer, words):
    with pytest.raises(InputError, match=words):
        read_optimizer(optimizer)
