"""Weights of classes: what `class_weight` says, as one number for each class."""

import numpy as np

from bineural.checks import is_number
from bineural.errors import InputError
from bineural.inputs.outcomes import match_event
from bineural.messages import listed


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
    factors = np.ones(len(classes))
    if not isinstance(weights, dict):
        raise InputError(
            "`class_weight` must be 'balanced' or a dict of class to weight.",
            f"Found {weights!r}.",
            f"The classes are {listed(classes)}.",
        )
    must = "`class_weight` must name classes of the outcome."
    for label, weight in weights.items():
        if not is_number(weight) or not 0 <= weight < np.inf:
            raise InputError(
                "A class weight must be a finite number that is not negative.",
                f"Found {weight!r} for {label!r}.",
                "Weights are relative to each other.",
            )
        factors[np.flatnonzero(classes == match_event(label, classes, must))[0]] = weight
    if not factors.any():
        raise InputError("Some class must weigh more than 0.", "All weights are 0.", "Weight one class.")
    return factors
