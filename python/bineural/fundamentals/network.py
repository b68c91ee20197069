"""The forward pass of layers in matrices: each layer is `activation(values @ weights + bias)`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Floats
from bineural.checks import Check, checked, choice, flag, sequence
from bineural.errors import InputError
from bineural.fundamentals.activation import ACTIVATIONS, bend, sigmoid
from bineural.fundamentals.checking import check_array, check_inputs
from bineural.messages import number_of


def softmax(net):
    """Turn each row into probabilities that sum to 1."""
    powers = np.exp(net - net.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


OUTPUTS = {"identity": lambda net: net, "sigmoid": sigmoid, "softmax": softmax}


@dataclass(eq=False, repr=False)
class Network:
    """Layers that `build_network` joined; call it with rows of inputs.

    Attributes
    ----------
    weights : list of ndarray of float64, shape (n_inputs, units)
        Of each layer.
    biases : list of ndarray of float64, shape (units,)
    activation : str
        Of every layer but the last.
    output : str
        Of the last layer.

    Examples
    --------
    >>> import bineural as bn
    >>> network = bn.fundamentals.build_network([[[1, -1], [1, 1]], [0.5, 0.5]], activation="abs")
    >>> network([[3, 1], [0, 2]])
    array([3., 2.])
    """

    weights: list
    biases: list
    activation: str
    output: str

    def __repr__(self):
        """Say the widths and the number of weights."""
        widths = "-".join(str(n) for n in [len(self.weights[0]), *(w.shape[1] for w in self.weights)])
        count = number_of(sum(part.size for part in (*self.weights, *self.biases)), "weight")
        return f"Network {widths} ({self.activation}, output {self.output}) with {count}."

    def __call__(self, x):
        """Return the outputs: a vector where there is one, else a column for each."""
        outputs = self.layers(x)[-1]
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs

    def layers(self, x):
        """Return the values of each layer, the last being the outputs."""
        values = [check_inputs(x, vector="row")]
        if values[0].shape[1] != len(self.weights[0]):
            raise InputError(
                f"`x` must have {len(self.weights[0])} columns, one for each input of the network.",
                f"It has {values[0].shape[1]}.",
                "Pass a row for each case.",
            )
        for weights, bias in zip(self.weights[:-1], self.biases[:-1]):
            net = check_array(values[-1] @ weights + bias, "x @ weights + bias")
            values.append(bend(net, self.activation))
        return values[1:] + [OUTPUTS[self.output](values[-1] @ self.weights[-1] + self.biases[-1])]


def _is_network(value):
    if not isinstance(value, Network):
        raise TypeError
    return value


NETWORK = Check("a network that `build_network` made", _is_network, "Build one first.")  # what a door takes


@checked(
    weights=sequence(
        "Write for example [[[1, -1], [1, 1]], [1, 1]].", words="a list with the weights of each layer"
    ),
    biases=sequence(
        "Leave them out where all are 0.", words="a list with the biases of each layer"
    ).or_none(),
    activation=choice(*ACTIVATIONS),
    output=choice(*OUTPUTS),
)
def build_network(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike] | None = None,
    activation: str = "relu",
    output: str = "identity",
) -> Network:
    """Join layers of given weights.

    Parameters
    ----------
    weights : sequence of array_like of float64, shape (n_inputs, units)
        Of each layer; a vector is a layer of one unit.
    biases : sequence of array_like of float64, shape (units,), optional
        Of each layer; one number serves all units, None is 0.
    activation : str
        Of every layer but the last: a name from `list_activations`.
    output : str
        Of the last layer: "identity", "sigmoid" or "softmax".

    Returns
    -------
    Network
        Call it with rows of inputs, or see `run_network`.

    Raises
    ------
    InputError
        If a layer does not have a row of weights for each unit before it.

    Examples
    --------
    >>> build_network([[[1, -1, 0], [1, 1, -3]], [0.1, 0.1, 0.1]], biases=[-5, 0], activation="abs")
    Network 2-3-1 (abs, output identity) with 13 weights.
    """
    matrices = [check_inputs(layer, "weights") for layer in weights]
    biases = [0.0] * len(matrices) if biases is None else biases
    if not matrices or len(biases) != len(matrices):
        raise InputError(
            "`weights` and `biases` must hold one entry for each layer.",
            f"They hold {len(matrices)} and {len(biases)}.",
            "Leave `biases` out where all are 0.",
        )
    vectors = []
    for i, (matrix, bias) in enumerate(zip(matrices, biases)):
        vector = np.atleast_1d(check_array(0.0 if bias is None else bias, "biases")).ravel()
        inputs = matrices[i - 1].shape[1] if i else len(matrix)
        if len(matrix) != inputs or vector.size not in (1, matrix.shape[1]):
            raise InputError(
                f"Layer {i + 1} must have {inputs} rows of weights and a bias for each column, or one.",
                f"It has {len(matrix)} rows, {matrix.shape[1]} columns and {vector.size} biases.",
                "A row of weights belongs to an input, a column to a unit.",
            )
        vectors.append(np.broadcast_to(vector, (matrix.shape[1],)).copy())
    return Network(matrices, vectors, activation, output)


@checked(network=NETWORK, layers=flag())
def run_network(network: Network, x: ArrayLike, layers: bool = False) -> Floats | list[Floats]:
    """Compute the outputs of a network, or the values of all its layers.

    Parameters
    ----------
    network : Network
        From `build_network`.
    x : array_like of float64, shape (n_rows, n_inputs) or (n_inputs,)
        Inputs; a vector is one row.
    layers : bool
        Whether the values of every layer are returned.

    Returns
    -------
    ndarray of float64, shape (n_rows,) or (n_rows, n_outputs); or a list of them
        With `layers`, a matrix for each layer, the last being the outputs.

    Raises
    ------
    InputError
        If `x` has another number of columns than the network has inputs.

    Examples
    --------
    >>> xor = build_network([[[1, 1], [1, 1]], [1, -2]], biases=[[0, -1], 0])  # one hidden layer of ReLUs
    >>> run_network(xor, [[0, 0], [0, 1], [1, 0], [1, 1]])
    array([0., 1., 1., 0.])
    """
    return network.layers(x) if layers else network(x)
