"""The unit of an outcome of numbers: its mean and SD in the rows trained on, or 0 and 1."""

import numpy as np


def learn_unit(y, ending, own_unit, offset=None, weights=None):
    """Return mean and n-1 SD of the outcome less its offset, or 0 and 1 where it stays in its own unit."""
    y = y if offset is None else y - offset
    spread = float(np.std(y, ddof=1)) if len(y) > 1 else 0.0
    return unit_of(float(np.mean(y)), spread, ending, own_unit)


def unit_of(mean, spread, ending, own_unit):
    """Return what the outcome is standardised by, from its mean and SD."""
    standardise = ending == "linear" and not own_unit
    return {
        "center": mean if standardise else 0.0,
        "scale": spread if standardise and spread > 0 else 1.0,
    }


IN_ITS_UNIT = {
    "targets": lambda y, state: (y - state["center"]) / state["scale"],
    "offset": lambda offset, state: offset[:, None] / state["scale"],
    "linear": lambda output, state: output[:, :1] * state["scale"] + state["center"],
    "linear_unit": "prediction",
}
