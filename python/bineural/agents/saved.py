"""An agent as files hold it: its world by name, its options, and its tables, weights or trees."""

import numpy as np

from bineural.bundles.schema import (
    array,
    dict_of,
    either,
    list_of,
    number,
    one_of,
    optional,
    record,
    require,
    text,
    truth,
    tuple_of,
    whole,
)
from bineural.bundles.schema import label as is_label
from bineural.errors import InputError, SavingError

PARTS = (
    "seed_",
    "seeds_",
    "steps_",
    "options_",
    "n_states_",
    "n_inputs_",
    "n_actions_",
    "states_",
    "action_values_",
    "fixed_policy_",
    "weights_",
    "forests_",
    "architecture_",
    "units_",
    "history_",
    "watched_",
)
_plain = either(truth, number(), text, lambda value: value is None)
_value = either(_plain, list_of(_plain), tuple_of(_plain))
_ints, _floats = list_of(array("iu", 1)), list_of(array("f", 1))
_table = optional(dict_of(text, array("fiubU", 1)))
_METHODS = (
    *("random", "value_iteration", "policy_iteration", "epsilon_greedy", "ucb", "thompson", "sarsa"),
    *("q_learning", "random_play", "dqn", "reinforce", "actor_critic"),
)

SCHEMA = {
    "method": one_of(*_METHODS),
    "gamma": number(0, 1, nan=False),
    "world_": optional(text),
    "world_options_": dict_of(text, _value),
    "world_limits_": record(step_limit=optional(whole(1)), threshold=optional(number(nan=False))),
    "seed_": whole(),
    "seeds_": list_of(whole(), least=1),
    "steps_": optional(whole(1)),
    "options_": dict_of(text, _value),
    "n_states_": optional(whole(1)),
    "n_inputs_": whole(1),
    "n_actions_": whole(1),
    "states_": optional(list_of(is_label, least=1)),
    "action_values_": optional(array("f", 3)),
    "fixed_policy_": optional(array("iu", 2)),
    "weights_": optional(list_of(list_of(array("f", None, finite=True)), least=1)),
    "forests_": optional(
        list_of(record(feature=_ints, threshold=_floats, left=_ints, right=_ints, value=_floats), least=1)
    ),
    "architecture_": optional(text),
    "units_": optional(list_of(whole(1))),
    "history_": _table,
    "watched_": _table,
    "returns_": array("f", 1),
    "baseline_": dict_of(text, number()),
}


def state_of(agent):
    """Return an agent as a flat dict."""
    world = None if agent.environment is None else agent.environment.starting()
    state = {name: getattr(agent, name) for name in PARTS}
    if agent.architecture_ is not None and not isinstance(agent.architecture_, str):
        raise SavingError(
            "The net of a saved agent must have an architecture of the zoo.",
            "It was built by a function or model of yours.",
            "Use the name of a registered architecture, such as 'mlp'.",
        )
    limits = {"step_limit": None, "threshold": None}
    if world is not None:
        limits = {name: getattr(agent.environment, name) for name in limits}
    state |= {
        "method": agent.method,
        "gamma": float(agent.gamma),
        "world_": None if world is None else world[0],
        "world_options_": {} if world is None else {k: _listed(v) for k, v in world[1].items()},
        "world_limits_": limits,
        "options_": {k: _listed(v) for k, v in agent.options_.items()},
        "units_": None if agent.units_ is None else list(agent.units_),
        "returns_": np.asarray(agent.returns_, np.float64),
        "baseline_": {name: float(value) for name, value in agent.baseline_.items()},
    }
    for name in ("history_", "watched_"):
        table = state[name]
        state[name] = None if table is None else {str(c): table[c].to_numpy() for c in table.columns}
    return state


def _listed(value):
    return list(value) if isinstance(value, (tuple, list)) else value


def agent_of(cls, state):
    """Make an agent of a flat dict, checked by the schema of its class."""
    from bineural.agents.making import remade

    environment = None
    if state["world_"] is not None:
        try:
            environment = remade((state["world_"], state["world_options_"]))
        except InputError as error:
            require(False, f"the world is none of ours: {error.found}")
        for name, value in state["world_limits_"].items():
            setattr(environment, name, value)
        if environment.name == "cart_pole":
            environment.best_return = float(environment.step_limit or 0) or None
    parts = {name: state[name] for name in PARTS}
    for name in ("history_", "watched_"):
        if parts[name] is not None:
            import pandas as pd

            lengths = {len(column) for column in parts[name].values()}
            require(len(lengths) <= 1, f"the columns of `{name}` have different lengths")
            parts[name] = pd.DataFrame(parts[name])
    parts |= {"returns": state["returns_"], "baseline": state["baseline_"]}
    agent = cls(environment, state["method"], state["gamma"], **parts)
    check(agent)
    return agent


def check(agent):
    """Check that the parts of an agent fit together.

    Raises
    ------
    Mismatch
    """
    from bineural.agents.methods import METHODS

    n, states, actions = len(agent.seeds_), agent.n_states_, agent.n_actions_
    world = agent.environment
    if world is not None:
        same = (world.n_states, world.n_inputs, world.n_actions) == (states, agent.n_inputs_, actions)
        require(same, "the world has other states or actions")
    held = [agent.action_values_ is not None, agent.weights_ is not None, agent.forests_ is not None]
    is_net = METHODS[agent.method].is_net
    wanted = [0, 0, 0] if agent.method == "random" else [0, 1, 0] if is_net else [0, 0, 1]
    if agent.method not in ("random", "random_play") and not is_net:
        wanted = [1, 0, 0]
    require(held == [bool(w) for w in wanted], "what was learnt is not of the method")
    if held[0]:
        require(agent.action_values_.shape == (n, states or 0, actions), "values are not of the states")
        if agent.fixed_policy_ is not None:
            policy = agent.fixed_policy_
            fits = policy.shape == (n, states or 0) and (policy >= 0).all() and (policy < actions).all()
            require(fits, "the policy is not of the states")
    require(len(agent.returns_) == n and "random" in agent.baseline_, "returns are not of the seeds")
    require(agent.states_ is None or len(agent.states_) == states, "there are other labels than states")
    if held[1]:
        require(len(agent.weights_) == n, "there are not as many nets as seeds")
        _check_nets(agent)
    if held[2]:
        require(len(agent.forests_) == n, "there are not as many forests as seeds")
        for forest in agent.forests_:
            _check_forest(forest, agent)


def _check_nets(agent):
    from bineural.agents.stacked_net import make_plan

    require(isinstance(agent.architecture_, str) and agent.units_ is not None, "the net has no architecture")
    size = agent.n_inputs_ * (max(agent.units_, default=1)) * (1 + len(agent.units_))
    require(size < 2**28, "the net is larger than any of an agent's")
    n_outputs = agent.n_actions_ + (agent.method == "actor_critic")
    plan = make_plan(agent.architecture_, agent.n_inputs_, n_outputs, agent.units_)
    shapes = [w.shape for w in plan.model.get_weights()]
    for weights in agent.weights_:
        require([w.shape for w in weights] == shapes, "weights are not of the net")


def _check_forest(forest, agent):
    n_trees = {len(part) for part in forest.values()}
    require(len(n_trees) == 1 and 0 not in n_trees, "the trees of a forest lack parts")
    width = (1 if agent.n_states_ is not None else agent.n_inputs_) + 1
    for feature, threshold, left, right, value in zip(
        *(forest[name] for name in ("feature", "threshold", "left", "right", "value"))
    ):
        sizes = {len(feature), len(threshold), len(left), len(right), len(value)}
        require(len(sizes) == 1 and 0 not in sizes, "a tree lacks nodes")
        inner = left >= 0
        place = np.arange(len(left))
        # children come after their parents, so that every walk ends
        down = (left[inner] > place[inner]) & (right[inner] > place[inner])
        within = (left[inner] < len(left)) & (right[inner] < len(left))
        require(bool((down & within).all()), "a tree has no end")
        require(bool(((feature[inner] >= 0) & (feature[inner] < width)).all()), "a tree reads other columns")
