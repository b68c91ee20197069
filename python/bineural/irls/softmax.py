"""The multinomial log-likelihood with its gradient and Hessian over blocks, and Newton's way up it."""

import numpy as np


def class_shares(eta):
    """Class probabilities from the linear predictors against class 0."""
    full = np.concatenate([np.zeros((len(eta), 1)), eta], axis=1)
    full -= full.max(axis=1, keepdims=True)
    np.exp(full, out=full)
    full /= full.sum(axis=1, keepdims=True)
    return full


class Hill:
    """The log-likelihood, its gradient and its Hessian at coefficients of the kept columns."""

    def __init__(self, design, codes, n_classes, weights, offset, kept, over):
        self.design, self.codes, self.n_classes = design, codes, n_classes
        self.weights, self.offset, self.kept, self.over = weights, offset, kept, over
        self.fitted = np.empty((design.n_rows, n_classes))

    def visit(self, coef, curve=True):
        """Give deviance, gradient and Hessian (None unless `curve`) at coefficients, class by class."""
        parts = self.over(lambda start, stop: self._lane(start, stop, coef, curve))
        deviance, gradient, hessian = (sum(part[i] for part in parts) for i in range(3))
        return float(deviance), gradient.ravel(), _square(hessian) if curve else None

    def _lane(self, start, stop, coef, curve):
        m, k = self.n_classes - 1, self.kept.size
        deviance, gradient, hessian = 0.0, np.zeros((m, k)), np.zeros((m, m, k, k) if curve else 1)
        for first, last in self.design.blocks(start, stop):
            block = self.design.full(first, last)[:, self.kept]
            eta = block @ coef.T
            if self.offset is not None:
                eta += self.offset[first:last]
            p = self.fitted[first:last] = class_shares(eta)
            w = np.ones(last - first) if self.weights is None else self.weights[first:last]
            own = self.codes[first:last]
            with np.errstate(divide="ignore"):
                log_p = np.log(p[np.arange(last - first), own])
            deviance -= 2.0 * float(np.sum(w * np.where(w > 0, log_p, 0.0)))
            pull = (own[:, None] == np.arange(1, m + 1)) - p[:, 1:]
            gradient += (pull * w[:, None]).T @ block
            if curve:
                _add_curvature(hessian, block, p[:, 1:], w)
        return deviance, gradient, hessian


def _add_curvature(hessian, block, p, w):
    """Add the rows of one block to the Hessian's blocks, upper pairs of classes only."""
    for a in range(p.shape[1]):
        for b in range(a, p.shape[1]):
            share = w * p[:, a] * ((a == b) - p[:, b])
            hessian[a, b] += block.T @ (block * share[:, None])


def _square(hessian):
    """Lay the blocks out as one symmetric matrix."""
    m, k = hessian.shape[0], hessian.shape[2]
    square = hessian.transpose(0, 2, 1, 3).reshape(m * k, m * k).copy()
    lower = np.tril_indices(m * k, -1)
    square[lower] = square.T[lower]
    return square


def newton(hill, max_iterations, coef=None, free=None):
    """Take Newton steps, halved while the deviance rises, until the promised gain is nothing.

    Parameters
    ----------
    hill : Hill
    max_iterations : int
    coef : ndarray of float64, shape (n_classes - 1, n_kept), optional
        Where to start.
    free : ndarray of bool of that shape, optional
        Coefficients that move; all unless it is given.

    Returns
    -------
    coef : ndarray of float64, shape (n_classes - 1, n_kept)
    deviance : float
    hessian : ndarray of float64
    iterations : int
    converged : bool
    last_step : float
        Largest change of a linear predictor in the last step.
    """
    m, k = hill.n_classes - 1, hill.kept.size
    coef, step = np.zeros((m, k)) if coef is None else coef, np.zeros((m, k))
    moving = np.ones(m * k, dtype=bool) if free is None else np.ravel(free)
    deviance, gradient, hessian = hill.visit(coef)
    converged, iteration = not moving.any(), 0
    while not converged and iteration < max_iterations:
        step = np.zeros(m * k)
        step[moving] = _scaled_solve(hessian[np.ix_(moving, moving)], gradient[moving])
        gain = float(gradient @ step)
        iteration, old, before, step = iteration + 1, coef, deviance, step.reshape(m, k)
        for _ in range(30):
            coef = old + step
            deviance, gradient, hessian = hill.visit(coef)
            if np.isfinite(deviance) and deviance <= before + 1e-9 * (1.0 + abs(before)):
                break
            step = step / 2.0
        converged = gain < 1e-13 * (0.1 + deviance)
    return coef, deviance, hessian, iteration, converged, _largest_move(hill, step)


def _largest_move(hill, step):
    wide = np.zeros((step.shape[0], hill.design.n_columns))
    wide[:, hill.kept] = step
    move = 0.0
    for start, stop in hill.design.blocks():
        move = max(
            move, float(np.abs(hill.design.linear(hill.design.read(start, stop), wide.T)).max(initial=0.0))
        )
    return move


def _scaled_solve(hessian, right):
    """Solve after scaling to a unit diagonal; by least squares where the Hessian has lost its rank."""
    size = np.sqrt(np.maximum(np.diag(hessian), np.finfo(float).tiny))
    scaled = hessian / np.outer(size, size)
    try:
        np.linalg.cholesky(scaled)
        return np.linalg.solve(scaled, right / size) / size
    except np.linalg.LinAlgError:
        return np.linalg.lstsq(scaled, right / size, rcond=1e-12)[0] / size
