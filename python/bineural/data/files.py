"""Read a table from a file, with the same rules for Python, R and the command line.

- Text stays text: no column becomes dates or categories; only true/TRUE/True and false/... become logical.
- Missing are: nothing, NA, N/A, #N/A, NaN, nan, NULL, null (quoted or not), and what `missing_values` names.
- A column of whole numbers is int64, or pandas' Int64 where values are missing; other numbers are float64,
  read to the last bit; a column without any value is float64.
- No column becomes an index. Row names without a heading, as R and pandas write them, are left out with a
  warning.
- Nothing is guessed: what is not written as its name says is an error that names the option which reads it.
"""

import csv
import lzma
import os
import zipfile
import zlib
from collections import Counter
from pathlib import Path

from bineural.data.endings import BINARY, ENDINGS, JSON, check_options, ending_of, refuse_other_kinds
from bineural.data.json_files import read_json
from bineural.data.text_files import hint_for_text, read_text
from bineural.errors import ColumnError, ColumnWarning, DroppedWarning, InputError
from bineural.messages import listed, near_names, sentence, warn
from bineural.tables.arrow import column_to_pandas
from bineural.tables.growth import PACKED, allowed_bytes, unpack
from bineural.tables.written_numbers import reads_as_number

_TROUBLE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
_TROUBLE += (ValueError, RecursionError, csv.Error)


def read_table(path, writing, max_bytes=None):
    """Read a file into a pandas.DataFrame.

    Parameters
    ----------
    path : str or path-like
        A file that ends in one of `ENDINGS`, or of any ending where `writing` has a separator; packed files
        end in .gz, .bz2, .xz or .zip after that.
    writing : Writing
        How a text file is written.
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
    if not os.path.isfile(path):  # also where a name is too long, or not allowed
        beside = [file for file in path.parent.glob("*") if file.suffix.lower() in (*ENDINGS, *PACKED)]
        raise InputError(
            "A file to be read must exist.",
            f"There is no file {str(path)[:200]!r} (in {str(Path.cwd())!r}).",
            near_names(path.name, sorted(file.name for file in beside)) or "Check the name and the folder.",
        )
    import pyarrow

    try:
        ending = ending_of(path)
        refuse_other_kinds(path, ending)
        check_options(path, ending, writing)
        table = _read(path, ending, allowed_bytes(path, max_bytes), writing)
    except InputError as error:
        if path.name in error.found:
            raise
        raise type(error)(error.must, f"{path.name}: {error.found}", error.hint) from error
    except (*_TROUBLE, pyarrow.ArrowException) as error:
        raise _unreadable(path, writing, error) from error
    return _to_pandas(table, path.name)


def _read(path, ending, allowed, writing):
    """Read a file whose name has been checked into an Arrow table."""
    if ending in BINARY:
        return BINARY[ending](path, allowed)
    content = unpack(path, allowed) if path.suffix.lower() in PACKED else path
    if ending in JSON:
        return read_json(path.read_bytes() if content is path else content, JSON[ending])
    return read_text(content, ending, writing)


def _unreadable(path, writing, error):
    """Make the error that says what is wrong with a file, and which option reads it, if one does."""
    ending = ending_of(path)
    if ending in BINARY or ending in JSON:
        several = ending == ".json" and "Extra data" in str(error)
        return InputError(
            f"A file that ends in {ending} must be a table of that kind.",
            f"{path.name}: {sentence(error)}",
            "If each line is an object, name it .jsonl." if several else "Check how it was written.",
        )
    try:
        hint = hint_for_text(path, ending, writing, error)
    except _TROUBLE:
        hint = "Check whether it was copied whole."
    return InputError(
        "The file must be a table: one heading, the same number of fields in every line, letters in one "
        "encoding.",
        f"{path.name}: {sentence(error)}",
        hint,
    )


def _to_pandas(table, file_name):
    import pandas as pd

    names, kept = list(table.column_names), _named_columns(table, file_name)
    counts = Counter(names[k] for k in kept)
    doubled = sorted(name for name, count in counts.items() if count > 1)
    no_heading = _lacks_heading([names[k] for k in kept])
    if doubled:
        raise ColumnError(
            "The names of columns must differ.",
            f"{file_name}: {listed(doubled)} more than once.",
            "Write names into a first line of the file." if no_heading else "Rename the columns in the file.",
        )
    if no_heading:
        examples = listed([names[k] for k in kept], 3)
        note = f"{file_name}: the names of all columns are numbers, such as {examples}."
        warn(ColumnWarning, f"{note} If its first line is a row, write names into a line before that.")
    return pd.DataFrame({names[k]: column_to_pandas(table.column(k)) for k in kept})


def _named_columns(table, file_name):
    """Return the places of the columns that have a name; say which others are left out."""
    names = table.column_names
    nameless = [k for k, name in enumerate(names) if not name.strip() or name.startswith("__index_level_")]
    empty = [k for k in nameless if table.column(k).null_count == len(table)]
    rest = [k for k in nameless if k not in empty]
    if empty and len(table):
        warn(DroppedWarning, f"{file_name}: columns without names and values are left out ({len(empty)}).")
    if len(rest) == 1 and len(names) > 1 and _are_row_names(table, rest[0]):
        note = f"{file_name}: the column without a name looks like row names; it is left out."
        warn(DroppedWarning, note)
    elif rest or (empty and not len(table)):
        raise ColumnError(
            "Every column must have a name.",
            f"{file_name}: column {nameless[0] + 1} has none.",
            "Name it, or write the file without row names (R: row.names = FALSE; pandas: index=False).",
        )
    return [k for k in range(len(names)) if k not in nameless]


def _lacks_heading(names):
    """Say whether all names are numbers, but not places (0, 1, 2, ...): the file may begin with a row."""
    places = [[str(k + first) for k in range(len(names))] for first in (0, 1)]
    return all(map(reads_as_number, names)) and names not in places


def _are_row_names(table, place):
    """Whether a column is the first (pandas' Parquet: the last) and has a different value in every row."""
    column = table.column(place)
    return (
        place in (0, table.num_columns - 1) and column.null_count == 0 and len(column.unique()) == len(column)
    )
