"""The verdict on a pair of models: what their difference is, how sure, and what could have been seen at all.

Differences are paired within resamples; their interval and test are Nadeau and Bengio's, since training sets
overlap; several pairs are corrected by Holm. A verdict is given only if the better model is better than none.
"""

import math
from dataclasses import dataclass

import numpy as np

from bineural.comparisons.corrected_t import corrected_t, correlated_bayes, detectable_difference, holm
from bineural.comparisons.words import decimals
from bineural.measuring.delong import compare_aurocs

LEAST = 50  # resamples for a verdict


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
        Mean of model minus other in the measure's units, and its corrected interval.
    p, p_holm : float
        Of the corrected test, as it is and after Holm's correction over the pairs.
    p_worse, p_same, p_better : float
        Probability that the model is worse by more than the region of practical equivalence, inside it, or
        better by more (Bayesian correlated t).
    detectable : float
        Difference that such a comparison would find in 80 of 100 cases.
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


def judge_pairs(pairs, measure, scores, null, ground, level, rope, predictions, failed=None):
    """Return a `Difference` with its verdict for each pair of names.

    Parameters
    ----------
    pairs : list of (str, str)
    measure : Measure
    scores : dict of str to ndarray, shape (n_resamples,)
        Of each model by name.
    null : ndarray, shape (n_resamples,)
    ground : Ground
    level, rope : float
    predictions : dict of str to ndarray, or None
        For DeLong's test on a single split.
    failed : dict of str to str, optional
        What is said of a model whose fits failed: there is no verdict on it.
    """
    sign = 1.0 if measure.larger_is_better else -1.0
    share = ground.test_share
    found = [_measure_pair(a, b, measure, scores[a], scores[b], share, sign, level, rope) for a, b in pairs]
    for one, p in zip(found, holm([one.p for one in found])):
        one.p_holm = float(p)
    for one in found:
        ahead = one.model if sign * one.difference >= 0 else one.other
        signal = _signal(scores[ahead], null, share, sign, level)
        broken = [failed[name] for name in (one.model, one.other) if name in (failed or {})]
        _settle(one, measure, ground, sign, signal, level, len(pairs), predictions, broken)
    return found


def _measure_pair(a, b, measure, first, second, share, sign, level, rope):
    differences = first - second
    differences = differences[~np.isnan(differences)]
    n, nan = len(differences), math.nan
    if n < 2:
        mean = float(differences[0]) if n else nan
        return Difference(a, b, measure.name, n, mean, nan, nan, nan, nan, nan, nan, nan, nan)
    t = corrected_t(differences, share, level)
    bayes = correlated_bayes(sign * differences, share, rope)
    seen = detectable_difference(t.se, t.df, level)
    return Difference(
        a, b, measure.name, n, t.mean, t.low, t.high, t.p, t.p, bayes.left, bayes.rope, bayes.right, seen
    )


def _signal(scores, null, share, sign, level):
    """Say whether a model is better than none, by the corrected interval."""
    gain = sign * (scores - null)
    gain = gain[~np.isnan(gain)]
    return len(gain) > 1 and corrected_t(gain, share, level).low > 0


def _settle(one, measure, ground, sign, signal, level, n_pairs, predictions, broken=()):
    """Write finding and verdict."""
    gain = sign * one.difference
    amount = _amount(one, measure, sign)
    over = f"over {one.n} folds"
    names = f"{one.model} and {one.other}"
    if broken:
        one.finding = "failed fits"
        one.verdict = f"No verdict on {names}: {' '.join(broken)}"
    elif math.isnan(one.difference):
        one.finding = "undefined"
        one.verdict = f"No verdict on {names}: {measure.label} is undefined in every fold."
    elif ground.single_split:
        one.finding = "single split"
        one.verdict = (
            f"No verdict on {names} from a single split: {_single(one, measure, ground, predictions)}"
        )
    elif one.n < LEAST:
        one.finding = "too few resamples"
        one.verdict = (
            f"No verdict on {names} from {one.n} folds, {LEAST} are needed (more `repeats`): {amount}."
        )
    elif one.p == 1.0 and one.low == one.high == 0.0:
        one.finding = "identical"
        one.verdict = f"{names} are identical by {measure.label} in each of {one.n} folds."
    elif not signal:
        one.finding = "no signal"
        one.verdict = f"No verdict on {names}: neither is better than no model at all; {amount} {over}."
    elif one.p_holm < 1 - level and one.low * one.high > 0:
        one.finding = "better" if gain > 0 else "worse"
        how = "beats" if gain > 0 else "is worse than"
        one.verdict = f"{one.model} {how} {one.other} by {_amount(one, measure, sign, gain > 0)} {over}."
    else:
        corrected = f" after Holm's correction for {n_pairs} pairs" if one.low * one.high > 0 else ""
        one.finding = "equivalent" if one.p_same > level else "not distinguishable"
        word = "practically equivalent" if one.finding == "equivalent" else "not distinguishable"
        one.verdict = f"{names} are {word}{corrected}: {amount} {over}; {_unseen(one, ground)}."


def _amount(one, measure, sign, ahead=None):
    """Write the difference with its interval; where a winner is named, as what the winner is ahead by."""
    turn = 1.0
    if ahead is not None:
        turn = math.copysign(1.0, one.difference)
    low, high = sorted((turn * one.low, turn * one.high)) if not math.isnan(one.low) else (math.nan,) * 2
    places = decimals(one.high - one.low)
    smaller = "" if measure.larger_is_better else " (smaller is better)"
    interval = "" if math.isnan(low) else f" [{low:.{places}f}, {high:.{places}f}]"
    return f"{turn * one.difference:.{places}f} {measure.label}{interval}{smaller}"


def _unseen(one, ground):
    base = f"{ground.n_events} events" if ground.task == "binary" else f"{ground.n_rows} rows"
    return f"with {base} a difference under about {one.detectable:.1g} cannot be seen"


def _single(one, measure, ground, predictions):
    """Write what DeLong's paired test says of the one test set."""
    amount = f"{one.difference:.3f} {measure.label}"
    rows = ground.rows
    truth = ground.truth[rows]
    few = min(np.sum(truth == 1), np.sum(truth == 0)) < 2
    if measure.name != "auroc" or predictions is None or few:
        return f"{amount} on {len(rows)} test rows; compare over folds instead."
    test = compare_aurocs(truth, predictions[one.model][0], predictions[one.other][0])
    one.low, one.high, one.p = test.low, test.high, test.p_value
    return (
        f"{amount} [{test.low:.3f}, {test.high:.3f}] (DeLong) on {len(rows)} test rows with "
        f"{int(truth.sum())} events; compare over folds instead."
    )
