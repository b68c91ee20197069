"""Multinomial logistic regression by Newton's method, every class against the first.

The Hessian is gathered block by block, one cross-product for each pair of classes.
Reference: Agresti (2013). Categorical Data Analysis, 3rd edition, section 8.1.
"""

from dataclasses import dataclass

import numpy as np

from bineural.checks import checked, flag, whole

from ..errors import InputError
from .inference import coefficient_table, predict_link
from .passes import column_triangle
from .rows import Design, check_weights
from .saved import MULTINOMIAL_FIT
from .softmax import Hill, class_shares, newton
from .solve import solve_triangle
from .threads import row_threads


@dataclass
class MultinomialFit:
    """A fitted multinomial model; coefficients set each class against class 0, the intercept first.

    Attributes
    ----------
    coef, std_error, statistic, p_value : ndarray of float64, shape (n_classes - 1, n_columns)
        Log-odds against class 0; NaN where aliased. `statistic` is z.
    vcov : ndarray of float64, shape ((n_classes - 1) * n_columns,) * 2
        Covariance, class by class; NaN where aliased.
    aliased : ndarray of bool, shape (n_columns,)
    rank : int
        Columns kept.
    n_parameters : int
    fitted : ndarray of float64, shape (n_rows, n_classes)
    deviance, null_deviance, aic, bic, log_lik : float
    df_residual, df_null, iterations, n_rows : int
        Degrees of freedom as rows times (n_classes - 1) minus parameters.
    converged, intercept : bool
    last_step : float
        Largest change of a linear predictor in the last iteration; near 1 under separation.
    """

    coef: np.ndarray
    std_error: np.ndarray
    vcov: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    aliased: np.ndarray
    rank: int
    n_parameters: int
    fitted: np.ndarray
    deviance: float
    null_deviance: float
    aic: float
    bic: float
    log_lik: float
    df_residual: int
    df_null: int
    iterations: int
    converged: bool
    last_step: float
    intercept: bool
    n_rows: int

    SCHEMA = MULTINOMIAL_FIT


@checked(n_classes=whole(2), intercept=flag(), max_iterations=whole(1))
def fit_multinomial(x, codes, n_classes, *, weights=None, intercept=True, offset=None, max_iterations=50):
    """Fit a multinomial logistic regression by maximum likelihood.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
        As for `fit_irls`.
    codes : array_like of int, shape (n_rows,)
        Class of each row, from 0 (the class the others are set against) to n_classes - 1.
    n_classes : int
        2 or more; every class must occur.
    weights : array_like of float64, shape (n_rows,), optional
    intercept : bool
    offset : array_like of float64, shape (n_rows, n_classes - 1), optional
        Added to the linear predictors.
    max_iterations : int

    Returns
    -------
    MultinomialFit
        Standard errors from the Hessian at the estimates.

    Raises
    ------
    InputError
        If values are not finite, or codes are not whole numbers in range, or a class does not occur.
    """
    design = Design(x, intercept)
    codes = _check_codes(codes, n_classes, design.n_rows)
    weights = check_weights(weights, design.n_rows)
    seen = np.bincount(codes if weights is None else codes[weights > 0], minlength=n_classes)
    if (seen == 0).any():
        raise InputError(
            "Every class must occur.",
            f"Classes {np.flatnonzero(seen == 0).tolist()} have no row.",
            "Leave unused classes out.",
        )
    offset = _check_offset(offset, design.n_rows, n_classes)
    with row_threads(design) as over:
        triangle = column_triangle(design, weights, over)
        if not np.isfinite(triangle).all():
            design.check_finite()
        _, kept, _ = solve_triangle(triangle, np.zeros(design.n_columns))
        hill = Hill(design, codes, n_classes, weights, offset, kept, over)
        outcome = newton(hill, max_iterations)
    null = _null_deviance(design, codes, n_classes, weights, offset)
    return _summary(hill, outcome, null, weights)


@checked(intercept=flag())
def predict_multinomial(coef, x, offset=None, *, intercept=True):
    """Class probabilities of new rows.

    Parameters
    ----------
    coef : ndarray of float64, shape (n_classes - 1, n_columns)
        NaN (aliased columns) adds nothing.
    x : array_like, shape (n_rows, n_features)
    offset : array_like of float64, shape (n_rows, n_classes - 1), optional
    intercept : bool

    Returns
    -------
    ndarray of float64, shape (n_rows, n_classes)
    """
    eta = predict_link(coef, x, intercept=intercept).T
    return class_shares(eta if offset is None else eta + _check_offset(offset, len(eta), len(coef) + 1))


def _check_codes(codes, n_classes, n_rows):
    codes = np.asarray(codes)
    whole = codes.dtype.kind in "iub" or (codes.dtype.kind == "f" and bool((codes == np.rint(codes)).all()))
    if (
        n_classes < 2
        or codes.shape != (n_rows,)
        or n_rows == 0
        or not whole
        or codes.min() < 0
        or codes.max() >= n_classes
    ):
        raise InputError(
            "`codes` must be one whole number from 0 to n_classes - 1 for each row of `x`.",
            f"Shape {codes.shape}, type {codes.dtype}, {n_classes} classes, {n_rows} rows.",
            "Code the classes 0, 1, 2, ...",
        )
    return codes.astype(np.intp)


def _check_offset(offset, n_rows, n_classes):
    if offset is None:
        return None
    offset = np.asarray(offset, dtype=float)
    if offset.shape != (n_rows, n_classes - 1) or not np.isfinite(offset).all():
        raise InputError(
            "`offset` must be finite, with one column for each class but the first.",
            f"Its shape is {offset.shape}, with {n_rows} rows and {n_classes} classes.",
            "Leave it out, or give each class its own column.",
        )
    return offset


def _null_deviance(design, codes, n_classes, weights, offset):
    w = np.ones(codes.size) if weights is None else weights
    if offset is not None:
        null = Design(np.empty((design.n_rows, 0)), design.intercept)
        with row_threads(null) as over:
            hill = Hill(null, codes, n_classes, weights, offset, np.arange(null.n_columns), over)
            return newton(hill, 50)[1]
    if not design.intercept:
        return float(2.0 * w.sum() * np.log(n_classes))
    count = np.bincount(codes, weights=w, minlength=n_classes)
    return float(-2.0 * np.sum(count * np.log(count / count.sum())))


def _summary(hill, outcome, null, weights):
    coef, deviance, hessian, iterations, converged, moved = outcome
    m, k, kept = hill.n_classes - 1, hill.design.n_columns, hill.kept
    places = (np.arange(m)[:, None] * k + kept).ravel()
    wide, vcov = np.full((m, k), np.nan), np.full((m * k, m * k), np.nan)
    wide[:, kept] = coef
    size = np.sqrt(np.maximum(np.diag(hessian), np.finfo(float).tiny))
    vcov[np.ix_(places, places)] = np.linalg.pinv(hessian / np.outer(size, size), hermitian=True) / np.outer(
        size, size
    )
    table = coefficient_table(wide.ravel(), vcov)
    table = {n: v.reshape(m, k) for n, v in table.items() if n != "statistic_name"}
    live = hill.design.n_rows if weights is None else int(np.count_nonzero(weights))
    n_parameters = m * kept.size
    aliased = np.ones(k, dtype=bool)
    aliased[kept] = False
    return MultinomialFit(
        coef=wide,
        vcov=vcov,
        **table,
        aliased=aliased,
        rank=kept.size,
        n_parameters=n_parameters,
        fitted=hill.fitted,
        deviance=deviance,
        null_deviance=null,
        aic=deviance + 2.0 * n_parameters,
        bic=deviance + np.log(hill.design.n_rows) * n_parameters,
        log_lik=-deviance / 2.0,
        df_residual=live * m - n_parameters,
        df_null=live * m - m * hill.design.intercept,
        iterations=iterations,
        converged=converged,
        last_step=moved,
        intercept=hill.design.intercept,
        n_rows=hill.design.n_rows,
    )
