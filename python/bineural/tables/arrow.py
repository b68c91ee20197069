"""Columns of pyarrow as pandas has them: whole numbers stay whole where values are missing."""


def column_to_pandas(column):
    """Turn an Arrow column into a pandas one, numbers as int64, Int64 (with missing values) or float64."""
    from pyarrow import types

    kind = column.type
    if types.is_null(kind) or types.is_decimal(kind):
        column = column.cast("float64")
    elif types.is_integer(kind) and column.null_count:
        return column.to_pandas(integer_object_nulls=True).astype("UInt64" if kind == "uint64" else "Int64")
    elif types.is_boolean(kind) and column.null_count:
        return column.to_pandas().astype("boolean")
    return column.to_pandas(date_as_object=False)
