"""Whole models as wide nets: inputs of every structure, models in models, layers and losses of one's own."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training import RowLoss, train_net, train_stack
from bineural.training.wide.model import lacks
from bineural.zoo.parts.level_embedding import LevelEmbedding

layers = keras.layers
N = 24
RNG = np.random.default_rng(4)
X, CODES = RNG.normal(size=(N, 3)).astype("float32"), RNG.integers(0, 4, (N, 2)).astype("int32")
Y = (RNG.random(N) > 0.5).astype("float32")
ROWS = [np.arange(20), np.arange(4, N), np.arange(2, 22)]


def check(model, inputs, atol=2e-6, how="stack", **options):
    """Compare each replica with the net alone."""
    options = {"loss": "binary_crossentropy", "batch_size": 7, "epochs": 2, "optimizer": "adam", **options}
    together = train_stack(model, inputs, Y, seeds=[1, 2, 3], rows=ROWS, **options)
    for seed, rows, one in zip([1, 2, 3], ROWS, together):
        alone = train_net(
            model, tf.nest.map_structure(lambda a, r=rows: a[r], inputs), Y[rows], seed=seed, **options
        )
        assert one.how == how
        for a, b in zip(one.weights, alone.weights, strict=True):
            np.testing.assert_allclose(a, b, atol=atol)
        np.testing.assert_allclose(one.history["loss"], alone.history["loss"], atol=1e-5)
    return together


def two_inputs(structure):
    x, codes = keras.Input((3,), name="x"), keras.Input((2,), dtype="int32", name="codes")
    inner = keras.Model(x, layers.Dense(4, "tanh", kernel_regularizer="l2")(x))
    parts = [inner(x), LevelEmbedding(3, 2)(codes[:, 0]), layers.Flatten()(layers.Embedding(4, 2)(codes))]
    out = layers.Dense(1)(layers.Concatenate()(parts))
    return keras.Model({"dict": {"x": x, "codes": codes}, "list": [x, codes]}[structure], out)


@pytest.mark.parametrize("structure", ["dict", "list"])
def test_two_inputs_by_name_or_by_place(structure):
    model = two_inputs(structure)
    assert lacks(model) == ""
    check(model, {"x": X, "codes": CODES} if structure == "dict" else (X, CODES))


def test_inputs_by_name_for_a_model_that_has_them_by_place():
    check(two_inputs("list"), {"codes": CODES, "x": X})


def test_a_column_may_come_without_its_axis():
    x = keras.Input((1,))
    check(keras.Model(x, layers.Dense(1)(x)), X[:, 0])


class Scaled(layers.Layer):
    """A layer of one's own with an entry of its own."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), initializer="random_normal")

    def call(self, x):
        return x * (1 + self.factor)

    def call_replicas(self, call, x):
        return x * (1 + call.along(self.factor, x.shape.rank))


def test_a_layer_of_ones_own_brings_its_entry():
    model = keras.Sequential([keras.Input((3,)), Scaled(), layers.Dense(1)])
    check(model, X)


def test_a_loss_of_the_whole_batch_is_that_of_each_replica_s_batch():
    """Not every loss keeps rows apart: this one centres by the batch's mean."""

    def centred(inputs, y, outputs):
        return tf.square(outputs[:, 0] - tf.reduce_mean(outputs) - y)

    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    check(model, X, loss=RowLoss("centred", centred))


@pytest.mark.parametrize("name", ["huber"])
def test_other_losses(name):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, "relu"), layers.Dense(1)])
    check(model, X, loss=name)


def test_penalties_of_every_kind():
    own = keras.regularizers.OrthogonalRegularizer(0.1)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(3, kernel_regularizer=own, bias_regularizer="l1"),
            layers.Dense(1, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02)),
        ]
    )
    together = check(model, X)
    assert all(np.array(one.history["penalty"]).min() > 0 for one in together)


def test_what_has_no_entry_is_vectorised_and_says_which_layer():
    model = keras.Sequential([keras.Input((3,)), layers.Lambda(tf.square, name="squares"), layers.Dense(1)])
    together = check(model, X, how="stack, vectorised")
    assert together[0].why == "Lambda 'squares'"
