"""Left sides of formulas: a column, or an expression of columns such as log(y), evaluated on a table."""

import numpy as np

from bineural.errors import ColumnError, FormulaError
from bineural.formula.guard import parse_guarded, parse_left
from bineural.formula.syntax import deparse, names_in, shorten
from bineural.formula.values import Values
from bineural.messages import near_names
from bineural.tables.factors import Factor
from bineural.tables.frames import as_frame, category_values, column_kind, numeric_values


def outcome_columns(text):
    """List the columns a left side names: "log(y)" names ["y"]."""
    return names_in(parse_left(text))


def is_bound(text):
    """Say whether a left side binds columns, "cbind(a, b)"."""
    return parse_left(text)[:2] == ("call", "cbind")


def evaluate_outcomes(text, data):
    """Evaluate a left side of several columns, "cbind(a, b)".

    Returns
    -------
    pandas.DataFrame
        A column for each, named as it is written or by its argument's name: cbind(late = day > 3, b).

    Raises
    ------
    ColumnError, FormulaError
        If it is no `cbind()` of columns and expressions.
    """
    import pandas as pd

    tree = parse_left(text)
    if tree[:2] != ("call", "cbind") or not tree[2]:
        raise FormulaError(
            "The left side must bind the columns of the outcome together.",
            f"Found {shorten(text)!r}.",
            "Write for example 'cbind(a, b) ~ x'.",
        )
    frame = as_frame(data)
    parts = {name or _bare(part): evaluate_outcome(deparse(part), frame) for name, part in tree[2]}
    return pd.DataFrame({name: np.asarray(values) for name, values in parts.items()})


def _bare(tree):
    return tree[1] if tree[0] == "name" else deparse(tree)


def evaluate_outcome(text, data):
    """Evaluate a formula's left side.

    Parameters
    ----------
    text : str
        A column, back-ticked where its name needs it, or an expression such as "log(y)".
    data : table
        Anything that `as_frame` reads.

    Returns
    -------
    pandas.Series or ndarray, shape (n_rows,)
        The column as it stands in the table; of an expression float64 (NaN where a part is missing), bool, or
        a category with its levels in their order.

    Raises
    ------
    ColumnError
        If there is no such column; near names are shown.
    FormulaError
        If the expression calls what formulas may not call, such as `cbind()`.
    """
    tree = parse_guarded(text)
    frame = as_frame(data)
    names = names_in(tree)
    check_present(names, frame.columns, "outcome")
    if tree[0] == "name":
        return frame[tree[1]]
    columns, missing = {}, np.zeros(len(frame), dtype=bool)
    for name in names:
        columns[name] = _read(frame[name], name)
        missing |= columns[name].codes < 0 if isinstance(columns[name], Factor) else np.isnan(columns[name])
    for name, value in columns.items():  # evaluated on the complete rows, NaN elsewhere
        is_factor = isinstance(value, Factor)
        columns[name] = (
            Factor(value.codes[~missing], value.levels, value.ordered) if is_factor else value[~missing]
        )
    value = Values(columns, {}, learning=True).variable(tree)
    if isinstance(value, Factor):
        codes = np.full(len(frame), -1)
        codes[~missing] = value.codes
        return _as_categories(codes, value, frame.index)
    if not missing.any():
        return value
    whole = np.full(
        len(frame), None if value.dtype.kind == "O" else np.nan, dtype=np.result_type(value, np.float64)
    )
    whole[~missing] = value
    return whole


def check_present(names, columns, role):
    """Raise a ColumnError with near names where a named column is missing."""
    absent = [name for name in names if name not in columns]
    if absent:
        raise ColumnError(
            f"The {role} must be made of columns of the table.",
            f"There is no column {', '.join(f'`{shorten(str(name))}`' for name in absent[:20])}"
            + (f" and {len(absent) - 20} more." if len(absent) > 20 else "."),
            near_names(absent[0], columns, mark="`"),
        )


def _as_categories(codes, factor, index):
    """Return a category of the levels of a factor that are met, in their order; -1 is missing."""
    import pandas as pd

    codes = np.where(codes < len(factor.levels), codes, -1)
    values = pd.Categorical.from_codes(codes, factor.levels, ordered=bool(factor.ordered))
    return pd.Series(values, index=index)


def _read(series, name):
    if column_kind(series) in ("category", "ordered", "text"):
        codes, labels = category_values(series)
        return Factor(codes, labels, column_kind(series) == "ordered")
    return numeric_values(series, name)
