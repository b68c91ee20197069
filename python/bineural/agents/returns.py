"""Returns of the steps of many episodes, and how much better than expected they were.

Reference: Schulman et al. (2016). High-dimensional continuous control using generalized advantage estimation.
ICLR.
"""

import numpy as np


def discounted(rewards, ended, gamma, ahead):
    """Return the return from each step on: float64 (n_steps, ...).

    Parameters
    ----------
    rewards, ended : ndarrays, shape (n_steps, ...)
    gamma : float
    ahead : ndarray
        What follows the last step.
    """
    returns, total = np.zeros(rewards.shape), ahead
    for t in range(len(rewards) - 1, -1, -1):
        total = rewards[t] + gamma * total * ~ended[t]
        returns[t] = total
    return returns


def advantages_of(rewards, values, values_after, terminated, truncated, gamma, weight):
    """Return generalised advantages: float64 (n_steps, ...).

    `delta = r + gamma v(s') - v(s)`, v(s') being 0 only where the world has ended; their sum discounted by
    ``gamma * weight`` goes no further than the end of the episode, which a truncation is too.
    """
    delta = rewards + gamma * values_after * ~terminated - values
    zero = np.zeros(rewards.shape[1:])
    return discounted(delta, terminated | truncated, gamma * weight, zero)
