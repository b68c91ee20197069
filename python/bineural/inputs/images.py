"""Images: arrays (n_rows, height, width[, channels]), lists of arrays, or files, standardised by channel.

Pictures of several sizes are brought to one: the median height and width of the training pictures, each to
the nearest multiple of 8, so that the folds of a comparison seldom differ and pooling divides it; and at most
224 pixels, which most nets of photographs take.
"""

from dataclasses import dataclass

import numpy as np

from bineural.bundles.schema import may_lack, one_of, optional, require, text, truth
from bineural.data.pictures import Pictures, as_pictures, sizes_text
from bineural.data.sequences import Sequences
from bineural.errors import InputError, ResizedWarning
from bineural.formula.outcome import check_present
from bineural.inputs.arrays import ARRAYS, ArrayInput, as_numbers, value_columns
from bineural.inputs.axes import count_axes
from bineural.inputs.kinds import register_input
from bineural.messages import listed, warn
from bineural.tables.dense import row_blocks
from bineural.tables.frames import as_frame, is_frame

_GRID, _LARGEST = 8, 224  # pixels: sizes that are learnt are multiples of the one, and at most the other
_FINEST = 16  # squares on a side of an image in its baseline columns
_DARK = 15  # whole numbers up to here may be anything, not only dark images


@register_input
@dataclass(eq=False)
class ImageInput(ArrayInput):
    """Images of one size, as rows (height, width, channels).

    Attributes
    ----------
    row_shape, centers, scales
        See `ArrayInput`.
    unit : {"byte", "share", None}
        What the training images are written in: whole numbers to 255, numbers from 0 to 1, or neither.
    resized : bool
        Whether the training images had several sizes, and were brought to one.
    column : str or None
        The column of a data frame that names their files.
    """

    unit: str | None = None
    resized: bool = False
    column: str | None = None

    kind = "image"
    SCHEMA = {
        **ARRAYS,
        "unit": may_lack(one_of("byte", "share", None)),
        "resized": may_lack(truth),
        "column": may_lack(optional(text)),
    }

    @classmethod
    def claims(cls, X):
        """Say whether `X` is an array of four axes, a list of arrays of three, or paths of pictures.

        Arrays of three axes may be anything; a net that takes only images reads them as grey ones. So is a
        list of arrays of two axes, unless their widths differ.
        """
        return count_axes(X) == 4 or isinstance(as_pictures(X), Pictures)

    @classmethod
    def learn(cls, X, *, weights=None, **options):
        """Learn size, mean and SD of each channel; see `ArrayInput.learn`.

        Parameters
        ----------
        X : array_like, sequence of arrays or paths, or Pictures
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.

        Warns
        -----
        ResizedWarning
            If they have several sizes.
        """
        X = as_pictures(_no_series(X), grey_lists=True)
        if not isinstance(X, Pictures):
            return super().learn(cls.read(X), weights=weights, **options)
        counting = np.flatnonzero(weights > 0) if weights is not None and (weights > 0).any() else slice(None)
        size = choose_size(X[counting])
        resized = _say_resized(X, size, "the median of the training pictures to multiples of 8")
        learnt, prepared = super().learn(X.at_size(size), weights=weights, **options)
        learnt.resized, learnt.column = resized, X.column
        return learnt, prepared

    def read_again(self, X):
        """Return other images as an array, pictures of other sizes resized, or say in what they differ."""
        X = as_pictures(_no_series(self._column_of(X)), grey_lists=True)
        if not isinstance(X, Pictures):
            return super().read_again(X)
        self._check_channels(X.n_channels, X.name(0) if len(X) else "")
        size = self.row_shape[:2]
        if not self.resized:
            _say_resized(X, size, "the size of the training pictures")
        X = X.at_size(size)
        self.compare(X)
        return X

    def _column_of(self, X):
        """Return the column of paths of a frame, where training named one; other rows as they are."""
        if self.column is None or not is_frame(X):
            return X
        frame = as_frame(X)
        check_present([self.column], frame.columns, "predictors")
        return frame[self.column]

    def check_row_shape(self, X):
        """Refuse arrays of another size, or of other channels, than those of training."""
        self._check_channels(X.shape[3], "images")
        if X.shape[1:3] != self.row_shape[:2]:
            high, wide = self.row_shape[:2]
            raise InputError(
                f"Images must have the size of training, {high} x {wide} pixels (height x width).",
                f"Found {X.shape[1]} x {X.shape[2]}, shape {X.shape}.",
                "Give them as a list of arrays, or as paths of files: those are resized.",
            )

    def _check_channels(self, n_channels, of):
        own = self.row_shape[2]
        if n_channels != own:
            kinds = {1: "grey (1 channel)", 3: "in colour (3 channels)"}
            words = [kinds.get(n, f"of {n} channels") for n in (own, n_channels)]
            raise InputError(
                f"Images must be {words[0]}, as those of training.",
                f"Found {of} {words[1]}.",
                "Load them alike: load_images(..., colour='rgb') or colour='grey'.",
            )

    @classmethod
    def read(cls, X):
        """Return images as an array of four axes; grey ones get their one channel."""
        if is_frame(X):
            raise InputError(
                "Images must be arrays, or paths of files.",
                f"Found a table of the columns {listed(list(as_frame(X).columns))}.",
                "Write 'label ~ image(path)' for a table with a column of paths, or pass that column.",
            )
        X = as_numbers(X)
        if X.ndim not in (3, 4):
            raise InputError(
                "Images must be an array (n_rows, height, width) or (n_rows, height, width, channels).",
                f"Found shape {X.shape}.",
                "Give the first axis to the images: one of them has the shape (1, height, width).",
            )
        return X[..., None] if X.ndim == 3 else X

    def note(self, X):
        """Note the unit of the training images."""
        self.unit = read_unit(X)

    def compare(self, X):
        """Refuse images of 0 to 1 where training had 0 to 255, and the other way round."""
        if self.unit is None:
            return
        unit = read_unit(X)
        if {self.unit, unit} == {"byte", "share"} and not (unit == "share" and _is_whole(X)):
            names = {"byte": "whole numbers from 0 to 255", "share": "numbers from 0 to 1"}
            raise InputError(
                f"Images must be in the unit of training: {names[self.unit]}.",
                f"Found {names[unit]} (of type {X.dtype}).",
                "Bring them to the unit of the training images: often a factor of 255.",
            )

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        super().check_state()
        require(len(self.row_shape) == 3, "images have not height, width and channels")

    def baseline_columns(self, X):
        """Return the pixels as columns, in their own unit: pixel_<row>_<column>_<channel>.

        Of images with more than 16 pixels on a side the means of squares stand for them: as few pixels to a
        square as make at most 16 squares on a side.
        """
        return value_columns(pool_squares(self.read_again(X)), "pixel")


def choose_size(pictures):
    """Choose the size that pictures are brought to: their own, or a median where they have several.

    Parameters
    ----------
    pictures : Pictures

    Returns
    -------
    tuple (height, width)
    """
    if pictures.one_size:
        return pictures.shape[1:3]
    median = np.median(pictures.sizes, axis=0)
    return tuple(int(np.clip(_GRID * np.floor(n / _GRID + 0.5), _GRID, _LARGEST)) for n in median)


def _say_resized(pictures, size, which):
    """Warn of pictures that are resized; return whether there are any."""
    n_others = int((pictures.sizes != size).any(axis=1).sum())
    if n_others:
        warn(
            ResizedWarning,
            f"{n_others} of {len(pictures)} pictures were resized to {size[0]} x {size[1]} pixels (height x "
            f"width), {which}, without keeping their proportions. They were of {sizes_text(pictures)}.",
        )
    return n_others > 0


def read_unit(X):
    """Say what images are written in: "byte" (whole numbers to 255), "share" (0 to 1), or None."""
    low, high = X.min(), X.max()
    if low < 0 or high > 255:
        return None
    if high <= 1:
        return "share"
    return "byte" if high > _DARK and _is_whole(X) else None


def _is_whole(X):
    flat = X.reshape(len(X), -1)
    return X.dtype.kind in "iub" or all(
        (np.floor(flat[rows]) == flat[rows]).all() for rows in row_blocks(flat)
    )


def pool_squares(X, finest=_FINEST):
    """Average squares of pixels, so that images have at most `finest` of them on a side.

    Parameters
    ----------
    X : ndarray of numbers, shape (n_rows, height, width, n_channels)
    finest : int

    Returns
    -------
    ndarray of float64, shape (n_rows, n_down, n_across, n_channels)
        The last square of a side has the pixels that are left over.
    """
    size = -(-max(X.shape[1:3]) // finest)
    if size == 1:
        return X.astype(np.float64)
    starts = [np.arange(0, n, size) for n in X.shape[1:3]]
    counts = [np.diff(np.append(start, n)) for start, n in zip(starts, X.shape[1:3])]
    pooled = np.empty((len(X), len(starts[0]), len(starts[1]), X.shape[3]))
    for rows in row_blocks(X, width=int(np.prod(X.shape[1:]))):
        sums = np.add.reduceat(X[rows], starts[0], axis=1, dtype=np.float64)
        pooled[rows] = np.add.reduceat(sums, starts[1], axis=2)
    return pooled / np.outer(*counts)[:, :, None]


def _no_series(X):
    """Return rows, unless they are lists of single numbers, which are no images of one pixel's width."""
    if not isinstance(X, Sequences) or X.n_features > 1:
        return X
    raise InputError(
        "Images must be arrays of two or three axes.",
        "Found series: arrays or lists of one axis.",
        "Give each picture as an array (height, width) or (height, width, n_channels).",
    )
