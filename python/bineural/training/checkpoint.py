"""A training's whole state in one file, so that the same call goes on from it, after a kill -9 too.

`checkpoint.json` says which training it is (a hash of each of its parts) and holds the state as a tree of
plain values; `arrays.npz` holds its numbers, bit for bit. No pickle. The file appears whole or not at all.
"""

import contextlib
import os
import time
from pathlib import Path

import numpy as np

from bineural._tensorflow import tf
from bineural.bundles.archive import Unreadable, content_hash, read_archive, write_archive
from bineural.bundles.decoding import Decoder
from bineural.bundles.encoding import Encoder
from bineural.bundles.schema import (
    Mismatch,
    check_attributes,
    dict_of,
    may_lack,
    one_of,
    require,
    text,
    whole,
)
from bineural.errors import InputError
from bineural.files import write_atomically

FORMAT = 1
_JSON = "checkpoint.json"
_SCHEMA = {
    "file": one_of("bineural checkpoint"),
    "format": whole(FORMAT, FORMAT),
    "note": lambda value: type(value) is dict,
    "parts": dict_of(text, text),
    "state": lambda value: type(value) is dict,
    "sha256": may_lack(text),
}
SECONDS = 10.0  # of training between two writings
_SHARE = 20  # writing takes at most about this part of the time


class Checkpoint:
    """The file of one training.

    Parameters
    ----------
    path : str or path-like
        Its folder must exist.
    note : dict, optional
        Plain values kept beside the state.

    Raises
    ------
    InputError
        If it can't be a file.
    """

    def __init__(self, path, note=None):
        self.path, self.note = _check_path(path), note or {}
        self.parts = self._last = None
        self._wait = SECONDS

    def begin(self, parts):
        """Say which training this is, and return the state to go on from, or None where there is no file.

        Parameters
        ----------
        parts : dict of str to str
            Hash of each part of the training, see `fingerprint.fingerprint_training`.

        Raises
        ------
        InputError
            If the file is that of another training, damaged, or something else.
        """
        self.parts, self._last, self._wait = parts, time.monotonic(), SECONDS
        if not self.path.exists():
            return None
        content, arrays = _read(self.path)
        stored = content["parts"]
        differ = [name for name in {**parts, **stored} if parts.get(name) != stored.get(name)]
        if differ:
            raise InputError(
                "`checkpoint` must name a new file, or the file of the same training.",
                f"{str(self.path)!r} is of a training with other {', '.join(differ)}.",
                "Delete it, or give another path.",
            )
        try:
            return Decoder(arrays).decode(content["state"])
        except Exception as error:  # a tree that was changed by hand may raise anything
            raise _damaged(self.path, f"{type(error).__name__}: {error}") from error

    def read_note(self):
        """Return the note in the file, or an empty one where there is no file yet."""
        return _read(self.path)[0]["note"] if self.path.exists() else {}

    def write_sometimes(self, state):
        """Write `state()` when the last writing is long enough ago."""
        if time.monotonic() - self._last >= self._wait:
            self.write(state())

    def write(self, state):
        """Write a state: nested dicts and lists of plain values, arrays and `Trained`."""
        begun, encoder = time.monotonic(), Encoder()
        content = {
            "file": "bineural checkpoint",
            "format": FORMAT,
            "note": self.note,
            "parts": self.parts,
            "state": encoder.encode(state, "checkpoint"),
        }
        content["sha256"] = content_hash(content, encoder.arrays)
        write_atomically(self.path, write_archive(_JSON, content, encoder.arrays, compressed=False))
        self._last = time.monotonic()
        self._wait = max(SECONDS, _SHARE * (self._last - begun))


def as_checkpoint(checkpoint):
    """Return a `Checkpoint` from one, or from its path."""
    return checkpoint if isinstance(checkpoint, Checkpoint) else Checkpoint(checkpoint)


def flat_arrays(nest):
    """Return the leaves of a nest of tensors as a list of arrays."""
    return [np.asarray(value) for value in tf.nest.flatten(nest)]


def nest_like(example, arrays, skip=0):
    """Put arrays back into a nest of tensors like `example`; the first `skip` sizes may differ.

    Raises
    ------
    InputError
        If number, shapes or types are not those of the example.
    """
    leaves = tf.nest.flatten(example)
    if len(leaves) != len(arrays):
        raise damaged_state(f"{len(arrays)} arrays where {len(leaves)} are needed")
    for leaf, array in zip(leaves, arrays):
        kind = tf.as_dtype(leaf.dtype).as_numpy_dtype
        same = array.dtype == kind or (array.dtype.kind, array.dtype.itemsize) == (
            "V",
            np.dtype(kind).itemsize,
        )
        if tuple(leaf.shape[skip:]) != array.shape[skip:] or leaf.shape.rank != array.ndim or not same:
            raise damaged_state(f"shape {array.shape} of {array.dtype} where {leaf.shape} is needed")
    tensors = [
        tf.constant(a if a.dtype == d else a.view(d))  # a file knows bfloat16 as two bytes
        for a, d in zip(arrays, (tf.as_dtype(leaf.dtype).as_numpy_dtype for leaf in leaves))
    ]
    return tf.nest.pack_sequence_as(example, tensors)


@contextlib.contextmanager
def whole_state():
    """Say in words what of a state can't be."""
    try:
        yield
    except Mismatch as error:
        raise damaged_state(f"something else: {error}") from error


def damaged_state(reason):
    """Return the error for a state that does not fit the training it is said to be of."""
    return InputError(
        "A checkpoint must hold the state of this training.",
        f"It holds {reason}.",
        "Delete it, or give another path; another version of bineural may have written it.",
    )


def _check_path(path):
    if not isinstance(path, (str, os.PathLike)):
        raise InputError("`checkpoint` must be a path.", f"Found {path!r}.", "Pass 'net.checkpoint'.")
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(
            "`checkpoint` must be in a folder that exists.",
            f"There is no folder {str(path.parent)!r}.",
            "Make it first.",
        )
    if path.is_dir():
        raise InputError(
            "`checkpoint` must be a file.", f"{str(path)!r} is a folder.", "Add the name of a file in it."
        )
    return path


def _read(path):
    """Return (checkpoint.json as dict, arrays as dict)."""
    try:
        content, arrays = read_archive(path.read_bytes(), _JSON)
        check_attributes(content, _SCHEMA, "checkpoint")
        if "sha256" in content:
            rest = {key: value for key, value in content.items() if key != "sha256"}
            require(content["sha256"] == content_hash(rest, arrays), "it has changed since it was written")
    except (Unreadable, Mismatch, OSError) as error:
        raise _damaged(path, str(error)) from error
    return content, arrays


def _damaged(path, reason):
    return InputError(
        "`checkpoint` must name a new file, or a whole checkpoint of this version.",
        f"{str(path)!r} can't be read as one ({reason}).",
        "Delete it, or give another path.",
    )
