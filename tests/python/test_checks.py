"""Whole numbers are taken as any library writes them, and nothing else is."""

import math
from fractions import Fraction

import numpy as np
import pytest

import bineural as bn
from bineural.checks import check_count
from bineural.errors import InputError

NOT_WHOLE = [2.5, -1, 0, math.inf, np.inf, np.float64(np.inf), math.nan, True, np.True_, "3", None, [3]]


@pytest.mark.parametrize("value", [3, 3.0, np.int8(3), np.uint64(3), np.float32(3), Fraction(3)])
def test_a_whole_number_becomes_an_int(value):
    assert (check_count(value, "folds"), type(check_count(value, "folds"))) == (3, int)


@pytest.mark.parametrize("value", NOT_WHOLE, ids=repr)
def test_other_values_are_refused(value):
    with pytest.raises(InputError, match="`folds` must be a whole number of at least 1"):
        check_count(value, "folds")


def test_the_least_is_just_inside():
    assert check_count(2, "folds", 2) == 2
    with pytest.raises(InputError, match="of at least 2.\nIt is 1."):
        check_count(1, "folds", 2)


def test_no_door_cuts_a_number_down():
    data = bn.load_dataset("kyphosis")
    glm = bn.fit_glm("Kyphosis ~ Age", data, event="present")
    with pytest.raises(InputError, match="`repeats` must be a whole number"):
        bn.permutation_importance(glm, data, repeats=2.5)
    with pytest.raises(InputError, match="`n_points` must be a whole number"):
        bn.partial_dependence(glm, data, "Age", n_points=3.5)
    for n_jobs in ("two", 1.5, True, math.inf):
        with pytest.raises(InputError, match="`n_jobs` must be a whole number"):
            bn.compare_models({"glm": glm}, data, folds=2, repeats=1, n_jobs=n_jobs, seed=1)
