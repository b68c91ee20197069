"""Curves over all thresholds: ROC, with a band where it stands alone, and precision-recall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked, flag
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
    from bineural.measures.evaluation import Evaluation

MOST_POINTS = 5000  # of a precision-recall curve; more no eye can tell


@checked(path=FIGURE_FILE, band=flag().or_none())
def plot_roc(
    evaluations: Evaluation | Mapping[str, Evaluation], path: PathLike | None = None, band: bool | None = None
) -> Figure:
    """Draw ROC curves, each with its AUROC and interval, n and events.

    Parameters
    ----------
    evaluations : Evaluation or dict of str to Evaluation
        What `evaluate_model` returned, with names where there are several. An evaluation of several classes
        gives a curve for each class against the rest, one of several labels a curve for each label.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.
    band : bool, optional
        Whether a band shows where the sensitivity at each specificity lies in 1000 stratified bootstrap
        draws, at the evaluation's level. By default it does where there is one curve.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If an evaluation is of a regression or has one class only, or the path cannot be written.

    Notes
    -----
    The band is pointwise (at any one specificity, not for the whole curve), and where a curve is perfect it
    has no width, as the bootstrap always draws a perfect curve again. Its seed is fixed.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from bineural import evaluate_model
    >>> x, y = [[1], [2], [3], [4]], ["no", "yes", "no", "yes"]
    >>> evaluation = evaluate_model(LogisticRegression().fit(x, y), x, y, event="yes")
    >>> figure = plot_roc({"glm": evaluation})
    """
    return draw_roc(roc_data(evaluations), roc_band_data(evaluations, band), path)


def draw_roc(table, limits, path):
    """Draw a table of `roc_data`, with the bands of `roc_band_data` or None."""
    labels = table["label"].unique()
    figure = new_figure(5.0, 5.0 + 0.22 * sum(1 + label.count("\n") for label in labels))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle=(0, (4, 4)), zorder=1)
    for i, label in enumerate(labels):
        points, look = table[table["label"] == label], curve_look(i)
        rows = None if limits is None else limits[limits["label"] == label]
        if rows is not None and len(rows):
            axes.fill_between(
                1 - rows["specificity"],
                rows["low"],
                rows["high"],
                color=look["color"],
                alpha=0.15,
                linewidth=0,
            )
        axes.plot(
            1 - points["specificity"], points["sensitivity"], label=plain_text(label), clip_on=False, **look
        )
    _unit_square(axes, "1 - specificity", "Sensitivity")
    legend_below(figure, table.attrs["title"])
    return write_figure(figure, path)


@checked(path=FIGURE_FILE)
def plot_precision_recall(
    evaluations: Evaluation | Mapping[str, Evaluation], path: PathLike | None = None
) -> Figure:
    """Draw precision-recall curves, each with its average precision, n and events.

    Steps, not slopes, join the points: between two thresholds there is none that gives a precision between.
    A dotted line is the share of events, which is the precision of no skill.

    Parameters
    ----------
    evaluations : Evaluation or dict of str to Evaluation
        What `evaluate_model` returned, with names where there are several. An evaluation of several classes
        gives a curve for each class against the rest, one of several labels a curve for each label.
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
    >>> figure = bn.plot_precision_recall(bn.evaluate_model(glm, kyphosis))
    """
    return draw_precision_recall(precision_recall_data(evaluations), path)


def draw_precision_recall(table, path):
    """Draw a table of `precision_recall_data`."""
    labels = table["label"].unique()
    figure = new_figure(5.0, 5.0 + 0.22 * sum(1 + label.count("\n") for label in labels))
    axes = figure.add_subplot()
    for share in table["share"].unique():
        axes.axhline(share, color="0.6", linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    for i, label in enumerate(labels):
        points = table[table["label"] == label]
        axes.plot(
            points["recall"],
            points["precision"],
            drawstyle="steps-pre",
            label=plain_text(label),
            clip_on=False,
            **curve_look(i),
        )
    _unit_square(axes, "Recall (sensitivity)", "Precision (PPV)")
    legend_below(figure, table.attrs["title"])
    return write_figure(figure, path)


def roc_data(evaluations: Evaluation | Mapping[str, Evaluation]) -> DataFrame:
    """Make the table behind `plot_roc`.

    Parameters
    ----------
    evaluations : Evaluation or dict of str to Evaluation

    Returns
    -------
    pandas.DataFrame
        Columns curve (its name), label (the legend's text), threshold, sensitivity, specificity; points in
        the middle of a straight stretch are left out. `attrs["title"]` is the legend's title.
    """
    from bineural.measures.delong import auroc_interval

    curves = read_evaluations(evaluations)
    texts, parts = [], []
    for c in curves:
        i = auroc_interval(c.y_true, c.ranking, c.level, weights=c.weights)
        limits = "" if np.isnan(i.low) else f" ({i.low:.3f} to {i.high:.3f})"
        texts.append(f"{c.name}  {i.estimate:.3f}{limits}")
        parts.append(roc_steps(c))
    return _stack(curves, texts, parts, f"AUROC ({100 * curves[0].level:g}% interval)")


@checked(band=flag().or_none())
def roc_band_data(evaluations, band=None):
    """Make the table of the bands of `plot_roc`: columns curve, label, specificity, low, high.

    Parameters
    ----------
    evaluations : Evaluation or dict of str to Evaluation
    band : bool, optional
        None gives rows where there is one curve.

    Returns
    -------
    pandas.DataFrame
    """
    import pandas as pd

    from bineural.measures.roc_bands import roc_band

    curves = read_evaluations(evaluations)
    if not (len(curves) == 1 if band is None else band):
        return pd.DataFrame({"curve": [], "label": [], "specificity": [], "low": [], "high": []})
    labels = roc_data(evaluations)["label"].unique()
    parts = [
        pd.DataFrame({"curve": c.name, "label": label, **roc_band(c.y_true, c.ranking, c.weights, c.level)})
        for c, label in zip(curves, labels)
    ]
    return pd.concat(parts, ignore_index=True)


def precision_recall_data(evaluations):
    """Make the table behind `plot_precision_recall`.

    Parameters
    ----------
    evaluations : Evaluation or dict of str to Evaluation

    Returns
    -------
    pandas.DataFrame
        Columns curve (its name), label (the legend's text), recall (rising from 0), precision (of the recalls
        since the row before), share (of events). `attrs["title"]` is the legend's title.
    """
    from bineural.measures.precision import average_precision

    curves = read_evaluations(evaluations)
    texts, parts = [], []
    for c in curves:
        texts.append(f"{c.name}  {average_precision(c.y_true, c.ranking, c.weights):.3f}")
        parts.append(precision_steps(c))
    return _stack(curves, texts, parts, "Average precision")


def precision_steps(scored):
    """Return recall (rising from 0), precision (of the recalls since the row before) and share of events."""
    import pandas as pd

    from bineural.measures.curve_points import pr_points

    points = pr_points(scored.y_true, scored.ranking, scored.weights)
    share = points["precision"].iloc[0]
    points = points.drop_duplicates("recall", keep="last")[::-1]  # the highest precision of each recall
    points = points[points["recall"] > 0]
    kept = np.unique(np.linspace(0, len(points) - 1, min(len(points), MOST_POINTS)).astype(int))
    recall, precision = (points[key].to_numpy()[kept] for key in ("recall", "precision"))
    steps = {
        "recall": np.concatenate([[0.0], recall]),
        "precision": np.concatenate([precision[:1], precision]),
    }
    return pd.DataFrame({**steps, "share": share})


def _stack(curves, texts, parts, title):
    import pandas as pd

    labels, shared = join_labels(texts, [(c.y_true.size, c.n_events) for c in curves])
    for c, label, part in zip(curves, labels, parts):
        part.insert(0, "curve", c.name)
        part.insert(1, "label", label)
    table = pd.concat(parts, ignore_index=True)
    table.attrs["title"] = title + shared
    return table


def roc_steps(scored):
    """Return the turning points of the ROC curve; thresholds are of the score, whatever ranks the rows."""
    from bineural.measures.curve_points import roc_points

    points = turning_points(roc_points(scored.y_true, scored.ranking, scored.weights))
    if scored.order is None or scored.order is scored.score:
        return points
    threshold = points["threshold"].to_numpy()
    of_score = np.interp(threshold, np.sort(scored.order), np.sort(scored.score))
    return points.assign(threshold=np.where(np.isfinite(threshold), of_score, threshold))


def turning_points(points):
    """Leave out the points in the middle of straight stretches."""
    x, y = points["specificity"].to_numpy(), points["sensitivity"].to_numpy()
    turn = np.abs(np.diff(x)[:-1] * np.diff(y)[1:] - np.diff(x)[1:] * np.diff(y)[:-1]) > 1e-15
    return points[np.concatenate([[True], turn, [True]])]


def _unit_square(axes, x, y):
    ticks = np.linspace(0, 1, 6)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=ticks, yticks=ticks, xlabel=x, ylabel=y)
    axes.set_aspect("equal", adjustable="box")
    plain_axes(axes)


add_figure("Evaluation", plot_roc, roc_data)
