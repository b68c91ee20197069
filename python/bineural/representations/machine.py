"""The exact numbers of a restricted Boltzmann machine, from its weights, in float64.

Weights are the kernel (n_visible, n_hidden), the visible bias (n_visible,) and the hidden bias (n_hidden,).
"""

import numpy as np
from scipy.special import expit, logsumexp

from bineural.errors import InputError

MOST_UNITS = 20  # whose states are counted out
_AT_ONCE = 2**14  # states


def free_energy(weights, rows):
    """Return -log of the sum over hidden units of exp(-energy) of each row: (n_rows,)."""
    kernel, visible, hidden = weights
    return -rows @ visible - np.logaddexp(0, rows @ kernel + hidden).sum(axis=1)


def hidden_shares(weights, rows):
    """Return the probability of each hidden unit given rows: (n_rows, n_hidden)."""
    kernel, _, hidden = weights
    return expit(rows @ kernel + hidden)


def visible_shares(weights, units):
    """Return the probability of each visible unit given hidden ones: (n_rows, n_visible)."""
    kernel, visible, _ = weights
    return expit(units @ kernel.T + visible)


def log_partition(weights):
    """Return the logarithm of the sum over all states of exp(-energy), by counting out the smaller side.

    Raises
    ------
    InputError
        If both sides have more units than can be counted out.
    """
    kernel, visible, hidden = weights
    if min(kernel.shape) > MOST_UNITS:
        raise InputError(
            f"The likelihood can be computed where one side has at most {MOST_UNITS} units.",
            f"Found {kernel.shape[0]} visible and {kernel.shape[1]} hidden ones.",
            "Judge larger machines by what their codes are good for, or by the rows that they generate.",
        )
    if kernel.shape[0] < kernel.shape[1]:
        kernel, visible, hidden = kernel.T, hidden, visible
    sums = []
    places = np.arange(kernel.shape[1])
    for start in range(0, 2 ** len(places), _AT_ONCE):
        numbers = np.arange(start, min(start + _AT_ONCE, 2 ** len(places)))
        states = (numbers[:, None] >> places & 1).astype(float)
        sums.append(logsumexp(states @ hidden + np.logaddexp(0, states @ kernel.T + visible).sum(axis=1)))
    return float(logsumexp(sums))


def sample(weights, n, steps, rng):
    """Return n rows (probabilities of visible units) after Gibbs steps from random ones: (n, n_visible)."""
    units = rng.integers(0, 2, (n, weights[0].shape[1])).astype(float)
    for _ in range(steps):
        rows = rng.random((n, weights[0].shape[0])) < visible_shares(weights, units)
        units = (rng.random(units.shape) < hidden_shares(weights, rows)).astype(float)
    return visible_shares(weights, units)
