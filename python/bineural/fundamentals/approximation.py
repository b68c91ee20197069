"""Bumps and towers: layers of steps come as near to any function as one likes.

Two sigmoid units of one hidden layer make a bump, four and a fifth in a second hidden layer a tower; heights
are read off the function. The figure that this argument is known by is Nielsen's (2015), *Neural Networks and
Deep Learning*, chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bineural._typing import ArrayLike, Figure, Floats, PathLike
from bineural.checks import calling, checked, choice, function, number, whole
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.activation import sigmoid
from bineural.fundamentals.checking import POSITIVE, check_array
from bineural.messages import number_of


@dataclass(eq=False, repr=False)
class Approximation:
    """The result of `approximate_function`.

    Attributes
    ----------
    n_hidden : int
        Units of all hidden layers: two for each bump; for each tower four in the first layer and one in the
        second.
    mean_error, largest_error : float
        Of the absolute differences on a grid.
    table : pandas.DataFrame
        Columns x (or x1, x2), truth, approximation.

    Examples
    --------
    >>> import bineural as bn, numpy as np
    >>> errors = [bn.fundamentals.approximate_function(np.sin, n, high=6).mean_error for n in (5, 10, 20)]
    >>> errors == sorted(errors, reverse=True)
    True
    """

    n_hidden: int
    mean_error: float
    largest_error: float
    table: object

    def __repr__(self):
        """Say the errors."""
        return (
            f"Approximation by {number_of(self.n_hidden, 'hidden unit')}: "
            f"mean absolute error {self.mean_error:.4f}, largest {self.largest_error:.4f}."
        )

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the function and its approximation.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        if "x" in self.table:
            figure = new_figure(6.0, 4.0)
            axes = figure.add_subplot()
            axes.plot(self.table["x"], self.table["truth"], color="0.5", label="function")
            axes.plot(self.table["x"], self.table["approximation"], color=COLOURS[0], label="bumps")
            axes.set(xlabel="x", ylabel="f(x)")
            axes.legend(frameon=False)
            plain_axes(axes)
            return write_figure(figure, path)
        n = int(np.sqrt(len(self.table)))
        figure = new_figure(9.0, 4.2)
        ends = self.table[["x1", "x2"]].agg(["min", "max"]).to_numpy().T.ravel()
        look = {
            "origin": "lower",
            "extent": ends,
            "vmin": self.table["truth"].min(),
            "vmax": self.table["truth"].max(),
        }
        for axes, column in zip(figure.subplots(1, 2), ("truth", "approximation")):
            image = axes.imshow(self.table[column].to_numpy().reshape(n, n), **look)
            axes.set(xlabel="x1", ylabel="x2", title={"truth": "Function", "approximation": "Towers"}[column])
        figure.colorbar(image, ax=figure.axes)
        return write_figure(figure, path)


@checked(x=check_array, left=number(), right=number(), height=number(), sharpness=POSITIVE)
def raise_bump(
    x: ArrayLike, left: float, right: float, height: float = 1.0, sharpness: float = 3000.0
) -> Floats:
    """Raise a bump from two sigmoid units: a step up at `left`, a step down at `right`.

    Parameters
    ----------
    x : array_like of float64
        Of any shape.
    left, right : float
        Where the bump begins and ends.
    height : float
        Weight of the output.
    sharpness : float
        Weight of the input; the larger, the steeper.

    Returns
    -------
    ndarray of float64
        Of the shape of `x`.

    Raises
    ------
    InputError
        If `sharpness` is not above 0.

    Examples
    --------
    >>> raise_bump([0.1, 0.5, 0.9], left=0.3, right=0.7, height=0.6).round(6)
    array([0. , 0.6, 0. ])
    """
    return _bump(x, left, right, height, sharpness)


def _bump(x, left, right, height, sharpness):
    return height * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right)))


@checked(
    x1=check_array,
    x2=check_array,
    left=number(),
    right=number(),
    bottom=number(),
    top=number(),
    height=number(),
    sharpness=POSITIVE,
)
def raise_tower(
    x1: ArrayLike,
    x2: ArrayLike,
    left: float,
    right: float,
    bottom: float,
    top: float,
    height: float = 1.0,
    sharpness: float = 3000.0,
) -> Floats:
    """Raise a tower from four sigmoid units and a fifth that fires where both their bumps are up.

    Parameters
    ----------
    x1, x2 : array_like of float64
        Of one shape.
    left, right : float
        Where the tower begins and ends in `x1`.
    bottom, top : float
        Where it begins and ends in `x2`.
    height : float
        Weight of the output.
    sharpness : float
        Weight of the inputs; the larger, the steeper.

    Returns
    -------
    ndarray of float64
        Of the shape of `x1`.

    Raises
    ------
    InputError
        If `sharpness` is not above 0.

    Examples
    --------
    >>> raise_tower([0.5, 0.5, 0.1], [0.5, 0.1, 0.1], 0.4, 0.6, 0.3, 0.7, height=0.3).round(6)
    array([0.3, 0. , 0. ])
    """
    first, second = _bump(x1, left, right, 1.0, sharpness), _bump(x2, bottom, top, 1.0, sharpness)
    if first.shape != second.shape:
        raise InputError(
            "`x1` and `x2` must have the same shape.",
            f"Found {first.shape} and {second.shape}.",
            "Pass both coordinates of the same points.",
        )
    both = first + second
    return height * sigmoid(sharpness * (both - 1.5))


@checked(
    f=function(),
    n_pieces=whole(1),
    n_inputs=choice(1, 2, hint="Towers of more inputs are built alike."),
    low=number(),
    high=number(),
    sharpness=POSITIVE,
)
def approximate_function(
    f: Callable[..., Any],
    n_pieces: int = 10,
    n_inputs: int = 1,
    low: float = 0.0,
    high: float = 1.0,
    sharpness: float = 3000.0,
) -> Approximation:
    """Approximate a function by bumps (of one input) or towers (of two), as high as it is in their middle.

    Parameters
    ----------
    f : callable
        Of x, or of x1 and x2; it takes arrays (n,) and returns one.
    n_pieces : int
        Bumps, or towers along each input.
    n_inputs : int
        1 or 2.
    low, high : float
        Where each input begins and ends.
    sharpness : float
        Weight of the inputs; the larger, the steeper are bumps and towers.

    Returns
    -------
    Approximation
        With n_hidden, mean_error, largest_error, table.

    Raises
    ------
    InputError
        If the function does not return one number for each point.

    Examples
    --------
    >>> approximate_function(np.sqrt, n_pieces=20)
    Approximation by 40 hidden units: mean absolute error 0.0115, largest 0.1423.
    >>> approximate_function(lambda a, b: a * b, n_pieces=10, n_inputs=2)
    Approximation by 500 hidden units: mean absolute error 0.0184, largest 0.0875.
    """
    import pandas as pd

    if not low < high:
        raise InputError("`low` must be less than `high`.", f"Found {low:g} and {high:g}.", "Swap the two.")
    per_piece = max(1, (2000 if n_inputs == 1 else 100) // n_pieces)
    middles, fine = (_middles(n, low, high) for n in (n_pieces, n_pieces * per_piece))
    heights = _values(f, middles, n_inputs)
    truth = _values(f, fine, n_inputs)
    edges = np.linspace(low, high, n_pieces + 1)
    edges[0], edges[-1] = 2 * low - high, 2 * high - low  # the outer steps stand far outside
    bumps = _bump(fine[:, None], edges[:-1], edges[1:], 1.0, sharpness)  # (points, bumps)
    reached = bumps @ heights if n_inputs == 1 else _add_towers(bumps, heights, sharpness)
    error = np.abs(reached - truth)
    points = [axis.ravel() for axis in np.meshgrid(*[fine] * n_inputs)]
    table = pd.DataFrame(dict(zip(["x"] if n_inputs == 1 else ["x1", "x2"], points)))
    table = table.assign(truth=truth.ravel(), approximation=reached.ravel())
    n_hidden = 2 * n_pieces if n_inputs == 1 else 5 * n_pieces**2  # 2 d m^d + m^d
    return Approximation(n_hidden, float(error.mean()), float(error.max()), table)


def _middles(n, low, high):
    return low + (np.arange(n) + 0.5) * (high - low) / n


def _add_towers(bumps, heights, sharpness):
    """Add up towers, a row of them at a time; x1 runs along the last axis of points and of heights."""
    total = np.zeros((len(bumps), len(bumps)))
    for across, row in zip(bumps.T, heights.T):
        both = across[None, :, None] + bumps[:, None, :]  # (points of x2, points of x1, towers)
        total += sigmoid(sharpness * (both - 1.5)) @ row
    return total


def _values(f, axis, n_inputs):
    """Return the function's values, in one dimension or two (x1 running along the last)."""
    points = [grid.ravel() for grid in np.meshgrid(*[axis] * n_inputs)]
    with calling("f", f"{number_of(n_inputs, 'array')} of points"):
        values = f(*points)
    values = np.ravel(check_array(values, "f(x)"))
    if values.size != points[0].size:
        raise InputError(
            "`f` must return one number for each point.",
            f"It returned {values.size} for {points[0].size}.",
            "Write it for arrays.",
        )
    return values.reshape([axis.size] * n_inputs)
