"""The layers of a Keras model: which is called on the output of which, and what parameters each has.

A model of Keras' own kinds (functional, sequential) keeps the graph of its calls. Where a class of the user's
own calls its layers in Python code, they can be listed, and what goes where can't be told.
"""

from typing import NamedTuple

from bineural._tensorflow import keras
from bineural.zoo.receptive_fields import receptive_fields


class Call(NamedTuple):
    """A layer (or another operation) applied once.

    Attributes
    ----------
    operation : keras.Operation
    shape : str
        Of its output, "(batch, 16)"; empty where it can't be told.
    sources : list of int
        The calls whose output it takes, by their place in the list of calls.
    output_shape : tuple or None
        The same shape as numbers, of its one output.
    """

    operation: object
    shape: str
    sources: list
    output_shape: tuple = None


def keeps_graph(model):
    """Say whether Keras keeps the calls of a model: whether `call` is Keras' own, and the model is built."""
    owner = next(kind for kind in type(model).__mro__ if "call" in vars(kind))
    return owner.__module__.startswith("keras.") and bool(getattr(model, "outputs", None))


def read_calls(model):
    """Return the calls of a model, every one after those whose output it takes.

    Parameters
    ----------
    model : keras.Model
        Built.

    Returns
    -------
    list of Call
        The inputs first; for a model that keeps no graph its layers, without sources.
    """
    if not keeps_graph(model):
        return [Call(layer, "", []) for layer in model.layers]
    inputs = {id(tensor) for tensor in model.inputs}
    calls, places = [], {}
    waiting = [_maker(tensor) for tensor in [*reversed(model.outputs), *reversed(model.inputs)]]
    while waiting:
        operation, number = key = waiting[-1]
        node = operation._inbound_nodes[number]
        begins = all(id(tensor) in inputs for tensor in node.output_tensors)
        makers = [] if begins else list(dict.fromkeys(_maker(tensor) for tensor in _read_tensors(node)))
        ahead = [maker for maker in reversed(makers) if maker not in places]
        if ahead and key not in places:
            waiting += ahead
            continue
        waiting.pop()
        if key not in places:
            places[key] = len(calls)
            shape = ", ".join(shape_text(tensor.shape) for tensor in node.output_tensors)
            numbers = tuple(node.output_tensors[0].shape) if len(node.output_tensors) == 1 else None
            calls.append(Call(operation, shape, [places[maker] for maker in makers], numbers))
    return calls


def _read_tensors(node):
    """Return what a call reads, but for masks that operations outside of layers make of what is there."""
    named = node.arguments.kwargs.items()
    masks = {id(part) for name, part in named if name == "mask" or name.endswith("_mask")}
    return [
        tensor
        for tensor in node.input_tensors
        if id(tensor) not in masks or isinstance(_maker(tensor)[0], keras.layers.Layer)
    ]


def _maker(tensor):
    """Return the operation that made a symbolic tensor, and which of its calls did."""
    history = tensor._keras_history
    return history.operation, history.node_index


def shape_text(shape):
    """Write a shape: (batch, any, 8) for (None, None, 8)."""
    first, *rest = ["any" if size is None else str(size) for size in shape] or [""]
    return f"({', '.join(['batch' if first == 'any' else first, *rest])})"


def layer_rows(model, above=""):
    """List the layers of a model, those inside nested models too, as "model/layer".

    Returns
    -------
    list of (str, str, str, list, str)
        Name, class, shape of the output, weights and receptive field (empty inside nested models). Weights
        that two layers share are listed in both; those that the model holds beside its layers come last.
    """
    rows, shapes, seen, calls = [], {}, {}, read_calls(model)
    for call, field in zip(calls, [""] * len(calls) if above else receptive_fields(calls)):
        shapes.setdefault(call.operation, []).append(call.shape)
        seen.setdefault(call.operation, []).append(field)
    for operation, called in shapes.items():
        name = f"{above}{operation.name}"
        if isinstance(operation, keras.Model):
            rows += layer_rows(operation, f"{name}/")
        elif not (above and isinstance(operation, keras.layers.InputLayer)):
            weights = list(getattr(operation, "weights", []))
            texts = [" and ".join(dict.fromkeys(texts)) for texts in (called, seen[operation])]
            rows.append((name, type(operation).__name__, texts[0], weights, texts[1]))
    listed = {id(weight) for row in rows for weight in row[3]}
    own = [weight for weight in model.weights if id(weight) not in listed]
    return rows + [(f"{above}(own weights)", type(model).__name__, "", own, "")] * bool(own)
