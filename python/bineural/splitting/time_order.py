"""Splits in the order of time: the past trains, the future tests, and equal times are never parted."""

import math

import numpy as np

from bineural.errors import InputError
from bineural.messages import number_of
from bineural.splitting.time_values import rank_times


def cut_in_time(times, name, prop):
    """Return (train_ids, test_ids, how times were read): the first floor(n_rows * prop) rows or so train."""
    order, changes, read_as = _order_rows(times, name)
    cut = _nearest_change(changes, math.floor(len(order) * prop), name)
    return order[:cut], order[cut:], read_as


def fold_in_time(times, name, folds):
    """Return (resamples, how the times were read); each fold is all rows before a block, and the block.

    The blocks are those of scikit-learn's `TimeSeriesSplit`, each start moved to the nearest change of time.
    """
    order, changes, read_as = _order_rows(times, name)
    n_rows = len(order)
    size = n_rows // (folds + 1)
    starts = [_nearest_change(changes, n_rows - k * size, name) for k in range(folds, 0, -1)]
    if len(set(starts)) < folds or size == 0:
        raise InputError(
            f"There must be enough different times for {number_of(folds, 'fold')}.",
            f"{name} has {number_of(len(changes) + 1, 'different time')} in {number_of(n_rows, 'row')}.",
            "Use fewer folds.",
        )
    return tuple((order[:low], order[low:high]) for low, high in zip(starts, [*starts[1:], n_rows])), read_as


def _order_rows(times, name):
    """Return (rows in time order, ties in row order; where the time changes in it; how it was read)."""
    ranks, read_as = rank_times(times, name)
    order = np.argsort(ranks, kind="stable").astype(np.int64)
    return order, np.flatnonzero(np.diff(ranks[order])) + 1, read_as


def _nearest_change(changes, cut, name):
    if len(changes) == 0:
        raise InputError(
            "`time` must hold at least two different times.", f"All values of {name} are the same."
        )
    return int(changes[np.argmin(np.abs(changes - cut))])
