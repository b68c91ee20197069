"""Each entry of the table of wide layers is Keras' own layer of each replica: values, gradients, changes."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training.philox import repeatable_dropout
from bineural.training.wide import model as wide_model
from bineural.training.wide import registry
from bineural.training.wide.call import Call
from bineural.zoo.parts.level_embedding import LevelEmbedding

layers = keras.layers
R, B = 3, 4
COLUMNS, SERIES, IMAGES, CODES = (5,), (6, 3), (7, 6, 2), (4,)


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
    "batch normalisation": (lambda: layers.BatchNormalization(momentum=0.7), COLUMNS),
    "of channels in front": (lambda: layers.BatchNormalization(axis=1), IMAGES),
    "neither centred nor scaled": (lambda: layers.BatchNormalization(center=False, scale=False), IMAGES),
    "frozen": (lambda: layers.BatchNormalization(trainable=False), COLUMNS),
    "layer normalisation": (lambda: layers.LayerNormalization(), SERIES),
    "plain layer normalisation": (lambda: layers.LayerNormalization(center=False, scale=False), COLUMNS),
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
TRAINED_ALONE = {keras.src.models.functional.Functional, keras.src.ops.numpy.GetItem}  # tests of whole models


def make_inputs(shape, rng):
    """Return arrays (R, B, ...) in the structure that the layer takes, as a list or as its arguments."""
    if isinstance(shape, (list, tuple)) and shape and isinstance(shape[0], tuple):
        return type(shape)(make_inputs(part, rng) for part in shape)
    if shape in (CODES, ()):
        return tf.constant(rng.integers(0, 7, (R, B, *shape)).astype("int32"))
    return tf.constant(rng.normal(size=(R, B, *shape)).astype("float32"))


def one_of(nest, r):
    return tf.nest.map_structure(lambda a: a[r], nest)


def values_of(layer, rng):
    """Return other values of the layer's variables for each replica."""
    values = []
    for v in layer.variables:
        if v.name == "seed_generator_state":
            values.append(tf.constant(rng.integers(0, 2**30, (R, 2)), v.dtype))
        else:
            drawn = rng.normal(size=(R, *v.shape)) * 0.5
            values.append(tf.constant(np.abs(drawn) + 0.1 if "variance" in v.name else drawn, tf.float32))
    return values


def differentiate(values, inputs, run):
    """Return the outputs of `run(values, inputs)`, its changes, and the gradient of a sum of the outputs."""
    floats = [v for v in [*values, *tf.nest.flatten(inputs)] if v.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(floats)
        outputs, changed = run(values, inputs)
        flat = tf.nest.flatten(outputs)
        total = tf.add_n(
            [tf.reduce_sum(tf.sin(a) * (1 + tf.cos(tf.cast(i, tf.float32)))) for i, a in enumerate(flat)]
        )
    gradients = tape.gradient(total, floats, unconnected_gradients="zero")
    return (
        [a.numpy() for a in flat],
        [np.asarray(c) for c in changed],
        [np.asarray(tf.convert_to_tensor(g)) for g in gradients],
    )


def judge(layer, shape, training, compiled=False):
    """Compare the entry of a layer with Keras."""
    rng = np.random.default_rng(5)
    inputs = make_inputs(shape, rng)
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    layer(*one_of(arguments, 0))
    values = values_of(layer, rng)
    forward = registry.find_forward(layer)

    def wide(values, inputs):
        call = (
            Call(layer.variables, values, training, compiled=compiled)
            if values
            else NoValues(training, compiled)
        )
        outputs = forward(call, *inputs)
        return outputs, [call[v] for v in layer.variables]

    def keras_own(values, inputs):
        value = {v.path: x for v, x in zip(layer.variables, values)}
        trained = [value[v.path] for v in layer.trainable_variables]
        fixed = [value[v.path] for v in layer.non_trainable_variables]
        how = {"training": training} if layer._call_has_training_arg else {}
        outputs, after = layer.stateless_call(trained, fixed, *inputs, **how)
        value |= {v.path: x for v, x in zip(layer.non_trainable_variables, after)}
        return outputs, [value[v.path] for v in layer.variables]

    whole = differentiate(values, arguments, wide)
    for r in range(R):
        own = differentiate(one_of(values, r), one_of(arguments, r), keras_own)
        for ours, theirs in zip(whole, own, strict=True):
            for a, b in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(a[r], b, atol=2e-5, rtol=2e-5)


class NoValues(Call):
    """A call of a layer that has no variables."""

    def __init__(self, training, compiled):
        self.training, self.compiled, self.dropout, self.n_replicas = training, compiled, (), R


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_the_layer_of_each_replica(name):
    make, shape = CASES[name]
    if "dropout" in name:
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
    kinds = {type(make()) for make, _ in CASES.values()}
    assert set(registry._entries) - kinds == TRAINED_ALONE


def test_what_an_entry_does_not_know_is_named():
    sequence, table = keras.Input(SERIES), keras.Input(COLUMNS)

    def lacking(x, layer, **options):
        return wide_model.lacks(keras.Model(x, layer(x, **options)))

    for layer in [
        layers.BatchNormalization(renorm=True, name="it"),
        layers.Dense(2, activation=lambda x: x * 2, name="it"),
        layers.Dense(2, activity_regularizer="l2", name="it"),
        layers.Dense(2, dtype="mixed_bfloat16", name="it"),
        layers.Dropout(0.2, noise_shape=(1, 5), name="it"),
        layers.GaussianNoise(0.2, name="it"),
    ]:
        assert lacking(table, layer) == f"{type(layer).__name__} 'it'"
    for layer in [
        layers.LSTM(2, dropout=0.1, name="it"),
        layers.GRU(2, recurrent_dropout=0.1, name="it"),
        layers.SimpleRNN(2, activation=lambda x: x, name="it"),
        layers.Masking(name="it"),
        layers.Conv1D(2, 3, groups=1, activation=lambda x: x, name="it"),
    ]:
        assert lacking(sequence, layer) == f"{type(layer).__name__} 'it'"
    codes = keras.Input(CODES, dtype="int32")
    assert lacking(codes, layers.Embedding(3, 2, mask_zero=True, name="it")) == "Embedding 'it'"
    kind = type("Own", (layers.Dense,), {})
    assert lacking(table, kind(2, name="it")) == "Own 'it'"
    assert (
        lacking(table, keras.Sequential([layers.Dense(2), layers.GaussianNoise(0.1)], name="it"))
        == "Sequential 'it'"
    )
