"""R's operators on arrays: `^` is a power, `%%` has the sign of its divisor, comparisons see level labels."""

import numpy as np

from bineural.errors import FormulaError
from bineural.formula.syntax import deparse

_NUMBERS = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "%%": np.mod,
    "%/%": np.floor_divide,
}
_COMPARE = {
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
_TRUTHS = {"&": np.logical_and, "|": np.logical_or}


def operate(tree, parts):
    """Apply the operator of `tree` to the values of its parts."""
    operator = tree[1]
    if tree[0] == "unary" and operator == "!":
        return np.logical_not(_truths(parts[0], tree))
    if tree[0] == "unary":
        number = as_numbers(parts[0], tree)
        return -number if operator == "-" else number
    if operator in _TRUTHS:
        return _TRUTHS[operator](*(_truths(part, tree) for part in parts))
    if operator in _COMPARE:
        return _compare(operator, parts, tree)
    if operator not in _NUMBERS:
        raise FormulaError(f"`{operator}` can't be used inside a function.", f"Found `{deparse(tree)}`.")
    with np.errstate(all="ignore"):
        return _NUMBERS[operator](*(as_numbers(part, tree) for part in parts))


def as_numbers(value, tree):
    """Take a value as numbers (truths as 0 and 1), or say which tree asked for them."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fb":
        return value.astype(np.float64, copy=False)
    if isinstance(value, (bool, int, float)):
        return np.float64(value)
    raise FormulaError(
        f"`{deparse(tree)}` must be about numbers.",
        f"Found {'a category' if hasattr(value, 'levels') else repr(value)}.",
        "Use a numeric column, or C() for a category.",
    )


def _truths(value, tree):
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype.kind == "b"):
        return value
    return as_numbers(value, tree) != 0


def _compare(operator, parts, tree):
    factors = [part for part in parts if hasattr(part, "levels")]
    if not factors:
        if all(isinstance(part, str) for part in parts):
            raise FormulaError(
                "A comparison must name a column.", f"Found `{deparse(tree)}`.", "Put names in back-ticks."
            )
        return _COMPARE[operator](*(as_numbers(part, tree) for part in parts))
    texts = [part for part in parts if isinstance(part, str)]
    if operator not in ("==", "!=") or len(texts) != 1:
        raise FormulaError(
            "A category can only be compared with one of its levels, by == or !=.",
            f"Found `{deparse(tree)}`.",
        )
    if texts[0] not in factors[0].levels:
        raise FormulaError(f"{texts[0]!r} must be a level.", f"Levels are {factors[0].levels[:20]}.")
    same = factors[0].codes == factors[0].levels.index(texts[0])
    return same if operator == "==" else ~same
