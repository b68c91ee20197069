"""Generalised linear models by iteratively reweighted least squares, with R's stopping rule and digits.

Each iteration is one pass over blocks of rows (means, deviance, weighted cross-product) and one small solve.
Differences from R's `glm.fit`: rows are read in blocks, the step is solved for rather than the coefficients,
and large well-conditioned problems use an equilibrated Cholesky factor in place of reflections.
Reference: McCullagh and Nelder (1989). Generalized Linear Models, 2nd edition, section 2.5.
"""

from dataclasses import dataclass

import numpy as np

from bineural.checks import checked, choice, flag, number, whole

from .families import get_family
from .inference import coefficient_table
from .iterate import iterate
from .rows import Rows
from .saved import IRLS_FIT
from .solve import solve_triangle, unscaled_covariance


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
        Empty where the rows came in batches.
    deviance, null_deviance, aic, bic, log_lik, dispersion : float
    df_residual, df_null, iterations : int
    converged, boundary : bool
        Whether no step would raise the likelihood any more (the score is zero); whether the last step had to
        be shortened to stay where the model is defined.
    beyond_r : bool
        Whether R's `glm` does not reach that maximum: its steps overshoot, or are more than `max_iterations`.
        They were taken again from the best point on the way, halved where needed, until `converged`, with
        standard errors from the weights at the end; the digits differ from R's.
    last_step : float
        Largest change of a linear predictor in the last iteration; near 1 when classes are separated.
    statistic_name : str
        "z" or "t".
    family, link : str
    intercept : bool
    n_rows : int
        Rows, those of weight 0 included.
    theta_error : float or None
        Standard error of an estimated theta (negative binomial).
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
    beyond_r: bool = False
    theta_error: float | None = None

    SCHEMA = IRLS_FIT


@checked(intercept=flag(), converge=choice("r", "full"), epsilon=number(0), max_iterations=whole(1))
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
    """Fit a generalised linear model by maximum likelihood [1]_, with halved steps where R's overshoot [2]_.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
        Predictors without the intercept, any memory order and numeric type, or an object with `.shape` that
        gives rows when sliced. Read in blocks, never copied whole.
    y : array_like of float64, shape (n_rows,)
        Outcome; for the binomial family 0, 1, or a share of events whose number of trials is the weight.
    intercept : bool
        Whether a column of ones is put first.
    family : str
        As `get_family` takes it.
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
        "full" may take four times as many; where R's steps do not converge, ten times as many, halves of
        steps among them, are tried.

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
    .. [2] Marschner (2011). glm2: Fitting generalized linear models with convergence problems. *The R
       Journal* 3(2), 12-15.

    Examples
    --------
    >>> fit = fit_irls([[0.0], [1.0], [2.0], [3.0]], [1, 3, 3, 9], family="poisson")
    >>> [round(float(b), 4) for b in fit.coef]
    [0.1078, 0.674]
    """
    family = get_family(family, link)
    rows = Rows(x, y, family, intercept, weights, offset)
    rows.start()
    state = iterate(rows, converge=converge, epsilon=epsilon, max_iterations=max_iterations)
    return summarise(rows, state, converge, epsilon, max_iterations)


def summarise(rows, state, converge="r", epsilon=1e-8, max_iterations=25):
    """Turn the end of the iterations into what R's `summary.glm` reports.

    Parameters
    ----------
    rows : Rows or FileRows
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
    minus_two_log = rows.minus_two_log_likelihood(state.coef, state.deviance)
    n_parameters = rank + (family.estimates_dispersion or family.estimates_shape)
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
        null_deviance=_null_deviance(rows, state, converge, epsilon, max_iterations),
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
        beyond_r=state.beyond_r,
    )


def _null_deviance(rows, state, converge, epsilon, max_iterations):
    """Deviance of the intercept alone; with an offset it is fitted from the model's means, as R does."""
    if rows.design.intercept and rows.has_offset:
        null = rows.offset_null(state.coef)
        return iterate(null, converge=converge, epsilon=epsilon, max_iterations=max_iterations).deviance
    mean = rows.mean_outcome if rows.design.intercept else None
    if rows.binary and mean is not None:
        total = rows.total_weight
        return (
            -2.0 * float(total * (mean * np.log(mean) + (1 - mean) * np.log1p(-mean)))
            if 0 < mean < 1
            else 0.0
        )
    return rows.deviance_at(mean)
