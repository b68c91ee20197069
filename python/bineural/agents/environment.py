"""A world to act in: what every environment has, and its face of gymnasium's (`reset`, `step`).

A world of ours is a set of pure functions of many states at once (`begin`, `advance`, `observe`), and gets
the uniform numbers that decide what is left to chance from outside: with the same numbers the same happens,
whoever acts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bineural._typing import Array, Seed
from bineural.checks import checked, seed
from bineural.errors import InputError
from bineural.messages import listed, number_of, shown
from bineural.not_models import NotAModel
from bineural.notebook import Shown
from bineural.training.seeds import check_seed, stream


class Environment(Shown, NotAModel):
    """A world to act in, as `make_environment` returns it.

    Attributes
    ----------
    name : str
    options : dict
        What it was made with.
    n_actions : int
    actions : tuple of str
        Their names, in order.
    n_states : int or None
        States are 0 ... n_states - 1; None where an observation is a vector of numbers.
    observation_shape : tuple of int
        Of one observation: () for a state, (n,) for a vector.
    step_limit : int or None
        Steps after which an episode is truncated: broken off, though the world has not ended. None is no
        limit.
    threshold : float or None
        Mean return per episode from which on the world counts as solved.
    grid : tuple of str or None
        The map, a line for each row, of a world that is a grid of states.

    Notes
    -----
    `reset` and `step` are gymnasium's: an observation and a dict; an observation, a reward, whether the
    episode is terminated, whether it is truncated, and a dict.

    Examples
    --------
    >>> import bineural as bn
    >>> lake = bn.make_environment("frozen_lake", is_slippery=False)
    >>> observation, info = lake.reset(seed=1)
    >>> lake.step(2)  # to the right
    (1, 0.0, False, False, {})
    """

    called = "an environment"
    instead = "Fit an agent to it with fit_agent."

    name, grid, threshold, step_limit = "", None, None, None
    n_states: int | None = None
    n_actions = 0
    actions: tuple[str, ...] = ()
    observation_shape: tuple[int, ...] = ()
    n_draws = 1  # uniform numbers that a step takes
    n_start_draws = 1
    best_return: float | None = None  # of an episode, where it is known that no more can be had

    def __init__(self, options: dict[str, Any] | None = None) -> None:
        self.options = dict(options or {})
        self._playing = self._draws = None  # (simulator, steps) of an episode that goes on; its numbers

    # ---- what a kind of world writes ----

    def simulate(self, n: int) -> Any:
        """Return a `Simulator` of `n` worlds of this kind."""
        return Simulator(self, n)

    def begin(self, uniforms: Array) -> Array:
        """Return states to begin in: from uniform numbers (n, n_start_draws)."""
        raise NotImplementedError

    def advance(self, states: Array, actions: Array, uniforms: Array) -> tuple[Array, Array, Array]:
        """Return (states, rewards float64 (n,), terminated bool (n,)) after one step of n worlds.

        Parameters
        ----------
        states : ndarray, shape (n, ...)
        actions : ndarray of int, shape (n,)
        uniforms : ndarray of float64, shape (n, n_draws)
        """
        raise NotImplementedError

    def observe(self, states: Array) -> Array:
        """Return what is seen of states."""
        return states

    # ---- what is derived ----

    @property
    def n_inputs(self) -> int:
        """Numbers that a net gets of an observation: a state is one of `n_states`, one hot."""
        return int(self.n_states or np.prod(self.observation_shape))

    @property
    def is_finite(self) -> bool:
        """Whether states and chances are known, so that values can be computed."""
        return False

    def starting(self) -> tuple[str, dict[str, Any]] | None:
        """Return (name, options) from which it can be made again; None where it can't."""
        return None

    # ---- gymnasium's face ----

    @checked(seed=seed())
    def reset(self, *, seed: Seed = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode.

        Parameters
        ----------
        seed : int, optional
            All that is left to chance follows from it, until the next reset that is given one.

        Returns
        -------
        observation : int or ndarray of float32
        info : dict
        """
        if seed is not None or self._draws is None:
            self._draws = stream(check_seed(seed), "environment")
        simulator = self.simulate(1)
        observed = simulator.begin(self._draws.random((1, self.n_start_draws)), np.arange(1))
        self._playing = simulator, 0
        return self._plain(observed[0]), {}

    def step(self, action: int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Act.

        Parameters
        ----------
        action : int

        Returns
        -------
        observation : int or ndarray of float32
        reward : float
        terminated, truncated : bool
            Whether the world has ended, or the episode is broken off at `step_limit`.
        info : dict
        """
        if self._playing is None:
            raise InputError(
                "An episode must have begun.",
                "It has not, or it is over.",
                "Call reset() first.",
            )
        action = self.check_action(action)
        simulator, steps = self._playing
        uniforms = self._draws.random((1, self.n_draws))
        observed, reward, terminated, truncated = simulator.advance(
            np.arange(1), np.array([action]), uniforms
        )
        steps += 1
        terminated = bool(terminated[0])
        truncated = not terminated and (bool(truncated[0]) or steps == self.step_limit)
        self._playing = None if terminated or truncated else (simulator, steps)
        return self._plain(observed[0]), float(reward[0]), terminated, truncated, {}

    def check_action(self, action: Any) -> int:
        """Return an action as an int, or say what it must be."""
        try:
            number = int(action)
            if number != action or not 0 <= number < self.n_actions:
                raise ValueError
        except (TypeError, ValueError):
            raise InputError(
                f"Actions must be numbered from 0 to {self.n_actions - 1}.",
                f"Found number {action:g}."
                if isinstance(action, (int, float))
                else f"Found {shown(action)}.",
                f"The actions are {listed(self.actions)}, in this order." if self.actions else "Choose one.",
            ) from None
        return number

    def _plain(self, observed):
        return int(observed) if self.n_states is not None else np.asarray(observed, np.float32)

    def encode(self, observations: Array) -> Array:
        """Return observations as a net gets them: float32 (..., n_inputs)."""
        if self.n_states is not None:
            return np.eye(self.n_states, dtype=np.float32)[np.asarray(observations, np.int64)]
        return np.asarray(observations, np.float32)

    # ---- words ----

    @property
    def title(self) -> str:
        """What it is called in a line, with the options that it was made with."""
        plain = [f"{k}={shown(v)}" for k, v in self.options.items() if not callable(v)]
        return self.name + (f" ({', '.join(plain)})" if plain else "")

    def __str__(self):
        """Say what there is to see and to do."""
        seen = (
            number_of(self.n_states, "state", ",")
            if self.n_states is not None
            else f"observations of {number_of(int(np.prod(self.observation_shape)), 'number')}"
        )
        lines = [f"Environment {self.title}: {seen}, {number_of(self.n_actions, 'action')}"]
        if self.actions:
            lines.append(f"Actions: {', '.join(self.actions[:12])}{', ...' * (len(self.actions) > 12)}")
        limit = "no step limit" if self.step_limit is None else f"truncated after {self.step_limit} steps"
        solved = "" if self.threshold is None else f"; solved from a mean return of {self.threshold:g}"
        lines.append(f"Episodes: {limit}{solved}")
        return "\n".join([*lines, *(f"  {row}" for row in self.grid or ())])

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Return what it is as plain values; `text` is what print shows."""
        names = ("name", "n_actions", "actions", "n_states", "step_limit", "threshold", "is_finite", "title")
        plain = {name: getattr(self, name) for name in names}
        plain |= {"actions": list(self.actions), "grid": None if self.grid is None else list(self.grid)}
        return plain | {"observation_shape": list(self.observation_shape), "text": str(self)}


class Simulator:
    """The states of many worlds of one environment.

    Parameters
    ----------
    environment : Environment
    n : int
    """

    def __init__(self, environment, n):
        self.environment, self.n, self.states = environment, n, None

    def begin(self, uniforms, where):
        """Begin episodes in the worlds `where` (positions); return what is seen there."""
        states = self.environment.begin(uniforms)
        if self.states is None:
            self.states = np.zeros((self.n, *states.shape[1:]), states.dtype)
        self.states[where] = states
        return self.environment.observe(states)

    def advance(self, where, actions, uniforms):
        """Act in the worlds `where`.

        Returns
        -------
        observations : ndarray, (n, ...)
        rewards : ndarray of float64, (n,)
        terminated, truncated : ndarrays of bool, (n,)
            Truncated by the world itself; the step limit of the environment is not counted here.
        """
        states, rewards, terminated = self.environment.advance(self.states[where], actions, uniforms)
        self.states[where] = states
        return self.environment.observe(states), rewards, terminated, np.zeros(len(rewards), bool)
