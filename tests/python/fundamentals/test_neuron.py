"""Threshold units compute what logic says, and no unit computes XOR."""

import itertools

import numpy as np
import pytest

import bineural as bn

PAIRS = np.array(list(itertools.product([0, 1], repeat=2)))
GATES = bn.fundamentals.list_gates()
TRUTH = {
    row.gate: np.array([row.f00, row.f01, row.f10, row.f11]) for row in GATES.itertuples(index=False)
}  # fmt: skip


def test_the_sixteen_gates_are_all_different():
    assert len({tuple(outputs) for outputs in TRUTH.values()}) == 16


@pytest.mark.parametrize("gate", TRUTH)
def test_units_compute_every_gate(gate):
    np.testing.assert_array_equal(bn.fundamentals.apply_gate(gate, *PAIRS.T), TRUTH[gate])


@pytest.mark.parametrize("row", GATES[GATES["one_unit"]].itertuples(), ids=lambda row: row.gate)
def test_one_unit_computes_its_gate_with_the_weights_that_are_listed(row):
    fired = bn.fundamentals.fire_neuron(PAIRS, [row.weight_a, row.weight_b], row.bias)
    np.testing.assert_array_equal(fired, TRUTH[row.gate])


@pytest.mark.parametrize("gate, a, b", [("OR", 0.5, 0.0), ("AND", 0.5, -0.5)])
def test_the_workshop_s_solutions(gate, a, b):
    np.testing.assert_array_equal(bn.fundamentals.fire_neuron(PAIRS, [a, a], b), TRUTH[gate])


def test_the_workshop_s_hidden_layer_of_xor():
    hidden = [
        bn.fundamentals.fire_neuron(PAIRS, [0.5, 0.5], 0),
        bn.fundamentals.fire_neuron(PAIRS, [-0.5, -0.5], 1),
    ]
    assert np.transpose(hidden).tolist() == [[0, 1], [1, 1], [1, 1], [1, 0]]
    np.testing.assert_array_equal(
        bn.fundamentals.fire_neuron(np.transpose(hidden), [0.5, 0.5], -0.5), TRUTH["XOR"]
    )


def test_no_unit_on_a_grid_of_weights_computes_xor_or_xnor():
    grid = np.linspace(-2, 2, 17)
    first, second, bias = (values.ravel() for values in np.meshgrid(grid, grid, grid))
    found = {
        tuple(row) for row in (np.outer(PAIRS[:, 0], first) + np.outer(PAIRS[:, 1], second) + bias > 0).T
    }
    assert len(found) == 14
    assert tuple(TRUTH["XOR"] == 1) not in found and tuple(TRUTH["XNOR"] == 1) not in found


def test_a_sum_of_exactly_0_does_not_fire():
    assert bn.fundamentals.fire_neuron([1, 1], [1, -1]).tolist() == [0]
    assert bn.fundamentals.fire_neuron([1, 1], [1, -1], bias=1e-12).tolist() == [1]


def test_the_adder_adds():
    a, b, carry = np.array(list(itertools.product([0, 1], repeat=3))).T
    added = bn.fundamentals.add_bits(a, b, carry)
    np.testing.assert_array_equal(added["sum"] + 2 * added["carry"], a + b + carry)


def test_what_is_no_bit_no_gate_or_no_weight_is_refused():
    with pytest.raises(bn.InputError, match="`a` must hold 0 and 1"):
        bn.fundamentals.add_bits([0, 2], [1, 1])
    with pytest.raises(bn.InputError, match="one length"):
        bn.fundamentals.apply_gate("AND", [0, 1], [0, 1, 1])
    with pytest.raises(bn.InputError, match="Did you mean 'XOR'"):
        bn.fundamentals.apply_gate("xor", [0], [1])
    with pytest.raises(bn.InputError, match="`weights` must hold 2 values"):
        bn.fundamentals.fire_neuron(PAIRS, [1.0])
