"""Adversarial nets: against their exact optimum, data that they must find, and their definition."""

import math

import numpy as np
import pytest

import bineural as bn
from bineural.errors import CollapsedWarning, InputError
from bineural.nets.adversarial_step import adversarial_costs
from bineural.representations import collapse
from bineural.training import Blueprint

RNG = np.random.default_rng(0)
X = RNG.normal(4, 0.5, (1000, 1))


@pytest.fixture(scope="module")
def gan():
    return bn.fit_gan(X, n_noise=4, units=(16,), epochs=60, seed=1)


def test_a_normal_distribution_is_found(gan):
    made = bn.generate(gan, 1000, seed=1)
    assert abs(made.mean() - 4) < 0.3 and abs(made.std() - 0.5) < 0.3
    assert gan.spread_ > 0.7


def test_both_losses_end_at_their_optimum(gan):
    """Goodfellow and others (2014): 2 ln 2 and ln 2 where made rows are distributed as real ones."""
    assert gan.history_["discriminator"][-1] == pytest.approx(2 * math.log(2), abs=0.05)
    assert gan.history_["generator"][-1] == pytest.approx(math.log(2), abs=0.05)
    total = np.add(gan.history_["discriminator"], gan.history_["generator"])
    np.testing.assert_allclose(gan.history_["loss"], total, rtol=1e-5)
    assert np.mean(gan.predict_real(X)) == pytest.approx(0.5, abs=0.1)


def test_costs_are_the_cross_entropies_of_the_definition():
    logits = np.array([[2.0, -1.0], [0.3, 0.0]], "float32")
    p = 1 / (1 + np.exp(-logits.astype(float)))
    costs = adversarial_costs(logits)
    np.testing.assert_allclose(costs["discriminator"], -np.log(p[:, 0]) - np.log(1 - p[:, 1]), rtol=1e-5)
    np.testing.assert_allclose(costs["generator"], -np.log(p[:, 1]), rtol=1e-5)


def test_rows_are_made_of_the_noise_by_the_generator(gan):
    noise = np.random.default_rng(5).standard_normal((3, 4))
    made = gan.keras_model_.get_layer("generator").predict(noise, verbose=0)
    np.testing.assert_allclose(bn.generate(gan, 3, seed=5), made * X.std(ddof=1) + X.mean(), rtol=1e-4)


def test_saved_and_loaded_it_is_the_same(gan, tmp_path):
    again = bn.load_model(bn.save_model(gan, tmp_path / "gan"))
    np.testing.assert_array_equal(bn.generate(again, 5, seed=2), bn.generate(gan, 5, seed=2))
    assert again.spread_ == gan.spread_


@pytest.mark.long
def test_images_come_as_images():
    images = np.random.default_rng(1).uniform(size=(24, 7, 6))
    with pytest.warns(CollapsedWarning):  # after one epoch
        made = bn.fit_gan(images, architecture="dcgan", width=0.1, n_noise=3, epochs=1, seed=1)
    assert bn.generate(made, 2, seed=1).shape == (2, 7, 6)


def test_a_generator_that_makes_one_row_is_said_to_have_collapsed(gan, monkeypatch):
    monkeypatch.setattr(gan, "made_values", lambda noise: np.full((len(noise), 1), 0.3), raising=False)
    with pytest.warns(CollapsedWarning, match="0.00 times"):
        assert collapse.say_collapse(gan, X) == 0


@pytest.mark.long
def test_two_samples_of_one_distribution_are_told_apart_as_often_as_the_interval_says():
    rng = np.random.default_rng(3)
    same = [bn.two_sample_auroc(*rng.normal(size=(2, 60, 3)), seed=k) for k in range(12)]
    assert sum(one.lower <= 0.5 <= one.upper for one in same) >= 10
    assert np.mean([one.auroc for one in same]) == pytest.approx(0.5, abs=0.07)
    other = bn.two_sample_auroc(rng.normal(size=(150, 3)), rng.normal(1, 1, size=(150, 3)))
    assert other.lower > 0.7
    with pytest.raises(InputError, match="one shape"):
        bn.two_sample_auroc(np.zeros((20, 2)), np.zeros((20, 3)))


def test_the_net_whose_turn_it_is_not_stays_to_the_bit():
    """Both nets start from the same weights: after a turn of one, the other has them still."""
    from bineural.nets.adversarial_step import PARTS, adversarial_step
    from bineural.training.step import State
    from bineural.zoo.dense_gan import build_dense_gan

    plan = Blueprint.from_model(build_dense_gan((1,), 2, units=(4,), n_noise=2))
    step = adversarial_step().step_of(plan)
    values = plan.initial_values(1)
    places = {id(v): value for v, value in zip(plan.model.variables, values)}
    trainable = [np.asarray(places[id(v)]) for v in plan.model.trainable_variables]
    fixed = [np.asarray(places[id(v)]) for v in plan.model.non_trainable_variables]
    import tensorflow as tf

    state = State(
        *(list(map(tf.constant, part)) for part in (trainable, fixed, step.initial_optimizer_state()))
    )
    rows = tf.constant(X[:8].astype("float32"))
    for name, rest in zip(PARTS, PARTS[::-1]):
        after, _ = step.turn(name, state, rows, tf.ones(8), 8)
        for variable, old, new in zip(plan.model.trainable_variables, state.trainable, after.trainable):
            resting = variable.path.startswith("make" if rest == "generator" else "judge")
            resting |= variable.path.split("/")[0] == ("made" if rest == "generator" else "real")
            assert resting == np.array_equal(old, new), variable.path


def test_its_losses_stand_beside_their_optimum(gan):
    table = gan.tidy().set_index("net")
    assert table["optimum"].to_dict() == {"discriminator": 2 * np.log(2), "generator": np.log(2)}
    assert table["loss"].to_dict() == {net: gan.history_[net][-1] for net in table.index}
    assert gan.glance()["spread"] == gan.spread_ and gan.glance()["n_noise"] == 4
