"""`fit_forecast`: a forecaster of one or many series, with intervals from past origins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bineural._typing import RowsLike, Seed
from bineural.checks import checked
from bineural.forecasting.forecaster import CHECKS, Forecaster


@checked(**CHECKS)
def fit_forecast(
    data: RowsLike,
    outcome: str | None = None,
    *,
    horizon: int,
    season: int | None = None,
    time: str | None = None,
    series: str | None = None,
    known: str | Sequence[str] | None = None,
    calendar: str | Sequence[str] | None = None,
    lags: int | None = None,
    architecture: Any = "mlp",
    origins: int | None = None,
    seed: Seed = None,
    **options: Any,
) -> Forecaster:
    """Fit a forecaster to one or many series.

    A net is fitted to the windows of all series, and once more at past origins, to what was known there:
    their errors make the intervals. All these nets are trained as one stack.

    Parameters
    ----------
    data : data frame, pandas.Series or array_like
        A row for each time (of each series); of a Series its index is the time. Rows at the end in which the
        outcome is missing are the times to come, of which only what is known ahead is taken.
    outcome : str, optional
        Column that is forecast.
    horizon : int
        Steps to forecast.
    season : int, optional
        Steps in a season: 12 for months, 7 for days. None is no season.
    time : str, optional
        Column of times: dates, periods, numbers, or text of one form. They must be equally far apart, without
        gaps and repeats. None is the index, where that holds dates, else the order of the rows.
    series : str, optional
        Column that says which series a row is of. One model is fitted to all of them.
    known : str or list of str, optional
        Columns of numbers that are known ahead, such as holidays or prices.
    calendar : str or list of str, optional
        Waves of the calendar beside the season: "hour", "weekday", "month", "year_day"; of dates only.
    lags : int, optional
        Past values that a window has, at least `season`. None is 12, or a season and half of it (at most 12
        more), as far as the series allow.
    architecture : str, keras.Model or callable, default "mlp"
        Of a net of columns ("mlp", "skip") or of sequences ("lstm", "gru", "rnn", "cnn_1d", "transformer",
        "bag"), which reads the lags one after the other; or the name of a baseline: "naive" (last value),
        "snaive" (season before), "drift", "mean", "ar" (AR GLM), and where statsmodels is installed "ets"
        and "arima".
    origins : int, optional
        Past origins that intervals come from. None is 30, or as many as the series allow.
    seed : int, optional
        Initial weights and batches follow from it; drawn and kept in `seed_` if None.
    **options
        Of the net, see `fit_net`: `units`, `ensemble`, `epochs`, ...

    Returns
    -------
    Forecaster
        With `forecast()`, `baseline_`, `history_`, `summary()` and `plot()`; goes through `save_model`, and
        into `compare_models`, where it is fitted anew at every origin.

    Raises
    ------
    ColumnError, OutcomeError, InputError
        If columns are missing, times have gaps or are irregular, values are missing, or series too short.

    Notes
    -----
    A window is taken in a unit of its own: values less its mean, over its SD. The net gives all steps of the
    horizon at once (it is direct), as what it adds to the naive forecast, the value of the season before (or
    the last value): a net that learns nothing is the naive forecast with its mean drift. Windows that never
    change are not learnt from, and forecast as the naive forecast does. The AR GLM is a ridge on the same
    columns, direct too.

    A net is by default an ensemble of 5 nets with one hidden layer of 32 units, trained on all windows for
    100 epochs; with more than 1,000 windows for fewer, and with more than 2,000 one net.

    Examples
    --------
    >>> import bineural as bn
    >>> flights = bn.load_dataset("air_passengers")
    >>> model = bn.fit_forecast(
    ...     flights, "passengers", horizon=12, season=12, time="month", architecture="snaive"
    ... )
    >>> model.forecast()[".mean"].head(3).tolist()
    [417.0, 391.0, 419.0]
    """
    settings = {"season": season, "time": time, "series": series, "known": known, "calendar": calendar}
    model = Forecaster(
        horizon, **settings, lags=lags, architecture=architecture, origins=origins, seed=seed, **options
    )
    return model.fit(data, outcome)
