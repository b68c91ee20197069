"""A blank goes through whatever code there is around it, and never becomes a number."""

import copy
import math
import operator
import pickle

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural import FILL_IN
from bineural.blanks import holds_blank

PAIRS = [[0, 0], [0, 1], [1, 0], [1, 1]]
OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
             operator.pow, operator.matmul, operator.and_, operator.or_, operator.xor, divmod]  # fmt: skip


@pytest.mark.parametrize("combine", OPERATORS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("other", [2, 0.5, True, np.float64(2), np.eye(2), [1, 2], FILL_IN], ids=repr)
def test_what_is_computed_from_a_blank_is_blank(combine, other):
    assert combine(FILL_IN, other) is FILL_IN and combine(other, FILL_IN) is FILL_IN


@pytest.mark.parametrize(
    "use",
    [lambda b: b(3, key=1), lambda b: b[0], lambda b: b[1:, 2], lambda b: -b, abs, lambda b: ~b, round,
     lambda b: round(b, 2), math.floor, lambda b: b < 1, lambda b: b >= 1, np.exp, np.sqrt, np.mean, np.sum,
     lambda b: np.maximum(0, b), lambda b: np.column_stack([b, b]), copy.copy, copy.deepcopy,
     lambda b: pickle.loads(pickle.dumps(b)), lambda b: sum([b, 1])],
)  # fmt: skip
def test_a_blank_can_be_called_indexed_compared_and_copied(use):
    assert use(FILL_IN) is FILL_IN


def test_a_blank_stays_itself_within_arrays_and_lists():
    square = np.transpose([[FILL_IN, 1], [FILL_IN, FILL_IN]])
    for made in (square, 2 * square + 1, np.exp(np.array([FILL_IN] * 2)), [[1, FILL_IN]], {"a": FILL_IN}):
        assert holds_blank(made)
    assert holds_blank(pd.Series([FILL_IN, 1]) * 2) and holds_blank(np.ones((2, 2)) @ square)
    assert not holds_blank([np.nan, None, "FILL_IN", {}]) and not holds_blank(np.eye(2))


def test_a_blank_is_printed_by_its_name():
    assert f"{FILL_IN} {FILL_IN!r} {FILL_IN:.3f} {str([FILL_IN])}" == "FILL_IN FILL_IN FILL_IN [FILL_IN]"
    assert FILL_IN == FILL_IN and FILL_IN != 1 and FILL_IN in [1, FILL_IN] and len({FILL_IN, FILL_IN}) == 1


@pytest.mark.parametrize(
    "use", [float, int, bool, complex, range, math.exp, lambda b: max(0, b), lambda b: [0, 1][b],
            lambda b: np.asarray(b, float), lambda b: np.asarray([b, 1], float), lambda b: 1 if b > 0 else 0]
)  # fmt: skip
def test_no_number_and_no_decision_is_made_of_a_blank(use):
    with pytest.raises(bn.InputError, match="FILL_IN"):
        use(FILL_IN)


@pytest.mark.parametrize(
    "use", [list, len, iter, lambda b: 1 in b, lambda b: b.weights, lambda b: b._repr_html_]
)
def test_a_blank_has_no_parts_that_end_or_mislead(use):
    with pytest.raises((TypeError, AttributeError), match="FILL_IN"):
        use(FILL_IN)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bn.fundamentals.fire_neuron(PAIRS, [FILL_IN, FILL_IN], 0),
        lambda: bn.fundamentals.fire_neuron(PAIRS, [1, 1], FILL_IN),
        lambda: bn.fundamentals.fire_neuron(FILL_IN, [1, 1], 0),
        lambda: bn.fundamentals.fit_perceptron(PAIRS, [FILL_IN, 1, 1, 0]),
        lambda: bn.fundamentals.fit_perceptron(PAIRS, [0, 1, 1, 1], epochs=FILL_IN),
        lambda: bn.fundamentals.find_separator(PAIRS, FILL_IN),
        lambda: bn.fundamentals.fit_neuron(PAIRS, [0, 1, 1, 1], learning_rate=FILL_IN),
        lambda: bn.fundamentals.build_network([[[1, FILL_IN]], [1, 1]]),
        lambda: bn.fundamentals.count_linear_regions(FILL_IN),
        lambda: bn.fundamentals.activate([1], FILL_IN),
        lambda: bn.fundamentals.stop_early(FILL_IN),
        lambda: bn.auroc([0, 1], FILL_IN),
        lambda: bn.load_dataset(FILL_IN),
        lambda: bn.split_rows(FILL_IN),
        lambda: bn.split_rows(bn.load_dataset("kyphosis"), prop=FILL_IN),
        lambda: bn.fit_glm("Kyphosis ~ Age", bn.load_dataset("kyphosis"), event=FILL_IN),
        lambda: bn.evaluate_model(FILL_IN, bn.load_dataset("kyphosis")),
        lambda: bn.check_exercise(FILL_IN),
    ],
)
def test_functions_of_ours_name_the_blank_that_they_are_given(call):
    with pytest.raises(bn.InputError, match="FILL_IN"):
        call()
