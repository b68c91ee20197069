"""One net compiled by XLA: the same net as without it and as in a stack, up to rounding."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training import train_net, train_stack
from bineural.training.engine import pays_alone
from bineural.training.layouts import Layout

layers = keras.layers
RNG = np.random.default_rng(4)
X = RNG.normal(size=(40, 3)).astype("float32")
Y = (X[:, 0] + RNG.normal(size=40) > 0).astype("float32")
INNER = {
    "penalty": lambda: [layers.Dense(5, activation="tanh", kernel_regularizer="l2")],
    "dropout": lambda: [layers.Dense(5, activation="relu"), layers.Dropout(0.4)],
    "batch normalisation": lambda: [layers.Dense(4, use_bias=False), layers.BatchNormalization(momentum=0.5)],
}


def net(*inner):
    return keras.Sequential([keras.Input((3,)), *inner, layers.Dense(1)])


def close(one, other):
    assert one.epochs_run == other.epochs_run and one.best_epoch == other.best_epoch
    for a, b in zip(one.weights, other.weights, strict=True):
        np.testing.assert_allclose(a, b, atol=3e-6)
    for name in other.history:
        np.testing.assert_allclose(one.history[name], other.history[name], atol=3e-6)


@pytest.mark.long
@pytest.mark.parametrize(
    "inner, monitor",
    [
        ("penalty", "auroc"),
        pytest.param("dropout", None, marks=pytest.mark.long),
        pytest.param("batch normalisation", "loss", marks=pytest.mark.long),
    ],
)
def test_a_compiled_net_is_the_net_alone_and_in_a_stack(inner, monitor):
    """The last batch has fewer rows; 11 watched rows fill no block; weights differ between rows."""
    model, options = net(*INNER[inner]()), {"loss": "binary_crossentropy", "epochs": 6, "batch_size": 8}
    weights, validation = np.linspace(0.5, 2, 29), None
    if monitor:
        validation = (X[29:], Y[29:])
        options |= {"monitor": monitor, "patience": 2}
    one, compiled = (
        train_net(
            model, X[:29], Y[:29], seed=3, sample_weight=weights, validation=validation, xla=xla, **options
        )
        for xla in (False, True)
    )
    assert (one.how, compiled.how) == ("alone", "alone, XLA")
    close(compiled, one)
    rows = {"row_weights": weights, "validation": validation}
    close(train_stack(model, X[:29], Y[:29], seeds=[3, 4], xla=False, **rows, **options)[0], compiled)


@pytest.mark.long
def test_epochs_in_pieces_change_nothing():
    model, options = net(layers.Dense(4)), {"loss": "binary_crossentropy", "seed": 1, "xla": True}
    whole, seen = train_net(model, X, Y, epochs=20, **options), []
    pieces = train_net(model, X, Y, epochs=20, progress=lambda done, history: seen.append(done), **options)
    assert seen[0] == 8 and seen[-1] == 20
    assert all((a == b).all() for a, b in zip(whole.weights, pieces.weights, strict=True))


@pytest.mark.long
def test_a_net_that_can_not_be_compiled_goes_on_without():
    @keras.saving.register_keras_serializable("test_alone_xla")
    class InPython(layers.Layer):
        def call(self, x):
            copy = tf.numpy_function(lambda a: a, [tf.stop_gradient(x)], tf.float32)
            return x + 0 * tf.ensure_shape(copy, x.shape)

    model, options = net(InPython(), layers.Dense(4)), {"loss": "binary_crossentropy", "seed": 1, "epochs": 3}
    plain = train_net(model, X, Y, xla=False, validation=(X[:9], Y[:9]), **options)
    for _ in range(2):
        one = train_net(model, X, Y, xla=True, validation=(X[:9], Y[:9]), **options)
        assert one.how == "alone"
        close(one, plain)


def test_only_long_work_of_layers_that_gain_is_compiled():
    assert pays_alone(Layout(net(layers.Dense(4), layers.BatchNormalization())), 12_000)
    assert not pays_alone(Layout(net(layers.Dense(4), layers.BatchNormalization())), 11_999)
    assert not pays_alone(Layout(net(layers.Dense(4), layers.Dropout(0.1))), 10**6)
    series = keras.Sequential([keras.Input((3, 2)), layers.GRU(2), layers.Dense(1)])
    image = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])
    assert not pays_alone(Layout(series), 10**6) and not pays_alone(Layout(image), 10**6)
