"""The table of what layers do with an axis of replicas in front.

An entry is a function (layer, call, *inputs) -> outputs over tensors (n_replicas, batch, ...). A layer of
one's own brings the entry as a method: `call_replicas(call, *inputs)`.
"""

import inspect
from typing import NamedTuple

from bineural._tensorflow import keras

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


def takes(operation, options):
    """Say whether the entry of a layer takes these named arguments."""
    own = getattr(operation, "call_replicas", None) or _entries[type(operation)].forward
    return set(options) <= set(inspect.signature(own).parameters)


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
