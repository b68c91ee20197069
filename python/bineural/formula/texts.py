"""The word `text(column)` of a formula: which column is read as texts, and what stands beside it."""

import functools

from bineural.errors import FormulaError
from bineural.formula.guard import parse_guarded, split_formula
from bineural.formula.syntax import deparse, shorten

_HINT = "Add it once, as in 'rating ~ text(review) + price'."


def has_text(terms):
    """Say whether a right side, or None, has a `text()` in it."""
    return terms is not None and _split(split_formula(terms)[1])[0] is not None


def split_text(terms):
    """Part the text from the other terms of a right side.

    Parameters
    ----------
    terms : str
        Right side of a formula.

    Returns
    -------
    column : str or None
        The column inside `text()`; None where there is no `text()`.
    others : str or None
        The right side without it; None where nothing stands beside it.

    Raises
    ------
    FormulaError
        If there are several texts, or one is not added but multiplied, subtracted or part of a call.

    Examples
    --------
    >>> split_text("text(review) + price + log(pages)")
    ('review', 'price + log(pages)')
    """
    return _split(split_formula(terms)[1])


def text_columns(formulas):
    """Return the set of the columns that formulas (right sides, or None) read as texts."""
    return {split_text(terms)[0] for terms in formulas if has_text(terms)}


@functools.lru_cache(maxsize=256)
def _split(terms):
    if "text" not in terms:
        return None, terms
    tree = parse_guarded(terms)
    others, calls = _without_texts(tree)
    n_texts = _count_texts(tree)
    if not n_texts:
        return None, terms
    if n_texts > 1 or len(calls) != 1:
        where = f"{n_texts} of them" if n_texts > 1 else "it within another term"
        raise FormulaError(
            "`text()` can stand in a formula once, added to the other terms.",
            f"Found {where} in `{shorten(terms)}`.",
            _HINT if n_texts == 1 else "Paste the columns together into one, and add text() of that.",
        )
    arguments = calls[0][2]
    if len(arguments) != 1 or arguments[0][0] is not None or arguments[0][1][0] != "name":
        raise FormulaError(
            "`text()` must have one column as its argument.", f"Found `{shorten(deparse(calls[0]))}`.", _HINT
        )
    return arguments[0][1][1], None if others is None else deparse(others)


def _without_texts(tree):
    """Take the texts that are added out of a tree: what is left (None: nothing), and the calls."""
    if _is_text(tree):
        return None, [tree]
    if tree[0] == "paren":
        inner, calls = _without_texts(tree[1])
        return (tree if not calls else inner), calls
    if tree[0] != "binary" or tree[1] not in ("+", "-"):
        return tree, []
    left, calls = _without_texts(tree[2])
    right, others = _without_texts(tree[3]) if tree[1] == "+" else (tree[3], [])
    calls = calls + others
    if left is None:
        return (("unary", "-", right) if tree[1] == "-" else right), calls
    return (left if right is None else (*tree[:2], left, right)), calls


def _is_text(tree):
    return tree[:2] == ("call", "text")


def _count_texts(tree):
    parts = (
        [value for _, value in tree[2]] if tree[0] == "call" else [t for t in tree if isinstance(t, tuple)]
    )
    return _is_text(tree) + sum(_count_texts(part) for part in parts)
