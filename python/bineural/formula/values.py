"""Values of variables: a tree and the raw columns give numbers (n_rows,) or (n_rows, k), truths, or a Factor.

Whatever a function learns (knots, means, levels) is kept in one plain dict under the text of its call, so
that a new table is treated as the training rows were.
"""

import numpy as np

from bineural.errors import ColumnError, FormulaError
from bineural.formula.arithmetic import operate
from bineural.formula.functions import call
from bineural.formula.syntax import deparse, shorten
from bineural.tables.factors import Factor


class Values:
    """Evaluate trees on one table.

    Parameters
    ----------
    columns : dict
        Raw columns: float64 arrays, bool arrays, Factors; no missing values.
    state : dict
        Filled when `learning`, used otherwise.
    learning : bool
    """

    def __init__(self, columns, state, learning):
        self.columns, self.state, self.learning = columns, state, learning
        self.unseen = {}  # variable -> {label: count}

    def variable(self, tree):
        """Evaluate a variable of the model; numbers come out finite."""
        value = self.value(tree)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and tree[0] != "name":
            _check_finite(value, tree)
        if isinstance(value, (Factor, np.ndarray)):
            return value
        raise FormulaError(
            "A term must have one value per row.",
            f"`{shorten(deparse(tree))}` has not.",
            "Name a column in it.",
        )

    def value(self, tree):
        """Evaluate any tree."""
        kind = tree[0]
        if kind == "name":
            return self._column(tree[1])
        if kind in ("number", "text", "constant", "word"):
            return tree[1]
        if kind == "paren":
            return self.value(tree[1])
        if kind == "call":
            return call(self, tree)
        if kind == "unary":
            return operate(tree, [self.value(tree[2])])
        chain = []
        while tree[0] == "binary":
            chain.append(tree)
            tree = tree[2]
        value = self.value(tree)
        for link in reversed(chain):  # a - b - c - ... from the left, without a call for each link
            value = operate(link, [value, self.value(link[3])])
        return value

    def learnt(self, tree, learn):
        """State of a call: learnt now, or remembered from the training rows."""
        key = deparse(tree)
        if self.learning:
            self.state[key] = learn()
        return self.state[key]

    def note_unseen(self, name, labels):
        """Count levels that training never saw."""
        counts = self.unseen.setdefault(name, {})
        for label in labels:
            counts[label] = counts.get(label, 0) + 1

    def _column(self, name):
        return self.columns[name]


def _check_finite(value, tree):
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(value.sum()):
            return
    bad = ~np.isfinite(value.reshape(len(value), -1)).all(axis=1)
    if bad.any():
        raise ColumnError(
            f"`{deparse(tree)}` must be a finite number in every row.",
            f"It is NaN or infinity in {bad.sum()} of {len(bad)} rows, first in row {np.argmax(bad) + 1}.",
            "Leave those rows out, or choose another function (log1p for log at zero).",
        )
