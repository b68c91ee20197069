"""Affine maps keep parallels and scale areas by the determinant."""

import numpy as np
import pytest

import bineural as bn


def area(x, y):
    return np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2


@pytest.mark.parametrize("seed", range(5))
def test_parallels_stay_parallel_and_areas_grow_by_the_determinant(seed):
    rng = np.random.default_rng(seed)
    letter = bn.fundamentals.map_letter(rng.normal(size=(2, 2)), rng.normal(size=2))
    corners = letter.table.groupby("corner")[["mapped1", "mapped2"]].first().to_numpy()
    edges = np.roll(corners, -1, axis=0) - corners
    for every_other in (edges[::2], edges[1::2]):  # the letter's upright edges, and its level ones
        turned = every_other[:, 0] * every_other[0, 1] - every_other[:, 1] * every_other[0, 0]
        np.testing.assert_allclose(turned, 0, atol=1e-12)
    t = letter.table
    before, after = area(*t[["x1", "x2"]].to_numpy().T), area(*t[["mapped1", "mapped2"]].to_numpy().T)
    assert abs(before) == pytest.approx(8)
    assert after == pytest.approx(before * letter.determinant)


def test_the_map_is_the_layer_of_a_network():
    weights, bias = [[1, -0.5], [0.5, 1]], [2, -1]
    letter = bn.fundamentals.map_letter(weights, bias, "tanh")
    layer = bn.fundamentals.build_network([weights, [1, 1]], [bias, 0], activation="tanh")
    expected = bn.fundamentals.run_network(layer, letter.table[["x1", "x2"]], layers=True)[0]
    np.testing.assert_allclose(letter.table[["mapped1", "mapped2"]], expected)


def test_an_activation_bends_straight_edges():
    t = bn.fundamentals.map_letter([[0.5, -0.2], [0.2, 0.3]], activation="tanh").table
    steps = np.diff(t.loc[t["corner"] == 1, ["mapped1", "mapped2"]].to_numpy(), axis=0)
    directions = np.arctan2(steps[:, 1], steps[:, 0])
    assert np.ptp(directions) > 0.1


def test_figures_are_drawn_and_others_refused(tmp_path):
    flat = bn.fundamentals.map_letter([[1, 2], [2, 4]])
    assert "flat" in repr(flat)
    assert "mirrored;" in repr(bn.fundamentals.map_letter([[-1, 0], [0, 1]]))
    flat.plot(tmp_path / "flat.png")
    with pytest.raises(bn.InputError, match="2 by 2"):
        bn.fundamentals.map_letter([1, 2])
