"""Episodes that were played: returns, lengths and ends, and the moves of the first ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from bineural._typing import DataFrame
from bineural.agents.agent import interval
from bineural.drawn import Drawn
from bineural.messages import number_of
from bineural.not_models import NotAModel
from bineural.notebook import Shown


class Episodes(Shown, Drawn, NotAModel):
    """Episodes of an agent, as `play_episodes` returns them.

    Attributes
    ----------
    environment : Environment
    seeds : list of int
        Of the agent; [0] of a function.
    seed : int
        From which starts and luck follow.
    returns : ndarray of float64, shape (n_seeds, n_episodes)
        Sum of the rewards of each episode, not discounted.
    lengths : ndarray of int64, same shape
        Steps.
    terminated, truncated : ndarrays of bool, same shape
        Whether the world ended, or the episode was broken off.
    table : pandas.DataFrame
        A row for each episode: seed, episode, return, length, terminated, truncated.
    experience : pandas.DataFrame or dict
        The moves that were kept, for ``fit_agent(experience=)``: s, a, r, s_new, done.

    Examples
    --------
    >>> import bineural as bn
    >>> lake = bn.make_environment("frozen_lake", is_slippery=False)
    >>> agent = bn.fit_agent(lake, "value_iteration")
    >>> bn.play_episodes(agent, episodes=3, seed=1).lengths.tolist()
    [[6, 6, 6]]
    """

    called = "a set of episodes"
    instead = "The agent is what fit_agent() returned."

    def __init__(self, environment, seeds, seed, played):
        self.environment, self.seeds, self.seed, self._played = environment, list(seeds), seed, played
        self.returns, self.lengths = played.returns, played.lengths
        self.terminated, self.truncated = played.terminated, played.truncated

    @property
    def table(self) -> DataFrame:
        """A row for each episode."""
        import pandas as pd

        n_seeds, n = self.returns.shape
        return pd.DataFrame(
            {
                "seed": np.repeat(self.seeds, n),
                "episode": np.tile(np.arange(1, n + 1), n_seeds),
                "return": self.returns.ravel(),
                "length": self.lengths.ravel(),
                "terminated": self.terminated.ravel(),
                "truncated": self.truncated.ravel(),
            }
        )

    @property
    def kept(self):
        """The moves that were kept, in order of seed, episode and step."""
        return sorted(self._played.kept or [], key=lambda m: (m["seed"], m["episode"], m["step"]))

    @property
    def experience(self) -> DataFrame | dict[str, Any]:
        """The moves that were kept: s, a, r, s_new, done; of vectors a dict of arrays."""
        names = {"s": "before", "a": "action", "r": "reward", "s_new": "after", "done": "terminated"}
        moves = self.kept
        columns = {name: np.array([move[key] for move in moves]) for name, key in names.items()}
        if self.environment.n_states is None:
            return columns
        import pandas as pd

        return pd.DataFrame(columns)

    def __str__(self):
        """Say how the episodes went."""
        n_seeds, n = self.returns.shape
        mean, low, high = interval(self.returns.mean(axis=1))
        spread = "" if np.isnan(low) else f" [{low:.4g}, {high:.4g}] over seeds"
        seeds = f" of {n_seeds} seeds each" if n_seeds > 1 else ""
        lines = [
            f"{number_of(n, 'episode')}{seeds} in {self.environment.title}, seed {self.seed}",
            f"Mean return {mean:.4g}{spread}, from {self.returns.min():.4g} to {self.returns.max():.4g}",
            f"Mean length {self.lengths.mean():.4g} steps; {self.terminated.mean():.0%} terminated, "
            f"{self.truncated.mean():.0%} truncated",
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Return the tables; `text` is what print shows."""
        return {"table": self.table, "experience": self.experience, "seed": self.seed, "text": str(self)}
