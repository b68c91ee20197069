"""IDX files, as MNIST and Fashion-MNIST come: a head of sizes, then bytes, packed by gzip or not.

The head: two zero bytes, the type (8 is uint8), the number of axes, and the length of each as a big-endian
32-bit number.
Reference: LeCun, Cortes and Burges, *The MNIST database of handwritten digits*.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from bineural.errors import InputError
from bineural.messages import sentence

_BYTES = 8  # the type of unsigned bytes
_MOST_AXES = 4
_MOST_BYTES = 2**30


def read_idx(path):
    """Read an IDX file of unsigned bytes.

    Parameters
    ----------
    path : str or pathlib.Path
        Packed by gzip where it ends in .gz.

    Returns
    -------
    ndarray of uint8
        Of the shape that its head says.

    Raises
    ------
    InputError
        If it is no such file, or has fewer or more bytes than its head says.
    """
    path = Path(path)
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as file:
            shape = _read_head(file, path.name)
            n_bytes = math.prod(shape)
            content = file.read(n_bytes + 1)  # no more than that, however much a packed file becomes
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            "An IDX file must be readable from its beginning to its end.",
            f"{path.name}: {sentence(error)}",
            "Copy it again.",
        ) from error
    if len(content) != n_bytes:
        least = f"{len(content):,}" if len(content) < n_bytes else "more"
        raise InputError(
            "An IDX file must have as many bytes as its head says.",
            f"{path.name} says {' x '.join(map(str, shape))}, {n_bytes:,} bytes, and has {least}.",
            "It is cut off, or no file of this set: copy it again.",
        )
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _read_head(file, name):
    """Read the shape that an IDX file says it has."""
    start = file.read(4)
    known = len(start) == 4 and start[:3] == bytes([0, 0, _BYTES]) and 1 <= start[3] <= _MOST_AXES
    sizes = file.read(4 * start[3]) if known else b""
    if not known or len(sizes) != 4 * start[3]:
        raise InputError(
            "An IDX file must begin with its type (unsigned bytes) and its sizes.",
            f"{name} begins with {(start + sizes)[:8]!r}.",
            "Check whether it is the file that it is named for.",
        )
    shape = struct.unpack(f">{start[3]}I", sizes)
    if math.prod(shape) > _MOST_BYTES:
        raise InputError(
            f"An IDX file must have at most {_MOST_BYTES:,} bytes.",
            f"{name} says {' x '.join(map(str, shape))}.",
            "Don't use this file unless you know who made it.",
        )
    return shape
