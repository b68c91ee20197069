"""How well sequences are predicted: bits per symbol, and of translations exact match and edits.

Of language models the truth is the number of symbols of a sequence, its end among them, and the prediction
the bits that it costs: -log2 of its probability. Of translations the truth is 1 and the number of symbols of
a target, and the prediction whether it is met exactly (1 or 0) and by how many edits it is missed.
"""

import numpy as np

from bineural.measures.registry import built_in


def bits_per_symbol(y_true, prediction, weights=None):
    """Compute the bits of all sequences over the number of their symbols."""
    weights = np.ones(len(y_true)) if weights is None else weights
    return float(np.sum(weights * prediction) / np.sum(weights * y_true))


def exact_match(y_true, prediction, weights=None):
    """Compute the share of targets that are met to the last symbol."""
    return float(np.average(prediction[:, 0], weights=weights))


def edit_distance(y_true, prediction, weights=None):
    """Compute the mean number of edits that make the target of what is said."""
    return float(np.average(prediction[:, 1], weights=weights))


def _symbols(y_true, weights=None):
    """Return the symbols of a resample, which it counts for in the mean over resamples."""
    return float(np.sum(y_true if weights is None else weights * y_true))


_PAIRS = {"tasks": ("pairs",), "evaluated": ("pairs",), "compared": ("pairs",)}
built_in(
    "bits_per_symbol",
    bits_per_symbol,
    label="bits per symbol",
    larger_is_better=False,
    range=(0.0, np.inf),
    tasks=("symbols",),
    evaluated=("symbols",),
    compared=("symbols",),
    place=140,
    weigh=_symbols,
)
built_in("exact_match", exact_match, label="exact match", range=(0.0, 1.0), place=141, **_PAIRS)
built_in(
    "edit_distance",
    edit_distance,
    label="edit distance",
    larger_is_better=False,
    range=(0.0, np.inf),
    place=142,
    reference="Levenshtein (1966). Soviet Physics Doklady 10(8), 707-710.",
    **_PAIRS,
)
