"""Read a table from a CSV, TSV or Parquet file, with the same rules for Python, R and the command line.

- Text stays text: no column becomes dates or categories; only true/TRUE/True and false/... become logical.
- Missing are: nothing, NA, N/A, #N/A, NaN, nan, NULL, null (quoted or not).
- A column of whole numbers is int64, or pandas' Int64 where values are missing; other numbers are float64,
  read to the last bit; a column without any value is float64.
- No column becomes an index. Row names without a heading, as R and pandas write them, are left out with a
  warning.
"""

import csv
import io
import zlib
from collections import Counter
from pathlib import Path

from bineural.errors import ColumnError, DroppedWarning, InputError
from bineural.messages import near_names, warn
from bineural.tables.arrow import column_to_pandas
from bineural.tables.growth import allowed_bytes, inflate, read_parquet

MISSING = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null"]
ENDINGS = [".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet"]


def read_table(path, max_bytes=None):
    """Read the file into a pandas.DataFrame.

    Parameters
    ----------
    path : str or path-like
        A file that ends in one of `ENDINGS`.
    max_bytes : int, optional
        Most bytes that its content may have; None is 200 times its size, and at least 256 MiB.

    Raises
    ------
    InputError
        If there is no such file, it can't be read as a table, or it would become far larger than it is.
    ColumnError
        If a column has no name, or two have the same.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        beside = [file.name for file in path.parent.glob("*") if file.name.endswith(tuple(ENDINGS))]
        found = f"There is no file {str(path)!r} (in {str(Path.cwd())!r})."
        raise InputError(
            "A file to be read must exist.", found, near_names(path.name, sorted(beside) or ENDINGS)
        )
    import pyarrow

    allowed = allowed_bytes(path, max_bytes)
    try:
        if path.name.lower().endswith(".parquet"):
            table = read_parquet(path, allowed)
        else:
            table = _read_csv(path, allowed)
    except (pyarrow.ArrowException, OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "The file must be a table: one heading, the same number of fields in every line, text in UTF-8.",
            f"{path.name}: {' '.join(str(error).split())[:300]}",
            "Look at the line in question; or write the file again as UTF-8.",
        ) from error
    return _to_pandas(table, path.name)


def _read_csv(path, allowed):
    from pyarrow import csv as arrow_csv
    from pyarrow import types

    delimiter = "\t" if ".tsv" in path.name.lower() else ","
    content = inflate(path, allowed) if path.name.lower().endswith(".gz") else None
    names = _read_heading(path, content, delimiter)
    convert = {"null_values": MISSING, "strings_can_be_null": True, "quoted_strings_can_be_null": True}
    logical = {"true_values": ["true", "TRUE", "True"], "false_values": ["false", "FALSE", "False"]}

    def read(text_columns):
        return arrow_csv.read_csv(
            path if content is None else io.BytesIO(content),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                **convert, **logical, column_types=dict.fromkeys(text_columns, "string")
            ),
        )

    table = read([])
    plain = (types.is_integer, types.is_floating, types.is_boolean, types.is_string, types.is_null)
    dates = [f.name for f in table.schema if not any(is_type(f.type) for is_type in plain)]
    table = read(dates) if dates else table
    return table.rename_columns(names)


def _read_heading(path, content, delimiter):
    """Return the column names; check that there is something to read."""
    with (
        open(path, "rb") if content is None else io.BytesIO(content) as raw,
        io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file,
    ):
        names = next(csv.reader(file, delimiter=delimiter), [])
    if not names:
        raise InputError(
            "The file must have a heading with the names of the columns.", f"{path.name} is empty."
        )
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise InputError(
            f"The fields of {path.name} must be separated by {'tabs' if delimiter != ',' else 'commas'}.",
            f"The heading is {names[0]!r}.",
            "Write the file again with commas (and decimal points), or name a tab-separated file .tsv.",
        )
    return names


def _to_pandas(table, file_name):
    import pandas as pd

    names = list(table.column_names)
    kept = list(range(len(names)))
    nameless = [k for k, name in enumerate(names) if not name.strip() or name.startswith("__index_level_")]
    if len(nameless) == 1 and len(names) > 1 and _are_row_names(table, nameless[0]):
        note = f"{file_name}: the column without a name looks like row names; it is left out."
        warn(DroppedWarning, note)
        kept.remove(nameless[0])
        nameless = []
    if nameless:
        raise ColumnError(
            "Every column must have a name.",
            f"{file_name}: column {nameless[0] + 1} has none.",
            "Name it, or write the file without row names (R: row.names = FALSE; pandas: index=False).",
        )
    counts = Counter(names[k] for k in kept)
    doubled = sorted(name for name, count in counts.items() if count > 1)
    if doubled:
        raise ColumnError(
            "The names of columns must differ.",
            f"{file_name}: {', '.join(map(repr, doubled))} more than once.",
            "Rename the columns in the file.",
        )
    return pd.DataFrame({names[k]: column_to_pandas(table.column(k)) for k in kept})


def _are_row_names(table, place):
    """Whether a column is the first (pandas' Parquet: the last) and has a different value in every row."""
    column = table.column(place)
    return (
        place in (0, table.num_columns - 1) and column.null_count == 0 and len(column.unique()) == len(column)
    )
