"""A layout keeps boxes apart and arrows out of boxes, whatever the graph."""

import numpy as np
import pytest

from bineural.figures.graph_layout import MOST_RANKS, lay_out

WIDTH, HEIGHT = 2.0, 0.42


def random_arrows(n_boxes, seed):
    rng = np.random.default_rng(seed)
    arrows = {
        (int(rng.integers(max(0, i - 6), i)), i) for i in range(1, n_boxes) for _ in range(rng.integers(1, 4))
    }
    return sorted(arrows)


def chain(n_boxes):
    return [(i, i + 1) for i in range(n_boxes - 1)]


def inside(points, x, y):
    """Say which points lie within a box, its edge left out."""
    return (np.abs(points[:, 0] - x) < WIDTH / 2 - 1e-6) & (np.abs(points[:, 1] - y) < HEIGHT / 2 - 1e-6)


@pytest.mark.parametrize("n_boxes, seed", [(2, 0), (8, 1), (20, 2), (45, 3)])
def test_boxes_are_apart_and_arrows_end_at_boxes_and_cross_none(n_boxes, seed):
    arrows = random_arrows(n_boxes, seed)
    layout = lay_out(n_boxes, arrows, WIDTH, HEIGHT)
    for i in range(n_boxes):
        for j in range(i):
            apart = abs(layout.x[i] - layout.x[j]) >= WIDTH or abs(layout.y[i] - layout.y[j]) >= HEIGHT
            assert apart, (i, j)
    for (start, end), path in zip(arrows, layout.paths, strict=True):
        np.testing.assert_allclose(path[0], [layout.x[start], layout.y[start] - HEIGHT / 2])
        np.testing.assert_allclose(path[-1], [layout.x[end], layout.y[end] + HEIGHT / 2])
        shares = np.linspace(0, 1, 200)[:, None]
        line = np.concatenate([a + shares * (b - a) for a, b in zip(path, path[1:])])
        assert not any(inside(line, x, y).any() for x, y in zip(layout.x, layout.y)), (start, end)
        assert (line >= 0).all() and (line <= [layout.width, layout.height]).all()


@pytest.mark.parametrize("n_boxes", [1, 5, MOST_RANKS, MOST_RANKS + 1, 40])
def test_a_chain_is_straight_and_goes_on_in_a_new_column(n_boxes):
    layout = lay_out(n_boxes, chain(n_boxes), WIDTH, HEIGHT)
    columns = np.unique(layout.x.round(6))
    assert len(columns) == -(-n_boxes // MOST_RANKS)
    assert all((layout.x == x).sum() <= MOST_RANKS + 2 for x in columns)
    assert (np.diff(layout.x) > -1e-9).all()  # reading goes on to the right


def test_a_branch_beside_a_chain_leaves_it_straight():
    """The skip net: 0 -> 1 -> 2 -> 3 -> 5 and 0 -> 4 -> 5."""
    layout = lay_out(6, [(0, 1), (1, 2), (2, 3), (0, 4), (3, 5), (4, 5)], WIDTH, HEIGHT)
    assert np.ptp(layout.x[1:4]) < 1e-9 and abs(layout.x[4] - layout.x[1]) >= WIDTH
    assert layout.x[0] == pytest.approx((layout.x[1] + layout.x[4]) / 2)
    passing = layout.paths[5]
    assert np.ptp(passing[:-1, 0]) < 1e-9  # straight down beside the chain, then to the join


def test_boxes_without_arrows_stand_below_each_other():
    layout = lay_out(3, [], WIDTH, HEIGHT)
    assert np.ptp(layout.x) == 0 and (np.diff(layout.y) < -HEIGHT).all()
