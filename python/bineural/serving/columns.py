"""The raw columns that a model reads: what a service asks of rows, and says of itself."""

from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError

_LARGEST = 1e30  # of a number in a request: far beyond data, within float32


@dataclass(frozen=True)
class Column:
    """A raw column.

    Attributes
    ----------
    name : str
    kind : {"numeric", "logical", "category", "text"}
    levels : tuple of str
        Of a category.
    closed : bool
        Whether a level that training never saw is refused.
    optional : bool
        Whether its value may be missing.
    """

    name: str
    kind: str
    levels: tuple = ()
    closed: bool = False
    optional: bool = False

    def schema(self):
        """Return what JSON may hold, as a JSON schema."""
        types = {"numeric": "number", "logical": "boolean", "category": "string", "text": "string"}
        schema = {"type": types[self.kind]}
        if self.kind == "numeric":
            schema |= {"minimum": -_LARGEST, "maximum": _LARGEST}
        if self.kind == "category":
            schema["description"] = f"Levels: {', '.join(self.levels[:50])}"
            schema |= {"enum": list(self.levels)} if self.closed else {}
            schema |= {"minLength": 1}
        if self.optional:
            schema = {"anyOf": [schema, {"type": "null"}]}
        return schema

    def example(self):
        """Return a value that a row may have."""
        return {
            "numeric": 1.0,
            "logical": True,
            "category": next(iter(self.levels), "a"),
            "text": "some words",
        }[self.kind]


def columns_of(model):
    """Return the raw columns that a model reads.

    Raises
    ------
    InputError
        If its rows have none: images, sequences, or texts by themselves.
    """
    fitted = getattr(model, "fitted_", None)
    rows_input = getattr(model, "input_", None) if fitted is None else fitted.input
    preparation = getattr(model, "preparation_", None) if fitted is None else rows_input
    preparation = getattr(preparation, "preparation", preparation)
    kind = getattr(rows_input, "kind", "table")
    if kind in ("text", "tfidf") and rows_input.column is not None:
        return _text_columns(rows_input)
    design = getattr(preparation, "_design", None)
    if design is None or (kind != "table" and rows_input is not None):
        raise InputError(
            "A model that is served must read rows of named columns.",
            f"This one reads rows of the kind {kind!r}.",
            "Export it with export_model(model, path, format='onnx'), and serve that.",
        )
    return [_column(preparation, name, state) for name, state in design.columns.items()]


def _text_columns(rows_input):
    columns = [Column(rows_input.column, "text")]
    beside = getattr(rows_input, "preparation", None)
    if beside is not None:
        columns += [_column(beside, name, state) for name, state in beside._design.columns.items()]
    return columns


def _column(preparation, name, state):
    levels = tuple(state.get("levels", ()))
    may_lack = "fill" in state or preparation.missing == "drop"
    return Column(str(name), state["kind"], levels, preparation.unseen == "error", may_lack)


def check_value(column, value, row):
    """Return a value of JSON as the column takes it, or say what is wrong; `row` counts from 1.

    Raises
    ------
    InputError
    """
    if value is None:
        if column.optional:
            return None
        raise InputError(
            f"Column {column.name!r} must not be missing.",
            f"It is null in row {row}.",
            "Give a value; a model fitted with missing='impute' fills gaps.",
        )
    kinds = {
        "numeric": ((int, float), "a number"),
        "logical": ((bool,), "true or false"),
        "category": ((str,), "text"),
        "text": ((str,), "text"),
    }
    types, words = kinds[column.kind]
    fits = isinstance(value, types) and (column.kind == "logical" or not isinstance(value, bool))
    if fits and column.kind == "numeric":
        fits, words = abs(value) <= _LARGEST, f"a number from {-_LARGEST:g} to {_LARGEST:g}"
    if fits and column.kind == "category":
        fits = value in column.levels if column.closed else value != ""
        words = (
            f"one of {', '.join(column.levels[:20])}" if column.closed else "text of one character or more"
        )
    if not fits:
        raise InputError(
            f"Column {column.name!r} must hold {words}.",
            f"Found {str(value)[:80]!r} in row {row}.",
            "The page /docs lists the columns.",
        )
    return float(value) if column.kind == "numeric" else value


def random_row(columns):
    """Return one row of examples, {column: value}."""
    return {column.name: column.example() for column in columns}


def as_frame(columns, rows):
    """Return checked rows, a list of dicts, as a data frame of the columns' types."""
    import pandas as pd

    frame = {}
    for column in columns:
        values = [row[column.name] for row in rows]
        if column.kind == "numeric":
            frame[column.name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        elif column.kind == "logical" and None not in values:
            frame[column.name] = np.array(values, dtype=bool)
        else:
            frame[column.name] = pd.Series(values, dtype=object)
    return pd.DataFrame(frame)
