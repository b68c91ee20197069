"""Bases with memory: R's poly(), ns(), bs() and scale(), each a pair (learn, apply) around a plain dict of state.

The basis of a row depends on the state and that row alone, so rows can be prepared one by one.
References: de Boor (2001), *A Practical Guide to Splines*, ch. IX-X; Kennedy and Gentle (1980),
*Statistical Computing*, pp. 343-4 (the three-term recurrence); R's splines and stats packages are the judge.
"""

import numpy as np

from bineural.errors import ColumnError, FormulaError


def learn_poly(x, degree=1, raw=False):
    """Learn the recurrence of orthogonal polynomials: R's `alpha` (degree,) and `norm2` (degree + 2,)."""
    degree = _whole(degree, "degree", 1)
    if raw:
        return {"degree": degree, "raw": True}
    if np.unique(x).size <= degree:
        raise ColumnError(
            "`degree` must be less than the number of distinct values.", f"Found {np.unique(x).size}."
        )
    alpha, norm2 = [], [1.0, float(x.size)]
    before, now = np.zeros_like(x), np.ones_like(x)
    for step in range(degree):
        alpha.append(float(np.sum(x * now**2) / norm2[-1]))
        ratio = norm2[-1] / norm2[-2] if step else 0.0
        before, now = now, (x - alpha[-1]) * now - ratio * before
        norm2.append(float(np.sum(now**2)))
    return {"degree": degree, "raw": False, "alpha": np.array(alpha), "norm2": np.array(norm2)}


def apply_poly(x, state):
    """Evaluate the polynomials of degree 1 and up: (n_rows, degree) float64."""
    if state["raw"]:
        return x[:, None] ** np.arange(1, state["degree"] + 1)
    alpha, norm2 = state["alpha"], state["norm2"]
    columns = [np.ones_like(x), x - alpha[0]]
    for i in range(1, state["degree"]):
        columns.append((x - alpha[i]) * columns[i] - norm2[i + 1] / norm2[i] * columns[i - 1])
    return np.column_stack(columns[1:]) / np.sqrt(norm2[2:])


def learn_scale(x, center=True, scale=True):
    """Learn mean and n-1 SD (the root mean square without centring, as R)."""
    middle = float(np.mean(x)) if center is True else float(center or 0.0)
    spread = 1.0
    if scale is True:
        spread = float(np.sqrt(np.sum((x - middle) ** 2) / max(1, x.size - 1)))
        if not spread > 0:
            raise ColumnError("`scale()` must be given a column that varies.", "All its values are equal.")
    elif scale is not False:
        spread = float(scale)
    return {"center": middle, "scale": spread}


def apply_scale(x, state):
    """Standardise: (n_rows,) float64."""
    return (x - state["center"]) / state["scale"]


def _whole(value, name, least):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or value < least:
        raise FormulaError(f"`{name}` must be a whole number of at least {least}.", f"Found {value!r}.")
    return int(value)


BASES = {"poly": (learn_poly, apply_poly), "scale": (learn_scale, apply_scale)}
