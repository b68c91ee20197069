"""Bumps and towers are as high as they say, and more of them come nearer."""

import numpy as np
import pytest

import bineural as bn


def curve(x):
    return 0.2 + 0.4 * x**2 + 0.3 * x * np.sin(15 * x) + 0.05 * np.cos(50 * x)


def test_a_bump_has_its_height_inside_and_none_outside():
    found = bn.fundamentals.raise_bump([0.1, 0.25, 0.35, 0.5, 0.65, 0.75], 0.3, 0.7, height=0.6)
    np.testing.assert_allclose(found, [0, 0, 0.6, 0.6, 0.6, 0], atol=1e-6)


def test_a_tower_has_its_height_inside_and_none_outside_not_even_in_line():
    x1, x2 = np.array([0.5, 0.5, 0.1, 0.1, 0.45]), np.array([0.5, 0.9, 0.5, 0.1, 0.35])
    found = bn.fundamentals.raise_tower(x1, x2, 0.4, 0.6, 0.3, 0.7, height=0.3)
    np.testing.assert_allclose(found, [0.3, 0, 0, 0, 0.3], atol=1e-6)


@pytest.mark.parametrize("n, error", [(5, 0.0933), (10, 0.0560), (20, 0.0245), (50, 0.0096), (100, 0.0045)])
def test_errors_of_bumps_are_those_of_the_course(n, error):
    found = bn.fundamentals.approximate_function(curve, n)
    assert found.mean_error == pytest.approx(error, rel=0.1)
    assert found.n_hidden == 2 * n


def test_towers_have_units_in_two_layers():
    """2 d m^d in the first hidden layer, a step for each side of each, and one more for each tower behind."""
    for m in (2, 5):
        d, towers = 2, m**2
        assert bn.fundamentals.approximate_function(np.add, m, n_inputs=d).n_hidden == 2 * d * towers + towers


def test_errors_of_towers_fall():
    errors = [
        bn.fundamentals.approximate_function(
            lambda a, b: np.sin(6 * a) * np.cos(5 * b), n, n_inputs=2
        ).mean_error
        for n in (3, 6, 12, 24)
    ]
    assert all(after < 0.65 * before for before, after in zip(errors, errors[1:]))


def test_an_approximation_is_the_sum_of_its_bumps():
    table = bn.fundamentals.approximate_function(np.exp, 4, low=-1, high=1).table
    edges, heights = np.linspace(-1, 1, 5), np.exp([-0.75, -0.25, 0.25, 0.75])
    inside = (np.abs(table["x"].to_numpy()[:, None] - edges) > 0.01).all(axis=1)
    bumps = sum(bn.fundamentals.raise_bump(table["x"], a, b, h) for a, b, h in zip(edges, edges[1:], heights))
    np.testing.assert_allclose(table["approximation"][inside], bumps[inside], atol=1e-9)


def test_x1_runs_across():
    table = bn.fundamentals.approximate_function(lambda a, b: a + 10 * b, 2, n_inputs=2).table
    np.testing.assert_allclose(table["truth"], table["x1"] + 10 * table["x2"])
    assert table.iloc[1]["x1"] > table.iloc[0]["x1"] and table.iloc[1]["x2"] == table.iloc[0]["x2"]
    corner = table[(table["x1"] < 0.4) & (table["x2"] > 0.6)]
    np.testing.assert_allclose(corner["approximation"], 0.25 + 7.5, atol=1e-6)


def test_figures_are_drawn_and_others_refused(tmp_path):
    bn.fundamentals.approximate_function(np.sin).plot(tmp_path / "bumps.png")
    bn.fundamentals.approximate_function(np.add, 3, n_inputs=2).plot(tmp_path / "towers.png")
    with pytest.raises(bn.InputError, match="`f` must return one number for each point"):
        bn.fundamentals.approximate_function(lambda x: 1.0)
    with pytest.raises(bn.InputError, match="`n_inputs` must be one of 1, 2"):
        bn.fundamentals.approximate_function(np.sin, n_inputs=3)
