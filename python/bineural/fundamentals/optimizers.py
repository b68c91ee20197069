"""Rules that turn gradients into steps: plain descent, momentum, Nesterov, AdaGrad, RMSProp, Adam.

Each rule is a function of the state it keeps (a dict), the gradient, the step's number from 1 and the
learning rate; it returns what is added to the weights. Constants are those of Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import calling, checked, choice, function, list_of, whole
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE, curve_look, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import POSITIVE, check_array, check_descent

TINY = 1e-7  # keeps a division from failing, as in Keras


def sgd(state, gradient, t, rate):
    """Go downhill."""
    return -rate * gradient


def momentum(state, gradient, t, rate):
    """Keep 0.9 of the last step's speed."""
    state["speed"] = 0.9 * state.get("speed", 0.0) - rate * gradient
    return state["speed"]


def nesterov(state, gradient, t, rate):
    """Look ahead: add what the speed will carry."""
    speed = momentum(state, gradient, t, rate)
    return 0.9 * speed - rate * gradient


def adagrad(state, gradient, t, rate):
    """Divide by the root of all squared gradients so far."""
    state["squares"] = state.get("squares", 0.1) + gradient**2
    return -rate * gradient / np.sqrt(state["squares"] + TINY)


def rmsprop(state, gradient, t, rate):
    """Divide by the root of a moving mean of squared gradients."""
    state["squares"] = 0.9 * state.get("squares", 0.0) + 0.1 * gradient**2
    return -rate * gradient / np.sqrt(state["squares"] + TINY)


def adam(state, gradient, t, rate):
    """Combine moving means of gradients and of their squares, corrected for their start at 0."""
    state["mean"] = 0.9 * state.get("mean", 0.0) + 0.1 * gradient
    state["squares"] = 0.999 * state.get("squares", 0.0) + 0.001 * gradient**2
    correction = np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return -rate * correction * state["mean"] / (np.sqrt(state["squares"]) + TINY)


RULES = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}


@dataclass(eq=False, repr=False)
class Descent:
    """The paths that `descend_gradient` took.

    Attributes
    ----------
    path : pandas.DataFrame
        Columns optimizer, step, w1, w2, ... and, where a loss was given, loss; step 0 is the start.
    surface : pandas.DataFrame or None
        Columns w1, w2, loss on a grid, where there are two weights and a loss.

    Examples
    --------
    >>> import bineural as bn
    >>> descent = bn.fundamentals.descend_gradient(lambda w: 2 * w, start=[1.0], steps=3)
    >>> descent.path["w1"].round(3).tolist()
    [1.0, 0.8, 0.64, 0.512]
    """

    path: object
    surface: object

    def __repr__(self):
        """Say where each rule ended."""
        ends = self.path.groupby("optimizer", sort=False).tail(1)
        return ends.to_string(index=False, float_format=lambda value: f"{value:.6g}")

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the paths of two weights, over the loss where it is known, else the loss or a weight by step.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        across, up = drawn_columns(self.path)
        figure = new_figure(7.2, 4.4)
        axes = figure.add_subplot()
        if self.surface is not None:
            n = int(np.sqrt(len(self.surface)))
            first, second, loss = (self.surface[c].to_numpy().reshape(n, n) for c in ("w1", "w2", "loss"))
            levels = np.quantile(loss, np.linspace(0, 1, 16)[1:-1])
            axes.contour(first, second, loss, levels=levels, colors="0.8", linewidths=0.8)
        for i, (name, rows) in enumerate(self.path.groupby("optimizer", sort=False)):
            axes.plot(rows[across], rows[up], label=name, marker=".", **curve_look(i))
        axes.set(xlabel=across, ylabel=up)
        plain_axes(axes)
        figure.legend(loc="outside right upper", frameon=False, handlelength=3)
        return write_figure(figure, path)


@checked(
    gradient=function(),
    start=check_array,
    optimizer=list_of(choice(*RULES)),
    learning_rate=POSITIVE,
    steps=whole(1),
    loss=function().or_none(),
)
def descend_gradient(
    gradient: Callable[..., Any],
    start: ArrayLike,
    optimizer: str | Sequence[str] = "sgd",
    learning_rate: float = 0.1,
    steps: int = 100,
    loss: Callable[..., Any] | None = None,
) -> Descent:
    """Follow a gradient downhill by one rule, or by several from the same start.

    Parameters
    ----------
    gradient : callable
        Weights (ndarray of float64) -> the gradient, of the same shape.
    start : array_like of float64, shape (n_weights,)
        Where to begin.
    optimizer : str or sequence of str
        "sgd", "momentum" (0.9), "nesterov", "adagrad", "rmsprop" (0.9) or "adam", as Keras has them.
    learning_rate : float
        Length of a step.
    steps : int
        Updates.
    loss : callable, optional
        Weights -> one number; only for the table and the figure.

    Returns
    -------
    Descent
        With path, and surface where there are two weights and a loss.

    Raises
    ------
    InputError
        If a rule is not known, the gradient has another shape than the weights, or descent runs away.

    Examples
    --------
    >>> descend_gradient(lambda w: w * [1, 20], start=[5, 1], optimizer=["sgd", "adam"], learning_rate=0.05)
    optimizer  step        w1         w2
          sgd   100 0.0296026          0
         adam   100   1.12223 -0.0042114
    """
    import pandas as pd

    start = _check_start(start)
    rules = {name: RULES[name] for name in optimizer}
    columns = [f"w{j + 1}" for j in range(start.size)]
    parts = []
    for name, rule in rules.items():
        path = _follow(rule, gradient, start, learning_rate, steps)
        part = pd.DataFrame(path, columns=columns)
        part.insert(0, "optimizer", name)
        part.insert(1, "step", np.arange(steps + 1))
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    if loss is None:
        return Descent(table, None)
    with calling("loss", "an array of weights"):
        table["loss"] = [float(np.squeeze(loss(at))) for at in table[columns].to_numpy()]
    return Descent(table, _surface(table, loss) if start.size == 2 else None)


def _check_start(start):
    start = np.atleast_1d(check_array(start, "start")).ravel()
    if not start.size:
        raise InputError("`start` must hold numbers.", "Found none.", "Pass for example [5, 1].")
    return start


def drawn_columns(path):
    """Say which columns of a path are drawn across and up."""
    if "w2" in path and "w3" not in path:
        return "w1", "w2"
    return "step", "loss" if "loss" in path else "w1"


def _follow(rule, gradient, start, learning_rate, steps):
    state, path = {}, [start]
    for t in range(1, steps + 1):
        with calling("gradient", "an array of weights"):
            slope = gradient(path[-1].copy())
        slope = np.atleast_1d(check_array(slope, "gradient(weights)"))
        if slope.shape != start.shape:
            raise InputError(
                "`gradient` must return one number for each weight.",
                f"It returned shape {slope.shape} for {start.size} weights.",
                "Return the partial derivatives in the order of `start`.",
            )
        path.append(path[-1] + rule(state, slope, t, learning_rate))
        check_descent(path[-1], t)
    return np.array(path)


def _surface(table, loss, n=41):
    import pandas as pd

    low, high = table[["w1", "w2"]].min(), table[["w1", "w2"]].max()
    reach = 0.1 * (high - low) + 0.1
    axes = (np.linspace(low[c] - reach[c], high[c] + reach[c], n) for c in ("w1", "w2"))
    first, second = (grid.ravel() for grid in np.meshgrid(*axes))
    values = [float(np.squeeze(loss(np.array(at)))) for at in zip(first, second)]
    return pd.DataFrame({"w1": first, "w2": second, "loss": values})
