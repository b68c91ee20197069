"""A network with 16,321 weights learns ten points by heart; dropout and batch normalisation hold it back.

Forward, each hidden layer is dense, batch normalisation (where chosen), sigmoid, dropout (where chosen); the
way back takes their slopes in the opposite order. Adam's steps train all weights, kept in one vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Figure, PathLike, Seed
from bineural.checks import checked, choice, list_of, seed, whole
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.activation import sigmoid
from bineural.fundamentals.batch_norm import EPSILON, MOMENTUM
from bineural.fundamentals.checking import POSITIVE, RATE, check_array, check_vector
from bineural.fundamentals.dropout import draw_mask
from bineural.fundamentals.optimizers import adam
from bineural.irls.threads import one_matrix_thread
from bineural.messages import number_of

REGULARISERS = ("none", "dropout", "batch_norm")
TEN = (0.9819, 0.7973, 1.9737, 0.1838, 1.3180, -0.8361, -0.6591, -2.4701, -2.8122, -6.2512)


@dataclass(eq=False, repr=False)
class CurveFit:
    """The curve that `fit_curve` learnt.

    Attributes
    ----------
    regulariser : str
    n_weights, n_trainable : int
        The moving averages of batch normalisation are weights that no gradient trains.
    train_loss : float
        Mean squared error over the points, as the network is used.
    total_variation : float
        Sum of the ups and downs of the curve from the first point to the last.
    history : pandas.DataFrame
        Columns step, loss (of the batch, as the network trains); 100 rows at most.
    cases : pandas.DataFrame
        Columns x, y, training, use: the points, and what the network says as it trains (units dropped, or
        normalised by these points) and as it is used.
    curve : pandas.DataFrame
        Columns x, y: the network as it is used, at 501 places.

    Examples
    --------
    >>> import bineural as bn
    >>> points = bn.fundamentals.ten_points()
    >>> fit = bn.fundamentals.fit_curve(points["x"], points["y"], steps=10, seed=1)
    >>> fit.n_weights
    16321
    """

    regulariser: str
    n_weights: int
    n_trainable: int
    train_loss: float
    total_variation: float
    history: object
    cases: object
    curve: object

    def __repr__(self):
        """Say the number of weights, the loss and how the curve moves."""
        kept = "" if self.n_weights == self.n_trainable else f" ({self.n_trainable} trainable)"
        loss, moves = f"train loss {self.train_loss:.4g}", f"total variation {self.total_variation:.4g}"
        if self.regulariser != "none":  # a layer with two ways
            trains = np.mean((self.cases["training"] - self.cases["y"]) ** 2)
            loss = f"{loss} in use, {trains:.4g} as it trains"
        weights = number_of(self.n_weights, "weight")
        return f"Curve of {weights}{kept}, regulariser {self.regulariser}: {loss}, {moves}."

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the points, the curve, and what the network says as it trains.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(6.4, 4.2)
        axes = figure.add_subplot()
        axes.plot(self.curve["x"], self.curve["y"], color=COLOURS[0], label="curve, in use")
        if self.regulariser != "none":
            axes.plot(self.cases["x"], self.cases["training"], "x", color=COLOURS[1], label="in training")
        axes.plot(self.cases["x"], self.cases["y"], "o", color="black", label="points")
        axes.set(xlabel="x", ylabel="y")
        axes.legend(frameon=False)
        plain_axes(axes)
        return write_figure(figure, path)


def ten_points() -> DataFrame:
    """Give the ten points of the overfitting exercise.

    Returns
    -------
    pandas.DataFrame
        Columns x (-4.5 to 4.5) and y.

    Examples
    --------
    >>> points = ten_points()
    >>> float(points["y"].var(ddof=0).round(6))
    5.544355
    """
    import pandas as pd

    return pd.DataFrame({"x": np.linspace(-4.5, 4.5, 10), "y": TEN})


@checked(
    x=check_array,
    regulariser=choice(*REGULARISERS),
    units=list_of(whole(1)),
    rate=RATE,
    learning_rate=POSITIVE,
    batch_size=whole(1),
    steps=whole(1),
    seed=seed(),
)
def fit_curve(
    x: ArrayLike,
    y: ArrayLike,
    regulariser: str = "none",
    units: Sequence[int] = (30, 100, 100, 30),
    rate: float = 0.2,
    learning_rate: float = 0.001,
    batch_size: int = 50,
    steps: int = 10000,
    seed: Seed = None,
) -> CurveFit:
    """Fit a curve by sigmoid layers and squared error, with dropout, batch normalisation or neither.

    Parameters
    ----------
    x, y : array_like of float64, shape (n_rows,)
        Points.
    regulariser : str
        "none", "dropout" (after each hidden layer) or "batch_norm" (before each sigmoid).
    units : sequence of int
        Of the hidden layers.
    rate : float
        Share of units that dropout silences.
    learning_rate : float
        Of Adam.
    batch_size : int
        Points of a step, drawn with replacement.
    steps : int
        Updates.
    seed : int, optional
        Of the initial weights (normal, standard deviation 0.1), the batches and the dropped units.

    Returns
    -------
    CurveFit
        With regulariser, n_weights, n_trainable, train_loss, total_variation, history, cases, curve.

    Raises
    ------
    InputError
        If `x` and `y` do not go together, or a size is too small.

    Examples
    --------
    >>> points = ten_points()
    >>> fit = fit_curve(points["x"], points["y"], "batch_norm", steps=5, seed=1)
    >>> fit.n_weights, fit.n_trainable
    (17361, 16841)
    """
    import pandas as pd

    x = np.ravel(x)
    y = check_vector(y, x.size, "y", "one for each point")
    rng = np.random.default_rng(seed)
    rate = rate if regulariser == "dropout" else 0.0
    theta, layers = _begin([1, *units, 1], regulariser == "batch_norm", rng)
    inputs, target, state, history = x[:, None], y[:, None], {}, []
    every = -(-steps // 100)
    with one_matrix_thread():  # these matrices are too small for more
        for step in range(1, steps + 1):
            rows = rng.integers(0, x.size, batch_size)
            loss, slopes = gradient(layers, inputs[rows], target[rows], rate, rng)
            theta += adam(state, slopes, step, learning_rate)
            if step % every == 0 or step == steps:
                history.append((step, loss))
    grid = np.linspace(x.min(), x.max(), 501)
    curve = forward(layers, grid[:, None])[0][:, 0]
    used = forward(layers, inputs)[0][:, 0]
    trained = forward(layers, inputs, rate, rng, training=True)[0][:, 0]
    return CurveFit(
        regulariser=regulariser,
        n_weights=theta.size + sum(v.size for layer in layers for v in layer.get("moving", [])),
        n_trainable=theta.size,
        train_loss=float(np.mean((used - y) ** 2)),
        total_variation=float(np.abs(np.diff(curve)).sum()),
        history=pd.DataFrame(history, columns=["step", "loss"]),
        cases=pd.DataFrame({"x": x, "y": y, "training": trained, "use": used}),
        curve=pd.DataFrame({"x": grid, "y": curve}),
    )


def _begin(widths, normalised, rng):
    """Draw the weights as one vector, and give each layer its views of it."""
    shapes = []
    for i, (n_inputs, n_units) in enumerate(zip(widths, widths[1:])):
        shapes.append({"weights": (n_inputs, n_units), "bias": (n_units,)})
        if normalised and i < len(widths) - 2:
            shapes[-1] |= {"scale": (n_units,), "shift": (n_units,)}
    theta = rng.normal(0, 0.1, sum(int(np.prod(shape)) for layer in shapes for shape in layer.values()))
    layers, first = [], 0
    for shape_of in shapes:
        layer = {}
        for name, shape in shape_of.items():
            layer[name] = theta[first : first + int(np.prod(shape))].reshape(shape)
            first += layer[name].size
        if "scale" in layer:
            layer["scale"][:], layer["shift"][:] = 1, 0
            layer["moving"] = [np.zeros(shape_of["scale"]), np.ones(shape_of["scale"])]
        layers.append(layer)
    return theta, layers


def forward(layers, values, rate=0.0, rng=None, training=False):
    """Compute the outputs, and of each layer what the way back needs."""
    seen = []
    for layer in layers:
        net = values @ layer["weights"] + layer["bias"]
        memory = {"inputs": values}
        if layer is layers[-1]:
            return net, [*seen, memory]
        if "scale" in layer:
            mean, variance = (net.mean(axis=0), net.var(axis=0)) if training else layer["moving"]
            memory["spread"] = np.sqrt(variance + EPSILON)
            memory["standard"] = (net - mean) / memory["spread"]
            memory["moments"] = mean, variance
            net = layer["scale"] * memory["standard"] + layer["shift"]
        memory["fired"] = sigmoid(net)
        memory["mask"] = draw_mask(net.shape, rate, rng) if training and rate else 1.0
        values = memory["fired"] * memory["mask"]
        seen.append(memory)


def gradient(layers, x, y, rate=0.0, rng=None):
    """Compute the loss of a batch and its slope in the vector of weights; the moving averages move on."""
    outputs, seen = forward(layers, x, rate, rng, training=True)
    error = outputs - y
    delta, slopes = 2 * error / len(x), []
    for layer, memory in zip(layers[::-1], seen[::-1]):
        own = {}
        if "fired" in memory:
            delta = delta * memory["mask"] * memory["fired"] * (1 - memory["fired"])
        if "scale" in layer:
            standard = memory["standard"]
            own = {"scale": (delta * standard).sum(axis=0), "shift": delta.sum(axis=0)}
            centred = delta - (own["shift"] + standard * own["scale"]) / len(x)
            delta = layer["scale"] / memory["spread"] * centred
            for moving, moment in zip(layer["moving"], memory["moments"]):
                moving *= MOMENTUM
                moving += (1 - MOMENTUM) * moment
        own = {"weights": memory["inputs"].T @ delta, "bias": delta.sum(axis=0)} | own
        slopes = [slope.ravel() for slope in own.values()] + slopes
        delta = delta @ layer["weights"].T
    return float(np.mean(error**2)), np.concatenate(slopes)
