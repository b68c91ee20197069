"""Forecasters are compared over rolling origins: the same origins and the same past for all."""

import time as clock
from datetime import UTC, datetime

from bineural.comparing.forecast_comparison import ForecastComparison, Rolled
from bineural.comparing.forecast_entrants import is_forecaster, make_forecast_entrant
from bineural.comparing.forecast_kept import KeptForecasts
from bineural.comparing.kept import open_kept
from bineural.comparing.tasks.task import Task, register_task
from bineural.errors import InputError
from bineural.forecasting.methods import naive_name
from bineural.forecasting.series import read_series
from bineural.messages import listed, naming, shown, warn
from bineural.repeated_warnings import heard_messages, heard_warnings
from bineural.training.seeds import check_seed

ORIGINS = 60  # by default, where the series are long enough
MEASURES = ("mase", "rmsse", "pinball")


# what says how forecasts are made, without which there are none
AHEAD = ("horizon", "season", "series", "known", "origins", "step")


def are_forecasts(asked):
    """Say whether models are compared on forecasts: a horizon is given, or a model is a forecaster.

    Raises
    ------
    InputError
        If what belongs to forecasts is given without a horizon.
    """
    if asked["horizon"] is not None or any(is_forecaster(model) for _, model in asked.named):
        return True
    given = [name for name in AHEAD if name in asked.given]
    if given:
        raise InputError(
            "`horizon` must be given where forecasts are compared.",
            f"Found {listed(given)} without it.",
            "Add for example horizon=12, or leave these out.",
        )
    return False


def compare_forecasts(asked):
    """Return a `ForecastComparison`."""
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    file, seed = open_kept(asked["checkpoint"], asked["seed"])
    seed, draws = check_seed(seed), asked["seeds"]
    settings = _agreed([model for _, model in asked.named if is_forecaster(model)], asked)
    known = settings["known"] or ()
    known = (known,) if isinstance(known, str) else tuple(known)
    table = read_series(asked.data, settings["outcome"], settings["time"], settings["series"], known)
    season = settings["season"] or 1
    entrants = [make_forecast_entrant(name, model) for name, model in asked.named]
    _add_baselines(entrants, season, asked["baseline"])
    tasks = _tasks(entrants, table, settings["horizon"], season)
    widest = max(tasks, key=lambda task: task.n_lags)
    origins = _origins(widest, asked["origins"], asked["step"])
    measure = _measure(asked["measure"])
    kept = None if file is None else KeptForecasts(file, entrants, tasks, origins, seed, draws)
    with heard_warnings() as warned:
        rolled = {
            entrant.name: _roll(entrant, task, origins, seed, draws, int(asked["memory"]), kept)
            for entrant, task in zip(entrants, tasks)
        }
    naive, reference = _measured_against(entrants, season, asked["baseline"])
    told = {
        name: asked[name] for name in ("baseline", "pairs", "measure", "level", "seeds", "origins", "step")
    }
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
        asked=settings | told | {"models": asked.named},
        level=asked["level"],
        pairs=asked["pairs"],
        measure=measure,
        step=asked["step"],
    )


def _tasks(entrants, table, horizon, season):
    """Return what each entrant is to forecast."""
    tasks = []
    for entrant in entrants:
        with naming(entrant.name):
            tasks.append(entrant.task_of(table, horizon, season))
    return tasks


def _origins(task, n, step):
    """Return the origins: so many as are asked for, or 60 where the series are long enough."""
    origins = task.possible_origins(ORIGINS, step) if n is None else task.last_origins(n, step)
    return origins if len(origins) else task.last_origins(1, step)  # which says why there is none


def _measure(name):
    if name is not None and name not in MEASURES:
        raise InputError(
            "`measure` must be one of forecasts.",
            f"Found {shown(name)}.",
            f"Use one of {listed(MEASURES)}.",
        )
    return name or "mase"


def _measured_against(entrants, season, baseline):
    """Return the name of the naive forecast, and of the model that others are measured against."""
    naive = next(e.name for e in entrants if e.method is not None and e.method.name == naive_name(season))
    if isinstance(baseline, str):
        return naive, baseline
    linear = next((e.name for e in entrants if e.kind == "glm"), naive)
    return naive, linear if baseline else entrants[0].name


def _roll(entrant, task, origins, seed, draws, memory, kept):
    """Return an entrant's forecasts from all origins: those that are kept, or made now and then kept."""
    known = None if kept is None else kept.take(entrant)
    if known is not None:
        rolled, messages = known
        for category, text in messages:
            warn(category, text)
        return rolled
    with heard_messages() as messages:
        begun = clock.perf_counter()
        paths = entrant.forecast_at(task, origins, seed, draws, memory)
        rolled = Rolled(paths, clock.perf_counter() - begun)
    if kept is not None:
        kept.keep(entrant, rolled, messages)
    return rolled


def _agreed(fitted, asked):
    """Return what is forecast, as it is given, or as the fitted forecasters have it."""
    given = {name: asked[name] for name in ("horizon", "season", "series", "known", "time", "outcome")}
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


register_task(
    Task(
        "forecasts",
        are_forecasts,
        compare_forecasts,
        takes=frozenset({"outcome", "time", "seeds", "memory", "seed", "checkpoint", "verbose", *AHEAD})
        | {"baseline", "pairs", "measure", "level"},
        refusal=(
            "Forecasts are compared over origins: arguments of folds and classes can't be used.",
            "Leave them out; `origins`, `step` and `horizon` say what is forecast from where.",
        ),
    )
)
