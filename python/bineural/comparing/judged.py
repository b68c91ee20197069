"""Everything that a comparison measures: each model's scores, and every difference with its verdict."""

from typing import NamedTuple

import numpy as np

from bineural.comparing.differences import Evidence
from bineural.comparing.judging import judge_pairs, pairs_of
from bineural.comparing.pooling import contributions, over_draws, resample_shares
from bineural.comparing.rounding import NULL
from bineural.comparing.scoring import score_all
from bineural.measures.registry import Measure


class Judging(NamedTuple):
    """How models are judged, as the user says it; see `compare_models`.

    measures : dict of str to Measure; all that are shown.
    measure : Measure; the one that the verdict is about.
    """

    measures: dict
    measure: Measure
    pairs: str = "reference"
    level: float = 0.95
    rope: float | None = None


class Judged(NamedTuple):
    """What was measured, by measure.

    scores : dict of str to dict of str to ndarray, shape (draws, n_resamples); by model, then by measure.
    shares : dict of str to (ndarray, shape (n_resamples,), or None); weights of the resamples in the mean.
    differences : dict of str to list of Difference; the family that was asked for.
    """

    scores: dict
    shares: dict
    differences: dict


def judge_all(basis, reference, held_out, judging):
    """Score every model in every resample by every measure, and judge the differences.

    Parameters
    ----------
    basis : Basis
    reference : str
        The model that others are measured against.
    held_out : dict of str to HeldOut
    judging : Judging

    Returns
    -------
    Judged
    """
    measures = judging.measures
    scores = {
        name: score_all(measures, basis, each.predictions, each.logits) for name, each in held_out.items()
    }
    tested = [basis.truth[resample.test] for resample in basis.sets]
    weights = [None if basis.weights is None else basis.weights[resample.test] for resample in basis.sets]
    shares = {name: resample_shares(measure, tested, weights) for name, measure in measures.items()}
    return judge_scores(basis, reference, held_out, judging, scores, shares)


def judge_scores(basis, reference, held_out, judging, scores, shares):
    """Judge the differences between models that were scored.

    Parameters
    ----------
    basis, reference, held_out, judging
        As for `judge_all`.
    scores, shares
        As in `Judged`.

    Returns
    -------
    Judged
    """
    pairs = pairs_of([name for name in held_out if name != NULL], reference, judging.pairs)
    orders = {name: each.order for name, each in held_out.items()}
    failed = {name: each.failed for name, each in held_out.items() if each.failed}
    differences = {}
    for name, measure in judging.measures.items():
        values = {
            model: contributions(measure, over_draws(measure, scores[model][name]), shares[name])
            for model in held_out
        }
        rope = _negligible(measure, values[NULL]) if judging.rope is None else judging.rope
        evidence = Evidence(measure, basis, values, judging.level, rope, orders, failed)
        differences[name] = judge_pairs(pairs, evidence)
    return Judged(scores, shares, differences)


def _negligible(measure, null):
    """Return the half-width of the region of practical equivalence where the user names none."""
    scale = np.nanmean(null) if measure.in_units else 1.0
    return 0.01 * float(abs(scale)) if np.isfinite(scale) else 0.01
