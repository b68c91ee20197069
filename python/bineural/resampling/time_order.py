"""Splits in the order of time: the past trains, the future tests, and equal times are never parted."""

import math

import numpy as np

from bineural.errors import InputError


def cut_in_time(times, name, prop):
    """Return (train_ids, test_ids) in time order: about the first floor(n_rows * prop) rows train."""
    order, changes = _order_rows(times, name)
    cut = _nearest_change(changes, math.floor(len(order) * prop), name)
    return order[:cut], order[cut:]


def fold_in_time(times, name, folds):
    """Return (train_ids, test_ids) of each fold: all rows before a block, and the block.

    The blocks are those of scikit-learn's `TimeSeriesSplit`, each start moved to the nearest change of time.
    """
    order, changes = _order_rows(times, name)
    n_rows = len(order)
    size = n_rows // (folds + 1)
    starts = [_nearest_change(changes, n_rows - k * size, name) for k in range(folds, 0, -1)]
    if len(set(starts)) < folds or size == 0:
        raise InputError(
            f"There must be enough different times for {folds} folds.",
            f"{name} has {len(changes) + 1} different times in {n_rows} rows.",
            "Use fewer folds.",
        )
    return tuple((order[:low], order[low:high]) for low, high in zip(starts, [*starts[1:], n_rows]))


def _order_rows(times, name):
    """Return (rows in time order, ties in row order; positions in that order where the time changes)."""
    try:
        order = times.argsort(kind="stable").to_numpy(np.int64)
    except TypeError as error:
        raise InputError("`time` must be a column that can be ordered.", f"{name}: {error}.") from error
    ordered = times.iloc[order]
    changed = ordered.to_numpy()[1:] != ordered.to_numpy()[:-1]
    return order, np.flatnonzero(changed) + 1


def _nearest_change(changes, cut, name):
    if len(changes) == 0:
        raise InputError(
            "`time` must hold at least two different times.", f"All values of {name} are the same."
        )
    return int(changes[np.argmin(np.abs(changes - cut))])
