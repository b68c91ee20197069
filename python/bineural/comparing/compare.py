"""Compare models honestly: the same rows, the same folds, a baseline, intervals that hold, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from inspect import signature
from typing import TYPE_CHECKING, Any, Literal

from bineural._typing import ArrayLike, FoldsLike, Label, Labels, Missing, Model, PathLike, RowsLike, Seed
from bineural.checks import (
    Check,
    checked,
    choice,
    either,
    flag,
    label,
    labels,
    list_of,
    number,
    seed,
    share,
    text,
    whole,
    writable,
)
from bineural.comparing.agent_comparison import AgentComparison
from bineural.comparing.comparison import Comparison
from bineural.comparing.forecast_comparison import ForecastComparison
from bineural.comparing.judging import FAMILIES, Difference
from bineural.comparing.named_models import read_models
from bineural.comparing.tasks import Asked, task_of
from bineural.forecasting.forecaster import CHECKS

if TYPE_CHECKING:
    from bineural.comparing.r_models import RModel

__all__ = ["Comparison", "Difference", "compare_models", "r_model"]


_MOST_JOBS = 1000


def _jobs(value):
    jobs = whole(-_MOST_JOBS, _MOST_JOBS).read(value)
    if jobs == 0:
        raise ValueError
    return jobs


@checked(
    pairs=choice(*FAMILIES, hint="Use 'all' to judge the difference of every model from every other."),
    horizon=CHECKS["horizon"],
    season=CHECKS["season"],
    series=CHECKS["series"],
    known=CHECKS["known"],
    origins=whole(1, 100_000, hint="Give a number of origins, such as 60.").or_none(),
    step=whole(1, 100_000, hint="Use 1 for an origin at every time."),
    episodes=whole(1, 1_000_000, hint="Use for example 100."),
    seeds=whole(1, hint="Try 3."),
    level=share(open_ends=True, hint="Pass for example 0.95."),
    rope=number(0, hint="Try 0.01.").or_none(),
    missing=choice("error", "drop", "impute"),
    baseline=either(flag(), text(words="the name of a model"), hint="Use True, or the name of a model."),
    n_jobs=Check(f"a whole number other than 0, at most {_MOST_JOBS}", _jobs, "Try 2.").or_none(),
    memory=number(0, above=True, hint="Use for example 1e9."),
    checkpoint=writable().or_none(),
    seed=seed(),
    verbose=choice(None, 0, 1),
    event=label().or_none(),
    classes=labels().or_none(),
)
def compare_models(
    models: Mapping[str, Model] | Sequence[Model] | Set[str] | Model,
    data: RowsLike,
    outcome: str | ArrayLike | None = None,
    *,
    formula: str | None = None,
    event: Label | None = None,
    classes: Labels | None = None,
    folds: FoldsLike = 10,
    repeats: int = 10,
    strata: str | ArrayLike | Literal[False] | None = None,
    groups: str | ArrayLike | None = None,
    time: str | ArrayLike | None = None,
    weights: str | ArrayLike | None = None,
    baseline: bool | str = True,
    pairs: Literal["reference", "all"] = "reference",
    measure: str | None = None,
    measures: Mapping[str, Any] | None = None,
    seeds: int = 1,
    level: float = 0.95,
    rope: float | None = None,
    missing: Missing = "error",
    n_jobs: int | None = None,
    memory: float = 1e9,
    checkpoint: PathLike | None = None,
    seed: Seed = None,
    verbose: Literal[0, 1] | None = None,
    horizon: int | None = None,
    season: int | None = None,
    series: str | None = None,
    known: str | Sequence[str] | None = None,
    origins: int | None = None,
    step: int = 1,
    episodes: int = 100,
) -> Comparison | ForecastComparison | AgentComparison:
    """Compare models on the same folds, and say which differences are there.

    Every model is fitted anew to the training rows of every fold, preparation included, and predicts the rows
    that were held out. All folds of a net are trained together.

    Parameters
    ----------
    models : dict of str to model, list, set, or one model
        A model is one of: a GLM or net of ours, fitted (its formula, outcome and event are used) or not; a
        scikit-learn estimator, which gets the columns prepared as numbers, or a pipeline, which gets them as
        they are; a function ``(train, test) -> predictions``; an average of other models by name
        (`average_models`); a `TunedNet`, tuned anew within each training fold; a model of R's (`r_model`); or
        a short name: "glm", "net", "random_forest" ("rf"), "extra_trees", "boosting", or the architecture of
        a net ("mlp").
    data : data frame or array_like
        Rows; predictors and outcome, or predictors x only: a table, or images as `fit_net` takes them. Where
        a net takes nothing but images, an array of three axes is grey images to all models.
    outcome : str or array_like, optional
        Column to predict, or its values; by default what `formula` or fitted models name. Of images it may be
        a data frame of boxes (see `NetDetector`), of which at most ten an image, or twice as many as an image
        has, are predicted.
    formula : str, optional
        ``"outcome ~ terms"`` for models that have no formula of their own; by default all other columns.
    event : label, optional
        Class whose probability is measured; a two-class outcome must name it, here or in a fitted model. With
        more classes it is measured against all others together, by models of all classes, as `fit_glm` and
        `fit_net` fit them; printing shows the rows of each class.
    classes : list of labels, optional
        Takes a numeric outcome as these classes.
    folds : int, Folds, Split, splitter, list of pairs, or the fold of each row, default 10
        See `make_folds`. One split gives no verdict.
    repeats : int, default 10
        How often to make new folds; fewer than 50 resamples give no verdict.
    strata : str, array_like or False, optional
        None is the outcome if it holds classes; False is none. Every class is a stratum, however rare; one
        with fewer rows than folds is tested in as many folds as it has rows, which is said.
    groups, time : str or array_like, optional
        See `make_folds`: rows of a group never part, or folds that only look back (printing says how times
        that are text were read). Beside folds made already,
        `groups` are checked. A column of groups, or of dates that order rows, is no predictor. Of forecasts
        `time` is the column of times, see `fit_forecast`.
    weights : str or array_like of float, optional
        Row weights, in fitting and measuring; functions see them only as a column.
    baseline : bool or str, default True
        Adds a GLM of the same columns if there is none (of the formula of the models of ours, if they have
        one and the same), with ``penalty="auto"``: maximum likelihood, or a ridge whose strength is chosen
        within the training rows where the classes are separated, the fit does not converge, or columns are
        many for the rows. Where a net asks for an objective by name it is the GLM of that family and link
        (with the offset of the formula), or the linear model that the objective names. A name makes that
        model the one others are measured against.
    pairs : {"reference", "all"}, default "reference"
        The differences that are judged, and corrected together by Holm: of every other model from the
        baseline, or of every model from every other, which hides more.
    measure : str, optional
        What the verdict is about: by default "auroc" (two classes), "log_loss" (several), "rmse" (numbers),
        or that of the objective that a net asks for by name ("mean_deviance" for counts); any measure of the
        task that `list_measures` has, registered ones too.
    measures : dict, optional
        Measures of your own for this comparison: name to a function (y_true, prediction), larger being
        better, or to a pair (function, "smaller"). `y_true` is 1 for the event, the class's position, or the
        number; weights of rows go to a function with an argument `weights`. See `register_measure`.
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
    memory : float, default 1e9
        Bytes that nets trained at the same time may take; more of them are trained one stack after the other.
    checkpoint : str or path, optional
        File that is written as each model is finished. The same call goes on from it, after a crash too;
        models may be added. Without a `seed` it takes the one in the file. A model that has changed, or other
        rows, folds or origins, are an error; what functions read from files is not noticed.
    seed : int, optional
        Folds and fits follow from it; drawn and kept if None.
    verbose : None, 0 or 1
        None shows progress where somebody watches.
    horizon : int, optional
        Makes it a comparison of forecasts so many steps ahead, over rolling origins: see Notes. Models are
        then what `fit_forecast` returned (its options are used), unfitted `Forecaster`s, names ("net",
        "naive", "snaive", "drift", "mean", "ar", "ets", "arima", or the architecture of a net), nets of
        `make_net`, or functions ``(values, horizon, season) -> forecasts`` of one series.
    season, series, known
        Of forecasts, see `fit_forecast`; by default those of fitted forecasters.
    origins : int, optional
        Of forecasts: how many, up to the end of the series; None is 60, or as many as the series allow.
    step : int, default 1
        Of forecasts: times from one origin to the next.
    episodes : int, default 100
        Of agents: how many each seed plays.

    Returns
    -------
    Comparison, ForecastComparison or AgentComparison
        With `table`, `differences`, `verdicts`, `scores`, `predictions`, `folds`, and `plot()`. After Ctrl-C
        of the models that were finished, with a warning that names the others (`unfinished`). Of forecasts
        with `origins` in the place of `folds`.

    Raises
    ------
    InputError
        If data, folds or models cannot be used; it says which model in which fold.

    Warns
    -----
    LeakWarning
        If a single column tells the outcome apart, rows come twice, or folds part what belongs together.
    LabelWarning
        If labels of the outcome or of a predictor differ by case, white space or notation only.
    BineuralWarning
        What fits warn of, once for each kind with how many fits it is of; `warned` and printing show it too.
    InterruptedWarning
        After Ctrl-C; before a model is finished, and in a comparison of forecasts, that is a
        KeyboardInterrupt.
    CheckpointWarning
        If the checkpoint can't be written; the comparison goes on.

    Notes
    -----
    Estimates are means over folds; AUROC is not pooled over folds, which would bias it. RMSE is the root of
    the mean over folds of the mean squared error, and R squared is 1 less the ratio of all squared errors to
    the squared distances from the mean of all rows tested (that of the held-out predictions, see
    `r_squared`), as means of the folds' own values are biased; their differences are tested on the scale of
    the measure, by the delta method.

    Intervals and tests of differences are the corrected resampled t [1]_, cut at what a difference can be.
    All differences of the family (`pairs`) are corrected by Holm. "Beats" further takes evidence that the
    better model is better than none; a difference whose whole interval lies in the region of practical
    equivalence is "practically equivalent", however sure its sign.

    A model's own interval is the corrected t interval on the scale of log-odds (shares) or logarithms
    (positive numbers), with the degrees of freedom of the rarest class where these are fewer. In simulations
    with 10 events it covers as it says; for RMSE with noise as heavy as Student's t with 3 degrees of
    freedom, whose squares have no variance, no such interval does (`benchmarks/results/bench_intervals.md`).
    Calibration is of each repeat's held-out predictions together, averaged over repeats.

    Agents are compared in a world, which stands in the place of `data`: fitted agents, methods of
    `fit_agent` by name, which learn here, and functions (observation) -> action. Seeds are the resamples
    (`seeds`; of fitted agents theirs, by name 10): seed k of everybody plays `episodes` episodes from the
    same starts, with the same luck, and differences are tested by the t test paired over seeds. Random
    play is the null model, and where chances are known the best policy is the ceiling. An interquartile
    mean over episodes with a bootstrap over seeds is beside [4]_. `measure` is "return" or, of bandits,
    "regret" while they learnt.

    Where there is little to see it is said: AUROC and average precision of a fold with one class are left
    out and counted (`n`), and the other folds stand for fewer rows; models with the same measure in every
    fold are "identical" (p = 1). A difference that is the same in all folds but not 0 has no spread: as
    random folds then show that each row has it, it is tested by the sign test over rows of the rarest class
    (or rows), with Clopper and Pearson's bound as its interval. Fewer than 5 folds give no interval; fewer
    than 50 in which the measure is defined, or than half of all, or a single split, give no verdict; nor do
    models whose fits failed: separated without a penalty, not converged, a net whose training loss became
    NaN, or predictions that are missing or infinite, for which the null model's stand in.

    Forecasts are compared over rolling origins: every model is fitted anew at each, to nothing but the past,
    and the nets of all origins are trained as one stack. The naive forecast (of the season before, or the
    last value) is always there, and the AR GLM unless `baseline` is False. Errors are in the unit of the
    past of their origin: MASE is the mean absolute error over the mean absolute difference from the season
    before, in the training part, so that the naive forecast need not have 1 [2]_; RMSSE the same of squares.
    Intervals are conformal over the origins whose errors were known by then; what they cover is shown. With
    fewer than 20 series differences are tested over origins by Diebold and Mariano's test, with the
    correction of Harvey, Leybourne and Newbold [3]_ and degrees of freedom of the origins without overlap;
    with more by drawing series again. Fewer than 20 origins give no verdict, nor do two models neither of
    which is shown to be better than the naive forecast.

    Models of sequences are compared where one is what `fit_sequence` or `fit_ngram` returned: `data` is then
    a list of sequences, or a data frame with a column "target" and, of pairs, "source" (or sources, and
    targets as `outcome`); other models may be named "gru", "lstm", "rnn", "transformer", and "ngram", or of
    pairs "copy" and "most_frequent". Language models are measured by bits per symbol beside the n-gram, whose
    order and smoothing are chosen within the training rows, and how frequent each symbol is; translations by
    exact match and edit distance, by greedy search, beside copying and the most frequent target.

    References
    ----------
    .. [1] Nadeau and Bengio (2003). *Machine Learning* 52, 239-281.
    .. [2] Hyndman and Koehler (2006). *International Journal of Forecasting* 22(4), 679-688.
    .. [3] Harvey, Leybourne and Newbold (1997). *International Journal of Forecasting* 13(2), 281-291.
    .. [4] Agarwal et al. (2021). *Advances in Neural Information Processing Systems* 34, 29304-29320.

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
    arguments = {name: value for name, value in locals().items() if name not in ("models", "data")}
    asked = Asked(read_models(models, missing), data, arguments, _DEFAULTS)
    return task_of(asked).run(asked)


_DEFAULTS = {name: parameter.default for name, parameter in signature(compare_models).parameters.items()}


@checked(
    fit=text("Write for example r_model('function(train) glm(y ~ ., binomial, train)')."),
    predict=text("Pass R code of a function (model, test).").or_none(),
    packages=list_of(text("Pass for example packages='mgcv'.", words="the name of an R package")).or_none(),
)
def r_model(fit: str, predict: str | None = None, packages: Sequence[str] | None = None) -> RModel:
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
    from bineural.comparing.r_models import RModel

    return RModel(fit, predict, packages)


def by_rows(name, function, shown=None, known_by=None):
    """Make an entrant of a function (train_ids, test_ids, seed) -> predictions; R's functions come so."""
    from bineural.comparing.function_entrants import ByRows

    return ByRows(name, function, shown, known_by)
