"""Pictures of one size or many, from arrays or files, as rows: counted, taken, and brought to one size.

A file is opened for its head when the pictures are made, so that a missing or foreign one is named at once;
its pixels are read when they are first needed, and kept at the size that was asked for.
"""

from pathlib import Path

import numpy as np

from bineural.data.picture_files import Head, change_size, is_picture_path, read_head, read_pixels
from bineural.data.sequences import Sequences
from bineural.errors import InputError
from bineural.messages import shown

_DARK = 15  # whole numbers up to here may be anything, not only dark pictures
_CHANNELS = {1: "grey", 3: "rgb"}


class Pictures:
    """Pictures as rows; what `load_images` returns of unequal ones, and what paths become.

    `pictures[3]` is the pixels of one, (height, width, n_channels); `pictures[[1, 2]]` are some of them.

    Attributes
    ----------
    sizes : ndarray of int, shape (n_rows, 2)
        Height and width of each, in pixels.
    n_channels : int
        1 for grey pictures, 3 for colours.
    column : str or None
        The column of a data frame that names their files.
    """

    ndim = 4

    def __init__(self, store, rows, column=None):
        self._store, self._rows, self.column = store, rows, column

    @classmethod
    def of_files(cls, paths, colour=None, names=None, column=None):
        """Make pictures of files.

        Parameters
        ----------
        paths : sequence of str or pathlib.Path
        colour : {None, "grey", "rgb"}
            None is as they are in the files, all alike.
        names : sequence of str, optional
            What errors call the files; their paths by default.
        column : str, optional
            The column of a data frame that they come from.

        Raises
        ------
        InputError
            If one is missing, no picture or far too large, or some are grey and others are not; it names
            the picture.
        """
        paths = [_as_path(path, k, len(paths)) for k, path in enumerate(paths)]
        store = _Store(paths, list(map(str, paths if names is None else names)))
        store.heads = [read_head(path, store.name(k)) for k, path in enumerate(paths)]
        store.settle_colour(colour)
        return cls(store, np.arange(len(paths)), column)

    @classmethod
    def of_arrays(cls, arrays):
        """Make pictures of arrays (height, width) or (height, width, n_channels).

        Raises
        ------
        InputError
            If one is no array of finite numbers, has another number of axes, or some are grey and others are
            not; it names the picture.
        """
        store = _Store([], [""] * len(arrays))
        store.sources = _as_bytes([_as_pixels(array, store.name(k)) for k, array in enumerate(arrays)])
        store.heads = [Head(*pixels.shape) for pixels in store.sources]
        store.settle_colour(None)
        return cls(store, np.arange(len(arrays)))

    def __len__(self):
        """Count the pictures."""
        return len(self._rows)

    def __getitem__(self, ids):
        """Return the pixels of one picture, or some of the pictures."""
        if isinstance(ids, (int, np.integer)):
            return self._store.pixels(self._rows[ids])
        rows = self._rows[np.asarray(ids) if isinstance(ids, list) else ids]
        return Pictures(self._store, rows, self.column)

    def __iter__(self):
        """Yield the pixels of each picture."""
        return (self._store.pixels(row) for row in self._rows)

    def __repr__(self):
        """Say how many there are, and of what size."""
        colour = _CHANNELS.get(self.n_channels, f"{self.n_channels} channels")
        return f"<{len(self)} pictures of {sizes_text(self) if len(self) else 'no'} pixels, {colour}>"

    @property
    def sizes(self):
        """Height and width of each, ndarray of int (n_rows, 2)."""
        return np.array([self._store.heads[row][:2] for row in self._rows]).reshape(-1, 2)

    @property
    def n_channels(self):
        """Number of channels."""
        return self._store.n_channels

    @property
    def shape(self):
        """Shape as an array would have it: (n_rows, height, width, n_channels), None what differs."""
        first = self.sizes[0] if len(self) else (0, 0)
        same = (self.sizes == first).all(axis=0)
        return (len(self), *(int(n) if one else None for n, one in zip(first, same)), self.n_channels)

    @property
    def largest(self):
        """Numbers of the largest."""
        return int(self.sizes.prod(axis=1).max(initial=0)) * self.n_channels

    @property
    def one_size(self):
        """Whether all have the same height and width."""
        return None not in self.shape

    def name(self, k):
        """Return what an error calls the k-th (from 0): "Picture 3 of 10 ('a.png')"."""
        return self._store.name(self._rows[k])

    def at_size(self, size):
        """Return all of them at one size.

        Parameters
        ----------
        size : tuple (height, width)

        Returns
        -------
        ndarray, shape (n_rows, *size, n_channels)
            uint8 where all are, else the type of the arrays, float32 of those that were resized.
        """
        return self._store.at_size(tuple(map(int, size)), self._rows)

    def __array__(self, dtype=None, copy=None):
        """Return them as one array, where they have one size."""
        if not self.one_size:
            raise InputError(
                "Pictures must have one size to become one array.",
                f"They are {self!r}.",
                "Load them at one size, for example by load_images(path, size=32).",
            )
        array = self.at_size(self.shape[1:3])
        return array if dtype is None else array.astype(dtype)

    def content_hashes(self):
        """Return a hash of the pixels of each, a list of str: equal pictures have the same."""
        return [self._store.digest(row) for row in self._rows]


def as_pictures(X, grey_lists=False):
    """Return paths of pictures, or a list of arrays that can only be pictures, as `Pictures`.

    Parameters
    ----------
    X : object
        Rows of any kind: what is no pictures comes back as it is.
    grey_lists : bool
        Whether a list of arrays of two axes is pictures, too: to a net of images. Otherwise they are where
        their widths differ; they could be sequences.

    Returns
    -------
    object
    """
    if grey_lists and isinstance(X, Sequences):
        X = list(X)
    if isinstance(X, Pictures) or not _may_be(X):
        return X
    X = [X] if isinstance(X, (str, Path)) else X
    first = X.iloc[0] if hasattr(X, "iloc") else X[0]
    if first is None or (isinstance(first, float) and np.isnan(first)):  # one path is missing, or all are
        first = next((value for value in X if isinstance(value, (str, Path))), first)
    if is_picture_path(first):
        return Pictures.of_files(list(X))
    axes = getattr(first, "ndim", None)
    if not isinstance(X, (list, tuple)) or axes not in (2, 3):
        return X
    shapes = [np.shape(array) for array in X]
    if axes == 3 or grey_lists or len({shape[1:] for shape in shapes}) > 1:
        return Pictures.of_arrays(X)
    return X


def as_images(X):
    """Return rows that a net of images takes as images for all: grey ones of three axes get their channel."""
    X = as_pictures(X, grey_lists=True)
    return X[..., None] if isinstance(X, np.ndarray) and X.ndim == 3 else X


def _may_be(X):
    if isinstance(X, (str, Path)):
        return is_picture_path(X)
    if getattr(X, "shape", None) is not None:
        text = getattr(getattr(X, "dtype", None), "kind", "O") in "OUT"
        return len(X.shape) == 1 and X.shape[0] > 0 and text
    return isinstance(X, (list, tuple)) and len(X) > 0


def _as_path(path, k, n):
    if not isinstance(path, (str, Path)) or not str(path):
        raise InputError(
            "Every picture must have a path.",
            f"That of picture {k + 1} of {n} is {shown(path)}.",
            "Leave the row out, or give its file.",
        )
    return Path(path).expanduser()


def _as_pixels(array, name):
    """Return one picture as an array of three axes, or say which it is and why it can't be one."""
    try:
        pixels = np.asarray(array)
    except ValueError:
        pixels = np.empty(0, dtype=object)
    if pixels.dtype.kind not in "fiub" or pixels.ndim not in (2, 3) or pixels.size == 0:
        raise InputError(
            f"{name} must be an array of numbers (height, width) or (height, width, channels).",
            f"It is {shown(array) if pixels.dtype.kind == 'O' else f'of shape {pixels.shape}'}.",
            "Leave it out, or mend it.",
        )
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise InputError(
            f"{name} must have finite numbers.",
            f"{pixels.size - np.isfinite(pixels).sum()} of {pixels.size} are NaN or infinite.",
            "Fill them, or leave it out.",
        )
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _as_bytes(arrays):
    """Return whole numbers up to 255 as the bytes that they are: R has no other way to write them."""
    low, high = min(pixels.min() for pixels in arrays), max(pixels.max() for pixels in arrays)
    if not (low >= 0 and _DARK < high <= 255):
        return arrays
    whole = all(pixels.dtype.kind in "iu" or (pixels == np.floor(pixels)).all() for pixels in arrays)
    return [pixels.astype(np.uint8) for pixels in arrays] if whole else arrays


class _Store:
    """All pictures that belong together; those taken of them share what has been read."""

    def __init__(self, sources, files):
        self.sources, self.files = sources, files
        self.heads, self.n_channels = [], None
        self.held, self.digests = {}, {}  # size: (array, which rows are in it); row: hash

    def __getstate__(self):
        """Leave what can be read again."""
        return {**vars(self), "held": {}}

    def name(self, k):
        """Return what errors call a picture."""
        file = self.files[k] if k < len(self.files) else ""
        return f"Picture {k + 1} of {len(self.files)}{f' ({file!r})' if file else ''}"

    def settle_colour(self, colour):
        """Take `colour`, or what all pictures have."""
        if colour is not None:
            self.n_channels = {"grey": 1, "rgb": 3}[colour]
            return
        counts = [head.channels for head in self.heads]
        if len(set(counts)) > 1:
            usual = max(sorted(set(counts)), key=counts.count)
            odd = next(k for k, n in enumerate(counts) if n != usual)
            raise InputError(
                "All pictures must be grey, or all in colour.",
                f"{self.name(odd)} has {_channels(counts[odd])}; "
                f"{counts.count(usual)} of {len(counts)} have {_channels(usual)}.",
                "Use load_images(..., colour='rgb') or colour='grey' for all, or leave it out.",
            )
        self.n_channels = counts[0] if counts else 1

    def pixels(self, k):
        """Read one picture: (height, width, n_channels)."""
        source = self.sources[k]
        if not isinstance(source, Path):
            return source
        return read_pixels(source, self.name(k), _CHANNELS[self.n_channels])

    def at_size(self, size, rows):
        """Return some pictures at one size; each is read once."""
        if size not in self.held:
            types = {np.dtype(np.uint8) if isinstance(s, Path) else s.dtype for s in self.sources}
            if types != {np.dtype(np.uint8)} and any(head[:2] != size for head in self.heads):
                types = {np.dtype(np.float32)}
            shape = (len(self.sources), *size, self.n_channels)
            self.held = {size: (np.zeros(shape, np.result_type(*types)), np.zeros(len(self.sources), bool))}
        array, is_there = self.held[size]
        for k in np.unique(rows[~is_there[rows]]):
            array[k], is_there[k] = change_size(self.pixels(k), size), True
        return array[rows]

    def digest(self, k):
        """Return a hash of the pixels of one picture."""
        import hashlib

        if k not in self.digests:
            pixels = self.pixels(k)
            digest = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=16)
            digest.update(np.ascontiguousarray(pixels, dtype=np.float64))
            self.digests[k] = digest.hexdigest()
        return self.digests[k]


def _channels(n):
    return {1: "1 channel (grey)", 3: "3 (colour)"}.get(n, f"{n} channels")


def sizes_text(pictures):
    """Write the sizes of pictures for a message: "20 x 31 to 40 x 40"."""
    sizes = pictures.sizes
    low, high = (" x ".join(map(str, edge)) for edge in (sizes.min(axis=0), sizes.max(axis=0)))
    return low if low == high else f"{low} to {high}"
