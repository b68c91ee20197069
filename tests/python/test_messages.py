"""How values and names stand in messages, and where a warning points."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.messages import near_names, number_of


@pytest.mark.parametrize(
    ("name", "names", "mark", "words"),
    [
        ("age", ["Age", "Start"], "`", "Did you mean `Age`?"),
        ("aeg", ["Age", "age2"], "'", "Did you mean 'Age'?"),
        ("zzz", ["Age", "Start"], "'", "There are: 'Age', 'Start'."),
        ("zzz", [f"x{i}" for i in range(13)], "'", "'x11', ..."),
        ("zzz", [], "'", ""),
    ],
)
def test_near_names_are_offered(name, names, mark, words):
    assert words in near_names(name, names, mark)


@pytest.mark.parametrize(
    "act",
    [
        lambda t: bn.fit_glm("y ~ x + same", t, event="b"),  # a category with one level
        lambda t: bn.fit_glm("y ~ x + gap", t, event="b", missing="drop"),
        lambda t: bn.split_rows(t, strata="name", seed=1),  # levels too rare for strata
        lambda t: bn.fit_glm("y ~ c", t, event="b").predict(t.assign(c="new")),
    ],
)
def test_warnings_point_at_the_line_that_asked(act):
    table = pd.DataFrame({"x": range(12), "y": list("ab") * 6, "same": "s", "c": list("uvuvvuvuuvuv")})
    table["name"] = [f"row {i}" for i in range(12)]
    table["gap"] = table.x.where(table.x != 3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        act(table)
    assert caught
    assert {w.filename for w in caught} == {__file__}


@pytest.mark.parametrize(
    ("n", "noun", "form", "written"),
    [
        (1, "fold", "", "1 fold"),
        (0, "row", "", "0 rows"),
        (2, "row", "", "2 rows"),
        (1200, "row", ",", "1,200 rows"),
    ],
)
def test_counts_have_the_right_noun(n, noun, form, written):
    assert number_of(n, noun, form) == written
    assert number_of(np.int64(n), noun, form) == written


@pytest.mark.long
def test_no_print_says_one_folds():
    frame = bn.load_dataset("kyphosis")
    glm = bn.fit_glm("Kyphosis ~ Age", frame, event="present")
    given = {"folds": [(np.arange(40), np.arange(40, 80))], "seed": 1, "event": "present"}
    texts = [
        str(bn.make_folds(frame, folds=2, repeats=1, seed=1)),
        str(bn.compare_models({"glm": glm}, frame, **given)),
        str(bn.permutation_importance(glm, frame, repeats=1, seed=1)),
        str(bn.tune_net("Kyphosis ~ Age", frame, {"l2": [0.1, 1]}, units=2, epochs=1, **given)),
        str(bn.partial_dependence(glm, frame[:1], "Age")),
    ]
    assert not [text for text in texts if re.search(r"(?<![\d.,])1 [a-z]+s\b", text)]


def test_a_formula_in_the_wrong_place_is_told():
    frame = bn.load_dataset("kyphosis")
    with pytest.raises(bn.InputError, match="(?s)formula must come first.*'Kyphosis ~ Age'"):
        bn.fit_glm(frame, "Kyphosis ~ Age", event="present")
    with pytest.raises(bn.InputError, match="(?s)`outcome` must be a column.*both sides.*`formula`"):
        bn.compare_models({"glm": "glm"}, frame, outcome="Kyphosis ~ Age", event="present", seed=1)


def test_arrays_for_a_model_of_two_inputs_are_told_of_the_model():
    import keras

    inputs = [keras.Input((1,)), keras.Input((1,))]
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Concatenate()(inputs)))
    parts = [np.zeros((20, 1)), np.ones((20, 1))]
    for X in (parts, np.zeros((20, 2))):
        with pytest.raises(bn.InputError, match="(?s)must take one input.*takes 2"):
            bn.fit_net(X, np.arange(20.0), architecture=model, epochs=1, seed=1)
    with pytest.raises(bn.InputError, match=r"(?s)one value for each row.*'a' has shape \(20, 1\)"):
        bn.fit_net(dict(zip("ab", parts)), np.arange(20.0), architecture=model, epochs=1, seed=1)
