"""Learning which arm is best while pulling: epsilon-greedy, upper confidence bounds, Thompson sampling.

References
----------
Auer, Cesa-Bianchi and Fischer (2002). Machine Learning 47, 235-256 (UCB1, and epsilon-greedy).
Thompson (1933). Biometrika 25(3/4), 285-294.
"""

import numpy as np

from bineural.agents.tabular import best_actions, epsilon_at
from bineural.agents.worlds import Draws, Worlds
from bineural.training.seeds import stream

_POINTS = 200  # of a regret curve


def pull_arms(environment, seeds, steps, settings, look=None):
    """Pull arms, all seeds at once.

    Parameters
    ----------
    environment : Environment
        Of one state.
    seeds : list of int
    steps : int
        Pulls of each seed.
    settings : dict
        method ("epsilon_greedy", "ucb" or "thompson"), epsilon, confidence, initial.
    look : callable, optional

    Returns
    -------
    means : ndarray of float64, shape (n_seeds, n_actions)
        Mean reward of each arm so far; NaN of one that was never pulled.
    pulls : ndarray of int, same shape
    history : pandas.DataFrame
        At some pulls of each seed: `pull`, `regret` so far, and the share of pulls of the best arm.
    """
    n, n_arms, replica = len(seeds), environment.n_actions, np.arange(len(seeds))
    worlds = Worlds(environment, seeds)
    normal = settings["method"] == "thompson" and not getattr(environment, "binary", True)
    streams = [stream(seed, "explore") for seed in seeds]
    draws = Draws(streams, 1, 3) if settings["method"] != "thompson" else None
    epsilon = epsilon_at(settings.get("epsilon", 0.0), steps)
    pulls, sums, squares = np.zeros((n, n_arms), int), np.zeros((n, n_arms)), np.zeros((n, n_arms))
    rewards, _ = environment.rewards_and_moves() if environment.is_finite else (None, None)
    gaps = None if rewards is None else rewards[0].max() - rewards[0]
    regret, best_share = np.zeros(n), np.zeros(n)
    points = np.unique(np.geomspace(1, steps, _POINTS).round().astype(int))
    curve, next_point = [], 0
    try:
        for i in range(steps):
            if settings["method"] == "thompson":
                sampled = _posterior_draws(streams, pulls, sums, squares, normal)
                arms = sampled.argmax(axis=1)
            else:
                uniforms = draws()[:, 0]
                means = sums / np.maximum(pulls, 1)
                if settings["method"] == "ucb":
                    with np.errstate(divide="ignore", invalid="ignore"):
                        reach = np.sqrt(settings["confidence"] * np.log(max(i, 1)) / pulls)
                    scores = np.where(pulls == 0, np.inf, means + np.where(pulls == 0, 0, reach))
                    arms = best_actions(scores, uniforms[:, 2])
                else:
                    scores = np.where(pulls == 0, settings["initial"], means)
                    random = (uniforms[:, 1] * n_arms).astype(int)
                    arms = np.where(uniforms[:, 0] < epsilon[i], random, best_actions(scores, uniforms[:, 2]))
            got = worlds.step(arms[:, None]).rewards[:, 0]
            worlds.finished.clear()
            pulls[replica, arms] += 1
            sums[replica, arms] += got
            squares[replica, arms] += got**2
            if gaps is not None:
                regret += gaps[arms]
                best_share += gaps[arms] == 0
            if i + 1 == points[next_point]:
                next_point = min(next_point + 1, len(points) - 1)
                curve.append((i + 1, regret.copy(), best_share / (i + 1), sums.sum(axis=1)))
            if look is not None and i % 256 == 0:
                look()
    except KeyboardInterrupt:
        if not worlds.n_steps:
            raise
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(pulls > 0, sums / pulls, np.nan)
    return means, pulls, _history(curve, seeds, gaps is not None)


def _posterior_draws(streams, pulls, sums, squares, normal):
    """Draw a mean of each arm from what is believed of it.

    Of rewards between 0 and 1 from a beta distribution that began uniform (a reward counts as so much of a
    success); of normal rewards from Student's t around the mean, once an arm has been pulled twice.
    """
    if not normal:
        return np.stack(
            [
                s.beta(1 + np.clip(total, 0, n), 1 + np.clip(n - total, 0, None))
                for s, total, n in zip(streams, sums, pulls)
            ]
        )
    n = np.maximum(pulls, 1)
    means = sums / n
    variance = np.maximum(squares / n - means**2, 1e-12) * n / np.maximum(n - 1, 1)
    freedom = np.maximum(pulls - 1, 1)
    noise = np.stack([s.standard_t(f) for s, f in zip(streams, freedom)])
    return np.where(pulls < 2, np.inf, means + noise * np.sqrt(variance / n))


def _history(curve, seeds, knows_regret):
    import pandas as pd

    parts = []
    for pull, regret, share, total in curve:
        columns = {"seed": seeds, "pull": pull, "reward": total / pull}
        if knows_regret:
            columns |= {"regret": regret, "best_arm": share}
        parts.append(pd.DataFrame(columns))
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["seed", "pull"], kind="stable", ignore_index=True)
