"""Compare models honestly: the same rows, the same folds, a baseline, intervals that hold, and a verdict."""

import time
from datetime import UTC

import numpy as np

from bineural.comparisons.calibrating import calibrate
from bineural.comparisons.entrants import Average
from bineural.comparisons.ground import lay_ground
from bineural.comparisons.guards import guard
from bineural.comparisons.judging import Difference, judge_pairs
from bineural.comparisons.reading import make_entrants, read_models, settings_of
from bineural.comparisons.record import Comparison
from bineural.comparisons.running import Run, gathered_warnings, heard_warnings
from bineural.comparisons.said import failed_sentence, undefined_sentences
from bineural.comparisons.scoring import choose_measure, measures_of, score_all
from bineural.comparisons.words import NULL
from bineural.errors import InputError
from bineural.measuring.inputs import check_level
from bineural.measuring.ordering import ordered_by_fit

__all__ = ["Comparison", "Difference", "compare_models", "r_model"]


def compare_models(
    models,
    data,
    outcome=None,
    *,
    formula=None,
    event=None,
    classes=None,
    folds=10,
    repeats=10,
    strata=None,
    groups=None,
    time=None,
    weights=None,
    baseline=True,
    measure=None,
    measures=None,
    seeds=1,
    level=0.95,
    rope=None,
    missing="error",
    n_jobs=None,
    seed=None,
    verbose=None,
):
    """Compare models on the same folds, and say which differences are there.

    Every model is fitted anew to the training rows of every fold, preparation included, and predicts the rows
    that were held out. All folds of a net are trained together.

    Parameters
    ----------
    models : dict of str to model, list, or one model
        A model is one of: a GLM or net of ours, fitted (its formula, outcome and event are used) or not; a
        scikit-learn estimator, which gets the columns prepared as numbers, or a pipeline, which gets them as
        they are; a function ``(train, test) -> predictions``; an average of other models by name
        (`average_models`); a `TunedNet`, tuned anew within each training fold; a model of R's (`r_model`); or
        a short name: "glm", "net", "random_forest" ("rf"), "extra_trees", "boosting".
    data : data frame or array_like
        Rows; predictors and outcome, or predictors x only.
    outcome : str or array_like, optional
        Column to predict, or its values; by default what `formula` or fitted models name.
    formula : str, optional
        ``"outcome ~ terms"`` for models that have no formula of their own; by default all other columns.
    event : label, optional
        Class whose probability is measured; a two-class outcome must name it, here or in a fitted model.
    classes : list of labels, optional
        Takes a numeric outcome as these classes.
    folds : int, Folds, Split, splitter or list of pairs, default 10
        See `make_folds`. One split gives no verdict.
    repeats : int, default 10
        How often to make new folds; fewer than 50 resamples give no verdict.
    strata : str, array_like or False, optional
        None is the outcome if it holds classes; False is none.
    groups, time : str or array_like, optional
        See `make_folds`: rows of a group never part, or folds that only look back. Beside folds made already,
        `groups` are checked. A column of groups, or of dates that order rows, is no predictor.
    weights : str or array_like of float, optional
        Row weights, in fitting and measuring; functions see them only as a column.
    baseline : bool or str, default True
        Adds a GLM of the same columns if there is none (of the formula of the models of ours, if they have
        one and the same), with ``penalty="auto"``: maximum likelihood, or a ridge whose strength is chosen
        within the training rows where the classes are separated, the fit does not converge, or columns are
        many for the rows. A name makes that model the one others are measured against.
    measure : str, optional
        What the verdict is about: by default "auroc" (two classes), "log_loss" (several), "rmse" (numbers).
    measures : dict, optional
        Measures of your own: name to a function (y_true, prediction), larger being better, or to a pair
        (function, "smaller"). `y_true` is 1 for the event, the class's position, or the number.
    seeds : int, default 1
        Fits of each random model to each training set; more than one tells the spread over seeds.
    level : float, default 0.95
        Confidence level.
    rope : float, optional
        Half-width of the region of practical equivalence, in the measure's units; None is 0.01, or a
        hundredth of the null model's RMSE or MAE.
    missing : {"error", "drop", "impute"}
        For models made from short names, the baseline, and columns prepared for scikit-learn; "drop" leaves
        rows with missing predictors out for all models alike.
    n_jobs : int, optional
        Models other than nets and R's run through joblib in so many processes; None is one.
    seed : int, optional
        Folds and fits follow from it; drawn and kept if None.
    verbose : None, 0 or 1
        None shows progress where somebody watches.

    Returns
    -------
    Comparison
        With `table`, `differences`, `verdicts`, `scores`, `predictions`, `folds`, and `plot()`.

    Raises
    ------
    InputError
        If data, folds or models cannot be used; it says which model in which fold.

    Warns
    -----
    LeakWarning
        If a single column tells the outcome apart, rows come twice, or folds part what belongs together.
    BineuralWarning
        What fits warn of, once for each kind with how many fits it is of; `warned` and printing show it too.

    Notes
    -----
    Estimates are means over folds; AUROC is not pooled over folds, which would bias it. Intervals and tests
    of differences are the corrected resampled t [1]_, several pairs are corrected by Holm, and the better
    model of a pair must be better than none. A model's own interval is the corrected t interval of its
    measure. Calibration is of each repeat's held-out predictions together, averaged over repeats.

    Where there is nothing to see it is said: AUROC and average precision of a fold with one class are left
    out and counted (`n`); constant scores have AUROC 0.5; models with the same measure in every fold are
    "identical" (p = 1); a difference that is the same in all folds but not 0, and any from fewer than two
    folds, has no interval; where fits of a model failed (separated without a penalty, not converged), neither
    model is better than none, or there are fewer than 50 resamples, or a single split, no verdict is given.

    References
    ----------
    .. [1] Nadeau and Bengio (2003). *Machine Learning* 52, 239-281.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> short = bn.fit_glm("Kyphosis ~ Start", kyphosis, event="present")
    >>> comparison = bn.compare_models({"glm": glm, "short": short}, kyphosis, seed=1)
    >>> comparison.table["model"].tolist()
    ['glm', 'short', 'null']
    >>> comparison.verdicts[0].split(":")[0]
    'short and glm are not distinguishable'
    """
    asked, begun = dict(locals()), _now()
    level, seeds = check_level(level), _check_seeds(seeds)
    named = asked["models"] = read_models(models, missing)
    del asked["data"]
    known_outcome, known_event = settings_of(named)
    outcome = known_outcome if outcome is None and formula is None else outcome
    event = known_event if event is None else event
    with heard_warnings() as warned:
        ground = lay_ground(
            *(data, outcome, formula, event, classes, weights, folds, repeats, strata, groups, time, seed),
            complete_for=[getattr(one, "formula", None) for _, one in named] if missing == "drop" else None,
        )
    entrants, reference = make_entrants(named, ground, missing, baseline)
    found = measures_of(ground.task, measures, _family(entrants))
    chosen = choose_measure(measure, found)
    guarded = guard(ground, entrants, groups)
    predictions, seconds, said = _run_all(entrants, ground, seeds, n_jobs, verbose)
    null, logits = predictions[NULL], {one.name: one.logits for one in entrants}
    scores = {name: score_all(found, ground, p, null, logits[name]) for name, p in predictions.items()}
    warned += [*guarded, *said, *undefined_sentences(found, scores, len(ground.sets))]
    failed = {
        one.name: failed_sentence(one, _count_fits(one, ground, seeds)) for one in entrants if one.failures
    }
    orders = {name: ordered_by_fit(p, logits[name]) for name, p in predictions.items()}
    names = [one.name for one in entrants if one.name != NULL]
    pairs = _pairs(names, reference)
    differences = {}
    for name, one in found.items():
        means = {model: scores[model][name].mean(axis=0) for model in scores}
        half = _check_rope(rope, one, means[NULL])
        differences[name] = judge_pairs(pairs, one, means, means[NULL], ground, level, half, orders, failed)
    return Comparison(
        ground=ground,
        entrants=sorted(entrants, key=lambda one: one.name == NULL),
        reference=reference,
        measures=found,
        measure=chosen,
        level=level,
        scores=scores,
        predictions_by_model=predictions,
        logits=logits,
        differences_by_measure=differences,
        calibration=calibrate(ground, predictions),
        seconds=seconds,
        warned=warned,
        guarded=guarded,
        begun=begun,
        asked=asked,
    )


def r_model(fit, predict=None, packages=None):
    """Wrap a model of R's for `compare_models`.

    Parameters
    ----------
    fit : str
        R code of a function of the training rows, a data frame, that returns a fitted model, for example
        ``"function(train) mgcv::gam(y ~ s(x), binomial, train)"``.
    predict : str, optional
        R code of a function (model, test) that returns probabilities of the event (or a column for each
        class), or numbers; by default ``predict(model, test, type = "response")``.
    packages : list of str, optional
        R packages to load first.

    Returns
    -------
    RModel
        To be passed to `compare_models`; R runs in this process, by the package rpy2, and draws its random
        numbers from a seed for each fold.

    Raises
    ------
    InputError
        If an argument is no text.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.r_model("function(train) glm(Kyphosis ~ Start, binomial, train)")
    <R model: function(train) glm(Kyphosis ~ Start, binomial, train)>
    """
    from bineural.comparisons.r_models import RModel

    packages = [packages] if isinstance(packages, str) else list(packages or [])
    if not all(isinstance(one, str) for one in [fit, predict or "", *packages]):
        raise InputError(
            "`fit`, `predict` and `packages` must be text: R code, and names of R packages.",
            f"Found {type(fit).__name__}, {type(predict).__name__} and {packages!r}.",
            "Write for example r_model('function(train) glm(y ~ ., binomial, train)').",
        )
    return RModel(fit, predict, packages)


def by_rows(name, function, text=None):
    """Make an entrant of a function (train_ids, test_ids, seed) -> predictions; R's functions come so."""
    from bineural.comparisons.entrants import ByRows

    return ByRows(name, function, text)


def _run_all(entrants, ground, seeds, n_jobs, verbose):
    """Return each entrant's held-out predictions and how long they took, by name; and what fits warned of."""
    run = Run(n_jobs, verbose, sum(_count_fits(one, ground, seeds) for one in entrants))
    predictions, seconds, said, by_name = {}, {}, [], {one.name: one for one in entrants}
    try:
        for one in entrants:
            start = time.perf_counter()
            if isinstance(one, Average) and not one.members:
                predictions[one.name] = one.average(predictions, by_name)
            else:
                with gathered_warnings(one.name, _count_fits(one, ground, seeds)) as sentences:
                    predictions[one.name] = one.predict_out(ground, seeds, run)
                said += sentences
            seconds[one.name] = time.perf_counter() - start
    finally:
        run.close()
    return predictions, seconds, said


def _count_fits(entrant, ground, seeds):
    return len(ground.sets) * (seeds if entrant.random else 1)


def _pairs(names, reference):
    """Return all pairs, each model before what it is measured against; one model alone against the null."""
    if len(names) == 1:
        return [(names[0], NULL)]
    order = [reference, *[name for name in names if name != reference]]
    return [(b, a) for i, a in enumerate(order) for b in order[i + 1 :]]


def _family(entrants):
    """Return the family of the first GLM for numbers, for the deviance."""
    families = [getattr(one.model, "family", None) for one in entrants if one.kind == "glm"]
    return next((f for f in families if f in ("gaussian", "poisson", "gamma")), "gaussian")


def _check_seeds(seeds):
    if isinstance(seeds, bool) or not isinstance(seeds, (int, float, np.number)) or seeds < 1 or seeds % 1:
        raise InputError("`seeds` must be a whole number from 1.", f"It is {seeds!r}.", "Try 3.")
    return int(seeds)


def _check_rope(rope, measure, null):
    if rope is None:
        scale = np.nanmean(null) if measure.name in ("rmse", "mae", "deviance") else 1.0
        return 0.01 * float(abs(scale)) if np.isfinite(scale) else 0.01
    if isinstance(rope, bool) or not isinstance(rope, (int, float, np.number)) or not 0 <= rope < np.inf:
        raise InputError("`rope` must be a number from 0.", f"It is {rope!r}.", "Try 0.01.")
    return float(rope)


def _now():
    from datetime import datetime

    return datetime.now(UTC).isoformat(timespec="seconds")
