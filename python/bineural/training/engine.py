"""Train one net: arrays in, fitted weights and history out.

Everything random comes from the net's own seed. Equal nets share one traced graph (a small cache), whatever
their data, seed, learning rate, batch size or number of epochs.
"""

import numpy as np

from bineural.training import blueprint, forward
from bineural.training.blueprint import Blueprint
from bineural.training.by_keras import needs_keras, no_checkpoint, train_by_keras
from bineural.training.cache import Cache
from bineural.training.checkpoint import as_checkpoint
from bineural.training.device import placed
from bineural.training.fingerprint import fingerprint_training
from bineural.training.interrupts import noted_interrupts
from bineural.training.loop import Loop
from bineural.training.losses import loss_key, row_loss
from bineural.training.monitors import check_monitor, read_monitor
from bineural.training.optimizers import PureOptimizer, default_learning_rate, optimizer_key
from bineural.training.rows import make_rows, shape_key
from bineural.training.run import Run
from bineural.training.stack_rules import pays_alone
from bineural.training.stacked import stacks
from bineural.training.step import State, Step

_loops = Cache(16)
_FOREVER = 2**31 - 1
_TYPICAL_EPOCHS = 100


@placed
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
    monitor="loss",
    patience=None,
    min_delta=0.0,
    from_logits=True,
    penalty_scale=1.0,
    keep_weights=False,
    diverged="raise",
    checkpoint=None,
    progress=None,
    callbacks=None,
    xla=None,
    device=None,
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
        Rows that are watched, never trained on; the weights of the best epoch are kept.
    monitor : str, keras.Loss or callable
        What says which epoch is best: "loss", "auroc", or another loss, see `losses.row_loss`.
    patience : int, optional
        Epochs without a better one after which training stops.
    min_delta : float
        By how much an epoch must be better.
    from_logits : bool
        Whether the model's output is on the logit scale.
    penalty_scale : float
        Factor on the model's regularisation losses.
    keep_weights : bool
        Start from the weights the model has.
    diverged : {"raise", "keep"}
        What to do when the loss stops being finite: an error, or the history ends there.
    checkpoint : str, path or Checkpoint, optional
        File that is written every so often; the same call goes on from it and ends with the same weights to
        the bit. `epochs` alone may grow.
    progress : callable, optional
        Called as progress(epochs_done, history) between chunks of epochs.
    callbacks : sequence of keras.callbacks.Callback, optional
        Training then goes through Keras' own loop (`train_by_keras`), as it does for a model whose class has
        a `train_step` of its own.
    xla : bool, optional
        None decides by rule, see `stack_rules.pays_alone`; it changes numbers by rounding only, and a net
        that can't be compiled goes on without.
    device : str, optional
        See `device.find_device`.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        If lengths differ, the loss stops being finite, or `checkpoint` is a file of something else.
    TrainingInterrupted
        On Ctrl-C, after the current chunk of epochs (about half a second), with the partial result. A second
        Ctrl-C ends training at once, with none.
    """
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model, keep_weights)
    if callbacks or needs_keras(plan.model):
        if checkpoint is not None:
            raise no_checkpoint()
        return train_by_keras(
            *(plan, inputs, y),
            loss=loss,
            seed=seed,
            optimizer=optimizer,
            learning_rate=learning_rate,
            batch_size=batch_size,
            epochs=epochs,
            sample_weight=sample_weight,
            validation=validation,
            monitor=monitor,
            patience=patience,
            min_delta=min_delta,
            from_logits=from_logits,
            penalty_scale=penalty_scale,
            diverged=diverged,
            progress=progress,
            callbacks=callbacks,
        )
    rows = make_rows(inputs, y, sample_weight)
    watch = None if validation is None else make_rows(*validation)
    options = {"loss": loss, "seed": seed, "optimizer": optimizer, "learning_rate": learning_rate}
    options |= {"batch_size": batch_size, "monitor": monitor, "patience": patience, "min_delta": min_delta}
    options |= {"from_logits": from_logits, "penalty_scale": penalty_scale}
    if xla is None:
        likely = epochs if watch is None or patience is None else min(epochs, 3 * patience)
        likely = likely if checkpoint is None else _TYPICAL_EPOCHS  # with it `epochs` may grow
        xla = pays_alone(plan.model, -(-len(rows.y) // int(batch_size)) * likely)
    run = begin_run(Run, plan, rows, watch, xla=xla, **options)
    run.diverged = diverged
    if checkpoint is not None:
        checkpoint = as_checkpoint(checkpoint)
        shared = [options[name] for name in sorted(options.keys() - {"loss", "seed", "optimizer", "monitor"})]
        parts = {"data": rows, "validation rows": watch, "seed": seed, "monitor": monitor}
        parts["settings"] = ("alone", bool(xla), *shared)
        state = checkpoint.begin(fingerprint_training([plan], loss, optimizer, **parts))
        if state is not None:
            run.restore(state, epochs)
    with noted_interrupts() as look:
        return run.go(seed, epochs, progress, look, checkpoint)


def begin_run(
    kind,
    plan,
    rows,
    watch,
    *,
    loss,
    seed,
    optimizer,
    learning_rate,
    batch_size,
    monitor,
    patience,
    min_delta,
    from_logits,
    penalty_scale,
    xla=False,
):
    """Return a `Run` (or another `kind` of it) before its first epoch; see `train_net`."""
    meter = read_monitor(monitor, from_logits)
    check_monitor(meter, [] if watch is None else [watch.y], plan.model)
    watched = meter, loss_key(monitor)

    def get_loop(xla=False):
        return _get_loop(plan, rows, loss, from_logits, optimizer, *watched, xla)

    loop = get_loop(bool(xla))
    loop = get_loop() if loop.fails else loop
    rate = default_learning_rate(optimizer) if learning_rate is None else learning_rate
    run = kind(plan, loop, loop.start(_initial_state(plan, loop, seed, rate)), rows, watch)
    run.spare = get_loop
    run.settings = (np.float32(penalty_scale), np.int32(batch_size))
    run.stopping = (np.float32(min_delta), np.int32(_FOREVER if patience is None else patience))
    return run


def _get_loop(plan, rows, loss, from_logits, optimizer, monitor, monitored, xla):
    def make():
        pure = PureOptimizer(optimizer, plan.model.trainable_variables)
        step = Step(plan.model, pure, row_loss(loss, from_logits), monitor)
        return Loop(step, rows, pure.initial_state(), xla)

    key = (
        plan.key,
        shape_key(rows),
        loss_key(loss),
        from_logits,
        optimizer_key(optimizer),
        monitored,
        xla,
    )
    return _loops.get(key, make)


def _initial_state(plan, loop, seed, learning_rate):
    trainable, fixed = plan.split(plan.initial_values(seed))
    return State(trainable, fixed, loop.step.optimizer.initial_state(learning_rate))


def clear_compiled():
    """Forget every traced graph, to free their memory."""
    for cache in (_loops, stacks, forward._forwards, blueprint._plans):
        cache.clear()
