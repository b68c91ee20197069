"""Hidden layers that begin as a deep belief net: Boltzmann machines, layer by layer, on the training rows.

Each machine is fitted to what the machine below makes of the rows; its weights are where the hidden layer
starts from, and the net is then trained as always (fine-tuned). The machines of all members, folds and grid
points of one layout are trained together. Rows that a net watches, or that a fold holds out, teach its
machines nothing. Machines that the user has fitted are taken as they are, for all folds.

References: Hinton, Osindero and Teh (2006). A fast learning algorithm for deep belief nets. Neural
Computation 18(7), 1527-1554; Hinton and Salakhutdinov (2006). Science 313, 504-507 (normal visible units).
"""

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from bineural.errors import InputError
from bineural.nets.pretraining_settings import as_machines, read_pretrain
from bineural.nets.watched_rows import stack_rows

_RATES = {True: 0.01, False: 0.1}  # of normal visible units, and of units that are 0 or 1
_BATCH = 32


class _Task(NamedTuple):
    """One replica whose hidden layers are to be pretrained."""

    job: int
    seed: int
    parting: object


def pretrained(jobs):
    """Return jobs whose hidden layers start from machines, where that is asked for; others as they are.

    Parameters
    ----------
    jobs : list of Job

    Raises
    ------
    InputError
        If the net has no plain hidden layers of sigmoid units.
    """
    groups = defaultdict(list)
    jobs = [_from_machines(job) for job in jobs]
    for i, job in enumerate(jobs):
        settings = read_pretrain(job.options["pretrain"])
        if settings:
            widths, gaussian = _check_layers(job), _takes_numbers(job)
            key = tuple(widths), gaussian, tuple(settings.items()), job.inputs.shape[1:]
            groups[key].append(i)
    for (widths, gaussian, settings, _), members in groups.items():
        for i, starts in _pretrain_group(jobs, members, widths, gaussian, dict(settings)):
            jobs[i] = replace(jobs[i], starts=starts)
    return jobs


def _from_machines(job):
    """Return a job whose hidden layers start from machines that the user has fitted, if there are any."""
    machines = as_machines(job.options["pretrain"])
    if not isinstance(machines, list):
        return job
    widths = _check_layers(job)
    wanted = list(zip([job.inputs.shape[1], *widths], widths))
    found = [kernel.shape for kernel, _ in machines]
    if len(found) > len(wanted) or found != wanted[: len(found)]:
        raise InputError(
            "Machines must have the net's columns and the widths of its hidden layers, from the first on.",
            f"The net has {_written(wanted)}, the machines {_written(found)}.",
            "Set `units` to their hidden units, and fit each machine to the hidden units of the one below.",
        )
    if _takes_numbers(job):
        raise InputError(
            "Columns must be numbers from 0 to 1, as the machines had them.",
            "The net scales them." if job.fitted.scaling else "Others were found.",
            "Pass scaling=False, and the rows that the first machine was fitted to.",
        )
    start = {}
    for layer, (kernel, bias) in enumerate(machines):
        start |= {f"hidden_{layer}/kernel": np.float32(kernel), f"hidden_{layer}/bias": np.float32(bias)}
    return replace(job, starts=[start] * len(job.seeds))


def _written(shapes):
    return ", ".join(f"{n_columns} to {n_hidden}" for n_columns, n_hidden in shapes)


def _check_layers(job):
    """Return the widths of the hidden layers, or say why they can't start from machines."""
    layers = {layer.name: layer for layer in job.plan.model.layers}
    hidden, problem = [], ""
    while f"hidden_{len(hidden)}" in layers:
        hidden.append(layers[f"hidden_{len(hidden)}"])
    if job.fitted.architecture.given is not None or not hidden:
        problem = f"architecture={job.fitted.architecture.name!r} without hidden layers of that kind"
    elif str(job.options["activation"]) != "sigmoid":
        problem = f"activation={job.options['activation']!r}"
    elif job.options["batch_normalization"]:
        problem = "batch_normalization=True, whose layers have no bias"
    elif not hasattr(job.inputs, "ndim") or job.inputs.ndim != 2:
        problem = "rows that are no table, or categories as codes"
    elif hidden[0].kernel.shape[0] != job.inputs.shape[1]:
        problem = "columns that are embedded before the first hidden layer"
    if problem:
        raise InputError(
            "`pretrain` must be used with plain hidden layers of sigmoid units, which machines have.",
            f"Found {problem}.",
            "Use architecture='mlp', activation='sigmoid', numbers='plain' and categories='onehot'.",
        )
    return [int(layer.units) for layer in hidden]


def _takes_numbers(job):
    """Say whether rows hold numbers of any size, rather than shares from 0 to 1."""
    return bool(job.fitted.scaling or job.inputs.min() < 0 or job.inputs.max() > 1)


def _pretrain_group(jobs, members, widths, gaussian, settings):
    """Yield (job, starting values of each of its replicas)."""
    tasks, place = [], {}
    for i in members:
        for k, seed in enumerate(jobs[i].seeds):
            parting = jobs[i].partings[k]
            key = i, seed, id(parting)  # replicas that differ by their penalty only share machines
            if key not in place:
                place[key] = len(tasks)
                tasks.append(_Task(i, seed, parting))
    longest = max(len(jobs[i].inputs) for i in members)
    values = [np.asarray(jobs[task.job].inputs, np.float32) for task in tasks]
    starts = [{} for _ in tasks]
    for layer, width in enumerate(widths):
        normal = gaussian and layer == 0
        machines = _train_layer(jobs, tasks, stack_rows(values, longest), layer, width, normal, settings)
        for t, (kernel, _, bias) in enumerate(machines):
            starts[t] |= {f"hidden_{layer}/kernel": kernel, f"hidden_{layer}/bias": bias}
            values[t] = expit(values[t] @ kernel + bias).astype(np.float32)
    for i in members:
        each = [starts[place[i, seed, id(p)]] for seed, p in zip(jobs[i].seeds, jobs[i].partings)]
        yield i, each


def _train_layer(jobs, tasks, values, layer, width, gaussian, settings):
    """Return the weights of the machines of one layer: (n_tasks, n_rows, n_columns) -> arrays of each."""
    from bineural.nets.objectives.contrastive import contrast
    from bineural.training import Blueprint, RowLoss, stream_seed, train_net, train_stack

    key = "pretrain", values.shape[2], width, gaussian, settings["steps"]
    plan = Blueprint.from_builder(_build_machine, *key[1:], key=key)
    how = {
        "loss": RowLoss("contrastive_divergence", contrast, rows_only=True),
        "optimizer": "sgd",
        "epochs": settings["epochs"],
        "batch_size": _BATCH,
        "learning_rate": settings["learning_rate"] or _RATES[gaussian],
        "device": jobs[tasks[0].job].options["device"],
    }
    seeds = [stream_seed(task.seed, "pretrain", layer) for task in tasks]
    weights = [jobs[task.job].weights for task in tasks]
    if len(tasks) == 1:
        rows = tasks[0].parting.train
        own = None if weights[0] is None else weights[0][rows]
        how |= {"seed": seeds[0], "sample_weight": own}
        trained = [train_net(plan, values[0][rows], np.zeros(len(rows)), **how)]
    else:
        if any(each is not None for each in weights):
            each = [np.ones(len(jobs[t.job].y)) if w is None else w for t, w in zip(tasks, weights)]
            how["row_weights"] = stack_rows(each, values.shape[1])
        rows = [task.parting.train for task in tasks]
        how |= {"own": ("inputs",), "seeds": seeds, "rows": rows}
        trained = train_stack(plan, values, np.zeros(values.shape[1]), **how)
    return [each.weights[:3] for each in trained]


def _build_machine(n_columns, width, gaussian, steps):
    from bineural._tensorflow import keras
    from bineural.zoo.parts.contrast import Contrast

    rows = keras.Input((n_columns,), name="columns")
    layer = Contrast(width, steps, gaussian=gaussian, name="machine")
    return keras.Model(rows, layer(rows), name="machine")
