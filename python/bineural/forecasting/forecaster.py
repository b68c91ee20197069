"""A forecaster as a value: options in, fitted to a table of series, forecasts with intervals from it."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from bineural._typing import DataFrame, RowsLike
from bineural.checks import checked, choice, either, list_of, share, text, whole
from bineural.checks import seed as seed_check
from bineural.drawn import Drawn
from bineural.errors import BineuralWarning, InputError
from bineural.forecasting import saved
from bineural.forecasting.autoregression import fit_linear, forecast_linear
from bineural.forecasting.calendar import CALENDAR, check_calendar
from bineural.forecasting.intervals import half_widths, needed, past_coverage
from bineural.forecasting.methods import find_method, naive_name
from bineural.forecasting.series import read_series
from bineural.forecasting.task import Task, default_lags
from bineural.messages import listed, number_of, warn
from bineural.notebook import Printed, Shown

_SHOWN = 0.8  # level of the intervals whose coverage is shown: a higher one needs more past origins
CALIBRATED = 30  # origins that intervals come from by default, where the series are long enough

CHECKS = {
    "horizon": whole(1, 10_000, hint="Give the number of steps to forecast, such as 12.").or_none(),
    "season": whole(1, 100_000, hint="Use 12 for months, 7 for days of the week, or leave it out.").or_none(),
    "lags": whole(1, 100_000, hint="Give the number of past values, such as 13.").or_none(),
    "time": text("Name the column of times.").or_none(),
    "series": text("Name the column that says which series a row is of.").or_none(),
    "known": either(text(), list_of(text())).or_none(),
    "calendar": either(choice(*CALENDAR), list_of(choice(*CALENDAR))).or_none(),
    "origins": whole(0, 100_000, hint="Give a number of origins, such as 30.").or_none(),
    "seed": seed_check(),
}


class Forecaster(Shown, Drawn):
    """A forecaster of one or many series: a net, or one of the baselines that are hard to beat.

    Parameters
    ----------
    horizon, season, time, series, known, calendar, lags, architecture, origins, seed
        See `fit_forecast`; `horizon` may be left out of an entrant of `compare_models`.
    **options
        Of the net, see `fit_net`.

    Attributes
    ----------
    season_, lags_ : int
        As they are in effect; a season of 1 is none.
    seed_ : int
    errors_ : ndarray of float64, shape (n_series, n_origins, horizon)
        Errors of forecasts from past origins, each by a model fitted there, in the unit of `scales_`.
    origins_ : ndarray of int, shape (n_origins,)
        Those origins, as positions of the first step that is forecast.
    scales_ : ndarray of float64, shape (n_series,)
        Mean absolute difference of a series from its season before; of one that never changes NaN.
    net_ : NetRegressor or None
        The net; its outputs are in the unit of windows, see Notes of `fit_forecast`.
    history_ : dict
        Losses of the net by epoch; empty without a net.
    baseline_ : dict of str to Forecaster
        The naive forecast and the AR GLM of the same series, fitted when they are first asked for.

    Examples
    --------
    >>> import bineural as bn
    >>> flights = bn.load_dataset("air_passengers")
    >>> model = Forecaster(3, season=12, time="month", architecture="ar").fit(flights, "passengers")
    >>> model.forecast(level=0.8).columns.tolist()
    ['.series', '.time', '.mean', '.lower', '.upper']
    """

    SCHEMA = saved.SCHEMA

    def __init__(
        self,
        horizon: int | None = None,
        *,
        season: int | None = None,
        time: str | None = None,
        series: str | None = None,
        known: str | list[str] | None = None,
        calendar: str | list[str] | None = None,
        lags: int | None = None,
        architecture: Any = "mlp",
        origins: int | None = None,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        self.horizon, self.season, self.time, self.series = horizon, season, time, series
        self.known, self.calendar, self.lags = known, calendar, lags
        self.architecture, self.origins, self.seed = architecture, origins, seed
        self.options = options

    # ---- fitting ----

    def fit(self, data: RowsLike, outcome: str | None = None) -> Self:
        """Fit to a table of series; see `fit_forecast`.

        Returns
        -------
        self
        """
        given = self._settings()
        if given["horizon"] is None:
            raise InputError(
                "`horizon` must be given.", "Found none.", "Give the number of steps to forecast, such as 12."
            )
        table = read_series(data, outcome, given["time"], given["series"], given["known"])
        return self.fit_task(self.task_of(table, given["horizon"]))

    def _settings(self):
        """Return the checked options, `known` and `calendar` as tuples."""
        given = {name: check(getattr(self, name), name) for name, check in CHECKS.items()}
        for name in ("known", "calendar"):
            value = given[name]
            given[name] = () if value is None else (value,) if isinstance(value, str) else tuple(value)
        return given

    def task_of(self, table, horizon, season=None):
        """Return the task of a table of series, with these options; `season` where they have none."""
        given = self._settings()
        check_calendar(table.axis, given["calendar"])
        season = given["season"] or season or 1
        shortest = min(len(series.values) for series in table.series)
        longest = max(len(series.values) for series in table.series)
        if longest < 2 * season or longest < horizon + season + 1:
            raise InputError(
                "A series must have two seasons behind it, and more values than the horizon and a season.",
                f"The longest has {number_of(longest, 'value')}; season {season}, horizon {horizon}.",
                "Use a shorter `horizon`, or leave `season` out.",
            )
        lags = given["lags"] or default_lags(season, shortest, horizon)
        if lags < season:
            raise InputError(
                "`lags` must reach over a season, which the net adds to.",
                f"Found {lags} lags and a season of {season}.",
                f"Use at least {season} lags, or leave `season` out.",
            )
        return Task(table, horizon, season, lags, given["calendar"])

    def fit_task(self, task):
        """Fit to a task: at the end of the series, and at past origins for the intervals."""
        from bineural.training.seeds import check_seed

        method = self._method()
        self.seed_ = check_seed(self.seed)
        most = CALIBRATED if self.origins is None else self.origins
        past = task.possible_origins(most)
        if self.origins is not None and len(past) < self.origins:
            past = task.last_origins(self.origins)  # which says why not
        self.task_, self.net_, self.ridge_ = task, None, None
        self.season_, self.lags_, self.origins_ = task.season, task.n_lags, past
        end = task.table.end
        if method is None:
            paths = self._fit_nets(task, [*past, end])
        else:
            paths = (
                method.forecast_at(task, past) if len(past) else np.empty((task.n_series, 0, task.horizon))
            )
            if method.name == "ar":
                self.ridge_ = fit_linear(task, end)
        self.errors_ = (paths - task.truth(past)) / task.scales(past)[..., None]
        self.scales_ = np.array(
            [task.scales([series.end])[k, 0] for k, series in enumerate(task.table.series)]
        )
        return self

    def _method(self):
        """Return the baseline that `architecture` names, or None for a net."""
        method = find_method(self.architecture)
        if method is not None and self.options:
            raise InputError(
                f"Options of nets can't be used with {method.name!r}.",
                f"Found {listed(self.options)}.",
                "Leave them out, or name the architecture of a net.",
            )
        return method

    def _fit_nets(self, task, origins):
        """Fit the nets of all origins as one stack; keep the last, and return the others' forecasts."""
        from bineural.forecasting.nets import fit_at, forecast_by, unfitted_net
        from bineural.training.seeds import stream_seed

        template = unfitted_net(task, self.architecture, self.options, self.seed_)
        seeds = [stream_seed(self.seed_, "origin", o) for o in range(len(origins) - 1)] + [self.seed_]
        *nets, self.net_ = fit_at(task, origins, template, seeds)
        paths = [forecast_by(task, net, origin) for net, origin in zip(nets, origins)]
        return np.stack(paths, axis=1) if paths else np.empty((task.n_series, 0, task.horizon))

    # ---- forecasting ----

    @checked(
        horizon=whole(1, 10_000, hint="Leave it out for all steps.").or_none(),
        level=share(open_ends=True, hint="Pass for example 0.95."),
    )
    def forecast(
        self, horizon: int | None = None, data: RowsLike | None = None, level: float = 0.95
    ) -> DataFrame:
        """Forecast the next steps of every series.

        Parameters
        ----------
        horizon : int, optional
            Steps; None is all that was fitted, of which it can be some.
        data : data frame, optional
            Rows of the times to come, with what is known ahead of them. Or the series as they are by now, in
            the columns that were fitted: forecasts then start at their end, and nothing is fitted anew.
        level : float, default 0.95
            Share of what will be that the intervals are to cover.

        Returns
        -------
        pandas.DataFrame
            A row for each series and step: `.series`, `.time`, `.mean`, `.lower` and `.upper`. The limits
            are conformal over past origins, and infinite where these are too few for the level.

        Raises
        ------
        InputError
            If the horizon is longer than the one fitted, or what is known ahead is not given.

        Warns
        -----
        BineuralWarning
            If intervals are infinite.
        """
        import pandas as pd

        self._check_fitted()
        task = self.task_ if data is None else self._task_with(data)
        if horizon is not None and horizon > task.horizon:
            raise InputError(
                "`horizon` must be at most the one that was fitted.",
                f"Found {horizon}, and {task.horizon} fitted.",
                f"Fit with horizon={horizon}: each step ahead is learnt by itself.",
            )
        n_steps = task.horizon if horizon is None else horizon
        self._need_known(task)
        widths = half_widths(self.errors_, level)[:n_steps]
        if np.isinf(widths).any() and np.isfinite(self.scales_).any():
            warn(
                BineuralWarning,
                f"Intervals are infinite: {100 * level:g}% take {needed(level)} errors of past forecasts, "
                f"and there are {self._n_errors()}.\nUse a lower level, or a longer past.",
            )
        frames, flat = [], []
        for k, series in enumerate(task.table.series):
            path = self._path(task, series.end)[k, :n_steps]
            scale = task.scales([series.end])[k, 0]
            reach = widths * scale if np.isfinite(scale) else np.full(n_steps, np.nan)
            flat += [] if np.isfinite(scale) else [series.name]
            frames.append(
                pd.DataFrame(
                    {
                        ".series": series.name,
                        ".time": task.table.axis.at(series.end + np.arange(n_steps)),
                        ".mean": path,
                        ".lower": path - reach,
                        ".upper": path + reach,
                    }
                )
            )
        if flat:
            warn(
                BineuralWarning,
                f"Intervals of {listed(flat, 3)} are undefined: values never change from one season to the "
                "next, which is the unit of errors.\nSuch a series needs no forecaster; leave it out.",
            )
        return pd.concat(frames, ignore_index=True)

    def _n_errors(self):
        return int(np.isfinite(self.errors_[..., -1]).sum()) if self.errors_.size else 0

    def _path(self, task, origin):
        """Return the fitted model's forecasts from an origin: (n_series, horizon)."""
        if self.net_ is not None:
            from bineural.forecasting.nets import forecast_by

            return forecast_by(task, self.net_, origin)
        if self.ridge_ is not None:
            return forecast_linear(task, self.ridge_, origin)
        return find_method(self.architecture).forecast_at(task, [origin])[:, 0]

    def _task_with(self, data):
        """Return the task of new rows: of the times to come, or of the series as they are by now."""
        from bineural.forecasting.new_rows import extended, renewed

        table = self.task_.table
        new = renewed(table, data)
        new = extended(table, data) if new is None else new
        return Task(new, self.task_.horizon, self.task_.season, self.task_.n_lags, self.task_.calendar)

    def _need_known(self, task):
        """Refuse to forecast where what is known ahead is not given for every step."""
        if not task.table.known or find_method(self.architecture) not in (None, find_method("ar")):
            return
        for series in task.table.series:
            n_ahead = len(series.known) - len(series.values)
            if n_ahead < task.horizon:
                raise InputError(
                    "What is known ahead must be given for every step of the horizon.",
                    f"{listed(task.table.known)} of {series.name!r} are given for {max(0, n_ahead)} of "
                    f"{number_of(task.horizon, 'step')}.",
                    "Pass `data` with rows of the times to come.",
                )

    def _check_fitted(self):
        if "task_" not in vars(self):
            raise InputError("The forecaster must be fitted.", "It is not.", "Call fit() first.")

    # ---- what it is ----

    @property
    def history_(self):
        """Losses of the net by epoch, a dict of lists; empty without a net."""
        self._check_fitted()
        return {} if self.net_ is None else self.net_.history_

    @property
    def best_epoch_(self):
        """Epoch whose weights the net has; None without a net."""
        return None if self.net_ is None else self.net_.best_epoch_

    @property
    def baseline_(self):
        """The naive forecast and the AR GLM of the same series, by name."""
        self._check_fitted()
        if getattr(self, "_baseline", None) is None:
            self._baseline = {
                name: Forecaster(architecture=name, origins=len(self.origins_), seed=0).fit_task(self.task_)
                for name in (naive_name(self.season_), "ar")
            }
        return self._baseline

    def glance(self):
        """Return what was fitted, as a dict of plain values."""
        self._check_fitted()
        table = self.task_.table
        return {
            "model": self.label,
            "n_rows": table.n_values,
            "n_series": len(table.series),
            "horizon": self.task_.horizon,
            "season": self.season_,
            "lags": self.lags_,
            "origins": len(self.origins_),
            "mase": self._mase(),
            "coverage": past_coverage(self.errors_, self.origins_, _SHOWN)[0],
            "seed": self.seed_,
        }

    @property
    def label(self):
        """What it is called where it has no other name: its architecture."""
        if isinstance(self.architecture, str):
            return self.architecture
        return getattr(self.architecture, "name", None) or getattr(self.architecture, "__name__", "net")

    def _mase(self):
        sizes = np.abs(self.errors_[np.isfinite(self.errors_)])
        return float(sizes.mean()) if len(sizes) else float("nan")

    def summary(self):
        """Say what was fitted, how far its forecasts went astray, and what its intervals cover: text."""
        self._check_fitted()
        table, axis = self.task_.table, self.task_.table.axis
        method = find_method(self.architecture)
        what = f"net {self.label!r}" if method is None else method.title
        season = f", season {self.season_}" if self.season_ > 1 else ""
        first, last = min(s.start for s in table.series), table.end - 1
        lines = [
            f"Forecaster of {table.outcome}: {what}",
            f"{number_of(len(table.series), 'series').replace('seriess', 'series')}, "
            f"{number_of(table.n_values, 'value')}, {axis.shown(first)} to {axis.shown(last)} by {axis.unit}"
            f"{season}; {number_of(self.task_.horizon, 'step')} ahead from {number_of(self.lags_, 'lag')}",
        ]
        if self.net_ is not None:
            fitted = self.net_.fitted_
            lines.append(
                f"Trained with {len(self.origins_)} more at past origins ({self.net_.how_}), "
                f"{number_of(len(fitted.members), 'member')} each, seed {self.seed_}"
            )
        if len(self.origins_):
            covered, n = past_coverage(self.errors_, self.origins_, _SHOWN)
            origins = number_of(len(self.origins_), "past origin")
            mase = f"MASE {self._mase():.3f}" if np.isfinite(self._mase()) else "MASE undefined"
            lines.append(f"{mase} over {origins}, fitted anew at each")
            if n:
                what = f"{_SHOWN:.0%} intervals, of what was known at each origin, covered"
                lines.append(f"{what} {covered:.0%} of {n} values")
        else:
            lines.append("No past origins: the series are too short for intervals")
        return Printed("\n".join(lines))

    def __repr__(self):
        """Say what was fitted, or with which options it would be."""
        if "task_" in vars(self):
            return str(self.summary())
        given = {name: getattr(self, name) for name in CHECKS if getattr(self, name) is not None}
        given |= {"architecture": self.architecture, **self.options}
        return f"Forecaster({', '.join(f'{name}={value!r}' for name, value in given.items())})"

    __str__ = __repr__

    def unfitted(self):
        """Return an unfitted forecaster of the same options."""
        given = {name: getattr(self, name) for name in CHECKS}
        return Forecaster(architecture=self.architecture, **given, **self.options)

    # ---- files ----

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        return saved.state_of(self)

    @classmethod
    def from_state(cls, state):
        """Make a fitted forecaster of a flat dict that `get_state` returned."""
        return saved.forecaster_of(cls, state)

    def check_state(self):
        """Check that what was learnt fits together, as files are checked."""
        saved.check(self)
