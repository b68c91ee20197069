"""A table of one or many series, checked: equal steps, no gaps, numbers, and what is known ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bineural.errors import ColumnError, InputError, OutcomeError
from bineural.forecasting.times import TimeAxis, find_axis, read_times
from bineural.messages import listed, near_names, number_are, number_of, shown
from bineural.tables.frames import as_frame, is_frame


@dataclass(frozen=True)
class Series:
    """One series.

    Attributes
    ----------
    name : object
        As the column of series has it; the outcome's name where there is none.
    start : int
        Position of its first value on the axis.
    values : ndarray of float64, shape (n,)
    known : ndarray of float64, shape (n_known, k)
        What is known ahead, from the first value on; n_known may exceed n.
    """

    name: object
    start: int
    values: np.ndarray
    known: np.ndarray

    @property
    def end(self):
        """Position after its last value."""
        return self.start + len(self.values)


@dataclass(frozen=True)
class SeriesTable:
    """Series on one axis of regular times.

    Attributes
    ----------
    series : tuple of Series
    axis : TimeAxis
    outcome : str
    time, column : str or None
        Columns of times and of what series a row is of.
    known : tuple of str
        Columns that are known ahead.
    """

    series: tuple
    axis: TimeAxis
    outcome: str
    time: str | None = None
    column: str | None = None
    known: tuple = ()

    @property
    def end(self):
        """Position after the last value of any series."""
        return max(each.end for each in self.series)

    @property
    def n_values(self):
        """Values of all series."""
        return sum(len(each.values) for each in self.series)

    def with_known(self, rows):
        """Return the same with what is known ahead as `rows` have it, a list of arrays."""
        series = tuple(replace(each, known=known) for each, known in zip(self.series, rows))
        return replace(self, series=series)


def read_series(data, outcome=None, time=None, series=None, known=()):
    """Read a table of one or many series.

    Parameters
    ----------
    data : data frame, pandas.Series or array_like
        A row for each time; of a Series, or numbers alone, outcome and times are those of its index.
    outcome : str, optional
        Column that is forecast. Rows at the end of a series in which it is missing are the future: only
        what is known ahead is taken from them.
    time : str, optional
        Column of times; None is the index where that holds dates or periods, else rows are in order.
    series : str, optional
        Column that says which series a row is of.
    known : sequence of str
        Columns of numbers that are known ahead.

    Returns
    -------
    SeriesTable

    Raises
    ------
    ColumnError, OutcomeError, InputError
        If columns are missing, times irregular, or values missing.
    """
    import pandas as pd

    if not is_frame(data):
        data, outcome = _bare_series(data, outcome)
    index = data.index if isinstance(data, pd.DataFrame) else None
    frame = as_frame(data)
    _check_columns(frame, outcome, time, series, known)
    owners, names = _owners(frame, series, outcome)
    label = time or "the index"
    if time is not None:
        times = read_times(frame[time], time)
    elif isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex)):
        times = read_times(index.to_series(), label)
    else:
        label, counted = "the rows", np.zeros(len(frame))
        for k in range(len(names)):
            counted[owners == k] = np.arange(1, np.sum(owners == k) + 1)
        times = read_times(pd.Series(counted), label)
    axis, positions = find_axis(times, owners, names, label)
    values = _numbers(frame, outcome, OutcomeError, missing=True)
    ahead = np.column_stack(
        [_numbers(frame, name, ColumnError) for name in known] or [np.empty((len(frame), 0))]
    )
    each = []
    for k, name in enumerate(names):
        rows = np.flatnonzero(owners == k)
        rows = rows[np.argsort(positions[rows], kind="stable")]
        each.append(
            _one_series(name, positions[rows], values[rows], ahead[rows], outcome, axis, len(names) > 1)
        )
    return SeriesTable(tuple(each), axis, str(outcome), time, series, tuple(known))


def _bare_series(data, outcome):
    """Return a frame of a Series or of numbers alone, and the name of its column."""
    import pandas as pd

    if isinstance(data, pd.Series):
        name = outcome or (data.name if isinstance(data.name, str) else "value")
        return data.rename(name).to_frame(), name
    try:
        values = np.asarray(data)
    except ValueError:  # lists of unequal lengths
        values = np.empty((0, 0))
    if values.ndim != 1 or values.dtype.kind not in "iufb":
        raise InputError(
            "`data` must be a data frame with a row for each time, or the numbers of one series.",
            f"Found {shown(data)}.",
            "Give a data frame, and name its `outcome` and `time`.",
        )
    name = outcome if isinstance(outcome, str) else "value"
    return pd.DataFrame({name: values.astype(np.float64)}), name


def _check_columns(frame, outcome, time, series, known):
    if outcome is None:
        raise OutcomeError(
            "`outcome` must name the column that is forecast.",
            f"Found none; the columns are {listed(frame.columns)}.",
            "Pass for example outcome='sales'.",
        )
    asked = {"outcome": outcome, "time": time, "series": series}
    named = [(word, name) for word, name in asked.items() if name is not None]
    named += [("known", name) for name in known]
    for word, name in named:
        if not isinstance(name, str) or name not in frame.columns:
            raise ColumnError(
                f"`{word}` must name a column of the data.",
                f"Found {shown(name)}.",
                near_names(name, frame.columns),
            )
    names = [name for _, name in named]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ColumnError(
            "A column must be one of outcome, time, series and known ahead.",
            f"{twice[0]!r} is named twice.",
            "Name each once.",
        )
    if not len(frame):
        raise InputError("`data` must have rows.", "It has none.", "Check the filter that made it.")


def _owners(frame, series, outcome):
    """Return the series of each row, as a position among their names."""
    import pandas as pd

    if series is None:
        return np.zeros(len(frame), dtype=np.int64), [outcome]
    if frame[series].isna().any():
        raise ColumnError(
            "Every row must say which series it is of.",
            f"{number_of(int(frame[series].isna().sum()), 'row')} of {len(frame)} have no {series}.",
            "Fill it in, or leave these rows out.",
        )
    codes, names = pd.factorize(frame[series], sort=True)
    return codes, pd.Index(names).tolist()


def _numbers(frame, name, error, missing=False):
    column = frame[name]
    kind = getattr(column.dtype, "kind", "O")
    if kind not in "iufb":
        raise error(
            f"`{name}` must be numbers.",
            f"It is of type {column.dtype}, such as {column.iloc[0]!r}.",
            "Code it as numbers (0 and 1 for no and yes).",
        )
    values = column.to_numpy(np.float64, na_value=np.nan)
    if np.isinf(values).any() or (not missing and np.isnan(values).any()):
        bad = ~np.isfinite(values)
        raise error(
            f"`{name}` must be known and finite in every row.",
            f"{number_are(int(bad.sum()), 'value', len(values))} missing or infinite.",
            "Fill them in, or leave the column out.",
        )
    return values


def _one_series(name, positions, values, ahead, outcome, axis, several):
    of = f" of {name!r}" if several else ""
    there = np.flatnonzero(~np.isnan(values))
    if not len(there):
        raise OutcomeError(
            f"`{outcome}`{of} must be known at some time.", "It is missing in all rows.", "Check it."
        )
    n = int(there[-1]) + 1
    gaps = np.flatnonzero(np.isnan(values[:n]))
    if len(gaps):
        when = axis.shown(positions[gaps[0]])
        raise OutcomeError(
            f"`{outcome}`{of} must be known at every time up to its last.",
            f"{number_are(len(gaps), 'value', n)} missing, the first at {when}.",
            "Fill gaps with values that you can defend (the season before, or the mean of the neighbours), "
            "or begin after the last gap.",
        )
    return Series(name, int(positions[0]), values[:n], ahead)


def frame_of_ts(values, start, frequency, name="value"):
    """Make a frame of a series as R's `ts` gives it: columns `time` and `name`.

    Parameters
    ----------
    values : array_like of float64, shape (n,)
    start : float
        Time of the first value, in cycles: 1949.25 is April 1949 where the frequency is 12.
    frequency : float
        Values in a cycle. 12, 4 and 1 are months, quarters and years, where `start` can be a year; times of
        others are numbers.
    name : str

    Returns
    -------
    pandas.DataFrame
    """
    import pandas as pd

    values = np.asarray(values, dtype=np.float64).reshape(-1)
    if frequency in (1, 4, 12) and 1000 <= start < 3000:
        step, first = int(12 // frequency), round((start - 1970) * 12)
        months = (first + step * np.arange(len(values))).astype("datetime64[M]")
        return pd.DataFrame({"time": months.astype("datetime64[s]"), name: values})
    return pd.DataFrame({"time": start + np.arange(len(values)) / frequency, name: values})
