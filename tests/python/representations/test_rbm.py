"""Boltzmann machines: their exact numbers by enumeration, and training that raises the exact likelihood."""

import itertools

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import BernoulliRBM

import bineural as bn
from bineural.errors import InputError
from bineural.representations import machine

X = (load_digits().data[:400] > 7).astype(float)
RNG = np.random.default_rng(1)
SMALL = [RNG.normal(size=(5, 3)), RNG.normal(size=5), RNG.normal(size=3)]


@pytest.fixture(scope="module")
def rbm():
    return bn.fit_rbm(X, 6, epochs=150, learning_rate=0.1, seed=1)


def energy(weights, v, h):
    kernel, visible, hidden = weights
    return -v @ visible - h @ hidden - v @ kernel @ h


def states(n):
    return [np.array(state, float) for state in itertools.product((0, 1), repeat=n)]


def test_free_energy_and_partition_are_sums_over_all_states():
    for v in states(5)[::7]:
        exact = -np.log(sum(np.exp(-energy(SMALL, v, h)) for h in states(3)))
        assert machine.free_energy(SMALL, v[None])[0] == pytest.approx(exact)
    total = sum(np.exp(-energy(SMALL, v, h)) for v in states(5) for h in states(3))
    assert machine.log_partition(SMALL) == pytest.approx(np.log(total))
    turned = [SMALL[0].T, SMALL[2], SMALL[1]]
    assert machine.log_partition(turned) == pytest.approx(np.log(total))


def test_the_gradient_of_the_exact_likelihood_is_that_of_finite_differences():
    """Products of units in the rows, less the same in the machine's own distribution."""
    rows, weights = RNG.integers(0, 2, (6, 5)).astype(float), SMALL

    def likelihood(kernel):
        changed = [kernel, *weights[1:]]
        return np.mean(-machine.free_energy(changed, rows)) - machine.log_partition(changed)

    all_rows = np.array(states(5))
    p = np.exp(-machine.free_energy(weights, all_rows) - machine.log_partition(weights))
    assert p.sum() == pytest.approx(1)
    exact = rows.T @ machine.hidden_shares(weights, rows) / 6
    exact -= (all_rows * p[:, None]).T @ machine.hidden_shares(weights, all_rows)
    for i, j in np.ndindex(5, 3):
        step = np.zeros((5, 3))
        step[i, j] = 1e-5
        difference = (likelihood(weights[0] + step) - likelihood(weights[0] - step)) / 2e-5
        assert exact[i, j] == pytest.approx(difference, abs=1e-8)


def test_the_gradient_of_training_is_that_of_contrastive_divergence():
    """One step of gradient descent on all rows, with the hidden units that were drawn."""
    import tensorflow as tf

    from bineural.zoo.parts.contrast import Contrast

    layer = Contrast(3)
    rows = tf.constant(X[:8, 20:25].astype("float32"))
    layer.build(rows.shape)
    layer.set_weights([w.astype("float32") for w in SMALL] + layer.get_weights()[3:])
    made = tf.stop_gradient(layer._gibbs(rows)).numpy().astype(float)
    layer._gibbs = lambda _: tf.constant(made.astype("float32"))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(layer(rows, training=True)[:, 0])
    gradient = tape.gradient(loss, layer.kernel).numpy()
    v = X[:8, 20:25]
    exact = made.T @ machine.hidden_shares(SMALL, made) / 8 - v.T @ machine.hidden_shares(SMALL, v) / 8
    np.testing.assert_allclose(gradient, exact, atol=1e-5)


@pytest.mark.parametrize("persistent", [False, True])
def test_the_exact_likelihood_rises_above_that_of_independent_columns(persistent, rbm):
    likelihoods = []
    for epochs in (1, 5):
        fitted = bn.fit_rbm(X, 6, epochs=epochs, persistent=persistent, seed=1)
        likelihoods.append(fitted.log_likelihood(X).mean())
    assert likelihoods[0] < likelihoods[1]
    assert rbm.log_likelihood(X).mean() > rbm.baseline_log_likelihood(X).mean() + 2
    p = X.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(X == 1, np.log(p), np.log(1 - p)).sum(axis=1)
    np.testing.assert_allclose(rbm.baseline_log_likelihood(X), each)


def test_it_answers_as_scikit_learns_machine_of_the_same_weights(rbm):
    theirs = BernoulliRBM(6, n_iter=1).fit(X)
    theirs.components_, theirs.intercept_hidden_ = rbm.components_, rbm.intercept_hidden_
    theirs.intercept_visible_ = rbm.intercept_visible_
    np.testing.assert_allclose(rbm.transform(X), theirs.transform(X), atol=1e-6)
    np.testing.assert_allclose(rbm.score_samples(X), -theirs._free_energy(X), rtol=1e-6)


def test_rows_are_generated_like_those_of_training(rbm):
    made = bn.generate(rbm, 200, seed=1)
    assert made.shape == (200, 64) and made.min() >= 0 and made.max() <= 1
    assert np.corrcoef(made.mean(axis=0), X.mean(axis=0))[0, 1] > 0.9


def test_saved_and_loaded_it_is_the_same(rbm, tmp_path):
    again = bn.load_model(bn.save_model(rbm, tmp_path / "rbm"))
    np.testing.assert_array_equal(again.transform(X), rbm.transform(X))
    np.testing.assert_array_equal(again.baseline_, rbm.baseline_)


def test_what_can_not_be_is_said():
    with pytest.raises(InputError, match="0 to 1"):
        bn.fit_rbm(X * 3, 2)
    large = bn.fit_rbm(X, 21, epochs=1, seed=1)
    with pytest.raises(InputError, match="at most 20 units"):
        large.log_likelihood(X)


def test_its_parameters_stand_in_a_table(rbm):
    table, units = rbm.tidy(), [f"unit_{k + 1}" for k in range(6)]
    values = table["column"][:64].tolist()
    assert len(set(values)) == 64 and "(bias)" not in values
    table = table.pivot(index="column", columns="unit", values="weight")
    np.testing.assert_array_equal(table.loc[values, units].to_numpy().T, rbm.components_)
    np.testing.assert_array_equal(table.loc["(bias)", units], rbm.intercept_hidden_)
    np.testing.assert_array_equal(table.loc[values, "(bias)"], rbm.intercept_visible_)
    assert rbm.glance()["n_hidden"] == 6
