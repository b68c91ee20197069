"""Random rows of raw columns, or arrays, on which an exported model is compared with its origin."""

import numpy as np
import pandas as pd


def random_table(model, kinds, n_rows=300, seed=2019):
    """Make random rows of a table: numbers around what was learnt, levels, unseen ones and gaps.

    Parameters
    ----------
    model : fitted bineural model of a table
    kinds : dict of str to str
        Raw columns.
    n_rows, seed : int

    Returns
    -------
    pandas.DataFrame
    """
    preparation = preparation_of(model)
    random, columns = np.random.default_rng(seed), {}
    states = preparation._design.columns
    for name, kind in kinds.items():
        state = states[name]
        if kind == "category":
            levels = [*state["levels"], *(["?unseen"] if preparation.unseen == "warn" else [])]
            values = random.choice(np.array(levels, dtype=object), n_rows)
        elif kind == "logical":
            values = (random.random(n_rows) < 0.5).astype(object)
        else:
            center, scale = _middle_of(preparation, name)
            values = center + scale * random.normal(size=n_rows)
            whole = random.random(n_rows) < 0.3
            values[whole] = np.rint(values[whole])
        if preparation.missing == "drop" or "fill" in state:
            values = values.astype(object)
            values[random.random(n_rows) < 0.1] = None
        columns[name] = pd.Series(values, dtype=object if kind != "numeric" else np.float64)
    return pd.DataFrame(columns)


def preparation_of(model):
    """Return the preparation of a model of a table."""
    return model.fitted_.input.preparation if hasattr(model, "fitted_") else model.preparation_


def _middle_of(preparation, name):
    """Return mean and SD of a raw column, from whatever was learnt of it."""
    design, scaling = preparation._design, preparation._scaling
    if name in design.names:
        j = design.names.index(name)
        quantiles = getattr(scaling, "quantiles", None)
        if quantiles is not None and scaling.numeric[j]:
            own = quantiles[:, int(np.sum(scaling.numeric[:j]))]
            return float(own.mean()), float(own.std())
        if scaling.kept[j] and (scaling.centers[j] != 0 or scaling.scales[j] != 1):
            return float(scaling.centers[j]), float(scaling.scales[j])
    for state in design.calls.values():
        if "boundary" in state:
            low, high = state["boundary"]
            return float(low + high) / 2, float(high - low) / 2
        if "center" in state:
            return float(state["center"]), float(state["scale"])
        if len(np.atleast_1d(state.get("alpha", []))):
            return float(state["alpha"][0]), float(np.sqrt(state["norm2"][2] / state["norm2"][1]))
    fill = design.columns[name].get("fill")
    return (float(fill), max(1.0, abs(float(fill)))) if fill is not None else (3.0, 5.0)


def random_arrays(rows_input, n_rows=20, seed=2019):
    """Make random arrays, in the unit of the training ones.

    Parameters
    ----------
    rows_input : ArrayInput
    n_rows, seed : int

    Returns
    -------
    ndarray of float32, shape (n_rows, ...)
    """
    random, shape = np.random.default_rng(seed), (n_rows, *rows_input.row_shape)
    unit = getattr(rows_input, "unit", None)
    if unit == "byte":
        return random.integers(0, 256, shape).astype(np.float32)
    if unit == "share":
        return random.random(shape).astype(np.float32)
    centers = 0.0 if rows_input.centers is None else rows_input.centers
    scales = 1.0 if rows_input.scales is None else rows_input.scales
    return (centers + scales * random.normal(size=shape)).astype(np.float32)
