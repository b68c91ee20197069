"""What is typed is read as what it is, and otherwise described in a sentence."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from bineural import FILL_IN
from bineural.course import answers
from bineural.course.exercise import Unfinished, Unread, Wrong


@pytest.mark.parametrize(
    "value",
    [0.5, [0.5], np.float32(0.5), np.array(0.5), np.array([[0.5]]), pd.Series([0.5]), Fraction(1, 2),
     Decimal("0.5"), "0.5", " .5 ", "1/2", "0,5", "5e-1", ["0.5"], np.array("0.5"), np.array(["0.5"]), {0.5},
     pd.Series(["0.5"]), pd.Series(["0.5"], dtype="category")],
    ids=str,
)  # fmt: skip
def test_one_number_has_many_forms(value):
    assert answers.number(value, "x") == 0.5


@pytest.mark.parametrize(
    "value",
    [(1, 2), range(1, 3), np.array([[1, 2]]), np.array([[1], [2]]), pd.Series([1, 2], dtype="Int64"),
     pd.DataFrame({"a": [1], "b": [2]}), {"a": 1, "b": 2}, pd.Index([1, 2]), "1, 2", "[1 2]", ["1", "2"],
     np.array([["1", "2"]]), {"a": "1", "b": 2}],
    ids=str,
)  # fmt: skip
def test_a_vector_has_many_forms(value):
    assert answers.vector(value, "x", 2).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "value, said",
    [
        ([1, 2, 3], "a list of 3"), (["a"], "a list of 1 text"), ("half", "a text"), (3j, "a complex number"),
        ({1, 2}, "a set, which has no order"), ([[1, 2]] * 3, "a matrix of 3 x 2"), (len, "a function"),
        (pd.DataFrame({"a": ["x", "y"]}), "a table of 2 x 1"), (7, "one number"),
        (object(), "an object of type object"),
    ],
    ids=lambda value: type(value).__name__,  # the same in every process
)  # fmt: skip
def test_what_is_no_pair_of_numbers_is_described(value, said):
    with pytest.raises(Unread) as caught:
        answers.vector(value, "x", 2)
    assert caught.value.message == f"`x` must be two numbers; it is {said}." and caught.value.counts


def test_thousands_have_commas():
    assert answers.number("16,321", "x") == 16321 and answers.number("0,125", "x") == 0.125


@pytest.mark.parametrize(
    "value", ["001", "0 0 1", "0, 0, 1", [0, 0, 1], ["0", "0", "1"], (False, False, True)]
)
def test_digits_may_stand_side_by_side(value):
    assert answers.digits(value, "x", 3).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    "value",
    [{"XOR", "XNOR"}, ["xnor", "xor"], "XOR, XNOR", "XOR and XNOR", "xnor & xor", pd.Series(["XOR", "XNOR"]),
     frozenset(["XOR", "XNOR"]), {"XOR": 0, "XNOR": 1}.keys()],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_words_come_in_any_order_and_form(value):
    assert sorted(answers.words(value, "x", 2, ["XOR", "XNOR", "AND"])) == ["XNOR", "XOR"]


def test_rounding_is_no_mistake_and_no_try():
    truth = 46 / 64  # 0.71875
    answers.expect(0.719, truth, "x")
    answers.expect(0.718, truth, "x")
    for found in (0.72, 0.7, 0.71):
        with pytest.raises(Unfinished, match="give it to three decimals") as caught:
            answers.expect(found, truth, "x", otherwise="no")
        assert not caught.value.counts
    for found in (1, 0, 0.73, 0.74, 0.6, 0.8123):
        with pytest.raises(Wrong, match="^no$"):
            answers.expect(found, truth, "x", otherwise="no")
    with pytest.raises(Unfinished):
        answers.expect([-1.05, -0.53, 0, 1.58], [-1.0541, -0.5270, 0, 1.5811], "x")
    with pytest.raises(Wrong, match="^no$"):
        answers.expect([-1.05, -0.53, 0.2, 1.58], [-1.0541, -0.5270, 0, 1.5811], "x", otherwise="no")
    with pytest.raises(Wrong, match="twice"):  # a slip has its own words, rounded or not
        answers.expect(0.7, truth, "x", [(0.7, "twice")])


def test_a_matrix_must_have_its_shape():
    assert answers.matrix([[1, 2, 3], [4, 5, 6]], "x", (2, 3)).tolist() == [[1, 2, 3], [4, 5, 6]]
    with pytest.raises(Unread, match="a matrix of 3 x 2 numbers; it is a matrix of 2 x 3"):
        answers.matrix([[1, 2, 3], [4, 5, 6]], "x", (3, 2))
    with pytest.raises(Unread, match="must be finite"):
        answers.matrix([[1, np.inf]], "x", (1, 2))
    with pytest.raises(Unread, match="it is a list of 6. As many numbers, but rows and columns are lost."):
        answers.matrix([1, 2, 3, 4, 5, 6], "x", (2, 3))


def test_numbers_agree_where_they_are_rounded_or_cut():
    for found in (0.7197, 0.72, 0.719):
        assert answers.is_near(found, 0.71975)
    assert not answers.is_near(0.718, 0.71975) and not answers.is_near(0.722, 0.71975)


def test_words_are_taken_in_any_case_and_proposed_where_they_are_near():
    options = ["better", "not distinguishable"]
    assert answers.word(" Not_Distinguishable", "x", options) == "not distinguishable"
    assert answers.word(np.array(["better"]), "x", options) == "better"
    with pytest.raises(Unread, match="Did you mean 'better'"):
        answers.word("beter", "x", options)
    for value in (3, ["better", "better"], [], len):
        with pytest.raises(Unread, match="must be a text, one of"):
            answers.word(value, "x", options)


def test_a_function_s_error_is_a_sentence_with_its_input():
    def fail(x):
        raise ValueError("no roots")

    with pytest.raises(Unread, match=r"^it stopped with an error for x = -1.5: ValueError: no roots$"):
        answers.function(fail, "f")(x=-1.5)
    with pytest.raises(Unread, match=r"for x = \[1, 2\], y = 0: SystemExit: 3"):
        answers.function(lambda x, y: exit(3), "f")(x=np.array([1.0, 2.0]), y=0)
    for blank in (
        None,
        ...,
        FILL_IN,
        [1, FILL_IN],
        [1, None],
        [[..., 2]],
        np.array([FILL_IN, 1.0]),
        [[FILL_IN]],
    ):
        with pytest.raises(Unfinished, match="^Fill in `f`: it returns nothing for x = 0"):
            answers.function(lambda x: blank, "f")(x=0)  # noqa: B023
    with pytest.raises(Unfinished, match="^Fill in `f`"):
        answers.function(lambda x: 1 if FILL_IN else 0, "f")(x=0)
    with pytest.raises(Unread, match="must be a function; it is one number"):
        answers.function(3, "f")


def test_a_part_of_a_record_is_found_in_either_language_s_form():
    class Fit:
        weights = 1

    assert answers.field(Fit(), "fit", "weights", "fit_it") == answers.field(
        {"weights": 1}, "fit", "weights", "f"
    )
    with pytest.raises(Unread, match=r"must be what `fit_it\(\)` returned; it is a list of 1 with names"):
        answers.field({"bias": 1}, "fit", "weights", "fit_it")


def test_a_known_slip_has_words_of_its_own():
    for found, said in ((2, "twice"), (3, "otherwise")):
        with pytest.raises(Wrong, match=said):
            answers.expect(found, 1, "x", [(2, "twice")], "otherwise")
    answers.expect(1.0004, 1, "x")


@pytest.mark.parametrize("value", [0, False, "a", [0, 0], np.zeros(2), {"a": None}, len, object(), 0j])
def test_what_is_there_is_not_blank(value):
    assert not answers.is_blank(value)


def test_a_list_that_holds_itself_is_no_trap():
    endless = [1]
    endless.append(endless)
    assert not answers.is_blank(endless)
    with pytest.raises(Unread):
        answers.vector(endless, "x", 2)
