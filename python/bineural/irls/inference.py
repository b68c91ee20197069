"""What follows from a fit: tests, Wald intervals, predictions and their errors, residuals."""

import math

import numpy as np

from bineural.checks import checked, choice, flag, share

from ..errors import InputError
from ..tables.rows import is_sparse
from .families import get_family
from .rows import Design, as_vector


def coefficient_table(coef, vcov, df=None):
    """Standard errors, statistics and two-sided p-values as R's `summary.glm` prints them.

    Parameters
    ----------
    coef : ndarray of float64, shape (n_columns,)
    vcov : ndarray of float64, shape (n_columns, n_columns)
    df : int or None
        Residual degrees of freedom where the dispersion is estimated (t); None means z.

    Returns
    -------
    dict
        `std_error`, `statistic`, `p_value` (ndarrays) and `statistic_name`; NaN where undefined.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        std_error = np.sqrt(np.diag(vcov))
        statistic = coef / std_error
    if df is None:
        p_value = np.array([math.erfc(abs(z) / math.sqrt(2.0)) for z in statistic.tolist()])
    elif df > 0:
        from scipy.special import betainc

        p_value = betainc(df / 2.0, 0.5, df / (df + statistic * statistic))
    else:
        p_value = np.full_like(statistic, np.nan)
    name = "z" if df is None else "t"
    return {"std_error": std_error, "statistic": statistic, "p_value": p_value, "statistic_name": name}


@checked(level=share(open_ends=True, hint="Use 0.95 for 95 %."))
def wald_interval(fit, level=0.95):
    """Interval of the coefficients from their standard errors and normal quantiles, as R's `confint.default`.

    Parameters
    ----------
    fit : IRLSFit
        Or any record with `coef` and `std_error`.
    level : float
        Share of intervals that should cover.

    Returns
    -------
    ndarray of float64, shape (n_columns, 2)
        Lower and upper bounds; NaN where aliased.
    """
    from statistics import NormalDist

    quantile = NormalDist().inv_cdf(0.5 + level / 2.0)
    reach = quantile * fit.std_error
    return np.stack([fit.coef - reach, fit.coef + reach], axis=-1)


@checked(intercept=flag())
def predict_link(coef, x, offset=None, *, intercept=True):
    """Linear predictor of new rows; coefficients that are NaN (aliased columns) add nothing.

    Parameters
    ----------
    coef : ndarray of float64, shape (n_columns,) or (n_fits, n_columns)
        The intercept first, when there is one; one row for each of several fits.
    x : array_like or scipy.sparse matrix, shape (n_rows, n_features)
        As for `fit_irls`.
    offset : array_like of float64, shape (n_rows,), optional
    intercept : bool

    Returns
    -------
    ndarray of float64, shape (n_rows,) or (n_fits, n_rows)

    Raises
    ------
    InputError
        If the number of columns is not that of the coefficients.
    """
    coef = np.asarray(coef, dtype=float)
    if is_sparse(x):
        eta = (x @ coef[..., int(intercept) :].T).T + (coef[..., :1] if intercept else 0.0)
        return eta if offset is None else eta + offset
    design = _design_for(coef, x, intercept)
    coef = np.where(np.isnan(coef), 0.0, coef)
    offset = as_vector(offset, "offset", design.n_rows)
    eta = np.empty((*coef.shape[:-1], design.n_rows))
    for start, stop in design.blocks():
        rows = design.read(start, stop)
        for own in np.ndindex(coef.shape[:-1]):
            eta[own][start:stop] = _weigh(rows, coef[own][int(intercept) :])
    if intercept:
        eta += coef[..., :1]
    return eta if offset is None else eta + offset


@checked(kind=choice("deviance", "pearson", "working", "response"))
def residuals(y, eta, kind, *, family, link, weights=None):
    """How far each row lies from its mean, as R's `residuals(glm, type = kind)`.

    Parameters
    ----------
    y, eta : ndarray of float64, shape (n_rows,)
        Outcome and linear predictor, the offset included.
    kind : {"deviance", "pearson", "working", "response"}
    family, link : str
    weights : ndarray of float64, shape (n_rows,), optional

    Returns
    -------
    ndarray of float64, shape (n_rows,)
    """
    family = get_family(family, link)
    mu = family.link.mean(eta)
    if kind == "response":
        return y - mu
    if kind == "working":
        return (y - mu) / family.link.slope(eta)
    root = 1.0 if weights is None else np.sqrt(weights)
    if kind == "pearson":
        return root * (y - mu) / np.sqrt(family.variance(mu))
    size = root * np.sqrt(np.maximum(family.unit_deviance(y, mu), 0.0))
    return np.where(y > mu, size, -size)


@checked(intercept=flag())
def se_link(vcov, x, *, intercept=True):
    """Standard error of the linear predictor, as R's `predict(type = "link", se.fit = TRUE)`.

    Parameters
    ----------
    vcov : ndarray of float64, shape (n_columns, n_columns)
        Dispersion included; NaN rows (aliased columns) add nothing. When all are NaN, so is the result.
    x : array_like, shape (n_rows, n_features)
    intercept : bool

    Returns
    -------
    ndarray of float64, shape (n_rows,)
    """
    vcov = np.asarray(vcov, dtype=float)
    design = _design_for(np.diag(vcov), x, intercept)
    kept = ~np.isnan(np.diag(vcov))
    if not kept.any() and design.n_columns:  # no degree of freedom left for the dispersion
        return np.full(design.n_rows, np.nan)
    kept_vcov = vcov[np.ix_(kept, kept)]
    if not np.isfinite(kept_vcov).all() or (np.diag(kept_vcov) < 0).any():  # a fit that has run away
        return np.full(design.n_rows, np.nan)
    half = _half_power(kept_vcov)
    error = np.empty(design.n_rows)
    for start, stop in design.blocks():
        image = design.full(start, stop)[:, kept] @ half
        error[start:stop] = np.sqrt(np.square(image).sum(axis=1))
    return error


def _half_power(vcov):
    """Give H with H H' = vcov, through the correlation matrix so that scales don't matter."""
    scale = np.sqrt(np.diag(vcov))
    scale[scale == 0] = 1.0
    correlation = vcov / np.outer(scale, scale)
    try:
        half = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(correlation)
        half = vectors * np.sqrt(np.maximum(values, 0.0))
    return half * scale[:, None]


def _weigh(rows, coef):
    """Return each row's sum of numbers times coefficients: the same bits for equal rows, wherever they stand.

    BLAS adds the last rows of a block in another order, and what parts ties would change an AUROC.
    """
    return np.einsum("ij,j->i", np.ascontiguousarray(rows), coef)


def _design_for(coef, x, intercept):
    design = Design(x, intercept)
    if design.n_columns != coef.shape[-1]:
        raise InputError(
            "`x` must have the columns of the fit.",
            f"It has {design.n_features}, and the fit had {coef.shape[-1] - bool(intercept)}.",
            "Make the new columns as those of the fit were made.",
        )
    return design
