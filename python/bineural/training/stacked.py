"""Whole epochs of a stack of nets inside one graph: a `Step` over all replicas, wide or vectorised.

Replicas share the layout, the step and the batch size. Each brings its own state, rows and order of rows;
where it has fewer rows than another, its batches are filled up with rows of weight 0, and in a step for which
it has no rows left its state stays as it is. A stack runs as several smaller ones at the same time, a thread
each: the products of small nets are too small to be shared out among cores one by one.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bineural._tensorflow import tf
from bineural.training.device import Cache, current_device, on_device
from bineural.training.fit import judge
from bineural.training.open_lengths import rows_like
from bineural.training.row_losses import area_under_curve
from bineural.training.step import pick_columns
from bineural.training.training_rows import Rows
from bineural.training.vectorised import VectorisedStep
from bineural.training.wide.step import WideStep, why_not_wide

stacks = Cache(32)
FLOAT = tf.float32
_FEWEST, _MANY, _MOST = 8, 32, 16  # replicas that are parted at all; in each of many shards; shards


class Stack:
    """Runs of epochs of a stack for one `Step`.

    Parameters
    ----------
    step : Step
    monitor : Monitor
    own, watch_own : Own
        Of the rows trained on and of those watched.
    xla : bool
        Compile the graph. Then batches have one size, and the last one of an epoch, when it comes apart, its
        own.

    Attributes
    ----------
    why_not_wide : str
        The layer, or the step, that has no wide form, so that the whole is vectorised; "" where it is wide.
    """

    def __init__(self, step, monitor, own, watch_own, xla):
        self.step, self.monitor, self.xla = step, monitor, xla
        self.own, self.watch_own = own, watch_own
        self.why_not_wide = why_not_wide(step)
        self.each = VectorisedStep(step) if self.why_not_wide else WideStep(step, self.xla)
        self._traced, self.why = None, ""  # why it can't be run, once that is known
        self.n_columns = len(step.columns) + len(step.watched_columns)

    @property
    def traced(self):
        """Whether the graph has been traced."""
        return self._traced is not None

    def run(self, progress, orders, last, batch, sizes, first, n_epochs, table, rates, watch, stop):
        """Run epochs, parted by the size of the stack alone, so that results repeat to the bit.

        Arguments as of `_train`.

        Returns
        -------
        progress : Progress
        done : int
            Epochs run, of the replica that ran longest.
        history : ndarray of float32, shape (n_epochs, n_replicas, n_columns + 1)
        """
        n = len(sizes)
        ends = np.linspace(0, n, count_shards(n, self.xla) + 1).astype(int)
        shards = len(ends) - 1

        def cut(nest, own=None):
            """Return a nest for each shard; rows by which of their parts have an axis of replicas."""
            if own is not None:
                return [
                    Rows(*parts) for parts in zip(*(cut(p) if o else [p] * shards for p, o in zip(nest, own)))
                ]
            leaves = [_cut(a, ends) for a in tf.nest.flatten(nest)]
            return [tf.nest.pack_sequence_as(nest, [a[i] for a in leaves]) for i in range(shards)]

        watched = zip(cut(watch[0], self.watch_own), cut(watch[1]), cut(watch[2]))
        each = zip(
            cut(progress), cut(orders), cut(last), cut(sizes), cut(table, self.own), cut(rates), watched
        )
        parts = [
            tf.nest.map_structure(
                tf.convert_to_tensor, (state, order, end, batch, size, first, n_epochs, *more, stop)
            )
            for state, order, end, size, *more in each
        ]
        if self._traced is None:
            self._trace(*parts[0])
        if shards == 1:
            progress, done, history = self._traced(*parts[0])
            return progress, int(done), history.numpy()
        device = current_device()  # of this thread

        def run(arguments):
            with on_device(device):
                return self._traced(*arguments)

        with ThreadPoolExecutor(shards) as pool:
            results = list(pool.map(run, parts))
        progress = tf.nest.map_structure(lambda *values: tf.concat(values, 0), *(r[0] for r in results))
        return (
            progress,
            max(int(r[1]) for r in results),
            np.concatenate([r[2].numpy() for r in results], axis=1),
        )

    def _trace(self, *arguments):
        """Trace `_train`, once for all numbers of replicas, rows and epochs."""
        function = tf.function(self._train, jit_compile=self.xla or None, autograph=False)
        self._traced = function.get_concrete_function(*self._signature(*arguments))

    def _signature(self, progress, orders, last, batch, sizes, first, n_epochs, table, rates, watch, stop):
        watch = (self._free_rows(watch[0], self.watch_own), _free(watch[1], 3), _free(watch[2], 1))
        rows = (_free(orders, 4), _free(last, 3), _free(batch, 0), _free(sizes, 1))
        epochs, table = (_free(first, 0), _free(n_epochs, 0)), self._free_rows(table, self.own)
        return _free(progress, 1), *rows, *epochs, table, _free(rates, 1), watch, _free(stop, 0)

    def _free_rows(self, rows, own):
        inputs = rows_like(self.step.model, rows.inputs, 1 + own.inputs)
        if own.inputs:
            inputs = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape], a.dtype), inputs)
        return Rows(inputs, *(_free(part, 1 + mine) for part, mine in zip(rows[1:], own[1:])))

    # ---- graph ----

    def _train(self, progress, orders, last, batch_size, sizes, first, n_epochs, table, rates, watch, stop):
        """Run epochs; the history is (epochs, n_replicas, n_columns + 1).

        Its columns are those of the step, those that it watches, and whether the replica was run.

        orders : (n_replicas, epochs, rows) int32; under XLA (n_replicas, epochs, steps, batch)
        last : (), or (n_replicas, epochs, rows) int32, the last batch under XLA where it comes apart
        watch : (table, rows (n_replicas, blocks, block) int32, sizes (n_replicas,) int32)
            All sizes are 0 where nothing is watched: its columns are NaN then.
        stop : (min_delta float32, patience int32)
        """

        def epoch(i, progress, history):
            tail = tf.nest.map_structure(lambda a: a[:, i], last)
            rows = (orders[:, i], tail, batch_size, sizes, table, rates)
            state, numbers = self._epoch(progress.state, *rows)
            loss, ran = numbers["loss"], tf.cast(progress.active, FLOAT)
            progress = progress._replace(state=state, active=progress.active & tf.math.is_finite(loss))
            watched = self._watched(state, *watch)
            cost = watched[self.monitor.name]
            cost = -cost if self.monitor.ranks else cost
            progress = tf.cond(
                watching,
                lambda: judge(progress, self.each.kept(state), cost, first + i, stop, _choose),
                lambda: progress,
            )
            numbers = tf.stack([*numbers.values(), *watched.values(), ran], axis=-1)
            return i + 1, progress, tf.tensor_scatter_nd_update(history, [[i]], numbers[None])

        progress, watching = self.each.enter(progress), tf.reduce_any(watch[2] > 0)
        history = tf.zeros(tf.stack([tf.shape(orders)[1], tf.shape(sizes)[0], self.n_columns + 1]))
        done, progress, history = tf.while_loop(
            lambda i, progress, history: (i < n_epochs) & tf.reduce_any(progress.active),
            epoch,
            (tf.constant(0), progress, history),
            parallel_iterations=1,
        )
        best = tf.cond(watching, lambda: progress.best, lambda: self.each.kept(progress.state))
        progress = progress._replace(best=best)
        return self.each.leave(progress), done, history

    def _epoch(self, state, order, last, batch_size, sizes, table, rates):
        """Loop over the batches; return the state and each replica's mean of each column."""
        n_steps = tf.shape(order)[1] if self.xla else (tf.shape(order)[1] + batch_size - 1) // batch_size

        def one_batch(begin, chosen, state, sums):
            here = tf.clip_by_value(sizes - begin, 0, tf.shape(chosen)[1])
            new, numbers = self._step(state, chosen, here, table, rates)
            new = tf.cond(tf.reduce_all(here > 0), lambda: new, lambda: _choose(here > 0, new, state))
            size, numbers = tf.cast(here, FLOAT), pick_columns(numbers, self.step.columns)
            return new, {name: total + size * numbers[name] for name, total in sums.items()}

        def body(k, *sums):
            begin = k * batch_size
            chosen = order[:, k] if self.xla else order[:, begin : begin + batch_size]
            return k + 1, *one_batch(begin, chosen, *sums)

        nothing = {name: tf.zeros(tf.shape(sizes)) for name in self.step.columns}
        _, *sums = tf.while_loop(
            lambda k, *_: k < n_steps, body, (tf.constant(0), state, nothing), parallel_iterations=1
        )
        if not isinstance(last, tuple):
            sums = one_batch(n_steps * batch_size, last, *sums)
        n_rows = tf.cast(sizes, FLOAT)
        return sums[0], {name: sums[1][name] / n_rows for name in self.step.columns}

    def _step(self, state, chosen, here, table, rates):
        valid = tf.cast(tf.range(tf.shape(chosen)[1])[None] < here[:, None], FLOAT)
        inputs, y, weights = _gather(table, self.own, chosen)
        weights = valid if isinstance(weights, tuple) else weights * valid

        return self.each(state, inputs, y, weights, rates, tf.maximum(here, 1))

    def _watched(self, state, table, rows, sizes):
        """Return each replica's weighted mean of each watched column, its rows read in blocks."""
        n_replicas, n_blocks, block = tf.unstack(tf.shape(rows))
        names = self.step.watched_columns
        ranked = self.monitor.name if self.monitor.ranks else None
        scores = tf.zeros(tf.stack([3 * n_blocks, n_replicas, block])) if ranked else ()

        def body(k, weight, totals, scores):
            inputs, y, weights = _gather(table, self.watch_own, rows[:, k])
            valid = tf.cast((k * block + tf.range(block))[None] < sizes[:, None], FLOAT)
            weights = valid if isinstance(weights, tuple) else weights * valid
            numbers = pick_columns(self.each.watched(state, inputs, y), names)
            if ranked:
                where = tf.stack([k, k + n_blocks, k + 2 * n_blocks])[:, None]
                scores = tf.tensor_scatter_nd_update(scores, where, tf.stack([numbers[ranked], y, weights]))
            totals = {n: total + tf.reduce_sum(weights * numbers[n], 1) for n, total in totals.items()}
            return k + 1, weight + tf.reduce_sum(weights, 1), totals, scores

        nothing = tf.zeros(tf.shape(sizes))
        totals = {name: nothing for name in names if name != ranked}
        _, weight, totals, scores = tf.while_loop(
            lambda k, *_: k < n_blocks,
            body,
            (tf.constant(0), nothing, totals, scores),
            parallel_iterations=1,
        )
        means = {name: total / weight for name, total in totals.items()}
        if ranked:
            scores = tf.reshape(scores, tf.stack([3, n_blocks, n_replicas, block]))
            scores = tf.reshape(
                tf.transpose(scores, [0, 2, 1, 3]), tf.stack([3, n_replicas, n_blocks * block])
            )
            means[ranked] = area_under_curve(*tf.unstack(scores))
        return {name: means[name] for name in names}


def count_shards(n_replicas, xla):
    """Return into how many parts a stack is cut: a power of two, and equal ones under XLA."""
    shards = 2 if n_replicas >= _FEWEST else 1
    while shards < _MOST and n_replicas // (2 * shards) >= _MANY:
        shards *= 2
    while xla and n_replicas % shards:
        shards //= 2
    return shards


def _cut(array, ends):
    """Return the parts of an array of which `ends` are the bounds."""
    if len(ends) == 2:
        return [array]
    if isinstance(array, tf.Tensor):
        return tf.split(array, np.diff(ends).tolist())
    return [array[begin:end] for begin, end in zip(ends, ends[1:])]


def _free(part, axes):
    """Return the specification of a nest of tensors whose first `axes` sizes may differ between calls."""

    def free(a):
        return tf.TensorSpec([None] * min(axes, a.shape.rank) + a.shape[axes:], a.dtype)

    return tf.nest.map_structure(free, part)


def _gather(table, own, rows):
    """Take rows (n_replicas, n) of a table: parts of shape (n_replicas, n, ...)."""
    return table.map(lambda a, mine: tf.gather(a, rows, batch_dims=int(mine)), own)


def _choose(which, new, old):
    """Take each replica's tensors from `new` where `which` says so, else from `old`."""

    def choose(a, b):
        return tf.where(tf.reshape(which, [-1] + [1] * (a.shape.rank - 1)), a, b)

    return tf.nest.map_structure(choose, new, old)
