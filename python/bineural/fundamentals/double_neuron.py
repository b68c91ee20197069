"""The mean of two logistic neurons: above a threshold of 3/4 it says a band, which one neuron can't.

With `g` the logistic function, `Y = g(b1 + w1 . x) / 2 + g(b2 + w2 . x) / 2`. Between two lines both neurons
fire and Y is near 1; beyond either of them one fires and Y is near 1/2. At the usual threshold of 1/2
nothing is gained: Y > 1/2 exactly where `(w1 + w2) . x + b1 + b2 > 0`, a half-plane as of one neuron.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Figure, PathLike, Seed
from bineural.checks import checked, seed, whole
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.activation import sigmoid
from bineural.fundamentals.checking import POSITIVE, RATE, check_classes, check_descent, check_inputs
from bineural.fundamentals.optimizers import adam
from bineural.messages import number_of

KINDS = ("single", "double")
STARTS = 20  # of the double neuron, whose loss has more than one valley; the lowest counts
SPREAD = 3.0  # standard deviation of the weights there: lines that cut rows of variance 1 sharply


@dataclass(eq=False, repr=False)
class DoubleNeuronFit:
    """The result of `fit_double_neuron`, beside a single neuron on the same rows.

    Attributes
    ----------
    weights : ndarray of float64, shape (2, n_inputs)
        Of the double neuron.
    biases : ndarray of float64, shape (2,)
    threshold : float
        Above it the double neuron says 1.
    table : pandas.DataFrame
        Columns neuron ("single", "double"), loss (nats), accuracy_at_half (saying 1 above 1/2), threshold
        (above which most rows are right) and accuracy (at that threshold).
    history : pandas.DataFrame
        Columns step, single, double: the losses, before the step; 500 rows at most.
    cases : pandas.DataFrame
        Columns x1, x2, ..., y, and single and double: what each says.
    plane : pandas.DataFrame or None
        Columns x1, x2, single, double on a grid, where there are two inputs.

    Examples
    --------
    >>> import bineural as bn
    >>> rows = bn.fundamentals.make_band(200, seed=1)
    >>> fit = bn.fundamentals.fit_double_neuron(rows[["x1", "x2"]], rows["inside"], seed=1)
    >>> fit.table["accuracy"].tolist()
    [0.755, 1.0]
    """

    weights: np.ndarray
    biases: np.ndarray
    threshold: float
    table: object
    history: object
    cases: object
    plane: object

    def __repr__(self):
        """Say loss and accuracy of the single and of the double neuron."""
        inputs, rows = number_of(self.weights.shape[1], "input"), number_of(len(self.cases), "row")
        lines = [f"Logistic neurons of {inputs}, {rows}"]
        for row in self.table.itertuples():
            lines.append(
                f"{row.neuron}: loss {row.loss:.4f}; accuracy {row.accuracy_at_half:.3f} above 1/2, "
                f"{row.accuracy:.3f} above {row.threshold:.3f}"
            )
        return "\n".join(lines)

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the loss of each step or, for two inputs, where the single and the double neuron say 1.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        known = self.plane is not None
        figure = new_figure(9.4 if known else 5.5, 4.6)
        axes = figure.subplots(1, 2) if known else figure.add_subplot()
        if known:
            for i, kind in enumerate(KINDS):
                _draw_plane(axes[i], self, kind, self.table["threshold"][i])
            handles = axes[1].get_legend_handles_labels()
            figure.legend(*handles, loc="outside lower center", ncols=3, frameon=False)
        else:
            for i, kind in enumerate(KINDS):
                axes.plot(self.history["step"], self.history[kind], color=COLOURS[i], label=kind)
            axes.set(xlabel="Step", ylabel="Loss (nats)")
            axes.legend(frameon=False)
            plain_axes(axes)
        return write_figure(figure, path)


@checked(n_rows=whole(1), width=POSITIVE, flipped=RATE, seed=seed())
def make_band(n_rows: int = 400, width: float = 0.8, flipped: float = 0.0, seed: Seed = None) -> DataFrame:
    """Draw points of a square, inside a band along its diagonal or not.

    Parameters
    ----------
    n_rows : int
        Points.
    width : float
        Of the band; the square reaches from -1 to 1.
    flipped : float in [0, 1)
        Share of the points whose label is turned, at random.
    seed : int, optional
        The same seed gives the same points.

    Returns
    -------
    pandas.DataFrame
        Columns x1 and x2 (-1 to 1) and inside (0 or 1).

    Raises
    ------
    InputError
        If a size or share can't be.

    Examples
    --------
    >>> make_band(200, seed=1)["inside"].value_counts().to_dict()
    {0: 106, 1: 94}
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (n_rows, 2))
    inside = np.abs(x[:, 0] + x[:, 1]) / np.sqrt(2) < width / 2
    inside ^= rng.random(n_rows) < flipped
    return pd.DataFrame(x, columns=["x1", "x2"]).assign(inside=inside.astype(int))


@checked(x=check_inputs, learning_rate=POSITIVE, steps=whole(1), seed=seed())
def fit_double_neuron(
    x: ArrayLike, y: ArrayLike, learning_rate: float = 0.2, steps: int = 500, seed: Seed = None
) -> DoubleNeuronFit:
    """Fit the mean of two logistic neurons by the log loss, and one logistic neuron beside it.

    Each says 1 above a threshold: the one at which most of these rows are right.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs) or (n_rows,)
        Inputs, best with variances near 1; a vector is one column.
    y : array_like of int, shape (n_rows,)
        0 and 1.
    learning_rate : float
        Of Adam.
    steps : int
        Updates, each on all rows.
    seed : int, optional
        Of the initial weights, normal with standard deviation 3; the double neuron starts 20 times and the
        lowest loss counts.

    Returns
    -------
    DoubleNeuronFit
        With weights, biases, threshold, table, history, cases, plane.

    Raises
    ------
    InputError
        If `y` does not hold 0 and 1, one for each row, or descent runs away.

    Examples
    --------
    >>> rows = make_band(200, seed=1)
    >>> fit = fit_double_neuron(rows[["x1", "x2"]], rows["inside"], seed=1)
    >>> fit.table["accuracy"].tolist(), 0.5 < fit.threshold < 1
    ([0.755, 1.0], True)
    """
    import pandas as pd

    y = check_classes(y, len(x))
    rng, ones = np.random.default_rng(seed), np.column_stack([np.ones(len(x)), x])
    n_weights = ones.shape[1]
    starts = {"single": np.zeros((1, 1, n_weights)), "double": rng.normal(0, SPREAD, (STARTS, 2, n_weights))}
    fits = {kind: _descend(ones, y, starts[kind], learning_rate, steps) for kind in KINDS}
    says = {kind: mean_of_neurons(ones, at) for kind, (at, _, _) in fits.items()}
    rows = []
    for kind in KINDS:
        threshold, accuracy = best_threshold(says[kind], y)
        rows.append((kind, fits[kind][1], np.mean((says[kind] > 0.5) == y), threshold, accuracy))
    table = pd.DataFrame(rows, columns=["neuron", "loss", "accuracy_at_half", "threshold", "accuracy"])
    at = fits["double"][0]
    every = -(-steps // 500)
    history = pd.DataFrame({"step": np.arange(steps)} | {kind: fits[kind][2] for kind in KINDS})
    cases = pd.DataFrame(x, columns=[f"x{j + 1}" for j in range(x.shape[1])]).assign(y=y.astype(int), **says)
    return DoubleNeuronFit(
        weights=at[:, 1:],
        biases=at[:, 0],
        threshold=float(table["threshold"][1]),
        table=table,
        history=history[::every].reset_index(drop=True),
        cases=cases,
        plane=_plane(x, fits) if x.shape[1] == 2 else None,
    )


def _descend(ones, y, starts, learning_rate, steps):
    """Go downhill by Adam from all starts; of the lowest, return the end, its loss and the loss of each step.

    Shape of `starts`: (n_starts, n_neurons, 1 + n_inputs), the bias first.
    """
    at, state, losses = starts.copy(), {}, []
    for step in range(1, steps + 1):
        loss, slope = log_loss_of_mean(ones, y, at)
        losses.append(loss)
        at += adam(state, slope, step, learning_rate)
        check_descent(at, step)
    ended = log_loss_of_mean(ones, y, at)[0]
    best = ended.argmin()
    return at[best], float(ended[best]), np.array(losses)[:, best]


def mean_of_neurons(ones, at):
    """Compute the mean of logistic neurons, one for each row (bias, weights) of `at`."""
    return sigmoid(ones @ at.T).mean(axis=1)


def log_loss_of_mean(ones, y, at):
    """Compute the mean log loss (nats) of means of logistic neurons, and its slopes in their weights.

    Shapes: `at` (n_starts, n_neurons, 1 + n_inputs) -> (n_starts,) and as `at`.
    """
    net = at @ ones.T  # (n_starts, n_neurons, n_rows)
    fired, quiet = sigmoid(net), sigmoid(-net)
    right = np.where(y == 1, fired.mean(axis=1), quiet.mean(axis=1)).clip(1e-300)
    delta = np.where(y == 1, -1, 1) / right  # (n_starts, n_rows)
    slopes = (delta[:, None] * fired * quiet / at.shape[1]) @ ones / len(y)
    return -np.log(right).mean(axis=1), slopes


def best_threshold(says, y):
    """Find the threshold with most rows right; of equal ones that in the widest gap."""
    values = np.unique(says)
    middles = np.concatenate([[values[0] / 2], (values[1:] + values[:-1]) / 2, [(1 + values[-1]) / 2]])
    gaps = np.concatenate([[values[0]], np.diff(values), [1 - values[-1]]])
    right = np.mean((says[:, None] > middles) == (y[:, None] == 1), axis=0)
    best = np.lexsort([gaps, right])[-1]
    return float(middles[best]), float(right[best])


def _plane(x, fits, n=101):
    """Make the table of what both say on a grid around the rows."""
    import pandas as pd

    low, high = x.min(axis=0), x.max(axis=0)
    spare = 0.05 * np.where(high > low, high - low, 1)
    sides = [np.linspace(a, b, n) for a, b in zip(low - spare, high + spare)]
    first, second = np.meshgrid(*sides)
    points = np.column_stack([np.ones(n * n), first.ravel(), second.ravel()])
    says = {kind: mean_of_neurons(points, fits[kind][0]) for kind in KINDS}
    return pd.DataFrame({"x1": points[:, 1], "x2": points[:, 2], **says})


def _draw_plane(axes, fit, kind, threshold):
    n = int(np.sqrt(len(fit.plane)))
    x1, x2, says = (fit.plane[c].to_numpy().reshape(n, n) for c in ("x1", "x2", kind))
    axes.contourf(x1, x2, says, levels=[threshold, np.inf], colors=[COLOURS[1]], alpha=0.15)
    axes.contour(x1, x2, says, levels=[0.5], colors="black", linestyles="--", linewidths=1)
    for value, marker in ((0, "o"), (1, "^")):
        rows = fit.cases[fit.cases["y"] == value]
        axes.scatter(rows["x1"], rows["x2"], s=12, marker=marker, color=COLOURS[value], label=f"y = {value}")
    axes.plot([], [], "--", color="black", label="it says 1/2")
    accuracy = fit.table.set_index("neuron")["accuracy"][kind]
    axes.set(title=f"{kind.capitalize()}: 1 above {threshold:.2f}, accuracy {accuracy:.2f}")
    axes.set(xlabel="x1", ylabel="x2")
    axes.locator_params(nbins=5)
    plain_axes(axes)
