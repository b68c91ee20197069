"""Worlds that a user writes as two functions: `reset` says where an episode begins, `step` what follows."""

import inspect
from collections.abc import Mapping

import numpy as np

from bineural.agents.environment import Environment
from bineural.errors import InputError
from bineural.messages import shown


class FunctionEnvironment(Environment):
    """A world of two functions.

    Parameters
    ----------
    reset : callable () or (u) -> state
        A whole number from 0 to n_states - 1, or a vector of numbers.
    step : callable (state, action) or (state, action, u) -> (state, reward, terminated)
        Or a dict with these names. It must keep nothing to itself: many worlds share it.
    n_actions : int
    n_states : int, optional
        None where states are vectors.
    n_draws : int
        Length of `u`, uniform numbers from 0 to 1 for what is left to chance; they follow from the seed.
    name, actions, step_limit, threshold
        See `Environment`.
    """

    def __init__(
        self,
        reset,
        step,
        n_actions,
        n_states=None,
        n_draws=1,
        name="world",
        actions=None,
        step_limit=None,
        threshold=None,
    ):
        super().__init__({})
        self.reset_function, self.step_function = reset, step
        self.name, self.n_actions, self.n_states = name, n_actions, n_states
        self.n_draws = self.n_start_draws = n_draws
        self.step_limit, self.threshold = step_limit, threshold
        self.actions = tuple(actions or ())
        self._reset_takes_u, self._step_takes_u = _takes(reset, 1), _takes(step, 3)
        first = self.begin(np.full((1, n_draws), 0.5))
        self.observation_shape = () if n_states is not None else first.shape[1:]

    def begin(self, uniforms):
        """Return states to begin in."""
        given = [self.reset_function(u) if self._reset_takes_u else self.reset_function() for u in uniforms]
        return self._states(given, "reset")

    def advance(self, states, actions, uniforms):
        """Return (states, rewards, terminated) after one step."""
        plain = (lambda s: int(s)) if self.n_states is not None else (lambda s: s)
        parts = []
        for state, action, u in zip(states, actions, uniforms):
            u = (u,) if self._step_takes_u else ()
            parts.append(_parts(self.step_function(plain(state), int(action), *u)))
        states = self._states([part[0] for part in parts], "step")
        try:
            rewards = np.array([float(part[1]) for part in parts])
            terminated = np.array([bool(part[2]) for part in parts])
        except (TypeError, ValueError):
            rewards = np.array([np.nan])
        if not np.isfinite(rewards).all():
            raise InputError(
                "`step` must return a finite reward, and whether the world has ended.",
                f"It returned {shown(parts[0][1:])}.",
                "Return (state, reward, terminated).",
            )
        return states, rewards, terminated

    def _states(self, given, function):
        try:
            states = np.array([np.asarray(s, np.float64) for s in given])
            if self.n_states is not None:
                states = states.reshape(len(given))
                whole = (states == np.floor(states)) & (states >= 0) & (states < self.n_states)
                if not whole.all():
                    raise ValueError
                return states.astype(np.int64)
            states = states.reshape(len(given), -1)
            if self.observation_shape not in ((), states.shape[1:]) or not np.isfinite(states).all():
                raise ValueError
        except (TypeError, ValueError):
            what = f"numbered from 0 to {self.n_states - 1}" if self.n_states else "each a vector of numbers"
            strange = [s for s in given if isinstance(s, (int, float, np.number)) and self.n_states]
            strange = [s for s in strange if not (s == np.floor(s) and 0 <= s < self.n_states)]
            raise InputError(
                f"`{function}` must return states, {what}.",
                f"It returned number {strange[0]:g}." if strange else f"It returned {shown(given[0])}.",
                "Every state must have the same length, and no number may be missing."
                if self.n_states is None
                else "Leave out `n_states` where states are vectors.",
            ) from None
        return states


def _takes(function, n):
    """Say whether a function takes so many arguments."""
    try:
        inspect.signature(function).bind(*range(n))
    except TypeError:
        return False
    except ValueError:  # a function that does not say what it takes
        return True
    return True


def _parts(given):
    """Return (state, reward, terminated) of what a step gave."""
    if isinstance(given, Mapping):
        names = ("state", "reward", "terminated")
        if set(names) <= set(given):
            return tuple(given[name] for name in names)
    elif isinstance(given, (tuple, list)) and len(given) == 3:
        return tuple(given)
    raise InputError(
        "`step` must return a state, a reward, and whether the world has ended.",
        f"It returned {shown(given)}.",
        "Return (state, reward, terminated), or a dict with these names.",
    )
