"""Train the replicas of a stack one by one, where they can't share a graph: same results, more time."""

import re
from dataclasses import replace

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.training.checkpoint import whole_state
from bineural.training.engine import run_alone
from bineural.training.run import TrainingInterrupted, not_finite
from bineural.training.saved_state import check_one_by_one


class OneByOne:
    """Replicas trained by `train_net`, with the face of `StackRun`.

    Parameters
    ----------
    fit : Fit
        Of `Replicas`.
    why : str
        What kept them from being a stack.
    """

    def __init__(self, fit, why=""):
        self.fit, self.why = fit, why
        self.finished, self.done = [None] * len(fit.nets.seeds), 0
        self.way, self.whole = "one by one", {}

    def go(self, tell):
        """Train every replica; return a list of `Trained`."""
        if any(not isinstance(rate, tuple) for rate in self.fit.nets.rates[1:]):
            raise InputError(
                "L1, L2 and dropout of its own can be had by a net in a stack only.",
                f"These nets are trained one by one{self.why and f': {self.why} can not be stacked'}.",
                "Give each net a model with those settings.",
            )
        for i in range(len(self.finished)):
            if i in self.whole:
                continue
            reported = [0]

            def report(done, history, reported=reported):
                tell(done - reported[0], sum(t is not None for t in self.finished))
                reported[0] = done

            own = {"nets": self.fit.nets.net(i), "progress": report, "checkpoint": None, "xla": None}
            try:
                self._keep(i, run_alone(replace(self.fit, diverged="keep", **own)))
            except TrainingInterrupted as interrupted:
                self._keep(i, interrupted.trained)
                raise
            self.whole[i] = self.finished[i]
        return self.finished

    def state(self):
        """Return the nets that are done, for a checkpoint; a net that is not is trained again."""
        return {"whole": [self.whole.get(i) for i in range(len(self.finished))], "way": self.way}

    def restore(self, state):
        """Go on from a state of the same replicas."""
        with whole_state():
            check_one_by_one(state, self.fit.nets.plans)
        self.whole = {i: trained for i, trained in enumerate(state["whole"]) if trained is not None}
        for i, trained in self.whole.items():
            self.finished[i] = trained

    def results(self):
        """Return what has been reached: a list of `Trained`, None for replicas that had not begun."""
        return self.finished

    def _keep(self, i, trained):
        trained.why = self.why
        self.finished[i] = trained
        losses = np.array(trained.history["loss"])
        if self.fit.diverged == "raise" and not np.isfinite(losses).all():
            raise not_finite(losses[~np.isfinite(losses)][0], f"in {self.fit.nets.names[i]}")


def reason(error, layout):
    """Say in a few words why replicas could not share a graph: the layer, where the error names one."""
    text = re.sub(r"\x1b\[\d+m", "", str(error))
    for layer in layout.layers:
        named = re.search(rf"loop_body/(\w+/)*{re.escape(layer.name)}(_\d+)?/", text)
        if named and not isinstance(layer, keras.Model):
            return f"{type(layer).__name__} {layer.name!r}"
    lines = [line for line in text.splitlines() if line[:1].strip() and not line.endswith(":")]
    return f"{type(error).__name__}: {lines[-1][:80]}" if lines else type(error).__name__
