"""The memory of a training is estimated before it starts, and said where there is not enough.

How near the estimate is to what is measured stands in `benchmarks/bench_memory.py`.
"""

import warnings

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.errors import LargeNetWarning
from bineural.training import engine, memory, train_net

X, Y = np.ones((10, 3), "float32"), np.arange(10) % 2


def net(units):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(units), keras.layers.Dense(1)])


def test_a_net_alone_says_when_it_needs_more_than_the_machine_has_left(monkeypatch):
    monkeypatch.setattr(engine, "available_bytes", lambda: 20_000)
    options = {"seed": 1, "loss": "binary_crossentropy", "epochs": 1}
    with pytest.warns(LargeNetWarning, match="than the 1 MB that this machine has left: 2,501 weights"):
        trained = train_net(net(500), X, Y, **options)
    assert trained.epochs_run == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train_net(net(2), X, Y, **options)


def test_what_the_machine_has_left_is_known_on_linux_or_not_at_all():
    left = memory.available_bytes()
    assert left is None or 10**7 < left < 10**14


def test_large_sizes_are_told_in_gigabytes():
    layout = type("Layout", (), {"n_weights": 20_000_000, "count_units": lambda n_steps: 10 * n_steps})
    estimate = memory.estimate_bytes(layout, 40_000_000, 32, 100)
    assert estimate == 4 * (6 * 20_000_000 + 3 * 40_000_000 + 4 * 320 + 1600)
    assert memory.estimate_bytes(layout, 0, 32, 100, n_steps=7) - memory.estimate_bytes(
        layout, 0, 32, 100
    ) == (4 * 4 * 320 * 6)
    with pytest.warns(
        LargeNetWarning, match="than the 0.5 GB there is: 20,000,000 weights, 1.0 GB of memory"
    ):
        memory.say_if_large(estimate, 500_000_000, "there is", layout)
