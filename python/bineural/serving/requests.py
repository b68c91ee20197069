"""The rows of a request: JSON by column name, or CSV; and predictions as either."""

import csv
import io
import json
import math

from bineural.errors import InputError
from bineural.serving.columns import as_frame, check_value

_MISSING = ("", "NA")  # in CSV
_TRUTHS = {"TRUE": True, "True": True, "true": True, "FALSE": False, "False": False, "false": False}


def read_json(content, columns, max_rows):
    """Read {"rows": [{column: value, ...}, ...]}.

    Parameters
    ----------
    content : bytes
    columns : list of Column
    max_rows : int

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
    """
    try:
        body = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        words = " ".join(str(error).split())[:200]
        raise InputError(
            "The body must be JSON.", f"It could not be read: {words}.", 'Send {"rows": [{"column": value}]}.'
        ) from error
    if not isinstance(body, dict) or not isinstance(body.get("rows"), list):
        raise InputError(
            'The body must be an object with "rows", a list of objects.',
            f"Found {_kind(body)}{'' if not isinstance(body, dict) else ' without such a list'}.",
            'Send {"rows": [{"column": value}]}.',
        )
    return _table(body["rows"], columns, max_rows)


def _refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def _kind(value):
    kinds = {dict: "an object", list: "a list", str: "text", bool: "a truth", type(None): "null"}
    return kinds.get(type(value), "a number")


def read_csv(content, columns, max_rows):
    """Read CSV with a header, UTF-8; empty and NA are missing. See `read_json`."""
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        names = lines.fieldnames or []
        given = [line for _, line in zip(range(max_rows + 1), lines)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "The body must be CSV in UTF-8, with a header.",
            f"It could not be read: {error}.",
            "Check the file.",
        ) from error
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError("Columns must have different names.", f"{twice!r} stands twice.", "Rename one.")
    by_name = {column.name: column for column in columns}
    rows = []
    for k, line in enumerate(given, 1):
        if None in line or None in line.values():
            raise InputError(
                "Every line must have as many fields as the header.",
                f"Line {k + 1} has not.",
                "Check the file.",
            )
        rows.append({name: _read_field(by_name[name], v) for name, v in line.items() if name in by_name})
    return _table(rows, columns, max_rows)


def _read_field(column, text):
    if text in _MISSING and column.kind != "text":
        return None
    if column.kind == "numeric":
        try:
            return float(text) if math.isfinite(float(text)) else text
        except ValueError:
            return text
    return _TRUTHS.get(text, text) if column.kind == "logical" else text


def _table(rows, columns, max_rows):
    if not 1 <= len(rows) <= max_rows:
        found = f"{len(rows):,}" if len(rows) <= max_rows else f"more than {max_rows:,}"
        raise InputError(
            f"A request must have 1 to {max_rows:,} rows.",
            f"Found {found}.",
            "Send them in several requests.",
        )
    checked = []
    for k, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise InputError(
                "Each row must be an object of columns.",
                f"Row {k} is {_kind(row)}.",
                'Write {"column": value}.',
            )
        for column in columns:
            if column.name not in row:
                raise InputError(
                    f"Each row must have the column {column.name!r}.",
                    f"Row {k} has {', '.join(map(repr, list(row)[:10])) or 'none'}.",
                    "The page /docs lists the columns.",
                )
        checked.append({column.name: check_value(column, row[column.name], k) for column in columns})
    return as_frame(columns, checked)


def plain_rows(table):
    """Return a data frame of predictions as a list of dicts that JSON can hold; missing ones are None."""
    columns = {name: table[name].tolist() for name in table.columns}
    plain = {
        name: [None if v is None or (isinstance(v, float) and not math.isfinite(v)) else v for v in values]
        for name, values in columns.items()
    }
    return [dict(zip(plain, values)) for values in zip(*plain.values())]
