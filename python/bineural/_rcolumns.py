"""One column between R and pandas: what `R/convert.R` took apart becomes an array, and the other way round.

R settles its own missing values before the crossing and sends a mask; a mask goes back. Only float64, int32,
bool, lists of str and None cross the border, because these have one meaning on both sides.
"""

import numpy as np

from bineural.errors import ColumnError

R_INTEGER = 2**31 - 1  # R's largest integer; its smallest is R's NA
EXACT_DOUBLE = 2**53  # up to here every whole number is a double


def column_from_r(column):
    """Make a pandas array of one typed R column.

    Parameters
    ----------
    column : dict
        `kind` ("double", "integer", "integer64", "logical", "character", "factor", "date", "time", "other"),
        `values` (ndarray), `missing` (bool ndarray or None); for factors `levels` (list of str) and
        `ordered`, for times `tz`.

    Returns
    -------
    pandas array or ndarray
        Plain NumPy dtype where nothing is missing; otherwise a dtype that holds missing values.
    """
    return _FROM_R[column["kind"]](column["values"], column.get("missing"), column)


def _double(values, missing, _):
    return np.array(values, dtype=np.float64)  # a copy: R's memory stays R's


def _integer(values, missing, _):
    return _nullable(np.asarray(values).astype(np.int64), missing, "Int64")


def _integer64(values, missing, _):
    return _nullable(np.array(values, dtype=np.float64).view(np.int64), missing, "Int64")


def _logical(values, missing, _):
    return _nullable(np.asarray(values).astype(np.bool_), missing, "boolean")


def _nullable(values, missing, dtype):
    if missing is None:
        return values
    import pandas as pd

    array = pd.array(values, dtype=dtype)
    array[np.asarray(missing)] = pd.NA
    return array


def _character(values, missing, _):
    import pandas as pd

    values = np.array(values, dtype=object)
    if missing is not None:
        values[np.asarray(missing)] = None
    return pd.array(values, dtype="str")


def _factor(values, missing, column):
    import pandas as pd

    codes = np.array(values, dtype=np.int64) - 1
    if missing is not None:
        codes[np.asarray(missing)] = -1
    levels = pd.Index(list(column["levels"]), dtype="str")
    return pd.Categorical.from_codes(codes, categories=levels, ordered=column["ordered"])


def _date(values, missing, _):
    days = np.array(values, dtype=np.float64)
    if missing is not None:
        days[np.asarray(missing)] = 0
    stamps = np.floor(days).astype("datetime64[D]").astype("datetime64[s]")
    return _with_gaps(stamps, missing)


def _time(values, missing, column):
    import pandas as pd

    seconds = np.array(values, dtype=np.float64)
    if missing is not None:
        seconds[np.asarray(missing)] = 0
    whole = np.floor(seconds)
    micros = whole.astype(np.int64) * 1_000_000 + np.round((seconds - whole) * 1e6).astype(np.int64)
    stamps = _with_gaps(micros.astype("datetime64[us]"), missing)
    try:
        return pd.Series(stamps).dt.tz_localize("UTC").dt.tz_convert(column["tz"]).array
    except Exception as error:
        raise ColumnError(
            "The time zone of a date-time column must be one that Python knows.",
            f"It is {column['tz']!r}.",
            'Give it another, e.g. attr(x, "tzone") <- "UTC".',
        ) from error


class OfR(list):
    """A value of R's that has no counterpart, as the words that say what it is.

    It is a list so that whoever needs a label or a number refuses it, and names the column.
    """

    def __repr__(self):
        """Say what it is."""
        return " ".join(self)


def _other(values, missing, _):
    cells = np.empty(len(values), dtype=object)
    cells[:] = [OfR([text]) for text in values]
    return cells


def _with_gaps(stamps, missing):
    if missing is not None:
        stamps[np.asarray(missing)] = np.datetime64("NaT")
    return stamps


_FROM_R = {
    "double": _double,
    "integer": _integer,
    "integer64": _integer64,
    "logical": _logical,
    "character": _character,
    "factor": _factor,
    "date": _date,
    "time": _time,
    "other": _other,
}


def column_to_r(values, name="the values"):
    """Take a Series or array apart into what `column_from_r` reads.

    Raises
    ------
    ColumnError
        If the type has no counterpart in R.
    """
    import pandas as pd
    from pandas.api import types

    series = values if isinstance(values, pd.Series) else pd.Series(values)
    if isinstance(series.dtype, pd.ArrowDtype) and "dictionary" in str(series.dtype):
        series = series.astype("category")
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _factor_to_r(series)
    if types.is_bool_dtype(dtype):
        return _numeric_to_r("logical", series, False, np.bool_)
    if types.is_integer_dtype(dtype):
        return _integer_to_r(series, name)
    if types.is_float_dtype(dtype):
        return _numeric_to_r("double", series, np.nan, np.float64)
    if types.is_datetime64_any_dtype(dtype):
        return _time_to_r(series)
    if isinstance(dtype, pd.StringDtype) or (
        types.is_string_dtype(dtype) and not types.is_object_dtype(dtype)
    ):
        return _character_to_r(series)
    if types.is_object_dtype(dtype):
        return _object_to_r(series, name)
    raise _no_counterpart(name, dtype)


def _no_counterpart(name, what):
    return ColumnError(
        f"Column `{name}` must have a type that R has too.",
        f"It is of type {what}.",
        "Turn it into numbers, text, categories or dates first.",
    )


def _missing(series):
    gaps = series.isna().to_numpy(dtype=np.bool_)
    return gaps if gaps.any() else None


def _numeric_to_r(kind, series, filler, dtype):
    values = (
        series.to_numpy(dtype=dtype, na_value=filler) if series.isna().any() else series.to_numpy(dtype=dtype)
    )
    return {"kind": kind, "values": np.ascontiguousarray(values), "missing": _missing(series)}


def _integer_to_r(series, name):
    missing = _missing(series)
    whole = series.fillna(0) if missing is not None else series
    low, high = (int(whole.min()), int(whole.max())) if len(whole) else (0, 0)
    if max(-low, high) <= R_INTEGER:
        return {"kind": "integer", "values": whole.to_numpy(dtype=np.int32), "missing": missing}
    if max(-low, high) <= EXACT_DOUBLE:
        return {"kind": "double", "values": whole.to_numpy(dtype=np.float64), "missing": missing}
    raise ColumnError(
        f"Column `{name}` must hold whole numbers that R can hold exactly (up to 2^53).",
        f"They run from {low} to {high}.",
        "Keep such numbers as text.",
    )


def _character_to_r(series):
    missing = _missing(series)
    values = ["" if gap else str(v) for v, gap in zip(series, series.isna(), strict=True)]
    return {"kind": "character", "values": values, "missing": missing}


def _factor_to_r(series):
    codes = series.cat.codes.to_numpy(dtype=np.int32)
    return {
        "kind": "factor",
        "values": codes + 1,  # 0 where missing
        "missing": _missing(series),
        "levels": [str(label) for label in series.cat.categories],
        "ordered": bool(series.cat.ordered),
    }


def _time_to_r(series):
    """Tell dates from times: times without a zone that are all midnight are dates."""
    missing = _missing(series)
    zone = series.dt.tz
    if zone is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    filled = series.fillna(np.datetime64(0, "s")) if missing is not None else series
    micros = filled.to_numpy(dtype="datetime64[us]").astype(np.int64)
    day = 86_400_000_000
    if zone is None and not np.any(micros % day):
        return {"kind": "date", "values": (micros // day).astype(np.float64), "missing": missing}
    return {
        "kind": "time",
        "values": micros / 1e6,
        "missing": missing,
        "tz": "UTC" if zone is None else str(zone),
    }


def _object_to_r(series, name):
    import pandas as pd

    content = pd.api.types.infer_dtype(series, skipna=True)
    if content in ("string", "empty"):
        return _character_to_r(series)
    if content == "boolean":
        return column_to_r(series.astype("boolean"), name)
    if content == "integer":
        return column_to_r(series.astype("Int64"), name)
    if content in ("floating", "mixed-integer-float", "decimal"):
        return column_to_r(series.astype("float64"), name)
    if content == "date":
        return column_to_r(pd.to_datetime(series), name)
    raise _no_counterpart(name, f"object ({content} values)")
