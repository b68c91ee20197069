"""A zip of one JSON text and of arrays, written and read; no size that a file declares is believed.

What is unpacked is bound by what is there: at most `RATIO` times the bytes of the file (and `FLOOR` at
least). The writer keeps to the same rule: what would shrink by more is stored as it is, so what was written
is read. Arrays are read only where shape and type give exactly the bytes that are there, and JSON only where
it is no deeper than `DEPTH`. Nothing is made before it is known to fit.
"""

import hashlib
import io
import json
import math
import zipfile

import numpy as np

RATIO = 100
FLOOR = 16 * 2**20
DEPTH = 100
ARRAYS = "arrays.npz"
_DIMENSIONS = 2**31  # of an array without items
_KINDS = "biufcUSmMV"


class Unreadable(Exception):
    """A file is not what it claims to be; the text goes on after its name ("is damaged")."""


class TooLarge(Unreadable):
    """A file would unpack to more than it may; `size` bytes."""

    def __init__(self, size, most):
        super().__init__(f"is larger than it may be: it unpacks to {size:,} bytes, and {most:,} are allowed")
        self.size = size


def write_archive(json_name, content, arrays, compressed=True):
    """Return the bytes of a zip of `content` as JSON and of `arrays` as npz.

    Parameters
    ----------
    json_name : str
    content : dict
        Plain values.
    arrays : dict of str to ndarray
    compressed : bool
    """
    packed = _npz(arrays)
    text = json.dumps(content, indent=1 if compressed else None, allow_nan=False)
    written = _zipped(json_name, text, packed.getbuffer(), compressed)
    if len(text) + packed.getbuffer().nbytes > most_bytes(len(written)):
        written = _zipped(json_name, text, packed.getbuffer(), False)
    return written


def _npz(arrays):
    """Write arrays as `numpy.savez` does, whose word against pickle NumPy 2.0 takes for one more array."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)
    return packed


def _zipped(json_name, text, packed, compressed):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        archive.writestr(json_name, text)
        archive.writestr(ARRAYS, packed)
    return out.getvalue()


def most_bytes(size):
    """Return how many bytes a file of `size` bytes may unpack to."""
    return max(FLOOR, RATIO * size)


def read_archive(content, json_name, max_bytes=None, with_arrays=True):
    """Read what `write_archive` wrote.

    Parameters
    ----------
    content : bytes
    json_name : str
    max_bytes : int, optional
        Most bytes that it may unpack to; None is `most_bytes(len(content))`.
    with_arrays : bool
        False leaves the arrays unread.

    Returns
    -------
    content : dict
    arrays : dict of str to ndarray

    Raises
    ------
    Unreadable
        If it is anything else.
    """
    most = most_bytes(len(content)) if max_bytes is None else max_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive.infolist(), [json_name, ARRAYS], most)
            described = read_json(archive.read(json_name))
            packed = archive.read(ARRAYS) if with_arrays else None
        arrays = _read_arrays(packed) if with_arrays else {}
    except Unreadable:
        raise
    except Exception as error:  # a damaged zip can raise almost anything
        raise Unreadable(f"is damaged ({type(error).__name__})") from error
    if not isinstance(described, dict):
        raise Unreadable("holds no description")
    return described, arrays


def _check_members(members, names, most):
    if sorted(m.filename for m in members) != sorted(names):
        raise Unreadable("is a zip of something else")
    if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
        raise Unreadable("is packed in a way that is not used here")
    size = sum(m.file_size for m in members)
    if size > most:
        raise TooLarge(size, most)


def read_json(text):
    """Return the values of a JSON text (bytes or str): finite numbers, no deeper than `DEPTH`.

    Raises
    ------
    Unreadable
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, numbers of 5,000 digits
        raise Unreadable("holds no readable JSON") from error
    _check_json(value)
    return value


def _refuse_constant(word):
    raise ValueError(word)


def _check_json(value):
    """Go down level by level, so that nothing can be too deep for Python itself."""
    level = [value]
    for _ in range(DEPTH):
        lists = [part for part in level if type(part) in (list, dict)]
        level = [v for part in lists for v in (part if type(part) is list else part.values())]
        if any(type(v) is float and not math.isfinite(v) for v in level):
            raise Unreadable("holds a number that is too large")
        if not level:
            return
    raise Unreadable(f"is nested more than {DEPTH} levels deep")


# ---- arrays ----


def _read_arrays(packed):
    arrays = {}
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        members = archive.infolist()
        if any(m.compress_type != zipfile.ZIP_STORED or not m.filename.endswith(".npy") for m in members):
            raise Unreadable("is packed twice")
        if sum(m.file_size for m in members) > len(packed):
            raise Unreadable("holds arrays that are larger than what is there")
        if len({m.filename for m in members}) != len(members):
            raise Unreadable("holds two arrays of the same name")
        for member in members:
            name = member.filename.removesuffix(".npy")
            arrays[name] = _read_array(archive.read(member), name)
    return arrays


def _read_array(data, name):
    """Read one array (npy), whose shape and type must give exactly the bytes that are there."""
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    shape, by_columns, dtype = readers[version](file)
    start = file.tell()
    plain = dtype.kind in _KINDS and dtype.names is None and dtype.subdtype is None and dtype.itemsize > 0
    if not plain or dtype.kind == "V" and dtype.itemsize > 2:  # bfloat16 is two bytes to numpy
        raise Unreadable(f"holds an array {name!r} of type {str(dtype)[:40]}")
    if math.prod(shape) * dtype.itemsize != len(data) - start or any(not 0 <= d < _DIMENSIONS for d in shape):
        raise Unreadable(f"holds an array {name!r} of another size than it says")
    flat = np.frombuffer(data, dtype, offset=start).copy()
    _check_items(flat, name)
    return flat.reshape(shape[::-1]).T if by_columns else flat.reshape(shape)


def _check_items(flat, name):
    """Refuse bytes that are no truth value and no letter: numpy would stumble over them later."""
    if flat.dtype.kind == "b":
        wrong = (flat.view(np.uint8) > 1).any()
    elif flat.dtype.kind == "U" and flat.size:
        letters = flat.view(np.uint32) if flat.dtype.isnative else flat.view(np.uint32).byteswap()
        wrong = (letters > 0x10FFFF).any()
    else:
        return
    if wrong:
        raise Unreadable(f"holds an array {name!r} of values that can't be")


# ---- content ----


def content_hash(content, arrays):
    """Return the SHA-256 of plain values and arrays, the same wherever they are read."""
    total = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    for name in sorted(arrays):
        array = arrays[name]
        total.update(f"\0{name} {array.dtype.str} {array.shape} ".encode())
        total.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b"")
    return total.hexdigest()
