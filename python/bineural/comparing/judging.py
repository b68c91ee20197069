"""The verdict on a pair of models: what may be said of their difference, in a sentence.

Differences are paired within resamples; their interval and test are Nadeau and Bengio's, since training sets
overlap; the differences of a family are corrected by Holm. A verdict is given only from enough resamples, and
if there is evidence that the better model is better than none.
"""

import math

import numpy as np

from bineural.comparing.differences import Difference, has_signal, is_significant, measure_pairs
from bineural.comparing.rounding import NULL, decimals
from bineural.measures.delong import compare_aurocs

__all__ = ["FAMILIES", "LEAST", "Difference", "family_text", "judge_pairs", "pairs_of"]

LEAST = 50  # resamples for a verdict, and no less than half of all
FAMILIES = ("reference", "all")


def pairs_of(names, reference, family):
    """Return the pairs of a family, each model before what it is measured against.

    Parameters
    ----------
    names : list of str
        All models but the null model; one model alone is paired with that.
    reference : str
    family : {"reference", "all"}
        Every other model against the reference, or every model against every other.
    """
    if len(names) == 1:
        return [(names[0], NULL)]
    order = [reference, *[name for name in names if name != reference]]
    last = 1 if family == "reference" else len(order)
    return [(b, a) for i, a in enumerate(order[:last]) for b in order[i + 1 :]]


def judge_pairs(pairs, measure, scores, basis, level, rope, predictions, failed=None):
    """Return a `Difference` with its verdict for each pair of names.

    Parameters
    ----------
    pairs : list of (str, str)
        The family that Holm's correction is over.
    measure : Measure
    scores : dict of str to ndarray, shape (n_resamples,)
        Contributions of the resamples to each model's estimate, the null model's too; see `pooling`.
    basis : Basis
    level, rope : float
    predictions : dict of str to ndarray, or None
        For DeLong's test on a single split.
    failed : dict of str to str, optional
        What is said of a model whose fits failed: there is no verdict on it.
    """
    sign = 1.0 if measure.larger_is_better else -1.0
    differences = measure_pairs(pairs, measure, scores, basis, level, rope)
    family = family_text(differences)
    for one in differences:
        ahead = one.model if sign * one.difference >= 0 else one.other
        signal = has_signal(scores[ahead], scores[NULL], measure, basis, level)
        broken = [failed[name] for name in (one.model, one.other) if name in (failed or {})]
        _settle(one, measure, basis, sign, signal, level, rope, family, predictions, broken)
    return differences


def _settle(one, measure, basis, sign, signal, level, rope, family, predictions, broken=()):
    """Write finding and verdict."""
    gain = sign * one.difference
    amount = _amount(one, measure)
    over = over_folds(one.n, basis)
    names = f"{one.model} and {one.other}"
    if broken:
        one.finding = "failed fits"
        one.verdict = f"No verdict on {names}: {' '.join(broken)}"
    elif not math.isfinite(one.difference):
        one.finding = "undefined"
        what = "infinite in some folds" if math.isinf(one.difference) else "undefined in every fold"
        one.verdict = f"No verdict on {names}: {measure.label} is {what}."
    elif basis.single_split:
        one.finding = "single split"
        one.verdict = (
            f"No verdict on {names} from a single split: {_single(one, measure, basis, predictions)}"
        )
    elif one.n < max(LEAST, len(basis.sets) / 2):
        one.finding = "too few resamples"
        one.verdict = f"No verdict on {names} from {_few(one, measure, basis)}: {amount}."
    elif one.p == 1.0 and one.low == one.high == 0.0:
        one.finding = "identical"
        one.verdict = f"{names} are identical by {measure.label} in each of {one.n} folds."
    elif not signal:
        one.finding = "no signal"
        which = one.model if one.other == NULL else "either"
        said = f"too little evidence that {which} is better than no model at all"
        one.verdict = f"No verdict on {names}: {said}; {amount} {over}."
    elif -rope <= one.low and one.high <= rope:
        one.finding = "equivalent"
        one.verdict = (
            f"{names} are practically equivalent: {amount} {over}, all of it within {rope:.3g} of 0."
        )
    elif is_significant(one.p_holm, one, level):
        one.finding = "better" if gain > 0 else "worse"
        how = "beats" if gain > 0 else "is worse than"
        one.verdict = f"{one.model} {how} {one.other} by {_amount(one, measure, ahead=True)} {over}."
    else:
        one.finding = "not distinguishable"
        corrected = f" after Holm's correction for {family}" if is_significant(one.p, one, level) else ""
        one.verdict = f"{names} are not distinguishable{corrected}: {amount} {over}; {_unseen(one, basis)}."


def over_folds(n, basis):
    """Say over how many folds; of how many, if a measure is undefined in some."""
    return f"over {n} folds" if n == len(basis.sets) else f"over {n} of {len(basis.sets)} folds"


def family_text(differences):
    """Say what differences are corrected together."""
    n, others = len(differences), {one.other for one in differences}
    return f"{n} differences from {others.pop()}" if len(others) == 1 else f"{n} pairs"


def _few(one, measure, basis):
    """Say how many folds there are, how many it takes, and how to come by them."""
    n, needed = len(basis.sets), f"{max(LEAST, math.ceil(len(basis.sets) / 2))} are needed"
    if one.n < n and n >= LEAST:
        where = f"the {one.n} of {n} folds where {measure.label} is defined"
        return f"{where}, {needed} (fewer `folds`, so that each tests rows of every class)"
    if getattr(basis.folds, "time", None) is not None:
        more = "more `folds`, as `repeats` of folds in time are the same"
    else:
        more = "more `repeats`" if hasattr(basis.folds, "resamples") else "give more of them"
    return f"{one.n} folds, {needed} ({more})"


def _amount(one, measure, ahead=False):
    """Write the difference with its interval; where a winner is named, as what the winner is ahead by."""
    turn = math.copysign(1.0, one.difference) if ahead else 1.0
    places = decimals(one.high - one.low)
    smaller = "" if measure.larger_is_better else " (smaller is better)"
    low, high = sorted((turn * one.low, turn * one.high)) if not math.isnan(one.low) else (math.nan,) * 2
    interval = "" if math.isnan(low) else f" [{low:.{places}f}, {high:.{places}f}]"
    return f"{turn * one.difference:.{places}f} {measure.label}{interval}{smaller}"


def _unseen(one, basis):
    base = f"{basis.n_events} events" if basis.task == "binary" else f"{basis.n_rows} rows"
    return f"with {base} a difference under about {one.detectable:.1g} cannot be seen"


def _single(one, measure, basis, predictions):
    """Write what DeLong's paired test says of the one test set."""
    amount = f"{one.difference:.3f} {measure.label}"
    rows = basis.rows
    truth = basis.truth[rows]
    few = min(np.sum(truth == 1), np.sum(truth == 0)) < 2
    if measure.name != "auroc" or predictions is None or few:
        return f"{amount} on {len(rows)} test rows; compare over folds instead."
    test = compare_aurocs(truth, predictions[one.model][0], predictions[one.other][0])
    one.low, one.high, one.p = test.low, test.high, test.p_value
    return (
        f"{amount} [{test.low:.3f}, {test.high:.3f}] (DeLong) on {len(rows)} test rows with "
        f"{int(truth.sum())} events; compare over folds instead."
    )
