"""The frozen part of a net, computed once: what lies behind it is trained on its features alone.

Frozen layers that draw nothing give a row the same features in every epoch. Weights start from the values,
and rows come in the order, that they would have in the whole net, so that what is trained differs by
rounding only.
"""

import math
from dataclasses import replace
from typing import NamedTuple

from bineural._tensorflow import keras
from bineural.training import Blueprint, predict_net
from bineural.training.layouts import Layout, draws, inner_layers

_MOST_BYTES = 2**30  # that features may take, or what the rows take themselves


class FrozenPart(NamedTuple):
    """What stays as it is of a net in training.

    Attributes
    ----------
    plan : Blueprint
        Of the whole net.
    behind : Blueprint
        Of what lies behind the frozen part.
    """

    plan: Blueprint
    behind: Blueprint

    def complete(self, trained):
        """Return a `Trained` of what lies behind as one of the whole net."""
        known = [*self.plan.model.variables, *self.behind.model.weights]
        value = dict(zip(map(id, known), [*self.plan.kept, *trained.weights]))
        return replace(trained, weights=[value[id(v)] for v in self.plan.model.weights])


def leave_frozen(job):
    """Return a job whose frozen part has been computed, or the job itself where there is none to leave.

    Parameters
    ----------
    job : nets.fitting.Job
    """
    if job.fitted.architecture.given is None or not _knows_features_only(job):
        return job
    plan = job.plan
    most = max(_MOST_BYTES, job.inputs.nbytes)
    cut = _last_cut(plan, most / 4 / len(job.y))
    if cut is None:
        return job
    before = _plan_of(plan, keras.Model(plan.model.inputs, cut), ("before", cut.name))
    behind = _plan_of(plan, keras.Model(cut, plan.model.outputs, name=plan.model.name), ("behind", cut.name))
    weights = before.weights_from(*before.split(before.kept))
    features = predict_net(before, weights, job.inputs, device=job.options["device"])
    return replace(job, plan=behind, inputs=features, frozen=FrozenPart(plan, behind))


def _knows_features_only(job):
    """Say whether nothing but the net itself sees the rows: neither the loss nor a callback."""
    model, objective, loss = job.plan.model, job.fitted.objective, job.fitted.objective.loss
    own = isinstance(loss, (str, keras.Loss)) or type(loss).__module__.startswith("bineural.")
    own = own or getattr(loss, "__module__", "").startswith("bineural.")
    plain = own and objective.step is None and objective.outcome != "rows"
    functional = isinstance(getattr(model, "inputs", None), list) and len(model.inputs) == 1
    whole = functional and len(model.outputs) == 1 and not job.plan.layout.own_step
    return plain and whole and not job.options["callbacks"] and hasattr(job.inputs, "nbytes")


def _plan_of(plan, model, key):
    """Return the plan of a part of a model, whose variables start as they do in the whole."""
    place = {id(v): i for i, v in enumerate(plan.model.variables)}
    own = [place[id(v)] for v in model.variables]
    layout = Layout(model)
    layout.numbers = [plan.layout.numbers[i] for i in own]
    starts, kept = ([values[i] for i in own] for values in (plan.starts, plan.kept))
    part = Blueprint(model, (*key, plan.key), starts, kept, layout=layout)
    part.kept = kept
    return part


def _last_cut(plan, most):
    """Return the tensor nearest to the output that all ways pass, and that frozen layers make.

    Parameters
    ----------
    plan : Blueprint
    most : float
        Numbers that the tensor may have for a row.

    Returns
    -------
    KerasTensor or None
        None where no layer with frozen weights lies before it.
    """
    kept = {id(v) for v, value in zip(plan.model.variables, plan.kept) if value is not None}
    graph = plan.model._functional if isinstance(plan.model, keras.Sequential) else plan.model
    if not kept or not hasattr(graph, "_nodes_by_depth"):  # a class of the user's own has no graph of layers
        return None
    cut, is_still, n_frozen = None, {id(plan.model.inputs[0]): True}, 0
    open_tensors = {id(plan.model.inputs[0])}  # made, and still to be taken by a later operation
    nodes = [
        node
        for depth in sorted(graph._nodes_by_depth, reverse=True)
        for node in graph._nodes_by_depth[depth]
        if not node.is_input
    ]
    taken = {}
    for node in nodes:
        for tensor in node.input_tensors:
            taken[id(tensor)] = taken.get(id(tensor), 0) + 1
    for node in nodes:
        still = all(is_still[id(tensor)] for tensor in node.input_tensors)
        still = still and _is_still(node.operation, kept)
        n_frozen += still and bool(getattr(node.operation, "weights", ()))
        for tensor in node.input_tensors:
            taken[id(tensor)] -= 1
            if not taken[id(tensor)]:
                open_tensors.discard(id(tensor))
        for tensor in node.output_tensors:
            is_still[id(tensor)] = still
            open_tensors.add(id(tensor))
        if not still:
            continue
        tensor = node.output_tensors[0]
        size = math.prod(n or 0 for n in tensor.shape[1:])
        alone = open_tensors == {id(tensor)} and tensor is not plan.model.outputs[0]
        if alone and n_frozen and 0 < size <= most:
            cut = tensor
    return cut


def _is_still(operation, kept):
    """Say whether an operation gives a row the same in every step, from weights that stay."""
    if not isinstance(operation, keras.Layer):
        return True
    if any(id(v) not in kept for v in operation.weights) or operation.trainable_variables:
        return False
    parts = [operation, *(inner_layers(operation) if isinstance(operation, keras.Model) else ())]
    return all(_is_layer_still(layer) for layer in parts)


def _is_layer_still(layer):
    """Say whether a layer itself, the layers of a nested model apart, is the same in training."""
    if draws(layer) or getattr(layer, "activity_regularizer", None) is not None:
        return False
    if isinstance(layer, keras.layers.BatchNormalization):
        return not layer.trainable  # else its averages move
    own = type(layer).__module__.startswith(("keras.", "bineural."))
    return own and (isinstance(layer, keras.Model) or not layer._call_has_training_arg)
