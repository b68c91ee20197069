"""The penalised likelihood of several classes, for the ridge whose strength is chosen.

Every class has a linear predictor, and the squares of all of them are penalised, as scikit-learn does; at the
best coefficients the classes then sum to 0. So the fit lives in the n_classes - 1 directions orthogonal to
that sum, where it has no constraint and the penalty keeps its size.

Few coefficients are found by Newton steps with the whole curvature. Of many (the pixels of images) that takes
minutes, so that steps are then found by conjugate gradients, which need only the curvature along a direction;
they are preconditioned by the mean curvature of the classes, the same for each. Both end at the same maximum.
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import LinearOperator, cg

from .softmax import class_shares

_FEW = 400  # coefficients, up to which the whole curvature is made
_LEFT_OUT = 1_000  # coefficients, up to which rows are left out one by one
_ACCURACY = 0.05  # of a step by conjugate gradients, relative; the steps after it correct it
_MOST_GRADIENTS = 250
_LEAST_CURVATURE = 1e-6


class ManyClasses:
    """The penalised likelihood of several classes; coefficients are (n_directions, n_classes)."""

    link = "logit"
    exact = False  # of steps without a row

    def __init__(self, rows, codes, n_classes, weights):
        self.rows, self.weights, self.total = rows, weights, float(weights.sum())
        self.codes, self.n_classes = codes, n_classes
        self.outcome = codes
        self.n_coefficients = (n_classes - 1) * rows.z.shape[1]
        self.own = (codes[:, None] == np.arange(n_classes)).astype(float)
        self.basis = np.linalg.qr(np.column_stack([np.ones(n_classes), np.eye(n_classes)]))[0][:, 1:]

    def start(self):
        """Return coefficients of no predictor: each class's share."""
        gamma = np.zeros((self.rows.z.shape[1], self.n_classes))
        if self.rows.intercept:
            share = np.log(np.maximum(self.weights @ self.own, 1e-8))
            gamma[0] = share - share.mean()
        return gamma

    def strongest(self):
        """Return the power of ten at which the penalty outweighs what the rows say in any direction."""
        bent = self.rows.z[:, self.rows.intercept :] * np.sqrt(0.25 * self.weights)[:, None]
        most = np.linalg.norm(bent, 2) ** 2 if bent.size else 0.0
        return 10.0 ** (np.ceil(np.log10(max(most, 1e-3))) + 1)

    def _shares(self, gamma):
        eta = self.rows.z @ gamma
        return class_shares((eta - eta[:, :1])[:, 1:])

    def _lost(self, shares):
        with np.errstate(divide="ignore"):
            return -2.0 * np.log(np.maximum(shares[np.arange(len(shares)), self.codes], np.finfo(float).tiny))

    def deviance(self, gamma):
        """Return the deviance at some coefficients."""
        return float(self.weights @ self._lost(self._shares(gamma)))

    def climb(self, gamma, penalty, tolerance=1e-8, max_iterations=50):
        """Take Newton steps, halved while the penalised deviance rises; return (coefficients, converged)."""
        each = self._penalties(penalty)
        shares = self._shares(gamma)
        objective = float(self.weights @ self._lost(shares)) + float((each[:, None] * gamma**2).sum())
        for _ in range(max_iterations):
            pull = self.rows.z.T @ ((self.own - shares) * self.weights[:, None]) - each[:, None] * gamma
            pull = pull @ self.basis
            step = self._step(shares, each, pull)
            gain = float((pull * step).sum())
            step = step @ self.basis.T
            origin, before = gamma, objective
            if not np.isfinite(gain):
                return gamma, False
            for _ in range(40):
                gamma = origin + step
                shares = self._shares(gamma)
                objective = float(self.weights @ self._lost(shares)) + float((each[:, None] * gamma**2).sum())
                if objective <= before + 1e-12 * (abs(before) + 0.1):
                    break
                step = step / 2.0
            if gain < tolerance * (0.1 + abs(objective)):
                return gamma, True
        return gamma, False

    @property
    def leaves_out_rows(self):
        """Whether there are few enough coefficients for `left_out_deviance`."""
        return self.n_coefficients <= _LEFT_OUT

    def _step(self, shares, each, pull):
        """Return the Newton step in the basis, (n_directions, n_classes - 1)."""
        if self.n_coefficients <= _FEW:
            step = np.linalg.solve(self._curvature(shares, each), pull.T.ravel())
            return step.reshape(self.n_classes - 1, -1).T
        z, shape = self.rows.z, pull.shape
        mean = (1.0 - (shares**2).sum(axis=1)) / (self.n_classes - 1)
        bent = z * np.sqrt(self.weights * np.maximum(mean, _LEAST_CURVATURE))[:, None]
        factor = cho_factor(bent.T @ bent + np.diag(each + 1e-10))

        def along(direction):
            direction = direction.reshape(shape)
            eta = z @ (direction @ self.basis.T)
            eta = shares * (eta - (shares * eta).sum(axis=1, keepdims=True)) * self.weights[:, None]
            return (z.T @ eta @ self.basis + each[:, None] * direction).ravel()

        size = 2 * (pull.size,)
        curvature = LinearOperator(size, along, dtype=float)
        near = LinearOperator(size, lambda v: cho_solve(factor, v.reshape(shape)).ravel(), dtype=float)
        step = cg(curvature, pull.ravel(), rtol=_ACCURACY, maxiter=_MOST_GRADIENTS, M=near)[0]
        return step.reshape(shape)

    def left_out_deviance(self, gamma, penalty):
        """Return the mean deviance of rows by the fits that lack them, approximately."""
        z, m = self.rows.z, self.n_classes - 1
        shares = self._shares(gamma)
        inverse = np.linalg.inv(self._curvature(shares, self._penalties(penalty))).reshape(
            m, z.shape[1], m, z.shape[1]
        )
        leverage = np.empty((len(z), m, m))
        for a in range(m):
            for b in range(m):
                leverage[:, a, b] = np.einsum("ij,ij->i", z @ inverse[a, :, b], z)
        bend = -shares[:, :, None] * shares[:, None, :]
        bend[:, np.arange(self.n_classes), np.arange(self.n_classes)] += shares
        bend = self.weights[:, None, None] * (self.basis.T @ bend @ self.basis)
        pull = ((self.own - shares) * self.weights[:, None]) @ self.basis
        keep = np.eye(m) - leverage @ bend + 1e-10 * np.eye(m)
        moved = leverage @ np.linalg.solve(np.swapaxes(keep, 1, 2), pull[..., None])
        eta = z @ gamma - moved[..., 0] @ self.basis.T
        return float(np.average(self._lost(class_shares((eta - eta[:, :1])[:, 1:])), weights=self.weights))

    def _penalties(self, penalty):
        """Return the penalty of each direction; the intercept has none."""
        each = np.full(self.rows.z.shape[1], penalty)
        if self.rows.intercept:
            each[0] = 0.0
        return each

    def _curvature(self, shares, each):
        """Return the information in the basis, class direction by class direction, plus the penalty."""
        z, basis, m, k = self.rows.z, self.basis, self.n_classes - 1, self.rows.z.shape[1]
        mixed = shares @ basis
        whole = np.empty((m, k, m, k))
        for a in range(m):
            for b in range(a, m):
                bend = shares @ (basis[:, a] * basis[:, b]) - mixed[:, a] * mixed[:, b]
                whole[a, :, b] = z.T @ (z * (bend * self.weights)[:, None])
                whole[b, :, a] = whole[a, :, b]
            whole[a, :, a] += np.diag(each)
        return whole.reshape(m * k, m * k)

    def fitted_of_all(self, design, coef):
        """Return the class probabilities of all rows, those of weight 0 included."""
        from .multinomial import predict_multinomial

        return predict_multinomial(coef, design.x, intercept=design.intercept)
