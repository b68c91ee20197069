"""The workshop's three surfaces, computed one point after the other."""

import numpy as np
import pytest

import bineural as bn

AXIS = np.linspace(-15, 15, 21)
THREE = [[[1, -1, 0], [1, 1, -3]], [0.1] * 3]


def three_lines(a, b):
    return 0.1 * (abs(a + b - 5) + abs(b - a - 5) + abs(-3 * b - 5))


def two_lines(a, b):
    return 0.1 * (abs(a) + abs(b))


def diamond(a, b):
    return abs(abs(a) + abs(b) - 15)


CASES = [
    (bn.fundamentals.build_network(THREE, [-5, 0], "abs"), three_lines),
    (bn.fundamentals.build_network([np.eye(2), [0.1, 0.1]], activation="abs"), two_lines),
    (bn.fundamentals.build_network([np.eye(2), [1, 1], [1]], [0, -15, 0], "abs"), diamond),
]


@pytest.mark.parametrize("network, slow", CASES, ids=["2-3-1", "2-2-1", "2-2-1-1"])
def test_surfaces_are_those_of_the_workshop(network, slow):
    surface = bn.fundamentals.response_surface(network)
    expected = [slow(a, b) for b in AXIS for a in AXIS]  # x1 runs first
    np.testing.assert_allclose(surface.table["response"], expected, atol=1e-14)
    np.testing.assert_array_equal(surface.grid, AXIS)
    np.testing.assert_array_equal(surface.table["x1"], np.tile(AXIS, 21))
    assert len(surface.table) == 441


@pytest.mark.parametrize(
    "network, total",
    [
        (bn.fundamentals.build_network(THREE, [-5, 0]), 691.2),
        (bn.fundamentals.build_network([np.eye(2), [0.1, 0.1]]), 346.5),
        (bn.fundamentals.build_network([np.eye(2), [1, 1], [1]], [0, -15, 0]), 330.0),
    ],
)
def test_relus_make_other_surfaces(network, total):
    assert bn.fundamentals.response_surface(network).table["response"].sum() == pytest.approx(total)


def test_any_function_has_a_surface(tmp_path):
    surface = bn.fundamentals.response_surface(lambda rows: rows[:, 0] * rows[:, 1], grid=[0, 1, 2])
    assert surface.table["response"].tolist() == [0, 0, 0, 0, 1, 2, 0, 2, 4]
    surface.plot(tmp_path / "surface.png")
    with pytest.raises(bn.InputError, match="one number for each row"):
        bn.fundamentals.response_surface(lambda rows: rows)
