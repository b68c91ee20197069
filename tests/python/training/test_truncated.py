"""Gradients of windows of steps, judged by Keras' own layers that begin a window with a constant state."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.zoo import as_architecture
from zoo.test_step_architectures import other_weights, padded, some_rows

UNITS = 4


def gradients(model, x):
    with tf.GradientTape() as tape:
        cost = tf.reduce_sum(tf.sin(model(x)))
    return [tf.convert_to_tensor(g).numpy() for g in tape.gradient(cost, model.trainable_variables)]


def build(name, window, **options):
    model = as_architecture(name).build((None, 3), 2, units=(UNITS,), truncate_gradient=window, **options)
    model.set_weights(other_weights(model))
    return model


def slowly(name, row, window, backward=False):
    """Return the last state's gradients for one row: its last window alone learns, from a given state."""
    kind = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[name]
    layer, x = kind(UNITS, return_state=True), tf.constant(row[None])
    dense = keras.layers.Dense(2)
    layer(x), dense(tf.zeros((1, UNITS)))
    weights = other_weights(build(name, window))
    layer.set_weights(weights[:3]), dense.set_weights(weights[3:])
    begin = max(len(row) - window, 0)
    states = layer(x[:, :begin])[1:] if begin else None
    with tf.GradientTape() as tape:
        last = layer(x[:, begin:], initial_state=states and [tf.stop_gradient(s) for s in states])[0]
        cost = tf.reduce_sum(tf.sin(dense(last)))
    return tape.gradient(cost, [*layer.trainable_variables, *dense.trainable_variables])


@pytest.mark.parametrize("name", [pytest.param("rnn", marks=pytest.mark.long), "lstm", "gru"])
def test_a_window_learns_from_its_own_steps_and_the_state_before_it(name):
    rows = some_rows("sequence", (2, 5, 7, 9))
    ours = gradients(build(name, 3), padded(rows))
    each = [slowly(name, row, 3) for row in rows]
    for gradient, *parts in zip(ours, *each, strict=True):
        np.testing.assert_allclose(gradient, sum(np.asarray(part) for part in parts), atol=1e-5)


@pytest.mark.parametrize("options", [{}, pytest.param({"bidirectional": True}, marks=pytest.mark.long)])
def test_a_window_that_covers_the_steps_has_the_full_gradient(options):
    x = padded(some_rows("sequence", (2, 5, 9)))
    full = gradients(build("gru", None, **options), x)
    for a, b in zip(gradients(build("gru", 9, **options), x), full, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    shorter = gradients(build("gru", 8, **options), x)
    assert max(abs(a - b).max() for a, b in zip(shorter, full)) > 1e-4


def test_what_is_put_out_does_not_depend_on_the_window():
    x = padded(some_rows("sequence"))
    for options in ({}, {"bidirectional": True}):
        whole = build("lstm", None, **options)(x)
        np.testing.assert_allclose(build("lstm", 2, **options)(x), whole, atol=1e-6)


def test_reading_backward_windows_are_counted_from_the_first_step():
    """The two directions are one another's mirror: of a row turned round the other has its gradient."""
    (row,) = some_rows("sequence", (8,))
    model = build("gru", 3, bidirectional=True)
    weights = model.get_weights()
    weights[3:6] = weights[:3]
    weights[6] = np.concatenate([weights[6][:UNITS]] * 2)
    model.set_weights(weights)
    ahead, turned = gradients(model, row[None]), gradients(model, row[None, ::-1].copy())
    for a, b in zip(ahead[:3], turned[3:6]):
        np.testing.assert_allclose(a, b, atol=1e-5)
