"""Sequences as rows: each a number of steps, and the same features at every step.

All steps lie in one matrix, one sequence after the other, so that means, lags and slopes of many sequences
are taken at once.
"""

import numpy as np

from bineural.errors import InputError
from bineural.messages import listed, shown


class Sequences:
    """Sequences of equal or unequal lengths, as rows; what `as_sequences` returns.

    `sequences[3]` is one of them, an array (time, n_features); `sequences[[1, 2]]` are some of them.

    Attributes
    ----------
    values : ndarray of float, shape (n_steps, n_features)
        The steps of all, one sequence after the other.
    lengths : ndarray of int64, shape (n_rows,)
        Steps of each, at least one.
    features : list of str, or None
        Names of the features, where they have any.
    rows : pandas.DataFrame, or None
        What is known of each sequence beside its steps, where they come from a long table: its index is the
        id of each.
    outcome : pandas.Series, or None
        The column of `rows` that was named as the outcome.
    made_by : dict of str to object
        The arguments of `as_sequences` by which all of them were made of a long table; empty for others.
    """

    ndim = 3

    def __init__(self, values, lengths, features=None, rows=None, outcome=None, made_by=None):
        self.values, self.lengths = values, np.asarray(lengths, dtype=np.int64)
        self.features = None if features is None else [str(name) for name in features]
        self.rows, self._outcome, self.made_by = rows, outcome, made_by or {}

    @classmethod
    def of_arrays(cls, arrays):
        """Make sequences of arrays (time, n_features), data frames of them, or series (time,).

        Parameters
        ----------
        arrays : sequence of array_like
            A series is a sequence of one feature.

        Raises
        ------
        InputError
            If one has no steps, other features than the others, values that are no finite numbers; it names
            the sequence.
        """
        parts = [_as_steps(array, _name(k, len(arrays))) for k, array in enumerate(arrays)]
        names = [_column_names(array) for array in arrays]
        _check_features(parts, names)
        dtype = np.result_type(*{part.dtype for part in parts})
        lengths = [len(part) for part in parts]
        sequences = cls(np.concatenate(parts).astype(dtype, copy=False), lengths, names[0])
        sequences.check_finite()
        return sequences

    @classmethod
    def of_array(cls, array):
        """Make sequences of one length of an array (n_rows, time, n_features), or series (n_rows, time)."""
        array = _as_floats(np.asarray(array), "An array of sequences")
        array = array[..., None] if array.ndim == 2 else array
        if array.ndim != 3 or array.size == 0:
            raise InputError(
                "Sequences must be an array (n_rows, time, n_features), or a list of arrays.",
                f"Found shape {array.shape}.",
                "Give the first axis to the sequences: `x[None]` is one sequence.",
            )
        lengths = np.full(len(array), array.shape[1])
        sequences = cls(np.ascontiguousarray(array).reshape(-1, array.shape[2]), lengths)
        sequences.check_finite()
        return sequences

    def __len__(self):
        """Count the sequences."""
        return len(self.lengths)

    def __getitem__(self, ids):
        """Return the steps of one sequence, or some of the sequences."""
        if isinstance(ids, (int, np.integer)):
            start = self.starts[ids]
            return self.values[start : start + self.lengths[ids]]
        ids = np.asarray(ids) if not isinstance(ids, slice) else ids
        places = np.arange(len(self))[ids]
        rows = None if self.rows is None else self.rows.iloc[places]
        lengths = self.lengths[places]
        values = self.values[_ranges(self.starts[places], lengths)]
        return Sequences(values, lengths, self.features, rows, self._outcome)

    def __iter__(self):
        """Yield the steps of each."""
        return (self[k] for k in range(len(self)))

    def __repr__(self):
        """Say how many there are, how long, and of how many features."""
        return f"<{len(self)} sequences of {self.lengths_text} steps, {_count_features(self.n_features)}>"

    @property
    def lengths_text(self):
        """Their lengths for a message: "7 to 29"."""
        low, high = (self.lengths.min(), self.lengths.max()) if len(self) else (0, 0)
        return f"{low}" if low == high else f"{low} to {high}"

    @property
    def n_features(self):
        """Number of features."""
        return self.values.shape[1]

    @property
    def starts(self):
        """Place in `values` of the first step of each, ndarray of int64 (n_rows,)."""
        return np.cumsum(self.lengths) - self.lengths

    @property
    def outcome(self):
        """The column that was named as the outcome, or None."""
        return None if self._outcome is None else self.rows[self._outcome]

    @property
    def dtype(self):
        """Type of the values."""
        return self.values.dtype

    @property
    def shape(self):
        """Shape as an array would have it: (n_rows, time, n_features), time None where lengths differ."""
        same = len(self) > 0 and (self.lengths == self.lengths[0]).all()
        return len(self), int(self.lengths[0]) if same else None, self.n_features

    @property
    def largest(self):
        """Numbers of the longest."""
        return int(self.lengths.max(initial=0)) * self.n_features

    def name(self, k):
        """Return what an error calls the k-th (from 0): "Sequence 3 of 10 ('anna')"."""
        of = "" if self.rows is None else f" ({shown(self.rows.index[k])})"
        return f"{_name(k, len(self))}{of}"

    def check_finite(self):
        """Refuse values that are NaN or infinite; name the first sequence that has one."""
        good = np.isfinite(self.values)
        if good.all():
            return
        step, feature = np.argwhere(~good)[0]
        k = np.searchsorted(np.cumsum(self.lengths), step, side="right")
        named = f"feature {self.features[feature]!r}" if self.features else f"feature {feature + 1}"
        n_rows = len(np.unique(np.searchsorted(np.cumsum(self.lengths), np.where(~good)[0], side="right")))
        raise InputError(
            "Every step of a sequence must have finite numbers.",
            f"{self.name(k)} has {_bad(self.values[step, feature])} at step {step - self.starts[k] + 1}, "
            f"{named}; {n_rows} of {len(self)} sequences have such values.",
            "Fill them, or leave those steps out: sequences may be of unequal lengths.",
        )

    def shortened(self, max_length, cut="end"):
        """Return the sequences with at most `max_length` steps each.

        Parameters
        ----------
        max_length : int, or None
            None leaves them as they are.
        cut : {"end", "start"}
            The end that is cut off.

        Returns
        -------
        Sequences
        """
        if max_length is None or not len(self) or self.lengths.max() <= max_length:
            return self
        lengths = np.minimum(self.lengths, max_length)
        starts = self.starts + (self.lengths - lengths if cut == "start" else 0)
        values = self.values[_ranges(starts, lengths)]
        return Sequences(values, lengths, self.features, self.rows, self._outcome)

    def padded(self, fill, values=None):
        """Return them as one array, filled up on the right to the longest.

        Parameters
        ----------
        fill : float
        values : ndarray, shape (n_steps, n_features), optional
            Instead of their own.

        Returns
        -------
        ndarray, shape (n_rows, longest, n_features)
        """
        values = self.values if values is None else values
        length = int(self.lengths.max(initial=1))
        array = np.full((len(self), length, values.shape[1]), fill, values.dtype)
        array[np.arange(length) < self.lengths[:, None]] = values
        return array

    def __array__(self, dtype=None, copy=None):
        """Return them as one array, where they have one length."""
        if self.shape[1] is None:
            raise InputError(
                "Sequences must have one length to become one array.",
                f"They are {self!r}.",
                "Cut them, or use them one by one: list(sequences).",
            )
        array = self.values.reshape(self.shape)
        return array if dtype is None else array.astype(dtype)

    def content_hashes(self):
        """Return a hash of the steps of each, a list of str: equal sequences have the same."""
        import hashlib

        def digest(steps):
            head = hashlib.blake2b(repr(steps.shape).encode(), digest_size=16)
            head.update(np.ascontiguousarray(steps, dtype=np.float64))
            return head.hexdigest()

        return [digest(steps) for steps in self]


def _as_steps(array, name):
    """Return one sequence as an array of floats (time, n_features), or say which it is and what is wrong."""
    try:
        steps = np.asarray(array)
    except ValueError:
        steps = np.empty(0, dtype=object)
    if steps.ndim == 1 and steps.dtype.kind in "fiub":
        steps = steps[:, None]
    if steps.ndim == 2 and len(steps) == 0:
        raise InputError(
            "A sequence must have at least one step.", f"{name} has none.", "Leave it out, and its outcome."
        )
    if steps.ndim != 2 or steps.shape[1] == 0:
        raise InputError(
            "A sequence must be an array (time, n_features).",
            f"{name} is {shown(array) if steps.dtype == object else f'of shape {steps.shape}'}.",
            "Give one row to each step, and one column to each feature.",
        )
    return _as_floats(steps, name)


def _as_floats(values, name):
    if values.dtype.kind not in "fiub":
        raise InputError(
            f"{name} must hold numbers.",
            f"It is of type {values.dtype}.",
            "Code what is text as numbers, a column for each level.",
        )
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)


def _column_names(array):
    names = getattr(array, "columns", None)
    return None if names is None else [str(name) for name in names]


def _check_features(parts, names):
    """Refuse sequences of other features than the first."""
    for k, (part, named) in enumerate(zip(parts, names)):
        if part.shape[1] != parts[0].shape[1]:
            raise InputError(
                "All sequences must have the same features.",
                f"{_name(k, len(parts))} has {_count_features(part.shape[1])}, "
                f"the first {parts[0].shape[1]}.",
                "Give one row to each step, and one column to each feature.",
            )
        if named != names[0]:
            raise InputError(
                "All sequences must have the same features, in one order.",
                f"{_name(k, len(parts))} has {listed(named or [])}, the first {listed(names[0] or [])}.",
                "Bring the columns into one order.",
            )


def _bad(value):
    return "a missing value" if np.isnan(value) else "infinity"


def _count_features(n):
    return f"{n} feature{'s' * (n != 1)}"


def _name(k, n):
    return f"Sequence {k + 1} of {n}"


def _ranges(starts, lengths):
    """Return starts[0], starts[0] + 1, ... of each range, one range after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
