"""Many nets at once: one net's options; many training sets, seeds and settings; as few stacks as can be.

Each net learns its input, validation rows and the scale of its outcome from its own training rows, as if
fitted alone. Nets of equal layout, optimizer and batch size then share a stack.
"""

import warnings
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.checks import is_number
from bineural.errors import InputError
from bineural.messages import naming, warn
from bineural.nets.astray import say_astray
from bineural.nets.chosen_penalty import contest_of
from bineural.nets.chunks import count_chunk_workers, fit_in_chunks
from bineural.nets.fitting import Sharing, begin, finish, leave_stack, member_name, reached, train
from bineural.nets.pretraining import pretrained
from bineural.nets.progress import shown_progress
from bineural.nets.watched_rows import rows_of, stack_rows
from bineural.repeated_warnings import merge
from bineural.tables.rows import take_rows
from bineural.workers import in_a_worker
from bineural.zoo.architecture import as_architecture, default_architecture


class NetRun(NamedTuple):
    """One net to be fitted: row numbers, seed (None keeps the template's), settings that differ, its name."""

    rows: object
    seed: object = None
    settings: dict = {}
    name: str = ""  # as errors and warnings call it: "the net of fold 3"


def fit_runs(
    template, X, y, runs, *, sample_weight=None, exclude=(), memory=2**30, diverged="raise", names=()
):
    """Fit one net for each run.

    Parameters
    ----------
    template : NetClassifier or NetRegressor
        Unfitted, or fitted; it is not changed.
    X, y : data frame or array_like, array_like
        All rows.
    runs : sequence of NetRun
        Training rows by number, seed, and the options that differ from the template's.
    sample_weight : array_like of float, shape (n_rows,), optional
    exclude : sequence of str
        Columns that `.` in the formula does not mean.
    memory : int
        Bytes that nets trained at the same time may take.
    diverged : {"raise", "keep"}
        A training loss that is not finite is an error, or ends that net; see `diverged_loss`.
    names : tuple (outcome, formula), optional
        Noted in the fitted nets.

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
    jobs = pretrained(_begin_jobs(nets, X, y, runs, sample_weight, exclude))
    groups = {}
    for i, job in enumerate(jobs):
        groups.setdefault(_group_key(job), []).append(i)
    fitted, every = [None] * len(jobs), []
    most = [len(job.seeds) * job.engine["epochs"] for job in jobs]
    verbose = 0 if in_a_worker() else template.verbose
    with shown_progress(sum(most), verbose, sum(len(job.seeds) for job in jobs)) as progress:
        for group in groups.values():
            try:
                results = _train_group(
                    [jobs[i] for i in group], [runs[i].name for i in group], memory, progress, diverged
                )
            except KeyboardInterrupt as stop:
                for i, net in zip(group, _reached([jobs[i] for i in group], getattr(stop, "trained", None))):
                    fitted[i] = net
                stop.nets = _wrapped(nets, fitted, names)
                raise
            for i, trained in zip(group, results):
                fitted[i] = finish(jobs[i], trained)
                every += trained
            if progress is not None:
                progress.end_group(sum(most[i] for i in group), sum(map(len, results)))
        if progress is not None:
            progress.end(every)
    if diverged == "raise":
        say_astray(fitted)
    return _wrapped(nets, fitted, names)


def fit_by_workers(n_jobs, template, X, y, runs, *, tell=None, names=(), **how):
    """Fit one net for each run, in chunks by workers where `n_jobs` or joblib's configuration asks for them.

    Parameters
    ----------
    n_jobs : int or None
        See `fit_in_chunks`; nets with callbacks, which are objects of this process, are trained here.
    tell : callable, optional
        Called with the number of nets of each chunk that is done.
    template, X, y, runs, names, **how
        As `fit_runs` takes them.

    Returns
    -------
    list of NetClassifier or NetRegressor

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C; its `nets` is the list with what was reached, None for nets of chunks that were not done.
    """
    here = bool(template.callbacks)
    if count_chunk_workers(n_jobs, len(runs), here) == 1:
        return fit_runs(template, X, y, runs, names=names, **how)
    shared, settings = (template, X, y, how), [run.settings for run in runs]
    nets = [_net_of(template, run) for run in runs]
    try:
        fits = fit_in_chunks(n_jobs, _fitted_nets, shared, runs, settings, "many nets", tell=tell)
    except KeyboardInterrupt as stop:
        stop.nets = _wrapped(nets, map(_with_architecture, nets, stop.answers), names)
        raise
    return _wrapped(nets, map(_with_architecture, nets, fits), names)


def _fitted_nets(template, X, y, how, runs):
    """Fit a chunk in a worker; what can be built again does not travel back."""
    return [net.fitted_.without_architecture() for net in fit_runs(template, X, y, runs, **how)]


def _with_architecture(net, fitted):
    """Return a fitted net that came back, with the architecture that its estimator has."""
    if fitted is not None:
        default = default_architecture(fitted.input.kind)
        fitted.architecture = as_architecture(default if net.architecture is None else net.architecture)
    return fitted


def _wrapped(nets, fitted, names):
    """Put each fitted net into its estimator; None where there is none."""
    return [None if result is None else net.keep_fitted(result, *names) for net, result in zip(nets, fitted)]


def _net_of(template, run):
    """Return an unfitted net; it shares the template's architecture and optimizer, which nobody changes."""
    return template.unfitted().set_params(**({} if run.seed is None else {"seed": run.seed}), **run.settings)


def _begin_jobs(nets, X, y, runs, sample_weight, exclude):
    """Learn everything but the weights, net by net; warnings of one kind are given once."""
    some_drop = any(is_number(net.dropout) and net.dropout > 0 for net in nets)
    jobs, warned = [], []
    for net, run in zip(nets, runs):
        rows = np.asarray(run.rows)
        weights = None if sample_weight is None else np.asarray(sample_weight)[rows]
        sharing = None if net.callbacks else Sharing(some_drop, frozenset(run.settings))
        with warnings.catch_warnings(record=True) as caught, naming(run.name):
            warnings.simplefilter("always")
            jobs.append(begin(net, take_rows(X, rows), take_rows(y, rows), weights, exclude, sharing))
        warned += [(entry.category, str(entry.message), 1, run.name) for entry in caught]
    for kind in merge(warned):
        first, *others = kind.counts
        others = f" and {len(others)} more" if others else ""
        message = kind.category(f"{kind.text()}\nSo for {first}{others}." if first else kind.text())
        message.n_fits = len(kind.counts)  # a comparison counts them
        warn(kind.category, message)
    return jobs


def _group_key(job):
    """Return what must be equal for nets to share a stack."""
    from bineural.training.open_lengths import rows_key
    from bineural.training.optimizers import optimizer_key

    shapes = rows_key(job.plan.model, job.inputs)
    engine = {
        k: getattr(v, "key", v) if k == "step" else v for k, v in job.engine.items() if k != "optimizer"
    }
    optimizer = job.engine.get("optimizer")
    if isinstance(optimizer, keras.Optimizer):
        engine["rate"] = repr(optimizer.get_config().get("learning_rate"))
    parts = repr((shapes, job.y.shape[1:], sorted(engine.items()), len(job.partings[0].watch) > 0))
    kept = None if optimizer is None else optimizer_key(optimizer)
    return job.plan.key, kept, parts, job.learning_rate is None


def _train_group(jobs, names, memory, progress, diverged):
    """Train jobs of equal layout as one stack; return a list of `Trained` for each."""
    from bineural.training import train_stack
    from bineural.training.open_lengths import of_one_length

    if sum(len(job.seeds) for job in jobs) == 1:
        with naming(names[0]):
            return [train(leave_stack(jobs[0]), progress, diverged)]
    if len(jobs) == 1:
        with naming(names[0]):
            return [train(jobs[0], progress, diverged)]
    members = [job for job in jobs for _ in job.seeds]
    longest = max(len(job.y) for job in jobs)
    weights = None
    if any(job.weights is not None for job in jobs):
        weights = [np.ones(len(job.y)) if job.weights is None else job.weights for job in members]
        weights = stack_rows(weights, longest)
    rates = [job.learning_rate for job in members]
    inputs = of_one_length(jobs[0].plan.model, [job.inputs for job in members])
    shown = {} if progress is None else {"progress": progress.stack, "compiling": progress.compiling}
    trained = train_stack(
        [plan for job in jobs for plan in job.plans],
        tf.nest.map_structure(lambda *parts: stack_rows(parts, longest), *inputs),
        stack_rows([job.y for job in members], longest),
        own=("inputs", "y"),
        seeds=[seed for job in jobs for seed in job.seeds],
        **rows_of([parting for job in jobs for parting in job.partings]),
        row_weights=weights,
        learning_rate=None if rates[0] is None else rates,
        **{name: [rate for job in jobs for rate in _each_rate(job, name)] for name in jobs[0].rates},
        memory=memory,
        diverged=diverged,
        **contest_of(jobs),
        names=[_member_name(name, i, job) for name, job in zip(names, jobs) for i in range(len(job.seeds))],
        **shown,
        **jobs[0].engine,
    )
    ends = np.cumsum([len(job.seeds) for job in jobs])
    return [trained[end - len(job.seeds) : end] for job, end in zip(jobs, ends)]


def _member_name(name, i, job):
    name = name or "a net"
    return f"{name}, {member_name(job, i)}" if len(job.seeds) > 1 else name


def _each_rate(job, name):
    rate = job.rates[name]
    return rate if isinstance(rate, list) else [rate] * len(job.seeds)


def _reached(jobs, trained):
    """Return what an interrupted stack has reached: the nets with members that had begun, else None."""
    trained = trained if isinstance(trained, list) else [trained]
    members = iter(trained + [None] * sum(len(job.seeds) for job in jobs))
    return [reached(job, [next(members) for _ in job.seeds]) for job in jobs]
