"""Train a stack of nets at once: one layout, many replicas, each from its own rows, seed and settings.

A replica equals the same net trained alone by `train_net` (to float32 rounding), whatever the stack around
it. Replicas are parted into stacks that fit the memory allowed; a stack runs in rounds of epochs, and
replicas that have stopped leave between rounds.
"""

from dataclasses import dataclass

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.training.blueprint import Blueprint
from bineural.training.by_keras import needs_keras, no_checkpoint
from bineural.training.cache import Cache
from bineural.training.checkpoint import as_checkpoint, whole_state
from bineural.training.device import placed
from bineural.training.fingerprint import fingerprint_training
from bineural.training.interrupts import noted_interrupts
from bineural.training.losses import loss_key, row_loss
from bineural.training.monitors import check_monitor, read_monitor
from bineural.training.one_by_one import OneByOne
from bineural.training.optimizers import PureOptimizer, default_learning_rate, optimizer_key
from bineural.training.rows import as_trained
from bineural.training.saved_state import check_parts
from bineural.training.stack_parts import run_parts
from bineural.training.stack_rules import bytes_per_replica, pays_to_compile, pays_to_stack, rows_stay_apart
from bineural.training.stack_run import Replicas, StackRun
from bineural.training.stacked import Own, Stack, Table, stacks
from bineural.training.step import Rates, Step

_FOREVER = 2**31 - 1
_states = Cache(8)


@dataclass
class Settings:
    """What all replicas of a stack share."""

    loss: object
    from_logits: bool
    optimizer: object
    batch_size: int
    epochs: int
    min_delta: float
    patience: int
    diverged: str
    monitor: object
    own: Own
    watch_own: Own = None


@placed
def train_stack(
    model,
    inputs,
    y,
    *,
    loss,
    seeds,
    rows=None,
    row_weights=None,
    own=(),
    validation=None,
    optimizer="adam",
    learning_rate=None,
    penalty_scale=1.0,
    l1_scale=None,
    l2_scale=None,
    dropout=None,
    batch_size=32,
    epochs=100,
    monitor="loss",
    patience=None,
    min_delta=0.0,
    from_logits=True,
    keep_weights=False,
    diverged="raise",
    memory=2**30,
    xla=None,
    names=None,
    checkpoint=None,
    progress=None,
    compiling=None,
    callbacks=None,
    device=None,
):
    """Train many nets of one layout at once.

    Parameters
    ----------
    model : keras.Model, Blueprint or list of Blueprint
        Layout, or one plan for each replica: equal layouts that may start from different values.
    inputs : array_like, or tuple or dict of them, each of shape (n_rows, ...)
        With "inputs" in `own`, (n_replicas, n_rows, ...).
    y : array_like, shape (n_rows,) or (n_rows, n_outputs)
        With "y" in `own`, one more axis in front.
    loss, from_logits, optimizer, batch_size, epochs, monitor, min_delta, patience, keep_weights
        See `train_net`.
    seeds : sequence of int, length n_replicas
        Initial weights, batch order and dropout of a replica depend on its own seed alone.
    rows : list of array_like of int, optional
        Numbers of the rows that each replica is trained on, of any lengths; a row may come twice. None is
        all rows.
    row_weights : array_like of float, shape (n_replicas, n_rows) or (n_rows,), optional
        Scaled to mean one over the rows trained on; rows of weight 0 are left out.
    own : collection of {"inputs", "y"}
        What each replica has of its own, as folds with their own scaling do.
    validation : list of array_like of int, or tuple (inputs, y), optional
        Numbers of the rows that each replica watches, or rows that all watch.
    learning_rate, penalty_scale : float or sequence of float, length n_replicas
    l1_scale, l2_scale : float or sequence of float, length n_replicas, optional
        Factors on the L1 and L2 parts of the penalties on weights.
    dropout : float or sequence of float, length n_replicas, optional
        Rate of every dropout layer, from 0 to below 1, in place of the rate it has.
    diverged : {"raise", "keep"}
        What to do when a replica's loss stops being finite: an error, or its history ends there.
    memory : int
        Bytes that the replicas trained at the same time may take.
    xla : bool, optional
        None decides by rule, see `stack_rules.pays_to_compile`; it changes numbers by rounding only.
    names : sequence of str, length n_replicas, optional
        What an error calls each replica; None counts them from 0.
    checkpoint : str, path or Checkpoint, optional
        File that is written every so often; the same call goes on from it and ends with the same weights to
        the bit.
    progress : callable, optional
        Called as progress(epochs_done, n_finished) between rounds; epochs summed over replicas.
    compiling : callable, optional
        Called as compiling() before a graph is traced, which takes a second or more.
    callbacks : sequence of keras.callbacks.Callback, optional
        The nets are then trained one by one through Keras' own loop, see `train_net`.
    device : str, optional
        See `device.find_device`.

    Returns
    -------
    list of Trained
        In the order of `seeds`. Nets that can't be stacked are trained one by one, and say why.

    Raises
    ------
    InputError
        If lengths differ, a loss stops being finite, or `checkpoint` is a file of something else.
    TrainingInterrupted
        On Ctrl-C, after the current round; `trained` is the list, with None for nets that had not begun.
    """
    replicas = _read_replicas(model, inputs, y, seeds, rows, row_weights, own, validation, keep_weights)
    watch_own = None if validation is None else replicas.watch_own
    n = len(replicas.seeds)
    rate = default_learning_rate(optimizer) if learning_rate is None else learning_rate
    replicas.learning_rates = [None] * n if rate is None else np.broadcast_to(rate, n)
    each = (penalty_scale, l1_scale, l2_scale, dropout)
    replicas.rates = Rates(*(() if r is None else np.broadcast_to(np.float32(r), n) for r in each))
    replicas.names = [f"replica {i}" for i in range(n)] if names is None else list(names)
    patience = _FOREVER if patience is None else int(patience)
    shared = (
        loss,
        from_logits,
        optimizer,
        int(batch_size),
        int(epochs),
        float(min_delta),
        patience,
        diverged,
        monitor,
    )
    settings = Settings(*shared, replicas.own, watch_own)
    _check_monitor(replicas, settings)
    parts = _parts(replicas, settings, memory)

    own_rates = any(not isinstance(rate, tuple) for rate in replicas.rates[1:])

    def ways(part):
        few = len(part) == 1 and not xla  # a stack would hold it twice
        if xla is None:
            few = few or not pays_to_stack(
                replicas.plans[0].model, len(part), _count_steps(replicas, settings)
            )
        if few and not (own_rates or checkpoint):
            yield OneByOne(replicas.take(part), settings, callbacks)
        yield from _ways(replicas.take(part), settings, xla, callbacks, compiling)

    state = None
    if checkpoint is not None:
        if callbacks or needs_keras(replicas.plans[0].model):
            raise no_checkpoint()
        checkpoint = as_checkpoint(checkpoint)
        state = checkpoint.begin(_fingerprint(replicas, settings, memory, xla))
        if state is not None:
            with whole_state():
                check_parts(state, parts, replicas.plans)
    with noted_interrupts() as look:
        return run_parts(parts, ways, n, progress, look, checkpoint, state)


def _fingerprint(replicas, settings, memory, xla):
    """Return what tells this training from others, for its checkpoint."""
    shared = (settings.batch_size, settings.patience, settings.min_delta, settings.from_logits)
    how = (settings.diverged, settings.own, settings.watch_own, memory, xla)
    watched = () if replicas.watched is None or replicas.watched is replicas.table else replicas.watched
    return fingerprint_training(
        replicas.plans,
        settings.loss,
        settings.optimizer,
        **{"data": replicas.table, "rows": replicas.rows, "seed": replicas.seeds, "epochs": settings.epochs},
        **{"validation rows": [watched, replicas.watch_rows]},
        settings=("stack", *shared, *how, list(replicas.learning_rates), replicas.rates),
        monitor=settings.monitor,
    )


def _ways(replicas, settings, xla, callbacks, compiling):
    """Yield the ways of training some replicas, the fastest first; the next is tried when one can't.

    What could not be is told by `why` of its stack, and not tried again.
    """
    if callbacks or needs_keras(replicas.plans[0].model):
        yield OneByOne(replicas, settings, callbacks)
        return
    ways = [_get_stack(replicas, settings, xla)]
    if ways[0].xla:
        ways.append(_get_stack(replicas, settings, False))
    for stack in ways:
        if not stack.why:
            if compiling is not None and stack._traced is None:
                compiling()
            yield StackRun(stack, replicas, settings)
    yield OneByOne(replicas, settings, why=ways[-1].why)


def _read_replicas(model, inputs, y, seeds, rows, row_weights, own, validation, keep_weights):
    """Check and convert what differs between replicas."""
    n = len(seeds)
    plans = model if isinstance(model, (list, tuple)) else [model]
    plans = [p if isinstance(p, Blueprint) else Blueprint.from_model(p, keep_weights) for p in plans]
    plans = plans * n if len(plans) == 1 else list(plans)
    has = Own("inputs" in own, "y" in own)
    inputs, y = tf.nest.map_structure(as_trained, inputs), np.asarray(y, np.float32)
    n_rows = y.shape[1 if has.y else 0]
    weights = ()
    if row_weights is not None:
        row_weights = np.broadcast_to(np.asarray(row_weights, np.float64), (n, n_rows))
    rows = [np.arange(n_rows)] * n if rows is None else [np.asarray(r) for r in rows]
    lengths = {a.shape[1 if has.inputs else 0] for a in tf.nest.flatten(inputs)} | {n_rows}
    stacked = [a for part, mine in ((inputs, has.inputs), (y, has.y)) if mine for a in tf.nest.flatten(part)]
    counts = {len(rows), len(plans), n, *(len(a) for a in stacked)}
    if isinstance(validation, list):
        counts.add(len(validation))
    if len(lengths) > 1 or len(counts) > 1 or not n or not n_rows:
        raise InputError(
            "Every replica needs a seed, rows and arrays of its own, and arrays must have equal rows.",
            f"Found {sorted(counts)} replicas and {sorted(lengths)} rows.",
            "Pass one entry for each replica.",
        )
    if row_weights is not None:
        rows = [r[row_weights[i][r] > 0] for i, r in enumerate(rows)]
        means = [row_weights[i][r].mean() if len(r) else 1.0 for i, r in enumerate(rows)]
        weights = (row_weights / np.array(means)[:, None]).astype(np.float32)
    if not all(len(r) for r in rows):
        raise InputError(
            "Every replica must have a row to be trained on.",
            f"Replica {[len(r) for r in rows].index(0)} has none.",
            "Give it rows of positive weight.",
        )
    table = Table(inputs, y, weights)
    watched, watch_rows, watch_own = _read_validation(validation, table, n, has)
    return Replicas(plans, list(map(int, seeds)), table, has, rows, watched, watch_rows, watch_own)


def _read_validation(validation, table, n_replicas, own):
    """Return (table, its own axes, rows of each replica) of what is watched."""
    if validation is None:
        return None, None, None
    if isinstance(validation, tuple):
        watched = Table(
            tf.nest.map_structure(as_trained, validation[0]), np.asarray(validation[1], np.float32), ()
        )
        return watched, [np.arange(len(watched.y))] * n_replicas, Own(False, False)
    rows = [np.asarray(r) for r in validation]
    if not all(len(r) for r in rows):
        raise InputError(
            "Every replica must watch at least one row, or none of them any.",
            f"Replica {[len(r) for r in rows].index(0)} watches none.",
            "Leave out `validation`, or give each replica rows.",
        )
    return table, rows, own


def _check_monitor(replicas, settings):
    outcomes = []
    if replicas.watched is not None:
        y, own = replicas.watched.y, replicas.watch_own.y
        outcomes = [(y[i] if own else y)[rows] for i, rows in enumerate(replicas.watch_rows)]
    monitor = read_monitor(settings.monitor, settings.from_logits)
    check_monitor(monitor, outcomes, replicas.plans[0].model)


def _parts(replicas, settings, memory):
    """Part the replicas into stacks: equal numbers of rows where batches must be whole, then by memory."""
    model = replicas.plans[0].model
    sizes = np.array([len(r) for r in replicas.rows])
    order = np.argsort(sizes, kind="stable")
    groups = [order]
    if not rows_stay_apart(model):
        groups = np.split(order, np.flatnonzero(np.diff(sizes[order])) + 1)
    key = replicas.plans[0].key, optimizer_key(settings.optimizer)
    optimizer = _states.get(key, lambda: _optimizer_state(model, settings.optimizer))
    parts = []
    for group in groups:
        own_bytes = replicas.own_bytes() + 64 * int(sizes[group].max())
        each = bytes_per_replica(model, optimizer, min(settings.batch_size, sizes[group].max()), own_bytes)
        n_parts = -(-len(group) // max(1, int(memory // each)))
        parts += np.array_split(group, n_parts)
    return [np.sort(part) for part in parts]


def _optimizer_state(model, optimizer):
    """Return arrays of the shapes of an optimizer's variables, of which TensorFlow never frees everything."""
    state = PureOptimizer(optimizer, model.trainable_variables).initial_state()
    return [np.broadcast_to(np.zeros((), value.dtype), value.shape) for value in state]


def _count_steps(replicas, settings):
    return -(-max(len(r) for r in replicas.rows) // settings.batch_size) * settings.epochs


def _get_stack(replicas, settings, xla):
    plan, table = replicas.plans[0], replicas.table
    steps = _count_steps(replicas, settings)
    if xla is None:
        xla = pays_to_compile(plan.model, len(replicas.seeds), steps)

    def make():
        pure = PureOptimizer(settings.optimizer, plan.model.trainable_variables)
        meter = read_monitor(settings.monitor, settings.from_logits)
        step = Step(plan.model, pure, row_loss(settings.loss, settings.from_logits), meter)
        return Stack(step, settings.own, settings.watch_own, xla)

    key = (
        *(plan.key, _table_key(table, settings.own), settings.own, settings.watch_own),
        _table_key(replicas.watched, settings.watch_own),
        *(loss_key(settings.loss), settings.from_logits, optimizer_key(settings.optimizer), xla),
        xla and not rows_stay_apart(plan.model),
        *(loss_key(settings.monitor), tuple(isinstance(r, tuple) for r in replicas.rates)),
    )
    return stacks.get(key, make)


def _table_key(table, own):
    """Return text that is equal for tables whose rows have equal shape and type."""
    if table is None:
        return ""
    parts = (table.inputs, own.inputs), (table.y, own.y)
    shapes = [
        tf.nest.map_structure(lambda a, skip=1 + mine: (a.shape[skip:], str(a.dtype)), part)
        for part, mine in parts
    ]
    return repr((shapes, isinstance(table.weights, tuple)))
