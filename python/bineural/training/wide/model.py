"""Run a whole wide model: a functional or sequential one, operation by operation, by the table of entries."""

import numpy as np

from bineural._tensorflow import keras, tf
from bineural.training.wide import (  # noqa: F401  (they register their entries)
    activations,
    attention,
    convolution,
    dense,
    dropout,
    normalization,
    operations,
    pooling,
    recurrent,
    shapes,
    time_distributed,
    transposed,
)
from bineural.training.wide.call import set_mask
from bineural.training.wide.masks import with_masks
from bineural.training.wide.registry import find_forward, takes, wide


def run_model(model, call, inputs, masks=None):
    """Call a functional or sequential model.

    Parameters
    ----------
    model : keras.Model
        That `lacks` nothing.
    call : Call
    inputs : nest of tensors, (n_replicas, batch, ...)
    masks : nest of tensors or None, (n_replicas, batch, ...)
        Of the inputs, in the same structure.

    Returns
    -------
    nest of tensors
    """
    functional = _functional(model)
    given = _in_order(functional, inputs)
    given = [_as_declared(x, declared) for x, declared in zip(given, functional.inputs, strict=True)]

    for x, mask in zip(given, [] if masks is None else _in_order(functional, masks)):
        if mask is not None:
            set_mask(x, mask)

    def operate(operation):
        forward = find_forward(operation)
        if isinstance(operation, keras.layers.Layer):
            forward = with_masks(operation, forward)
        return lambda *inputs, **options: forward(call, *inputs, **_said(options))

    outputs = functional._run_through_graph(given, operation_fn=operate)
    return outputs[0] if isinstance(outputs, list) and len(outputs) == 1 else outputs


@wide(keras.Sequential, keras.src.models.functional.Functional, when=lambda model: not lacks(model))
def inner_model(model, call, inputs, mask=None):
    """Call a model that stands inside another."""
    return run_model(model, call, inputs, mask)


def lacks(model):
    """Return what of a model has no entry, as the first such layer is called; "" where all have."""
    functional = _functional(model)
    if functional is None or not _is_flat(functional._inputs_struct):
        return _called(model)
    for nodes in functional._nodes_by_depth.values():
        for node in nodes:
            if node.operation is not None and not node.is_input and (missing := _lacks_of_node(node)):
                return missing
    return ""


def _lacks_of_node(node):
    operation, arguments = node.operation, node.arguments
    if isinstance(operation, keras.Model) and _functional(operation) and (inside := lacks(operation)):
        return f"{inside} in {_called(operation)}"
    known = find_forward(operation) and takes(operation, _said(arguments.kwargs))
    arrays = any(map(_is_array, tf.nest.flatten([arguments.args, arguments.kwargs])))
    return _called(operation) if arrays or not known else ""


def _called(operation):
    return f"{type(operation).__name__} {operation.name!r}"


def _is_array(argument):
    """Say whether an argument of an operation is an array of its own, which has no axis of replicas."""
    return isinstance(argument, (np.ndarray, tf.Tensor, tf.Variable, keras.Variable))


def _said(options):
    """Return the arguments of an operation that say something; whether it is training, the call knows."""
    return {name: value for name, value in options.items() if value is not None and name != "training"}


def _functional(model):
    """Return the functional model that a model is, None for one that is another kind of program."""
    if type(model) is keras.Sequential:
        model = model._functional
    return model if type(model) is keras.src.models.functional.Functional else None


def _is_flat(struct):
    parts = (
        struct.values()
        if isinstance(struct, dict)
        else struct
        if isinstance(struct, (list, tuple))
        else [struct]
    )
    return all(isinstance(part, keras.KerasTensor) for part in parts)


def _in_order(functional, inputs):
    """Return the inputs in the order of `functional.inputs`."""
    struct = functional._inputs_struct
    if not isinstance(inputs, dict):
        return list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    if isinstance(struct, dict):
        return [inputs[name] for name in sorted(struct)]
    struct = struct if isinstance(struct, (list, tuple)) else [struct]
    return [inputs[declared.name] for declared in struct]


def _as_declared(x, declared):
    """Give an input the type, and the last axis of one, that the model declares."""
    x = x if x.dtype == declared.dtype else tf.cast(x, declared.dtype)
    return x[..., None] if x.shape.rank == len(declared.shape) and declared.shape[-1] == 1 else x
