"""Whole models as wide nets: inputs of every structure, models in models, layers and losses of one's own."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training import RowLoss, train_net, train_stack
from bineural.training.wide.model import lacks
from bineural.zoo.parts.level_embedding import LevelEmbedding
from long_cases import long_but

layers = keras.layers
N = 24
RNG = np.random.default_rng(4)
X, CODES = RNG.normal(size=(N, 3)).astype("float32"), RNG.integers(0, 4, (N, 2)).astype("int32")
Y = (RNG.random(N) > 0.5).astype("float32")
ROWS = [np.arange(20), np.arange(4, N), np.arange(2, 22)]


def check(model, inputs, atol=2e-6, how="stack", all_rows=ROWS, **options):
    """Compare each replica with the net alone."""
    options = {"loss": "binary_crossentropy", "batch_size": 7, "epochs": 2, "optimizer": "adam", **options}
    together = train_stack(model, inputs, Y, seeds=[1, 2, 3], rows=all_rows, **options)
    for seed, rows, one in zip([1, 2, 3], all_rows, together):
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


@pytest.mark.parametrize("structure", long_but(["dict", "list"], "dict"))
def test_two_inputs_by_name_or_by_place(structure):
    model = two_inputs(structure)
    assert lacks(model) == ""
    check(model, {"x": X, "codes": CODES} if structure == "dict" else (X, CODES))


@pytest.mark.long
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

    # without a bias, which such a loss does not depend on: its gradient is the rounding of a sum that is 0
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, use_bias=False)])
    check(model, X, loss=RowLoss("centred", centred))


@pytest.mark.long
@pytest.mark.parametrize("name", ["huber"])
def test_other_losses(name):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, "relu"), layers.Dense(1)])
    check(model, X, loss=name)


@pytest.mark.long
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


# ---- texts, images, and models of models ----

N_WORDS = 5
TEXTS = RNG.integers(1, 9, (N, N_WORDS)).astype("int32")
for row, length in enumerate(RNG.integers(1, N_WORDS + 1, N)):
    TEXTS[row, length:] = 0
PICTURES = RNG.normal(size=(N, 5, 5, 2)).astype("float32")
OF_UNEQUAL_LENGTH = [np.arange(1, 20), np.arange(6, N), np.arange(2, 22)]


def texts_and_words(n_units=4):
    texts = keras.Input((N_WORDS,), dtype="int32")
    return texts, layers.Embedding(9, n_units, mask_zero=True)(texts)


@pytest.mark.long
def test_a_text_with_masks_and_dropout_everywhere():
    texts, words = texts_and_words()
    words = layers.SpatialDropout1D(0.2)(words)
    heads = layers.MultiHeadAttention(2, 2, dropout=0.2)(words, words, use_causal_mask=True)
    read = layers.LSTM(3, dropout=0.2)(layers.Add()([words, heads]))
    model = keras.Model(texts, layers.Dense(1)(layers.GaussianNoise(0.1)(read)))
    assert lacks(model) == ""
    check(model, TEXTS, all_rows=OF_UNEQUAL_LENGTH)


@pytest.mark.long
def test_dropout_of_each_net_s_own_reaches_every_layer_that_leaves_numbers_out():
    def model(rate):
        texts, words = texts_and_words()
        words = layers.SpatialDropout1D(rate)(words)
        read = layers.SimpleRNN(2, dropout=rate, recurrent_dropout=rate)(words)
        return keras.Model(texts, layers.Dense(1)(read))

    options = {"loss": "binary_crossentropy", "batch_size": 7, "epochs": 2}
    together = train_stack(model(0.2), TEXTS, Y, seeds=[1, 2], dropout=[0.1, 0.4], **options)
    alone = train_net(model(0.4), TEXTS, Y, seed=2, **options)
    assert together[1].how == "stack"
    for a, b in zip(together[1].weights, alone.weights, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-6)


@pytest.mark.long
def test_a_row_that_only_fills_a_batch_up_may_have_no_loss():
    """The mean of an empty text is not a number, whatever its weight."""
    texts, words = texts_and_words(1)
    model = keras.Model(texts, layers.GlobalAveragePooling1D()(words))
    empty = np.concatenate([np.zeros((1, N_WORDS), "int32"), TEXTS[1:]])
    options = {"loss": "binary_crossentropy", "batch_size": 7, "epochs": 2, "optimizer": "sgd"}
    watched = [np.arange(1, 4), np.arange(5, 9), np.arange(2, 5)]
    for xla in (False, True):
        together = train_stack(
            model, empty, Y, seeds=[1, 2, 3], rows=OF_UNEQUAL_LENGTH, validation=watched, xla=xla, **options
        )
        assert all(np.isfinite(net.history["validation_loss"]).all() for net in together)


@pytest.mark.long
def test_a_loss_may_read_the_mask_of_the_outputs():
    texts, words = texts_and_words()
    model = keras.Model(texts, layers.Dense(1)(layers.SimpleRNN(3, return_sequences=True)(words)))

    def of_real_words(inputs, y, outputs):
        real = tf.cast(outputs._keras_mask, tf.float32)
        return tf.reduce_sum(real * tf.square(outputs[..., 0] - y[:, None]), 1)

    check(model, TEXTS, loss=RowLoss("of real words", of_real_words))


@pytest.mark.long
def test_an_image_made_smaller_and_larger():
    x = keras.Input((5, 5, 2))
    y = layers.SeparableConv2D(4, 3, strides=2, padding="same", activation="relu")(x)
    y = layers.SpatialDropout2D(0.3)(layers.GroupNormalization(2)(y))
    y = layers.Conv2DTranspose(3, 3, strides=2, padding="same")(y)
    y = layers.DepthwiseConv2D(2)(layers.PReLU(shared_axes=[1, 2])(y))
    model = keras.Model(x, layers.Dense(1)(layers.GlobalAveragePooling2D()(y)))
    check(model, PICTURES, xla=False)


@pytest.mark.long
def test_shared_layers_inner_models_and_several_outputs():
    """A layer called twice, a model called twice with its dropout, and two models that share a layer."""
    x, z = keras.Input((3,), name="x"), keras.Input((3,), name="z")
    shared = layers.Dense(3, "tanh")
    a, b = keras.Input((3,)), keras.Input((3,))
    inner = keras.Model([a, b], [shared(a) + b, layers.Dropout(0.3)(layers.BatchNormalization()(b))])
    parts = inner([x, z])
    parts += inner([parts[1], shared(z)])
    outputs = {"one": layers.Dense(1)(parts[2]), "two": layers.Dense(1)(parts[3] + inner([z, z])[0])}
    model = keras.Model({"x": x, "z": z}, outputs)
    assert lacks(model) == ""

    def both(inputs, y, outputs):
        return tf.square(outputs["one"][:, 0] - y) + tf.square(outputs["two"][:, 0] + y)

    check(model, {"x": X, "z": X[:, ::-1].copy()}, loss=RowLoss("both", both))


class Own(keras.Model):
    """A model whose call is a program of its own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.dense = layers.Dense(3)

    def call(self, x):
        return self.dense(x)


def test_a_model_that_has_no_wide_form_is_named_inside_another_too():
    x = keras.Input((3,))
    inner = keras.Model(x, layers.Dense(2)(Own(name="own")(x)), name="inner")
    assert lacks(inner) == "Own 'own'"
    model = keras.Model(x, layers.Dense(1)(inner(x)))
    assert lacks(model) == "Own 'own' in Functional 'inner'"
