"""What a file is by its name: which endings are read, and which options go with them.

Nothing is guessed: a file whose name does not say what it is gets an error with what to do.
"""

import os
import zipfile
from pathlib import Path

from bineural.data.text_files import SEPARATORS
from bineural.errors import InputError
from bineural.tables.growth import PACKED, name_in_zip, read_feather, read_parquet

BINARY = {".parquet": read_parquet, ".pq": read_parquet, ".feather": read_feather, ".arrow": read_feather}
JSON = {".json": False, ".jsonl": True, ".ndjson": True}  # whether each line is an object
ENDINGS = [*SEPARATORS, *JSON, *BINARY]
_KINDS = (  # how a file begins, what it then is, and the endings that say so
    (b"PAR1", "a Parquet file", (".parquet", ".pq")),
    (b"ARROW1", "a Feather file", (".feather", ".arrow")),
    (b"\x1f\x8b", "packed by gzip", (".gz",)),
    (b"BZh", "packed by bzip2", (".bz2",)),
    (b"\xfd7zXZ", "packed by xz", (".xz",)),
    (b"\xd0\xcf\x11\xe0", "an Excel file", (".xls",)),
    (b"PK\x03\x04", "a zip file, or an Excel file", (".zip", ".xlsx")),
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


def is_file_name(name):
    """Say whether a name is that of a file, rather than of a data set."""
    suffix = Path(name).suffix.lower()
    known = suffix in (*ENDINGS, *PACKED, *_OTHERS)
    return known or "/" in name or "\\" in name or os.path.isfile(os.path.expanduser(name))


def ending_of(path):
    """Return what says how to read a file: .csv of table.csv.gz; of a zip file, that of the file in it."""
    suffix = path.suffix.lower()
    if suffix == ".zip" and zipfile.is_zipfile(path):
        return Path(name_in_zip(path)).suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in PACKED else suffix


def refuse_other_kinds(path, ending):
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
    for mark, kind, endings in _KINDS:
        if begin.startswith(mark) and path.suffix.lower() not in endings:
            raise InputError(
                "The name of a file must say what it is.",
                f"{path.name} is {kind}.",
                f"Rename it so that it ends in {' or '.join(endings)}.",
            )


def check_options(path, ending, writing):
    """Refuse an ending that says nothing, and options of text files where the file is none."""
    is_packed = path.suffix.lower() in PACKED
    if ending in BINARY and is_packed:
        raise InputError("Only text and JSON can be packed.", f"Found {path.name}.", "Unpack it first.")
    if ending in BINARY or ending in JSON:
        refuse_options(writing, path.name)
    elif ending not in SEPARATORS and writing.separator is None:
        inside = f", which holds {name_in_zip(path)!r}" if path.suffix.lower() == ".zip" else ""
        raise InputError(
            f"A file to be read must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
            f"Found {path.name!r}{inside}.",
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
