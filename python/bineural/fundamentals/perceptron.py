"""Rosenblatt's learning rule, and how many mistakes it can make.

The rule changes the weights only where the unit is wrong: `w += (y - f(x)) x`. Where a plane with margin
gamma separates rows of length at most R, it is wrong at most (R / gamma)^2 times (Novikoff, 1962); where none
does, it never ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import checked, whole
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import POSITIVE, check_classes, check_inputs
from bineural.fundamentals.separator import find_separator
from bineural.messages import number_of


@dataclass(eq=False, repr=False)
class PerceptronFit:
    """The result of `fit_perceptron`.

    Attributes
    ----------
    weights : ndarray of float64, shape (n_inputs,)
    bias : float
    converged : bool
        Whether the last epoch had no mistake.
    mistakes : int
        Updates until then.
    bound : float
        Most mistakes that the rule can make on these rows, infinite where no plane separates them.
    history : pandas.DataFrame
        Columns epoch and mistakes (in that epoch).
    cases : pandas.DataFrame
        Columns x1, x2, ... and y: the rows it learnt from.

    Examples
    --------
    >>> import bineural as bn
    >>> fit = bn.fundamentals.fit_perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1])
    >>> bn.fundamentals.fire_neuron([[1, 1], [1, 0]], fit.weights, fit.bias)
    array([1, 0])
    """

    weights: np.ndarray
    bias: float
    converged: bool
    mistakes: int
    bound: float
    history: object
    cases: object

    def __repr__(self):
        """Say whether it ended, and the mistakes beside their bound."""
        ended = f"no mistake in epoch {len(self.history)}" if self.converged else "not converged"
        limit = (
            "no plane separates the rows" if np.isinf(self.bound) else f"at most {self.bound:.4g} can happen"
        )
        return (
            f"Perceptron of {number_of(self.weights.size, 'input')}: {ended}, "
            f"{number_of(self.mistakes, 'mistake')} in {number_of(len(self.history), 'epoch')} ({limit})."
        )

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the mistakes of each epoch and, for two inputs, the rows and the line between them.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        plane = self.weights.size == 2
        figure = new_figure(9.0 if plane else 5.0, 4.0)
        axes = figure.subplots(1, 2) if plane else [figure.add_subplot()]
        axes[-1].plot(self.history["epoch"], self.history["mistakes"], marker="o", color=COLOURS[0])
        axes[-1].set(xlabel="Epoch", ylabel="Mistakes", ylim=(0, None))
        axes[-1].locator_params(integer=True)
        plain_axes(axes[-1])
        if plane:
            _draw_line(axes[0], self.cases, self.weights, self.bias)
        return write_figure(figure, path)


@checked(x=check_inputs, epochs=whole(1), learning_rate=POSITIVE)
def fit_perceptron(
    x: ArrayLike, y: ArrayLike, epochs: int = 100, learning_rate: float = 1.0
) -> PerceptronFit:
    """Learn the weights of one threshold unit by Rosenblatt's rule of error correction [1]_.

    Rows are visited in order, again and again, until an epoch has no mistake. Weights start at 0.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs)
        Inputs.
    y : array_like of int, shape (n_rows,)
        0 and 1: whether the unit ought to fire.
    epochs : int
        Most passes over the rows.
    learning_rate : float
        Size of a correction; it scales the weights and changes no mistake.

    Returns
    -------
    PerceptronFit
        With weights, bias, converged, mistakes, bound, history, cases.

    Raises
    ------
    InputError
        If `y` does not hold 0 and 1, one for each row.

    References
    ----------
    .. [1] Rosenblatt (1962). *Principles of Neurodynamics*. Spartan Books; first in a report of 1960 (Cornell
       Aeronautical Laboratory, VG-1196-G-4). The perceptron of 1958 was reinforced in other ways.

    Examples
    --------
    >>> fit_perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1])  # OR
    Perceptron of 2 inputs: no mistake in epoch 4, 4 mistakes in 4 epochs (at most 27 can happen).
    """
    import pandas as pd

    y = check_classes(y, len(x))
    rows = np.column_stack([x, np.ones(len(x))])  # the bias is the weight of a last input that is always 1
    weights, history = np.zeros(rows.shape[1]), []
    while len(history) < epochs and (not history or history[-1] > 0):
        mistakes = 0
        for row, truth in zip(rows, y):
            error = truth - (row @ weights > 0)
            weights += learning_rate * error * row
            mistakes += int(error != 0)
        history.append(mistakes)
    margin = find_separator(x, y).margin
    return PerceptronFit(
        weights=weights[:-1],
        bias=float(weights[-1]),
        converged=history[-1] == 0,
        mistakes=sum(history),
        bound=float((rows**2).sum(axis=1).max() / margin**2) if margin > 0 else np.inf,
        history=pd.DataFrame({"epoch": np.arange(1, len(history) + 1), "mistakes": history}),
        cases=pd.DataFrame(x, columns=[f"x{j + 1}" for j in range(x.shape[1])]).assign(y=y.astype(int)),
    )


def plane_data(cases, weights, bias, n=151):
    """Make the table of where a unit of two inputs fires, around its rows.

    Returns
    -------
    pandas.DataFrame
        Columns x1, x2, fires (0 or 1); n * n rows, x1 running first.
    """
    import pandas as pd

    low, high = cases[["x1", "x2"]].min() - 0.5, cases[["x1", "x2"]].max() + 0.5
    first, second = np.meshgrid(*(np.linspace(low[c], high[c], n) for c in ("x1", "x2")))
    fires = first * weights[0] + second * weights[1] + bias > 0
    return pd.DataFrame({"x1": first.ravel(), "x2": second.ravel(), "fires": fires.ravel().astype(int)})


def _draw_line(axes, cases, weights, bias):
    n = 401
    grid = [column.reshape(n, n) for column in plane_data(cases, weights, bias, n).to_numpy(float).T]
    axes.contourf(*grid, levels=[0.5, 1.5], colors=[COLOURS[1]], alpha=0.15)
    for value, marker in ((0, "o"), (1, "^")):
        rows = cases[cases["y"] == value]
        axes.scatter(
            rows["x1"], rows["x2"], marker=marker, color=COLOURS[value], label=f"y = {value}", zorder=3
        )
    axes.set(xlabel="x1", ylabel="x2", title="The unit fires on the shaded side")
    axes.legend(frameon=False, loc="upper right")
    plain_axes(axes)
