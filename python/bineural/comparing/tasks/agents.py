"""Agents of one world are compared over seeds: the same starts and the same luck for all."""

from bineural.agents.agent import LONGEST, Agent
from bineural.agents.environment import Environment
from bineural.agents.methods import METHODS
from bineural.agents.playing_through import play_through
from bineural.comparing.agent_comparison import MEASURES, AgentComparison
from bineural.comparing.agent_entrants import OPTIMAL, RANDOM, AgentEntrant, Optimum, can_be_optimal
from bineural.comparing.tasks.task import Task, register_task
from bineural.errors import InputError
from bineural.messages import listed, shown
from bineural.repeated_warnings import heard_warnings
from bineural.training.seeds import check_seed

SEEDS = 10  # by default, where methods are fitted by name


def are_agents(asked):
    """Say whether models are compared in a world."""
    return isinstance(asked.data, Environment) or any(isinstance(model, Agent) for _, model in asked.named)


def compare_agents(asked):
    """Return an `AgentComparison`; seeds=1 is as many as the fitted agents have, or 10."""
    environment, measure = asked.data, asked["measure"] or "return"
    if not isinstance(environment, Environment):
        raise InputError(
            "`data` must be the environment in which agents are compared.",
            f"Found {shown(environment)}.",
            "Pass what make_environment() returned.",
        )
    if measure not in MEASURES:
        raise InputError(
            "`measure` must be one of agents.", f"Found {shown(measure)}.", f"Use one of {listed(MEASURES)}."
        )
    seed, n_seeds = check_seed(asked["seed"]), _n_seeds(asked)
    with heard_warnings() as warned:
        entrants = _entrants(asked.named, environment, n_seeds, seed)
        played = {e.name: _play(e, environment, n_seeds, asked["episodes"], seed) for e in entrants}
    judging = {
        "level": asked["level"],
        "pairs": asked["pairs"],
        "baseline": asked["baseline"],
        "measure": measure,
    }
    return AgentComparison(environment, entrants, played, seed=seed, warned=list(warned), **judging)


def _n_seeds(asked):
    fitted = {len(m.seeds_) for _, m in asked.named if isinstance(m, Agent) and METHODS[m.method].is_random}
    return asked["seeds"] if asked["seeds"] > 1 else max(fitted, default=SEEDS)


def _entrants(named, environment, n_seeds, seed):
    """Return the agents, and beside them random play and, where it can be computed, the optimum."""
    taken = [name for name, model in named if name in (RANDOM, OPTIMAL) and model != RANDOM]
    if taken:
        raise InputError(
            f"No agent but the bound itself may have the name {taken[0]!r}.",
            "Another has.",
            "Give it another name.",
        )
    entrants = [AgentEntrant(name, model, environment, n_seeds, seed) for name, model in named]
    if RANDOM not in [entrant.name for entrant in entrants]:
        entrants.append(AgentEntrant(RANDOM, RANDOM, environment, n_seeds, seed))
    return [*entrants, Optimum(environment)] if can_be_optimal(environment) else entrants


def _play(entrant, environment, n_seeds, episodes, seed):
    """Play an entrant's episodes: seed k of everybody meets the same starts and the same luck."""
    each = [seed + k for k in range(n_seeds)]
    return play_through(entrant.act, environment, each, episodes, "compared episode", LONGEST)


register_task(
    Task(
        "agents",
        are_agents,
        compare_agents,
        takes=frozenset({"seeds", "episodes", "seed", "baseline", "pairs", "measure", "level", "verbose"}),
        refusal=(
            "Agents are compared over seeds: arguments of rows and folds can't be used.",
            "Leave them out; `seeds` and `episodes` say how often agents learn and play.",
        ),
    )
)
