"""Into how many regions a network of ReLUs folds the plane: counted exactly, beside what theory allows.

Within a region every unit stays on one side of its fold, so the network is linear there, and the next unit
folds it along a straight line: regions are convex polygons, cut one unit at a time. Where nothing bends at
the side between two regions (as later ReLUs are off there), they are one piece of the function.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked, whole
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE, new_figure, write_figure
from bineural.fundamentals.checking import POSITIVE
from bineural.fundamentals.network import NETWORK
from bineural.messages import number_of

if TYPE_CHECKING:
    from bineural.fundamentals.network import Network

# slope left and right of the fold
SLOPES = {"relu": (0.0, 1.0), "leaky_relu": (0.2, 1.0), "abs": (-1.0, 1.0)}


@dataclass(eq=False, repr=False)
class LinearRegions:
    """The regions that `count_linear_regions` found.

    Attributes
    ----------
    n_regions : int
        Activation patterns that occur, each in one region.
    n_pieces : int
        Affine pieces: regions that share a side and in which the network is one affine map count once.
    regions : pandas.DataFrame
        Columns region (number from 1), pattern (1 for each unit whose net input is above 0, layers apart by
        |), piece (number from 1), area, slope1 and slope2 (of the first output in both inputs), intercept.
    corners : pandas.DataFrame
        Columns region, x1, x2: the corners of each region, in order.

    Examples
    --------
    >>> import bineural as bn
    >>> network = bn.fundamentals.build_network([[[1, 0], [0, 1]], [0.1, 0.1]], activation="abs")
    >>> sorted(bn.fundamentals.count_linear_regions(network).regions["pattern"])
    ['00', '01', '10', '11']
    """

    n_regions: int
    n_pieces: int
    regions: object
    corners: object

    def __repr__(self):
        """Say the numbers of regions and pieces."""
        return f"{self.title} within |x1|, |x2| <= {self.corners['x1'].abs().max():g}."

    @property
    def title(self):
        """The numbers of regions and pieces, in words."""
        pieces = number_of(self.n_pieces, "affine piece")
        return f"{number_of(self.n_regions, 'region')} in {pieces}"

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the regions, each with its pattern where there is room.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from matplotlib import colormaps

        figure = new_figure(5.5, 5.0)
        axes = figure.add_subplot()
        colours = colormaps["Pastel1"].colors
        for number, rows in self.corners.groupby("region"):
            axes.fill(rows["x1"], rows["x2"], facecolor=colours[number % len(colours)], edgecolor="0.3")
            if self.n_regions <= 16:
                pattern = self.regions["pattern"].iloc[number - 1]
                axes.text(rows["x1"].mean(), rows["x2"].mean(), pattern, ha="center", va="center", fontsize=9)
        axes.set(xlabel="x1", ylabel="x2", aspect="equal", title=self.title)
        return write_figure(figure, path)


@checked(network=NETWORK, limit=POSITIVE)
def count_linear_regions(network: Network, limit: float = 15.0) -> LinearRegions:
    """Cut the square from -limit to limit along the folds of a network, and count regions and pieces.

    A *region* is where one activation pattern holds: each unit is on one side of its fold. A *piece* is where
    the network is one affine map, on regions that hang together by their sides; there are as many or fewer.
    The number for one layer [1]_ counts regions, and is the most for pieces too. The lower bounds for deep
    networks [2]_ count pieces. `region_bounds` gives both.

    Parameters
    ----------
    network : Network
        From `build_network`, with two inputs and activation "relu", "leaky_relu" or "abs".
    limit : float
        Half the width of the square; regions that lie outside are not counted.

    Returns
    -------
    LinearRegions
        With n_regions, n_pieces, regions, corners.

    Raises
    ------
    InputError
        If `network` is none, has another number of inputs, or an activation that is not of straight pieces.

    References
    ----------
    .. [1] Steiner (1826). *Journal fuer die reine und angewandte Mathematik* 1, 349-364, for lines in the
       plane; Schlaefli (written 1850-52, 1901). *Theorie der vielfachen Kontinuitaet*, for any dimension.
    .. [2] Montufar, Pascanu, Cho and Bengio (2014). *NeurIPS*, 2924-2932.

    Examples
    --------
    >>> from bineural.fundamentals.network import build_network
    >>> network = build_network([[[1, -1, 0], [1, 1, -3]], [0.1] * 3], biases=[-5, 0], activation="abs")
    >>> count_linear_regions(network)
    7 regions in 7 affine pieces within |x1|, |x2| <= 15.
    >>> count_linear_regions(build_network([[[1, 0], [0, 1]], [1, 1], [1]], biases=[0, -15, 0]))
    5 regions in 2 affine pieces within |x1|, |x2| <= 15.
    """
    import pandas as pd

    if len(network.weights[0]) != 2 or network.activation not in SLOPES:
        raise InputError(
            "`network` must have two inputs and activation 'relu', 'leaky_relu' or 'abs'.",
            f"It has {len(network.weights[0])} and {network.activation!r}.",
            "For other numbers of inputs `region_bounds` says what is possible.",
        )
    square = limit * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]])
    # corners, slopes and intercepts of the layer's inputs, pattern
    regions = [(square, np.eye(2), np.zeros(2), "")]
    for weights, bias in zip(network.weights[:-1], network.biases[:-1]):
        regions = [(c, slopes @ weights, at @ weights + bias, p) for c, slopes, at, p in regions]
        regions = [
            cut for region in regions for cut in _fold(region, weights.shape[1], SLOPES[network.activation])
        ]
    weights, bias = network.weights[-1], network.biases[-1]
    outlines = [outline for outline, *_ in regions]
    maps = np.array([np.vstack([slopes @ weights, at @ weights + bias]) for _, slopes, at, _ in regions])
    numbers = np.arange(1, len(regions) + 1)
    piece = _join_pieces(outlines, maps, limit)
    table = pd.DataFrame(
        {
            "region": numbers,
            "pattern": [pattern.strip("|") for *_, pattern in regions],
            "piece": piece,
            "area": [_area(outline) for outline in outlines],
            **dict(zip(["slope1", "slope2", "intercept"], maps[:, :, 0].T)),
        }
    )
    corners = pd.DataFrame(np.vstack(outlines), columns=["x1", "x2"])
    corners.insert(0, "region", np.repeat(numbers, [len(outline) for outline in outlines]))
    return LinearRegions(len(regions), int(piece.max()), table, corners)


@checked(width=whole(1), layers=whole(1), n_inputs=whole(1))
def region_bounds(width: int = 4, layers: int = 5, n_inputs: int = 2) -> DataFrame:
    """Compute how many regions one wide layer can have at most, and deep networks of as many units at least.

    Parameters
    ----------
    width : int
        ReLUs of every hidden layer, at least `n_inputs`.
    layers : int
        Hidden layers: a row for each number up to this.
    n_inputs : int
        Inputs.

    Returns
    -------
    pandas.DataFrame
        Columns layers; units (of all of them); shallow (most regions of one layer of as many units, and so
        most affine pieces [1]_ [2]_); pascanu and montufar (affine pieces that some network of these layers
        has at least, after [3]_ and [4]_).

    Raises
    ------
    InputError
        If a layer is narrower than the inputs.

    References
    ----------
    .. [1] Steiner (1826). *Journal fuer die reine und angewandte Mathematik* 1, 349-364, for lines in the
       plane; Schlaefli (written 1850-52, 1901). *Theorie der vielfachen Kontinuitaet*, for any dimension.
    .. [2] Zaslavsky (1975). *Memoirs of the American Mathematical Society* 154, for planes in any position.
    .. [3] Pascanu, Montufar and Bengio (2014). *ICLR*. arXiv 1312.6098.
    .. [4] Montufar, Pascanu, Cho and Bengio (2014). *NeurIPS*, 2924-2932.

    Examples
    --------
    >>> region_bounds(width=4, layers=3)
       layers  units  shallow  pascanu  montufar
    0       1      4       11       11        11
    1       2      8       37       22        44
    2       3     12       79       44       176
    """
    import pandas as pd

    width = whole(n_inputs)(width, "width")
    rows = []
    for depth in range(1, layers + 1):
        folds, last = width // n_inputs, _cells(width, n_inputs)
        deep = [folds ** (power * (depth - 1)) * last for power in (1, n_inputs)]
        rows.append((depth, width * depth, _cells(width * depth, n_inputs), *deep))
    table = pd.DataFrame(rows, columns=["layers", "units", "shallow", "pascanu", "montufar"])
    exact = max(max(row) for row in rows) < 2**53
    return table.astype("int64" if exact else "float64")


def _cells(n_planes, n_inputs):
    """Regions of n planes in general position."""
    return sum(math.comb(n_planes, j) for j in range(n_inputs + 1))


def _fold(region, units, slopes):
    """Cut a region by each unit of a layer, and bend the slopes and intercepts of its values."""
    done = [(region[0], region[1].copy(), region[2].copy(), region[3])]
    for unit in range(units):
        halves = []
        for outline, gradient, at, pattern in done:
            height = outline @ gradient[:, unit] + at[unit]
            for side, cut in ((0, _clip(outline, -height)), (1, _clip(outline, height))):
                if cut is not None:
                    bent, moved = gradient.copy(), at.copy()
                    bent[:, unit] *= slopes[side]
                    moved[unit] *= slopes[side]
                    halves.append((cut, bent, moved, pattern + str(side)))
        done = halves
    return [(outline, gradient, at, pattern + "|") for outline, gradient, at, pattern in done]


def _clip(outline, height):
    """Return the part of a convex polygon where height > 0, or None where nothing is left."""
    level = 1e-9 * max(1.0, np.abs(height).max())
    if (height <= level).all():
        return None
    if (height >= -level).all():
        return outline
    kept = []
    for i in range(len(outline)):
        here, there = height[i - 1], height[i]
        if (here > level and there < -level) or (here < -level and there > level):
            share = here / (here - there)
            kept.append(outline[i - 1] + share * (outline[i] - outline[i - 1]))
        if there >= -level:
            kept.append(outline[i])
    return np.array(kept)


def _join_pieces(outlines, maps, limit):
    """Number the affine pieces: regions of one map that hang together by their sides."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    flat = maps.reshape(len(maps), -1)
    close = 1e-9 * max(1.0, np.abs(flat).max())
    pairs = [
        (i, i + 1 + j)
        for i in range(len(flat))
        for j in np.flatnonzero((np.abs(flat[i + 1 :] - flat[i]) <= close).all(axis=1))
        if _share_a_side(outlines[i], outlines[i + 1 + j], 1e-7 * limit)
    ]
    first, second = np.array(pairs, dtype=int).reshape(-1, 2).T
    joined = coo_array((np.ones(len(first)), (first, second)), shape=(len(flat), len(flat)))
    return connected_components(joined, directed=False)[1] + 1


def _share_a_side(first, second, close):
    """Say whether a side of one convex polygon lies along a side of another, on more than a point."""
    for start, end in zip(first, np.roll(first, -1, axis=0)):
        length = np.hypot(*(end - start))
        if length <= close:
            continue
        along = (end - start) / length
        across = np.array([-along[1], along[0]])
        on_line = np.abs((second - start) @ across) <= close
        place = (second - start) @ along
        for i in np.flatnonzero(on_line & np.roll(on_line, -1)):
            low, high = sorted((place[i], place[(i + 1) % len(second)]))
            if min(high, length) - max(low, 0) > close:
                return True
    return False


def _area(outline):
    first, second = outline.T
    return float(abs(first @ np.roll(second, -1) - second @ np.roll(first, -1)) / 2)
