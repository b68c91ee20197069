"""One training step as a pure function: (state, batch) -> (state, loss), for any Keras model and optimizer.

The state is three lists of tensors: what is trained, what is not (batch-norm averages, random states), and
the optimizer's own. Nothing is assigned, so a step can be looped, stacked or repeated.
"""

from typing import NamedTuple

from bineural._tensorflow import tf


class State(NamedTuple):
    """Everything that changes while a net is trained."""

    trainable: list
    fixed: list
    optimizer: list


class Step:
    """The step of one model, loss and optimizer.

    Parameters
    ----------
    model : keras.Model
        Layout; its own weights are not used.
    optimizer : PureOptimizer
    row_loss : callable
        (y, output) -> (batch,), see `losses.row_loss`.
    """

    def __init__(self, model, optimizer, row_loss):
        self.model, self.optimizer, self.row_loss = model, optimizer, row_loss

    def __call__(self, state, inputs, y, weights, penalty_scale, size=None):
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
            Sum of the model's regularisation losses, times `penalty_scale`.
        """
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(state.trainable)
            output, fixed, penalties = self.model.stateless_call(
                state.trainable, state.fixed, inputs, training=True, return_losses=True
            )
            costs = weights * tf.cast(self.row_loss(y, tf.cast(output, tf.float32)), tf.float32)
            size = tf.shape(weights)[0] if size is None else size
            loss = tf.reduce_sum(costs) / tf.cast(size, tf.float32)
            penalty = (
                tf.add_n([tf.constant(0.0), *(tf.cast(p, tf.float32) for p in penalties)]) * penalty_scale
            )
            objective = loss + penalty
        gradients = tape.gradient(objective, state.trainable)
        gradients = [None if g is None else tf.convert_to_tensor(g) for g in gradients]
        trainable, optimizer = self.optimizer.apply(state.optimizer, gradients, state.trainable)
        return State(trainable, [tf.convert_to_tensor(v) for v in fixed], optimizer), loss, penalty

    def costs(self, state, inputs, y):
        """Return each row's loss (batch,) with the weights that would be kept (moving averages if any)."""
        trainable = self.optimizer.averaged(state.optimizer, state.trainable)
        output, _ = self.model.stateless_call(trainable, state.fixed, inputs, training=False)
        return tf.cast(self.row_loss(y, tf.cast(output, tf.float32)), tf.float32)
