"""Many fits of the same rows under other weights or outcomes, such as folds or permutations, all at once.

The columns are made orthonormal once; then every iteration of all fits is two matrix products and one stacked
solve. Fits that need special care (rank, separation, steps out of bounds) are done again one by one.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bineural.checks import checked, flag, number, whole

from ..errors import InputError
from .climbing import STATIONARY
from .families import get_family
from .fit import fit_irls
from .passes import column_triangle
from .rows import Rows
from .solve import TOLERANCE, solve_triangle
from .threads import row_threads

_BLOCK_VALUES = 262_144  # values of one working array: 2 MB
_PAIR_VALUES = 4_194_304  # values of one array of pair products: 32 MB
_WORST_CONDITION = 1e-8


@dataclass
class BatchedFit:
    """Many fitted generalised linear models.

    Attributes
    ----------
    coef : ndarray of float64, shape (n_fits, n_columns)
        The intercept first, when there is one; NaN where aliased.
    deviance : ndarray of float64, shape (n_fits,)
    converged : ndarray of bool, shape (n_fits,)
    iterations : ndarray of int, shape (n_fits,)
    alone : ndarray of bool, shape (n_fits,)
        Fits that were done one by one.
    last_step : ndarray of float64, shape (n_fits,)
        Largest change of a linear predictor in the last iteration; near 1 when classes are separated.
    """

    coef: np.ndarray
    deviance: np.ndarray
    converged: np.ndarray
    iterations: np.ndarray
    alone: np.ndarray
    last_step: np.ndarray


@checked(intercept=flag(), epsilon=number(0), max_iterations=whole(1))
def fit_irls_batched(
    x,
    y,
    weights,
    *,
    intercept=True,
    family="binomial",
    link=None,
    offset=None,
    epsilon=1e-8,
    max_iterations=25,
):
    """Fit one model under many sets of row weights.

    Parameters
    ----------
    x, intercept, family, link, offset, epsilon, max_iterations
        As for `fit_irls`; the stopping rule is R's, for each fit by itself.
    y : array_like of float64, shape (n_rows,) or (n_fits, n_rows)
        Outcome of all fits, or of each.
    weights : array_like of float64, shape (n_fits, n_rows)
        Prior weights of every fit; 0 leaves a row out of that fit.

    Returns
    -------
    BatchedFit
        Equal to `fit_irls` on the rows of each fit to about 1e-12.

    Raises
    ------
    InputError
        As for `fit_irls`, and if a fit has no row of positive weight.
    """
    family = get_family(family, link)
    outcomes = _check_outcome_table(y, weights, family) if np.ndim(y) == 2 else None
    rows = Rows(x, y if outcomes is None else outcomes[0], family, intercept, None, offset)
    if outcomes is not None and rows.binary:
        rows.binary = bool(((outcomes == 0) | (outcomes == 1)).all())
    weights = _check_weight_table(weights, rows.n_rows)
    tables = _Tables(weights, outcomes)
    n_fits, n_columns = weights.shape[0], rows.design.n_columns
    result = BatchedFit(
        np.full((n_fits, n_columns), np.nan),
        np.full(n_fits, np.nan),
        np.zeros(n_fits, dtype=bool),
        np.zeros(n_fits, dtype=np.int64),
        np.ones(n_fits, dtype=bool),
        np.full(n_fits, np.inf),
    )
    if n_columns:
        basis = _Basis(rows)
        if basis.n_columns:
            together = max(1, min(n_fits, basis.together))
            for start in range(0, n_fits, together):
                fits = np.arange(start, min(start + together, n_fits))
                _iterate_together(rows, basis, tables, fits, result, epsilon, max_iterations)
    for fit in np.flatnonzero(result.alone):
        _fit_alone(rows, tables, fit, result, epsilon, max_iterations)
    return result


class _Tables(NamedTuple):
    """What differs between the fits."""

    weights: np.ndarray  # (n_fits, n_rows)
    outcomes: np.ndarray | None  # (n_fits, n_rows); None where all fits have the outcome of the rows


def _check_outcome_table(y, weights, family):
    try:
        y = np.asarray(y, dtype=float)
    except (TypeError, ValueError):
        y = np.full(np.shape(y), np.nan)
    if y.shape != np.shape(weights) or len(y) == 0:
        raise InputError(
            "`y` must have one value for each row of `x`, for all fits together or for each.",
            f"Its shape is {y.shape}, and that of `weights` is {np.shape(weights)}.",
            "Give one outcome to all fits, or a table of the shape of `weights`.",
        )
    low, high = float(y.min()), float(y.max())
    if not (np.isfinite(low + high) and family.in_range(low, high)):
        raise InputError(
            f"Outcomes of the {family.name} family must be {family.range_rule}, and finite.",
            f"They run from {low:g} to {high:g}.",
            "Choose another family, or code the event as 1 and the rest as 0.",
        )
    return y


def _check_weight_table(weights, n_rows):
    weights = np.asarray(weights)
    if weights.ndim != 2 or weights.shape[1] != n_rows:
        raise InputError(
            "`weights` must have one row for each fit and one column for each row of `x`.",
            f"Its shape is {weights.shape}, and `x` has {n_rows} rows.",
            "Transpose it, or repeat it.",
        )
    weights = weights.astype(float, copy=False)
    if weights.size and not (np.isfinite(weights.max()) and weights.min() >= 0):
        raise InputError(
            "`weights` must be finite and 0 or more.",
            f"They run from {weights.min():g} to {weights.max():g}.",
            "Give a row that is to be left out the weight 0.",
        )
    empty = np.flatnonzero(weights.max(axis=1, initial=0.0) == 0)
    if empty.size:
        raise InputError(
            "Every fit must have a row of positive weight.",
            f"Fits {empty[:10].tolist()} (0-based) have none.",
            "Make fewer folds.",
        )
    return weights


class _Basis:
    """Orthonormal columns with the span of the design, and the products of their pairs.

    `columns` are those that earlier ones do not say; `spread` takes coefficients in the basis to theirs.
    """

    def __init__(self, rows):
        design = self.design = rows.design
        with row_threads(design) as over:
            triangle = column_triangle(design, None, over)
        if not np.isfinite(triangle).all():
            design.check_finite()
        _, self.columns, factor = solve_triangle(triangle, np.zeros(design.n_columns))
        self.n_columns = self.columns.size
        self.spread = np.linalg.inv(factor) * np.sqrt(rows.n_rows)
        self.back = np.zeros((design.n_columns, self.n_columns))
        self.back[self.columns] = self.spread
        self.first, self.second = np.triu_indices(self.n_columns)
        most = max(1, _PAIR_VALUES // self.first.size)
        self.block_rows = min(2048, design.block_rows, most)
        self.together = min(_BLOCK_VALUES // min(rows.n_rows, 2048), most)
        self.aliased = np.delete(np.arange(design.n_columns), self.columns)
        self.repeats = np.linalg.lstsq(triangle[:, self.columns], triangle[:, self.aliased], rcond=None)[0]
        self.kept = None

    def aliased_under(self, weights):
        """Say for each set of weights whether the aliased columns are aliased in its rows as well."""
        away, size = np.zeros((2, len(weights), self.aliased.size))
        for start, stop in self.design.blocks() if self.aliased.size else ():
            block, share = self.design.full(start, stop), weights[:, start:stop]
            columns = block[:, self.aliased]
            away += share @ np.square(columns - block[:, self.columns] @ self.repeats)
            size += share @ np.square(columns)
        return (away <= TOLERANCE**2 * size).all(axis=1)

    def blocks(self):
        """Yield the place, the basis and the pair products of each block; one block is kept for good."""
        n_rows = self.design.n_rows
        if self.kept is not None:
            yield self.kept
            return
        for start in range(0, n_rows, self.block_rows):
            stop = min(start + self.block_rows, n_rows)
            q = self.design.full(start, stop) @ self.back
            block = slice(start, stop), q, q[:, self.first] * q[:, self.second]
            if start == 0 and stop == n_rows:
                self.kept = block
            yield block


def _iterate_together(rows, basis, tables, fits, result, epsilon, max_iterations):
    """Iterate a group of fits, each until its own stop; those done well are no longer marked as alone."""
    coef = np.zeros((fits.size, basis.n_columns))
    deviance, gram, score, valid, _ = _pass(rows, basis, tables, fits, None, None)
    valid &= basis.aliased_under(tables.weights[fits])
    strength = np.linalg.eigvalsh(np.where(np.isfinite(gram), gram, 0.0))
    valid &= strength[:, 0] > _WORST_CONDITION * strength[:, -1]
    fits, coef, deviance, gram, score = (a[valid] for a in (fits, coef, deviance, gram, score))
    for iteration in range(1, max_iterations + 1):
        if fits.size == 0:
            return
        step = _solve(gram, score)
        coef = coef + step
        new, gram, score, valid, moved = _pass(
            rows, basis, tables, fits, coef, step if iteration > 1 else None
        )
        with np.errstate(invalid="ignore"):
            done = valid & (np.abs(new - deviance) / (0.1 + np.abs(new)) < epsilon)
        result.iterations[fits[done]] = iteration
        result.coef[np.ix_(fits[done], basis.columns)] = coef[done] @ basis.spread.T
        result.deviance[fits[done]] = new[done]
        result.converged[fits[done]] = True
        result.last_step[fits[done]] = moved[done] if iteration > 1 else np.inf
        if done.any():
            gain = (score[done] * _solve(gram[done], score[done])).sum(axis=1)
            at_rest = gain <= STATIONARY * (0.1 + new[done])
            result.alone[fits[done]] = ~at_rest | (moved[done] > 0.3) & (iteration > 1)
        going = valid & ~done
        fits, coef, deviance, gram, score = (a[going] for a in (fits, coef, new, gram, score))


def _solve(gram, score):
    try:
        return np.linalg.solve(gram, score[..., None])[..., 0]
    except np.linalg.LinAlgError:
        return np.full_like(score, np.nan)


def _pass(rows, basis, tables, fits, coef, step):
    """One pass for a group: deviances, cross-products and scores in the basis, validity, largest move."""
    family, k = rows.family, basis.n_columns
    pairs, score = np.zeros((fits.size, k * (k + 1) // 2)), np.zeros((fits.size, k))
    deviance, moved = np.zeros(fits.size), np.zeros(fits.size)
    valid = np.ones(fits.size, dtype=bool)
    for place, q, products in basis.blocks():
        share = tables.weights[fits, place]
        y = rows.y[place] if tables.outcomes is None else tables.outcomes[fits, place]
        offset = 0.0 if rows.offset is None else rows.offset[place]
        if coef is None:
            eta = family.link.link(np.broadcast_to(family.starting_mean(y, share), share.shape))
        else:
            eta = coef @ q.T + offset
            if step is not None:
                moved = np.maximum(moved, np.abs(np.where(share > 0, step @ q.T, 0.0)).max(axis=1))
        with np.errstate(all="ignore"):
            mu, unit, root, residual, sure = family.working(y, eta, rows.binary)
            deviance += (unit * share).sum(axis=1)
            work = root * root * share
            pull = root * residual * share
            if coef is None:
                pull += work * (eta - offset)
        if not sure:
            valid &= [family.valid(m) and family.link.valid(e) for m, e in zip(mu, eta)]
            pull[work == 0] = 0.0
        pairs += work @ products
        score += pull @ q
    gram = np.empty((fits.size, k, k))
    gram[:, basis.first, basis.second] = gram[:, basis.second, basis.first] = pairs
    valid &= np.isfinite(deviance) & np.isfinite(score).all(axis=1) & np.isfinite(pairs).all(axis=1)
    return deviance, gram, score, valid, moved


def _fit_alone(rows, tables, place, result, epsilon, max_iterations):
    """Fit the rows of one set of weights by themselves."""
    weights = tables.weights[place]
    y = rows.y if tables.outcomes is None else tables.outcomes[place]
    live = np.flatnonzero(weights)
    x = rows.design.x
    if live.size < rows.n_rows:
        if not rows.design.in_memory:
            x = np.concatenate([rows.design.read(a, b) for a, b in rows.design.blocks()])
        x = x[live]
    fit = fit_irls(
        x,
        y[live],
        intercept=rows.design.intercept,
        family=rows.family,
        weights=weights[live],
        offset=None if rows.offset is None else rows.offset[live],
        epsilon=epsilon,
        max_iterations=max_iterations,
    )
    result.coef[place], result.deviance[place] = fit.coef, fit.deviance
    result.converged[place], result.iterations[place] = fit.converged, fit.iterations
    result.last_step[place] = fit.last_step
