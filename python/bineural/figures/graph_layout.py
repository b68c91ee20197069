"""Lay out a graph without circles: boxes in ranks from top to bottom, each below those it takes from.

The steps of Sugiyama, Tagawa and Toda (1981), IEEE Transactions on Systems, Man, and Cybernetics 11(2),
109-125: ranks by the longest way, points where an arrow passes a rank, few crossings by sorting each rank by
the means of its neighbours, and places as near to the neighbours as the widths allow, chains straight. A long
graph goes on in a new column.
"""

import math
from typing import NamedTuple

import numpy as np

MOST_RANKS = 12  # in a column, more in graphs of more than about 50
BESIDE, PASSING, BELOW = 0.35, 0.3, 0.38  # inches between boxes, beside an arrow that passes, between ranks
ASIDE = 0.06  # inches between arrows that go on in the next column
STRAIGHT = 8.0  # what keeping a chain straight weighs
_SWEEPS = 8


class Layout(NamedTuple):
    """Places in inches, y upwards from 0.

    Attributes
    ----------
    x, y : ndarray of float64, shape (n_boxes,)
        Centres of the boxes.
    paths : list of ndarray, shape (n_points, 2)
        For each arrow, from the box it leaves to the box it points to.
    width, height : float
    """

    x: object
    y: object
    paths: list
    width: float
    height: float


def lay_out(n_boxes, arrows, width, height):
    """Lay out boxes of one size, which are listed after those that they take from.

    Parameters
    ----------
    n_boxes : int
    arrows : list of (int, int)
        From box, to box, counted from 0.
    width, height : float
        Of a box, in inches.

    Returns
    -------
    Layout
    """
    ranks = _ranks(n_boxes, arrows)
    ranks, routes = _with_passing(ranks, arrows)
    wide = np.array([width if i < n_boxes else 0.0 for i in range(len(ranks))])
    links = [pair for route in routes for pair in zip(route, route[1:])]
    rows = _ordered(ranks, links)
    x = _placed(rows, links, wide)
    x, y, paths, *size = _in_columns(ranks, x, wide, links, routes, height)
    return Layout(x[:n_boxes], y[:n_boxes], paths, *size)


def _ranks(n_boxes, arrows):
    """Rank each box by the longest way to it; what takes from none stands right above what takes from it."""
    if not arrows:
        return list(range(n_boxes))
    sources, targets = [[] for _ in range(n_boxes)], [[] for _ in range(n_boxes)]
    for start, end in arrows:
        sources[end].append(start)
        targets[start].append(end)
    ranks = [0] * n_boxes
    for box in range(n_boxes):
        ranks[box] = max((ranks[s] + 1 for s in sources[box]), default=0)
    for box in range(n_boxes):
        if targets[box] and not sources[box]:
            ranks[box] = min(ranks[t] for t in targets[box]) - 1
    return ranks


def _with_passing(ranks, arrows):
    """Add a point for each rank that an arrow passes; return all ranks, and each arrow's route."""
    ranks, routes = list(ranks), []
    for start, end in arrows:
        between = range(ranks[start] + 1, ranks[end])
        routes.append([start, *range(len(ranks), len(ranks) + len(between)), end])
        ranks += between
    return ranks, routes


def _neighbours(n, links):
    above, below = [[] for _ in range(n)], [[] for _ in range(n)]
    for start, end in links:
        above[end].append(start)
        below[start].append(end)
    return above, below


def _ordered(ranks, links):
    """Order each rank by the mean position of the neighbours above, then below, and so on."""
    rows = [[i for i, rank in enumerate(ranks) if rank == r] for r in range(max(ranks) + 1)]
    above, below = _neighbours(len(ranks), links)
    position = np.zeros(len(ranks))
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            nearby = above if sweep % 2 == 0 else below
            if sweep:
                row.sort(key=lambda i: np.mean([position[j] for j in nearby[i]] or [position[i]]))
            for place, i in enumerate(row):
                position[i] = place - (len(row) - 1) / 2
    return rows


def _placed(rows, links, wide):
    """Bring each box as near to its neighbours as those beside it allow, and keep chains straight."""
    from scipy.optimize import isotonic_regression

    above, below = _neighbours(len(wide), links)
    straight = np.array([len(below[start]) == len(above[end]) == 1 for start, end in links], dtype=bool)
    sides = [
        (a, b, (wide[a] + wide[b]) / 2 + (BESIDE if wide[a] and wide[b] else PASSING))
        for row in rows
        for a, b in zip(row, row[1:])
    ]
    x = _least_sideways(len(wide), links, np.where(straight, STRAIGHT, 1.0), sides)
    fixed = {box for link, in_chain in zip(links, straight) if in_chain for box in link}
    apart = {(a, b): distance for a, b, distance in sides}
    for sweep in range(_SWEEPS):  # boxes outside of chains go to the middle of their neighbours
        for row in rows[:: 1 if sweep % 2 == 0 else -1]:
            reach = np.cumsum([0.0] + [apart[pair] for pair in zip(row, row[1:])])
            near = [[] if i in fixed else above[i] + below[i] for i in row]
            wish = np.array([np.mean(x[boxes]) if boxes else x[i] for i, boxes in zip(row, near)])
            weights = np.array([1e6 if i in fixed else 1.0 for i in row])
            x[row] = isotonic_regression(wish - reach, weights=weights).x + reach
    return x


def _least_sideways(n, links, weights, sides):
    """Return places that go sideways least over all links, and keep the distances, by linear programming."""
    from scipy.optimize import linprog
    from scipy.sparse import lil_matrix

    m = len(links)
    limits, bounds = lil_matrix((2 * m + len(sides), n + m)), np.zeros(2 * m + len(sides))
    for k, (start, end) in enumerate(links):
        for row, sign in ((2 * k, 1.0), (2 * k + 1, -1.0)):
            limits[row, start], limits[row, end], limits[row, n + k] = sign, -sign, -1.0
    for row, (left, right, distance) in enumerate(sides, 2 * m):
        limits[row, left], limits[row, right], bounds[row] = 1.0, -1.0, -distance
    if not limits.shape[0]:
        return np.zeros(n)
    return linprog(np.concatenate([np.zeros(n), weights]), limits.tocsr(), bounds, method="highs").x[:n]


def _columns(ranks, links, shape):
    """Return the column of each box and its place in it, cutting where few arrows pass.

    `shape` is how many ranks are as high as a column is wide: large graphs are about as high as wide.
    """
    n_ranks = max(ranks) + 1
    n_columns = -(-n_ranks // max(MOST_RANKS, math.ceil(math.sqrt(n_ranks * shape))))
    passing = np.bincount([ranks[start] for start, _ in links], minlength=n_ranks)
    firsts = [0]
    for c in range(1, n_columns):
        goal = round(c * n_ranks / n_columns)
        nearby = [r for r in range(goal - 2, goal + 3) if firsts[-1] < r < n_ranks]
        firsts.append(min(nearby, key=lambda r: (passing[r - 1], abs(r - goal))))
    column = np.searchsorted(firsts, ranks, side="right") - 1
    return column, np.array(ranks) - np.array(firsts)[column]


def _in_columns(ranks, x, wide, links, routes, height):
    """Put the columns side by side and lead the arrows through them."""
    across = (x + wide / 2).max() - (x - wide / 2).min() + BESIDE
    column, place = _columns(ranks, links, across / (height + BELOW))
    n_columns = column.max() + 1
    crossing = np.bincount([column[a] for a, b in links if column[a] != column[b]], minlength=n_columns)
    margin = BELOW / 2 + ASIDE * crossing.max() if n_columns > 1 else 0.05
    total = (place.max() + 1) * (height + BELOW) - BELOW + 2 * margin
    y, edge, gaps = total - margin - height / 2 - place * (height + BELOW), 0.0, []
    for c in range(n_columns):
        inside = column == c
        left, right = (x - wide / 2)[inside].min(), (x + wide / 2)[inside].max()
        x[inside] += edge - left
        edge += right - left
        gaps.append(edge + BESIDE / 2)
        edge += (BESIDE + ASIDE * crossing[c]) * (c < n_columns - 1)
    paths, crossed = [], [0] * n_columns
    for route in routes:
        points = []
        for a, b in zip(route, route[1:]):
            points.append((x[a], y[a] - height / 2))
            if column[a] != column[b]:  # down, up between the columns, and in from above
                aside = ASIDE * crossed[column[a]]
                crossed[column[a]] += 1
                gap, level = gaps[column[a]] + aside, margin - BELOW / 4 - aside
                points += [(x[a], level), (gap, level), (gap, total - level), (x[b], total - level)]
            points.append((x[b], y[b] + height / 2))
        paths.append(np.array(points))
    return x, y, paths, edge, total
