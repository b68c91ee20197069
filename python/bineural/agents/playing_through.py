"""Episodes from their start to their end, many seeds and many episodes side by side.

What is left to chance in an episode depends on its seed and its number alone: agents that are given the same
seeds meet the same starts and the same luck.
"""

from typing import NamedTuple

import numpy as np

from bineural.training.seeds import stream

_BLOCK = 64  # steps whose numbers are drawn at once


class Played(NamedTuple):
    """Episodes of each seed; arrays (n_seeds, n_episodes).

    Attributes
    ----------
    returns : ndarray of float64
    lengths : ndarray of int64
    terminated, truncated : ndarrays of bool
    kept : list of dict, or None
        Moves in order: `seed`, `episode` (positions), `step`, and before, action, reward, after, terminated.
    """

    returns: np.ndarray
    lengths: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray
    kept: object


def play_through(act, environment, seeds, n_episodes, name, longest, keep=0, look=None):
    """Play episodes.

    Parameters
    ----------
    act : callable (observations (n_seeds, n_episodes, ...), uniforms (n_seeds, n_episodes)) -> actions
    environment : Environment
    seeds : list of int
        One for each agent that acts; equal ones have equal episodes.
    n_episodes : int
    name : str
        Of the stream of numbers.
    longest : int
        Steps after which an episode is truncated in any case.
    keep : int
        Episodes of each seed whose moves are kept.
    look : callable, optional

    Returns
    -------
    Played
    """
    n = len(seeds) * n_episodes
    limit = longest if environment.step_limit is None else min(environment.step_limit, longest)
    n_start, width = environment.n_start_draws, environment.n_draws + 1
    distinct = list(dict.fromkeys(seeds))
    place = np.array([distinct.index(seed) for seed in seeds])
    streams = [[stream(seed, name, e) for e in range(n_episodes)] for seed in distinct]

    def draw(*shape):
        """Return numbers of every episode: (n_seeds, n_episodes, *shape)."""
        return np.array([[s.random(shape) for s in row] for row in streams])[place]

    simulator = environment.simulate(n)
    seen = simulator.begin(draw(n_start).reshape(n, n_start), np.arange(n))
    returns, lengths = np.zeros(n), np.zeros(n, np.int64)
    terminated, truncated = np.zeros(n, bool), np.zeros(n, bool)
    going, kept = np.arange(n), []
    for step in range(limit):
        if step % _BLOCK == 0:
            block = draw(_BLOCK, width).reshape(n, _BLOCK, width)
        now = block[:, step % _BLOCK]
        shape = (len(seeds), n_episodes)
        actions = act(seen.reshape(*shape, *seen.shape[1:]), now[:, -1].reshape(shape)).reshape(n)
        following, rewards, ended, broken = simulator.advance(going, actions[going], now[going, :-1])
        if keep:
            kept += _moves(going, n_episodes, keep, step, seen, actions, following, rewards, ended)
        returns[going] += rewards
        lengths[going] += 1
        seen = seen.copy()
        seen[going] = following
        terminated[going], truncated[going] = ended, (broken | (step + 1 == limit)) & ~ended
        going = going[~(ended | truncated[going])]
        if not len(going):
            break
        if look is not None:
            look()
    shape = (len(seeds), n_episodes)
    each = (part.reshape(shape) for part in (returns, lengths, terminated, truncated))
    return Played(*each, kept if keep else None)


def _moves(going, n_episodes, keep, step, seen, actions, following, rewards, ended):
    """Return the moves of the first `keep` episodes of each seed."""
    moves = []
    for k, i in enumerate(going):
        if i % n_episodes < keep:
            place = {"seed": int(i // n_episodes), "episode": int(i % n_episodes), "step": step}
            what = {"before": seen[i].copy(), "action": int(actions[i]), "reward": float(rewards[k])}
            moves.append(place | what | {"after": following[k].copy(), "terminated": bool(ended[k])})
    return moves
