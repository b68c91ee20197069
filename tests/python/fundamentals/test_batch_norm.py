"""Batch normalisation is Keras' layer, as it trains and as it is used."""

import numpy as np
import pytest

import bineural as bn


def test_each_step_is_keras_s_layer():
    import keras

    rng = np.random.default_rng(1)
    layer = keras.layers.BatchNormalization()
    layer.build((None, 4))
    scale, shift = rng.uniform(0.5, 2, 4), rng.normal(size=4)
    layer.gamma.assign(scale)
    layer.beta.assign(shift)
    moving = {"moving_mean": 0.0, "moving_variance": 1.0}
    for _ in range(3):
        x = rng.normal(3, [1, 2, 3, 4], (10, 4)).astype("float32")
        step = bn.fundamentals.normalise_batch(x, scale, shift, **moving)
        np.testing.assert_allclose(step.values, layer(x, training=True), atol=2e-6)
        np.testing.assert_allclose(step.moving_mean, layer.moving_mean, rtol=1e-5)
        np.testing.assert_allclose(step.moving_variance, layer.moving_variance, rtol=1e-5)
        moving = {"moving_mean": step.moving_mean, "moving_variance": step.moving_variance}
    used = bn.fundamentals.normalise_batch(x, scale, shift, **moving, training=False)
    np.testing.assert_allclose(used.values, layer(x, training=False), atol=1e-5)
    np.testing.assert_array_equal(used.moving_mean, step.moving_mean)


def test_units_are_standard_after_training_s_way():
    x = np.random.default_rng(2).normal(5, 3, (30, 6))
    step = bn.fundamentals.normalise_batch(x, epsilon=1e-12)
    np.testing.assert_allclose(step.values.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(step.values.std(axis=0), 1)


def test_the_first_batch_in_use_is_not_the_first_in_training():
    x = np.random.default_rng(3).normal(5, 3, (30, 1))
    trained = bn.fundamentals.normalise_batch(x)
    used = bn.fundamentals.normalise_batch(
        x, moving_mean=trained.moving_mean, moving_variance=trained.moving_variance, training=False
    )
    assert (
        abs(used.values.mean() - trained.values.mean()) > 4
    )  # the moving averages have hardly begun to move


def test_a_figure_is_drawn_and_others_refused(tmp_path):
    bn.fundamentals.normalise_batch(np.random.default_rng(4).normal(size=(20, 5))).plot(
        tmp_path / "batch.png"
    )
    with pytest.raises(bn.InputError, match="`scale` must hold 2 values"):
        bn.fundamentals.normalise_batch([[1, 2], [3, 4]], scale=[1, 2, 3])
    with pytest.raises(bn.InputError, match="must not be negative"):
        bn.fundamentals.normalise_batch([[1, 2], [3, 4]], moving_variance=-1.0)
