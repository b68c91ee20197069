"""The record of a comparison of forecasters: table, differences, verdicts, and all forecasts made."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from bineural.comparing.diebold_mariano import diebold_mariano
from bineural.comparing.forecast_judging import (
    FEWEST,
    LABELS,
    bootstrap_over_series,
    judge_forecasts,
    shared_origins,
)
from bineural.comparing.forecast_scores import ForecastScores, score_forecasts
from bineural.comparing.judging import pairs_of
from bineural.comparing.rounding import limits
from bineural.comparing.table_text import aligned, number_text
from bineural.drawn import Drawn
from bineural.forecasting.intervals import needed
from bineural.messages import first_of, number_of
from bineural.not_models import NotAModel
from bineural.notebook import Shown
from bineural.printable import printable


class Rolled(NamedTuple):
    """A forecaster's forecasts: (draws, n_series, n_origins, horizon), and the seconds that they took."""

    paths: np.ndarray
    seconds: float


class ForecastComparison(Shown, Drawn, NotAModel):
    """Forecasters over rolling origins, as `compare_models` returns them.

    Attributes
    ----------
    models : list of str
    reference : str
        The model that others are measured against: the AR GLM, or the one named.
    naive : str
        The naive forecast, "snaive" or "naive", which a winner must beat.
    measure : str
        What the verdicts are about: "mase", "rmsse" or "pinball".
    origins : pandas.Index
        Times of the first step that is forecast from each origin.
    table : pandas.DataFrame
        A row for each model: the measure with its interval over origins, the others, coverage of the
        intervals and of how many forecasts (`n_covered`), the SD over seeds, `n` origins and `seconds`.
    differences : pandas.DataFrame
        A row for each measure and pair.
    verdicts : list of str
        A sentence for each pair, by `measure`.
    scores : pandas.DataFrame
        A row for each model, series, origin and draw.
    predictions : pandas.DataFrame
        A row for each model, series, origin, step and draw: `.time`, `truth`, `.mean`.
    notes, warned : list of str
        What to know of the estimates, and what fits warned of.

    Examples
    --------
    >>> import bineural as bn
    >>> flights = bn.load_dataset("air_passengers")
    >>> options = {"time": "month", "horizon": 3, "season": 12, "origins": 20}
    >>> comparison = bn.compare_models(["drift"], flights, "passengers", **options, seed=1)
    >>> comparison.table[["model", "kind"]].to_numpy().tolist()
    [['drift', 'baseline'], ['ar', 'glm'], ['snaive', 'baseline']]
    """

    called = "a comparison of forecasters"
    instead = "Fit one of them with fit_forecast."

    def __init__(
        self,
        task,
        origins,
        entrants,
        rolled,
        *,
        reference,
        naive,
        seed,
        warned,
        level,
        pairs,
        measure,
        step,
        begun=None,
        asked=None,
    ):
        self.task, self.positions, self.entrants = task, np.asarray(origins), entrants
        self.reference, self.naive, self.seed, self.level = reference, naive, seed, level
        self.measure, self.warned, self.step = measure, warned, step
        self.pairs, self.begun, self.asked = pairs, begun, asked or {}
        self.models = [entrant.name for entrant in entrants]
        self.outcome, self.horizon, self.season = task.table.outcome, task.horizon, task.season
        self.origins = task.table.axis.at(self.positions)
        self.overlap = -(-self.horizon // step)
        self.seconds = {name: each.seconds for name, each in rolled.items()}
        self._paths = {name: each.paths for name, each in rolled.items()}
        self._scores = {
            name: [score_forecasts(task, self.positions, path, level) for path in paths]
            for name, paths in self._paths.items()
        }
        family = pairs_of(self.models, reference, pairs)
        self._differences = {
            name: judge_forecasts(
                {model: self.losses(model, name) for model in self.models},
                family if len(self.models) > 1 else [],
                name,
                naive,
                self.overlap,
                level,
                seed,
            )
            for name in LABELS
        }
        self.notes = self._notes()

    def losses(self, model: str, measure: str) -> Any:
        """Return a model's losses, draws together: float64 (n_series, n_origins), NaN where undefined."""
        return np.mean([getattr(scores, measure) for scores in self._scores[model]], axis=0)

    # ---- tables ----

    @property
    def table(self):
        """A row for each model."""
        import pandas as pd

        return pd.DataFrame([self._row(entrant) for entrant in self.entrants])

    def _row(self, entrant):
        name, draws = entrant.name, self._scores[entrant.name]
        low, high = self.interval(name)
        row = {
            "model": name,
            "kind": entrant.kind,
            self.measure: self.estimate(name),
            "low": low,
            "high": high,
        }
        row |= {other: self.estimate(name, other) for other in LABELS if other != self.measure}
        each = [_mean_known(getattr(scores, self.measure)) for scores in draws]
        spread = float(np.std(each, ddof=1)) if len(each) > 1 else math.nan
        covered = self.losses(name, "covered")
        known = np.isfinite(covered)
        row |= {"coverage": _mean_known(covered), "n_covered": int(known.sum()), "seed_sd": spread}
        n = int(shared_origins(self.losses(name, self.measure)).sum())
        return row | {"n": n, "seconds": self.seconds[name]}

    def estimate(self, model: str, measure: str | None = None) -> float:
        """Return a model's mean over origins and series; NaN where the measure is undefined everywhere."""
        return _mean_known(self.losses(model, measure or self.measure))

    def interval(self, model: str, measure: str | None = None) -> tuple[float, float]:
        """Return (low, high) of a model's mean: over origins, by their overlap, or over many series."""
        losses = self.losses(model, measure or self.measure)
        by_series = np.isfinite(losses).any(axis=1)
        if by_series.sum() >= FEWEST:
            test = bootstrap_over_series(np.nanmean(losses[by_series], axis=1), self.level, self.seed)
            return test.low, test.high
        known = shared_origins(losses)
        if known.sum() < 5:
            return math.nan, math.nan
        test = diebold_mariano(np.nanmean(losses[:, known], axis=0), self.overlap, self.level)
        if not test.mean > 0 or not math.isfinite(test.low):
            return test.low, test.high
        reach = (test.high - test.mean) / test.mean  # on the scale of logarithms: a loss is positive
        return test.mean * math.exp(-reach), test.mean * math.exp(reach)

    @property
    def differences(self):
        """A row for each measure and pair of models."""
        import pandas as pd

        columns = ["model", "other", "measure", "n", "difference", "low", "high", "p", "p_holm", "detectable"]
        columns += ["finding", "verdict"]
        rows = [vars(difference) for family in self._differences.values() for difference in family]
        return pd.DataFrame(rows, columns=columns)

    @property
    def verdicts(self):
        """A sentence for each pair of models."""
        return [difference.verdict for difference in self._differences[self.measure]]

    @property
    def verdict(self):
        """The verdict on the best of the other models against the reference."""
        family = self._differences[self.measure]
        mine = [pair for pair in family if pair.other == self.reference]
        if not mine:
            return f"{self.models[0]} is alone: no other forecaster to judge it by."
        return min(
            mine, key=lambda pair: math.inf if math.isnan(pair.difference) else pair.difference
        ).verdict

    @property
    def scores(self):
        """A row for each model, series, origin and draw."""
        import pandas as pd

        shape = len(self.task.table.series), len(self.positions)
        series, origins = np.indices(shape).reshape(2, -1)
        names = np.array([each.name for each in self.task.table.series], dtype=object)
        parts = []
        for name, draws in self._scores.items():
            for d, scores in enumerate(draws):
                keys = {
                    "model": name,
                    ".series": names[series],
                    "origin": self.origins[origins],
                    "draw": d + 1,
                }
                values = {field: getattr(scores, field).ravel() for field in ForecastScores._fields}
                parts.append(pd.DataFrame(keys | values))
        return pd.concat(parts, ignore_index=True)

    @property
    def predictions(self):
        """A row for each model, series, origin, step and draw."""
        import pandas as pd

        truth = self.task.truth(self.positions)
        series, origins, steps = np.indices(truth.shape).reshape(3, -1)
        names = np.array([each.name for each in self.task.table.series], dtype=object)
        times = self.task.table.axis.at(self.positions[origins] + steps)
        keys = {".series": names[series], "origin": self.origins[origins], "step": steps + 1, ".time": times}
        parts = [
            pd.DataFrame(
                {"model": name, **keys, "draw": d + 1, "truth": truth.ravel(), ".mean": path.ravel()}
            )
            for name, paths in self._paths.items()
            for d, path in enumerate(paths)
        ]
        return pd.concat(parts, ignore_index=True)

    # ---- words ----

    def _notes(self):
        task, notes = self.task, []
        scales = task.scales(self.positions)
        seen = np.isfinite(task.truth(self.positions)).all(axis=2)
        flat = [
            s.name for s, scale, here in zip(task.table.series, scales, seen) if np.isnan(scale[here]).any()
        ]
        if flat:
            names = first_of([repr(name) for name in flat], 3)
            notes.append(
                "MASE, RMSSE and pinball loss are undefined at origins before which a series never changes "
                f"from one season to the next, or is too short ({names}): the scale of its errors is 0.\n"
                "Leave such series out, or begin with later origins."
            )
        n = len(self.positions)
        if not any(np.isfinite(self.losses(name, "covered")).any() for name in self.models):
            errors = needed(self.level)
            notes.append(
                f"Coverage and pinball loss are undefined: {100 * self.level:g}% intervals take the errors "
                f"of {errors} past origins that are known by then; of {n} none has them.\n"
                "Use more `origins`, or a lower `level`."
            )
        if self.overlap > 1 and n / self.overlap < 5 and task.n_series < FEWEST:
            notes.append(
                f"{number_of(n, 'origin')} and {number_of(self.horizon, 'step')} ahead are "
                f"{n / self.overlap:.2g} stretches without overlap: only large differences can be seen.\n"
                "Use more `origins`, a longer `step`, or a "
                "shorter `horizon`."
            )
        return notes

    def __str__(self):
        """Show what was forecast from where, the table and the verdicts."""
        lines = [self._headline(), self._origins_line(), "", *self._table_lines(), "", self._verdict_line()]
        lines += [f"- {verdict}" for verdict in self.verdicts or [self.verdict]]
        lines += [f"! {sentence.splitlines()[0]}" for sentence in (*self.notes, *self.warned)]
        return printable("\n".join(lines))

    __repr__ = __str__

    def _headline(self):
        table, n = self.task.table, len(self.task.table.series)
        of = f"{n} series" if n > 1 else "one series"
        season = f", season {self.season}" if self.season > 1 else ""
        return (
            f"{number_of(len(self.models), 'forecaster')} of {self.outcome}: {of}, "
            f"{number_of(table.n_values, 'value')} by {table.axis.unit}{season}"
        )

    def _origins_line(self):
        shown = self.task.table.axis.shown
        n, positions = len(self.positions), self.positions
        apart = f", {self.step} apart" if self.step > 1 else ""
        return (
            f"{number_of(n, 'origin')} from {shown(positions[0])} to {shown(positions[-1])}{apart}, "
            f"{number_of(self.horizon, 'step')} ahead, every model fitted at each, seed {self.seed}"
        )

    def _table_lines(self):
        interval, label = f"{100 * self.level:g}% interval", LABELS[self.measure]
        columns = {"model": [], label: [], interval: [], "seed SD": []}
        columns |= {LABELS[name]: [] for name in LABELS if name != self.measure} | {"coverage": []}
        for row in self.table.to_dict("records"):
            columns["model"].append(row["model"])
            columns[label].append(number_text(row[self.measure]))
            known = not math.isnan(row["low"])
            columns[interval].append(limits(row["low"], row["high"]) if known else "")
            columns["seed SD"].append(number_text(row["seed_sd"]))
            for name in LABELS:
                if name != self.measure:
                    columns[LABELS[name]].append(number_text(row[name]))
            of = f" of {row['n_covered']}" if row["n_covered"] else ""
            covered = "-" if math.isnan(row["coverage"]) else f"{row['coverage']:.0%}{of}"
            columns["coverage"].append(covered)
        empty = ("seed SD", interval)
        return aligned({k: v for k, v in columns.items() if k not in empty or any(c.strip("-") for c in v)})

    def _verdict_line(self):
        n_series = len(self.task.table.series)
        how = "Diebold-Mariano with Harvey's correction" if n_series < FEWEST else "bootstrap over series"
        family = self._differences[self.measure]
        holm = f", Holm's correction for {number_of(len(family), 'difference')}" if len(family) > 1 else ""
        return f"Verdict by {LABELS[self.measure]} ({how}{holm}):"

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("models", "reference", "naive", "measure", "level", "seed", "outcome", "horizon", "season")
        names += ("origins", "table", "differences", "verdict", "verdicts", "warned", "notes")
        return {name: getattr(self, name) for name in names} | {"task": "forecast", "text": str(self)}


def _mean_known(values):
    """Return the mean of what is defined, NaN where nothing is."""
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else math.nan
