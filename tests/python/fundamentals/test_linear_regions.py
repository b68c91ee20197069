"""Regions are counted as sign patterns on a fine grid show them, and bounds are the formulas'."""

import itertools
import math

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import bineural as bn

THREE = bn.fundamentals.build_network([[[1, -1, 0], [1, 1, -3]], [0.1] * 3], [-5, 0], "abs")


def lines(n, seed):
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi, n)
    return bn.fundamentals.build_network(
        [[np.cos(angle), np.sin(angle)], np.ones(n)], [rng.uniform(-1, 1, n), 0]
    )


@pytest.mark.parametrize(
    "network, n",
    [
        (THREE, 7),
        (bn.fundamentals.build_network([np.eye(2), [0.1, 0.1]], activation="abs"), 4),
        (bn.fundamentals.build_network([np.eye(2), [1, 1], [1]], [0, -15, 0], "abs"), 8),
    ],
)
def test_the_workshop_s_networks_have_7_4_and_8_regions(network, n):
    assert bn.fundamentals.count_linear_regions(network).n_regions == n


@pytest.mark.parametrize("n, most", [(3, 7), (4, 11), (10, 56)])
def test_lines_in_general_position_reach_steiner_s_number(n, most):
    assert bn.fundamentals.count_linear_regions(lines(n, 1), limit=1e4).n_regions == most
    assert bn.fundamentals.region_bounds(n, 1)["shallow"].tolist() == [most]


def test_three_half_planes_give_seven_of_eight_codes():
    codes = set(bn.fundamentals.count_linear_regions(THREE).regions["pattern"])
    every = {"".join(bits) for bits in itertools.product("01", repeat=3)}
    assert len(codes) == 7 and every - codes == {"111"}


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "abs"])
def test_within_a_region_the_network_is_the_plane_that_is_listed(activation):
    rng = np.random.default_rng(4)
    widths = (2, 5, 4, 1)
    network = bn.fundamentals.build_network(
        [rng.normal(size=w) for w in zip(widths, widths[1:])],
        [rng.normal(size=n) for n in widths[1:]],
        activation,
    )
    found = bn.fundamentals.count_linear_regions(network, limit=3)
    assert found.regions["area"].sum() == pytest.approx(36)
    assert found.regions["pattern"].is_unique
    for region, corners in found.corners.groupby("region"):
        inside = rng.dirichlet(np.ones(len(corners)), 5) @ corners[["x1", "x2"]].to_numpy()
        plane = found.regions.iloc[region - 1]
        expected = inside @ plane[["slope1", "slope2"]].to_numpy(float) + plane["intercept"]
        np.testing.assert_allclose(network(inside), expected, atol=1e-9)


def test_no_pattern_of_a_fine_grid_is_missed():
    network = bn.fundamentals.build_network(
        [np.random.default_rng(5).normal(size=w) for w in ((2, 4), (4, 4), (4, 1))], [0.5, -0.3, 0]
    )
    axis = np.linspace(-4, 4, 801)
    points = np.column_stack([grid.ravel() for grid in np.meshgrid(axis, axis)])
    bits = np.hstack(network.layers(points)[:-1]) > 0
    codes = np.unique(bits @ (1 << np.arange(8)))
    rows = [[int(code) >> i & 1 for i in range(8)] for code in codes]
    seen = {"".join(map(str, row[:4])) + "|" + "".join(map(str, row[4:])) for row in rows}
    found = bn.fundamentals.count_linear_regions(network, limit=4).regions
    assert seen <= set(found["pattern"])
    assert set(found.loc[found["area"] > 0.01, "pattern"]) <= seen


def pieces_on_a_grid(network, limit, n=301):
    """Count affine pieces slowly: neighbours of a fine grid, right or above, of one map are one piece."""
    axis = (np.linspace(-limit, limit, n + 2)[1:-1] + 0.0123 * limit / n).round(9)
    points = np.column_stack([grid.ravel() for grid in np.meshgrid(axis, axis)])
    value, step = network(points), 1e-6
    slopes = np.column_stack([(network(points + step * e) - value) / step for e in np.eye(2)])
    maps = np.column_stack([slopes, value - (slopes * points).sum(axis=1)]).round(4) + 0.0
    codes = np.unique(maps, axis=0, return_inverse=True)[1].reshape(n, n)
    number = np.arange(n * n).reshape(n, n)
    beside, above = codes[:, 1:] == codes[:, :-1], codes[1:] == codes[:-1]
    first = np.concatenate([number[:, 1:][beside], number[1:][above]])
    second = np.concatenate([number[:, :-1][beside], number[:-1][above]])
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(n * n, n * n))
    return (np.bincount(connected_components(graph, directed=False)[1]) > 4).sum()  # fewer lie on a fold


PLUS = np.array([[1, -1, 0, 0], [0, 0, 1, -1]])


@pytest.mark.parametrize(
    "network, limit, regions, pieces",
    [
        (
            bn.fundamentals.build_network([np.eye(2), [1, 1], [1]], [0, -15, 0]),
            15,
            5,
            2,
        ),  # off in all but a corner
        (bn.fundamentals.build_network([np.eye(2), [1, 1], [1]], [0, 5, 0]), 15, 4, 4),  # never off
        (bn.fundamentals.build_network([np.eye(2), [-1, -1], [1]], [0, -1, 0]), 15, 4, 1),  # never on
        (bn.fundamentals.build_network([PLUS, [1, 1, 1, 1]], [0, 0]), 15, 4, 4),
        (
            bn.fundamentals.build_network([[[1, 1], [0, 0]], [1, -1]], [[0, 0], 0]),
            15,
            2,
            1,
        ),  # folds that cancel
        (
            bn.fundamentals.build_network([[[1, 0], [0, 1]], [1, 0]], [[0, 0], 0]),
            15,
            4,
            2,
        ),  # a unit that nobody hears
        (THREE, 15, 7, 7),
    ],
)
def test_regions_that_one_map_holds_together_are_one_piece(network, limit, regions, pieces):
    found = bn.fundamentals.count_linear_regions(network, limit)
    assert (found.n_regions, found.n_pieces) == (regions, pieces)
    assert pieces_on_a_grid(network, limit) == pieces
    assert found.regions["piece"].nunique() == pieces and str(pieces) in repr(found)


@pytest.mark.parametrize("seed", range(6))
def test_pieces_are_those_of_a_fine_grid(seed):
    rng = np.random.default_rng(seed)
    widths = (2, 3, 2, 1)
    weights = [rng.integers(-2, 3, size=w) for w in zip(widths, widths[1:])]
    network = bn.fundamentals.build_network(weights, [rng.integers(-2, 3, n) + 0.5 for n in widths[1:]])
    assert bn.fundamentals.count_linear_regions(network, 4).n_pieces == pieces_on_a_grid(network, 4)


def test_one_layer_has_no_more_pieces_than_the_theorem_and_a_deep_one_more():
    assert (
        bn.fundamentals.count_linear_regions(lines(6, 2), 1e4).n_pieces
        <= bn.fundamentals.region_bounds(6, 1)["shallow"][0]
    )
    folds = bn.fundamentals.build_network([np.eye(2)] * 3 + [[1, 2]], [0, -7.5, -3.75, 0], "abs")
    found = bn.fundamentals.count_linear_regions(folds)
    assert found.n_pieces == found.n_regions == 64


@pytest.mark.parametrize(
    "width, layers, expected",
    [
        (4, 2, (37, 22, 44)),
        (4, 3, (79, 44, 176)),
        (4, 5, (211, 176, 2816)),
        (8, 3, (301, 592, 9472)),
        (8, 5, (821, 9472, 2424832)),
    ],
)
def test_bounds_are_the_published_values(width, layers, expected):
    last = bn.fundamentals.region_bounds(width, layers).iloc[-1]
    assert tuple(last[["shallow", "pascanu", "montufar"]]) == expected


def test_pascanu_s_bound_passes_the_shallow_one_from_6_layers_of_4_and_2_of_8():
    for width, first in ((4, 6), (8, 2)):
        table = bn.fundamentals.region_bounds(width, 8)
        assert table.loc[table["pascanu"] > table["shallow"], "layers"].min() == first
    table = bn.fundamentals.region_bounds(4, 8)
    assert table.loc[table["montufar"] > table["shallow"], "layers"].min() == 2
    assert table["pascanu"].iloc[5] == 352 and table["shallow"].iloc[5] == 301


def test_bounds_of_many_inputs_and_layers():
    assert bn.fundamentals.region_bounds(6, 1, n_inputs=6)["shallow"].tolist() == [2**6]
    large = bn.fundamentals.region_bounds(64, 40)
    assert large["montufar"].iloc[-1] == pytest.approx(
        float(32 ** (2 * 39) * sum(math.comb(64, j) for j in range(3)))
    )


def test_figures_are_drawn_and_other_networks_refused(tmp_path):
    bn.fundamentals.count_linear_regions(THREE).plot(tmp_path / "regions.png")
    with pytest.raises(bn.InputError, match="two inputs and activation"):
        bn.fundamentals.count_linear_regions(
            bn.fundamentals.build_network([np.eye(2), [1, 1]], activation="tanh")
        )
    with pytest.raises(bn.InputError, match="`width` must be a whole number of at least 2"):
        bn.fundamentals.region_bounds(1)
