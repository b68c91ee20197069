"""A ridge whose strength is chosen within its rows: the power of ten by folds, the rest by rows left out.

Where maximum likelihood has no finite answer (separated classes, more columns than rows) the best model of
the same columns is a penalised one, and how much to penalise must be learnt from the training rows alone.
Leaving out row i moves its linear predictor by about h g / (1 - w h), with its leverage h, score g and weight
w in the penalised fit: exact for least squares, and close for every other family [1]_ unless the row's
absence separates the classes; therefore the power of ten is chosen by five folds, dealt out in the outcome's
order. So is the rest where several classes have so many coefficients that single rows take long. No rows are
drawn, and the choice is the same every time.

The penalty, the standardised columns and the scale of the strength are those of `fit_penalised`.

References
----------
.. [1] Rad and Maleki (2020). A scalable estimate of the out-of-sample prediction error via approximate
   leave-one-out cross-validation. *Journal of the Royal Statistical Society B* 82(4), 965-996.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from bineural.checks import checked, choice, flag, whole

from ..errors import InputError
from .families import get_family
from .multinomial import _check_codes
from .penalised import PenalisedFit, _standardise
from .ridge_classes import ManyClasses
from .rows import Design, Rows, as_vector, check_weights
from .threads import one_matrix_thread

_WEAKEST = 1e-4  # least strength times the sum of weights that is tried
_FOLDS = 5
_FINE = (10.0**0.5, 10.0**0.25)  # steps around the best power of ten


class Rotated(NamedTuple):
    """Standardised rows with the intercept first, turned into as few columns as there are dimensions."""

    z: np.ndarray  # (n_rows, n_directions), a column of ones first when there is an intercept
    back: np.ndarray | None  # (n_directions less the intercept, n_features); None where nothing was turned
    centers: np.ndarray
    scales: np.ndarray
    intercept: bool

    def coefficients(self, gamma):
        """Turn coefficients of `z`, (n_directions, ...), into those of the columns as they were given."""
        first, slopes = (gamma[:1], gamma[1:]) if self.intercept else (0.0, gamma)
        slopes = slopes if self.back is None else self.back.T @ slopes
        slopes = (slopes.T / self.scales).T
        if not self.intercept:
            return slopes
        return np.concatenate([first - np.tensordot(self.centers, slopes, 1)[None], slopes])


@checked(
    family=choice("binomial", "multinomial", "gaussian", "poisson", "gamma"),
    intercept=flag(),
    n_classes=whole(2).or_none(),
)
def fit_chosen_ridge(
    x, y, family="binomial", link=None, *, intercept=True, weights=None, offset=None, n_classes=None
):
    """Fit a ridge regression whose strength has the least mean deviance of rows that are left out.

    Parameters
    ----------
    x, y, intercept, weights, n_classes
        As for `fit_penalised`; for the binomial family shares of events too, with the trials as weights.
    family : {"binomial", "multinomial", "gaussian", "poisson", "gamma"}
    link : str, optional
        None takes R's default.
    offset : array_like of float64, shape (n_rows,), optional
        Not for several classes.

    Returns
    -------
    PenalisedFit
        Its `strength` is the one that was chosen.

    Raises
    ------
    InputError
        As for `fit_irls`.
    """
    design = Design(x, intercept)
    design.check_finite()
    weights = check_weights(weights, design.n_rows)
    live = np.arange(design.n_rows) if weights is None else np.flatnonzero(weights)
    with one_matrix_thread():  # hundreds of small systems
        hill = _make_hill(design, y, family, link, weights, offset, n_classes, live)
        penalty, near = _choose(hill)
        gamma, converged = hill.climb(near, penalty, tolerance=1e-13)
    coef = hill.rows.coefficients(gamma)
    if family == "multinomial":
        coef = (coef[:, 1:] - coef[:, :1]).T
    return PenalisedFit(
        coef=coef,
        fitted=hill.fitted_of_all(design, coef),
        deviance=hill.deviance(gamma),
        n_nonzero=design.n_features,
        centers=hill.rows.centers,
        scales=hill.rows.scales,
        converged=converged,
        family=family,
        link=hill.link,
        penalty="ridge",
        strength=float(penalty / hill.total),
        intercept=bool(intercept),
        n_rows=design.n_rows,
    )


def _choose(hill):
    """Return the best penalty, strength times total weight, and its coefficients.

    Powers of ten downwards, until two in a row are worse than one before (of very many coefficients one, as
    weaker penalties take longer and longer); then finer steps around the best. A row whose absence separates
    the classes moves farther than one step tells, so unless steps are exact the power of ten is chosen by
    folds.
    """
    start, ends = hill.start(), {}

    def lost(penalty, start, measure):
        ends[penalty], converged = hill.climb(start, penalty)
        value = measure(ends[penalty], penalty) if converged else np.inf
        return value if np.isfinite(value) else np.inf

    coarse, penalty, worse = {}, hill.strongest(), 0
    measure = hill.left_out_deviance if hill.exact else partial(_fold_deviance, hill)
    patience = 2 if hill.leaves_out_rows else 1
    while penalty >= _WEAKEST and worse < patience:
        best_before = min(coarse.values(), default=np.inf)
        coarse[penalty] = lost(penalty, start, measure)
        worse = worse + 1 if coarse[penalty] > best_before else 0
        start, penalty = ends[penalty], penalty / 10.0
    best = min(coarse, key=coarse.get)
    if not np.isfinite(coarse[best]):
        raise InputError(
            "A ridge must converge for some strength.",
            f"It did for none of {len(coarse)}.",
            "Scale the columns, or drop some.",
        )
    measure = hill.left_out_deviance if hill.leaves_out_rows else measure
    fine = {best: measure(ends[best], best)}
    for step in _FINE:
        for near in (best * step, best / step):
            fine[near] = lost(near, ends[best], measure)
        best = min(fine, key=fine.get)
    return best, ends[best]


def _fold_deviance(hill, gamma, penalty):
    """Return the mean deviance of rows by the fits to the other folds, dealt out in the outcome's order."""
    order = np.argsort(hill.outcome, kind="stable")
    fold = np.empty(len(order), dtype=np.intp)
    fold[order] = np.arange(len(order)) % _FOLDS
    weights, total = hill.weights, 0.0
    for k in range(_FOLDS):
        hill.weights = np.where(fold == k, 0.0, weights)
        there, converged = hill.climb(gamma, penalty, tolerance=1e-5)
        hill.weights = np.where(fold == k, weights, 0.0)
        total += hill.deviance(there) if converged else np.inf
    hill.weights = weights
    return total / hill.total


def _make_hill(design, y, family, link, weights, offset, n_classes, live):
    """Make what is climbed: the penalised likelihood of one linear predictor, or of one for each class."""
    w = None if weights is None else weights[live]
    table, centers, scales = _standardise(Design(design.read(0, design.n_rows)[live], design.intercept), w)
    back = None
    if table.shape[1] > len(table):
        u, size, back = np.linalg.svd(table, full_matrices=False)
        kept = size > 1e-10 * size.max(initial=0.0)
        table, back = u[:, kept] * size[kept], back[kept]
    z = np.column_stack([np.ones(len(table)), table]) if design.intercept else table
    rows = Rotated(z, back, centers, scales, design.intercept)
    w = np.ones(len(live)) if w is None else w
    if family == "multinomial":
        if offset is not None:
            raise InputError(
                "A ridge of several classes can't take an offset.", "Found one.", "Leave it out."
            )
        n_classes = int(np.max(y)) + 1 if n_classes is None else n_classes
        codes = _check_codes(y, n_classes, design.n_rows)
        return ManyClasses(rows, codes[live], n_classes, w)
    known = Rows(design, y, get_family(family, link), design.intercept)
    offset = as_vector(offset, "offset", design.n_rows)
    return OnePredictor(rows, known, live, w, offset)


class OnePredictor:
    """The penalised likelihood of a family with one linear predictor."""

    leaves_out_rows = True

    def __init__(self, rows, known, live, weights, offset):
        self.rows, self.weights, self.total = rows, weights, float(weights.sum())
        self.family, self.link, self.binary = known.family, known.family.link.name, known.binary
        self.y = self.outcome = known.y[live]
        self.exact = (self.family.name, self.link) == ("gaussian", "identity")  # of steps without a row
        self.every_offset = offset
        self.offset = np.zeros(len(live)) if offset is None else offset[live]

    def start(self):
        """Return coefficients of no predictor: the outcome's mean."""
        gamma = np.zeros(self.rows.z.shape[1])
        if self.rows.intercept:
            with np.errstate(all="ignore"):
                mean = self.family.link.link(np.average(self.y, weights=self.weights))
            gamma[0] = (mean if np.isfinite(mean) else 0.0) - np.average(self.offset, weights=self.weights)
        return gamma

    def strongest(self):
        """Return the power of ten at which the penalty outweighs what the rows say in any direction."""
        root = self._look(self.start())[2]
        bent = self.rows.z[:, self.rows.intercept :] * np.sqrt(self.weights * root**2)[:, None]
        most = np.linalg.norm(bent, 2) ** 2 if bent.size else 0.0
        return 10.0 ** (np.ceil(np.log10(max(most, 1e-3))) + 1)

    def _look(self, gamma):
        eta = self.rows.z @ gamma + self.offset
        mu, unit, root, residual, sure = self.family.working(self.y, eta, self.binary)
        valid = sure or (self.family.valid(mu) and self.family.link.valid(eta))
        deviance = float(np.dot(unit, self.weights)) if valid else np.inf
        return eta, deviance, root, residual

    def deviance(self, gamma):
        """Return the deviance at some coefficients."""
        return self._look(gamma)[1]

    def _penalties(self, penalty):
        each = np.full(self.rows.z.shape[1], penalty)
        if self.rows.intercept:
            each[0] = 0.0
        return each

    def climb(self, gamma, penalty, tolerance=1e-8, max_iterations=50):
        """Take scoring steps, halved while the penalised deviance rises; return (coefficients, converged)."""
        each, z = self._penalties(penalty), self.rows.z
        _, deviance, root, residual = self._look(gamma)
        objective = deviance + float(each @ gamma**2)
        for _ in range(max_iterations):
            bent = z * (root * np.sqrt(self.weights))[:, None]
            pull = z.T @ (root * residual * self.weights) - each * gamma
            step = _solve(bent.T @ bent + np.diag(each), pull)
            gain, origin, before = float(pull @ step), gamma, objective
            if not np.isfinite(gain):
                return gamma, False
            for _ in range(40):
                gamma = origin + step
                _, deviance, root, residual = self._look(gamma)
                objective = deviance + float(each @ gamma**2)
                if objective <= before + 1e-12 * (abs(before) + 0.1):
                    break
                step = step / 2.0
            if gain < tolerance * (0.1 + abs(objective)):
                return gamma, True
        return gamma, False

    def left_out_deviance(self, gamma, penalty):
        """Return the mean deviance of rows by the fits that lack them, approximately."""
        z = self.rows.z
        eta, _, root, residual = self._look(gamma)
        bent = z * (root * np.sqrt(self.weights))[:, None]
        inverse = _inverse(bent.T @ bent + np.diag(self._penalties(penalty)))
        leverage = np.einsum("ij,ij->i", z @ inverse, z)
        work, pull = self.weights * root**2, self.weights * root * residual
        with np.errstate(all="ignore"):
            eta = eta - leverage * pull / (1.0 - np.minimum(work * leverage, 1.0 - 1e-10))
            unit = self.family.unit_deviance(self.y, self.family.link.mean(eta))
        return float(np.average(unit, weights=self.weights))

    def fitted_of_all(self, design, coef):
        """Return the means of all rows, those of weight 0 included."""
        eta = design.linear(design.read(0, design.n_rows), coef, self.every_offset)
        return self.family.link.mean(eta)


def _solve(matrix, right):
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        return np.linalg.lstsq(matrix, right, rcond=None)[0]


def _inverse(matrix):
    try:
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.linalg.pinv(matrix, hermitian=True)
