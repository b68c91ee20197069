"""What is known exactly of a world of known chances: values by dynamic programming, and mean returns.

Reference: Sutton and Barto (2018). Reinforcement Learning: An Introduction, 2nd ed., chapters 3 and 4.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bineural._typing import Array
from bineural.agents.environment import Environment
from bineural.checks import checked, number, whole
from bineural.errors import InputError
from bineural.messages import shown

TIE = 1e-9  # values that differ by less are equally good
_PATIENT = 1 - 1e-4  # the discount that decides between equally good actions: the sooner the better
_DOUBLINGS = 64


class Values(NamedTuple):
    """What dynamic programming found.

    Attributes
    ----------
    action_values : ndarray of float64, shape (n_states, n_actions)
    policy : ndarray of int64, shape (n_states,)
    history : dict of str to list
        By iteration: the largest change of a value, or how many states changed their action.
    """

    action_values: np.ndarray
    policy: np.ndarray
    history: dict


def value_iteration(environment, gamma, tolerance=1e-13, most=1_000_000):
    """Iterate Bellman's equation of optimality until nothing changes; returns `Values`.

    `v(s) = max_a sum over outcomes of p (r + gamma v(s'))`, from 0.
    """
    rewards, moves = environment.rewards_and_moves()
    values, changes = np.zeros(len(rewards)), []
    for _ in range(most):
        new = (rewards + gamma * moves @ values).max(axis=1)
        changes.append(float(np.abs(new - values).max()))
        values = new
        if changes[-1] <= tolerance * max(1.0, float(np.abs(values).max())):
            break
        if np.abs(values).max() > 1e12 or (gamma == 1.0 and len(changes) > 20_000):
            raise _unbounded(gamma)
    action_values = rewards + gamma * moves @ values
    return Values(action_values, greedy_policy(action_values, rewards, moves), {"change": changes})


def policy_iteration(environment, gamma, most=1000):
    """Evaluate a policy and make it greedy, in turn, from random play on until it stays; returns `Values`."""
    rewards, moves = environment.rewards_and_moves()
    n_states, n_actions = rewards.shape
    policy, changes = np.full((n_states, n_actions), 1 / n_actions), []
    for _ in range(most):
        values = evaluate(rewards, moves, policy, gamma)
        action_values = rewards + gamma * moves @ values
        before = policy.argmax(axis=1) if changes else np.full(n_states, -1)
        best = greedy_policy(action_values, rewards, moves) if not changes else before
        better = action_values.max(axis=1) > action_values[np.arange(n_states), best] + TIE
        best = np.where(better, action_values.argmax(axis=1), best)
        changes.append(int((best != before).sum()))
        policy = np.eye(n_actions)[best]
        if changes[-1] == 0:
            break
    return Values(action_values, best, {"changed": changes})


def greedy_policy(action_values, rewards, moves):
    """Return the best action of each state; of equally good ones the one that gets there sooner."""
    best = action_values.max(axis=1, keepdims=True)
    tied = action_values >= best - TIE * np.maximum(1.0, np.abs(best))
    if (tied.sum(axis=1) > 1).any():
        values = np.zeros(len(rewards))
        for _ in range(10 * len(rewards)):
            sooner = np.where(tied, rewards + _PATIENT * moves @ values, -np.inf)
            values = sooner.max(axis=1)
        top = sooner.max(axis=1, keepdims=True)
        tied = sooner >= top - 1e-12 * np.maximum(1.0, np.abs(top))
    return tied.argmax(axis=1)


def evaluate(rewards, moves, policy, gamma, steps=None):
    """Return the values of a policy: float64 (n_states,).

    Parameters
    ----------
    rewards, moves : ndarrays
        See `FiniteEnvironment.rewards_and_moves`.
    policy : ndarray of float64, shape (n_states, n_actions)
        Chance of each action.
    gamma : float
    steps : int, optional
        None is for ever: the sum over all steps, by doubling their number.

    Raises
    ------
    InputError
        If the sum has no end.
    """
    reward = (policy * rewards).sum(axis=1)
    move = gamma * np.einsum("sa,sat->st", policy, moves)
    if steps is not None:
        values = np.zeros(len(reward))
        for _ in range(steps):
            values = reward + move @ values
        return values
    values = reward
    for _ in range(_DOUBLINGS):
        added = move @ values
        values, move = values + added, move @ move
        if np.abs(added).max() <= 1e-15 * max(1.0, np.abs(values).max()):
            return values
        if np.abs(values).max() > 1e12:
            break
    raise _unbounded(gamma)


def _unbounded(gamma):
    return InputError(
        "Values must be finite.",
        f"Rewards go on without end, at gamma={gamma:g}.",
        "Use a `gamma` below 1, or a number of `steps`.",
    )


def best_values(environment, gamma=1.0, steps=None):
    """Return the values of the best policy, which may change with the steps that are left where they end."""
    if steps is None:
        return value_iteration(environment, gamma).action_values.max(axis=1)
    rewards, moves = environment.rewards_and_moves()
    values = np.zeros(len(rewards))
    for _ in range(steps):
        values = (rewards + gamma * moves @ values).max(axis=1)
    return values


def mean_length(environment, policy, steps):
    """Return the expected number of steps of an episode."""
    rewards, moves = environment.rewards_and_moves()
    return float(environment.start @ evaluate(np.ones_like(rewards), moves, policy, 1.0, steps))


def exact_return(environment, policy="optimal", gamma=1.0, steps=None):
    """Return the expected return from the start: see `expected_return`, whose checks were made."""
    if isinstance(policy, str) and policy == "optimal":
        return float(environment.start @ best_values(environment, gamma, steps))
    if isinstance(policy, str):
        policy = np.full((environment.n_states, environment.n_actions), 1 / environment.n_actions)
    return float(environment.start @ evaluate(*environment.rewards_and_moves(), policy, gamma, steps))


@checked(
    gamma=number(0, 1), steps=whole(1, 10_000_000, hint="Give a number of steps, such as 100.").or_none()
)
def expected_return(
    environment: Environment,
    policy: Any = "optimal",
    *,
    gamma: float = 1.0,
    steps: int | None = None,
) -> float | Array:
    """Compute the mean return per episode exactly, in a world whose chances are known.

    Parameters
    ----------
    environment : Environment
        One with `transitions`: "frozen_lake", "cliff_walking", "taxi", "bandit", or a tabular one of
        gymnasium's.
    policy : str, Agent, or array_like
        "optimal", the best of all policies, one that may look at the steps that are left; "random", all
        actions equally likely; an agent, as it acts when it explores no more; the action of each state
        (n_states,); or the chance of each action (n_states, n_actions).
    gamma : float, default 1
        Discount: a reward k steps later counts ``gamma ** k``.
    steps : int, optional
        Steps that are counted; None is the `step_limit` of the environment, or without one all of them. To
        count all of them in spite of a limit, make the environment with a very large one.

    Returns
    -------
    float, or ndarray of float64 (n_seeds,)
        Of an agent one number for each seed.

    Raises
    ------
    InputError
        If chances are not known, `policy` is none, or the sum has no end.

    Examples
    --------
    >>> import bineural as bn
    >>> lake = bn.make_environment("frozen_lake")
    >>> round(bn.expected_return(lake), 10)
    0.7441902878
    >>> round(bn.expected_return(lake, "random"), 10)
    0.013939796
    """
    need_known(environment)
    steps = environment.step_limit if steps is None else steps
    chances = _chances(policy, environment)
    if isinstance(chances, list):
        return np.array([exact_return(environment, each, gamma, steps) for each in chances])
    return exact_return(environment, chances, gamma, steps)


def need_known(environment):
    """Refuse an environment whose chances are not known."""
    if not isinstance(environment, Environment):
        raise InputError(
            "`environment` must be what make_environment() returned.",
            f"Found {shown(environment)}.",
            "Make one, for example make_environment('frozen_lake').",
        )
    if not environment.is_finite:
        raise InputError(
            "The chances of `environment` must be known.",
            f"{environment.name} shows no table of them.",
            "Play episodes instead: play_episodes(agent, environment).",
        )


def _chances(policy, environment):
    """Return "optimal", "random", a table of chances, or a list of them for the seeds of an agent."""
    if isinstance(policy, str):
        if policy in ("optimal", "random"):
            return policy
        raise _no_policy(policy, environment)
    n_states, n_actions = environment.n_states, environment.n_actions
    if hasattr(policy, "acting_chances"):
        return policy.acting_chances(environment)
    try:
        table = np.asarray(policy, np.float64)
    except (TypeError, ValueError):
        raise _no_policy(policy, environment) from None
    if table.shape == (n_states,):
        whole = (table == np.floor(table)) & (table >= 0) & (table < n_actions)
        if not whole.all():
            raise _no_policy(policy, environment)
        return np.eye(n_actions)[table.astype(int)]
    shares = table.shape == (n_states, n_actions) and (table >= 0).all()
    if not shares or not np.allclose(table.sum(axis=1), 1, atol=1e-6):
        raise _no_policy(policy, environment)
    return table


def _no_policy(policy, environment):
    shape = f"({environment.n_states}, {environment.n_actions})"
    return InputError(
        "`policy` must be 'optimal', 'random', an agent, the action of each state, or chances of actions of "
        f"shape {shape} that sum to 1.",
        f"Found {shown(policy)}.",
        f"Actions are numbered from 0 to {environment.n_actions - 1}.",
    )
