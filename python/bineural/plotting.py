"""Figures of the results: ROC curves and training histories, in matplotlib, without pyplot's global state.

`roc_data` and `history_data` give what is drawn as plain tables, so that R draws the same with ggplot2.
"""

import textwrap

import numpy as np

from bineural._figures import check_path, new_figure, write_figure
from bineural.errors import InputError

# Okabe and Ito's colours, which the colour-blind can tell apart; yellow is left out as too pale for lines
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("--", "-.", (0, (1, 1.5)), (0, (5, 1, 1, 1, 1, 1)))  # for all but the first curve


def plot_roc(evaluations, path=None):
    """Draw ROC curves, each with its AUROC and interval, n and events.

    Parameters
    ----------
    evaluations : Evaluation or dict of str to Evaluation
        What `evaluate_model` returned, with names where there are several. An evaluation of several classes
        gives a curve for each class against the rest.
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
    >>> from sklearn.linear_model import LogisticRegression
    >>> from bineural import evaluate_model
    >>> x, y = [[1], [2], [3], [4]], ["no", "yes", "no", "yes"]
    >>> evaluation = evaluate_model(LogisticRegression().fit(x, y), x, y, event="yes")
    >>> figure = plot_roc({"glm": evaluation})
    """
    path = check_path(path)
    curves = _curves(evaluations)
    labels, title = _legend(curves)
    figure = new_figure(5.0, 5.0 + 0.22 * sum(1 + label.count("\n") for label in labels))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle=(0, (4, 4)), zorder=1)
    for i, (curve, label) in enumerate(zip(curves, labels)):
        axes.plot(
            1 - curve["specificity"],
            curve["sensitivity"],
            color=COLOURS[i % len(COLOURS)],
            linestyle="-" if i == 0 else DASHES[(i - 1) % len(DASHES)],
            linewidth=3 if i == 0 else 2,  # the first shows beneath curves that coincide with it
            label=label,
            clip_on=False,
            zorder=2 + i,
        )
    ticks = np.linspace(0, 1, 6)
    axes.set(
        xlim=(0, 1), ylim=(0, 1), xticks=ticks, yticks=ticks, xlabel="1 - specificity", ylabel="Sensitivity"
    )
    axes.set_aspect("equal", adjustable="box")
    _plain_axes(axes)
    figure.legend(
        loc="outside lower center", title=title, frameon=False, fontsize=9, title_fontsize=9, handlelength=3
    )
    return write_figure(figure, path)


def plot_history(model, path=None):
    """Draw the training and validation loss of each epoch and mark the best epoch.

    Parameters
    ----------
    model : fitted net
        With `history_` (dict of lists, "loss" and perhaps "validation_loss") and perhaps `best_epoch_`.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If the model has no training history, or the path cannot be written.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> net = bn.fit_net("petal_width ~ petal_length", iris, epochs=20, seed=1)
    >>> figure = bn.plot_history(net)  # figure.savefig("history.png")
    """
    path = check_path(path)
    table = history_data(model)
    figure = new_figure(6.0, 4.0)
    axes = figure.add_subplot()
    for part, colour, line in (("training", COLOURS[0], "-"), ("validation", COLOURS[1], "--")):
        rows = table[table["part"] == part]
        if len(rows):
            marker = "o" if len(rows) == 1 else None  # a single epoch is a point
            axes.plot(rows["epoch"], rows["loss"], color=colour, linestyle=line, marker=marker, label=part)
    best, title = table[table["best"]], None
    if len(best):
        epoch, loss = best.iloc[-1][["epoch", "loss"]]  # validation where there is one
        axes.axvline(epoch, color="0.6", linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        axes.plot([epoch], [loss], "o", color="black", markersize=6, zorder=4)
        title = f"Best epoch {epoch} (dot): loss {loss:.4g}"
    axes.set(xlabel="Epoch", ylabel="Loss")
    if table["epoch"].max() > 1:
        axes.xaxis.get_major_locator().set_params(integer=True)
    else:
        axes.set_xticks([1])
    _plain_axes(axes)
    figure.legend(
        loc="outside lower center", ncols=2, title=title, frameon=False, fontsize=9, title_fontsize=9
    )
    return write_figure(figure, path)


def roc_data(evaluations):
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
    import pandas as pd

    curves = _curves(evaluations)
    labels, title = _legend(curves)
    points = ("threshold", "sensitivity", "specificity")
    parts = [
        pd.DataFrame({"curve": curve["name"], "label": label, **{key: curve[key] for key in points}})
        for curve, label in zip(curves, labels)
    ]
    table = pd.concat(parts, ignore_index=True)
    table.attrs["title"] = title
    return table


def history_data(model):
    """Make the table behind `plot_history`.

    Parameters
    ----------
    model : fitted net

    Returns
    -------
    pandas.DataFrame
        Columns epoch (int64, from 1), part ("training" or "validation"), loss (float64), best (bool).
    """
    import pandas as pd

    history = getattr(model, "history_", None) or {}
    if not len(history.get("loss", [])):
        raise InputError(
            "`model` must be a fitted net with a training history.",
            f"{type(model).__name__} has none.",
            "Fit it with fit_net; a GLM has no epochs.",
        )
    best = getattr(model, "best_epoch_", None)
    parts = []
    for key, part in (("loss", "training"), ("validation_loss", "validation")):
        loss = np.asarray(history.get(key, []), dtype=np.float64)
        epoch = np.arange(1, loss.size + 1)
        parts.append(pd.DataFrame({"epoch": epoch, "part": part, "loss": loss, "best": epoch == best}))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _curves(evaluations):
    """Return a dict for each curve: name, thinned points, interval (an `Interval`)."""
    if not isinstance(evaluations, dict):
        evaluations = {"": evaluations}
    if not evaluations:
        raise InputError(
            "`evaluations` must not be empty.", "Found none.", "Pass what evaluate_model returned."
        )
    curves = []
    for name, evaluation in evaluations.items():
        for part, y_true, score in _truth_and_scores(name, evaluation):
            curves.append(_curve(": ".join(filter(None, (str(name), part))), y_true, score, evaluation.level))
    return curves


def _truth_and_scores(name, evaluation):
    task = getattr(evaluation, "task", None)
    if task == "binary" and 0 < evaluation.n_events < evaluation.n:
        return [("" if name else _class_name(evaluation.event, "event"), evaluation.y_true, evaluation.score)]
    if task == "multiclass" and all(evaluation.n_class_rows.values()):
        y_true, score = evaluation.y_true, evaluation.score
        return [
            (_class_name(label, "class"), y_true == k, score[:, k])
            for k, label in enumerate(evaluation.classes)
        ]
    if task is None:
        found, hint = f"Found {type(evaluation).__name__}.", "Pass what evaluate_model returned."
    elif task == "regression":
        found, hint = "It measures a regression.", "Plot its `score` (predictions) against its `y_true`."
    else:
        found, hint = f"{evaluation.undefined}.", "Stratify the split by the outcome."
    raise InputError(
        f"Evaluation {name!r} must be of a classifier, on rows of every class." if name
        else "`evaluations` must be of classifiers, on rows of every class.",
        found,
        hint,
    )  # fmt: skip


def _class_name(label, what):
    return label if isinstance(label, str) else f"{what} {label}"  # "setosa", but "class 0"


def _curve(name, y_true, score, level):
    from bineural.measuring.curve_points import roc_points
    from bineural.measuring.delong import auroc_interval

    points = roc_points(y_true, score)
    x, y = points["specificity"].to_numpy(), points["sensitivity"].to_numpy()
    turn = np.abs(np.diff(x)[:-1] * np.diff(y)[1:] - np.diff(x)[1:] * np.diff(y)[:-1]) > 1e-15
    points = points[np.concatenate([[True], turn, [True]])]
    columns = {key: points[key].to_numpy() for key in points.columns}
    return {"name": name, "interval": auroc_interval(y_true, score, level), **columns}


def _legend(curves):
    """Write each curve's label, and the title that says what all labels share."""
    intervals = [curve["interval"] for curve in curves]
    rows = {(i.n, i.n_events) for i in intervals}
    labels = []
    for curve, i in zip(curves, intervals):
        text = f"{curve['name']}  {i.estimate:.3f}"
        text += "" if np.isnan(i.low) else f" ({i.low:.3f} to {i.high:.3f})"
        text += f", n = {i.n}, events = {i.n_events}" if len(rows) > 1 else ""
        labels.append(textwrap.fill(text, 58))
    level = f"{100 * intervals[0].level:g}%"
    title = f"AUROC ({level} interval)"
    return labels, title + (
        f", n = {intervals[0].n}, events = {intervals[0].n_events}" if len(rows) == 1 else ""
    )


def _plain_axes(axes):
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="0.92", linewidth=0.8)
    axes.set_axisbelow(True)
