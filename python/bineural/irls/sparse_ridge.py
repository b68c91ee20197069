"""A ridge of very many sparse columns, such as tf-idf of texts, its strength chosen within its rows by folds.

It minimises the mean negative log-likelihood (gaussian: half the mean squared error) plus strength times half
the sum of squares of the coefficients, the intercept left out, as `fit_penalised`, but of the columns as they
are: rows of tf-idf have length one, and to standardise a rare word would make it the loudest of all. Several
classes have coefficients each, of which those of class 0 are taken off in the end.

Up to 3,000 rows are turned into the directions of their Gram matrix [1]_, where the problem has as many
unknowns as rows and its curvature is nearly diagonal; of more rows the sparse columns stay. Either is climbed
by L-BFGS from SciPy in coordinates of nearly equal curvature. Powers of ten are tried downwards until two in
a row are worse, then half powers around the best, by five folds that are dealt out in the outcome's order: no
rows are drawn, and the choice is the same every time.

References
----------
.. [1] Hastie and Tibshirani (2004). Efficient quadratic regularization for expression arrays.
   *Biostatistics* 5(3), 329-340.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, xlogy

from bineural.checks import checked, choice, flag, number, whole

from ..errors import InputError
from .multinomial import _check_codes
from .penalised import PenalisedFit
from .rows import as_vector, check_weights
from .threads import one_matrix_thread

_MOST_TURNED = 3000  # rows up to which the Gram matrix is decomposed
_FOLDS = 5
_WEAKEST = 1e-9  # times the strongest strength that is tried
_LINKS = {"binomial": "logit", "multinomial": "logit", "gaussian": "identity", "poisson": "log"}


@checked(
    family=choice(*_LINKS, hint="Texts have no GLM of another family; give columns by `features`."),
    strength=number(0, above=True).or_none(),
    intercept=flag(),
    n_classes=whole(2).or_none(),
)
def fit_sparse_ridge(
    x, y, family="binomial", strength=None, *, intercept=True, weights=None, offset=None, n_classes=None
):
    """Fit a ridge regression to sparse columns as they are.

    Parameters
    ----------
    x : scipy.sparse matrix of float64, shape (n_rows, n_features)
    y, intercept, weights, n_classes
        As for `fit_penalised`.
    family : {"binomial", "multinomial", "gaussian", "poisson"}
        With its usual link.
    strength : float, optional
        Weight of the penalty against the mean loss; None chooses it.
    offset : array_like of float64, shape (n_rows,), optional
        Not for several classes.

    Returns
    -------
    PenalisedFit
        With centers of 0 and scales of 1: nothing was standardised.

    Raises
    ------
    InputError
        If there is an offset with several classes, or nothing converges.
    """
    x = sparse.csr_matrix(x)
    n_rows = x.shape[0]
    weights = check_weights(weights, n_rows)
    weights = np.ones(n_rows) if weights is None else weights
    offset = as_vector(offset, "offset", n_rows)
    n_outputs = 1
    if family == "multinomial":
        if offset is not None:
            raise InputError(
                "A ridge of several classes can't take an offset.", "Found one.", "Leave it out."
            )
        n_outputs = int(np.max(y)) + 1 if n_classes is None else n_classes
        y = _check_codes(y, n_outputs, n_rows)
    y = np.asarray(y, dtype=np.intp if family == "multinomial" else np.float64)
    live = np.flatnonzero(weights > 0)
    known = None if offset is None else offset[live]
    with one_matrix_thread():
        turned = _turn(x[live], intercept)
        climb = Climb(turned, y[live], family, n_outputs, weights[live], known, intercept)
        strength = choose_strength(climb) if strength is None else float(strength)
        point, converged = climb.climb(strength)
    coef = turned.coefficients(*climb.parts(point, strength), intercept)
    fitted = _link(coef, x, intercept) + (0.0 if offset is None else offset[:, None])
    mean = _MEANS[family](fitted)
    coef = (coef[:, 1:] - coef[:, :1]).T if family == "multinomial" else coef[:, 0]
    return PenalisedFit(
        coef=coef,
        fitted=mean if family == "multinomial" else mean[:, 0],
        deviance=float(2 * (weights * _deviance_half(family, y, fitted)).sum()),
        n_nonzero=x.shape[1],
        centers=np.zeros(x.shape[1]),
        scales=np.ones(x.shape[1]),
        converged=converged,
        family=family,
        link=_LINKS[family],
        penalty="ridge",
        strength=strength,
        intercept=bool(intercept),
        n_rows=n_rows,
    )


def choose_strength(climb):
    """Return the strength with the least held-out loss."""
    losses, points = {}, {}

    def tried(strength, start):
        losses[strength], points[strength] = climb.held_out_loss(strength, start)

    strength, worse, start = climb.strongest(), 0, None
    weakest = _WEAKEST * strength
    while worse < 2 and strength > weakest:
        best_before = min(losses.values(), default=np.inf)
        tried(strength, start)
        worse = worse + 1 if losses[strength] > best_before else 0
        start, strength = points[strength], strength / 10.0
    best = min(losses, key=losses.get)
    for near in (best * 10.0**0.5, best / 10.0**0.5):
        tried(near, points[best])
    return min(losses, key=losses.get)


# ---- coordinates ----


class Turned(NamedTuple):
    """Rows in coordinates: `z` (n_rows, n_directions), and how coefficients come back."""

    z: object  # dense directions, or the sparse rows themselves
    sizes: np.ndarray  # sum of squares of each direction
    back: object  # takes coefficients (n_directions, k) to those of the columns
    centers: np.ndarray | None

    def coefficients(self, first, slopes, intercept):
        """Return coefficients of the columns as they were given, the intercept first: (n_columns, k)."""
        slopes = self.back(slopes)
        if not intercept:
            return slopes
        first = first if self.centers is None else first - self.centers @ slopes
        return np.vstack([first, slopes])


def _turn(x, intercept):
    """Turn few rows into the directions of their Gram matrix; leave many as they are."""
    n_rows = x.shape[0]
    if n_rows > _MOST_TURNED or x.shape[1] <= 2:
        sizes = np.asarray(x.multiply(x).sum(axis=0)).ravel()
        return Turned(x, sizes, lambda slopes: slopes, None)
    gram = (x @ x.T).toarray()
    centers = np.asarray(x.mean(axis=0)).ravel() if intercept else None
    if intercept:
        means = gram.mean(axis=0)
        gram += means.mean() - means - means[:, None]
    sizes, turn = np.linalg.eigh(gram)
    kept = sizes > 1e-10 * max(sizes.max(initial=0.0), 1e-300)
    sizes, turn = sizes[kept], turn[:, kept]

    def back(slopes):
        weights = turn @ (slopes / np.sqrt(sizes)[:, None])
        slopes = x.T @ weights
        return slopes - np.outer(centers, weights.sum(axis=0)) if intercept else slopes

    return Turned(turn * np.sqrt(sizes), sizes, back, centers)


# ---- the climb ----


def _link(coef, x, intercept):
    slopes = coef[1:] if intercept else coef
    eta = x @ slopes
    return eta + coef[0] if intercept else eta


def _loss_and_slope(family, y, eta):
    """Return the negative log-likelihood of rows (less a constant) and its slope in eta, (n_rows, k)."""
    if family == "multinomial":
        logs = log_softmax(eta, axis=1)
        slope = np.exp(logs)
        rows = np.arange(len(y))
        slope[rows, y] -= 1.0
        return -logs[rows, y], slope
    eta = eta[:, 0]
    if family == "gaussian":
        return 0.5 * (eta - y) ** 2, (eta - y)[:, None]
    if family == "poisson":
        mean = np.exp(np.minimum(eta, 700.0))
        return mean - y * eta, (mean - y)[:, None]
    return np.logaddexp(0.0, eta) - y * eta, (expit(eta) - y)[:, None]


def _deviance_half(family, y, eta):
    """Return half the deviance of each row."""
    loss = _loss_and_slope(family, y, eta)[0]
    if family == "poisson":
        return loss - y + xlogy(y, y)
    if family == "binomial":
        return loss + xlogy(y, y) + xlogy(1 - y, 1 - y)
    return loss


_MEANS = {
    "gaussian": lambda eta: eta,
    "poisson": lambda eta: np.exp(np.minimum(eta, 700.0)),
    "binomial": expit,
    "multinomial": lambda eta: np.exp(log_softmax(eta, axis=1)),
}


class Climb:
    """The penalised likelihood of rows in coordinates, with weights that folds set to 0."""

    def __init__(self, turned, y, family, n_outputs, weights, offset, intercept):
        self.turned, self.y, self.family, self.k = turned, y, family, n_outputs
        self.weights, self.intercept = weights, intercept
        self.offset = 0.0 if offset is None else offset[:, None]
        self.total = float(weights.sum())
        mean = float(np.average(y, weights=weights)) if family != "multinomial" else 1.0 / n_outputs
        spread = {"gaussian": 1.0, "poisson": mean}.get(family, mean * (1.0 - mean))
        self.curvature = max(spread, 1e-3)

    def strongest(self):
        """Return the power of ten at which the penalty outweighs what the rows say in any direction."""
        most = self.curvature * self.turned.sizes.max(initial=1e-3) / self.total
        return 10.0 ** np.ceil(np.log10(most) + 1)

    def _scales(self, strength):
        """Return roots of the curvature of each coordinate, the intercept first: (n_coordinates, 1)."""
        each = self.curvature * self.turned.sizes / self.total + strength
        each = np.concatenate([[self.curvature], each]) if self.intercept else each
        return np.sqrt(each)[:, None]

    def parts(self, point, strength):
        """Return intercepts (k,) and slopes (n_directions, k) of a point as it is climbed."""
        values = point.reshape(-1, self.k) / self._scales(strength)
        return (values[0], values[1:]) if self.intercept else (np.zeros(self.k), values)

    def climb(self, strength, start=None, weights=None, tolerance=1e-9):
        """Return the point of least penalised loss, and whether it was reached."""
        weights = self.weights if weights is None else weights
        share = weights[:, None] / weights.sum()
        scales, z = self._scales(strength), self.turned.z

        def lost(point):
            first, slopes = self.parts(point, strength)
            loss, slope = _loss_and_slope(self.family, self.y, z @ slopes + first + self.offset)
            slope = slope * share
            value = float(loss @ share[:, 0]) + 0.5 * strength * float((slopes**2).sum())
            gradient = z.T @ slope + strength * slopes
            if self.intercept:
                gradient = np.vstack([slope.sum(axis=0), gradient])
            return value, (gradient / scales).ravel()

        begin = np.zeros(len(scales) * self.k) if start is None else (start * scales).ravel()
        how = {"maxiter": 1000, "maxcor": 20, "ftol": tolerance**1.5, "gtol": tolerance**0.5 * 1e-2}
        found = minimize(lost, begin, jac=True, method="L-BFGS-B", options=how)
        return found.x, bool(np.isfinite(found.fun) and found.nit < how["maxiter"])

    def held_out_loss(self, strength, start=None):
        """Return the mean loss of rows by the fits to the other folds, and where the fit of all rows lies.

        `start` and that place are values (n_coordinates, k), which other strengths can start from.
        """
        order = np.argsort(self.y, kind="stable")
        fold = np.empty(len(order), dtype=np.intp)
        fold[order] = np.arange(len(order)) % _FOLDS
        scales, total = self._scales(strength), 0.0
        whole = self.climb(strength, start, tolerance=1e-6)[0]
        place = whole.reshape(-1, self.k) / scales
        for k in range(_FOLDS):
            kept = np.where(fold == k, 0.0, self.weights)
            if not kept.any() or not (fold == k).any():
                continue
            point, converged = self.climb(strength, place, kept, tolerance=1e-6)
            first, slopes = self.parts(point, strength)
            rows = fold == k
            offset = self.offset if np.isscalar(self.offset) else self.offset[rows]
            eta = self.turned.z[rows] @ slopes + first + offset
            loss = _loss_and_slope(self.family, self.y[rows], eta)[0]
            total += float(loss @ self.weights[rows]) if converged else np.inf
        return total / self.total, place
