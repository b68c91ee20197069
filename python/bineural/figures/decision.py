"""Decision curves drawn: what acting on each model is worth, beside treating all rows and none."""

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
    write_figure,
)
from bineural.figures.scored import join_labels, read_evaluations

if TYPE_CHECKING:
    from bineural.measures.decision import DecisionCurve
    from bineural.measures.evaluation import Evaluation


@checked(path=FIGURE_FILE)
def plot_net_benefit(
    evaluations: DecisionCurve | Evaluation | Mapping[str, DecisionCurve | Evaluation],
    path: PathLike | None = None,
) -> Figure:
    """Draw net benefit over thresholds of probability, beside treating all rows (dashed) and none (at 0).

    Parameters
    ----------
    evaluations : DecisionCurve or Evaluation, or dict of str to either
        What `net_benefit` or `evaluate_model` returned, with names where there are several. An evaluation of
        several classes gives a curve for each class against the rest, one of several labels a curve for each.
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
    >>> figure = bn.plot_net_benefit(bn.evaluate_model(glm, kyphosis))
    """
    table = net_benefit_data(evaluations)
    labels = table["label"].unique()
    figure = new_figure(6.0, 4.0 + 0.22 * sum(1 + label.count("\n") for label in labels))
    axes = figure.add_subplot()
    axes.axhline(0, color="0.4", linewidth=1, zorder=1, label="treat none")
    for i, share in enumerate(table["prevalence"].unique()):
        rows = table[table["prevalence"] == share].drop_duplicates("threshold")
        axes.plot(
            rows["threshold"],
            rows["treat_all"],
            color="0.5",
            linewidth=1.5,
            linestyle=(0, (4, 2)),
            zorder=1,
            label="treat all" if i == 0 else None,
        )
    for i, label in enumerate(labels):
        rows = table[table["label"] == label]
        axes.plot(rows["threshold"], rows["model"], label=label, **curve_look(i))
    low, high = table.attrs["limits"]
    axes.set(xlim=(0, 1), ylim=(low, high), xticks=np.linspace(0, 1, 6))
    axes.set(xlabel="Threshold probability", ylabel="Net benefit (events per row)")
    plain_axes(axes)
    legend_below(figure, table.attrs["title"])
    return write_figure(figure, path)


def net_benefit_data(evaluations: Any) -> DataFrame:
    """Make the table behind `plot_net_benefit`.

    Parameters
    ----------
    evaluations : DecisionCurve or Evaluation, or dict of str to either

    Returns
    -------
    pandas.DataFrame
        Columns curve (its name), label (the legend's text), threshold, model, treat_all, treat_none,
        prevalence. `attrs["title"]` is the legend's title, `attrs["limits"]` the ends of the upright axis,
        which cuts off what is far below 0.
    """
    import pandas as pd

    from bineural.measures.decision import net_benefit

    records = []
    for item in read_evaluations(evaluations, record="prevalence"):
        if not isinstance(item, tuple):
            item = (item.name, net_benefit(item.y_true, item.score, weights=item.weights))
        records.append(item)
    names = [name or "model" for name, _ in records]
    labels, shared = join_labels(names, [(record.n, record.n_events) for _, record in records])
    parts = []
    for (name, record), label in zip(records, labels):
        part = pd.DataFrame(record.table).assign(prevalence=record.prevalence)
        part.insert(0, "curve", name)
        part.insert(1, "label", label)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    top = float(max(table["model"].max(), table["prevalence"].max()))
    table.attrs["title"] = f"Net benefit{shared}"
    table.attrs["limits"] = [-0.2 * top, 1.08 * top]
    return table


add_figure("DecisionCurve", plot_net_benefit, net_benefit_data)
