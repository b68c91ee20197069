"""Masks reach every layer of a wide model that they reach in Keras, and the outputs."""

import inspect

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training.philox import repeatable_dropout
from bineural.training.wide import registry
from bineural.training.wide.model import lacks
from training.wide.judging import B, R, judge_model

layers = keras.layers
T = 5


def codes_of(rng, left=False):
    """Return sequences of codes (R, B, T) of some lengths, filled up with 0; one has a gap, one is full."""
    codes = rng.integers(1, 7, (R, B, T)).astype("int32")
    for r in range(R):
        for row, n in enumerate([T, 1, 3, 4]):
            codes[r, row] = np.where(np.arange(T) < n + r % 2, codes[r, row], 0)
    codes[0, 3, 1] = 0
    return tf.constant(codes[..., ::-1].copy() if left else codes)


def of_codes(build, mask_zero=True):
    """Return a model of sequences of codes."""
    codes = keras.Input((T,), dtype="int32")
    return keras.Model(codes, build(layers.Embedding(7, 3, mask_zero=mask_zero)(codes)))


def through_layers_that_keep_it(x):
    for layer in [
        layers.Dropout(0.3),
        layers.Dense(4, "tanh"),
        layers.LayerNormalization(),
        layers.Activation("relu"),
        layers.SpatialDropout1D(0.2),
        layers.GaussianNoise(0.1),
    ]:
        x = layer(x)
    return [x, layers.LSTM(3)(x)]


def merged(x):
    y = layers.Dense(3)(x)
    parts = [kind()([x, y]) for kind in (layers.Add, layers.Maximum, layers.Concatenate)]
    backward = layers.SimpleRNN(3, return_sequences=True, go_backwards=True)(x)
    parts.append(layers.Concatenate(axis=1)([layers.Minimum()([x, y]), layers.Multiply()([x, backward])]))
    parts.append(layers.Average()([x, x[:, ::-1]]))  # without the mask
    return [layers.SimpleRNN(2)(part) for part in parts]


def both_ways(**options):
    return lambda x: layers.Bidirectional(layers.LSTM(3, return_sequences=True, **options))(x)


def encoder_and_decoder(x):
    _, *states = layers.LSTM(3, return_state=True)(x)
    return layers.LSTM(3, return_sequences=True)(x, initial_state=states)


def heads(kind=layers.MultiHeadAttention, sizes=(2, 3), causal=False, **options):
    def build(x):
        attended = kind(*sizes, **options)(x, x, use_causal_mask=causal)
        return [layers.Add()([x, attended]), layers.LSTM(2)(attended)]

    return build


class MeanOfReal(layers.Layer):
    """A layer of one's own that takes a mask, and draws random numbers."""

    def __init__(self, **options):
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator(1)

    def call(self, x, mask=None):
        noise = keras.random.uniform(tf.shape(x), seed=self.seed_generator)
        return tf.reduce_sum(tf.where(mask[..., None], x + noise, 0.0), 1)

    def compute_mask(self, x, mask=None):
        return None

    def call_replicas(self, call, x, mask=None):
        noise = call.draw(self.seed_generator, tf.shape(x)[1:])
        return tf.reduce_sum(tf.where(mask[..., None], x + noise, 0.0), 2)


MODELS = {
    "own": lambda x: MeanOfReal()(x),
    "kept": through_layers_that_keep_it,
    "simple": lambda x: layers.SimpleRNN(3)(x),
    "lstm": lambda x: layers.LSTM(3)(x),
    "lstm, all": lambda x: layers.LSTM(3, return_sequences=True, go_backwards=True)(x),
    "lstm of its own kind": lambda x: layers.LSTM(3, "relu", return_state=True)(x),
    "gru, all": lambda x: layers.GRU(3, return_sequences=True, dropout=0.2, recurrent_dropout=0.3)(x),
    "zeros": lambda x: layers.GRU(3, return_sequences=True, zero_output_for_mask=True)(x),
    "zeros at the end": lambda x: layers.SimpleRNN(3, zero_output_for_mask=True)(x),
    "stacked": lambda x: layers.LSTM(3)(layers.GRU(4, return_sequences=True)(x)),
    "stacked cells": lambda x: layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True)(x),
    "both ways": both_ways(),
    "both ways, unrolled": both_ways(unroll=True),
    "both ways, last": lambda x: layers.Bidirectional(layers.GRU(3), merge_mode="mul")(x),
    "encoder and decoder": encoder_and_decoder,
    "average": lambda x: layers.GlobalAveragePooling1D()(x),
    "batches": lambda x: layers.BatchNormalization()(x),
    "every time": lambda x: layers.TimeDistributed(layers.Dense(2))(x),
    "merged": merged,
    "heads": heads(),
    "heads with dropout": heads(dropout=0.3),
    "heads, causal": heads(causal=True, dropout=0.3),
    "heads that share": heads(layers.GroupQueryAttention, (3, 4, 2), causal=True),
    "attention": lambda x: layers.Attention(dropout=0.2)([x, layers.Dense(3)(x)], use_causal_mask=True),
    "additive": lambda x: layers.GRU(2)(layers.AdditiveAttention()([x, x, layers.Dense(3)(x)])),
    "inner model": lambda x: layers.GRU(2)(keras.Sequential([keras.Input((T, 3)), layers.Dense(3)])(x)),
}


@pytest.mark.filterwarnings("ignore:Layer '(sequential|query|key|value)")  # Keras says that masks end there
@pytest.mark.parametrize("name", MODELS)
def test_a_mask_reaches_what_it_reaches_in_keras(name):
    model = of_codes(MODELS[name])
    codes = codes_of(np.random.default_rng(8), left=name in ("encoder and decoder", "both ways"))
    with repeatable_dropout(written_out=True):
        judge_model(model, codes, True)


def test_a_layer_of_ones_own_that_takes_masks_must_take_them_for_replicas_too():
    class Deaf(MeanOfReal):
        def call_replicas(self, call, x):
            return x

    assert lacks(of_codes(lambda x: Deaf(name="it")(x))) == "Deaf 'it'"


def test_every_entry_takes_the_masks_that_the_layer_takes():
    for kind in registry._entries:
        if issubclass(kind, layers.Layer):
            taken = {name for name in inspect.signature(kind.call).parameters if name.endswith("mask")}
            assert taken <= set(inspect.signature(registry._entries[kind].forward).parameters), kind


def test_a_mask_may_be_found_in_the_numbers_or_be_an_input():
    rng = np.random.default_rng(10)
    x, mask, pairs = keras.Input((T, 3)), keras.Input((T,), dtype="bool"), keras.Input((T, T), dtype="bool")
    outputs = [
        layers.GlobalAveragePooling1D()(layers.Masking()(x)),
        layers.GRU(2)(layers.Masking(1.0)(x)),
        layers.LSTM(2, return_sequences=True)(x, mask=mask),
        layers.MultiHeadAttention(2, 2)(x, x, attention_mask=pairs),
        layers.Softmax()(x[..., 0], mask=mask),
    ]
    numbers = rng.normal(size=(R, B, T, 3)) * (rng.random((R, B, T, 1)) > 0.3)
    numbers[:, :, 1] = 1.0
    inputs = [tf.constant(numbers, tf.float32)]
    inputs += [tf.constant(rng.random((R, B, *shape)) > 0.4) for shape in [(T,), (T, T)]]
    judge_model(keras.Model([x, mask, pairs], outputs), inputs, True)
