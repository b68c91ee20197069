"""Gradients written out: tapes take them, and no graph stays behind that has one."""

import gc

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training import train_net, train_stack
from bineural.training.blueprint import _plans
from bineural.training.engine import _loops
from bineural.training.forward import _forwards
from bineural.training.own_gradient import own_gradient
from bineural.training.stacked import stacks
from bineural.training.step import steps


@own_gradient
def product_and_sum(a, b):
    """Return a b and a + b; the gradient of the product by b is written as ten times what it is."""
    return (a * b, a + b), lambda of_product, of_sum: (of_product * b + of_sum, 10 * of_product * a + of_sum)


@pytest.mark.parametrize("graph", [False, True])
def test_a_tape_takes_the_gradient_that_is_written(graph):
    def slopes(a, b):
        with tf.GradientTape() as tape:
            tape.watch([a, b])
            product, total = product_and_sum(a, 2 * b)
            whole = tf.reduce_sum(product) + 3 * tf.reduce_sum(total)
        return tape.gradient(whole, [a, b])

    a, b = tf.constant([1.0, 2.0]), tf.constant([5.0, 7.0])
    of_a, of_b = (tf.function(slopes) if graph else slopes)(a, b)
    np.testing.assert_array_equal(of_a, 2 * b + 3)
    np.testing.assert_array_equal(of_b, 2 * (10 * a + 3))


def test_an_output_that_is_not_used_has_a_gradient_of_0():
    a, b = tf.constant(2.0), tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(a)
        total = product_and_sum(a, b)[1]
    assert float(tape.gradient(total, a)) == 1


def count_graphs():
    """Count the graphs that are left, with their loops and branches, when nothing is kept for later."""
    for cache in (_loops, stacks, steps, _forwards, _plans):
        cache.clear()
    gc.collect()
    return sum(type(o).__name__.endswith("FuncGraph") for o in gc.get_objects())


@pytest.mark.long
def test_no_graph_stays_when_its_net_has_gone():
    layers, rng = keras.layers, np.random.default_rng(1)
    x, y = rng.normal(size=(12, 4, 4)).astype(np.float32), np.arange(12) % 2
    net = keras.Sequential(
        [keras.Input((4, 4)), layers.LSTM(3, return_sequences=True), layers.MaxPooling1D(2), layers.Flatten()]
    )
    net.add(layers.Dense(1))
    options = {"loss": "binary_crossentropy", "epochs": 1}
    before = count_graphs()
    train_net(net, x, y, seed=1, **options)
    train_stack(net, x, y, seeds=[1, 2, 3], **options)
    assert count_graphs() == before
