"""`bineural agent`: agents learn in a world by name, or methods are compared in it over seeds."""

from bineural.checks import check_count
from bineural.cli.arguments import words
from bineural.cli.command import Command
from bineural.errors import InputError


def _add_arguments(parser):
    add = parser.add_argument
    add("world", help="frozen_lake, cliff_walking, taxi, cart_pole, bandit, or a name of gymnasium's")
    add("--method", default="q_learning", help="how it learns: q_learning, dqn, ... (default: q_learning)")
    add("--steps", type=int, help="steps that each seed takes (default: by method)")
    add("--gamma", type=float, default=0.99, help="discount (default: 0.99)")
    add("--seeds", type=int, default=10, help="agents that learn at once (default: 10)")
    add("--seed", type=int, help="the same seed gives the same numbers, in Python and in R")
    add("--step-limit", type=int, help="steps after which an episode is truncated (default: the world's own)")
    add("--save", help="file for the agent, for example agent.bineural")
    add("--plot", help="PNG or SVG file for what was learnt")
    add("--animate", help="GIF file for an episode")
    add("--compare", type=words, metavar="METHODS", help="compare methods over the seeds instead")
    add("--episodes", type=int, default=100, help="with --compare: episodes of each seed (default: 100)")


def _run(arguments):
    from bineural.agents.making import make_environment

    check_count(arguments.seeds, "--seeds", hint="Try 10.")
    world = make_environment(arguments.world, step_limit=arguments.step_limit)
    return _compare(arguments, world) if arguments.compare else _learn(arguments, world)


def _learn(arguments, world):
    from bineural.agents.fitting import fit_agent
    from bineural.agents.playing import play_episodes
    from bineural.files import check_writable
    from bineural.saving.models import save_model

    for file, name in (
        (arguments.save, "--save"),
        (arguments.plot, "--plot"),
        (arguments.animate, "--animate"),
    ):
        if file:
            check_writable(file, name)
    options = {name: getattr(arguments, name) for name in ("steps", "gamma", "seeds", "seed")}
    agent = fit_agent(world, arguments.method, **options)
    print(agent)
    if arguments.save:
        path = save_model(agent, arguments.save)
        print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    if arguments.plot:
        agent.plot(arguments.plot)
        print(f"Wrote {arguments.plot}.")
    if arguments.animate:
        from bineural.figures.agents import animate_episode

        animate_episode(play_episodes(agent, episodes=1, seed=agent.seed_), arguments.animate)
        print(f"Wrote {arguments.animate}.")
    return 0


def _compare(arguments, world):
    from bineural.comparing.compare import compare_models

    given = [f"--{name}" for name in ("save", "plot", "animate", "steps") if getattr(arguments, name)]
    if given:
        raise InputError(
            "`--compare` must come without what is for one method.",
            f"Found {', '.join(given)}.",
            "Leave that out, or leave --compare out.",
        )
    options = {"seeds": arguments.seeds, "seed": arguments.seed, "episodes": arguments.episodes}
    comparison = compare_models(arguments.compare, world, **options)
    print(comparison)
    print(f"\n{comparison.verdict}")
    return 0


COMMAND = Command("Let agents learn in a world, or compare methods over seeds", _add_arguments, _run, place=7)
