"""Part rows into those that are trained on and those that are watched, for each member of an ensemble."""

from typing import NamedTuple

import numpy as np


class Parting(NamedTuple):
    """Rows that a net is trained on and rows that are watched meanwhile, by number, each sorted."""

    train: np.ndarray
    watch: np.ndarray


def hold_out(rows, validation, seed, classes=None, n_members=1):
    """Part rows into those trained on and those watched, for each member of an ensemble.

    Each class gives its share. The members watch different rows: windows of one order of the rows, evenly
    spaced around a circle. So of five members that watch a fifth each, four train on a row, one watches it.

    Parameters
    ----------
    rows : ndarray of int, shape (n_rows,)
        Positions of the rows to be parted.
    validation : float or None
        Share to be watched.
    seed : int
    classes : ndarray of int, optional
        Class of each row, by position.
    n_members : int

    Returns
    -------
    list of Parting
        One for each member.
    """
    from bineural.training import stream  # loads TensorFlow

    if not validation:
        return [Parting(rows, rows[:0])] * n_members
    random, watched = stream(seed, "validation"), [[] for _ in range(n_members)]
    strata = np.zeros(len(rows), int) if classes is None else classes[rows]
    for stratum in np.unique(strata):
        order = random.permutation(rows[strata == stratum])
        n_watched = min(int(validation * len(order) + 0.5), len(order) - 1)
        for i in range(n_members):
            watched[i].append(np.roll(order, -(i * len(order) // n_members))[:n_watched])
    each = [np.sort(np.concatenate(windows)) for windows in watched]
    return [Parting(np.setdiff1d(rows, watch), watch) for watch in each]


def rows_of(partings):
    """Return the rows of each net of a stack as the engine takes them; all are watched, or none."""
    watch = [parting.watch for parting in partings]
    return {
        "rows": [parting.train for parting in partings],
        "validation": watch if len(watch[0]) else None,
    }


def stack_rows(arrays, longest):
    """Stack arrays of different numbers of rows, filled up with zeros: (n_arrays, longest, ...)."""
    stacked = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), arrays[0].dtype)
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return stacked
