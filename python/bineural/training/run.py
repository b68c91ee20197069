"""One training under way: chunks of epochs through the graph; history, progress and Ctrl-C between them.

Ctrl-C only raises a flag, so that training ends where its state is whole: between chunks.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.interrupts import Abandoned
from bineural.training.checkpoint import flat_arrays, nest_like, whole_state
from bineural.training.fit import Progress, name_history
from bineural.training.initial_weights import each_initial_value
from bineural.training.saved_state import TRAINED, check_alone, check_best
from bineural.training.seeds import draw_orders, most_epochs_at_once
from bineural.training.several_workers import WorkerLostError, failing_together
from bineural.training.step import State
from bineural.training.training_rows import block_rows

_CHUNK_SECONDS = 0.5  # between two looks at Ctrl-C and the progress bar
_FIRST_STEPS = 3000  # before the first look, which tells how fast steps are
_COMPILED_STEPS = 30000  # at most between two looks, where XLA needs to know


@dataclass
class Trained:
    """What training gives.

    Attributes
    ----------
    weights : list of ndarray
        In the order of `model.get_weights()`: of the best epoch with validation rows, else of the last.
    history : dict of list of float
        "loss" (mean over the epoch's batches, without penalties) and what else the step counts, with
        validation rows "validation_loss" and "validation_<monitor>" if another is watched, and "penalty"
        where the model has regularisation losses; one number for each epoch run.
    epochs_run : int
    best_epoch : int
        Number of the epoch, counted from 1, whose weights these are.
    stopped : bool
        Whether patience ended the training.
    how : str
        How it was run: "alone", "stack" or "stack, vectorised", these also with ", XLA", or "Keras".
    why : str
        What kept it from being trained in a stack with others, where there were any, or in a wide one.
    """

    weights: list
    history: dict = field(default_factory=dict)
    epochs_run: int = 0
    best_epoch: int = 0
    stopped: bool = False
    how: str = "alone"
    why: str = ""

    SCHEMA = TRAINED


STEADIER = "Lower learning_rate, clip gradients (Adam(clipnorm=1.0)), or scale columns and a numeric outcome."


def not_finite(loss, where):
    """Return the error of a training that has diverged."""
    return InputError(
        "The training loss must stay finite.",
        f"It became {loss} {where}.",
        STEADIER,
    )


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C during training; `trained` holds what had been reached (of a stack: a list)."""

    def __init__(self, trained):
        begun = [t.epochs_run for t in (trained if isinstance(trained, list) else [trained]) if t is not None]
        super().__init__(f"Training was interrupted after {max(begun, default=0)} epochs.")
        self.trained = trained


class Run:
    """One training under way: chunks of epochs through the graph, history in Python.

    Parameters
    ----------
    fit : Fit
        Of a `Net`.
    get_loop : callable (xla) -> Loop
    xla : bool
    """

    room = 0  # epochs in the orders that a compiled graph takes

    def __init__(self, fit, get_loop, xla=False):
        self.fit, self.net, self.get_loop = fit, fit.nets, get_loop
        loop = get_loop(xla)
        self.loop = get_loop(False) if loop.fails else loop
        self.workers = self.loop.workers
        is_first = self.workers is None or self.workers.is_first
        self.checkpoint = fit.checkpoint if is_first else None
        self.block = np.int32(block_rows(self.net.rows.inputs))
        self.rows = tf.nest.map_structure(tf.constant, self.net.rows)
        self.watching = self.net.watch is not None
        self._load_watch()
        net = self.net
        self.progress = start(self.loop.step, [net.plan], [net.seed], [net.learning_rates], alone=True)
        self.history, self.done = [np.zeros((0, self.loop.n_columns))], 0

    def go(self, report=None, look=lambda: None):
        """Run until the epochs are done or patience is out; return `Trained`.

        `report(epochs_done, history)` is told of each chunk; `look()` raises KeyboardInterrupt when Ctrl-C
        came.
        """
        fit, checkpoint = self.fit, self.checkpoint
        steps = -(-self.net.size // fit.batch_size)
        most = most_epochs_at_once(self.net.size)
        if self.loop.xla:  # orders of one size, so that it is compiled once
            most = self.room = min(most, fit.epochs, max(1, _COMPILED_STEPS // steps))
        chunk = min(max(1, _FIRST_STEPS // steps), fit.epochs, most)
        chunk = min(chunk, 8) if report else chunk
        try:
            while self.done < fit.epochs and bool(self.progress.active):
                begun = time.perf_counter()
                if self.workers is not None:
                    (chunk,) = self.workers.agreed(chunk)
                self._chunk(min(chunk, fit.epochs - self.done))
                if report is not None:
                    report(self.done, self.named_history())
                if checkpoint is not None:
                    checkpoint.write_sometimes(self.state)
                self._look(look)
                chunk = _next_chunk(chunk, time.perf_counter() - begun, most)
        except Abandoned:
            raise
        except KeyboardInterrupt:
            if checkpoint is not None:
                checkpoint.write(self.state())
            raise TrainingInterrupted(self.result()) from None
        except WorkerLostError:
            if checkpoint is not None:
                checkpoint.write(self.state())
            raise
        if checkpoint is not None:
            checkpoint.write(self.state())
        return self.result()

    def state(self):
        """Return all that the rest of the training depends on, for a checkpoint."""
        history = np.concatenate(self.history)
        return {"progress": flat_arrays(self.progress), "history": history, "done": self.done}

    def restore(self, state):
        """Go on from a state; epochs may be more than before."""
        with whole_state():
            check_alone(state, self.loop.n_columns)
        if state["done"] > self.fit.epochs:
            raise InputError(
                "`epochs` can't be fewer than the checkpoint has run.",
                f"It has run {state['done']} and epochs is {self.fit.epochs}.",
                "Delete it, give another path, or ask for more epochs.",
            )
        self.progress = nest_like(self.progress, state["progress"])
        with whole_state():
            check_best(self.progress, state["done"])
        self.history, self.done = [state["history"]], state["done"]

    def follow_first(self):
        """Take the state of the first worker, which has the checkpoint."""
        (self.done,) = self.workers.agreed(self.done)
        history = np.concatenate(self.history) if self.workers.is_first else 0
        history = np.broadcast_to(np.asarray(history, np.float64), (self.done, self.loop.n_columns))
        history, *arrays = self.workers.agreed_arrays([history, *flat_arrays(self.progress)])
        self.history, self.progress = [history], nest_like(self.progress, arrays)

    def _look(self, look):
        """Look for Ctrl-C; where there are workers, it ends the work of all."""
        stop = None
        try:
            look()
        except KeyboardInterrupt as pressed:
            stop = pressed
        pressed = stop is not None
        if pressed if self.workers is None else self.workers.any(pressed):
            raise stop or KeyboardInterrupt

    def _load_watch(self):
        watch = self.net.watch if self.watching else self.loop.nothing_watched(self.net.rows)
        self.watch = tf.nest.map_structure(tf.constant, self.loop.watched_rows(watch, self.block))

    def _chunk(self, n_epochs):
        orders = draw_orders(self.net.seed, self.net.size, self.done, n_epochs)
        done, history = self._run_graph(self.rows, orders)
        self.history.append(history)
        self.done += done
        if self.fit.diverged == "raise":
            check_finite(history, self.loop.step, f"in epoch {self.done}")

    def _run_graph(self, rows, orders):
        """Run some epochs in the graph; return how many, and their history."""
        try:
            self.progress, done, history = self._call(rows, orders)
        except Exception:
            if not self.loop.xla:
                raise
            self.loop.fails = True  # XLA can't: go on without
            self.loop = self.get_loop(False)
            self._load_watch()
            self.progress, done, history = self._call(rows, orders)
        return int(done), history.numpy()[: int(done)]

    def _call(self, rows, orders):
        n_epochs, batch = np.int32(len(orders)), np.int32(self.fit.batch_size)
        orders = self.loop.orders(orders, self.room, batch)
        batch = np.minimum(batch, np.int32(self.net.size)) if self.loop.xla else batch
        epochs = (orders, n_epochs, np.int32(self.done))
        arguments = (
            self.progress,
            *epochs,
            rows,
            self.net.rates,
            batch,
            self.watch,
            self.block,
            self.fit.stop,
        )
        arguments = tf.nest.map_structure(tf.convert_to_tensor, arguments)
        if self.workers is None:
            return self.loop.train(*arguments)
        with failing_together():
            progress, done, history = self.loop.train(*arguments)
            return progress, done.numpy(), history

    def named_history(self):
        """Return the history so far by name."""
        return name_history(np.concatenate(self.history), self.loop.step, self.watching)

    def result(self):
        """Return what has been reached as `Trained`."""
        best = [[np.asarray(v) for v in part] for part in self.progress.best]
        weights = self.net.plan.weights_from(*best)
        epoch = int(self.progress.best_epoch) + 1 if self.watching else self.done
        stopped = self.watching and not bool(self.progress.active)
        how = "alone, XLA" if self.loop.xla else "alone"
        return Trained(weights, self.named_history(), self.done, epoch, stopped, how)


def start(step, plans, seeds, learning_rates, alone=False):
    """Return the `Progress` of nets of one layout before their first epoch.

    Parameters
    ----------
    step : Step
    plans, seeds, learning_rates : lists with an entry for each net
    alone : bool
        Of one net, without an axis of replicas.
    """
    parts = plans[0].split(each_initial_value(plans, seeds))
    begun = {rates: step.initial_optimizer_state(rates) for rates in set(learning_rates)}
    optimizer = [np.stack(values) for values in zip(*(begun[rates] for rates in learning_rates))]
    state = State(*([tf.constant(v[0] if alone else v) for v in part] for part in (*parts, optimizer)))
    fills = [np.float32(np.inf), -1, 0, True]
    begin = [tf.fill([] if alone else [len(seeds)], fill) for fill in fills]
    return Progress(state, [state.trainable, state.fixed], *begin)


def check_finite(history, step, where):
    """Raise `InputError` where the loss has stopped being finite in a table of the history."""
    losses = history[:, step.columns.index("loss")]
    if not np.isfinite(losses).all():
        raise not_finite(losses[~np.isfinite(losses)][0], where)


def _next_chunk(chunk, seconds, most):
    wanted = chunk * _CHUNK_SECONDS / max(seconds, 1e-3)
    return int(min(max(1, wanted, chunk / 4), 4 * chunk, most))
