"""Bases with memory: R's poly(), ns(), bs() and scale(), each a pair (learn, apply) around a dict of state.

The basis of a row depends on the state and that row alone, so rows can be prepared one by one.
References: de Boor (2001), *A Practical Guide to Splines*, ch. IX-X; Kennedy and Gentle (1980),
*Statistical Computing*, pp. 343-4 (the three-term recurrence); R's splines and stats packages are the judge.
"""

import numpy as np

from bineural.checks import whole
from bineural.errors import ColumnError, FormulaError


def learn_poly(x, degree=1, raw=False):
    """Learn the recurrence of orthogonal polynomials: R's `alpha` (degree,) and `norm2` (degree + 2,)."""
    degree = _whole(degree, "degree", 1, x.size - 1)
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


def learn_bs(x, df=None, knots=None, degree=3, intercept=False, Boundary_knots=None):
    """Learn the knots of a B-spline: quantiles (type 7) of the training values, and their range."""
    degree = _whole(degree, "degree", 1, x.size - 1)
    return _learn_knots(x, df, degree + bool(intercept), knots, Boundary_knots, intercept) | {
        "degree": degree
    }


def apply_bs(x, state):
    """Evaluate the B-spline basis, (n_rows, df) float64; beyond the boundary the last pieces go on."""
    basis = basis_functions(_all_knots(state), x, state["degree"])
    return basis if state["intercept"] else basis[:, 1:]


def learn_ns(x, df=None, knots=None, intercept=False, Boundary_knots=None):
    """Learn the knots of a natural cubic spline, as `learn_bs`."""
    return _learn_knots(x, df, 1 + bool(intercept), knots, Boundary_knots, intercept) | {"degree": 3}


def apply_ns(x, state):
    """Evaluate the natural spline basis, (n_rows, df) float64; beyond the boundary it is linear.

    The cubic B-splines are projected on the space where both second derivatives at the boundary vanish; the
    basis of that space is R's, from a Householder QR decomposition of the two constraints.
    """
    knots, (low, high) = _all_knots(state), state["boundary"]
    basis = basis_functions(knots, np.clip(x, low, high), 3)
    for outside, edge in ((x < low, low), (x > high, high)):
        if outside.any():
            slope = basis_functions(knots, np.array([edge]), 3, derivative=1)
            basis[outside] += (x[outside] - edge)[:, None] * slope
    bend = basis_functions(knots, np.array([low, high]), 3, derivative=2)
    first = 0 if state["intercept"] else 1
    q, _ = np.linalg.qr(bend[:, first:].T, mode="complete")
    return np.einsum("ij,jk->ik", basis[:, first:], q[:, 2:])


def basis_functions(knots, x, degree, derivative=0):
    """Evaluate B-spline basis functions or their derivatives.

    Parameters
    ----------
    knots : ndarray of float64, shape (m,)
        All knots, sorted, those of the boundary `degree + 1` times.
    x : ndarray of float64, shape (n,)
        Values beyond the boundary see the first or last polynomial piece.
    degree, derivative : int

    Returns
    -------
    ndarray of float64, shape (n, m - degree - 1)
    """
    first = np.searchsorted(knots, knots[0], "right") - 1
    last = np.searchsorted(knots, knots[-1], "left") - 1
    piece = np.clip(np.searchsorted(knots, x, "right") - 1, first, last)
    basis = _pieces(knots, x, piece, degree - derivative)
    for d in range(degree - derivative + 1, degree + 1):  # de Boor's derivative formula, one degree at a time
        gap = knots[d:] - knots[:-d]
        scaled = basis * np.divide(d, gap, out=np.zeros_like(gap), where=gap > 0)
        basis = scaled[:, :-1] - scaled[:, 1:]
    return basis


def _pieces(knots, x, piece, degree):
    """Cox-de Boor recursion on the one piece that each x sees, scattered to (n, m - degree - 1)."""
    values = [np.ones_like(x)]
    for d in range(1, degree + 1):
        carry, raised = np.zeros_like(x), []
        for r in range(d):
            right, left = knots[piece + r + 1], knots[piece + 1 - d + r]
            share = values[r] / (right - left)
            raised.append(carry + (right - x) * share)
            carry = (x - left) * share
        values = [*raised, carry]
    basis = np.zeros((x.size, knots.size - degree - 1))
    for r, value in enumerate(values):
        basis[np.arange(x.size), piece - degree + r] = value
    return basis


def _all_knots(state):
    edges = np.repeat(state["boundary"], state["degree"] + 1)
    return np.sort(np.concatenate([edges, state["knots"]]))


def _learn_knots(x, df, least, knots, boundary, intercept):
    low, high = (x.min(), x.max()) if boundary is None else sorted(_numbers(boundary, "Boundary.knots"))
    if not low < high:
        raise ColumnError("A spline must be given a column that varies.", f"All its values are {low:g}.")
    if knots is None:
        n_inner = 0 if df is None else _whole(df, "df", least, x.size) - least
        inside = x[(x >= low) & (x <= high)]
        inner = np.quantile(inside, np.arange(1, n_inner + 1) / (n_inner + 1)) if n_inner else np.empty(0)
    else:
        inner = np.sort(_numbers(knots, "knots"))
        if inner.size and not (low < inner[0] and inner[-1] < high):
            raise FormulaError(
                "`knots` must lie between the boundary knots.",
                f"Found {inner.tolist()} and {low:g} to {high:g}.",
            )
    if inner.size + least > x.size:
        raise ColumnError(
            "A spline must have at most as many columns as there are rows.",
            f"{inner.size} knots make {inner.size + least} columns, of {x.size} rows.",
            "Give fewer knots, or `df`.",
        )
    return {"knots": inner, "boundary": np.array([low, high], dtype=np.float64), "intercept": bool(intercept)}


def _numbers(values, name):
    values = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if values.ndim != 1 or not np.isfinite(values).all() or (name == "Boundary.knots" and values.size != 2):
        raise FormulaError(
            f"`{name}` must be {'two ' * (name != 'knots')}numbers.", f"Found {values.tolist()}."
        )
    return values


def _whole(value, name, least, most):
    """Take a whole number between two bounds; the upper one is what the training rows can bear."""
    value = whole(least).raising(FormulaError)(value, name)
    if value > most:
        raise ColumnError(
            f"`{name}` must be at most {most} for {most + (name == 'degree')} rows.",
            f"Found {value}.",
            f"Choose a smaller `{name}`: 3 to 5 bend enough for most curves.",
        )
    return value


BASES = {
    "poly": (learn_poly, apply_poly),
    "ns": (learn_ns, apply_ns),
    "bs": (learn_bs, apply_bs),
    "scale": (learn_scale, apply_scale),
}
