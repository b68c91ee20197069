"""Train the replicas of a stack one by one, where they can't share a graph: same results, more time."""

import re

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training.checkpoint import whole_state
from bineural.training.device import current_device
from bineural.training.engine import train_net
from bineural.training.rows import some_rows
from bineural.training.run import TrainingInterrupted, not_finite
from bineural.training.saved_state import check_one_by_one
from bineural.training.stack_rules import inner_layers


class OneByOne:
    """Replicas trained by `train_net`, with the face of `StackRun`.

    Parameters
    ----------
    replicas : Replicas
    settings : Settings
    callbacks : sequence of keras.callbacks.Callback or None
    why : str
        What kept them from being a stack.
    """

    def __init__(self, replicas, settings, callbacks=None, why=""):
        self.replicas, self.settings, self.callbacks, self.why = replicas, settings, callbacks, why
        self.finished, self.done = [None] * len(replicas.seeds), 0
        self.way, self.whole = "one by one", {}

    def go(self, tell):
        """Train every replica; return a list of `Trained`."""
        if any(not isinstance(rate, tuple) for rate in self.replicas.rates[1:]):
            raise InputError(
                "L1, L2 and dropout of its own can be had by a net in a stack only.",
                f"These nets are trained one by one{self.why and f': {self.why} can not be stacked'}.",
                "Give each net a model with those settings.",
            )
        for i in range(len(self.finished)):
            if i in self.whole:
                continue
            told = [0]

            def report(done, history, told=told):
                tell(done - told[0], sum(t is not None for t in self.finished))
                told[0] = done

            try:
                self.finished[i] = self._one(i, report)
            except TrainingInterrupted as interrupted:
                self._keep(i, interrupted.trained)
                raise
            self._keep(i, self.finished[i])
            self.whole[i] = self.finished[i]
        return self.finished

    def state(self):
        """Return the nets that are done, for a checkpoint; a net that is not is trained again."""
        return {"whole": [self.whole.get(i) for i in range(len(self.finished))], "way": self.way}

    def restore(self, state):
        """Go on from a state of the same replicas."""
        with whole_state():
            check_one_by_one(state, self.replicas.plans)
        self.whole = {i: one for i, one in enumerate(state["whole"]) if one is not None}
        for i, one in self.whole.items():
            self.finished[i] = one

    def results(self):
        """Return what has been reached: a list of `Trained`, None for replicas that had not begun."""
        return self.finished

    def _one(self, i, report):
        now, settings = self.replicas, self.settings
        validation = None
        if now.watched is not None:
            validation = _rows_of(now.watched, now.watch_own, i, now.watch_rows[i])
        inputs, y, weights = _rows_of(now.table, now.own, i, now.rows[i])
        return train_net(
            *(now.plans[i], inputs, y),
            loss=settings.loss,
            seed=now.seeds[i],
            optimizer=settings.optimizer,
            learning_rate=now.learning_rates[i],
            batch_size=settings.batch_size,
            epochs=settings.epochs,
            sample_weight=weights,
            validation=validation,
            monitor=settings.monitor,
            patience=settings.patience,
            min_delta=settings.min_delta,
            from_logits=settings.from_logits,
            penalty_scale=now.rates.penalty[i],
            diverged="keep",
            progress=report,
            callbacks=self.callbacks,
            device=current_device(),
        )

    def _keep(self, i, trained):
        trained.why = self.why
        self.finished[i] = trained
        losses = np.array(trained.history["loss"])
        if self.settings.diverged == "raise" and not np.isfinite(losses).all():
            raise not_finite(losses[~np.isfinite(losses)][0], f"in {self.replicas.names[i]}")


def _rows_of(table, own, i, rows):
    """Return (inputs, y, weights or None) of some rows of one replica."""

    def take(part, mine):
        return tf.nest.map_structure(lambda a: a[i] if mine else a, part)

    inputs, y, weights = take(table.inputs, own.inputs), take(table.y, own.y), take(table.weights, True)
    return some_rows(inputs, rows), y[rows], None if isinstance(weights, tuple) else weights[rows]


def reason(error, model):
    """Say in a few words why replicas could not share a graph: the layer, where the error names one."""
    text = re.sub(r"\x1b\[\d+m", "", str(error))
    for layer in inner_layers(model):
        named = re.search(rf"loop_body/(\w+/)*{re.escape(layer.name)}(_\d+)?/", text)
        if named and not isinstance(layer, keras.Model):
            return f"{type(layer).__name__} {layer.name!r}"
    lines = [line for line in text.splitlines() if line[:1].strip() and not line.endswith(":")]
    return f"{type(error).__name__}: {lines[-1][:80]}" if lines else type(error).__name__
