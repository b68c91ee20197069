"""How far the gradient of a batch strays: its variance falls as one over the batch size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike, Seed
from bineural.checks import checked, list_of, number, seed, whole
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import check_inputs, check_vector
from bineural.fundamentals.gradient_descent import ACTIVATION, make_loss


@dataclass(eq=False, repr=False)
class GradientNoise:
    """The result of `measure_gradient_noise`.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns batch_size; variance (of the batch gradients, summed over the parameters); expected (that of
        single rows over the batch size); ratio; distance (of their mean from the gradient of all rows).
    draws : int

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> noise = measure_gradient_noise(iris["petal_length"], iris["petal_width"], "identity", seed=1)
    >>> noise.table["batch_size"].tolist()
    [1, 10, 50, 100]
    """

    table: object
    draws: int

    def __repr__(self):
        """Say the ratio of each variance to what the law expects."""
        lines = [
            f"Gradients of {self.draws} batch{'es' * (self.draws != 1)} of each size, drawn with replacement:"
        ]
        return "\n".join([*lines, self.table[["batch_size", "variance", "ratio"]].to_string(index=False)])

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the variance over batch sizes, beside the law.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(5.5, 4.0)
        axes = figure.add_subplot()
        axes.plot(
            self.table["batch_size"], self.table["expected"], color="0.6", label="variance of one row / size"
        )
        axes.plot(self.table["batch_size"], self.table["variance"], "o", color=COLOURS[0], label="simulated")
        axes.set(xlabel="Rows of a batch", ylabel="Variance of its gradient", xscale="log", yscale="log")
        axes.legend(frameon=False)
        plain_axes(axes)
        return write_figure(figure, path)


@checked(
    x=check_inputs,
    activation=ACTIVATION,
    bias=number(),
    batch_sizes=list_of(whole(1)),
    draws=whole(2),
    seed=seed(),
)
def measure_gradient_noise(
    x: ArrayLike,
    y: ArrayLike,
    activation: str = "sigmoid",
    weights: ArrayLike | None = None,
    bias: float = 0.0,
    batch_sizes: Sequence[int] = (1, 10, 50, 100),
    draws: int = 2000,
    seed: Seed = None,
) -> GradientNoise:
    """Compare the variance of batch gradients, drawn again and again, with one over the batch size.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs) or (n_rows,)
        Inputs; a vector is one column.
    y : array_like of float64, shape (n_rows,)
        Outcome; 0 and 1 for a sigmoid.
    activation : str
        As in `fit_neuron`.
    weights : array_like of float64, shape (n_inputs,), optional
        Where the gradient is taken; at 0 by default.
    bias : float
        Where the gradient is taken.
    batch_sizes : sequence of int
        Rows of a batch, drawn with replacement.
    draws : int
        Batches of each size.
    seed : int, optional
        The same seed draws the same batches.

    Returns
    -------
    GradientNoise
        With table and draws.

    Raises
    ------
    InputError
        If `x` and `y` do not go together, or a size is no whole number.

    Examples
    --------
    >>> noise = measure_gradient_noise([0, 1, 2, 3], [0, 0, 1, 1], batch_sizes=[1, 4], draws=500, seed=1)
    >>> noise.table["variance"].is_monotonic_decreasing
    True
    """
    import pandas as pd

    gradient, _ = make_loss(x, y, activation)
    weights = np.zeros(x.shape[1]) if weights is None else weights
    weights = check_vector(weights, x.shape[1], "weights", "one for each input")
    at = np.append(bias, weights)
    single = np.array([gradient(at, [row]) for row in range(len(x))])
    everything = single.mean(axis=0)
    rng = np.random.default_rng(seed)
    rows = []
    for size in batch_sizes:
        means = np.array([single[rng.integers(0, len(x), size)].mean(axis=0) for _ in range(draws)])
        expected = float(single.var(axis=0).sum() / size)
        variance = float(((means - everything) ** 2).mean(axis=0).sum())
        distance = float(np.linalg.norm(means.mean(axis=0) - everything))
        ratio = variance / expected if expected > 0 else np.nan
        rows.append((size, variance, expected, ratio, distance))
    columns = ["batch_size", "variance", "expected", "ratio", "distance"]
    return GradientNoise(pd.DataFrame(rows, columns=columns), draws)
