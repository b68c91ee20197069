"""Work under way in one file, so that the same call goes on from it, after a kill -9 too.

`checkpoint.json` says which work it is (a hash of each of its parts) and holds the state as a tree of plain
values; `arrays.npz` holds its numbers, bit for bit. No pickle. The file appears whole or not at all. Where it
can't be written, the work goes on and a warning says so.
"""

import time

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
from bineural.errors import CheckpointWarning, InputError
from bineural.files import check_writable, write_atomically
from bineural.messages import warn

FORMAT = 2
_JSON = "checkpoint.json"
_SCHEMA = {
    "file": one_of("bineural checkpoint"),
    "format": whole(FORMAT, FORMAT),
    "work": text,
    "note": lambda value: type(value) is dict,
    "parts": dict_of(text, text),
    "state": lambda value: type(value) is dict,
    "sha256": may_lack(text),
}
SECONDS = 10.0  # of work between two writings
_SHARE = 20  # writing takes at most about this part of the time


class Checkpoint:
    """The file of one piece of work.

    Parameters
    ----------
    path : str or path-like
        Its folder must exist and take files.
    note : dict, optional
        Plain values kept beside the state.
    work : {"training", "comparison"}
        What is under way, for messages; the file of other work is refused.

    Raises
    ------
    InputError
        If it can't be a file that is written.
    """

    def __init__(self, path, note=None, work="training"):
        self.path, self.note, self.work = check_writable(path, "checkpoint"), note or {}, work
        self.parts = self._last = None
        self._wait, self._has_failed = SECONDS, False

    def begin(self, parts, common_only=False):
        """Say which work this is, and return the state to go on from, or None where there is no file.

        Parameters
        ----------
        parts : dict of str to str
            Hash of each part of the work.
        common_only : bool
            Whether parts that either side lacks do not matter.

        Raises
        ------
        InputError
            If the file is that of other work, damaged, or something else.
        """
        self.parts, self._last, self._wait = parts, time.monotonic(), SECONDS
        if not self.path.exists():
            return None
        content, arrays = _read(self.path)
        if content["work"] != self.work:
            raise self._other(f"is of a {content['work']}")
        stored = content["parts"]
        compared = [name for name in parts if name in stored] if common_only else {**parts, **stored}
        differ = [name for name in compared if parts.get(name) != stored.get(name)]
        if differ:
            raise self._other(f"is of a {self.work} with other {', '.join(differ)}")
        if common_only:
            self.parts = stored | parts
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
        """Write a state: nested dicts and lists of plain values, arrays and `Trained`.

        Where that fails the work goes on: the first time it is a warning.
        """
        begun, encoder = time.monotonic(), Encoder()
        try:
            content = {
                "file": "bineural checkpoint",
                "format": FORMAT,
                "work": self.work,
                "note": self.note,
                "parts": self.parts,
                "state": encoder.encode(state, "checkpoint"),
            }
            content["sha256"] = content_hash(content, encoder.arrays)
            archive = write_archive(_JSON, content, encoder.arrays, compressed=False)
            write_atomically(self.path, archive, "checkpoint")
        except InputError as error:
            self._say_not_written(error)
        self._last = time.monotonic()
        self._wait = max(SECONDS, _SHARE * (self._last - begun))

    def _say_not_written(self, error):
        if not self._has_failed:
            self._has_failed = True
            goes_on = f"The {self.work} goes on without it."
            warn(CheckpointWarning, f"The checkpoint can't be written.\n{error.found}\n{goes_on}")

    def _other(self, what):
        return InputError(
            f"`checkpoint` must name a new file, or the file of the same {self.work}.",
            f"{str(self.path)!r} {what}.",
            "Delete it, or give another path.",
        )


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
