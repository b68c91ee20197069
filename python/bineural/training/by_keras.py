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
from bineural.training.batches import draw_orders
from bineural.training.blueprint import mode, rebuild
from bineural.training.forward import predict_net
from bineural.training.losses import row_loss
from bineural.training.monitors import area_under_curve, check_monitor, read_monitor
from bineural.training.optimizers import read_optimizer, refuse_schedule
from bineural.training.rows import make_rows, some_rows
from bineural.training.run import Trained, TrainingInterrupted, not_finite

_fitting = threading.RLock()  # models that Keras can't copy are lent to one fit at a time


def needs_keras(model):
    """Say whether a model's class has a training step or loss of its own."""
    kind, plain = type(model), keras.Model
    return kind.train_step is not plain.train_step or kind.compute_loss is not plain.compute_loss


def check_callbacks(callbacks):
    """Return the callbacks as a list: one, several or none.

    Parameters
    ----------
    callbacks : keras.callbacks.Callback, sequence of them or None

    Raises
    ------
    InputError
        If something else is among them.
    """
    if isinstance(callbacks, dict):  # a named list in R
        callbacks = list(callbacks.values())
    several = isinstance(callbacks, (list, tuple))
    found = list(callbacks) if several else [] if callbacks is None else [callbacks]
    for one in found:
        if not isinstance(one, keras.callbacks.Callback):
            raise InputError(
                "`callbacks` must hold Keras callbacks.",
                f"Found {one!r}.",
                "Make them with for example keras.callbacks.LearningRateScheduler.",
            )
    return found


def train_by_keras(
    plan,
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
    diverged="raise",
    progress=None,
    callbacks=None,
):
    """Train one net through Keras' `fit`.

    Parameters
    ----------
    plan : Blueprint
    inputs, y, loss, seed, optimizer, learning_rate, batch_size, epochs, sample_weight, validation
        See `train_net`.
    monitor, patience, min_delta, from_logits, diverged, progress
        See `train_net`.
    penalty_scale : float
        Factor on the model's regularisation losses; a step of the model's own sees them as they are.
    callbacks : keras.callbacks.Callback or sequence of them, optional
        Their logs hold "loss", "val_loss" and "penalty" as in the history, and the metrics with which the
        model was compiled.

    Returns
    -------
    Trained
        Its history also has what metrics and callbacks add, "val_" written as "validation_".

    Raises
    ------
    InputError, TrainingInterrupted
        As `train_net` does.
    """
    callbacks = check_callbacks(callbacks)
    rows = make_rows(inputs, y, sample_weight)
    watch = None if validation is None else make_rows(*validation)
    meter = read_monitor(monitor, from_logits)
    check_monitor(meter, [] if watch is None else [watch.y], plan.model)
    costs = _flat_first(row_loss(loss, from_logits), np.ndim(y))
    with _fitting, _borrowed(plan, seed, rows) as (model, column):
        step = None if needs_keras(model) else _PlainStep(model, costs, penalty_scale)
        _compile(model, plan.source, optimizer, learning_rate, _RowLoss(costs))
        watched = None if watch is None else _Watched(plan, watch, costs, batch_size, column, meter)
        watcher = _Watcher(step, watched, patience, min_delta, diverged)
        recorder = _Recorder(progress)
        batches = _batches(rows, seed, epochs, batch_size, sample_weight is not None, column)
        steps = -(-len(rows.y) // batch_size)
        options = {"callbacks": [watcher, *callbacks, recorder], "verbose": 0, "shuffle": False}
        try:
            model.fit(batches, epochs=epochs, steps_per_epoch=steps, **options)
        except KeyboardInterrupt:
            trained = watcher.result(recorder.history, _weights_to_predict(model))
            raise TrainingInterrupted(trained) from None
        finally:
            for callback in callbacks:  # a net that is copied or saved must not carry this model along
                keras.callbacks.Callback.set_model(callback, None)
        trained = watcher.result(recorder.history, model.get_weights())
        trained.stopped = trained.stopped or trained.epochs_run < epochs
        return trained


# ---- the model and its data ----


@contextlib.contextmanager
def _borrowed(plan, seed, rows):
    """Yield (a model with the plan's initial values, whether it wants the outcome as a column).

    It is a copy, or where Keras can't copy it the plan's own model, which gets its values back.
    """
    model = rebuild(plan.model)[0]
    own = model is plan.model
    kept = [np.asarray(v) for v in model.variables]
    settings = model.get_compile_config() if own and model.compiled else None
    column = rows.y.ndim == 1 and _output_shape(model, rows)[-1] == 1
    _assign(model.variables, plan.initial_values(seed))
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
    try:
        return model.output_shape
    except AttributeError:  # a subclassed model
        return model(some_rows(rows.inputs, slice(0, 1)), **mode(model, False)).shape


def _compile(model, source, optimizer, learning_rate, loss):
    """Compile with copies of the optimizer and of the metrics of the model that the user gave."""
    found = read_optimizer(optimizer)
    copied = type(found).from_config(found.get_config())
    if learning_rate is not None:
        refuse_schedule(copied._learning_rate, learning_rate)
        copied.learning_rate = float(learning_rate)
    apply = copied.apply

    def apply_dense(grads, trainable_variables=None):  # Keras squares doubled rows of an embedding apart
        apply([None if g is None else tf.convert_to_tensor(g) for g in grads], trainable_variables)

    copied.apply = apply_dense
    metrics = None
    if source.compiled:
        config = source.get_compile_config() or {}
        metrics = keras.saving.deserialize_keras_object(config.get("metrics"))
    model.compile(optimizer=copied, loss=loss, **({"metrics": metrics} if metrics else {}))
    model.jit_compile = False  # random numbers would be others


def _batches(rows, seed, epochs, batch_size, weighted, column):
    """Return the engine's batches of all epochs as a tf.data.Dataset of (x, y) or (x, y, weights)."""
    inputs = _as_tuples(rows.inputs)
    y = rows.y[:, None] if column else rows.y
    parts = (inputs, y, rows.weights) if weighted else (inputs, y)

    def each():
        for epoch in range(epochs):
            order = draw_orders(seed, len(y), epoch, 1)[0]
            for k in range(0, len(y), batch_size):
                yield some_rows(parts, order[k : k + batch_size])

    like = tf.nest.map_structure(lambda a: tf.TensorSpec([None, *a.shape[1:]], a.dtype), parts)
    return tf.data.Dataset.from_generator(each, output_signature=like).prefetch(2)


def _as_tuples(nest):
    """Write lists as tuples: tf.data takes a list for one array."""
    if isinstance(nest, dict):
        return {name: _as_tuples(part) for name, part in nest.items()}
    return tuple(map(_as_tuples, nest)) if isinstance(nest, (list, tuple)) else nest


# ---- losses ----


def _flat_first(row_loss, rank):
    """Return `row_loss` for an outcome that may have become a column."""

    def costs(y, output):
        y = tf.reshape(y, [-1]) if rank == 1 else y
        return tf.cast(row_loss(y, tf.cast(output, tf.float32)), tf.float32)

    return costs


class _RowLoss(keras.losses.Loss):
    """Sum of weight x row loss over the rows of the batch, which is Keras' own way of averaging."""

    def __init__(self, costs):
        super().__init__(name="loss")
        self.costs = costs

    def call(self, y_true, y_pred):
        return self.costs(y_true, y_pred)


class _PlainStep:
    """The loss of Keras' own training step: the engine's, with loss and penalty kept apart."""

    def __init__(self, model, costs, penalty_scale):
        self.model, self.costs, self.scale = model, costs, penalty_scale
        self.loss, self.penalty = keras.metrics.Mean(), keras.metrics.Mean()
        model.compute_loss = self.compute_loss

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        costs = self.costs(y, y_pred)
        costs = costs if sample_weight is None else costs * sample_weight
        loss = tf.reduce_mean(costs)
        penalties = [tf.cast(p, tf.float32) for p in self.model.losses]
        penalty = tf.add_n([tf.constant(0.0), *penalties]) * self.scale
        if training:
            size = tf.cast(tf.shape(costs)[0], tf.float32)
            self.loss.update_state(loss, sample_weight=size)
            self.penalty.update_state(penalty, sample_weight=size)
        return loss + penalty

    def take(self):
        """Return the means over the epoch's rows, and begin again."""
        means = float(self.loss.result()), float(self.penalty.result())
        self.loss.reset_state()
        self.penalty.reset_state()
        return means


class _Watched:
    """Rows that are watched: their loss, and the model's metrics on them."""

    def __init__(self, plan, rows, costs, batch_size, column, meter):
        self.plan, self.rows, self.costs, self.batch_size = plan, rows, costs, batch_size
        self.y, self.meter = rows.y[:, None] if column else rows.y, meter

    def logs(self, model, weights):
        """Return "val_loss" and more for a model whose weights to predict with are `weights`."""
        kind, logs = type(model), {}
        own = any(getattr(kind, s) is not getattr(keras.Model, s) for s in ("test_step", "compute_loss"))
        if own or len(model.metrics) > 1:
            logs = self._keras_logs(model, weights)
        reported = own and "val_loss" in logs
        if not reported or self.meter is not None:
            output = tf.constant(predict_net(self.plan, weights, self.rows.inputs))
            y = tf.constant(self.rows.y)
        if not reported:
            logs["val_loss"] = self._mean(self.costs(y, output))
        if self.meter is not None:
            by_row = self.meter.by_row(y, output)
            name = f"val_{self.meter.name}"
            logs[name] = self._area(by_row) if self.meter.ranks else self._mean(by_row)
        return logs

    def cost(self, logs):
        """Return what says which epoch is best; lower is better."""
        if self.meter is None:
            return logs["val_loss"]
        return logs[f"val_{self.meter.name}"] * (-1 if self.meter.ranks else 1)

    def _mean(self, by_row):
        return float(np.average(by_row.numpy().astype(float), weights=self.rows.weights))

    def _area(self, score):
        parts = (score, tf.constant(self.rows.y), tf.constant(self.rows.weights))
        return float(area_under_curve(*(tf.reshape(p, [1, -1]) for p in parts))[0])

    def _keras_logs(self, model, weights):
        now = model.get_weights()
        model.set_weights(weights)
        data = _as_tuples(self.rows.inputs), self.y, self.rows.weights
        options = {"batch_size": self.batch_size, "verbose": 0, "return_dict": True}
        found = model.evaluate(data[0], data[1], sample_weight=data[2], **options)
        model.set_weights(now)
        return {f"val_{name}": value for name, value in found.items()}


# ---- callbacks of the engine's own ----


class _Watcher(keras.callbacks.Callback):
    """Comes first: puts the engine's numbers into the logs, keeps the best weights, ends the training."""

    def __init__(self, step, watched, patience, min_delta, diverged):
        super().__init__()
        self.step, self.watched, self.diverged = step, watched, diverged
        self.patience, self.min_delta = np.inf if patience is None else patience, min_delta
        self.best, self.best_loss, self.best_epoch, self.wait = None, np.inf, 0, 0
        self.stopped = False

    def on_train_begin(self, logs=None):
        self.best = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        if self.step is not None:
            logs["loss"], penalty = self.step.take()
            logs.update({"penalty": penalty} if penalty else {})
        if "loss" not in logs:
            raise InputError(
                "A `train_step` must return its loss under the name 'loss'.",
                f"It returned {listed(logs)}.",
                "Return for example {'loss': loss}.",
            )
        finite = np.isfinite(logs["loss"])
        if not finite and self.diverged == "raise":
            raise not_finite(logs["loss"], f"in epoch {epoch + 1}")
        if self.watched is not None:
            self._judge(epoch, logs)
            self.stopped = 0 < self.wait >= self.patience or not finite
        if self.stopped or not finite:
            self.model.stop_training = True

    def _judge(self, epoch, logs):
        weights = _weights_to_predict(self.model)
        logs.update(self.watched.logs(self.model, weights))
        cost = self.watched.cost(logs)
        better = cost + self.min_delta < self.best_loss
        self.wait = 0 if better else self.wait + 1
        if better:
            self.best, self.best_loss, self.best_epoch = weights, cost, epoch + 1

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


def no_checkpoint():
    """Return the error of a checkpoint that Keras' own loop can't keep."""
    return InputError(
        "`checkpoint` can't be kept by Keras' own loop, which callbacks and an own `train_step` ask for.",
        "Found both.",
        "Leave it out, and use the callback keras.callbacks.BackupAndRestore.",
    )
