"""How good predicted probabilities of several labels are: the mean over labels of what measures one event."""

import math
from functools import partial

import numpy as np

from bineural.measures.brier_score import mean_square_of_events
from bineural.measures.cross_entropy import mean_nats
from bineural.measures.registry import NAN, built_in
from bineural.measures.roc_area import auroc_of_events


def mean_over_labels(measure, y_true, probability, weights=None):
    """Compute the mean over labels of a measure of one event; y_true and probability (n_rows, n_labels)."""
    pairs = zip(y_true.T, np.ascontiguousarray(probability.T))
    return float(np.mean([measure(label.astype(np.int64), chance, weights) for label, chance in pairs]))


def mean_area(y_true, probability, weights=None):
    """Compute the mean AUROC of the labels that have rows with and without them; NaN where none has."""
    both = [k for k, label in enumerate(y_true.T) if 0 < label.sum() < len(label)]
    if not both:
        return NAN
    return mean_over_labels(auroc_of_events, y_true[:, both], probability[:, both], weights)


_OF_LABELS = {"tasks": ("labels",), "evaluated": ("labels",), "compared": ("labels",)}
_LOSS = {"larger_is_better": False, "reference": "Mean over labels.", **_OF_LABELS}
built_in(
    "label_log_loss",
    partial(mean_over_labels, mean_nats),
    label="log loss, mean of labels",
    range=(0.0, math.inf),
    place=95,
    **_LOSS,
)
built_in(
    "label_brier",
    partial(mean_over_labels, mean_square_of_events),
    label="Brier score, mean of labels",
    range=(0.0, 1.0),
    place=96,
    **_LOSS,
)
built_in(
    "label_auroc",
    mean_area,
    label="AUROC, mean of labels",
    range=(0.0, 1.0),
    place=97,
    reference="Mean over the labels that are there in some rows and not in others.",
    **_OF_LABELS,
)
