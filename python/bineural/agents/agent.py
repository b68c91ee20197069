"""An agent: what it learnt of a world, for as many seeds as it was trained with."""

from __future__ import annotations

from typing import Any

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Floats, Integers
from bineural.agents import saved
from bineural.agents.experience import UNTRIED
from bineural.agents.forest import forest_values
from bineural.agents.methods import METHODS
from bineural.drawn import Drawn
from bineural.errors import InputError
from bineural.messages import number_of, shown
from bineural.notebook import Printed, Shown

LONGEST = 10_000  # steps of an episode without a limit


class Agent(Shown, Drawn):
    """What `fit_agent` returned: one policy for each seed, and what is known of their worth.

    Attributes
    ----------
    environment : Environment or None
        None of an agent that was saved apart from a world that files can't hold.
    method : str
    gamma : float
    seed_ : int
        The seeds are this one and those that follow it.
    seeds_ : list of int
    steps_ : int or None
        Steps that each seed took.
    options_ : dict
        As they were in effect.
    action_values_ : ndarray of float64, shape (n_seeds, n_states, n_actions), or None
        Of numbered states, by methods that learn a table; NaN of actions never tried.
    values_ : ndarray of float64, shape (n_seeds, n_states), or None
        The best of them in each state.
    policy_ : ndarray of int64, shape (n_seeds, n_states), or None
        The action taken in each numbered state.
    states_ : list or None
        Labels of the states of recorded moves.
    history_ : pandas.DataFrame
        What happened in training: episodes by `seed` and `step`; of bandits the regret by `pull`; of exact
        methods the change by `iteration`.
    watched_ : pandas.DataFrame or None
        Of nets: the mean return of episodes played now and then without exploring, by which weights were
        kept.
    returns_ : ndarray of float64, shape (n_seeds,)
        Mean return per episode without exploring: exact where chances are known, else of 100 episodes from
        new starts.
    baseline_ : dict of str to float
        Mean return per episode of random play ("random"), and where chances are known of the best policy
        ("optimal").

    Examples
    --------
    >>> import bineural as bn
    >>> lake = bn.make_environment("frozen_lake")
    >>> agent = bn.fit_agent(lake, "value_iteration", gamma=1)
    >>> round(float(agent.values_[0, 0]), 9), round(14 / 17, 9)
    (0.823529412, 0.823529412)
    """

    SCHEMA = saved.SCHEMA

    def __init__(self, environment=None, method="q_learning", gamma=0.99, **parts):
        self.environment, self.method, self.gamma = environment, method, gamma
        for name in saved.PARTS:
            setattr(self, name, parts.get(name))
        self._returns, self._baseline, self._acting = parts.get("returns"), parts.get("baseline"), None

    # ---- acting ----

    @property
    def n_seeds(self) -> int:
        """Number of seeds."""
        return len(self.seeds_)

    def act(self, observations: Any, uniforms: Any = None) -> Integers:
        """Return actions for observations of each seed (n_seeds, n, ...): int64 (n_seeds, n)."""
        if self.action_values_ is not None:
            return self.policy_[np.arange(self.n_seeds)[:, None], observations]
        if self.weights_ is not None:
            return self._net()(self._encode(observations))[..., : self.n_actions_].argmax(axis=-1)
        if self.forests_ is not None:
            return np.stack(
                [
                    forest_values(forest, _Shape(self.n_actions_), seen).argmax(axis=-1)
                    for forest, seen in zip(self.forests_, observations)
                ]
            )
        if uniforms is None:
            uniforms = np.random.default_rng(self.seed_).random(np.shape(observations)[:2])
        return (uniforms * self.n_actions_).astype(np.int64)

    def predict(self, observations: ArrayLike) -> Integers:
        """Choose actions.

        Parameters
        ----------
        observations : array_like
            States (n,), or vectors (n, n_inputs); of recorded moves without a world the labels of states.

        Returns
        -------
        ndarray of int64, shape (n_seeds, n)
            The action of each seed. Random play draws them, the same each time.

        Raises
        ------
        InputError
            If these are no observations of its world.
        """
        seen = self._read(observations)
        return self.act(np.broadcast_to(seen, (self.n_seeds, *seen.shape)))

    @property
    def policy_(self):
        """The action taken in each numbered state: int64 (n_seeds, n_states), or None."""
        if self.action_values_ is None:
            if self.n_states_ is None or self.weights_ is None and self.forests_ is None:
                return None
            states = np.arange(self.n_states_)
            return self.act(np.broadcast_to(states, (self.n_seeds, len(states))))
        if self.fixed_policy_ is not None:
            return self.fixed_policy_
        return np.where(np.isnan(self.action_values_), -np.inf, self.action_values_).argmax(axis=2)

    @property
    def values_(self):
        """The value of each numbered state by its best action: float64 (n_seeds, n_states), or None."""
        if self.action_values_ is None:
            return None
        return np.nanmax(self.action_values_, axis=2)

    def acting_chances(self, environment):
        """Return the chance of each action in each numbered state: for each seed (n_states, n_actions)."""
        if environment.n_states != self.n_states_ or environment.n_actions != self.n_actions_:
            raise InputError(
                "An agent must have learnt in a world of the same states and actions.",
                f"It knows {self.n_states_} states and {self.n_actions_} actions.",
                f"{environment.name} has {environment.n_states} and {environment.n_actions}.",
            )
        policy, n = self.policy_, environment.n_actions
        if policy is None:
            return [np.full((environment.n_states, n), 1 / n)] * self.n_seeds
        return [np.eye(n)[each] for each in policy]

    def _encode(self, observations):
        if self.n_states_ is not None:
            return np.eye(self.n_states_, dtype=np.float32)[np.asarray(observations, np.int64)]
        return np.ascontiguousarray(observations, np.float32)

    def _net(self):
        if self._acting is None:
            from bineural.agents.stacked_net import acting

            n_inputs = self.n_states_ or self.n_inputs_
            n_outputs = self.n_actions_ + (self.method == "actor_critic")
            self._acting = acting(self.architecture_, n_inputs, n_outputs, self.units_, self.weights_)
        return self._acting

    def _read(self, observations):
        if self.states_ is not None:
            known = {label: i for i, label in enumerate(self.states_)}
            labels = [
                v.item() if hasattr(v, "item") else v for v in np.atleast_1d(np.asarray(observations, object))
            ]
            strange = [label for label in labels if label not in known]
            if strange:
                raise InputError(
                    "`observations` must be states that were recorded.",
                    f"Found {shown(strange[0])}.",
                    f"There are {number_of(len(known), 'state')}: {shown(self.states_[:6])}.",
                )
            return np.array([known[label] for label in labels])
        strange = []
        try:
            seen = np.asarray(observations, np.float64)
            if self.n_states_ is not None:
                seen = np.atleast_1d(seen)
                whole = (seen == np.floor(seen)) & (seen >= 0) & (seen < self.n_states_)
                if seen.ndim != 1 or not whole.all():
                    strange = seen[~whole] if seen.ndim == 1 else []
                    raise ValueError
                return seen.astype(np.int64)
            seen = np.atleast_2d(seen)
            if seen.ndim != 2 or seen.shape[1] != self.n_inputs_ or not np.isfinite(seen).all():
                raise ValueError
        except (TypeError, ValueError):
            what = (
                f"states, numbered from 0 to {self.n_states_ - 1}"
                if self.n_states_ is not None
                else f"an array (n, {self.n_inputs_}) of finite numbers"
            )
            raise InputError(
                f"`observations` must be {what}.",
                f"Found number {strange[0]:g}." if len(strange) else f"Found {shown(observations)}.",
                "Give what reset() and step() of its world return.",
            ) from None
        return seen.astype(np.float32)

    # ---- worth ----

    @property
    def returns_(self) -> Floats:
        """Mean return per episode of each seed, without exploring; NaN without a world to play in."""
        if self._returns is None:
            world = self.environment
            if not self._is_judged:
                self._returns = np.full(self.n_seeds, np.nan)
            elif world.is_finite:
                from bineural.agents.exact import exact_return

                chances = self.acting_chances(world)
                same = METHODS[self.method].is_random
                chances = chances if same else chances[:1]
                limit = world.step_limit or LONGEST
                self._returns = np.array([exact_return(world, each, 1.0, limit) for each in chances])
                if not same:
                    self._returns = np.repeat(self._returns, self.n_seeds)
            else:
                from bineural.agents.playing_through import play_through

                seeds = [self.seed_] * self.n_seeds
                played = play_through(self.act, world, seeds, 100, "episode", LONGEST)
                self._returns = played.returns.mean(axis=1)
        return self._returns

    @property
    def baseline_(self) -> dict[str, float]:
        """Mean return per episode of random play, and of the best policy where chances are known."""
        if self._baseline is None:
            judged = self._is_judged
            self._baseline = bounds_of(self.environment, self.seed_) if judged else {"random": np.nan}
        return self._baseline

    @property
    def _is_judged(self):
        """Whether there is a world to be judged in: moves that were recorded are none."""
        return self.environment is not None and self.states_ is None

    # ---- words ----

    @property
    def label(self) -> str:
        """What it is called among others."""
        return self.method

    def summary(self) -> str:
        """Return what print shows."""
        return Printed(str(self))

    def glance(self) -> dict[str, Any]:
        """Return what there is to know in a row."""
        mean, low, high = interval(self.returns_)
        return {
            "method": self.method,
            "n_seeds": self.n_seeds,
            "steps": self.steps_,
            "gamma": self.gamma,
            "mean_return": mean,
            "low": low,
            "high": high,
            "random": self.baseline_["random"],
            "optimal": self.baseline_.get("optimal", np.nan),
            "solved": self.n_solved,
        }

    @property
    def n_solved(self):
        """Seeds whose mean return reaches the threshold of the world; None where it has none."""
        threshold = None if self.environment is None else self.environment.threshold
        return None if threshold is None else int((self.returns_ >= threshold).sum())

    def __str__(self):
        """Say how it learnt, and what it is worth beside random play and the best there is."""
        title = METHODS[self.method].title
        world = "a world that files can't hold" if self.environment is None else self.environment.title
        world = "recorded moves" if self.states_ is not None else world
        after = "" if self.steps_ is None else f", {self.steps_:,} steps each"
        seeds = number_of(self.n_seeds, "seed") + f" from {self.seed_}" * METHODS[self.method].is_random
        lines = [f"Agent of {world}: {title}, gamma {self.gamma:g}, {seeds}{after}"]
        if self.states_ is not None:
            return f"{lines[0]}\nPolicy of {number_of(self.n_states_, 'recorded state')}: see `policy_`"
        if np.isnan(self.returns_).all():
            return lines[0]
        mean, low, high = interval(self.returns_)
        of = "exact" if getattr(self.environment, "is_finite", False) else "of 100 episodes"
        spread = "" if np.isnan(low) else f" [{low:.4g}, {high:.4g}]"
        lines.append(f"Mean return per episode without exploring ({of}): {mean:.4g}{spread}")
        if len(self.returns_) > 1 and np.ptp(self.returns_) > 0:
            each = ", ".join(f"{value:.3g}" for value in self.returns_[:12])
            lines.append(f"  of each seed: {each}{', ...' * (len(self.returns_) > 12)}")
        bounds = ", ".join(f"{name} {value:.4g}" for name, value in self.baseline_.items())
        lines.append(f"Beside: {bounds}")
        if self.n_solved is not None:
            lines.append(
                f"Solved (at least {self.environment.threshold:g}): {self.n_solved} of {self.n_seeds} seeds"
            )
        if "regret" in getattr(self.history_, "columns", ()):
            last = self.history_[self.history_["pull"] == self.history_["pull"].max()]["regret"]
            mean, low, high = interval(last.to_numpy())
            spread = "" if np.isnan(low) else f" [{low:.4g}, {high:.4g}]"
            lines.append(f"Regret after {self.history_['pull'].max():,} pulls: {mean:.4g}{spread}")
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Return what it is as plain values, arrays and data frames; `text` is what print shows."""
        names = ("method", "gamma", "seeds_", "steps_", "states_", "n_states_", "n_actions_", "history_")
        return {name.rstrip("_"): getattr(self, name) for name in (*names, "watched_")} | {"text": str(self)}

    # ---- files ----

    def get_state(self):
        """Return what was learnt as a flat dict, as files hold it."""
        return saved.state_of(self)

    @classmethod
    def from_state(cls, state):
        """Make an agent of a flat dict that `get_state` returned."""
        return saved.agent_of(cls, state)

    def check_state(self):
        """Check that what was learnt fits together, as files are checked."""
        saved.check(self)


class _Shape:
    """What a forest needs to know of a world."""

    def __init__(self, n_actions):
        self.n_actions = n_actions


def tidy_values(values):
    """Return action values with NaN for actions that were never tried."""
    return np.where(values <= UNTRIED / 2, np.nan, values)


def interval(values, level=0.95):
    """Return (mean, low, high) of a mean over seeds: the t interval, NaN of fewer than two."""
    values = np.asarray(values, np.float64)
    mean = float(values.mean())
    if len(values) < 2 or np.ptp(values) == 0:
        return mean, np.nan, np.nan
    from scipy.stats import t

    reach = t.ppf((1 + level) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return mean, mean - reach, mean + reach


def bounds_of(world, seed):
    """Return the mean return per episode of random play, and of the best policy where it is known."""
    if world.is_finite:
        from bineural.agents.exact import exact_return

        limit = world.step_limit or LONGEST
        return {
            "random": exact_return(world, "random", 1.0, limit),
            "optimal": exact_return(world, "optimal", 1.0, limit),
        }
    from bineural.agents.playing_through import play_through

    played = play_through(
        lambda seen, uniforms: (uniforms * world.n_actions).astype(np.int64),
        world,
        [seed],
        100,
        "episode",
        LONGEST,
    )
    return {"random": float(played.returns.mean())}


def frame(columns) -> DataFrame:
    """Return a data frame."""
    import pandas as pd

    return pd.DataFrame(columns)
