"""Nets that can't be stacked are trained one by one, with all that each replica has of its own."""

import traceback

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training import stacked, train_net, train_stack
from bineural.training.stack_run import StackRun

layers = keras.layers
N = 30
BINARY = {"loss": "binary_crossentropy", "epochs": 3, "batch_size": 8}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(N, 3))
    return x, (x[:, 0] + rng.normal(size=N) > 0).astype(float)


def net(*inner):
    return keras.Sequential([keras.Input((3,)), *inner, layers.Dense(1)])


def close(a, b):
    for u, v in zip(a.weights, b.weights, strict=True):
        np.testing.assert_allclose(u, v, atol=1e-5)
    assert (a.epochs_run, a.best_epoch, a.stopped) == (b.epochs_run, b.best_epoch, b.stopped)
    for name in a.history:
        np.testing.assert_allclose(a.history[name], b.history[name], atol=1e-5)


def test_each_replica_keeps_all_that_is_its_own(data, monkeypatch):
    x, y = data
    rng = np.random.default_rng(2)
    rows = [rng.permutation(N)[:n] for n in (20, 24, 17)]
    layout = net(layers.Dense(4, activation="tanh", kernel_regularizer="l2"))
    own = np.stack([x, 2 * x, x - 1]), np.stack([y, 1 - y, y])
    options = {
        **BINARY,
        "seeds": [4, 5, 6],
        "own": ("inputs", "y"),
        "rows": rows,
        "row_weights": rng.uniform(0.5, 2, (3, N)),
        "validation": [np.setdiff1d(np.arange(N), r) for r in rows],
        "learning_rate": [0.3, 0.01, 0.1],
        "penalty_scale": [1.0, 2.0, 0.0],
        "epochs": 8,
        "patience": 1,
    }
    together = train_stack(layout, *own, **options)
    seen = []

    def cannot(self, tell):
        raise NotImplementedError("No vectorization")

    monkeypatch.setattr(StackRun, "go", cannot)
    apart = train_stack(layout, *own, progress=lambda done, n: seen.append(done), **options)
    stacked.stacks.clear()  # they have learnt that they can't
    for a, b in zip(together, apart):
        close(a, b)
        assert (a.how, b.how, b.why) == ("stack", "alone", "NotImplementedError: No vectorization")
    assert len({a.epochs_run for a in apart}) > 1 and seen[-1] == sum(a.epochs_run for a in apart)


class Remembers(layers.Layer):
    """Passes its input through a map of tensors, which has no vectorised form."""

    def call(self, x):
        table = tf.raw_ops.EmptyTensorMap()
        table = tf.raw_ops.TensorMapInsert(input_handle=table, key=tf.constant(1), value=x)
        found = tf.raw_ops.TensorMapLookup(input_handle=table, key=tf.constant(1), value_dtype=tf.float32)
        return tf.ensure_shape(found, x.shape)


def test_a_layer_without_vectorised_form_is_trained_alone_and_named(data):
    layout = net(Remembers(name="memory"))
    for _ in range(2):  # the second time it is known
        found = train_stack(layout, *data, seeds=[1, 2], **BINARY)
        assert [(f.how, f.why) for f in found] == [("alone", "Remembers 'memory'")] * 2
    close(found[1], train_net(layout, *data, seed=2, **BINARY))


class Spells(layers.Layer):
    """Writes its input as text and reads it again, which XLA can't compile."""

    def call(self, x):
        return x + tf.stop_gradient(tf.strings.to_number(tf.strings.as_string(x)))


@pytest.mark.long
def test_what_xla_cannot_compile_is_a_stack_without_it(data):
    found = train_stack(net(Spells()), *data, seeds=[1, 2], xla=True, **BINARY)
    assert [(f.how, f.why) for f in found] == [("stack, vectorised", "Spells 'spells'")] * 2


class Fails(layers.Layer):
    """Has a mistake that shows in training only."""

    def call(self, x, training=False):
        if training:
            raise RuntimeError("my own mistake")
        return x


def test_a_mistake_in_the_users_layer_is_shown_once_and_as_it_is(data):
    with pytest.raises(RuntimeError, match="my own mistake") as stack:
        train_stack(net(Fails()), *data, seeds=[1, 2], **BINARY)
    with pytest.raises(RuntimeError) as alone:
        train_net(net(Fails()), *data, seed=1, **BINARY)
    assert str(stack.value) == str(alone.value)
    assert "stacked.py" not in "".join(traceback.format_exception(stack.value))


def test_a_replica_that_diverges_is_named_or_kept(data):
    options = {"loss": "mean_squared_error", "optimizer": "sgd", "epochs": 30, "seeds": [1, 2]}
    layout, rates = net(Remembers()), [0.01, 1e20]
    with pytest.raises(ValueError, match="in the second"):
        train_stack(layout, *data, learning_rate=rates, names=["the first", "the second"], **options)
    good, bad = train_stack(layout, *data, learning_rate=rates, diverged="keep", **options)
    assert good.epochs_run == 30 and np.isfinite(good.history["loss"]).all()
    assert bad.epochs_run < 30 and not np.isfinite(bad.history["loss"][-1])


class Gated(layers.GRU):
    """A recurrent layer of a class of its own, which has no wide form."""


def test_few_steps_of_recurrent_nets_run_one_by_one_and_many_as_a_stack():
    """Vectorising a recurrent loop takes longer than a short training."""
    from bineural.training.layouts import Layout
    from bineural.training.stack import pays_to_compile, pays_to_stack

    layers = keras.layers
    recurrent = keras.Sequential([keras.Input((4, 2)), Gated(2, dropout=0.1), layers.Dense(1)])
    dense = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    convolving = keras.Sequential([keras.Input((4, 2)), layers.Conv1D(2, 2), layers.Flatten()])
    noisy = keras.Sequential([keras.Input((4, 2)), layers.GaussianNoise(0.1), layers.Conv1D(2, 2)])
    assert (
        pays_to_stack(Layout(dense), False, 2, 1)
        and pays_to_stack(Layout(recurrent), True, 2, 1)
        and not pays_to_stack(Layout(recurrent), False, 16, 100)
        and pays_to_stack(Layout(recurrent), False, 100, 100)
        and pays_to_stack(Layout(convolving), True, 2, 1)
        and not pays_to_compile(Layout(convolving), True, 16, 10**6)
        and not pays_to_stack(Layout(convolving), False, 16, 40)
        and pays_to_stack(Layout(convolving), False, 16, 400)
        and pays_to_stack(Layout(noisy), True, 16, 400)
        and not pays_to_stack(Layout(noisy), False, 16, 400)
    )
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(12, 4, 2)).astype("float32"), rng.integers(0, 2, 12)
    found = train_stack(recurrent, x, y, loss="binary_crossentropy", seeds=[1, 2], epochs=2)
    alone = train_net(recurrent, x, y, loss="binary_crossentropy", seed=2, epochs=2)
    assert [one.how for one in found] == ["alone", "alone"]
    for a, b in zip(found[1].weights, alone.weights):
        np.testing.assert_array_equal(a, b)
