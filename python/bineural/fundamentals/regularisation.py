"""Penalties shrink the weights of least squares: L2 (ridge) all of them, L1 (lasso) some of them to 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, Floats, PathLike
from bineural.checks import checked, choice, number, or_none
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE, curve_look, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import check_array, check_inputs, check_vector

ENOUGH = 1e-12  # relative change of the weights at which the lasso's sweeps end
MOST = 100_000  # sweeps


@dataclass(eq=False, repr=False)
class Shrinkage:
    """The weights that `shrink_weights` found.

    Attributes
    ----------
    kind : str
        "l2" or "l1".
    path : pandas.DataFrame
        Columns penalty, bias, w1, w2, ..., rss (residual sum of squares); a row for each penalty.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.fundamentals.shrink_weights([-1, 0, 1], [-2, 0, 2], penalties=[0, 2]).path["w1"].round(6).tolist()
    [2.0, 1.0]
    """

    kind: str
    path: object

    def __repr__(self):
        """Say how many weights are not 0 under the least and the greatest penalty."""
        weights = self.path.filter(regex="^w").to_numpy()
        ends = [self.path["penalty"].argmin(), self.path["penalty"].argmax()]
        sentences = [
            f"  penalty {self.path['penalty'].iloc[i]:.4g}: {np.count_nonzero(weights[i])} of "
            f"{weights.shape[1]} weights not 0, length {np.linalg.norm(weights[i]):.4g}"
            for i in dict.fromkeys(ends)
        ]
        name = {"l2": "L2 (ridge)", "l1": "L1 (lasso)"}[self.kind]
        return "\n".join([f"{name}, {len(weights)} penalt{'ies' if len(weights) != 1 else 'y'}:", *sentences])

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw each weight over the penalty.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(6.4, 4.0)
        axes = figure.add_subplot()
        table = self.path[self.path["penalty"] > 0].sort_values("penalty")  # a log scale has no 0
        for i, name in enumerate(table.filter(regex="^w").columns):
            axes.plot(table["penalty"], table[name], label=name, **curve_look(i))
        axes.axhline(0, color="0.6", linewidth=0.8)
        axes.set(xlabel="Penalty", ylabel="Weight", xscale="log")
        figure.legend(loc="outside right center", frameon=False, handlelength=3)
        plain_axes(axes)
        return write_figure(figure, path)


@checked(x=check_array, threshold=number(0, hint="Use 0 to change nothing."))
def soft_threshold(x: ArrayLike, threshold: float) -> Floats:
    """Draw numbers towards 0 by `threshold`, and leave 0 of those that are smaller.

    Parameters
    ----------
    x : array_like of float64
        Numbers, of any shape.
    threshold : float
        At least 0.

    Returns
    -------
    ndarray of float64
        Of the shape of `x`.

    Raises
    ------
    InputError
        If `threshold` is negative.

    Examples
    --------
    >>> soft_threshold([-3, -0.5, 0.5, 3], 1)
    array([-2.,  0.,  0.,  2.])
    """
    return _soft(x, threshold)


@checked(x=check_inputs, penalties=or_none(check_array), kind=choice("l2", "l1"))
def shrink_weights(
    x: ArrayLike, y: ArrayLike, penalties: ArrayLike | None = None, kind: str = "l2"
) -> Shrinkage:
    """Fit least squares under penalties on the weights; the bias bears none.

    What is least is the residual sum of squares plus `penalty` times the sum of the weights' squares ("l2")
    or sizes ("l1"). L2 has a closed form: `(X'X + penalty I) w = X'y` with centred columns [1]_. L1 has none
    unless columns are at right angles; there, and for one weight after the other in general [2]_, it is the
    soft threshold of the least-squares answer.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs) or (n_rows,)
        Inputs on one scale, e.g. standardised; a vector is one column.
    y : array_like of float64, shape (n_rows,)
        Outcome.
    penalties : array_like of float64, shape (n,), optional
        0 or more; by default 41, evenly on a log scale, up to that at which L1 leaves nothing.
    kind : str
        "l2" or "l1".

    Returns
    -------
    Shrinkage
        With kind and path.

    Raises
    ------
    InputError
        If a penalty is negative, or `x` and `y` do not go together.

    References
    ----------
    .. [1] Hoerl and Kennard (1970). *Technometrics* 12(1), 55-67.
    .. [2] Friedman, Hastie and Tibshirani (2010). *Journal of Statistical Software* 33(1).

    Examples
    --------
    >>> x = [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    >>> y = [-4, -2, 2, 4]  # 3 x1 + x2
    >>> shrink_weights(x, y, [0, 4, 16], "l2").path[["w1", "w2"]].to_numpy()
    array([[3. , 1. ],
           [1.5, 0.5],
           [0.6, 0.2]])
    >>> shrink_weights(x, y, [0, 4, 16], "l1").path[["w1", "w2"]].to_numpy()
    array([[3. , 1. ],
           [2.5, 0.5],
           [1. , 0. ]])
    """
    import pandas as pd

    y = check_vector(y, len(x), "y", "one for each row of `x`")
    centre, level = x.mean(axis=0), y.mean()
    columns, target = x - centre, y - level
    most = 2 * np.abs(columns.T @ target).max()
    if penalties is None:
        penalties = np.geomspace(most / 1e4, most, 41) if most > 0 else [1.0]
    penalties = np.atleast_1d(penalties).ravel()
    if not penalties.size or (penalties < 0).any():
        raise InputError(
            "`penalties` must hold numbers of at least 0.",
            f"Found {penalties.tolist()[:5]}.",
            "Use for example 0, 1 and 10.",
        )
    solve = _ridge if kind == "l2" else _lasso
    weights = np.array([solve(columns, target, penalty) for penalty in penalties])
    residuals = target[:, None] - columns @ weights.T
    table = pd.DataFrame(weights, columns=[f"w{j + 1}" for j in range(x.shape[1])])
    table.insert(0, "penalty", penalties)
    table.insert(1, "bias", level - weights @ centre)
    return Shrinkage(kind, table.assign(rss=(residuals**2).sum(axis=0)))


def _ridge(columns, target, penalty):
    """Solve the normal equations; by least squares, as a penalty of 0 may leave them singular."""
    if penalty == 0:
        return np.linalg.lstsq(columns, target, rcond=None)[0]
    return np.linalg.solve(columns.T @ columns + penalty * np.eye(columns.shape[1]), columns.T @ target)


def _lasso(columns, target, penalty):
    """Set one weight after the other to the soft threshold of what the others leave, until none moves."""
    if penalty == 0:
        return _ridge(columns, target, 0)
    gram, products = columns.T @ columns, columns.T @ target
    weights = np.zeros(columns.shape[1])
    movable = np.flatnonzero(gram.diagonal() > 0)
    for _ in range(MOST):
        before = weights.copy()
        for j in movable:
            left = products[j] - gram[j] @ weights + gram[j, j] * weights[j]
            weights[j] = _soft(left, penalty / 2) / gram[j, j]
        if np.abs(weights - before).max() <= ENOUGH * np.abs(weights).max():
            return weights
    raise InputError(
        "The lasso must settle.",
        f"Its weights still moved after {MOST} sweeps at penalty {penalty:g}.",
        "Leave out inputs that say nearly the same, or use a greater penalty.",
    )


def _soft(x, threshold):
    return x - np.clip(x, -threshold, threshold)
