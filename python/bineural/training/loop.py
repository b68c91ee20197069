"""Whole epochs of one net inside one graph: batches, history, early stopping and the best weights.

The graph is traced once for a model and a step; rows, batch size, number of epochs, learning rate and
patience come in as tensors, so folds of different size and equal nets share it. Compiled by XLA it is faster
step by step, and compiled again for each number of rows.
"""

import functools

import numpy as np

from bineural._tensorflow import tf
from bineural.training.device import current_workers
from bineural.training.fit import Progress, judge
from bineural.training.open_lengths import rows_like
from bineural.training.philox import repeatable_dropout
from bineural.training.row_losses import area_under_curve
from bineural.training.several_workers import sum_over_workers
from bineural.training.step import Rates, State, pick_columns
from bineural.training.training_rows import Rows

INT, FLOAT = tf.int32, tf.float32
WATCHED = 16  # numbers of watched rows are filled up to a multiple, so that XLA meets few sizes


class Loop:
    """Runs of epochs for one `Step`.

    Parameters
    ----------
    step : Step
    monitor : Monitor
    rows : Rows of arrays
        An example, for shapes and types; the number of rows may differ later.
    rows_apart : bool
        Whether batches may be filled up with rows of weight 0.
    xla : bool
        Compile the graph. Then batches have one size, the last one of an epoch filled up with rows of weight
        0 or, where rows meet in a batch, apart; watched rows come in whole blocks, filled up likewise.
    """

    def __init__(self, step, monitor, rows, rows_apart, xla=False):
        self.step, self.monitor, self.xla = step, monitor, xla
        self.workers = current_workers()
        self.fails = False  # once it is known that XLA can't
        self.n_columns = len(step.columns) + len(step.watched_columns)
        like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), rows)
        like = like._replace(inputs=rows_like(step.model, rows.inputs))
        model = step.model
        parts = model.trainable_variables, model.non_trainable_variables, step.initial_optimizer_state()
        state = State(*([tf.TensorSpec(v.shape, tf.as_dtype(v.dtype)) for v in part] for part in parts))
        whole, number, truth = tf.TensorSpec([], INT), tf.TensorSpec([], FLOAT), tf.TensorSpec([], tf.bool)
        progress = Progress(state, [state.trainable, state.fixed], number, whole, whole, truth)
        self.parted = xla and not rows_apart
        order = tf.TensorSpec([None, None], INT)
        batches = (tf.TensorSpec([None, None, None], INT), order if self.parted else ())
        rates = tf.nest.map_structure(lambda _: number, Rates(0.0))
        watch = (
            tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape], a.dtype), like) if xla else like
        )
        rows = (batches if xla else order, whole, whole, like, rates, whole)
        self._signature = [progress, *rows, watch, whole, (number, whole)]

    @functools.cached_property
    def train(self):
        """The graph of `_train`; arguments must be tensors."""
        # AutoGraph takes longer than all the rest; Keras calls layers without it
        options = {"jit_compile": self.xla or None, "autograph": False}
        return tf.function(self._train, input_signature=self._signature, **options).get_concrete_function()

    def orders(self, orders, room, batch_size):
        """Return orders (n_epochs, n_rows) as the graph takes them: `room` epochs in batches under XLA."""
        if not self.xla:
            return orders
        n_epochs, n_rows = orders.shape
        batch = min(int(batch_size), n_rows)
        whole = n_rows // batch * batch if self.parted else n_rows
        filled = np.pad(orders[:, :whole], ((0, room - n_epochs), (0, -whole % batch)))
        last = np.pad(orders[:, whole:], ((0, room - n_epochs), (0, 0))) if self.parted else ()
        return filled.reshape(room, -1, batch), last

    def nothing_watched(self, rows):
        """Return rows to watch where there are none: the same graph, with no row or one of weight 0."""
        n_rows = int(bool(self.monitor.ranks or self.xla))  # an area and XLA need one
        some = tf.nest.map_structure(lambda a: a[:n_rows], rows)
        return some._replace(weights=np.zeros(n_rows, np.float32))

    def watched_rows(self, rows, block):
        """Return rows to watch as the graph takes them: under XLA (n_blocks, block, ...)."""
        if not self.xla:
            return rows
        n_rows = len(rows.weights)
        n_blocks = -(-n_rows // block)
        size = -(-n_rows // (n_blocks * WATCHED)) * WATCHED

        def blocks(array):
            filled = np.pad(array, [(0, n_blocks * size - n_rows)] + [(0, 0)] * (array.ndim - 1), mode="edge")
            return filled.reshape(n_blocks, size, *array.shape[1:])

        weights = np.pad(rows.weights, (0, n_blocks * size - n_rows)).reshape(n_blocks, size)
        inputs, y = tf.nest.map_structure(blocks, (rows.inputs, rows.y))
        return Rows(inputs, y, weights)

    def start(self, state):
        """Return the `Progress` before the first epoch."""
        state = State(*([tf.convert_to_tensor(v) for v in part] for part in state))
        return Progress(
            state,
            [state.trainable, state.fixed],
            tf.constant(np.inf, FLOAT),
            tf.constant(-1, INT),
            tf.constant(0, INT),
            tf.constant(True),
        )

    # ---- graph ----

    def _train(self, progress, orders, n_epochs, first_epoch, rows, rates, batch_size, watch, block, stop):
        """Run epochs and watch rows after each; keep the best weights, stop when patience is out.

        All weights of `watch` are 0 where nothing is watched: its columns are NaN then, and the last weights
        are kept.
        """

        def epoch(i, progress):
            order = tf.nest.map_structure(lambda a: a[i], orders)
            state, numbers = self._epoch(progress.state, order, rows, rates, batch_size)
            watched = self._watched(state, watch, block)
            progress = progress._replace(state=state, active=tf.math.is_finite(numbers["loss"]))
            cost = watched[self.monitor.name]
            cost = -cost if self.monitor.ranks else cost
            progress = tf.cond(
                watching,
                lambda: judge(progress, self.step.kept(state), cost, first_epoch + i, stop, _choose),
                lambda: progress,
            )
            return progress, [*numbers.values(), *watched.values()]

        watching = tf.reduce_any(watch.weights > 0)
        progress, done, history = self._epochs(epoch, progress, orders, n_epochs)
        best = tf.cond(watching, lambda: progress.best, lambda: self.step.kept(progress.state))
        return progress._replace(best=best), done, history

    def _epochs(self, epoch, progress, orders, n_epochs):
        """Loop `epoch` while it is active; return progress, epochs run and history.

        The history is (epochs of orders, n_columns): those of the step, then those that it watches.
        """

        def body(i, progress, history):
            progress, numbers = epoch(i, progress)
            return i + 1, progress, tf.tensor_scatter_nd_update(history, [[i]], [tf.stack(numbers)])

        room = tf.shape(tf.nest.flatten(orders)[0])[0]
        done, progress, history = tf.while_loop(
            lambda i, progress, history: (i < n_epochs) & progress.active,
            body,
            (tf.constant(0), progress, tf.zeros(tf.stack([room, self.n_columns]))),
            parallel_iterations=1,
        )
        return progress, done, history

    def _epoch(self, state, order, rows, rates, batch_size):
        """Loop over the batches of one order; return the state and the mean of each column."""
        order, last = order if self.xla else (order, ())
        n_rows, n_steps = self._count(order, last, rows, batch_size)

        def part_of_step(state, inputs, y, weights, rates, size):
            """Take a step on this worker's rows of the batch; sums are of all workers'."""
            rates = rates._replace(penalty=rates.penalty / self.workers.count)
            with repeatable_dropout(written_out=False):
                state, numbers = self.step(state, inputs, y, weights, rates, size)
            names = list(numbers)
            return state, dict(zip(names, sum_over_workers([numbers[name] for name in names])))

        def one_batch(begin, chosen, state, sums):
            mine = chosen if self.workers is None else self.workers.own_part(chosen)
            inputs, y, weights = tf.nest.map_structure(lambda a: tf.gather(a, mine), rows)
            size = tf.shape(chosen)[0]
            if self.xla and not self.parted:
                size = tf.minimum(size, n_rows - begin)
                weights *= tf.cast(tf.range(tf.shape(chosen)[0]) < size, FLOAT)
            if self.workers is None:
                with repeatable_dropout(written_out=self.xla):
                    state, numbers = self.step(state, inputs, y, weights, rates, size)
            else:
                state, numbers = self.workers.run(part_of_step, state, inputs, y, weights, rates, size)
            size, numbers = tf.cast(size, FLOAT), pick_columns(numbers, self.step.columns)
            sums = {name: total + size * numbers[name] for name, total in sums.items()}
            return state, sums

        def body(k, *sums):
            begin = k * batch_size
            chosen = order[k] if self.xla else order[begin : begin + batch_size]
            return k + 1, *one_batch(begin, chosen, *sums)

        nothing = {name: tf.constant(0.0) for name in self.step.columns}
        _, *sums = tf.while_loop(
            lambda k, *_: k < n_steps, body, (tf.constant(0), state, nothing), parallel_iterations=1
        )
        if self.parted:
            begin = n_steps * batch_size
            sums = tf.cond(tf.size(last) > 0, lambda: one_batch(begin, last, *sums), lambda: tuple(sums))
        n_rows = tf.cast(n_rows, FLOAT)
        return sums[0], {name: sums[1][name] / n_rows for name in self.step.columns}

    def _count(self, order, last, rows, batch_size):
        """Return the numbers of rows and of steps of one epoch, without a last batch that is apart."""
        if self.parted:
            return tf.size(order) + tf.size(last), tf.shape(order)[0]
        n_rows = tf.shape(rows.weights if self.xla else order)[0]
        return n_rows, tf.shape(order)[0] if self.xla else (n_rows + batch_size - 1) // batch_size

    def _watched(self, state, rows, block):
        """Return the weighted mean of each watched column over `rows`, read in blocks of rows."""
        names = self.step.watched_columns
        ranked = self.monitor.name if self.monitor.ranks else None
        n_blocks = tf.shape(rows.weights)[0]
        n_blocks = n_blocks if self.xla else (n_blocks + block - 1) // block
        scores = tf.zeros(tf.shape(rows.weights)) if self.xla else tf.zeros([0])

        def body(k, totals, scores):
            chosen = k if self.xla else slice(k * block, (k + 1) * block)
            part = tf.nest.map_structure(lambda a: a[chosen], rows)
            numbers = pick_columns(self.step.watched(state, part.inputs, part.y), names)
            if ranked and self.xla:
                scores = tf.tensor_scatter_nd_update(scores, [[k]], numbers[ranked][None])
            elif ranked:
                scores = tf.concat([scores, numbers[ranked]], 0)
            sums = {name: tf.reduce_sum(part.weights * numbers[name]) for name in totals}
            return k + 1, {name: total + sums[name] for name, total in totals.items()}, scores

        nothing = {name: tf.constant(0.0) for name in names if name != ranked}
        free = tf.nest.map_structure(lambda _: tf.TensorShape([]), nothing)
        _, totals, scores = tf.while_loop(
            lambda k, *_: k < n_blocks,
            body,
            (tf.constant(0), nothing, scores),
            shape_invariants=(tf.TensorShape([]), free, tf.TensorShape([None] * scores.shape.rank)),
        )
        means = {name: total / tf.reduce_sum(rows.weights) for name, total in totals.items()}
        if ranked:
            parts = (tf.reshape(a, [1, -1]) for a in (scores, rows.y, rows.weights))
            means[ranked] = area_under_curve(*parts)[0]
        if self.workers is not None:  # machines may round otherwise, and all must stop at the same epoch
            means = dict(zip(means, self.workers.agree(list(means.values()))))
        return {name: means[name] for name in names}


def _choose(better, kept, best):
    return tf.cond(better, lambda: kept, lambda: best)
