"""JSON as an Arrow table: rows as objects, columns as lists, or an object on each line."""

import json


def read_json(content, by_line):
    """Read JSON into an Arrow table.

    Parameters
    ----------
    content : bytes
        In UTF-8: ``[{"a": 1, "b": "x"}, ...]``, as R's jsonlite and pandas' ``orient="records"`` write, or
        ``{"a": [1, ...], "b": ["x", ...]}``, or what pandas writes by itself, ``{"a": {"0": 1, ...}}``.
    by_line : bool
        Whether each line is an object of its own (.jsonl, .ndjson).

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    ValueError
        If it is anything else.
    """
    import pyarrow

    text = content.decode("utf-8-sig")
    value = [json.loads(line) for line in text.splitlines() if line.strip()] if by_line else json.loads(text)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        names = dict.fromkeys(name for row in value for name in row)
        columns = {name: [row.get(name) for row in value] for name in names}
    elif isinstance(value, dict) and value and all(isinstance(part, (list, dict)) for part in value.values()):
        if len({tuple(part) if isinstance(part, dict) else len(part) for part in value.values()}) > 1:
            raise ValueError("Its columns don't have the same rows.")
        columns = {name: _cells(part) for name, part in value.items()}
    else:
        raise ValueError("It is neither a list of rows nor an object of columns.")
    return pyarrow.table({name: _as_arrow(name, cells) for name, cells in columns.items()})


def _cells(column):
    return list(column.values()) if isinstance(column, dict) else column


def _as_arrow(name, cells):
    import pyarrow

    if any(isinstance(cell, (list, dict)) for cell in cells):
        raise ValueError(f"Column {name!r} holds lists or objects.")
    try:
        return pyarrow.array(cells)
    except (pyarrow.ArrowException, OverflowError, TypeError):
        raise ValueError(f"Column {name!r} holds values of several kinds.") from None
