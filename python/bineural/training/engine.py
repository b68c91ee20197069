"""Train one net: arrays in, fitted weights and history out.

Everything random comes from the net's own seed. Equal nets share one traced graph (a small cache), whatever
their data, seed, learning rate, batch size or number of epochs.
"""

import hashlib

import numpy as np

from bineural.errors import InputError
from bineural.interrupts import noted_interrupts
from bineural.training import blueprint, forward
from bineural.training.blueprint import Blueprint
from bineural.training.by_keras import train_by_keras
from bineural.training.checkpoint import as_checkpoint
from bineural.training.device import Cache, current_workers, placed
from bineural.training.fit import FOREVER, Fit, Net
from bineural.training.loop import Loop
from bineural.training.memory import available_bytes, estimate_alone, say_if_large
from bineural.training.run import Run
from bineural.training.stacked import stacks
from bineural.training.step import Rates, read_step, steps
from bineural.training.training_rows import make_rows

_loops = Cache(16)
_TYPICAL_EPOCHS = 100
_LONG_ALONE = 4000  # steps of one net, for each layer with weights, that repay compiling it


@placed
def train_net(
    model,
    inputs,
    y=None,
    *,
    seed,
    loss=None,
    optimizer=None,
    step=None,
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
    y : array_like, shape (n_rows,) or (n_rows, n_outputs), tuple or dict of them, or None
        Numbers, trained as float32; class numbers from 0 for the cross-entropies. None where the loss needs
        none.
    loss : RowLoss, str, keras.Loss or callable (y, output)
        All but the first as in `losses.row_loss`, for a model of one output.
    seed : int
        Decides initial weights, batch order and dropout, each by a stream of its own.
    optimizer : str or keras.Optimizer, optional
        Adam when None.
    step : StepMaker, optional
        A step of the net's own in place of `loss` and `optimizer`, see `step.Step`.
    learning_rate : float or dict of str to float, optional
        The optimizer's own when None; a step with several optimizers takes a dict by their names.
    batch_size, epochs : int
        The last batch of an epoch may be smaller.
    sample_weight : array_like of float, shape (n_rows,), optional
        Scaled to mean one. In the loss of the full batch, weight 2 is the row twice; rows of weight 0 are
        left out before batches are made.
    validation : tuple (inputs, y) or (inputs, y, sample_weight), optional
        Rows that are watched, never trained on; the weights of the best epoch are kept. `y` may be None.
    monitor : str, keras.Loss or callable
        What says which epoch is best: "loss", one of its parts, "auroc", or another loss, see
        `losses.row_loss`; with `step`, the name of a column that it watches.
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
        None decides by rule, see `pays_alone`; it changes numbers by rounding only, and a net
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
    maker, monitor = read_step(step, loss, optimizer, monitor, from_logits)
    rows, watch = make_rows(inputs, y, sample_weight), None if validation is None else make_rows(*validation)
    rates = Rates(np.float32(penalty_scale))
    fit = Fit(
        Net(
            plan,
            rows,
            watch,
            seed,
            maker.learning_rates(learning_rate, 1)[0],
            rates,
            sample_weight is not None,
        ),
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
    )
    return run_alone(fit)


def run_alone(fit):
    """Train the one net of a fit; return `Trained`."""
    workers = current_workers()
    if workers is not None:
        _check_for_workers(fit, workers)
    say_if_large(estimate_alone(fit), available_bytes(), "that this machine has left", fit.nets.plan.layout)
    if fit.by_keras:
        return train_by_keras(fit)
    xla = fit.xla
    if xla is None:
        few = fit.nets.watch is None or fit.patience == FOREVER
        likely = fit.epochs if few else min(fit.epochs, 3 * fit.patience)
        likely = likely if fit.checkpoint is None else _TYPICAL_EPOCHS  # with it `epochs` may grow
        xla = pays_alone(fit.nets.plan.layout, -(-fit.nets.size // fit.batch_size) * likely)
    xla = xla and workers is None
    run = Run(fit, lambda xla: get_loop(fit, xla), bool(xla))
    if run.checkpoint is not None:
        state = run.checkpoint.begin(fit.identity(bool(xla)))
        if state is not None:
            run.restore(state)
    if workers is not None:
        run.follow_first()
    with noted_interrupts() as look:
        return run.go(fit.progress, look)


def _check_for_workers(fit, workers):
    """Refuse what several workers can't train as one process does, and rows or options that differ."""
    layout, own = fit.nets.plan.layout, fit.maker.row_loss is None
    mixes = any(getattr(layer, "mixes_rows", False) for layer in layout.layers)
    if fit.by_keras or own or mixes or not fit.rows_apart:
        raise InputError(
            "device='workers' trains nets in which no row of a batch depends on the others.",
            f"Found {'callbacks or an own step' if fit.by_keras or own else 'a layer that lets rows meet'}.",
            "Leave out batch normalisation, 'mixup' and callbacks, or train on one machine.",
        )
    digest = hashlib.sha256(repr(sorted(fit.identity(epochs=fit.epochs).items())).encode()).hexdigest()
    theirs = workers.agreed(number := int(digest[:8], 16))
    if workers.any(theirs != [number]):
        raise InputError(
            "All workers must be given the same rows, options and seed.",
            "Those of the first differ from another's.",
            "Run the same program with the same data on all of them.",
        )


def pays_alone(layout, n_steps):
    """Say whether one net is compiled by XLA: long work without recurrent, convolution or random layers.

    A compiled step of a small net takes a fourth to a seventh of the time, compiling one to two seconds.
    Convolutions have faster forms without it, and dropout's numbers have to be written out for it.

    Parameters
    ----------
    layout : Layout
    n_steps : int
        All epochs together.
    """
    if layout.recurrent or layout.convolutions or layout.random_layers:
        return False
    return n_steps >= _LONG_ALONE * max(layout.n_weighted_layers, 1)


def get_loop(fit, xla=False):
    """Return the `Loop` of a fit, a new one where no equal fit has made it."""

    def make():
        return Loop(fit.step(), fit.monitor, fit.nets.rows, fit.rows_apart, xla)

    return _loops.get(fit.graph_key(xla), make)


def clear_compiled():
    """Forget every traced graph, to free their memory."""
    for cache in (_loops, steps, stacks, forward._forwards, blueprint._plans):
        cache.clear()
