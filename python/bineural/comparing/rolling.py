"""A comparison of forecasters over rolling origins: the same origins and the same past for all."""

import time as clock
from datetime import UTC, datetime
from typing import NamedTuple

from bineural.comparing.forecast_comparison import ForecastComparison, Rolled
from bineural.comparing.forecast_entrants import is_forecaster, make_forecast_entrant
from bineural.comparing.forecast_kept import KeptForecasts
from bineural.comparing.kept import open_kept
from bineural.errors import InputError
from bineural.forecasting.methods import naive_name
from bineural.forecasting.series import read_series
from bineural.messages import listed, naming, shown, warn
from bineural.repeated_warnings import heard_messages, heard_warnings
from bineural.training.seeds import check_seed

ORIGINS = 60  # by default, where the series are long enough
MEASURES = ("mase", "rmsse", "pinball")


class Ahead(NamedTuple):
    """What is forecast and from where, as the user says it; see `compare_models`."""

    horizon: int | None = None
    season: int | None = None
    series: str | None = None
    known: object = None
    origins: int | None = None
    step: int = 1


def are_forecasts(named, ahead):
    """Say whether models are compared on forecasts: a horizon is given, or a model is a forecaster.

    Raises
    ------
    InputError
        If what belongs to forecasts is given without a horizon.
    """
    if ahead.horizon is not None or any(is_forecaster(model) for _, model in named):
        return True
    given = [name for name, value in ahead._asdict().items() if value not in (None, 1)]
    if given:
        raise InputError(
            "`horizon` must be given where forecasts are compared.",
            f"Found {listed(given)} without it.",
            "Add for example horizon=12, or leave these out.",
        )
    return False


def compare_forecasts(named, data, outcome, time, ahead, judging, fitting, seed, refused, checkpoint=None):
    """Compare forecasters; the arguments are those of `compare_models`.

    Parameters
    ----------
    named : list of (str, model)
    ahead : Ahead
    judging : dict
        baseline, pairs, measure, level.
    fitting : dict
        seeds, memory, n_jobs.
    refused : dict of str to object
        Arguments that say nothing about forecasts, which must be None.
    checkpoint : path, optional

    Returns
    -------
    ForecastComparison
    """
    stray = [name for name, value in refused.items() if value is not None]
    if stray:
        raise InputError(
            "Forecasts are compared over origins: arguments of folds and classes can't be used.",
            f"Found {listed(stray)}.",
            "Leave them out; `origins`, `step` and `horizon` say what is forecast from where.",
        )
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    file, seed = open_kept(checkpoint, seed)
    fitted = [model for _, model in named if is_forecaster(model)]
    settings = _agreed(fitted, ahead, outcome, time)
    known = settings["known"] or ()
    known = (known,) if isinstance(known, str) else tuple(known)
    table = read_series(data, settings["outcome"], settings["time"], settings["series"], known)
    entrants = [make_forecast_entrant(name, model) for name, model in named]
    season = settings["season"] or 1
    _add_baselines(entrants, season, judging["baseline"])
    tasks = []
    for entrant in entrants:
        with naming(entrant.name):
            tasks.append(entrant.task_of(table, settings["horizon"], season))
    widest = max(tasks, key=lambda task: task.n_lags)
    n = ahead.origins
    origins = (
        widest.possible_origins(ORIGINS, ahead.step) if n is None else widest.last_origins(n, ahead.step)
    )
    if not len(origins):
        origins = widest.last_origins(1, ahead.step)  # which says why there is none
    seed = check_seed(seed)
    draws = fitting["seeds"]
    kept = None if file is None else KeptForecasts(file, entrants, tasks, origins, seed, draws)
    with heard_warnings() as warned:
        rolled = {
            entrant.name: _roll(entrant, task, origins, seed, draws, fitting, kept)
            for entrant, task in zip(entrants, tasks)
        }
    names = [entrant.name for entrant in entrants]
    naive = next(e.name for e in entrants if e.method is not None and e.method.name == naive_name(season))
    baseline = judging["baseline"]
    linear = next((e.name for e in entrants if e.kind == "glm"), naive)
    reference = baseline if isinstance(baseline, str) else linear if baseline else names[0]
    measure = judging["measure"] or "mase"
    if measure not in MEASURES:
        raise InputError(
            "`measure` must be one of forecasts.",
            f"Found {shown(measure)}.",
            f"Use one of {listed(MEASURES)}.",
        )
    asked = settings | ahead._asdict() | judging | {"seeds": draws, "models": named}
    asked |= {name: settings[name] for name in ("horizon", "season", "series", "known")}
    how = {"level": judging["level"], "pairs": judging["pairs"], "measure": measure, "step": ahead.step}
    return ForecastComparison(
        widest,
        origins,
        entrants,
        rolled,
        reference=reference,
        naive=naive,
        seed=seed,
        warned=list(warned),
        begun=begun,
        asked=asked,
        **how,
    )


def _roll(entrant, task, origins, seed, draws, fitting, kept):
    """Return an entrant's forecasts from all origins: those that are kept, or made now and then kept."""
    known = None if kept is None else kept.take(entrant)
    if known is not None:
        rolled, messages = known
        for category, text in messages:
            warn(category, text)
        return rolled
    with heard_messages() as messages:
        begun = clock.perf_counter()
        paths = entrant.forecast_at(task, origins, seed, draws, int(fitting["memory"]), fitting["n_jobs"])
        rolled = Rolled(paths, clock.perf_counter() - begun)
    if kept is not None:
        kept.keep(entrant, rolled, messages)
    return rolled


def _agreed(fitted, ahead, outcome, time):
    """Return what is forecast, as it is given, or as the fitted forecasters have it."""
    given = {"horizon": ahead.horizon, "season": ahead.season, "series": ahead.series, "known": ahead.known}
    given |= {"time": time, "outcome": outcome}
    for name, value in given.items():
        if value is not None:
            continue
        known = {}
        for model in fitted:
            table = model.task_.table if "task_" in vars(model) else None
            own = getattr(table, "outcome", None) if name == "outcome" else getattr(model, name)
            if own is not None:
                known.setdefault(tuple(own) if isinstance(own, list) else own, model)
        if len(known) > 1:
            raise InputError(
                f"All forecasters must have the same {name}.",
                f"Found {listed(known)}.",
                f"Pass `{name}`, or compare forecasters of one {name}.",
            )
        given[name] = next(iter(known), None)
    if given["horizon"] is None:
        raise InputError(
            "`horizon` must be given.", "No forecaster has one.", "Give the steps to forecast, such as 12."
        )
    return given


def _add_baselines(entrants, season, baseline):
    """Add the naive forecast, which is always there, and the AR GLM if none is there and one is wanted."""
    names = [entrant.name for entrant in entrants]
    methods = {entrant.method.name for entrant in entrants if entrant.method is not None}
    if isinstance(baseline, str) and baseline not in names:
        raise InputError(
            "`baseline` must be True, False, or the name of a model.",
            f"Found {baseline!r}.",
            f"The models are {listed(names)}.",
        )
    for name, wanted in (("ar", baseline is True), (naive_name(season), True)):
        if name not in methods and wanted:
            if name in names:
                raise InputError(
                    f"No model but the baseline itself may have the name {name!r}.",
                    "Another has.",
                    "Give it another name.",
                )
            entrants.append(make_forecast_entrant(name, name))
