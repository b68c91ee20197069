"""Negative binomial models: coefficients and theta by turns, as `glm.nb` of R's MASS.

Given theta the model is a GLM; given the means, theta maximises the likelihood by Newton's method.
Reference: Venables and Ripley (2002). Modern Applied Statistics with S, section 7.4.
"""

import numpy as np

from .families import NegativeBinomial, Poisson
from .fit import summarise
from .iterate import iterate
from .rows import Rows

_MOST_ROUNDS = 50
_POISSON = 1e7  # a theta from which on nothing tells the family from the Poisson


def fit_negative_binomial(x, y, *, intercept=True, link=None, weights=None, offset=None, converge="r"):
    """Fit a negative binomial model whose theta is estimated too.

    Parameters
    ----------
    x, y, intercept, weights, offset, converge
        As for `fit_irls`.
    link : {"log", "sqrt", "identity"}, optional

    Returns
    -------
    IRLSFit
        `family` is "negative_binomial(theta)" with the estimate. `converged` is False where theta grows
        without end: the counts vary no more than Poisson counts.

    Raises
    ------
    InputError
        As for `fit_irls`.
    """
    link = NegativeBinomial(link).link.name  # says which links there are
    rows = Rows(x, y, Poisson(link), intercept, weights, offset)
    rows.start()
    state = iterate(rows)
    theta, error = estimate_theta(rows)
    for _ in range(_MOST_ROUNDS):
        if theta >= _POISSON:
            break
        rows.family = NegativeBinomial(link, theta, estimated=True)
        rows.eta = rows.family.link.link(rows.mu)
        state = iterate(rows, converge=converge)
        before, (theta, error) = theta, estimate_theta(rows)
        if abs(theta - before) <= 1e-9 * theta:
            break
    settled = theta < _POISSON and abs(theta - before) <= 1e-6 * theta
    rows.family = NegativeBinomial(link, min(theta, _POISSON), estimated=True)
    rows.eta = rows.family.link.link(rows.mu)
    state = iterate(rows, converge=converge)
    fit = summarise(rows, state, converge)
    fit.theta_error, fit.converged = error, bool(fit.converged and settled)
    if fit.iterations == 1:  # it began where it ended
        fit.last_step = 0.0
    return fit


def estimate_theta(rows):
    """Maximise the likelihood over theta, the means being given.

    Parameters
    ----------
    rows : Rows
        With the means in `mu`.

    Returns
    -------
    theta, std_error : float
    """
    from scipy.special import digamma, polygamma

    y, mu = rows.y, rows.mu
    w = np.ones_like(y) if rows.weights is None else rows.weights
    theta, error = w.sum() / np.sum(w * np.square(y / mu - 1.0)), np.inf
    for _ in range(100):
        theta = min(abs(theta), _POISSON)
        score = digamma(theta + y) - digamma(theta) + np.log(theta) + 1.0
        score = np.sum(w * (score - np.log(theta + mu) - (y + theta) / (mu + theta)))
        curve = polygamma(1, theta) - polygamma(1, theta + y) - 1.0 / theta + 2.0 / (mu + theta)
        curve = np.sum(w * (curve - (y + theta) / np.square(mu + theta)))
        if not curve > 0:  # the likelihood rises without end
            return _POISSON, np.inf
        step, error = score / curve, 1.0 / np.sqrt(curve)
        theta += max(step, -0.9 * theta)
        if abs(step) <= 1e-11 * theta:
            break
    return float(min(theta, _POISSON)), float(error)
