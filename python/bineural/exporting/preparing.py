"""A table's preparation as steps of a program: raw columns in, the numbers that a model takes out."""

from itertools import product

import numpy as np

from bineural.errors import InputError
from bineural.exporting.approximation import interpolate, normal_quantile
from bineural.exporting.formulas import Basis, Coded, Number, Symbols, Truth, variable_of
from bineural.tables.scaling import QuantileScaling, RobustScaling


def write_preparation(program, preparation):
    """Write a preparation down.

    Parameters
    ----------
    program : Program
        Gets the raw columns, and the truths that a row must meet.
    preparation : Preparation

    Returns
    -------
    columns : list of int
        Steps of the prepared columns.
    codes : list of int
        Steps of the codes of levels, 0 for one never seen.
    offset : int or None
    """
    design = preparation._design
    if not design.columns:
        raise InputError(
            "A model that is exported must read at least one column.",
            "This one predicts the same of every row.",
            "Use the number itself.",
        )
    known = design.terms.offset_columns
    columns, gaps = _read_columns(program, design.columns, preparation, known)
    symbols = Symbols(program, columns, design.calls)
    values = [
        None if info is None else _variable(symbols, tree, info, preparation)
        for (_, tree), info in zip(design.terms.variables, design.infos)
    ]
    made = _lay_out(program, design.layout, values)
    made += [program.as_number(gaps[name]) for name in design.gap_columns]
    codes = [_code(program, values[v], len(design.infos[v]["levels"])) for v in design.layout.code_variables]
    offsets = [symbols.number(symbols.value(tree), tree) for tree in design.terms.offsets]
    offset = program.affine(0.0, (1.0,) * len(offsets), offsets) if offsets else None
    return _scale(program, preparation._scaling, made), codes, offset


def _read_columns(program, states, preparation, known):
    """Return raw columns, filled where that was learnt, and the truth that each is missing.

    Columns that an offset reads (`known`) are never filled.
    """
    columns, gaps = {}, {}
    for name, state in states.items():
        kind = state["kind"]
        program.columns[name] = kind
        there = program.add(
            {"numeric": "present", "logical": "truth_present", "category": "there"}[kind], constants=(name,)
        )
        missing = gaps[name] = program.add("not", there)
        if "fill" not in state or name in known:
            program.need(there)
        if kind == "category":
            levels = tuple(state["levels"])
            step = program.add("code", constants=(name, levels))
            if preparation.unseen == "error":
                seen = program.add("lt", step, program.constant(len(levels)))
                program.need(program.add("or", missing, seen))
            if "fill" in state:
                step = program.where(missing, program.constant(state["fill"]), step)
            columns[name] = Coded(step, levels)
        elif kind == "logical":
            step = program.add("logical", constants=(name,))
            if "fill" in state:
                step = program.add("or", step, missing) if state["fill"] else step
            columns[name] = Truth(step)
        else:
            step = program.add("number", constants=(name,))
            if "fill" in state:
                step = program.where(missing, program.constant(state["fill"]), step)
            columns[name] = Number(step)
    return columns, gaps


def _variable(symbols, tree, info, preparation):
    """Return a variable: a step of a code where it is a category, else a list of steps."""
    value = variable_of(symbols, tree)
    if "levels" in info:
        code = symbols.as_coded(value, info["levels"])
        if code is None:
            raise symbols.refusal(tree)
        if preparation.unseen == "error" and symbols.program.value_of(code) is None and tree[0] != "name":
            n_levels = symbols.program.constant(len(info["levels"]))
            symbols.program.need(symbols.program.add("lt", code, n_levels))
        return code
    return list(value.steps) if isinstance(value, Basis) else [symbols.number(value, tree)]


def _lay_out(program, layout, values):
    """Return the columns of each term, in the order of `fill_matrix`."""
    made = []
    for parts in layout.blocks:
        columns = [
            values[v]
            if table is None
            else [program.lookup(values[v], table[:, j]) for j in range(table.shape[1])]
            for v, table in parts
        ]
        for combination in product(*reversed(columns)):
            step = combination[-1]
            for other in combination[-2::-1]:
                step = program.times(step, other)
            made.append(step)
    return made


def _code(program, step, n_levels):
    """Return the code of an embedding: 0 for a level never seen, else its place from 1."""
    return program.lookup(step, [*range(1, n_levels + 1), 0])


def _scale(program, scaling, made):
    """Return the kept columns, scaled."""
    kept = np.flatnonzero(scaling.kept)
    scales = scaling.scales
    columns = [program.affine(-scaling.centers[j] / scales[j], (1.0 / scales[j],), (made[j],)) for j in kept]
    if isinstance(scaling, RobustScaling):
        return [_bend(program, c) if scaling.numeric[j] else c for j, c in zip(kept, columns)]
    if isinstance(scaling, QuantileScaling):
        bent = dict(zip(np.flatnonzero(scaling.numeric), scaling.quantiles.T))
        return [_quantile(program, c, bent[j]) if j in bent else c for j, c in zip(kept, columns)]
    return columns


def _bend(program, column):
    """Return x / sqrt(1 + (x / 3)^2)."""
    third = program.affine(0.0, (1 / 3,), (column,))
    far = program.add("sqrt", program.affine(1.0, (1.0,), (program.times(third, third),)))
    return program.add("div", column, far)


def _quantile(program, column, quantiles):
    """Return the normal quantile of a number's rank; see `normal_quantiles`."""
    share = interpolate(program, column, quantiles, np.linspace(0, 1, len(quantiles)))
    low, high = program.constant(quantiles[0]), program.constant(quantiles[-1])
    share = program.where(program.add("le", column, low), program.constant(0.0), share)
    share = program.where(program.add("le", high, column), program.constant(1.0), share)
    return normal_quantile(program, share)


def refuse_kind(kind):
    """Return the error of rows that are no table."""
    return InputError(
        "A model that is exported must be of a table; in 'onnx' and 'saved_model' of images or arrays too.",
        f"This one reads rows of the kind {kind!r}.",
        "Choose another format, or use save_model(), which writes every model.",
    )
