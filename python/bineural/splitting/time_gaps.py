"""Gaps: where times that follow each other are further apart than the least distance that there is."""

import numpy as np

_SLACK = 1e-6  # of a distance: what rounding makes of it


def find_gaps(values, ranks, before, after):
    """Find pairs of rows whose times are further apart than others.

    Parameters
    ----------
    values : pandas.Series, shape (n_rows,)
        Times, none of them missing: numbers, dates, periods, or text.
    ranks : ndarray of int64, shape (n_rows,)
        Their ranks, see `rank_times`.
    before, after : ndarray of int64, shape (n_pairs,)
        Positions of two rows that follow each other.

    Returns
    -------
    ndarray of int64
        Places among the pairs. Dates count as evenly spaced if their seconds are, or the hours of the clock
        on the wall, or their months; what is no number and no date, if no value of all rows lies between.
    """
    gaps = None
    for places in _scales(values, ranks):
        steps = places[after] - places[before]
        least = steps[steps > 0].min(initial=np.inf)
        wide = np.flatnonzero(steps > least * (1 + _SLACK))
        gaps = wide if gaps is None else gaps
        if not len(wide):
            return wide
    return gaps


def _scales(values, ranks):
    """Yield times as numbers, in each way in which they may be evenly spaced."""
    import pandas as pd
    from pandas.api import types

    if types.is_numeric_dtype(values.dtype):
        yield values.to_numpy(np.float64)
        return
    if isinstance(values.dtype, pd.PeriodDtype):
        yield values.array.asi8.astype(np.float64)
        return
    if not types.is_datetime64_any_dtype(values.dtype):
        values = pd.to_datetime(values.astype(str), format="ISO8601", errors="coerce")
        if values.isna().any() or not types.is_datetime64_any_dtype(values.dtype):
            yield ranks.astype(np.float64)
            return
    yield _seconds(values)
    if values.dt.tz is not None:
        yield _seconds(values.dt.tz_localize(None))
    on_one_day = (values.dt.day == values.dt.day.iloc[0]).all() or values.dt.is_month_end.all()
    if on_one_day and (values.dt.time == values.dt.time.iloc[0]).all():
        yield (values.dt.year * 12 + values.dt.month).to_numpy(np.float64)


def _seconds(values):
    return values.to_numpy("datetime64[ns]").astype(np.int64) / 1e9
