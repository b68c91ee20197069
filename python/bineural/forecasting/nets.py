"""Nets that forecast: one for each origin and seed, all trained as one stack.

A net gets the windows of `windows.py` and gives all steps of the horizon at once, as what it adds to the
naive forecast. Its windows at an origin are some of the rows of one table, so every origin is a set
of row numbers.
"""

import numpy as np

from bineural.errors import InputError
from bineural.messages import number_of
from bineural.zoo.architecture import as_architecture

# In which nets of series differ from nets of tables.
DEFAULTS = {"scaling": "standard", "validation": None, "numbers": "plain"}
_EPOCHS, _MANY, _LARGE = 100, 1000, 2000  # of up to so many windows; members of an ensemble up to so many
_MEMBERS, _UNITS = 5, (32,)


def defaults_for(record, n_windows):
    """Return the options in which nets of series differ from nets of tables, for so many windows."""
    epochs = _EPOCHS if n_windows <= _MANY else max(20, _EPOCHS * _MANY // n_windows)
    more = {"epochs": epochs, "ensemble": _MEMBERS if n_windows <= _LARGE else 1}
    return DEFAULTS | more | ({"units": _UNITS} if record.name == "mlp" else {})


def unfitted_net(task, architecture, options, seed):
    """Return the unfitted estimator of a net that forecasts a task.

    Parameters
    ----------
    task : Task
    architecture : str, keras.Model or callable
    options : dict
        Of the net, as `fit_net` takes them.
    seed : int
    """
    from bineural.nets.estimators import NetRegressor

    record = as_architecture(architecture)
    if record.given is None and not set(record.inputs) & {"table", "sequence"}:
        raise InputError(
            "`architecture` must be one for columns or for sequences.",
            f"{record.name!r} is for {' and '.join(record.inputs)}.",
            "Use 'mlp' or 'skip', or of sequences 'lstm', 'gru', 'rnn', 'cnn_1d', 'transformer' or 'bag'.",
        )
    objective = {"objective": "steps"} if task.horizon > 1 else {}
    n_windows = len(task.windows.training_rows(task.table.end))
    options = {**defaults_for(record, n_windows), **objective, **options}
    return NetRegressor(architecture=architecture, seed=seed, **options)


def fit_at(task, origins, template, seeds, memory=10**9, n_jobs=None):
    """Fit a net at each origin for each seed.

    Parameters
    ----------
    task : Task
    origins : sequence of int
    template : NetRegressor
        Unfitted.
    seeds : sequence of int
        One for each net of an origin and draw: (n_draws * n_origins,), origins fastest.
    memory : int
    n_jobs : int, optional
        See `fit_by_workers`.

    Returns
    -------
    list of NetRegressor
        As `seeds` are.
    """
    from bineural.nets.many import NetRun, fit_by_workers

    windows = task.windows
    rows = [windows.training_rows(origin) for origin in origins]
    for origin, some in zip(origins, rows):
        if len(some) < 2:
            raise InputError(
                "A net must have windows to learn from at every origin.",
                f"At {task.table.axis.shown(origin)} there are {number_of(len(some), 'window')} of "
                f"{task.n_lags} lags and {task.horizon} steps in which the series changes.",
                "Use fewer `lags`, a shorter `horizon`, or later origins.",
            )
    X, Y = inputs_of(task, template), windows.Y
    Y = Y if task.horizon > 1 else Y[:, 0]
    runs = [
        NetRun(rows[i % len(rows)], seed, {}, f"the net at {task.table.axis.shown(origins[i % len(rows)])}")
        for i, seed in enumerate(seeds)
    ]
    return fit_by_workers(n_jobs, template, X, Y, runs, memory=memory)


def forecast_by(task, net, origin):
    """Return a fitted net's forecasts of all series from an origin: (n_series, horizon), NaN where none."""
    windows, paths = task.windows, np.full((task.n_series, task.horizon), np.nan)
    rows = windows.rows_at(origin)
    if len(rows):
        predicted = np.asarray(net.predict(inputs_of(task, net)[rows])).reshape(len(rows), task.horizon)
        predicted = np.where(windows.unit[rows, None] > 0, predicted, 0.0)
        paths[windows.series[rows]] = windows.in_its_unit(rows, predicted)
    return paths


def inputs_of(task, net):
    """Return windows as an architecture takes them: columns, or sequences of lags with the rest repeated."""
    windows = task.windows
    record = as_architecture(net.architecture)
    if record.given is not None or "table" in record.inputs:
        return windows.X
    lags, rest = windows.X[:, : windows.n_lags, None], windows.X[:, windows.n_lags :]
    return np.concatenate([lags, np.repeat(rest[:, None, :], windows.n_lags, axis=1)], axis=2)
