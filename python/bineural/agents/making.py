"""`make_environment`: a world by name, of gymnasium's, or of two functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bineural.agents.bandits import BANDIT, Bandit
from bineural.agents.cart_pole import CART_POLE, CartPole
from bineural.agents.environment import Environment
from bineural.agents.functions import FunctionEnvironment
from bineural.agents.grids import WORLDS, make_grid
from bineural.agents.gymnasium_worlds import GymnasiumEnvironment, is_gymnasium, make_by_id
from bineural.checks import checked, function, number, refuse_blank, sequence, whole
from bineural.errors import InputError
from bineural.messages import listed, near_names, shown

_CHECKS = {name: checks for name, (_, checks) in WORLDS.items()} | {"cart_pole": CART_POLE, "bandit": BANDIT}
NAMES = tuple(_CHECKS)
_ID = {  # gymnasium's names of what is here
    "FrozenLake-v1": ("frozen_lake", {}),
    "FrozenLake8x8-v1": ("frozen_lake", {"map": "8x8"}),
    "CliffWalking-v1": ("cliff_walking", {}),
    "CliffWalkingSlippery-v1": ("cliff_walking", {"is_slippery": True}),
    "Taxi-v4": ("taxi", {}),
    "CartPole-v1": ("cart_pole", {}),
    "CartPole-v0": ("cart_pole", {"version": "v0"}),
}
_OF_FUNCTIONS = ("reset", "step", "n_actions", "n_states", "n_draws", "actions")


@checked(
    reset=function("Pass a function that returns the state in which an episode begins.").or_none(),
    step=function("Pass a function (state, action) that returns (state, reward, terminated).").or_none(),
    n_actions=whole(1, 100_000, hint="Give the number of actions, such as 2.").or_none(),
    n_states=whole(1, 10_000_000, hint="Give it where states are numbered.").or_none(),
    n_draws=whole(1, 10_000, hint="Use 1."),
    actions=sequence("Name the actions in a list.").or_none(),
    step_limit=whole(1, hint="Give a number of steps, such as 100.").or_none(),
    threshold=number(hint="Give a mean return, such as 475.").or_none(),
)
def make_environment(
    environment: Any = None,
    *,
    reset: Callable[..., Any] | None = None,
    step: Callable[..., Any] | None = None,
    n_actions: int | None = None,
    n_states: int | None = None,
    n_draws: int = 1,
    actions: Sequence[str] | None = None,
    step_limit: int | None = None,
    threshold: float | None = None,
    **options: Any,
) -> Environment:
    """Make a world for an agent to act in.

    Parameters
    ----------
    environment : str or gymnasium.Env, optional
        "frozen_lake", "cliff_walking", "taxi", "cart_pole" or "bandit", which are ours and run many at once;
        a name of gymnasium's, or an environment of it, where that is installed; None with `reset` and `step`.
    reset : callable () or (u), optional
        Returns the state in which an episode begins: a number from 0 to ``n_states - 1``, or a vector.
    step : callable (state, action) or (state, action, u), optional
        Returns (state, reward, terminated), or a dict with these names. What is left to chance it decides by
        `u`, uniform numbers between 0 and 1 that follow from the seed, and it keeps nothing to itself.
    n_actions, n_states : int, optional
        Of a world of functions; `n_states` where states are numbered.
    n_draws : int, default 1
        Length of `u`.
    actions : list of str, optional
        Names of the actions of a world of functions.
    step_limit : int, optional
        Steps after which an episode is truncated; None is the limit that the world has.
    threshold : float, optional
        Mean return from which on the world counts as solved; None is the one that the world has.
    **options
        Of the world by name. Of "frozen_lake": `map` ("4x4" or "8x8"), `desc` (rows of a lake of one's own,
        in the letters S, F, H and G), `is_slippery` (default True), `success_rate` (a third),
        `reward_schedule` (1, 0, 0). Of "cliff_walking": `is_slippery` (False). Of "taxi": `is_rainy` (False),
        `rainy_probability` (0.8). Of "cart_pole": `version` ("v1", or "v0", which is shorter). Of "bandit":
        `means` (of each arm), `reward` ("bernoulli" or "normal"), `sd` (1). Others go to gymnasium.

    Returns
    -------
    Environment
        With `reset` and `step` as gymnasium's. Worlds whose chances are known have `transitions`.

    Raises
    ------
    InputError
        If there is no such world, or an option is not its own.

    Notes
    -----
    An episode ends in one of two ways. It is *terminated* where the world has ended: the pole fell. It is
    *truncated* where it is only broken off, at `step_limit`: what would have followed is still worth
    something, and methods here count it.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.make_environment("frozen_lake")
    Environment frozen_lake: 16 states, 4 actions
    Actions: left, down, right, up
    Episodes: truncated after 100 steps; solved from a mean return of 0.7
      SFFF
      FHFH
      FFFH
      HFFG
    """
    own = {"reset": reset, "step": step, "n_actions": n_actions, "n_states": n_states, "actions": actions}
    if environment is None:
        return _of_functions(own, n_draws, step_limit, threshold, options)
    given = [name for name, value in own.items() if value is not None]
    if given:
        raise InputError(
            "`reset` and `step` make a world of their own.",
            f"Found {listed(given)} beside {shown(environment)}.",
            "Leave out `environment`, or these.",
        )
    made = _known_world(environment, options)
    if step_limit is not None:
        made.step_limit = step_limit
        made.best_return = float(step_limit) if made.name == "cart_pole" else made.best_return
    if threshold is not None:
        made.threshold = threshold
    return made


def _known_world(environment, options):
    for name, value in options.items():
        refuse_blank(value, name)
    if isinstance(environment, Environment):
        raise InputError(
            "`environment` must be a name, an environment of gymnasium's, or left out.",
            "Found an environment that is made already.",
            "Use it as it is.",
        )
    if is_gymnasium(environment):
        if options:
            raise InputError(
                "Options go to environments that are made by name.",
                f"Found {listed(options)} beside an environment of gymnasium's.",
                "Give them to gymnasium.make().",
            )
        made = GymnasiumEnvironment(environment)
        return made.known() or made
    if not isinstance(environment, str):
        raise InputError(
            "`environment` must be a name, or an environment of gymnasium's.",
            f"Found {shown(environment)}.",
            f"The names are {listed(NAMES)}.",
        )
    name, implied = _ID.get(environment, (environment, {}))
    if name not in _CHECKS:
        made = make_by_id(environment, options)
        if made is None:
            raise InputError(
                "`environment` must be the name of a world of ours, or of gymnasium's where it is installed.",
                f"Found {environment!r}.",
                near_names(environment, NAMES),
            )
        return made.known() or made
    options = implied | options
    checks = _CHECKS[name]
    unknown = [option for option in options if option not in checks]
    if unknown:
        raise InputError(
            f"The options of {name!r} are {listed(checks)}.",
            f"Found {listed(unknown)}.",
            near_names(unknown[0], checks),
        )
    options = {option: checks[option](value, option) for option, value in options.items()}
    if name == "cart_pole":
        return CartPole(**options)
    return Bandit(**options) if name == "bandit" else make_grid(name, options)


def _of_functions(own, n_draws, step_limit, threshold, options):
    missing = [name for name in ("reset", "step", "n_actions") if own[name] is None]
    if missing:
        raise InputError(
            "A world must be a name, an environment of gymnasium's, or `reset`, `step` and `n_actions`.",
            f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
            f"The names are {listed(NAMES)}.",
        )
    name = options.pop("name", "world")
    if options:
        raise InputError(
            f"A world of functions takes {listed(_OF_FUNCTIONS, 9)}, `step_limit`, `threshold` and `name`.",
            f"Found {listed(options)}.",
            near_names(next(iter(options)), _OF_FUNCTIONS),
        )
    if not isinstance(name, str):
        raise InputError("`name` must be text.", f"Found {shown(name)}.", "Use for example 'world'.")
    names = own["actions"]
    if names is not None and len(names) != own["n_actions"]:
        raise InputError(
            "`actions` must name every action.",
            f"Found {len(names)} names of {own['n_actions']} actions.",
            "Give as many names as actions.",
        )
    own["actions"] = None if names is None else [str(action) for action in names]
    return FunctionEnvironment(**own, n_draws=n_draws, name=name, step_limit=step_limit, threshold=threshold)


def remade(starting):
    """Make an environment again from what `Environment.starting` gave."""
    name, options = starting
    return make_environment(name, **options)
