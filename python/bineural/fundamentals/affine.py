"""A layer moves the letter F: its affine map keeps parallel lines parallel, its activation bends them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import checked, choice
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.activation import ACTIVATIONS, bend
from bineural.fundamentals.checking import check_array, check_inputs, check_vector

CORNERS = [(0, 0), (0, 5), (3, 5), (3, 4), (1, 4), (1, 3), (2, 3), (2, 2), (1, 2), (1, 0)]
PER_EDGE = 20  # points


@dataclass(eq=False, repr=False)
class MappedLetter:
    """The letter that `map_letter` moved.

    Attributes
    ----------
    determinant : float
        Of the weights: areas grow by it; the letter is mirrored where it is negative, flat where it is 0.
    activation : str
    table : pandas.DataFrame
        Columns corner (1 to 10; the edge's first), x1, x2, mapped1, mapped2: the outline, 20 points an edge.

    Examples
    --------
    >>> import bineural as bn
    >>> letter = bn.fundamentals.map_letter([[0, 1], [-1, 0]])  # a quarter turn
    >>> letter.table.groupby("corner")[["mapped1", "mapped2"]].first().loc[3].tolist()
    [-5.0, 3.0]
    """

    determinant: float
    activation: str
    table: object

    def __repr__(self):
        """Say what becomes of areas and of parallels."""
        sides = "flat" if self.determinant == 0 else "mirrored" if self.determinant < 0 else "not mirrored"
        first = f"Letter F: areas times {abs(self.determinant):.4g}, {sides}"
        if self.activation == "identity":
            return f"{first}; parallel lines stay parallel."
        return f"{first}; then bent by {self.activation}."

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the letter before and after.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(5.6, 4.6)
        axes = figure.add_subplot()
        axes.fill(self.table["x1"], self.table["x2"], color="0.8", label="before")
        mapped = self.table["mapped1"], self.table["mapped2"]
        axes.fill(*mapped, facecolor=COLOURS[0], alpha=0.5, edgecolor=COLOURS[0], linewidth=2, label="after")
        axes.set(xlabel="Unit 1", ylabel="Unit 2")
        axes.set_aspect("equal", adjustable="datalim")
        figure.legend(loc="outside right center", frameon=False)
        plain_axes(axes)
        return write_figure(figure, path)


@checked(weights=check_inputs, activation=choice(*ACTIVATIONS))
def map_letter(weights: ArrayLike, bias: ArrayLike = 0.0, activation: str = "identity") -> MappedLetter:
    """Send the letter F through a layer of two inputs and two units.

    Parameters
    ----------
    weights : array_like of float64, shape (2, 2)
        A row for each input, a column for each unit, as in `build_network`.
    bias : float, or array_like of float64, shape (2,)
        Of the units: where the origin goes.
    activation : str
        A name from `list_activations`.

    Returns
    -------
    MappedLetter
        With determinant, activation, table.

    Raises
    ------
    InputError
        If `weights` is not 2 by 2.

    Examples
    --------
    >>> map_letter([[1, 0], [0.5, 1]], bias=[2, 0])  # sheared and shifted
    Letter F: areas times 1, not mirrored; parallel lines stay parallel.
    >>> map_letter([[-2, 0], [0, 1]], activation="tanh")
    Letter F: areas times 2, mirrored; then bent by tanh.
    """
    import pandas as pd

    if weights.shape != (2, 2):
        raise InputError(
            "`weights` must be 2 by 2, a row for each input and a column for each unit.",
            f"Its shape is {weights.shape}.",
            "Use for example [[1, 0], [0.5, 1]].",
        )
    bias = check_array(bias, "bias")
    bias = check_vector(np.full(2, bias) if bias.ndim == 0 else bias, 2, "bias", "one for each unit")
    corners = np.array(CORNERS, dtype=np.float64)
    along = np.arange(PER_EDGE)[:, None] / PER_EDGE
    edges = [a + along * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0))]
    outline = np.concatenate(edges)
    mapped = bend(check_array(outline @ weights + bias, "x @ weights + bias"), activation)
    table = pd.DataFrame(np.column_stack([outline, mapped]), columns=["x1", "x2", "mapped1", "mapped2"])
    table.insert(0, "corner", np.repeat(np.arange(1, len(corners) + 1), PER_EDGE))
    determinant = weights[0, 0] * weights[1, 1] - weights[0, 1] * weights[1, 0]
    return MappedLetter(float(determinant), activation, table)
