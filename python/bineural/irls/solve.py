"""Weighted least squares from a small triangle, with R's rule for columns that earlier ones already say.

A pass over the rows leaves an upper triangle T of shape (n_columns + 1, n_columns + 1), the factor of the
weighted predictors with the weighted residual as last column. All decisions are taken on T.
"""

import numpy as np

TOLERANCE = 1e-11  # R: min(1e-7, epsilon / 1000) at the default epsilon
_MAX_INFLATION = 1e5  # variance inflation up to which the cross-product keeps 11 digits


def triangle_from_gram(gram):
    """Factor an equilibrated cross-product.

    Parameters
    ----------
    gram : ndarray of float64, shape (n_columns + 1, n_columns + 1)
        Cross-product of the weighted predictors and the weighted residual.

    Returns
    -------
    ndarray of float64 or None
        The triangle, or None when the columns are so close to dependent that digits would be lost.
    """
    k = gram.shape[0] - 1
    size = np.sqrt(np.diag(gram)[:k])
    if not size.all():
        return None
    try:
        lower = np.linalg.cholesky(gram[:k, :k] / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    inverse = np.linalg.inv(lower)
    if np.square(inverse).sum(axis=0).max(initial=0.0) > _MAX_INFLATION:
        return None
    triangle = np.zeros_like(gram)
    triangle[:k, :k] = lower.T * size
    triangle[:k, k] = inverse @ (gram[:k, k] / size)
    return triangle


def triangle_from_rows(block):
    """Factor weighted rows [predictors, residual] exactly, by Householder reflections."""
    triangle = np.linalg.qr(block, mode="r")
    k = block.shape[1]
    if triangle.shape[0] < k:
        triangle = np.vstack([triangle, np.zeros((k - triangle.shape[0], k))])
    return triangle


def solve_triangle(triangle, old, held=None):
    """Find the next coefficients, pivoting out columns as R does.

    Parameters
    ----------
    triangle : ndarray of float64, shape (n_columns + 1, n_columns + 1)
        Its last column belongs to the residual at the old coefficients.
    old : ndarray of float64, shape (n_columns,)
        The old coefficients.
    held : dict of int to float, optional
        Columns whose coefficient is given.

    Returns
    -------
    coef : ndarray of float64, shape (n_columns,)
        0 for columns that were pivoted out.
    kept : ndarray of int
        The columns that were solved for.
    factor : ndarray of float64
        Upper triangle of the kept columns.

    Notes
    -----
    A column goes when less than 1e-11 of its length is left after projection on the columns kept before it,
    the rule of `glm.fit` (LINPACK's dqrdc2 with limited pivoting).
    """
    k = triangle.shape[0] - 1
    length = np.sqrt(np.square(triangle[:, :k]).sum(axis=0))
    if not held:
        factor = triangle[:k, :k]
        if (np.abs(factor.diagonal()) > TOLERANCE * length).all():
            return old + np.linalg.solve(factor, triangle[:k, k]), np.arange(k), factor
    target = dict.fromkeys(range(k), 0.0) | (held or {})
    kept = [j for j in range(k) if j not in (held or {})]
    while True:
        given = [j for j in range(k) if j not in kept]
        step = np.array([target[j] - old[j] for j in given])
        right = triangle[:, k] - triangle[:, given] @ step
        small = triangle_from_rows(np.column_stack([triangle[:, kept], right]))
        m = len(kept)
        lost = np.flatnonzero(~(np.abs(small.diagonal()[:m]) > TOLERANCE * length[kept]))
        if lost.size == 0:
            break
        del kept[lost[0]]
    coef = np.array([target[j] for j in range(k)])
    coef[kept] = old[kept] + np.linalg.solve(small[:m, :m], small[:m, m])
    return coef, np.array(kept, dtype=np.intp), small[:m, :m]


def unscaled_covariance(factor):
    """Inverse of the cross-product from its upper triangle."""
    inverse = np.linalg.inv(factor)
    return inverse @ inverse.T
