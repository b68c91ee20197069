"""Any environment of gymnasium's, of numbered actions: many worlds are many copies of it."""

import copy
import importlib.util

import numpy as np

from bineural.agents.environment import Environment
from bineural.agents.finite import FiniteEnvironment
from bineural.errors import InputError
from bineural.messages import shown


def is_gymnasium(value):
    """Say whether a value is an environment of gymnasium's, without loading it."""
    return hasattr(value, "action_space") and hasattr(value, "observation_space") and hasattr(value, "step")


def make_by_id(name, options):
    """Make an environment that gymnasium has registered by a name; None where gymnasium has no such name."""
    if importlib.util.find_spec("gymnasium") is None:
        return None
    import gymnasium

    if name not in gymnasium.registry:
        return None
    return GymnasiumEnvironment(gymnasium.make(name, **options), name=name, options=options)


class GymnasiumEnvironment(Environment):
    """A world of gymnasium's.

    Parameters
    ----------
    given : gymnasium.Env
        Actions are numbered; an observation is a number or an array, which is laid out as a vector.
    name : str, optional
    options : dict, optional
    """

    n_draws, n_start_draws = 0, 1

    def __init__(self, given, name=None, options=None):
        super().__init__(options or {})
        self.given, spec = given, getattr(given, "spec", None)
        self.name = name or getattr(spec, "id", None) or type(given).__name__
        self.n_actions = _count(given.action_space, "action")
        space = given.observation_space
        if hasattr(space, "n"):
            self.n_states = _count(space, "observation")
        else:
            if getattr(space, "shape", None) is None or not np.issubdtype(space.dtype, np.number):
                raise InputError(
                    "Observations of an environment must be a number or an array of numbers.",
                    f"{self.name} has {shown(space)}.",
                    "Wrap it with gymnasium.wrappers.FlattenObservation.",
                )
            self.observation_shape = (int(np.prod(space.shape)),)
        self.step_limit = getattr(spec, "max_episode_steps", None)
        self.threshold = getattr(spec, "reward_threshold", None)

    def simulate(self, n):
        """Return a simulator of n copies."""
        return _Copies(self, n)

    def known(self):
        """Return the `FiniteEnvironment` of its table of chances, None where it shows none."""
        table = getattr(getattr(self.given, "unwrapped", None), "P", None)
        start = getattr(self.given.unwrapped, "initial_state_distrib", None) if table else None
        if table is None or start is None or self.n_states is None:
            return None
        outcomes = [[table[s][a] for a in range(self.n_actions)] for s in range(self.n_states)]
        settings = {"step_limit": self.step_limit, "threshold": self.threshold}
        actions = [f"action {a}" for a in range(self.n_actions)]
        return FiniteEnvironment(self.name, self.options, outcomes, start, actions, **settings)


def _count(space, what):
    if not hasattr(space, "n") or getattr(space, "start", 0) != 0:
        raise InputError(
            f"The {what}s of an environment must be numbered from 0.",
            f"Found the space {shown(space)}.",
            "Choose an environment of discrete actions.",
        )
    return int(space.n)


class _Copies:
    """Copies of an environment, with the face of `Simulator`."""

    def __init__(self, environment, n):
        self.environment = environment
        self.copies = [_copied(environment.given) for _ in range(n)]

    def begin(self, uniforms, where):
        seeds = (uniforms[:, 0] * 2**31).astype(np.int64)
        return self._observed([self.copies[i].reset(seed=int(s))[0] for i, s in zip(where, seeds)])

    def advance(self, where, actions, uniforms):
        parts = [self.copies[i].step(int(action)) for i, action in zip(where, actions)]
        observed, rewards, terminated, truncated = (list(part) for part in list(zip(*parts))[:4])
        flags = (np.array(terminated, bool), np.array(truncated, bool))
        return self._observed(observed), np.array(rewards, np.float64), *flags

    def _observed(self, observed):
        if self.environment.n_states is not None:
            return np.array([int(o) for o in observed])
        return np.array([np.asarray(o, np.float32).ravel() for o in observed])


def _copied(given):
    """Return a copy of an environment: made anew by its name, or copied as it is."""
    spec = getattr(given, "spec", None)
    try:
        return copy.deepcopy(given)
    except Exception:  # what cannot be copied, a window for example
        if spec is None:
            raise
    import gymnasium

    return gymnasium.make(spec)
