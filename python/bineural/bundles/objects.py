"""Objects of our own classes to plain state and back, by the schema of their class."""

import dataclasses

from bineural.bundles.registry import class_name, is_model
from bineural.bundles.schema import check_attributes, require


def has_schema(cls):
    """Say whether bundles may hold objects of a class."""
    return class_name(cls) is not None and isinstance(vars(cls).get("SCHEMA"), dict)


def state_of(value):
    """Return the state of an object as a dict of attributes."""
    cls = type(value)
    if hasattr(cls, "from_state"):
        return value.get_state()
    if is_model(cls):
        return dict(value.__getstate__())
    if dataclasses.is_dataclass(cls):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(vars(value))


def build_object(cls, state):
    """Make an object from a state that a file holds, checked by the schema of its class.

    Raises
    ------
    Mismatch
        Naming the part that can't be.
    """
    require(has_schema(cls), f"`{cls.__name__}` has no schema")
    _forget_checkpoint(state)
    check_attributes(state, cls.SCHEMA, cls.__name__)
    if hasattr(cls, "from_state"):
        return cls.from_state(state)
    if is_model(cls):
        value = cls(**{name: state[name] for name in cls._get_param_names() if name in state})
    else:
        value = cls.__new__(cls)
    for name, item in state.items():
        object.__setattr__(value, name, item)
    if hasattr(cls, "check_state"):
        value.check_state()
    return value


def _forget_checkpoint(state):
    """Files of version 0.1.0 may name a checkpoint, which a later fit would write."""
    if isinstance(state, dict) and isinstance(state.get("checkpoint"), str):
        state["checkpoint"] = None
