"""Q-learning and SARSA: a table of action values for each seed, all tables updated at once.

References
----------
Watkins and Dayan (1992). Machine Learning 8, 279-292. Rummery and Niranjan (1994), Technical report
CUED/F-INFENG/TR 166, Cambridge. Sutton and Barto (2018), sections 6.4 and 6.5.
"""

import numpy as np

from bineural.agents.worlds import Draws, Worlds, episodes_table
from bineural.training.seeds import stream

_DECAY, _LEAST = (
    0.7,
    0.05,
)  # a rate is n**-0.7 at the n-th visit, and not less: what follows is still being learnt


def epsilon_at(epsilon, steps):
    """Return the chance of a random action at each step: float64 (steps,).

    Parameters
    ----------
    epsilon : float, or tuple (first, last, share)
        It falls from the first to the last over that share of the steps.
    steps : int
    """
    if not isinstance(epsilon, tuple):
        return np.full(steps, float(epsilon))
    first, last, share = epsilon
    over = max(1, round(share * steps))
    return np.interp(np.arange(steps), [0, over], [first, last])


def best_actions(values, ties):
    """Return the best action of each row of values (..., n_actions), of equal ones by uniform numbers."""
    best = values == values.max(axis=-1, keepdims=True)
    rank = np.floor(ties * best.sum(axis=-1)).astype(int)
    return (best.cumsum(axis=-1) > rank[..., None]).argmax(axis=-1)


def explore(values, epsilon, uniforms):
    """Return epsilon-greedy actions for values (..., n_actions), by uniform numbers (..., 3)."""
    n_actions = values.shape[-1]
    random = (uniforms[..., 1] * n_actions).astype(np.int64)
    return np.where(uniforms[..., 0] < epsilon, random, best_actions(values, uniforms[..., 2]))


def learn_table(environment, seeds, steps, gamma, settings, look=None):
    """Learn action values by acting.

    Parameters
    ----------
    environment : Environment
        Of numbered states.
    seeds : list of int
    steps : int
        Of each seed.
    gamma : float
    settings : dict
        method ("q_learning" or "sarsa"), learning_rate (None: by visits), epsilon, initial, truncated
        ("bootstrap", or "terminal" as it must not be).
    look : callable, optional
        Called now and then; it raises KeyboardInterrupt to end the learning with what is learnt.

    Returns
    -------
    values : ndarray of float64, shape (n_seeds, n_states, n_actions)
    history : pandas.DataFrame
    """
    n, replica = len(seeds), np.arange(len(seeds))
    worlds = Worlds(environment, seeds)
    draws = Draws([stream(seed, "explore") for seed in seeds], 1, 3)
    shape = (n, environment.n_states, environment.n_actions)
    values, visits = np.full(shape, float(settings["initial"])), np.zeros(shape, np.int64)
    epsilon, rate = epsilon_at(settings["epsilon"], steps + 1), settings["learning_rate"]
    counts_truncated = settings["truncated"] == "terminal"
    is_sarsa = settings["method"] == "sarsa"
    actions = explore(values[replica, worlds.observations[:, 0]], epsilon[0], draws()[:, 0])
    try:
        for i in range(steps):
            moves = worlds.step(actions[:, None])
            s, after, uniforms = moves.before[:, 0], moves.after[:, 0], draws()[:, 0]
            ended = moves.terminated[:, 0]
            if counts_truncated:
                ended = ended | moves.truncated[:, 0]
            follows = values[replica, after]
            if is_sarsa:
                following = explore(follows, epsilon[i + 1], uniforms)
                ahead = follows[replica, following]
            else:
                ahead = follows.max(axis=1)
            target = moves.rewards[:, 0] + gamma * ~ended * ahead
            place = (replica, s, actions)
            visits[place] += 1
            step_size = np.maximum(visits[place] ** -_DECAY, _LEAST) if rate is None else rate
            values[place] += step_size * (target - values[place])
            now = worlds.observations[:, 0]
            chosen = explore(values[replica, now], epsilon[i + 1], uniforms)
            if is_sarsa:  # what was looked ahead to is done, unless the next episode has begun
                chosen = np.where(moves.terminated[:, 0] | moves.truncated[:, 0], chosen, following)
            actions = chosen
            if look is not None and i % 256 == 0:
                look()
    except KeyboardInterrupt:
        if not worlds.n_steps:
            raise
    return values, episodes_table(worlds.finished, seeds)
