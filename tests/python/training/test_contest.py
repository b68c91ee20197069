"""A contest: replicas of the sides that lose end, and what goes on is as without it."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.training import train_stack
from bineural.training.contest import Side, losers, lowest


def test_losers_are_the_sides_that_are_not_picked_and_a_contest_in_parts_waits():
    whole = [Side(0, side, 3, 2, epoch=10) for side in (0, 0, 1, 1, 2, 2)]
    sides = [*whole, None, *(Side(1, side, 2, 1, epoch=12) for side in (0, 1)), Side(2, 0, 2, 1, epoch=10)]
    losses = [3, 3, 1, 2, 2, 2, 0, 5, 4, 0]
    best = lambda table: int(np.argmin(table.mean(axis=1)))  # noqa: E731
    assert losers(sides, 10, losses.__getitem__, best) == [0, 1, 4, 5]
    assert losers(sides, 12, losses.__getitem__, best) == [7]
    assert losers(sides, 11, losses.__getitem__, best) == []
    assert losers([None, *whole[:5]], 10, losses.__getitem__, best) == []


def test_lowest_reads_the_first_epochs_and_passes_over_what_is_not_finite():
    history = {"validation_loss": [3.0, np.nan, 2.0, 1.0]}
    assert [lowest(history, n) for n in (1, 2, 3, None)] == [3, 3, 2, 1]
    assert lowest({"validation_loss": [np.nan]}) == np.inf and lowest({"validation_loss": []}) == np.inf


@pytest.mark.parametrize("patience", [None, 2])
def test_replicas_that_lose_end_and_the_others_are_as_without_a_contest(patience):
    random = np.random.default_rng(3)
    x = random.normal(size=(40, 3)).astype("float32")
    y = x[:, 0] + random.normal(size=40)
    net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    options = {"loss": "mean_squared_error", "optimizer": "adam", "epochs": 12, "patience": patience}
    options |= {"seeds": [1, 2, 1, 2, 9], "learning_rate": [0.1, 0.1, 0.001, 0.001, 0.01]}
    options |= {"rows": [np.arange(30)] * 5, "validation": [np.arange(30, 40)] * 5}
    plain = train_stack(net, x, y, **options)
    picked = []

    def pick(losses):
        picked.append(losses)
        return 0

    sides = [*(Side(0, side, 2, 2, epoch=5) for side in (0, 0, 1, 1)), None]
    contested = train_stack(net, x, y, contest=pick, sides=sides, **options)
    firsts = [min(one.history["validation_loss"][:5]) for one in plain[:4]]
    np.testing.assert_allclose(picked, [np.reshape(firsts, (2, 2))], rtol=1e-6)
    assert [one.epochs_run for one in contested[2:4]] == [5, 5]
    for i in (0, 1, 4):
        assert contested[i].epochs_run == plain[i].epochs_run
        for a, b in zip(contested[i].weights, plain[i].weights):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
