"""Activation functions and their derivatives, and how a sigmoid becomes a step as its weight grows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bineural._typing import ArrayLike, Figure, Floats, PathLike
from bineural.checks import checked, choice, flag, list_of, number
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE, curve_look, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import check_array

LEAK = 0.2  # slope of leaky ReLU left of 0, as in TensorFlow


def sigmoid(x):
    """Compute 1 / (1 + exp(-x)) without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


# value and derivative; at a kink the derivative is TensorFlow's
ACTIVATIONS = {
    "identity": (lambda x: x.copy(), np.ones_like),
    "step": (lambda x: (x > 0) * 1.0, lambda x: np.where(x == 0, np.nan, 0.0)),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0),
    "leaky_relu": (lambda x: np.where(x > 0, x, LEAK * x), lambda x: np.where(x > 0, 1, LEAK)),
    "softplus": (lambda x: np.logaddexp(0, x), sigmoid),
    "abs": (np.abs, np.sign),
}


@checked(x=check_array, activation=choice(*ACTIVATIONS), derivative=flag())
def activate(x: ArrayLike, activation: str = "sigmoid", derivative: bool = False) -> Floats:
    """Compute an activation function, or its derivative.

    Parameters
    ----------
    x : array_like of float64
        Net inputs, of any shape.
    activation : str
        A name from `list_activations`. Leaky ReLU has slope 0.2 left of 0.
    derivative : bool
        Whether the derivative is meant. At 0 that of ReLU and of abs is 0, that of leaky ReLU 0.2, and that
        of the step NaN.

    Returns
    -------
    ndarray of float64
        Of the shape of `x`.

    Raises
    ------
    InputError
        If there is no such activation.

    Examples
    --------
    >>> activate([-2, 0, 2], "relu")
    array([0., 0., 2.])
    >>> activate([-2, 0, 2], "abs", derivative=True)
    array([-1.,  0.,  1.])
    """
    return bend(x, activation, derivative)


def bend(x, activation, derivative=False):
    """Compute an activation function, or its derivative, of an array that is known to be one."""
    return ACTIVATIONS[activation][derivative](x)


def list_activations() -> list[str]:
    """List the names that `activate` knows.

    Returns
    -------
    list of str

    Examples
    --------
    >>> list_activations()
    ['identity', 'step', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'softplus', 'abs']
    """
    return list(ACTIVATIONS)


_CURVES = {"activation": list_of(choice(*ACTIVATIONS)), "weights": check_array, "bias": number()}


@checked(path=FIGURE_FILE, **_CURVES)
def plot_activation(
    activation: str | Sequence[str] = "sigmoid",
    weights: float | Sequence[float] = 1.0,
    bias: float = 0.0,
    path: PathLike | None = None,
) -> Figure:
    """Draw activations of `weight * x + bias` and their slopes; for growing weights sigmoids become steps.

    Parameters
    ----------
    activation : str or sequence of str
        Names from `list_activations`.
    weights : float or sequence of float
        A curve is drawn for each activation and each weight.
    bias : float
        Added to `weight * x`; a sigmoid is 1/2 at `-bias / weight`.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If there is no such activation, or the path cannot be written.

    Examples
    --------
    >>> figure = plot_activation(["sigmoid", "tanh", "relu"])
    >>> figure = plot_activation("sigmoid", weights=[1, 5, 25, 125])  # towards a step
    """
    table = activation_data(activation, weights, bias)
    figure = new_figure(9.0, 3.8)
    left, right = figure.subplots(1, 2)
    for i, (label, rows) in enumerate(table.groupby("label", sort=False)):
        left.plot(rows["x"], rows["value"], label=label, **curve_look(i))
        right.plot(rows["x"], rows["derivative"], **curve_look(i))
    left.set(xlabel="x", ylabel="Activation")
    right.set(xlabel="x", ylabel="Its slope in x")
    for axes in (left, right):
        plain_axes(axes)
    figure.legend(loc="outside right center", frameon=False, handlelength=3)
    return write_figure(figure, path)


@checked(**_CURVES)
def activation_data(activation, weights, bias):
    """Make the table behind `plot_activation`.

    Returns
    -------
    pandas.DataFrame
        Columns activation, weight, label, x, value, derivative (in x).
    """
    import pandas as pd

    names, weights = activation, np.atleast_1d(weights)
    if not weights.size or not weights.all():
        raise InputError(
            "`weights` must hold numbers other than 0.", f"Found {weights.tolist()}.", "Use for example 1.0."
        )
    x = np.linspace(-5, 5, 1001)
    parts = []
    for name in names:
        for weight in weights:
            net = weight * x + bias
            words = [name] if len(names) > 1 or len(weights) == 1 else []
            words += [f"weight {weight:g}"] if len(weights) > 1 else []
            slope = weight * activate(net, name, derivative=True)
            parts.append(
                pd.DataFrame(
                    {
                        "activation": name,
                        "weight": weight,
                        "label": ", ".join(words),
                        "x": x,
                        "value": activate(net, name),
                        "derivative": slope,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)
