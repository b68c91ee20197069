"""Rosenblatt's rule ends within Novikoff's bound where a plane exists, and never where none does."""

import numpy as np
import pytest

import bineural as bn

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def clouds(gap, seed, n=60):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    return rng.normal(size=(n, 3)) + gap * y[:, None], y


@pytest.mark.parametrize("seed", range(5))
def test_mistakes_stay_within_novikoff_s_bound(seed):
    x, y = clouds(5, seed)
    fit = bn.fundamentals.fit_perceptron(x, y, epochs=5000)
    assert fit.converged and fit.mistakes <= fit.bound < np.inf
    np.testing.assert_array_equal(bn.fundamentals.fire_neuron(x, fit.weights, fit.bias), y)


def test_the_learning_rate_changes_no_mistake():
    x, y = clouds(5, 0)
    one, tenth = (bn.fundamentals.fit_perceptron(x, y, learning_rate=rate) for rate in (1, 0.25))
    assert one.history.equals(tenth.history)
    np.testing.assert_allclose(tenth.weights, one.weights / 4)


def test_xor_is_never_learnt():
    fit = bn.fundamentals.fit_perceptron(PAIRS, [0, 1, 1, 0], epochs=200)
    assert not fit.converged and fit.bound == np.inf and len(fit.history) == 200
    np.testing.assert_allclose(bn.fundamentals.find_separator(PAIRS, [0, 1, 1, 0]).proof, 0.25)
    assert "no plane" in repr(fit)


def test_figures_are_drawn(tmp_path):
    retina = bn.fundamentals.make_retina(3, seed=1)
    retina.plot(tmp_path / "retina.png")
    bn.fundamentals.fit_perceptron(retina.images, retina.right).plot(tmp_path / "mistakes.svg")
    bn.fundamentals.fit_perceptron(PAIRS, [0, 0, 0, 1]).plot(tmp_path / "line.png")
    assert len(list(tmp_path.iterdir())) == 3


def test_what_cannot_be_learnt_from_is_refused():
    with pytest.raises(bn.InputError, match="`y` must be 0 and 1"):
        bn.fundamentals.fit_perceptron(PAIRS, [0, 1, 2, 1])
    with pytest.raises(bn.InputError, match="`y` must hold 4 values, one for each row of `x`"):
        bn.fundamentals.fit_perceptron(PAIRS, [0, 1])
    with pytest.raises(bn.InputError, match="`side` must be a whole number of at least 4"):
        bn.fundamentals.make_retina(5, side=3)
