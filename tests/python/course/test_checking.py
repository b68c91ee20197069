"""Right answers pass, wrong ones are told by the input that is wrong, and the answer is kept to itself."""

import re

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.course import answers, checking
from bineural.course.topic import NAMES

EXERCISES = list(checking._course_exercises().values())


def made(answer):
    return answer() if callable(answer) else answer


def wrong_answers():
    for exercise in EXERCISES:
        for i, (change, problem) in enumerate(exercise.wrong):
            yield pytest.param(exercise, change, problem, id=f"{exercise.name}-{i}")


def numbers_in(value):
    """Collect the numbers of an answer, at any depth, that are not 0, 1 or 2."""
    if isinstance(value, (list, tuple)):
        return {number for part in value for number in numbers_in(part)}
    if isinstance(value, (int, float)) and abs(value) not in (0, 1, 2):
        return {round(abs(value), 3)}
    return set()


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(checking, "_TRIES", {})
    monkeypatch.setattr(checking, "_OWN", {})


# ---- every exercise of the course ----


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_the_right_answer_passes_with_its_lesson(exercise):
    check = bn.check_exercise(exercise.name, **made(exercise.answer))
    assert check.passed and check.problem_input is None, check
    assert check.message == f"Right. {exercise.lesson}" and len(exercise.lesson) > 40
    assert len(exercise.hints) >= 3 and len(exercise.wrong) >= 2


@pytest.mark.parametrize("exercise, change, problem", wrong_answers())
def test_a_wrong_answer_fails_and_the_message_names_the_input(exercise, change, problem):
    check = bn.check_exercise(exercise.name, **made(exercise.answer) | made(change))
    assert not check.passed and check.tries == 1
    assert check.problem_input == problem and f"`{problem}`" in check.message
    assert check.hint == "" and "can't read" not in check.message


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_no_number_of_the_answer_is_told_before_the_last_hint(exercise):
    secret = {number for value in made(exercise.answer).values() for number in numbers_in(value)}
    told = list(exercise.hints[:-1])
    for change, _ in exercise.wrong:
        told.append(bn.check_exercise(exercise.name, **made(exercise.answer) | made(change)).message)
    for sentence in told:
        found = {round(float(text), 3) for text in re.findall(r"\d+(?:\.\d+)?", sentence.replace(",", ""))}
        assert not found & secret, sentence
    last = exercise.hints[-1].replace(",", "")
    assert secret <= {round(float(text), 3) for text in re.findall(r"\d+(?:\.\d+)?", last)}, last


BLANKS = (None, ..., np.nan, pd.NA, [], "___", "FILL_IN", bn.FILL_IN, 2 * bn.FILL_IN + 1)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_blanks_are_to_be_filled_in_and_are_no_tries(exercise):
    right = made(exercise.answer)
    assert bn.check_exercise(exercise.name).message.startswith(exercise.task)
    for name in exercise.inputs:
        for blank in (*BLANKS, [None, 1], [..., ...], [bn.FILL_IN, 1], np.array([[bn.FILL_IN] * 2] * 2)):
            check = bn.check_exercise(exercise.name, **right | {name: blank})
            assert check.message.startswith(f"Fill in `{name}` (") or len(right) == 1, check
            assert (check.passed, check.problem_input, check.tries) == (False, name, 0)


ODD = [
    "text", b"bytes", {1.5, 2.5}, {"a": 1}, ["a", "b"], object(), object, 3 + 2j, [[1, 2], [3]], True,
    np.array("x"), np.array(3.0), np.ones((2, 3, 4)), 10**400, [1e400, 1], float("inf"), (i for i in "ab"),
    range(4), pd.DataFrame({"a": ["x"]}), pd.Series([1, 2], dtype="Int64"), pd.Timestamp("2019-05-29"),
    lambda *values: values, lambda: 1 / 0, lambda *values: "text", np.datetime64("2019-05-29"), 1j, [{}, {}],
    1e308, [1e308, -1e308], [[1e308] * 2] * 2, {"cases": 3, "converged": True}, {"cases": [["a"] * 3]},
]  # fmt: skip


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_nothing_that_is_typed_is_an_exception(exercise):
    right = made(exercise.answer)
    for name in exercise.inputs:
        for value in ODD:
            check = bn.check_exercise(exercise.name, **right | {name: value})
            assert check.passed or check.message, value
            assert "can't read this answer" not in check.message, (value, check)


# ---- tries and hints ----


def test_hints_come_with_further_tries_and_are_forgotten_on_passing():
    wrong, right = {"weights": [1, -1], "bias": 0}, {"weights": [1, 1], "bias": 0}
    seen = [bn.check_exercise("or-gate", **wrong) for _ in range(5)]
    assert [check.hint.count("Hint ") for check in seen] == [0, 1, 2, 3, 3]
    assert [check.tries for check in seen] == [1, 2, 3, 4, 5]
    assert seen[1].hint.startswith("Hint 1 of 3: ") and str(seen[1]).endswith(seen[1].hint)
    assert bn.check_exercise("or-gate", **wrong | {"bias": None}).tries == 5
    assert bn.check_exercise("and-gate", **wrong).tries == 1
    assert bn.check_exercise("or-gate", **right).tries == 6
    assert bn.check_exercise("or-gate", **wrong).hint == ""


def test_what_can_not_be_read_is_said_and_earns_hints():
    check = bn.check_exercise("or-gate", weights=[1, 1, 1], bias=0)
    assert str(check) == "`weights` must be two numbers; it is a list of 3."
    check = bn.check_exercise("or-gate", weights=[1, 1], bias="none")
    assert str(check).startswith("`bias` must be one number; it is a text.\nHint 1 of 3: ")
    assert (check.problem_input, check.tries) == ("bias", 2)
    flat = [bn.check_exercise("dense-layer", layer=lambda x, w, b: (x @ w).ravel()) for _ in range(2)][1]
    assert "rows and columns are lost" in flat.message and "`pmax(0, m)` does not" in flat.hint


def test_rounding_is_no_try_and_the_decimals_are_said():
    for step in (0.016, 0.02):
        check = bn.check_exercise("smallest-step", pairs=64, step=step)
        assert (check.message, check.tries) == (
            "`step`: that is right, but rounded too much: give it to four decimals.", 0
        )  # fmt: skip
    assert bn.check_exercise("smallest-step", pairs="64", step="1/64").passed
    check = bn.check_exercise(
        "scale-with-training-rows", scale=lambda a, b: np.round((b - a.mean()) / a.std(), 1)
    )
    assert "return the numbers as they are" in check.message and check.tries == 0


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_slips_are_told_apart_and_decimals_are_asked_for(exercise, monkeypatch):
    """No two slips of an exercise are one number, none is the truth, and long numbers say how long."""
    asked = f"{exercise.task} {' '.join(exercise.inputs.values())}".casefold()
    by_code = {name for name, value in made(exercise.answer).items() if callable(value)}

    def look(found, truth, name, slips=(), otherwise="", digits=3):
        expect(found, truth, name, slips, otherwise, digits)
        told = [*slips, (truth, "the truth")]
        if np.ndim(truth) == 2 and len(truth) == 1:
            return  # in a single row there is nothing that a bias could run down
        for i, (number, sentence) in enumerate(told):
            for other, different in told[:i]:
                assert sentence == different or not answers.is_near(number, other, digits), (
                    sentence,
                    different,
                )
        if name not in by_code and not answers.is_near(truth, np.round(truth, 2), 5):
            assert f"{answers.in_words(digits)} decimals" in asked, name

    expect = answers.expect
    monkeypatch.setattr(answers, "expect", look)
    assert bn.check_exercise(exercise.name, **made(exercise.answer)).passed


def test_each_factor_left_out_of_a_gradient_is_named():
    x, hidden, w2, error = 4, 1.5, 3, 2.5
    factors = {
        "output_bias": {"a factor of its own": 2},
        "output_weight": {"a factor of its own": 2, "hidden value is missing": hidden},
        "hidden_bias": {"a factor of its own": 2, "output weight is missing": w2},
        "hidden_weight": {"a factor of its own": 2, "output weight is missing": w2, "input is missing": x},
    }
    right = {name: error * np.prod(list(parts.values())) for name, parts in factors.items()}
    assert bn.check_exercise("backprop-by-hand", **right).passed
    for name, parts in factors.items():
        for sentence, factor in parts.items():
            check = bn.check_exercise("backprop-by-hand", **right | {name: right[name] / factor})
            assert check.problem_input == name and sentence in check.message


def test_the_lesson_of_xor_says_which_points_fall_together():
    pairs = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    exercise = next(e for e in EXERCISES if e.name == "xor-network")
    own = {"hidden_weights": [[0.5, -0.5], [-0.5, 0.5]], "hidden_bias": [0, 0]}
    gates = {"hidden_weights": [[0.5, -0.5], [0.5, -0.5]], "hidden_bias": [0, 1], "output_bias": -0.5}
    for net, units in ((own, "'a and not b' and 'b and not a'"), (gates, "OR and NAND")):
        assert bn.check_exercise("xor-network", **exercise.answer | net).passed
        hidden = pairs @ net["hidden_weights"] + net["hidden_bias"] > 0
        ((a, b),) = ((i, j) for i in range(4) for j in range(i) if (hidden[i] == hidden[j]).all())
        together = f"{tuple(pairs[b].tolist())} and {tuple(pairs[a].tolist())}"
        assert together in exercise.lesson.partition(units)[2].partition(";")[0], (units, together)


def test_the_lesson_of_or_is_true_of_every_unit():
    for w1, w2, bias in np.random.default_rng(1).integers(-4, 5, (400, 3)) / 2:
        as_told = bias <= 0 and w1 > -bias and w2 > -bias
        assert bn.check_exercise("or-gate", weights=[w1, w2], bias=bias).passed == as_told


def test_unknown_names_are_errors_that_propose_others():
    with pytest.raises(bn.InputError, match="Did you mean 'or-gate'"):
        bn.check_exercise("or-gte", weights=[1, 1])
    with pytest.raises(bn.InputError, match="Did you mean `weights`"):
        bn.check_exercise("or-gate", wieghts=[1, 1], bias=0)
    with pytest.raises(bn.InputError, match="list_exercises"):
        bn.check_exercise(3)
    assert bn.check_exercise("OR gate", weights=[1, 1], bias=0).passed


def test_exercises_are_listed_by_topic_in_the_order_of_the_course():
    table = bn.list_exercises()
    assert list(table.columns) == ["exercise", "topic", "title", "inputs"]
    assert table["exercise"].is_unique and (table["title"] != "").all()
    assert list(dict.fromkeys(table["topic"])) == [t for t in NAMES if t in set(table["topic"])]
    assert set(bn.list_exercises("neurons")["topic"]) == {"neurons"}
    with pytest.raises(bn.InputError, match="tensors-and-training"):
        bn.list_exercises("tensors")


# ---- a teacher's own ----


def test_an_own_exercise_is_checked_like_the_course_s():
    name = bn.add_exercise(
        "Double It", "mine", "Twice", {"value": "a number"}, lambda value: value == 4, ["Think.", "It is 4."],
        lesson="Two and two.", task="What is twice 2?",
    )  # fmt: skip
    assert name == "double-it" and bn.list_exercises("mine")["inputs"].tolist() == ["value"]
    assert bn.check_exercise("double-it").message == "What is twice 2? Fill in `value` (a number)."
    assert str(bn.check_exercise("double-it", value=3)) == "That is not right yet."
    assert str(bn.check_exercise("double-it", value=3)).endswith("\nHint 1 of 2: Think.")
    assert bn.check_exercise("double-it", value=4).message == "Right. Two and two."


def test_an_own_exercise_may_be_replaced_and_the_course_s_may_not():
    options = {"topic": "mine", "title": "t", "inputs": ["value"]}
    bn.add_exercise("own", check=lambda value: "never", **options)
    assert bn.check_exercise("own", value=1).message == "never"
    bn.add_exercise("own", check=lambda value: {"value": "too small."} if value < 2 else None, **options)
    check = bn.check_exercise("own", value=1)
    assert (check.message, check.tries) == ("`value`: too small.", 1)
    assert bn.check_exercise("own", value=2).passed
    with pytest.raises(bn.InputError, match="can't be replaced"):
        bn.add_exercise("or-gate", check=lambda value: True, **options)


def test_a_check_that_fails_is_a_sentence_and_no_try():
    bn.add_exercise("own", "mine", "t", ["value"], lambda value: value + 1 > 2)
    check = bn.check_exercise("own", value="a")
    assert check.message.startswith("The check of 'own' can't read this answer (TypeError: ")
    assert check.tries == 0


@pytest.mark.parametrize("inputs", [[], {}, ["na"], ["two words"], {"name": ""}, [1], 1, None])
def test_own_inputs_must_have_names_that_r_can_take(inputs):
    with pytest.raises(bn.InputError, match="`inputs` must"):
        bn.add_exercise("own", "mine", "t", inputs, lambda **inputs: True)
