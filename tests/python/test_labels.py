"""Labels that look alike are said wherever they are read; all classes stand in headings with their rows."""

import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import LabelWarning, OutcomeError
from bineural.tables.labels import counted_labels, plain_label, warn_of_near_labels

ALIKE = "Labels of `y` differ by case, white space or notation only: 'yes' (37), 'yes ' (2), 'YES' (1)."


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": rng.normal(size=100), "b": rng.normal(size=100)})
    y = np.repeat(["no", "yes", "yes ", "YES"], [60, 37, 2, 1]).astype(object)
    return frame.assign(y=y, site=np.where(frame["a"] > 0, "North", "north\u00a0"))


def warned(call):
    """Return the label warnings of a call, and what it returns."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = call()
    return [str(w.message) for w in caught if issubclass(w.category, LabelWarning)], value


def batches_of(frame):
    return lambda: (frame.iloc[k : k + 25] for k in range(0, 100, 25))


@pytest.mark.parametrize(
    "call",
    [
        lambda d: bn.fit_glm("y ~ a", d, event="yes"),
        lambda d: bn.fit_glm(d[["a", "b"]], d["y"], event="yes"),
        lambda d: bn.GLMClassifier("a", event="yes").fit(d, d["y"]),
        pytest.param(
            lambda d: bn.fit_net("y ~ a", d, event="yes", epochs=1, ensemble=1, seed=1),
            marks=pytest.mark.long,
        ),
        lambda d: bn.fit_net("y ~ a", batches_of(d), event="yes", epochs=1, ensemble=1, seed=1),
        lambda d: bn.compare_models("glm", d[["a", "y"]], "y", event="yes", folds=2, repeats=2, seed=1),
        pytest.param(
            lambda d: bn.tune_net("y ~ a", d, {"l2": [0.1]}, event="yes", folds=2, epochs=1, seed=1),
            marks=pytest.mark.long,
        ),
        lambda d: bn.split_rows(d, strata="y", seed=1),
        lambda d: bn.make_folds(d, 5, strata="y", seed=1),
    ],
)
def test_every_door_says_labels_that_look_alike_once(answers, call):
    said, _ = warned(lambda: call(answers))
    (text,) = said
    first, last = text.splitlines()
    assert Counter(first) == Counter(ALIKE)  # batches count them in another order
    assert last == "They count as different labels; make them one if they mean the same."


@pytest.mark.parametrize(
    ("labels", "alike"),
    [
        (["yes", "no"], False),
        (["yes", "Yes"], True),
        (["yes", " yes"], True),
        (["not yet", "not  yet"], True),
        (["not yet", "not\u00a0yet"], True),
        (["yes", "yes\u200b"], True),
        (["caf\u00e9", "cafe\u0301"], True),
        (["\ufb01t", "fit"], True),  # a ligature
        (["stra\u00dfe", "STRASSE"], True),
        (["1", "1.0"], True),
        (["1", 1], True),
        (["1", "01"], True),
        ([True, "TRUE"], True),
        (["1", "10"], False),
        (["a", "\u00e4"], False),
        (["grade 1", "grade 2"], False),
        (["nan", "inf"], False),
    ],
)
def test_labels_look_alike_but_for_case_white_space_and_notation(labels, alike):
    assert (plain_label(labels[0]) == plain_label(labels[1])) == alike
    said, _ = warned(lambda: warn_of_near_labels({"y": pd.Series(labels * 3, dtype=object)}))
    assert len(said) == alike


def test_predictors_are_said_once_for_a_table_and_only_those_that_are_used(answers):
    said, _ = warned(lambda: bn.fit_glm("b ~ a", answers))
    assert said == []
    said, _ = warned(lambda: bn.fit_glm("b ~ a + site", answers))
    assert len(said) == 1 and "'north\\xa0'" in said[0]
    said, _ = warned(lambda: bn.fit_glm("b ~ a + site - site", answers))
    assert said == []
    wide = pd.DataFrame({f"x{k}": np.resize(["A", "a", "b"], 30) for k in range(20)}).assign(
        y=np.arange(30.0)
    )
    said, _ = warned(lambda: bn.compare_models("glm", wide, "y", folds=2, repeats=1, seed=1))
    assert len(said) == 1 and len(said[0].splitlines()) == 2 and "`x5` and 14 more differ" in said[0]
    said, _ = warned(lambda: bn.make_folds(answers, 2, groups="site", seed=1))
    assert len(said) == 1 and said[0].startswith("Labels of `site` differ")


def test_fit_and_comparison_take_an_event_among_several_classes_alike(answers):
    _, glm = warned(lambda: bn.fit_glm("y ~ a", answers, event="yes"))
    heading = (
        "GLM: multinomial against YES; event yes against the others (n = 100; YES 1, no 60, yes 37, 'yes ' 2)"
    )
    assert glm.summary().splitlines()[0] == heading
    options = {"event": "yes", "folds": 4, "repeats": 2, "seed": 1}
    _, comparison = warned(lambda: bn.compare_models(["glm"], answers[["a", "y"]], "y", **options))
    assert "on 100 rows, 37 events (y: yes; YES 1, no 60, 'yes ' 2)\n" in str(comparison)
    said = "4 folds x 2 repeats, stratified by y ('YES' in 1, 'yes ' in 2 of 4 folds), seed 1"
    assert str(comparison).splitlines()[1] == said
    predicted = comparison.predictions[comparison.predictions["model"] == "glm"]
    train, test = next(iter(comparison.folds))
    _, again = warned(lambda: bn.fit_glm("y ~ a", answers.iloc[train], event="yes"))
    expected = again.predict_event(answers.iloc[test])
    np.testing.assert_allclose(predicted[".pred_yes"][: len(test)], expected, atol=1e-12)
    _, evaluation = warned(lambda: bn.evaluate_model(glm, answers))
    assert str(evaluation).startswith("n = 100, events = 37 (y: yes; YES 1, no 60, 'yes ' 2)\n")


@pytest.mark.long
def test_two_classes_and_several_stand_in_the_heading_with_their_rows(answers):
    two = answers[answers["y"].isin(["yes", "no"])]
    glm = bn.fit_glm("y ~ a", two, event="yes")
    assert glm.summary().startswith("GLM: binomial, logit link; event yes (n = 97, events = 37; no 60)")
    net = bn.fit_net("y ~ a", two, event="yes", epochs=1, ensemble=1, seed=1)
    assert net.summary().startswith("Net: two classes; event yes (n = 97, events = 37; no 60)")
    text = str(bn.compare_models("glm", two[["a", "y"]], "y", event="yes", folds=2, repeats=1, seed=1))
    assert "97 rows, 37 events (y: yes; no 60)" in text
    iris = bn.load_dataset("iris")
    text = str(
        bn.compare_models("glm", iris[["sepal_width", "species"]], "species", folds=2, repeats=1, seed=1)
    )
    assert "150 rows, outcome species: setosa 50, versicolor 50, virginica 50\n" in text
    assert counted_labels({k: 10 - k for k in range(9)}) == "0 10, 1 9, 2 8, 3 7, 4 6, 5 5 and 3 more"


def test_measures_say_labels_that_look_alike(answers):
    scores = np.random.default_rng(1).normal(size=(100, 4))
    said, _ = warned(lambda: bn.hand_till(answers["y"], scores))
    assert len(said) == 1 and "'yes ' (2)" in said[0]
    with pytest.raises(bn.InputError, match="labels such as 'no'. Labels of `y_true` differ .*'YES' .1..\n"):
        bn.auroc(answers["y"], scores[:, 0])


def test_labels_a_model_does_not_know_are_said_to_look_like_its_classes(answers):
    glm = bn.fit_glm("y ~ a", answers[answers["y"].isin(["yes", "no"])], event="yes")
    with pytest.raises(OutcomeError, match="'yes ', 'YES'.\nThey differ from classes by case, white space"):
        bn.evaluate_model(glm, answers)


@pytest.mark.parametrize("verb", [bn.fit_glm, lambda x, y, **o: bn.compare_models("glm", x, y, seed=1, **o)])
def test_labels_of_two_kinds_are_refused(answers, verb):
    mixed = np.resize(np.array(["1", 1], dtype=object), 100)
    said = "labels must be of one kind.\nFound '1', 1, of types int, str"
    with pytest.warns(LabelWarning), pytest.raises(OutcomeError, match=said):
        verb(answers[["a", "b"]], mixed, event="1")
