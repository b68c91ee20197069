"""Write a file whole or not at all, and say in three sentences why it can't be written.

The content goes to a hidden draft in the same folder, which then takes the place of the file. A draft that a
killed process has left is removed by the next write to that file. What is there and no plain file, such as
/dev/stdout, is written to as it is.
"""

import contextlib
import errno
import hashlib
import os
import tempfile
import time
from pathlib import Path

from bineural.errors import InputError
from bineural.messages import shown

try:
    import fcntl
except ImportError:  # Windows: drafts of killed processes stay
    fcntl = None

_STALE = 60.0  # seconds
_REASONS = {
    errno.ENOSPC: ("There is no room left on the disk.", "Make room, or choose another folder."),
    errno.EDQUOT: ("Your share of the disk is used up.", "Make room, or choose another folder."),
    errno.EFBIG: ("It would be larger than a file may be here.", "Choose another disk, or write less."),
    errno.EROFS: ("It lies where nothing can be written.", "Choose another folder."),
    errno.EACCES: ("You are not allowed to write there.", "Choose another folder, or change its rights."),
    errno.EPERM: ("You are not allowed to write there.", "Choose another folder, or change its rights."),
    errno.ENAMETOOLONG: ("The name is too long for this disk.", "Choose a shorter name."),
    errno.ENOTDIR: ("A part of the path is a file, not a folder.", "Choose another folder."),
    errno.EISDIR: ("It is a folder.", "Name a file in it."),
    errno.ELOOP: ("Links lead round in a circle.", "Choose another name."),
}


def check_writable(path, name="path", error=InputError):
    """Return a path as `Path`, once a file can be written there; before any work is done.

    Parameters
    ----------
    path : str or path-like
    name : str, default "path"
        The argument, for messages.
    error : class, default InputError

    Raises
    ------
    InputError
        If `path` is no path, is empty, names a folder, or lies in a folder that is not there or can't be
        written to.
    """
    text = _path_text(path, name, "a file", "'result.html'", error)
    path = Path(text).expanduser()
    try:
        if path.is_dir() or text.endswith((os.sep, "/")):
            raise error(
                f"`{name}` must be a file, not a folder.", f"Found the folder {text!r}.", "Name a file in it."
            )
        place = _place(path)
        if not place.parent.is_dir():
            raise error(
                f"`{name}` must be in a folder that exists.",
                f"There is no folder {str(place.parent)!r}.",
                "Make it first, or choose another.",
            )
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if not _is_special(place):
            os.close(_open_draft(place, keep=False)[0])  # the folder must take one more file
    except OSError as reason:
        raise _cannot_write(path, name, reason, error) from reason
    return path


def write_atomically(path, content, name="path", error=InputError):
    """Write bytes to `path`, so that the file appears whole or not at all.

    A link is followed, and a file that is replaced keeps its mode.

    Parameters
    ----------
    path : str or path-like
        A device or a pipe is written to as it is.
    content : bytes-like
    name, error
        As for `check_writable`.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    InputError
        If the file can't be written; what was there before is still there.
    """
    path = check_writable(path, name, error)
    try:
        place = _place(path)
        if _is_special(place):
            place.write_bytes(content)
        else:
            _write_draft(place, content)
    except OSError as reason:
        raise _cannot_write(path, name, reason, error) from reason
    return path


def make_folder(path, name="directory", error=InputError):
    """Return a folder that takes files as `Path`, made with those around it where it is not there.

    Parameters
    ----------
    path : str or path-like
    name, error
        As for `check_writable`.

    Raises
    ------
    InputError
        If it is no path, or the folder can't be made or written to.
    """
    folder = Path(_path_text(path, name, "a folder", "'output'", error)).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.close(_open_draft(folder / "file", keep=False)[0])
    except OSError as reason:
        place = "A file of that name is there." if isinstance(reason, FileExistsError) else ""
        found, hint = _reason(reason)
        raise error(
            f"`{name}` must be a folder that files can be written to.",
            f"{str(folder)!r}: {place or found}",
            hint,
        ) from reason
    return folder


def _path_text(path, name, what, example, error):
    """Return a path as text."""
    try:
        text = os.fspath(path)
    except TypeError:
        text = None
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise error(
            f"`{name}` must be the name of {what}.", f"Found {shown(path)}.", f"Write for example {example}."
        )
    return text


def _is_special(place):
    """Say whether something is there that no file may take the place of: a device, a pipe."""
    return place.exists() and not place.is_file()


def _write_draft(place, content):
    """Write a draft beside the file, and put it in the file's place."""
    _remove_stale_drafts(place)
    handle, draft = _open_draft(place)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(draft, _mode(place))
            os.replace(draft, place)  # still locked, so that no other write takes it for stale
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _place(path):
    """Return where the bytes go: the end of a chain of links."""
    place = Path(os.path.realpath(path)) if path.is_symlink() else path
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return place


def _draft_prefix(place):
    return f".bineural-{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:10]}-"


def _open_draft(place, keep=True):
    """Return (handle, name) of a new draft that other processes see is in use."""
    if len(os.fsencode(place.name)) > 255:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=_draft_prefix(place), suffix=".draft")
    if not keep:
        Path(draft).unlink(missing_ok=True)
    elif fcntl is not None:
        with contextlib.suppress(OSError):  # a disk without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle, draft


def _remove_stale_drafts(place):
    """Remove the drafts of this file that no living process holds; a new one may not be locked yet."""
    if fcntl is None:
        return
    for draft in place.parent.glob(f"{_draft_prefix(place)}*.draft"):
        with contextlib.suppress(OSError), open(draft, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - os.fstat(file.fileno()).st_mtime > _STALE:
                draft.unlink()


def _mode(place):
    """Return the mode of the file that is replaced, or what a new file would get."""
    if place.exists():
        return place.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder):
    """Have the folder's entry on the disk too, where a folder can be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_write(path, name, reason, error):
    found, hint = _reason(reason)
    return error(f"`{name}` must be a file that can be written.", f"{str(path)!r}: {found}", hint)


def _reason(reason):
    """Return what an OSError says and what to try, as sentences."""
    return _REASONS.get(reason.errno, (f"{reason.strerror or reason}.", "Choose another place."))
