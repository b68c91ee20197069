"""Permutation importance: a row of points for each column, shuffle by shuffle, with their mean."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, plain_text, write_figure

if TYPE_CHECKING:
    from bineural.explaining.records import Importance


@checked(path=FIGURE_FILE)
def plot_importance(importance: Importance, path: PathLike | None = None) -> Figure:
    """Draw a row of points for each column, shuffle by shuffle, with their mean.

    Parameters
    ----------
    importance : Importance
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    table = importance_data(importance)
    columns = list(table["column"].unique())
    labels = [plain_text(textwrap.fill(str(name), 26)) for name in columns]
    figure = new_figure(5.6, 1.1 + 0.32 * sum(1 + 0.5 * label.count("\n") for label in labels))
    axes = figure.add_subplot()
    axes.axvline(0, color="0.4", linewidth=1, zorder=1)
    looks = {
        "shuffle": {"s": 16, "alpha": 0.5, "color": COLOURS[0], "linewidths": 0, "zorder": 2},
        "mean": {"s": 50, "marker": "D", "color": "black", "zorder": 3},
    }
    for part, look in looks.items():
        rows = table[table["part"] == part]
        axes.scatter(rows["importance"], [columns.index(name) for name in rows["column"]], **look)
    axes.set_yticks(range(len(labels)), labels)
    axes.set(ylim=(len(labels) - 0.5, -0.5), xlabel=f"{table.attrs['x']} (diamond: mean)")
    plain_axes(axes)
    return write_figure(figure, path)


def importance_data(importance: Importance) -> DataFrame:
    """Make the table behind `plot_importance`.

    Parameters
    ----------
    importance : Importance

    Returns
    -------
    pandas.DataFrame
        Columns column, part ("shuffle" or "mean"), importance; the most important column first.
        `attrs["x"]` says what importance is.
    """
    import pandas as pd

    means, draws = importance.table, importance.draws
    parts = [
        draws[["column", "importance"]].assign(part="shuffle"),
        means[["column", "importance"]].assign(part="mean"),
    ]
    order = {name: place for place, name in enumerate(means["column"])}
    table = pd.concat(parts).sort_values("column", key=lambda names: names.map(order), kind="stable")
    table = table[["column", "part", "importance"]].reset_index(drop=True)
    table.attrs["x"] = importance.to_dict()["label"]
    return table


add_figure("Importance", plot_importance, importance_data)
