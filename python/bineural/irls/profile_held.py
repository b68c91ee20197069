"""Profile intervals of Firth's and of multinomial fits: one coefficient is held, the others are fitted again.

The bounds are those where twice the (penalised) log-likelihood has fallen by the quantile of chi squared. Of
Firth's fits the penalty stays that of the whole model, as Heinze and Schemper have it.
References: Heinze and Schemper (2002). Statistics in Medicine 21, 2409-2419.
Venables and Ripley (2002). Modern Applied Statistics with S, section 8.4.
"""

from statistics import NormalDist

import numpy as np

from bineural.checks import checked, flag, share

from .families import get_family
from .firth import Climb, ascend, kept_columns
from .rows import Design, Rows, check_weights
from .softmax import Hill, newton
from .threads import row_threads

_ROUNDS = 50
_FARTHEST = 25.0  # standard errors from the estimate
_LEVEL = share(open_ends=True, hint="Use 0.95 for 95 %.")


def _bounds(centre, unit, level, fit_held, best, start):
    """Solve for both bounds of a coefficient.

    Parameters
    ----------
    centre, unit : float
        Estimate and standard error.
    level : float
    fit_held : callable
        Takes the coefficients to start from and the value that is held; returns what is minimised.
    best : float
        What is minimised, at the fit.
    start : ndarray
        Coefficients of the fit.

    Returns
    -------
    list of float
        NaN where nothing is lost up to `_FARTHEST` standard errors.
    """
    from scipy.optimize import brentq

    half, bounds = NormalDist().inv_cdf(0.5 + level / 2.0), []
    for sign in (-1, 1):

        def gap(steps, sign=sign):
            lost = fit_held(start, centre + sign * steps * unit)
            return (np.sqrt(max(lost - best, 0.0)) if np.isfinite(lost) else 1e9) - half

        high, bound = half, np.nan
        while gap(0.0) < 0 and high < _FARTHEST:
            if gap(high) > 0:
                bound = centre + sign * unit * brentq(gap, 0.0, high, xtol=1e-7, rtol=1e-9)
                break
            high *= 1.5
        bounds.append(bound)
    return bounds


@checked(level=_LEVEL, intercept=flag())
def profile_firth(x, y, fit, *, level=0.95, weights=None, offset=None, intercept=True):
    """Find intervals of the coefficients from the profile of the penalised likelihood.

    Parameters
    ----------
    x, y, weights, offset, intercept
        As they were given to `fit_firth`.
    fit : IRLSFit
        Of those rows.
    level : float

    Returns
    -------
    ndarray of float64, shape (n_columns, 2)
        NaN where aliased.
    """
    bounds = np.full((fit.coef.size, 2), np.nan)
    rows = Rows(x, y, get_family(), intercept, weights, offset)
    with row_threads(rows.design) as over:
        kept = np.flatnonzero(~fit.aliased)
        best = Climb(rows, kept, over, fit.coef[kept]).objective
        for place, column in enumerate(kept):
            free = np.arange(kept.size) != place

            def hold(coef, value, free=free):
                climb = Climb(rows, kept, over, np.where(free, coef, value), free)
                ascend(climb, _ROUNDS)
                return climb.objective

            own = float(fit.coef[column]), float(fit.std_error[column])
            bounds[column] = _bounds(*own, level, hold, best, fit.coef[kept])
    return bounds


@checked(intercept=flag())
def firth_objective(x, y, fit, *, weights=None, offset=None, intercept=True):
    """Return minus twice the penalised log-likelihood at a fit.

    Parameters
    ----------
    x, y, weights, offset, intercept
        As they were given to `fit_firth`.
    fit : IRLSFit
        Of those rows.

    Returns
    -------
    float
    """
    rows = Rows(x, y, get_family(), intercept, weights, offset)
    with row_threads(rows.design) as over:
        kept = np.flatnonzero(~fit.aliased)
        return Climb(rows, kept, over, fit.coef[kept]).objective


@checked(intercept=flag())
def firth_without(x, y, columns, *, weights=None, offset=None, intercept=True):
    """Return twice the penalised log-likelihood that is lost when coefficients are held at 0.

    Parameters
    ----------
    x, y, weights, offset, intercept
        As they were given to `fit_firth`.
    columns : sequence of int
        0 is the intercept, where there is one.

    Returns
    -------
    loss : float
    df : int
        Columns among them that are not aliased.
    """
    rows = Rows(x, y, get_family(), intercept, weights, offset)
    with row_threads(rows.design) as over:
        kept, _ = kept_columns(rows, over)
        free = ~np.isin(kept, list(columns))
        whole, part = Climb(rows, kept, over), Climb(rows, kept, over, free=free)
        for climb in (whole, part):
            ascend(climb, _ROUNDS)
    return max(part.objective - whole.objective, 0.0), int((~free).sum())


@checked(level=_LEVEL, intercept=flag())
def profile_multinomial(x, codes, fit, *, level=0.95, weights=None, intercept=True):
    """Find profile-likelihood intervals of the coefficients of several classes.

    Parameters
    ----------
    x, codes, weights, intercept
        As they were given to `fit_multinomial`.
    fit : MultinomialFit
        Of those rows.
    level : float

    Returns
    -------
    ndarray of float64, shape (n_classes - 1, n_columns, 2)
        NaN where aliased, and where the likelihood never falls far enough (as under separation).
    """
    n_others, n_columns = fit.coef.shape
    bounds = np.full((n_others, n_columns, 2), np.nan)
    design, kept = Design(x, intercept), np.flatnonzero(~fit.aliased)
    weights = check_weights(weights, design.n_rows)
    with row_threads(design) as over:
        hill = Hill(design, np.asarray(codes, dtype=np.intp), n_others + 1, weights, None, kept, over)
        for k in range(n_others):
            for place, column in enumerate(kept):
                free = np.ones((n_others, kept.size), dtype=bool)
                free[k, place] = False

                def hold(coef, value, free=free):
                    return newton(hill, _ROUNDS, np.where(free, coef, value), free)[1]

                own = float(fit.coef[k, column]), float(fit.std_error[k, column])
                if np.isfinite(own).all():
                    bounds[k, column] = _bounds(*own, level, hold, fit.deviance, fit.coef[:, kept])
    return bounds
