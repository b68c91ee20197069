"""What a saved preparation must be: all that was learnt fits the formula and each other.

The formula's text is read anew when a file is loaded. That is done only where what it may expand to is
bounded, and what was learnt is then compared with it: widths, levels, knots, and the number of columns that
come out.
"""

import math

import numpy as np

from bineural.bundles.schema import (
    array,
    dict_of,
    either,
    list_of,
    may_lack,
    nothing,
    number,
    one_of,
    optional,
    record,
    require,
    text,
    truth,
    tuple_of,
    whole,
)
from bineural.errors import FormulaError, InputError
from bineural.formula.contrasts import CONTRASTS
from bineural.formula.layout import bare_name
from bineural.formula.splines import BASES
from bineural.formula.syntax import deparse
from bineural.formula.values import Values
from bineural.formula.variables import as_variable
from bineural.tables.factors import Factor

_TEXT = 1_000_000  # letters of a formula
_TABLE = 2**27  # numbers in the table of a category, levels times columns
_ARRAYS = {"counts", "knots", "boundary", "alpha", "norm2", "values", "contrast"}
_numbers = array("f", finite=True)
_contrast = either(one_of(*CONTRASTS), array("f", ndim=2, finite=True))
_levels = list_of(text)
_one_contrast = either(text, array("fiub", ndim=2, finite=True), list_of(list_of(number(nan=False))))
own_contrast = either(_one_contrast, list_of(_one_contrast), tuple_of(_one_contrast))  # a pair, for "."

PREPARATION = {
    "options": record(
        formula=optional(text),
        intercept=truth,
        categories=one_of("contrast", "onehot", "codes"),
        contrasts=optional(dict_of(text, own_contrast)),
        scaling=may_lack(one_of("standard", "robust", "quantile", False)),
        scale=may_lack(truth),  # of version 0.1.0
        missing=one_of("error", "drop", "impute"),
        unseen=one_of("warn", "error"),
    ),
    "by_position": truth,
    "others": list_of(text),
    "design": record(
        columns=dict_of(
            text,
            either(
                record(
                    kind=one_of("numeric"),
                    fill=may_lack(number(nan=False)),
                    indicator=may_lack(truth),
                ),
                record(kind=one_of("logical"), fill=may_lack(truth), indicator=may_lack(truth)),
                record(
                    kind=one_of("category"),
                    ordered=truth,
                    levels=_levels,
                    counts=_numbers,
                    fill=may_lack(whole()),
                    indicator=may_lack(truth),
                ),
            ),
        ),
        infos=list_of(
            either(
                nothing,
                record(width=whole(1)),
                record(levels=_levels, counts=_numbers, ordered=truth, contrast=_contrast, bare=truth),
            )
        ),
        calls=dict_of(text, lambda state: type(state) is dict),
    ),
    "scaling": record(
        kept=array("fb", finite=True),
        centers=_numbers,
        scales=_numbers,
        numeric=may_lack(_numbers),
        quantiles=may_lack(array("f", ndim=2, finite=True)),
    ),
}

_CALLS = {
    "poly": either(
        record(degree=whole(1), raw=one_of(True)),
        record(degree=whole(1), raw=one_of(False), alpha=array("f"), norm2=array("f")),
    ),
    "ns": record(knots=_numbers, boundary=_numbers, intercept=truth, degree=whole(3, 3)),
    "bs": record(knots=_numbers, boundary=_numbers, intercept=truth, degree=whole(1, 1000)),
    "scale": record(center=number(nan=False), scale=number(nan=False)),
}
_factor_call = record(values=_numbers)


def with_arrays(state, key=None):
    """Return a state in which numbers are arrays, also where they came through JSON as lists."""
    if isinstance(state, dict):
        return {k: with_arrays(v, k) for k, v in state.items()}
    if key == "infos":
        return [with_arrays(info) for info in state]
    return np.asarray(state, dtype=np.float64) if key in _ARRAYS and isinstance(state, list) else state


def check_formula(text):
    """Refuse a formula that is longer than any; what its terms may make is bounded as they are read.

    Raises
    ------
    Mismatch
    """
    require(text is None or len(text) <= _TEXT, "the formula is longer than formulas are")


def check_design(terms, learnt, options):
    """Check what was learnt against the formula's terms, before anything is laid out.

    Parameters
    ----------
    terms : Terms
    learnt : dict
        `columns`, `infos` and `calls`, as `Design` has them.
    options : dict

    Returns
    -------
    int
        The least number of columns that come out.
    """
    columns, infos = learnt["columns"], learnt["infos"]
    require(list(columns) == terms.columns, "the columns are not those of the formula")
    imputes = options["missing"] == "impute"
    for name, state in columns.items():
        has = "fill" in state, "indicator" in state
        require(has == (imputes, imputes), f"column {name[:60]!r} has a value for missing ones, or none")
        if state["kind"] == "category":
            _check_levels(name, state)
            require(
                not imputes or state["fill"] < len(state["levels"]), f"no level fills column {name[:60]!r}"
            )
    used = {i for term in terms.terms for i in term}
    require(len(infos) == len(terms.variables), "the variables are not those of the formula")
    for i, info in enumerate(infos):
        require(
            (info is not None) == (i in used), "a variable has been learnt that no term uses, or not learnt"
        )
        if info is not None and "levels" in info:
            _check_levels(terms.variables[i][0], info)
            _check_contrast(info)
    _check_calls(terms, learnt["calls"])
    for i in sorted(used):
        _check_variable(*terms.variables[i], infos[i], columns)
    return sum(_least_width(infos, term, options["categories"]) for term in terms.terms)


def _check_levels(name, state):
    levels = state["levels"]
    require(len(levels) == len(state["counts"]), f"{name[:60]!r} has not one count for each level")
    require(len(set(levels)) == len(levels) > 0, f"{name[:60]!r} has the same level twice, or none")
    require(float(state["counts"].min()) >= 0, f"{name[:60]!r} has a level of less than no rows")


def _check_contrast(info):
    k, contrast = len(info["levels"]), info["contrast"]
    if not isinstance(contrast, str):
        require(contrast.shape[0] == k, "a contrast has not one row for each level")


def _check_calls(terms, calls):
    known = {}
    for tree in [tree for _, tree in terms.variables] + terms.offsets:
        _collect_calls(tree, known)
    for key, state in calls.items():
        require(key in known, f"`{key[:60]}` has been learnt and is not in the formula")
        check = _CALLS.get(known[key], _factor_call)
        require(check(state), f"what `{key[:60]}` has learnt is damaged")
        _check_call(known[key], key, state)


def _collect_calls(tree, known):
    if tree[0] == "call":
        known[deparse(tree)] = tree[1]
        parts = [value for _, value in tree[2]]
    else:
        parts = [part for part in tree[1:] if isinstance(part, tuple)]
    for part in parts:
        _collect_calls(part, known)


def _check_call(function, key, state):
    if function == "poly":
        require(state["degree"] <= 10_000, f"`{key[:60]}` is of too high a degree")
        if not state["raw"]:
            shapes = len(state["alpha"]), len(state["norm2"])
            require(shapes == (state["degree"], state["degree"] + 2), f"`{key[:60]}` has another degree")
    if function in ("ns", "bs"):
        (low, high), knots = state["boundary"] if len(state["boundary"]) == 2 else (1, 0), state["knots"]
        inside = not len(knots) or low <= knots.min() and knots.max() <= high
        require(low < high and inside, f"`{key[:60]}` has knots that can't be")
    if function not in BASES:
        values = state["values"]
        require(
            len(values) > 0 and bool((np.diff(values) > 0).all()), f"`{key[:60]}` has levels out of order"
        )


def _least_width(infos, term, categories):
    """Return the least number of columns that a term can make."""
    if len(term) == 1 and categories == "codes" and infos[term[0]].get("bare"):
        return 0
    widths = []
    for info in (infos[i] for i in term):
        k = len(info.get("levels", ()))
        own = k and not isinstance(info["contrast"], str)
        widths.append(min(k, info["contrast"].shape[1]) if own else k - 1 if k else info["width"])
        require(k * max(k, 1) <= _TABLE, "a category has more levels than a table of contrasts can hold")
    return math.prod(widths)


def _check_variable(name, tree, info, columns):
    """Compare a variable's state with that of the column it is, if it is nothing else."""
    column = bare_name(tree)
    if column is None:
        return
    kind = columns[column]["kind"]
    if kind == "category":
        same = "levels" in info and info["bare"] and info["levels"] == columns[column]["levels"]
        require(same, f"variable {name[:60]!r} has other levels than its column")
    elif kind == "logical":
        two = info.get("levels") == ["FALSE", "TRUE"] and not info["bare"]
        require(two, f"variable {name[:60]!r} is a truth with other levels")
    else:
        require(info.get("width") == 1, f"variable {name[:60]!r} is a number of another width")


def try_design(design):
    """Evaluate each variable on a few made-up rows: it must give the width or the levels that were learnt."""
    for value in (1.0, 0.5, 3.0, 30.0):
        columns = {name: _made_up(state, value) for name, state in design.columns.items()}
        for i, info in enumerate(design.infos):
            if info is not None:
                _try_variable(design, i, info, columns)


def _made_up(state, value):
    if state["kind"] == "category":
        return Factor(np.array([0]), list(state["levels"]), bool(state["ordered"]))
    return np.array([True]) if state["kind"] == "logical" else np.array([value])


def _try_variable(design, i, info, columns):
    name, tree = design.terms.variables[i]
    try:
        with np.errstate(all="ignore"):
            value = as_variable(Values(columns, design.calls, learning=False).variable(tree))
    except FormulaError:
        raise
    except InputError:  # a made-up row that this function can't take
        return
    if isinstance(value, Factor):
        require("levels" in info, f"variable {name[:60]!r} is a category and was learnt as numbers")
    else:
        width = 1 if value.ndim == 1 else value.shape[1]
        require(info.get("width") == width, f"variable {name[:60]!r} has another width than was learnt")
