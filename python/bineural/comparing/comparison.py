"""The record of a comparison: table, differences, verdicts, predictions, and how it was run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bineural.comparing.calibrating import calibrate
from bineural.comparing.cautions import cautions
from bineural.comparing.intervals import own_limits
from bineural.comparing.judging import family_text
from bineural.comparing.pooling import contributions, estimate, over_draws
from bineural.comparing.rounding import NULL, decimals
from bineural.comparing.scoring import summarise
from bineural.comparing.table_text import aligned, number_text
from bineural.drawn import Drawn
from bineural.inputs.filling import FILL
from bineural.measures.ordering import ordered, ordered_by_fit
from bineural.messages import number_of
from bineural.not_models import NotAModel
from bineural.notebook import Shown
from bineural.printable import printable
from bineural.tables.rows import label_text


class Comparison(Shown, Drawn, NotAModel):
    """Models compared on the same folds, made by `compare_models`; printing it shows table and verdicts.

    Attributes
    ----------
    table : pandas.DataFrame
        A row for each model (`model`, `kind`): the estimate over folds of every measure, and of the one that
        the verdict is about `low` and `high` (see `interval`), `fold_sd`, `repeat_sd`, `seed_sd` (SD over
        folds, of the repeats' estimates, and over seeds within a fold; NaN where there is one), `n` folds in
        which it is defined, calibration (two classes) and `seconds`.
    differences : pandas.DataFrame
        A row for each measure and pair of the family that was asked for (`pairs`): `model`, `other`,
        `measure`, `n`, `difference` (model minus other), `low`, `high`, `p`, `p_holm`, `p_worse`, `p_same`,
        `p_better` (Bayesian), `detectable`, `finding`, `verdict`.
    verdicts : list of str
        A sentence for each pair of the family, about `measure`.
    verdict : str
        The one on the best of the other models against the reference.
    scores : pandas.DataFrame
        `model`, `repeat`, `fold`, `draw` (of the seed) and every measure.
    predictions : pandas.DataFrame
        `model`, `repeat`, `fold`, `draw`, `row` (position from 0), `truth`, and `.pred_<class>` or `.pred`
        (of quantiles `.pred_<level>`).
    models : list of str
        Names, the null model last.
    reference : str
        The model that others are measured against.
    measure : str
    task, event, classes, outcome, n_rows, n_events
    folds : Folds or Split
    seed : int
    level : float
    warned : list of str
        What was warned of, once for each kind: rows left out, what the guards found, what fits complained of
        and in how many of them.
    unfinished : list of str
        Models that are not in it, as Ctrl-C came before they were finished.
    notes : list of str
        What to know of the estimates: folds in which a measure is undefined or infinite, models that rank the
        other class first.
    run : dict
        Versions, seed, hash of the data, times, device.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> print(bn.compare_models(glm, kyphosis, folds=5, repeats=2, seed=1).table["model"].tolist())
    ['glm', 'null']
    """

    called = "a comparison"
    instead = "Fit a model with fit_glm or fit_net; `predictions` are those of held-out rows."

    def __init__(
        self,
        basis,
        entrants,
        reference,
        held_out,
        judging,
        judged,
        *,
        warned,
        guarded,
        begun,
        asked,
        unfinished=(),
    ):
        entrants = sorted(entrants, key=lambda entrant: entrant.name == NULL)
        self.basis, self.entrants, self.reference = basis, entrants, reference
        self.measures, self._measure, self.level = judging.measures, judging.measure, judging.level
        self._scores, self._shares, self._differences = judged
        self._predictions = {name: each.predictions for name, each in held_out.items()}
        self._logits = {name: each.logits for name, each in held_out.items()}
        self.seconds = {name: each.seconds for name, each in held_out.items()}
        self.calibration = calibrate(basis, self._predictions)
        self.warned, self.guarded, self.begun = warned, guarded, begun
        self.unfinished = list(unfinished)
        self.asked = asked  # arguments of compare_models
        self.measure, self.seed, self.folds = judging.measure.name, basis.seed, basis.folds
        self.models = [entrant.name for entrant in entrants]
        self.task, self.event, self.classes = basis.measured_as, basis.event, basis.classes
        self.outcome = basis.problem.outcome
        self.n_rows, self.n_events = basis.n_rows, basis.n_events
        self._run = None
        self.notes = cautions(self)

    # ---- tables ----

    @property
    def table(self):
        """A row for each model."""
        import pandas as pd

        return pd.DataFrame([self._row(entrant) for entrant in self.entrants])

    def _row(self, entrant):
        repeats = np.array([1 if s.repeat is None else s.repeat for s in self.basis.sets])
        summary = {
            name: summarise(self.measures[name], scores, repeats, self._shares.get(name))
            for name, scores in self._scores[entrant.name].items()
        }
        low, high = self.interval(entrant.name)
        chosen = summary[self.measure]
        row = {"model": entrant.name, "kind": entrant.kind}
        row |= {self.measure: chosen["estimate"], "low": low, "high": high}
        row |= {k: chosen[k] for k in ("fold_sd", "repeat_sd", "seed_sd", "n")}
        row |= {name: s["estimate"] for name, s in summary.items() if name != self.measure}
        return row | self.calibration.get(entrant.name, {}) | {"seconds": self.seconds[entrant.name]}

    def values(self, model, measure):
        """Return a model's measure in each resample, (n_resamples,), draws together; NaN where undefined."""
        return over_draws(self.measures[measure], self._scores[model][measure])

    def estimate(self, model, measure, where=None):
        """Return a model's estimate of a measure, over the resamples that `where` marks, or all."""
        values = self.values(model, measure)
        values = values if where is None else np.where(where, values, math.nan)
        return estimate(self.measures[measure], values, self._shares.get(measure))

    def interval(self, model: str, measure: str | None = None) -> tuple[float, float]:
        """Return (low, high), the corrected t interval of a model's estimate, made where it has no ends.

        That is on the scale of log-odds for shares, such as AUROC, and of logarithms for what is positive.
        Its degrees of freedom count rows of the rarest class, or rows, where these are fewer than folds.

        Parameters
        ----------
        model : str
        measure : str, optional
            By default the one that the verdict is about.

        Returns
        -------
        tuple of float
            NaN for fewer than five folds, and for a single split, but for AUROC, where it is DeLong's on the
            logit scale.
        """
        measure = self.measure if measure is None else measure
        if self.basis.single_split:
            return self._single_interval(model, measure)
        chosen, basis = self.measures[measure], self.basis
        each = contributions(chosen, self.values(model, measure), self._shares.get(measure))
        return own_limits(each, basis.test_share, self.level, chosen.range, basis.n_units)

    def _single_interval(self, model, measure):
        from bineural.measures.delong import auroc_interval

        truth = self.basis.truth[self.basis.rows]
        if measure != "auroc" or min(np.sum(truth == 1), np.sum(truth == 0)) < 2 or model == NULL:
            return math.nan, math.nan
        order = ordered_by_fit(self._predictions[model], self._logits.get(model))
        limits = auroc_interval(truth, order[0], self.level)
        return limits.low, limits.high

    @property
    def differences(self):
        """A row for each measure and pair of models."""
        import pandas as pd

        rows = [vars(difference) for family in self._differences.values() for difference in family]
        return pd.DataFrame(rows, columns=_DIFFERENCE)

    @property
    def verdicts(self):
        """A sentence for each pair of models."""
        return [difference.verdict for difference in self._differences[self.measure]]

    @property
    def principal(self):
        """The `Difference`, by `measure`, between the reference and the best of the other models.

        Models whose fits failed, and those without a number, come last.
        """
        sign = 1.0 if self._measure.larger_is_better else -1.0
        family = self._differences[self.measure]
        others = [difference for difference in family if difference.other in (self.reference, NULL)]

        def rank(difference):
            known = not math.isnan(difference.difference)
            return (
                known and difference.finding != "failed fits",
                sign * difference.difference if known else 0.0,
            )

        return max(others, key=rank)

    @property
    def verdict(self):
        """The verdict on the best of the other models against the reference: does anything beat it?"""
        return self.principal.verdict

    @property
    def scores(self):
        """A row for each model, resample and draw."""
        import pandas as pd

        rows = []
        for name, scores in self._scores.items():
            draws = len(next(iter(scores.values())))
            for d in range(draws):
                for k, resample in enumerate(self.basis.sets):
                    keys = {"model": name, "repeat": resample.repeat, "fold": resample.fold, "draw": d + 1}
                    rows.append(keys | {m: s[d, k] for m, s in scores.items()})
        return pd.DataFrame(rows)

    @property
    def predictions(self):
        """A row for each model, resample, draw and test row."""
        import pandas as pd

        basis = self.basis
        places = list(basis.parts())
        sizes = [p.stop - p.start for p in places]
        keys = {
            "repeat": np.repeat([s.repeat for s in basis.sets], sizes),
            "fold": np.repeat([s.fold for s in basis.sets], sizes),
        }
        labels = np.array(basis.classes, dtype=object) if basis.classes else None
        rows = basis.rows
        truth = {"truth": basis.truth[rows] if basis.task == "regression" else basis.labels_of(rows)}
        if basis.truth.ndim == 2:
            values = _with_gaps(basis.truth[rows])
            truth = {f"truth_{name}": values[:, k] for k, name in enumerate(basis.columns)}
        parts = []
        for name, draws in self._predictions.items():
            for d, prediction in enumerate(draws):
                own = {"model": name, **keys, "draw": d + 1, "row": basis.numbers_of(rows), **truth}
                parts.append(pd.DataFrame(own | self._prediction_columns(prediction, labels)))
        return pd.concat(parts, ignore_index=True)

    def _prediction_columns(self, prediction, labels):
        if self.basis.task == "regression":
            names = self.basis.columns
            values = _with_gaps(prediction) if names else prediction
            several = {f".pred_{name}": values[:, k] for k, name in enumerate(names)}
            return several or {".pred": prediction}
        if self.task == "anomalies":
            return {".anomaly_score": prediction}
        if self.task == "binary":
            return {f".pred_{label_text(self.event)}": prediction}
        return {f".pred_{label_text(label)}": prediction[:, k] for k, label in enumerate(labels)}

    @property
    def run(self):
        """How it was run: versions, seed, hash of the data, times, device."""
        if self._run is None:
            from bineural.comparing.run_record import record_run

            self._run = record_run(self)
        return self._run

    def averaged_predictions(self, model: str, order: bool = False) -> tuple[Any, ...]:
        """Return (rows, truth, prediction): each row's held-out predictions averaged over repeats and draws.

        Parameters
        ----------
        model : str
        order : bool
            Return numbers in the order of the predictions, without ties by rounding, in their place.

        Returns
        -------
        rows : ndarray of int64
            Rows that were tested, ascending.
        truth : ndarray
        prediction : ndarray of float64
            Pooled over folds: for curves and looks, not for AUROC, which pooling biases.
        """
        rows, place = np.unique(self.basis.rows, return_inverse=True)
        mean = _mean_of_rows(self._predictions[model].mean(axis=0), place)
        if order and self._logits.get(model) is not None:
            mean = ordered(mean, _mean_of_rows(self._logits[model].mean(axis=0), place))
        return rows, self.basis.truth[rows], mean

    # ---- words ----

    def __str__(self):
        """Show n and events, the folds, the table and the verdicts."""
        lines = [self._headline(), self._folds_line(), "", *self._table_lines(), ""]
        lines += [self._verdict_line(), *(f"- {verdict}" for verdict in self._said_verdicts())]
        lines += [f"! {sentence.splitlines()[0]}" for sentence in (*self.notes, *self.warned)]
        return printable("\n".join(lines))

    __repr__ = __str__

    def _headline(self):
        models, rows = number_of(len(self.models) - 1, "model"), number_of(self.n_rows, "row")
        return f"{models} and the null model on {rows}{self.basis.outcome_text}"

    def _folds_line(self):
        sets = self.basis.sets
        if self.basis.single_split:
            rows = number_of(len(sets[0].train), "row")
            return f"A single split: {rows} to train, {len(sets[0].test)} to test."
        repeats = len({s.repeat for s in sets})
        each = len(sets) // max(1, repeats)
        how = [number_of(each, "fold") + (f" x {number_of(repeats, 'repeat')}" if repeats > 1 else "")]
        how += self.folds.how_chosen(self.outcome or "the outcome")
        return ", ".join([*how, f"seed {self.seed}"])

    def _table_lines(self):
        label = self._measure.label
        columns = {"model": [], label: [], f"{100 * self.level:g}% interval": [], "fold SD": []}
        columns |= {"repeat SD": [], "seed SD": []}
        others = [m for m in self.measures.values() if m.name != self.measure]
        columns |= {m.label: [] for m in others}
        shown = ["calibration_slope"] if self.calibration else []
        columns |= {name.replace("_", " "): [] for name in shown}
        for row in self.table.to_dict("records"):
            columns["model"].append(row["model"])
            columns[label].append(number_text(row[self.measure]))
            places = max(2, decimals(row["high"] - row["low"]))
            interval = (
                "" if math.isnan(row["low"]) else f"{row['low']:.{places}f} to {row['high']:.{places}f}"
            )
            columns[f"{100 * self.level:g}% interval"].append(interval)
            for key in ("fold_sd", "repeat_sd", "seed_sd"):
                columns[key.replace("_sd", " SD")].append(number_text(row[key]))
            for m in others:
                columns[m.label].append(number_text(row[m.name]))
            for name in shown:
                columns[name.replace("_", " ")].append(number_text(row[name]))
        empty = ("fold SD", "repeat SD", "seed SD", f"{100 * self.level:g}% interval")
        columns = {k: v for k, v in columns.items() if k not in empty or any(c.strip("-") for c in v)}
        return aligned(columns)

    def _verdict_line(self):
        if self.basis.single_split:
            return f"Verdict by {self._measure.label}{' (DeLong)' if self.measure == 'auroc' else ''}:"
        family = self._differences[self.measure]
        holm = f", Holm's correction for {family_text(family)}" if len(family) > 1 else ""
        return f"Verdict by {self._measure.label} (corrected resampled t{holm}):"

    def _said_verdicts(self):
        family = self._differences[self.measure]
        against = [difference.verdict for difference in family if difference.other in (self.reference, NULL)]
        others = [
            difference.verdict for difference in family if difference.other not in (self.reference, NULL)
        ]
        if len(others) > 3:
            return [*against, f"{len(others)} more pairs are in `verdicts`."]
        return against + others

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        return {
            "task": self.task,
            "n_rows": self.n_rows,
            "n_events": self.n_events,
            "event": self.event,
            "classes": self.classes,
            "outcome": self.outcome,
            "models": self.models,
            "reference": self.reference,
            "measure": self.measure,
            "level": self.level,
            "seed": self.seed,
            "table": self.table,
            "differences": self.differences,
            "verdict": self.verdict,
            "verdicts": self.verdicts,
            "warned": self.warned,
            "unfinished": self.unfinished,
            "notes": self.notes,
            "run": self.run,
            "text": str(self),
        }


def _with_gaps(values):
    """Return values with NaN where a sequence has no step."""
    return np.where(values == FILL, math.nan, values)


def _mean_of_rows(values, place):
    """Average values of rows that were tested several times; `place` is of each value's row."""
    total = np.zeros((place.max() + 1, *values.shape[1:]))
    np.add.at(total, place, values)
    return total / np.bincount(place).reshape(-1, *[1] * (values.ndim - 1))


_DIFFERENCE = ["model", "other", "measure", "n", "difference", "low", "high", "p", "p_holm"]
_DIFFERENCE += ["p_worse", "p_same", "p_better", "detectable", "finding", "verdict"]
