"""Missing predictors across a table's columns: refused, their rows left out, or imputed with an indicator."""

import numpy as np

from bineural.errors import ColumnError, DroppedWarning
from bineural.messages import counted, warn
from bineural.tables import columns as raw


def learn_columns(table, names, policy, counting, known=()):
    """Read training columns and learn their state.

    Parameters
    ----------
    table : pandas.DataFrame
    names : list of str
    policy : {"error", "drop", "impute"}
    counting : ndarray of bool, shape (n_rows,), or None
        Rows that count for medians and frequencies.
    known : collection of str
        Columns that an offset reads: what is known of a row is not imputed.

    Returns
    -------
    states : dict of str to dict
    values : dict of str to ndarray or Factor
        Only the kept rows; nothing missing.
    rows : ndarray of int64
        Positions of the kept rows.
    indicators : dict of str to ndarray of bool
        Which values were missing, for columns that had missing values.
    """
    columns = {name: table[name] for name in names}
    states = {name: raw.learn_kind(column, name) for name, column in columns.items()}
    columns_read = {name: raw.read_column(column, name, states[name]) for name, column in columns.items()}
    values = {name: value for name, (value, _, _) in columns_read.items()}
    gaps = {name: missing for name, (_, missing, _) in columns_read.items() if missing is not None}
    _refuse_unknown_offset(gaps, known, policy, len(table))
    if policy == "impute":
        everyone = np.ones(len(table), dtype=bool) if counting is None else counting
        for name, value in values.items():
            missing = gaps.get(name, ~everyone & False)
            states[name]["fill"] = raw.learn_fill(value, missing, everyone)
            states[name]["indicator"] = name in gaps
    kept = _settle(values, gaps, states, policy, len(table))
    if len(kept) == 0:
        raise ColumnError(
            "At least one row must be complete.", f"All {len(table)} rows hold missing values (NaN)."
        )
    if len(kept) < len(table):
        counts = counted({name: missing.sum() for name, missing in gaps.items()})
        warn(
            DroppedWarning,
            f"Left out {len(table) - len(kept)} of {len(table)} rows with missing values in {counts}.",
        )
    return states, values, kept, gaps if policy == "impute" else {}


def read_columns(table, states, policy, known=()):
    """Read columns as they were learnt: (values, rows, indicators, unseen), see `learn_columns`.

    `unseen` is {column: {label: count}}. Columns with gaps here but none in training are imputed silently.
    """
    columns_read = {name: raw.read_column(table[name], name, state) for name, state in states.items()}
    values = {name: value for name, (value, _, _) in columns_read.items()}
    gaps = {name: missing for name, (_, missing, _) in columns_read.items() if missing is not None}
    _refuse_unknown_offset(gaps, known, policy, len(table))
    if policy == "error":
        hint = 'Leave those rows out, or fit the model with missing="impute" (median and an indicator).'
        _refuse_gaps(gaps, len(table), hint)
    rows = _settle(values, gaps, states, policy, len(table))
    nowhere = np.zeros(len(table), dtype=bool)
    indicators = {name: gaps.get(name, nowhere) for name, state in states.items() if state.get("indicator")}
    return values, rows, indicators, {name: unseen for name, (_, _, unseen) in columns_read.items() if unseen}


def _settle(values, gaps, states, policy, n_rows):
    """Apply the policy to the gaps: changes `values`, returns the positions of the kept rows."""
    if not gaps:
        return np.arange(n_rows)
    if policy == "error":
        hint = 'Choose missing="drop" (leave those rows out) or missing="impute" (median and an indicator).'
        _refuse_gaps(gaps, n_rows, hint)
    if policy == "impute":
        for name, missing in gaps.items():
            values[name] = raw.fill_missing(values[name], missing, states[name]["fill"])
        return np.arange(n_rows)
    kept = np.flatnonzero(~np.logical_or.reduce(list(gaps.values())))
    for name, value in values.items():
        values[name] = raw.take_rows(value, kept)
    return kept


def _refuse_gaps(gaps, n_rows, hint, must="Predictors must not be missing."):
    if gaps:
        counts = ", ".join(f"`{name}` in {int(missing.sum())}" for name, missing in gaps.items())
        raise ColumnError(must, f"Found NaN (missing values) in {counts} of {n_rows} rows.", hint)


def _refuse_unknown_offset(gaps, known, policy, n_rows):
    """Refuse to impute columns that an offset reads: a median exposure would be made up."""
    if policy == "impute":
        gaps = {name: missing for name, missing in gaps.items() if name in known}
        must = "Columns of an offset must not be missing: what is known of a row is not imputed."
        _refuse_gaps(gaps, n_rows, "Leave those rows out.", must)
