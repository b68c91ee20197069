"""Train one net on rows that come in batches: read, gather a buffer, train on it, read on; each epoch anew.

Rows are shuffled within a buffer. The graph is that of rows in memory, called for one buffer at a time, so a
stream that fits one buffer gives the net that the same rows in memory give.
"""

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.tables.blocks import Blocks
from bineural.training.batches import draw_buffers
from bineural.training.blueprint import Blueprint
from bineural.training.device import placed
from bineural.training.engine import begin_run
from bineural.training.monitors import check_monitor
from bineural.training.rows import Rows, make_rows
from bineural.training.run import Run, TrainingInterrupted, not_finite


@placed
def train_stream(
    model,
    read,
    example,
    *,
    n_rows,
    n_watched,
    buffer_rows,
    loss,
    seed,
    optimizer="adam",
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
        Rows as the engine takes them; `watched` (bool) are for the validation loss, not for training.
        The same rows in every epoch; weights have mean one.
    example : tuple (inputs, y, weights)
        One row, for shapes and types.
    n_rows, n_watched : int
        Rows to be trained on and rows to be watched.
    buffer_rows : int
        Rows that are held at once, whole batches.
    loss, seed, optimizer, learning_rate, batch_size, epochs, monitor, patience, min_delta, from_logits,
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
    plan = model if isinstance(model, Blueprint) else Blueprint.from_model(model, keep_weights)
    options = {"loss": loss, "seed": seed, "optimizer": optimizer, "learning_rate": learning_rate}
    options |= {"batch_size": batch_size, "monitor": monitor, "patience": patience, "min_delta": min_delta}
    options |= {"from_logits": from_logits, "penalty_scale": penalty_scale}
    run = begin_run(StreamRun, plan, Rows(*example), None, **options)
    run.read, run.size, run.n_rows, run.watched = read, buffer_rows, n_rows, n_watched > 0
    return run.go(seed, epochs, progress)


class StreamRun(Run):
    """One training on a stream under way.

    Attributes
    ----------
    read, size : callable, int
        See `train_stream` (`buffer_rows`).
    kept : Rows or None
        The only buffer, where there is just one: it need not be read again.
    """

    kept = None

    def go(self, seed, epochs, report):
        """Run until the epochs are done or patience is out; return `Trained`."""
        try:
            while self.done < epochs and bool(self.progress.active):
                self._epoch(seed)
                if report is not None:
                    report(self.done, self._named_history())
        except KeyboardInterrupt:
            raise TrainingInterrupted(self.result()) from None
        return self.result()

    def _epoch(self, seed):
        """Read the stream once; each buffer is an epoch of the graph, and after the last one is judged."""
        sizes, numbers = [], []
        orders = draw_buffers(seed, self.n_rows, self.done, sizes)  # reads each size once it is known
        for rows, is_last in self._buffers():
            sizes.append(len(rows.y))
            numbers.append(self._train_buffer(rows, next(orders), self.watched and is_last))
        if sum(sizes) != self.n_rows:
            raise InputError(
                "Batches must give the same rows each time they are read.",
                f"There were {self.n_rows} rows to train on at first and {sum(sizes)} now.",
                "Let the function begin anew at each call, and leave files as they are during the fit.",
            )
        means = np.average(numbers, axis=0, weights=sizes)
        self.history.append(np.concatenate([means[:2], numbers[-1][2:]])[None])
        self.done += 1

    def _train_buffer(self, rows, order, judged):
        """Train on one buffer in this order; return its numbers: loss, penalty and what is watched."""
        best = self.progress.best
        history = self._run_graph(rows, order, judged)[1]
        if self.watched and not judged:
            self.progress = self.progress._replace(best=best)
        if not np.isfinite(history[0, 0]):
            raise not_finite(history[0, 0], f"in epoch {self.done + 1}")
        return history[0].astype(np.float64)

    def _buffers(self):
        """Yield (rows, whether they are the last); the first time put aside the rows to watch."""
        if self.kept is not None:
            yield self.kept, True
            return
        blocks, aside, n_buffers = Blocks(self.size), [], 0
        for inputs, y, weights, watched in self.read(self.done):
            if watched.any():
                if self.watch is None:
                    aside.append(_some((inputs, y, weights), watched))
                inputs, y, weights = _some((inputs, y, weights), ~watched)
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
        check_monitor(self.loop.step.monitor, [watch.y], self.plan.model)
        self.watch = tf.nest.map_structure(tf.constant, watch)

    def _as_rows(self, block):
        return tf.nest.pack_sequence_as(self.rows, [tf.constant(array) for array in block])


def _some(part, keep):
    return tf.nest.map_structure(lambda a: a[keep], part)
