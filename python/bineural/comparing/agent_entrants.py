"""Agents in a comparison: fitted ones, methods that are fitted here, rules, random play and the optimum."""

import time as clock

import numpy as np

from bineural.agents.agent import LONGEST, Agent
from bineural.agents.exact import best_values, value_iteration
from bineural.agents.fitting import fit_agent
from bineural.agents.methods import METHODS
from bineural.agents.playing import acting_of
from bineural.errors import InputError
from bineural.messages import naming, near_names, shown
from bineural.not_models import called

RANDOM, OPTIMAL = "random", "optimal"
_SOONER = 1 - 1e-10  # of equally good policies the one that is there first


class AgentEntrant:
    """Someone who acts in every seed.

    Parameters
    ----------
    name : str
    model : Agent, str or callable
    n_seeds, seed : int

    Attributes
    ----------
    kind : str
        "agent", "exact" (computed from known chances), "rule" or "null".
    act : callable (observations (n_seeds, n_episodes, ...), uniforms) -> actions
    regret : ndarray of float64 (n_seeds,) or None
        Of bandits, while they learnt.
    seconds : float
        That learning took here.
    """

    def __init__(self, name, model, environment, n_seeds, seed):
        begun = clock.perf_counter()
        self.name, self.kind, self.regret = name, "agent", None
        with naming(name):
            if isinstance(model, str):
                model = self._fitted(model, environment, n_seeds, seed)
            self._read(model, environment, n_seeds)
        self.seconds = clock.perf_counter() - begun

    def _fitted(self, method, environment, n_seeds, seed):
        if method == RANDOM:
            return method
        if method not in METHODS:
            raise InputError(
                "A name among agents must be a method of fit_agent().",
                f"Found {method!r}.",
                near_names(method, METHODS),
            )
        return fit_agent(environment, method, seeds=n_seeds, seed=seed, verbose=0)

    def _read(self, model, environment, n_seeds):
        if not isinstance(model, (Agent, str)) and not callable(model):
            raise InputError(
                "What is compared in a world must be agents, methods by name, or functions.",
                f"It is {called(model)}: {shown(model)}.",
                "Fit one with fit_agent(environment).",
            )
        act, seeds = acting_of(model, environment)
        if isinstance(model, Agent) and METHODS[model.method].is_random and len(seeds) != n_seeds:
            raise InputError(
                "All agents that learn must have the same number of seeds.",
                f"{self.name} has {len(seeds)}, others {n_seeds}.",
                f"Fit it with seeds={n_seeds}, or pass its method by name.",
            )
        self.act = act if len(seeds) == n_seeds else _for_each(act)
        if isinstance(model, Agent):
            known = not METHODS[model.method].is_random and model.method != RANDOM
            self.kind = "exact" if known else "null" if model.method == RANDOM else "agent"
            history = model.history_
            if "regret" in getattr(history, "columns", ()):
                last = history[history["pull"] == history["pull"].max()]
                self.regret = last["regret"].to_numpy()
                self.pulls = int(history["pull"].max())
        else:
            self.kind = "null" if isinstance(model, str) else "rule"


class Optimum:
    """The best policy there is, which may look at the steps that are left: values by dynamic programming.

    Parameters
    ----------
    environment : FiniteEnvironment
    """

    name, kind, seconds, regret = OPTIMAL, "exact", 0.0, None

    def __init__(self, environment):
        rewards, moves = environment.rewards_and_moves()
        self.limit, self.step = environment.step_limit, 0
        if self.limit is None:
            self.policies = [value_iteration(environment, 1.0).policy]
            return
        values, policies = np.zeros(len(rewards)), []
        for _ in range(self.limit):
            action_values = rewards + _SOONER * moves @ values
            policies.append(action_values.argmax(axis=1))
            values = action_values.max(axis=1)
        self.policies = policies[::-1]  # the first step has all of them left

    def act(self, seen, uniforms):
        """Return actions; it is asked once for each step of episodes that begin together."""
        policy = self.policies[min(self.step, len(self.policies) - 1)]
        self.step += 1
        return policy[seen]


def _for_each(act):
    """Let one policy act in every seed."""

    def every(seen, uniforms):
        flat = seen.reshape(1, -1, *seen.shape[2:])
        return np.asarray(act(flat, uniforms.reshape(1, -1))).reshape(seen.shape[:2])

    return every


def can_be_optimal(environment):
    """Say whether the best policy can be computed here, within a step limit or for ever."""
    if not environment.is_finite:
        return False
    if environment.step_limit is not None:
        return environment.step_limit <= LONGEST
    try:
        best_values(environment)
    except InputError:
        return False
    return True
