"""Many worlds of one environment that go on without end: where an episode is over, the next one begins.

Each seed has its own worlds and its own stream of numbers, so an agent trained beside others is the agent
trained alone.
"""

from typing import NamedTuple

import numpy as np

from bineural.training.seeds import stream

_BLOCK = 256  # steps whose numbers are drawn at once


class Moves(NamedTuple):
    """One step of all worlds; arrays (n_seeds, n_worlds, ...).

    Attributes
    ----------
    before : ndarray
        Observations in which was acted.
    actions : ndarray of int64
    rewards : ndarray of float64
    after : ndarray
        What was seen next: where an episode is over its last observation, not the first of the next one.
    terminated, truncated : ndarrays of bool
    """

    before: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    after: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray


class Draws:
    """Uniform numbers for every step: (n_seeds, n_worlds, n) at a time, of each seed its own.

    Parameters
    ----------
    streams : list of numpy.random.Generator
    n_worlds, n : int
    """

    def __init__(self, streams, n_worlds, n):
        self.streams, self.shape, self.block, self.at = streams, (n_worlds, n), None, _BLOCK

    def __call__(self):
        """Return the numbers of the next step."""
        if self.at == _BLOCK:
            self.block = np.stack([s.random((_BLOCK, *self.shape)) for s in self.streams], axis=1)
            self.at = 0
        self.at += 1
        return self.block[self.at - 1]


class Worlds:
    """Worlds of every seed.

    Parameters
    ----------
    environment : Environment
    seeds : list of int
    n_worlds : int
        Of each seed.

    Attributes
    ----------
    observations : ndarray, shape (n_seeds, n_worlds, ...)
    finished : list of tuple (seed's position, step, return, length, truncated)
        Of every episode that is over.
    """

    def __init__(self, environment, seeds, n_worlds=1):
        self.environment, self.shape = environment, (len(seeds), n_worlds)
        n_start, n_step = environment.n_start_draws, environment.n_draws
        self.n_start = n_start
        self.draws = Draws([stream(seed, "worlds") for seed in seeds], n_worlds, n_start + n_step)
        n = len(seeds) * n_worlds
        self.all = np.arange(n)
        self.simulator = environment.simulate(n)
        uniforms = self.draws().reshape(n, -1)
        self.flat = self.simulator.begin(uniforms[:, :n_start], self.all)
        self.returns, self.lengths = np.zeros(n), np.zeros(n, np.int64)
        self.finished, self.n_steps = [], 0

    @property
    def observations(self):
        """What is seen now."""
        return self.flat.reshape(*self.shape, *self.flat.shape[1:])

    def step(self, actions):
        """Act in every world; return `Moves`.

        Parameters
        ----------
        actions : ndarray of int, shape (n_seeds, n_worlds)
        """
        limit, before = self.environment.step_limit, self.observations
        uniforms = self.draws().reshape(len(self.all), -1)
        flat, rewards, terminated, truncated = self.simulator.advance(
            self.all, actions.ravel(), uniforms[:, self.n_start :]
        )
        self.returns += rewards
        self.lengths += 1
        self.n_steps += 1
        if limit is not None:
            truncated = truncated | (self.lengths >= limit)
        truncated = truncated & ~terminated
        after = flat.reshape(*self.shape, *flat.shape[1:])
        over = np.flatnonzero(terminated | truncated)
        if len(over):
            n_worlds = self.shape[1]
            for i in over:
                self.finished.append(
                    (i // n_worlds, self.n_steps * n_worlds, self.returns[i], self.lengths[i], truncated[i])
                )
            flat = flat.copy()
            flat[over] = self.simulator.begin(uniforms[over, : self.n_start], over)
            self.returns[over], self.lengths[over] = 0.0, 0
        self.flat = flat
        each = (part.reshape(self.shape) for part in (rewards, terminated, truncated))
        rewards, terminated, truncated = each
        return Moves(before, actions, rewards, after, terminated, truncated)


def episodes_table(finished, seeds):
    """Return the episodes of a training: a data frame with a row for each, by seed and step."""
    import pandas as pd

    columns = list(zip(*finished)) if finished else [()] * 5
    table = pd.DataFrame(
        {
            "seed": np.array(seeds)[np.array(columns[0], int)],
            "step": np.array(columns[1], int),
            "return": np.array(columns[2], float),
            "length": np.array(columns[3], int),
            "truncated": np.array(columns[4], bool),
        }
    )
    table = table.sort_values(["seed", "step"], kind="stable", ignore_index=True)
    table.insert(1, "episode", table.groupby("seed").cumcount() + 1)
    return table
