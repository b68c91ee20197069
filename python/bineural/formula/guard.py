"""The guard before formulas: columns, operators and a short list of functions; no Python is ever evaluated.

formulaic's language differs from R's in seven places (measured); each is settled before or behind its parser:
1. `^` inside `I()` is a power (it would be XOR): values.py computes trees, no Python text.
2. An unseen level never becomes the baseline silently: preparation.py gives it the reserved place and warns.
3. `%in%` means `:` (there it is `/`): `placeholder_text`.
4. `offset()` is taken out of the terms: terms.py.
5. `ns()` is R's natural spline, `poly()` and `bs()` keep R's state: splines.py.
6. Names are R's (`NumFmid`, `poly(Age, 2)1`): syntax.deparse and columns.py.
7. `scale()` divides by the n-1 SD of the training rows: functions.py.
"""

from bineural.errors import FormulaError
from bineural.formula.functions import ALLOWED
from bineural.formula.syntax import deparse, parse

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
    sides = _split_tildes(formula)
    if len(sides) > 2 or not sides[-1].strip():
        raise FormulaError(
            "A formula must have one `~` and something to its right.",
            f"Found {formula!r}.",
            'Write "y ~ a + b".',
        )
    left = sides[0].strip() if len(sides) == 2 else ""
    return left or None, sides[-1].strip()


def _split_tildes(formula):
    """Split at `~` outside back-ticks and quotes."""
    sides, open_quote = [""], None
    for letter in formula:
        if open_quote is None and letter == "~":
            sides.append("")
            continue
        if open_quote is None and letter in "`'\"":
            open_quote = letter
        elif letter == open_quote:
            open_quote = None
        sides[-1] += letter
    return sides


def parse_guarded(text):
    """Read one side of a formula into a tree in which every function and operator is allowed."""
    tree = parse(text)
    _check(tree, inside=False)
    return tree


def _check(tree, inside):
    kind = tree[0]
    if kind == "call":
        _check_function(tree)
        for _, argument in tree[2]:
            _check(argument, inside=True)
    elif kind == "binary":
        operator = tree[1]
        allowed = _INSIDE if inside or is_variable(tree) else _ALGEBRA | {"%in%"}
        if operator not in allowed:
            raise FormulaError(
                f"`{operator}` can't be used here.",
                f"Found `{deparse(tree)}`.",
                f"Operators between terms: {sorted(_ALGEBRA)}, %in%; arithmetic goes inside I().",
            )
        for part in tree[2:]:
            _check(part, inside or is_variable(tree))
    elif kind == "unary":
        _check(tree[2], inside or tree[1] == "!")
    elif kind == "paren":
        _check(tree[1], inside)


def _check_function(tree):
    name = tree[1]
    if name == "cbind":
        raise FormulaError(
            "`cbind()` can't be used in a formula.",
            f"Found `{deparse(tree)}`.",
            "Give the proportion of successes as the outcome and the number of trials as `weights`.",
        )
    if name not in ALLOWED:
        raise FormulaError(
            f"`{name}()` can't be used in a formula.",
            f"Found `{deparse(tree)}`.",
            f"Allowed are: {', '.join(ALLOWED)}.",
        )


def is_variable(tree):
    """Say whether a tree is one variable (a column, a call, a comparison), not algebra of terms."""
    kind = tree[0]
    if kind == "binary":
        return tree[1] in {"<", ">", "<=", ">=", "==", "!=", "&", "|"}
    return kind in ("name", "call") or (kind == "unary" and tree[1] == "!")


def placeholder_text(tree, place_of, top=True):
    """Write a tree as text for formulaic's parser, variables as v0, v1, ...: nothing else gets through."""
    if is_variable(tree):
        return f"v{place_of(tree)}"
    kind = tree[0]
    if kind == "number" and top and tree[1] in (0.0, 1.0):
        return f"{tree[1]:.0f}"
    if kind == "paren":
        return f"({placeholder_text(tree[1], place_of, top=False)})"
    if kind == "unary" and top and tree[1] in "+-":
        return f"{tree[1]} {placeholder_text(tree[2], place_of)}"
    if kind == "binary" and tree[1] == "%in%":
        left = placeholder_text(tree[2], place_of, top=False)  # first, as places go by appearance
        return f"({left}) : ({':'.join(f'v{place_of(variable)}' for variable in _variables(tree[3]))})"
    if kind == "binary":
        operator = tree[1]
        if operator in "+-":
            left = placeholder_text(tree[2], place_of, top)
            return f"{left} {operator} {placeholder_text(tree[3], place_of, top and is_unit(tree[3]))}"
        left = placeholder_text(tree[2], place_of, top=False)
        if operator == "^":
            return f"({left})**{_whole_power(tree)}"
        return f"({left}) {operator} ({placeholder_text(tree[3], place_of, top=False)})"
    raise FormulaError(
        "Terms must be columns or functions of them.",
        f"Found `{deparse(tree)}`.",
        "Only 0 and 1 stand alone, at the top of a formula; arithmetic goes inside I().",
    )


def _variables(tree):
    """List the variables of an algebra; `a %in% (b + c)` is a:b:c, within all of them at once."""
    if is_variable(tree):
        return [tree]
    if tree[0] in ("number", "text", "constant") or (tree[0] == "binary" and tree[1] == "-"):
        raise FormulaError("To the right of `%in%` only columns can stand.", f"Found `{deparse(tree)}`.")
    if tree[0] == "binary" and tree[1] == "^":
        return _variables(tree[2])
    return [variable for part in tree[1:] if isinstance(part, tuple) for variable in _variables(part)]


def is_unit(tree):
    """Say whether a tree is the number 0 or 1, with a sign or without."""
    if tree[0] == "unary":
        return is_unit(tree[2])
    return tree[0] == "number" and tree[1] in (0.0, 1.0)


def _whole_power(tree):
    power = tree[3]
    if power[0] != "number" or power[1] < 1 or power[1] != int(power[1]):
        raise FormulaError(
            "A power of terms must be a whole number.", f"Found `{deparse(tree)}`.", "Use I() for sums."
        )
    return int(power[1])
