"""One training under way: chunks of epochs through the graph; history, progress and Ctrl-C between them."""

import time
from dataclasses import dataclass, field

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.training.batches import draw_orders, most_epochs_at_once
from bineural.training.checkpoint import flat_arrays, nest_like, whole_state
from bineural.training.interrupts import Abandoned
from bineural.training.rows import block_rows
from bineural.training.saved_state import TRAINED, check_alone, check_best

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
        "loss" (mean over the epoch's batches, without penalties), with validation rows "validation_loss"
        and "validation_<monitor>" if another is watched, and "penalty" where the model has regularisation
        losses; one number for each epoch run.
    epochs_run : int
    best_epoch : int
        Number of the epoch, counted from 1, whose weights these are.
    stopped : bool
        Whether patience ended the training.
    how : {"alone", "alone, XLA", "stack", "stack, XLA", "Keras"}
        How it was run.
    why : str
        What kept it from being trained in a stack with others, where there were any.
    """

    weights: list
    history: dict = field(default_factory=dict)
    epochs_run: int = 0
    best_epoch: int = 0
    stopped: bool = False
    how: str = "alone"
    why: str = ""

    SCHEMA = TRAINED


STEADIER = "Lower learning_rate, clip gradients (Adam(clipnorm=1.0)), or scale the outcome."


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
    """One training under way: chunks of epochs through the graph, history in Python."""

    diverged = "raise"  # or "keep": the history ends with a loss that is not finite
    room = 0  # epochs in the orders that a compiled graph takes
    spare = None  # gives the loop to go on with where XLA can't

    def __init__(self, plan, loop, progress, rows, watch):
        self.plan, self.progress = plan, progress
        self.n_rows, self.watched = len(rows.y), watch is not None
        self.block = np.int32(block_rows(rows.inputs))
        self.rows = tf.nest.map_structure(tf.constant, rows)
        self.history, self.done = [], 0
        self._take(loop, watch)

    def _take(self, loop, watch):
        self.loop, self.given_watch = loop, watch
        self.watch = None
        if watch is not None:
            self.watch = tf.nest.map_structure(tf.constant, loop.watched_rows(watch, self.block))

    def go(self, seed, epochs, report, look=lambda: None, checkpoint=None):
        """Run until the epochs are done or patience is out; return `Trained`.

        `look()` raises KeyboardInterrupt when Ctrl-C came; `checkpoint` is a `Checkpoint` that has begun.
        """
        steps = -(-self.n_rows // int(self.settings[1]))
        most = most_epochs_at_once(self.n_rows)
        if self.loop.xla:  # orders of one size, so that it is compiled once
            most = self.room = min(most, epochs, max(1, _COMPILED_STEPS // steps))
        chunk = min(max(1, _FIRST_STEPS // steps), epochs, most)
        chunk = min(chunk, 8) if report else chunk
        try:
            while self.done < epochs and bool(self.progress.active):
                begun = time.perf_counter()
                self._chunk(seed, min(chunk, epochs - self.done))
                if report is not None:
                    report(self.done, self._named_history())
                if checkpoint is not None:
                    checkpoint.write_sometimes(self.state)
                look()
                chunk = _next_chunk(chunk, time.perf_counter() - begun, most)
        except Abandoned:
            raise
        except KeyboardInterrupt:
            if checkpoint is not None:
                checkpoint.write(self.state())
            raise TrainingInterrupted(self.result()) from None
        if checkpoint is not None:
            checkpoint.write(self.state())
        return self.result()

    def state(self):
        """Return all that the rest of the training depends on, for a checkpoint."""
        history = np.concatenate([np.zeros((0, 4)), *self.history])
        return {"progress": flat_arrays(self.progress), "history": history, "done": self.done}

    def restore(self, state, epochs):
        """Go on from a state; `epochs` may be more than before."""
        with whole_state():
            check_alone(state)
        if state["done"] > epochs:
            raise InputError(
                "`epochs` can't be fewer than the checkpoint has run.",
                f"It has run {state['done']} and epochs is {epochs}.",
                "Delete it, give another path, or ask for more epochs.",
            )
        self.progress = nest_like(self.progress, state["progress"])
        with whole_state():
            check_best(self.progress, state["done"])
        self.history, self.done = [state["history"]], state["done"]

    def _chunk(self, seed, n_epochs):
        orders = draw_orders(seed, self.n_rows, self.done, n_epochs)
        done, history = self._run_graph(self.rows, orders, self.watched)
        self.history.append(history)
        self.done += done
        losses = self.history[-1][:, 0]
        if self.diverged == "raise" and not np.isfinite(losses).all():
            raise not_finite(losses[~np.isfinite(losses)][0], f"in epoch {self.done}")

    def _run_graph(self, rows, orders, watched):
        """Run some epochs in the graph; return how many and their history (n_epochs, 4)."""
        try:
            self.progress, done, history = self._call(rows, orders, watched)
        except Exception:
            if self.spare is None or not self.loop.xla:
                raise
            self.loop.fails = True
            self._take(self.spare(), self.given_watch)
            self.progress, done, history = self._call(rows, orders, watched)
        return int(done), history.numpy()[: int(done)]

    def _call(self, rows, orders, watched):
        n_epochs, (scale, batch) = np.int32(len(orders)), self.settings
        orders = self.loop.orders(orders, self.room, batch)
        batch = np.minimum(batch, np.int32(self.n_rows)) if self.loop.xla else batch
        arguments = (self.progress, orders, n_epochs, np.int32(self.done), rows, scale, batch)
        graph = self.loop.train
        if watched:
            graph, arguments = (
                self.loop.train_and_watch,
                (*arguments, self.watch, self.block, *self.stopping),
            )
        return graph(*tf.nest.map_structure(tf.convert_to_tensor, arguments))

    def _named_history(self):
        table = np.concatenate([np.zeros((0, 4)), *self.history])
        named = {"loss": table[:, 0].tolist()}
        if self.watched:
            named |= watched_history(table, self.loop.step.monitor)
        if table[:, 1].any():
            named["penalty"] = table[:, 1].tolist()
        return named

    def result(self):
        """Return what has been reached as `Trained`."""
        values = self.plan.join(*self.progress.best)
        weights = self.plan.weights_from([np.asarray(v) for v in values])
        best = int(self.progress.best_epoch) + 1 if self.watched else self.done
        stopped = self.watched and not bool(self.progress.active)
        how = "alone, XLA" if self.loop.xla else "alone"
        return Trained(weights, self._named_history(), self.done, best, stopped, how)


def watched_history(table, monitor):
    """Return the columns of a history table that validation rows make."""
    named = {"validation_loss": table[:, 2].tolist()}
    if monitor is not None:
        named[f"validation_{monitor.name}"] = (-table[:, 3] if monitor.ranks else table[:, 3]).tolist()
    return named


def _next_chunk(chunk, seconds, most):
    wanted = chunk * _CHUNK_SECONDS / max(seconds, 1e-3)
    return int(min(max(1, wanted, chunk / 4), 4 * chunk, most))
