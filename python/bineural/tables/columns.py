"""Raw columns: what is learnt of each (kind, levels, counts, value for missing ones) and how it is read.

A column's state is a plain dict: kind ("numeric", "logical", "category"), for categories levels, counts and
ordered, and `fill` and `indicator` where missing values are imputed.
"""

import numpy as np

from bineural.errors import ColumnError, UnseenLevelWarning
from bineural.messages import counted_levels, warn
from bineural.tables.factors import Factor
from bineural.tables.frames import category_values, column_kind, maybe_text, numeric_values

_HINTS = {
    "datetime": "Turn it into numbers first (days since a date, year, month), or leave it out.",
    "empty": "Leave it out: nothing can be learnt from it.",
    "other": "Keep one type per column: numbers, text, truths or a category.",
}


def learn_kind(series, name):
    """Start the state of a column: its kind, or the ColumnError that says why it can't be used."""
    kind = column_kind(series)
    if kind in _HINTS:
        trouble = {"datetime": "dates or times", "empty": "nothing but missing values (NaN)"}.get(kind)
        trouble = trouble or f"mixed or unknown values, for example {_strangest(series)!r}"
        raise ColumnError(f"Column `{name}` can't be a predictor.", f"It holds {trouble}.", _HINTS[kind])
    if kind in ("numeric", "logical"):
        return {"kind": kind}
    return {"kind": "category", "ordered": kind == "ordered"}


def _strangest(series):
    values = [v for v in series if v is not None]
    return next((v for v in values if not isinstance(v, (str, int, float))), values[0] if values else None)


def read_column(series, name, state):
    """Read a column as its state says.

    Returns
    -------
    value : ndarray of float64 or bool, or Factor; shape (n_rows,)
    missing : ndarray of bool, shape (n_rows,), or None
        None where nothing is missing.
    unseen : dict
        {label: count} of levels that training never saw (their code is the number of levels).
    """
    if state["kind"] == "category":
        return _read_category(series, state)
    if state["kind"] == "logical":
        return *_read_logical(series, name), {}
    value = numeric_values(series, name)
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(value.sum()):
            return value, None, {}
    missing = np.isnan(value)
    infinite = int(np.isinf(value).sum())
    if infinite:
        raise ColumnError(
            f"Column `{name}` must be finite.",
            f"It holds infinity in {infinite} of {len(value)} rows.",
            "Replace infinite values, or mark them as missing (NaN).",
        )
    return value, missing if missing.any() else None, {}


def _read_logical(series, name):
    value = numeric_values(series, name)
    missing = np.isnan(value)
    wrong = ~missing & (value != 0) & (value != 1)
    if wrong.any():
        raise ColumnError(
            f"Column `{name}` must hold True or False, as in training.",
            f"Found {value[wrong][0]:g}.",
            "Check the column.",
        )
    return value == 1, missing if missing.any() else None


def _read_category(series, state):
    codes, labels = category_values(series)
    levels = state.get("levels")
    if levels is None:  # learning: the column's own levels
        value, unseen = Factor(codes, labels, state["ordered"]), {}
    else:
        place = {level: i for i, level in enumerate(levels)}
        new = [label for label in labels if label not in place]
        if labels == levels:
            value = Factor(codes, levels, state["ordered"])
        else:
            table = np.array([place.get(label, len(levels)) for label in labels] + [-1], dtype=np.int64)
            value = Factor(table[codes], levels, state["ordered"])
        unseen = count_labels(codes, labels, new) if new else {}
    missing = value.codes < 0
    return value, missing if missing.any() else None, unseen


def count_labels(codes, labels, wanted):
    """Count how often the wanted labels occur, leaving out those that don't: {label: count}."""
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    return {label: int(counts[i]) for i, label in enumerate(labels) if label in set(wanted) and counts[i]}


def learn_fill(value, missing, counting):
    """Learn what a missing value becomes: the median, the most frequent level (its place) or truth."""
    there = ~missing & counting
    if not there.any():
        there = ~missing
    if isinstance(value, Factor):
        return int(np.argmax(np.bincount(value.codes[there], minlength=len(value.levels))))
    if value.dtype.kind == "b":
        return bool(2 * value[there].sum() > there.sum())
    return float(np.median(value[there]))


def fill_missing(value, missing, fill):
    """Put `fill` where values are missing, in a copy."""
    if isinstance(value, Factor):
        return Factor(np.where(missing, fill, value.codes), value.levels, value.ordered)
    return np.where(missing, fill, value)


def take_rows(value, rows):
    """Keep some rows of a column."""
    if isinstance(value, Factor):
        return Factor(value.codes[rows], value.levels, value.ordered, value.contrast)
    return value[rows]


def learn_levels(factor, counting, keep_unused):
    """Learn the levels that occur (or all) and how often: (state, factor in those levels)."""
    codes, levels = factor.codes, factor.levels
    k = len(levels)
    occurs = np.bincount(codes, minlength=k)[:k]
    counts = np.bincount(codes[counting], minlength=k)[:k] if counting is not None else occurs
    if not keep_unused and not occurs.all():
        used = np.flatnonzero(occurs)
        place = np.full(k + 1, len(used))
        place[used] = np.arange(len(used))
        codes, levels, counts = place[codes], [levels[i] for i in used], counts[used]
    state = {"levels": list(levels), "counts": counts.astype(np.float64), "ordered": bool(factor.ordered)}
    return state, Factor(codes, state["levels"], factor.ordered, factor.contrast)


def use_levels(factor, levels):
    """Put a factor into learnt levels: (factor, {unseen label: count})."""
    if factor.levels == levels:
        return factor, {}
    place = {level: i for i, level in enumerate(levels)}
    new = [level for level in factor.levels if level not in place]
    table = np.array(
        [place.get(level, len(levels)) for level in factor.levels] + [len(levels)], dtype=np.int64
    )
    counts = count_labels(np.where(factor.codes < len(factor.levels), factor.codes, -1), factor.levels, new)
    return Factor(table[factor.codes], levels, factor.ordered, factor.contrast), counts


def refuse_identifiers(table, names):
    """Refuse text columns that name rows: all values different, more than 20 of them."""
    wanted = set(names)
    for name in maybe_text(table):
        if name in wanted and len(table) > 20 and column_kind(table[name]) == "text":
            refuse_identifier(name, table[name].nunique(), len(table))


def refuse_identifier(name, n_different, n_rows):
    """Refuse a text column of so many different values in so many rows, if it names rows."""
    if n_rows > 20 and n_different == n_rows:
        raise ColumnError(
            f"Column `{name}` can't be taken as a category.",
            f"Its {n_rows} values are all different, as names of rows are.",
            f"Leave it out, as in `. - {name if name.isidentifier() else f'`{name}`'}`, or name it in the "
            "formula if it is meant.",
        )


def report_unseen(unseen, policy, place):
    """Warn once (or raise, by the policy) about levels that training never saw: {column: {label: count}}."""
    if not unseen:
        return
    unseen_text = counted_levels(unseen)
    if policy == "error":
        raise ColumnError(
            "Levels must have been seen in training.",
            f"Found new levels (rows): {unseen_text}.",
            'Choose unseen="warn" to give them a reserved place.',
        )
    warn(UnseenLevelWarning, f"Levels that training never saw (rows): {unseen_text}. They get {place}.")
