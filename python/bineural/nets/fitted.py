"""The record of a fitted net: all that it learnt, and the free functions that predict with it.

Nothing here knows of formulas, data frames or scikit-learn: rows come as arrays that the input made.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from bineural.errors import InputError
from bineural.nets.heads import add_base, mean_over_heads
from bineural.nets.objectives.objective import named_objective
from bineural.nets.options import unit_counts
from bineural.nets.shifting import base_of


@dataclass(eq=False)
class FittedNet:
    """What a net has learnt.

    Attributes
    ----------
    architecture : zoo.Architecture
    input : inputs.Input
        Turns rows into the arrays that the net takes.
    objective : Objective
    state : dict
        What the objective learnt; "event" (position of the event) and "n_outputs" for classes.
    outcome : inputs.learnt_outcome.Outcome
        Classes, their order and rows, and the event.
    layout : dict
        Options that the architecture was built with, `units`, `numbers` and `l2` as they were in effect.
    batch_size : int
        As it was in effect.
    l2 : float
    input_shape : tuple of int
        Of one row.
    n_outputs : int
    ending : str
        Activation of the last layer: "linear", "sigmoid", "softmax", ...
    precision, device : str, str or None
    keep_weights : bool
    scaling : {"standard", "robust", "quantile"} or False
        How columns (or channels) were scaled.
    why_unscaled : str
        What kept `scaling="auto"` from it; empty if nothing did.
    has_offset : bool
        Whether the rows trained on had a known part of the linear predictor.
    loss : str
        Name of the loss trained on.
    seed, n_rows, n_validation_rows, ensemble : int
    members : list of training.Trained
        Weights, history and way of each member of the ensemble; one for a single net.
    interrupted : bool
    penalties : ndarray of float64, shape (n, 2), or None
        Penalties that were tried, and the loss of each on the rows watched until one was chosen.
    """

    architecture: object
    input: object
    objective: object
    outcome: object
    n_rows: int
    seed: int
    precision: str = "float32"
    device: str | None = None
    keep_weights: bool = False
    scaling: str | bool = "standard"
    why_unscaled: str = ""
    has_offset: bool = False
    state: dict = field(default_factory=dict)
    layout: dict = field(default_factory=dict)
    batch_size: int = 32
    l2: float = 0.0
    input_shape: tuple = ()
    n_outputs: int = 1
    ending: str = "linear"
    loss: str = ""
    n_validation_rows: int = 0
    ensemble: int = 1
    members: list = field(default_factory=list)
    interrupted: bool = False
    penalties: object = None
    plan: object = field(default=None, repr=False)

    @property
    def n_classes(self):
        """Number of classes, or of columns of the outcome; 0 for one of numbers."""
        return self.outcome.n_parts

    def __getstate__(self):
        """Leave what can be built again; the objective goes by its name and its settings."""
        kept = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        return {**kept, "plan": None, "objective": (self.objective.name, self.objective.settings)}

    def __setstate__(self, state):
        """Take back what was pickled."""
        name, settings = state["objective"]
        vars(self).update({**state, "objective": named_objective(name).settled(settings)})

    def without_architecture(self):
        """Return the same without its architecture, which an estimator has too."""
        return replace(self, architecture=None)


def plan_of(fitted):
    """Return the layout of a fitted net, made when it is first needed."""
    from bineural.nets.layouts import make_plan

    if fitted.plan is None:
        fitted.plan = make_plan(fitted, fitted.layout)
    return fitted.plan


def keras_model_of(fitted):
    """Return the first member as a Keras model of its own, made when it is first needed."""
    from bineural.nets.layouts import make_model

    if getattr(fitted, "_keras_model", None) is None:
        fitted._keras_model = make_model(fitted, fitted.members[0].weights)
    return fitted._keras_model


def outputs_of(fitted, inputs, weights):
    """Return the output of one member for rows as arrays: float64, shape (n_rows, n_outputs)."""
    from bineural.training import device_or_cpu, predict_net

    device = device_or_cpu(fitted.device)
    return predict_net(plan_of(fitted), weights, inputs, device=device).astype(np.float64)


def shifted_outputs(fitted, rows):
    """Return the outputs of each member for rows, with start and offset, a list; see `shifting`.

    Parameters
    ----------
    fitted : FittedNet
    rows : inputs.Prepared
    """
    base = base_of(fitted, rows.offset, len(rows))
    outputs = [outputs_of(fitted, rows.inputs, member.weights) for member in fitted.members]
    return [add_base(output, base) for output in outputs]


def member_predictions(fitted, rows):
    """Return what each member predicts: (n_members, n_rows) or (n_members, n_rows, n_classes)."""
    return np.stack([_meaning(fitted, output) for output in shifted_outputs(fitted, rows)])


def predict_together(fits, rows):
    """Return the mean of the members' predictions of many nets, each for rows of its own: a list of arrays.

    Equal to `predict_rows` of each to float32 rounding.

    Parameters
    ----------
    fits : list of FittedNet
    rows : list of inputs.Prepared
    """
    from bineural.training import device_or_cpu, predict_nets

    whose = [i for i, fitted in enumerate(fits) for _ in fitted.members]
    plans = [plan_of(fits[i]) for i in whose]
    weights = [member.weights for fitted in fits for member in fitted.members]
    device = device_or_cpu(fits[0].device)
    outputs = predict_nets(plans, weights, [rows[i].inputs for i in whose], device=device)
    bases = [base_of(fitted, part.offset, len(part)) for fitted, part in zip(fits, rows)]
    meanings = [[] for _ in fits]
    for i, output in zip(whose, outputs):
        meanings[i].append(_meaning(fits[i], add_base(output.astype(np.float64), bases[i])))
    return [np.mean(parts, axis=0) for parts in meanings]


def predict_rows(fitted, rows):
    """Return the mean of the members' predictions."""
    return member_predictions(fitted, rows).mean(axis=0)


def member_spread(fitted, rows):
    """Return the SD over members (n-1) of their predictions."""
    if len(fitted.members) < 2:
        raise InputError(
            "A spread must come from several members.",
            "This net has one.",
            "Fit it with ensemble=20, for example.",
        )
    return member_predictions(fitted, rows).std(axis=0, ddof=1)


def predict_with_logits(fitted, rows):
    """Return probabilities and logits of each class; no logits where the output is not of that scale."""
    outputs = shifted_outputs(fitted, rows)
    probability = np.stack([_meaning(fitted, output) for output in outputs]).mean(axis=0)
    if fitted.ending != "linear" or fitted.objective.logits is None:
        return probability, None
    mean = np.mean([output.mean(axis=1) if output.ndim == 3 else output for output in outputs], axis=0)
    return probability, fitted.objective.logits(mean, fitted.state)


def _meaning(fitted, output):
    predict = fitted.objective.predict
    return mean_over_heads(lambda output: predict(output, fitted.ending, fitted.state), output)


def diverged_loss(fitted):
    """Return the training loss that is not finite of some member, or None."""
    losses = [loss for member in fitted.members for loss in member.history["loss"]]
    return next((loss for loss in losses if not np.isfinite(loss)), None)


# ---- the options of a layout ----


def units_of(options, record, n_rows):
    """Return the widths of the hidden layers, a tuple of int, for `n_rows` trained on."""
    return record.default_units(n_rows) if options["units"] is None else unit_counts(options["units"])


def batch_of(options, record, n_rows):
    """Return how many rows are in a step, for `n_rows` trained on."""
    return record.default_batch(n_rows) if options["batch_size"] is None else options["batch_size"]


def penalty_of(options, record, n_rows):
    """Return the penalty `l2` in effect for `n_rows` trained on."""
    return record.default_l2(n_rows) if options["l2"] is None else float(options["l2"])


def scales_penalty(options, record):
    """Say whether the penalty is that of the summed loss, so that folds of any size share a graph."""
    return record.prior_precision is not None and options["l2"] is None and not options["l1"]


def layout_options(options, record, l2, further, sharing=None):
    """Return the options that the builder of an architecture gets.

    Parameters
    ----------
    options : dict
        All options of the net, those of the architecture's own too; `units` as in effect, see `units_of`.
    record : zoo.Architecture
    l2 : float
        The penalty in effect.
    further : dict
        What the input tells a builder; see `Input.builder_options`.
    sharing : Sharing or None
        How nets share the graph of a stack; each then brings its own `l1`, `l2` and `dropout` (see `rates`).
    """
    read = {
        "units": options["units"],
        "activation": options["activation"],
        "dropout": float(options["dropout"]),
        "l1": float(options["l1"]),
        "l2": l2,
        "batch_normalization": bool(options["batch_normalization"]),
        "numbers": options["numbers"],
    }
    if sharing is not None:
        dropout = 0.5 if sharing.dropout or options["dropout"] > 0 else 0.0
        read |= {"l1": float(options["l1"] > 0), "l2": 1.0, "dropout": dropout}
    built = {name: read[name] for name in record.reads}
    built |= {option.name: options[option.name] for option in record.options}
    if options["numbers"] == "plain" or "numbers" not in record.reads:
        further = {name: value for name, value in further.items() if name != "number_columns"}
    if "text" not in record.inputs:
        further = {name: value for name, value in further.items() if name not in ("vocabulary", "n_columns")}
    return {**built, **further}
