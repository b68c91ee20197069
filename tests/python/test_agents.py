"""Agents: what they learn is what is known, seeds stand side by side unchanged, and files hold all of it."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.agents.bandit_methods import pull_arms
from bineural.agents.forest import forest_values
from bineural.agents.policy_gradient import sample_actions
from bineural.agents.returns import advantages_of, discounted
from bineural.errors import InputError


@pytest.fixture(scope="module")
def firm_lake():
    return bn.make_environment("frozen_lake", is_slippery=False)


@pytest.fixture(scope="module")
def forever():
    """One state, a reward of 1 a step, broken off after 10: worth 1 / (1 - 0.9) = 10."""
    return bn.make_environment(
        reset=lambda: 0, step=lambda s, a: (0, 1.0, False), n_actions=1, n_states=1, step_limit=10
    )


@pytest.mark.parametrize("method", ["q_learning", "sarsa"])
def test_what_follows_a_truncation_counts_and_what_follows_the_end_does_not(forever, method):
    right = bn.fit_agent(forever, method, steps=2500, gamma=0.9, seed=1)
    assert right.values_[0, 0] == pytest.approx(10, abs=0.05)
    wrong = bn.fit_agent(forever, method, steps=2500, gamma=0.9, truncated="terminal", seed=1)
    assert wrong.values_[0, 0] == pytest.approx(1 / (1 - 0.9 * 0.9), abs=0.7)  # 5.263
    ends = bn.make_environment(reset=lambda: 0, step=lambda s, a: (0, 1.0, True), n_actions=1, n_states=1)
    assert bn.fit_agent(ends, method, steps=500, gamma=0.9, seed=1).values_[0, 0] == pytest.approx(1)


def test_q_values_are_those_of_value_iteration_where_nothing_is_left_to_chance(firm_lake):
    exact = bn.fit_agent(firm_lake, "value_iteration", gamma=0.9)
    learnt = bn.fit_agent(
        firm_lake, "q_learning", steps=6_000, gamma=0.9, epsilon=1.0, learning_rate=1.0, seed=1
    )
    reached = np.array([letter in "SF" for row in firm_lake.grid for letter in row])
    np.testing.assert_allclose(learnt.action_values_[0][reached], exact.action_values_[0][reached], atol=1e-9)


def test_a_seed_is_the_same_alone_and_among_others(firm_lake):
    options = {"steps": 1500, "epsilon": 0.3}
    three = bn.fit_agent(firm_lake, "sarsa", seeds=3, seed=4, **options)
    alone = bn.fit_agent(firm_lake, "sarsa", seeds=1, seed=5, **options)
    np.testing.assert_array_equal(three.action_values_[1], alone.action_values_[0])
    assert not np.array_equal(three.action_values_[0], alone.action_values_[0])


def test_moves_are_learnt_from_by_number_and_by_label(firm_lake):
    played = bn.play_episodes("random", firm_lake, 400, keep=400, seed=2)
    moves = played.experience
    assert list(moves.columns) == ["s", "a", "r", "s_new", "done"]
    by_number = bn.fit_agent(firm_lake, experience=moves, steps=25_000, seed=1)
    assert by_number.returns_[0] == 1.0
    named = moves.assign(
        s=[f"cell {s}" for s in moves["s"]],
        s_new=[f"cell {s}" for s in moves["s_new"]],
        a=[firm_lake.actions[a] for a in moves["a"]],
    )
    by_label = bn.fit_agent(experience=named, method="value_iteration")
    exact = bn.fit_agent(firm_lake, "value_iteration")
    for state, label in enumerate(by_label.states_):
        s = int(label.split()[1])
        if (moves["s"] == s).any() and {*moves["a"][moves["s"] == s]} == {0, 1, 2, 3}:
            assert by_label.values_[0, state] == pytest.approx(exact.values_[0, s], abs=1e-9)
    with pytest.raises(InputError, match="must be states that were recorded"):
        by_label.predict(["cell 99"])


def test_actions_never_tried_are_never_taken():
    moves = {"s": ["a", "a"], "a": ["go", "go"], "r": [-1.0, -1.0], "s_new": ["b", "b"], "done": [True, True]}
    moves = {k: [*v, w] for (k, v), w in zip(moves.items(), ["c", "stay", -5.0, "b", True])}
    for method, steps in (("value_iteration", None), ("q_learning", 100)):
        agent = bn.fit_agent(experience=moves, method=method, steps=steps, seed=1)
        assert np.isnan(agent.action_values_[0, 0]).tolist() == [False, True]
        assert agent.predict(["a", "c"]).tolist() == [[0, 1]]


@pytest.fixture(scope="module")
def recorded():
    """Moves of a rule that pushes to where the pole falls, and half of the time to any side."""
    pole, rng = bn.make_environment("cart_pole"), np.random.default_rng(0)

    def mixed(seen):
        return int(seen[2] + seen[3] > 0) if rng.random() < 0.5 else int(rng.integers(2))

    return pole, bn.play_episodes(mixed, pole, episodes=60, keep=60, seed=1).experience


@pytest.mark.long
def test_a_net_learns_from_recorded_moves_of_vectors_in_every_form_of_a_table(recorded):
    pole, moves = recorded
    how = {"method": "dqn", "steps": 2000, "seeds": 2, "seed": 1}
    agent = bn.fit_agent(pole, experience=moves, **how)
    rest = {name: moves[name] for name in ("a", "r", "done")}
    wide = {f"{name}_{k + 1}": moves[name][:, k] for name in ("s", "s_new") for k in (3, 1, 0, 2)}
    of_lists = {name: list(moves[name]) for name in ("s", "s_new")}
    for columns in (wide, of_lists):
        other = bn.fit_agent(pole, experience=pd.DataFrame(columns | rest), **how)
        for own, same in zip(agent.weights_, other.weights_):
            for a, b in zip(own, same):
                np.testing.assert_array_equal(a, b)
    with pytest.raises(InputError, match="must come with the `environment`"):
        bn.fit_agent(experience=moves, **how)
    with pytest.raises(InputError, match=r"actions, numbered from 0 to 1.\nFound number 2"):
        bn.fit_agent(pole, experience=moves | {"a": moves["a"] + 1}, **how)


@pytest.mark.long
def test_values_of_recorded_moves_are_those_of_their_chain():
    """One way through five states, 1 at its end: a state k moves before it is worth gamma**k."""
    line = bn.make_environment(
        reset=lambda: [0.0], step=lambda s, a: ([s[0] + 1], float(s[0] == 4), s[0] == 4), n_actions=1
    )
    at = np.arange(5.0)
    moves = {"s": at[:, None], "a": np.zeros(5), "r": at == 4, "s_new": at[:, None] + 1, "done": at == 4}
    options = {"gamma": 0.5, "steps": 120_000, "units": (32,), "learning_rate": 0.005, "seed": 1}
    agent = bn.fit_agent(line, "dqn", experience=moves, **options)
    values = np.asarray(agent._net()(at[:, None].astype("float32")[None]))[0, :, 0]
    np.testing.assert_allclose(values, 0.5 ** (4 - at), atol=0.05)


# ---- bandits ----


@pytest.mark.parametrize("method", ["ucb", "thompson"])
def test_regret_grows_as_the_logarithm_and_that_of_fixed_exploration_as_the_pulls(method):
    arms = bn.make_environment("bandit", means=[0.2, 0.8])
    agent = bn.fit_agent(arms, method, steps=2000, seeds=5, seed=1)
    last = agent.history_.groupby("pull")["regret"].mean()
    assert last.iloc[-1] < 5 * 2000 * 0.3 / 20  # random play has 600
    later = last.iloc[-1] - last[last.index >= 1000].iloc[0]
    assert later < 0.25 * last.iloc[-1] + 2  # the second half adds little
    assert (agent.policy_ == 1).all()
    fixed = bn.fit_agent(arms, "epsilon_greedy", steps=2000, epsilon=0.2, seeds=5, seed=1).history_
    regret = fixed.groupby("pull")["regret"].mean()
    assert regret.iloc[-1] == pytest.approx(2000 * 0.2 * 0.3, rel=0.25)  # epsilon * mean gap a pull


def test_epsilon_greedy_pulls_as_a_slow_loop_does():
    arms = bn.make_environment("bandit", means=[0.2, 0.8])
    settings = {"method": "epsilon_greedy", "epsilon": 0.0, "initial": 1.0}
    means, pulls, _ = pull_arms(arms, [1, 2, 3], 50, settings)
    for mean, n in zip(means, pulls):
        assert n.sum() == 50 and (n > 0).all()  # hopes of 1 have every arm pulled
        assert ((mean >= 0) & (mean <= 1)).all()


def test_normal_arms_are_told_apart():
    arms = bn.make_environment("bandit", means=[-1, 0, 2], reward="normal", sd=0.5)
    agent = bn.fit_agent(arms, "thompson", steps=300, seeds=3, seed=1)
    assert (agent.policy_ == 2).all()
    assert agent.returns_ == pytest.approx([2, 2, 2])


# ---- returns, advantages, forests ----


def test_returns_and_advantages_are_their_sums():
    rng = np.random.default_rng(1)
    rewards, ended = rng.normal(size=12), rng.random(12) < 0.2
    returns = discounted(rewards, ended, 0.9, np.array(3.0))
    for t in range(12):
        total, factor, k = 0.0, 1.0, t
        while True:
            total += factor * rewards[k]
            factor *= 0.9
            if ended[k]:
                break
            k += 1
            if k == 12:
                total += factor * 3.0
                break
        assert returns[t] == pytest.approx(total)
    values, after = rng.normal(size=12), rng.normal(size=12)
    one_step = advantages_of(rewards, values, after, ended, np.zeros(12, bool), 0.9, 0.0)
    np.testing.assert_allclose(one_step, rewards + 0.9 * after * ~ended - values)
    cut = advantages_of(rewards, values, after, np.zeros(12, bool), ended, 0.9, 0.0)
    np.testing.assert_allclose(
        cut, rewards + 0.9 * after - values
    )  # a truncated state is still worth something


def test_actions_are_drawn_by_their_chances():
    logits = np.log(np.array([0.2, 0.5, 0.3]))
    drawn = sample_actions(np.tile(logits, (100_000, 1)), (np.arange(100_000) + 0.5) / 100_000)
    np.testing.assert_allclose(np.bincount(drawn) / 100_000, [0.2, 0.5, 0.3], atol=1e-4)


def test_a_forest_of_arrays_predicts_as_scikit_learn_does():
    from sklearn.ensemble import ExtraTreesRegressor

    from bineural.agents.forest import _columns, _fit

    class World:
        n_actions = 2

    rng = np.random.default_rng(3)
    seen, actions = rng.normal(size=(200, 3)).astype(np.float32), rng.integers(2, size=200)
    columns, returns = _columns(World, seen, actions), rng.normal(size=200)
    ours = forest_values(_fit(columns, returns, {"trees": 7, "leaf": 3}, 5), World, seen[:20])
    theirs = ExtraTreesRegressor(7, min_samples_leaf=3, random_state=5).fit(columns, returns)
    for a in range(2):
        wanted = theirs.predict(_columns(World, seen[:20], np.full(20, a)))
        np.testing.assert_allclose(ours[:, a], wanted, atol=1e-12)


# ---- files, and what cannot be ----


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("q_learning", {"steps": 300}),
        ("value_iteration", {}),
        ("random_play", {"steps": 300, "trees": 3}),
        ("random", {}),
    ],
)
def test_a_saved_agent_acts_as_before(tmp_path, firm_lake, method, options):
    agent = bn.fit_agent(firm_lake, method, seeds=2, seed=1, **options)
    again = bn.load_model(bn.save_model(agent, tmp_path / "agent.bineural"))
    np.testing.assert_array_equal(again.predict(np.arange(16)), agent.predict(np.arange(16)))
    np.testing.assert_array_equal(again.returns_, agent.returns_)
    assert str(again) == str(agent)


def test_a_world_of_functions_is_not_saved_but_its_agent_is(tmp_path, forever):
    agent = bn.fit_agent(forever, "q_learning", steps=50, seed=1)
    again = bn.load_model(bn.save_model(agent, tmp_path / "agent.bineural"))
    assert again.environment is None and again.returns_.tolist() == [10.0]
    assert "a world that files can't hold" in str(again)
    assert bn.play_episodes(again, forever, 2, seed=1).returns.tolist() == [[10.0, 10.0]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda w: bn.fit_agent(w["pole"], "q_learning"), "numbered states"),
        (lambda w: bn.fit_agent(w["pole"], "value_iteration"), "chances are known"),
        (lambda w: bn.fit_agent(w["lake"], "ucb"), "one state"),
        (lambda w: bn.fit_agent(w["lake"], "q_learnin"), "Did you mean 'q_learning'"),
        (lambda w: bn.fit_agent(w["lake"], "q_learning", batch_size=3), "options of method 'q_learning'"),
        (lambda w: bn.fit_agent(w["lake"], "q_learning", epsilon=2), "epsilon"),
        (lambda w: bn.fit_agent(w["lake"], "sarsa", experience={"s": [0]}), "must act"),
        (lambda w: bn.fit_agent(w["lake"], experience={"s": [0]}), "are missing"),
        (lambda w: bn.fit_agent(), "Found none, and no `experience`"),
        (lambda w: bn.play_episodes("random"), "make_environment"),
        (lambda w: bn.play_episodes(lambda seen: 7, w["lake"], 1), "from 0 to 3"),
        (lambda w: bn.play_episodes(w["agent"], w["pole"], 1), "same observations"),
        (lambda w: w["agent"].predict([16]), "from 0 to 15"),
    ],
)
def test_what_cannot_be_is_said(firm_lake, call, words):
    worlds = {"lake": firm_lake, "pole": bn.make_environment("cart_pole")}
    worlds["agent"] = bn.fit_agent(firm_lake, "value_iteration")
    with pytest.raises(InputError, match=words):
        call(worlds)


# ---- comparisons ----


def test_agents_are_compared_over_seeds_from_common_starts(firm_lake):
    agent = bn.fit_agent(firm_lake, "q_learning", steps=3000, seeds=6, seed=1)
    rules = {"learnt": agent, "right": lambda seen: 2}
    comparison = bn.compare_models(rules, firm_lake, episodes=10, seed=3)
    assert comparison.models == ["learnt", "right", "random", "optimal"]
    table = comparison.table.set_index("model")
    assert table.loc["optimal", "return"] == 1.0
    assert table.loc["right", "return"] == 0.0
    assert table["n"].tolist() == [6] * 4
    found = comparison.differences.set_index("model")["finding"]
    assert found["random"] == "worse" and found["right"] == "worse"
    each = comparison.scores.pivot_table(index=["seed", "episode"], columns="model", values="return")
    assert len(each) == 60


def test_the_difference_is_the_paired_t_of_scipy():
    from scipy.stats import ttest_rel

    lake = bn.make_environment("frozen_lake")
    agents = {
        "long": bn.fit_agent(lake, "q_learning", steps=1500, seeds=5, seed=1),
        "short": bn.fit_agent(lake, "sarsa", steps=300, seeds=5, seed=1),
    }
    comparison = bn.compare_models(agents, lake, episodes=30, seed=1)
    means = comparison.scores.groupby(["model", "seed"])["return"].mean()
    row = comparison.differences.iloc[0]
    theirs = ttest_rel(means[row["model"]], means[row["other"]])
    assert row["p"] == pytest.approx(theirs.pvalue)
    low, high = theirs.confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((low, high))


def test_regret_is_compared_between_bandits_and_few_seeds_give_no_verdict():
    arms = bn.make_environment("bandit", means=[0.3, 0.6])
    fitted = {m: bn.fit_agent(arms, m, steps=200, seeds=3, seed=1) for m in ("ucb", "thompson")}
    comparison = bn.compare_models(fitted, arms, measure="regret", episodes=2, seed=1)
    assert comparison.verdicts[0].startswith("No verdict on thompson and ucb from 3 seeds")
    with pytest.raises(InputError, match="arguments of rows and folds"):
        bn.compare_models(fitted, arms, folds=5)
    with pytest.raises(InputError, match="same number of seeds"):
        bn.compare_models(
            [*fitted.values(), bn.fit_agent(arms, "ucb", steps=200, seeds=2, seed=1)], arms, seed=1
        )


# ---- nets ----


def test_nets_learn_in_a_stack_what_they_learn_alone_and_are_saved(tmp_path):
    pole = bn.make_environment("cart_pole", step_limit=30)
    options = {"steps": 600, "warm_up": 100, "train_every": 64, "updates": 8, "units": (8,), "batch_size": 16}
    two = bn.fit_agent(pole, "dqn", seeds=2, seed=1, **options)
    alone = bn.fit_agent(pole, "dqn", seeds=1, seed=2, **options)
    for a, b in zip(two.weights_[1], alone.weights_[0]):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    again = bn.load_model(bn.save_model(two, tmp_path / "agent.bineural"))
    seen = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    np.testing.assert_array_equal(again.predict(seen), two.predict(seen))


@pytest.mark.long
def test_nets_of_a_seed_are_the_same_again():
    pole = bn.make_environment("cart_pole", step_limit=30)
    options = {"steps": 600, "horizon": 8, "units": (8,), "seeds": 2, "seed": 1}
    once, again = (bn.fit_agent(pole, "actor_critic", **options) for _ in range(2))
    np.testing.assert_array_equal(again.watched_["return"], once.watched_["return"])


@pytest.mark.long
@pytest.mark.parametrize("method", ["dqn", "actor_critic", "reinforce"])
def test_nets_keep_the_pole_up_better_than_chance(method):
    pole = bn.make_environment("cart_pole")
    steps = {"dqn": 15_000}.get(method, 60_000)
    agent = bn.fit_agent(pole, method, steps=steps, seeds=4, seed=1)
    assert np.median(agent.returns_) > 150  # at random 22


@pytest.mark.long
def test_the_value_of_a_net_counts_what_follows_a_truncation():
    forever = bn.make_environment(
        reset=lambda: [1.0], step=lambda s, a: ([1.0], 1.0, False), n_actions=1, step_limit=10
    )
    values = {}
    for truncated in ("bootstrap", "terminal"):
        agent = bn.fit_agent(
            forever, "dqn", steps=6000, gamma=0.9, warm_up=100, train_every=16, updates=16, units=(8,),
            target_every=16, truncated=truncated, seed=1, learning_rate=0.01,
        )  # fmt: skip
        values[truncated] = float(agent._net()(np.ones((1, 1, 1), np.float32))[0, 0, 0])
    assert values["bootstrap"] == pytest.approx(10, abs=0.7)
    # Huber's loss pulls no harder than 1: 0.9 (1 + 0.9 v - v) = 0.1, where squares would settle at 5.263
    assert values["terminal"] == pytest.approx(80 / 9, abs=0.3)


@pytest.mark.long
def test_q_learning_is_within_its_interval_of_the_optimum():
    lake = bn.make_environment("frozen_lake")
    agent = bn.fit_agent(lake, "q_learning", seeds=10, seed=1)
    comparison = bn.compare_models({"q_learning": agent}, lake, seed=1)
    row = comparison.differences.set_index("model").loc["optimal"]
    assert row["low"] <= 0 <= row["high"] or row["difference"] < 0.03
    assert row["difference"] < 0.1


def test_a_file_whose_parts_do_not_fit_is_refused(firm_lake):
    from bineural.bundles.schema import Mismatch

    forest = bn.fit_agent(firm_lake, "random_play", steps=200, trees=2, seed=1)
    table = bn.fit_agent(firm_lake, "value_iteration")
    for agent, part, change in (
        (forest, "forests_", lambda forests: forests[0]["left"][0].__setitem__(0, 0)),  # a walk without end
        (forest, "forests_", lambda forests: forests[0]["feature"][0].__setitem__(0, 9)),
        (table, "fixed_policy_", lambda policy: policy.__setitem__((0, 0), 4)),
    ):
        state = agent.get_state()
        before = np.copy(state[part]) if part == "fixed_policy_" else None
        if before is None:
            state[part] = [
                {name: [a.copy() for a in trees] for name, trees in f.items()} for f in state[part]
            ]
        else:
            state[part] = before
        change(state[part])
        with pytest.raises(Mismatch):
            bn.Agent.from_state(state)
    state = table.get_state() | {"world_options_": {"map": "4x5"}}
    with pytest.raises(Mismatch, match="none of ours"):
        bn.Agent.from_state(state)
