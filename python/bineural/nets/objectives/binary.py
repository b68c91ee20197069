"""Two classes: the output is the log-odds of the event, and a row costs its cross-entropy."""

import numpy as np
from scipy.special import expit

from bineural.nets.objectives.objective import Objective, register_objective


def _event_probability(output, ending, state):
    """Return (n_rows, 2): the output is of the event, whose column is `state["event"]`."""
    event = expit(output[:, 0]) if ending == "linear" else output[:, 0]
    both = np.empty((len(event), 2))
    both[:, state["event"]] = event
    both[:, 1 - state["event"]] = 1 - event
    return both


def _event_logits(mean, state):
    return mean * np.where(np.arange(2) == state["event"], 1.0, -1.0)


register_objective(
    Objective(
        "binary",
        "classes",
        "binary_crossentropy",
        endings=("linear", "sigmoid"),
        unit="nats a row",
        most_classes=2,
        several="classes",
        allow_outputs=lambda n_classes: (1, 2),
        targets=lambda y, state: (y == state["event"]).astype(np.float32),
        offset=lambda offset, state: offset[:, None],
        predict=_event_probability,
        logits=_event_logits,
        linear=lambda output, state: output[:, :1],
        ignorant_loss=lambda state: np.log(2),
    )
)
