"""Hidden layers warp the plane until a line separates what was tangled: XOR, two spirals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Figure, PathLike, Seed
from bineural.checks import checked, list_of, number, seed, whole
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.backpropagation import backpropagate
from bineural.fundamentals.checking import POSITIVE, check_array, check_classes, check_inputs
from bineural.fundamentals.gradient_descent import ACTIVATION
from bineural.fundamentals.network import NETWORK, Network, build_network
from bineural.fundamentals.optimizers import adam
from bineural.fundamentals.separator import find_separator


@dataclass(eq=False, repr=False)
class Warp:
    """The points before and after the hidden layers, as `warp_points` and `fit_warp` return them.

    Attributes
    ----------
    network : Network
    separable_before, separable_after : bool
        Whether a line separates the inputs; whether a plane separates the values of the last hidden layer.
    margin : float
        Least distance to that plane, as `find_separator` has it; 0 where there is none.
    weights : ndarray of float64, shape (n_units,)
        Of that plane; NaN where there is none.
    bias : float
    table : pandas.DataFrame
        Columns x1, x2, y, h1, h2, ...: the points, and the values of the last hidden layer.

    Examples
    --------
    >>> import bineural as bn
    >>> xor = bn.fundamentals.build_network([[[1, 1], [1, 1]], [1, -2]], biases=[[0, -1], 0])
    >>> warp = bn.fundamentals.warp_points(xor, [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> warp.table[["h1", "h2"]].to_numpy().tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [2.0, 1.0]]
    """

    network: Network
    separable_before: bool
    separable_after: bool
    margin: float
    weights: np.ndarray
    bias: float
    table: object

    def __repr__(self):
        """Say whether a line separates the classes, before and after."""
        before = "a line" if self.separable_before else "no line"
        after = "a plane" if self.weights.size > 2 else "a line"
        after = f"{after}, margin {self.margin:.3g}" if self.separable_after else "none"
        return f"{self.network}\nBefore, {before} separates the classes; in the last hidden layer, {after}."

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the points and a grid, as they come and as the last hidden layer's first two units have them.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(9.4, 4.4)
        grid = grid_data(self.network, self.table["x1"], self.table["x2"])
        across = "h2" if "h2" in self.table else None
        for axes, columns in zip(figure.subplots(1, 2), (("x1", "x2"), ("h1", across))):
            for _, line in grid.groupby("line"):
                axes.plot(line[columns[0]], _column(line, columns[1]), color="0.85", linewidth=0.8, zorder=1)
            for value, marker in ((0, "o"), (1, "^")):
                rows = self.table[self.table["y"] == value]
                across_rows = rows[columns[0]], _column(rows, columns[1])
                axes.scatter(
                    *across_rows, s=18, marker=marker, color=COLOURS[value], label=f"y = {value}", zorder=3
                )
            axes.set(xlabel=columns[0], ylabel=columns[1] or "")
            plain_axes(axes)
            axes.grid(False)
            if columns[0] == "x1":
                axes.set_aspect("equal", adjustable="datalim")
        if self.separable_after and self.weights.size == 2:
            _draw_line(axes, self.weights, self.bias)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
        return write_figure(figure, path)


@checked(n_rows=whole(2), turns=POSITIVE, noise=number(0, hint="Use for example 0.02."), seed=seed())
def make_spirals(n_rows: int = 200, turns: float = 1.0, noise: float = 0.0, seed: Seed = None) -> DataFrame:
    """Draw points of two arms that wind around each other.

    Parameters
    ----------
    n_rows : int
        Points of both arms together, at least 2.
    turns : float
        Of each arm.
    noise : float
        Standard deviation of what is added to both inputs.
    seed : int, optional
        Of the noise.

    Returns
    -------
    pandas.DataFrame
        Columns x1, x2 and arm (0 or 1).

    Raises
    ------
    InputError
        If there are fewer than 2 points, or no turns.

    Examples
    --------
    >>> spirals = make_spirals(4)
    >>> spirals["x1"].tolist(), spirals["arm"].tolist()
    ([0.1, -0.1, 1.0, -1.0], [0, 1, 0, 1])
    """
    import pandas as pd

    arm = np.arange(n_rows) % 2
    along = (np.arange(n_rows) // 2) / max(1, (n_rows - 1) // 2)
    angle = 2 * np.pi * turns * along + np.pi * arm
    x = (0.1 + 0.9 * along)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    x += np.random.default_rng(seed).normal(0, noise, x.shape)
    return pd.DataFrame(x, columns=["x1", "x2"]).assign(arm=arm)


@checked(network=NETWORK, x=check_inputs)
def warp_points(network: Network, x: ArrayLike, y: ArrayLike) -> Warp:
    """Send points through the hidden layers, and ask whether a line separates them before and after.

    Parameters
    ----------
    network : Network
        From `build_network`, with two inputs and at least one hidden layer.
    x : array_like of float64, shape (n_rows, 2)
        Points.
    y : array_like of int, shape (n_rows,)
        0 and 1.

    Returns
    -------
    Warp
        With network, separable_before, separable_after, margin, weights, bias, table.

    Raises
    ------
    InputError
        If the network has no hidden layer or not two inputs.

    Examples
    --------
    >>> xor = build_network([[[1, 1], [1, 1]], [1, -2]], biases=[[0, -1], 0])
    >>> warp_points(xor, [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    Network 2-2-1 (relu, output identity) with 9 weights.
    Before, no line separates the classes; in the last hidden layer, a line, margin 0.218.
    """
    import pandas as pd

    if len(network.weights) < 2 or len(network.weights[0]) != 2:
        raise InputError(
            "`network` must have two inputs and a hidden layer.",
            f"Found {network!r}",
            "Give it at least two layers.",
        )
    y = check_classes(y, len(x))
    hidden = network.layers(x)[-2]
    after = find_separator(hidden, y)
    names = ["x1", "x2", *(f"h{j + 1}" for j in range(hidden.shape[1]))]
    table = pd.DataFrame(np.column_stack([x, hidden]), columns=names)
    table.insert(2, "y", y.astype(int))
    before = find_separator(x, y).separable
    return Warp(network, before, after.separable, after.margin, after.weights, after.bias, table)


@checked(
    x=check_inputs,
    units=list_of(whole(1)),
    activation=ACTIVATION,
    learning_rate=POSITIVE,
    steps=whole(1),
    seed=seed(),
)
def fit_warp(
    x: ArrayLike,
    y: ArrayLike,
    units: Sequence[int] = (16, 2),
    activation: str = "tanh",
    learning_rate: float = 0.02,
    steps: int = 1000,
    seed: Seed = None,
) -> Warp:
    """Train a network to tell two classes of points, by Adam on all rows, and show its last hidden layer.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, 2)
        Points.
    y : array_like of int, shape (n_rows,)
        0 and 1.
    units : sequence of int
        Of the hidden layers; two in the last can be drawn in full.
    activation : str
        A name from `list_activations`.
    learning_rate : float
        Of Adam.
    steps : int
        Updates.
    seed : int, optional
        Of the initial weights (normal, variance 1 / number of inputs).

    Returns
    -------
    Warp
        As `warp_points` returns it.

    Raises
    ------
    InputError
        If `x` has not two columns, or `y` does not hold 0 and 1.

    Examples
    --------
    >>> warp = fit_warp([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], units=4, steps=200, seed=1)
    >>> warp.separable_before, warp.separable_after
    (False, True)
    """
    if x.shape[1] != 2:
        raise InputError(
            "`x` must have two columns.", f"It has {x.shape[1]}.", "Choose the two that are to be drawn."
        )
    y = check_classes(y, len(x))
    widths = [2, *units, 1]
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, a**-0.5, (a, b)) for a, b in zip(widths, widths[1:])]
    network = build_network(weights, [np.zeros(b) for b in widths[1:]], activation, "sigmoid")
    values = network.weights + network.biases
    states = [{} for _ in values]
    for step in range(1, steps + 1):
        slopes = backpropagate(network, x, y)
        for value, slope, state in zip(values, slopes.weights + slopes.biases, states):
            value += adam(state, slope, step, learning_rate)
    return warp_points(network, x, y)


def grid_data(network, x1, x2, n_lines=15, n_points=101):
    """Make the table of a grid over the points and what the last hidden layer makes of it.

    Returns
    -------
    pandas.DataFrame
        Columns line, x1, x2, h1, h2, ...
    """
    import pandas as pd

    sides = []
    for column, name in ((x1, "x1"), (x2, "x2")):
        values = check_array(column, name)
        spare = 0.1 * (np.ptp(values) or 1.0)
        sides.append((values.min() - spare, values.max() + spare))
    lines = []
    for which in (0, 1):  # upright, then level
        for place in np.linspace(*sides[which], n_lines):
            line = np.full((n_points, 2), place)
            line[:, 1 - which] = np.linspace(*sides[1 - which], n_points)
            lines.append(line)
    points = np.concatenate(lines)
    hidden = network.layers(points)[-2]
    table = pd.DataFrame(points, columns=["x1", "x2"])
    for j, values in enumerate(hidden.T):
        table[f"h{j + 1}"] = values
    return table.assign(line=np.repeat(np.arange(len(lines)), n_points))


def _column(table, name):
    return table[name] if name else np.zeros(len(table))


def _draw_line(axes, weights, bias):
    """Draw where `weights . h + bias` is 0, and leave the axes as they are."""
    place = -bias * weights / (weights @ weights)
    limits = axes.get_xlim(), axes.get_ylim()
    axes.axline(place, place + [-weights[1], weights[0]], color="black", linestyle="--", label="line between")
    axes.set(xlim=limits[0], ylim=limits[1])
