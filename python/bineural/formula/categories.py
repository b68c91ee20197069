"""Functions that make categories: factor, ordered, as.factor, C, relevel, cut; levels are learnt once."""

import numpy as np

from bineural.errors import FormulaError
from bineural.formula.contrasts import contrast_name
from bineural.formula.syntax import deparse, format_number
from bineural.tables.factors import Factor


def _factor(values, tree, x, levels=None, labels=None, ordered=None):
    source = as_factor(values, tree, x)
    wanted = source.levels if levels is None else [_as_text(level) for level in _listed(levels)]
    shown = wanted if labels is None else [_as_text(label) for label in _listed(labels)]
    if len(shown) != len(wanted) or len(set(wanted)) < len(wanted):
        raise FormulaError("`labels` must be as many as the (distinct) levels.", f"Found `{deparse(tree)}`.")
    place = {level: i for i, level in enumerate(wanted)}
    table = np.array([place.get(level, -1) for level in source.levels] + [len(wanted)], dtype=np.int64)
    codes = table[source.codes]
    if (codes < 0).any():
        label = source.levels[source.codes[np.argmax(codes < 0)]]
        raise FormulaError(
            "`levels` must name every level of the column.", f"{label!r} is missing in `{deparse(tree)}`."
        )
    return Factor(codes, shown, source.ordered if ordered is None else bool(ordered))


def as_factor(values, tree, x):
    """Take numbers, truths or a Factor as a Factor; levels of numbers are learnt and sorted by value."""
    if isinstance(x, Factor):
        return x
    if not isinstance(x, np.ndarray) or x.ndim != 1:
        raise FormulaError(f"`{tree[1]}()` must be given one column.", f"Found `{deparse(tree)}`.")
    numbers = x.astype(np.float64, copy=False)
    state = values.learnt(tree, lambda: {"values": np.unique(numbers)})
    known = np.asarray(state["values"], dtype=np.float64)
    write = (lambda v: _as_text(bool(v))) if x.dtype.kind == "b" else format_number
    levels = [write(v) for v in known]
    codes = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    new = known[codes] != numbers
    if new.any():
        values.note_unseen(deparse(tree), [write(v) for v in numbers[new]])
    return Factor(np.where(new, len(known), codes), levels)


def _ordered(values, tree, x, levels=None, labels=None):
    return _factor(values, tree, x, levels, labels, ordered=True)


def _as_factor(values, tree, x):
    return as_factor(values, tree, x)


def _c(values, tree, object, contr=None):
    factor = as_factor(values, tree, object)
    if isinstance(contr, list):
        raise FormulaError("`C()` must name a contrast.", f"Found `{deparse(tree)}`.", "Write C(f, sum).")
    return Factor(
        factor.codes, factor.levels, factor.ordered, None if contr is None else contrast_name(contr)
    )


def _relevel(values, tree, x, ref):
    factor = as_factor(values, tree, x)
    ref = _as_text(ref)
    if factor.ordered or ref not in factor.levels:
        raise FormulaError(
            "`ref` must be a level of an unordered category.",
            f"Found {ref!r}; levels are {factor.levels[:20]}.",
        )
    first = factor.levels.index(ref)
    order = [first] + [i for i in range(len(factor.levels)) if i != first]
    table = np.append(np.argsort(order), len(order))
    return Factor(table[factor.codes], [factor.levels[i] for i in order])


def _cut(
    values, tree, x, breaks, labels=None, include_lowest=False, right=True, dig_lab=3.0, ordered_result=False
):
    breaks = np.sort(np.atleast_1d(np.asarray(breaks, dtype=np.float64)))
    if breaks.size < 2 or np.unique(breaks).size < breaks.size:
        raise FormulaError(
            "`cut()` must be given two or more distinct breaks.",
            f"Found `{deparse(tree)}`.",
            "Write cut(x, c(0, 3, 10)).",
        )
    if not isinstance(dig_lab, (int, float)) or not 0 <= dig_lab <= 22:  # as in R
        raise FormulaError("`dig.lab` must be a number from 0 to 22.", f"Found `{deparse(tree)}`.")
    codes = np.searchsorted(breaks, x, side="left" if right else "right") - 1
    if include_lowest:
        codes[x == (breaks[0] if right else breaks[-1])] = 0 if right else breaks.size - 2
    outside = (codes < 0) | (codes > breaks.size - 2)
    if outside.any():
        raise FormulaError(
            f"`{deparse(tree)}` must cover every row.",
            f"{int(outside.sum())} of {len(x)} values are outside, for example {x[outside][0]:g}.",
            "Widen the breaks, for example from -Inf to Inf.",
        )
    shown = _cut_labels(breaks, include_lowest, right, int(dig_lab)) if labels is None else labels
    shown = [_as_text(label) for label in _listed(shown)]
    if len(shown) != breaks.size - 1:
        raise FormulaError("`labels` must be one per interval.", f"Found `{deparse(tree)}`.")
    return Factor(codes, shown, bool(ordered_result))


def _cut_labels(breaks, include_lowest, right, digits):
    for precision in range(digits, max(12, digits) + 1):
        text = [f"{b:.{precision}g}".replace("inf", "Inf") for b in breaks]
        if len(set(text)) == len(text):
            break
    text[-1] = " Inf" if text[-1] == "Inf" else text[-1]  # R's formatC pads it
    shown = [f"({a},{b}]" if right else f"[{a},{b})" for a, b in zip(text[:-1], text[1:])]
    if include_lowest and right:
        shown[0] = "[" + shown[0][1:]
    elif include_lowest:
        shown[-1] = shown[-1][:-1] + "]"
    return shown


def _listed(value):
    return value if isinstance(value, list) else [value]


def _as_text(value):
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return format_number(float(value)) if isinstance(value, (int, float)) else str(value)


CATEGORY_FUNCTIONS = {
    "factor": _factor,
    "as.factor": _as_factor,
    "ordered": _ordered,
    "C": _c,
    "relevel": _relevel,
    "cut": _cut,
}
