"""Accuracy: the share of right calls, by a threshold of the event's probability or by the likeliest class."""

from functools import partial

import numpy as np

from bineural.measures.registry import built_in


def right_calls(y_true, probability, weights=None, threshold=0.5):
    """Compute the accuracy of checked arrays: events (0 and 1), or positions of classes.

    A row is called an event when its probability is at least the threshold.
    """
    if probability.ndim == 2:
        calls = np.argmax(probability, axis=1)
    else:
        calls = probability >= threshold
    return float(np.average(calls == y_true, weights=weights))


def _at(threshold=None, **_):
    if threshold is None:
        return {}
    return {"compute": partial(right_calls, threshold=threshold), "label": f"accuracy at {threshold:g}"}


built_in(
    "accuracy",
    right_calls,
    label="accuracy",
    tasks=("binary", "multiclass"),
    range=(0.0, 1.0),
    settle=_at,
    compared=("multiclass",),  # of an event it says nothing that the Brier score does not say better
    place=50,
)
