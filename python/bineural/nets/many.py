"""Many nets at once: one estimator; many training sets, seeds and settings; as few stacks as can be.

Each net learns its preparation, its validation rows and its outcome's scale from its own training rows, as
if fitted alone. Nets of equal layout, optimizer and batch size then share a stack.
"""

import numbers
import warnings
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.messages import naming, warn
from bineural.nets.progress import shown_progress
from bineural.tables.rows import take_rows


class NetRun(NamedTuple):
    """One net to be fitted: row numbers, seed (None keeps the template's), settings that differ, its name."""

    rows: object
    seed: object = None
    settings: dict = {}
    name: str = ""  # as errors and warnings call it: "the net of fold 3"


def fit_nets(template, X, y, runs, *, sample_weight=None, exclude=(), memory=2**30, diverged="raise"):
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
    diverged : {"raise", "keep"}
        A training loss that is not finite is an error, or ends that net; see `diverged_loss`.

    Returns
    -------
    list of NetClassifier or NetRegressor
        Fitted, each equal to the same net fitted alone (to float32 rounding).

    Raises
    ------
    InputError
        As `fit` does; it says of which net.
    KeyboardInterrupt
        On Ctrl-C; its `nets` is the list with what was reached, None for nets that had not begun.
    """
    if template.checkpoint is not None:
        raise InputError(
            "`checkpoint` can be used with one net only.",
            f"It is {str(template.checkpoint)!r}, with {len(runs)} fits.",
            "Leave it out; many fits take little time each.",
        )
    nets = [_net_of(template, run) for run in runs]
    some_drop = any(_is_positive(net.dropout) for net in nets)
    for net in nets:
        net._beside_dropout = some_drop
    jobs = _begin_jobs(nets, X, y, runs, sample_weight, exclude)
    groups, every = {}, []
    for i, job in enumerate(jobs):
        groups.setdefault(_group_key(job), []).append(i)
    most = [len(job.seeds) * job.options["epochs"] for job in jobs]
    with shown_progress(sum(most), template.verbose, sum(len(job.seeds) for job in jobs)) as progress:
        for group in groups.values():
            here = [jobs[i] for i in group]
            try:
                if sum(len(job.seeds) for job in here) == 1:
                    here = [nets[group[0]]._leave_stack(here[0])]
                trained = _train_together(here, [runs[i].name for i in group], memory, progress, diverged)
            except KeyboardInterrupt as stop:
                _keep_reached([nets[i] for i in group], here, getattr(stop, "trained", None))
                for net in nets:
                    _part_from_stack(net)
                stop.nets = [net if hasattr(net, "weights_") else None for net in nets]
                raise
            for i, one in zip(group, trained):
                nets[i]._keep_trained(one)
                every += one
            if progress is not None:
                progress.end_group(sum(most[i] for i in group), sum(map(len, trained)))
        if progress is not None:
            progress.end(every)
    for net in nets:
        _part_from_stack(net)
    return nets


def _is_positive(rate):
    return isinstance(rate, numbers.Real) and rate > 0


def _part_from_stack(net):
    """Let a net be one like others: with its own penalty in the graph when it is next built."""
    net._stacks, net._beside_dropout, net._made_plan = False, False, None


def _keep_reached(nets, jobs, trained):
    """Keep what an interrupted stack has reached: members that had begun."""
    trained = trained if isinstance(trained, list) else [trained]
    members = iter(trained + [None] * sum(len(job.seeds) for job in jobs))
    for net, job in zip(nets, jobs):
        own = [next(members) for _ in job.seeds]
        begun = [one for one in own if one is not None and one.epochs_run]
        if begun:
            net._keep_trained(begun)
            done = [one.stopped or one.epochs_run == job.options["epochs"] for one in begun]
            net.interrupted_ = len(begun) < len(own) or not all(done)


def _net_of(template, run):
    """Return an unfitted net; it shares the template's architecture and optimizer, which nobody changes."""
    net = type(template)(**template.get_params(deep=False))
    net.set_params(**({} if run.seed is None else {"seed": run.seed}), **run.settings)
    net._stacks, net._tried = not net.callbacks, frozenset(run.settings)
    return net


def _begin_jobs(nets, X, y, runs, sample_weight, exclude):
    """Learn everything but the weights, net by net; equal warnings are given once."""
    jobs, said = [], {}
    for net, run in zip(nets, runs):
        rows = np.asarray(run.rows)
        weights = None if sample_weight is None else np.asarray(sample_weight)[rows]
        with warnings.catch_warnings(record=True) as caught, naming(run.name):
            warnings.simplefilter("always")
            jobs.append(net._begin_job(take_rows(X, rows), take_rows(y, rows), weights, None, exclude))
        for entry in caught:
            said.setdefault((entry.category, str(entry.message)), []).append(run.name)
    for (category, text), names in said.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        message = category(f"{text}\nSo for {names[0]}{others}." if names[0] else text)
        message.n_fits = len(names)  # a comparison counts them
        warn(category, message)
    return jobs


def _group_key(job):
    """Return what must be equal for nets to share a stack."""
    from bineural.training.optimizers import optimizer_key

    shapes = [(a.shape[1:], str(a.dtype)) for a in tf.nest.flatten(job.inputs)]
    options = {k: v for k, v in job.options.items() if k != "optimizer"}
    if isinstance(job.options["optimizer"], keras.Optimizer):
        options["rate"] = repr(job.options["optimizer"].get_config().get("learning_rate"))
    parts = repr((shapes, job.y.shape[1:], sorted(options.items()), len(job.watch) > 0))
    return job.plan.key, optimizer_key(job.options["optimizer"]), parts, job.learning_rate is None


def _train_together(jobs, names, memory, progress, diverged):
    """Train jobs of equal layout as one stack; return a list of `Trained` for each."""
    from bineural.nets.members import train_job
    from bineural.training import train_stack

    if sum(len(job.seeds) for job in jobs) == 1:
        with naming(names[0]):
            return [train_job(jobs[0], progress, diverged)]
    members = [job for job in jobs for _ in job.seeds]
    longest = max(len(job.y) for job in jobs)
    weights = None
    if any(job.weights is not None for job in jobs):
        weights = [np.ones(len(job.y)) if job.weights is None else job.weights for job in members]
        weights = _stacked(weights, longest)
    rates = [job.learning_rate for job in members]
    shown = {} if progress is None else {"progress": progress.stack, "compiling": progress.compiling}
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
        **{name: [job.rates[name] for job in members] for name in jobs[0].rates},
        memory=memory,
        diverged=diverged,
        names=[_member_name(name, i, job) for name, job in zip(names, jobs) for i in range(len(job.seeds))],
        **shown,
        **jobs[0].options,
    )
    ends = np.cumsum([len(job.seeds) for job in jobs])
    return [found[end - len(job.seeds) : end] for job, end in zip(jobs, ends)]


def _member_name(name, i, job):
    name = name or "a net"
    return f"{name}, member {i + 1}" if len(job.seeds) > 1 else name


def _stacked(arrays, longest):
    """Stack arrays of different numbers of rows, filled up with zeros."""
    stacked = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), arrays[0].dtype)
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return stacked
