"""The registry of measures: a measure stands in one file, which registers it, and everybody reads it here.

Evaluations, comparisons, tuning, intervals, permutation tests, importance, reports and figures take name,
label, direction and function from a `Measure`. What a script registers they take as they take ours.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bineural._typing import DataFrame
from bineural.checks import Check, checked, choice, flag, list_of, sequence, text
from bineural.errors import InputError
from bineural.lazy import import_files
from bineural.messages import listed, near_names, shown
from bineural.options import refuse_unknown

NAN = math.nan
_FURTHER = ("power", "weigh", "each", "settle", "evaluated", "compared", "place", "in_units")
TASKS = ("binary", "multiclass", "regression")  # with one number for a row, or a probability for each class
ALL_TASKS = (*TASKS, "quantiles", "labels", "boxes", "rows", "samples", "symbols", "pairs", "anomalies")
LAST = 100  # place of a measure that names none
_registry = {}  # name -> Measure
_built_in = set()  # those that bineural itself registers


@dataclass(frozen=True)
class Measure:
    """A number that says how good predictions are, with all that is known of it.

    Attributes
    ----------
    name, label : str
        What it is called in code, and in print.
    compute : callable
        (y_true, prediction, weights or None) -> float, of checked arrays: `y_true` is 1 for the event and 0
        for others, or the position of the class (int64), or the number; `prediction` has shape (n_rows,), or
        (n_rows, n_classes) for several classes, (n_rows, n_quantiles) for quantiles. Boxes are coded, see
        `detection/coding.py`. NaN where it is undefined.
    tasks : tuple of {"binary", "multiclass", "regression", "quantiles", "labels", "boxes", "rows", "samples",
            "symbols", "pairs", "anomalies"}
        What it measures predictions of.
    larger_is_better : bool
    range : tuple of float
        Smallest and largest value there is; intervals end there.
    ranks : bool
        Whether it looks at the order of the predictions alone, and gets one without ties by rounding.
    undefined : callable or None
        (y_true, prediction) -> why these rows do not define it, or None.
    reference : str
        Its source.
    power : int
        Of the values that is averaged over resamples: 2 where it is a root of a mean of squares.
    weigh : callable or None
        (y_true, weights or None) -> weight of a resample in the mean over resamples.
    each : callable or None
        (y_true, predictions of shape (n_sets, n_rows)) -> (n_sets,): many sets of predictions at once.
    settle : callable or None
        Returns the fields that depend on what is measured, as a dict; it gets what is known, by name, of
        `y_true` and `weights` (of all rows that are measured), `classes`, their `ranks`, `family`,
        `quantiles` (their levels) and `threshold`.
    evaluated, compared : tuple of str
        Tasks in which an evaluation, and a comparison, shows it without being asked; by default all.
    place : float
        Order among the measures of a task; the first is the one that a comparison's verdict is about.
    in_units : bool
        Whether it has the outcome's units, so that a negligible difference is a share of the null model's.
    takes_weights : bool

    Examples
    --------
    >>> import numpy as np
    >>> import bineural as bn
    >>> brier = bn.measures.registry.all_measures()["brier"]
    >>> brier.label, brier.larger_is_better, brier.range
    ('Brier score', False, (0.0, 1.0))
    >>> round(brier(np.array([0, 1]), np.array([0.1, 0.8])), 3)
    0.025
    """

    name: str
    label: str
    compute: object
    tasks: tuple = TASKS
    larger_is_better: bool = True
    range: tuple = (-math.inf, math.inf)
    ranks: bool = False
    undefined: object = None
    reference: str = ""
    power: int = 1
    weigh: object = None
    each: object = None
    settle: object = None
    evaluated: tuple = TASKS
    compared: tuple = TASKS
    place: float = LAST
    in_units: bool = False
    takes_weights: bool = True

    def __call__(self, y_true, prediction, weights=None):
        """Return its value of these rows; NaN where they do not define it."""
        return self.measure(y_true, prediction, weights)[0]

    def measure(self, y_true, prediction, weights=None):
        """Return its value, and why it is NaN where it is."""
        reason = None if self.undefined is None else self.undefined(y_true, prediction)
        if weights is not None and not self.takes_weights:
            reason = "it takes no weights"
        value = NAN if reason else self.compute(y_true, prediction, weights)
        return value, reason or ("these rows give none" if math.isnan(value) else None)

    def settled(self, **known):
        """Return the measure as it is for what is measured; see `settle`."""
        return self if self.settle is None else replace(self, **self.settle(**known))


def _callable(value):
    if not callable(value):
        raise TypeError
    return value


@checked(
    name=text("Name it in small letters, such as 'mcc'."),
    label=text("Write what it is called in print, such as 'MCC'.").or_none(),
    larger_is_better=flag(),
    ranks=flag(),
    undefined=Check(
        "a function (y_true, prediction)", _callable, "Let it return a reason, or None."
    ).or_none(),
    reference=text("Name its source.").or_none(),
)
def register_measure(
    name: str,
    compute: Callable[..., Any],
    *,
    label: str | None = None,
    tasks: Sequence[str] = TASKS,
    larger_is_better: bool = True,
    range: tuple[float, float] | None = None,
    ranks: bool = False,
    undefined: Callable[..., Any] | None = None,
    reference: str | None = None,
    **fields: Any,
) -> Measure:
    """Register a measure, so that it is evaluated, compared, tuned by, bootstrapped and printed as any other.

    Parameters
    ----------
    name : str
        What it is called by, as in ``compare_models(measure="mcc")``.
    compute : callable
        Function (y_true, prediction), or (y_true, prediction, weights), that returns a number, NaN where it
        is undefined. `y_true` is 1 for the event and 0 for others, the position of the class from 0, or the
        number; `prediction` is the probability of the event, a column of them for each class, or the number.
        Weights of rows go to a function with an argument `weights` or `sample_weight`.
    label : str, optional
        What it is called in print; by default the name with spaces.
    tasks : sequence of str
        What it measures predictions of: "binary", "multiclass", "regression", "quantiles", "labels",
        "boxes", "rows", "samples", "symbols", "pairs" or "anomalies".
    larger_is_better : bool
        False for a loss.
    range : tuple of float, optional
        Smallest and largest value there is, where there is one; intervals end there.
    ranks : bool
        Whether it looks at the order of predictions alone; where probabilities are rounded to ties it then
        gets numbers that keep the order.
    undefined : callable, optional
        Function (y_true, prediction) that says why these rows do not define it, or returns None.
    reference : str, optional
        Its source.
    **fields
        Further fields of `Measure`: how it is averaged over resamples, and where it is shown.

    Returns
    -------
    Measure

    Raises
    ------
    InputError
        If the name is one of bineural's own, or an argument cannot be used.

    Notes
    -----
    It stays registered until Python ends; a new measure of the same name replaces one of your own.

    Examples
    --------
    >>> import numpy as np
    >>> import bineural as bn
    >>> def bias(y_true, prediction):
    ...     return abs(np.mean(prediction) - np.mean(y_true))
    >>> bn.register_measure("bias", bias, larger_is_better=False, tasks=["binary"]).label
    'bias'
    >>> interval = bn.bootstrap_interval("bias", [0, 1, 1, 0], [0.1, 0.9, 0.4, 0.3], seed=1)
    >>> round(interval.estimate, 6)
    0.075
    >>> bn.measures.registry.forget("bias")
    """
    import_files(__package__)
    if name in _built_in:
        raise InputError(
            "A measure must have a name of its own.", f"{name!r} is there already.", "Choose another name."
        )
    refuse_unknown("register_measure", fields, _FURTHER)
    measure = make_measure(
        name,
        compute,
        label=label,
        tasks=_check_tasks(tasks),
        larger_is_better=larger_is_better,
        range=_check_range(range),
        ranks=ranks,
        undefined=undefined,
        reference=reference or "",
        **fields,
    )
    _registry[name] = measure
    return measure


def make_measure(name, compute, *, label=None, **fields):
    """Return the `Measure` of a function of the user's; see `register_measure`."""
    if not callable(compute):
        raise InputError(
            "A measure must be a function (y_true, prediction) that returns a number.",
            f"{name!r} is {compute!r}.",
            "Write for example register_measure('mcc', my_function).",
        )
    weights = _weights_argument(compute)
    call = functools.partial(_call, compute, name, weights)
    label = name.replace("_", " ") if label is None else label
    return Measure(name, label, call, takes_weights=weights is not None, **fields)


def built_in(name, compute, **fields):
    """Register a measure of bineural's own: `compute` takes (y_true, prediction, weights), all checked."""
    _registry[name] = Measure(name=name, compute=compute, **fields)
    _built_in.add(name)


def is_own(name):
    """Say whether a name is that of a measure that the user has registered."""
    return name in _registry and name not in _built_in


def forget(name):
    """Take a measure of the user's out of the registry."""
    if name not in _built_in:
        _registry.pop(name, None)


@checked(task=choice(None, *ALL_TASKS))
def list_measures(
    task: Literal[
        "binary",
        "multiclass",
        "regression",
        "quantiles",
        "labels",
        "boxes",
        "rows",
        "samples",
        "symbols",
        "pairs",
        "anomalies",
    ]
    | None = None,
) -> DataFrame:
    """List the measures that are registered.

    Parameters
    ----------
    task : {"binary", "multiclass", "regression", "quantiles", "labels", "boxes", "rows", ...}, optional
        Only those of predictions of an event, of several classes, of numbers, of quantiles of numbers, or of
        several labels.

    Returns
    -------
    pandas.DataFrame
        name, label, tasks (text), larger_is_better, low and high (ends of its range), reference; those of
        bineural first.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.list_measures("regression")["name"].tolist()
    ['rmse', 'mae', 'r_squared', 'mean_deviance']
    """
    import pandas as pd

    kept = [m for m in all_measures().values() if task is None or task in m.tasks]
    rows = [
        {
            "name": m.name,
            "label": m.label,
            "tasks": ", ".join(m.tasks),
            "larger_is_better": m.larger_is_better,
            "low": m.range[0],
            "high": m.range[1],
            "reference": m.reference,
        }
        for m in kept
    ]
    return pd.DataFrame(rows)


def all_measures():
    """Return every measure that is registered, by name, in their order."""
    import_files(__package__)
    return dict(sorted(_registry.items(), key=lambda pair: pair[1].place))


def measures_of(task, where="compared", also=(), **known):
    """Return the measures of a task by name, settled on what is known of the rows.

    Parameters
    ----------
    task : str
        One of `ALL_TASKS`.
    where : {"compared", "evaluated"}
        A comparison shows them in their order, an evaluation those of the order of rows first.
    also : collection of str
        Names of measures to have though they are not shown unasked.
    **known
        See `Measure.settle`.
    """
    every = all_measures()
    kept = [m for m in every.values() if task in m.tasks and (task in getattr(m, where) or m.name in also)]
    kept = sorted(kept, key=lambda m: not m.ranks) if where == "evaluated" else kept
    return {m.name: m.settled(**known) for m in kept}


def choose_measure(measure, measures):
    """Return a measure by its name; None is the first.

    Parameters
    ----------
    measure : str or None
    measures : dict of str to Measure
    """
    if measure is None:
        return next(iter(measures.values()))
    if not isinstance(measure, str) or measure not in measures:
        other = all_measures().get(measure) if isinstance(measure, str) else None
        raise InputError(
            "`measure` must be the name of a measure" + (" of this task." if other else "."),
            f"Found {shown(measure)}" + (f", which is for {' and '.join(other.tasks)}." if other else "."),
            near_names(measure, measures) if isinstance(measure, str) else f"Choose {listed(measures, 16)}.",
        )
    return measures[measure]


def read_own(measures, known):
    """Return the user's own measures of `compare_models`, by name.

    Parameters
    ----------
    measures : dict or None
        Name to a function, or to a pair of it and "smaller" or "larger".
    known : collection of str
        Names that are taken.
    """
    if measures is None:
        return {}
    if not isinstance(measures, dict):
        raise InputError(
            "`measures` must be a dict of names and functions (y_true, prediction) -> number.",
            f"It is of type {type(measures).__name__}.",
            "Write for example measures={'mcc': my_function}.",
        )
    made = {}
    for name, given in measures.items():
        compute, better = direction(given)
        if not callable(compute) or better not in ("larger", "smaller") or name in known:
            raise InputError(
                "A measure must be a function under a name of its own, or (function, 'smaller' or 'larger').",
                f"{name!r} is {given!r}." if name not in known else f"{name!r} is there already.",
                "Say which is better: measures={'cost': (my_cost, 'smaller')}."
                if name not in known
                else "Choose another name.",
            )
        made[name] = make_measure(name, compute, larger_is_better=better == "larger")
    return made


def direction(given):
    """Return (function, "larger" or "smaller") of a function or such a pair."""
    pair = isinstance(given, (tuple, list)) and len(given) == 2
    return tuple(given) if pair else (given, "larger")


def refuse_weights(measure, weights):
    """Refuse a measure that takes no weights where rows are weighted."""
    if weights is not None and not measure.takes_weights:
        raise InputError(
            "A measure must take weights where rows are weighted.",
            f"{measure.name!r} is a function without an argument `weights`.",
            "Write it as function(y_true, prediction, weights=None).",
        )


def _call(compute, name, weights_name, y_true, prediction, weights):
    given = {} if weights is None else {weights_name: weights}
    try:
        value = compute(y_true, prediction, **given)
    except Exception as error:
        raise InputError(
            f"The measure {name!r} must give a number for all rows that it is asked about.",
            f"It raised {type(error).__name__}: {error}.",
            "Return NaN where it is undefined; register it for the `tasks` that it measures.",
        ) from error
    return as_number(value, name)


def as_number(value, name):
    """Return what a measure gave as a float."""
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InputError(
            "`measure` must return one number.",
            f"{name} returned {type(value).__name__}.",
            "Return a float, NaN where the measure is undefined.",
        ) from error


def _weights_argument(compute):
    """Return the name of the function's argument of weights, or None; R's functions say it themselves."""
    names = getattr(compute, "argument_names", None)
    if names is None:
        try:
            names = inspect.signature(compute).parameters
        except (TypeError, ValueError):
            names = ()
    return next((name for name in ("weights", "sample_weight") if name in names), None)


_TASKS = list_of(choice(*ALL_TASKS), hint="Leave it out for all.")


def _check_tasks(tasks):
    return _TASKS(tasks, "tasks")


_ENDS = sequence()


def _check_range(range):
    if range is None:
        return (-math.inf, math.inf)
    try:
        low, high = (float(end) for end in _ENDS.read(range))
    except (TypeError, ValueError):
        low = high = math.nan
    if not low < high:
        raise InputError(
            "`range` must be the smallest and the largest value of the measure.",
            f"Found {range!r}.",
            "Write for example range=(0, 1), or range=(0, float('inf')).",
        )
    return low, high
