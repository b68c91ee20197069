"""How far sequences lie apart: whether they are equal, and by how many edits (Levenshtein's distance).

Reference: Levenshtein (1966). Binary codes capable of correcting deletions, insertions and reversals. Soviet
Physics Doklady 10(8), 707-710.
"""

import numpy as np

from bineural.inputs.symbols import split_symbols


def count_edits(a, b):
    """Count the insertions, deletions and replacements of symbols that make `b` of `a`, at least.

    Parameters
    ----------
    a, b : sequence of symbols

    Returns
    -------
    int
    """
    row = list(range(len(b) + 1))
    for i, symbol in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (symbol != other))
    return row[-1]


def edit_distances(said, target, unit="character"):
    """Return the distance of each pair of texts: int64, (n,)."""
    pairs = ((split_symbols(a, unit), split_symbols(b, unit)) for a, b in zip(said, target))
    return np.array([count_edits(a, b) for a, b in pairs], np.int64)


def exact_matches(said, target):
    """Return whether each pair of texts is equal: bool, (n,)."""
    return np.array([a == b for a, b in zip(said, target)], bool)
