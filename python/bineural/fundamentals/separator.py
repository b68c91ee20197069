"""The plane of the widest margin between two classes, or the proof that there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike
from bineural.checks import checked
from bineural.fundamentals.checking import check_classes, check_inputs


@dataclass(eq=False, repr=False)
class Separator:
    """The plane that `find_separator` found, or the proof that there is none.

    Attributes
    ----------
    separable : bool
    weights : ndarray of float64, shape (n_inputs,)
        NaN where no plane separates the rows.
    bias : float
    margin : float
        Least distance of a row to the plane, where a row is (x, 1) and the plane goes through the origin.
    proof : ndarray of float64, shape (n_rows,)
        Where there is none: shares with which the rows (x, 1) of one class and of the other have the same
        mean, so that no plane can lie between. NaN where there is a plane.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.fundamentals.find_separator([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]).proof  # XOR
    array([0.25, 0.25, 0.25, 0.25])
    """

    separable: bool
    weights: np.ndarray
    bias: float
    margin: float
    proof: np.ndarray

    def __repr__(self):
        """Say the margin, or that there is no plane."""
        if self.separable:
            return f"A plane separates the rows, with margin {self.margin:.4g}."
        return "No plane separates the rows: weighted by `proof`, both classes have the same mean."


@checked(x=check_inputs)
def find_separator(x: ArrayLike, y: ArrayLike) -> Separator:
    """Find the plane of the widest margin between two classes, or prove that there is none.

    The shortest (w, b) with `(w . x + b) >= 1` for the rows of class 1 and `<= -1` for the others is a
    least-distance problem, solved exactly by nonnegative least squares [1]_; where it has no solution, the
    same answer is the proof.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs)
        Inputs.
    y : array_like of int, shape (n_rows,)
        0 and 1.

    Returns
    -------
    Separator
        With separable, weights, bias, margin, proof.

    Raises
    ------
    InputError
        If `y` does not hold 0 and 1, one for each row.

    References
    ----------
    .. [1] Lawson and Hanson (1974). *Solving Least Squares Problems*, chapter 23. Prentice-Hall.

    Examples
    --------
    >>> find_separator([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1])
    A plane separates the rows, with margin 0.2425.
    """
    from scipy.optimize import nnls

    sign = 2 * check_classes(y, len(x)) - 1
    signed = sign[:, None] * np.column_stack([x, np.ones(len(x))])
    target = np.append(np.zeros(signed.shape[1]), 1.0)
    shares, distance = nnls(np.column_stack([signed, np.ones(len(x))]).T, target)
    if distance < 1e-8:  # sum(shares) is 1 and sum(shares * signed) is 0: no plane has all rows on their side
        nothing = np.full(x.shape[1], np.nan)
        return Separator(False, nothing, np.nan, 0.0, shares / shares.sum())
    left = signed.T @ shares
    plane = left / (1 - shares.sum())
    return Separator(
        True, plane[:-1], float(plane[-1]), float(1 / np.linalg.norm(plane)), np.full(len(x), np.nan)
    )
