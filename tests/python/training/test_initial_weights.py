"""Initial weights drawn for many nets at once are those that Keras draws for each."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.training import Blueprint, initial_weights
from bineural.training.initial_weights import draw_each, each_initial_value

SEEDS = [0, 1, 77, 2**31 - 3, 2**31 - 2, 2**31 - 1]
KINDS = [
    keras.initializers.GlorotUniform(),
    keras.initializers.HeUniform(),
    keras.initializers.LecunUniform(seed=3),
    keras.initializers.RandomUniform(-0.3, 0.1),
    keras.initializers.GlorotNormal(),
    keras.initializers.TruncatedNormal(),
    keras.initializers.Orthogonal(),
    keras.initializers.VarianceScaling(2.0, "fan_out", "uniform"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 4, 5)])
def test_draws_are_keras_own_to_the_bit(kind, shape):
    found = draw_each(kind, shape, "float32", SEEDS)
    for seed, one in zip(SEEDS, found, strict=True):
        again = type(kind).from_config({**kind.get_config(), "seed": seed})
        assert (one == np.asarray(again(shape))).all()


def test_nets_that_start_elsewhere_keep_their_own():
    layers = [keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    plan = Blueprint.from_model(keras.Sequential(layers))
    path = plan.model.variables[0].path
    moved = plan.starting_from({path: np.ones((3, 4))})
    together = each_initial_value([plan, moved, plan], [1, 2, 3])
    for i, (one, seed) in enumerate([(plan, 1), (moved, 2), (plan, 3)]):
        for a, b in zip(together, one.initial_values(seed), strict=True):
            assert (a[i] == b).all()
    assert (together[0][1] == 1).all()


def test_dropout_does_not_change_where_a_net_begins():
    def begin(*inner):
        hidden = keras.layers.Dense(4), *inner, keras.layers.Dense(1)
        plan = Blueprint.from_model(keras.Sequential([keras.Input((3,)), *hidden]))
        return [v for v in plan.initial_values(5) if v.dtype == np.float32]

    for a, b in zip(begin(), begin(keras.layers.Dropout(0.5)), strict=True):
        assert (a == b).all()


def test_many_numbers_are_drawn_in_blocks_with_the_same_bits(monkeypatch):
    whole = initial_weights.philox_uniforms([5, 2**31 - 3], 1003)
    monkeypatch.setattr(initial_weights, "_MOST_NUMBERS", 64)
    np.testing.assert_array_equal(initial_weights.philox_uniforms([5, 2**31 - 3], 1003), whole)
