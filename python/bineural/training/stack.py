"""Train a stack of nets at once: one layout, many replicas, each from its own rows, seed and settings.

A replica equals the same net trained alone by `train_net` (to float32 rounding), whatever the stack around
it. Replicas are parted into stacks that fit the memory allowed; a stack runs in rounds of epochs, and
replicas that have stopped leave between rounds.
"""

from dataclasses import replace

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.interrupts import Abandoned, noted_interrupts
from bineural.training.blueprint import Blueprint
from bineural.training.checkpoint import as_checkpoint, damaged_state, whole_state
from bineural.training.device import current_workers, placed
from bineural.training.fit import Fit, Replicas
from bineural.training.memory import estimate_bytes, say_if_large
from bineural.training.one_by_one import OneByOne, reason
from bineural.training.open_lengths import steps_of
from bineural.training.run import TrainingInterrupted
from bineural.training.saved_state import check_parts
from bineural.training.several_workers import refuse_workers
from bineural.training.stack_run import StackRun
from bineural.training.stacked import Stack, stacks
from bineural.training.step import Rates, read_step
from bineural.training.training_rows import Own, Rows, as_outcome, as_trained, count_rows
from bineural.training.wide.step import why_not_wide

_WORTH_COMPILING = 2000  # steps of single replicas for which a loop over them would cost more than compiling
_LONG = 5000  # steps after which any stack has repaid it
_WORTH_UNFOLDING = 8000  # steps of single replicas that repay the vectorising of a recurrent layer's loop


@placed
def train_stack(
    model,
    inputs,
    y=None,
    *,
    seeds,
    loss=None,
    optimizer=None,
    step=None,
    rows=None,
    row_weights=None,
    own=(),
    validation=None,
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
    contest=None,
    sides=None,
):
    """Train many nets of one layout at once.

    Parameters
    ----------
    model : keras.Model, Blueprint or list of Blueprint
        Layout, or one plan for each replica: equal layouts that may start from different values.
    inputs : array_like, or tuple or dict of them, each of shape (n_rows, ...)
        With "inputs" in `own`, (n_replicas, n_rows, ...).
    y : array_like, shape (n_rows,) or (n_rows, n_outputs), tuple or dict of them, or None
        With "y" in `own`, one more axis in front.
    loss, from_logits, optimizer, step, batch_size, epochs, monitor, min_delta, patience, keep_weights
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
        Numbers of the rows that each replica watches, or rows that all watch (y may be None).
    learning_rate : float, sequence of float (n_replicas,), or dict of them by the optimizer's name, optional
    penalty_scale : float or sequence of float, length n_replicas
    l1_scale, l2_scale : float or sequence of float, length n_replicas, optional
        Factors on the L1 and L2 parts of the penalties on weights.
    dropout : float or sequence of float, length n_replicas, optional
        Rate of every dropout layer, from 0 to below 1, in place of the rate it has.
    diverged : {"raise", "keep"}
        What to do when a replica's loss stops being finite: an error, or its history ends there.
    memory : int
        Bytes that the replicas trained at the same time may take.
    xla : bool, optional
        None decides by rule, see `pays_to_compile`; it changes numbers by rounding only.
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
    contest : callable, optional
        The `pick` by which some replicas of a stack end early, see `contest.losers`; nets that are trained
        one by one all go on.
    sides : sequence of Side or None, length n_replicas, optional
        With `contest`; None for a replica that has no part in one.

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
    refuse_workers(current_workers(), f"Found {len(seeds)} nets.")
    maker, monitor = read_step(step, loss, optimizer, monitor, from_logits)
    replicas = _read_replicas(model, inputs, y, seeds, rows, row_weights, own, validation, keep_weights)
    n = len(replicas.seeds)
    replicas.learning_rates = maker.learning_rates(learning_rate, n)
    each = (penalty_scale, l1_scale, l2_scale, dropout)
    replicas.rates = Rates(*(() if r is None else np.broadcast_to(np.float32(r), n) for r in each))
    replicas.sides = None if contest is None else list(sides)
    replicas.names = [f"replica {i}" for i in range(n)] if names is None else list(names)
    fit = Fit(
        replicas,
        maker,
        monitor,
        batch_size=batch_size,
        epochs=epochs,
        patience=patience,
        min_delta=min_delta,
        diverged=diverged,
        xla=xla,
        callbacks=callbacks,
        checkpoint=None if checkpoint is None else as_checkpoint(checkpoint),
        progress=progress,
        compiling=compiling,
        memory=memory,
        contest=contest,
    )
    with noted_interrupts() as look:
        return run_parts(fit, _parts(fit), look)


# ---- what each replica has of its own ----


def _read_replicas(model, inputs, y, seeds, rows, row_weights, own, validation, keep_weights):
    """Check and convert what differs between replicas."""
    n = len(seeds)
    plans = model if isinstance(model, (list, tuple)) else [model]
    plans = [p if isinstance(p, Blueprint) else Blueprint.from_model(p, keep_weights) for p in plans]
    plans = plans * n if len(plans) == 1 else list(plans)
    own = Own("inputs" in own, "y" in own)
    table = Rows(tf.nest.map_structure(as_trained, inputs), as_outcome(y), ())
    lengths = tf.nest.flatten(table.map(lambda a, mine: a.shape[int(mine)], own))
    n_rows = lengths[-1]
    counts = {len(plans), n, *tf.nest.flatten(table.map(lambda a, mine: len(a) if mine else n, own))}
    rows = [np.arange(n_rows)] * n if rows is None else [np.asarray(r) for r in rows]
    counts.add(len(rows))
    if isinstance(validation, list):
        counts.add(len(validation))
    if len(set(lengths)) > 1 or len(counts) > 1 or not n or not n_rows:
        raise InputError(
            "Every replica needs a seed, rows and arrays of its own, and arrays must have equal rows.",
            f"Found {sorted(counts)} replicas and {sorted(set(lengths))} rows.",
            "Pass one entry for each replica.",
        )
    if row_weights is not None:
        weights = np.broadcast_to(np.asarray(row_weights, np.float64), (n, n_rows))
        rows = [r[weights[i][r] > 0] for i, r in enumerate(rows)]
        means = [weights[i][r].mean() if len(r) else 1.0 for i, r in enumerate(rows)]
        table = table._replace(weights=(weights / np.array(means)[:, None]).astype(np.float32))
    if not all(len(r) for r in rows):
        raise InputError(
            "Every replica must have a row to be trained on.",
            f"Replica {[len(r) for r in rows].index(0)} has none.",
            "Give it rows of positive weight.",
        )
    replicas = Replicas(plans, list(map(int, seeds)), table, own, rows)
    if isinstance(validation, tuple):
        replicas.watched = Rows(
            tf.nest.map_structure(as_trained, validation[0]), as_outcome(validation[1]), ()
        )
        replicas.watch_own = Own()
        replicas.watch_rows = [np.arange(count_rows(replicas.watched))] * n
    elif validation is not None:
        replicas.watched, replicas.watch_own = table, own
        replicas.watch_rows = [np.asarray(r) for r in validation]
        if not all(len(r) for r in replicas.watch_rows):
            raise InputError(
                "Every replica must watch at least one row, or none of them any.",
                f"Replica {[len(r) for r in replicas.watch_rows].index(0)} watches none.",
                "Leave out `validation`, or give each replica rows.",
            )
    return replicas


def _parts(fit):
    """Part the replicas into stacks: equal numbers of rows where batches must be whole, then by memory."""
    sizes = np.array([len(r) for r in fit.nets.rows])
    order = np.argsort(sizes, kind="stable")
    groups = [order]
    if not fit.rows_apart:
        groups = np.split(order, np.flatnonzero(np.diff(sizes[order])) + 1)
    layout, parts, n_state = fit.nets.plan.layout, [], fit.step().n_state
    largest = 0
    own = fit.nets.table.map(lambda array, mine: array[0].nbytes if mine else 0, fit.nets.own)
    n_steps = steps_of(fit.nets.plan.model, fit.nets.table.inputs, 1 + fit.nets.own.inputs)
    for group in groups:
        longest = int(sizes[group].max())
        each = estimate_bytes(layout, n_state, fit.batch_size, longest, sum(tf.nest.flatten(own)), n_steps)
        largest = max(largest, each)
        n_parts = -(-len(group) // max(1, int(fit.memory // each)))
        parts += np.array_split(group, n_parts)
    say_if_large(largest, int(fit.memory), "of `memory`", layout)
    return [np.sort(part) for part in parts]


# ---- ways of training them ----


def pays_to_stack(layout, is_wide, n_replicas, n_steps):
    """Say whether a stack is faster than one net after the other.

    Without a wide form, vectorising a recurrent layer takes twenty seconds and more, and convolutions are
    slower in a stack than alone until it pays to compile them.

    Parameters
    ----------
    layout : Layout
    is_wide : bool
        Whether the step has a wide form.
    n_replicas, n_steps : int
        Steps of each replica in all epochs that are expected.
    """
    if layout.convolutions and not layout.recurrent and not is_wide:
        return pays_to_compile(layout, is_wide, n_replicas, n_steps)
    return is_wide or not layout.recurrent or n_replicas * n_steps >= _WORTH_UNFOLDING


def pays_to_compile(layout, is_wide, n_replicas, n_steps):
    """Say whether a stack is compiled by XLA.

    Dropout has no fast form without it, and convolutions have none that is vectorised; their wide form is
    faster without, and takes XLA tens of seconds. Recurrent layers do not compile in a stack, and other
    random layers would draw other numbers unless they have a wide form. For the rest it wins in long work
    only.

    Parameters
    ----------
    layout : Layout
    is_wide : bool
        Whether the step has a wide form.
    n_replicas, n_steps : int
        Steps of each replica in all epochs that are expected.
    """
    if layout.recurrent or (layout.convolutions if is_wide else layout.other_random):
        return False
    slow = layout.convolutions or layout.dropout
    return n_steps >= _LONG or (slow and n_replicas * n_steps >= _WORTH_COMPILING)


def _ways(fit, part):
    """Yield the ways of training a part of the replicas, the fastest first; the next is tried when one can't.

    What could not be is told by `why` of its stack, and not tried again.
    """
    n, layout, few = len(part), fit.nets.plan.layout, len(part) == 1 and not fit.xla  # a stack holds it twice
    steps = -(-fit.nets.size // fit.batch_size) * fit.expected_epochs()
    is_wide = not why_not_wide(fit.step())
    if fit.xla is None:
        few = few or not pays_to_stack(layout, is_wide, n, steps)
    own_rates = any(not isinstance(rate, tuple) for rate in fit.nets.rates[1:])
    fit = replace(fit, nets=fit.nets.take(part))
    if few and not (own_rates or fit.checkpoint) or fit.by_keras:
        yield OneByOne(fit)
    if fit.by_keras:
        return
    xla = pays_to_compile(layout, is_wide, n, steps)
    ways = [_get_stack(fit, xla if fit.xla is None else fit.xla)]
    if ways[0].xla:
        ways.append(_get_stack(fit, False))
    for stack in ways:
        if not stack.why:
            if fit.compiling is not None and not stack.traced:
                fit.compiling()
            yield StackRun(stack, fit)
    yield OneByOne(fit, ways[-1].why)


def _get_stack(fit, xla):
    def make():
        own = fit.nets.own
        return Stack(
            fit.step(), fit.monitor, own, own if fit.nets.watched is None else fit.nets.watch_own, bool(xla)
        )

    return stacks.get(fit.graph_key(xla), make)


def run_parts(fit, parts, look):
    """Train the parts of a stack one after the other; return a list of `Trained`.

    Parameters
    ----------
    fit : Fit
        Of `Replicas`.
    parts : list of ndarray of int
        The numbers of the replicas in each part.
    look : callable
        Raises KeyboardInterrupt when Ctrl-C came.
    """
    checkpoint, run = fit.checkpoint, None
    state = None if checkpoint is None else _begin(fit, parts)
    if state is None:
        state = {"begun": 0, "results": [None] * len(fit.nets.seeds), "done": 0, "run": None}
    results, done, begun = state["results"], state["done"], state["begun"]

    def whole():
        return {"begun": begun, "results": results, "done": done, "run": None if run is None else run.state()}

    def tell(new_epochs, finished=0):
        nonlocal done
        done += new_epochs
        if fit.progress is not None:
            fit.progress(done, finished + sum(r is not None for r in results))
        if checkpoint is not None:
            checkpoint.write_sometimes(whole)
        look()

    while begun < len(parts):
        failed = []
        for run in _ways(fit, parts[begun]):
            if state["run"] is not None:
                if state["run"].get("way") != run.way:
                    continue
                run.restore(state["run"])
                state = {"run": None}
            try:
                trained = run.go(tell)
                break
            except Abandoned:
                raise
            except KeyboardInterrupt:
                if checkpoint is not None:
                    checkpoint.write(whole())
                partial = list(results)
                for i, net in zip(parts[begun], run.results()):
                    partial[i] = net
                raise TrainingInterrupted(partial) from None
            except InputError:
                raise
            except Exception as error:
                if run.done or isinstance(run, OneByOne):
                    for stack in failed:
                        stack.why = ""
                    raise  # also an error of the user's own: one net alone shows it as it is
                run.stack.why = reason(error, fit.nets.plan.layout)
                failed.append(run.stack)
        if state["run"] is not None:
            raise damaged_state("nets on a way that does not exist")
        for i, net in zip(parts[begun], trained):
            results[i] = net
        begun, run = begun + 1, None
    if checkpoint is not None:
        checkpoint.write(whole())
    return results


def _begin(fit, parts):
    """Return the state that the checkpoint holds, None where it holds none."""
    how = fit.diverged, fit.memory, fit.xla
    state = fit.checkpoint.begin(fit.identity(*how, epochs=fit.epochs))
    if state is not None:
        with whole_state():
            check_parts(state, parts, fit.nets.plans)
    return state
