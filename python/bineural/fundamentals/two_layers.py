"""A network of one hidden layer learns the figures that one line cannot cut out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Figure, PathLike, Seed
from bineural.checks import checked, choice, seed, whole
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.backpropagation import sweep
from bineural.fundamentals.checking import POSITIVE, check_classes, check_inputs
from bineural.fundamentals.network import Network, build_network

# rows with x1 and x2 between -1 and 1 -> whether they are inside
PATTERNS = {
    "circle": lambda x: np.hypot(*x.T) < 0.75,
    "diamond": lambda x: np.abs(x).sum(axis=1) < 1,
    "square": lambda x: np.abs(x).max(axis=1) < 0.5,
    "corner": lambda x: x.max(axis=1) > 0,
}


@dataclass(eq=False, repr=False)
class TwoLayerFit:
    """The result of `fit_two_layers`.

    Attributes
    ----------
    network : Network
        2 or more inputs, one hidden layer, one output, all sigmoid.
    history : pandas.DataFrame
        Columns epoch, loss (nats), accuracy (share of rows on the right side of 1/2), before the epoch's
        step.
    cases : pandas.DataFrame
        Columns x1, x2, ... and y: the rows it learnt from.

    Examples
    --------
    >>> import bineural as bn
    >>> rows = bn.fundamentals.make_pattern("corner", 200, seed=1)
    >>> fit = bn.fundamentals.fit_two_layers(rows[["x1", "x2"]], rows["inside"], epochs=500, seed=1)
    >>> bool(fit.history["loss"].iloc[-1] < fit.history["loss"].iloc[0])
    True
    """

    network: Network
    history: object
    cases: object

    def __repr__(self):
        """Say the last loss and accuracy."""
        last = self.history.iloc[-1]
        loss, accuracy = f"loss {last['loss']:.4f}", f"accuracy {last['accuracy']:.3f}"
        return f"{self.network}\nAfter {last['epoch']:.0f} epochs: {loss}, {accuracy}."

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the loss of each epoch and, for two inputs, where the network says 1.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        plane = len(self.network.weights[0]) == 2
        figure = new_figure(9.0 if plane else 5.0, 4.0)
        axes = figure.subplots(1, 2) if plane else [figure.add_subplot()]
        axes[-1].plot(self.history["epoch"], self.history["loss"], color=COLOURS[0], label="loss (nats)")
        axes[-1].plot(
            self.history["epoch"], self.history["accuracy"], "--", color=COLOURS[1], label="accuracy"
        )
        axes[-1].set(xlabel="Epoch", ylim=(0, None))
        axes[-1].legend(frameon=False)
        plain_axes(axes[-1])
        if plane:
            _draw_plane(axes[0], self)
        return write_figure(figure, path)


@checked(pattern=choice(*PATTERNS), n_rows=whole(1), seed=seed())
def make_pattern(pattern: str = "diamond", n_rows: int = 500, seed: Seed = None) -> DataFrame:
    """Draw points of a square, inside a figure or not.

    Parameters
    ----------
    pattern : str
        "circle" (radius 0.75), "diamond" (|x1| + |x2| < 1), "square" (half the width) or
        "corner" (x1 or x2 above 0).
    n_rows : int
        Points.
    seed : int, optional
        The same seed gives the same points.

    Returns
    -------
    pandas.DataFrame
        Columns x1 and x2 (-1 to 1) and inside (0 or 1).

    Raises
    ------
    InputError
        If there is no such pattern.

    Examples
    --------
    >>> make_pattern("circle", 200, seed=1)["inside"].value_counts().to_dict()
    {0: 113, 1: 87}
    """
    import pandas as pd

    x = np.random.default_rng(seed).uniform(-1, 1, (n_rows, 2))
    return pd.DataFrame(x, columns=["x1", "x2"]).assign(inside=PATTERNS[pattern](x).astype(int))


@checked(x=check_inputs, units=whole(1), learning_rate=POSITIVE, epochs=whole(1), seed=seed())
def fit_two_layers(
    x: ArrayLike,
    y: ArrayLike,
    units: int = 4,
    learning_rate: float = 0.5,
    epochs: int = 5000,
    seed: Seed = None,
) -> TwoLayerFit:
    """Train a network of one hidden layer by gradient descent on all rows, every gradient by backpropagation.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs)
        Inputs.
    y : array_like of int, shape (n_rows,)
        0 and 1.
    units : int
        Of the hidden layer.
    learning_rate : float
        Of the mean log loss; 0.5 on 500 rows is 0.001 of their sum.
    epochs : int
        Steps, each on all rows.
    seed : int, optional
        Of the initial weights, uniform from -1 to 1.

    Returns
    -------
    TwoLayerFit
        With network, history, cases.

    Raises
    ------
    InputError
        If `y` does not hold 0 and 1, one for each row.

    Examples
    --------
    >>> rows = make_pattern("diamond", 500, seed=1)
    >>> fit = fit_two_layers(rows[["x1", "x2"]], rows["inside"], seed=1)
    >>> bool(fit.history["accuracy"].iloc[-1] > 0.95)
    True
    """
    import pandas as pd

    y = check_classes(y, len(x))
    draw = np.random.default_rng(seed).uniform
    network = build_network(
        [draw(-1, 1, (x.shape[1], units)), draw(-1, 1, (units, 1))],
        [draw(-1, 1, units), draw(-1, 1, 1)],
        activation="sigmoid",
        output="sigmoid",
    )
    history = []
    for epoch in range(epochs + 1):
        slopes, outputs = sweep(network, x, y[:, None])
        history.append((epoch, slopes.loss, np.mean((outputs[:, 0] > 0.5) == y)))
        if epoch == epochs:
            break
        for weights, slope in zip(network.weights + network.biases, slopes.weights + slopes.biases):
            weights -= learning_rate * slope
    return TwoLayerFit(
        network=network,
        history=pd.DataFrame(history, columns=["epoch", "loss", "accuracy"]),
        cases=pd.DataFrame(x, columns=[f"x{j + 1}" for j in range(x.shape[1])]).assign(y=y.astype(int)),
    )


def plane_data(network, n=101, reach=1.1):
    """Make the table of a network's answers over a square.

    Returns
    -------
    pandas.DataFrame
        Columns x1, x2, answer; n * n rows, x1 running first.
    """
    import pandas as pd

    first, second = (grid.ravel() for grid in np.meshgrid(*[np.linspace(-reach, reach, n)] * 2))
    answer = network(np.column_stack([first, second]))
    return pd.DataFrame({"x1": first, "x2": second, "answer": answer})


def _draw_plane(axes, fit):
    n = 201
    reach = 1.1 * np.abs(fit.cases[["x1", "x2"]].to_numpy()).max()
    grid = [column.reshape(n, n) for column in plane_data(fit.network, n, reach).to_numpy().T]
    axes.contourf(*grid, levels=[0.5, 2], colors=[COLOURS[1]], alpha=0.2)
    for value, marker in ((0, "o"), (1, "^")):
        rows = fit.cases[fit.cases["y"] == value]
        axes.scatter(rows["x1"], rows["x2"], s=10, marker=marker, color=COLOURS[value], label=f"y = {value}")
    axes.set(xlabel="x1", ylabel="x2", title="Shaded: the network says 1", aspect="equal")
    plain_axes(axes)
