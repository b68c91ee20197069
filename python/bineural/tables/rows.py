"""Rows of any kind of data: count them, take some, find a column; frames, arrays of any rank, lists."""

import numpy as np

from bineural.errors import ColumnError, InputError
from bineural.messages import near_names, number_of, shown


def is_dict(data):
    """Say whether data are a dict of columns; sparse matrices kept by their keys are dicts, too."""
    return isinstance(data, dict) and not is_sparse(data)


def is_sparse(data):
    """Say whether data are a sparse matrix or array of scipy's."""
    return hasattr(data, "toarray") and hasattr(data, "nnz")


def count_rows(data):
    """Count the rows: the first axis of an array, the length of anything else."""
    if is_dict(data):
        lengths = {str(name): count_rows(column) for name, column in data.items()}
        if len(set(lengths.values())) != 1:
            raise InputError(
                "The columns of `data` must be of one length.",
                f"They are {lengths}.",
                "Give one value per row.",
            )
        return next(iter(lengths.values()))
    shape = getattr(data, "shape", None)
    if shape is not None and len(shape) > 0:
        return int(shape[0])
    if hasattr(data, "__len__") and shape != () and not isinstance(data, (str, bytes, set)):
        return len(data)
    array = np.asarray(data) if hasattr(data, "__array__") else np.asarray(None)
    if array.ndim > 0:
        return len(array)
    raise InputError(
        "`data` must have rows: a data frame, an array (first axis), or a list.",
        f"It is {type(data).__name__}.",
        "To read a file, use load_dataset(path).",
    )


def take_rows(data, ids):
    """Take rows by position; what comes back is of the type that `data` has."""
    if is_dict(data):
        return {name: take_rows(column, ids) for name, column in data.items()}
    if hasattr(data, "iloc"):
        return data.iloc[ids]
    if isinstance(data, (list, tuple)):
        return type(data)([data[i] for i in ids])
    if hasattr(data, "num_rows"):  # pyarrow
        return data.take(ids)
    if hasattr(data, "tocsr"):  # scipy.sparse; some of its formats know no rows
        return data.tocsr()[ids]
    return data[ids]


def column_names(data):
    """List the column names as text, or None where the data have no named columns."""
    if is_dict(data):
        return [str(name) for name in data]
    names = getattr(data, "column_names", getattr(data, "columns", None))
    return None if names is None else [str(name) for name in names]


def find_column(data, spec, argument, n_rows):
    """Return (values as pandas.Series without gaps, name) of a column given by its name or by its values.

    Raises
    ------
    ColumnError
        If there is no such column, it is there twice, it has missing values, or its length is not `n_rows`.
    """
    import pandas as pd

    name = spec if isinstance(spec, str) else "<values>"
    values = as_series(_named_column(data, spec, argument) if isinstance(spec, str) else spec)
    check_length(values, argument, n_rows)
    n_missing = int(pd.isna(values).sum())
    if n_missing:
        raise ColumnError(
            f"`{argument}` can't have missing values (NaN, NA, None).",
            f"{name} has {n_missing} in {n_rows} rows.",
            "Leave these rows out, or give them a value of their own, before you split.",
        )
    return values, name


def check_length(values, argument, n_rows):
    """Refuse a column that has not one value for each row."""
    if len(values) != n_rows:
        raise ColumnError(
            f"`{argument}` must be a column's name or have one value per row.",
            f"It has {number_of(len(values), 'value')}; the data have {number_of(n_rows, 'row')}.",
            "Give the name of one column, or an array made from the same rows.",
        )


def as_series(values):
    """Make a pandas.Series (index 0, 1, ...) of a column from pandas, polars, pyarrow, NumPy or a list."""
    import pandas as pd

    if isinstance(values, pd.Series):
        return values.reset_index(drop=True)
    if hasattr(values, "to_pandas"):
        return pd.Series(values.to_pandas())
    if not isinstance(values, (pd.Categorical, pd.Index, pd.api.extensions.ExtensionArray)):
        values = as_array(values, "A column", ColumnError)
        if values.ndim == 2 and values.shape[1] == 1:
            values = values[:, 0]
        if values.ndim != 1:
            raise ColumnError(
                "A column must have one value per row.", f"Its shape is {values.shape}.", "Give one column."
            )
    return pd.Series(values)


def as_array(values, name, error=InputError):
    """Return values as a NumPy array, or say that their rows are of different lengths.

    Parameters
    ----------
    values : object
    name : str
        What they are, as a sentence begins: "`y_true`" or "The outcome".
    error : type
        Class of the error.
    """
    if hasattr(values, "__next__"):
        raise error(f"{name} must be a list or an array.", f"Found {shown(values)}.", "Pass list(...) of it.")
    try:
        return np.asarray(values)
    except (TypeError, ValueError):
        raise error(
            f"{name} must be an array, each row of the same length.",
            f"Found {shown(values)}.",
            "Pass one number or label for each row, or rows of equal length.",
        ) from None


def as_numbers(values):
    """Return values as float64; TypeError for complex numbers and for one truth value."""
    values = np.asarray(values)
    if values.dtype.kind == "c":
        raise TypeError(
            f"found complex numbers, for example {values.flat[0]}" if values.size else "found complex numbers"
        )
    if values.dtype.kind in "SU" and values.size:
        raise TypeError(f"found text such as {values.flat[0].item()!r}")
    if values.ndim == 0 and values.dtype.kind in "bmM":
        raise TypeError(f"found {values.item()!r}")
    return values.astype(np.float64)


def label_codes(values, name, error=ColumnError, **options):
    """Number labels from 0, missing ones -1.

    Parameters
    ----------
    values : pandas.Series
    name : str
        What they are, for the message.
    error : type
        Class of the error.
    **options
        For `pandas.factorize`.

    Returns
    -------
    codes : ndarray of int64, shape (n_rows,)
    levels : pandas.Index or ndarray

    Raises
    ------
    InputError
        If they are lists, sets or other values that can't be told apart as labels.
    """
    import pandas as pd

    try:
        codes, levels = pd.factorize(values, **options)
    except TypeError:
        refuse_unhashable(values, name, error)
        raise
    return codes.astype(np.int64), levels


def refuse_unhashable(values, name, error=ColumnError):
    """Refuse lists, sets and the like, which are no labels."""
    from pandas.api.types import is_hashable

    odd = next((value for value in values if not is_hashable(value)), None)
    if odd is not None:
        raise error(
            f"{name[:1].upper()}{name[1:]} must be labels or numbers, one value for each row.",
            f"Found {type(odd).__name__}s, for example {str(odd)[:60]}.",
            "Make text or a number of each.",
        )


def group_rows(codes, n_codes):
    """List for each code 0, 1, ... the positions that have it, ascending."""
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.cumsum(np.bincount(codes, minlength=n_codes))[:-1])


def label_text(value):
    """Write a label as text: whole numbers without a decimal point, others to 15 digits, as R does."""
    if isinstance(value, (float, np.floating)):
        return f"{value:.15g}" if value % 1 or abs(value) >= 1e15 else str(int(value))
    return str(value)


def _named_column(data, name, argument):
    names = column_names(data)
    if names is None:
        raise ColumnError(
            f"`{argument}` can be a column's name only where the data have named columns.",
            f"`{argument}` is {name!r}; the data are {type(data).__name__}.",
            f"Give the values themselves as `{argument}`, one per row.",
        )
    if names.count(name) != 1:
        times = names.count(name)
        found = f"{name!r} is there {times} times." if times else f"{name!r} is not there."
        raise ColumnError(f"`{argument}` must name one column of the data.", found, near_names(name, names))
    if is_dict(data):
        return next(column for key, column in data.items() if str(key) == name)
    return data.iloc[:, names.index(name)] if hasattr(data, "iloc") else data[name]
