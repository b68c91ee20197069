"""Columns that order rows, as ranks: numbers, dates of every library, periods, ordered levels, or text."""

import datetime
import decimal
import numbers

import numpy as np

from bineural.errors import ColumnError
from bineural.messages import listed
from bineural.splitting.time_text import check_numbers, read_time_text


def rank_times(values, name):
    """Rank rows by their time.

    Parameters
    ----------
    values : pandas.Series, shape (n_rows,)
        Without missing values.
    name : str
        The column, for messages.

    Returns
    -------
    ranks : ndarray of int64, shape (n_rows,)
        Equal times have equal ranks.
    read_as : str or None
        How text or levels were read; None where the values say themselves what they are.

    Raises
    ------
    ColumnError
        If the order of the values is not certain.
    """
    import pandas as pd

    try:
        codes, distinct = pd.factorize(values)
    except TypeError as error:  # lists and the like
        raise _unordered(name, values) from error
    distinct = pd.Series(distinct, dtype=distinct.dtype)  # pandas 2 would guess another
    if isinstance(distinct.dtype, pd.CategoricalDtype):
        if distinct.cat.ordered:
            return distinct.cat.codes.to_numpy(np.int64)[codes], "in the order of its levels"
        distinct = pd.Series(distinct.to_numpy())
    ranks, read_as = _rank_distinct(distinct, name)
    return ranks[codes], read_as


def _rank_distinct(distinct, name):
    """Return (ranks of distinct values, how they were read)."""
    import pandas as pd
    from pandas.api import types

    kind = _kind_of_objects(distinct) if distinct.dtype == object else None
    if kind == "text" or (
        kind is None and types.is_string_dtype(distinct.dtype) and distinct.dtype != object
    ):
        ranks, read_as = read_time_text(distinct.astype(object).tolist(), name)
        return ranks, f"read as {read_as}"
    if distinct.dtype == object:
        values = _comparable(distinct.tolist(), kind)
        if values is None:
            raise _unordered(name, distinct)
        place = {value: k for k, value in enumerate(sorted(set(values)))}
        return np.array([place[value] for value in values], dtype=np.int64), None
    if types.is_numeric_dtype(distinct.dtype) and not types.is_bool_dtype(distinct.dtype):
        if types.is_complex_dtype(distinct.dtype):
            raise _unordered(name, distinct)
        check_numbers(distinct.to_numpy(np.float64), name, distinct.tolist())
    index = pd.Index(distinct)
    return index.sort_values().get_indexer(index).astype(np.int64), None


def _kind_of_objects(distinct):
    """Say what all values of a column of Python objects are; None where they are of several kinds."""
    import pandas as pd

    kinds = {
        "text": str,
        "number": (numbers.Real, decimal.Decimal),
        "date": datetime.date,  # date-times too
        "clock": datetime.time,
        "span": datetime.timedelta,
        "period": pd.Period,
    }
    kinds_there = {next((kind for kind, of in kinds.items() if isinstance(v, of)), None) for v in distinct}
    return kinds_there.pop() if len(kinds_there) == 1 else None


def _comparable(values, kind):
    """Return values of one kind such that Python can sort them; None where their order is not certain."""
    if kind in ("number", "span"):
        return values
    if kind == "clock":
        return values if len({value.tzinfo for value in values}) == 1 else None
    if kind == "period":
        return values if len({value.freqstr for value in values}) == 1 else None
    if kind != "date":
        return None
    if not all(isinstance(value, datetime.datetime) for value in values):  # days, or days and date-times
        midnight = datetime.time()
        values = [
            v if isinstance(v, datetime.datetime) else datetime.datetime.combine(v, midnight) for v in values
        ]
    return values if len({value.tzinfo is None for value in values}) == 1 else None


def _unordered(name, distinct):
    kinds = sorted({type(value).__name__ for value in distinct})
    return ColumnError(
        "`time` must be a column that can be ordered.",
        f"{name} holds {listed(distinct.tolist(), 3)} (of type {', '.join(kinds[:4])}).",
        "Make it dates, numbers or text of one form, such as 2021-01-31.",
    )
