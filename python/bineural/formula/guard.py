"""The guard before formulas: columns, operators and a short list of functions; no Python is evaluated."""

import functools
import re

from bineural.errors import FormulaError
from bineural.formula.functions import ALLOWED
from bineural.formula.syntax import deparse, parse, shorten

_MARK = re.compile("[~`'\"]")
_ALGEBRA = {"+", "-", "*", "/", ":", "^"}
_INSIDE = {"+", "-", "*", "/", "^", "%%", "%/%", "<", ">", "<=", ">=", "==", "!=", "&", "|"}


def split_formula(formula):
    """Split "log(y) ~ a + b" into its two sides.

    Parameters
    ----------
    formula : str
        With or without a left side; without `~` all of it is the right side.

    Returns
    -------
    tuple of (str or None, str)
        Left side (None where there is none) and right side, stripped.

    Raises
    ------
    FormulaError
        If there are several `~` or nothing to the right.
    """
    if not isinstance(formula, str):
        raise FormulaError(
            "A formula must be text.", f"Found {type(formula).__name__}.", 'Write "y ~ a + b".'
        )
    return _split(formula)


def split_with_outcome(formula):
    """Split a formula as `split_formula` does, and raise a `FormulaError` where it names no outcome."""
    outcome, terms = split_formula(formula)
    if not outcome:
        raise FormulaError(
            "The formula must name the outcome on its left.",
            f"Found {formula!r}.",
            "Write for example 'y ~ a + b'.",
        )
    return outcome, terms


@functools.lru_cache(maxsize=256)
def _split(formula):
    sides = _split_tildes(formula)
    if len(sides) > 2 or not sides[-1].strip():
        raise FormulaError(
            "A formula must have one `~` and something to its right.",
            f"Found {shorten(formula)!r}.",
            'Write "y ~ a + b".',
        )
    left = sides[0].strip() if len(sides) == 2 else ""
    return left or None, sides[-1].strip()


def _split_tildes(formula):
    """Split at `~` outside back-ticks and quotes."""
    sides, start, open_quote = [], 0, None
    for mark in _MARK.finditer(formula):
        letter = mark.group()
        if letter == open_quote:
            open_quote = None
        elif open_quote is None and letter == "~":
            sides.append(formula[start : mark.start()])
            start = mark.end()
        elif open_quote is None:
            open_quote = letter
    return [*sides, formula[start:]]


@functools.lru_cache(maxsize=256)
def parse_guarded(text):
    """Read one side of a formula into a tree in which every function and operator is allowed."""
    tree = parse(text)
    _check(tree, inside=False)
    return tree


def parse_left(text):
    """Read a left side: as `parse_guarded`, and `cbind()` of several columns or expressions."""
    tree = parse(text)
    if tree[:2] != ("call", "cbind"):
        return parse_guarded(text)
    for _, part in tree[2]:
        _check(part, inside=True)
    return tree


def _check(tree, inside):
    waiting = [(tree, inside)]
    while waiting:
        tree, inside = waiting.pop()
        kind = tree[0]
        if kind == "call":
            _check_function(tree)
            waiting += [(argument, True) for _, argument in reversed(tree[2])]
        elif kind == "binary":
            inside = inside or is_variable(tree)
            _check_operator(tree, _INSIDE if inside else _ALGEBRA | {"%in%"})
            waiting += [(part, inside) for part in reversed(tree[2:])]
        elif kind == "unary":
            waiting.append((tree[2], inside or tree[1] == "!"))
        elif kind == "paren":
            waiting.append((tree[1], inside))


def _check_operator(tree, allowed):
    if tree[1] not in allowed:
        raise FormulaError(
            f"`{tree[1]}` can't be used here.",
            f"Found `{shorten(deparse(tree))}`.",
            f"Operators between terms: {sorted(_ALGEBRA)}, %in%; arithmetic goes inside I().",
        )


def _check_function(tree):
    name = tree[1]
    if name == "cbind":
        raise FormulaError(
            "`cbind()` can't be used in a formula.",
            f"Found `{shorten(deparse(tree))}`.",
            "Give the proportion of successes as the outcome and the number of trials as `weights`; several "
            "labels at once are learnt by fit_net(objective='multilabel').",
        )
    if name not in ALLOWED:
        raise FormulaError(
            f"`{name}()` can't be used in a formula.",
            f"Found `{shorten(deparse(tree))}`.",
            f"Allowed are: {', '.join(ALLOWED)}.",
        )


def is_variable(tree):
    """Say whether a tree is one variable (a column, a call, a comparison), not algebra of terms."""
    kind = tree[0]
    if kind == "binary":
        return tree[1] in {"<", ">", "<=", ">=", "==", "!=", "&", "|"}
    return kind in ("name", "call") or (kind == "unary" and tree[1] == "!")


def is_unit(tree):
    """Say whether a tree is the number 0 or 1, with a sign or without."""
    if tree[0] == "unary":
        return is_unit(tree[2])
    return tree[0] == "number" and tree[1] in (0.0, 1.0)
