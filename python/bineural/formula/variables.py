"""Variables of a model on one table: their values, and what the layout must know of each."""

import numpy as np

from bineural.checks import mapping
from bineural.errors import InputError
from bineural.formula.contrasts import OTHERS, contrast_name, default_contrasts
from bineural.formula.layout import bare_name
from bineural.formula.values import Values
from bineural.tables import columns as raw
from bineural.tables.factors import Factor

_CONTRASTS = mapping("Write {'column': 'contr.sum'}.", words="a dict of contrasts by column").or_none()


def learn_variables(terms, columns, counting, keep_unused, contrasts):
    """Evaluate the variables on training rows.

    Parameters
    ----------
    terms : Terms
    columns : dict of str to ndarray or Factor
        Raw columns; Factors get their learnt levels here.
    counting : ndarray of bool, shape (n_rows,), or None
    keep_unused : bool
        Whether levels that no row has stay.
    contrasts : dict of str to str or matrix, or None
        "." stands for all categories that are not named.

    Returns
    -------
    values : list, one per variable (None where no term needs it)
    infos : list of dict or None
        {"width": k}, or {"levels", "counts", "ordered", "contrast", "bare"}.
    levels : dict of str to dict
        The learnt levels of raw columns.
    calls : dict of str to dict
        What functions learnt, by the text of their call.
    offsets : list of ndarray
    """
    settled = {
        name: raw.learn_levels(v, counting, keep_unused)
        for name, v in columns.items()
        if isinstance(v, Factor)
    }
    columns = columns | {name: factor for name, (_, factor) in settled.items()}
    evaluator = Values(columns, {}, learning=True)
    contrasts = _CONTRASTS(contrasts, "contrasts")
    defaults = default_contrasts(contrasts)
    wanted = {key: kind for key, kind in (contrasts or {}).items() if key != OTHERS}
    values, infos = _each(terms), _each(terms)
    for place, (name, tree) in _used(terms):
        value = as_variable(evaluator.variable(tree))
        if isinstance(value, Factor):
            column = bare_name(tree)
            is_truth = value.levels == ["FALSE", "TRUE"] and not isinstance(columns.get(column), Factor)
            info, value = (
                (settled[column][0].copy(), value)
                if column in settled
                else raw.learn_levels(value, counting, keep_unused or is_truth)
            )
            key = column if column in wanted else name
            info["contrast"] = _contrast(wanted.pop(key, None), value, defaults)
            info["bare"] = column in settled
            infos[place] = info
        else:
            infos[place] = {"width": 1 if value.ndim == 1 else value.shape[1]}
        values[place] = value
    if wanted:
        known = [terms.variables[i][0] for i, info in enumerate(infos) if info and "levels" in info]
        raise InputError(
            "`contrasts` must name categories of the model.",
            f"Found {list(wanted)}.",
            f"Categories are {known}.",
        )
    offsets = [_offset(evaluator, tree) for tree in terms.offsets]
    return values, infos, {name: info for name, (info, _) in settled.items()}, evaluator.state, offsets


def use_variables(terms, columns, infos, calls, unseen):
    """Evaluate the variables on new rows: (values, offsets); adds to `unseen` {variable: {label: count}}."""
    evaluator = Values(columns, calls, learning=False)
    values = _each(terms)
    for place, (name, tree) in _used(terms):
        value = as_variable(evaluator.variable(tree))
        if isinstance(value, Factor):
            value, new = raw.use_levels(value, infos[place]["levels"])
            if new:
                evaluator.unseen[name] = new
        values[place] = value
    offsets = [_offset(evaluator, tree) for tree in terms.offsets]
    unseen.update(evaluator.unseen)
    return values, offsets


def as_variable(value):
    """Take truths as the category FALSE, TRUE, as R does."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "b":
        return Factor(value.astype(np.int64), ["FALSE", "TRUE"])
    return value


def _contrast(wanted, factor, defaults):
    if wanted is None:
        wanted = factor.contrast or defaults[bool(factor.ordered)]
    return contrast_name(wanted) if isinstance(wanted, str) else np.asarray(wanted, dtype=np.float64)


def _offset(evaluator, tree):
    from bineural.formula.arithmetic import as_numbers

    return as_numbers(evaluator.variable(tree), tree)


def _used(terms):
    wanted = {i for term in terms.terms for i in term}
    return [(i, variable) for i, variable in enumerate(terms.variables) if i in wanted]


def _each(terms):
    return [None] * len(terms.variables)
