"""Rows of any length: one graph for all, and nets of unequal lengths together."""

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras
from bineural.inputs.filling import FILL
from bineural.training import Blueprint, forward, predict_net
from bineural.training.open_lengths import of_one_length, open_inputs, rows_key, steps_of
from bineural.zoo import as_architecture


def inputs_of(*shapes):
    inputs = [keras.Input(shape) for shape in shapes]
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, inputs)


def bag():
    return as_architecture("bag").build((None, 3), 2, units=())


def test_lengths_are_open_where_a_model_declares_them_so():
    x, words, row = np.ones((2, 5, 3)), np.ones((2, 5)), np.ones((2, 3))
    assert open_inputs(bag(), x) == [True] and open_inputs(inputs_of((None,)), words) == [True]
    closed = [(((5, 3),), x), (((None, None, 3),), x), (((3,),), row)]
    assert not any(open_inputs(inputs_of(*shapes), array)[0] for shapes, array in closed)
    both = inputs_of((None,), (3,))
    assert open_inputs(both, [words, row]) == [True, False]
    assert open_inputs(both, {"a": words, "b": row}) == [False, False]  # whose is whose is not said
    assert steps_of(both, [words, row]) == 5 and steps_of(inputs_of((5, 3)), x) == 1
    assert rows_key(both, [words, row]) == rows_key(both, [words[:, :2], row])


def test_rows_are_filled_up_to_the_longest_where_any_length_is_taken():
    rows = [np.ones((2, n, 3), "float32") for n in (2, 5)]
    short, long = of_one_length(bag(), rows)
    assert (
        short.shape == long.shape == (2, 5, 3) and (short[:, 2:] == FILL).all() and (short[:, :2] == 1).all()
    )
    assert [part.shape for part in of_one_length(inputs_of((5, 3)), rows)] == [(2, 2, 3), (2, 5, 3)]
    beside = [[np.ones((2, n), "int32"), np.ones((2, 4))] for n in (1, 3)]
    (words, columns), _ = of_one_length(inputs_of((None,), (4,)), beside)
    assert words.tolist() == [[1, 0, 0]] * 2 and words.dtype == np.int32 and columns.shape == (2, 4)


def test_rows_of_all_lengths_have_one_graph():
    model, rng = bag(), np.random.default_rng(1)
    plan = Blueprint.from_model(model)
    x = rng.normal(size=(2, 7, 3)).astype("float32")
    assert rows_key(plan.model, x) == rows_key(plan.model, x[:, :4])
    assert rows_key(plan.model, x) != rows_key(plan.model, x[..., :2])
    predict_net(plan, model.get_weights(), x)
    n_graphs = len(forward._forwards)
    np.testing.assert_allclose(predict_net(plan, model.get_weights(), x[:, :4]), model(x[:, :4]), atol=1e-6)
    assert len(forward._forwards) == n_graphs


@pytest.mark.long
def test_folds_whose_longest_sequences_differ_share_a_stack():
    rng = np.random.default_rng(2)
    lengths, y = [*rng.integers(2, 9, 28), 30, 20], np.array(["a", "b"] * 15)
    x = [rng.normal(size=(n, 2)) + (label == "b") for n, label in zip(lengths, y)]
    halves = [np.arange(0, 15), np.arange(15, 30)]  # the long ones are in one training set
    folds = [(halves[1], halves[0]), (halves[0], halves[1])]
    options = {"architecture": "bag", "epochs": 3, "event": "b", "verbose": 0}
    fits = bn.fit_nets(x, y, folds, seeds=[2], **options)
    assert fits.table["how"].eq("stack").all() and len(fits.held_out) == 30
    alone = bn.fit_net(x[15:], y[15:], seed=2, **options)
    np.testing.assert_allclose(fits.nets[0].predict_proba(x), alone.predict_proba(x), atol=1e-5)
    each = fits.held_out.query("fold == 1")
    np.testing.assert_allclose(each[".pred_b"], alone.predict_proba(x[:15])[:, 1], atol=1e-5)
