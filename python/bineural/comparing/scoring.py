"""Every model's measures in every resample, and what they come to over folds, repeats and seeds."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from bineural.comparing.pooling import NAN, estimate, over_draws
from bineural.errors import InputError
from bineural.measures.measures import auroc, average_precision, brier, log_loss
from bineural.measures.multiclass import hand_till_of_codes
from bineural.measures.ordering import ordered
from bineural.messages import listed, near_names

_SMALLEST = np.finfo(np.float64).eps
_SHARE, _POSITIVE = (0.0, 1.0), (0.0, math.inf)


@dataclass
class Measure:
    """A number for the predictions of one resample.

    Attributes
    ----------
    name, label : str
    larger_is_better : bool
    compute : callable
        (truth, prediction, weights or None, null prediction) -> float, NaN where undefined.
    range : tuple of float
        Smallest and largest value there is.
    ranks : bool
        Whether it looks at the order of the predictions alone, and gets one without ties by rounding.
    power : int
        Of the values that is averaged over resamples; see `pooling`.
    weigh : callable, optional
        (truth, null prediction, weights or None) -> weight of a resample in the mean.
    """

    name: str
    label: str
    larger_is_better: bool
    compute: object
    range: tuple = (-math.inf, math.inf)
    ranks: bool = False
    power: int = 1
    weigh: object = None


def measures_of(task, own=None, family="gaussian"):
    """Return the measures of a task by name, the user's own after them.

    Parameters
    ----------
    task : {"binary", "multiclass", "regression"}
    own : dict, optional
        Name to a function (y_true, prediction) -> float where larger is better, or to a pair of it and
        "smaller" or "larger".
    family : str
        Of the GLM baseline, for the deviance.
    """
    found = {m.name: m for m in _TASKS[task](family)}
    for name, given in _checked_own(own, found).items():
        found[name] = given
    return found


def _checked_own(own, known):
    if own is None:
        return {}
    if not isinstance(own, dict):
        raise InputError(
            "`measures` must be a dict of names and functions (y_true, prediction) -> number.",
            f"It is of type {type(own).__name__}.",
            "Write for example measures={'mcc': my_function}.",
        )
    made = {}
    for name, given in own.items():
        function, better = (
            given if isinstance(given, (tuple, list)) and len(given) == 2 else (given, "larger")
        )
        if not callable(function) or better not in ("larger", "smaller") or name in known:
            raise InputError(
                "A measure must be a function under a name of its own, or (function, 'smaller' or 'larger').",
                f"{name!r} is {given!r}." if name not in known else f"{name!r} is there already.",
                "Say which is better: measures={'cost': (my_cost, 'smaller')}.",
            )
        made[name] = Measure(name, name.replace("_", " "), better == "larger", partial(_own, function, name))
    return made


def _own(function, name, truth, prediction, weights, null):
    try:
        return float(function(truth, prediction))
    except Exception as error:
        raise InputError(
            f"The measure {name!r} must give a number for every resample.",
            f"It raised {type(error).__name__}: {error}.",
            "It gets the truth and the predictions of the test rows; return NaN where it is undefined.",
        ) from error


def choose_measure(measure, measures):
    """Return the measure that the verdict is about; by default the first of the task."""
    if measure is None:
        return next(iter(measures.values()))
    if measure not in measures:
        raise InputError(
            "`measure` must be one of the measures.",
            f"Found {measure!r}; there are {listed(list(measures), 12)}.",
            near_names(measure, measures),
        )
    return measures[measure]


def score_all(measures, basis, predictions, null, logits=None):
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
                scores[name][d, k] = measure.compute(truth, shown, weights, null[0][place])
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


# ---- the measures of each task ----


def _binary(family):
    return [
        Measure("auroc", "AUROC", True, partial(_if_both, auroc), _SHARE, True),
        Measure(
            "average_precision",
            "average precision",
            True,
            partial(_if_both, average_precision),
            _SHARE,
            ranks=True,
        ),
        Measure("log_loss", "log loss", False, partial(_plain, log_loss), _POSITIVE),
        Measure("brier", "Brier score", False, partial(_plain, brier), _SHARE),
    ]


def _plain(function, truth, prediction, weights, null):
    return function(truth, prediction, weights)


def _if_both(function, truth, prediction, weights, null):
    n_events = np.count_nonzero(truth)
    return function(truth, prediction, weights) if 0 < n_events < truth.size else NAN


def _multiclass(family):
    return [
        Measure("log_loss", "log loss", False, _class_log_loss, _POSITIVE),
        Measure("accuracy", "accuracy", True, _accuracy, _SHARE),
        Measure("hand_till", "AUROC, Hand-Till", True, _hand_till, _SHARE, True),
    ]


def _accuracy(truth, prediction, weights, null):
    return _mean(np.argmax(prediction, axis=1) == truth, weights)


def _class_log_loss(truth, prediction, weights, null):
    given = np.clip(prediction[np.arange(truth.size), truth], _SMALLEST, 1 - _SMALLEST)
    return _mean(-np.log(given), weights)


def _hand_till(truth, prediction, weights, null):
    present = len(np.unique(truth)) == prediction.shape[1]
    return hand_till_of_codes(truth, prediction, weights) if present else NAN


def _regression(family):
    return [
        Measure("rmse", "RMSE", False, _rmse, _POSITIVE, power=2),
        Measure("mae", "MAE", False, _mae, _POSITIVE),
        Measure("r_squared", "R squared", True, _r_squared, (-math.inf, 1.0), weigh=_squared_error),
        Measure("deviance", f"mean {family} deviance", False, partial(_deviance, family), _POSITIVE),
    ]


def _rmse(truth, prediction, weights, null):
    return math.sqrt(_squared_error(truth, prediction, weights))


def _mae(truth, prediction, weights, null):
    return _mean(np.abs(prediction - truth), weights)


def _r_squared(truth, prediction, weights, null):
    """Return the share of the null model's squared error that is gone; the null knows the training mean."""
    against = _squared_error(truth, null, weights)
    return 1 - _squared_error(truth, prediction, weights) / against if against > 0 else NAN


def _squared_error(truth, prediction, weights):
    return _mean(np.square(prediction - truth), weights)


def _deviance(family, truth, prediction, weights, null):
    from bineural.irls.families import get_family

    if family in ("poisson", "gamma"):
        prediction = np.maximum(prediction, _SMALLEST)
    with np.errstate(all="ignore"):
        unit = get_family(family, None).unit_deviance(truth, prediction)
    return _mean(unit, weights)


def _mean(values, weights):
    return float(np.average(values, weights=weights))


_TASKS = {"binary": _binary, "multiclass": _multiclass, "regression": _regression}
