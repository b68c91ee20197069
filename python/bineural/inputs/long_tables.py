"""`as_sequences`: sequences of a long table, which has a row for each step, or of arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bineural._typing import RowsLike
from bineural.checks import checked, labels, text
from bineural.data.sequences import Sequences
from bineural.errors import ColumnError, InputError
from bineural.inputs.kinds import describe
from bineural.inputs.sequence_lists import read_sequences
from bineural.messages import listed, near_names, shown
from bineural.splitting.time_gaps import find_gaps
from bineural.splitting.time_values import rank_times
from bineural.tables.frames import as_frame, is_frame, numeric_values
from bineural.tables.rows import label_codes


@checked(
    id=text("Pass the name of a column.").or_none(),
    time=text("Pass the name of a column.").or_none(),
    outcome=text("Pass the name of a column.").or_none(),
    features=labels("Pass names of columns in a list.").or_none(),
)
def as_sequences(
    data: RowsLike,
    id: str | None = None,
    time: str | None = None,
    outcome: str | None = None,
    features: Sequence[str] | None = None,
) -> Sequences:
    """Make sequences of a long table, which has a row for each step, or of arrays.

    Parameters
    ----------
    data : data frame, sequence of array_like (time, n_features), or array_like (n_rows, time, n_features)
        A long table; or sequences, one array each, or one of all. Series have no axis of features.
    id : str, optional
        Column of a long table that says which sequence a row is of.
    time : str, optional
        Column that says when: numbers, dates, or text of one form. Rows are brought into its order; times of
        a sequence must be evenly spaced, by days or months for example. None: rows stand in their order.
    outcome : str, optional
        Column that is predicted, and is the same in all rows of a sequence.
    features : sequence of str, optional
        Columns that are read at each step. None: all columns of numbers and truths but those above.

    Returns
    -------
    Sequences
        In the order in which their ids first come. Its `rows` are a data frame with a row for each, by id:
        the outcome, and other columns of text that do not change within a sequence; `outcome` is the one
        column. `sequences[mask]` takes some with their rows.

    Raises
    ------
    ColumnError
        If there is no such column, an id or a time is missing, a time comes twice in a sequence or is left
        out, the outcome changes within one, or a feature is no number; it names the sequence.
    InputError
        If the data are no sequences, or a value is missing or infinite.

    Examples
    --------
    >>> import bineural as bn
    >>> import pandas as pd
    >>> days = pd.DataFrame({"who": ["ann", "ann", "bo", "bo", "bo"], "day": [2, 1, 1, 2, 3]})
    >>> days["pulse"], days["ill"] = [71.0, 65, 80, 90, 95], ["no", "no", "yes", "yes", "yes"]
    >>> pulses = bn.as_sequences(days, id="who", time="day", outcome="ill")
    >>> pulses
    <2 sequences of 2 to 3 steps, 1 feature>
    >>> pulses[0].tolist(), pulses.outcome.tolist()
    ([[65.0], [71.0]], ['no', 'yes'])
    """
    asked = {"id": id, "time": time, "outcome": outcome, "features": features}
    if not is_frame(data):
        return _of_arrays(data, asked)
    if id is None:
        raise InputError(
            "`id` must name the column that says which sequence a row is of.",
            f"Found none, and a table of the columns {listed(list(as_frame(data).columns))}.",
            "Write for example as_sequences(data, id='patient', time='day').",
        )
    frame = as_frame(data)
    for role, name in (("id", id), ("time", time), ("outcome", outcome)):
        _check_column(frame, name, role)
    for name in features or []:
        _check_column(frame, name, "features")
    codes, ids = _read_ids(frame[id], id)
    order = _order_rows(frame, codes, ids, time)
    frame, codes = frame.iloc[order], codes[order]
    others = [name for name in frame.columns if name not in (id, time, outcome)]
    if features is None:
        features = [name for name in others if frame[name].dtype.kind in "iufb"]
    if not features:
        raise ColumnError(
            "There must be a column of numbers to read at each step.",
            f"Found {listed(list(frame.columns))}.",
            "Name the columns as `features`, and code text as numbers.",
        )
    values = np.column_stack([numeric_values(frame[name], name) for name in features])
    about = [outcome] * (outcome is not None) + [name for name in others if name not in features]
    rows = _rows_of(frame[about], codes, ids, outcome, id)
    asked = {name: value for name, value in asked.items() if value is not None}
    sequences = Sequences(values, np.bincount(codes), features, rows, outcome, asked)
    sequences.check_finite()
    return sequences


def _of_arrays(data, columns):
    """Return arrays as sequences; they have no columns that could be named."""
    named = [f"{name}={value!r}" for name, value in columns.items() if value is not None]
    if named:
        raise InputError(
            "Columns can be named of a long table only.",
            f"Found {listed(named)} and {describe(data)}.",
            "Pass a data frame with a row for each step.",
        )
    sequences = read_sequences(data, whole=True)
    if not isinstance(sequences, Sequences):
        raise InputError(
            "`data` must be a long table, or arrays of steps.",
            f"Found {describe(data)}.",
            "Pass a data frame, a list of arrays (time, n_features), or an array (n_rows, time, n_features).",
        )
    return sequences


def _check_column(frame, name, role):
    if name is not None and name not in frame.columns:
        raise ColumnError(
            f"`{role}` must name columns of the data.", f"Found {name!r}.", near_names(name, frame.columns)
        )


def _read_ids(column, name):
    """Return the number of each row's sequence, and the ids in the order in which they first come."""
    codes, ids = label_codes(column, f"column {name!r}")
    if (codes < 0).any():
        raise ColumnError(
            "Every row must have the id of its sequence.",
            f"{int((codes < 0).sum())} of {len(codes)} rows have none in column {name!r}.",
            "Leave those rows out, or fill in their ids.",
        )
    return codes, list(ids)


def _order_rows(frame, codes, ids, time):
    """Return the places of the rows, sequence after sequence and in the order of time, which is checked."""
    if time is None:
        return np.argsort(codes, kind="stable")
    column = frame[time].reset_index(drop=True)
    if column.isna().any():
        first = ids[codes[int(column.isna().to_numpy().argmax())]]
        raise ColumnError(
            "Every row must have its time.",
            f"{int(column.isna().sum())} of {len(column)} rows have none in column {time!r}; the first is of "
            f"sequence {shown(first)}.",
            "Leave those rows out, or fill in their times.",
        )
    ranks = rank_times(column, time)[0]
    order = np.lexsort((ranks, codes))
    follows = np.flatnonzero(np.diff(codes[order]) == 0)  # places whose next row is of the same sequence
    before, after = order[follows], order[follows + 1]
    repeated = np.flatnonzero(ranks[before] == ranks[after])
    if len(repeated):
        row = after[repeated[0]]
        raise ColumnError(
            "A sequence can have one row for each time.",
            f"Sequence {shown(ids[codes[row]])} has {column[row]} twice in column {time!r}; times that come "
            f"again: {len(repeated)}.",
            "Keep one of the rows, or give their mean.",
        )
    gaps = find_gaps(column, ranks, before, after)
    if len(gaps):
        here, there = before[gaps[0]], after[gaps[0]]
        raise ColumnError(
            "Times of a sequence must be evenly spaced, without gaps.",
            f"Sequence {shown(ids[codes[here]])} goes from {column[here]} to {column[there]} in column "
            f"{time!r}; gaps in all: {len(gaps)}.",
            "Fill the missing steps in. Where only the order of the rows counts, sort them and leave `time` "
            "out; the time since the row before can be a feature.",
        )
    return order


def _rows_of(columns, codes, ids, outcome, id):
    """Return what columns say of each sequence; those that change within one say nothing of it."""
    import pandas as pd

    first = np.searchsorted(codes, np.arange(len(ids)))
    index = pd.Index(ids, name=id)
    kept = {}
    for name in columns.columns:
        values = columns[name]
        numbers = label_codes(values.reset_index(drop=True), f"column {name!r}")[0]
        changed = np.flatnonzero(numbers != numbers[first][codes])
        if not len(changed):
            kept[name] = values.iloc[first].set_axis(index)
        elif name == outcome:
            there, here = (values.iloc[place] for place in (first[codes[changed[0]]], changed[0]))
            n_changing = len(np.unique(codes[changed]))
            raise ColumnError(
                "The outcome must be the same in all rows of a sequence.",
                f"Sequence {shown(ids[codes[changed[0]]])} has {shown(there)} and {shown(here)} in column "
                f"{name!r}; it changes within {n_changing} of {len(ids)} sequences.",
                "Name what is predicted of a whole sequence, such as its last value.",
            )
    return pd.DataFrame(kept, index=index)
