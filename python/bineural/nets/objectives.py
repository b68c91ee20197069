"""Objectives: how an outcome becomes targets, what a net loses by an output, and what that output means.

An objective is a record of plain functions. What it learns of the training outcome (a mean, an SD) is a dict
of plain values, which goes into files. `register_objective` adds one, and `fit_net(objective=)` takes it by
name; without a name the outcome decides: "binary", "classes" or "numbers".
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, softmax

from bineural.errors import InputError
from bineural.measures.ordering import class_logits
from bineural.messages import near_names


@dataclass(frozen=True)
class Objective:
    """What a net learns.

    Attributes
    ----------
    name : str
    outcome : {"classes", "numbers"}
        What it is for: labels (NetClassifier) or numbers (NetRegressor).
    loss : str, keras.Loss or callable (inputs, y, outputs) -> (n_rows,)
        What each row costs; a name as `training.losses.row_loss` knows it.
    endings : tuple of str
        Activations that the last layer may have; () for any.
    unit : str
        Of the loss, for printing: "nats a row".
    count_outputs : callable
        Number of classes (0 for numbers) -> number of outputs of a layout that is built.
    allow_outputs : callable
        Number of classes -> numbers of outputs that a model of the user's own may have.
    learn : callable
        (y, ending, own_unit) -> dict of plain values, from the rows trained on; `own_unit` says that the
        outcome must stay in its own unit (a loss or a pretrained model that minds it).
    targets : callable
        (y, state) -> array that the loss takes; `y` is class positions, or numbers. `state` also has
        "event", the position of the event among the classes, and "n_outputs".
    predict : callable
        (output, ending, state) -> probabilities (n_rows, n_classes), or numbers (n_rows,), of one member.
    logits : callable, optional
        (mean output over members, state) -> log-odds (n_rows, n_classes), for ties that rounding makes.
    ignorant_loss : callable
        State -> what a row costs where the output tells no rows apart, or None where that isn't known. A net
        at twice that is said to have been led astray.
    """

    name: str
    outcome: str
    loss: object
    endings: tuple = ()
    unit: str = "loss a row"
    count_outputs: object = field(default=lambda n_classes: 1)
    allow_outputs: object = field(default=lambda n_classes: (1,))
    learn: object = field(default=lambda y, ending, own_unit: {})
    targets: object = field(default=lambda y, state: y)
    predict: object = None
    logits: object = None
    ignorant_loss: object = field(default=lambda state: None)


REGISTERED = {}


def register_objective(objective):
    """Make an objective known by its name, to `fit_net(objective=)`, files and everything between.

    Parameters
    ----------
    objective : Objective

    Returns
    -------
    Objective

    Raises
    ------
    InputError
        If there is another of that name, or it is no objective.
    """
    if not isinstance(objective, Objective) or objective.outcome not in ("classes", "numbers"):
        raise InputError(
            "An objective must be an `Objective`, for 'classes' or 'numbers'.",
            f"Found {objective!r}.",
            "Write Objective(name='counts', outcome='numbers', loss=..., predict=...).",
        )
    if REGISTERED.get(objective.name, objective) != objective:
        raise InputError(
            "An objective must have a name of its own.", f"There is a {objective.name!r}.", "Choose another."
        )
    REGISTERED[objective.name] = objective
    return objective


def find_objective(name, outcome, n_classes=0):
    """Return the objective of a name, or that of the outcome.

    Parameters
    ----------
    name : str or None
    outcome : {"classes", "numbers"}
    n_classes : int

    Raises
    ------
    InputError
        If there is none of that name, or it is for another outcome.
    """
    if name is None:
        name = "numbers" if outcome == "numbers" else "binary" if n_classes == 2 else "classes"
    if name not in REGISTERED:
        raise InputError(
            "`objective` must be a registered objective.",
            f"Found {name!r}.",
            near_names(name, REGISTERED),
        )
    objective = REGISTERED[name]
    fits = objective.outcome == outcome and (name != "binary" or n_classes == 2)
    if not fits:
        of = f"{n_classes} classes" if outcome == "classes" else "numbers"
        raise InputError(
            "`objective` must be for the outcome.",
            f"{name!r} is for {objective.outcome}; the outcome is {of}.",
            "Leave it out: the outcome then decides.",
        )
    return objective


def objective_of(objective, n_outputs):
    """Return the objective for a model of so many outputs: two for two classes are one for each of them."""
    return CLASSES if objective is BINARY and n_outputs > 1 else objective


# ---- the three that outcomes ask for ----


def _event_probability(output, ending, state):
    """Return (n_rows, 2): the output is of the event, whose column is `state["event"]`."""
    event = expit(output[:, 0]) if ending == "linear" else output[:, 0]
    both = np.empty((len(event), 2))
    both[:, state["event"]] = event
    both[:, 1 - state["event"]] = 1 - event
    return both


def _class_probabilities(output, ending, state):
    return softmax(output, axis=1) if ending == "linear" else output / output.sum(1, keepdims=True)


def _event_logits(mean, state):
    return mean * np.where(np.arange(2) == state["event"], 1.0, -1.0)


def _learn_unit(y, ending, own_unit):
    """Return mean and n-1 SD of the outcome, or 0 and 1 where it stays in its own unit."""
    spread = float(np.std(y, ddof=1)) if len(y) > 1 else 0.0
    return unit_of(float(np.mean(y)), spread, ending, own_unit)


def unit_of(mean, spread, ending, own_unit):
    """Return what the outcome is standardised by, from its mean and SD."""
    standardise = ending == "linear" and not own_unit
    return {
        "center": mean if standardise else 0.0,
        "scale": spread if standardise and spread > 0 else 1.0,
    }


BINARY = register_objective(
    Objective(
        "binary",
        "classes",
        "binary_crossentropy",
        endings=("linear", "sigmoid"),
        unit="nats a row",
        allow_outputs=lambda n_classes: (1, 2),
        targets=lambda y, state: (y == state["event"]).astype(np.float32),
        predict=_event_probability,
        logits=_event_logits,
        ignorant_loss=lambda state: np.log(2),
    )
)
CLASSES = register_objective(
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
        ignorant_loss=lambda state: np.log(state["n_outputs"]),
    )
)
NUMBERS = register_objective(
    Objective(
        "numbers",
        "numbers",
        "mean_squared_error",
        unit="mean squared error",
        learn=_learn_unit,
        targets=lambda y, state: (y - state["center"]) / state["scale"],
        predict=lambda output, ending, state: output[:, 0] * state["scale"] + state["center"],
        ignorant_loss=lambda state: 1.0 if state["scale"] != 1 else None,  # of a standardised outcome
    )
)
