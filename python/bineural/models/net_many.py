"""Many nets at once: one estimator; many training sets, seeds and settings; as few stacks as can be.

Each net learns its preparation, its validation rows and its outcome's scale from its own training rows, as
if fitted alone. Nets of equal layout, optimizer and batch size then share a stack.
"""

from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from bineural._tensorflow import keras, tf
from bineural.tables.rows import take_rows


class NetRun(NamedTuple):
    """One net to be fitted: row numbers, seed (None keeps the template's) and settings that differ."""

    rows: object
    seed: object = None
    settings: dict = {}


def fit_nets(template, X, y, runs, *, sample_weight=None, exclude=(), memory=2**30):
    """Fit one net for each run.

    Parameters
    ----------
    template : NetClassifier or NetRegressor
        Unfitted, or fitted; it is not changed.
    X, y : data frame or array_like, array_like
        All rows.
    runs : sequence of NetRun
        Training rows by number, seed, and the parameters that differ from the template's.
    sample_weight : array_like of float, shape (n_rows,), optional
    exclude : sequence of str
        Columns that `.` in the formula does not mean.
    memory : int
        Bytes that nets trained at the same time may take.

    Returns
    -------
    list of NetClassifier or NetRegressor
        Fitted, each equal to the same net fitted alone (to float32 rounding).

    Raises
    ------
    InputError
        As `fit` does.
    """
    nets, jobs = [], []
    for run in runs:
        net, rows = clone(template), np.asarray(run.rows)
        net.set_params(**({} if run.seed is None else {"seed": run.seed}), **run.settings)
        net._stacks = True
        weights = None if sample_weight is None else np.asarray(sample_weight)[rows]
        jobs.append(net._begin_job(take_rows(X, rows), take_rows(y, rows), weights, None, exclude))
        nets.append(net)
    groups = {}
    for i, job in enumerate(jobs):
        groups.setdefault(_group_key(job), []).append(i)
    for group in groups.values():
        trained = _train_together([jobs[i] for i in group], memory)
        for i, one in zip(group, trained):
            nets[i]._keep_trained(one)
    for net in nets:
        net._stacks, net._made_plan = False, None
    return nets


def _group_key(job):
    """Return what must be equal for nets to share a stack."""
    from bineural.training.optimizers import optimizer_key

    shapes = [(a.shape[1:], str(a.dtype)) for a in tf.nest.flatten(job.inputs)]
    options = {k: v for k, v in job.options.items() if k != "optimizer"}
    if isinstance(job.options["optimizer"], keras.Optimizer):
        options["rate"] = repr(job.options["optimizer"].get_config().get("learning_rate"))
    parts = repr((shapes, job.y.shape[1:], sorted(options.items()), len(job.watch) > 0))
    return job.plan.key, optimizer_key(job.options["optimizer"]), parts, job.learning_rate is None


def _train_together(jobs, memory):
    """Train jobs of equal layout as one stack; return a list of `Trained` for each."""
    from bineural.models.net_members import train_job
    from bineural.training import train_stack

    if sum(len(job.seeds) for job in jobs) == 1:
        return [train_job(jobs[0])]
    members = [job for job in jobs for _ in job.seeds]
    longest = max(len(job.y) for job in jobs)
    weights = None
    if any(job.weights is not None for job in jobs):
        weights = [np.ones(len(job.y)) if job.weights is None else job.weights for job in members]
        weights = _stacked(weights, longest)
    rates = [job.learning_rate for job in members]
    found = train_stack(
        [job.plan for job in members],
        tf.nest.map_structure(lambda *parts: _stacked(parts, longest), *[job.inputs for job in members]),
        _stacked([job.y for job in members], longest),
        own=("inputs", "y"),
        seeds=[seed for job in jobs for seed in job.seeds],
        rows=[job.train for job in members],
        validation=[job.watch for job in members] if len(members[0].watch) else None,
        row_weights=weights,
        learning_rate=None if rates[0] is None else rates,
        penalty_scale=[job.penalty_scale for job in members],
        memory=memory,
        **jobs[0].options,
    )
    ends = np.cumsum([len(job.seeds) for job in jobs])
    return [found[end - len(job.seeds) : end] for job, end in zip(jobs, ends)]


def _stacked(arrays, longest):
    """Stack arrays of different numbers of rows, filled up with zeros."""
    stacked = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), arrays[0].dtype)
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return stacked
