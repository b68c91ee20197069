"""The methods of learning to act: what each needs of a world, and its options with their defaults."""

from typing import NamedTuple

from bineural.checks import Check, choice, flag, number, share, whole
from bineural.errors import InputError
from bineural.messages import listed, near_names


def _read_epsilon(value):
    if isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) == 1:
        first, last, over = (share().read(part) for part in value)
        return first, last, over
    return share().read(value)


EPSILON = Check(
    "a number from 0 to 1, or three: first, last, and the share of the steps over which it falls",
    _read_epsilon,
    "Use for example 0.1, or (1, 0.1, 0.8).",
)
_TRUNCATED = choice("bootstrap", "terminal", hint="Use 'bootstrap'; 'terminal' shows the error it makes.")
_WORLDS = whole(1, 100_000, hint="Use for example 8.")


class Method(NamedTuple):
    """A way of learning.

    Attributes
    ----------
    title : str
    steps : int or None
        Default of each seed; None where none are taken.
    options : dict of str to (default, check)
    learning_rate : float or None
        Default.
    needs : {"", "chances", "states", "one state"}
        What the world must have.
    is_random : bool
        Whether seeds differ.
    is_net : bool
    takes_experience : bool
    """

    title: str
    steps: int | None
    options: dict
    learning_rate: float | None = None
    needs: str = ""
    is_random: bool = True
    is_net: bool = False
    takes_experience: bool = False


_TABLE = {
    "epsilon": ((1.0, 0.1, 0.8), EPSILON),
    "initial": (0.0, number()),
    "truncated": ("bootstrap", _TRUNCATED),
}
_NET = {"truncated": ("bootstrap", _TRUNCATED), "worlds": (8, _WORLDS)}
_ACTOR = {"horizon": (32, whole(1)), "entropy": (0.01, number(0))}

METHODS = {
    "random": Method("random play", None, {}, is_random=False),
    "value_iteration": Method(
        "value iteration", None, {}, needs="chances", is_random=False, takes_experience=True
    ),
    "policy_iteration": Method("policy iteration", None, {}, needs="chances", is_random=False),
    "epsilon_greedy": Method(
        "epsilon-greedy",
        2000,
        {"epsilon": (0.1, EPSILON), "initial": (0.0, number())},
        needs="one state",
    ),
    "ucb": Method(
        "upper confidence bound", 2000, {"confidence": (2.0, number(0, above=True))}, needs="one state"
    ),
    "thompson": Method("Thompson sampling", 2000, {}, needs="one state"),
    "sarsa": Method("SARSA", 50_000, _TABLE, needs="states"),
    "q_learning": Method("Q-learning", 50_000, _TABLE, needs="states", takes_experience=True),
    "random_play": Method(
        "a forest of random play",
        20_000,
        {"trees": (50, whole(1, 10_000)), "leaf": (1, whole(1))},
    ),
    "dqn": Method(
        "deep Q-learning",
        50_000,
        _NET
        | {
            "epsilon": ((1.0, 0.04, 0.16), EPSILON),
            "batch_size": (64, whole(1)),
            "memory": (50_000, whole(1)),
            "warm_up": (1000, whole(1)),
            "train_every": (256, whole(1)),
            "updates": (128, whole(1)),
            "target_every": (128, whole(1)),
            "double": (True, flag()),
        },
        learning_rate=2.3e-3,
        is_net=True,
        takes_experience=True,
    ),
    "reinforce": Method(
        "REINFORCE",
        200_000,
        _NET | _ACTOR | {"worlds": (16, _WORLDS), "horizon": (64, whole(1))},
        learning_rate=5e-3,
        is_net=True,
    ),
    "actor_critic": Method(
        "advantage actor-critic",
        200_000,
        _NET | _ACTOR | {"worlds": (16, _WORLDS), "horizon": (8, whole(1)), "trace": (0.95, share())},
        learning_rate=3e-3,
        is_net=True,
    ),
}
METHOD = choice(*METHODS)


def read_options(method, given):
    """Return the options of a method, as given or by default.

    Raises
    ------
    InputError
        If one is not an option of the method, or no value of it.
    """
    known = METHODS[method].options
    unknown = [name for name in given if name not in known]
    if unknown:
        own = (
            f"The options of method {method!r} are {listed(known, 12)}."
            if known
            else (f"Method {method!r} has no options of its own.")
        )
        hint = near_names(unknown[0], known) if known else "Leave it out."
        raise InputError(own, f"Found {listed(unknown)}.", hint)
    return {name: check(given.get(name, default), name) for name, (default, check) in known.items()}


def check_world(method, environment):
    """Refuse a world that has not what a method needs."""
    needs = METHODS[method].needs
    if needs == "chances" and not environment.is_finite:
        raise InputError(
            f"Method {method!r} needs a world whose chances are known.",
            f"{environment.name} shows no table of them.",
            "Use 'q_learning' where states are numbered, or 'dqn'.",
        )
    if needs == "states" and environment.n_states is None:
        raise InputError(
            f"Method {method!r} needs numbered states.",
            f"Observations of {environment.name} are vectors.",
            "Use 'dqn', 'actor_critic' or 'random_play'.",
        )
    if needs == "one state" and environment.n_states != 1:
        raise InputError(
            f"Method {method!r} is for bandits, worlds of one state.",
            f"{environment.name} has {environment.n_states or 'any number of'} states.",
            "Use 'q_learning' where states are numbered, or 'dqn'.",
        )
