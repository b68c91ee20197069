"""Check the options of a net at fit, in words."""

import numbers

import numpy as np

from bineural.errors import InputError
from bineural.inputs.outcomes import match_event
from bineural.messages import listed


def check_net_options(model):
    """Refuse hyper-parameters that can't be used.

    Parameters
    ----------
    model : NetClassifier or NetRegressor

    Raises
    ------
    InputError
        Naming the option, the value found and what to try.
    """
    _check_units(model.units)
    _number(model, "dropout", 0, 1, "must be at least 0 and below 1", below=True)
    _number(model, "l1", 0, np.inf, "must not be negative", below=True)
    _number(model, "l2", 0, np.inf, "must not be negative", none=True, below=True)
    _number(model, "learning_rate", 0, np.inf, "must be positive", none=True, above=True, below=True)
    _number(
        model,
        "validation",
        0,
        1,
        "must be a share of the rows, at least 0 and below 1",
        none=True,
        below=True,
    )
    _count(model, "batch_size", 1)
    _count(model, "epochs", 1)
    _count(model, "ensemble", 1, none=True)
    _count(model, "patience", 0, none=True)
    _number(model, "min_delta", 0, np.inf, "must not be negative", below=True)
    _choice("precision", model.precision, ("float32", "mixed"))
    _choice("categories", model.categories, ("onehot", "embed"))
    if not isinstance(model.scale, (bool, np.bool_)):
        _choice("scale", model.scale, ("auto", True, False))
    _choice("missing", model.missing, ("error", "drop", "impute"))
    _choice("unseen", model.unseen, ("warn", "error"))
    _choice("verbose", model.verbose, (None, 0, 1))
    if not (isinstance(model.activation, str) or callable(model.activation)):
        raise InputError(
            "`activation` must be a name.", f"Found {model.activation!r}.", "Use 'relu' or 'tanh'."
        )
    if model.categories == "embed" and not isinstance(model.architecture, str):
        raise InputError(
            "`categories='embed'` can be used with the zoo's architectures only.",
            f"Found architecture={model.architecture!r}.",
            "Use categories='onehot', or architecture='skip' or 'mlp'.",
        )


def class_weights(weights, classes, counts):
    """Return one weight for each class.

    Parameters
    ----------
    weights : None, "balanced" or dict of label to float
        Classes that a dict does not name weigh 1.
    classes : ndarray, shape (n_classes,)
    counts : ndarray of float, shape (n_classes,)
        (Weighted) training rows of each class.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        "balanced" gives every class the same total.
    """
    if weights is None:
        return np.ones(len(classes))
    if isinstance(weights, str) and weights == "balanced":
        return counts.sum() / (len(classes) * np.maximum(counts, np.finfo(float).tiny))
    found = np.ones(len(classes))
    if not isinstance(weights, dict):
        raise InputError(
            "`class_weight` must be 'balanced' or a dict of class to weight.",
            f"Found {weights!r}.",
            f"The classes are {listed(classes)}.",
        )
    must = "`class_weight` must name classes of the outcome."
    for label, weight in weights.items():
        if not _is_number(weight) or not 0 <= weight < np.inf:
            raise InputError(
                "A class weight must be a finite number that is not negative.",
                f"Found {weight!r} for {label!r}.",
                "Weights are relative to each other.",
            )
        found[np.flatnonzero(classes == match_event(label, classes, must))[0]] = weight
    if not found.any():
        raise InputError("Some class must weigh more than 0.", "All weights are 0.", "Weight one class.")
    return found


def _check_units(units):
    try:
        sizes = list(units) if np.ndim(units) == 1 else [units]
    except (TypeError, ValueError):
        sizes = [None]
    if not all(_is_whole(u) and u >= 1 for u in sizes):
        raise InputError(
            "`units` must hold a positive whole number for each hidden layer.",
            f"Found {units!r}.",
            "Use for example units=(16, 8), or units=() for none.",
        )


def unit_counts(units):
    """Return the widths of the hidden layers as a tuple of int; one number is one layer."""
    return tuple(int(u) for u in (units if np.ndim(units) == 1 else [units]))


def _number(model, name, low, high, must, *, none=False, above=False, below=False):
    value = getattr(model, name)
    if value is None and none:
        return
    good = _is_number(value) and low <= value <= high
    if not good or (above and value == low) or (below and value == high):
        raise InputError(
            f"`{name}` {must}.", f"Found {value!r}.", "Pass a number" + (" or None." if none else ".")
        )


def _count(model, name, least, *, none=False):
    value = getattr(model, name)
    if value is None and none:
        return
    if not _is_whole(value) or value < least:
        raise InputError(
            f"`{name}` must be a whole number of at least {least}.",
            f"Found {value!r}.",
            "Pass such a number" + (" or None." if none else "."),
        )


def _choice(name, value, allowed):
    if isinstance(value, (str, type(None), numbers.Number)) and value in allowed:
        return
    raise InputError(
        f"`{name}` must be one of {listed(allowed)}.", f"Found {value!r}.", "Choose one of them."
    )


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_)) and value == value


def _is_whole(value):
    return _is_number(value) and np.isfinite(value) and int(value) == value
