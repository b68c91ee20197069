"""The layouts: how many parameters, what a symbol may depend on, and where attention looks."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.zoo import describe_architecture
from bineural.zoo.parts.symbols import Look, SymbolColumns, SymbolsBefore
from bineural.zoo.sequence_nets import build_recurrent_sequence, build_transformer_sequence

KINDS = ("rnn", "gru", "lstm", "transformer")


def build(kind, **options):
    options = {"units": (8,), "embedding": 8} | options
    if kind == "transformer":
        return build_transformer_sequence((None,), 7, **options)
    return build_recurrent_sequence(kind, (None,), 7, **options)


def test_three_layers_of_512_units_on_65_symbols_have_5_415_489_parameters():
    model = build_recurrent_sequence("lstm", (None,), 65, units=(512, 512, 512), embedding=0)
    assert model.count_params() == 5_415_489
    assert model.count_params() == 4 * ((65 + 1 + 512) * 512 + 2 * (512 + 1 + 512) * 512) + 513 * 65
    told = describe_architecture("lstm_sequence", (None,), 65, units=(512, 512, 512), embedding=0)
    assert told.trainable == 5_415_489


@pytest.mark.parametrize("kind", KINDS)
def test_a_symbol_depends_on_those_before_it_and_on_no_other(kind):
    keras.utils.set_random_seed(1)
    model, rng = build(kind), np.random.default_rng(1)
    symbols = rng.integers(1, 8, (2, 6)).astype("int32")
    changed = symbols.copy()
    changed[:, 3] = changed[:, 3] % 7 + 1
    before, after = (np.asarray(model(x, training=False)) for x in (symbols, changed))
    assert before.shape == (2, 6, 7)
    assert np.allclose(before[:, :4], after[:, :4], atol=1e-6)
    assert (np.abs(before[:, 4:] - after[:, 4:]).max(axis=-1) > 1e-6).all()


@pytest.mark.parametrize(
    ("kind", "attention"),
    [(kind, each) for kind in KINDS for each in (False, True) if each or kind != "transformer"],
)
def test_filling_up_changes_nothing(kind, attention):
    keras.utils.set_random_seed(2)
    more = {"source_symbols": 5, "attention": attention or None if kind == "transformer" else attention}
    model, rng = build(kind, **more), np.random.default_rng(2)
    target, source = rng.integers(1, 8, (3, 4)).astype("int32"), rng.integers(1, 6, (3, 3)).astype("int32")
    alone = np.asarray(model([target, source], training=False))
    filled = [np.pad(a, [(0, 0), (0, 5)]) for a in (target, source)]
    assert np.allclose(np.asarray(model(filled, training=False))[:, :4], alone, atol=1e-5)
    other = source.copy()
    other[:, 0] = other[:, 0] % 5 + 1
    assert np.abs(np.asarray(model([target, other], training=False)) - alone).max() > 1e-6


@pytest.mark.parametrize("embedding", [0, 4])
def test_one_hot_columns_and_embeddings_mask_the_source(embedding):
    keras.utils.set_random_seed(3)
    model = build("gru", embedding=embedding, source_symbols=5, attention=False)
    target, source = np.array([[1, 2]], "int32"), np.array([[3, 4]], "int32")
    filled = np.array([[3, 4, 0, 0]], "int32")
    answers = [np.asarray(model([target, x], training=False)) for x in (source, filled)]
    assert np.allclose(*answers, atol=1e-6)


def test_symbols_before_and_columns_are_what_they_say():
    symbols = np.array([[3, 1, 2, 0]], "int32")
    assert np.asarray(SymbolsBefore()(symbols)).tolist() == [[0, 3, 1, 2]]
    columns = np.asarray(SymbolColumns(3)(symbols))
    assert columns.tolist() == [[[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]]]


@pytest.mark.parametrize(("heads", "causal"), [(1, False), (2, False), (2, True)])
def test_looking_is_keras_attention(heads, causal):
    rng = np.random.default_rng(4)
    q, k, v = (rng.normal(size=(2, 5, 6)).astype("float32") for _ in range(3))
    symbols = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], "int32")
    seen = np.asarray(Look(heads, causal)(q, k, v, symbols))
    each = 6 // heads
    for head in range(heads):
        own = slice(head * each, (head + 1) * each)
        judge = keras.layers.Attention(use_scale=False)
        part = judge(
            [q[..., own] / np.sqrt(each), v[..., own], k[..., own]],
            mask=[None, symbols > 0],
            use_causal_mask=causal,
        )
        assert np.allclose(seen[..., own], np.asarray(part), atol=1e-5)
    weights = np.asarray(Look(heads, causal).weights_of(q, k, symbols))
    assert np.allclose(weights.sum(axis=-1), 1, atol=1e-6)
    assert weights[0, ..., 3:].max() < 1e-6
