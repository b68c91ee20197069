"""One neuron fitted by gradient descent: least squares, logistic regression or a ReLU.

Each step goes downhill, `w <- w - rate * gradient`, where the gradient is of all rows (batch), of one
(stochastic) or of a few (mini-batch).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike, Seed
from bineural.checks import checked, choice, flag, number, seed, whole
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.activation import bend
from bineural.fundamentals.checking import POSITIVE, check_classes, check_descent, check_inputs, check_vector

KEPT = 1000  # most steps of which the path keeps a row


@dataclass(eq=False, repr=False)
class NeuronFit:
    """The result of `fit_neuron`.

    Attributes
    ----------
    activation : str
    weights : ndarray of float64, shape (n_inputs,)
    bias : float
    loss : float
        Over all rows, at the end.
    path : pandas.DataFrame
        Columns step, bias, w1, w2, ..., loss (over all rows, before the next step); every step, or a
        thousand.
    least_squares : ndarray of float64 or None
        Intercept and slopes of ordinary least squares, where the activation is the identity.
    surface : pandas.DataFrame or None
        Columns bias, w1, loss on a grid around the path, where there is one input.

    Examples
    --------
    >>> import bineural as bn
    >>> fit = bn.fundamentals.fit_neuron([0, 1, 2], [1, 3, 5], learning_rate=0.2, steps=500)
    >>> float(round(fit.bias, 6)), float(round(fit.weights[0], 6))
    (1.0, 2.0)
    """

    activation: str
    weights: np.ndarray
    bias: float
    loss: float
    path: object
    least_squares: np.ndarray | None
    surface: object

    def __repr__(self):
        """Say the loss and where descent ended, and least squares beside it."""
        ended = np.append(self.bias, self.weights)
        lines = [
            f"{self.activation} neuron after {self.path['step'].iloc[-1]} steps: loss {self.loss:.6g}",
            f"  bias, weights: {_written(ended)}",
        ]
        if self.least_squares is not None:
            lines.append(f"  least squares: {_written(self.least_squares)}")
        return "\n".join(lines)

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the loss at each step and, for one input, the path over the loss surface.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        known = self.surface is not None
        figure = new_figure(10.0 if known else 5.5, 4.2)
        axes = figure.subplots(1, 2) if known else [figure.add_subplot()]
        axes[-1].plot(self.path["step"], self.path["loss"], color=COLOURS[0])
        axes[-1].set(xlabel="Step", ylabel="Loss", yscale="log" if self.path["loss"].min() > 0 else "linear")
        plain_axes(axes[-1])
        if known:
            _draw_path(axes[0], self)
        return write_figure(figure, path)


ACTIVATION = choice("identity", "sigmoid", "relu", "leaky_relu", "softplus", "tanh", "abs")  # with a slope


@checked(
    x=check_inputs,
    activation=ACTIVATION,
    bias=number(),
    learning_rate=POSITIVE,
    steps=whole(1),
    batch_size=whole(1).or_none(),
    shuffle=flag(),
    reduction=choice("mean", "sum"),
    seed=seed(),
)
def fit_neuron(
    x: ArrayLike,
    y: ArrayLike,
    activation: str = "identity",
    weights: ArrayLike | None = None,
    bias: float = 0.0,
    learning_rate: float = 0.01,
    steps: int = 1000,
    batch_size: int | None = None,
    shuffle: bool = True,
    reduction: str = "mean",
    seed: Seed = None,
) -> NeuronFit:
    """Fit one neuron `activation(w . x + b)` by gradient descent.

    The loss is the squared error, and for a sigmoid the log loss (nats), which makes it logistic regression.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs) or (n_rows,)
        Inputs; a vector is one column.
    y : array_like of float64, shape (n_rows,)
        Outcome; 0 and 1 for a sigmoid.
    activation : str
        "identity" (linear regression), "sigmoid" (logistic regression), "relu", or another activation.
    weights : array_like of float64, shape (n_inputs,), optional
        Where descent starts; at 0 by default.
    bias : float
        Where descent starts.
    learning_rate : float
        Length of a step for a gradient of 1.
    steps : int
        Updates.
    batch_size : int, optional
        Rows of one update: all by default, 1 for stochastic descent. An epoch is `ceil(n_rows / batch_size)`
        steps.
    shuffle : bool
        Whether every epoch visits the rows in a new order; only where a batch is not all of them.
    reduction : str
        "mean" or "sum" over the rows of a batch.
    seed : int, optional
        Of the order of the rows.

    Returns
    -------
    NeuronFit
        With weights, bias, loss, path and, where they are known, least_squares and surface.

    Raises
    ------
    InputError
        If `x` and `y` do not go together, a name is not known, a sigmoid's outcome is not 0 and 1, or descent
        runs away.

    Examples
    --------
    >>> pairs, both = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    >>> fit = fit_neuron(pairs, both, "relu", [0.1, 0.2], bias=0.3, learning_rate=0.1, reduction="sum")
    >>> round(fit.bias, 9), fit.weights.round(9).tolist(), fit.loss < 1e-29
    (-1.0, [1.0, 1.0], True)
    """
    gradient, losses = make_loss(x, y, activation, reduction)
    n_rows, n_inputs = x.shape
    start = np.zeros(n_inputs) if weights is None else weights
    start = check_vector(start, n_inputs, "weights", "one for each input")
    at = np.append(bias, start)
    batch_size = n_rows if batch_size is None else min(batch_size, n_rows)
    every = -(-steps // KEPT)
    path = [at]
    batches = _batches(n_rows, batch_size, shuffle, np.random.default_rng(seed))
    for step in range(1, steps + 1):
        at = at - learning_rate * gradient(at, next(batches))
        check_descent(at, step)
        if step % every == 0 or step == steps:
            path.append(at)
    known = _least_squares(x, y) if activation == "identity" else None
    table = _path_table(np.array(path), losses, every, steps)
    return NeuronFit(
        activation=activation,
        weights=at[1:],
        bias=float(at[0]),
        loss=float(table["loss"].iloc[-1]),
        path=table,
        least_squares=known,
        surface=_surface(table, known, losses) if n_inputs == 1 else None,
    )


def make_loss(x, y, activation, reduction="mean"):
    """Make the gradient of the loss in (bias, weights) at chosen rows, and the loss over all rows.

    Returns
    -------
    gradient : callable
        (at, rows) -> ndarray of shape (1 + n_inputs,).
    losses : callable
        (points) -> ndarray: the loss at each row (bias, weights) of `points`.
    """
    if activation == "sigmoid":
        y = check_classes(y, len(x))
    else:
        y = check_vector(y, len(x), "y", "one for each row of `x`")
    ones = np.column_stack([np.ones(len(x)), x])
    reduce = np.mean if reduction == "mean" else np.sum

    def gradient(at, rows):
        inputs, truth = ones[rows], y[rows]
        net = inputs @ at
        error = bend(net, activation) - truth
        if activation != "sigmoid":  # the log loss of a sigmoid has this gradient: error times input
            error = 2 * error * bend(net, activation, derivative=True)
        total = error @ inputs
        return total / len(inputs) if reduction == "mean" else total

    def losses(points):
        values = np.empty(len(points))
        for i, at in enumerate(points):
            net = ones @ at
            if activation == "sigmoid":
                each = np.logaddexp(0, net) - y * net
            else:
                each = (bend(net, activation) - y) ** 2
            values[i] = reduce(each)
        return values

    return gradient, losses


def _batches(n_rows, size, shuffle, rng):
    """Give the rows of one batch after the other, epoch after epoch."""
    order = np.arange(n_rows)
    while True:
        if shuffle and size < n_rows:
            order = rng.permutation(n_rows)
        for first in range(0, n_rows, size):
            yield slice(None) if size == n_rows else order[first : first + size]


def _least_squares(x, y):
    ones = np.column_stack([np.ones(len(x)), x])
    return np.linalg.lstsq(ones, np.asarray(y, dtype=np.float64).ravel(), rcond=None)[0]


def _path_table(path, losses, every, steps):
    import pandas as pd

    table = pd.DataFrame(path, columns=["bias", *(f"w{j}" for j in range(1, path.shape[1]))])
    table.insert(0, "step", np.minimum(np.arange(len(path)) * every, steps))
    return table.assign(loss=losses(path))


def _surface(table, known, losses, n=41):
    """Evaluate the loss around the path; bias runs first."""
    import pandas as pd

    seen = table[["bias", "w1"]].to_numpy()
    centre = seen[-1] if known is None else known
    reach = 1.2 * np.maximum(np.abs(seen - centre).max(axis=0), 0.5)
    first, second = np.meshgrid(*(np.linspace(c - r, c + r, n) for c, r in zip(centre, reach)))
    points = np.column_stack([first.ravel(), second.ravel()])
    return pd.DataFrame({"bias": points[:, 0], "w1": points[:, 1], "loss": losses(points)})


def _draw_path(axes, fit):
    n = int(np.sqrt(len(fit.surface)))
    bias, weight, loss = (fit.surface[c].to_numpy().reshape(n, n) for c in ("bias", "w1", "loss"))
    lowest = max(loss.min(), loss.max() * 1e-9, 1e-12)
    levels = np.geomspace(lowest, loss.max(), 18)
    axes.contour(bias, weight, loss, levels=levels, colors="0.75", linewidths=0.8)
    axes.plot(fit.path["bias"], fit.path["w1"], color=COLOURS[0], marker=".", markersize=4, label="descent")
    if fit.least_squares is not None:
        axes.plot(
            *fit.least_squares, "+", color=COLOURS[1], markersize=14, markeredgewidth=2, label="least squares"
        )
    axes.set(xlabel="Bias", ylabel="Weight")
    axes.legend(frameon=False)
    plain_axes(axes)


def _written(values):
    return " ".join(f"{value:.6g}" for value in values)
