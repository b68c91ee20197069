"""Forecasters by name: how each is fitted at an origin, and forecasts from there.

A method is fitted to a task at many origins at once, and returns what it has learnt at each. One more is one
more entry of `METHODS`; a name that is none of them is the architecture of a net.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from bineural.errors import InputError
from bineural.forecasting import simple, statistical
from bineural.forecasting.autoregression import fit_linear, forecast_linear
from bineural.messages import near_names


@dataclass(frozen=True)
class Method:
    """A way of forecasting.

    Attributes
    ----------
    name, title : str
    rule : callable, optional
        (values, horizon, season) -> (horizon,), of one series and without columns.
    kind : str
        "baseline", or "glm", as a table of models shows it.
    """

    name: str
    title: str
    rule: object = None
    kind: str = "baseline"

    def forecast_at(self, task, origins):
        """Return forecasts from each origin, fitted at each: (n_series, n_origins, horizon)."""
        if self.rule is not None:
            return task.each(origins, lambda values: self.rule(values, task.horizon, task.season))
        return np.stack([forecast_linear(task, fit_linear(task, o), o) for o in origins], axis=1)


def _needs_statsmodels(rule, values, horizon, season):
    statistical.require_statsmodels(rule.__name__)
    return statistical.or_naive(rule)(values, horizon, season)


METHODS = {
    method.name: method
    for method in (
        Method("naive", "last value", lambda values, horizon, season: simple.last_value(values, horizon, 1)),
        Method("snaive", "seasonal naive: the season before", simple.seasonal_naive),
        Method("drift", "line through the first and the last value", simple.drift),
        Method("mean", "mean of the past", simple.mean),
        Method("ar", "AR GLM: ridge on lags and season, direct", kind="glm"),
        Method("ets", "exponential smoothing (statsmodels)", partial(_needs_statsmodels, statistical.ets)),
        Method("arima", "airline ARIMA (statsmodels)", partial(_needs_statsmodels, statistical.arima)),
    )
}


def find_method(name):
    """Return the method of a name, or None where it is an architecture or a Keras model.

    Raises
    ------
    InputError
        If it is neither.
    """
    if not isinstance(name, str) or name in METHODS:
        return METHODS.get(name) if isinstance(name, str) else None
    from bineural.zoo.architecture import architecture_names

    names = architecture_names()
    if name not in names:
        raise InputError(
            "`architecture` must be that of a net, or the name of a baseline.",
            f"Found {name!r}.",
            near_names(name, [*METHODS, *names]),
        )
    return None


def naive_name(season):
    """Return the name of the naive forecast where there is a season, or none."""
    return "snaive" if season > 1 else "naive"
