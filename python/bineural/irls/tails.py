"""Families without the bounds that R's links put on means, for fits that have to find their way from far out.

R holds means 2e-16 away from 0 and 1 (the log link: from 0), so the deviance is flat out there and jumps on
the way. Here it goes on as the formulas say, from logarithms of both probabilities and their slopes.
"""

import copy

import numpy as np

from .family import Binomial
from .links import Log


def unbounded(family):
    """Give a family with the same name and link whose likelihood has no bounds."""
    if family.name == "binomial" and family.link.name in _TAILS:
        return UnboundedBinomial(family.link.name)
    free = copy.copy(family)
    free.link = UnboundedLog if family.link.name == "log" else family.link
    return free


class UnboundedLog(Log):
    """log(mu), for every positive mean."""

    @staticmethod
    def mean(eta):
        """exp(eta); infinite or 0, which no family takes, where numbers end."""
        with np.errstate(over="ignore"):
            return np.exp(eta)

    slope = mean


class UnboundedBinomial(Binomial):
    """Shares of events, their likelihood from the logarithms of both probabilities."""

    def working(self, y, eta, binary=False):
        """As for every family."""
        with np.errstate(all="ignore"):
            log_mean, log_rest, up, down = _TAILS[self.link.name](eta)
            root = np.sqrt(up) * np.sqrt(down)
            residual = np.where(root > 0, (y * up - (1.0 - y) * down) / root, 0.0)
            unit = np.where(y > 0, y * (np.log(y) - log_mean), 0.0)
            unit += np.where(y < 1, (1.0 - y) * (np.log1p(-y) - log_rest), 0.0)
            unit *= 2.0
        return np.exp(log_mean), unit, root, residual, bool(np.isfinite(unit).all())


def _logit(eta):
    """Log of the mean and of the rest, and the slope of each upwards and downwards."""
    from scipy.special import expit, log_expit

    return log_expit(eta), log_expit(-eta), expit(-eta), expit(eta)


def _probit(eta):
    from scipy.special import log_ndtr

    log_mean, log_rest = log_ndtr(eta), log_ndtr(-eta)
    log_slope = -0.5 * (eta * eta + np.log(2.0 * np.pi))
    return log_mean, log_rest, np.exp(log_slope - log_mean), np.exp(log_slope - log_rest)


def _cloglog(eta):
    rate = np.exp(eta)
    return np.log(-np.expm1(-rate)), -rate, np.where(rate > 0, rate / np.expm1(rate), 1.0), rate


_TAILS = {"logit": _logit, "probit": _probit, "cloglog": _cloglog}
