"""Train one net on rows that come in batches: read, gather a buffer, train on it, read on; each epoch anew.

Rows are shuffled within a buffer. The graph is that of rows in memory, called for one buffer at a time, so a
stream that fits one buffer gives the net that the same rows in memory give.
"""

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.tables.blocks import Blocks
from bineural.training.blueprint import Blueprint
from bineural.training.device import current_workers, placed
from bineural.training.engine import get_loop
from bineural.training.fit import Fit, Net
from bineural.training.row_losses import check_ranking
from bineural.training.run import Run, TrainingInterrupted, check_finite
from bineural.training.seeds import draw_buffers
from bineural.training.several_workers import refuse_workers
from bineural.training.step import Rates, read_step
from bineural.training.training_rows import Rows, as_outcome, make_rows, some_rows


@placed
def train_stream(
    model,
    read,
    example,
    *,
    n_rows,
    n_watched,
    buffer_rows,
    seed,
    loss=None,
    optimizer=None,
    step=None,
    learning_rate=None,
    batch_size=32,
    epochs=100,
    monitor="loss",
    patience=None,
    min_delta=0.0,
    from_logits=True,
    penalty_scale=1.0,
    keep_weights=False,
    progress=None,
    device=None,
):
    """Train one net on a stream.

    Parameters
    ----------
    model : keras.Model or Blueprint
    read : callable (epoch) -> iterator of (inputs, y, weights, watched)
        Rows as the engine takes them, y None where there is none; `watched` (bool) are for the validation
        loss, not for training. The same rows in every epoch; weights have mean one.
    example : tuple (inputs, y, weights)
        One row, for shapes and types.
    n_rows, n_watched : int
        Rows to be trained on and rows to be watched.
    buffer_rows : int
        Rows that are held at once, whole batches.
    seed, loss, optimizer, step, learning_rate, batch_size, epochs, monitor, patience, min_delta, from_logits,
    penalty_scale, keep_weights, progress, device
        See `train_net`.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        If the rows differ between epochs, or the loss stops being finite.
    TrainingInterrupted
        On Ctrl-C, with what the whole epochs before it have reached.
    """
    refuse_workers(current_workers(), "Found rows in batches.")
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model, keep_weights)
    maker, monitor = read_step(step, loss, optimizer, monitor, from_logits)
    inputs, y, weights = example
    rows, rates = Rows(inputs, as_outcome(y), weights), Rates(np.float32(penalty_scale))
    fit = Fit(
        Net(plan, rows, None, seed, maker.learning_rates(learning_rate, 1)[0], rates),
        maker,
        monitor,
        batch_size=batch_size,
        epochs=epochs,
        patience=patience,
        min_delta=min_delta,
        progress=progress,
    )
    return StreamRun(fit, read, n_rows, n_watched > 0, buffer_rows).go()


class StreamRun(Run):
    """One training on a stream under way.

    Parameters
    ----------
    fit : Fit
        Of a `Net` with one row.
    read, n_rows, buffer_rows
        See `train_stream`.
    watching : bool
        Whether some of the rows are watched.
    """

    kept = None  # the only buffer, where there is just one: it need not be read again

    def __init__(self, fit, read, n_rows, watching, buffer_rows):
        super().__init__(fit, lambda xla: get_loop(fit, xla))
        self.read, self.n_rows, self.watching, self.size = read, n_rows, watching, buffer_rows
        self.unwatched, self.aside = self.watch, None  # rows to watch: none, and those put aside

    def go(self):
        """Run until the epochs are done or patience is out; return `Trained`."""
        try:
            while self.done < self.fit.epochs and bool(self.progress.active):
                self._epoch()
                if self.fit.progress is not None:
                    self.fit.progress(self.done, self.named_history())
        except KeyboardInterrupt:
            raise TrainingInterrupted(self.result()) from None
        return self.result()

    def _epoch(self):
        """Read the stream once; each buffer is an epoch of the graph, and after the last one is judged."""
        sizes, numbers = [], []
        orders = draw_buffers(
            self.net.seed, self.n_rows, self.done, sizes
        )  # reads each size once it is known
        for rows, is_last in self._buffers():
            sizes.append(len(rows.weights))
            numbers.append(self._train_buffer(rows, next(orders), self.watching and is_last))
        if sum(sizes) != self.n_rows:
            raise InputError(
                "Batches must give the same rows each time they are read.",
                f"There were {self.n_rows} rows to train on at first and {sum(sizes)} now.",
                "Let the function begin anew at each call, and leave files as they are during the fit.",
            )
        means, k = np.average(numbers, axis=0, weights=sizes), len(self.loop.step.columns)
        self.history.append(np.concatenate([means[:k], numbers[-1][k:]])[None])
        self.done += 1

    def _train_buffer(self, rows, order, judged):
        """Train on one buffer in this order; return its numbers: those of the step and what is watched."""
        best = self.progress.best
        self.watch = self.aside if judged else self.unwatched
        history = self._run_graph(rows, order)[1]
        if self.watching and not judged:
            self.progress = self.progress._replace(best=best)
        check_finite(history, self.loop.step, f"in epoch {self.done + 1}")
        return history[0].astype(np.float64)

    def _buffers(self):
        """Yield (rows, whether they are the last); the first time put aside the rows to watch."""
        if self.kept is not None:
            yield self.kept, True
            return
        blocks, aside, n_buffers = Blocks(self.size), [], 0
        for inputs, y, weights, watched in self.read(self.done):
            y = () if y is None else y
            if watched.any():
                if self.aside is None:
                    aside.append(some_rows((inputs, y, weights), watched))
                inputs, y, weights = some_rows((inputs, y, weights), ~watched)
            for block in blocks.add(*tf.nest.flatten((inputs, y, weights))):
                n_buffers += 1
                yield self._as_rows(block), False
        if aside:
            self._keep_aside(aside)
        last = self._as_rows(blocks.rest())
        if n_buffers == 0:
            self.kept = last
        yield last, True

    def _keep_aside(self, parts):
        """Keep the rows to watch for all epochs."""
        watch = make_rows(*tf.nest.map_structure(lambda *arrays: np.concatenate(arrays), *parts))
        if self.fit.monitor.ranks:
            check_ranking([watch.y], self.net.plan.layout.n_outputs)
        self.aside = tf.nest.map_structure(tf.constant, watch)

    def _as_rows(self, block):
        return tf.nest.pack_sequence_as(self.rows, [tf.constant(array) for array in block])
