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
    target = np.zeros(k)
    target[list(held or {})] = list((held or {}).values())
    kept = np.array([j for j in range(k) if j not in (held or {})], dtype=np.intp)
    small = _factor_with_rest(triangle, kept, target - old)
    m = kept.size
    if not (np.abs(small.diagonal()[:m]) > TOLERANCE * length[kept]).all():
        kept = kept[independent_columns(small[:m, :m], length[kept])]
        small, m = _factor_with_rest(triangle, kept, target - old), kept.size
    coef = target
    coef[kept] = old[kept] + np.linalg.solve(small[:m, :m], small[:m, m])
    return coef, kept, small[:m, :m]


def _factor_with_rest(triangle, kept, step):
    """Factor the kept columns, with what is left of the residual once all others take their step."""
    given = np.delete(np.arange(step.size), kept)
    right = triangle[:, -1] - triangle[:, given] @ step[given]
    return triangle_from_rows(np.column_stack([triangle[:, kept], right]))


def independent_columns(triangle, length):
    """Find the columns that earlier ones do not already say, from left to right in one factorisation.

    Parameters
    ----------
    triangle : ndarray of float64, shape (n_columns, n_columns)
        Upper triangle of the columns' QR factor, rows of zeros where there are fewer rows than columns.
    length : ndarray of float64, shape (n_columns,)
        Length of each column.

    Returns
    -------
    list of int
        A column that goes leaves its row to the columns after it, which are reflected onto it.
    """
    table, kept = triangle.copy(), []
    for j in range(len(length)):
        first = len(kept)
        column = table[first : j + 1, j]
        size = np.sqrt(np.square(column).sum())
        if not size > TOLERANCE * length[j]:
            continue
        if column.size > 1:
            mirror = column.copy()
            mirror[0] += np.copysign(size, mirror[0])
            rest = table[first : j + 1, j + 1 :]
            rest -= np.outer(mirror, (2.0 / (mirror @ mirror)) * (mirror @ rest))
        kept.append(j)
    return kept


def unscaled_covariance(factor):
    """Inverse of the cross-product from its upper triangle."""
    inverse = np.linalg.inv(factor)
    return inverse @ inverse.T
