"""Ranks under every curve: one argsort, tie groups, cumulative counts, DeLong's placements.

Arrays in, numbers out, already checked (`_measure_inputs.py`): `event` (n_rows,) bool, `score` (n_rows,)
float64 without NaN, `weights` (n_rows,) float64 > 0 or None. All is O(n log n) in time and O(n) in memory.

References: DeLong, DeLong and Clarke-Pearson (1988). Biometrics 44(3), 837-845.
Sun and Xu (2014). IEEE Signal Processing Letters 21(11), 1389-1393.
"""

from typing import NamedTuple

import numpy as np


class Cumulative(NamedTuple):
    """Events and others (counts, or sums of weights) up to the end of each group of equal scores."""

    ends: np.ndarray  # (n_groups,) int64, sorted position of each group's last row
    events: np.ndarray  # (n_groups,) int64, or float64 with weights
    others: np.ndarray  # (n_groups,) likewise


def accumulate(event, score, weights=None, descending=False):
    """Walk up (or down) the scores and count events and others at each distinct one."""
    order, ends = _sort_groups(-score if descending else score)
    if weights is None:
        return _count(event.take(order), ends)
    sorted_event, sorted_weights = event.take(order), weights.take(order)
    events = np.cumsum(np.where(sorted_event, sorted_weights, 0.0))[ends]
    others = np.cumsum(np.where(sorted_event, 0.0, sorted_weights))[ends]
    return Cumulative(ends, events, others)


def area_under_roc(event, score, weights=None):
    """Compute the share of (event, other) pairs in the right order, ties one half; exact without weights."""
    if weights is not None:
        return _area(accumulate(event, score, weights))
    order, ends = _sort_groups(score)
    sorted_event = event.take(order)
    if ends.size < score.size:
        return _area(_count(sorted_event, ends))
    positions = np.flatnonzero(sorted_event)  # no ties: an event's position less the events below it
    n_events, n_others = positions.size, score.size - positions.size
    ordered = int(positions.sum()) - n_events * (n_events - 1) // 2
    return ordered / (n_events * n_others)


def step_precision(event, score, weights=None):
    """Sum precision times the gain in recall over the distinct scores, from the highest down."""
    _, events, others = accumulate(event, score, weights, descending=True)
    gained = np.diff(events, prepend=0)
    return float(total(gained / events[-1], events / (events + others)))


def place(event, score):
    """Compute the AUROC and each row's placement.

    Returns
    -------
    area : float
    placement : ndarray of float64, shape (n_rows,)
        For an event the share of others below it, for another the share of events above it, ties one half;
        either kind has the AUROC as its mean.
    """
    order, ends = _sort_groups(score)
    sorted_event = event.take(order)
    counts = _count(sorted_event, ends)
    of_events, of_others = _group_placements(counts)
    if ends.size < score.size:
        sizes = np.diff(ends, prepend=-1)
        of_events, of_others = np.repeat(of_events, sizes), np.repeat(of_others, sizes)
    placement = np.empty(score.size)
    placement[order] = np.where(sorted_event, of_events, of_others)
    return _area(counts), placement


def placement_weights(event):
    """Weigh squared deviations so that their sum is DeLong's variance; NaN when a class has one row."""
    n_events = int(np.count_nonzero(event))
    n_others = event.size - n_events
    if min(n_events, n_others) < 2:
        return np.full(event.size, np.nan)
    return np.where(event, 1.0 / (n_events * (n_events - 1.0)), 1.0 / (n_others * (n_others - 1.0)))


def delong_variance(event, score):
    """Compute the AUROC and DeLong's variance of it, group by group; NaN when a class has one row."""
    counts = accumulate(event, score)
    _, events, others = counts
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


def total(*factors):
    """Sum a product of vectors in one pass; BLAS' dot would start threads for it, which costs more."""
    return np.einsum(",".join("i" * len(factors)) + "->", *factors)


def _group_placements(counts):
    """Return what an event, and what another row, of each group has as its placement."""
    _, events, others = counts
    of_events = (others + _before(others)) / (2.0 * others[-1])
    of_others = 1.0 - (events + _before(events)) / (2.0 * events[-1])
    return of_events, of_others


def _count(sorted_event, ends):
    events = np.cumsum(sorted_event)[ends]
    return Cumulative(ends, events, ends + 1 - events)


def _area(counts):
    _, events, others = counts
    ordered = total(np.diff(events, prepend=0), others + _before(others))  # twice the pairs, ties once
    if events.dtype.kind == "i":
        return int(ordered) / (2 * int(events[-1]) * int(others[-1]))
    return float(ordered / (2.0 * events[-1] * others[-1]))


def _sort_groups(score):
    order = np.argsort(score)
    ranked = score.take(order)
    last = np.empty(score.size, dtype=bool)
    np.not_equal(ranked[1:], ranked[:-1], out=last[:-1])  # inf == inf is a tie
    last[-1] = True
    return order, np.flatnonzero(last)


def _before(cumulative):
    before = np.empty_like(cumulative)
    before[0] = 0
    before[1:] = cumulative[:-1]
    return before
