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
    for pair in differences:
        ahead = pair.model if sign * pair.difference >= 0 else pair.other
        signal = has_signal(scores[ahead], scores[NULL], measure, basis, level)
        broken = [failed[name] for name in (pair.model, pair.other) if name in (failed or {})]
        _settle(pair, measure, basis, sign, signal, level, rope, family, predictions, broken)
    return differences


def _settle(pair, measure, basis, sign, signal, level, rope, family, predictions, broken=()):
    """Write finding and verdict."""
    gain = sign * pair.difference
    amount = _amount(pair, measure)
    over = over_folds(pair.n, basis)
    names = f"{pair.model} and {pair.other}"
    if broken:
        pair.finding = "failed fits"
        pair.verdict = f"No verdict on {names}: {' '.join(broken)}"
    elif not math.isfinite(pair.difference):
        pair.finding = "undefined"
        what = "infinite in some folds" if math.isinf(pair.difference) else "undefined in every fold"
        pair.verdict = f"No verdict on {names}: {measure.label} is {what}."
    elif basis.single_split:
        pair.finding = "single split"
        pair.verdict = (
            f"No verdict on {names} from a single split: {_single(pair, measure, basis, predictions)}"
        )
    elif pair.n < max(LEAST, len(basis.sets) / 2):
        pair.finding = "too few resamples"
        pair.verdict = f"No verdict on {names} from {_few(pair, measure, basis)}: {amount}."
    elif pair.p == 1.0 and pair.low == pair.high == 0.0:
        pair.finding = "identical"
        pair.verdict = f"{names} are identical by {measure.label} in each of {pair.n} folds."
    elif not signal:
        pair.finding = "no signal"
        which = pair.model if pair.other == NULL else "either"
        reason = f"too little evidence that {which} is better than no model at all"
        pair.verdict = f"No verdict on {names}: {reason}; {amount} {over}."
    elif -rope <= pair.low and pair.high <= rope:
        pair.finding = "equivalent"
        pair.verdict = (
            f"{names} are practically equivalent: {amount} {over}, all of it within {rope:.3g} of 0."
        )
    elif is_significant(pair.p_holm, pair, level):
        pair.finding = "better" if gain > 0 else "worse"
        how = "beats" if gain > 0 else "is worse than"
        pair.verdict = f"{pair.model} {how} {pair.other} by {_amount(pair, measure, ahead=True)} {over}."
    else:
        pair.finding = "not distinguishable"
        corrected = f" after Holm's correction for {family}" if is_significant(pair.p, pair, level) else ""
        pair.verdict = f"{names} are not distinguishable{corrected}: {amount} {over}; {_unseen(pair, basis)}."


def over_folds(n, basis):
    """Say over how many folds; of how many, if a measure is undefined in some."""
    return f"over {n} folds" if n == len(basis.sets) else f"over {n} of {len(basis.sets)} folds"


def family_text(differences):
    """Say what differences are corrected together."""
    n, others = len(differences), {pair.other for pair in differences}
    return f"{n} differences from {others.pop()}" if len(others) == 1 else f"{n} pairs"


def _few(pair, measure, basis):
    """Say how many folds there are, how many it takes, and how to come by them."""
    n, needed = len(basis.sets), f"{max(LEAST, math.ceil(len(basis.sets) / 2))} are needed"
    if pair.n < n and n >= LEAST:
        where = f"the {pair.n} of {n} folds where {measure.label} is defined"
        return f"{where}, {needed} (fewer `folds`, so that each tests rows of every class)"
    if getattr(basis.folds, "time", None) is not None:
        more = "more `folds`, as `repeats` of folds in time are the same"
    else:
        more = "more `repeats`" if hasattr(basis.folds, "resamples") else "give more of them"
    return f"{pair.n} folds, {needed} ({more})"


def _amount(pair, measure, ahead=False):
    """Write the difference with its interval; where a winner is named, as what the winner is ahead by."""
    turn = math.copysign(1.0, pair.difference) if ahead else 1.0
    places = decimals(pair.high - pair.low)
    smaller = "" if measure.larger_is_better else " (smaller is better)"
    low, high = sorted((turn * pair.low, turn * pair.high)) if not math.isnan(pair.low) else (math.nan,) * 2
    interval = "" if math.isnan(low) else f" [{low:.{places}f}, {high:.{places}f}]"
    return f"{turn * pair.difference:.{places}f} {measure.label}{interval}{smaller}"


def _unseen(pair, basis):
    base = f"{basis.n_events} events" if basis.task == "binary" else f"{basis.n_rows} rows"
    return f"with {base} a difference under about {pair.detectable:.1g} cannot be seen"


def _single(pair, measure, basis, predictions):
    """Write what DeLong's paired test says of the one test set."""
    amount = f"{pair.difference:.3f} {measure.label}"
    rows = basis.rows
    truth = basis.truth[rows]
    few = min(np.sum(truth == 1), np.sum(truth == 0)) < 2
    if measure.name != "auroc" or predictions is None or few:
        return f"{amount} on {len(rows)} test rows; compare over folds instead."
    test = compare_aurocs(truth, predictions[pair.model][0], predictions[pair.other][0])
    pair.low, pair.high, pair.p = test.low, test.high, test.p_value
    return (
        f"{amount} [{test.low:.3f}, {test.high:.3f}] (DeLong) on {len(rows)} test rows with "
        f"{int(truth.sum())} events; compare over folds instead."
    )
