"""Tables of any make, seen as one: a pandas frame with unique text names and columns of known kind.

Kinds: numeric, logical, category, ordered, text, datetime, empty (nothing but missing values), other.
"""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bineural.errors import ColumnError, InputError
from bineural.tables.rows import as_array, is_sparse
from bineural.tables.written_numbers import reading_options

_MOST_DENSE = 8 * 2**30  # bytes of a sparse matrix with its zeros
_OBJECT_KINDS = {
    "string": "text",
    "boolean": "logical",
    "integer": "numeric",
    "floating": "numeric",
    "mixed-integer-float": "numeric",
    "decimal": "numeric",
    "empty": "empty",
}
_TIMES = {"datetime", "datetime64", "date", "time", "timedelta", "timedelta64", "period", "interval"}


def as_frame(data):
    """View a table as a pandas DataFrame whose columns have unique text names.

    Parameters
    ----------
    data : pandas.DataFrame, polars.DataFrame, pyarrow.Table, dict of columns, or array_like
        The columns of an array of shape (n_rows, p) are named x1, x2, ... Categories of polars are unordered.

    Returns
    -------
    pandas.DataFrame
        The frame itself where it was one; never written to by bineural.

    Raises
    ------
    ColumnError
        If two columns share a name.
    InputError
        If `data` is no table, has no rows or no columns.
    """
    frame = data if isinstance(data, pd.DataFrame) else _to_pandas(data)
    names = frame.columns
    if names.nlevels > 1:
        raise ColumnError("Column names must have one level.", f"They have {names.nlevels}.", "Flatten them.")
    if names.inferred_type != "string":
        frame = frame.set_axis([str(name) for name in names], axis=1)
        names = frame.columns
    if not names.is_unique:
        doubled = names[names.duplicated()].unique().tolist()
        raise ColumnError("Column names must be unique.", f"Found more than once: {doubled}.", "Rename them.")
    check_shape(frame.shape)
    return frame


def is_frame(data):
    """Say whether data are a table with named columns (pandas, polars, pyarrow, dict, structured array)."""
    if isinstance(data, pd.DataFrame):
        return True
    if isinstance(data, Mapping):
        return not is_sparse(data)  # which may call itself a mapping
    if isinstance(data, (list, tuple)):
        return bool(data) and isinstance(data[0], Mapping)
    named = isinstance(data, np.ndarray) and data.dtype.names is not None
    return named or (hasattr(data, "to_pandas") and hasattr(data, "columns"))


def is_arraylike(data):
    """Say whether data can be read as one array."""
    return hasattr(data, "__array__") or isinstance(data, (list, tuple)) or hasattr(data, "toarray")


def as_dense(data):
    """Return a sparse matrix as an array, anything else as it is: nets and GLMs compute with all numbers."""
    if not is_sparse(data):
        return data
    n_bytes = math.prod(data.shape) * np.dtype(np.float64).itemsize
    if n_bytes > _MOST_DENSE:
        raise InputError(
            f"A sparse matrix must fit into {_MOST_DENSE / 2**30:.0f} GiB when its zeros are written out.",
            f"Found shape {data.shape}, which takes {n_bytes / 2**30:.0f} GiB.",
            "Keep fewer columns (SelectKBest, TruncatedSVD), or give the rows in batches.",
        )
    return data.toarray()


def check_shape(shape):
    """Refuse a table without rows or without columns."""
    if shape[0] == 0:
        raise InputError(
            "A table must have rows.",
            f"Found 0 sample(s) (shape={shape}) while a minimum of 1 is required.",
            "Check the filter that made it.",
        )
    if shape[1] == 0:
        raise InputError(
            "A table must have columns.",
            f"Found 0 feature(s) (shape={shape}) while a minimum of 1 is required.",
            "Give at least one predictor.",
        )


def as_matrix(data):
    """View an array-like as a 2-D array (n_rows, p), or raise the InputError that says why not."""
    array = as_array(as_dense(data), "A table")
    if array.ndim != 2:
        raise InputError(
            "A table must have two dimensions, rows and columns.",
            f"Expected 2D array, got {array.ndim}D array instead (shape={array.shape}).",
            "Reshape your data: `x.reshape(-1, 1)` makes one column, `x.reshape(1, -1)` one row.",
        )
    if array.dtype.kind == "c":
        raise InputError(
            "Numbers must be real.", "Complex data not supported.", "Use the real part, or two columns."
        )
    check_shape(array.shape)
    if array.dtype == object:
        try:
            array = array.astype(np.float64)
        except ValueError:  # text; a TypeError (neither number nor text) leaves as numpy says it
            return array
    return array


def position_names(array):
    """Name the columns of an array: x1, x2, ..."""
    return [f"x{i + 1}" for i in range(array.shape[1])]


def _to_pandas(data):
    if isinstance(data, Mapping) and not is_sparse(data):
        for name, column in data.items():
            if len(getattr(column, "shape", ())) > 1:
                raise InputError(
                    "A column of a table must have one value for each row.",
                    f"{name!r} has shape {tuple(column.shape)}.",
                    "Give one column for each of its columns; a model takes one table or array of rows.",
                )
        try:
            return pd.DataFrame(dict(data))
        except ValueError as error:
            raise InputError(
                "Columns must have equal length.", f"{error}.", "Give one value per row."
            ) from error
    if isinstance(data, pd.Series):
        raise InputError("Data must be a table.", "Found one column (a Series).", "Use `.to_frame()`.")
    if hasattr(data, "to_pandas"):  # polars, pyarrow
        frame = data.to_pandas()
        return _without_order(frame) if type(data).__module__.startswith("polars") else frame
    if isinstance(data, np.ndarray) and data.dtype.names:
        return pd.DataFrame(data)
    if isinstance(data, (list, tuple)) and data and isinstance(data[0], Mapping):
        return pd.DataFrame(list(data))
    if isinstance(data, str) or not (hasattr(data, "__array__") or hasattr(data, "__len__")):
        raise InputError(
            "Data must be a table.", f"Found {type(data).__name__}.", "Give a data frame or an array."
        )
    array = as_matrix(data)
    return pd.DataFrame(array, columns=position_names(array), copy=False)


def _without_order(frame):
    """Take polars' Enum and Categorical as R's factors: their order is one of labels, not of size."""
    ordered = [name for name in frame.columns if getattr(frame[name].dtype, "ordered", False)]
    return frame.assign(**{name: frame[name].cat.as_unordered() for name in ordered})


def maybe_text(frame):
    """List the columns whose type may hold text, by their types alone: wide tables have thousands."""
    types = zip(frame.columns, frame.dtypes)
    return [name for name, dtype in types if not (isinstance(dtype, np.dtype) and dtype.kind != "O")]


def column_kind(series):
    """Say the kind of one column (see the module's opening)."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        kind = "ordered" if dtype.ordered else "category"
        return kind if len(dtype.categories) else "empty"
    letter = dtype.kind
    if letter in "iu":
        return "numeric" if isinstance(dtype, np.dtype) or series.notna().any() else "empty"
    if letter in "fb":
        kind = "numeric" if letter == "f" else "logical"
        first_is_there = len(series) and not pd.isna(series.iloc[0])
        return kind if first_is_there or series.notna().any() else "empty"
    if letter in "Mm" or isinstance(dtype, (pd.PeriodDtype, pd.IntervalDtype)):
        return "datetime"
    if isinstance(dtype, pd.StringDtype):
        return "text" if series.notna().any() else "empty"
    inferred = pd.api.types.infer_dtype(series, skipna=True)
    return "datetime" if inferred in _TIMES else _OBJECT_KINDS.get(inferred, "other")


def numeric_values(series, name):
    """Read a column as float64, shape (n_rows,), NaN where missing; possibly a view, so not to be written to.

    Raises
    ------
    ColumnError
        If a value is no number; it is named.
    """
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "fiub":
        return series.to_numpy().astype(np.float64, copy=False)
    if dtype.kind in "fiub" and not isinstance(dtype, pd.CategoricalDtype):  # nullable and Arrow types
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    if column_kind(series) in ("numeric", "logical", "empty"):  # objects that are numbers
        return np.array([np.nan if pd.isna(v) else float(v) for v in series], dtype=np.float64)
    value = next((v for v in series if not pd.isna(v) and not isinstance(v, (int, float))), series.iloc[0])
    options = reading_options([label for label in series.dropna().unique() if isinstance(label, str)])
    mend = f", as load_dataset(path, {options}) reads it" if options else ""
    raise ColumnError(
        f"Column `{name}` must hold numbers.",
        f"Found {value!r} ({column_kind(series)}).",
        f"Convert the column{mend}, or take it as a category where the model is fitted.",
    )


def category_values(series):
    """Read a column as (codes, labels): codes int (n_rows,), -1 where missing; labels list of str.

    Labels come in the order of the categories; of text sorted by code point (R's `factor()` in the C locale),
    of numbers by value.
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        labels = [as_label(v) for v in series.cat.categories]
        if len(set(labels)) < len(labels):
            raise ColumnError(
                f"Levels of `{series.name}` must differ as text.", f"Found {labels[:20]}.", "Rename."
            )
        return series.cat.codes.to_numpy(), labels
    codes, uniques = pd.factorize(series)
    order = sorted(range(len(uniques)), key=lambda i: _sort_key(uniques[i]))
    place = np.empty(len(uniques) + 1, dtype=np.int64)
    place[order] = np.arange(len(uniques))
    place[-1] = -1
    return place[codes], [as_label(uniques[i]) for i in order]


def _sort_key(value):
    is_number = isinstance(value, (int, float, np.number, np.bool_))
    return (0, value, "") if is_number else (1, 0, str(value))


def as_label(value):
    """Write a level as R's as.character does: TRUE/FALSE, whole numbers without a point."""
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (float, np.floating)):
        return f"{value:.15g}"
    return str(value)
