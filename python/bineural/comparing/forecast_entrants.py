"""Forecasters in a comparison: each fitted anew at every origin, the nets of all origins as one stack."""

from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError
from bineural.forecasting.forecaster import Forecaster
from bineural.forecasting.methods import METHODS, find_method
from bineural.messages import shown
from bineural.nets.values import Net
from bineural.training.seeds import stream_seed


def is_forecaster(model):
    """Say whether a model forecasts series and does nothing else."""
    return isinstance(model, Forecaster)


@dataclass
class ForecastEntrant:
    """A forecaster of a comparison.

    Attributes
    ----------
    name : str
    forecaster : Forecaster or None
        Its options; None of a function.
    function : callable or None
        (values, horizon, season) -> (horizon,), of one series.
    """

    name: str
    forecaster: object = None
    function: object = None
    how: str = ""

    @property
    def method(self):
        """The baseline that it is, or None of a net or a function."""
        return None if self.forecaster is None else find_method(self.forecaster.architecture)

    @property
    def kind(self):
        """ "net", "glm", "baseline" or "function"."""
        if self.function is not None:
            return "function"
        return "net" if self.method is None else self.method.kind

    def identity(self, task):
        """Return what its fits depend on, beside series, origins and seed; see `tables/identity.py`."""
        if self.function is not None:
            return ["function", getattr(self.function, "known_by", self.function)]  # R's say it by text
        given = self.forecaster
        return [self.kind, given.architecture, given.options, task.n_lags, task.calendar]

    def describe(self):
        """Say how it is fitted, for a report."""
        if self.function is not None:
            return getattr(self.function, "__name__", "a function")
        if self.method is not None:
            return self.method.title
        options = ", ".join(f"{name}={shown(value)}" for name, value in self.forecaster.options.items())
        return (
            f"{self.forecaster.label} ({options})" if options else f"{self.forecaster.label}, as by default"
        )

    def task_of(self, table, horizon, season):
        """Return the task as this forecaster sees it, with lags and calendar of its own."""
        return (self.forecaster or Forecaster(architecture="naive")).task_of(table, horizon, season)

    def forecast_at(self, task, origins, seed, draws, memory, n_jobs=None):
        """Return forecasts from each origin: (draws, n_series, n_origins, horizon), one draw if not a net."""
        if self.function is not None:
            return task.each(origins, lambda values: self._ask(values.copy(), task))[None]
        if self.method is not None:
            return self.method.forecast_at(task, origins)[None]
        from bineural.forecasting.nets import fit_at, forecast_by, unfitted_net

        seeds = [stream_seed(seed, self.name, o, d) for d in range(draws) for o in range(len(origins))]
        template = unfitted_net(task, self.forecaster.architecture, self.forecaster.options, seeds[0])
        nets = fit_at(task, origins, template, seeds, memory, n_jobs)
        self.how = nets[0].how_
        where = [origins[i % len(origins)] for i in range(len(nets))]
        paths = [forecast_by(task, net, origin) for net, origin in zip(nets, where)]
        shape = draws, len(origins), task.n_series, task.horizon
        return np.stack(paths).reshape(shape).swapaxes(1, 2)

    def _ask(self, values, task):
        path = np.asarray(self.function(values, task.horizon, task.season), dtype=np.float64).reshape(-1)
        if path.shape != (task.horizon,) or not np.isfinite(path).all():
            wrong = shown(path) if path.shape != (task.horizon,) else "a number that is not finite"
            raise InputError(
                f"The function {self.name!r} must return a finite number for each of {task.horizon} steps.",
                f"It returned {wrong}.",
                "It gets (values, horizon, season): the past of one series, oldest first.",
            )
        return path


def make_forecast_entrant(name, model):
    """Return the entrant of a model of `compare_models`: a name, a forecaster, a net, or a function."""
    if isinstance(model, Forecaster):
        return ForecastEntrant(name, model.unfitted())
    if isinstance(model, Net):
        options = dict(model.options)
        architecture = options.pop("architecture", None) or "mlp"
        return ForecastEntrant(name, Forecaster(architecture=architecture, **options))
    if isinstance(model, str):
        architecture = "mlp" if model == "net" else model
        find_method(architecture)
        return ForecastEntrant(name, Forecaster(architecture=architecture))
    if callable(model):
        return ForecastEntrant(name, function=model)
    raise InputError(
        "A model that is compared on series must be a forecaster.",
        f"{name!r} is {shown(model)}.",
        f"Give what fit_forecast() returned, a name ({', '.join(METHODS)}, 'net', an architecture), or a "
        "function (values, horizon, season).",
    )
