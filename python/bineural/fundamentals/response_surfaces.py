"""What a network of two inputs answers, over a square: the folds that its neurons make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import calling, checked, function, or_none
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE, new_figure, write_figure
from bineural.fundamentals.checking import check_array

if TYPE_CHECKING:
    from bineural.fundamentals.network import Network


@dataclass(eq=False, repr=False)
class ResponseSurface:
    """The answers that `response_surface` collected.

    Attributes
    ----------
    grid : ndarray of float64, shape (n,)
        Values of both inputs.
    table : pandas.DataFrame
        Columns x1, x2, response; n * n rows, x1 running first.

    Examples
    --------
    >>> import bineural as bn
    >>> network = bn.fundamentals.build_network([[[1, 0], [0, 1]], [0.1, 0.1]], activation="abs")
    >>> surface = bn.fundamentals.response_surface(network, grid=[-10, 0, 10])
    >>> surface.table["response"].round(6).tolist()
    [2.0, 1.0, 2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 2.0]
    """

    grid: np.ndarray
    table: object

    def __repr__(self):
        """Say the size and the range of the answers."""
        n, response = self.grid.size, self.table["response"]
        return f"Response surface of {n} x {n} points, from {response.min():.6g} to {response.max():.6g}."

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the surface in three dimensions.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        n = self.grid.size
        first, second, response = (self.table[c].to_numpy().reshape(n, n) for c in ("x1", "x2", "response"))
        figure = new_figure(6.5, 5.0)
        axes = figure.add_subplot(projection="3d")
        axes.plot_surface(
            first, second, response, cmap="viridis", rcount=n, ccount=n, edgecolor="0.3", linewidth=0.2
        )
        axes.set(xlabel="x1", ylabel="x2", zlabel="Response")
        axes.set_box_aspect(None, zoom=0.88)
        return write_figure(figure, path)


@checked(
    network=function("Pass a network of `build_network`, or a function of rows."), grid=or_none(check_array)
)
def response_surface(network: Network | Callable[..., Any], grid: ArrayLike | None = None) -> ResponseSurface:
    """Ask a network of two inputs at every point of a square grid.

    Parameters
    ----------
    network : Network, or callable
        From `build_network`, or any function of rows (n_rows, 2) that returns one number for each.
    grid : array_like of float64, shape (n,), optional
        Values of both inputs; 21 from -15 to 15 by default.

    Returns
    -------
    ResponseSurface
        With grid and table.

    Raises
    ------
    InputError
        If the network does not return one number for each row.

    Examples
    --------
    >>> from bineural.fundamentals.network import build_network
    >>> network = build_network([[[1, -1, 0], [1, 1, -3]], [0.1] * 3], biases=[-5, 0], activation="abs")
    >>> response_surface(network)
    Response surface of 21 x 21 points, from 1.35 to 8.
    """
    import pandas as pd

    grid = np.linspace(-15, 15, 21) if grid is None else np.ravel(grid)
    first, second = (axis.ravel() for axis in np.meshgrid(grid, grid))
    with calling("network", "a matrix of two columns"):
        response = network(np.column_stack([first, second]))
    response = np.squeeze(check_array(response, "network(rows)"))
    if response.shape != first.shape:
        raise InputError(
            "`network` must return one number for each row of two inputs.",
            f"It returned shape {response.shape} for {first.size} rows.",
            "Choose one of its outputs.",
        )
    return ResponseSurface(grid, pd.DataFrame({"x1": first, "x2": second, "response": response}))
