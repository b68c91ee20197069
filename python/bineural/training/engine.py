"""Train one net: arrays in, fitted weights and history out; and predict with such weights.

Everything random comes from the net's own seed. Equal nets share one traced graph (a small cache), whatever
their data, seed, learning rate, batch size or number of epochs.
"""

import math
import time
from dataclasses import dataclass, field

import numpy as np

from .._tensorflow import keras, tf
from ..errors import InputError
from .batches import draw_orders, most_epochs_at_once
from .blueprint import Blueprint
from .cache import Cache
from .loop import Loop, Rows
from .losses import row_loss
from .optimizers import PureOptimizer, default_learning_rate, optimizer_key
from .step import State, Step

_loops = Cache(16)
_forwards = Cache(32)
_CHUNK_SECONDS = 0.5  # between two looks at Ctrl-C and the progress bar
_BLOCK_NUMBERS = 2**22  # input numbers in a block of rows at prediction
_PANEL = 64  # rows; a multiple of what any matrix product takes at once
_FOREVER = 2**31 - 1


@dataclass
class Trained:
    """What training gives.

    Attributes
    ----------
    weights : list of ndarray
        In the order of `model.get_weights()`: of the best epoch with validation rows, else of the last.
    history : dict of list of float
        "loss" (mean over the epoch's batches, without penalties), with validation rows "validation_loss",
        and "penalty" where the model has regularisation losses; one number for each epoch run.
    epochs_run : int
    best_epoch : int
        Number of the epoch, counted from 1, whose weights these are.
    stopped : bool
        Whether patience ended the training.
    """

    weights: list
    history: dict = field(default_factory=dict)
    epochs_run: int = 0
    best_epoch: int = 0
    stopped: bool = False


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C during training; `trained` holds what had been reached."""

    def __init__(self, trained):
        super().__init__(f"Training was interrupted after {trained.epochs_run} epochs.")
        self.trained = trained


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
    run = _Run(plan, loop, loop.start(_initial_state(plan, loop, seed, rate)), rows, watch)
    run.settings = (np.float32(penalty_scale), np.int32(batch_size))
    run.stopping = (np.float32(min_delta), np.int32(_FOREVER if patience is None else patience))
    return run.go(seed, epochs, progress)


def predict_net(model, weights, inputs):
    """Predict with given weights.

    Parameters
    ----------
    model : keras.Model or Blueprint
        Layout.
    weights : list of ndarray
        In the order of `model.get_weights()`.
    inputs : array_like, or tuple or dict of them, each of shape (n_rows, ...)

    Returns
    -------
    ndarray of float32, shape (n_rows, n_outputs)
        The model's output, computed in blocks of rows.
    """
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model)
    inputs = tf.nest.map_structure(_as_trained, inputs)
    key = (plan.key, _shape_key(inputs))
    forward = _forwards.get(key, lambda: _make_forward(plan.model, inputs))
    state = _split(
        plan, [plan.kept[i] if w is None else weights[w] for i, w in enumerate(plan.weight_places())]
    )
    n_rows, block = len(tf.nest.flatten(inputs)[0]), _block_rows(inputs)
    inputs = _full_panels(inputs, n_rows)
    blocks = [slice(i, i + block) for i in range(0, max(n_rows, 1), block)]
    parts = [forward(*state, _some_rows(inputs, block)).numpy() for block in blocks]
    return (parts[0] if len(parts) == 1 else np.concatenate(parts))[:n_rows]


def clear_compiled():
    """Forget every traced graph, to free their memory."""
    from . import blueprint

    for cache in (_loops, _forwards, blueprint._plans):
        cache.clear()


def make_rows(inputs, y, sample_weight=None):
    """Check and convert the rows of one part of the data; weights get mean one, rows of weight 0 leave."""
    inputs = tf.nest.map_structure(_as_trained, inputs)
    y = np.asarray(y, dtype=np.float32)
    lengths = {len(a) for a in (*tf.nest.flatten(inputs), y)}
    if sample_weight is None:
        weights = np.ones(len(y), dtype=np.float32)
    else:
        weights = np.asarray(sample_weight, dtype=np.float64)
        lengths.add(len(weights))
    if len(lengths) != 1 or 0 in lengths:
        raise InputError(
            "Inputs, outcome and weights must have the same number of rows, at least one.",
            f"Found {sorted(lengths)}.",
            "Pass arrays of the same rows.",
        )
    if sample_weight is not None:
        keep = np.flatnonzero(weights > 0)
        if len(keep) < len(weights):
            inputs = _some_rows(inputs, keep)
            y, weights = y[keep], weights[keep]
        weights = (weights / weights.mean()).astype(np.float32)
    return Rows(inputs, y, weights)


class _Run:
    """One training under way: chunks of epochs through the graph, history in Python."""

    def __init__(self, plan, loop, progress, rows, watch):
        self.plan, self.loop, self.progress = plan, loop, progress
        self.n_rows, self.watched = len(rows.y), watch is not None
        self.block = np.int32(_block_rows(rows.inputs))
        self.rows = tf.nest.map_structure(tf.constant, rows)
        self.watch = None if watch is None else tf.nest.map_structure(tf.constant, watch)
        self.history, self.done = [], 0

    def go(self, seed, epochs, report):
        chunk = min(epochs, most_epochs_at_once(self.n_rows), 8 if report or epochs > 1000 else epochs)
        try:
            while self.done < epochs and bool(self.progress.active):
                begun = time.perf_counter()
                self._chunk(seed, min(chunk, epochs - self.done))
                if report is not None:
                    report(self.done, self._named_history())
                chunk = _next_chunk(chunk, time.perf_counter() - begun, self.n_rows)
        except KeyboardInterrupt:
            raise TrainingInterrupted(self.result()) from None
        return self.result()

    def _chunk(self, seed, n_epochs):
        orders = draw_orders(seed, self.n_rows, self.done, n_epochs)
        common = (self.progress, orders, np.int32(self.done), self.rows, *self.settings)
        if self.watched:
            out = self.loop.train_and_watch(*common, self.watch, self.block, *self.stopping)
        else:
            out = self.loop.train(*common)
        self.progress, done, history = out
        self.history.append(history.numpy()[: int(done)])
        self.done += int(done)
        losses = self.history[-1][:, 0]
        if not np.isfinite(losses).all():
            raise InputError(
                "The training loss must stay finite.",
                f"It became {losses[~np.isfinite(losses)][0]} in epoch {self.done}.",
                "Lower learning_rate, clip gradients (Adam(clipnorm=1.0)), or scale the outcome.",
            )

    def _named_history(self):
        table = np.concatenate([np.zeros((0, 3)), *self.history])
        named = {"loss": table[:, 0].tolist()}
        if self.watched:
            named["validation_loss"] = table[:, 2].tolist()
        if table[:, 1].any():
            named["penalty"] = table[:, 1].tolist()
        return named

    def result(self):
        trainable, fixed = self.progress.best
        values = _join(self.plan, trainable, fixed)
        weights = [v for v, place in zip(values, self.plan.weight_places()) if place is not None]
        order = [place for place in self.plan.weight_places() if place is not None]
        weights = [weights[i].numpy() for i in np.argsort(order)]
        best = int(self.progress.best_epoch) + 1 if self.watched else self.done
        stopped = self.watched and not bool(self.progress.active)
        return Trained(weights, self._named_history(), self.done, best, stopped)


def _next_chunk(chunk, seconds, n_rows):
    wanted = chunk * _CHUNK_SECONDS / max(seconds, 1e-3)
    return int(min(max(1, wanted, chunk / 4), 4 * chunk, most_epochs_at_once(n_rows)))


def _get_loop(plan, rows, loss, from_logits, optimizer):
    def make():
        pure = PureOptimizer(optimizer, plan.model.trainable_variables)
        step = Step(plan.model, pure, row_loss(loss, from_logits))
        return Loop(step, rows, pure.initial_state())

    spoken = loss if isinstance(loss, str) or not isinstance(loss, keras.Loss) else repr(loss.get_config())
    key = (plan.key, _shape_key(rows), spoken, type(loss), from_logits, optimizer_key(optimizer))
    return _loops.get(key, make)


def _initial_state(plan, loop, seed, learning_rate):
    trainable, fixed = _split(plan, plan.initial_values(seed))
    return State(trainable, fixed, loop.step.optimizer.initial_state(learning_rate))


def _split(plan, values):
    """Part the values of `model.variables` into (trainable, the rest), as `stateless_call` takes them."""
    value = {id(v): x for v, x in zip(plan.model.variables, values)}
    model = plan.model
    return [value[id(v)] for v in model.trainable_variables], [
        value[id(v)] for v in model.non_trainable_variables
    ]


def _join(plan, trainable, fixed):
    model = plan.model
    value = {id(v): x for v, x in zip(model.trainable_variables, trainable)}
    value.update({id(v): x for v, x in zip(model.non_trainable_variables, fixed)})
    return [value[id(v)] for v in model.variables]


def _make_forward(model, inputs):
    def forward(trainable, fixed, inputs):
        output, _ = model.stateless_call(trainable, fixed, inputs, training=False)
        return tf.cast(output, tf.float32)

    spec = [
        [tf.TensorSpec(v.shape, v.dtype) for v in part]
        for part in (model.trainable_variables, model.non_trainable_variables)
    ]
    like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), inputs)
    return tf.function(forward, input_signature=[*spec, like])


def _full_panels(inputs, n_rows):
    """Fill tables up to whole panels of rows, so that a row's output does not depend on its neighbours.

    Matrix products treat the last few rows by other instructions, which round differently.
    """
    arrays = tf.nest.flatten(inputs)
    missing = -n_rows % _PANEL
    if not missing or any(a.ndim > 2 for a in arrays):
        return inputs
    return tf.nest.map_structure(lambda a: np.pad(a, [(0, missing), *[(0, 0)] * (a.ndim - 1)]), inputs)


def _some_rows(inputs, rows):
    return tf.nest.map_structure(lambda a: a[rows], inputs)


def _as_trained(array):
    array = np.asarray(array)
    if array.dtype == np.float64 or array.dtype.kind == "b":
        return array.astype(np.float32)
    return array.astype(np.int32) if array.dtype == np.int64 else array


def _shape_key(rows):
    return repr(tf.nest.map_structure(lambda a: (a.shape[1:], str(a.dtype)), rows))


def _block_rows(inputs):
    widest = sum(math.prod(a.shape[1:]) for a in tf.nest.flatten(inputs))
    return int(min(max(_BLOCK_NUMBERS // max(widest, 1) // _PANEL, 1), 1024)) * _PANEL
