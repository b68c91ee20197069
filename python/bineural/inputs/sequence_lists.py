"""What of a user's rows is sequences: lists of arrays (time, n_features) of one width, and of series."""

from bineural.data.sequences import Sequences
from bineural.inputs.axes import count_axes


def read_sequences(X, whole=False):
    """Return a list of arrays that can only be sequences as `Sequences`.

    Parameters
    ----------
    X : object
        Rows of any kind: what is no sequences comes back as it is.
    whole : bool
        Whether arrays (n_rows, time, n_features) and (n_rows, time) are sequences, too, lists of series of
        one length, and lists of data frames: to a net of sequences. Otherwise they could be other things.

    Returns
    -------
    object
    """
    if isinstance(X, Sequences) or (_holds_frames(X) and not whole):
        return X
    if _holds_arrays(X):
        X = list(X)
    if isinstance(X, (list, tuple)) and len(X) and (_are_sequences(X) or (whole and count_axes(X[0]) > 0)):
        return Sequences.of_arrays(list(X))
    if whole and getattr(X, "ndim", 0) in (2, 3) and hasattr(X, "__array__") and not hasattr(X, "columns"):
        return Sequences.of_array(X)
    return X


def _holds_frames(X):
    """Say whether `X` is a list of data frames, which are rows in batches where nobody asks for sequences."""
    return isinstance(X, (list, tuple)) and any(hasattr(rows, "columns") for rows in X)


def _holds_arrays(X):
    """Say whether `X` is an array or a column of arrays."""
    if getattr(getattr(X, "dtype", None), "kind", "") != "O" or getattr(X, "ndim", 0) != 1 or not len(X):
        return False
    first = X.iloc[0] if hasattr(X, "iloc") else X[0]
    return getattr(first, "ndim", 0) in (1, 2)


def _are_sequences(rows):
    """Say whether a list can only be sequences: arrays of two axes and of one width, or ragged lists."""
    held = [row for row in rows if getattr(row, "size", 1) and (not isinstance(row, (list, tuple)) or row)]
    axes = {count_axes(row) for row in held}
    if axes == {2}:
        widths = {len(row[0]) if isinstance(row, (list, tuple)) else row.shape[1] for row in held}
        return len(widths) == 1 and (hasattr(held[0], "shape") or _is_ragged(rows))
    return axes == {1} and _is_ragged(rows) and all(map(_is_number, held))


def _is_ragged(rows):
    return len({len(row) for row in rows if hasattr(row, "__len__")}) > 1


def _is_number(row):
    kind = getattr(getattr(row, "dtype", None), "kind", None)
    return kind in "fiub" if kind else isinstance(row, (list, tuple)) and isinstance(row[0], (int, float))
