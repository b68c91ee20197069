"""Generalised linear models by iteratively reweighted least squares, with R's stopping rule and digits.

Each iteration is one pass over blocks of rows (means, deviance, weighted cross-product) and one small solve.
Differences from R's `glm.fit`: rows are read in blocks, the step is solved for rather than the coefficients,
and large well-conditioned problems use an equilibrated Cholesky factor in place of reflections.
Reference: McCullagh and Nelder (1989). Generalized Linear Models, 2nd edition, section 2.5.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .families import get_family
from .inference import coefficient_table
from .passes import Sweep
from .rows import Design, Rows
from .solve import solve_triangle, unscaled_covariance
from .threads import row_threads


@dataclass
class IRLSFit:
    """A fitted generalised linear model; the intercept, when there is one, comes first.

    Attributes
    ----------
    coef, std_error, statistic, p_value : ndarray of float64, shape (n_columns,)
        On the scale of the link; NaN where `aliased`. `statistic` is z or t, see `statistic_name`.
    vcov : ndarray of float64, shape (n_columns, n_columns)
        Covariance of the coefficients, dispersion included; NaN where aliased.
    aliased : ndarray of bool, shape (n_columns,)
        Columns that earlier columns already say.
    rank : int
    fitted, linear_predictor : ndarray of float64, shape (n_rows,)
    deviance, null_deviance, aic, bic, log_lik, dispersion : float
    df_residual, df_null, iterations : int
    converged, boundary : bool
        `boundary` says that the last step had to be shortened to stay where the model is defined.
    last_step : float
        Largest change of a linear predictor in the last iteration; near 1 when classes are separated.
    statistic_name : str
        "z" or "t".
    family, link : str
    intercept : bool
    n_rows : int
        Rows, those of weight 0 included.
    """

    coef: np.ndarray
    std_error: np.ndarray
    vcov: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    aliased: np.ndarray
    rank: int
    fitted: np.ndarray
    linear_predictor: np.ndarray
    deviance: float
    null_deviance: float
    aic: float
    bic: float
    log_lik: float
    df_residual: int
    df_null: int
    dispersion: float
    iterations: int
    converged: bool
    boundary: bool
    last_step: float
    statistic_name: str
    family: str
    link: str
    intercept: bool
    n_rows: int


def fit_irls(
    x,
    y,
    *,
    intercept=True,
    family="binomial",
    link=None,
    weights=None,
    offset=None,
    converge="r",
    epsilon=1e-8,
    max_iterations=25,
):
    """Fit a generalised linear model by maximum likelihood [1]_.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
        Predictors without the intercept, any memory order and numeric type, or an object with `.shape` that
        gives rows when sliced. Read in blocks, never copied whole.
    y : array_like of float64, shape (n_rows,)
        Outcome; for the binomial family 0, 1, or a share of events whose number of trials is the weight.
    intercept : bool
        Whether a column of ones is put first.
    family : {"binomial", "gaussian", "poisson", "gamma"}
    link : str, optional
        None takes R's default: logit, identity, log, inverse.
    weights : array_like of float64, shape (n_rows,), optional
        Prior weights in R's sense; rows of weight 0 are left out of every count.
    offset : array_like of float64, shape (n_rows,), optional
        Added to the linear predictor.
    converge : {"r", "full"}
        "r" stops where R stops and takes standard errors, as R does, from the weights of the last step;
        "full" goes on until the linear predictor stands still and takes them from the weights at the end.
    epsilon : float
        Relative change of the deviance at which to stop.
    max_iterations : int
        "full" may take four times as many.

    Returns
    -------
    IRLSFit

    Raises
    ------
    InputError
        If values are not finite, the outcome is outside the family's range, all weights are 0, or no valid
        coefficients are found.

    References
    ----------
    .. [1] McCullagh and Nelder (1989). *Generalized Linear Models*, 2nd edition. Chapman and Hall.

    Examples
    --------
    >>> fit = fit_irls([[0.0], [1.0], [2.0], [3.0]], [1, 3, 3, 9], family="poisson")
    >>> [round(float(b), 4) for b in fit.coef]
    [0.2231, 0.6263]
    """
    if converge not in ("r", "full"):
        raise InputError(
            '`converge` must be "r" or "full".', f"It is {converge!r}.", 'Leave it at "r" for R\'s digits.'
        )
    family = get_family(family, link)
    rows = Rows(x, y, family, intercept, weights, offset)
    rows.start()
    state = iterate(rows, converge=converge, epsilon=epsilon, max_iterations=max_iterations)
    return summarise(rows, state, converge, epsilon, max_iterations)


@dataclass
class State:
    """Where the iterations ended: coefficients, the factors of the last two passes, and how it went."""

    coef: np.ndarray
    kept: np.ndarray
    factor: np.ndarray
    triangle: np.ndarray
    deviance: float
    pearson: float
    iterations: int = 0
    converged: bool = False
    boundary: bool = False
    last_step: float = 0.0


def iterate(rows, *, held=None, converge="r", epsilon=1e-8, max_iterations=25):
    """Run the iterations from the means that stand in `rows`, which end up holding the fitted ones.

    Parameters
    ----------
    rows : Rows
        With `eta` and `mu` set, for example by `Rows.start`.
    held : dict of int to float, optional
        Columns whose coefficient is given rather than found.
    converge, epsilon, max_iterations
        As for `fit_irls`.

    Returns
    -------
    State
    """
    full = converge == "full"
    with row_threads(rows.design) as over:
        sweep = Sweep(rows, over)
        found = sweep.run()
        if not found.valid:
            raise _no_start(rows)
        coef = np.zeros(rows.design.n_columns)
        state = State(coef, np.arange(coef.size), np.zeros((0, 0)), found.triangle, found.deviance, 0.0)
        if rows.design.n_columns == 0:
            return _empty(rows, sweep, state)
        for _ in range(max_iterations * 4 if full else max_iterations):
            if _advance(rows, sweep, state, held, full, epsilon, max_iterations):
                break
    return state


def _advance(rows, sweep, state, held, full, epsilon, max_iterations):
    """Take one step, shortened while the model is undefined there; True when it was the last."""
    coef, kept, factor = solve_triangle(state.triangle, state.coef, held)
    state.iterations += 1
    if not np.isfinite(coef).all():
        return True
    found, halvings = sweep.run(coef), 0
    while not found.valid:
        halvings += 1
        if state.iterations == 1 or halvings > max_iterations:
            raise _no_start(rows)
        coef = (coef + state.coef) / 2.0
        found = sweep.run(coef)
    settled = abs(found.deviance - state.deviance) / (0.1 + abs(found.deviance)) < epsilon
    if full and settled:
        still = found.last_step <= 1e-10 * (1.0 + found.reach)
        settled = still or (state.converged and found.last_step >= state.last_step)
        state.converged = True
    else:
        state.converged = settled
    state.coef, state.kept, state.factor = coef, kept, factor
    state.triangle, state.deviance, state.boundary = found.triangle, found.deviance, halvings > 0
    state.pearson = found.pearson_full if full else found.pearson
    state.last_step = found.last_step if state.iterations > 1 else np.inf
    return settled


def _empty(rows, sweep, state):
    """A model without columns: the offset alone."""
    rows.eta[:] = 0.0 if rows.offset is None else rows.offset
    found = sweep.run(np.zeros(0))
    if not found.valid:
        raise _no_start(rows)
    state.deviance, state.pearson, state.converged = found.deviance, found.pearson_full, True
    return state


def _no_start(rows):
    return InputError(
        f"The {rows.family.name} model with the {rows.family.link.name} link must have valid means on the way.",
        "A step led to a linear predictor that has no mean, and shortening it did not help.",
        "Try the default link, or scale the predictors.",
    )


def summarise(rows, state, converge="r", epsilon=1e-8, max_iterations=25):
    """Turn the end of the iterations into what R's `summary.glm` reports.

    Parameters
    ----------
    rows : Rows
    state : State
    converge, epsilon, max_iterations
        As for `fit_irls`.

    Returns
    -------
    IRLSFit
    """
    family, kept, n_columns = rows.family, state.kept, rows.design.n_columns
    rank, df_residual = len(kept), rows.n_live - len(kept)
    if converge == "full" and n_columns:
        _, kept, state.factor = solve_triangle(state.triangle, state.coef)
    dispersion = 1.0
    if family.estimates_dispersion:
        dispersion = state.pearson / df_residual if df_residual > 0 else np.nan
    vcov = np.full((n_columns, n_columns), np.nan)
    vcov[np.ix_(kept, kept)] = unscaled_covariance(state.factor) * dispersion
    aliased = np.ones(n_columns, dtype=bool)
    aliased[kept] = False
    coef = np.where(aliased, np.nan, state.coef)
    df = df_residual if family.estimates_dispersion else None
    minus_two_log = family.minus_two_log_likelihood(rows.y, rows.mu, rows.weights, state.deviance)
    n_parameters = rank + family.estimates_dispersion
    log_lik = n_parameters - (minus_two_log + 2.0 * rank) / 2.0
    return IRLSFit(
        coef=coef,
        vcov=vcov,
        **coefficient_table(coef, vcov, df),
        aliased=aliased,
        rank=rank,
        fitted=rows.mu,
        linear_predictor=rows.eta,
        deviance=state.deviance,
        null_deviance=_null_deviance(rows, converge, epsilon, max_iterations),
        aic=minus_two_log + 2.0 * rank,
        bic=-2.0 * log_lik + np.log(rows.n_rows) * n_parameters,
        log_lik=log_lik,
        df_residual=df_residual,
        df_null=rows.n_live - rows.design.intercept,
        dispersion=float(dispersion),
        iterations=state.iterations,
        converged=state.converged,
        boundary=state.boundary,
        last_step=float(state.last_step),
        family=family.name,
        link=family.link.name,
        intercept=rows.design.intercept,
        n_rows=rows.n_rows,
    )


def _null_deviance(rows, converge, epsilon, max_iterations):
    """Deviance of the intercept alone; with an offset it is fitted, from the means of the model, as R does."""
    if not rows.design.intercept:
        offset = np.zeros(rows.n_rows) if rows.offset is None else rows.offset
        with np.errstate(all="ignore"):
            mean = rows.family.link.mean(offset)
    elif rows.offset is None:
        mean = np.full(rows.n_rows, np.average(rows.y, weights=rows.weights))
    else:
        null = Rows(Design(np.empty((rows.n_rows, 0))), rows.y, rows.family, True, rows.weights, rows.offset)
        null.mu = rows.mu.copy()
        null.eta = rows.family.link.link(null.mu)
        return iterate(null, converge=converge, epsilon=epsilon, max_iterations=max_iterations).deviance
    with np.errstate(all="ignore"):
        unit = rows.family.unit_deviance(rows.y, mean)
    return float(unit.sum() if rows.weights is None else np.dot(unit, rows.weights))
