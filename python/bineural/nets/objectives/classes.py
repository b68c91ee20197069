"""Several classes: a logit for each, and a row costs its cross-entropy under their softmax."""

import numpy as np
from scipy.special import softmax

from bineural.measures.ordering import class_logits
from bineural.nets.objectives.objective import Objective, register_objective


def _class_probabilities(output, ending, state):
    return softmax(output, axis=1) if ending == "linear" else output / output.sum(1, keepdims=True)


register_objective(
    Objective(
        "classes",
        "classes",
        "categorical_crossentropy",
        endings=("linear", "softmax"),
        unit="nats a row",
        count_outputs=lambda n_classes: n_classes,
        allow_outputs=lambda n_classes: (n_classes,),
        predict=_class_probabilities,
        logits=lambda mean, state: class_logits(mean),
        linear=lambda output, state: output - output.mean(axis=1, keepdims=True),
        linear_unit="log-odds, against the mean of the classes",
        ignorant_loss=lambda state: np.log(state["n_outputs"]),
    )
)
