"""Partial dependence: the mean prediction over a column's values, with the band that holds 80 of 100 rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.figures.canvas import (
    FIGURE_FILE,
    curve_look,
    legend_below,
    name_levels,
    new_figure,
    plain_axes,
    plain_text,
    write_figure,
)

if TYPE_CHECKING:
    from bineural.explaining.records import Dependence


@checked(path=FIGURE_FILE)
def plot_dependence(dependence: Dependence, path: PathLike | None = None) -> Figure:
    """Draw the means over the column's values, with the band that holds 80 of 100 rows.

    Parameters
    ----------
    dependence : Dependence
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    table = dependence_data(dependence)
    curves = list(table["curve"].unique())
    figure = new_figure(5.4, 4.0 + 0.22 * len(curves))
    axes = figure.add_subplot()
    draw_rows = _draw_band if table["value"].dtype.kind in "iufM" else _draw_bars
    for i, curve in enumerate(curves):
        aside = 0.12 * (i - (len(curves) - 1) / 2)
        draw_rows(axes, table[table["curve"] == curve], plain_text(str(curve)), curve_look(i), aside)
    axes.set(xlabel=plain_text(table.attrs["x"]), ylabel=plain_text(table.attrs["y"]))
    plain_axes(axes)
    legend_below(figure, "Band: 80 of 100 rows")
    return write_figure(figure, path)


def dependence_data(dependence: Dependence) -> DataFrame:
    """Make the table behind `plot_dependence`.

    Parameters
    ----------
    dependence : Dependence

    Returns
    -------
    pandas.DataFrame
        Columns curve (the class, "mean of all rows" where there is one curve), value, mean, low, high.
        `attrs`: "x" and "y", what the axes are of.
    """
    table = dependence.table.rename(columns={"class": "curve"})
    if "curve" not in table:
        table.insert(0, "curve", "mean of all rows")
    table.attrs |= {"x": dependence.column, "y": dependence.label}
    return table


def _draw_band(axes, rows, label, look, aside):
    """Draw the means of a column of numbers or times as a line."""
    axes.fill_between(rows["value"], rows["low"], rows["high"], color=look["color"], alpha=0.15, linewidth=0)
    axes.plot(rows["value"], rows["mean"], label=label, **look)


def _draw_bars(axes, rows, label, look, aside):
    """Draw the means of a category as points, those of several classes beside one another."""
    places = np.arange(len(rows)) + aside
    axes.vlines(places, rows["low"], rows["high"], color=look["color"], alpha=0.4, linewidth=4)
    axes.plot(places, rows["mean"], "o", color=look["color"], label=label)
    name_levels(axes, list(rows["value"]), wrap=12, most=8)


add_figure("Dependence", plot_dependence, dependence_data)
