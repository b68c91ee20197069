"""New rows for a fitted forecaster: times to come and what is known of them, or the series by now."""

import numpy as np

from bineural.errors import ColumnError, InputError
from bineural.forecasting.series import read_series
from bineural.messages import listed, number_are
from bineural.tables.frames import as_frame, is_frame


def renewed(table, data):
    """Return the table of the series as they are by now; None where the outcome is not among the rows.

    Parameters
    ----------
    table : SeriesTable
        That was fitted.
    data : data frame or array_like
    """
    if is_frame(data):
        frame = as_frame(data)
        if table.outcome not in frame.columns or frame[table.outcome].isna().all():
            return None
    new = read_series(data, table.outcome, table.time, table.column, table.known)
    if (new.axis.kind, new.axis.step, new.axis.day) != (table.axis.kind, table.axis.step, table.axis.day):
        raise InputError(
            "New rows must be as far apart as those that were fitted.",
            f"They are a {new.axis.unit} apart, and those a {table.axis.unit}.",
            "Give the same series, longer.",
        )
    shift = (new.axis.first - table.axis.first) / table.axis.step
    moved = tuple(_moved(series, round(shift)) for series in new.series)
    return type(table)(moved, table.axis, table.outcome, table.time, table.column, table.known)


def _moved(series, steps):
    return type(series)(series.name, series.start + steps, series.values, series.known)


def extended(table, data):
    """Return the same table with what rows of the times to come say is known ahead.

    Raises
    ------
    ColumnError, InputError
        If a column is missing, or times do not follow the series without a gap.
    """
    frame = as_frame(data)
    needed = [*table.known, *[name for name in (table.time, table.column) if name is not None]]
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise ColumnError(
            "Rows of the times to come must have their time, series and what is known ahead.",
            f"{listed(missing)} are missing.",
            "Add these columns.",
        )
    values = frame[list(table.known)].to_numpy(np.float64) if table.known else np.empty((len(frame), 0))
    if not np.isfinite(values).all():
        raise InputError(
            "What is known ahead must be finite in every row.",
            f"{number_are(int((~np.isfinite(values)).sum()), 'value')} missing or infinite.",
            "Fill them in.",
        )
    return table.with_known([_ahead_of(table, each, frame, values) for each in table.series])


def _ahead_of(table, series, frame, values):
    """Return what is known of a series, from its first value on, with the rows to come appended."""
    rows = (
        np.ones(len(frame), bool) if table.column is None else (frame[table.column] == series.name).to_numpy()
    )
    rows = np.flatnonzero(rows)
    if table.time is None:
        positions = series.end + np.arange(len(rows))
    else:
        positions = table.axis.find(frame[table.time].iloc[rows], table.time)
    order = np.argsort(positions)
    rows, positions = rows[order], positions[order]
    later = positions >= series.end
    rows, positions = rows[later], positions[later]
    if not np.array_equal(positions, series.end + np.arange(len(rows))):
        raise InputError(
            "Rows of the times to come must follow the series without a gap.",
            f"{series.name!r} ends at {table.axis.shown(series.end - 1)}; the rows have "
            f"{listed([table.axis.shown(p) for p in positions], 3)}.",
            "Give every time from there on, each once.",
        )
    return np.concatenate([series.known[: len(series.values)], values[rows]])
