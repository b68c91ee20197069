"""Tune a net: try settings on folds, all nets as one stack, and choose by the one-standard-error rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bineural._typing import ArrayLike, DataFrame, FoldsLike, Label, Labels, RowsLike, Seed
from bineural.checks import checked, choice, flag, is_whole, jobs, label, labels
from bineural.comparing.basis import Rows
from bineural.comparing.basis_folds import Resampling
from bineural.comparing.entrant_kinds import entrant_kind_of
from bineural.comparing.grids import read_grid
from bineural.comparing.row_basis import make_basis
from bineural.comparing.scoring import measures_for
from bineural.comparing.searching import Task, rows_trained, search
from bineural.comparing.tuned import RULES, TunedNet, inner_seeds
from bineural.errors import InputError, InterruptedWarning
from bineural.interrupts import Abandoned
from bineural.measures.registry import all_measures, direction
from bineural.messages import listed, shown, warn
from bineural.nets.fitting_many import check_memory, refuse_checkpoint
from bineural.nets.progress import shown_nets
from bineural.nets.values import as_net, is_net, pair_of
from bineural.repeated_warnings import merged_warnings

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor
    from bineural.nets.values import Net

__all__ = ["TunedNet", "tune_net"]


@checked(
    rule=choice(*RULES),
    refit=flag(),
    memory=check_memory,
    n_jobs=jobs(),
    event=label().or_none(),
    classes=labels().or_none(),
)
def tune_net(
    net: Net | NetClassifier | NetRegressor | str | RowsLike,
    data: RowsLike,
    grid: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]] | DataFrame | str | None = None,
    *,
    n_settings: int | None = None,
    folds: FoldsLike = 5,
    repeats: int = 1,
    strata: str | ArrayLike | None = None,
    groups: str | ArrayLike | None = None,
    time: str | ArrayLike | None = None,
    measure: str | Callable[..., float] | tuple[Any, str] | None = None,
    rule: Literal["one_se", "best"] = "one_se",
    halving: bool | int = False,
    refit: bool = True,
    event: Label | None = None,
    classes: Labels | None = None,
    weights: str | ArrayLike | None = None,
    seed: Seed = None,
    memory: float = 1e9,
    n_jobs: int | None = None,
    **options: Any,
) -> TunedNet:
    """Tune a neural net: try settings on folds, choose one, and fit it to all rows.

    The nets of all settings and folds are trained together, in as few stacks as can be. The result may stand
    in `compare_models`, where the whole search is made anew within each training fold.

    Parameters
    ----------
    net : Net, NetClassifier, NetRegressor, str, data frame or array_like
        What is tuned: a net that is not fitted (`make_net`), the options of one that is, or a formula as in
        `fit_net`, or predictors x.
    data : data frame or array_like
        Rows; or the outcome y beside x. A pair (x, y) for a net that names no outcome.
    grid : dict, list of dict, data frame or "default", optional
        What to try. A dict of options of the net and lists of their values, such as
        ``{"l2": [0.01, 0.1], "units": [(4,), (16, 8)]}``: every combination. A range instead of a list,
        ``{"low": 0.001, "high": 0.1, "log": True}``, is drawn from at random, evenly or (`log`) evenly in the
        logarithm; whole numbers for batch_size, epochs, ensemble and patience. A list of settings as in
        `fit_nets`: these. None or "default": 24 settings of `l2` (prior precisions 0.1, 1 and 10, see
        `NetClassifier`), `units` ((4,) and (64, 32); with 1,000 rows to train on (64, 32) and (256, 128)),
        `numbers` ("plain" and "piecewise") and `learning_rate` (0.003 and 0.01), those that are given below
        left as they are; for a model of your own 4 learning rates. That they beat the default net is not
        shown: put both into `compare_models`.
    n_settings : int, optional
        Settings to draw at random, by the seed, from the ranges (None: 20) or from all combinations (None:
        all of them).
    folds, repeats, strata, groups, time
        The folds; see `compare_models`.
    measure : str, function or tuple, optional
        What is measured on the held-out rows: a name as in `compare_models`, by default "auroc" (two
        classes), "log_loss" (several), "rmse" (numbers), "map" (boxes) or that of the net's objective; or a
        function (y_true, prediction), larger being better, or (function, "smaller").
    rule : {"one_se", "best"}
        "one_se" chooses the simplest setting whose mean is within one standard error of the best [1]_;
        "best" the best. Simpler is: a stronger penalty (`l2`, then `l1`), fewer hidden units, more dropout,
        fewer epochs, in this order; of equally simple ones the better.
    halving : bool or int
        Successive halving [2]_: all settings are trained for a few epochs, the best of every `halving` (True:
        3) go on to so many times the epochs, and so on, until at most so many are left, which are trained for
        all their epochs. Each round trains from the start, so the numbers of the last round are those of a
        search without halving. Only settings of the last round can be chosen. Each round compiles anew: it
        pays where training is long.
    refit : bool
        Fit the chosen setting to all rows, with `seed`.
    event, classes, weights
        See `fit_net`; weights are used in fitting and measuring.
    seed : int, optional
        Folds, draws and fits follow from it; drawn and kept if None. The nets of a fold start from the same
        seed in all settings.
    memory : float
        Bytes that nets trained at the same time in one process may take.
    n_jobs : int, optional
        Processes that the nets are dealt out to, in chunks, as in `fit_nets`. None is what
        `joblib.parallel_config` says, else all are trained in this one.
    **options
        Options of the net where settings do not say otherwise, as in `fit_net`; beside a net they replace its
        own. `checkpoint` must be None.

    Returns
    -------
    TunedNet
        With `table`, `chosen`, `best`, `model`, `scores` and `plot()`. After Ctrl-C while the chosen setting
        is fitted to all rows, with a warning, `model` is what was reached, or None.

    Raises
    ------
    InputError
        If grid, folds, measure or options cannot be used; it says which.
    KeyboardInterrupt
        On Ctrl-C before all settings have been tried: they are trained together, and none of them is done.

    Notes
    -----
    RMSE is the root of the mean squared error over folds, as in `compare_models`.
    The standard error is that of the mean over folds, corrected for the training rows that folds share [3]_;
    with a single split there is none, and the best setting is chosen. The mean of what was chosen for its
    mean is too good: compare by `compare_models`, which does not show the search any row that it tests on.

    References
    ----------
    .. [1] Breiman, Friedman, Olshen and Stone (1984). *Classification and Regression Trees*, section 3.4.3.
    .. [2] Jamieson and Talwalkar (2016). AISTATS, 240-248.
    .. [3] Nadeau and Bengio (2003). *Machine Learning* 52, 239-281.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> grid = {"l2": [0.02, 0.2], "units": [(4,), (16, 8)]}
    >>> tuned = bn.tune_net("Kyphosis ~ .", kyphosis, grid, event="present", epochs=20, seed=2019)
    >>> len(tuned.table), sorted(tuned.chosen)
    (4, ['l2', 'units'])
    >>> tuned.model.predict_event(kyphosis[:3]).shape
    (3,)
    """
    asked = {
        **{"grid": grid, "n_settings": n_settings, "folds": folds, "repeats": repeats, "strata": strata},
        **{"groups": groups, "time": time, "measure": measure, "rule": rule, "halving": halving},
        **{"refit": refit, "event": event, "classes": classes, "weights": weights},
    }
    value = as_net(net, options, event, classes)
    refuse_checkpoint(value, "Tune first, then fit the chosen setting with fit_net().")
    eta = _check_halving(halving)
    columns = _columns_of(value, net, data)
    rows = Rows(*columns, value.event, value.classes, weights, value.asked_objective)
    basis = make_basis(
        entrant_kind_of(rows, []).read(rows, []), Resampling(folds, repeats, strata, groups, time, seed)
    )
    template = value.with_options(seed=basis.seed).estimator_for(basis.problem)
    template = basis.problem.ready(template)
    measure = _read_measure(measure, basis)
    settings = read_grid(grid, template, n_settings, rows_trained(basis.sets, template), basis.seed)
    task = Task(basis.sets, inner_seeds(basis.seed, basis.sets))
    how = {"strata": strata, "groups": groups, "time": time}
    asked |= {"event": value.event, "classes": value.classes, **value.options, "memory": memory}
    with merged_warnings():
        with shown_nets(len(settings) * len(task.sets), template.verbose) as tell:
            (trial,) = search(basis, template, settings, [task], measure, eta, memory, n_jobs, tell)
        tuned = TunedNet(basis, template, settings, measure, rule, trial, task, eta, how, asked=asked)
        if refit:
            tuned.model = _fit_chosen(basis, template, tuned.chosen)
    return tuned


def _columns_of(value, net, data):
    """Return (data, outcome, formula) of a net and its data."""
    problem_formula = value.formula if value.formula and not value.formula.startswith("~") else None
    if problem_formula is not None:
        return data, None, problem_formula
    if is_net(net):
        return (*pair_of(value, data), None)
    return net, data, None


def _fit_chosen(basis, template, setting):
    """Fit the chosen setting to all rows that have an outcome."""
    from bineural.nets.many import NetRun, fit_runs

    problem = basis.problem
    runs = [NetRun(np.flatnonzero(basis.has_outcome), basis.seed, setting, "the net of the chosen setting")]
    weights = {"sample_weight": basis.weights, "exclude": problem.exclude}
    names = problem.outcome, problem.formula
    try:
        return fit_runs(template, problem.X, problem.y, runs, names=names, **weights)[0]
    except Abandoned:
        raise
    except KeyboardInterrupt as stop:
        net = next(iter(getattr(stop, "nets", [])), None)
    reached = "is not fitted" if net is None else f"has the weights of epoch {net.best_epoch_}"
    warn(
        InterruptedWarning,
        "Training was interrupted after all settings had been tried.\n"
        f"The net of the chosen setting {reached}.\nTrain it by fit_net(), with the options in `chosen`.",
    )
    return net


def _read_measure(measure, basis):
    """Return the `Measure` of a name, of a function, or of (function, "smaller" or "larger")."""
    if measure is None or isinstance(measure, str):
        return measures_for(basis, measure)[1]
    function = direction(measure)[0]
    if not callable(function):
        names = [name for name, known in all_measures().items() if basis.measured_as in known.tasks]
        raise InputError(
            "`measure` must be a name, a function (y_true, prediction), or (function, 'smaller').",
            f"It is {shown(measure)}.",
            f"Names are {listed(names, 16)}.",
        )
    name = getattr(function, "__name__", "measure").strip("<>")
    name = "measure" if name in ("lambda", "function") or name in all_measures() else name
    return measures_for(basis, name, {name: measure})[1]


def _check_halving(halving):
    """Return of how many settings one is kept, or None."""
    if isinstance(halving, (bool, np.bool_)):
        return 3 if halving else None
    if not is_whole(halving) or not 2 <= halving <= 1000:
        raise InputError(
            "`halving` must be True, False or a whole number from 2 to 1000.",
            f"It is {shown(halving)}.",
            "Try 3.",
        )
    return int(halving)
