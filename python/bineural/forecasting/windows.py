"""Windows of a series: lags, season and what is known ahead on one side, the next steps on the other.

A window ends at a time; what came before it is on its left, what comes after it on its right. Each window is
taken in a unit of its own: values less the window's mean, over its SD. What is learnt of the next steps is
how far they are from the naive forecast (the last value, or the value of the season before), in that unit:
a model that learns nothing, and predicts 0, is the naive forecast. As a window knows nothing but its own
values, the windows of an origin are those of the whole series that end early enough.
"""

from dataclasses import dataclass

import numpy as np

from bineural.forecasting.calendar import calendar_waves, season_waves


@dataclass(frozen=True)
class Windows:
    """Windows of all series.

    Attributes
    ----------
    X : ndarray of float64, shape (n, n_columns)
        Lags in the window's unit (oldest first), waves of season and calendar, and what is known ahead of
        each step less what was known at the step that the naive forecast repeats, over the unit: what it
        adds to the series is then the same in every window.
    Y : ndarray of float64, shape (n, horizon)
        Next steps less the naive forecast, in the window's unit; NaN where the series has ended.
    base : ndarray of float64, shape (n, horizon)
        The naive forecast.
    unit : ndarray of float64, shape (n,)
        SD of the window; 0 where all its values are the same.
    series : ndarray of int, shape (n,)
        Which series a window is of.
    end : ndarray of int, shape (n,)
        Position after the window's last value.
    n_lags : int
    """

    X: np.ndarray
    Y: np.ndarray
    base: np.ndarray
    unit: np.ndarray
    series: np.ndarray
    end: np.ndarray
    n_lags: int

    def training_rows(self, origin):
        """Return the windows whose next steps are all known before an origin, and that have a unit."""
        horizon = self.Y.shape[1]
        known = (self.end + horizon <= origin) & np.isfinite(self.Y).all(axis=1)
        return np.flatnonzero(known & (self.unit > 0))

    def rows_at(self, origin):
        """Return the windows that end at an origin."""
        return np.flatnonzero(self.end == origin)

    def in_its_unit(self, rows, predicted):
        """Return forecasts of rows in the unit of the series: the naive forecast and what is added to it."""
        return self.base[rows] + self.unit[rows, None] * predicted


def make_windows(table, horizon, season, n_lags, calendar=()):
    """Make all windows of a table of series.

    Parameters
    ----------
    table : SeriesTable
    horizon, season, n_lags : int
        `season` is 1 for none, and at most `n_lags`.
    calendar : sequence of str

    Returns
    -------
    Windows
    """
    parts = [_of_series(k, each, horizon, season, n_lags) for k, each in enumerate(table.series)]
    lags, Y, base, unit, ahead, series, end = (np.concatenate(part) for part in zip(*parts))
    columns = [lags, season_waves(end, season), calendar_waves(table.axis, end, calendar), ahead]
    return Windows(np.hstack(columns), Y, base, unit, series, end, n_lags)


def _of_series(k, series, horizon, season, n_lags):
    values, n = series.values, len(series.values)
    ends = np.arange(n_lags, n + 1)
    lags = _taken(values, ends[:, None] + np.arange(-n_lags, 0))
    steps = np.arange(horizon)
    repeated = ends[:, None] - season + steps % season
    base = _taken(values, repeated)
    unit = lags.std(axis=1)
    unit = np.where(unit > 1e-12 * np.abs(lags).max(axis=1, initial=0.0), unit, 0.0)
    divisor = np.where(unit > 0, unit, 1.0)[:, None]
    Y = (_taken(values, ends[:, None] + steps) - base) / divisor
    known = series.known
    ahead = (_taken(known, ends[:, None] + steps) - _taken(known, repeated)) / divisor[..., None]
    lags = (lags - lags.mean(axis=1, keepdims=True)) / divisor
    return (
        lags,
        Y,
        base,
        unit,
        ahead.reshape(len(ends), horizon * known.shape[1]),
        np.full(len(ends), k),
        series.start + ends,
    )


def _taken(values, places):
    """Return values at places, NaN beyond the end."""
    inside = places < len(values)
    taken = np.full((*places.shape, *values.shape[1:]), np.nan)
    taken[inside] = values[places[inside]]
    return taken
