"""Left is told from right after fifty images, as in 1958."""

import numpy as np

import bineural as bn


def test_fifty_images_teach_left_from_right():
    retina, others = bn.fundamentals.make_retina(50, seed=1958), bn.fundamentals.make_retina(1000, seed=7)
    fit = bn.fundamentals.fit_perceptron(retina.images, retina.right)
    assert fit.converged and fit.mistakes <= fit.bound
    answers = bn.fundamentals.fire_neuron(others.images, fit.weights, fit.bias)
    assert np.mean(answers == others.right) > 0.9


def test_the_square_lies_in_its_half():
    retina = bn.fundamentals.make_retina(40, side=12, noise=0, seed=1)
    halves = retina.images.reshape(40, 12, 12).sum(axis=1)
    np.testing.assert_array_equal(halves[:, :6].sum(axis=1), 9 * (1 - retina.right))
    np.testing.assert_array_equal(halves[:, 6:].sum(axis=1), 9 * retina.right)
