"""Replicas that differ in penalties and dropout are the nets that were built with those settings."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.training import train_net, train_stack

RNG = np.random.default_rng(1)
X = RNG.normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(float)
OPTIONS = {"loss": "binary_crossentropy", "batch_size": 16, "epochs": 3}


def net(l1, l2, dropout, own=0.01):
    hidden = keras.layers.Dense(8, activation="relu", kernel_regularizer=keras.regularizers.L1L2(l1, l2))
    output = keras.layers.Dense(1, bias_regularizer=keras.regularizers.L2(l2))
    watched = keras.layers.Dense(4, activity_regularizer=keras.regularizers.L2(own))
    return keras.Sequential([keras.Input((3,)), hidden, keras.layers.Dropout(dropout), watched, output])


@pytest.mark.long
@pytest.mark.parametrize("xla", [False, True])
def test_each_replica_has_its_own_penalties_and_dropout(xla):
    rates, settings = [(0.02, 0.3, 0.0), (0.0, 0.01, 0.7)], (1, 2)
    l1, l2, dropout = zip(*rates)
    scales = {"l1_scale": np.array(l1) / 0.1, "l2_scale": np.array(l2) / 0.2, "dropout": dropout}
    stack = train_stack(net(0.1, 0.2, 0.5), X, Y, seeds=settings, xla=xla, **scales, **OPTIONS)
    for seed, rate, found in zip(settings, rates, stack):
        alone = train_net(net(*rate), X, Y, seed=seed, **OPTIONS)
        for a, b in zip(found.weights, alone.weights, strict=True):
            np.testing.assert_allclose(a, b, atol=2e-6)
        np.testing.assert_allclose(found.history["penalty"], alone.history["penalty"], rtol=1e-4)


@pytest.mark.long
def test_the_models_own_penalties_stay_as_they_are():
    layout = net(0.1, 0.2, 0.5)
    before = train_net(layout, X, Y, seed=1, **OPTIONS)
    train_stack(layout, X, Y, seeds=[1, 2], l2_scale=[0.0, 5.0], dropout=0.1, **OPTIONS)
    after = train_net(layout, X, Y, seed=1, **OPTIONS)
    assert all((a == b).all() for a, b in zip(before.weights, after.weights, strict=True))
