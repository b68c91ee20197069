"""The table of what layers do with an axis of replicas in front.

An entry is a function (layer, call, *inputs, **options) -> outputs over tensors (n_replicas, batch, ...). Its
named arguments are those of the layer's `call` that it knows: a node of a model that passes others has no
wide form, nor has a layer that takes masks where the entry does not. A layer of one's own brings the entry as
a method `call_replicas(call, *inputs, **options)`, see `zoo.Architecture`.
"""

import inspect
from typing import NamedTuple

from bineural._tensorflow import keras
from bineural.training.wide.masks import mask_arguments

_entries = {}


class Entry(NamedTuple):
    """What one kind of layer does."""

    forward: object
    when: object  # callable (layer) -> bool: whether the entry knows these settings


def wide(*kinds, when=lambda layer: True):
    """Register the decorated function as the entry of kinds of layers, but not of classes made from them.

    Parameters
    ----------
    *kinds : type
        Keras layers, or operations of a functional model.
    when : callable (layer) -> bool
        Whether the entry knows the layer's settings.
    """

    def register(forward):
        for kind in kinds:
            _entries[kind] = Entry(forward, when)
        return forward

    return register


def find_forward(operation):
    """Return the function (call, *inputs) of a layer or an operation, None where there is no entry."""
    if hasattr(type(operation), "call_replicas"):
        return operation.call_replicas if _is_plain(operation) else None
    entry = _entries.get(type(operation))
    if entry is None or not _is_plain(operation) or not entry.when(operation):
        return None

    def forward(call, *inputs, **options):
        return entry.forward(operation, call, *inputs, **options)

    return forward


def takes(operation, options=()):
    """Say whether the entry of a layer takes these named arguments, and the masks that Keras' layer takes."""
    own = getattr(operation, "call_replicas", None) or _entries[type(operation)].forward
    masks = mask_arguments(operation) if isinstance(operation, keras.layers.Layer) else set()
    parameters = inspect.signature(own).parameters
    any_name = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    return any_name or {*options, *masks} <= set(parameters)


def _is_plain(operation):
    """Say whether a layer has nothing that an entry would pass over."""
    if not isinstance(operation, keras.layers.Layer):
        return True
    return (
        operation.compute_dtype == operation.variable_dtype == "float32"
        and operation.activity_regularizer is None
        and getattr(operation, "quantization_mode", None) is None
        and not getattr(operation, "lora_enabled", False)
    )
