"""The figure of a search: each setting's mean with its standard error, the chosen one marked.

`tuned_data` gives what is drawn as a plain table, so that R draws the same with ggplot2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, write_figure
from bineural.messages import number_of

if TYPE_CHECKING:
    from bineural.comparing.tuned import TunedNet

_MOST = 30  # settings that are drawn; the chosen one always


def tuned_data(tuned: TunedNet) -> DataFrame:
    """Return what is drawn.

    Parameters
    ----------
    tuned : TunedNet

    Returns
    -------
    pandas.DataFrame
        A row for each setting, the best mean first: `label`, `value` (of the option, where settings differ in
        one number only, else NaN), `mean`, `low`, `high` (one standard error away), `best`, `chosen`; in
        `attrs` "measure", "option" (or None), "log" (whether its axis is), "limit" (one standard error from
        the best; NaN for rule "best") and "left_out", how many settings are not drawn.
    """
    import pandas as pd

    from bineural.comparing.tuned import setting_text

    table, larger = tuned.table, tuned._measure.larger_is_better
    in_last = table["round"] == table["round"].max()
    drawn = table[in_last].sort_values("mean", ascending=not larger, kind="stable")
    drawn = drawn[(np.arange(len(drawn)) < _MOST) | drawn["chosen"].to_numpy()].dropna(subset="mean")
    se = drawn["se"].fillna(0)
    option, values = _one_number(tuned, drawn)
    curve = pd.DataFrame(
        {
            "label": [setting_text(tuned.settings[i - 1]) for i in drawn["setting"]],
            "value": values,
            "mean": drawn["mean"],
            "low": drawn["mean"] - se,
            "high": drawn["mean"] + se,
            "best": drawn["best"],
            "chosen": drawn["chosen"],
        }
    ).reset_index(drop=True)
    best = curve[curve["best"]].iloc[0]
    limit = best["low" if larger else "high"] if tuned.rule == "one_se" else np.nan
    curve.attrs = {
        "measure": tuned._measure.label,
        "option": option,
        "log": bool(option and curve["value"].min() > 0 and curve["value"].max() >= 8 * curve["value"].min()),
        "limit": float(limit),
        "left_out": len(table) - len(curve),
    }
    return curve


def _one_number(tuned, drawn):
    """Return the only option that settings differ in and its values, where it is a number."""
    names = {name for setting in tuned.settings for name in setting}
    varied = [n for n in names if len({str(setting.get(n)) for setting in tuned.settings}) > 1]
    if len(varied) != 1 or len(drawn) < 3:
        return None, np.nan
    values = [tuned.settings[i - 1].get(varied[0]) for i in drawn["setting"]]
    number = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)
    return (varied[0], np.asarray(values, dtype=np.float64)) if number else (None, np.nan)


@checked(path=FIGURE_FILE)
def draw_tuned(tuned: TunedNet, path: PathLike | None = None) -> Figure:
    """Draw the measure of each setting with its standard error; the chosen one is marked.

    Parameters
    ----------
    tuned : TunedNet
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    table = tuned_data(tuned)
    return write_figure(_draw_curve(table) if table.attrs["option"] else _draw_list(table), path)


def _draw_list(table):
    """Draw a line for each setting, the best on top."""
    figure = new_figure(7.0, 1.5 + 0.24 * len(table))
    axes = figure.add_subplot()
    place = np.arange(len(table))[::-1]
    _draw_points(axes, table, place, "mean", horizontal=True)
    axes.set(yticks=place, yticklabels=table["label"], xlabel=_axis(table), ylim=(-0.7, len(table) - 0.3))
    axes.tick_params(axis="y", length=0, labelsize=8)
    for tick, chosen in zip(axes.get_yticklabels(), table["chosen"]):
        tick.set_fontweight("bold" if chosen else "normal")
    return _finish(figure, axes, table, "x")


def _draw_curve(table):
    """Draw the measure against the one number that settings differ in."""
    figure = new_figure(6.0, 4.2)
    axes = figure.add_subplot()
    table = table.sort_values("value", kind="stable")
    axes.plot(table["value"], table["mean"], color="0.6", linewidth=1, zorder=1)
    _draw_points(axes, table, table["value"], "mean", horizontal=False)
    axes.set(xlabel=table.attrs["option"], ylabel=_axis(table))
    if table.attrs["log"]:
        axes.set_xscale("log")
    return _finish(figure, axes, table, "y")


def _draw_points(axes, table, place, name, horizontal):
    for chosen in (False, True):
        rows = (table["chosen"] == chosen).to_numpy()
        part, at = table[rows], np.asarray(place)[rows]
        reach = [part["mean"] - part["low"], part["high"] - part["mean"]]
        x, y = (part["mean"], at) if horizontal else (at, part["mean"])
        look = {"color": COLOURS[1] if chosen else COLOURS[0], "markersize": 8 if chosen else 5}
        axes.errorbar(
            x,
            y,
            **{"xerr" if horizontal else "yerr": reach},
            fmt="D" if chosen else "o",
            elinewidth=1.2,
            label="chosen" if chosen else None,
            zorder=3 if chosen else 2,
            **look,
        )


def _finish(figure, axes, table, measured):
    """Draw how far one standard error from the best is, and label it."""
    limit = table.attrs["limit"]
    if np.isfinite(limit):
        line = axes.axvline if measured == "x" else axes.axhline
        line(limit, color="0.4", linewidth=1, linestyle=(0, (4, 3)), label="one SE from the best", zorder=1)
    axes.grid(axis=measured, color="0.9", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    left_out = table.attrs["left_out"]
    title = f"{number_of(left_out, 'more setting')} not drawn" if left_out else None
    figure.legend(
        loc="outside lower center", ncols=2, frameon=False, fontsize=9, title=title, title_fontsize=8
    )
    return figure


def _axis(table):
    return f"{table.attrs['measure']}, over folds, and one SE"


add_figure("TunedNet", draw_tuned, tuned_data)
