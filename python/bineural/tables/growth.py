"""A limit to how much a file grows when it is read: a huge one is refused before the memory is taken.

A gzip file can become a thousand times as large; a Parquet file can say one value a billion times in a few
bytes.
"""

import gzip

from bineural.checks import whole
from bineural.errors import InputError

GROWTH = 200  # times the size of the file; packed tables of people stay far below it
FREE = 256 * 2**20  # bytes that any file may become
MAX_BYTES = whole(1, hint="Leave it out, or give for example 8e9 for 8 GB.").or_none()  # what a door takes
_CHUNK = 2**20


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


def inflate(path, allowed):
    """Return the content of a gzip file as bytes; no more than `allowed` bytes are ever unpacked.

    Raises
    ------
    InputError
        If there are more.
    """
    chunks, n_bytes = [], 0
    with gzip.open(path) as file:
        while chunk := file.read(_CHUNK):
            n_bytes += len(chunk)
            if n_bytes > allowed:
                raise _too_large(path, allowed)
            chunks.append(chunk)
    return b"".join(chunks)


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
        "If you know who made it and have the memory, allow more bytes: `max_bytes` (command: --max-bytes).",
    )
