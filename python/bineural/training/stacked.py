"""Whole epochs of a stack of nets inside one graph: the step of `step.py`, vectorised over replicas.

Replicas share the layout, the optimizer and the batch size. Each brings its own state, rows and order of
rows; where it has fewer rows than another, its batches are filled up with rows of weight 0, and in a step
for which it has no rows left its state stays as it is.
"""

from typing import NamedTuple

import numpy as np

from bineural._tensorflow import tf
from bineural.training.cache import Cache
from bineural.training.loop import Progress
from bineural.training.monitors import area_under_curve
from bineural.training.philox import repeatable_dropout

stacks = Cache(8)
FLOAT = tf.float32


class Table(NamedTuple):
    """Rows that replicas draw from: each part with a leading replica axis or without, as `own` says.

    `weights` (n_replicas, n_rows), or () for none (as everywhere here: a nest without leaves).
    """

    inputs: object
    y: object
    weights: object


class Own(NamedTuple):
    """Which parts of a `Table` every replica has of its own."""

    inputs: bool
    y: bool


class Stack:
    """Runs of epochs of a stack for one `Step`.

    Parameters
    ----------
    step : Step
    own, watch_own : Own
        Of the rows trained on and of those watched; `watch_own` is None without validation.
    xla : bool
        Compile the graph. Then batches have one size, and the last one of an epoch, when it comes apart, its
        own.
    """

    def __init__(self, step, own, watch_own, xla):
        self.step, self.own, self.watch_own, self.xla = step, own, watch_own, xla
        self._traced, self.why = None, ""  # why it can't be run, once that is known

    def trace(self, *arguments):
        """Trace `_train`, once for all numbers of replicas, rows and epochs."""
        if self._traced is None:
            function = tf.function(self._train, jit_compile=self.xla or None, autograph=False)
            self._traced = function.get_concrete_function(*self._signature(*arguments))

    def graph(self, *arguments):
        """Run `_train`."""
        return self._traced(*arguments)

    def _signature(
        self, progress, orders, last, batch_size, sizes, first, n_epochs, table, rates, watch, stop
    ):
        if watch:
            watch = (_free_table(watch[0], self.watch_own), _free(watch[1], 3), _free(watch[2], 1))
        rows = (_free(orders, 4), _free(last, 3), _free(batch_size, 0), _free(sizes, 1))
        epochs, table = (_free(first, 0), _free(n_epochs, 0)), _free_table(table, self.own)
        return _free(progress, 1), *rows, *epochs, table, _free(rates, 1), watch, _free(stop, 0)

    def start(self, state, n_replicas):
        """Return the `Progress` of a stack before its first epoch."""
        fill = lambda value: tf.fill([n_replicas], value)  # noqa: E731
        best = [state.trainable, state.fixed]
        return Progress(state, best, fill(np.float32(np.inf)), fill(-1), fill(0), fill(True))

    # ---- graph ----

    def _train(
        self, progress, orders, last, batch_size, sizes, first_epoch, n_epochs, table, rates, watch, stopping
    ):
        """Run epochs; the history is (epochs, n_replicas, 5).

        Its columns are loss, penalty, watched loss, monitor (both lower is better), whether run.

        orders : (n_replicas, epochs, rows) int32; under XLA (n_replicas, epochs, steps, batch)
        last : (), or (n_replicas, epochs, rows) int32, the last batch under XLA where it comes apart
        watch : (), or (table, rows (n_replicas, blocks, block) int32, sizes (n_replicas,) int32)
        stopping : (min_delta float32, patience int32)
        """

        def epoch(i, progress, history):
            tail = tf.nest.map_structure(lambda a: a[:, i], last)
            rows = (orders[:, i], tail, batch_size, sizes, table, rates)
            state, loss, penalty = self._epoch(progress.state, *rows)
            ran, active = tf.cast(progress.active, FLOAT), progress.active & tf.math.is_finite(loss)
            watched = monitored = tf.fill(tf.shape(loss), np.float32(np.nan))
            progress = progress._replace(state=state, active=active)
            if watch:
                watched, monitored = self._watched(state, *watch)
                progress = self._judge(progress, monitored, first_epoch + i, *stopping)
            numbers = tf.stack([loss, penalty, watched, monitored, ran], axis=-1)
            return i + 1, progress, tf.tensor_scatter_nd_update(history, [[i]], numbers[None])

        history = tf.zeros(tf.stack([tf.shape(orders)[1], tf.shape(sizes)[0], 5]))
        done, progress, history = tf.while_loop(
            lambda i, progress, history: (i < n_epochs) & tf.reduce_any(progress.active),
            epoch,
            (tf.constant(0), progress, history),
            parallel_iterations=1,
        )
        if not watch:
            progress = progress._replace(best=self._kept(progress.state))
        return progress, done, history

    def _judge(self, progress, watched, epoch, min_delta, patience):
        """Keep the weights of replicas that became better, and stop those out of patience."""
        better = progress.active & (watched + min_delta < progress.best_loss)
        wait = tf.where(better, 0, progress.wait + 1)
        return Progress(
            progress.state,
            _choose(better, self._kept(progress.state), progress.best),
            tf.where(better, watched, progress.best_loss),
            tf.where(better, epoch, progress.best_epoch),
            wait,
            progress.active & (better | (wait < patience)),
        )

    def _kept(self, state):
        return [self.step.optimizer.averaged(state.optimizer, state.trainable), state.fixed]

    def _epoch(self, state, order, last, batch_size, sizes, table, rates):
        """Loop over the batches; return the state and each replica's mean loss and penalty."""
        n_steps = tf.shape(order)[1] if self.xla else (tf.shape(order)[1] + batch_size - 1) // batch_size

        def one_batch(begin, chosen, state, loss_sum, penalty_sum):
            here = tf.clip_by_value(sizes - begin, 0, tf.shape(chosen)[1])
            new, loss, penalty = self._step(state, chosen, here, table, rates)
            new = tf.cond(tf.reduce_all(here > 0), lambda: new, lambda: _choose(here > 0, new, state))
            size = tf.cast(here, FLOAT)
            return new, loss_sum + size * loss, penalty_sum + size * penalty

        def body(k, *sums):
            begin = k * batch_size
            chosen = order[:, k] if self.xla else order[:, begin : begin + batch_size]
            return k + 1, *one_batch(begin, chosen, *sums)

        nothing = tf.zeros(tf.shape(sizes))
        _, *sums = tf.while_loop(
            lambda k, *_: k < n_steps, body, (tf.constant(0), state, nothing, nothing), parallel_iterations=1
        )
        if not isinstance(last, tuple):
            sums = one_batch(n_steps * batch_size, last, *sums)
        n_rows = tf.cast(sizes, FLOAT)
        return sums[0], sums[1] / n_rows, sums[2] / n_rows

    def _step(self, state, chosen, here, table, rates):
        valid = tf.cast(tf.range(tf.shape(chosen)[1])[None] < here[:, None], FLOAT)
        inputs, y, weights = _gather(table, self.own, chosen)
        weights = valid if isinstance(weights, tuple) else weights * valid

        def one(elements):
            state, inputs, y, weights, rates, size = elements
            with repeatable_dropout(rates.dropout, written_out=True):
                return self.step(state, inputs, y, weights, rates, size)

        elements = (state, inputs, y, weights, rates, tf.maximum(here, 1))
        return _over_replicas(one, elements)

    def _watched(self, state, table, rows, sizes):
        """Return each replica's weighted mean loss of its watched rows, read in blocks, and its monitor."""
        n_replicas, n_blocks, block = tf.unstack(tf.shape(rows))
        monitor = self.step.monitor
        ranked = tf.zeros(tf.stack([3 * n_blocks, n_replicas, block])) if monitor and monitor.ranks else ()

        def one(elements):
            return self.step.watched(*elements)

        def body(k, weight, total, other, ranked):
            inputs, y, weights = _gather(table, self.watch_own, rows[:, k])
            valid = tf.cast((k * block + tf.range(block))[None] < sizes[:, None], FLOAT)
            weights = valid if isinstance(weights, tuple) else weights * valid
            costs, numbers = _over_replicas(one, (state, inputs, y))
            if monitor and monitor.ranks:
                where = tf.stack([k, k + n_blocks, k + 2 * n_blocks])[:, None]
                ranked = tf.tensor_scatter_nd_update(ranked, where, tf.stack([numbers, y, weights]))
            elif monitor:
                other += tf.reduce_sum(weights * numbers, 1)
            weight += tf.reduce_sum(weights, 1)
            return k + 1, weight, total + tf.reduce_sum(weights * costs, 1), other, ranked

        nothing = tf.zeros(tf.shape(sizes))
        loop = (tf.constant(0), nothing, nothing, nothing, ranked)
        _, weight, total, other, ranked = tf.while_loop(
            lambda k, *_: k < n_blocks, body, loop, parallel_iterations=1
        )
        if monitor is None:
            return total / weight, total / weight
        if not monitor.ranks:
            return total / weight, other / weight
        ranked = tf.reshape(ranked, tf.stack([3, n_blocks, n_replicas, block]))
        ranked = tf.reshape(tf.transpose(ranked, [0, 2, 1, 3]), tf.stack([3, n_replicas, n_blocks * block]))
        return total / weight, -area_under_curve(*tf.unstack(ranked))


def _over_replicas(function, elements):
    log = tf.get_logger()
    level = log.level
    log.setLevel("ERROR")  # it warns of each operation without a vectorised form
    try:
        return tf.vectorized_map(function, elements, fallback_to_while_loop=True, warn=False)
    finally:
        log.setLevel(level)


def _free(part, axes):
    """Return the specification of a nest of tensors whose first `axes` sizes may differ between calls."""

    def free(a):
        return tf.TensorSpec([None] * min(axes, a.shape.rank) + a.shape[axes:], a.dtype)

    return tf.nest.map_structure(free, part)


def _free_table(table, own):
    return Table(_free(table.inputs, 1 + own.inputs), _free(table.y, 1 + own.y), _free(table.weights, 2))


def _gather(table, own, rows):
    """Take rows (n_replicas, n) of a table: parts of shape (n_replicas, n, ...)."""
    each = lambda part, has_axis: tf.nest.map_structure(  # noqa: E731
        lambda a: tf.gather(a, rows, batch_dims=1 if has_axis else 0), part
    )
    return each(table.inputs, own.inputs), each(table.y, own.y), each(table.weights, True)


def _choose(which, new, old):
    """Take each replica's tensors from `new` where `which` says so, else from `old`."""

    def choose(a, b):
        return tf.where(tf.reshape(which, [-1] + [1] * (a.shape.rank - 1)), a, b)

    return tf.nest.map_structure(choose, new, old)
