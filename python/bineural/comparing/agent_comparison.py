"""Agents in one world, seed by seed: mean return per episode, beside random play and the best there is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from bineural.comparing.agent_entrants import OPTIMAL, RANDOM
from bineural.comparing.corrected_t import corrected_t, detectable_difference, holm
from bineural.comparing.differences import Difference, is_significant
from bineural.comparing.judging import family_text, pairs_of
from bineural.comparing.rounding import decimals
from bineural.comparing.table_text import aligned, number_text
from bineural.drawn import Drawn
from bineural.errors import InputError
from bineural.messages import listed, number_of
from bineural.not_models import NotAModel
from bineural.notebook import Shown
from bineural.printable import printable
from bineural.training.seeds import stream

FEWEST = 5  # seeds for a verdict
MEASURES = {"return": "mean return", "regret": "regret"}
_DRAWN = 9999


class AgentComparison(Shown, Drawn, NotAModel):
    """Agents in one world, as `compare_models` returns them.

    Attributes
    ----------
    models : list of str
    reference : str
        What others are measured against: the one named as `baseline`, else the first.
    measure : str
        What the verdicts are about: "return" (larger is better), or "regret" while learning (smaller).
    table : pandas.DataFrame
        A row for each model: the mean over seeds of the mean return per episode with its t interval; the
        interquartile mean over all episodes (`iqm`) with its bootstrap interval over seeds; the SD over
        seeds, how many of them solved the world, mean length, `n` seeds and `seconds` of learning.
    differences : pandas.DataFrame
        A row for each pair: paired over seeds, by the t test.
    verdicts : list of str
    scores : pandas.DataFrame
        A row for each model, seed and episode.
    notes, warned : list of str

    Examples
    --------
    >>> import bineural as bn
    >>> lake = bn.make_environment("frozen_lake", is_slippery=False)
    >>> agent = bn.fit_agent(lake, "q_learning", steps=3000, seeds=5, seed=1)
    >>> comparison = bn.compare_models([agent], lake, episodes=20, seed=1)
    >>> comparison.table[["model", "return"]].round(2).to_numpy().tolist()[0]
    ['q_learning', 1.0]
    """

    called = "a comparison of agents"
    instead = "Fit one of them with fit_agent."

    def __init__(self, environment, entrants, played, *, seed, warned, level, pairs, measure, baseline):
        self.environment, self.entrants, self.seed, self.level = environment, entrants, seed, level
        self.measure, self.warned, self._played = measure, warned, played
        self.models = [entrant.name for entrant in entrants]
        own = [e.name for e in entrants if e.name not in (RANDOM, OPTIMAL)]
        if isinstance(baseline, str) and baseline not in self.models:
            raise InputError(
                "`baseline` must be True, False, or the name of a model.",
                f"Found {baseline!r}.",
                f"The models are {listed(self.models)}.",
            )
        self.reference = baseline if isinstance(baseline, str) else (own or self.models)[0]
        self.n_seeds, self.episodes = next(iter(played.values())).returns.shape
        if measure == "regret":
            own = [e.name for e in entrants if e.regret is not None]
            self._check_regret(own)
            self.reference = self.reference if self.reference in own else own[0]
        self._values = {
            e.name: e.regret if measure == "regret" else played[e.name].returns.mean(axis=1)
            for e in entrants
            if measure == "return" or e.regret is not None
        }
        names = list(self._values)
        family = pairs_of(names, self.reference, pairs) if len(names) > 1 else []
        self._differences = self._judge(family)
        self.notes = self._notes()

    def _check_regret(self, own):
        pulls = {e.pulls for e in self.entrants if e.regret is not None}
        if not own or len(pulls) > 1:
            raise InputError(
                "Regret is compared between bandit methods after equally many pulls.",
                "Found none." if not own else f"Found {listed(sorted(pulls))} pulls.",
                "Fit 'epsilon_greedy', 'ucb' or 'thompson' with the same `steps`.",
            )

    # ---- judging ----

    def _judge(self, family):
        tests = [self._test(a, b) for a, b in family]
        each = 1 - (1 - self.level) / max(1, sum(not math.isnan(test.p) for test in tests))
        pairs = []
        for (a, b), test, p_holm in zip(family, tests, holm([test.p for test in tests])):
            detectable = detectable_difference(test.se, test.df, each) if self.n_seeds > 1 else math.nan
            pairs.append(
                Difference(
                    a,
                    b,
                    self.measure,
                    self.n_seeds,
                    test.mean,
                    test.low,
                    test.high,
                    test.p,
                    float(p_holm),
                    *(math.nan,) * 3,
                    detectable,
                )
            )
        words = family_text(pairs)
        return [replace(pair, **self._verdict(pair, words)) for pair in pairs]

    def _test(self, a, b):
        return corrected_t(self._values[a] - self._values[b], 0.0, self.level)

    def _beats_random(self, name):
        if name == RANDOM or self.measure == "regret":
            return True
        test = self._test(name, RANDOM)
        return test.mean > 0 and (test.p < 1 - self.level or np.ptp(self._values[name]) == 0)

    def _verdict(self, pair, family):
        larger = self.measure == "return"
        names, over = f"{pair.model} and {pair.other}", f"over {number_of(pair.n, 'seed')}"
        if pair.difference == 0 and (self._values[pair.model] == self._values[pair.other]).all():
            return _finding("identical", f"{names} are identical by {MEASURES[self.measure]} {over}.")
        amount = self._amount(pair, 1.0)
        if pair.n < FEWEST:
            few = f"{number_of(pair.n, 'seed')}, {FEWEST} are needed (more `seeds`)"
            return _finding("too few resamples", f"No verdict on {names} from {few}: {amount}.")
        first_ahead = (pair.difference > 0) == larger
        ahead = pair.model if first_ahead else pair.other
        if RANDOM not in (pair.model, pair.other) and not self._beats_random(ahead):
            reason = "too little evidence that either is better than random play"
            return _finding("no signal", f"No verdict on {names}: {reason}; {amount} {over}.")
        gaps = self._values[pair.model] - self._values[pair.other]
        certain = np.ptp(gaps) == 0  # the same gap at every seed
        if certain or is_significant(pair.p_holm, pair, self.level):
            finding, how = ("better", "beats") if first_ahead else ("worse", "is worse than")
            turn = 1.0 if pair.difference > 0 else -1.0
            return _finding(finding, f"{pair.model} {how} {pair.other} by {self._amount(pair, turn)} {over}.")
        corrected = (
            f" after Holm's correction for {family}" if is_significant(pair.p, pair, self.level) else ""
        )
        seen = ""
        if math.isfinite(pair.detectable):
            seen = f"; a difference under about {pair.detectable:.2g} cannot be seen"
        return _finding(
            "not distinguishable", f"{names} are not distinguishable{corrected}: {amount} {over}{seen}."
        )

    def _amount(self, pair, turn):
        label, better = MEASURES[self.measure], "larger" if self.measure == "return" else "smaller"
        if math.isnan(pair.low) or pair.n < 2:
            return f"{turn * pair.difference:.3g} {label} ({better} is better)"
        places = decimals(pair.high - pair.low)
        low, high = sorted((turn * pair.low, turn * pair.high))
        interval = f"[{low:.{places}f}, {high:.{places}f}]"
        return f"{turn * pair.difference:.{places}f} {label} {interval} ({better} is better)"

    # ---- tables ----

    def interval(self, model: str) -> tuple[float, float]:
        """Return (low, high) of a model's mean over seeds: the t interval."""
        values = self._values[model]
        if len(values) < 2:
            return math.nan, math.nan
        test = corrected_t(values, 0.0, self.level)
        return test.low, test.high

    @property
    def table(self):
        """A row for each model."""
        import pandas as pd

        return pd.DataFrame([self._row(entrant) for entrant in self.entrants])

    def _row(self, entrant):
        played = self._played[entrant.name]
        means = played.returns.mean(axis=1)
        test = corrected_t(means, 0.0, self.level) if self.n_seeds > 1 else None
        iqm, iqm_low, iqm_high = self._iqm(played.returns)
        threshold = self.environment.threshold
        return {
            "model": entrant.name,
            "kind": entrant.kind,
            "return": float(means.mean()),
            "low": math.nan if test is None else test.low,
            "high": math.nan if test is None else test.high,
            "iqm": iqm,
            "iqm_low": iqm_low,
            "iqm_high": iqm_high,
            "seed_sd": float(means.std(ddof=1)) if len(means) > 1 else math.nan,
            "solved": math.nan if threshold is None else int((means >= threshold).sum()),
            "length": float(played.lengths.mean()),
            "regret": math.nan if entrant.regret is None else float(entrant.regret.mean()),
            "n": self.n_seeds,
            "seconds": entrant.seconds,
        }

    def _iqm(self, returns):
        """Return the interquartile mean of all episodes, with percentile limits over seeds drawn again."""
        from scipy.stats import trim_mean

        iqm = float(trim_mean(returns.ravel(), 0.25))
        if self.n_seeds < 2:
            return iqm, math.nan, math.nan
        drawn = stream(self.seed, "iqm").integers(0, self.n_seeds, (_DRAWN // 10, self.n_seeds))
        each = trim_mean(returns[drawn].reshape(len(drawn), -1), 0.25, axis=1)
        low, high = np.quantile(each, [(1 - self.level) / 2, (1 + self.level) / 2])
        return iqm, float(low), float(high)

    @property
    def differences(self):
        """A row for each pair of models."""
        import pandas as pd

        columns = ["model", "other", "measure", "n", "difference", "low", "high", "p", "p_holm", "detectable"]
        columns += ["finding", "verdict"]
        return pd.DataFrame([vars(pair) for pair in self._differences], columns=columns)

    @property
    def verdicts(self):
        """A sentence for each pair of models."""
        return [pair.verdict for pair in self._differences]

    @property
    def verdict(self):
        """The verdict on the first pair: of the best other agent and the reference."""
        own = [p for p in self._differences if p.model not in (RANDOM, OPTIMAL)] or self._differences
        if not own:
            return f"{self.models[0]} is alone: no other agent to judge it by."
        turn = 1 if self.measure == "return" else -1
        return max(own, key=lambda pair: turn * pair.difference).verdict

    @property
    def scores(self):
        """A row for each model, seed and episode."""
        import pandas as pd

        parts = []
        for name, played in self._played.items():
            seeds, episodes = np.indices(played.returns.shape).reshape(2, -1)
            parts.append(
                pd.DataFrame(
                    {
                        "model": name,
                        "seed": seeds + 1,
                        "episode": episodes + 1,
                        "return": played.returns.ravel(),
                        "length": played.lengths.ravel(),
                        "terminated": played.terminated.ravel(),
                        "truncated": played.truncated.ravel(),
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    # ---- words ----

    def _notes(self):
        notes = []
        known = OPTIMAL in self.models
        if known and self.measure == "return":
            ceiling = self._values[OPTIMAL].mean()
            for name, values in self._values.items():
                if name in (RANDOM, OPTIMAL):
                    continue
                gap = (
                    corrected_t(self._values[OPTIMAL] - values, 0.0, self.level) if self.n_seeds > 1 else None
                )
                if gap is not None and gap.low <= 0 <= gap.high:
                    notes.append(f"{name} is within its interval of the optimum, {ceiling:.4g}.")
        if self.measure == "return" and self.environment.n_states == 1:
            notes.append("What learning cost is the regret: measure='regret'.")
        return notes

    def __str__(self):
        """Show the world, the table and the verdicts."""
        lines = [self._headline(), "", *self._table_lines(), "", self._verdict_line()]
        lines += [f"- {verdict}" for verdict in self.verdicts or [self.verdict]]
        lines += [f"! {sentence.splitlines()[0]}" for sentence in (*self.notes, *self.warned)]
        return printable("\n".join(lines))

    __repr__ = __str__

    def _headline(self):
        return (
            f"{number_of(len(self.models), 'agent')} in {self.environment.title}: "
            f"{number_of(self.n_seeds, 'seed')}, {number_of(self.episodes, 'episode')} each "
            f"from common starts, seed {self.seed}"
        )

    def _table_lines(self):
        interval = f"{100 * self.level:g}% interval"
        columns = {
            "agent": [],
            "return": [],
            interval: [],
            "IQM": [],
            "seed SD": [],
            "solved": [],
            "regret": [],
        }
        for row in self.table.to_dict("records"):
            columns["agent"].append(row["model"])
            columns["return"].append(number_text(row["return"]))
            known = not math.isnan(row["low"]) and row["low"] < row["high"]
            columns[interval].append(f"{row['low']:.4g} to {row['high']:.4g}" if known else "")
            columns["IQM"].append(number_text(row["iqm"]))
            columns["seed SD"].append(number_text(row["seed_sd"]))
            solved = row["solved"]
            columns["solved"].append("" if math.isnan(solved) else f"{solved} of {row['n']}")
            columns["regret"].append("" if math.isnan(row["regret"]) else number_text(row["regret"]))
        return aligned({k: v for k, v in columns.items() if any(c.strip("-") for c in v)})

    def _verdict_line(self):
        family = self._differences
        many = f", Holm's correction for {number_of(len(family), 'difference')}" if len(family) > 1 else ""
        return f"Verdict by {MEASURES[self.measure]} (paired t over seeds{many}):"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("models", "reference", "measure", "level", "seed", "n_seeds", "episodes", "table")
        names += ("differences", "verdict", "verdicts", "warned", "notes", "scores")
        return {name: getattr(self, name) for name in names} | {"task": "agent", "text": str(self)}


def _finding(finding, verdict):
    return {"finding": finding, "verdict": verdict}
