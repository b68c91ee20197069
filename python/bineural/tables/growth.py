"""A limit to how much a file grows when it is read: a huge one is refused before the memory is taken.

A packed file can become a thousand times as large; a Parquet file can say one value a billion times in a few
bytes.
"""

import bz2
import gzip
import lzma
import zipfile
from contextlib import contextmanager

import numpy as np

from bineural.checks import whole
from bineural.errors import InputError
from bineural.messages import listed

GROWTH = 200  # times the size of the file; packed tables of people stay far below it
FREE = 256 * 2**20  # bytes that any file may become
MAX_BYTES = whole(1, hint="Leave it out, or give for example 8e9 for 8 GB.").or_none()  # what a door takes
_CHUNK = 2**20
_ARROW_MAGIC = b"ARROW1\0\0"
_MARKS, _SKIPPED = (0x184D2204, 0xFD2FB528), 0x184D2A50


def allowed_bytes(path, max_bytes=None):
    """Return the bytes that the content of a file may have once it is unpacked.

    Parameters
    ----------
    path : Path
    max_bytes : int, optional
        What a user who knows the file allows.

    Returns
    -------
    int
    """
    return max(FREE, GROWTH * path.stat().st_size) if max_bytes is None else max_bytes


def unpack(path, allowed):
    """Return the content of a packed file as bytes; no more than `allowed` bytes are ever unpacked.

    Parameters
    ----------
    path : Path
        Its name ends in one of `PACKED`; a zip file holds one file.
    allowed : int

    Raises
    ------
    InputError
        If there are more.
    """
    chunks, n_bytes = [], 0
    with PACKED[path.suffix.lower()](path) as file:
        while chunk := file.read(_CHUNK):
            n_bytes += len(chunk)
            if n_bytes > allowed:
                raise _too_large(path, allowed)
            chunks.append(chunk)
    return b"".join(chunks)


def name_in_zip(path):
    """Return the name of the one file that a zip file holds; folders and what macOS adds don't count.

    Raises
    ------
    InputError
        If it holds none, or several.
    """
    with zipfile.ZipFile(path) as archive:
        names = [file.filename for file in archive.infolist() if not file.is_dir()]
    names = [name for name in names if not name.startswith("__MACOSX/")]
    if len(names) != 1:
        raise InputError(
            "A zip file must hold one table.",
            f"{path.name} holds {f'{len(names)} files: {listed(names, 4)}' if names else 'no file'}.",
            "Unpack it, and name the file that is meant.",
        )
    return names[0]


@contextmanager
def _open_zip(path):
    name = name_in_zip(path)
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(name).flag_bits & 1:
            raise InputError("A zip file must be without a password.", f"{path.name} has one.", "Unpack it.")
        with archive.open(name) as file:
            yield file


PACKED = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open, ".zip": _open_zip}


def read_parquet(path, allowed):
    """Return the content of a Parquet file as an Arrow table, after its size in memory is known.

    Text that is written once and named in many rows stays so until its size is counted.

    Raises
    ------
    InputError
        If the table would have more than `allowed` bytes.
    """
    from pyarrow import parquet

    file = parquet.ParquetFile(path)
    texts, n_bytes = _growing_texts(file), 8 * file.metadata.num_rows * file.metadata.num_columns
    if n_bytes > allowed:
        raise _too_large(path, allowed)
    schema = file.schema_arrow
    table = parquet.ParquetFile(path, read_dictionary=texts).read() if texts else file.read()
    for name in texts:
        place = table.column_names.index(name)
        column = table.column(place)
        n_bytes += _text_bytes(column)
        if n_bytes > allowed:
            raise _too_large(path, allowed)
        field = schema.field(place)
        table = table.set_column(place, field, column.cast(field.type))
    return table


def read_feather(path, allowed):
    """Return the content of a Feather (Arrow IPC) file as an Arrow table, after its size in memory is known.

    Raises
    ------
    InputError
        If the table would have more than `allowed` bytes, or is of a kind whose size can't be known.
    """
    import pyarrow
    from pyarrow import types

    content = path.read_bytes()
    if not content.startswith(_ARROW_MAGIC):
        raise pyarrow.ArrowInvalid("It is no Feather file of version 2.")
    messages = pyarrow.py_buffer(content)[8:]  # what follows the magic is a stream
    n_bytes = sum(map(_unpacked_bytes, pyarrow.ipc.MessageReader.open_stream(messages)))
    if n_bytes > allowed:
        raise _too_large(path, allowed)
    reader = pyarrow.ipc.open_stream(messages)
    shares_values = (types.is_run_end_encoded, types.is_string_view, types.is_binary_view)
    for field in reader.schema:
        if any(kind(field.type) for kind in shares_values):
            raise pyarrow.ArrowInvalid(f"Column {field.name!r} is of type {field.type}. Write it as Parquet.")
    table = reader.read_all()
    if 8 * table.num_rows * table.num_columns > allowed:
        raise _too_large(path, allowed)
    return table


def _unpacked_bytes(message):
    """Count the bytes of a message once its buffers are unpacked, or a little more.

    A packed buffer begins at a multiple of 8 with its length unpacked; what follows begins with the mark of
    LZ4 or Zstandard, or of a part that they skip.
    """
    body = np.frombuffer(message.body or b"", dtype=np.uint8)
    words = body[: len(body) // 8 * 8].view("<i8")
    marks = words[1:] & 0xFFFFFFFF
    is_packed = np.isin(marks, _MARKS) | (marks & 0xFFFFFFF0 == _SKIPPED)
    lengths = words[:-1][is_packed]
    return len(body) + sum(length for length in lengths.tolist() if length > 0)


def _growing_texts(file):
    """Name the columns of text that could grow beyond what any file may become."""
    from pyarrow import types

    metadata, names = file.metadata, []
    is_text = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    for k, field in enumerate(file.schema_arrow):
        if metadata.num_columns != len(file.schema_arrow) or not any(kind(field.type) for kind in is_text):
            continue
        chunks = [metadata.row_group(g).column(k) for g in range(metadata.num_row_groups)]
        if sum(chunk.num_values * chunk.total_uncompressed_size for chunk in chunks) > FREE:
            names.append(field.name)
    return names


def _text_bytes(column):
    """Count the bytes of a column's values, each as often as it stands in a row."""
    from pyarrow import compute, types

    total = 0
    for chunk in column.chunks:
        if types.is_dictionary(chunk.type):
            lengths = compute.binary_length(chunk.dictionary).take(chunk.indices)
        else:
            lengths = compute.binary_length(chunk)
        total += compute.sum(lengths.cast("int64")).as_py() or 0
    return total


def _too_large(path, allowed):
    return InputError(
        f"A file must not become more than {GROWTH} times as large when it is read, nor hold more than a few "
        "values again and again.",
        f"{path.name} has {path.stat().st_size:,} bytes and would become more than {allowed:,.0f}.",
        "If you know who made it and have the memory, allow more bytes by `max_bytes`.",
    )
