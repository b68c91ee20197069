"""Calibration drawn: in each bin the observed share of events against the mean probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.errors import InputError
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
AXES = {"x": "Mean predicted probability", "y": "Observed share of events"}
QUANTILE_AXES = {"x": "Level of the quantile", "y": "Observed share at or below it"}


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
        gets ten bins of equal width; one of several classes gives a curve for each class against the rest,
        one of several labels a curve for each label. One of quantiles gives the share of outcomes at or
        below each quantile against its level.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If an evaluation is of a mean, or has one class only, or the path cannot be written.

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
    labels, axes_of = table["label"].unique(), table.attrs
    figure = new_figure(5.0, 5.4 + 0.22 * sum(1 + label.count("\n") for label in labels))
    if len(labels) == 1 and axes_of["x"] == AXES["x"]:
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
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=ticks, yticks=ticks, ylabel=axes_of["y"])
    below.set_xlabel(axes_of["x"])
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
        `attrs`: "title", the legend's; "x" and "y", what the axes are of.
    """
    given = evaluations if isinstance(evaluations, dict) else {"": evaluations}
    of_quantiles = [getattr(item, "task", None) == "quantiles" for item in given.values()]
    if not any(of_quantiles):
        return _of_events(evaluations)
    if not all(of_quantiles):
        raise InputError(
            "Curves of one figure must all be of events, or all of quantiles.",
            f"Found {sum(of_quantiles)} of quantiles among {len(given)}.",
            "Draw them apart.",
        )
    return _of_quantiles(given)


def _of_events(evaluations):
    from bineural.measures.calibrating import calibration

    records = []
    for item in read_evaluations(evaluations, record="bins"):
        if not isinstance(item, tuple):
            item = (item.name, calibration(item.y_true, item.score, weights=item.weights, level=item.level))
        records.append(item)
    texts = [f"{name or 'model'}  {_said(record)}" for name, record in records]
    labels, shared = join_labels(texts, [(record.n, record.n_events) for _, record in records], 42)
    table = _stacked([name for name, _ in records], labels, [record.bins for _, record in records])
    table.attrs |= {"title": f"Calibration ({100 * records[0][1].level:g}% intervals){shared}", **AXES}
    return table


def _of_quantiles(evaluations):
    from bineural.measures.quantile_losses import coverage_error, shares_below

    parts, labels = [], []
    for name, item in evaluations.items():
        levels = [float(column) for column in item.columns]
        parts.append(shares_below(item.y_true, item.score, item.weights, levels, item.level))
        error = coverage_error(item.y_true, item.score, item.weights, levels)
        labels.append(f"{name or 'model'}  error {error:.3f}, n = {item.n}")
    table = _stacked([str(name) for name in evaluations], labels, parts)
    level = 100 * next(iter(evaluations.values())).level
    table.attrs |= {"title": f"Quantiles ({level:g}% intervals)", **QUANTILE_AXES}
    return table


def _stacked(names, labels, tables):
    import pandas as pd

    parts = []
    for name, label, table in zip(names, labels, tables):
        part = pd.DataFrame(table)
        part.insert(0, "curve", name)
        part.insert(1, "label", label)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _said(record):
    slope = "undefined" if np.isnan(record.slope) else f"{record.slope:.2f}"
    if not np.isnan(record.slope):
        slope += f" ({record.slope_low:.2f} to {record.slope_high:.2f})"
    large = "undefined" if np.isnan(record.in_the_large) else f"{round(record.in_the_large, 2) + 0.0:.2f}"
    return f"slope {slope}, in the large {large}, error {record.ece:.3f}"


add_figure("Calibration", plot_calibration, calibration_data)
