"""Calibration drawn: in each bin the observed share of events against the mean probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.figures.canvas import (
    FIGURE_FILE,
    curve_look,
    legend_below,
    new_figure,
    plain_axes,
    plain_text,
    write_figure,
)
from bineural.figures.scored import join_labels, read_evaluations

if TYPE_CHECKING:
    from bineural.measures.calibrating import Calibration
    from bineural.measures.evaluation import Evaluation

MARKERS = "os^Dv"


@checked(path=FIGURE_FILE)
def plot_calibration(
    evaluations: Calibration | Evaluation | Mapping[str, Calibration | Evaluation],
    path: PathLike | None = None,
) -> Figure:
    """Draw observed shares of events against mean predicted probabilities, with Wilson's intervals.

    Bars below show how many rows each bin holds, where there is one curve. The legend gives the slope of the
    logistic recalibration, its intercept with the slope held at 1 ("in the large") and the expected
    calibration error.

    Parameters
    ----------
    evaluations : Calibration or Evaluation, or dict of str to either
        What `calibration` or `evaluate_model` returned, with names where there are several. An evaluation
        gets ten bins of equal width; one of several classes gives a curve for each class against the rest.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If an evaluation is of a regression or has one class only, or the path cannot be written.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Start", kyphosis, event="present")
    >>> figure = bn.plot_calibration(bn.evaluate_model(glm, kyphosis))
    """
    return draw_calibration(calibration_data(evaluations), path)


def draw_calibration(table, path):
    """Draw a table of `calibration_data`."""
    labels = table["label"].unique()
    figure = new_figure(5.0, 5.4 + 0.22 * sum(1 + label.count("\n") for label in labels))
    if len(labels) == 1:
        axes, below = figure.subplots(2, sharex=True, height_ratios=[5, 1])
        width = np.minimum(0.04, table["upper"] - table["lower"])
        below.bar(table["mean_predicted"], table["n"], width=width, color="0.6")
        below.set(ylabel="Rows")
        plain_axes(below)
    else:
        axes = below = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle=(0, (4, 4)), zorder=1)
    for i, label in enumerate(labels):
        rows, look = table[table["label"] == label], curve_look(i)
        x, y = rows["mean_predicted"], rows["observed"]
        axes.vlines(x, rows["low"], rows["high"], color=look["color"], linewidth=1, alpha=0.6, zorder=2)
        look["linewidth"] = 1.5
        axes.plot(
            x,
            y,
            marker=MARKERS[i % len(MARKERS)],
            markersize=5,
            label=plain_text(label),
            clip_on=False,
            **look,
        )
    ticks = np.linspace(0, 1, 6)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=ticks, yticks=ticks, ylabel="Observed share of events")
    below.set_xlabel("Mean predicted probability")
    plain_axes(axes)
    legend_below(figure, table.attrs["title"])
    return write_figure(figure, path)


def calibration_data(evaluations: Any) -> DataFrame:
    """Make the table behind `plot_calibration`.

    Parameters
    ----------
    evaluations : Calibration or Evaluation, or dict of str to either

    Returns
    -------
    pandas.DataFrame
        Columns curve (its name), label (the legend's text), and those of `Calibration.bins`.
        `attrs["title"]` is the legend's title.
    """
    import pandas as pd

    from bineural.measures.calibrating import calibration

    records = []
    for item in read_evaluations(evaluations, record="bins"):
        if not isinstance(item, tuple):
            item = (item.name, calibration(item.y_true, item.score, weights=item.weights, level=item.level))
        records.append(item)
    texts = [f"{name or 'model'}  {_said(record)}" for name, record in records]
    labels, shared = join_labels(texts, [(record.n, record.n_events) for _, record in records], 42)
    parts = []
    for (name, record), label in zip(records, labels):
        part = pd.DataFrame(record.bins)
        part.insert(0, "curve", name)
        part.insert(1, "label", label)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table.attrs["title"] = f"Calibration ({100 * records[0][1].level:g}% intervals){shared}"
    return table


def _said(record):
    slope = "undefined" if np.isnan(record.slope) else f"{record.slope:.2f}"
    if not np.isnan(record.slope):
        slope += f" ({record.slope_low:.2f} to {record.slope_high:.2f})"
    large = "undefined" if np.isnan(record.in_the_large) else f"{round(record.in_the_large, 2) + 0.0:.2f}"
    return f"slope {slope}, in the large {large}, error {record.ece:.3f}"


add_figure("Calibration", plot_calibration, calibration_data)
