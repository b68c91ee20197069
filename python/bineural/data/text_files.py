"""Text files of lines and fields (CSV and its like) as Arrow tables, and what to try where one can't be read.

Read by pyarrow; numbers with separators of thousands, which it does not know, are text to it and are turned
into numbers afterwards, a column at a time.
"""

import csv
import io
import re

from bineural.errors import InputError
from bineural.tables.growth import PACKED

MISSING = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null"]
SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
_TYPED = {"\t": "tab", " ": "space"}  # how an option is written in a message
_ALIKE = {" ": " \u00a0\u202f", "'": "'\u2019"}
_LOOK = 2**16  # bytes that are looked at to say what may be wrong


def read_text(content, ending, writing):
    """Read lines of fields into an Arrow table.

    Parameters
    ----------
    content : bytes or Path
    ending : str
        Of the file's name, which says what separates fields where `writing` does not.
    writing : Writing
        How the file is written.

    Returns
    -------
    pyarrow.Table
        Columns of whole numbers, floats, truths and text; dates stay text.
    """
    from pyarrow import csv as arrow_csv
    from pyarrow import types

    separator = writing.separator or SEPARATORS.get(ending, ",")
    names = _read_heading(content, separator, writing)
    convert = {
        "null_values": [*MISSING, *writing.missing_values],
        "strings_can_be_null": True,
        "quoted_strings_can_be_null": True,
        "true_values": ["true", "TRUE", "True"],
        "false_values": ["false", "FALSE", "False"],
        "decimal_point": writing.decimal,
    }

    def read(text_columns):
        return arrow_csv.read_csv(
            io.BytesIO(content) if isinstance(content, bytes) else content,
            read_options=arrow_csv.ReadOptions(encoding=writing.encoding),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                **convert, column_types=dict.fromkeys(text_columns, "string")
            ),
        )

    table = read([])
    plain = (types.is_integer, types.is_floating, types.is_boolean, types.is_string, types.is_null)
    dates = [f.name for f in table.schema if not any(is_type(f.type) for is_type in plain)]
    table = read(dates) if dates else table
    if writing.thousands:
        for k, column in enumerate(table.columns):
            if types.is_string(column.type):
                table = table.set_column(k, table.column_names[k], _read_thousands(column, writing))
    return table.rename_columns(names)


def _read_thousands(column, writing):
    """Turn a column of text into numbers if each of its values is one, its thousands complete."""
    from pyarrow import compute

    parting = f"[{re.escape(_ALIKE.get(writing.thousands, writing.thousands))}]"
    point = re.escape(writing.decimal)
    whole = rf"^[-+]?(\d+|\d{{1,3}}({parting}\d{{3}})+)"
    trimmed = compute.utf8_trim_whitespace(column)

    def matches(pattern):
        return compute.all(compute.match_substring_regex(trimmed, pattern), min_count=0).as_py()

    if column.null_count == len(column) or not matches(rf"{whole}({point}\d*)?([eE][-+]?\d+)?$"):
        return column
    plain = compute.replace_substring_regex(trimmed, parting, "")
    if matches(f"{whole}$") and compute.max(compute.utf8_length(plain)).as_py() < 19:
        return plain.cast("int64")
    return compute.replace_substring(plain, writing.decimal, ".").cast("float64")


def _read_heading(content, separator, writing):
    """Return the column names; check that there is something to read."""
    encoding = "utf-8-sig" if writing.encoding == "utf-8" else writing.encoding
    with (
        io.BytesIO(content) if isinstance(content, bytes) else open(content, "rb") as raw,
        io.TextIOWrapper(raw, encoding=encoding, newline="") as file,
    ):
        lines = csv.reader(file, delimiter=separator)
        names, first = next(lines, []), next(lines, [])
    if not names:
        raise InputError(
            "The file must have a heading with the names of the columns.",
            "It is empty.",
            "Check how it was written.",
        )
    lines = [separator.join(fields) for fields in (names, first) if fields]
    spaces = writing.separator is None and separator == "\t"  # a column of texts may stand alone in .csv
    if other := _likelier_separator(lines, separator, spaces):
        raise InputError(
            f"The fields of this file must be separated by {_SIGNS.get(separator, repr(separator))}.",
            f"The heading is {lines[0][:200]!r}.",
            _separator_hint(other, lines[-1]),
        )
    return names


def _likelier_separator(lines, separator, spaces):
    """Return the sign that all lines have more often than the separator; None where none is.

    `spaces` says whether a space counts where there is no separator at all; else it stands within fields.
    """
    counts = {sign: min(line.count(sign) for line in lines) for sign in _SIGNS}
    if counts.get(separator, 0) or not spaces:
        counts.pop(" ")
    other = max(counts, key=counts.get)
    return (
        other if other != separator and counts[other] > min(line.count(separator) for line in lines) else None
    )


def _separator_hint(sign, line):
    option = f"separator={_TYPED.get(sign, sign)!r}"
    has_commas = sign != "," and re.search(r"(^|[^\d,])\d+,\d+($|[^\d,])", line)
    return f"Pass {option}{' and decimal=' + repr(',') if has_commas else ''}."


def hint_for_text(path, ending, writing, error):
    """Say what to try where a text file can't be read: the option that reads it, if that can be told.

    Parameters
    ----------
    path : Path
    ending : str
    writing : Writing
    error : Exception

    Returns
    -------
    str
    """
    with PACKED.get(path.suffix.lower(), lambda p: open(p, "rb"))(path) as file:
        begin = file.read(_LOOK)
    if isinstance(error, UnicodeDecodeError) or "UTF8" in str(error):
        return _encoding_hint(begin)
    lines = begin.decode(writing.encoding, "replace").splitlines()[:2]
    separator = writing.separator or SEPARATORS.get(ending, ",")
    counts = re.search(r"Expected (\d+) columns, got (\d+): (.*)", str(error), re.DOTALL)
    if counts is None or len(lines) < 2:
        return "Check how it was written."
    if int(counts[2]) == int(counts[1]) + 1 and counts[3].strip() == lines[1].strip():
        return (
            "If lines begin with names of rows, give that column a name too, or write the file without them "
            "(R: row.names = FALSE)."
        )
    if other := _likelier_separator([*lines, counts[3]], separator, True):
        return _separator_hint(other, "\n".join([*lines[1:], counts[3]]))
    return "Look at the line in question: a field that holds the separator stands between quotation marks."


def _encoding_hint(begin):
    """Name the encoding that a file which is not UTF-8 most likely has."""
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "Pass encoding='utf-16'."
    if b"\0" in begin:
        return f"Pass encoding='utf-16-{'le' if begin[1:2] == bytes(1) else 'be'}'."
    return "Pass the encoding it was written in: encoding='cp1252' is usual in western Europe."
