"""Trying settings on folds: all of them as few stacks, in rounds of more epochs where they are halved."""

import math
from typing import NamedTuple

import numpy as np

from bineural.comparing.corrected_t import corrected_t
from bineural.comparing.grids import simplicity
from bineural.comparing.intervals import defined
from bineural.comparing.own_entrants import ask_net
from bineural.comparing.pooling import contributions, estimate, resample_shares
from bineural.comparing.scoring import measured_rows
from bineural.errors import FailedFitWarning, InputError
from bineural.measures.ordering import ordered
from bineural.messages import warn
from bineural.nets.chunks import fit_in_chunks


class Task(NamedTuple):
    """One search: folds to try settings on, the seed of each fold's nets, and how messages call it."""

    sets: list
    seeds: list
    name: str = ""


class Trial(NamedTuple):
    """The scores of a search.

    scores : ndarray of float64, shape (n_rounds, n_settings, n_sets); NaN where not trained or undefined,
        and for a setting with a net that diverged.
    rounds : ndarray of int64, shape (n_settings,); the last round of each setting, from 1.
    test_share : float; test rows for each training row.
    measure : Measure
    shares : ndarray of float64, shape (n_sets,), or None; weights of the folds in the measure's mean.
    """

    scores: np.ndarray
    rounds: np.ndarray
    test_share: float
    measure: object
    shares: np.ndarray | None = None

    def summary(self):
        """Return (estimate, se, n) of each setting in its last round, over folds where it is defined.

        The standard error is corrected for training rows that folds share (Nadeau and Bengio); NaN for one.
        """
        summary = np.full((3, len(self.rounds)), np.nan)
        for i, last in enumerate(self.rounds):
            summary[0, i] = estimate(self.measure, self.scores[last - 1, i], self.shares)
            values, share = defined(
                contributions(self.measure, self.scores[last - 1, i], self.shares), self.test_share
            )
            summary[2, i] = len(values)
            if len(values) > 1 and np.isfinite(values).all():
                summary[1, i] = corrected_t(values, share).se
        return summary


def search(basis, template, settings, tasks, measure, eta=None, memory=1e9, n_jobs=None, tell=None):
    """Try all settings on the folds of all tasks.

    Parameters
    ----------
    basis : Basis
        Rows, outcome and weights; its own folds are not used.
    template : NetClassifier or NetRegressor
    settings : list of dict
    tasks : list of Task
    measure : Measure
    eta : int, optional
        Keep the best of every `eta` settings after each round; None tries all with all epochs.
    memory : float
        Bytes that training rows of nets trained at the same time may take.
    n_jobs : int, optional
        See `fit_in_chunks`.
    tell : callable, optional
        Called with how many nets workers have finished.

    Returns
    -------
    list of Trial
        One for each task.
    """
    epochs = epoch_shares(len(settings), eta)
    measures = [measure.settled(**measured_rows(basis, task.sets)) for task in tasks]
    shares = [_fold_shares(basis, task.sets, each) for task, each in zip(tasks, measures)]
    scores = [np.full((len(epochs), len(settings), len(task.sets)), np.nan) for task in tasks]
    rounds = [np.ones(len(settings), dtype=np.int64) for _ in tasks]
    failed = [{} for _ in tasks]  # settings with a net that diverged, and why
    alive = [list(range(len(settings))) for _ in tasks]
    for r, share in enumerate(epochs):
        if r:
            alive = [_best(scores[t][r - 1], alive[t], eta, measure, shares[t]) for t in range(len(tasks))]
        plan = [
            (t, i, k)
            for i in range(len(settings))  # nets of a setting side by side: they share a stack
            for t, task in enumerate(tasks)
            for k in range(len(task.sets))
            if i in alive[t]
        ]
        shared = basis, template, settings, tasks, share, measures, int(memory)
        theirs, here = [settings[i] for _, i, _ in plan], bool(template.callbacks)
        scored = fit_in_chunks(n_jobs, _scored, shared, plan, theirs, "nets of settings", here, tell)
        for (t, i, k), (score, why) in zip(plan, scored):
            scores[t][r, i, k] = score
            rounds[t][i] = r + 1
            if why:
                failed[t].setdefault(i, why)
        for t, whys in enumerate(failed):
            scores[t][: r + 1, list(whys)] = np.nan
    _say_failed(failed, tasks, len(settings))
    return [
        Trial(scores[t], rounds[t], _test_share(task.sets), measures[t], shares[t])
        for t, task in enumerate(tasks)
    ]


def epoch_shares(n_settings, eta):
    """Return the share of the epochs that each round runs, the last one all.

    Rounds are as many as it takes to come down to `eta` settings or fewer.
    """
    n_rounds = 1
    while eta is not None and n_settings > eta:
        n_settings, n_rounds = math.ceil(n_settings / eta), n_rounds + 1
    return [1.0 if eta is None else float(eta) ** (r + 1 - n_rounds) for r in range(n_rounds)]


def choose(means, ses, in_last_round, order, larger_is_better, rule):
    """Choose among the settings that were tried with all epochs.

    Parameters
    ----------
    means, ses : array_like of float64, shape (n_settings,)
    in_last_round : array_like of bool, shape (n_settings,)
    order : list of tuple
        The simplest has the smallest.
    larger_is_better : bool
    rule : {"one_se", "best"}
        "one_se": the simplest setting whose mean is within one standard error of the best mean.

    Returns
    -------
    best, chosen : int
        The first of equals.
    """
    means = np.asarray(means, dtype=np.float64) * (1 if larger_is_better else -1)
    tried = [i for i in np.flatnonzero(in_last_round) if not np.isnan(means[i])]
    if not tried:
        raise InputError(
            "The measure must be defined in some fold.",
            f"It is NaN for all {len(means)} settings.",
            "Use fewer folds, so that each holds rows of every class, or another measure.",
        )
    best = max(tried, key=lambda i: (means[i], -i))
    if rule == "best" or np.isnan(ses[best]):
        return int(best), int(best)
    near = [i for i in tried if means[i] >= means[best] - ses[best]]
    return int(best), int(min(near, key=lambda i: (*order[i], -means[i], i)))


def choose_of_trial(trial, settings, template, n_trained, measure, rule):
    """Return (best, chosen): positions of settings in a trial; see `choose`."""
    means, ses, _ = trial.summary()
    last = trial.rounds == len(trial.scores)
    options = [{**template.get_params(deep=False), **setting} for setting in settings]
    order = [simplicity(values, n_trained) for values in options]
    return choose(means, ses, last, order, measure.larger_is_better, rule)


def rows_trained(sets, template):
    """Count the rows that a net of these folds is trained on, without those that it only watches."""
    each = np.mean([len(resample.train) for resample in sets])
    return max(1, round(each * (1 - (template.validation or 0))))


def _scored(basis, template, settings, tasks, share, measures, memory, plan):
    """Return each net's measure and why it has none, or None; nets are let go once they are measured."""
    from bineural.nets.many import NetRun, fit_runs

    problem, scores = basis.problem, []
    for part in _parts(plan, tasks, problem.X, memory):
        runs = []
        for t, i, k in part:
            task, setting = tasks[t], settings[i]
            epochs = math.ceil(share * setting.get("epochs", template.epochs))
            name = f"{task.name}setting {i + 1}, inner fold {k + 1}"
            runs.append(NetRun(task.sets[k].train, task.seeds[k], {**setting, "epochs": epochs}, name))
        weights = {"sample_weight": basis.weights, "exclude": problem.exclude, "memory": memory}
        nets = fit_runs(template, problem.X, problem.y, runs, diverged="keep", **weights)
        for net, (t, _, k) in zip(nets, part):
            rows, measure = tasks[t].sets[k], measures[t]
            answer = ask_net(net, basis, rows)
            if answer.failure:
                scores.append((math.nan, answer.failure))
                continue
            prediction = ordered(answer.prediction, answer.logit) if measure.ranks else answer.prediction
            row_weights = None if basis.weights is None else basis.weights[rows.test]
            scores.append((measure(basis.truth[rows.test], prediction, row_weights), None))
    return scores


def _say_failed(failed, tasks, n_settings):
    """Warn of settings with a net that diverged: they are not chosen. All of them are an error."""
    from bineural.training.run import STEADIER

    for task, whys in zip(tasks, failed):
        if not whys:
            continue
        places = ", ".join(str(i + 1) for i in sorted(whys)[:6]) + ", ..." * (len(whys) > 6)
        why = next(iter(whys.values()))
        found = f"In {task.name}setting {places}: {why[:1].lower() + why[1:]}."
        if len(whys) == n_settings:
            raise InputError("Some setting must train to a finite loss in every fold.", found, STEADIER)
        warn(FailedFitWarning, f"{found} Settings that fail in a fold are not chosen.")


def _parts(plan, tasks, X, memory):
    """Cut the plan so that prepared training rows, of about the columns that X has, fit into memory."""
    width = getattr(X, "largest", None) or int(np.prod(getattr(X, "shape", (1, 1))[1:])) or 1
    part, total = [], 0
    for job in plan:
        size = 8 * width * len(tasks[job[0]].sets[job[2]].train)
        if part and total + size > memory:
            yield part
            part, total = [], 0
        part.append(job)
        total += size
    yield part


def _fold_shares(basis, sets, measure):
    """Return the weights of folds in a measure's mean, or None."""
    weights = [None if basis.weights is None else basis.weights[resample.test] for resample in sets]
    return resample_shares(measure, [basis.truth[resample.test] for resample in sets], weights)


def _best(scores, alive, eta, measure, shares=None):
    """Return the best of those still tried, one of every `eta`; where nothing is defined, the first."""
    sign = 1 if measure.larger_is_better else -1
    means = sign * np.array([estimate(measure, values, shares) for values in scores])
    means = np.where(np.isnan(means), -np.inf, means)
    ranked = sorted(alive, key=lambda i: (-means[i], i))
    return sorted(ranked[: math.ceil(len(alive) / eta)])


def _test_share(sets):
    return float(np.mean([len(s.test) for s in sets]) / np.mean([len(s.train) for s in sets]))
