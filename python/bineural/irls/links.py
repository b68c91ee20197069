"""Link functions with R's guards: the mean from the linear predictor and its slope, never quite 0 or 1.

Every function takes and returns float64 arrays of any shape. The bounds (30 for the logit, 700 for the
complementary log-log, the machine epsilon elsewhere) are those of R's `make.link`, so that fits that run
towards the boundary stop where R's do.
"""

import numpy as np

EPSILON = float(np.finfo(float).eps)


class Logit:
    """log(mu / (1 - mu))."""

    name = "logit"

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return np.log(mu / (1.0 - mu))

    @staticmethod
    def mean(eta):
        """Mean of a linear predictor; beyond 30 the odds jump to the machine epsilon or its inverse."""
        odds = _odds(eta)
        return odds / (1.0 + odds)

    @staticmethod
    def slope(eta):
        """Slope of the mean in the linear predictor."""
        odds = _odds(eta)
        slope = odds / (1.0 + odds) ** 2
        far = np.abs(eta) > 30.0
        if far.any():
            slope[far] = EPSILON
        return slope

    @staticmethod
    def valid(eta):
        """Whether every linear predictor has a mean."""
        return True


def _odds(eta):
    """exp(eta) with R's jumps beyond 30 in size."""
    odds = np.exp(np.minimum(eta, 31.0))
    if eta.size and (eta.max() > 30.0 or eta.min() < -30.0):
        odds[eta > 30.0] = 1.0 / EPSILON
        odds[eta < -30.0] = EPSILON
    return odds


class Probit:
    """Normal quantile of the mean."""

    name = "probit"
    valid = Logit.valid

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        from scipy.special import ndtri

        return ndtri(mu)

    @staticmethod
    def mean(eta):
        """Normal probability below the linear predictor."""
        from scipy.special import ndtr, ndtri

        bound = -ndtri(EPSILON)
        return ndtr(np.clip(eta, -bound, bound))

    @staticmethod
    def slope(eta):
        """Normal density, at least the machine epsilon."""
        return np.maximum(np.exp(-0.5 * eta * eta) / np.sqrt(2.0 * np.pi), EPSILON)


class Cauchit:
    """Cauchy quantile of the mean."""

    name = "cauchit"
    valid = Logit.valid

    @staticmethod
    def link(mu):
        """Linear predictor of a mean, from whichever tail is the smaller."""
        small = np.minimum(mu, 1.0 - mu)
        with np.errstate(divide="ignore"):
            size = np.where(small == 0.5, 0.0, 1.0 / np.tan(np.pi * small))
        return np.where(mu < 0.5, -size, size)

    @staticmethod
    def mean(eta):
        """Cauchy probability below the linear predictor."""
        bound = 1.0 / np.tan(np.pi * EPSILON)
        eta = np.clip(eta, -bound, bound)
        far = np.abs(eta) > 1.0
        with np.errstate(divide="ignore"):
            tail = np.arctan(1.0 / eta) / np.pi
        return np.where(far, np.where(eta > 0, 1.0 - tail, -tail), 0.5 + np.arctan(eta) / np.pi)

    @staticmethod
    def slope(eta):
        """Cauchy density, at least the machine epsilon."""
        return np.maximum(1.0 / (np.pi * (1.0 + eta * eta)), EPSILON)


class Cloglog:
    """log(-log(1 - mu))."""

    name = "cloglog"
    valid = Logit.valid

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return np.log(-np.log(1.0 - mu))

    @staticmethod
    def mean(eta):
        """1 - exp(-exp(eta)), kept inside the machine epsilon of 0 and 1."""
        with np.errstate(over="ignore"):
            return np.clip(-np.expm1(-np.exp(eta)), EPSILON, 1.0 - EPSILON)

    @staticmethod
    def slope(eta):
        """Slope of the mean, at least the machine epsilon."""
        eta = np.minimum(eta, 700.0)
        return np.maximum(np.exp(eta) * np.exp(-np.exp(eta)), EPSILON)


class Identity:
    """The mean itself."""

    name = "identity"
    valid = Logit.valid

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return np.array(mu, dtype=float)

    mean = link

    @staticmethod
    def slope(eta):
        """One everywhere."""
        return np.ones_like(eta)


class Log:
    """log(mu)."""

    name = "log"
    valid = Logit.valid

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return np.log(mu)

    @staticmethod
    def mean(eta):
        """exp(eta), at least the machine epsilon."""
        with np.errstate(over="ignore"):
            return np.maximum(np.exp(eta), EPSILON)

    slope = mean


class Sqrt:
    """Square root of the mean; the linear predictor must be positive."""

    name = "sqrt"

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return np.sqrt(mu)

    @staticmethod
    def mean(eta):
        """Square of the linear predictor."""
        return eta * eta

    @staticmethod
    def slope(eta):
        """Slope of the mean."""
        return 2.0 * eta

    @staticmethod
    def valid(eta):
        """Whether every linear predictor is finite and positive."""
        return bool(np.isfinite(eta).all() and (eta > 0).all())


class Inverse:
    """1 / mu; the linear predictor must not be 0."""

    name = "inverse"

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return 1.0 / mu

    mean = link

    @staticmethod
    def slope(eta):
        """Slope of the mean."""
        return -1.0 / (eta * eta)

    @staticmethod
    def valid(eta):
        """Whether every linear predictor is finite and not 0."""
        return bool(np.isfinite(eta).all() and (eta != 0).all())


class InverseSquare:
    """1 / mu^2; the linear predictor must be positive."""

    name = "1/mu^2"
    valid = Sqrt.valid

    @staticmethod
    def link(mu):
        """Linear predictor of a mean."""
        return 1.0 / (mu * mu)

    @staticmethod
    def mean(eta):
        """One over the root of the linear predictor."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return 1.0 / np.sqrt(eta)

    @staticmethod
    def slope(eta):
        """Slope of the mean."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return -0.5 / eta**1.5


_ALL = (Logit, Probit, Cauchit, Cloglog, Identity, Log, Sqrt, Inverse, InverseSquare)
LINKS = {link.name: link for link in _ALL}
