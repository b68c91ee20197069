"""Columns that number rows or name them by a number: they measure nothing, yet often tell the outcome.

Rows that were sorted by the outcome once, as many tables are, can be told apart by their number.
"""

import re

import numpy as np

from bineural.errors import ColumnWarning
from bineural.formula.guard import split_formula
from bineural.formula.syntax import quote_name
from bineural.formula.terms import read_terms
from bineural.messages import warn

_FEWEST = 20  # rows; fewer may be numbered by chance
_WRITTEN = {"unnamed: 0", "...1", "rownames", "row.names", "row_names", "rowname", "index", "level_0"}
_IDENTIFIERS = {"id", "uid", "uuid", "guid", "rowid", "identifier"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")  # patient_id, PatientID, subject.id


def tell_row_numbers(frame, formulas, exclude=()):
    """Warn about columns of whole numbers that number the rows: 1, 2, 3, ..., or all different and named so.

    Parameters
    ----------
    frame : pandas.DataFrame
    formulas : sequence of (str or None)
        Right sides: only what their `.` brings is looked at, as other columns were asked for. None is `.`.
    exclude : sequence of str
        Columns that `.` leaves out.

    Returns
    -------
    list of str
        The sentence that was said, once for all of them.

    Warns
    -----
    ColumnWarning
    """
    if len(frame) < _FEWEST:
        return []
    names = [name for name in frame.columns if name not in exclude]
    sides = [split_formula(formula or ".")[1] for formula in dict.fromkeys(formulas)]
    read = [terms for terms in (read_terms(side, names) for side in sides) if terms.has_dot]
    brought = {name for terms in read for name in terms.columns}
    entries = {name: _what_it_numbers(name, frame[name]) for name in names if name in brought}
    entries = {name: entry for name, entry in entries.items() if entry}
    if not entries:
        return []
    shown = ", ".join(f"`{name}` ({entry})" for name, entry in list(entries.items())[:6])
    more = f" and {len(entries) - 6} more" if len(entries) > 6 else ""
    sentence = (
        f"Numbers of rows are taken as predictors: {shown}{more}. Leave them out, as in "
        f"`. - {quote_name(next(iter(entries)))}`, unless their order is meant."
    )
    warn(ColumnWarning, sentence)
    return [sentence]


def _what_it_numbers(name, series):
    """Say how a column numbers the rows; None where it does not."""
    dtype = series.dtype
    if getattr(dtype, "kind", "O") not in "iuf" or series.isna().any():
        return None
    values = series.to_numpy(dtype=np.float64)
    if values[0] in (0, 1) and np.array_equal(values, values[0] + np.arange(len(values))):
        return f"{values[0]:.0f} to {values[-1]:.0f} in order"
    if is_named_so(name) and np.isfinite(values).all() and not (values % 1).any() and series.is_unique:
        return f"{len(values)} different values in {len(values)} rows"
    return None


def is_named_so(name):
    """Say whether a name is one that programs give to row names, or has the word id in it."""
    words = {word.lower() for word in _WORD.findall(name)}
    return name == "X" or name.lower() in _WRITTEN or bool(words & _IDENTIFIERS)
