"""The families by name, and those beside the four usual ones: inverse Gaussian, quasi, negative binomial.

A quasi-family has the variance of its family times a dispersion that is estimated, and no likelihood.
References: Wedderburn (1974). Biometrika 61(3), 439-447 (quasi-likelihood).
Venables and Ripley (2002). Modern Applied Statistics with S, section 7.4 (negative binomial).
"""

import re

import numpy as np

from ..errors import InputError
from .family import Binomial, Family, Gamma, Gaussian, Poisson
from .likelihood import (
    inverse_gaussian_minus_two_log,
    inverse_gaussian_of_sums,
    negative_binomial_minus_two_log,
)


class InverseGaussian(Gamma):
    """Positive outcomes whose variance grows with the cube of the mean."""

    name = "inverse_gaussian"
    links = ("1/mu^2", "inverse", "identity", "log")

    @staticmethod
    def variance(mu):
        """Cube of the mean."""
        return mu**3

    @staticmethod
    def unit_deviance(y, mu):
        """Twice the log-likelihood lost by each row, times the dispersion."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.square(y - mu) / (y * mu * mu)

    minus_two_log_likelihood = staticmethod(inverse_gaussian_minus_two_log)
    of_sums = staticmethod(inverse_gaussian_of_sums)


def _no_likelihood(y, mu, weights, deviance):
    return float("nan")


class QuasiBinomial(Binomial):
    """Shares of events with more or less variance than the binomial."""

    name = "quasibinomial"
    estimates_dispersion = True
    minus_two_log_likelihood = staticmethod(_no_likelihood)


class QuasiPoisson(Poisson):
    """Counts with more or less variance than the Poisson."""

    name = "quasipoisson"
    estimates_dispersion = True
    minus_two_log_likelihood = staticmethod(_no_likelihood)


class NegativeBinomial(Poisson):
    """Counts with variance mu + mu^2 / theta.

    Parameters
    ----------
    link : str or None
    theta : float
        Shape, above 0.
    estimated : bool
        Whether `theta` was estimated from the rows.
    """

    links = ("log", "sqrt", "identity")
    is_canonical = False

    def __init__(self, link=None, theta=1.0, estimated=False):
        super().__init__(link)
        self.theta, self.estimates_shape = float(theta), estimated
        self.name = f"negative_binomial({self.theta!r})"

    def __reduce__(self):
        """Pickle by the link's name and theta."""
        return type(self), (self.link.name, self.theta, self.estimates_shape)

    def variance(self, mu):
        """mu + mu^2 / theta."""
        return mu + mu * mu / self.theta

    def unit_deviance(self, y, mu):
        """Twice the log-likelihood lost by each row against its own mean."""
        theta = self.theta
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.where(y > 0, y * np.log(y / mu), 0.0)
            return 2.0 * (own - (y + theta) * np.log((y + theta) / (mu + theta)))

    @staticmethod
    def starting_mean(y, weights):
        """The count, or a sixth for 0."""
        return y + (y == 0) / 6.0

    def minus_two_log_likelihood(self, y, mu, weights, deviance):
        """At this theta; plus 2 where theta was estimated."""
        return negative_binomial_minus_two_log(y, mu, weights, self.theta) + 2.0 * self.estimates_shape


FAMILIES = {
    family.name: family
    for family in (Binomial, Gaussian, Poisson, Gamma, InverseGaussian, QuasiBinomial, QuasiPoisson)
}
_NEGATIVE_BINOMIAL = re.compile(r"negative_binomial\(([0-9.eE+-]+)\)")


def read_theta(family):
    """Return the theta that the name of a negative binomial family holds, as in "negative_binomial(2)"."""
    match = _NEGATIVE_BINOMIAL.fullmatch(family) if isinstance(family, str) else None
    try:
        theta = float(match[1]) if match else 0.0
    except ValueError:
        return None
    return theta if 0 < theta < float("inf") else None


def get_family(family="binomial", link=None):
    """Join a family to a link.

    Parameters
    ----------
    family : str or Family
        "binomial", "gaussian", "poisson", "gamma", "inverse_gaussian", "quasibinomial", "quasipoisson" or
        "negative_binomial(2)", with any theta.
    link : str or None
        None takes R's default: logit, identity, log, inverse, 1/mu^2; log for negative binomial.

    Returns
    -------
    Family

    Raises
    ------
    InputError
        If the family is unknown or can't take the link.
    """
    if isinstance(family, Family):
        return family
    theta = read_theta(family)
    if theta is not None:
        return NegativeBinomial(link, theta)
    if not isinstance(family, str) or family not in FAMILIES:
        raise InputError(
            "`family` must be the name of a family.",
            f"Found {family!r}.",
            f"Try one of {', '.join(FAMILIES)}, negative_binomial(2) with any theta.",
        )
    return FAMILIES[family](link)
