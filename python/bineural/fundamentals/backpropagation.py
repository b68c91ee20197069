"""Backpropagation: one sweep backwards gives the slope of the loss in every weight of a network.

With `delta` the slope of the loss in a layer's net input, `values.T @ delta` is that in its weights, and
`(delta @ weights.T) * slope of the activation` is the delta of the layer before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import ArrayLike
from bineural.checks import checked
from bineural.errors import InputError
from bineural.fundamentals.activation import bend
from bineural.fundamentals.checking import check_array, check_inputs
from bineural.fundamentals.network import NETWORK

if TYPE_CHECKING:
    from bineural.fundamentals.network import Network


@dataclass(eq=False, repr=False)
class Gradients:
    """The result of `backpropagate`.

    Attributes
    ----------
    loss : float
        Mean over the rows.
    weights, biases : list of ndarray of float64
        Slope of the loss in the weights and biases of each layer, of their shapes.

    Examples
    --------
    >>> import bineural as bn
    >>> network = bn.fundamentals.build_network([[[1.0]], [[2.0]]], activation="identity")
    >>> slopes = bn.fundamentals.backpropagate(network, [[3.0]], [5.0])  # (2 * 1 * 3 - 5)^2
    >>> slopes.loss, slopes.weights
    (1.0, [array([[12.]]), array([[6.]])])
    """

    loss: float
    weights: list
    biases: list

    def __repr__(self):
        """Say the loss and the size of each layer's gradient."""
        sizes = ", ".join(f"{np.linalg.norm(slopes):.4g}" for slopes in self.weights)
        return f"Loss {self.loss:.6g}; gradient norm of each layer's weights: {sizes}."


@checked(network=NETWORK, x=check_inputs)
def backpropagate(network: Network, x: ArrayLike, y: ArrayLike) -> Gradients:
    """Compute the loss of a network and its slope in every weight, by the chain rule [1]_.

    The loss is the mean over rows: of log loss (nats) for an output "sigmoid" or "softmax", of the squared
    error, summed over outputs, for "identity".

    Parameters
    ----------
    network : Network
        From `build_network`.
    x : array_like of float64, shape (n_rows, n_inputs)
        Inputs.
    y : array_like of float64, shape (n_rows,) or (n_rows, n_outputs)
        Outcome: 0 and 1 for a sigmoid, class numbers from 0 for a softmax.

    Returns
    -------
    Gradients
        With loss, weights, biases.

    Raises
    ------
    InputError
        If `y` does not go with the network's output.

    References
    ----------
    .. [1] Rumelhart, Hinton and Williams (1986). *Nature* 323, 533-536.

    Examples
    --------
    >>> from bineural.fundamentals.network import build_network
    >>> network = build_network([[[0.5, -0.5]], [1.0, 1.0]], activation="sigmoid", output="sigmoid")
    >>> backpropagate(network, [[1.0], [2.0]], [0, 1])
    Loss 0.813262; gradient norm of each layer's weights: 0.0467, 0.1645.
    """
    outputs = network.layers(x)[-1]
    return sweep(network, x, _truth(y, outputs, network.output))[0]


def sweep(network, x, truth):
    """Go forward and back: the gradients, and the outputs."""
    values = [x, *network.layers(x)]
    loss, delta = _loss(values[-1], truth, network.output)
    weights, biases = [], []
    for i in reversed(range(len(network.weights))):
        weights.insert(0, values[i].T @ delta)
        biases.insert(0, delta.sum(axis=0))
        if i:
            net = values[i - 1] @ network.weights[i - 1] + network.biases[i - 1]
            slope = bend(net, network.activation, derivative=True)
            delta = (delta @ network.weights[i].T) * slope
    return Gradients(float(loss), weights, biases), values[-1]


def _truth(y, outputs, output):
    """Return the outcome as a matrix of the shape of the outputs."""
    y = check_array(y, "y")
    if output == "softmax" and y.ndim == 1 and np.isin(y, np.arange(outputs.shape[1])).all():
        y = np.eye(outputs.shape[1])[y.astype(int)]
    y = y.reshape(-1, 1) if y.ndim == 1 else y
    if y.shape != outputs.shape:
        raise InputError(
            f"`y` must go with the network's {outputs.shape[1]} outputs, a row for each of {len(outputs)}.",
            f"Its shape is {np.shape(y)}.",
            "Classes of a softmax are numbered from 0.",
        )
    if output == "sigmoid" and not np.isin(y, [0, 1]).all():
        raise InputError(
            "`y` must be 0 and 1 for a sigmoid.", "It holds other values.", "Compare with the event."
        )
    return y


def _loss(outputs, truth, output):
    """Return the mean loss and its slope in the last net input."""
    n_rows = len(outputs)
    if output == "identity":
        return ((outputs - truth) ** 2).sum() / n_rows, 2 * (outputs - truth) / n_rows
    chosen = (
        np.where(truth == 1, outputs, 1 - outputs) if output == "sigmoid" else (outputs * truth).sum(axis=1)
    )
    with np.errstate(divide="ignore"):
        return -np.log(chosen).sum() / n_rows, (outputs - truth) / n_rows
