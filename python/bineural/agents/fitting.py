"""`fit_agent`: learn to act in a world, all seeds at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bineural._typing import DataFrame, KerasModel, Seed
from bineural.agents.agent import Agent, tidy_values
from bineural.agents.environment import Environment
from bineural.agents.experience import read_experience, replay
from bineural.agents.methods import METHOD, METHODS, check_world, read_options
from bineural.checks import checked, choice, list_of, number, refuse_blank, whole
from bineural.checks import seed as seed_check
from bineural.errors import InputError, InterruptedWarning
from bineural.interrupts import noted_interrupts
from bineural.messages import listed, shown, warn
from bineural.training.seeds import check_seed

_UNITS = (64, 64)  # of nets by default

CHECKS = {
    "method": METHOD,
    "steps": whole(1, 10**9, hint="Give a number of steps, such as 50000.").or_none(),
    "gamma": number(0, 1, hint="Use for example 0.99."),
    "seeds": whole(1, 10_000, hint="Use for example 10."),
    "seed": seed_check(),
    "units": list_of(whole(1, 100_000), hint="Use for example (64, 64)."),
    "learning_rate": number(0, above=True, hint="Use for example 0.001.").or_none(),
    "verbose": choice(None, 0, 1),
}


@checked(**CHECKS)
def fit_agent(
    environment: Environment | None = None,
    method: str = "q_learning",
    *,
    steps: int | None = None,
    gamma: float = 0.99,
    seeds: int = 1,
    seed: Seed = None,
    experience: DataFrame | Any = None,
    architecture: str | KerasModel | Callable[..., KerasModel] = "mlp",
    units: Sequence[int] = (64, 64),
    learning_rate: float | None = None,
    verbose: int | None = None,
    **options: Any,
) -> Agent:
    """Let an agent learn to act in a world, from as many seeds as are wanted at once.

    Parameters
    ----------
    environment : Environment
        What `make_environment` returned. None takes `experience` alone, its states and actions as labels.
    method : str
        Of worlds whose chances are known: "value_iteration", "policy_iteration" (exact). Of one state:
        "epsilon_greedy", "ucb", "thompson". Of numbered states: "q_learning", "sarsa". Of any: "dqn",
        "reinforce", "actor_critic" (nets), "random_play" (a forest of the returns of random play), and
        "random".
    steps : int, optional
        Steps that each seed takes in the world, or moves that it learns from of `experience`. None is 2,000
        of bandits, 20,000 of "random_play", 200,000 of "reinforce" and "actor_critic", else 50,000.
    gamma : float, default 0.99
        Discount: a reward k steps later counts ``gamma ** k``.
    seeds : int, default 1
        How many agents learn, each from a seed of its own: `seed`, `seed` + 1, ... An agent is the same
        alone and among others (of nets to rounding).
    seed : int, optional
        Drawn and kept if None.
    experience : data frame or dict, optional
        Recorded moves to learn from instead of acting, by "q_learning", "value_iteration" or "dqn": `s`
        (state), `a` (action), `r` (reward), `s_new` (the state that followed), and `done` (whether the world
        ended there; no move did if it is left out). Of vectors a dict with arrays, or a data frame with
        columns `s_1`, `s_2`, ... and `s_new_1`, `s_new_2`, ...
    architecture, units
        Of nets: see `fit_net`; `units` are the hidden layers.
    learning_rate : float, optional
        None is 0.0023 (dqn), 0.005 (reinforce), 0.003 (actor_critic); of tables n**-0.7 at the n-th visit of
        a state and action, and at least 0.05.
    verbose : None, 0 or 1
        None shows the progress of nets where somebody watches.
    **options
        Of the method. Of tables, `epsilon_greedy` and "dqn": `epsilon`, the chance of a random action, or
        (first, last, share of the steps over which it falls). Of tables and nets: `truncated`, "bootstrap"
        (what would have followed a truncated episode counts) or "terminal" (it does not: an error, for
        lessons). Of tables and epsilon-greedy: `initial` (values to begin with). Of "ucb": `confidence`
        (2). Of "random_play": `trees` (50), `leaf` (1). Of nets: `worlds` that each seed acts in at once;
        "dqn": `batch_size` (64), `memory` (50,000 moves), `warm_up` (1,000 steps), `train_every` (256
        steps), `updates` (128 each time), `target_every` (128 updates), `double` (True); of "reinforce" and
        "actor_critic": `horizon` (steps between updates), `entropy` (0.01), and `trace` (0.95) of the latter.

    Returns
    -------
    Agent
        With `predict`, `values_`, `policy_`, `returns_` (of each seed), `history_` and `baseline_`.

    Raises
    ------
    InputError
        If the method cannot learn in this world, or an option is not its own.

    Warns
    -----
    InterruptedWarning
        After Ctrl-C, with what was learnt until then.

    Notes
    -----
    A truncated episode is broken off, and its last state is still worth something: targets are
    ``r + gamma * max Q(s')`` there too, and ``r`` only where the world has ended.

    While a net learns, twenty episodes are played without exploring after every fiftieth part of the steps,
    and the best weights are kept; learning ends early where no seed can do better. Those episodes count for
    no result: `returns_` and comparisons play others.

    Examples
    --------
    >>> import bineural as bn
    >>> lake = bn.make_environment("frozen_lake", is_slippery=False)
    >>> agent = bn.fit_agent(lake, "q_learning", steps=4000, seeds=2, seed=1)
    >>> agent.returns_.tolist()
    [1.0, 1.0]
    """
    for name, value in options.items():
        refuse_blank(value, name)
    options = read_options(method, options)
    record, seed = METHODS[method], check_seed(seed)
    _check_for_nets(method, architecture, units, learning_rate)
    moves, states = None, None
    if experience is not None:
        if not record.takes_experience:
            able = [name for name, each in METHODS.items() if each.takes_experience]
            raise InputError(
                f"Method {method!r} can't learn from `experience`: it must act.",
                "Found recorded moves.",
                f"Use one of {listed(able)}.",
            )
        if environment is not None:
            _check_environment(environment)
        moves, environment, states = read_experience(experience, environment)
    _check_environment(environment)
    check_world(method, environment)
    n = seeds if record.is_random else 1
    each = list(range(seed, seed + n))
    steps = (record.steps if steps is None else steps) if record.steps is not None else None
    rate = record.learning_rate if learning_rate is None else learning_rate
    settings = options | {"method": method, "learning_rate": rate}
    settings |= {"architecture": architecture, "units": tuple(units)}
    parts = {"seed_": seed, "seeds_": each, "steps_": steps, "options_": options, "states_": states}
    parts |= {"n_states_": environment.n_states, "n_actions_": environment.n_actions}
    parts |= {"n_inputs_": environment.n_inputs}
    if record.is_net:
        parts |= {"architecture_": architecture, "units_": list(units)}
    with noted_interrupts() as look:
        note = _Interrupts(look)
        parts |= _learn(environment, method, each, steps, gamma, settings, moves, note, verbose)
    if note.came:
        warn(
            InterruptedWarning,
            "Learning was interrupted: the agent is what it had learnt by then.\n"
            "Fit it again with fewer `steps` for one that repeats.",
        )
    return Agent(environment, method, gamma, **parts)


def _check_for_nets(method, architecture, units, learning_rate):
    """Refuse what a method has no use for."""
    record = METHODS[method]
    is_default = isinstance(architecture, str) and architecture == "mlp"
    given = {"architecture": not is_default, "units": tuple(units) != _UNITS}
    given = {} if record.is_net else given
    rated = record.is_net or method in ("q_learning", "sarsa")
    stray = [name for name, is_given in given.items() if is_given]
    stray += ["learning_rate"] * (learning_rate is not None and not rated)
    if stray:
        raise InputError(
            f"Method {method!r} has no {' and no '.join(stray)}.",
            f"Found {shown(learning_rate if stray == ['learning_rate'] else architecture)}."
            if stray != ["units"]
            else f"Found units={tuple(units)}.",
            "Leave it out, or use 'dqn', 'reinforce' or 'actor_critic'.",
        )
    if learning_rate is not None and learning_rate > 1 and not record.is_net:
        raise InputError(
            "`learning_rate` of a table must be a number above 0, at most 1.",
            f"Found {learning_rate:g}.",
            "It is the share of the way to the target, for example 0.1.",
        )


def _check_environment(environment):
    if not isinstance(environment, Environment):
        raise InputError(
            "`environment` must be what make_environment() returned.",
            f"Found {shown(environment)}." if environment is not None else "Found none, and no `experience`.",
            "Make one, for example make_environment('frozen_lake').",
        )


class _Interrupts:
    """Looks for Ctrl-C, and remembers that it came: what is learnt by then is kept."""

    def __init__(self, look):
        self.look, self.came = look, False

    def __call__(self):
        try:
            self.look()
        except KeyboardInterrupt:
            self.came = True
            raise


def _learn(environment, method, seeds, steps, gamma, settings, moves, look, verbose):
    """Return what was learnt as parts of an `Agent`."""
    if method == "random":
        return {"history_": None}
    if method in ("value_iteration", "policy_iteration"):
        from bineural.agents import exact

        found = getattr(exact, method)(environment, gamma)
        (name, changes), *_ = found.history.items()
        history = _frame({"iteration": np.arange(1, len(changes) + 1), name: changes})
        values = tidy_values(found.action_values[None])
        return {"action_values_": values, "fixed_policy_": found.policy[None], "history_": history}
    if moves is not None and method == "q_learning":
        values = replay(moves, environment, seeds, steps, gamma, settings)
        return {"action_values_": tidy_values(values), "history_": None}
    if method in ("q_learning", "sarsa"):
        from bineural.agents.tabular import learn_table

        values, history = learn_table(environment, seeds, steps, gamma, settings, look)
        return {"action_values_": values, "history_": history}
    if METHODS[method].needs == "one state":
        from bineural.agents.bandit_methods import pull_arms

        means, _, history = pull_arms(environment, seeds, steps, settings, look)
        return {"action_values_": means[:, None], "history_": history}
    if method == "random_play":
        from bineural.agents.forest import learn_from_random_play

        forests, history = learn_from_random_play(environment, seeds, steps, gamma, settings, look)
        return {"forests_": forests, "history_": history}
    return _learn_net(environment, method, seeds, steps, gamma, settings, moves, look, verbose)


def _learn_net(environment, method, seeds, steps, gamma, settings, moves, look, verbose):
    from bineural.agents.dqn import learn_dqn, learn_from_moves
    from bineural.agents.policy_gradient import learn_policy
    from bineural.nets.progress import someone_watches

    tell = None
    if verbose == 1 or (verbose is None and someone_watches()):
        tell = lambda done, returns: print(  # noqa: E731
            f"{done:,} of {steps:,} steps, best mean return {np.mean(returns):.4g}"
        )
    if moves is not None:
        weights = learn_from_moves(moves, environment, seeds, steps, gamma, settings, look)
        return {"weights_": weights, "history_": None}
    learn = learn_dqn if method == "dqn" else learn_policy
    weights, _, history, watched = learn(environment, seeds, steps, gamma, settings, look, tell)
    return {"weights_": weights, "history_": history, "watched_": watched}


def _frame(columns):
    import pandas as pd

    return pd.DataFrame(columns)
