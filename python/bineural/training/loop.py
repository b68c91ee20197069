"""Whole epochs of one net inside one graph: batches, history, early stopping and the best weights.

The graph is traced once for a model, loss and optimizer; rows, batch size, number of epochs, learning rate
and patience come in as tensors, so folds of different size and equal nets share it. Compiled by XLA it is
faster step by step, and compiled again for each number of rows.
"""

import functools
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import tf
from bineural.training.monitors import area_under_curve
from bineural.training.philox import repeatable_dropout
from bineural.training.rows import Rows
from bineural.training.stack_rules import rows_stay_apart
from bineural.training.step import Rates, State

INT, FLOAT = tf.int32, tf.float32
WATCHED = 16  # numbers of watched rows are filled up to a multiple, so that XLA meets few sizes


class Progress(NamedTuple):
    """Where training stands between two calls: scalars as tensors, `best` the weights of the best epoch."""

    state: State
    best: list
    best_loss: object
    best_epoch: object
    wait: object
    active: object


class Loop:
    """Runs of epochs for one `Step`.

    Parameters
    ----------
    step : Step
    rows : Rows of tensors
        An example, for shapes and types; the number of rows may differ later.
    optimizer_state : list of arrays
        The optimizer's variables, for shapes and types.
    xla : bool
        Compile the graph. Then batches have one size, the last one of an epoch filled up with rows of weight
        0 or, where rows meet in a batch, apart; watched rows come in whole blocks, filled up likewise.
    """

    def __init__(self, step, rows, optimizer_state, xla=False):
        self.step, self.xla, self.fails = step, xla, False  # fails: once it is known that XLA can't
        like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), rows)
        model = step.model
        state = State(
            [_spec(v) for v in model.trainable_variables],
            [_spec(v) for v in model.non_trainable_variables],
            [_spec(v) for v in optimizer_state],
        )
        whole, number, truth = tf.TensorSpec([], INT), tf.TensorSpec([], FLOAT), tf.TensorSpec([], tf.bool)
        progress = Progress(state, [state.trainable, state.fixed], number, whole, whole, truth)
        self.parted = xla and not rows_stay_apart(model)
        order = tf.TensorSpec([None, None], INT)
        batches = (tf.TensorSpec([None, None, None], INT), order if self.parted else ())
        self._plain = [progress, batches if xla else order, whole, whole, like, number, whole]
        if xla:
            like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape], a.dtype), like)
        self._watching = [*self._plain, like, whole, number, whole]

    @functools.cached_property
    def train(self):
        """The graph of `_train`; arguments must be tensors."""
        return self._trace(self._train, self._plain)

    @functools.cached_property
    def train_and_watch(self):
        """The graph of `_train_and_watch`; arguments must be tensors."""
        return self._trace(self._train_and_watch, self._watching)

    def _trace(self, function, signature):
        # AutoGraph takes longer than all the rest; Keras calls layers without it
        options = {"jit_compile": self.xla or None, "autograph": False}
        return tf.function(function, input_signature=signature, **options).get_concrete_function()

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

    def watched_rows(self, rows, block):
        """Return rows to watch as the graph takes them: under XLA (n_blocks, block, ...)."""
        if not self.xla:
            return rows
        n_rows = len(rows.y)
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

    def _train(self, progress, orders, n_epochs, first_epoch, rows, penalty_scale, batch_size):
        """Run epochs without validation; the history has columns loss, penalty, NaN, NaN."""

        def epoch(i, progress):
            order = tf.nest.map_structure(lambda a: a[i], orders)
            state, loss, penalty = self._epoch(progress.state, order, rows, penalty_scale, batch_size)
            progress = progress._replace(state=state, active=tf.math.is_finite(loss))
            return progress, [loss, penalty, *[tf.constant(np.nan, FLOAT)] * 2]

        progress, done, history = self._epochs(epoch, progress, orders, n_epochs)
        return progress._replace(best=self._kept(progress.state)), done, history

    def _train_and_watch(
        self,
        progress,
        orders,
        n_epochs,
        first_epoch,
        rows,
        penalty_scale,
        batch_size,
        watch,
        block,
        min_delta,
        patience,
    ):
        """Run epochs and watch rows after each; keep the best weights, stop when patience is out.

        The history has columns loss, penalty, watched loss, monitor (both lower is better).
        """

        def epoch(i, progress):
            order = tf.nest.map_structure(lambda a: a[i], orders)
            state, loss, penalty = self._epoch(progress.state, order, rows, penalty_scale, batch_size)
            watched, monitored = self._watched(state, watch, block)
            better = monitored + min_delta < progress.best_loss
            wait = tf.where(better, 0, progress.wait + 1)
            progress = Progress(
                state,
                tf.cond(better, lambda: self._kept(state), lambda: progress.best),
                tf.where(better, monitored, progress.best_loss),
                tf.where(better, first_epoch + i, progress.best_epoch),
                wait,
                (better | (wait < patience)) & tf.math.is_finite(loss),
            )
            return progress, [loss, penalty, watched, monitored]

        return self._epochs(epoch, progress, orders, n_epochs)

    def _kept(self, state):
        return [self.step.optimizer.averaged(state.optimizer, state.trainable), state.fixed]

    @staticmethod
    def _epochs(epoch, progress, orders, n_epochs):
        """Loop `epoch` while it is active; return progress, epochs run and history (epochs of orders, 4)."""

        def body(i, progress, history):
            progress, numbers = epoch(i, progress)
            return i + 1, progress, tf.tensor_scatter_nd_update(history, [[i]], [tf.stack(numbers)])

        room = tf.shape(tf.nest.flatten(orders)[0])[0]
        done, progress, history = tf.while_loop(
            lambda i, progress, history: (i < n_epochs) & progress.active,
            body,
            (tf.constant(0), progress, tf.zeros(tf.stack([room, 4]))),
            parallel_iterations=1,
        )
        return progress, done, history

    def _epoch(self, state, order, rows, penalty_scale, batch_size):
        """Loop over the batches of one order; return the state and the mean loss and penalty."""
        order, last = order if self.xla else (order, ())
        n_rows, n_steps = self._count(order, last, rows, batch_size)

        def one_batch(begin, chosen, state, loss_sum, penalty_sum):
            inputs, y, weights = tf.nest.map_structure(lambda a: tf.gather(a, chosen), rows)
            size = tf.shape(chosen)[0]
            if self.xla and not self.parted:
                size = tf.minimum(size, n_rows - begin)
                weights *= tf.cast(tf.range(tf.shape(chosen)[0]) < size, FLOAT)
            with repeatable_dropout(written_out=self.xla):
                state, loss, penalty = self.step(state, inputs, y, weights, Rates(penalty_scale), size)
            size = tf.cast(size, FLOAT)
            return state, loss_sum + size * loss, penalty_sum + size * penalty

        def body(k, *sums):
            begin = k * batch_size
            chosen = order[k] if self.xla else order[begin : begin + batch_size]
            return k + 1, *one_batch(begin, chosen, *sums)

        _, *sums = tf.while_loop(
            lambda k, *_: k < n_steps,
            body,
            (tf.constant(0), state, tf.constant(0.0), tf.constant(0.0)),
            parallel_iterations=1,
        )
        if self.parted:
            begin = n_steps * batch_size
            sums = tf.cond(tf.size(last) > 0, lambda: one_batch(begin, last, *sums), lambda: tuple(sums))
        n_rows = tf.cast(n_rows, FLOAT)
        return sums[0], sums[1] / n_rows, sums[2] / n_rows

    def _count(self, order, last, rows, batch_size):
        """Return the numbers of rows and of steps of one epoch, without a last batch that is apart."""
        if self.parted:
            return tf.size(order) + tf.size(last), tf.shape(order)[0]
        n_rows = tf.shape(rows.y if self.xla else order)[0]
        return n_rows, tf.shape(order)[0] if self.xla else (n_rows + batch_size - 1) // batch_size

    def _watched(self, state, rows, block):
        """Return the weighted mean loss of `rows`, read in blocks of rows, and what is monitored."""
        monitor = self.step.monitor
        n_blocks = tf.shape(rows.y)[0] if self.xla else (tf.shape(rows.y)[0] + block - 1) // block
        scores = tf.zeros(tf.shape(rows.y)) if self.xla else tf.zeros([0])

        def body(k, total, other, scores):
            chosen = k if self.xla else slice(k * block, (k + 1) * block)
            part = tf.nest.map_structure(lambda a: a[chosen], rows)
            costs, numbers = self.step.watched(state, part.inputs, part.y)
            if monitor and monitor.ranks and self.xla:
                scores = tf.tensor_scatter_nd_update(scores, [[k]], numbers[None])
            elif monitor and monitor.ranks:
                scores = tf.concat([scores, numbers], 0)
            elif monitor:
                other += tf.reduce_sum(part.weights * numbers)
            return k + 1, total + tf.reduce_sum(part.weights * costs), other, scores

        _, total, other, scores = tf.while_loop(
            lambda k, *_: k < n_blocks,
            body,
            (tf.constant(0), tf.constant(0.0), tf.constant(0.0), scores),
            shape_invariants=(*[tf.TensorShape([])] * 3, tf.TensorShape([None] * scores.shape.rank)),
        )
        loss, other = (value / tf.reduce_sum(rows.weights) for value in (total, other))
        if monitor is None:
            return loss, loss
        if not monitor.ranks:
            return loss, other
        return loss, -area_under_curve(*(tf.reshape(a, [1, -1]) for a in (scores, rows.y, rows.weights)))[0]


def _spec(value):
    return tf.TensorSpec(value.shape, tf.as_dtype(value.dtype))
