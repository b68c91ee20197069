"""Ranks under every curve: one sort, tie groups, cumulative counts, DeLong's placements.

Arrays in, numbers out, already checked (`arguments.py`): `event` (n_rows,) bool, `score` (n_rows,)
float64 without NaN, `weights` (n_rows,) float64 > 0 or None. All is O(n log n) in time and O(n) in memory.

References: DeLong, DeLong and Clarke-Pearson (1988). Biometrics 44(3), 837-845.
Sun and Xu (2014). IEEE Signal Processing Letters 21(11), 1389-1393.
"""

from typing import NamedTuple

import numpy as np


class Cumulative(NamedTuple):
    """Events and others (counts, or sums of weights) up to the end of each group of equal scores."""

    events: np.ndarray  # (n_groups,) int64, or float64 with weights
    others: np.ndarray  # (n_groups,) likewise


def accumulate(event, score, weights=None):
    """Walk up the scores and count events and others at each distinct one."""
    if weights is None:
        return _count(*_sort_events(event, score))
    order, ends = _sort_rows(score, "stable")
    return _weigh(event.take(order), weights.take(order), ends)


def area_under_roc(event, score, weights=None):
    """Compute the share of (event, other) pairs in the right order, ties one half; exact without weights."""
    if weights is not None:
        return _area(accumulate(event, score, weights))
    sorted_event, ends = _sort_events(event, score)
    if ends.size < score.size:
        return _area(_count(sorted_event, ends))
    positions = np.flatnonzero(sorted_event)  # no ties: an event's position less the events below it
    n_events, n_others = positions.size, score.size - positions.size
    ordered = int(positions.sum()) - n_events * (n_events - 1) // 2
    return ordered / (n_events * n_others)


def step_precision(event, score, weights=None):
    """Sum precision times the gain in recall over the distinct scores, from the highest down."""
    events, others = accumulate(event, -score, weights)
    gained = np.diff(events, prepend=0)
    return float(total(gained / events[-1], events / (events + others)))


def place(event, score, weights=None):
    """Compute the AUROC and each row's placement.

    Returns
    -------
    area : float
    placement : ndarray of float64, shape (n_rows,)
        For an event the (weighted) share of others below it, for another the share of events above it, ties
        one half; either kind has the AUROC as its (weighted) mean.
    """
    order, ends = _sort_rows(score, None if weights is None else "stable")
    sorted_event = event.take(order)
    if weights is None:
        counts = _count(sorted_event, ends)
    else:
        counts = _weigh(sorted_event, weights.take(order), ends)
    of_events, of_others = _group_placements(counts)
    if ends.size < score.size:
        sizes = np.diff(ends, prepend=-1)
        of_events, of_others = np.repeat(of_events, sizes), np.repeat(of_others, sizes)
    placement = np.empty(score.size)
    placement[order] = np.where(sorted_event, of_events, of_others)
    return _area(counts), placement


def placement_weights(event, weights=None):
    """Weigh squared deviations so that their sum is DeLong's variance; NaN when a class has one row.

    With weights, a row's square counts by (its share of its class' weight)^2 n / (n - 1).
    """
    n_events = int(np.count_nonzero(event))
    n_others = event.size - n_events
    if min(n_events, n_others) < 2:
        return np.full(event.size, np.nan)
    if weights is None:
        return np.where(event, 1.0 / (n_events * (n_events - 1.0)), 1.0 / (n_others * (n_others - 1.0)))
    shares = weights / np.where(event, weights[event].sum(), weights[~event].sum())
    return np.square(shares) * np.where(event, n_events / (n_events - 1.0), n_others / (n_others - 1.0))


def delong_variance(event, score, weights=None):
    """Compute the AUROC and DeLong's variance of it, group by group; NaN when a class has one row."""
    if weights is not None:
        area, gap = place(event, score, weights)
        gap -= area
        return area, float(total(placement_weights(event, weights), gap, gap))
    counts = accumulate(event, score)
    events, others = counts
    n_events, n_others = int(events[-1]), int(others[-1])
    area = _area(counts)
    if min(n_events, n_others) < 2:
        return area, float("nan")
    of_events, of_others = _group_placements(counts)
    of_events -= area
    of_others -= area
    for_events = total(np.diff(events, prepend=0), of_events, of_events) / (n_events * (n_events - 1.0))
    for_others = total(np.diff(others, prepend=0), of_others, of_others) / (n_others * (n_others - 1.0))
    return area, float(for_events + for_others)


def effective_rows(weights, rows):
    """Count the rows that are True in `rows`; with weights, Kish's effective number of them."""
    if weights is None:
        return int(np.count_nonzero(rows))
    weights = weights[rows]
    return float(weights.sum() ** 2 / np.square(weights).sum())


def total(*factors):
    """Sum a product of vectors in one pass; BLAS' dot would start threads for it, which costs more."""
    return np.einsum(",".join("i" * len(factors)) + "->", *factors)


def _group_placements(counts):
    """Return what an event, and what another row, of each group has as its placement."""
    events, others = counts
    of_events = (others + _before(others)) / (2.0 * others[-1])
    of_others = 1.0 - (events + _before(events)) / (2.0 * events[-1])
    return of_events, of_others


def _count(sorted_event, ends):
    events = np.cumsum(sorted_event)[ends]
    return Cumulative(events, ends + 1 - events)


def _weigh(sorted_event, sorted_weights, ends):
    events = np.cumsum(np.where(sorted_event, sorted_weights, 0.0))[ends]
    others = np.cumsum(np.where(sorted_event, 0.0, sorted_weights))[ends]
    return Cumulative(events, others)


def _area(counts):
    events, others = counts
    ordered = total(np.diff(events, prepend=0), others + _before(others))  # twice the pairs, ties once
    if events.dtype.kind == "i":
        return int(ordered) / (2 * int(events[-1]) * int(others[-1]))
    return float(ordered / (2.0 * events[-1] * others[-1]))


def _sort_rows(score, kind=None):
    """Return the order of the rows and the sorted position of each group's last row.

    Where weights follow, a "stable" order lets scores that rank the rows alike give the same sums to the bit.
    """
    order = np.argsort(score, kind=kind)
    return order, _group_ends(score.take(order))


def _sort_events(event, score):
    """Return the events in the order of the scores, and the position of each group's last row.

    Where score and event fit into one integer, sorting those takes half the time of following an order.
    """
    keys = _pack(event, score)
    if keys is None:
        order, ends = _sort_rows(score)
        return event.take(order), ends
    keys.sort()
    sorted_event = (keys & 1).astype(bool)
    keys >>= 1
    return sorted_event, _group_ends(keys)


def _pack(event, score):
    """Pack each score and its event into an int64 that sorts as the score does, losing nothing, or give None.

    Without the sign bit, a float64 read as an integer grows with its magnitude. Counted from the smallest
    magnitude that is not zero, it leaves the two highest bits free as long as magnitudes span less than
    2^1023; one takes the sign, and the lowest bit, after a shift, the event.
    """
    bits = score.view(np.int64)
    keys = bits & np.int64(2**63 - 1)
    smallest = (keys - 1).view(np.uint64).min()  # zero wraps round to the top
    keys -= np.int64(min(int(smallest), 2**62))
    np.maximum(keys, 0, out=keys)  # zeros, of either sign
    if keys.max() >= 2**62:
        return None
    sign = bits >> 63  # 0, or -1 for a negative score
    keys ^= sign
    keys -= sign
    keys <<= 1
    keys |= event
    return keys


def _group_ends(ranked):
    last = np.empty(ranked.size, dtype=bool)
    np.not_equal(ranked[1:], ranked[:-1], out=last[:-1])  # inf == inf is a tie
    last[-1] = True
    return np.flatnonzero(last)


def _before(cumulative):
    before = np.empty_like(cumulative)
    before[0] = 0
    before[1:] = cumulative[:-1]
    return before
