"""What is forecast: a table of series, how far ahead, and what each origin may know."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bineural.errors import InputError
from bineural.forecasting.series import SeriesTable
from bineural.forecasting.windows import make_windows
from bineural.messages import number_of

FEWEST_WINDOWS = 10  # that a model must have to learn from at an origin


@dataclass(frozen=True)
class Task:
    """What is forecast.

    Attributes
    ----------
    table : SeriesTable
    horizon : int
        Steps ahead.
    season : int
        Steps in a season; 1 is none.
    n_lags : int
        Values that a window has; at least `season`.
    calendar : tuple of str
    """

    table: SeriesTable
    horizon: int
    season: int = 1
    n_lags: int = 1
    calendar: tuple = ()

    @cached_property
    def windows(self):
        """All windows; see `Windows`."""
        return make_windows(self.table, self.horizon, self.season, self.n_lags, self.calendar)

    @property
    def n_series(self):
        """Number of series."""
        return len(self.table.series)

    @property
    def least(self):
        """Values of a series that an origin must have behind it."""
        return self.n_lags + self.horizon

    def seen(self, k, origin):
        """Return the values of a series before an origin; None where it can't be forecast from there."""
        series = self.table.series[k]
        n = origin - series.start
        return series.values[:n] if self.season < n <= len(series.values) and n >= self.n_lags else None

    def each(self, origins, forecast):
        """Return `forecast(values)` of each series and origin: (n_series, n_origins, horizon)."""
        paths = np.full((self.n_series, len(origins), self.horizon), np.nan)
        for k, o in np.ndindex(paths.shape[:2]):
            values = self.seen(k, origins[o])
            if values is not None:
                paths[k, o] = forecast(values)
        return paths

    def truth(self, origins):
        """Return what came after each origin: float64 (n_series, n_origins, horizon), NaN where unknown."""
        truth = np.full((self.n_series, len(origins), self.horizon), np.nan)
        for k, series in enumerate(self.table.series):
            places = np.asarray(origins)[:, None] - series.start + np.arange(self.horizon)
            inside = (places >= 0) & (places < len(series.values))
            truth[k][inside] = series.values[places[inside]]
        return truth

    def scales(self, origins, power=1):
        """Return the scale of errors of each series at each origin, from what was known there [1]_.

        The mean absolute difference from the value of the season before (`power` 1, for MASE), or the root of
        the mean squared one (2, for RMSSE); NaN where that is 0.
        """
        scales = np.full((self.n_series, len(origins)), np.nan)
        for k, o in np.ndindex(scales.shape):
            values = self.seen(k, origins[o])
            if values is not None:
                change = np.abs(values[self.season :] - values[: -self.season])
                scale = float(np.mean(change**power) ** (1 / power))
                scales[k, o] = scale if scale > 0 else np.nan
        return scales

    def last_origins(self, n, step=1, spare=0):
        """Return n origins, `step` apart, the last of which has its whole horizon known.

        Parameters
        ----------
        n, step : int
        spare : int
            How far before that the last one is.

        Raises
        ------
        InputError
            If the series are too short for them.
        """
        last = self.table.end - self.horizon - spare
        origins = last - step * np.arange(n - 1, -1, -1)
        enough = [self._can_learn(origin) for origin in origins]
        if not all(enough):
            possible = int(np.sum(enough))
            raise InputError(
                f"There must be enough of the past for {number_of(n, 'origin')}.",
                f"The first must have {self.n_lags} lags and {FEWEST_WINDOWS} windows of {self.horizon} "
                f"steps behind it; of {self.table.n_values} values, {possible} of {n} origins have.",
                f"Use at most {possible} origins, fewer `lags` or a shorter `horizon`."
                if possible
                else "Use fewer `lags`, a shorter `horizon`, or more of the past.",
            )
        return origins

    def possible_origins(self, most, step=1):
        """Return up to `most` origins of the kind that `last_origins` gives, as many as there can be."""
        last = self.table.end - self.horizon
        origins = last - step * np.arange(most - 1, -1, -1)
        return np.array([o for o in origins if self._can_learn(o)], dtype=np.int64)

    def _can_learn(self, origin):
        counts = [
            min(origin, series.end) - series.start - self.least + 1
            for series in self.table.series
            if series.start < origin
        ]
        return sum(count for count in counts if count > 0) >= FEWEST_WINDOWS


def default_lags(season, shortest, horizon):
    """Return how many lags a window has by default: a season and a half of it, as far as the series allow.

    Parameters
    ----------
    season : int
    shortest : int
        Values of the shortest series.
    horizon : int
    """
    wanted = 12 if season == 1 else season + max(2, min(season // 2, 12))
    return max(season, 2, min(wanted, (shortest - horizon) // 2))
