"""Arrays of numbers of more than two axes: rows of any one shape, standardised by their last axis."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bineural.bundles.schema import array, optional, require, tuple_of, whole
from bineural.errors import InputError
from bineural.inputs.axes import count_axes
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import register_input
from bineural.messages import listed
from bineural.tables.dense import column_moments, row_blocks

ARRAYS = {
    "row_shape": tuple_of(whole(1, 2**31), least=2),
    "centers": optional(array("f", finite=True)),
    "scales": optional(array("f", finite=True)),
}


@register_input
@dataclass(eq=False)
class ArrayInput(Input):
    """Rows of more than one axis, for a Keras model or builder of the user's own.

    Attributes
    ----------
    row_shape : tuple of int
        Shape of one row; the last axis is that of the channels.
    centers, scales : ndarray of float64, shape (n_channels,), or None
        Mean and n-1 SD of each channel, over the training rows; None where the numbers stay as they are.
    """

    row_shape: tuple
    centers: np.ndarray | None = None
    scales: np.ndarray | None = None

    kind = "array"
    parts = "channels"
    SCHEMA = ARRAYS

    @classmethod
    def claims(cls, X):
        """Say whether `X` is an array, or nested lists, of more than two axes."""
        return count_axes(X) > 2

    @classmethod
    def learn(cls, X, *, weights=None, formula=None, scaling="standard", **others):
        """Learn the shape of a row, and mean and SD of each channel.

        Parameters
        ----------
        X : array_like of numbers, shape (n_rows, ..., n_channels)
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.
        formula : None
            Arrays take none.
        scaling : {"standard"} or False
            Standardise the channels. A channel that is constant has scale 1.

        Returns
        -------
        ArrayInput, Prepared
            `inputs` is float32 of the shape of `X`; without `scaling` the array itself, float64 as float32.

        Raises
        ------
        InputError
            If there is a formula or another scaling, or values are missing, infinite or no numbers.
        """
        check_scaling(scaling, f"Channels of {cls.kind}s")
        if formula is not None:
            raise InputError(
                "A formula must come with a table.",
                f"Found {formula!r} and {cls.kind}s of {count_axes(X)} axes.",
                "Leave the formula out.",
            )
        X = cls.read(X)
        learnt = cls(tuple(X.shape[1:]), *(learn_channels(X, weights) if scaling else (None, None)))
        learnt.note(X)
        return learnt, learnt.prepare(X)

    def apply(self, X):
        """Turn other rows, which must have the shape of training, into numbers."""
        return self.prepare(self.read_again(X))

    def read_again(self, X):
        """Return other rows as an array, or say in what they differ from those of training."""
        X = self.read(X)
        self.check_row_shape(X)
        self.compare(X)
        return X

    def check_row_shape(self, X):
        """Refuse rows of another shape than those of training."""
        if X.shape[1:] != self.row_shape:
            raise InputError(
                f"Rows must have the shape of training, {self.row_shape}.",
                f"Found {X.shape[1:]}.",
                "Pass an array of such rows.",
            )

    @classmethod
    def read(cls, X):
        """Return `X` as an array of finite numbers with more than two axes, or say why it can't be one."""
        X = as_numbers(X)
        if X.ndim < 3:
            raise InputError(
                "Rows must be an array of more than two axes.",
                f"Found shape {X.shape}.",
                "Give the first axis to the rows, also where there is one. A table goes to a net of tables.",
            )
        return X

    def note(self, X):
        """Note what else other rows must be like; nothing here."""

    def compare(self, X):
        """Refuse rows that differ from training in what `note` noted."""

    def prepare(self, X):
        """Standardise an array that has been read."""
        if self.centers is not None:
            X = scale_channels(X, self.centers, self.scales)
        elif X.dtype == np.float64:
            X = X.astype(np.float32)
        return Prepared(X, np.arange(len(X)))

    def restore(self, values):
        """Return an array (n_rows, *row_shape) of float64 in its own unit."""
        rows = np.asarray(values, np.float64).reshape(-1, *self.row_shape)
        return rows if self.centers is None else rows * self.scales + self.centers

    def baseline_columns(self, X):
        """Return every value of a row as a column, in its own unit, named by its place: x_0_2_1."""
        return value_columns(self.read_again(X), "x")

    @property
    def shape(self):
        """Shape of one row."""
        return self.row_shape

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        require((self.centers is None) == (self.scales is None), "channels have means or SDs alone")
        if self.centers is not None:
            same = len(self.centers) == len(self.scales) == self.row_shape[-1]
            require(same, "there are more or fewer channels")
            require(bool((self.scales > 0).all()), "a channel has no spread")


def check_scaling(scaling, what):
    """Refuse a scaling that is for columns of a table; `what` is scaled here, as a sentence begins."""
    if scaling in ("standard", False):
        return
    raise InputError(
        f"{what} can be standardised, or left as they are.",
        f"Found scaling={scaling!r}, which is for columns of a table.",
        "Use scaling='standard' or scaling=False, or give the values as columns.",
    )


def as_numbers(X):
    """Return an array of finite numbers, of the type that it has.

    Raises
    ------
    InputError
        If it is empty, ragged, no numbers, or holds NaN or infinity.
    """
    try:
        X = np.asarray(X)
    except ValueError as error:
        shapes = sorted({np.shape(row) for row in X if hasattr(row, "shape")})
        what = f"shapes {listed(shapes, 3)}" if shapes else "different lengths"
        raise InputError(
            "All rows must have one shape.", f"Found rows of {what}.", "Cut, fill up or resize them first."
        ) from error
    if X.dtype.kind not in "fiub":
        raise InputError("Arrays must hold numbers.", f"Found dtype {X.dtype}.", "Convert them.")
    if X.ndim == 0:
        raise InputError("Rows must be an array.", f"Found {X}.", "Give the first axis to the rows.")
    if X.size == 0:
        raise InputError("Arrays must have rows and values.", f"Found shape {X.shape}.", "Give some.")
    if X.dtype.kind == "f" and not all_finite(X):
        bad = ~np.isfinite(X).reshape(len(X), -1)
        rows = np.flatnonzero(bad.any(axis=1))
        raise InputError(
            "Arrays must be finite.",
            f"Input X contains NaN or infinity: {bad.sum()} of {X.size} values, in {len(rows)} of {len(X)} "
            f"rows; the first is row {rows[0] + 1}.",
            "Fill or leave out those rows.",
        )
    return X


def all_finite(X):
    """Say whether all numbers of an array are finite, row block by row block."""
    flat = X.reshape(len(X), -1)
    return all(np.isfinite(flat[rows]).all() for rows in row_blocks(flat))


def learn_channels(X, weights=None):
    """Learn mean and n-1 SD of each channel (the last axis) from rows of positive weight.

    Parameters
    ----------
    X : ndarray of numbers, shape (n_rows, ..., n_channels)
        Of any type; float64 is made of some rows at a time.
    weights : ndarray of float, shape (n_rows,), optional

    Returns
    -------
    centers, scales : ndarray of float64, shape (n_channels,)
        A channel that is constant has scale 1.
    """
    rows = X if weights is None or (weights > 0).all() else X[weights > 0]
    mean, spread = column_moments(rows.reshape(-1, X.shape[-1]))
    return mean, np.where(spread > 0, spread, 1.0)


def scale_channels(X, centers, scales):
    """Standardise the channels of an array: float32 of the same shape."""
    flat = X.reshape(-1, X.shape[-1])
    scaled = np.empty(flat.shape, np.float32)
    for rows in row_blocks(flat):
        scaled[rows] = (flat[rows] - centers) / scales
    return scaled.reshape(X.shape)


def value_columns(X, stem):
    """Lay the values of each row out as float64 columns, named by their places: x_0_2_1."""
    places = np.ndindex(X.shape[1:])
    names = ["_".join([stem, *map(str, place)]) for place in places]
    return pd.DataFrame(X.reshape(len(X), -1).astype(np.float64, copy=False), columns=names)
