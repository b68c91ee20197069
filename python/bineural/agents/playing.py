"""`play_episodes`: what an agent does in a world when it learns no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bineural._typing import Seed
from bineural.agents.agent import LONGEST, Agent
from bineural.agents.environment import Environment
from bineural.agents.episodes import Episodes
from bineural.agents.playing_through import play_through
from bineural.checks import checked, whole
from bineural.checks import seed as seed_check
from bineural.errors import InputError
from bineural.messages import shown
from bineural.training.seeds import check_seed


@checked(
    episodes=whole(1, 1_000_000, hint="Use for example 100."),
    keep=whole(0, 10_000, hint="Use for example 1."),
    longest=whole(1, hint="Use for example 10000."),
    seed=seed_check(),
)
def play_episodes(
    agent: Agent | Callable[..., Any] | str,
    environment: Environment | None = None,
    episodes: int = 100,
    *,
    keep: int = 1,
    longest: int = LONGEST,
    seed: Seed = None,
) -> Episodes:
    """Play episodes without learning and without exploring.

    Parameters
    ----------
    agent : Agent, callable or "random"
        What `fit_agent` returned: all its seeds play. Or a function (observation) -> action, a rule; or
        "random".
    environment : Environment, optional
        None is the agent's own.
    episodes : int, default 100
    keep : int, default 1
        Episodes of each seed whose moves are kept, to be drawn and learnt from.
    longest : int, default 10000
        Steps after which an episode is broken off, whatever the world's own limit.
    seed : int, optional
        Starts and luck follow from it, episode by episode: the same for every seed of the agent, and for
        every agent that plays with this seed.

    Returns
    -------
    Episodes
        With `returns`, `lengths`, `table`, and `plot()`.

    Raises
    ------
    InputError
        If there is no world, or the agent gives no action of it.

    Examples
    --------
    >>> import bineural as bn
    >>> pole = bn.make_environment("cart_pole")
    >>> episodes = bn.play_episodes(lambda seen: int(seen[2] + seen[3] > 0), pole, 20, seed=1)
    >>> bool(episodes.returns.min() > 195)
    True
    """
    environment = getattr(agent, "environment", None) if environment is None else environment
    if not isinstance(environment, Environment):
        raise InputError(
            "`environment` must be what make_environment() returned.",
            f"Found {shown(environment)}.",
            "Make one, for example make_environment('frozen_lake').",
        )
    act, seeds = acting_of(agent, environment)
    seed = check_seed(seed)
    each = [seed] * len(seeds)
    played = play_through(act, environment, each, episodes, "episode", longest, min(keep, episodes))
    return Episodes(environment, seeds, seed, played)


def acting_of(agent, environment):
    """Return (function of observations and uniform numbers that gives actions, seeds of the agent)."""
    if isinstance(agent, Agent):
        same = (agent.n_states_, agent.n_inputs_, agent.n_actions_) == (
            environment.n_states,
            environment.n_inputs,
            environment.n_actions,
        )
        if not same:
            raise InputError(
                "`agent` must have learnt in a world of the same observations and actions.",
                f"It learnt of {agent.n_states_ or agent.n_inputs_} and {agent.n_actions_}.",
                f"{environment.name} has {environment.n_states or environment.n_inputs} and "
                f"{environment.n_actions}.",
            )
        return agent.act, agent.seeds_
    if isinstance(agent, str) and agent == "random":
        n = environment.n_actions
        return (lambda seen, uniforms: (uniforms * n).astype(np.int64)), [0]
    if not callable(agent):
        raise InputError(
            "`agent` must be what fit_agent() returned, a function (observation) -> action, or 'random'.",
            f"Found {shown(agent)}.",
            "Fit one with fit_agent(environment).",
        )
    return (lambda seen, uniforms: rule_actions(agent, environment, seen)), [0]


def rule_actions(rule, environment, seen):
    """Return the actions that a rule takes, one observation after the other: int64 (n_seeds, n)."""
    shape = seen.shape[:2]
    flat = seen.reshape(-1, *seen.shape[2:])
    plain = (lambda s: int(s)) if environment.n_states is not None else (lambda s: s)
    return np.array([environment.check_action(rule(plain(s))) for s in flat], np.int64).reshape(shape)
