"""What separates two models by one measure: a number, its interval and tests, and what could be seen."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bineural.comparing.basis import Basis
from bineural.comparing.corrected_t import correlated_bayes, detectable_difference, holm
from bineural.comparing.intervals import defined, difference_ends, judge_difference
from bineural.comparing.rounding import NULL
from bineural.measures.registry import Measure

_ROUNDING = 1e-13  # relative to a measure's values, which come of thousands of additions


@dataclass
class Difference:
    """What separates a model from another, by one measure.

    Attributes
    ----------
    model, other : str
    measure : str
    n : int
        Resamples where both have the measure.
    difference, low, high : float
        Estimate of model minus other in the measure's units, and its corrected interval, cut at what a
        difference can be.
    p, p_holm : float
        Of the corrected test, as it is and after Holm's correction over the family of differences.
    p_worse, p_same, p_better : float
        Probability that the model is worse by more than the region of practical equivalence, inside it, or
        better by more (Bayesian correlated t).
    detectable : float
        Difference that such a comparison, corrected for the family, would find in 80 of 100 cases.
    finding : str
        "better", "worse", "not distinguishable", "equivalent", "identical", "no signal", "too few resamples",
        "single split", "failed fits" or "undefined".
    verdict : str
        The finding in a sentence.
    """

    model: str
    other: str
    measure: str
    n: int
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    p_worse: float
    p_same: float
    p_better: float
    detectable: float
    finding: str = ""
    verdict: str = ""


class Evidence(NamedTuple):
    """What is known of all models by one measure.

    measure : Measure
    basis : Basis
    values : dict of str to ndarray, shape (n_resamples,); contributions of the resamples to each model's
        estimate, the null model's too; see `pooling`.
    level : float
    rope : float; half-width of the region of practical equivalence.
    orders : dict of str to ndarray, shape (draws, n_out); what ranks the test rows, for DeLong's test.
    failed : dict of str to str; what is said of models whose fits failed.
    """

    measure: Measure
    basis: Basis
    values: dict
    level: float
    rope: float
    orders: dict
    failed: dict

    @property
    def sign(self):
        """1 where larger is better, else -1."""
        return 1.0 if self.measure.larger_is_better else -1.0


def measure_pairs(pairs, evidence):
    """Return a `Difference` without a verdict for each pair of names, a family for Holm's correction."""
    tests = [_test_pair(*pair, evidence) for pair in pairs]
    n_tests = max(1, sum(not math.isnan(test.p) for test, _ in tests))
    each = 1 - (1 - evidence.level) / n_tests  # level of Holm's first step
    return [
        Difference(
            *(*pair, evidence.measure.name),
            *(test.df + 1, test.mean, test.low, test.high, test.p, float(p_holm)),
            *_shares(test, values, evidence),
            detectable_difference(test.se, test.df, each),
        )
        for pair, (test, values), p_holm in zip(pairs, tests, holm([test.p for test, _ in tests]))
    ]


def _test_pair(model, other, evidence):
    """Return the test of a pair and its differences."""
    first, second = evidence.values[model], evidence.values[other]
    values, basis = _difference(first, second), evidence.basis
    ends = difference_ends(evidence.measure.range, constant_of(second) if other == NULL else None)
    return judge_difference(values, basis.test_share, evidence.level, ends, basis.n_units), values


def _shares(test, values, evidence):
    """Return the probabilities of worse, the same and better; NaN where there is no test."""
    if math.isnan(test.p):
        return (math.nan,) * 3
    known, share = defined(values, evidence.basis.test_share)
    return correlated_bayes(evidence.sign * known, share, evidence.rope)


def _difference(first, second):
    """Return first less second: 0 where rounding is all, infinite where either is, which has no mean."""
    infinite = np.isinf(first) | np.isinf(second)
    known = ~np.isnan(first) & ~np.isnan(second)
    values = np.full(first.shape, np.nan)
    finite = known & ~infinite
    np.subtract(first, second, out=values, where=finite)
    values[finite & np.isclose(first, second, rtol=_ROUNDING, atol=_ROUNDING)] = 0.0
    values[known & infinite] = np.inf
    return values


def constant_of(values):
    """Return the one value that all resamples have, or None."""
    values = values[~np.isnan(values)]
    return float(values[0]) if len(values) and (values == values[0]).all() else None


def has_signal(model, evidence):
    """Say whether a model is better than none, by the corrected interval of what it gains."""
    null, basis, sign = evidence.values[NULL], evidence.basis, evidence.sign
    gain = sign * _difference(evidence.values[model], null)
    ends = difference_ends(evidence.measure.range, constant_of(null))
    ends = ends if sign > 0 else (-ends[1], -ends[0])
    test = judge_difference(gain, basis.test_share, evidence.level, ends, basis.n_units)
    return test.mean > 0 and is_significant(test.p, test, evidence.level)


def is_significant(p, interval, level):
    """Say whether p is small, and 0 outside the interval if there is one."""
    return p < 1 - level and not interval.low <= 0 <= interval.high
