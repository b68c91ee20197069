"""Curves of an additive model: a panel for each column, with its knots as ticks and its rows beneath."""

from __future__ import annotations

import textwrap
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
    from bineural.explaining.curves import Curves

_ACROSS = 3  # panels in a line
_MOST_ROWS = 300  # strokes beneath a panel


@checked(path=FIGURE_FILE)
def plot_curves(curves: Curves, path: PathLike | None = None) -> Figure:
    """Draw what each column adds to the linear predictor, a panel for each.

    Points on a curve are its knots, strokes beneath are the rows, and a band reaches from the lowest to the
    highest member of an ensemble.

    Parameters
    ----------
    curves : Curves
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    table = curves_data(curves)
    columns = list(table["column"].unique())
    n_across = 2 if len(columns) == 4 else min(_ACROSS, len(columns))
    n_down = -(-len(columns) // n_across)
    figure = new_figure(0.6 + 2.9 * n_across, 2.7 * n_down + 0.5)
    panels = figure.subplots(n_down, n_across, sharey=True, squeeze=False).ravel()
    for place, (axes, column) in enumerate(zip(panels, columns)):
        _draw_panel(axes, table[table["column"] == column], curves, column, named=place == 0)
    for axes in panels[len(columns) :]:
        axes.set_visible(False)
    for axes in panels[::n_across]:
        axes.set_ylabel(plain_text(textwrap.fill(table.attrs["y"], 34)))
    if table["curve"].nunique() > 1:
        legend_below(figure, None, ncols=4)
    if table.attrs["note"]:
        figure.supxlabel(textwrap.fill(table.attrs["note"], 40 * n_across), fontsize=9)
    return write_figure(figure, path)


def curves_data(curves: Curves) -> DataFrame:
    """Make the table behind `plot_curves`.

    Parameters
    ----------
    curves : Curves

    Returns
    -------
    pandas.DataFrame
        Columns column, curve (the class or outcome; empty where there is one), value, level, part, low, high.
        `attrs`: "y", what the axis is of; "note", a sentence beneath.
    """
    table = curves.table
    if "curve" not in table:
        table.insert(1, "curve", "")
    table.attrs |= {"y": curves.label, "note": curves.note}
    return table


def _draw_panel(axes, table, curves, column, named):
    axes.axhline(0, color="0.6", linewidth=0.8)
    numeric = table["level"].isna().all()
    names, knots = list(table["curve"].unique()), _at(curves.knots, column)
    for i, name in enumerate(names):
        rows, look = table[table["curve"] == name], curve_look(i)
        label = plain_text(str(name)) if named and name else None
        (_draw_numbers if numeric else _draw_levels)(axes, rows, look, label, i - (len(names) - 1) / 2)
        if len(knots):
            at_knots = np.interp(knots, rows["value"], rows["part"])
            axes.plot(knots, at_knots, ".", color=look["color"], zorder=20)
    if numeric:
        _draw_rows(axes, _at(curves.rows, column))
    axes.set_xlabel(plain_text(str(column)))
    plain_axes(axes)


def _draw_rows(axes, held):
    """Draw a stroke for each value that the rows have, just above the axis."""
    held = held[:: max(1, len(held) // _MOST_ROWS)]
    place = axes.get_xaxis_transform()
    axes.vlines(held, 0.01, 0.05, color="0.3", linewidth=0.6, alpha=0.6, transform=place)


def _draw_numbers(axes, rows, look, label, aside):
    look = {**look, "linewidth": 2}
    axes.fill_between(rows["value"], rows["low"], rows["high"], color=look["color"], alpha=0.15, linewidth=0)
    axes.plot(rows["value"], rows["part"], label=label, **look)


def _draw_levels(axes, rows, look, label, aside):
    places = np.arange(len(rows)) + 0.12 * aside
    axes.vlines(places, rows["low"], rows["high"], color=look["color"], alpha=0.4, linewidth=4)
    axes.plot(places, rows["part"], "o", color=look["color"], label=label)
    name_levels(axes, list(rows["level"]), wrap=10)
    axes.set_xlim(-0.5, len(rows) - 0.5)


def _at(values, column):
    return values.loc[values["column"] == column, "value"].to_numpy()


add_figure("Curves", plot_curves, curves_data)
