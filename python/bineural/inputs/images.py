"""Images: arrays (n_rows, height, width[, channels]), float or uint8, standardised by the training images."""

from dataclasses import dataclass

import numpy as np

from bineural.bundles.schema import may_lack, one_of, require
from bineural.errors import InputError
from bineural.inputs.arrays import ARRAYS, ArrayInput, as_numbers, value_columns
from bineural.inputs.axes import count_axes
from bineural.inputs.kinds import register_input
from bineural.tables.dense import row_blocks

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
    """

    unit: str | None = None

    kind = "image"
    SCHEMA = {**ARRAYS, "unit": may_lack(one_of("byte", "share", None))}

    @classmethod
    def claims(cls, X):
        """Say whether `X` is an array, or a list of arrays, of four axes.

        Arrays of three axes may be anything; a net that takes only images reads them as grey ones.
        """
        return count_axes(X) == 4

    @classmethod
    def read(cls, X):
        """Return images as an array of four axes; grey ones get their one channel."""
        X = as_numbers(X)
        if X.ndim not in (3, 4):
            raise InputError(
                "Images must be an array (n_rows, height, width) or (n_rows, height, width, channels).",
                f"Found shape {X.shape}.",
                "Give the first axis to the images: `x[None]` is one image.",
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
