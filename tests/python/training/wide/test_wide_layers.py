"""Each entry of the table of wide layers is Keras' own layer of each replica: values, gradients, changes."""

import pytest

from bineural._tensorflow import keras
from bineural.training.operations import KNOWN
from bineural.training.philox import repeatable_dropout
from bineural.training.wide import model as wide_model
from bineural.training.wide import registry
from bineural.zoo.parts.level_embedding import LevelEmbedding
from training.wide.judging import CODES, COLUMNS, IMAGES, SERIES, judge
from training.wide.test_wide_images import CASES as OF_IMAGES
from training.wide.test_wide_sequences import CASES as OF_SEQUENCES

layers = keras.layers


def inner_net():
    return keras.Sequential([keras.Input(COLUMNS), layers.Dense(3, "tanh"), layers.LayerNormalization()])


# name: (the layer, shape of a row or of each of two, training)
CASES = {
    "dense": (lambda: layers.Dense(3, "tanh"), COLUMNS),
    "dense without bias": (lambda: layers.Dense(3, "softmax", use_bias=False), COLUMNS),
    "dense over time": (lambda: layers.Dense(3, "gelu"), SERIES),
    "dense over places": (lambda: layers.Dense(3), IMAGES),
    "einsum": (lambda: layers.EinsumDense("abc,cde->abde", (6, 2, 4), bias_axes="de"), SERIES),
    "einsum without bias": (lambda: layers.EinsumDense("abc,cd->abd", (6, 4), activation="relu"), SERIES),
    "embedding": (lambda: layers.Embedding(7, 3), CODES),
    "level embedding": (lambda: LevelEmbedding(6, 3, [1, 2, 3, 4, 5, 6]), ()),
    "activation": (lambda: layers.Activation("softmax"), COLUMNS),
    "relu": (lambda: layers.ReLU(2.0, 0.1, 0.3), COLUMNS),
    "leaky relu": (lambda: layers.LeakyReLU(0.2), COLUMNS),
    "elu": (lambda: layers.ELU(0.5), COLUMNS),
    "dropout": (lambda: layers.Dropout(0.4), COLUMNS),
    "dropout over time": (lambda: layers.Dropout(0.4), SERIES),
    "dropout of the same for all times": (lambda: layers.Dropout(0.4, (None, 1, 3)), SERIES),
    "dropout of fewer axes": (lambda: layers.Dropout(0.4, (3,)), SERIES),
    "dropout of everything": (lambda: layers.Dropout(1.0), COLUMNS),
    "gaussian noise": (lambda: layers.GaussianNoise(0.4), SERIES),
    "gaussian dropout": (lambda: layers.GaussianDropout(0.4), COLUMNS),
    "alpha dropout": (lambda: layers.AlphaDropout(0.4), SERIES),
    "alpha dropout of the same for all times": (lambda: layers.AlphaDropout(0.4, (None, 1, 3)), SERIES),
    "batch normalisation": (lambda: layers.BatchNormalization(momentum=0.7), COLUMNS),
    "of channels in front": (lambda: layers.BatchNormalization(axis=1), IMAGES),
    "neither centred nor scaled": (lambda: layers.BatchNormalization(center=False, scale=False), IMAGES),
    "frozen": (lambda: layers.BatchNormalization(trainable=False), COLUMNS),
    "layer normalisation": (lambda: layers.LayerNormalization(), SERIES),
    "plain layer normalisation": (lambda: layers.LayerNormalization(center=False, scale=False), COLUMNS),
    "root mean square": (lambda: layers.RMSNormalization(), SERIES),
    "groups": (lambda: layers.GroupNormalization(2), (6, 4)),
    "groups in front": (lambda: layers.GroupNormalization(3, axis=-2), IMAGES),
    "one group for each": (lambda: layers.GroupNormalization(-1, center=False, scale=False), COLUMNS),
    "units": (lambda: layers.UnitNormalization(), SERIES),
    "identity": (lambda: layers.Identity(), SERIES),
    "leaks": (lambda: layers.PReLU(), SERIES),
    "shared leaks": (lambda: layers.PReLU(shared_axes=[1]), SERIES),
    "normalisation": (lambda: layers.Normalization(mean=2.0, variance=3.0), COLUMNS),
    "softmax": (lambda: layers.Softmax(), COLUMNS),
    "rescaling": (lambda: layers.Rescaling(0.5, 1.0), IMAGES),
    "flatten": (lambda: layers.Flatten(), IMAGES),
    "reshape": (lambda: layers.Reshape((3, 6)), SERIES),
    "permute": (lambda: layers.Permute((2, 1)), SERIES),
    "repeat": (lambda: layers.RepeatVector(3), COLUMNS),
    "cropping 1": (lambda: layers.Cropping1D((1, 2)), SERIES),
    "cropping 2": (lambda: layers.Cropping2D(((1, 2), (0, 1))), IMAGES),
    "padding 1": (lambda: layers.ZeroPadding1D(2), SERIES),
    "padding 2": (lambda: layers.ZeroPadding2D(1), IMAGES),
    "up 1": (lambda: layers.UpSampling1D(2), SERIES),
    "up 2": (lambda: layers.UpSampling2D(2), IMAGES),
    "average pooling 1": (lambda: layers.AveragePooling1D(2), SERIES),
    "average pooling 2": (lambda: layers.AveragePooling2D(2, padding="same"), IMAGES),
    "max pooling 1": (lambda: layers.MaxPooling1D(4), SERIES),
    "max pooling 2": (lambda: layers.MaxPooling2D((2, 3)), IMAGES),
    "max pooling that overlaps": (lambda: layers.MaxPooling2D(3, strides=2, padding="same"), IMAGES),
    "global average 1": (lambda: layers.GlobalAveragePooling1D(), SERIES),
    "global average 2": (lambda: layers.GlobalAveragePooling2D(keepdims=True), IMAGES),
    "global max 1": (lambda: layers.GlobalMaxPooling1D(), SERIES),
    "global max 2": (lambda: layers.GlobalMaxPooling2D(), IMAGES),
    "convolution 1": (lambda: layers.Conv1D(4, 2, activation="relu"), SERIES),
    "causal": (lambda: layers.Conv1D(4, 2, padding="causal", dilation_rate=2), SERIES),
    "convolution 2": (lambda: layers.Conv2D(4, (3, 2), use_bias=False), IMAGES),
    "same": (lambda: layers.Conv2D(4, 3, padding="same", strides=2), IMAGES),
    "simple rnn": (lambda: layers.SimpleRNN(4), SERIES),
    "simple rnn, all": (lambda: layers.SimpleRNN(4, "relu", return_sequences=True, use_bias=False), SERIES),
    "lstm": (lambda: layers.LSTM(4), SERIES),
    "lstm, all, states": (lambda: layers.LSTM(4, return_sequences=True, return_state=True), SERIES),
    "lstm back": (lambda: layers.LSTM(4, go_backwards=True, use_bias=False), SERIES),
    "lstm of its own kind": (lambda: layers.LSTM(4, "relu", "hard_sigmoid"), SERIES),
    "gru": (lambda: layers.GRU(4, return_state=True), SERIES),
    "gru, reset before": (lambda: layers.GRU(4, reset_after=False, return_sequences=True), SERIES),
    "gru without bias": (lambda: layers.GRU(4, use_bias=False), SERIES),
    "bidirectional": (lambda: layers.Bidirectional(layers.LSTM(3, return_sequences=True)), SERIES),
    "bidirectional sum": (lambda: layers.Bidirectional(layers.GRU(3), merge_mode="sum"), SERIES),
    "attention": (lambda: layers.MultiHeadAttention(2, 3), (SERIES, SERIES)),
    "attention without bias": (lambda: layers.MultiHeadAttention(2, 3, use_bias=False), (SERIES, (4, 3))),
    "add": (lambda: layers.Add(), [COLUMNS, COLUMNS]),
    "subtract": (lambda: layers.Subtract(), [COLUMNS, COLUMNS]),
    "multiply": (lambda: layers.Multiply(), [SERIES, SERIES]),
    "average": (lambda: layers.Average(), [COLUMNS, COLUMNS]),
    "maximum": (lambda: layers.Maximum(), [COLUMNS, COLUMNS]),
    "minimum": (lambda: layers.Minimum(), [COLUMNS, COLUMNS]),
    "concatenate": (lambda: layers.Concatenate(), [COLUMNS, (2,)]),
    "concatenate times": (lambda: layers.Concatenate(axis=1), [SERIES, (2, 3)]),
    "dot": (lambda: layers.Dot(axes=1), [COLUMNS, COLUMNS]),
    "sequential": (inner_net, COLUMNS),
}
IN_MODELS = {keras.src.models.functional.Functional, *KNOWN}  # judged there, and in `test_wide_operations`


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_the_layer_of_each_replica(name):
    make, shape = CASES[name]
    if "dropout" in name or "noise" in name:
        with repeatable_dropout(written_out=True):
            judge(make(), shape, True)
        return
    for training in (True, False):
        judge(make(), shape, training)


@pytest.mark.parametrize("name", [name for name in CASES if "max pooling" in name])
def test_what_is_written_for_xla_is_the_layer_too(name):
    make, shape = CASES[name]
    judge(make(), shape, True, compiled=True)


def test_every_entry_is_judged():
    kinds = {type(make()) for make, _ in (CASES | OF_IMAGES | OF_SEQUENCES).values()}
    assert set(registry._entries) - kinds == IN_MODELS


def test_what_an_entry_does_not_know_is_named():
    sequence, table = keras.Input(SERIES), keras.Input(COLUMNS)

    def lacking(x, layer, **options):
        return wide_model.lacks(keras.Model(x, layer(x, **options)))

    for layer in [
        layers.BatchNormalization(renorm=True, name="it"),
        layers.Dense(2, activation=lambda x: x * 2, name="it"),
        layers.Dense(2, activity_regularizer="l2", name="it"),
        layers.Dense(2, dtype="mixed_bfloat16", name="it"),
        layers.Lambda(lambda x: x * 2, name="it"),
        layers.GroupNormalization(5, dtype="mixed_bfloat16", name="it"),
    ]:
        assert lacking(table, layer) == f"{type(layer).__name__} 'it'"
    for layer in [
        layers.LSTM(2, dropout=1.0, name="it"),
        layers.RNN(type("Own", (layers.GRUCell,), {})(2), name="it"),
        layers.SimpleRNN(2, activation=lambda x: x, name="it"),
        layers.Bidirectional(layers.LSTM(2, dropout=1.0), name="it"),
        layers.TimeDistributed(layers.Dense(2, activation=lambda x: x), name="it"),
        layers.Conv1D(2, 3, groups=1, activation=lambda x: x, name="it"),
    ]:
        assert lacking(sequence, layer) == f"{type(layer).__name__} 'it'"
    heads = layers.MultiHeadAttention(2, 2, activity_regularizer="l2", name="it")
    assert wide_model.lacks(keras.Model(sequence, heads(sequence, sequence))) == "MultiHeadAttention 'it'"
    kind = type("Own", (layers.Dense,), {})
    assert lacking(table, kind(2, name="it")) == "Own 'it'"
    inner = keras.Sequential([layers.Dense(2), layers.Lambda(abs, name="sizes")], name="it")
    assert lacking(table, inner) == "Lambda 'sizes' in Sequential 'it'"
