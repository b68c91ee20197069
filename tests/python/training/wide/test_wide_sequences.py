"""Entries for sequences: cells with dropout, states in and out, attention, layers at every time."""

import pytest

from bineural._tensorflow import keras
from bineural.training.philox import repeatable_dropout
from training.wide.judging import IMAGES, judge

layers = keras.layers
SERIES = (4, 3)
STATES = [(3,), (3,)]


def stacked():
    return layers.StackedRNNCells([layers.LSTMCell(4), layers.GRUCell(3, dropout=0.3)])


CASES = {
    "simple": (lambda: layers.SimpleRNN(4, dropout=0.3, recurrent_dropout=0.4), SERIES),
    "lstm": (lambda: layers.LSTM(4, dropout=0.3, return_sequences=True), SERIES),
    "lstm by gate": (lambda: layers.RNN(layers.LSTMCell(4, dropout=0.3, implementation=1)), SERIES),
    "lstm, states": (lambda: layers.LSTM(4, dropout=0.3, recurrent_dropout=0.4, go_backwards=True), SERIES),
    "gru": (lambda: layers.GRU(4, dropout=0.3, recurrent_dropout=0.4), SERIES),
    "gru, reset before": (lambda: layers.GRU(4, recurrent_dropout=0.4, reset_after=False), SERIES),
    "a cell": (lambda: layers.RNN(layers.LSTMCell(4), return_state=True), SERIES),
    "stacked cells": (lambda: layers.RNN(stacked(), go_backwards=True, return_sequences=True), SERIES),
    "both ways": (
        lambda: layers.Bidirectional(layers.LSTM(4, dropout=0.3, return_state=True), merge_mode="ave"),
        SERIES,
    ),
    "both ways apart": (
        lambda: layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode=None),
        SERIES,
    ),
    "masking": (lambda: layers.Masking(), SERIES),
    "from states": (lambda: layers.LSTM(3), (SERIES, STATES)),
    "dense at every time": (lambda: layers.TimeDistributed(layers.Dense(3, "tanh")), SERIES),
    "convolution at every time": (lambda: layers.TimeDistributed(layers.Conv1D(3, 2)), IMAGES),
    "batches at every time": (lambda: layers.TimeDistributed(layers.BatchNormalization()), SERIES),
    "dropout at every time": (lambda: layers.TimeDistributed(layers.Dropout(0.3)), SERIES),
    "heads": (lambda: layers.MultiHeadAttention(2, 3, dropout=0.3), (SERIES, SERIES)),
    "gated heads": (lambda: layers.MultiHeadAttention(2, 3, use_gate=True), (SERIES, SERIES)),
    "heads that share": (
        lambda: layers.GroupQueryAttention(3, 4, 2, dropout=0.3, use_gate=True),
        (SERIES, SERIES),
    ),
    "attention": (lambda: layers.Attention(), [SERIES, (4, 3)]),
    "scaled": (lambda: layers.Attention(use_scale=True, dropout=0.3), [SERIES, (4, 3), (4, 3)]),
    "concatenated": (lambda: layers.Attention(True, score_mode="concat"), [SERIES, (4, 3)]),
    "concatenated, unscaled": (lambda: layers.Attention(score_mode="concat"), [SERIES, (4, 3)]),
    "additive": (lambda: layers.AdditiveAttention(dropout=0.3), [SERIES, (4, 3)]),
    "additive, unscaled": (lambda: layers.AdditiveAttention(use_scale=False), [SERIES, (4, 3)]),
}


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_the_layer_of_each_replica(name):
    make, shape = CASES[name]
    with repeatable_dropout(written_out=True):
        judge(make(), shape, True)


@pytest.mark.parametrize("name", ["simple", "gru", "heads", "scaled"])
def test_it_is_so_for_predictions(name):
    """Cells draw what they would leave out then too, and use nothing of it."""
    make, shape = CASES[name]
    with repeatable_dropout(written_out=True):
        judge(make(), shape, False)
