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
import zipfile
import zlib
from collections import Counter
from pathlib import Path

from bineural.data.json_files import read_json
from bineural.data.text_files import SEPARATORS, hint_for_text, read_text
from bineural.errors import ColumnError, DroppedWarning, InputError
from bineural.messages import near_names, sentence, warn
from bineural.tables.arrow import column_to_pandas
from bineural.tables.growth import PACKED, allowed_bytes, name_in_zip, read_feather, read_parquet, unpack

_BINARY = {".parquet": read_parquet, ".pq": read_parquet, ".feather": read_feather, ".arrow": read_feather}
_JSON = {".json": False, ".jsonl": True, ".ndjson": True}  # whether each line is an object
ENDINGS = [*SEPARATORS, *_JSON, *_BINARY]
_KINDS = (  # how a file begins, what it then is, and the ending that says so
    (b"PAR1", "a Parquet file", ".parquet"),
    (b"ARROW1", "a Feather file", ".feather"),
    (b"\x1f\x8b", "packed by gzip", ".gz"),
    (b"BZh", "packed by bzip2", ".bz2"),
    (b"\xfd7zXZ", "packed by xz", ".xz"),
    (b"\xd0\xcf\x11\xe0", "an Excel file", ".xls"),
    (b"PK\x03\x04", "a zip file, or an Excel file", ".zip or .xlsx"),
)
_OTHERS = {  # what is not read here: what it is, what reads it, how to write it otherwise
    (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"): (
        "a workbook",
        "pandas.read_excel() or R's readxl::read_excel()",
        "save the sheet as CSV",
    ),
    (".rds", ".rdata", ".rda"): ("a file of R", "R's readRDS() or load()", "write it by write.csv()"),
    (".sav", ".dta", ".sas7bdat", ".por"): (
        "a file of SPSS, Stata or SAS",
        "pandas.read_spss(), read_stata(), read_sas() or R's haven",
        "save it as CSV",
    ),
    (".pkl", ".pickle"): ("a file of Python", "pandas.read_pickle()", "write it as CSV or Parquet"),
}
_OTHERS = {ending: entry for endings, entry in _OTHERS.items() for ending in endings}
_TROUBLE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
_TROUBLE += (ValueError, RecursionError, csv.Error)


def is_file_name(name):
    """Say whether a name is that of a file, rather than of a data set."""
    suffix = Path(name).suffix.lower()
    known = suffix in (*ENDINGS, *PACKED, *_OTHERS)
    return known or "/" in name or "\\" in name or Path(name).expanduser().is_file()


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
    if not path.is_file():
        beside = [file.name for file in path.parent.glob("*") if file.suffix.lower() in (*ENDINGS, *PACKED)]
        raise InputError(
            "A file to be read must exist.",
            f"There is no file {str(path)!r} (in {str(Path.cwd())!r}).",
            near_names(path.name, sorted(beside) or ENDINGS),
        )
    import pyarrow

    try:
        ending = _ending(path)
        _refuse_other_kinds(path, ending)
        _check_options(path, ending, writing)
        table = _read(path, ending, allowed_bytes(path, max_bytes), writing)
    except InputError as error:
        if path.name in error.found:
            raise
        raise type(error)(error.must, f"{path.name}: {error.found}", error.hint) from error
    except (*_TROUBLE, pyarrow.ArrowException) as error:
        raise _unreadable(path, writing, error) from error
    return _to_pandas(table, path.name)


def _ending(path):
    """Return what says how to read a file: .csv of table.csv.gz; of a zip file, that of the file in it."""
    suffix = path.suffix.lower()
    if suffix == ".zip" and zipfile.is_zipfile(path):
        return Path(name_in_zip(path)).suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in PACKED else suffix


def _read(path, ending, allowed, writing):
    """Read a file whose name has been checked into an Arrow table."""
    if ending in _BINARY:
        return _BINARY[ending](path, allowed)
    content = unpack(path, allowed) if path.suffix.lower() in PACKED else path
    if ending in _JSON:
        return read_json(path.read_bytes() if content is path else content, _JSON[ending])
    return read_text(content, ending, writing)


def _refuse_other_kinds(path, ending):
    """Refuse a file of a kind that is not read here, by its name or by how it begins."""
    if ending in _OTHERS:
        kind, reader, writer = _OTHERS[ending]
        raise InputError(
            "The file must be text, JSON, Parquet or Feather.",
            f"{path.name} is {kind}.",
            f"Read it by {reader} and pass the data frame; or {writer} and read that.",
        )
    with open(path, "rb") as file:
        begin = file.read(8)
    for mark, kind, right in _KINDS:
        fits = path.suffix.lower() in right or (mark == b"PAR1" and path.suffix.lower() == ".pq")
        if begin.startswith(mark) and not fits and not (mark == b"ARROW1" and ending == ".arrow"):
            raise InputError(
                "The name of a file must say what it is.",
                f"{path.name} is {kind}.",
                f"Rename it so that it ends in {right}.",
            )


def _check_options(path, ending, writing):
    """Refuse an ending that says nothing, and options of text files where the file is none."""
    is_packed = path.suffix.lower() in PACKED
    if ending in _BINARY and is_packed:
        raise InputError("Only text and JSON can be packed.", f"Found {path.name}.", "Unpack it first.")
    if ending in _BINARY or ending in _JSON:
        refuse_options(writing, path.name)
    elif ending not in SEPARATORS and writing.separator is None:
        raise InputError(
            f"A file to be read must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
            f"Found {path.name!r}{', which holds a file ' + repr(ending) if path.suffix == '.zip' else ''}.",
            "If it is text, say what stands between its fields, for example separator=','.",
        )


def refuse_options(writing, name):
    """Refuse options of text files for anything else."""
    if writing.given:
        raise InputError(
            f"{listed_options(writing.given)} must be given for text files only.",
            f"{name} is none.",
            "Leave that out.",
        )


def listed_options(names):
    """Write names of options for a sentence."""
    return " and ".join(f"`{name}`" for name in names)


def _unreadable(path, writing, error):
    """Make the error that says what is wrong with a file, and which option reads it, if one does."""
    ending = _ending(path)
    if ending in _BINARY or ending in _JSON:
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
