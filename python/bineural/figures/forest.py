"""The forest plot of a comparison: each model with its interval, and how it differs from the reference."""

import textwrap

import numpy as np

from bineural.comparing.rounding import NULL, decimals
from bineural.figures.canvas import COLOURS, new_figure, plain_axes, plain_text, write_figure
from bineural.figures.kinds import add_kind
from bineural.messages import number_of

PANELS = ("Models", "Differences")


def forest_data(comparison, names, measure):
    """Make the table of the forest plot: a row for each model, and for each difference from the reference.

    Parameters
    ----------
    comparison : Comparison
    names : list of str
        Models to show.
    measure : Measure

    Returns
    -------
    pandas.DataFrame
        Columns panel ("Models", "Differences"), model, label (with the numbers), estimate, low, high, finding
        (of a difference). `attrs` has "title" and "x", both with a text for each panel, and "alt".
    """
    import pandas as pd

    table = comparison.table.set_index("model")
    rows = []
    for name in names:
        low, high = comparison.interval(name, measure.name)
        rows.append(_row(PANELS[0], name, table.loc[name, measure.name], low, high, name, ""))
    for row in comparison.differences.query("measure == @measure.name").to_dict("records"):
        if row["other"] == _other(comparison) and {row["model"], row["other"]} <= {*names, NULL}:
            estimate = row["difference"], row["low"], row["high"]
            rows.append(_row(PANELS[1], row["model"], *estimate, row["model"], row["finding"]))
    drawn = pd.DataFrame(rows)
    better = "above" if measure.larger_is_better else "below"
    interval = f"{100 * comparison.level:g}% interval"
    drawn.attrs["title"] = ["Models", f"Differences from {_other(comparison)}"]
    drawn.attrs["x"] = [
        f"{measure.label}, {over(comparison)} ({interval})",
        f"Difference in {measure.label} ({interval}); better {better} 0",
    ]
    sentences = drawn["model"] + " " + drawn["label"].str.split("\n").str[-1]
    models, differences = (", ".join(sentences[drawn["panel"] == p]) or "none" for p in PANELS)
    drawn.attrs["alt"] = (
        f"Forest plot. {drawn.attrs['x'][0]}: {models}. {drawn.attrs['title'][1]}: {differences}."
    )
    return drawn


def over(comparison):
    """Say what an estimate is made of."""
    if comparison.basis.single_split:
        return f"on {number_of(len(comparison.basis.rows), 'test row')}"
    return f"over {number_of(len(comparison.basis.sets), 'fold')}"


def _other(comparison):
    """Return the model that others are measured against; for a model alone it is the null model."""
    return NULL if len(comparison.models) == 2 else comparison.reference


def _row(panel, model, estimate, low, high, name, finding):
    limits = "" if np.isnan(low) else f" [{rounded(low, high - low)}, {rounded(high, high - low)}]"
    label = f"{textwrap.fill(name, 26)}\n{rounded(estimate, high - low)}{limits}"
    row = {"panel": panel, "model": model, "label": label, "estimate": estimate}
    return {**row, "low": low, "high": high, "finding": finding}


def rounded(value, width):
    """Write a number with two digits of its interval's width."""
    if np.isnan(value):
        return "undefined"
    text = f"{value:.{max(2, decimals(width))}f}"
    return text if float(text) else text.lstrip("-")


def draw_forest(table, path):
    """Draw a table of `forest_data`."""
    panels = [panel for panel in PANELS if (table["panel"] == panel).any()]
    heights = [sum(_height(label) for label in table["label"][table["panel"] == p]) for p in panels]
    figure = new_figure(5.6, sum(heights) + 0.85 * len(panels))
    every = figure.subplots(len(panels), height_ratios=heights, squeeze=False)[:, 0]
    for axes, panel, title, x in zip(every, panels, table.attrs["title"], table.attrs["x"]):
        rows = table[table["panel"] == panel]
        places = np.cumsum([_height(label) for label in rows["label"]])
        places = places - np.array([_height(label) for label in rows["label"]]) / 2
        colours = [_colour(row) for row in rows.itertuples()]
        if panel == PANELS[1]:
            axes.axvline(0, color="0.4", linewidth=1, zorder=1)
        axes.hlines(places, rows["low"], rows["high"], colors=colours, linewidth=2, zorder=2)
        axes.scatter(rows["estimate"], places, c=colours, s=36, zorder=3)
        axes.set_yticks(places, [plain_text(label) for label in rows["label"]], fontsize=8.5)
        axes.set_ylim(sum(_height(label) for label in rows["label"]), 0)
        axes.set_title(plain_text(textwrap.fill(title, 60)), loc="left", fontsize=10, fontweight="bold")
        axes.set_xlabel(plain_text(textwrap.fill(x, 62)), fontsize=9)
        axes.tick_params(axis="x", labelsize=9)
        axes.locator_params(axis="x", nbins=6)
        axes.margins(x=0.08)
        plain_axes(axes)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    figure.align_ylabels()
    return write_figure(figure, path)


def _height(label):
    return 0.16 * (1 + label.count("\n")) + 0.14  # inches


def _colour(row):
    """Return vermillion and blue for what is worse and better, grey for the null model."""
    if row.panel == PANELS[0]:
        return "0.5" if row.model == NULL else "black"
    return {"better": COLOURS[0], "worse": COLOURS[1]}.get(row.finding, "black")


add_kind(
    "forest",
    forest_data,
    draw_forest,
    "Models and their differences from the reference, with intervals. "
    "An interval of a difference that crosses 0 does not tell the two apart.",
    place=1,
)
