"""From a grid, ranges or a list to the settings that a search tries."""

import math

import numpy as np

from bineural.checks import check_count
from bineural.errors import InputError
from bineural.messages import listed
from bineural.nets.default_architecture import architecture_for
from bineural.nets.fitted import units_of
from bineural.nets.options import BY_NAME
from bineural.nets.settings import check_option_names, check_setting_values, read_settings
from bineural.training.seeds import stream
from bineural.zoo.architecture import COMMON, as_architecture
from bineural.zoo.parts.table_defaults import PRECISIONS

N_DRAWS = 20
_RATE = 0.01  # of nets whose architecture has no rate of its own
_MOST = 10_000
_MANY_ROWS = 1_000  # from which wider layers are tried instead of narrower ones


def read_grid(grid, template, n_settings, n_trained, seed):
    """Return the settings to try.

    Parameters
    ----------
    grid : None, "default", dict, list of dict, or data frame
        See `tune_net`.
    template : NetClassifier or NetRegressor
        What settings differ from.
    n_settings : int or None
        Settings to draw.
    n_trained : int
        Rows a net is trained on, for the default grid's penalties.
    seed : int
        Of the draws.

    Returns
    -------
    list of dict

    Raises
    ------
    InputError
        Where the grid names no option of the net, or a value can't be used.
    """
    n_settings = _check_n_settings(n_settings)
    if grid is None or (isinstance(grid, str) and grid == "default"):
        grid = default_grid(template, n_trained)
    if not isinstance(grid, dict):
        settings = _read_list(grid, template)
        settings = settings if n_settings is None else _some(settings, n_settings, seed)
    else:
        settings = _read_options(grid, template, n_settings, seed)
        for number, setting in enumerate(settings, 1):
            check_setting_values(setting, number, template)
    for number, setting in enumerate(settings, 1):
        _check_effect({**template.get_params(deep=False), **setting}, setting, number)
    return settings


def default_grid(template, n_trained):
    """Return the grid for a table of this size, 24 settings; four learning rates for a user's own model.

    Options that the user has given are left as they are.
    """
    record = as_architecture(architecture_for(template.architecture))
    if record.given is not None:
        return {"learning_rate": [0.0003, 0.001, 0.003, 0.01]}
    rate = record.learning_rate or _RATE
    grid = {
        "l2": [precision / (2 * n_trained) for precision in PRECISIONS],
        "units": [(4,), (64, 32)] if n_trained < _MANY_ROWS else [(64, 32), (256, 128)],
        "numbers": ["plain", "piecewise"],
    }
    grid = {name: values for name, values in grid.items() if name in record.reads}
    grid["learning_rate"] = [0.3 * rate, rate]
    defaults = type(template)().get_params(deep=False)
    return {name: values for name, values in grid.items() if _is_default(template, name, defaults)}


def _is_default(template, name, defaults):
    given = getattr(template, name)
    return given is defaults[name] or np.array_equal(given, defaults[name])


def effective_l2(options, n_trained):
    """Return the penalty that `l2` means for nets trained on so many rows."""
    record = as_architecture(architecture_for(options["architecture"]))
    return record.default_l2(n_trained) if options["l2"] is None else float(options["l2"])


def simplicity(options, n_trained):
    """Return what settings are ordered by, the simplest first.

    Stronger penalty (`l2`, then `l1`), fewer hidden units, more dropout, fewer epochs.

    Parameters
    ----------
    options : dict
        All options of a net.
    n_trained : int

    Returns
    -------
    tuple of float
    """
    n_units = sum(units_of(options, as_architecture(options["architecture"]), n_trained))
    return -effective_l2(options, n_trained), -options["l1"], n_units, -options["dropout"], options["epochs"]


def _read_list(grid, template):
    listed_dicts = isinstance(grid, (list, tuple)) and all(isinstance(setting, dict) for setting in grid)
    is_frame = hasattr(grid, "columns") and hasattr(grid, "iloc")
    if not (listed_dicts or is_frame or hasattr(grid, "to_pandas")) or not len(grid):
        raise InputError(
            "`grid` must be a dict of options and their values, or a list (data frame) of settings.",
            f"It is {f'of type {type(grid).__name__}' if len_of(grid) else 'empty'}.",
            "Write for example grid={'l2': [0.01, 0.1], 'units': [(4,), (16, 8)]}.",
        )
    return read_settings(grid, template)


def len_of(value):
    """Return the length of what has one, else 1."""
    return len(value) if hasattr(value, "__len__") else 1


def _read_options(grid, template, n_settings, seed):
    """Return all points of the grid, or draws."""
    if not grid:
        raise InputError(
            "`grid` must name an option.",
            "It is empty.",
            "Leave it out for the default grid.",
        )
    check_option_names(grid, template, "The grid", "`grid`")
    choices = {name: _read_values(name, values) for name, values in grid.items()}
    ranges = [name for name, values in choices.items() if isinstance(values, dict)]
    if ranges:
        random = stream(seed, "settings")
        n = N_DRAWS if n_settings is None else n_settings
        return [{name: _draw(name, choices[name], random) for name in grid} for _ in range(n)]
    n_points = math.prod(len(values) for values in choices.values())
    if n_settings is None and n_points > _MOST:
        raise InputError(
            f"A grid must have at most {_MOST} points where all are tried.",
            f"This one has {n_points}.",
            "Draw some of them: n_settings=100.",
        )
    sizes = [len(values) for values in choices.values()]
    places = range(n_points) if n_settings is None else _some(range(n_points), n_settings, seed)
    points = (np.unravel_index(place, sizes) for place in places)
    return [{name: choices[name][i] for name, i in zip(choices, point)} for point in points]


def _some(values, n, seed):
    """Draw n of the values, in their order; all where there are no more."""
    if n >= len(values):
        return list(values)
    return [values[i] for i in sorted(stream(seed, "settings").choice(len(values), n, replace=False))]


def _read_values(name, values):
    """Return the values of an option as a list, or its range as a dict."""
    if isinstance(values, dict) and name != "class_weight":
        return _read_range(name, values)
    values = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(values, (list, tuple, range)):
        raise InputError(
            "`grid` must give each option a list of values, or a range.",
            f"`{name}` is {values!r}.",
            "Put values in a list; a range has `low`, `high` and perhaps `log`.",
        )
    if not len(values):
        raise InputError(
            "`grid` must give each option at least one value.", f"`{name}` has none.", "Leave it out."
        )
    return list(values)


def _read_range(name, given):
    unknown, ranged = sorted(set(given) - {"low", "high", "log"}), _ranged()
    if unknown or not {"low", "high"} <= set(given) or name not in ranged:
        raise InputError(
            "A range must have `low` and `high`, may have `log`, and be of an option that is a number.",
            f"`{name}` has {listed(list(given))}.",
            f"Ranges can be given for {', '.join(ranged)}.",
        )
    low, high, log = given["low"], given["high"], given.get("log", False)
    numbers = all(isinstance(v, (int, float, np.number)) and not isinstance(v, bool) for v in (low, high))
    if not isinstance(log, (bool, np.bool_)) or not numbers or not low < high or (log and not low > 0):
        raise InputError(
            "A range must have numbers low < high, and low > 0 where `log` is True.",
            f"`{name}` has low={low!r}, high={high!r}, log={log!r}.",
            "Give for example low 0.001, high 0.1 and log True.",
        )
    return {"low": float(low), "high": float(high), "log": bool(log)}


def _ranged():
    """Return the names of the options that a range can be given for."""
    return [option.name for option in BY_NAME.values() if option.range]


def _draw(name, values, random):
    if not isinstance(values, dict):
        return values[random.integers(len(values))]
    low, high = values["low"], values["high"]
    value = (
        math.exp(random.uniform(math.log(low), math.log(high)))
        if values["log"]
        else random.uniform(low, high)
    )
    return round(value) if name in BY_NAME and BY_NAME[name].range == "whole" else value


def _check_effect(options, setting, number):
    """Refuse options that the architecture does not read: its settings would be the same net."""
    record = as_architecture(architecture_for(options["architecture"]))
    without = [name for name in setting if name in (*COMMON, "categories") and name not in record.reads]
    without = [name for name in without if name != "categories" or not record.takes_codes]
    if without:
        whose = "a model of your own" if record.given is not None else f"the architecture {record.name!r}"
        raise InputError(
            "A setting must change the net.",
            f"Setting {number} names `{without[0]}`, which {whose} does not read.",
            "Tune learning_rate, epochs or batch_size, or give several architectures in the grid.",
        )


def _check_n_settings(n_settings):
    return (
        n_settings if n_settings is None else check_count(n_settings, "n_settings", hint="Try 20, or None.")
    )
