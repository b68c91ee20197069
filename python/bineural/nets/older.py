"""Nets of older files as nets of today: without the biases that a batch normalisation takes out again."""

import numpy as np

from bineural.nets.fitted import plan_of


def fold_biases(fitted):
    """Take the biases before batch normalisations out of the weights of a net of the zoo.

    Version 0.1.0 had one in each hidden layer. A normalised x + b less its mean m is x less m - b, so the net
    stays the same to rounding. Weights of other shapes are left as they are.

    Parameters
    ----------
    fitted : FittedNet
        From a file; its weights are changed.
    """
    names = [variable.path for variable in plan_of(fitted).model.weights]
    for member in fitted.members:
        member.weights = _folded(member.weights, names)


def _folded(weights, names):
    """Return weights in the order of `names`; those given may have a bias after each hidden kernel."""
    hidden = [name.split("/")[0] for name in names if name.startswith("hidden_") and name.endswith("/kernel")]
    hidden = [layer for layer in hidden if f"{_normaliser(layer)}/moving_mean" in names]
    old = []
    for name in names:
        layer, part = name.rsplit("/", 1)
        old += [name, f"{layer}/bias"] if layer in hidden and part == "kernel" else [name]
    if len(weights) != len(old):
        return weights
    value = dict(zip(old, weights))
    for layer in hidden:
        mean, bias = f"{_normaliser(layer)}/moving_mean", value[f"{layer}/bias"]
        if (value[mean].shape, value[mean].dtype) != (bias.shape, bias.dtype) or bias.dtype.kind != "f":
            return weights
        with np.errstate(all="ignore"):
            value[mean] = value[mean] - bias
    return [value[name] for name in names]


def _normaliser(layer):
    return layer.replace("hidden_", "normalise_")
