"""Contrasts: the numbers that stand for a category's levels, as R's treatment, SAS, sum, helmert and poly."""

import numpy as np

from bineural.errors import InputError
from bineural.messages import listed

CONTRASTS = ("treatment", "SAS", "sum", "helmert", "poly")
OTHERS = "."  # the key of all categories that `contrasts` does not name


def default_contrasts(contrasts):
    """Read what categories get that `contrasts` does not name: (for unordered ones, for ordered ones)."""
    kinds = (contrasts or {}).get(OTHERS, ("treatment", "poly"))
    kinds = (kinds, "poly") if isinstance(kinds, str) else tuple(kinds)
    if len(kinds) != 2 or not all(isinstance(kind, str) for kind in kinds):
        raise InputError(
            "`contrasts` must name one contrast for unordered and one for ordered categories as '.'.",
            f"Found {list(kinds)!r}.",
            "Write for example {'.': ['sum', 'poly']}.",
        )
    return kinds


def contrast_name(kind):
    """Read "sum", "contr.sum" as "sum"; refuse what is no contrast."""
    short = str(kind).removeprefix("contr.")
    if short not in CONTRASTS:
        raise InputError(
            f"A contrast must be one of {listed(CONTRASTS)}.", f"Found {kind!r}.", "Or give its matrix."
        )
    return short


def contrast_table(kind, levels):
    """Build the contrast matrix of a category.

    Parameters
    ----------
    kind : str or array_like of float, shape (n_levels, m)
        "treatment", "SAS", "sum", "helmert", "poly", or the matrix itself.
    levels : list of str
        The first is the reference of treatment contrasts, the last that of SAS.

    Returns
    -------
    table : ndarray of float64, shape (n_levels, m)
        m = n_levels - 1 for the named kinds.
    suffixes : list of str
        What R appends to the column's name, one per contrast column.
    """
    k = len(levels)
    if not isinstance(kind, str):
        return _own_table(kind, k)
    kind = contrast_name(kind)
    numbers = [str(j + 1) for j in range(k - 1)]
    if kind == "treatment":
        return np.eye(k)[:, 1:], list(levels[1:])
    if kind == "SAS":
        return np.eye(k)[:, :-1], list(levels[:-1])
    if kind == "sum":
        return np.vstack([np.eye(k - 1), -np.ones((1, k - 1))]), numbers
    if kind == "helmert":
        return np.triu(-np.ones((k, k)), 1)[:, 1:] + np.eye(k, k - 1, -1) * np.arange(1, k), numbers
    return _poly_table(k), [".L", ".Q", ".C"][: k - 1] + [f"^{j}" for j in range(4, k)]


def full_table(levels):
    """Build the table of all levels, no reference: the identity, and the levels as suffixes."""
    return np.eye(len(levels)), list(levels)


def _own_table(matrix, k):
    table = np.asarray(matrix, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != k or not np.isfinite(table).all():
        raise InputError(
            f"A contrast matrix must be finite with {k} rows, one per level.",
            f"Found shape {table.shape}.",
            "Give a row for each level, in their order.",
        )
    return table, [str(j + 1) for j in range(table.shape[1])]


def _poly_table(k):
    """Orthonormal polynomials of 1..k, leading coefficients positive (R's contr.poly)."""
    scores = np.arange(k) - (k - 1) / 2
    q, triangle = np.linalg.qr(scores[:, None] ** np.arange(k))
    return (q * np.sign(np.diag(triangle)))[:, 1:]
