"""Forecasts with their intervals behind the end of each series, and how forecasters did from each origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked, share, whole
from bineural.drawn import add_figure
from bineural.errors import InputError
from bineural.figures.canvas import (
    COLOURS,
    FIGURE_FILE,
    curve_look,
    legend_below,
    new_figure,
    plain_axes,
    plain_text,
    write_figure,
)

if TYPE_CHECKING:
    from bineural.comparing.forecast_comparison import ForecastComparison
    from bineural.forecasting.forecaster import Forecaster

_MOST = 6  # series in a figure


_DRAWN = {
    "level": share(open_ends=True, hint="Pass for example 0.8."),
    "past": whole(1, hint="Give a number of steps, such as 36.").or_none(),
}


@checked(path=FIGURE_FILE, **_DRAWN)
def plot_forecast(
    model: Forecaster, path: PathLike | None = None, *, level: float = 0.8, past: int | None = None
) -> Figure:
    """Draw the end of each series and its forecasts with their intervals.

    Parameters
    ----------
    model : Forecaster
        Fitted; without columns that are known ahead. Of many series the first six are drawn.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.
    level : float, default 0.8
        Of the intervals.
    past : int, optional
        Steps of the past that are drawn; None is four horizons, or three seasons where that is more.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Examples
    --------
    >>> import bineural as bn
    >>> flights = bn.load_dataset("air_passengers")
    >>> model = bn.fit_forecast(
    ...     flights, "passengers", horizon=12, season=12, time="month", architecture="snaive"
    ... )
    >>> figure = bn.plot_forecast(model)  # figure.savefig("flights.png")
    """
    table = forecast_data(model, level, past)
    names = list(table["series"].unique())
    figure = new_figure(6.4, 1.2 + 2.6 * len(names))
    for k, name in enumerate(names):
        axes = figure.add_subplot(len(names), 1, k + 1)
        rows = table[table["series"] == name]
        before, ahead = rows[rows["part"] == "past"], rows[rows["part"] == "forecast"]
        axes.plot(before["time"], before["mean"], color="0.3", label="series")
        axes.fill_between(
            ahead["time"], ahead["lower"], ahead["upper"], color=COLOURS[0], alpha=0.2, linewidth=0
        )
        axes.plot(ahead["time"], ahead["mean"], color=COLOURS[0], label="forecast")
        axes.set(ylabel=plain_text(str(name)))
        plain_axes(axes)
        _few_dates(axes, rows["time"])
    legend_below(figure, f"Band: {100 * level:g}% interval", ncols=2)
    return write_figure(figure, path)


@checked(**_DRAWN)
def forecast_data(model: Forecaster, level: float = 0.8, past: int | None = None) -> DataFrame:
    """Make the table behind `plot_forecast`.

    Parameters
    ----------
    model : Forecaster
    level : float
    past : int, optional

    Returns
    -------
    pandas.DataFrame
        Columns series, part ("past" or "forecast"), time, mean, lower, upper (NaN of the past).
    """
    import pandas as pd

    if not hasattr(model, "task_"):
        raise InputError(
            "`model` must be what fit_forecast() returned.",
            f"It is of type {type(model).__name__}.",
            "Fit one.",
        )
    table = model.task_.table
    past = max(4 * model.task_.horizon, 3 * model.season_) if past is None else past
    ahead, parts = model.forecast(level=level), []
    for series in table.series[:_MOST]:
        n = min(past, len(series.values))
        times = table.axis.at(series.end - n + np.arange(n))
        gap = np.full(n, np.nan)
        before = {"series": series.name, "part": "past", "time": times, "mean": series.values[-n:]}
        parts.append(pd.DataFrame(before | {"lower": gap, "upper": gap}))
        rows = ahead[ahead[".series"] == series.name].reset_index(drop=True)
        columns = {f".{name}": name for name in ("series", "time", "mean", "lower", "upper")}
        rows = rows.rename(columns=columns).assign(part="forecast")
        parts.append(rows[["series", "part", "time", "mean", "lower", "upper"]])
    return pd.concat(parts, ignore_index=True)


@checked(path=FIGURE_FILE)
def plot_origins(comparison: ForecastComparison, path: PathLike | None = None) -> Figure:
    """Draw the measure of each forecaster at each origin.

    Parameters
    ----------
    comparison : ForecastComparison
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    table = origins_data(comparison)
    figure = new_figure(6.4, 4.2)
    axes = figure.add_subplot()
    for i, name in enumerate(comparison.models):
        rows = table[table["model"] == name]
        axes.plot(rows["origin"], rows["value"], label=plain_text(name), **curve_look(i))
    axes.set(xlabel="First time that is forecast", ylabel=table.attrs["y"])
    plain_axes(axes)
    _few_dates(axes, table["origin"])
    legend_below(figure, None)
    return write_figure(figure, path)


def _few_dates(axes, times):
    """Mark so few dates on the axis that their labels stand apart; other times stay as they are."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    if times.dtype.kind == "M":
        zone = getattr(times.dtype, "tz", None)
        locator = AutoDateLocator(tz=zone, maxticks=7)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=zone))


def origins_data(comparison: ForecastComparison) -> DataFrame:
    """Make the table behind the plot of a comparison of forecasters.

    Parameters
    ----------
    comparison : ForecastComparison

    Returns
    -------
    pandas.DataFrame
        Columns model, origin, value: the measure, mean over series and draws. `attrs`: "y", its name.
    """
    scores = comparison.scores.rename(columns={comparison.measure: "value"})
    table = scores.groupby(["model", "origin"], sort=False)["value"].mean().reset_index()
    table.attrs["y"] = {"mase": "MASE", "rmsse": "RMSSE", "pinball": "Pinball loss"}[comparison.measure]
    return table


add_figure("Forecaster", plot_forecast, forecast_data)
add_figure("ForecastComparison", plot_origins, origins_data)
