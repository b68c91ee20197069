"""Worlds of few states whose chances are known: tables of what may follow each action in each state."""

from __future__ import annotations

from typing import Any

import numpy as np

from bineural._typing import DataFrame
from bineural.agents.environment import Environment


class FiniteEnvironment(Environment):
    """A world of known chances.

    Parameters
    ----------
    name : str
    options : dict
    outcomes : list of lists of lists of tuple
        For each state and action the (probability, next state, reward, terminated) of all that may follow.
    start : array_like of float64, shape (n_states,)
        Chance to begin in each state.
    actions : sequence of str
    reward_sd : array_like of float64, shape (n_actions,), optional
        SD of normal noise on the reward of each action.
    remake : tuple (name, options), optional
        From which `make_environment` makes it again.
    **settings
        step_limit, threshold, grid, best_return.

    Attributes
    ----------
    probability, reward : ndarrays of float64, shape (n_states, n_actions, n_outcomes)
    next_state : ndarray of int64, same shape
    terminated : ndarray of bool, same shape
    """

    def __init__(self, name, options, outcomes, start, actions, reward_sd=None, remake=None, **settings):
        super().__init__(options)
        self.name, self.actions, self.n_actions = name, tuple(actions), len(outcomes[0])
        self.n_states = len(outcomes)
        self.start = np.asarray(start, np.float64)
        self.start_cumulative = np.cumsum(self.start)
        most = max(len(some) for state in outcomes for some in state)
        shape = (self.n_states, self.n_actions, most)
        self.probability, self.reward = np.zeros(shape), np.zeros(shape)
        self.next_state, self.terminated = np.zeros(shape, np.int64), np.ones(shape, bool)
        for s, state in enumerate(outcomes):
            for a, some in enumerate(state):
                for k, (probability, following, reward, terminated) in enumerate(some):
                    self.probability[s, a, k], self.reward[s, a, k] = probability, reward
                    self.next_state[s, a, k], self.terminated[s, a, k] = following, terminated
        self.cumulative = np.cumsum(self.probability, axis=2)
        self.reward_sd = None if reward_sd is None else np.asarray(reward_sd, np.float64)
        self.n_draws = 1 if reward_sd is None else 2
        self._remake = remake
        for key, value in settings.items():
            setattr(self, key, value)

    @property
    def is_finite(self) -> bool:
        """True: states and chances are known."""
        return True

    def starting(self) -> tuple[str, dict[str, Any]] | None:
        """Return (name, options) from which it can be made again; None where it can't."""
        return self._remake

    def begin(self, uniforms):
        """Return states to begin in."""
        return _pick(self.start_cumulative[None], uniforms[:, 0])

    def advance(self, states, actions, uniforms):
        """Return (states, rewards, terminated) after one step."""
        k = _pick(self.cumulative[states, actions], uniforms[:, 0])
        rewards = self.reward[states, actions, k]
        if self.reward_sd is not None:
            from scipy.special import ndtri

            rewards = rewards + self.reward_sd[actions] * ndtri(uniforms[:, 1])
        return self.next_state[states, actions, k], rewards, self.terminated[states, actions, k]

    # ---- what is known of it ----

    @property
    def transitions(self) -> DataFrame:
        """What may follow: a row for each state, action and outcome, those of probability 0 left out."""
        import pandas as pd

        s, a, k = np.nonzero(self.probability > 0)
        return pd.DataFrame(
            {
                "state": s,
                "action": np.array(self.actions or range(self.n_actions), dtype=object)[a],
                "probability": self.probability[s, a, k],
                "next_state": self.next_state[s, a, k],
                "reward": self.reward[s, a, k],
                "terminated": self.terminated[s, a, k],
            }
        )

    def rewards_and_moves(self):
        """Return what an action brings, and where it leads while the world goes on.

        Returns
        -------
        rewards : ndarray of float64, shape (n_states, n_actions)
            Expected reward.
        moves : ndarray of float64, shape (n_states, n_actions, n_states)
            Chance to be in each state next, without having ended.
        """
        rewards = (self.probability * self.reward).sum(axis=2)
        moves = np.zeros((self.n_states, self.n_actions, self.n_states))
        s, a, _ = np.indices(self.probability.shape)
        np.add.at(moves, (s, a, self.next_state), self.probability * ~self.terminated)
        return rewards, moves


def _pick(cumulative, uniforms):
    """Return which outcome each uniform number falls on."""
    k = (uniforms[:, None] >= cumulative).sum(axis=1)
    return np.minimum(k, cumulative.shape[1] - 1)
