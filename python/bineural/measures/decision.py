"""What acting on a model is worth: net benefit over thresholds, beside treating all rows and none.

Reference: Vickers and Elkin (2006). Medical Decision Making 26(6), 565-574.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike
from bineural.drawn import Drawn
from bineural.errors import InputError
from bineural.measures import arguments
from bineural.notebook import Shown
from bineural.tables.rows import as_array

THRESHOLDS = np.arange(1, 100) / 100


@dataclass(eq=False, repr=False)
class DecisionCurve(Shown, Drawn):
    """What `net_benefit` found.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns threshold, model, treat_all, treat_none (net benefit, in events found per row).
    n, n_events : int
        Rows, and events among them.
    prevalence : float
        (Weighted) share of events.
    """

    table: object
    n: int
    n_events: int
    prevalence: float

    def __str__(self):
        """Say n and events first, then where the model is worth more than treating all or none."""
        table = self.table
        default = np.maximum(table["treat_all"], table["treat_none"])
        better = table["threshold"][table["model"] > default + 1e-12]
        lines = [f"n = {self.n}, events = {self.n_events}, {len(table)} thresholds"]
        if better.empty:
            lines.append("At no threshold is the model worth more than treating all or none.")
        else:
            lines.append(
                "The model is worth more than treating all or none at "
                f"{len(better)} of {len(table)} thresholds, from {better.min():.4g} to {better.max():.4g}."
            )
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self):
        """Return the fields as plain values; `table` as a dict of lists."""
        return {**vars(self), "table": self.table.to_dict("list")}


def net_benefit(
    y_true: ArrayLike,
    probability: ArrayLike,
    thresholds: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> DecisionCurve:
    """Compute the net benefit of acting on a model, at each threshold of probability [1]_.

    A row is treated as an event when its probability is at least the threshold. Whoever treats from 20 % on
    takes one event found to be worth four rows treated in vain; net benefit counts the events found per row,
    less the vain treatments at that rate.

    Parameters
    ----------
    y_true : array_like of int or bool, shape (n_rows,)
        1 where the event happened, 0 where it did not; one class is enough.
    probability : array_like of float64, shape (n_rows,)
        Predicted probability of the event, 0 to 1.
    thresholds : array_like of float64, optional
        Probabilities at least 0 and under 1; by default 0.01, 0.02, ..., 0.99.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights.

    Returns
    -------
    DecisionCurve
        With `table` (threshold, model, treat_all, treat_none), n, n_events, prevalence.

    Raises
    ------
    InputError
        If a probability is NaN or outside [0, 1], the lengths differ, or a threshold is outside [0, 1).

    References
    ----------
    .. [1] Vickers and Elkin (2006). *Medical Decision Making* 26(6), 565-574.

    Examples
    --------
    >>> net_benefit([0, 0, 1, 1], [0.1, 0.4, 0.3, 0.8], thresholds=[0.2, 0.5]).table
       threshold   model  treat_all  treat_none
    0        0.2  0.4375      0.375         0.0
    1        0.5  0.2500      0.000         0.0
    """
    import pandas as pd

    event, probability, weights = arguments.check_probabilities(y_true, probability, weights)
    cuts = _check_thresholds(thresholds)
    weights = np.ones(event.size) if weights is None else weights
    order = np.argsort(probability)
    sorted_event, sorted_weights = event[order], weights[order]
    first = np.searchsorted(probability[order], cuts)  # first row that is treated
    treated, vain = (
        _sums_from(np.where(rows, sorted_weights, 0.0), first) / weights.sum()
        for rows in (sorted_event, ~sorted_event)
    )
    odds = cuts / (1 - cuts)
    prevalence = float(weights[event].sum() / weights.sum())
    table = pd.DataFrame(
        {
            "threshold": cuts,
            "model": treated - vain * odds,
            "treat_all": prevalence - (1 - prevalence) * odds,
            "treat_none": 0.0,
        }
    )
    return DecisionCurve(table, event.size, int(np.count_nonzero(event)), prevalence)


def _sums_from(values, first):
    """Sum values from each position in `first` to the end."""
    return np.concatenate([np.cumsum(values[::-1])[::-1], [0.0]])[first]


def _check_thresholds(thresholds):
    if thresholds is None:
        return THRESHOLDS
    cuts = arguments.check_numbers(np.atleast_1d(as_array(thresholds, "`thresholds`")), "thresholds")
    if not cuts.size or (cuts < 0).any() or (cuts >= 1).any():
        raise InputError(
            "`thresholds` must be probabilities of at least 0 and under 1.",
            f"Found values from {cuts.min():g} to {cuts.max():g}." if cuts.size else "Found none.",
            "Leave them out for 0.01 to 0.99.",
        )
    return np.sort(cuts)
