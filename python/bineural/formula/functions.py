"""The functions a formula may call, with R's names, arguments and meaning; there are no others."""

import inspect

import numpy as np

from bineural.errors import FormulaError
from bineural.formula.arithmetic import as_numbers
from bineural.formula.categories import CATEGORY_FUNCTIONS
from bineural.formula.splines import BASES
from bineural.formula.syntax import deparse


def _log(x, base=None):
    return np.log(x) if base is None else np.log(x) / np.log(base)


def _round(x, digits=0.0):
    if digits == 0:
        return np.rint(x)
    return np.array([round(v, int(digits)) for v in x.tolist()])


_PLAIN = {
    "log": _log,
    "log2": lambda x: np.log2(x),
    "log10": lambda x: np.log10(x),
    "log1p": lambda x: np.log1p(x),
    "exp": lambda x: np.exp(x),
    "expm1": lambda x: np.expm1(x),
    "sqrt": lambda x: np.sqrt(x),
    "abs": lambda x: np.abs(x),
    "sin": lambda x: np.sin(x),
    "cos": lambda x: np.cos(x),
    "tan": lambda x: np.tan(x),
    "tanh": lambda x: np.tanh(x),
    "sign": lambda x: np.sign(x),
    "round": _round,
    "floor": lambda x: np.floor(x),
    "ceiling": lambda x: np.ceil(x),
    "trunc": lambda x: np.trunc(x),
    "pmin": lambda *x: np.minimum.reduce(np.broadcast_arrays(*x)),
    "pmax": lambda *x: np.maximum.reduce(np.broadcast_arrays(*x)),
}
ALLOWED = sorted(
    [*_PLAIN, *BASES, *CATEGORY_FUNCTIONS, "I", "as.numeric", "c", "offset", "text"], key=str.casefold
)


def call(values, tree):
    """Evaluate a call; `values` is the Values that asks."""
    function = tree[1]
    arguments = [values.value(value) for _, value in tree[2]]
    words = [None if name is None else name.replace(".", "_") for name, _ in tree[2]]
    positional = [value for word, value in zip(words, arguments) if word is None]
    named = {word: value for word, value in zip(words, arguments) if word is not None}
    if function == "c":
        return [*positional, *named.values()]
    if function == "I":
        return _one(positional, named, tree)
    if function == "text":
        raise FormulaError(
            "`text()` can be used in the formulas of `fit_glm` and `fit_net` only, whose models read texts.",
            f"Found `{deparse(tree)}` where the terms become columns of a table.",
            "Leave it out here, or write factor() if the values are labels.",
        )
    if function in ("as.numeric", "offset"):
        return as_numbers(_one(positional, named, tree), tree)
    if function in CATEGORY_FUNCTIONS:
        return _bind(CATEGORY_FUNCTIONS[function], (values, tree, *positional), named, tree)
    if function in BASES:
        learn, apply = BASES[function]
        if positional:
            x, *positional = positional
        else:
            x = named.pop("x", None)
        x = as_numbers(x, tree)
        if x.ndim != 1:
            raise FormulaError(f"`{function}()` must be given one column.", f"Found `{deparse(tree)}`.")
        state = values.learnt(tree, lambda: _bind(learn, (x, *positional), named, tree))
        return apply(x, state)
    with np.errstate(all="ignore"):
        positional = [as_numbers(value, tree) for value in positional]
        return _bind(_PLAIN[function], positional, {k: as_numbers(v, tree) for k, v in named.items()}, tree)


def _one(positional, named, tree):
    if len(positional) != 1 or named:
        raise FormulaError(f"`{tree[1]}()` must have one argument.", f"Found `{deparse(tree)}`.")
    return positional[0]


def _bind(function, positional, named, tree):
    """Call with R's arguments; what does not fit the signature is the formula's fault."""
    signature = inspect.signature(function)
    try:
        bound = signature.bind(*positional, **named)
    except TypeError as error:
        known = [p.replace("_", ".") for p in signature.parameters if p not in ("values", "tree")]
        raise FormulaError(
            f"`{tree[1]}()` must have fitting arguments.",
            f"In `{deparse(tree)}`: {error}.",
            f"It takes {known}.",
        ) from error
    return function(*bound.args, **bound.kwargs)
