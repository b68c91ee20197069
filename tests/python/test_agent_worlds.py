"""Worlds: their chances are gymnasium's, and what is known of them exactly is what others have computed."""

import importlib.util
import os

import numpy as np
import pytest

import bineural as bn
from bineural.agents.exact import evaluate, exact_return, policy_iteration, value_iteration
from bineural.errors import InputError

has_gymnasium = importlib.util.find_spec("gymnasium") is not None
# in CI nothing may be missing: there its absence is an error
needs_gymnasium = pytest.mark.skipif(
    not has_gymnasium and not os.environ.get("CI"), reason="gymnasium is not installed"
)


def table_of(environment, s, a):
    """Return {(next state, reward, terminated): probability} of ours."""
    total = {}
    for k, p in enumerate(environment.probability[s, a]):
        if p > 0:
            key = (
                int(environment.next_state[s, a, k]),
                float(environment.reward[s, a, k]),
                bool(environment.terminated[s, a, k]),
            )
            total[key] = total.get(key, 0.0) + p
    return total


@needs_gymnasium
@pytest.mark.parametrize(
    ("name", "options", "their_id", "their_options"),
    [
        ("frozen_lake", {}, "FrozenLake-v1", {}),
        ("frozen_lake", {"map": "8x8"}, "FrozenLake8x8-v1", {}),
        ("frozen_lake", {"is_slippery": False}, "FrozenLake-v1", {"is_slippery": False}),
        ("frozen_lake", {"success_rate": 0.7}, "FrozenLake-v1", {"success_rate": 0.7}),
        (
            "frozen_lake",
            {"reward_schedule": (2, -1, 0.1)},
            "FrozenLake-v1",
            {"reward_schedule": (2, -1, 0.1)},
        ),
        ("cliff_walking", {}, "CliffWalking-v1", {}),
        ("cliff_walking", {"is_slippery": True}, "CliffWalking-v1", {"is_slippery": True}),
        ("taxi", {}, "Taxi-v4", {}),
        ("taxi", {"is_rainy": True}, "Taxi-v4", {"is_rainy": True}),
    ],
)
def test_the_chances_of_a_grid_are_those_of_gymnasium(name, options, their_id, their_options):
    import gymnasium

    ours, theirs = bn.make_environment(name, **options), gymnasium.make(their_id, **their_options)
    assert ours.step_limit == theirs.spec.max_episode_steps
    if name != "frozen_lake" or not options or "map" in options:
        assert ours.threshold == theirs.spec.reward_threshold
    np.testing.assert_allclose(ours.start, theirs.unwrapped.initial_state_distrib, atol=1e-12)
    for s, actions in theirs.unwrapped.P.items():
        for a, outcomes in actions.items():
            wanted = {}
            for p, following, reward, ended in outcomes:
                key = (int(following), float(reward), bool(ended))
                wanted[key] = wanted.get(key, 0.0) + p
            mine = table_of(ours, s, a)
            assert mine.keys() == wanted.keys()
            assert all(mine[key] == pytest.approx(wanted[key], abs=1e-12) for key in wanted)


@needs_gymnasium
def test_carts_move_as_gymnasiums_do_until_the_pole_falls():
    import gymnasium

    pole, theirs = bn.make_environment("cart_pole"), gymnasium.make("CartPole-v1").unwrapped
    rng = np.random.default_rng(1)
    for _ in range(10):
        theirs.reset(seed=int(rng.integers(1000)))
        state = np.array(theirs.state)[None]
        ended = False
        while not ended:
            action = int(rng.integers(2))
            seen, reward, ended, _, _ = theirs.step(action)
            state, rewards, terminated = pole.advance(state, np.array([action]), np.empty((1, 0)))
            np.testing.assert_allclose(state[0], theirs.state, rtol=0, atol=1e-12)
            assert (rewards[0], terminated[0]) == (reward, ended)
            assert pole.observe(state).dtype == np.float32
            np.testing.assert_array_equal(pole.observe(state)[0], seen)


@needs_gymnasium
def test_an_environment_of_gymnasiums_is_learnt_in_as_it_is_or_by_its_table():
    import gymnasium

    lake = bn.make_environment(gymnasium.make("FrozenLake-v1"))
    assert bn.expected_return(lake) == pytest.approx(0.7441902878, abs=1e-9)
    car = bn.make_environment("Acrobot-v1", max_episode_steps=20)
    assert (car.n_actions, car.observation_shape, car.step_limit) == (3, (6,), 20)
    played = bn.play_episodes("random", car, 2, seed=1)
    again = bn.play_episodes("random", car, 3, seed=1)
    np.testing.assert_array_equal(played.returns[0], again.returns[0, :2])
    poles = [bn.make_environment("cart_pole"), bn.make_environment(gymnasium.make("CartPole-v1"))]
    rule = lambda seen: int(seen[2] + seen[3] > 0)  # noqa: E731
    means = [bn.play_episodes(rule, pole, 4, seed=3).returns.mean() for pole in poles]
    assert abs(means[0] - means[1]) < 150  # 488 either way, of other starts


# ---- what is known exactly ----


def test_the_figures_of_the_frozen_lake():
    lake = bn.make_environment("frozen_lake")
    assert bn.expected_return(lake) == pytest.approx(0.7441902878, abs=1e-9)
    assert exact_return(lake) == pytest.approx(14 / 17, abs=1e-9)  # without the limit of 100 steps
    for gamma, value in ((0.99, 0.5420259), (0.95, 0.1804716), (0.9, 0.0688909)):
        agent = bn.fit_agent(lake, "value_iteration", gamma=gamma)
        assert agent.values_[0, 0] == pytest.approx(value, abs=1e-7)
    assert bn.expected_return(lake, "random") == pytest.approx(0.0139397960, abs=1e-9)
    firm = bn.make_environment("frozen_lake", is_slippery=False)
    assert bn.expected_return(firm, "random") == pytest.approx(0.0139397960, abs=1e-9)
    assert bn.expected_return(firm) == 1.0


def test_the_figures_of_the_cliff_and_the_taxi():
    cliff, taxi = bn.make_environment("cliff_walking"), bn.make_environment("taxi")
    assert bn.expected_return(cliff) == pytest.approx(-13, abs=1e-9)
    assert bn.expected_return(cliff, "random", steps=10_000) == pytest.approx(-51_673, abs=1)
    assert (taxi.n_states, int((taxi.start > 0).sum())) == (500, 300)
    assert bn.expected_return(taxi) == pytest.approx(7.93, abs=1e-9)
    assert bn.expected_return(taxi, "random") == pytest.approx(-771.1, abs=0.05)


def test_more_steps_are_worth_more_on_the_large_lake():
    lake = bn.make_environment("frozen_lake", map="8x8")
    assert bn.expected_return(lake, steps=100) < bn.expected_return(lake) < exact_return(lake)
    assert exact_return(lake) == pytest.approx(1.0, abs=1e-6)  # every hole can be kept away from, given time


def test_random_play_on_the_lake_improved_by_one_step_is_the_policy_of_the_lab():
    lake = bn.make_environment("frozen_lake")
    rewards, moves = lake.rewards_and_moves()
    q = rewards + moves @ evaluate(rewards, moves, np.full((16, 4), 0.25), 1.0)
    assert q.argmax(axis=1).tolist() == [0, 3, 0, 3, 0, 0, 0, 0, 3, 1, 0, 0, 0, 2, 1, 0]
    assert 0.70 < bn.expected_return(lake, q.argmax(axis=1)) < 0.74


@pytest.mark.parametrize("name", ["frozen_lake", "cliff_walking"])
@pytest.mark.parametrize("gamma", [0.9, 1.0])
def test_both_exact_methods_agree_and_their_policy_earns_what_they_say(name, gamma):
    world = bn.make_environment(name)
    by_values, by_policies = value_iteration(world, gamma), policy_iteration(world, gamma)
    best = by_values.action_values.max(axis=1)
    np.testing.assert_allclose(best, by_policies.action_values.max(axis=1), atol=1e-8)
    rewards, moves = world.rewards_and_moves()
    for policy in (by_values.policy, by_policies.policy):
        earned = evaluate(rewards, moves, np.eye(world.n_actions)[policy], gamma)
        reached = world.start > 0
        np.testing.assert_allclose(earned[reached], best[reached], atol=1e-8)


def test_values_solve_bellmans_equations_as_a_slow_loop_writes_them():
    world = bn.make_environment("frozen_lake", desc=["SFH", "FFG"], success_rate=0.6)
    values = value_iteration(world, 0.8).action_values.max(axis=1)
    for s in range(world.n_states):
        q = []
        for a in range(4):
            rows = world.transitions
            rows = rows[(rows["state"] == s) & (rows["action"] == world.actions[a])]
            q.append(
                sum(
                    r.probability * (r.reward + 0.8 * (0 if r.terminated else values[r.next_state]))
                    for r in rows.itertuples()
                )
            )
        assert values[s] == pytest.approx(max(q), abs=1e-10)


def test_a_value_without_end_is_said_not_computed():
    forever = bn.make_environment("frozen_lake", desc=["SG"], reward_schedule=(0, 0, 1), is_slippery=False)
    for method in ("value_iteration", "policy_iteration"):
        with pytest.raises(InputError, match="finite"):
            bn.fit_agent(forever, method, gamma=1)
    assert bn.fit_agent(forever, "value_iteration", gamma=0.5).values_[0, 0] == pytest.approx(2.0)


def test_the_bound_of_lai_and_robbins_by_its_definition():
    coin = bn.make_environment("bandit", means=[0.2, 0.5])
    kl = 0.2 * np.log(0.2 / 0.5) + 0.8 * np.log(0.8 / 0.5)
    assert coin.lai_robbins() == pytest.approx(0.3 / kl)
    normal = bn.make_environment("bandit", means=[0, 1, 1], reward="normal", sd=2)
    assert normal.lai_robbins() == pytest.approx(1 / (1 / 8))


# ---- faces ----


def test_reset_and_step_are_those_of_gymnasium_and_follow_from_the_seed():
    pole = bn.make_environment("cart_pole")
    first, info = pole.reset(seed=3)
    assert info == {} and first.dtype == np.float32 and np.abs(first).max() <= 0.05
    np.testing.assert_array_equal(first, bn.make_environment("cart_pole").reset(seed=3)[0])
    lake = bn.make_environment("frozen_lake", step_limit=2)
    lake.reset(seed=1)
    assert lake.step(0)[2:4] == (False, False)
    assert lake.step(0)[2:4] == (False, True)  # broken off, not ended
    with pytest.raises(InputError, match="must have begun"):
        lake.step(0)
    starts = [pole.reset()[0].tolist() for _ in range(3)]  # goes on with the numbers of the seed
    pole.reset(seed=3)
    assert starts == [pole.reset()[0].tolist() for _ in range(3)] and starts[0] != starts[1]


def test_a_world_of_functions_gets_its_luck_from_outside():
    def walk(state, action, u):
        state = state + (1 if u[0] < 0.8 else -1) * (1 if action == 1 else -1)
        state = min(max(state, 0), 4)
        return state, float(state == 4), state == 4

    world = bn.make_environment(reset=lambda: 2, step=walk, n_actions=2, n_states=5, step_limit=50)
    twice = [bn.play_episodes("random", world, 20, seed=5).lengths for _ in range(2)]
    np.testing.assert_array_equal(*twice)
    as_dict = bn.make_environment(
        reset=lambda: 2,
        step=lambda s, a, u: dict(zip(("state", "reward", "terminated"), walk(s, a, u))),
        n_actions=2,
        n_states=5,
        step_limit=50,
    )
    np.testing.assert_array_equal(bn.play_episodes("random", as_dict, 20, seed=5).lengths, twice[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bn.make_environment("frozen_lak"), "Did you mean 'frozen_lake'"),
        (lambda: bn.make_environment("frozen_lake", slippery=True), "is_slippery"),
        (lambda: bn.make_environment("frozen_lake", desc=["SF", "FFG"]), "rows of one length"),
        (lambda: bn.make_environment("bandit", means=[0.2, 1.2]), "from 0 to 1"),
        (lambda: bn.make_environment(), "are missing"),
        (
            lambda: bn.make_environment(
                reset=lambda: 0, step=lambda s, a: s, n_actions=1, n_states=1
            ).reset(),
            None,
        ),
        (lambda: bn.make_environment("taxi", reset=lambda: 0), "Leave out"),
        (lambda: bn.expected_return(bn.make_environment("cart_pole")), "Play episodes"),
        (lambda: bn.expected_return(bn.make_environment("frozen_lake"), [0, 1]), "16, 4"),
        (lambda: bn.make_environment("cart_pole").step(0), "reset"),
    ],
)
def test_what_cannot_be_is_said(call, words):
    if words is None:
        call()
        return
    with pytest.raises(InputError, match=words):
        call()


def test_a_function_that_gives_no_step_is_told_what_to_give():
    world = bn.make_environment(reset=lambda: 0, step=lambda s, a: s, n_actions=1, n_states=1)
    world.reset(seed=1)
    with pytest.raises(InputError, match=r"\(state, reward, terminated\)"):
        world.step(0)
    with pytest.raises(InputError, match="numbered from 0 to 0"):
        bn.make_environment(reset=lambda: 3, step=lambda s, a: s, n_actions=1, n_states=1)
