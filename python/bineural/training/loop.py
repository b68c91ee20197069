"""Whole epochs of one net inside one graph: batches, history, early stopping and the best weights.

The graph is traced once for a model, loss and optimizer; rows, batch size, number of epochs, learning rate
and patience come in as tensors, so folds of different size and equal nets share it.
"""

import functools
from typing import NamedTuple

import numpy as np

from bineural._tensorflow import tf
from bineural.training.monitors import area_under_curve
from bineural.training.philox import repeatable_dropout
from bineural.training.step import Rates, State

INT, FLOAT = tf.int32, tf.float32


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
    """

    def __init__(self, step, rows, optimizer_state):
        self.step = step
        like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), rows)
        model = step.model
        state = State(
            [_spec(v) for v in model.trainable_variables],
            [_spec(v) for v in model.non_trainable_variables],
            [_spec(v) for v in optimizer_state],
        )
        whole, number, truth = tf.TensorSpec([], INT), tf.TensorSpec([], FLOAT), tf.TensorSpec([], tf.bool)
        progress = Progress(state, [state.trainable, state.fixed], number, whole, whole, truth)
        self._plain = [progress, tf.TensorSpec([None, None], INT), whole, like, number, whole]
        self._watching = [*self._plain, like, whole, number, whole]

    @functools.cached_property
    def train(self):
        """The graph of `_train`; arguments must be tensors."""
        return self._trace(self._train, self._plain)

    @functools.cached_property
    def train_and_watch(self):
        """The graph of `_train_and_watch`; arguments must be tensors."""
        return self._trace(self._train_and_watch, self._watching)

    @staticmethod
    def _trace(function, signature):
        # AutoGraph takes longer than all the rest; Keras calls layers without it
        return tf.function(function, input_signature=signature, autograph=False).get_concrete_function()

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

    def _train(self, progress, orders, first_epoch, rows, penalty_scale, batch_size):
        """Run epochs without validation; the history has columns loss, penalty, NaN, NaN."""

        def epoch(i, progress):
            state, loss, penalty = self._epoch(progress.state, orders[i], rows, penalty_scale, batch_size)
            progress = progress._replace(state=state, active=tf.math.is_finite(loss))
            return progress, [loss, penalty, *[tf.constant(np.nan, FLOAT)] * 2]

        progress, done, history = self._epochs(epoch, progress, tf.shape(orders)[0])
        return progress._replace(best=self._kept(progress.state)), done, history

    def _train_and_watch(
        self,
        progress,
        orders,
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
            state, loss, penalty = self._epoch(progress.state, orders[i], rows, penalty_scale, batch_size)
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

        return self._epochs(epoch, progress, tf.shape(orders)[0])

    def _kept(self, state):
        return [self.step.optimizer.averaged(state.optimizer, state.trainable), state.fixed]

    def _epochs(self, epoch, progress, n_epochs):
        """Loop `epoch` while it is active; return progress, epochs run and history (n_epochs, 4)."""

        def body(i, progress, history):
            progress, numbers = epoch(i, progress)
            return i + 1, progress, tf.tensor_scatter_nd_update(history, [[i]], [tf.stack(numbers)])

        done, progress, history = tf.while_loop(
            lambda i, progress, history: (i < n_epochs) & progress.active,
            body,
            (tf.constant(0), progress, tf.zeros([n_epochs, 4])),
            parallel_iterations=1,
        )
        return progress, done, history

    def _epoch(self, state, order, rows, penalty_scale, batch_size):
        """Loop over the batches of one order; return the state and the mean loss and penalty."""
        n_rows = tf.shape(order)[0]
        n_steps = (n_rows + batch_size - 1) // batch_size

        def body(k, state, loss_sum, penalty_sum):
            chosen = order[k * batch_size : (k + 1) * batch_size]
            batch = tf.nest.map_structure(lambda a: tf.gather(a, chosen), rows)
            with repeatable_dropout(written_out=False):
                state, loss, penalty = self.step(state, *batch, Rates(penalty_scale))
            size = tf.cast(tf.shape(chosen)[0], FLOAT)
            return k + 1, state, loss_sum + size * loss, penalty_sum + size * penalty

        _, state, loss_sum, penalty_sum = tf.while_loop(
            lambda k, *_: k < n_steps,
            body,
            (tf.constant(0), state, tf.constant(0.0), tf.constant(0.0)),
            parallel_iterations=1,
        )
        n_rows = tf.cast(n_rows, FLOAT)
        return state, loss_sum / n_rows, penalty_sum / n_rows

    def _watched(self, state, rows, block):
        """Return the weighted mean loss of `rows`, read in blocks of rows, and what is monitored."""
        n_rows, monitor = tf.shape(rows.y)[0], self.step.monitor

        def body(k, total, other, scores):
            part = tf.nest.map_structure(lambda a: a[k * block : (k + 1) * block], rows)
            costs, numbers = self.step.watched(state, part.inputs, part.y)
            if monitor and monitor.ranks:
                scores = tf.concat([scores, numbers], 0)
            elif monitor:
                other += tf.reduce_sum(part.weights * numbers)
            return k + 1, total + tf.reduce_sum(part.weights * costs), other, scores

        _, total, other, scores = tf.while_loop(
            lambda k, *_: k * block < n_rows,
            body,
            (tf.constant(0), tf.constant(0.0), tf.constant(0.0), tf.zeros([0])),
            shape_invariants=(*[tf.TensorShape([])] * 3, tf.TensorShape([None])),
        )
        loss, other = (value / tf.reduce_sum(rows.weights) for value in (total, other))
        if monitor is None:
            return loss, loss
        if not monitor.ranks:
            return loss, other
        return loss, -area_under_curve(scores[None], rows.y[None], rows.weights[None])[0]


def _spec(value):
    return tf.TensorSpec(value.shape, tf.as_dtype(value.dtype))
