"""Regular times: a column of dates, periods or numbers as whole positions on an axis with one step.

Dates of one day of the month (or all at the end of theirs) are counted in months, other dates by the span
from one to the next, numbers by their difference. The step is the commonest distance; every other distance
must be one step, or the column has a gap, or is irregular.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural.errors import ColumnError
from bineural.messages import first_of, number_are, number_of
from bineural.splitting.time_text import read_time_values

_ROUNDING = 0.02  # of a step: numbers such as 1949.083 are rounded
_NEAR = 0.1  # distances of numbers that differ by no more than this share are one step, rounded
_DAY = 86_400 * 10**9
_SPANS = {7 * _DAY: "week", _DAY: "day", 3600 * 10**9: "hour", 60 * 10**9: "minute", 10**9: "second"}
_MONTHS = {12: "year", 3: "quarter", 1: "month"}


@dataclass(frozen=True)
class TimeAxis:
    """An axis of regular times.

    Attributes
    ----------
    kind : {"months", "spans", "numbers"}
        What a step is counted in: months, nanoseconds, or the numbers themselves.
    first : int or float
        Position 0: months since January 1970, nanoseconds since 1970, or a number.
    step : int or float
    day : int
        Day of the month of "months"; 0 is the last of each.
    clock : int
        Nanoseconds since midnight of "months".
    zone : str
        Time zone of dates; "" for none.
    whole : bool
        Whether all numbers are whole.
    """

    kind: str
    first: float
    step: float
    day: int = 1
    clock: int = 0
    zone: str = ""
    whole: bool = False

    def at(self, positions):
        """Return the times of positions: a pandas.DatetimeIndex, or an Index of numbers."""
        import pandas as pd

        positions = np.asarray(positions, dtype=np.int64)
        if self.kind == "numbers":
            numbers = self.first + positions * self.step
            return pd.Index(np.round(numbers).astype(np.int64) if self.whole else numbers)
        if self.kind == "months":
            months = (int(self.first) + positions * int(self.step)).astype("datetime64[M]")
            days = months.astype("datetime64[D]") + (self.day - 1)
            if not self.day:
                days = (months + 1).astype("datetime64[D]") - 1
            nanos = days.astype("datetime64[ns]") + np.timedelta64(int(self.clock), "ns")
        else:
            nanos = (int(self.first) + positions * int(self.step)).astype("datetime64[ns]")
        index = pd.DatetimeIndex(nanos)
        if not self.zone:
            return index
        local = self.kind == "months" or self.step % _DAY == 0
        return index.tz_localize(self.zone) if local else index.tz_localize("UTC").tz_convert(self.zone)

    def find(self, values, name):
        """Return the positions of times, int64 (n,); those between two steps are refused."""
        read = read_times(values, name)
        exact = (read.in_unit(self.kind) - self.first) / self.step
        positions = np.round(exact)
        off = np.abs(exact - positions) > _ROUNDING
        same = read.kind_fits(self)
        if not same or off.any():
            shown = str(list(values)[int(np.argmax(off))] if same else list(values)[0])
            raise ColumnError(
                f"Times of {name} must be a {self.unit} apart, as those trained on.",
                f"Found {shown}, where the series has {self.at([0])[0]}.",
                "Give rows of the same kind of times.",
            )
        return positions.astype(np.int64)

    @property
    def unit(self):
        """A step in words: "month", "day", "15 minutes", "step of 0.5"."""
        if self.kind == "numbers":
            return "step" if self.step == 1 else f"step of {self.step:g}"
        names = _MONTHS if self.kind == "months" else _SPANS
        size, name = next((size, name) for size, name in names.items() if self.step % size == 0)
        return name if self.step == size else number_of(int(self.step // size), name)

    def shown(self, position):
        """Write a time for a sentence."""
        time = self.at([position])[0]
        if self.kind == "numbers":
            return f"{time:g}"
        if self.kind == "months" and self.day == 1 and not self.clock:
            return f"{time:%Y}" if self.step % 12 == 0 and time.month == 1 else f"{time:%Y-%m}"
        whole_days = self.kind == "months" or (self.step % _DAY == 0 and time == time.normalize())
        return f"{time:%Y-%m-%d}" if whole_days else f"{time:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class ReadTimes:
    """Times as they were read: nanoseconds since 1970 (int64) with their zone, or numbers (float64)."""

    values: np.ndarray
    dates: bool
    zone: str = ""

    def in_unit(self, kind):
        """Return the times in the unit of an axis of that kind: months, nanoseconds or numbers."""
        return self.months if kind == "months" and self.dates else self.values

    @property
    def months(self):
        """Months since January 1970."""
        return self.values.astype("datetime64[ns]").astype("datetime64[M]").astype(np.int64)

    @property
    def days(self):
        """Days of the month, and whether each is the last."""
        dates = self.values.astype("datetime64[ns]").astype("datetime64[D]")
        months = dates.astype("datetime64[M]")
        last = (months + 1).astype("datetime64[D]") - 1 == dates
        return (dates - months.astype("datetime64[D]")).astype(np.int64) + 1, last

    def kind_fits(self, axis):
        """Say whether times can lie on an axis: dates on one of dates, of its day of the month."""
        if self.dates != (axis.kind != "numbers"):
            return False
        if axis.kind != "months":
            return True
        day, last = self.days
        return bool(np.all(last if not axis.day else day == axis.day))


def read_times(values, name):
    """Read a column of times: dates of every library, periods, numbers, or text of one form.

    Parameters
    ----------
    values : pandas.Series or pandas.Index
    name : str
        The column, for messages.

    Returns
    -------
    ReadTimes

    Raises
    ------
    ColumnError
        If a time is missing, or the column holds no times.
    """
    import pandas as pd

    series = pd.Series(values).reset_index(drop=True)
    if series.isna().any():
        raise ColumnError(
            f"Every row must have its time in {name}.",
            f"{number_are(int(series.isna().sum()), 'time', len(series))} missing.",
            "Fill them in, or leave these rows out.",
        )
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
        dtype = series.dtype
    if isinstance(dtype, pd.PeriodDtype):
        return _dates(series.dt.to_timestamp())
    if dtype.kind in "iuf" or pd.api.types.is_numeric_dtype(dtype) and dtype.kind != "b":
        return ReadTimes(series.to_numpy(np.float64), dates=False)
    if dtype.kind == "M" or isinstance(dtype, pd.DatetimeTZDtype):
        return _dates(series)
    if all(isinstance(value, str) for value in series):
        read, _ = read_time_values(series.tolist(), name)
        if read.ndim == 1:
            return ReadTimes(read, dates=False)
        return ReadTimes(read[:, 0] * _DAY + read[:, 1], dates=True)
    if all(isinstance(value, pd.Period) for value in series):
        return _dates(pd.Series(pd.PeriodIndex(series)).dt.to_timestamp())
    try:
        return _dates(pd.to_datetime(series))
    except (TypeError, ValueError) as error:
        raise ColumnError(
            f"{name} must hold times: dates, periods or numbers.",
            f"It holds values such as {series.iloc[0]!r}.",
            "Write them as 2021-01-31, or give numbers that count the steps.",
        ) from error


def _dates(series):
    """Return dates as nanoseconds: those with a zone in local time where all are midnights there."""
    zone = "" if series.dt.tz is None else str(series.dt.tz)
    if zone:
        local = series.dt.tz_localize(None)
        midnights = bool((local == local.dt.normalize()).all())
        series = local if midnights else series.dt.tz_convert("UTC").dt.tz_localize(None)
    return ReadTimes(series.to_numpy("datetime64[ns]").astype(np.int64), dates=True, zone=zone)


def find_axis(read, owners, names, name):
    """Find the axis that the times of one or several series lie on.

    Parameters
    ----------
    read : ReadTimes
        Of all rows.
    owners : ndarray of int, shape (n_rows,)
        The series of each row.
    names : list
        What the series are called.
    name : str
        The column of times, for messages.

    Returns
    -------
    axis : TimeAxis
        With position 0 at the first time of all.
    positions : ndarray of int64, shape (n_rows,)

    Raises
    ------
    ColumnError
        If times come twice, have gaps, or are not a step apart; it says where.
    """
    _refuse_twice(read, owners, names, name)
    kind = "numbers"
    if read.dates:
        day, last = read.days
        clock = np.unique(read.values % _DAY)
        monthly = len(clock) == 1 and len(np.unique(read.months)) > 1
        monthly = monthly and (len(np.unique(day)) == 1 or bool(last.all())) and len(read.values) > 1
        kind = "months" if monthly and not _too_near(read, owners) else "spans"
    values = read.in_unit(kind)
    distances = np.concatenate(
        [np.diff(np.sort(values[owners == k])) for k in range(len(names))] or [np.empty(0)]
    )
    if not len(distances):
        raise ColumnError(
            "A series must have at least two times.", f"{name} has one.", "Give more of its past."
        )
    step = _commonest(distances)
    first = values.min()
    exact = (values - first) / step
    positions = np.round(exact)
    axis = TimeAxis(kind, first if kind == "numbers" else int(first), step)
    if kind == "numbers":
        whole = bool((values == np.round(values)).all() and step == round(step))
        axis = TimeAxis(kind, float(first), float(step), whole=whole)
    elif kind == "months":
        at_end = bool(last.all()) and len(np.unique(day)) > 1
        axis = TimeAxis(kind, int(first), int(step), 0 if at_end else int(day[0]), int(clock[0]), read.zone)
    else:
        axis = TimeAxis(kind, int(first), int(step), zone=read.zone)
    off = np.abs(exact - positions) > _ROUNDING
    if off.any():
        _refuse_irregular(axis, values, off, name)
    positions = positions.astype(np.int64)
    _refuse_gaps(axis, positions, owners, names, name)
    return axis, positions


def _too_near(read, owners):
    """Say whether two times of a series lie in one month, so that it is not counted in months."""
    return any(len(np.unique(read.months[owners == k])) < np.sum(owners == k) for k in np.unique(owners))


def _commonest(distances):
    """Return the commonest distance; of numbers those that rounding makes different are one."""
    if distances.dtype.kind in "iu":
        sizes, counts = np.unique(distances, return_counts=True)
        return sizes[np.argmax(counts)]
    middle = np.median(distances)
    near = distances[np.abs(distances - middle) <= _NEAR * abs(middle)]
    return float(np.mean(near)) if len(near) else float(np.min(distances))


def _of_series(names, k):
    return f" of {names[k]!r}" if len(names) > 1 else ""


def _refuse_twice(read, owners, names, name):
    order = np.lexsort([read.values, owners])
    same = (np.diff(read.values[order]) == 0) & (np.diff(owners[order]) == 0)
    if same.any():
        row = order[1:][same][0]
        what = _plain_time(read, row)
        hint = "Aggregate the rows of one time first"
        hint = hint if len(names) > 1 else "Name the column of `series`, or aggregate the rows of one time"
        raise ColumnError(
            f"A series must have one row for each time of {name}.",
            f"{number_of(int(same.sum()), 'row')} repeat the time of another, the first"
            f"{_of_series(names, owners[row])} {what}.",
            f"{hint}.",
        )


def _plain_time(read, row):
    if not read.dates:
        return f"{read.values[row]:g}"
    return str(read.values[row].astype("datetime64[ns]").astype("datetime64[s]")).replace("T00:00:00", "")


def _refuse_irregular(axis, values, off, name):
    order = np.argsort(values)
    row = order[np.flatnonzero(off[order])[0]]
    moment, others, unit = values[row], int(off.sum()) - 1, axis.unit
    unit = unit if unit[0].isdigit() else f"{'an' if unit == 'hour' else 'a'} {unit}"
    if axis.kind == "spans":
        moment = str(np.int64(moment).astype("datetime64[ns]").astype("datetime64[s]"))
    raise ColumnError(
        f"Times of {name} must be equally far apart.",
        f"Most are {unit} apart; {moment} is not"
        + (f", nor {'are' if others > 1 else 'is'} {number_of(others, 'other')}." if others else "."),
        "Aggregate to equal steps (a sum or mean of each week, for example), or number the rows 1, 2, ... "
        "if the steps count and not the dates.",
    )


def _refuse_gaps(axis, positions, owners, names, name):
    gaps = []
    for k in range(len(names)):
        mine = np.sort(positions[owners == k])
        missing = np.setdiff1d(np.arange(mine[0], mine[-1] + 1), mine)
        gaps += [(k, position) for position in missing]
    if gaps:
        k = gaps[0][0]
        first = first_of([axis.shown(position) for which, position in gaps if which == k], 3)
        n_series = len({which for which, _ in gaps})
        many = f", in {n_series} series" if n_series > 1 else ""
        raise ColumnError(
            f"A series must have every {axis.unit} from its first time to its last.",
            f"{number_of(len(gaps), 'time')} of {name} {'is' if len(gaps) == 1 else 'are'} missing{many}: "
            f"{first}{_of_series(names, k)}.",
            "Add rows for them, with a value that you can defend, or begin after the last gap.",
        )
