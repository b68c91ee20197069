"""The rows and the outcome that a fit is given: what is checked, learnt, kept and put back."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.bundles.decoding import Decoder
from bineural.bundles.encoding import Encoder
from bineural.bundles.schema import Mismatch
from bineural.errors import DroppedWarning, InputError, OutcomeError
from bineural.inputs.given_rows import put_back, read_rows
from bineural.inputs.learnt_outcome import Outcome, learn_classes, learn_numbers

X = np.arange(12.0).reshape(6, 2)


def test_rows_without_an_outcome_are_left_out_of_everything():
    y = pd.Series(["b", None, "a", "b", None, "a"])
    with pytest.raises(OutcomeError, match=r"(?s)must not be missing.*2 of 6.*missing='drop'"):
        read_rows(X, y)
    with pytest.warns(DroppedWarning, match="2 of 6 rows without an outcome"):
        given = read_rows(X, y, np.arange(6.0), np.arange(6.0) / 2, missing="drop")
    np.testing.assert_array_equal(given.X, X[[0, 2, 3, 5]])
    assert given.y.tolist() == list("baba") and given.y.dtype.kind == "U"
    assert given.weights.tolist() == [0, 2, 3, 5] and given.offset.tolist() == [0, 1, 1.5, 2.5]
    kept = given.kept(np.array([3, 0]))
    assert kept.y.tolist() == ["a", "b"] and kept.weights.tolist() == [5, 0] and kept.X is None


@pytest.mark.parametrize(
    "rows",
    [X, X.tolist(), pd.DataFrame(X), {"a": X[:, 0]}, np.zeros((6, 4, 4)), [[0.0] * n for n in range(1, 7)]],
)
def test_rows_of_any_kind_are_taken(rows):
    with pytest.warns(DroppedWarning):
        given = read_rows(rows, [1.0, np.nan, 3.0, 4.0, 5.0, 6.0], missing="drop")
    n = len(given.X["a"]) if isinstance(rows, dict) else len(given.X)
    assert n == len(given.y) == 5 and type(given.X) is type(rows)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": None}, "MyNet requires y to be passed"),
        ({"y": [1, 2]}, "2 outcomes and 6 rows"),
        ({"weights": [1.0, 2.0]}, r"Found shape \(2,\) for 6 rows"),
        ({"weights": [1, 1, 1, 1, 1, -1.0]}, "not negative"),
        ({"weights": True}, "(?s)weights must be numbers.*Found True"),
        ({"weights": np.full(6, 1j)}, "(?s)weights must be numbers.*complex numbers, for example 1j"),
        ({"weights": pd.date_range("2020", periods=6)}, "(?s)weights must be numbers.*dates or times"),
        ({"offset": True}, "(?s)one finite number for each row.*Found True"),
        ({"offset": np.full(6, 2 + 1j)}, r"(?s)one finite number for each row.*\(2\+1j\)"),
        ({"offset": [np.nan] * 6}, "(?s)one finite number for each row.*6 of 6 are missing or infinite"),
        ({"offset": [1.0]}, r"(?s)one finite number for each row.*Found shape \(1,\) for 6 rows"),
        ({"offset": list("abcdef")}, "(?s)one finite number for each row.*ound text such as"),
    ],
)
def test_what_does_not_go_together_is_refused(change, words):
    with pytest.raises(InputError, match=words):
        read_rows(**{"X": X, "y": [1, 2, 3, 4, 5, 6], "owner": "MyNet", **change})


def test_classes_keep_the_order_of_their_levels_and_the_event():
    y = pd.Series(pd.Categorical(["mid", "low", "mid", "high", "low", "mid"], ["low", "mid", "high", "top"]))
    given = read_rows(X, y)
    outcome, codes = learn_classes(given.y, event="mid", levels=given.levels)
    assert outcome.classes.tolist() == ["high", "low", "mid"] and outcome.levels == ["low", "mid", "high"]
    np.testing.assert_array_equal(outcome.classes[codes], y.astype(str))
    assert outcome.n_class_rows.tolist() == [1, 2, 3] and outcome.event_position == 2 and outcome.is_classes
    assert outcome.position_of("low") == 1
    with pytest.raises(OutcomeError, match="(?s)`event` must be one of.*'top'"):
        outcome.position_of("top")


@pytest.mark.parametrize(
    ("y", "event", "position"), [([0, 1, 1], "1", 1), ([True, False], "TRUE", 1), ([2.0, 1.0], 1, 0)]
)
def test_an_event_is_found_by_its_text(y, event, position):
    assert learn_classes(np.array(y), event)[0].event_position == position


def test_without_an_event_the_last_class_is_modelled_and_none_is_guessed():
    outcome, _ = learn_classes(np.array(["a", "b", "a"]))
    assert outcome.event is None and outcome.event_position == 1 and outcome.levels == ["a", "b"]
    with pytest.raises(OutcomeError, match="must name the class"):
        outcome.position_of()


def test_the_most_probable_label_and_none_where_nothing_is_known():
    outcome, _ = learn_classes(np.array(["a", "b", "c"]))
    probability = np.array([[0.2, 0.7, 0.1], [0.5, 0.2, 0.3]])
    assert outcome.most_probable(probability).tolist() == ["b", "a"]
    probability[0] = np.nan
    assert outcome.most_probable(probability).tolist() == [None, "a"]


@pytest.mark.parametrize(
    ("learn", "y", "words"),
    [
        (learn_classes, ["a", "a"], r"(?s)at least two classes.*\['a'\] \(n = 2\)"),
        (learn_classes, [1.0, np.inf], "must be finite"),
        (learn_numbers, ["a", "b"], "(?s)must be numbers.*'a', 'b'"),
        (learn_numbers, [1.0, -np.inf], r"(?s)must be finite.*dtype\('float64'\)"),
    ],
)
def test_outcomes_that_teach_nothing_are_refused(learn, y, words):
    with pytest.raises(OutcomeError, match=words):
        learn(np.array(y))


def test_numbers_are_float64():
    outcome, y = learn_numbers(np.array([True, False]))
    assert y.dtype == np.float64 and not outcome.is_classes


@pytest.mark.parametrize(
    "outcome", [learn_classes(np.array(["no", "yes"]), "yes", ["yes", "no"])[0], learn_numbers(np.ones(2))[0]]
)
def test_an_outcome_is_the_same_after_saving(outcome):
    encoder = Encoder()
    tree = encoder.encode(outcome)
    again = Decoder(encoder.arrays).decode(tree)
    assert tree["class"] == "bineural.inputs:Outcome"
    for name, value in vars(outcome).items():
        np.testing.assert_array_equal(getattr(again, name), value)


@pytest.mark.parametrize(
    "change",
    [
        {"levels": None},
        {"levels": ["a", "c"]},
        {"event": "c"},
        {"n_class_rows": np.array([1])},
        {"n_class_rows": np.array([1, -1])},
        {"classes": None},
    ],
)
def test_an_outcome_that_contradicts_itself_is_refused(change):
    state = {
        "classes": np.array(["a", "b"]),
        "levels": ["a", "b"],
        "event": "a",
        "n_class_rows": np.array([1, 1]),
    }
    Outcome(**state).check_state()
    with pytest.raises(Mismatch):
        Outcome(**state | change).check_state()


def test_predictions_are_put_back_in_their_rows():
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert put_back(values, np.arange(2), 2) is values
    np.testing.assert_array_equal(put_back(values, np.array([2, 0]), 3), [[3, 4], [np.nan] * 2, [1, 2]])


@pytest.mark.parametrize("value", [[1], {1}, {"a": 1}, np.ones(2)], ids=lambda value: type(value).__name__)
def test_labels_that_are_lists_and_the_like_are_refused_everywhere(value):
    lists = pd.Series([value] * 6)
    told = f"(?s)must be labels or numbers, one value for each row.*{type(value).__name__}s, for example"
    table = pd.DataFrame({"x": range(6), "y": list("ababab"), "lists": lists})
    glm = bn.fit_glm("y ~ x", table, event="a")
    for refused in (
        lambda: learn_classes(lists.to_numpy()),
        lambda: bn.fit_glm("lists ~ x", table),
        lambda: bn.compare_models(["glm"], table, "lists", folds=2),
        lambda: bn.make_folds(table, 2, strata="lists", seed=1),
        lambda: bn.make_folds(table, 2, groups="lists", seed=1),
        lambda: bn.split_rows(table, groups="lists", seed=1),
        lambda: bn.evaluate_model(glm, table.assign(y=lists)),
        lambda: bn.evaluate_model(bn.fit_glm("y ~ x", table.assign(y=list("abcabc"))), table.assign(y=lists)),
    ):
        with pytest.raises(InputError, match=told):
            refused()


def test_a_column_of_lists_that_no_model_uses_is_no_fault():
    table = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "y": list("aababb"), "lists": [[1]] * 6})
    plain = bn.fit_glm("y ~ x", table.drop(columns="lists"), event="a")
    for formula in ("y ~ x", "y ~ . - lists"):
        np.testing.assert_array_equal(bn.fit_glm(formula, table, event="a").coef_, plain.coef_)


@pytest.mark.parametrize(
    "outcome",
    ["relevel(species, ref='virginica')", "factor(species, c('virginica', 'setosa', 'versicolor'))"],
)
def test_levels_that_a_formula_gives_its_outcome_are_those_of_the_column(outcome):
    iris = bn.load_dataset("iris")
    order = ["virginica", "setosa", "versicolor"]
    column = iris.assign(species=pd.Categorical(iris["species"], order))
    glm = bn.fit_glm(f"{outcome} ~ sepal_width", iris)
    pd.testing.assert_series_equal(glm.coef(), bn.fit_glm("species ~ sepal_width", column).coef())
    assert glm.levels_ == order


@pytest.mark.filterwarnings("ignore::bineural.errors.DroppedWarning")
def test_an_order_that_a_formula_gives_its_outcome_is_learnt():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"x": rng.normal(size=60)}, index=range(7, 67))
    rows["dose"] = np.array(["low", "mid", "high"], object)[np.digitize(rows["x"], [-0.5, 0.5])]
    options = {"objective": "ordinal", "units": (), "epochs": 2, "seed": 1, "missing": "drop"}
    rows.loc[9, "dose"] = None
    net = bn.fit_net("ordered(dose, c('low', 'mid', 'high')) ~ x", rows, **options)
    column = rows.assign(dose=pd.Categorical(rows["dose"], ["low", "mid", "high"], ordered=True))
    same = bn.fit_net("dose ~ x", column, **options)
    np.testing.assert_array_equal(net.predict_proba(rows), same.predict_proba(rows))
    with pytest.raises(OutcomeError, match="in no order of classes"):
        bn.fit_net("factor(dose, c('low', 'mid', 'high')) ~ x", rows, **options)
