"""One training step as a pure function: (state, batch) -> (state, loss), for any Keras model and optimizer.

The state is three lists of tensors: what is trained, what is not (batch-norm averages, random states), and
the optimizer's own. Nothing is assigned, so a step can be looped, stacked or repeated.
"""

import contextlib
import threading
from typing import NamedTuple

from bineural._tensorflow import keras, tf
from bineural.training.blueprint import mode

_setting = threading.RLock()
_PENALTIES = (keras.regularizers.L1L2, keras.regularizers.L1, keras.regularizers.L2)


class State(NamedTuple):
    """Everything that changes while a net is trained."""

    trainable: list
    fixed: list
    optimizer: list


class Rates(NamedTuple):
    """Scalars that replicas of one graph may differ in; () where the model's own settings hold.

    `penalty` multiplies all regularisation losses; `l1` and `l2` those parts of the penalties on weights;
    `dropout` is the rate of every dropout layer.
    """

    penalty: object
    l1: object = ()
    l2: object = ()
    dropout: object = ()


class Step:
    """The step of one model, loss and optimizer.

    Parameters
    ----------
    model : keras.Model
        Layout; its own weights are not used.
    optimizer : PureOptimizer
    row_loss : callable
        (y, output) -> (batch,), see `losses.row_loss`.
    monitor : Monitor, optional
        What is watched besides the loss.
    """

    def __init__(self, model, optimizer, row_loss, monitor=None):
        self.model, self.optimizer, self.row_loss, self.monitor = model, optimizer, row_loss, monitor

    def __call__(self, state, inputs, y, weights, rates, size=None):
        """Take one step on one batch.

        The loss is the sum of weight x row loss over the number of rows: with weights of mean one over the
        training rows it is an unbiased estimate of the weighted mean, and on the full batch a weight of 2 is
        a row that stands there twice. `size` is the number of rows where some are padding of weight 0.

        Returns
        -------
        state : State
        loss : scalar tensor of float32
            Mean loss of the batch, without penalties.
        penalty : scalar tensor of float32
            Sum of the model's regularisation losses, times `rates.penalty`.
        """
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(state.trainable)
            with scaled_penalties(self.model, rates):
                output, fixed, penalties = self.model.stateless_call(
                    state.trainable, state.fixed, inputs, return_losses=True, **mode(self.model, True)
                )
            costs = weights * tf.cast(self.row_loss(y, tf.cast(output, tf.float32)), tf.float32)
            size = tf.shape(weights)[0] if size is None else size
            loss = tf.reduce_sum(costs) / tf.cast(size, tf.float32)
            penalty = tf.add_n([tf.constant(0.0), *(tf.cast(p, tf.float32) for p in penalties)])
            penalty *= rates.penalty
            objective = loss + penalty
        gradients = tape.gradient(objective, state.trainable)
        gradients = [None if g is None else tf.convert_to_tensor(g) for g in gradients]
        trainable, optimizer = self.optimizer.apply(state.optimizer, gradients, state.trainable)
        return State(trainable, [tf.convert_to_tensor(v) for v in fixed], optimizer), loss, penalty

    def watched(self, state, inputs, y):
        """Return each row's loss, and its cost or score for the monitor: (batch,), or () without monitor.

        They come from the weights that would be kept (moving averages if any).
        """
        trainable = self.optimizer.averaged(state.optimizer, state.trainable)
        output, _ = self.model.stateless_call(trainable, state.fixed, inputs, **mode(self.model, False))
        output = tf.cast(output, tf.float32)
        costs = tf.cast(self.row_loss(y, output), tf.float32)
        return costs, tf.cast(self.monitor.by_row(y, output), tf.float32) if self.monitor else ()


@contextlib.contextmanager
def scaled_penalties(model, rates):
    """Multiply the L1 and L2 factors of a model's weight penalties while its graph is traced."""
    own = [(v, v.regularizer) for v in model.trainable_variables if isinstance(v.regularizer, _PENALTIES)]
    if isinstance(rates.l1, tuple) and isinstance(rates.l2, tuple):
        own = []
    with _setting:
        try:
            for variable, penalty in own:
                variable.regularizer = _Scaled(penalty, rates)
            yield
        finally:
            for variable, penalty in own:
                variable.regularizer = penalty


class _Scaled(keras.regularizers.Regularizer):
    """A weight penalty with factors on its two parts."""

    def __init__(self, penalty, rates):
        self.parts = [
            (float(getattr(penalty, "l1", 0.0)), rates.l1, tf.abs),
            (float(getattr(penalty, "l2", 0.0)), rates.l2, tf.square),
        ]

    def __call__(self, weights):
        weights = tf.convert_to_tensor(weights)
        total = tf.constant(0.0)
        for factor, rate, size in self.parts:
            if factor:
                own = 1.0 if isinstance(rate, tuple) else rate
                total += factor * own * tf.reduce_sum(size(weights))
        return total
