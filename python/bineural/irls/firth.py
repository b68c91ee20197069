"""Firth's logistic regression: the score is corrected so that the leading bias of the estimates goes away.

Each row's residual gains h (1/2 - mu), with h its leverage; the estimates are finite even under separation
and maximise the likelihood times the square root of the information's determinant (Jeffreys).
References: Firth (1993). Biometrika 80(1), 27-38.
Heinze and Schemper (2002). Statistics in Medicine 21, 2409-2419.
"""

import numpy as np

from bineural.checks import checked, flag, whole

from ..errors import InputError
from .families import get_family
from .fit import summarise
from .iterate import State
from .passes import column_triangle
from .rows import Rows
from .solve import solve_triangle
from .threads import row_threads


@checked(intercept=flag(), max_iterations=whole(1))
def fit_firth(
    x, y, *, intercept=True, family="binomial", link=None, weights=None, offset=None, max_iterations=100
):
    """Fit a logistic regression with Firth's bias reduction [1]_.

    Parameters
    ----------
    x, y, intercept, weights, offset
        As for `fit_irls`.
    family, link : str
        Only "binomial" with "logit" (the default).
    max_iterations : int

    Returns
    -------
    IRLSFit
        Standard errors come from the information at the estimates; deviance, AIC and the like are those of
        the plain likelihood there. `null_deviance` is that of the plain null model.

    Raises
    ------
    InputError
        As for `fit_irls`, and for other families or links.

    References
    ----------
    .. [1] Firth (1993). Bias reduction of maximum likelihood estimates. *Biometrika* 80(1), 27-38.

    Examples
    --------
    >>> fit = fit_firth([[1], [2], [3], [4], [5], [6]], [0, 0, 0, 1, 1, 1])
    >>> [round(float(b), 6) for b in fit.coef]
    [-3.951194, 1.128912]
    """
    family = get_family(family, link)
    if family.name != "binomial" or family.link.name != "logit":
        raise InputError(
            "Firth's method must have the binomial family with the logit link here.",
            f"The family is {family.name} with the {family.link.name} link.",
            "Use a ridge penalty for other families.",
        )
    rows = Rows(x, y, family, intercept, weights, offset)
    with row_threads(rows.design) as over:
        kept, triangle = kept_columns(rows, over)
        climb = Climb(rows, kept, over)
        iterations, converged, step = ascend(climb, max_iterations)
    rows.eta, rows.mu = climb.eta, climb.mu
    coef = np.zeros(rows.design.n_columns)
    coef[kept] = climb.coef
    state = State(coef, kept, climb.factor, triangle, climb.deviance, pearson=0.0)
    state.iterations, state.converged, state.last_step = iterations, converged, step
    return summarise(rows, state)


def kept_columns(rows, over):
    """Return the columns that earlier ones do not already say, and the triangle of all."""
    triangle = column_triangle(rows.design, rows.weights, over)
    if not np.isfinite(triangle).all():
        rows.design.check_finite()
    return solve_triangle(triangle, np.zeros(rows.design.n_columns))[1], triangle


class Climb:
    """The estimates so far, and the information and corrected score that they give.

    Parameters
    ----------
    rows : Rows
    kept : ndarray of int
        Columns in the model, whose information is the penalty.
    over : callable
        Of `row_threads`.
    coef : ndarray of float64, shape (n_kept,), optional
        Where to start.
    free : ndarray of bool, shape (n_kept,), optional
        Coefficients that move; all unless it is given.
    """

    def __init__(self, rows, kept, over, coef=None, free=None):
        self.rows, self.kept, self.over = rows, kept, over
        self.free = np.ones(kept.size, dtype=bool) if free is None else free
        self.coef = np.zeros(kept.size) if coef is None else coef
        self.eta = np.empty(rows.n_rows)
        self.visit(self.coef)

    def visit(self, coef):
        """Move to coefficients; gives the deviance minus the log-determinant of the information."""
        rows, k = self.rows, self.kept.size
        wide = np.zeros(rows.design.n_columns)
        wide[self.kept] = coef

        def lane(start, stop):
            info = np.zeros((k, k))
            for first, last in rows.design.blocks(start, stop):
                offset = None if rows.offset is None else rows.offset[first:last]
                eta = self.eta[first:last] = rows.design.linear(rows.design.read(first, last), wide, offset)
                root = self._root(eta, slice(first, last))
                block = rows.design.full(first, last)[:, self.kept] * root[:, None]
                info += block.T @ block
            return info

        info = np.sum(self.over(lane), axis=0)
        self.mu = rows.family.link.mean(self.eta)
        unit = rows.family.unit_deviance(rows.y, self.mu)
        self.deviance = float(unit.sum() if rows.weights is None else np.dot(unit, rows.weights))
        size = np.sqrt(np.diag(info))
        self.coef = coef
        try:
            self.factor = np.linalg.cholesky(info / np.outer(size, size)).T * size
        except np.linalg.LinAlgError:  # a step so long that the information is lost; it will be halved
            self.objective = np.inf
            return np.inf
        self.objective = self.deviance - 2.0 * float(np.log(np.diag(self.factor)).sum())
        return self.objective

    def _root(self, eta, place):
        slope = self.rows.family.link.slope(eta)
        return np.sqrt(slope if self.rows.weights is None else slope * self.rows.weights[place])

    def step(self):
        """Give the next step, from the corrected score."""
        rows = self.rows
        inverse = np.linalg.inv(self.factor)

        def lane(start, stop):
            score = np.zeros(self.kept.size)
            for first, last in rows.design.blocks(start, stop):
                place = slice(first, last)
                block = rows.design.full(first, last)[:, self.kept]
                root = self._root(self.eta[place], place)
                leverage = np.square((block @ inverse) * root[:, None]).sum(axis=1)
                mu, pull = self.mu[place], rows.y[place] - self.mu[place]
                if rows.weights is not None:
                    pull = pull * rows.weights[place]
                score += block.T @ (pull + leverage * (0.5 - mu))
            return score

        score = np.sum(self.over(lane), axis=0)
        if self.free.all():
            return inverse @ (inverse.T @ score)
        step, information = np.zeros_like(score), (self.factor.T @ self.factor)[np.ix_(self.free, self.free)]
        step[self.free] = np.linalg.solve(information, score[self.free])
        return step


def ascend(climb, max_iterations):
    """Climb by scoring steps, halved while the penalised likelihood falls."""
    size = np.inf
    for iteration in range(1, max_iterations + 1):
        step, origin, before = climb.step(), climb.coef, climb.objective
        size = float(np.sqrt(np.square(climb.factor @ step).sum()))  # in standard errors
        for _ in range(30):
            if climb.visit(origin + step) <= before + 1e-9 * (abs(before) + 1.0):
                break
            step = step / 2.0
        if size < 1e-9:
            return iteration, True, size
    return max_iterations, False, size
