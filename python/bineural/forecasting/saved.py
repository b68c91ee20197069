"""A forecaster as files hold it: a flat dict of options, of the series, and of what was learnt."""

import numpy as np

from bineural.bundles.schema import (
    array,
    dict_of,
    either,
    instance,
    list_of,
    number,
    one_of,
    optional,
    require,
    text,
    truth,
    tuple_of,
    whole,
)
from bineural.bundles.schema import label as is_label
from bineural.forecasting.series import Series, SeriesTable
from bineural.forecasting.task import Task
from bineural.forecasting.times import TimeAxis

_plain = either(truth, number(), text, lambda value: value is None)
_value = either(_plain, list_of(_plain), tuple_of(_plain), dict_of(text, _plain))
_OPTIONS = ("horizon", "season", "time", "series", "known", "calendar", "lags", "origins", "seed")
_AXIS = ("kind", "first", "step", "day", "clock", "zone", "whole")

SCHEMA = {
    "horizon": optional(whole(1)),
    "season": optional(whole(1)),
    "time": optional(text),
    "series": optional(text),
    "known": optional(either(text, list_of(text), tuple_of(text))),
    "calendar": optional(either(text, list_of(text), tuple_of(text))),
    "lags": optional(whole(1)),
    "origins": optional(whole()),
    "seed": optional(whole()),
    "architecture": text,
    "options": dict_of(text, _value),
    "seed_": whole(),
    "axis_kind_": one_of("months", "spans", "numbers"),
    "axis_first_": number(nan=False),
    "axis_step_": number(nan=False, low=1e-300),
    "axis_day_": whole(0, 31),
    "axis_clock_": whole(),
    "axis_zone_": text,
    "axis_whole_": truth,
    "outcome_": text,
    "names_": list_of(is_label, least=1),
    "starts_": list_of(whole(-(2**62), 2**62), least=1),
    "values_": list_of(array("f", ndim=1, finite=True), least=1),
    "known_": list_of(array("f", ndim=2, finite=True), least=1),
    "known_names_": list_of(text),
    "horizon_": whole(1, 10_000),
    "season_": whole(1),
    "lags_": whole(1),
    "calendar_": list_of(text),
    "origins_": array("iu", ndim=1),
    "errors_": array("f", ndim=3),
    "scales_": array("f", ndim=1),
    "net_": optional(instance("NetRegressor")),
    "ridge_intercept_": optional(array("f", ndim=1, finite=True)),
    "ridge_slopes_": optional(array("f", ndim=2, finite=True)),
    "ridge_strength_": optional(number(low=0, nan=False)),
}


def state_of(model):
    """Return a fitted forecaster as a flat dict."""
    task, table = model.task_, model.task_.table
    state = {name: getattr(model, name) for name in _OPTIONS}
    state |= {"architecture": model.architecture, "options": dict(model.options), "seed_": model.seed_}
    state |= {f"axis_{name}_": _plain_number(getattr(table.axis, name)) for name in _AXIS}
    ridge = model.ridge_
    return state | {
        "outcome_": table.outcome,
        "names_": [_plain_number(series.name) for series in table.series],
        "starts_": [int(series.start) for series in table.series],
        "values_": [series.values for series in table.series],
        "known_": [series.known for series in table.series],
        "known_names_": list(table.known),
        "horizon_": task.horizon,
        "season_": task.season,
        "lags_": task.n_lags,
        "calendar_": list(task.calendar),
        "origins_": np.asarray(model.origins_, dtype=np.int64),
        "errors_": model.errors_,
        "scales_": model.scales_,
        "net_": model.net_,
        "ridge_intercept_": None if ridge is None else ridge.intercept,
        "ridge_slopes_": None if ridge is None else ridge.slopes,
        "ridge_strength_": None if ridge is None else ridge.strength,
    }


def _plain_number(value):
    return value.item() if isinstance(value, np.generic) else value


def forecaster_of(cls, state):
    """Make a fitted forecaster of a flat dict, checked by the schema of its class."""
    from bineural.forecasting.autoregression import Ridge

    model = cls(
        architecture=state["architecture"], **{name: state[name] for name in _OPTIONS}, **state["options"]
    )
    axis = TimeAxis(**{name: state[f"axis_{name}_"] for name in _AXIS})
    lengths = {len(state[name]) for name in ("names_", "starts_", "values_", "known_")}
    require(len(lengths) == 1, "the series have not as many names, starts and values")
    parts = zip(state["names_"], state["starts_"], state["values_"], state["known_"])
    table = SeriesTable(
        tuple(Series(*part) for part in parts),
        axis,
        state["outcome_"],
        state["time"],
        state["series"],
        tuple(state["known_names_"]),
    )
    model.task_ = Task(table, state["horizon_"], state["season_"], state["lags_"], tuple(state["calendar_"]))
    for name in ("seed_", "season_", "lags_", "origins_", "errors_", "scales_", "net_"):
        setattr(model, name, state[name])
    ridge = [state[f"ridge_{name}_"] for name in ("intercept", "slopes", "strength")]
    model.ridge_ = None if ridge[0] is None else Ridge(*ridge)
    check(model)
    return model


def check(model):
    """Check that the parts of a fitted forecaster fit together.

    Raises
    ------
    Mismatch
    """
    from bineural.forecasting.methods import find_method

    task, table = model.task_, model.task_.table
    n = len(table.series)
    require(task.season <= task.n_lags, "a season is longer than the lags")
    require(model.errors_.shape == (n, len(model.origins_), task.horizon), "errors are not of the origins")
    require(model.scales_.shape == (n,), "there is not one scale for each series")
    wide = {series.known.shape[1] for series in table.series}
    require(wide == {len(table.known)}, "what is known ahead has other columns than it names")
    enough = all(
        len(s.known) >= len(s.values) > task.season and len(s.values) >= task.n_lags for s in table.series
    )
    require(enough, "a series is shorter than a window")
    is_net = find_method(model.architecture) is None
    require(is_net == (model.net_ is not None), "there is a net where none is named, or none where one is")
    require(
        (model.architecture == "ar") == (model.ridge_ is not None), "the ridge is missing, or one too many"
    )
    n_columns = task.windows.X.shape[1]
    if model.ridge_ is not None:
        shapes = model.ridge_.slopes.shape, model.ridge_.intercept.shape
        require(shapes == ((n_columns, task.horizon), (task.horizon,)), "the ridge has other columns")
