"""Scores fold by fold: two models paired, all models over folds and repeats, and the spread over seeds."""

import textwrap

import numpy as np

from bineural.comparing.rounding import NULL
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, legend_below, new_figure, plain_axes, plain_text, write_figure
from bineural.figures.kinds import add_kind, has_resamples
from bineural.messages import number_of

GOLDEN = 0.6180339887498949  # successive multiples lie evenly, so points of a row do not hide one another
AHEAD = (COLOURS[0], COLOURS[1], "0.5")  # the second model, the first, neither


def folds_data(comparison, names, measure):
    """Make the table of the paired plot: a row for each fold.

    Parameters
    ----------
    comparison : Comparison
    names : list of str
        The two models.
    measure : Measure

    Returns
    -------
    pandas.DataFrame
        Columns repeat, fold, first, second (scores, means over draws), ahead (0 the second model, 1 the
        first, 2 neither). `attrs`: "models", "estimates" (of both over all folds), "y", "labels" (of `ahead`)
        and "alt".
    """
    import pandas as pd

    first, second = (comparison.values(name, measure.name) for name in names)
    sets = comparison.basis.sets
    table = pd.DataFrame({"repeat": [s.repeat for s in sets], "fold": [s.fold for s in sets]})
    table["first"], table["second"] = first, second
    gain = (second - first) * (1 if measure.larger_is_better else -1)
    table["ahead"] = np.where(gain > 0, 0, np.where(gain < 0, 1, 2))
    table = table[~np.isnan(gain)].reset_index(drop=True)
    counts = np.bincount(table["ahead"], minlength=3)
    n = f"of {number_of(len(table), 'fold')}"
    table.attrs["models"] = list(names)
    table.attrs["y"] = f"{measure.label} in a fold ({_which(measure)} is better)"
    table.attrs["labels"] = [
        f"{names[1]} ahead in {counts[0]} {n}",
        f"{names[0]} ahead in {counts[1]} {n}",
        f"equal in {counts[2]} {n}",
    ]
    both = ~np.isnan(gain)
    table.attrs["estimates"] = [comparison.estimate(name, measure.name, both) for name in names]
    means = ", ".join(f"{m} {value:.3f}" for m, value in zip(names, table.attrs["estimates"]))
    table.attrs["alt"] = (
        f"{measure.label} of {names[0]} and {names[1]} in each fold, paired. "
        f"{'; '.join(table.attrs['labels'])}. Over all folds: {means}."
    )
    return table


def _pairs(comparison):
    """List the pairs of the verdict's family that a report draws: the reference and each other model."""
    family = comparison._differences[comparison.measure]
    return [[pair.other, pair.model] for pair in family if pair.other in (comparison.reference, NULL)]


def draw_folds(table, path):
    """Draw a table of `folds_data`."""
    labels = [textwrap.fill(label, 66) for label in table.attrs["labels"]]
    figure = new_figure(5.0, 4.0 + 0.2 * sum(1 + label.count("\n") for label in labels))
    axes = figure.add_subplot()
    alpha = float(np.clip(40 / max(1, len(table)), 0.12, 0.7))
    for kind in (2, 1, 0):
        rows = table[table["ahead"] == kind]
        ends = rows[["first", "second"]].to_numpy().T
        axes.plot([0, 1], ends, color=AHEAD[kind], alpha=alpha, linewidth=1.2, marker="o", markersize=3)
    for kind in (0, 1, 2):
        line = "-" if kind < 2 else ":"
        axes.plot([], [], color=AHEAD[kind], linestyle=line, linewidth=2, label=plain_text(labels[kind]))
    look = {"color": "black", "linewidth": 2.5, "marker": "D", "markersize": 7}
    axes.plot([0, 1], table.attrs["estimates"], label="over all folds", **look)
    names = [plain_text(textwrap.fill(name, 26)) for name in table.attrs["models"]]
    axes.set_xticks([0, 1], names)
    axes.set(xlim=(-0.35, 1.35), ylabel=plain_text(table.attrs["y"]))
    plain_axes(axes)
    axes.grid(visible=False, axis="x")
    legend_below(figure, None)
    return write_figure(figure, path)


def repeats_data(comparison, names, measure):
    """Make the table of scores over folds and repeats.

    Parameters
    ----------
    comparison : Comparison
    names : list of str
    measure : Measure

    Returns
    -------
    pandas.DataFrame
        Columns model, label, part ("fold", "repeat" for a repeat's estimate, "mean" for that of all), value,
        offset (across, for points not to hide one another). `attrs`: "x", "labels" (of the parts) and "alt".
    """
    import pandas as pd

    repeats = np.array([0 if s.repeat is None else s.repeat for s in comparison.basis.sets])
    parts, sentences = [], []
    for name in names:
        each = comparison.values(name, measure.name)
        known = ~np.isnan(each)
        whole = comparison.estimate(name, measure.name)
        means = [comparison.estimate(name, measure.name, repeats == r) for r in np.unique(repeats[known])]
        spread = f"fold SD {each[known].std(ddof=1):.3f}" if known.sum() > 1 else ""
        spread += f", repeat SD {np.std(means, ddof=1):.3f}" if len(means) > 1 else ""
        label = "\n".join(filter(None, (textwrap.fill(name, 26), spread)))
        means = means if len(means) > 1 else []
        for part, values in (("fold", each[known]), ("repeat", means), ("mean", [whole])):
            values = np.asarray(values, dtype=np.float64)
            own = {"model": name, "label": label, "part": part, "value": values}
            parts.append(pd.DataFrame({**own, "offset": offsets(len(values)) * (part == "fold")}))
        sentences.append(f"{name} {whole:.3f}, {spread}")
    table = pd.concat(parts, ignore_index=True)
    table.attrs["x"] = f"{measure.label} ({_which(measure)} is better)"
    table.attrs["labels"] = {"fold": "a fold", "repeat": "a repeat", "mean": "over all folds"}
    table.attrs["alt"] = f"{measure.label} of each model over folds and repeats: {'; '.join(sentences)}."
    return table


def seeds_data(comparison, names, measure):
    """Make the table of the spread over seeds: scores less the mean over seeds in the same fold.

    Parameters
    ----------
    comparison : Comparison
    names : list of str
    measure : Measure

    Returns
    -------
    pandas.DataFrame
        Columns as in `repeats_data`, parts "fold" (a fit) and "mean" (of a seed over all folds).
    """
    import pandas as pd

    scores = {name: comparison._scores[name][measure.name] for name in names}
    scores = {name: s for name, s in scores.items() if len(s) > 1}
    if not scores:
        raise InputError(
            "The spread over seeds needs a random model, fitted with several seeds.",
            f"Each of {', '.join(names)} was fitted once to each training set.",
            "Pass compare_models(..., seeds=3).",
        )
    table = comparison.table.set_index("model")
    parts, sentences = [], []
    for name, each in scores.items():
        away = each - each.mean(axis=0)
        away = away[:, ~np.isnan(away).any(axis=0)]
        sd = np.sqrt(np.var(away, axis=0, ddof=1).mean())
        spread = f"seed SD {sd:.3f}, fold SD {np.nanstd(each.mean(axis=0), ddof=1):.3f}"
        label = f"{textwrap.fill(name, 26)}\n{spread}"
        for part, values in (("fold", away.T.ravel()), ("mean", away.mean(axis=1))):
            own = {"model": name, "label": label, "part": part, "value": values}
            parts.append(pd.DataFrame({**own, "offset": offsets(len(values)) * (part == "fold")}))
        sentences.append(f"{name} {spread}")
    table = pd.concat(parts, ignore_index=True)
    table.attrs["x"] = f"{measure.label} less the mean over seeds in the fold"
    table.attrs["labels"] = {"fold": "a fit", "mean": "mean of a seed over all folds"}
    table.attrs["alt"] = f"Spread of {measure.label} over seeds within folds: {'; '.join(sentences)}."
    return table


def draw_spread(table, path):
    """Draw a table of `repeats_data` or `seeds_data`: a row of points for each model."""
    labels = list(table["label"].unique())
    figure = new_figure(5.6, 1.3 + sum(0.3 + 0.16 * (1 + label.count("\n")) for label in labels))
    axes = figure.add_subplot()
    n = max(1, (table["part"] == "fold").sum() / len(labels))
    looks = {
        "fold": {"s": 14, "alpha": float(np.clip(40 / n, 0.15, 0.6)), "linewidths": 0, "zorder": 2},
        "repeat": {"s": 36, "facecolors": "none", "linewidths": 1.2, "zorder": 3},
        "mean": {"s": 50, "marker": "D", "zorder": 4},
    }
    for part, text in table.attrs["labels"].items():
        rows = table[table["part"] == part]
        if rows.empty:
            continue
        place = rows["label"].map({label: i for i, label in enumerate(labels)}) + rows["offset"]
        look = dict(looks[part])
        colours = [_colour(name, part) for name in rows["model"]]
        look["edgecolors" if part == "repeat" else "c"] = colours
        axes.scatter(rows["value"], place, **look)
        look["edgecolors" if part == "repeat" else "c"] = colours[:1]
        axes.scatter([], [], label=text, **{**look, "alpha": 0.8})
    if table["part"].nunique() == 2 and "less" in table.attrs["x"]:
        axes.axvline(0, color="0.4", linewidth=1, zorder=1)
    axes.set_yticks(range(len(labels)), [plain_text(label) for label in labels], fontsize=8.5)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlabel(plain_text(table.attrs["x"]))
    plain_axes(axes)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    legend_below(figure, None, ncols=3)
    return write_figure(figure, path)


def _colour(name, part):
    if name == NULL:
        return "0.5"
    return {"fold": COLOURS[0], "repeat": COLOURS[1], "mean": "black"}[part]


def offsets(n):
    """Return n offsets in [-0.3, 0.3) that lie evenly, the same each time."""
    return 0.6 * (np.arange(1, n + 1) * GOLDEN % 1) - 0.3 if n > 1 else np.zeros(n)


def _which(measure):
    return "larger" if measure.larger_is_better else "smaller"


add_kind(
    "folds",
    folds_data,
    draw_folds,
    "The same folds for both: each line is a fold.",
    place=2,
    suits=has_resamples,
    choose_models=lambda comparison: [comparison.principal.other, comparison.principal.model],
    choices=_pairs,
    n_models=2,
)
add_kind(
    "repeats",
    repeats_data,
    draw_spread,
    "How far single folds, and repeats, lie apart.",
    place=3,
    suits=has_resamples,
)
add_kind(
    "seeds",
    seeds_data,
    draw_spread,
    "What another seed changes, within the same fold.",
    place=7,
    suits=lambda comparison: comparison.table["seed_sd"].notna().any(),
)
