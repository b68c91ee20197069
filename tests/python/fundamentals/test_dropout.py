"""Dropout is Keras' layer: dropped in training, scaled by what stays, untouched in use."""

import numpy as np
import pytest

import bineural as bn


def test_a_step_is_keras_s_layer_with_its_mask():
    import keras

    x = np.random.default_rng(1).uniform(0.5, 2, (40, 7)).astype("float32")
    layer = keras.layers.Dropout(0.25, seed=3)
    dropped = np.asarray(layer(x, training=True))
    found = bn.fundamentals.drop_units(x, 0.25, keep=dropped != 0)
    np.testing.assert_allclose(found, dropped, rtol=1e-6)
    np.testing.assert_array_equal(
        bn.fundamentals.drop_units(x, 0.25, training=False), np.asarray(layer(x, training=False))
    )


def test_the_mean_of_many_masks_is_the_identity():
    x = np.array([1.0, -2.0, 5.0])
    found = bn.fundamentals.drop_units(np.tile(x, (20_000, 1)), 0.2, seed=1)
    np.testing.assert_allclose(found.mean(axis=0), x, rtol=0.012)  # 3.4 standard errors
    assert np.mean(found == 0) == pytest.approx(0.2, abs=0.005)
    assert set(np.unique(found[:, 0])) == {0, 1.25}


def test_seeds_repeat_and_what_is_no_share_is_refused():
    x = np.ones(50)
    np.testing.assert_array_equal(
        bn.fundamentals.drop_units(x, 0.5, seed=1), bn.fundamentals.drop_units(x, 0.5, seed=1)
    )
    np.testing.assert_array_equal(bn.fundamentals.drop_units(x, 0.0), x)
    with pytest.raises(bn.InputError, match="below 1"):
        bn.fundamentals.drop_units(x, 1.0)
    with pytest.raises(bn.InputError, match="for each value of `x`"):
        bn.fundamentals.drop_units(x, 0.5, keep=[True])
