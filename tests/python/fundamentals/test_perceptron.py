"""Rosenblatt's rule ends within Novikoff's bound where a plane exists; elsewhere there is a proof."""

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


@pytest.mark.parametrize("row", bn.list_gates().itertuples(), ids=lambda row: row.gate)
def test_a_gate_has_a_separator_just_where_one_unit_computes_it(row):
    outputs = [row.f00, row.f01, row.f10, row.f11]
    found = bn.find_separator(PAIRS, outputs)
    assert found.separable == row.one_unit == linear_programme_separates(PAIRS, outputs)
    if found.separable:
        assert bn.fire_neuron(PAIRS, found.weights, found.bias).tolist() == outputs


@pytest.mark.parametrize("gap, seed", [(5, 1), (4, 2), (2, 3), (0, 4)])
def test_the_separator_agrees_with_a_linear_programme(gap, seed):
    x, y = clouds(gap, seed)
    assert bn.find_separator(x, y).separable == linear_programme_separates(x, y)


def test_the_proof_gives_both_classes_the_same_mean():
    x, y = clouds(0.5, 5)
    proof = bn.find_separator(x, y).proof
    assert proof.min() >= 0 and proof.sum() == pytest.approx(1)
    rows = np.column_stack([x, np.ones(len(x))])
    np.testing.assert_allclose(proof[y == 1] @ rows[y == 1], proof[y == 0] @ rows[y == 0], atol=1e-10)


def test_the_margin_is_that_of_a_support_vector_machine_without_an_intercept():
    x, y = clouds(5, 6)
    rows = np.column_stack([x, np.ones(len(x))])
    signed = np.vstack([rows, -rows])  # both signs of every row: the machine's own intercept is then 0
    machine = SVC(kernel="linear", C=1e10, tol=1e-10).fit(signed, np.concatenate([y, 1 - y]))
    assert bn.find_separator(x, y).margin == pytest.approx(1 / np.linalg.norm(machine.coef_), rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_mistakes_stay_within_novikoff_s_bound(seed):
    x, y = clouds(5, seed)
    fit = bn.fit_perceptron(x, y, epochs=5000)
    assert fit.converged and fit.mistakes <= fit.bound < np.inf
    np.testing.assert_array_equal(bn.fire_neuron(x, fit.weights, fit.bias), y)


def test_the_learning_rate_changes_no_mistake():
    x, y = clouds(5, 0)
    one, tenth = (bn.fit_perceptron(x, y, learning_rate=rate) for rate in (1, 0.25))
    assert one.history.equals(tenth.history)
    np.testing.assert_allclose(tenth.weights, one.weights / 4)


def test_xor_is_never_learnt():
    fit = bn.fit_perceptron(PAIRS, [0, 1, 1, 0], epochs=200)
    assert not fit.converged and fit.bound == np.inf and len(fit.history) == 200
    np.testing.assert_allclose(bn.find_separator(PAIRS, [0, 1, 1, 0]).proof, 0.25)
    assert "no plane" in repr(fit)


def test_fifty_images_teach_left_from_right():
    retina, others = bn.make_retina(50, seed=1958), bn.make_retina(1000, seed=7)
    fit = bn.fit_perceptron(retina.images, retina.right)
    assert fit.converged and fit.mistakes <= fit.bound
    answers = bn.fire_neuron(others.images, fit.weights, fit.bias)
    assert np.mean(answers == others.right) > 0.9


def test_the_square_lies_in_its_half():
    retina = bn.make_retina(40, side=12, noise=0, seed=1)
    halves = retina.images.reshape(40, 12, 12).sum(axis=1)
    np.testing.assert_array_equal(halves[:, :6].sum(axis=1), 9 * (1 - retina.right))
    np.testing.assert_array_equal(halves[:, 6:].sum(axis=1), 9 * retina.right)


def test_figures_are_drawn(tmp_path):
    retina = bn.make_retina(3, seed=1)
    retina.plot(tmp_path / "retina.png")
    bn.fit_perceptron(retina.images, retina.right).plot(tmp_path / "mistakes.svg")
    bn.fit_perceptron(PAIRS, [0, 0, 0, 1]).plot(tmp_path / "line.png")
    assert len(list(tmp_path.iterdir())) == 3


def test_what_cannot_be_learnt_from_is_refused():
    with pytest.raises(bn.InputError, match="`y` must be 0 and 1"):
        bn.fit_perceptron(PAIRS, [0, 1, 2, 1])
    with pytest.raises(bn.InputError, match="`y` must hold 4 values, one for each row of `x`"):
        bn.fit_perceptron(PAIRS, [0, 1])
    with pytest.raises(bn.InputError, match="`side` must be a whole number of at least 4"):
        bn.make_retina(5, side=3)
