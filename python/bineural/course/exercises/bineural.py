"""Exercises on fair comparison: the event, the pairs behind an AUROC, leaks, and reading an interval."""

import numpy as np

from bineural.course import answers
from bineural.course.exercise import Exercise, Unfinished, Wrong
from bineural.measures.roc_area import auroc

TOPIC = "bineural"


def _check_event(event):
    if answers.word(event, "event", ["absent", "present"]) != "present":
        raise Wrong("event", "then large scores would mean that there is no kyphosis.")


# ---- AUROC by counting ----

WITH, WITHOUT = (0.9, 0.6, 0.4), (0.7, 0.4, 0.2)


def _check_pairs(pairs, area):
    share = auroc([1] * len(WITH) + [0] * len(WITHOUT), [*WITH, *WITHOUT])
    n_pairs = len(WITH) * len(WITHOUT)
    answers.expect(
        answers.number(pairs, "pairs"),
        share * n_pairs,
        "pairs",
        (
            (share * n_pairs + 0.5, "the tie is not a win."),
            (share * n_pairs - 0.5, "the tie is not a loss."),
            (n_pairs - share * n_pairs, "those are the pairs in the wrong order."),
        ),
        "go through every row with the event, and count the others below it.",
    )
    answers.expect(
        answers.number(area, "auroc"),
        share,
        "auroc",
        ((1 - share, "that is the share of pairs in the wrong order."),),
        "it is the share that these are of all pairs of a row with and a row without.",
    )


def _check_smallest_step(pairs, step):
    absent, present = 16, 4
    answers.expect(
        answers.number(pairs, "pairs"),
        absent * present,
        "pairs",
        (
            (absent + present, "those are rows; a pair is one row of each kind."),
            ((absent + present) * (absent + present - 1) / 2, "only pairs of one row of each kind count."),
        ),
        "that is not how many pairs of one row of each kind there are.",
    )
    answers.expect(
        answers.number(step, "step"),
        1 / (absent * present),
        "step",
        ((1 / (absent + present), "that is the step of accuracy, which counts rows."),),
        "it is what one pair adds to a share of all pairs.",
        digits=4,
    )


# ---- no leak, no guess ----


def _check_scale(scale):
    call = answers.function(scale, "scale")
    train = np.array([2.0, 4.0, 6.0, 8.0])
    for test in (np.array([5.0, 11.0]), np.array([5.5])):
        scaled = answers.vector(
            call(train=train, test=test),
            "scale",
            test.size,
            f"What `scale` returns for {test.size} test rows",
        )
        if any(answers.is_near(scaled, _scaled(test, train, ddof)) for ddof in (0, 1)):
            continue
        if any(answers.is_rounded(scaled, _scaled(test, train, ddof), 3) for ddof in (0, 1)):
            raise Unfinished("scale", "that is right, but rounded: return the numbers as they are.")
        for rows, sentence in (
            (test, "the test rows are scaled by their own mean and standard deviation."),
            (np.concatenate([train, test]), "the mean and the standard deviation see test rows too."),
        ):
            if any(
                rows.size > ddof and answers.is_near(scaled, _scaled(test, rows, ddof)) for ddof in (0, 1)
            ):
                raise Wrong("scale", sentence)
        if answers.is_near(scaled, test - train.mean()):
            raise Wrong("scale", "the mean is taken away, but nothing is divided by the standard deviation.")
        if answers.is_near(scaled, (test - train.mean()) / train.var()):
            raise Wrong("scale", "it divides by the variance, and not by its root.")
        raise Wrong("scale", "it does not give the test rows less a mean, divided by a standard deviation.")


def _scaled(test, rows, ddof):
    return (test - rows.mean()) / rows.std(ddof=ddof)


FINDINGS = ["better", "worse", "not distinguishable"]
INTERVALS = {
    "first": ("better", "the whole interval is on one side of 0."),
    "second": ("not distinguishable", "the interval has values on both sides of 0."),
    "third": ("worse", "the whole interval is on one side of 0: on which?"),
}


def _check_interval(first, second, third):
    for name, value in (("first", first), ("second", second), ("third", third)):
        finding, why = INTERVALS[name]
        if answers.word(value, name, FINDINGS) != finding:
            raise Wrong(name, why)


EXERCISES = (
    Exercise(
        name="name-the-event",
        topic=TOPIC,
        title="Name the event",
        task="The column Kyphosis has the levels absent and present. Which of them is the event, if a large "
        "probability is to mean that a child has kyphosis after surgery?",
        inputs={"event": "a level"},
        check=_check_event,
        hints=(
            "The event is the level whose probability is predicted.",
            "It need not be the first level, and no function guesses it.",
            "It is the level present.",
        ),
        lesson="A probability of one level that is scored for the other turns an AUROC into 1 - AUROC. So "
        "the event is named once, and travels with the model.",
        answer={"event": "present"},
        wrong=(({"event": "absent"}, "event"), ({"event": "Absent"}, "event")),
    ),
    Exercise(
        name="count-the-pairs",
        topic=TOPIC,
        title="AUROC by counting pairs",
        task="Three rows with the event have the scores 0.9, 0.6 and 0.4, three rows without it 0.7, 0.4 "
        "and 0.2. How many of the pairs are in the right order (a tie counts one half), and what is the "
        "AUROC?",
        inputs={"pairs": "a number", "auroc": "to three decimals"},
        check=lambda pairs, auroc: _check_pairs(pairs, auroc),  # the input hides the function
        hints=(
            "A pair is one row with the event and one row without; it is in the right order where the first "
            "scores higher.",
            "Count for each score of a row with the event how many of the others it beats, and look for the "
            "tie.",
            "3 + 2 + 1.5 = 6.5 pairs of 9: 0.722.",
        ),
        lesson="AUROC is a chance: that a random row with the event scores higher than a random row "
        "without. Only the order counts, so any rescaling of the scores leaves it as it is.",
        answer={"pairs": 6.5, "auroc": 0.722},
        wrong=(
            ({"pairs": 7}, "pairs"),
            ({"pairs": 6}, "pairs"),
            ({"auroc": 0.278}, "auroc"),
            ({"auroc": 0.65}, "auroc"),
        ),
    ),
    Exercise(
        name="smallest-step",
        topic=TOPIC,
        title="How fine an AUROC can be",
        task="The workshop's test set has 16 children without kyphosis and 4 with it. If no scores tie, how "
        "many pairs stand behind an AUROC there, and by how much does it change when one pair changes its "
        "order?",
        inputs={"pairs": "a whole number", "step": "to four decimals"},
        check=_check_smallest_step,
        hints=(
            "Every child with kyphosis is compared with every child without.",
            "The AUROC is a share: the pairs in the right order, divided by all pairs.",
            "There are 16 x 4 = 64 pairs, so the step is 1 / 64 = 0.0156.",
        ),
        lesson="The workshop's 0.719 is 46 of these pairs. One child with another score moves it by several "
        "steps: from 20 test rows no small difference can be seen.",
        answer={"pairs": 64, "step": 0.0156},
        wrong=(({"pairs": 20}, "pairs"), ({"pairs": 190}, "pairs"), ({"step": 0.05}, "step")),
    ),
    Exercise(
        name="scale-with-training-rows",
        topic=TOPIC,
        title="Scale without a leak",
        task="Write a function of a column of training rows and the same column of test rows that returns "
        "the test rows, standardised as a model must see them.",
        inputs={"scale": "a function of train and test"},
        check=_check_scale,
        hints=(
            "Standardising takes a mean away and divides by a standard deviation. Of which rows?",
            "What if a single test row comes, tomorrow? Its own mean is no help.",
            "(test - mean of train) / standard deviation of train.",
        ),
        lesson="What is learnt, means and standard deviations too, is learnt from training rows; a test row "
        "must not change what happens to another.",
        answer={"scale": lambda train, test: (test - np.mean(train)) / np.std(train)},
        wrong=(
            ({"scale": lambda train, test: (test - np.mean(test)) / np.std(test)}, "scale"),
            ({"scale": lambda train, test: _scaled(test, np.concatenate([train, test]), 0)}, "scale"),
            ({"scale": lambda train, test: test - np.mean(train)}, "scale"),
        ),
    ),
    Exercise(
        name="read-the-interval",
        topic=TOPIC,
        title="Read an interval",
        task="Three studies report the AUROC of the net less that of the GLM with a 95% interval: 0.03 "
        "(0.01 to 0.05), 0.05 (-0.02 to 0.12) and -0.04 (-0.06 to -0.02). What does each say of the net: "
        "better, worse or not distinguishable?",
        inputs={"first": "one of the three", "second": "one of the three", "third": "one of the three"},
        check=_check_interval,
        hints=(
            "0 would mean no difference. Is 0 inside the interval?",
            "If it is not, the side on which the interval lies says who is ahead.",
            "The first says better, the second not distinguishable, the third worse.",
        ),
        lesson="Not distinguishable is not the same as equal: an interval that holds 0 may hold differences "
        "that matter. It says that these data can't tell.",
        answer={"first": "better", "second": "not distinguishable", "third": "worse"},
        wrong=(
            ({"first": "not distinguishable"}, "first"),
            ({"second": "worse"}, "second"),
            ({"third": "better"}, "third"),
        ),
    ),
)
