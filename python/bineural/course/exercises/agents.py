"""Exercises on agents: returns, Bellman's equation, regret, updates, ends, targets, seeds."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise

TOPIC = "agents"

# ---- returns ----

REWARDS, GAMMA = (1.0, 2.0, 4.0), 0.5


def returns_of(rewards, gamma):
    """Return the discounted return from each step on."""
    returns, total = [], 0.0
    for reward in reversed(rewards):
        total = reward + gamma * total
        returns.append(total)
    return np.array(returns[::-1])


def _check_returns(returns):
    truth = returns_of(REWARDS, GAMMA)
    answers.expect(
        answers.vector(returns, "returns", 3),
        truth,
        "returns",
        (
            (returns_of(REWARDS, 1.0), "a reward that comes a step later counts half."),
            (np.array(REWARDS), "a return counts all rewards from its step on, not only the next."),
            (truth[::-1], "the order is turned round: first step first."),
            (returns_of(REWARDS[::-1], GAMMA)[::-1], "rewards before a step are no part of its return."),
            (GAMMA * truth, "the next reward is not discounted, only those behind it."),
        ),
        "work from behind: each return is a reward, and half the return of the next step.",
    )


# ---- Bellman ----


def _check_bellman(stop_here, go_on, value):
    answers.expect(
        answers.number(stop_here, "stop_here"),
        1.0,
        "stop_here",
        (
            (0.9, "the reward comes at once and is not discounted."),
            (4.6, "behind the end nothing is worth anything."),
        ),
        "it is the reward; the world has ended then.",
    )
    answers.expect(
        answers.number(go_on, "go_on"),
        1.8,
        "go_on",
        (
            (2.0, "the value of the next state is discounted."),
            (3.6, "that state is reached with a chance of one half."),
            (4.0, "weigh it with its chance, and discount it."),
            (2.3, "there is no reward on the way."),
        ),
        "it is the chance times the discounted value of the next state.",
    )
    answers.expect(
        answers.number(value, "value"),
        1.8,
        "value",
        (
            (1.4, "one need not choose by a coin: take the better action."),
            (2.8, "only one action is taken."),
            (1.0, "the other action is better."),
        ),
        "it is that of the better action.",
    )


# ---- regret ----


def _check_regret(best_share, regret):
    answers.expect(
        answers.number(best_share, "best_share"),
        0.9 + 0.1 / 3,
        "best_share",
        (
            (0.9, "exploring finds the best arm too, one time in three."),
            (1 - 0.1 / 3, "two of the three arms that exploring may pull are worse."),
        ),
        "it is pulled when not exploring, and at times when exploring.",
    )
    answers.expect(
        answers.number(regret, "regret"),
        100 * 0.5 / 3,
        "regret",
        (
            (25.0, "the mean is over all three arms; the gap of the best one is 0."),
            (500 / 3, "only one pull in ten explores."),
            (0.5 / 3, "count all the exploring pulls."),
            (50.0, "each exploring pull takes one arm, not all three."),
        ),
        "it is the number of exploring pulls times the mean gap of the arms.",
    )


# ---- updates ----


def _check_update(q_learning, sarsa):
    answers.expect(
        answers.number(q_learning, "q_learning"),
        2.35,
        "q_learning",
        (
            (5.5, "that is the target; the value moves only a tenth of the way."),
            (2.55, "what it was before is taken off the target."),
            (2.17, "Q-learning looks at the better of the next actions."),
            (2.4, "the value of the next state is discounted."),
            (2.26, "it is the best of the next actions, not their mean."),
        ),
        "move a tenth of the way from 2 to the target.",
    )
    answers.expect(
        answers.number(sarsa, "sarsa"),
        2.17,
        "sarsa",
        (
            (3.7, "that is the target; the value moves only a tenth of the way."),
            (2.35, "SARSA looks at the action that is taken next."),
            (2.2, "the value of the next action is discounted."),
            (2.26, "it is the action that is taken, not the mean of both."),
        ),
        "the target holds the value of the action that is taken next.",
    )


# ---- ends ----


def _check_ends(terminated, truncated):
    answers.expect(
        answers.number(terminated, "terminated"),
        1.0,
        "terminated",
        (
            (8.2, "behind the end of the world nothing is worth anything."),
            (0.0, "the reward of the last step counts."),
            (9.0, "behind the end of the world nothing is worth anything."),
        ),
        "only the reward is left.",
    )
    answers.expect(
        answers.number(truncated, "truncated"),
        8.2,
        "truncated",
        (
            (1.0, "it was only broken off: the next state is still worth 8."),
            (9.0, "the value of the next state is discounted."),
            (7.2, "the reward counts as well."),
        ),
        "it is the reward and the discounted value of the next state.",
    )


_CASES = ((1.0, (3.0, 5.0), False, 0.9), (2.0, (3.0, 5.0), True, 0.9), (-1.0, (-6.0, -2.0, -9.0), False, 0.5))


def target_of(r, q, ended, gamma):
    """Return the target of Q-learning."""
    return r if ended else r + gamma * max(q)


def _check_target(target):
    call = answers.function(target, "target")
    for r, q, ended, gamma in _CASES:
        given = answers.number(call(r=r, q=np.array(q), ended=ended, gamma=gamma), "target")
        slips = [
            (r + gamma * max(q), "where the world has ended the next state is worth nothing."),
            (r + max(q), "the value of the next state is discounted."),
            (r + gamma * q[0], "take the best of the next actions, not the first."),
            (r + gamma * float(np.mean(q)), "take the best of the next actions, not their mean."),
            (gamma * max(q), "the reward is missing."),
            (0.0, "the last reward counts as well."),
        ]
        truth = target_of(r, q, ended, gamma)
        answers.expect(
            given,
            truth,
            "target",
            tuple(slip for slip in slips if not answers.is_near(slip[0], truth)),
            "it is the reward, and the discounted best value unless the world has ended.",
        )


# ---- seeds ----

FIVE = np.array([500.0, 500, 120, 480, 300])


def _check_seeds(average, reach):
    answers.expect(
        answers.number(average, "average"),
        FIVE.mean(),
        "average",
        ((480.0, "that is the median."), (500.0, "that is the best seed.")),
        "add the five up, and divide.",
    )
    error = FIVE.std(ddof=1) / np.sqrt(5)
    answers.expect(
        answers.number(reach, "reach"),
        2.776 * error,
        "reach",
        (
            (2 * 2.776 * error, "that is the width of the whole interval."),
            (error, "the t quantile is missing."),
            (1.96 * error, "five values take the t quantile, not that of the normal distribution."),
            (2.776 * FIVE.std(ddof=1), "that is of one seed; the mean of five varies less."),
            (2.776 * FIVE.std() / np.sqrt(5), "the SD divides by four, one less than the seeds."),
        ),
        "it is the t quantile times the SD, over the root of 5.",
        digits=2,
    )


EXERCISES = (
    Exercise(
        name="return-by-hand",
        topic=TOPIC,
        title="A return by hand",
        task="Three steps bring the rewards 1, 2 and 4, then the world ends. With a discount of 0.5, which "
        "are "
        "the returns of the three steps?",
        inputs={"returns": "three numbers, first step first"},
        check=_check_returns,
        hints=(
            "The return of the last step is its reward.",
            "Each return is its reward, and half the return of the step behind it.",
            "4, then 2 + 2 = 4, then 1 + 2 = 3.",
        ),
        lesson="The first step, whose own reward is smallest, leads to 3 of value: what follows counts.",
        answer={"returns": [3, 4, 4]},
        wrong=(
            ({"returns": [7, 6, 4]}, "returns"),
            ({"returns": [1, 2, 4]}, "returns"),
            ({"returns": [4, 4, 3]}, "returns"),
            ({"returns": [1.5, 2, 2]}, "returns"),
        ),
    ),
    Exercise(
        name="bellman-by-hand",
        topic=TOPIC,
        title="Bellman by hand",
        task="Stopping brings 1 and ends the world. Going on leads, with a chance of one half and without a "
        "reward, to a state of value 4, else the world ends. With a discount of 0.9, what are the actions "
        "and "
        "the state worth?",
        inputs={"stop_here": "a number", "go_on": "a number", "value": "a number"},
        check=_check_bellman,
        hints=(
            "Behind the end of the world nothing is worth anything.",
            "Weigh what follows with its chance, and discount the value of the next state.",
            "1; 0.5 * 0.9 * 4 = 1.8; and the larger of them.",
        ),
        lesson="Going on loses in half of the cases and is better all the same: values are means.",
        answer={"stop_here": 1, "go_on": 1.8, "value": 1.8},
        wrong=(
            ({"stop_here": 0.9}, "stop_here"),
            ({"go_on": 2}, "go_on"),
            ({"go_on": 3.6}, "go_on"),
            ({"value": 1.4}, "value"),
        ),
    ),
    Exercise(
        name="regret-by-hand",
        topic=TOPIC,
        title="Regret by hand",
        task="Arms have the means 0.2, 0.5 and 0.6. An agent knows the best one, and still pulls any arm "
        "with a "
        "chance of 0.1. Which share of its pulls goes to the best arm, and what regret do 1,000 pulls add?",
        inputs={"best_share": "a share, to three decimals", "regret": "a number, to two decimals"},
        check=_check_regret,
        hints=(
            "When it explores, it pulls each arm equally often, the best one too.",
            "The gaps from the best arm are 0.4, 0.1 and 0; one pull in ten explores.",
            "0.9 + 0.1 / 3 = 0.933; 100 * 0.5 / 3 = 16.667.",
        ),
        lesson="Every 1,000 pulls add as much again: with a fixed chance of exploring the regret never stops "
        "growing in proportion.",
        answer={"best_share": 0.9 + 0.1 / 3, "regret": 50 / 3},
        wrong=(
            ({"best_share": 0.9}, "best_share"),
            ({"regret": 25}, "regret"),
            ({"regret": 166.667}, "regret"),
        ),
    ),
    Exercise(
        name="q-update-by-hand",
        topic=TOPIC,
        title="An update by hand",
        task="Q(s, a) is 2; the action brings 1 and leads to a state whose actions are worth 3 and 5. With a "
        "discount of 0.9 and a rate of 0.1, what is it after Q-learning, and after SARSA, whose next "
        "action is "
        "the first?",
        inputs={"q_learning": "a number", "sarsa": "a number"},
        check=_check_update,
        hints=(
            "First the target: the reward, and 0.9 times the value of a next action.",
            "Q-learning takes the best of the next actions, SARSA the one that is taken; then a tenth of "
            "the way.",
            "2 + 0.1 * (5.5 - 2) = 2.35; 2 + 0.1 * (3.7 - 2) = 2.17.",
        ),
        lesson="They differ only where the next action is not the best one: when the agent explores.",
        answer={"q_learning": 2.35, "sarsa": 2.17},
        wrong=(
            ({"q_learning": 5.5}, "q_learning"),
            ({"q_learning": 2.17}, "q_learning"),
            ({"sarsa": 2.35}, "sarsa"),
            ({"sarsa": 3.7}, "sarsa"),
        ),
    ),
    Exercise(
        name="ended-or-broken-off",
        topic=TOPIC,
        title="What is the target?",
        task="A step brings the reward 1, and the next state is worth 8; the discount is 0.9. Which is the "
        "target where the world has ended, and which where the episode was broken off?",
        inputs={"terminated": "a number", "truncated": "a number"},
        check=_check_ends,
        hints=(
            "Only the end of the world makes the next state worthless.",
            "What was broken off could have gone on: its next state is still worth 8.",
            "1; and 1 + 0.9 * 8 = 8.2.",
        ),
        lesson="In one number, done, the two can't be told apart: it takes two flags, and both must be kept.",
        answer={"terminated": 1, "truncated": 8.2},
        wrong=(
            ({"terminated": 8.2}, "terminated"),
            ({"truncated": 1}, "truncated"),
            ({"truncated": 9}, "truncated"),
        ),
    ),
    Exercise(
        name="write-target",
        topic=TOPIC,
        title="A target in code",
        task="Write a function of a reward `r`, the values `q` of the actions in the next state, whether the "
        "world has `ended`, and `gamma`, that returns the target of Q-learning.",
        inputs={"target": "a function of r, q, ended and gamma"},
        check=_check_target,
        hints=(
            "Where the world has ended there is only the reward.",
            "Else gamma times the largest of the values comes on top.",
            "if ended, r; else r + gamma * max(q).",
        ),
        lesson="This line is all of Q-learning; the rest is where the moves come from, and who keeps the "
        "values.",
        answer={"target": target_of},
        wrong=(
            ({"target": lambda r, q, ended, gamma: r + gamma * max(q)}, "target"),
            ({"target": lambda r, q, ended, gamma: r if ended else r + max(q)}, "target"),
            ({"target": lambda r, q, ended, gamma: r if ended else r + gamma * q[0]}, "target"),
        ),
    ),
    Exercise(
        name="seeds-interval",
        topic=TOPIC,
        title="An interval over seeds",
        task="Five seeds end at mean returns of 500, 500, 120, 480 and 300. What is their mean, and how "
        "far does "
        "its 95% interval reach to either side, with a t quantile of 2.776?",
        inputs={"average": "a number", "reach": "a number, to two decimals"},
        check=_check_seeds,
        hints=(
            "The interval of a mean is the t quantile times its standard error.",
            "The standard error is the SD of the seeds over the root of their number.",
            "380; 2.776 * 167.93 / 2.236 = 208.477.",
        ),
        lesson="From 172 to 588, though no episode can bring more than 500: five seeds say little, and one "
        "says "
        "nothing.",
        answer={"average": 380, "reach": 2.776 * float(FIVE.std(ddof=1)) / 5**0.5},
        wrong=(
            ({"average": 480}, "average"),
            ({"average": 500}, "average"),
            ({"reach": 416.96}, "reach"),
            ({"reach": 75.1}, "reach"),
            ({"reach": 466.18}, "reach"),
        ),
    ),
)
