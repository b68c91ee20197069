"""Minus twice the log-likelihood at a fit, by Loader's saddle-point form, as R's `aic` functions count it.

With the deviance at hand only terms in the outcome are left: the Stirling error of each count. This keeps the
digits that differences of log-gamma functions lose when counts or shapes are large.
Reference: Loader (2000). Fast and accurate computation of binomial probabilities.
"""

import math

import numpy as np

_HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
_ERRORS = np.array(
    [0.0] + [math.lgamma(k + 1) - (k + 0.5) * math.log(k) + k - _HALF_LOG_TWO_PI for k in range(1, 16)]
)


def stirling_error(count):
    """Log-factorial of whole numbers minus Stirling's approximation (0 for 0).

    Parameters
    ----------
    count : ndarray of float64
        Whole numbers, 0 or more.

    Returns
    -------
    ndarray of float64
    """
    count = np.asarray(count, dtype=float)
    small = count <= 15
    error = _ERRORS[np.where(small, count, 0).astype(np.intp)]
    return np.where(small, error, _stirling_series(np.where(small, 16.0, count)))


def _stirling_series(x):
    x2 = x * x
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / x2) / x2) / x2) / x2) / x


def binomial_minus_two_log(y, mu, weights, deviance):
    """Binomial: weights are numbers of trials, rounded as R rounds them.

    Parameters
    ----------
    y, mu : ndarray of float64, shape (n_rows,)
    weights : ndarray of float64 or None
    deviance : float

    Returns
    -------
    float
    """
    if weights is None and np.all((y == 0) | (y == 1)):
        return deviance
    trials = np.ones_like(y) if weights is None else weights
    count, size = np.rint(trials * y), np.rint(trials)
    live = size > 0
    count, size, mu = count[live], size[live], mu[live]
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(count > 0, count * np.log(count / (size * mu)), 0.0)
        down = np.where(count < size, (size - count) * np.log((size - count) / (size * (1.0 - mu))), 0.0)
        choices = stirling_error(size) - stirling_error(count) - stirling_error(size - count)
        choices += 0.5 * np.log(size / (count * (size - count))) - _HALF_LOG_TWO_PI
    inside = (count > 0) & (count < size)
    return float(2.0 * np.sum(up + down) - 2.0 * np.sum(choices[inside]))


def gaussian_minus_two_log(y, mu, weights, deviance):
    """Gaussian at the variance deviance / n_rows, plus 2 for that variance; infinite when a weight is 0."""
    with np.errstate(divide="ignore"):
        log_weights = 0.0 if weights is None else float(np.sum(np.log(weights)))
    return gaussian_of_sums(y.size, 0.0, 0.0, log_weights, deviance)


def gaussian_of_sums(n_rows, total, log_y, log_weights, deviance):
    """As `gaussian_minus_two_log`, of the number of rows and the sum of the logs of their weights."""
    if deviance == 0:
        return -math.inf
    return n_rows * (math.log(deviance / n_rows * 2.0 * math.pi) + 1.0) + 2.0 - log_weights


def poisson_minus_two_log(y, mu, weights, deviance):
    """Poisson; infinite when an outcome is not a whole number."""
    whole = np.rint(y)
    if np.any(np.abs(y - whole) > 1e-7 * np.maximum(1.0, y)):
        return math.inf
    some = y > 0
    terms = 2.0 * stirling_error(whole[some]) + np.log(2.0 * np.pi * whole[some])
    return float(deviance + np.sum(terms if weights is None else weights[some] * terms))


def gamma_minus_two_log(y, mu, weights, deviance):
    """Gamma at the dispersion deviance / sum of weights, plus 2 for that dispersion."""
    total = float(y.size) if weights is None else float(np.sum(weights))
    log_y = float(np.sum(np.log(y)) if weights is None else np.sum(weights * np.log(y)))
    return gamma_of_sums(y.size, total, log_y, 0.0, deviance)


def gamma_of_sums(n_rows, total, log_y, log_weights, deviance):
    """As `gamma_minus_two_log`, of the sums of weights and of weight times log of outcome."""
    shape = total / deviance if deviance > 0 else math.inf
    if math.isinf(shape):
        return -math.inf
    if shape > 15:
        error = float(_stirling_series(shape))
    else:
        error = math.lgamma(shape + 1) - (shape + 0.5) * math.log(shape) + shape - _HALF_LOG_TWO_PI
    # lgamma(a) - a log(a) + a, the part that does not cancel
    constant = error + _HALF_LOG_TWO_PI - 0.5 * math.log(shape)
    return total + 2.0 * log_y + 2.0 * total * constant + 2.0


def inverse_gaussian_minus_two_log(y, mu, weights, deviance):
    """Inverse Gaussian at the dispersion deviance / sum of weights, plus 2 for that dispersion."""
    total = float(y.size) if weights is None else float(np.sum(weights))
    log_y = float(np.sum(np.log(y)) if weights is None else np.sum(weights * np.log(y)))
    return inverse_gaussian_of_sums(y.size, total, log_y, 0.0, deviance)


def inverse_gaussian_of_sums(n_rows, total, log_y, log_weights, deviance):
    """As `inverse_gaussian_minus_two_log`, of the sums of weights and of weight times log of outcome."""
    if deviance <= 0:
        return -math.inf
    return total * (math.log(deviance / total * 2.0 * math.pi) + 1.0) + 3.0 * log_y + 2.0


def negative_binomial_minus_two_log(y, mu, weights, theta):
    """Negative binomial of mean mu and variance mu + mu^2 / theta."""
    from scipy.special import gammaln

    terms = (y + theta) * np.log(mu + theta) - np.where(y > 0, y * np.log(mu), 0.0) - theta * math.log(theta)
    terms += gammaln(y + 1.0) + gammaln(theta) - gammaln(theta + y)
    return float(2.0 * np.sum(terms if weights is None else weights * terms))


class LikelihoodSums:
    """Minus twice the log-likelihood of rows that come in parts.

    Parameters
    ----------
    family : Family
        Its `of_sums` makes the likelihood of sums over the rows; where there is none, that of rows is the sum
        of that of their parts.
    """

    def __init__(self, family):
        self.family, self.n_rows, self.total, self.log_y, self.log_weights, self.parts = family, 0, 0, 0, 0, 0

    def add(self, y, mu, weights):
        """Take in the rows of one part."""
        family = self.family
        if family.of_sums is None:
            unit = family.unit_deviance(y, mu)
            deviance = float(unit.sum() if weights is None else np.dot(unit, weights))
            self.parts += family.minus_two_log_likelihood(y, mu, weights, deviance)
            return
        self.n_rows += y.size
        self.total += float(y.size) if weights is None else float(weights.sum())
        if family.name != "gaussian":
            self.log_y += float(np.sum(np.log(y)) if weights is None else np.sum(weights * np.log(y)))
        elif weights is not None:
            with np.errstate(divide="ignore"):
                self.log_weights += float(np.sum(np.log(weights)))

    def minus_two_log(self, deviance):
        """Minus twice the log-likelihood of all of them, at their deviance."""
        if self.family.of_sums is None:
            return self.parts
        return self.family.of_sums(self.n_rows, self.total, self.log_y, self.log_weights, deviance)
