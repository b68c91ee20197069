"""The verdict on a pair of models: what may be said of their difference, in a sentence.

Differences are paired within resamples; their interval and test are Nadeau and Bengio's, since training sets
overlap; the differences of a family are corrected by Holm. A verdict is given only from enough resamples, and
if there is evidence that the better model is better than none.
"""

import math
from dataclasses import replace

import numpy as np

from bineural.comparing.differences import Difference, has_signal, is_significant, measure_pairs
from bineural.comparing.rounding import NULL, decimals, one_digit
from bineural.measures.delong import compare_aurocs
from bineural.messages import number_of

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


def judge_pairs(pairs, evidence):
    """Return a `Difference` with its verdict for each pair of names.

    Parameters
    ----------
    pairs : list of (str, str)
        The family that Holm's correction is over.
    evidence : Evidence
    """
    differences = measure_pairs(pairs, evidence)
    family = family_text(differences)
    return [replace(pair, **_verdict(pair, evidence, family)) for pair in differences]


def _verdict(pair, evidence, family):
    """Return the finding on a pair and its sentence, as fields of a `Difference`."""
    measure, basis = evidence.measure, evidence.basis
    amount, over = _amount(pair, measure), over_folds(pair.n, basis)
    names = f"{pair.model} and {pair.other}"
    broken = [evidence.failed[name] for name in (pair.model, pair.other) if name in evidence.failed]
    if broken:
        return _found("failed fits", f"No verdict on {names}: {' '.join(broken)}")
    if not math.isfinite(pair.difference):
        what = "infinite in some folds" if math.isinf(pair.difference) else "undefined in every fold"
        return _found("undefined", f"No verdict on {names}: {measure.label} is {what}.")
    if basis.single_split:
        return _of_single_split(pair, evidence, names)
    if pair.n < max(LEAST, len(basis.sets) / 2):
        few = _few(pair, measure, basis)
        return _found("too few resamples", f"No verdict on {names} from {few}: {amount}.")
    if pair.p == 1.0 and pair.low == pair.high == 0.0:
        folds = number_of(pair.n, "fold")
        return _found("identical", f"{names} are identical by {measure.label} in each of {folds}.")
    ahead = pair.model if evidence.sign * pair.difference >= 0 else pair.other
    if not has_signal(ahead, evidence):
        which = pair.model if pair.other == NULL else "either"
        reason = f"too little evidence that {which} is better than no model at all"
        return _found("no signal", f"No verdict on {names}: {reason}; {amount} {over}.")
    if -evidence.rope <= pair.low and pair.high <= evidence.rope:
        within = f"all of it within {evidence.rope:.3g} of 0"
        return _found("equivalent", f"{names} are practically equivalent: {amount} {over}, {within}.")
    if is_significant(pair.p_holm, pair, evidence.level):
        finding, how = ("better", "beats") if ahead == pair.model else ("worse", "is worse than")
        by = f"{_amount(pair, measure, ahead=True)} {over}"
        return _found(finding, f"{pair.model} {how} {pair.other} by {by}.")
    holm = f" after Holm's correction for {family}" if is_significant(pair.p, pair, evidence.level) else ""
    seen = _unseen(pair, basis)
    return _found("not distinguishable", f"{names} are not distinguishable{holm}: {amount} {over}; {seen}.")


def _found(finding, verdict):
    return {"finding": finding, "verdict": verdict}


def over_folds(n, basis):
    """Say over how many folds; of how many, if a measure is undefined in some."""
    folds = number_of(len(basis.sets), "fold")
    return f"over {folds}" if n == len(basis.sets) else f"over {n} of {folds}"


def family_text(differences):
    """Say what differences are corrected together."""
    n, others = len(differences), {pair.other for pair in differences}
    return f"{number_of(n, 'difference')} from {others.pop()}" if len(others) == 1 else number_of(n, "pair")


def _few(pair, measure, basis):
    """Say how many folds there are, how many it takes, and how to come by them."""
    n, needed = len(basis.sets), f"{max(LEAST, math.ceil(len(basis.sets) / 2))} are needed"
    if pair.n < n and n >= LEAST:
        where = f"the {pair.n} of {number_of(n, 'fold')} where {measure.label} is defined"
        return f"{where}, {needed} (fewer `folds`, so that each tests rows of every class)"
    if getattr(basis.folds, "time", None) is not None:
        more = "more `folds`, as `repeats` of folds in time are the same"
    else:
        drawn = getattr(basis.folds, "drawn", hasattr(basis.folds, "resamples"))
        more = "more `repeats`" if drawn else "give more of them"
    return f"{number_of(pair.n, 'fold')}, {needed} ({more})"


def _amount(pair, measure, ahead=False):
    """Write the difference with its interval; where a winner is named, as what the winner is ahead by."""
    turn = math.copysign(1.0, pair.difference) if ahead else 1.0
    places = decimals(pair.high - pair.low, pair.difference)
    smaller = "" if measure.larger_is_better else " (smaller is better)"
    low, high = sorted((turn * pair.low, turn * pair.high)) if not math.isnan(pair.low) else (math.nan,) * 2
    interval = "" if math.isnan(low) else f" [{low:.{places}f}, {high:.{places}f}]"
    return f"{turn * pair.difference:.{places}f} {measure.label}{interval}{smaller}"


def _unseen(pair, basis):
    is_binary = basis.task == "binary"
    base = number_of(basis.n_events, "event") if is_binary else number_of(basis.n_rows, "row")
    return f"with {base} a difference under about {one_digit(pair.detectable)} cannot be seen"


def _of_single_split(pair, evidence, names):
    """Return what DeLong's paired test says of the one test set; it is no verdict."""
    measure, basis = evidence.measure, evidence.basis
    rows = basis.rows
    truth = basis.truth[rows]
    start = f"No verdict on {names} from a single split: {pair.difference:.3f} {measure.label}"
    end = "compare over folds instead."
    if measure.name != "auroc" or min(np.sum(truth == 1), np.sum(truth == 0)) < 2:
        return _found("single split", f"{start} on {number_of(len(rows), 'test row')}; {end}")
    test = compare_aurocs(truth, evidence.orders[pair.model][0], evidence.orders[pair.other][0])
    interval = f"[{test.low:.3f}, {test.high:.3f}] (DeLong)"
    events = f"on {number_of(len(rows), 'test row')} with {number_of(int(truth.sum()), 'event')}"
    limits = {"low": test.low, "high": test.high, "p": test.p_value}
    return limits | _found("single split", f"{start} {interval} {events}; {end}")
