"""Families as R has them: variance, deviance, starting means, valid means, and the default link of each.

Arrays are float64 of any shape, `weights` are R's prior weights or None for ones.
"""

import numpy as np

from ..errors import InputError
from .likelihood import (
    binomial_minus_two_log,
    gamma_minus_two_log,
    gamma_of_sums,
    gaussian_minus_two_log,
    gaussian_of_sums,
    poisson_minus_two_log,
)
from .links import LINKS


class Family:
    """One family joined to one link.

    Parameters
    ----------
    link : str or None
        Name of the link; None takes the family's default.

    Attributes
    ----------
    name : str
        As `get_family` takes it.
    link : class
        One of `bineural.irls.links.LINKS`.
    estimates_dispersion : bool
        Whether the dispersion is estimated (t statistics) or 1 (z statistics).
    estimates_shape : bool
        Whether a parameter of the family itself was estimated, which AIC counts.
    """

    name = ""
    links = ()
    estimates_dispersion = False
    estimates_shape = False
    of_sums = None  # the likelihood of sums over rows, where that of rows is not the sum of that of parts

    def __init__(self, link=None):
        link = self.links[0] if link is None else link
        if link not in LINKS:
            raise InputError(
                "`link` must be the name of a link.",
                f"Found {link!r}.",
                f"Try one of {', '.join(self.links)}.",
            )
        if link not in self.links:
            raise InputError(
                f"The {self.name} family can't take the {link} link.",
                f"`link` is {link!r}.",
                f"Try one of {', '.join(self.links)}.",
            )
        self.link = LINKS[link]

    @property
    def is_canonical(self):
        """Whether the link is the family's default, which is the canonical one."""
        return self.link.name == self.links[0]

    def __reduce__(self):
        """Pickle by the link's name."""
        return type(self), (self.link.name,)

    def working(self, y, eta, binary=False):
        """Give what each row adds to a pass, before prior weights.

        Parameters
        ----------
        y : ndarray of float64, shape (n_rows,)
        eta : ndarray of float64, shape (n_rows,) or (n_fits, n_rows)
        binary : bool
            Whether every outcome is 0 or 1.

        Returns
        -------
        mu, unit : ndarray
            Means and unit deviances.
        root, residual : ndarray
            Square root of the working weight, and the working residual times it; a row that says nothing has
            the root 0 and a residual that may be NaN.
        sure : bool
            Whether means and linear predictors are known to be valid.
        """
        with np.errstate(all="ignore"):
            mu = self.link.mean(eta)
            slope = self.link.slope(eta)
            root = np.abs(slope) / np.sqrt(self.variance(mu))
            return mu, self.unit_deviance(y, mu), root, root * ((y - mu) / slope), False


class Binomial(Family):
    """Shares of events between 0 and 1; the weight is the number of trials."""

    name = "binomial"
    links = ("logit", "probit", "cauchit", "cloglog", "log", "identity")

    @staticmethod
    def variance(mu):
        """mu (1 - mu)."""
        return mu * (1.0 - mu)

    @staticmethod
    def unit_deviance(y, mu):
        """Twice the log-likelihood lost by each row against its own mean, per unit of weight."""
        with np.errstate(divide="ignore", invalid="ignore"):
            up = np.where(y > 0, y * np.log(y / mu), 0.0)
            down = np.where(y < 1, (1.0 - y) * np.log((1.0 - y) / (1.0 - mu)), 0.0)
        return 2.0 * (up + down)

    @staticmethod
    def starting_mean(y, weights):
        """Shares drawn half an observation towards one half."""
        if weights is None:
            return (y + 0.5) / 2.0
        return (weights * y + 0.5) / (weights + 1.0)

    @staticmethod
    def valid(mu):
        """Whether every mean lies strictly between 0 and 1."""
        return bool((mu > 0).all() and (mu < 1).all())

    def working(self, y, eta, binary=False):
        """As for every family, with one exponential and one logarithm for the plain logistic case."""
        if self.link.name != "logit" or not binary or not max(eta.max(), -eta.min()) <= 30.0:
            return super().working(y, eta, binary)
        odds = np.exp(eta)
        rest = 1.0 / (1.0 + odds)
        mu = np.multiply(odds, rest, out=odds)
        root = np.sqrt(np.multiply(mu, rest, out=rest), out=rest)
        residual = (y - mu) / root
        unit = np.abs((1.0 - y) - mu)
        np.log(unit, out=unit)
        unit *= -2.0
        return mu, unit, root, residual, True

    minus_two_log_likelihood = staticmethod(binomial_minus_two_log)
    range_rule = "between 0 and 1"

    @staticmethod
    def in_range(low, high):
        """Whether outcomes from low to high can belong to this family."""
        return low >= 0 and high <= 1


class Gaussian(Family):
    """Real outcomes of constant variance."""

    name = "gaussian"
    links = ("identity", "log", "inverse")
    estimates_dispersion = True

    @staticmethod
    def variance(mu):
        """One everywhere."""
        return np.ones_like(mu)

    @staticmethod
    def unit_deviance(y, mu):
        """Squared distance from the mean."""
        return np.square(y - mu)

    def starting_mean(self, y, weights):
        """Start from the outcome, which must have a linear predictor."""
        if (self.link.name == "inverse" and (y == 0).any()) or (self.link.name == "log" and (y <= 0).any()):
            raise InputError(
                f"The {self.link.name} link must have outcomes that it can take.",
                f"The smallest outcome is {y.min():g}.",
                "Use the identity link, or another family.",
            )
        return y

    @staticmethod
    def valid(mu):
        """Every mean is valid."""
        return True

    minus_two_log_likelihood = staticmethod(gaussian_minus_two_log)
    of_sums = staticmethod(gaussian_of_sums)
    range_rule = "finite"

    @staticmethod
    def in_range(low, high):
        """Whether outcomes from low to high can belong to this family."""
        return True


class Poisson(Family):
    """Counts, or rates with weights."""

    name = "poisson"
    links = ("log", "identity", "sqrt")

    @staticmethod
    def variance(mu):
        """Equal to the mean."""
        return mu

    @staticmethod
    def unit_deviance(y, mu):
        """Twice the log-likelihood lost by each row against its own mean."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return 2.0 * np.where(y > 0, y * np.log(y / mu) - (y - mu), mu)

    @staticmethod
    def starting_mean(y, weights):
        """A tenth above the count."""
        return y + 0.1

    @staticmethod
    def valid(mu):
        """Whether every mean is finite and positive."""
        return bool(np.isfinite(mu).all() and (mu > 0).all())

    minus_two_log_likelihood = staticmethod(poisson_minus_two_log)
    range_rule = "0 or more"

    @staticmethod
    def in_range(low, high):
        """Whether outcomes from low to high can belong to this family."""
        return low >= 0


class Gamma(Family):
    """Positive outcomes with constant coefficient of variation."""

    name = "gamma"
    links = ("inverse", "log", "identity")
    estimates_dispersion = True

    @staticmethod
    def variance(mu):
        """Square of the mean."""
        return mu * mu

    @staticmethod
    def unit_deviance(y, mu):
        """Twice the log-likelihood lost by each row, times the dispersion."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return -2.0 * (np.log(y / mu) - (y - mu) / mu)

    @staticmethod
    def starting_mean(y, weights):
        """Start from the outcome."""
        return y

    valid = staticmethod(Poisson.valid)
    minus_two_log_likelihood = staticmethod(gamma_minus_two_log)
    of_sums = staticmethod(gamma_of_sums)
    range_rule = "greater than 0"

    @staticmethod
    def in_range(low, high):
        """Whether outcomes from low to high can belong to this family."""
        return low > 0
