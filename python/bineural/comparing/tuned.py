"""The record of a search over settings, and the entrant that searches anew within each training set."""

from collections import Counter

import numpy as np

from bineural.comparing.basis_folds import Resampling, read_folds
from bineural.comparing.own_entrants import Net, call_text
from bineural.comparing.searching import Task, choose_of_trial, rows_trained, search
from bineural.drawn import Drawn
from bineural.errors import InputError
from bineural.messages import naming, number_of
from bineural.nets.net_fits import cell, of_one_type
from bineural.not_models import NotAModel
from bineural.notebook import Shown
from bineural.printable import printable
from bineural.tables.frames import is_frame
from bineural.tables.rows import count_rows
from bineural.training.seeds import stream_seed

_SHOWN = 12  # settings that printing shows
RULES = {
    "one_se": "the simplest setting within one standard error of the best",
    "best": "the setting with the best mean",
}


class TunedNet(Shown, Drawn, NotAModel):
    """What `tune_net` found. In `compare_models` it is tuned anew within each training fold.

    Attributes
    ----------
    table : pandas.DataFrame
        A row for each setting: `setting` (from 1), a column for each option, `mean` of the measure over
        folds, its `se`, `n` folds in which it is defined, `round` (the last in which it was trained; the
        numbers are of that round), `best` and `chosen`.
    best, chosen : dict
        The setting with the best mean, and the one that the rule chose.
    model : NetClassifier or NetRegressor or None
        The net of the chosen setting, fitted to all rows; None with ``refit=False``.
    scores : pandas.DataFrame
        A row for each net: `setting`, `round`, `repeat`, `fold`, `seed` and the measure.
    settings : list of dict
    measure, rule : str
    folds : Folds or Split
    seed : int
    n_rows, n_events : int
        `n_events` is None but for two classes.
    outcome_, event_, formula_ : str, label, str
        None where there is none.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> tuned = bn.tune_net("petal_width ~ petal_length", iris, {"l2": [0.01, 1]}, folds=3, epochs=5, seed=1)
    >>> tuned.table["chosen"].tolist()
    [True, False]
    """

    def __init__(
        self, basis, template, settings, measure, rule, trial, task, eta, how, model=None, asked=None
    ):
        self.basis, self.template, self.settings = basis, template, settings
        self._measure, self.rule, self.trial, self.task = measure, rule, trial, task
        self.eta, self.how, self.model, self.asked = eta, how, model, asked or {}
        self.measure, self.seed, self.folds = measure.name, basis.seed, basis.folds
        self.n_rows, self.n_events = basis.n_rows, basis.n_events
        problem = basis.problem
        self.outcome_, self.event_, self.formula_ = problem.outcome, basis.event, problem.formula
        n_trained = rows_trained(task.sets, template)
        self._best, self._chosen = choose_of_trial(trial, settings, template, n_trained, measure, rule)
        self.best, self.chosen = dict(settings[self._best]), dict(settings[self._chosen])
        self.table = self._make_table()

    called = "what tune_net() returned"

    @property
    def asked_objective(self):
        """The objective that the nets were asked to learn by name, or None."""
        return self.template.asked_objective

    @property
    def instead(self):
        """Say where the fitted net is."""
        if self.model is None:
            return "Tune with refit=True, which fits the chosen setting; `model` is then that net."
        return "Give its `model`, the net of the chosen setting."

    def _make_table(self):
        import pandas as pd

        means, ses, counts = self.trial.summary()
        names = list(dict.fromkeys(name for setting in self.settings for name in setting))
        options = self.template.get_params(deep=False)
        rows = []
        for i, setting in enumerate(self.settings):
            own = {name: cell({**options, **setting}[name]) for name in names}
            row = {"setting": i + 1, **own, "mean": means[i], "se": ses[i], "n": int(counts[i])}
            row |= {"round": int(self.trial.rounds[i]), "best": i == self._best, "chosen": i == self._chosen}
            rows.append(row)
        return of_one_type(pd.DataFrame(rows), names)

    @property
    def scores(self):
        """A row for each net that was tried."""
        import pandas as pd

        rows = []
        for r, scores in enumerate(self.trial.scores):
            for i in np.flatnonzero(self.trial.rounds > r):
                for k, resample in enumerate(self.task.sets):
                    keys = {
                        "setting": i + 1,
                        "round": r + 1,
                        "repeat": resample.repeat,
                        "fold": resample.fold,
                    }
                    rows.append({**keys, "seed": self.task.seeds[k], self.measure: scores[i, k]})
        return pd.DataFrame(rows)

    def as_entrant(self, name):
        """Return what `compare_models` compares: the whole search, made anew from training rows alone."""
        return TunedEntrant(name, self)

    @property
    def n_folds(self):
        """Folds of each repeat."""
        return sum(resample.repeat == self.task.sets[0].repeat for resample in self.task.sets)

    @property
    def n_repeats(self):
        """Repeats of the folds."""
        return len(self.task.sets) // self.n_folds

    # ---- words ----

    def __str__(self):
        """Show what was tried, the best settings, and which was chosen."""
        lines = [self._headline(), self._folds_line(), "", *self._table_lines()]
        n_more = len(self.table) - len(self._shown_settings())
        if n_more:
            lines.append(f"(`table` has {number_of(n_more, 'more setting')}.)")
        return printable("\n".join([*lines, "", *self._verdict()]))

    __repr__ = __str__

    def _table_lines(self):
        return _table_lines(self._shown_settings(), self._measure.label)

    def _shown_settings(self):
        """Return the rows of the table that are printed: the best, and the chosen one."""
        better_first = [False, not self._measure.larger_is_better]
        table = self.table.sort_values(["round", "mean"], ascending=better_first, kind="stable")
        return table[(np.arange(len(table)) < _SHOWN) | table["chosen"].to_numpy()]

    def _headline(self):
        rows = f"{number_of(self.n_rows, 'row')}{self.basis.outcome_text}"
        return f"{number_of(len(self.settings), 'setting')} tried by {self._measure.label} on {rows}"

    def _folds_line(self):
        repeats = f" x {number_of(self.n_repeats, 'repeat')}" if self.n_repeats > 1 else ""
        rounds = len(self.trial.scores)
        halved = f", {rounds} rounds of which each keeps the best 1 of {self.eta}" if rounds > 1 else ""
        folds = f"{number_of(self.n_folds, 'fold')}{repeats}" if len(self.task.sets) > 1 else "A single split"
        how = self.folds.how_chosen(self.outcome_ or "the outcome") if len(self.task.sets) > 1 else []
        return f"{', '.join([folds, *how])}{halved}, seed {self.seed}"

    def _verdict(self):
        row = self.table.iloc[self._chosen]
        found = f"{self._measure.label} {row['mean']:.3f}" + (
            f" (SE {row['se']:.3f})" if row["se"] > 0 else ""
        )
        lines = [f"Chosen, {RULES[self.rule]}: {setting_text(self.chosen)}: {found}."]
        if self._chosen != self._best:
            best = self.table.iloc[self._best]
            lines.append(f"Best mean: {setting_text(self.best)}: {best['mean']:.3f} (SE {best['se']:.3f}).")
        return [
            *lines,
            "Numbers flatter what they chose: compare_models() tunes anew in each training fold.",
        ]


class TunedEntrant(Net):
    """A net that is tuned within each training set; all searches are trained together, then all winners."""

    def __init__(self, name, tuned):
        super().__init__(name, tuned.template)
        self.tuned = tuned
        if len(tuned.task.sets) < 2:
            raise InputError(
                "A tuned net that is compared must have been tuned over folds, to be tuned anew so.",
                f"{name} was tuned on a single split.",
                "Use tune_net(..., folds=5).",
            )

    def describe(self):
        """Say in a line what is fitted."""
        tuned = self.tuned
        names = ", ".join(dict.fromkeys(name for setting in tuned.settings for name in setting))
        folds = number_of(tuned.n_folds, "inner fold") + f" x {tuned.n_repeats}" * (tuned.n_repeats > 1)
        searched = f"{number_of(len(tuned.settings), 'setting')} of {names} by {tuned.measure}, {folds}"
        return f"{call_text(self.model)}, tuned over {searched}"

    def identity(self, basis):
        """Return what its fits depend on: options, settings, inner folds, and how one is chosen."""
        tuned = self.tuned
        inner = [tuned.n_folds, tuned.n_repeats, tuned.how]
        choice = [tuned.settings, tuned._measure, tuned.rule, tuned.eta]
        return [super().identity(basis), inner, choice]

    def choose_settings(self, basis, template, jobs, names, run):
        """Return the chosen setting of each (resample, draw); test rows are not looked at."""
        tuned = self.tuned
        self._check_task(basis)
        tasks = [self._task(basis, *job, name) for job, name in zip(jobs, names)]
        how = tuned.eta, run.memory, run.n_jobs
        trials = search(basis, template, tuned.settings, tasks, tuned._measure, *how)
        chosen = []
        for trial, task, name in zip(trials, tasks, names):
            with naming(name):
                n_trained = rows_trained(task.sets, template)
                _, place = choose_of_trial(
                    trial, tuned.settings, template, n_trained, tuned._measure, tuned.rule
                )
            chosen.append(tuned.settings[place])
        self.told["chosen"] = chosen
        counts = Counter(map(setting_text, chosen))
        self.told["counts"] = dict(counts.most_common())
        return chosen

    def _task(self, basis, k, draw, name):
        """Return folds within the training rows of a resample, made as the tuned net's own were."""
        tuned, problem = self.tuned, basis.problem
        inside = np.zeros(count_rows(problem.X), dtype=bool)
        inside[basis.sets[k].train] = True
        how = dict(tuned.how)
        outer = getattr(basis.folds, "groups", None)
        if how["groups"] is None and is_frame(problem.X) and outer in list(problem.X.columns):
            how["groups"] = outer
        for what, given in how.items():
            if given is not None and given is not False and not isinstance(given, str):
                _check_length(what, given, len(inside), self.name)
        seed = basis.seed_of(self.name, k, draw)  # as tune_net(..., seed=seed) on these rows
        with naming(name):
            resampling = Resampling(tuned.n_folds, tuned.n_repeats, **how, seed=seed)
            _, sets = read_folds(problem, inside, basis.task, resampling)
        return Task(sets, inner_seeds(seed, sets), f"{name}, ")

    def _check_task(self, basis):
        if self.tuned.basis.task != basis.task:
            raise InputError(
                "A tuned net must have been tuned for the outcome that is compared.",
                f"{self.name} was tuned for {self.tuned.basis.task}; the comparison is of {basis.task}.",
                "Tune it on the same outcome.",
            )


def _check_length(what, given, n_rows, name):
    if count_rows(given) != n_rows:
        raise InputError(
            f"`{what}` of a tuned net must be a column, or have a value for each row that is compared.",
            f"{name} has {number_of(count_rows(given), 'value')} for {number_of(n_rows, 'row')}.",
            f"Tune with {what}='column'.",
        )


def inner_seeds(seed, sets):
    """Return the seed of each fold's nets, the same for all settings."""
    return [stream_seed(seed, "tuning", k) for k in range(len(sets))]


def setting_text(setting):
    """Write a setting on a line."""
    return ", ".join(f"{name} = {_value_text(value)}" for name, value in setting.items()) or "as given"


def _value_text(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        parts = ", ".join(map(_value_text, value))
        return parts if len(value) == 1 else f"({parts})"
    if isinstance(value, (float, np.floating)):
        return f"{value:.3g}"
    return str(cell(value))


def _table_lines(table, label):
    marks = np.where(table["chosen"], "chosen", np.where(table["best"], "best", ""))
    shown = table.drop(columns=["best", "chosen"]).assign(**{"": marks})
    if table["round"].max() == 1:
        shown = shown.drop(columns="round")
    shown = shown.rename(columns={"mean": label, "se": "SE"})
    number = {label: "{:.3f}".format, "SE": "{:.3f}".format}
    options = [c for c in shown.columns if c not in (label, "SE", "setting", "n", "round", "")]
    shown = shown.assign(**{c: [_cell_text(value) for value in shown[c]] for c in options})
    return shown.to_string(index=False, formatters=number).splitlines()


def _cell_text(value):
    if value is None or value != value:
        return "default"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
