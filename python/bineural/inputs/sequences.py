"""Sequences: lists of arrays (time, n_features), or one array of them, standardised by feature.

Sequences are filled up on the right with `FILL`, to the longest of those that are prepared together; a net
masks what is filled. How many steps are read can be set.
"""

from dataclasses import dataclass

import numpy as np

from bineural.bundles.schema import array, list_of, one_of, optional, require, text, whole
from bineural.data.pictures import Pictures
from bineural.data.sequences import Sequences
from bineural.errors import InputError
from bineural.inputs.arrays import check_scaling, learn_channels, scale_channels
from bineural.inputs.axes import count_axes
from bineural.inputs.filling import FILL
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import describe, register_input
from bineural.inputs.sequence_lists import read_sequences
from bineural.inputs.summaries import MOST_PARTS, summarise_sequences
from bineural.messages import listed


@register_input
@dataclass(eq=False)
class SequenceInput(Input):
    """Sequences of any lengths and of the same features.

    Attributes
    ----------
    n_features : int
    n_parts : int
        Parts that a sequence is cut into for its baseline columns: as many as the longest of the training
        rows has steps, at most 16.
    features : list of str, or None
        Names of the features, where the training rows had any.
    max_length : int or None
        The most steps that are read of a sequence.
    cut : {"end", "start"}
        Which end of longer ones is cut off.
    centers, scales : ndarray of float64, shape (n_features,), or None
        Mean and n-1 SD of each feature over the steps of the training rows; None where the numbers stay as
        they are.
    """

    n_features: int
    n_parts: int
    features: list | None = None
    max_length: int | None = None
    cut: str = "end"
    centers: np.ndarray | None = None
    scales: np.ndarray | None = None

    kind = "sequence"
    parts = "features"
    shortens = True
    SCHEMA = {
        "n_features": whole(1, 2**31),
        "n_parts": whole(1, MOST_PARTS),
        "features": optional(list_of(text, 1)),
        "max_length": optional(whole(1, 2**31)),
        "cut": one_of("end", "start"),
        "centers": optional(array("f", finite=True)),
        "scales": optional(array("f", finite=True)),
    }

    @classmethod
    def claims(cls, X):
        """Say whether `X` is a list of arrays (time, n_features), of one width, or of series that differ."""
        return isinstance(read_sequences(X), Sequences)

    @classmethod
    def accepts(cls, X):
        """Accept arrays (n_rows, time, n_features) or (n_rows, time); tables too, to say what they lack."""
        return count_axes(X) in (2, 3) or isinstance(X, Pictures)

    @classmethod
    def learn(
        cls, X, *, weights=None, formula=None, scaling="standard", max_length=None, cut="end", **others
    ):
        """Learn the features, their means and SDs.

        Parameters
        ----------
        X : Sequences, sequence of array_like (time, n_features), or array_like (n_rows, time, n_features)
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.
        formula : None
            Sequences take none.
        scaling : {"standard"} or False
            Standardise the features. One that is constant has scale 1.
        max_length : int, optional
            The most steps that are read of a sequence; all by default.
        cut : {"end", "start"}
            Which end of longer ones is cut off: "start" keeps the last steps.

        Returns
        -------
        SequenceInput, Prepared
            `inputs` is float32, (n_rows, length, n_features), filled up with `FILL`.

        Raises
        ------
        InputError
            If there is a formula or another scaling, a sequence is empty, has other features than the others,
            or values that are missing, infinite or equal to `FILL`.
        """
        check_scaling(scaling, "Features of sequences")
        X = _read(X)
        if formula is not None:
            raise InputError(
                "A formula must come with a table.",
                f"Found {formula!r} and {describe(X)}.",
                "Leave the formula out.",
            )
        X = X.shortened(max_length, cut)
        counting = X if weights is None or (weights > 0).all() else X[weights > 0]
        channels = learn_channels(counting.values) if scaling else (None, None)
        n_parts = min(MOST_PARTS, int(counting.lengths.max()))
        learnt = cls(X.n_features, n_parts, X.features, max_length, cut, *channels)
        return learnt, learnt._prepare(X)

    def apply(self, X):
        """Turn other sequences, which must have the features of training, into numbers."""
        return self._prepare(self.read_again(X).shortened(self.max_length, self.cut))

    def read_again(self, X):
        """Return other rows as sequences of the features of training, or say in what they differ."""
        X = _read(X)
        if X.n_features != self.n_features:
            raise InputError(
                f"Sequences must have the {self.n_features} features of training.",
                f"Found {X.n_features}.",
                "Give one row to each step, and one column to each feature.",
            )
        if self.features is None or X.features is None or X.features == self.features:
            return X
        missing = [name for name in self.features if name not in X.features]
        if missing:
            raise InputError(
                f"Sequences must have the features of training: {listed(self.features)}.",
                f"Found {listed(X.features)}: without {listed(missing)}.",
                "Name the features alike.",
            )
        order = [X.features.index(name) for name in self.features]
        return Sequences(X.values[:, order], X.lengths, self.features)

    def _prepare(self, X):
        values = X.values.astype(np.float32, copy=False)
        if self.centers is not None:
            values = scale_channels(X.values, self.centers, self.scales)
        _refuse_fill(values, X)
        return Prepared(X.padded(FILL, values), np.arange(len(X)))

    @property
    def shape(self):
        """Shape of one row: (None, n_features)."""
        return (None, self.n_features)

    @property
    def feature_names(self):
        """Names of the features, or None."""
        return self.features

    def baseline_columns(self, X):
        """Return summaries and lags of each feature as columns; see `summarise_sequences`."""
        return summarise_sequences(self.read_again(X), self.n_parts)

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        require((self.centers is None) == (self.scales is None), "features have means or SDs alone")
        if self.centers is not None:
            require(
                len(self.centers) == len(self.scales) == self.n_features, "there are more or fewer features"
            )
            require(bool((self.scales > 0).all()), "a feature has no spread")
        require(self.features is None or len(self.features) == self.n_features, "features lack names")


def _read(X):
    """Return rows as sequences, or say why they are none."""
    if isinstance(X, Pictures):  # a list of arrays of several widths, which no kind was named for
        X = [pixels[..., 0] if X.n_channels == 1 else pixels for pixels in X]
    sequences = read_sequences(X, whole=True)
    if isinstance(sequences, Sequences):
        if len(sequences) == 0:
            raise InputError("There must be sequences.", "Found none.", "Check the filter that chose them.")
        return sequences
    hint = "Give a list of arrays (time, n_features), or an array (n_rows, time, n_features)."
    if hasattr(X, "columns"):
        hint = (
            "Make sequences of a long table by as_sequences(data, id='patient', time='day'). Where each row "
        )
        hint += "is a series, pass the matrix of its numbers."
    raise InputError(
        "Sequences must be arrays, not a table." if hasattr(X, "columns") else "Sequences must be arrays.",
        f"Found {describe(X)}.",
        hint,
    )


def _refuse_fill(values, X):
    """Refuse a number that would be taken for a step that is not there."""
    places = np.flatnonzero((values == FILL).any(axis=1))
    if len(places):
        k = np.searchsorted(np.cumsum(X.lengths), places[0], side="right")
        raise InputError(
            f"No value of a sequence may be {FILL:g}, which stands for steps that are not there.",
            f"{X.name(k)} has it at step {places[0] - X.starts[k] + 1}.",
            "Leave out steps that are not there: sequences may be of unequal lengths. A real value can be "
            "written in another unit.",
        )
