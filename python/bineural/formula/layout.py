"""The layout of a model matrix: which columns each term makes, in R's order and with R's names.

Within a term the first variable varies fastest. A category is a table with one row per level, and one more
row, the mean over the training rows: the place reserved for levels that training never saw.
"""

from dataclasses import dataclass, field
from itertools import product
from math import prod

import numpy as np

from bineural.errors import FormulaError
from bineural.formula.contrasts import contrast_table, full_table
from bineural.formula.syntax import shorten
from bineural.formula.terms import full_coding

MOST_COLUMNS = 10_000


@dataclass
class Layout:
    """Columns of a matrix: names, blocks (one per term), which columns are plain numbers, which are codes."""

    names: list = field(default_factory=list)
    numeric: list = field(default_factory=list)  # bool per column: no category in it
    blocks: list = field(default_factory=list)  # list of [(variable, table or None), ...]
    widths: list = field(default_factory=list)  # columns of each block
    code_variables: list = field(default_factory=list)


def build_layout(terms, infos, categories):
    """Lay out the columns.

    Parameters
    ----------
    terms : Terms
    infos : list of dict or None, one per variable
        {"width": k} for numbers; {"levels", "counts", "contrast", "bare"} for categories; None if unused.
    categories : {"contrast", "onehot", "codes"}
        What becomes of bare categorical main effects.

    Returns
    -------
    Layout
    """
    is_factor = [info is not None and "levels" in info for info in infos]
    full = full_coding(terms.terms, terms.intercept, is_factor)
    layout, n_made = Layout(), 0
    for place, term in enumerate(terms.terms):
        bare = len(term) == 1 and is_factor[term[0]] and infos[term[0]]["bare"]
        if bare and categories == "codes":
            layout.code_variables.append(term[0])
            continue
        if len(term) > 1 or is_factor[term[0]] or infos[term[0]]["width"] > 1:
            n_made += prod(_width(infos[variable]) for variable in term)
            _check_made(n_made, ":".join(terms.variables[variable][0] for variable in term))
        parts, suffixes = [], []
        for variable in term:
            name, info = terms.variables[variable][0], infos[variable]
            if not is_factor[variable]:
                parts.append((variable, None))
                many = info["width"] > 1
                suffixes.append([f"{name}{j + 1}" if many else name for j in range(info["width"])])
                continue
            all_levels = (place, variable) in full or (bare and categories == "onehot")
            table, endings = (
                full_table(info["levels"]) if all_levels else contrast_table(info["contrast"], info["levels"])
            )
            parts.append((variable, _with_reserved_row(table, info["counts"])))
            suffixes.append([name + ending for ending in endings])
        names = [":".join(reversed(combination)) for combination in product(*reversed(suffixes))]
        layout.names += names
        layout.numeric += [not any(is_factor[v] for v in term)] * len(names)
        layout.blocks.append(parts)
        layout.widths.append(len(names))
    return layout


def _width(info):
    """Columns that a variable makes in a term, where a category has a reference level."""
    return info.get("width") or max(1, len(info["levels"]) - 1)


def _check_made(n_made, term):
    if n_made > MOST_COLUMNS:
        raise FormulaError(
            f"A formula must make at most {MOST_COLUMNS:,} columns from categories and products.",
            f"It makes {n_made:,} or more; `{shorten(term)}` is the term with which it passes the bound.",
            "Leave that term out, join rare levels, or multiply fewer columns.",
        )


def _with_reserved_row(table, counts):
    total = float(np.sum(counts))
    mean = np.asarray(counts) @ table / total if total else np.zeros(table.shape[1])
    return np.vstack([table, mean])


def fill_matrix(matrix, layout, values):
    """Write the layout's columns into `matrix` (n_rows, as many or more) from the variables' values."""
    at = 0
    for parts in layout.blocks:
        columns = [_columns(values[variable], table) for variable, table in parts]
        if len(columns) == 1:
            for column in columns[0]:
                matrix[:, at] = column
                at += 1
            continue
        columns = [list(c) for c in columns]
        for combination in product(*reversed(columns)):
            target = matrix[:, at]
            target[:] = combination[-1]
            for column in combination[-2::-1]:
                target *= column
            at += 1


def fill_codes(layout, infos, values, n_rows):
    """Write the code variables' codes: int32 (n_rows, q), 1..k for levels, 0 for unseen ones."""
    codes = np.empty((n_rows, len(layout.code_variables)), dtype=np.int32, order="F")
    for j, variable in enumerate(layout.code_variables):
        places = values[variable].codes
        codes[:, j] = np.where(places == len(infos[variable]["levels"]), 0, places + 1)
    return codes


def _columns(value, table):
    if table is not None:
        return (table[:, j].take(value.codes) for j in range(table.shape[1]))
    return [value] if value.ndim == 1 else [value[:, j] for j in range(value.shape[1])]


def bare_name(tree):
    """Name of the raw column if a variable is nothing but that column, else None."""
    return tree[1] if tree[0] == "name" else None
