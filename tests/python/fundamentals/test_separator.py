"""A separator is found just where a linear programme finds one; elsewhere there is a proof."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.svm import SVC

import bineural as bn

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def clouds(gap, seed, n=60):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    return rng.normal(size=(n, 3)) + gap * y[:, None], y


def linear_programme_separates(x, y):
    rows = (2 * np.asarray(y) - 1)[:, None] * np.column_stack([x, np.ones(len(x))])
    answer = linprog(np.zeros(rows.shape[1]), A_ub=-rows, b_ub=-np.ones(len(rows)), bounds=(None, None))
    return answer.status == 0


@pytest.mark.parametrize("row", bn.fundamentals.list_gates().itertuples(), ids=lambda row: row.gate)
def test_a_gate_has_a_separator_just_where_one_unit_computes_it(row):
    outputs = [row.f00, row.f01, row.f10, row.f11]
    found = bn.fundamentals.find_separator(PAIRS, outputs)
    assert found.separable == row.one_unit == linear_programme_separates(PAIRS, outputs)
    if found.separable:
        assert bn.fundamentals.fire_neuron(PAIRS, found.weights, found.bias).tolist() == outputs


@pytest.mark.parametrize("gap, seed", [(5, 1), (4, 2), (2, 3), (0, 4)])
def test_the_separator_agrees_with_a_linear_programme(gap, seed):
    x, y = clouds(gap, seed)
    assert bn.fundamentals.find_separator(x, y).separable == linear_programme_separates(x, y)


def test_the_proof_gives_both_classes_the_same_mean():
    x, y = clouds(0.5, 5)
    proof = bn.fundamentals.find_separator(x, y).proof
    assert proof.min() >= 0 and proof.sum() == pytest.approx(1)
    rows = np.column_stack([x, np.ones(len(x))])
    np.testing.assert_allclose(proof[y == 1] @ rows[y == 1], proof[y == 0] @ rows[y == 0], atol=1e-10)


def test_the_margin_is_that_of_a_support_vector_machine_without_an_intercept():
    x, y = clouds(5, 6)
    rows = np.column_stack([x, np.ones(len(x))])
    signed = np.vstack([rows, -rows])  # both signs of every row: the machine's own intercept is then 0
    machine = SVC(kernel="linear", C=1e10, tol=1e-10).fit(signed, np.concatenate([y, 1 - y]))
    assert bn.fundamentals.find_separator(x, y).margin == pytest.approx(
        1 / np.linalg.norm(machine.coef_), rel=1e-5
    )
