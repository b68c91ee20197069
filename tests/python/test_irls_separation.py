"""Separation is found exactly when a direction splits the classes, and its columns are named."""

import itertools

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.irls import find_separation, fit_irls, separation_suspected

RNG = np.random.default_rng(1984)


def kind_by_brute_force(x, y):
    """Separation of rows with one column and an intercept, by trying every threshold."""
    up, down = x[y == 1], x[y == 0]
    if min(up) > max(down) or max(up) < min(down):
        return "complete"
    if (min(up) >= max(down) or max(up) <= min(down)) and len({*up, *down}) > 1:
        return "quasi"
    return "none"


def test_one_column_agrees_with_trying_every_threshold():
    for values in itertools.product([1.0, 2.0, 3.0], repeat=4):
        x, y = np.array(values), np.array([0, 1, 1, 0])
        found = find_separation(x[:, None], y)
        assert found.kind == kind_by_brute_force(x, y), values
        assert found.columns == ([] if found.kind == "none" else ["x1"]), values


def test_a_direction_separates_as_it_says():
    x = RNG.normal(size=(60, 3))
    y = (x @ [1.0, -1.0, 0.0] > 0.3).astype(float)
    found = find_separation(x, y, names=["a", "b", "c"])
    side = np.column_stack([np.ones(60), x / np.abs(x).max(axis=0)]) @ found.direction
    assert found.kind == "complete"
    assert (side[y == 1] > 0).all() and (side[y == 0] < 0).all()
    assert {"a", "b"} <= set(found.columns)


def test_a_column_that_splits_alone_is_the_one_named():
    x = RNG.normal(size=(50, 4))
    y = (x[:, 2] > 0).astype(float)
    assert find_separation(x, y, names=list("abcd")).columns == ["c"]


def test_a_level_whose_rows_are_all_events_is_quasi_separated():
    x = np.column_stack([RNG.normal(size=80), np.arange(80) < 5])
    y = (RNG.random(80) < 0.5).astype(float)
    y[:5] = 1
    found = find_separation(x, y, names=["age", "level"])
    assert (found.kind, found.columns) == ("quasi", ["level"])
    assert separation_suspected(fit_irls(x, y))


def test_ordinary_rows_are_neither_suspected_nor_separated():
    x = RNG.normal(size=(200, 3))
    y = (RNG.random(200) < 1 / (1 + np.exp(-x[:, 0]))).astype(float)
    assert not separation_suspected(fit_irls(x, y))
    found = find_separation(x, y)
    assert (found.kind, found.columns, found.direction.tolist()) == ("none", [], [0, 0, 0, 0])


def test_one_row_in_a_hundred_thousand_decides():
    x = RNG.normal(size=(100_000, 4))
    y = (x[:, 1] + 0.5 * x[:, 3] > 0).astype(float)
    assert find_separation(x, y).kind == "complete"
    y[np.argmax(x[:, 1] + 0.5 * x[:, 3])] = 0
    assert find_separation(x, y).kind == "none"


def test_shares_and_weights_count():
    x = np.array([[1.0], [2.0], [3.0], [4.0]])
    assert find_separation(x, [0, 0.5, 1, 1]).kind == "quasi"
    assert find_separation(x, [0, 0.5, 0.5, 1]).kind == "none"
    assert find_separation(x, [0, 0, 1, 0], weights=[1, 1, 1, 0]).kind == "complete"


def test_one_class_is_separated_by_the_intercept():
    found = find_separation(RNG.normal(size=(10, 1)), np.ones(10))
    assert (found.kind, found.columns) == ("complete", ["(Intercept)"])


def test_outcomes_must_be_shares():
    with pytest.raises(InputError, match="lie between 0 and 1"):
        find_separation([[1.0], [2.0]], [1, 2])
