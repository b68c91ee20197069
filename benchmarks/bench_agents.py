"""Ten seeds of a deep Q-learning agent at once: cart poles solved, seconds beside a loop, the exact figures.

One agent for each of ten seeds learns CartPole-v1 (50,000 steps each at most, 64-64 units), all as one
stack over environments vectorised in NumPy; solved is a mean return of at least 475 over 100 episodes
from new starts. The loop trains some of the same seeds one after the other, their seconds times as many
as ten have. Stable-Baselines3's DQN has the settings of its model zoo for this world, 64-64 units, and
takes as many steps; its steps a second are of one seed. It is timed where BINEURAL_SB3_PYTHON names a
Python that has it. `--quick` takes 3 seeds and 10,000 steps.
"""

import os
import resource
import sys
import time

import numpy as np

import bineural as bn
from programs import ProgramFailed, ask
from running import read_command, write

OWED = {
    "CartPole-v1: seeds of 10 with at least 475 over 100 episodes": ">= 6",
    "CartPole-v1: seconds of ten seeds together": "<= 300",
    "CartPole-v1: ten seeds, a loop over the one stack, processor seconds": "reported",
    "CartPole-v1: steps a second of all seeds, over Stable-Baselines3's DQN": "reported",
    "FrozenLake 4x4, 100 steps: expected return less 0.7441902878": "<= 0.000000001",
    "FrozenLake 4x4, ten seeds of Q-learning: the optimum lies within their interval": "reported",
}
SOLVED, SECONDS, LOOP, PEER, LAKE, TABLE = OWED
SB3_PYTHON = os.environ.get("BINEURAL_SB3_PYTHON", "")
LOOPED = 1  # seeds that the loop trains, and the peer

_SB3 = """
import json, sys, time
import gymnasium as gym
from stable_baselines3 import DQN
from stable_baselines3.common.evaluation import evaluate_policy
steps, seed = int(sys.argv[1]), int(sys.argv[2])
model = DQN("MlpPolicy", gym.make("CartPole-v1"), learning_rate=2.3e-3, batch_size=64, buffer_size=100000,
            learning_starts=1000, gamma=0.99, target_update_interval=10, train_freq=256, gradient_steps=128,
            exploration_fraction=0.16, exploration_final_eps=0.04, policy_kwargs={"net_arch": [64, 64]},
            seed=seed, device="cpu")
begun = time.perf_counter(); used = time.process_time()
model.learn(steps)
clock, processor = time.perf_counter() - begun, time.process_time() - used
mean, _ = evaluate_policy(model, gym.make("CartPole-v1"), n_eval_episodes=100)
print(json.dumps({"clock": clock, "processor": processor, "steps": model.num_timesteps, "mean": float(mean)}))
"""


def clocks(begun=(0.0, 0.0)):
    """Return (clock, processor) seconds since `begun`."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter() - begun[0], used.ru_utime + used.ru_stime - begun[1]


def train(seeds, steps, seed):
    """Train agents of consecutive seeds; return (agent, clock and processor seconds, steps taken by all)."""
    pole, begun = bn.make_environment("cart_pole"), clocks()
    agent = bn.fit_agent(pole, "dqn", steps=steps, seeds=seeds, seed=seed, verbose=0)
    return agent, clocks(begun), int(agent.watched_["step"].max()) * seeds


def cart_poles(quick):
    """Return lines on ten cart poles, and what was measured."""
    n, steps = (3, 10_000) if quick else (10, 50_000)
    agent, together, taken = train(n, steps, 1)
    returns = agent.returns_
    solved = int((returns >= 475).sum())
    listed = ", ".join(f"{value:.0f}" for value in returns)
    print(f"{n} seeds: {listed}; seconds {together[0]:.0f}, {together[1]:.0f}", file=sys.stderr, flush=True)
    some = [train(1, steps, 1 + k) for k in range(1 if quick else LOOPED)]
    each = np.mean([[*seconds, taken_by] for _, seconds, taken_by in some], axis=0)
    rate = {"ours": taken / together[0], "loop": each[2] / each[0]}
    lines = [
        "## CartPole-v1, deep Q-learning",
        "",
        "| how | seconds | of the processor | steps a second | solved |",
        "|---|---|---|---|---|",
        f"| {n} seeds as one stack | {together[0]:.0f} | {together[1]:.0f} | {rate['ours']:.0f} | "
        f"{solved} of {n} |",
        f"| a loop over {n} seeds ({len(some)} measured) | {n * each[0]:.0f} | {n * each[1]:.0f} | "
        f"{rate['loop']:.0f} | |",
    ]
    measured = {SOLVED: solved, SECONDS: together[0], LOOP: f"{n * each[1] / together[1]:.1f}x"}
    peer = _peer(steps, 1 if quick else LOOPED)
    if isinstance(peer, str):
        lines.append(f"| Stable-Baselines3's DQN | {peer} | | | |")
        measured[PEER] = peer
    else:
        clock, used, done = (np.mean([p[key] for p in peer]) for key in ("clock", "processor", "steps"))
        good = sum(p["mean"] >= 475 for p in peer)
        lines.append(
            f"| Stable-Baselines3's DQN, {n} seeds in a loop ({len(peer)} measured) | {n * clock:.0f} | "
            f"{n * used:.0f} | {done / clock:.0f} | {good} of {len(peer)} |"
        )
        measured[PEER] = f"{rate['ours'] / (done / clock):.1f}x"
    lines += ["", f"Mean returns of the seeds over 100 episodes: {listed}."]
    failed = [k for k, value in enumerate(returns) if value < 475]
    for k in failed:
        best = agent.watched_[agent.watched_["seed"] == agent.seeds_[k]]["return"]
        lines.append(
            f"Seed {agent.seeds_[k]} failed: {returns[k]:.0f}, though the best 20 watched episodes had a "
            f"mean of {best.max():.0f} and the last {best.iloc[-1]:.0f}."
        )
    print("\n".join(lines), file=sys.stderr, flush=True)
    return [*lines, ""], measured


def _peer(steps, n):
    """Return what Stable-Baselines3 took for some seeds, or why it was left out."""
    if not SB3_PYTHON:
        return "left out: no Python that has it was named"
    try:
        return [ask([SB3_PYTHON, "-c", _SB3, str(steps), str(seed)]) for seed in range(1, n + 1)]
    except ProgramFailed as failure:
        return f"left out: {failure.reason}"


def frozen_lake(quick):
    """Return lines on ten tables of the lake, and what was measured."""
    lake = bn.make_environment("frozen_lake")
    begun = clocks()
    agent = bn.fit_agent(lake, "q_learning", steps=5000 if quick else 50_000, seeds=10, seed=1)
    seconds = clocks(begun)
    comparison = bn.compare_models({"q_learning": agent}, lake, seed=1)
    within = any("within its interval" in note for note in comparison.notes)
    lines = [
        "## FrozenLake 4x4, slippery",
        "",
        f"Ten seeds of Q-learning, 50,000 steps each, at once: {seconds[0]:.0f} s, "
        f"{seconds[1]:.0f} s of the processor.",
        "",
        "```",
        str(agent),
        "",
        str(comparison),
        "```",
    ]
    print("\n".join(lines), file=sys.stderr, flush=True)
    gap = abs(bn.expected_return(lake) - 0.7441902878)
    return [*lines, ""], {LAKE: gap, TABLE: "yes" if within else "no"}


def main():
    quick = read_command(__doc__).quick
    lines, measured = cart_poles(quick)
    more, lakes = frozen_lake(quick)
    if not quick:
        write("bench_agents", "Agents", "", ["\n".join([*lines, *more])], measured | lakes)


if __name__ == "__main__":
    main()
