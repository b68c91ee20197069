"""Recorded moves, to learn from without acting: which state, which action, what reward, which state next."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bineural.agents.finite import FiniteEnvironment
from bineural.agents.tabular import _DECAY, _LEAST
from bineural.errors import InputError
from bineural.messages import listed, shown
from bineural.training.seeds import stream

COLUMNS = ("s", "a", "r", "s_new")
_CALLED = {"s": "states", "s_new": "states", "a": "actions"}
UNTRIED = -1e18  # what an action is worth that was never taken


class Experience(NamedTuple):
    """Moves, a row each.

    Attributes
    ----------
    states, after : ndarray of int64 (n,), or of float32 (n, n_inputs)
    actions : ndarray of int64, shape (n,)
    rewards : ndarray of float64, shape (n,)
    done : ndarray of bool, shape (n,)
        Whether the world ended there.
    """

    states: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    after: np.ndarray
    done: np.ndarray


def read_experience(data, environment):
    """Read recorded moves.

    Parameters
    ----------
    data : data frame or mapping
        `s`, `a`, `r`, `s_new`, and perhaps `done`; of vectors `s_1`, `s_2`, ... for `s` too.
    environment : Environment or None
        None takes states and actions as labels.

    Returns
    -------
    experience : Experience
    environment : Environment
        The one given, or the one that the moves show: chances are shares of the moves.
    states : list or None
        The label of each state where none was given.
    """
    columns = _columns(data)
    rewards = _numbers(columns["r"], "r")
    done = columns.get("done")
    done = np.zeros(len(rewards), bool) if done is None else _truths(done)
    if environment is not None and environment.n_states is None:
        before, after = (_vectors(columns[name], name, environment) for name in ("s", "s_new"))
        actions = _positions(columns["a"], "a", environment.n_actions)
        return Experience(before, actions, rewards, after, done), environment, None
    if environment is not None:
        before, after = (_positions(columns[name], name, environment.n_states) for name in ("s", "s_new"))
        actions = _positions(columns["a"], "a", environment.n_actions)
        return Experience(before, actions, rewards, after, done), environment, None
    if columns["s"].ndim > 1 or columns["s_new"].ndim > 1:
        raise InputError(
            "Moves between vectors must come with the `environment` in which they were recorded.",
            f"Found none, and `s` of shape {columns['s'].shape}.",
            "Pass what make_environment() returned: it knows the actions, and lets the agent be judged.",
        )
    states = _labels([*columns["s"], *columns["s_new"]], "s")
    names = _labels(columns["a"], "a")
    before, after = (
        np.array([states.index(_plain(v)) for v in columns[name]], np.int64) for name in ("s", "s_new")
    )
    actions = np.array([names.index(_plain(v)) for v in columns["a"]], np.int64)
    experience = Experience(before, actions, rewards, after, done)
    return experience, seen_world(experience, len(states), [str(n) for n in names]), states


def seen_world(experience, n_states, actions):
    """Return the world that moves show: chances are shares, rewards means of each outcome."""
    follows = {}
    for s, a, r, t, d in zip(*(part.tolist() for part in experience)):
        total = follows.setdefault((s, a), {}).setdefault((t, d), [0, 0.0])
        total[0] += 1
        total[1] += r
    outcomes = []
    for s in range(n_states):
        tried = [follows.get((s, a)) for a in range(len(actions))]
        untried = UNTRIED if any(tried) else 0.0  # nothing follows a state in which nobody acted
        each = []
        for seen in tried:
            if not seen:
                each.append([(1.0, s, untried, True)])
                continue
            n = sum(count for count, _ in seen.values())
            each.append([(count / n, t, r / count, d) for (t, d), (count, r) in seen.items()])
        outcomes.append(each)
    first = np.r_[True, experience.done[:-1]]
    start = np.bincount(experience.states[first], minlength=n_states)
    return FiniteEnvironment("recorded moves", {}, outcomes, start / start.sum(), actions)


def replay(experience, environment, seeds, steps, gamma, settings):
    """Learn action values by Q-learning from moves drawn with replacement.

    Returns
    -------
    ndarray of float64, shape (n_seeds, n_states, n_actions)
        `UNTRIED` for actions that were never taken in a state in which others were.
    """
    n, replica = len(seeds), np.arange(len(seeds))
    shape = (n, environment.n_states, environment.n_actions)
    tried = np.zeros(shape[1:], bool)
    tried[experience.states, experience.actions] = True
    barred = ~tried & tried.any(axis=1, keepdims=True)
    values, visits = np.full(shape, float(settings["initial"])), np.zeros(shape, np.int64)
    values[:, ~tried.any(axis=1)] = 0.0
    values[:, barred] = UNTRIED
    chosen = np.stack(
        [stream(s, "replay").integers(0, len(experience.rewards), steps) for s in seeds], axis=1
    )
    rate = settings["learning_rate"]
    for rows in chosen:
        place = (replica, experience.states[rows], experience.actions[rows])
        ahead = values[replica, experience.after[rows]].max(axis=1)
        target = experience.rewards[rows] + gamma * ~experience.done[rows] * ahead
        visits[place] += 1
        step = np.maximum(visits[place] ** -_DECAY, _LEAST) if rate is None else rate
        values[place] += step * (target - values[place])
    return values


def _columns(data):
    columns = data if isinstance(data, Mapping) or hasattr(data, "columns") else None
    names = list(columns.keys()) if isinstance(columns, Mapping) else list(getattr(columns, "columns", []))
    several = {name: _numbered(names, name) for name in ("s", "s_new") if name not in names}
    several = {name: each for name, each in several.items() if each}
    missing = [name for name in COLUMNS if name not in (*names, *several)]
    if columns is None or missing:
        raise InputError(
            "`experience` must have the columns s, a, r and s_new, and done where the world ended.",
            f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing."
            if columns is not None
            else f"Found {shown(data)}.",
            "Give a data frame with a row for each move; of vectors with s_1, s_2, ... and s_new_1, ...",
        )
    taken = {name: _whole(columns[name]) for name in (*COLUMNS, "done") if name in names}
    taken |= {name: np.stack([_whole(columns[c]) for c in each], axis=1) for name, each in several.items()}
    lengths = {name: len(values) for name, values in taken.items()}
    if len(set(lengths.values())) > 1 or not lengths["s"]:
        raise InputError(
            "The columns of `experience` must have equally many rows, at least one.",
            f"Found {lengths}.",
            "Give a row for each move.",
        )
    return taken


def _numbered(names, name):
    """Return the columns name_1, name_2, ... in the order of their numbers."""
    found = [n for n in names if isinstance(n, str) and re.fullmatch(rf"{name}_\d+", n)]
    return sorted(found, key=lambda n: int(n.rpartition("_")[2]))


def _whole(column):
    """Return a column as an array; one of vectors (n, n_inputs), where these are of one length."""
    values = np.asarray(column)
    first = values[0] if values.dtype.kind == "O" and values.size else None
    if isinstance(first, (list, tuple, np.ndarray)) and len({np.shape(v) for v in values}) == 1:
        return np.stack([np.asarray(v) for v in values])
    return values


def _numbers(values, name):
    try:
        numbers = np.asarray(values, np.float64)
        if numbers.ndim != 1 or not np.isfinite(numbers).all():
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            f"The column {name} of `experience` must hold finite numbers.",
            f"Found {shown(values[:3].tolist())} and so on.",
            "Leave moves with missing rewards out.",
        ) from None
    return numbers


def _truths(values):
    try:
        numbers = np.asarray(values, np.float64)
        if not np.isin(numbers, (0, 1)).all():
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            "The column done of `experience` must hold True or False.",
            f"Found {shown(values[:3].tolist())} and so on.",
            "It says where the world ended, not where an episode was broken off.",
        ) from None
    return numbers.astype(bool)


def _positions(values, name, n):
    numbers = _numbers(values, name)
    known = (numbers == np.floor(numbers)) & (numbers >= 0) & (numbers < n)
    if not known.all():
        raise InputError(
            f"The column {name} of `experience` must hold {_CALLED[name]}, numbered from 0 to {n - 1}.",
            f"Found number {numbers[~known][0]:g}.",
            "Leave out `environment` to take them as labels.",
        )
    return numbers.astype(np.int64)


def _vectors(values, name, environment):
    try:
        numbers = np.asarray(values, np.float32).reshape(len(values), -1)
        if numbers.shape[1:] != environment.observation_shape or not np.isfinite(numbers).all():
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            f"`{name}` of `experience` must be an array (n_moves, {environment.n_inputs}) of finite numbers.",
            f"Found {shown(values)}.",
            "Give a dict of arrays, {'s': ..., 's_new': ..., ...}, or columns s_1, s_2, ... and s_new_1, ...",
        ) from None
    return numbers


def _plain(value):
    return value.item() if hasattr(value, "item") else value


def _labels(values, name):
    plain = [_plain(v) for v in values]
    if any(v is None or v != v for v in plain):
        raise InputError(
            f"The column {name} of `experience` must have no missing values.",
            "Found some.",
            "Leave these moves out.",
        )
    return sorted(set(plain), key=lambda v: (str(type(v)), v))
