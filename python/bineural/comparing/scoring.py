"""Every model's measures in every resample, and what they come to over folds, repeats and seeds."""

import math

import numpy as np

from bineural.comparing.pooling import NAN, estimate, over_draws
from bineural.measures.ordering import ordered
from bineural.measures.registry import all_measures, choose_measure, measures_of, read_own, refuse_weights


def measures_for(basis, measure=None, own=None, family=None):
    """Return the measures of a comparison by name, and the one that its verdict is about.

    Parameters
    ----------
    basis : Basis
    measure : str or None
        Its name; None is the first of the task.
    own : dict or None
        The user's own measures; see `read_own`.
    family : str, optional
        Of the outcome, for the deviance, where no net asks for an objective by name; None is the Gaussian.

    Returns
    -------
    measures : dict of str to Measure
    chosen : Measure
    """
    known = {**measured_rows(basis, basis.sets), "family": family or "gaussian"}
    if basis.problem.is_counted:
        measure, known["family"] = measure or "mean_deviance", "binomial"
    if basis.objective is not None:
        measure = measure or basis.objective.measure or None
        known |= basis.objective.measured
    also = [measure] if isinstance(measure, str) else []
    also += [] if basis.objective is None else basis.objective.shows
    measures = measures_of(basis.measured_as, also=also, **known)
    if basis.weights is not None:
        measures = {name: m for name, m in measures.items() if m.takes_weights or name == measure}
    own = read_own(own, all_measures())
    chosen = choose_measure(measure, measures | own)
    for asked in (chosen, *own.values()):
        refuse_weights(asked, basis.weights)
    return measures | own, chosen


def measured_rows(basis, sets):
    """Return what is known of the rows that some resamples test, by name; see `Measure.settle`."""
    return basis.known_of(sets)


def score_all(measures, basis, predictions, logits=None):
    """Measure one entrant: dict of name to float64, shape (draws, n_resamples)."""
    scores = {name: np.full((len(predictions), len(basis.sets)), NAN) for name in measures}
    rows, places = basis.rows, list(basis.parts())
    for k, place in enumerate(places):
        truth = basis.truth[rows[place]]
        weights = None if basis.weights is None else basis.weights[rows[place]]
        for d, prediction in enumerate(predictions):
            given = prediction[place]
            order = ordered(given, None if logits is None else logits[d][place])
            for name, measure in measures.items():
                shown = order if measure.ranks else given
                scores[name][d, k] = measure(truth, shown, weights)
    return scores


def summarise(measure, scores, repeats, shares=None):
    """Return the estimate over resamples and its spread, told apart.

    Parameters
    ----------
    measure : Measure
    scores : ndarray of float64, shape (draws, n_resamples)
    repeats : ndarray of int, shape (n_resamples,)
    shares : ndarray of float64, shape (n_resamples,), optional
        Weights of the resamples; see `pooling`.

    Returns
    -------
    dict
        `estimate`; `fold_sd`, SD over resamples; `repeat_sd`, SD of the repeats' estimates (NaN for one);
        `seed_sd`, SD over draws within a resample, pooled (NaN for one draw); `n` resamples where defined.
        An infinite value leaves the spreads NaN.
    """
    each = over_draws(measure, scores)
    known = ~np.isnan(each)
    if not known.any():
        return {"estimate": NAN, "fold_sd": NAN, "repeat_sd": NAN, "seed_sd": NAN, "n": 0}
    of_repeat = [np.where(repeats == r, each, NAN) for r in np.unique(repeats[known])]
    return {
        "estimate": estimate(measure, each, shares),
        "fold_sd": _sd(each[known]),
        "repeat_sd": _sd(np.array([estimate(measure, values, shares) for values in of_repeat])),
        "seed_sd": math.sqrt(np.mean([_sd(draws) ** 2 for draws in scores[:, known].T])),
        "n": int(known.sum()),
    }


def _sd(values):
    """Return the SD; NaN of one value, or where one is infinite."""
    return float(np.std(values, ddof=1)) if len(values) > 1 and np.isfinite(values).all() else NAN
