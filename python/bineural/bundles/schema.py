"""What the attributes of a saved object must be: small checks, put together to a schema beside each class.

A class that bundles may hold stands in `registry.py` and has

- `SCHEMA`, a dict of attribute to check; `may_lack(check)` where older files have no such attribute;
- optionally `check_state(self)`, which calls `require` for what holds between attributes.

An attribute that the schema does not name is refused, when a model is saved and when one is loaded. A check
is a function of one value that says whether it will do.
"""

import datetime
import math

import numpy as np


class Mismatch(Exception):
    """Some state is not what its class allows; the text names the part."""


def require(condition, text):
    """Raise `Mismatch` unless `condition`."""
    if not condition:
        raise Mismatch(text)


def check_attributes(state, schema, name):
    """Check a dict of attributes by a schema.

    Raises
    ------
    Mismatch
        If one is missing, unknown or of a kind that it can't be.
    """
    require(type(state) is dict, f"`{name}` has no attributes")
    unknown = [key for key in state if key not in schema]
    require(not unknown, f"`{name}` has an attribute {_short(unknown[:1])} that this version does not know")
    for key, check in schema.items():
        if key in state:
            require(check(state[key]), f"`{name}.{key}` is {_short(state[key])}")
        else:
            require(getattr(check, "may_lack", False), f"`{name}.{key}` is missing")


def _short(value):
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape[:4]} and type {str(value.dtype)[:20]}"
    if isinstance(value, (str, bytes)):
        return repr(value[:60])
    if isinstance(value, (int, float)) and not (isinstance(value, int) and abs(value) > 2**200):
        return repr(value)
    if isinstance(value, (list, tuple)) and len(value) == 1 and isinstance(value[0], str):
        return repr(value[0][:60])
    return f"of type {type(value).__name__}"


def may_lack(check):
    """Allow that the attribute is not there."""

    def checked(value):
        return check(value)

    checked.may_lack = True
    return checked


# ---- single values ----


def nothing(value):
    """None."""
    return value is None


def truth(value):
    """True or False."""
    return isinstance(value, (bool, np.bool_))


def text(value):
    """Text."""
    return isinstance(value, str)


def whole(low=0, high=2**63 - 1):
    """Return the check of a whole number from `low` to `high`."""
    return lambda value: _is_whole(value) and low <= value <= high


def number(low=-math.inf, high=math.inf, nan=True):
    """Return the check of a number from `low` to `high`, or (as a result may be) NaN."""

    def check(value):
        if not isinstance(value, (int, float, np.integer, np.floating)) or isinstance(value, bool):
            return False
        if isinstance(value, int) and abs(value) > 2**63:
            return False
        return bool(low <= value <= high) or (nan and value != value)

    return check


def one_of(*values):
    """Return the check of one of some texts, truths or None."""
    return lambda value: (value is None or isinstance(value, (str, bool))) and value in values


def label(value):
    """A class of an outcome: text, truth, finite number or moment."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 2**64
    return isinstance(value, (str, datetime.date))


def either(*checks):
    """Return the check that one of several is met."""
    return lambda value: any(check(value) for check in checks)


def optional(check):
    """Return the check of None or something."""
    return either(nothing, check)


# ---- many values ----


def array(kinds="f", ndim=1, finite=False):
    """Return the check of an array: its kinds of numbers ("f", "iu", "b") and axes (None: any)."""

    def check(value):
        if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
            return False
        if ndim is not None and value.ndim != ndim:
            return False
        return not finite or bool(np.isfinite(value).all())

    return check


def list_of(check, least=0):
    """Return the check of a list of at least `least` values, each checked."""
    return lambda value: type(value) is list and len(value) >= least and all(map(check, value))


def tuple_of(check, least=0):
    """Return the check of a tuple of at least `least` values, each checked."""
    return lambda value: type(value) is tuple and len(value) >= least and all(map(check, value))


def dict_of(key, check):
    """Return the check of a dict, its keys and its values."""
    return lambda value: type(value) is dict and all(key(k) and check(v) for k, v in value.items())


def record(**checks):
    """Return the check of a dict of just these keys (without those that it may lack)."""

    def check(value):
        if type(value) is not dict or not set(value) <= set(checks):
            return False
        lacks = [key for key in checks if key not in value]
        return all(getattr(checks[key], "may_lack", False) for key in lacks) and all(
            checks[key](value[key]) for key in value
        )

    return check


def instance(*names):
    """Return the check of an object of just one of our classes, by name."""
    return lambda value: type(value).__module__.startswith("bineural.") and type(value).__name__ in names


def member_of(family):
    """Return the check of an object of a registered class, such as any kind of "input"."""

    def check(value):
        from bineural.bundles.registry import class_name

        return (class_name(type(value)) or "").startswith(f"{family}:")

    return check


def keras_object(*names):
    """Return the check of an object of a class of Keras, as `keras.Model` or `keras.losses.Loss`."""

    def check(value):
        import sys

        keras = sys.modules.get("keras")
        if keras is None or not type(value).__module__.startswith("keras."):
            return False
        kinds = {"model": keras.Model, "loss": keras.losses.Loss, "optimizer": keras.optimizers.Optimizer}
        return isinstance(value, tuple(kinds[name] for name in names))

    return check


def _is_whole(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
