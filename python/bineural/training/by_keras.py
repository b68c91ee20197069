"""Train one net through Keras' own `fit`, for what the engine's graph can't hold: callbacks and own steps.

Initial weights, batches, row weights, early stopping and history are the engine's, so for an ordinary model
the result is that of `train_net` (to float32 rounding). A model whose class overrides `train_step` or
`compute_loss` takes its own steps; its "loss" is then what it reports.
"""

import contextlib
import threading

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.messages import listed
from bineural.training.blueprint import mode, rebuild
from bineural.training.fit import check_callbacks, has_improved
from bineural.training.forward import predict_net
from bineural.training.layouts import needs_keras
from bineural.training.optimizers import read_optimizer
from bineural.training.row_losses import area_under_curve
from bineural.training.run import Trained, TrainingInterrupted, not_finite
from bineural.training.seeds import draw_orders
from bineural.training.training_rows import some_rows

_fitting = threading.RLock()  # models that Keras can't copy are lent to one fit at a time


def train_by_keras(fit):
    """Train one net through Keras' `fit`.

    A step of the model's own sees penalties as they are, without `rates.penalty`. The logs of callbacks hold
    "loss", "val_loss" and "penalty" as in the history, and the metrics with which the model was compiled.

    Parameters
    ----------
    fit : Fit
        Of one net.

    Returns
    -------
    Trained
        Its history also has what metrics and callbacks add, "val_" written as "validation_".

    Raises
    ------
    InputError, TrainingInterrupted
        As `train_net` does.
    """
    callbacks, net = check_callbacks(fit.callbacks), fit.nets
    with _fitting, _borrowed(net) as (model, column):
        losses = _Losses(fit)
        step = None if needs_keras(model) else _PlainStep(model, losses, net.rates.penalty)
        _compile(model, net.plan.source, fit, losses)
        watched = None if net.watch is None else _Watched(fit, losses.row_loss, column)
        watcher = _Watcher(step, watched, fit)
        recorder = _Recorder(fit.progress)
        steps = -(-net.size // fit.batch_size)
        options = {"callbacks": [watcher, *callbacks, recorder], "verbose": 0, "shuffle": False}
        try:
            model.fit(_batches(fit, column), epochs=fit.epochs, steps_per_epoch=steps, **options)
        except KeyboardInterrupt:
            trained = watcher.result(recorder.history, _weights_to_predict(model))
            raise TrainingInterrupted(trained) from None
        finally:
            for callback in callbacks:  # a net that is copied or saved must not carry this model along
                keras.callbacks.Callback.set_model(callback, None)
        trained = watcher.result(recorder.history, model.get_weights())
        trained.stopped = trained.stopped or trained.epochs_run < fit.epochs
        return trained


# ---- the model and its data ----


@contextlib.contextmanager
def _borrowed(net):
    """Yield (a model with the plan's initial values, whether it wants the outcome as a column).

    It is a copy, or where Keras can't copy it the plan's own model, which gets its values back.
    """
    plan, rows = net.plan, net.rows
    model = rebuild(plan.model)[0]
    own = model is plan.model
    kept = [np.asarray(v) for v in model.variables]
    settings = model.get_compile_config() if own and model.compiled else None
    shape = _output_shape(model, rows)
    column = getattr(rows.y, "ndim", 0) == 1 and not _several(shape) and shape[-1] == 1
    _assign(model.variables, plan.initial_values(net.seed))
    try:
        yield model, column
    finally:
        vars(model).pop("compute_loss", None)
        if own:
            _assign(model.variables, kept)
        if settings is not None:
            model.compile_from_config(settings)


def _assign(variables, values):
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _output_shape(model, rows):
    """Return the shape of the output, or a nest of shapes."""
    try:
        return model.output_shape
    except AttributeError:  # a subclassed model
        outputs = model(some_rows(rows.inputs, slice(0, 1)), **mode(model, False))
        return tf.nest.map_structure(lambda a: tuple(a.shape), outputs)


def _several(shape):
    return not isinstance(shape, tuple) or any(isinstance(part, (tuple, dict, list)) for part in shape)


def _compile(model, source, fit, losses):
    """Compile with copies of the optimizer and of the metrics of the model that the user gave."""
    (optimizer,), (learning_rate,) = fit.maker.optimizers.values(), fit.nets.learning_rates
    given = read_optimizer(optimizer)
    copied = type(given).from_config(given.get_config())
    if learning_rate is not None:
        copied.learning_rate = float(learning_rate)
    apply = copied.apply

    def apply_dense(grads, trainable_variables=None):  # Keras squares doubled rows of an embedding apart
        apply([None if g is None else tf.convert_to_tensor(g) for g in grads], trainable_variables)

    copied.apply = apply_dense
    metrics = None
    if source.compiled:
        config = source.get_compile_config() or {}
        metrics = keras.saving.deserialize_keras_object(config.get("metrics"))
    several = _several(_output_shape(model, fit.nets.rows))  # the plain step has its loss in `compute_loss`
    loss = None if several else _RowLoss(losses)
    model.compile(optimizer=copied, loss=loss, **({"metrics": metrics} if metrics else {}))
    model.jit_compile = False  # random numbers would be others


def _batches(fit, column):
    """Return the engine's batches of all epochs as a tf.data.Dataset of x, (x, y) or (x, y, weights)."""
    net, batch_size = fit.nets, fit.batch_size
    parts = _as_keras(net.rows, column, net.weighted)

    def each():
        for epoch in range(fit.epochs):
            order = draw_orders(net.seed, net.size, epoch, 1)[0]
            for k in range(0, net.size, batch_size):
                yield some_rows(parts, order[k : k + batch_size])

    like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), parts)
    return tf.data.Dataset.from_generator(each, output_signature=like).prefetch(2)


def _as_keras(rows, column, weighted):
    """Return x, (x, y) or (x, y, weights) as Keras' own steps take them; weights need an outcome."""
    inputs, y = _as_tuples(rows.inputs), rows.y[:, None] if column else rows.y
    if isinstance(y, tuple) and not y:
        if weighted:
            raise InputError(
                "Weights of rows must come with an outcome in Keras' own loop.",
                "Found weights and no outcome.",
                "Pass y, of zeros for example.",
            )
        return inputs if isinstance(inputs, np.ndarray) else (inputs,)
    return (inputs, y, rows.weights) if weighted else (inputs, y)


def _as_tuples(nest):
    """Write lists as tuples: tf.data takes a list for one array."""
    if isinstance(nest, dict):
        return {name: _as_tuples(part) for name, part in nest.items()}
    return tuple(map(_as_tuples, nest)) if isinstance(nest, (list, tuple)) else nest


# ---- losses ----


class _Losses:
    """What each row costs, with inputs and outcome in the nests that Keras makes of them."""

    def __init__(self, fit):
        self.row_loss, self.rows = fit.maker.row_loss, fit.nets.rows

    def __call__(self, x, y, outputs):
        if x is not None:
            x = tf.nest.pack_sequence_as(self.rows.inputs, tf.nest.flatten(x))
        if y is not None and getattr(self.rows.y, "ndim", 0) == 1:  # it may have become a column
            y = tf.reshape(y, [-1])
        outputs = tf.nest.map_structure(lambda a: tf.cast(a, tf.float32), outputs)
        return self.row_loss.each_row(x, () if y is None else y, outputs)


class _RowLoss(keras.losses.Loss):
    """Sum of weight x row loss over the rows of the batch, which is Keras' own way of averaging."""

    def __init__(self, losses):
        super().__init__(name="loss")
        self.losses = losses

    def call(self, y_true, y_pred):
        return self.losses(None, y_true, y_pred)["loss"]


class _PlainStep:
    """The loss of Keras' own training step: the engine's, with parts and penalty kept apart."""

    def __init__(self, model, losses, penalty_scale):
        self.model, self.losses, self.scale = model, losses, penalty_scale
        names = ("loss", *losses.row_loss.parts, "penalty")
        self.means = {name: keras.metrics.Mean() for name in names}
        model.compute_loss = self.compute_loss

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        costs = self.losses(x, y, y_pred)
        weighted = costs if sample_weight is None else {n: c * sample_weight for n, c in costs.items()}
        numbers = {name: tf.reduce_mean(cost) for name, cost in weighted.items()}
        penalties = [tf.cast(p, tf.float32) for p in self.model.losses]
        numbers["penalty"] = tf.add_n([tf.constant(0.0), *penalties]) * self.scale
        if training:
            size = tf.cast(tf.shape(costs["loss"])[0], tf.float32)
            for name, mean in self.means.items():
                mean.update_state(numbers[name], sample_weight=size)
        return numbers["loss"] + numbers["penalty"]

    def take(self):
        """Return the means over the epoch's rows, and begin again; no penalty where it is 0."""
        numbers = {name: float(mean.result()) for name, mean in self.means.items()}
        for mean in self.means.values():
            mean.reset_state()
        return {name: value for name, value in numbers.items() if value or name != "penalty"}


class _Watched:
    """Rows that are watched: what they cost, and the model's metrics on them."""

    def __init__(self, fit, row_loss, column):
        self.plan, self.rows, self.batch_size = fit.nets.plan, fit.nets.watch, fit.batch_size
        self.row_loss, self.monitor, self.column = row_loss, fit.monitor, column

    def logs(self, model, weights):
        """Return "val_loss" and more for a model whose weights to predict with are `weights`."""
        kind, logs = type(model), {}
        own = any(getattr(kind, s) is not getattr(keras.Model, s) for s in ("test_step", "compute_loss"))
        if own or len(model.metrics) > 1:
            logs = self._keras_logs(model, weights)
        reported, monitor = own and "val_loss" in logs, self.monitor
        if reported and monitor.name == "loss" and monitor.by_row is None:
            return logs
        inputs, y = tf.nest.map_structure(tf.constant, self.rows[:2])
        outputs = tf.nest.map_structure(tf.constant, predict_net(self.plan, weights, self.rows.inputs))
        by_row = {}
        if not reported or monitor.by_row is None:
            by_row = self.row_loss.each_row(inputs, y, outputs)
        logs |= {f"val_{n}": self._mean(c) for n, c in by_row.items() if not (reported and n == "loss")}
        if monitor.by_row is not None:
            by_row = monitor.by_row(inputs, y, outputs)
            logs[f"val_{monitor.name}"] = self._area(by_row, y) if monitor.ranks else self._mean(by_row)
        return logs

    def cost(self, logs):
        """Return what says which epoch is best; lower is better."""
        return logs[f"val_{self.monitor.name}"] * (-1 if self.monitor.ranks else 1)

    def _mean(self, by_row):
        return float(np.average(by_row.numpy().astype(float), weights=self.rows.weights))

    def _area(self, score, y):
        return float(area_under_curve(*(tf.reshape(p, [1, -1]) for p in (score, y, self.rows.weights)))[0])

    def _keras_logs(self, model, weights):
        now = model.get_weights()
        model.set_weights(weights)
        inputs, y, sample_weight = self.rows
        y = None if isinstance(y, tuple) and not y else y[:, None] if self.column else y
        options = {"batch_size": self.batch_size, "verbose": 0, "return_dict": True}
        logs = model.evaluate(_as_tuples(inputs), y, sample_weight=sample_weight, **options)
        model.set_weights(now)
        return {f"val_{name}": value for name, value in logs.items()}


# ---- callbacks of the engine's own ----


class _Watcher(keras.callbacks.Callback):
    """Comes first: puts the engine's numbers into the logs, keeps the best weights, ends the training."""

    def __init__(self, step, watched, fit):
        super().__init__()
        self.step, self.watched, self.fit = step, watched, fit
        self.best, self.best_loss, self.best_epoch, self.wait = None, np.inf, 0, 0
        self.stopped = False

    def on_train_begin(self, logs=None):
        self.best = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        if self.step is not None:
            logs.update(self.step.take())
        if "loss" not in logs:
            raise InputError(
                "A `train_step` must return its loss under the name 'loss'.",
                f"It returned {listed(logs)}.",
                "Return for example {'loss': loss}.",
            )
        finite = np.isfinite(logs["loss"])
        if not finite and self.fit.diverged == "raise":
            raise not_finite(logs["loss"], f"in epoch {epoch + 1}")
        if self.watched is not None:
            self.stopped = not self._goes_on(epoch, logs) or not finite
        if self.stopped or not finite:
            self.model.stop_training = True

    def _goes_on(self, epoch, logs):
        """Judge an epoch; say whether patience lets training go on."""
        weights = _weights_to_predict(self.model)
        logs.update(self.watched.logs(self.model, weights))
        cost, stop = self.watched.cost(logs), (self.fit.min_delta, self.fit.patience)
        better, self.wait, goes_on = has_improved(cost, self.best_loss, self.wait, *stop, where=np.where)
        if better:
            self.best, self.best_loss, self.best_epoch = weights, cost, epoch + 1
        return bool(goes_on)

    def result(self, history, weights):
        """Return `Trained`; `weights` are those without validation."""
        run = len(history["loss"])
        if self.watched is None:
            return Trained(weights, history, run, run, False, "Keras")
        return Trained(self.best, history, run, self.best_epoch, bool(self.stopped), "Keras")


class _Recorder(keras.callbacks.Callback):
    """Comes last: keeps what the logs have become, by the engine's names."""

    def __init__(self, progress):
        super().__init__()
        self.progress, self.epochs = progress, []

    def on_epoch_end(self, epoch, logs=None):
        numbers = {k: v for k, v in logs.items() if np.ndim(v) == 0}
        self.epochs.append({_our_name(k): float(v) for k, v in numbers.items()})
        if self.progress is not None:
            self.progress(len(self.epochs), self.history)

    @property
    def history(self):
        """A number for each epoch, NaN where a log was not kept in all of them."""
        first = ("loss", "validation_loss", "penalty")
        names = dict.fromkeys(name for logs in self.epochs for name in logs)
        names = [n for n in first if n in names] + [n for n in names if n not in first]
        return {n: [e.get(n, np.nan) for e in self.epochs] for n in names or ["loss"]}


def _our_name(name):
    return f"validation_{name[4:]}" if name.startswith("val_") else name


def _weights_to_predict(model):
    """Return the model's weights, with moving averages where the optimizer keeps them."""
    optimizer = model.optimizer
    if not optimizer.use_ema:
        return model.get_weights()
    averages = zip(model.trainable_variables, optimizer._model_variables_moving_average)
    average = {id(v): a for v, a in averages if a is not None}
    return [np.asarray(average.get(id(v), v)) for v in model.weights]
