"""Learning from random play: a forest says what return follows an action, and the best one is taken.

That is one step of policy improvement over acting at random: the returns are those of random play.
Reference for fitted values by trees: Ernst, Geurts and Wehenkel (2005). Journal of Machine Learning Research
6, 503-556.
"""

import numpy as np

from bineural.agents.returns import discounted
from bineural.agents.worlds import Draws, Worlds, episodes_table
from bineural.training.seeds import stream, stream_seed

_FIELDS = ("feature", "threshold", "left", "right", "value")


def learn_from_random_play(environment, seeds, steps, gamma, settings, look=None):
    """Play at random, and fit a forest of each seed to the returns.

    Parameters
    ----------
    environment, seeds, steps, gamma, look
        See `learn_table`.
    settings : dict
        trees, leaf.

    Returns
    -------
    forests : list of dict of str to list of ndarray
        Of each seed: the arrays of its trees, see `forest_values`.
    history : pandas.DataFrame
    """
    worlds = Worlds(environment, seeds)
    draws = Draws([stream(seed, "explore") for seed in seeds], 1, 1)
    parts = []
    for _ in range(steps):
        actions = (draws()[..., 0] * environment.n_actions).astype(np.int64)
        moves = worlds.step(actions)
        over = moves.terminated | moves.truncated
        parts.append((moves.before[:, 0], actions[:, 0], moves.rewards[:, 0], over[:, 0]))
        if look is not None:
            look()
    seen, actions, rewards, over = (np.stack(part) for part in zip(*parts))
    returns = discounted(rewards, over, gamma, np.zeros(len(seeds)))
    whole = np.flip(np.maximum.accumulate(np.flip(over, 0), axis=0), 0)  # the last episode may be cut short
    forests = []
    for i, seed in enumerate(seeds):
        rows = whole[:, i] if whole[:, i].any() else np.ones(steps, bool)
        columns = _columns(environment, seen[rows, i], actions[rows, i])
        forests.append(_fit(columns, returns[rows, i], settings, stream_seed(seed, "forest")))
        if look is not None:
            look()
    return forests, episodes_table(worlds.finished, seeds)


def _columns(environment, seen, actions):
    """Return what a forest reads: the observation and the action, a row each."""
    numbers = seen.reshape(len(seen), -1).astype(np.float32)
    return np.column_stack([numbers, actions]).astype(np.float32)


def _fit(columns, returns, settings, seed):
    from sklearn.ensemble import ExtraTreesRegressor

    forest = ExtraTreesRegressor(settings["trees"], min_samples_leaf=settings["leaf"], random_state=seed)
    forest.fit(columns, returns)
    arrays = {name: [] for name in _FIELDS}
    for tree in (each.tree_ for each in forest.estimators_):
        parts = (tree.feature, tree.threshold, tree.children_left, tree.children_right, tree.value[:, 0, 0])
        kinds = (np.int64, np.float64, np.int64, np.int64, np.float64)
        for name, part, kind in zip(_FIELDS, parts, kinds):
            arrays[name].append(np.asarray(part, kind))
    return arrays


def forest_values(forest, environment, seen):
    """Return the mean of the trees for each action: float64 (n, n_actions).

    Parameters
    ----------
    forest : dict of str to list of ndarray
        Of each tree: `feature`, `threshold`, `left`, `right` (-1 in a leaf) and `value` of its nodes; a row
        goes left where its feature is at most the threshold.
    environment : Environment
    seen : ndarray, shape (n, ...)
    """
    n, n_actions = len(seen), environment.n_actions
    columns = _columns(environment, np.repeat(seen, n_actions, axis=0), np.tile(np.arange(n_actions), n))
    total, rows = np.zeros(len(columns)), np.arange(len(columns))
    for feature, threshold, left, right, value in zip(*(forest[name] for name in _FIELDS)):
        nodes = np.zeros(len(columns), np.int64)
        while (inner := left[nodes] >= 0).any():
            at = nodes[inner]
            goes_left = columns[rows[inner], feature[at]] <= threshold[at]
            nodes[inner] = np.where(goes_left, left[at], right[at])
        total += value[nodes]
    return (total / len(forest["feature"])).reshape(n, n_actions)
