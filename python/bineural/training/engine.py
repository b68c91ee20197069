"""Train one net: arrays in, fitted weights and history out.

Everything random comes from the net's own seed. Equal nets share one traced graph (a small cache), whatever
their data, seed, learning rate, batch size or number of epochs.
"""

import numpy as np

from bineural._tensorflow import keras
from bineural.training import blueprint, forward
from bineural.training.blueprint import Blueprint
from bineural.training.cache import Cache
from bineural.training.loop import Loop
from bineural.training.losses import row_loss
from bineural.training.optimizers import PureOptimizer, default_learning_rate, optimizer_key
from bineural.training.rows import make_rows, shape_key
from bineural.training.run import Run
from bineural.training.stacked import stacks
from bineural.training.step import State, Step

_loops = Cache(16)
_FOREVER = 2**31 - 1


def train_net(
    model,
    inputs,
    y,
    *,
    loss,
    seed,
    optimizer="adam",
    learning_rate=None,
    batch_size=32,
    epochs=100,
    sample_weight=None,
    validation=None,
    patience=None,
    min_delta=0.0,
    from_logits=True,
    penalty_scale=1.0,
    keep_weights=False,
    progress=None,
):
    """Train one net from its seed.

    Parameters
    ----------
    model : keras.Model or Blueprint
        Layout; it is not changed. Its weights start afresh from the seed (see `Blueprint.from_model`).
    inputs : array_like, or tuple or dict of them, each of shape (n_rows, ...)
        As the model takes them. float64 is trained as float32, int64 as int32.
    y : array_like, shape (n_rows,) or (n_rows, n_outputs)
        Numbers; class numbers from 0 for the cross-entropies.
    loss : str, keras.Loss or callable
        See `losses.row_loss`.
    seed : int
        Decides initial weights, batch order and dropout, each by a stream of its own.
    optimizer : str or keras.Optimizer
    learning_rate : float, optional
        The optimizer's own when None.
    batch_size, epochs : int
        The last batch of an epoch may be smaller.
    sample_weight : array_like of float, shape (n_rows,), optional
        Scaled to mean one. In the loss of the full batch, weight 2 is the row twice; rows of weight 0 are
        left out before batches are made.
    validation : tuple (inputs, y) or (inputs, y, sample_weight), optional
        Rows that are watched, never trained on; the weights of the epoch with the lowest loss are kept.
    patience : int, optional
        Epochs without a lower validation loss after which training stops.
    min_delta : float
        What counts as lower.
    from_logits : bool
        Whether the model's output is on the logit scale.
    penalty_scale : float
        Factor on the model's regularisation losses.
    keep_weights : bool
        Start from the weights the model has.
    progress : callable, optional
        Called as progress(epochs_done, history) between chunks of epochs.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        If lengths differ, or the loss stops being finite.
    TrainingInterrupted
        On Ctrl-C, after the current chunk of epochs (about half a second), with the partial result.
    """
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model, keep_weights)
    rows = make_rows(inputs, y, sample_weight)
    watch = None if validation is None else make_rows(*validation)
    loop = _get_loop(plan, rows, loss, from_logits, optimizer)
    rate = default_learning_rate(optimizer) if learning_rate is None else learning_rate
    run = Run(plan, loop, loop.start(_initial_state(plan, loop, seed, rate)), rows, watch)
    run.settings = (np.float32(penalty_scale), np.int32(batch_size))
    run.stopping = (np.float32(min_delta), np.int32(_FOREVER if patience is None else patience))
    return run.go(seed, epochs, progress)


def _get_loop(plan, rows, loss, from_logits, optimizer):
    def make():
        pure = PureOptimizer(optimizer, plan.model.trainable_variables)
        step = Step(plan.model, pure, row_loss(loss, from_logits))
        return Loop(step, rows, pure.initial_state())

    spoken = loss if isinstance(loss, str) or not isinstance(loss, keras.Loss) else repr(loss.get_config())
    key = (plan.key, shape_key(rows), spoken, type(loss), from_logits, optimizer_key(optimizer))
    return _loops.get(key, make)


def _initial_state(plan, loop, seed, learning_rate):
    trainable, fixed = plan.split(plan.initial_values(seed))
    return State(trainable, fixed, loop.step.optimizer.initial_state(learning_rate))


def clear_compiled():
    """Forget every traced graph, to free their memory."""
    for cache in (_loops, stacks, forward._forwards, blueprint._plans):
        cache.clear()
