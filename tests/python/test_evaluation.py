"""Measures against scikit-learn, refused input, and what an evaluation says of models on real rows."""

import json
import math
import pathlib
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import metrics
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

import bineural as bn
from bineural.errors import InputError, OutcomeError
from rjudge import assign, numbers, r

REFERENCE = json.loads(
    (pathlib.Path(__file__).parents[1] / "reference" / "evaluation.json").read_text(encoding="utf-8")
)
RNG = np.random.default_rng(2019)
Y_TRUE = RNG.integers(0, 2, 500)
PROBABILITY = RNG.random(500)
PROBABILITY[:4] = [0, 1, 0, 1]  # certain, right and wrong
WEIGHTS = RNG.integers(0, 3, 500).astype(float)


# ---- measures ----


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    "ours, theirs",
    [(bn.brier, metrics.brier_score_loss), (bn.log_loss, metrics.log_loss)],
    ids=["brier", "log_loss"],
)
def test_losses_equal_scikit_learn(ours, theirs, weights):
    expected = theirs(Y_TRUE, PROBABILITY, sample_weight=weights)
    assert ours(Y_TRUE, PROBABILITY, weights) == pytest.approx(expected, rel=1e-12)


def test_a_certain_and_wrong_row_costs_36_nats():
    assert bn.log_loss([1], [0.0]) == bn.log_loss([1], [1e-300]) == pytest.approx(-math.log(2**-52))
    assert bn.log_loss([0], [1.0]) == pytest.approx(-math.log(2**-52))
    assert bn.log_loss([0, 1], [0.0, 1.0]) == pytest.approx(0, abs=3e-16)


def test_losses_need_one_class_only():
    assert bn.brier([1, 1], [0.5, 1.0]) == 0.125
    assert bn.log_loss([0, 0], [0.5, 0.5]) == pytest.approx(math.log(2))


@pytest.mark.parametrize("measure", [bn.brier, bn.log_loss])
@pytest.mark.parametrize("outside", [-1e-9, 1 + 1e-9, math.inf, -math.inf])
def test_losses_refuse_what_is_no_probability(measure, outside):
    with pytest.raises(InputError, match=r"`probability` must lie between 0 and 1") as caught:
        measure([0, 1, 1], [0.5, outside, 0.5])
    assert caught.value.found.startswith("1 of 3 values are outside")


@pytest.mark.parametrize(
    "labels",
    [
        [0, 1, 1, 0],
        [False, True, True, False],
        [0.0, 1.0, 1.0, 0.0],
        np.array([0, 1, 1, 0], dtype=np.uint8),
        np.array([0, True, 1.0, False], dtype=object),
        pd.Series([0, 1, 1, 0], index=[9, 8, 7, 6]),
        pd.Series([0, 1, 1, 0], dtype="Int64"),
        pd.Series([False, True, True, False], dtype="boolean"),
        pl.Series([0, 1, 1, 0]),
        pl.Series([False, True, True, False]),
        [[0], [1], [1], [0]],
    ],
    ids=lambda labels: type(labels).__name__ + str(getattr(labels, "dtype", "")),
)
@pytest.mark.parametrize("wrap", [list, np.array, pd.Series, pl.Series, lambda x: np.array(x)[:, None]])
def test_labels_and_scores_of_every_kind_are_understood(labels, wrap):
    assert bn.auroc(labels, wrap([0.1, 0.4, 0.8, 0.35])) == 1.0
    assert bn.brier(labels, wrap([0.0, 1.0, 1.0, 0.0])) == 0.0


TWO_CLASS_MEASURES = [bn.auroc, bn.average_precision, bn.auroc_interval, bn.roc_points]


@pytest.mark.parametrize("measure", TWO_CLASS_MEASURES)
@pytest.mark.parametrize("label", [0, 1])
def test_one_class_is_refused_in_three_sentences(measure, label):
    with pytest.raises(InputError) as caught:
        measure([label] * 20, np.linspace(0, 1, 20))
    assert str(caught.value).split("\n") == [
        "`y_true` must hold both classes, 0 and 1.",
        f"It holds [{label}] (n = 20).",
        "Stratify the split by the outcome, or code the event as 1.",
    ]


@pytest.mark.parametrize(
    "y_true, score, words",
    [
        ([0, 1, 1], [0.1, math.nan, math.nan], ["`score` must not hold NaN", "2 of 3 values are NaN"]),
        ([0, 1, 1], [0.1, None, 0.2], ["`score` must not hold NaN", "1 of 3"]),
        ([0, 1], [0.1, 0.2, 0.3], ["must have the same length", "Found 2 and 3"]),
        ([], [], ["must have rows", "Found 0 rows"]),
        (["absent", "present"], [0.1, 0.2], ["'absent'", '`y_true == "present"`']),
        (pd.Categorical(["no", "yes"]), [0.1, 0.2], ["'no'", '`y_true == "yes"`']),
        (pl.Series(["no", "yes"]), [0.1, 0.2], ['`y_true == "yes"`']),
        ([0, 1, 2], [0.1, 0.2, 0.3], ["other values such as 2"]),
        ([1, 2, 1], [0.1, 0.2, 0.3], ["other values such as 2"]),
        ([0, 1, math.nan], [0.1, 0.2, 0.3], ["1 missing values", "Leave missing rows out"]),
        (pd.Series([0, 1, None], dtype="Int64"), [0.1, 0.2, 0.3], ["1 missing values"]),
        (pl.Series([True, False, None]), [0.1, 0.2, 0.3], ["1 missing values"]),
        ([0, 1], [[0.1, 0.9], [0.2, 0.8]], ["`score` must have one dimension", "probability[:, 1]"]),
        ([0, 1], ["a", "b"], ["`score` must be numbers", "'a'"]),
        ([0, 1], [1 + 2j, 1], ["`score` must be numbers"]),
        (5, 3, ["must have one dimension"]),
    ],
)
def test_bad_labels_and_scores_are_named(y_true, score, words):
    for measure in TWO_CLASS_MEASURES:
        with pytest.raises(InputError) as caught:
            measure(y_true, score)
        assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    "weights, words",
    [
        ([1, 2], "Found 2 weights and 3 rows"),
        ([1, -1, 1], "must be finite and not negative"),
        ([0, 0, 0], "not all zero"),
        ([1, math.inf, 1], "must be finite"),
        ([1, math.nan, 1], "`weights` must not hold NaN"),
        ([1, 0, 0], "must hold both classes"),  # after the rows of weight 0 have gone
    ],
)
def test_bad_weights_are_named(weights, words):
    with pytest.raises(InputError, match=words):
        bn.auroc([0, 1, 1], [1, 2, 3], weights)


def test_second_score_is_named_when_it_is_bad():
    with pytest.raises(InputError, match="`score_b` must not hold NaN"):
        bn.compare_aurocs([0, 1], [1, 2], [1, math.nan])


# ---- several classes ----


def test_hand_till_equals_proc_on_iris():
    flowers = REFERENCE["iris"]
    assert bn.hand_till(flowers["species"], np.array(flowers["scores"], dtype=float)) == pytest.approx(
        flowers["hand_till"], rel=1e-13
    )
    assert flowers["hand_till"] == pytest.approx(0.863233333333333, rel=1e-14)


@pytest.mark.parametrize("n_classes", [2, 3, 6])
def test_hand_till_equals_scikit_learn_and_proc(n_classes):
    rng = np.random.default_rng(n_classes)
    labels = np.concatenate([np.arange(n_classes), rng.integers(0, n_classes, 150)])
    score = np.round(rng.dirichlet(np.ones(n_classes), labels.size), 2) + 0.3 * np.eye(n_classes)[labels]
    score /= score.sum(axis=1, keepdims=True)
    if n_classes > 2:
        theirs = metrics.roc_auc_score(labels, score, multi_class="ovo", average="macro")
        assert bn.hand_till(labels, score) == pytest.approx(theirs, rel=1e-12)
    assign("y", [f"c{k}" for k in labels])
    assign("score", score)
    r("suppressMessages(library(pROC)); colnames(score) <- sort(unique(y))")
    theirs = numbers("as.numeric(multiclass.roc(y, score, quiet = TRUE)$auc)").item()
    assert bn.hand_till(labels, score) == pytest.approx(theirs, rel=1e-12)


def test_hand_till_follows_the_named_order_of_columns():
    flowers = REFERENCE["iris"]
    score = np.array(flowers["scores"], dtype=float)[:, [2, 0, 1]]
    classes = ["virginica", "setosa", "versicolor"]
    assert bn.hand_till(flowers["species"], score, classes) == pytest.approx(flowers["hand_till"], rel=1e-13)


@pytest.mark.parametrize(
    "labels, score, classes, words",
    [
        (["a", "b"], np.ones((2, 3)), ["a", "b", "c"], "no row of ['c']"),
        (["a", "b", "d"], np.ones((3, 2)), ["a", "b"], "1 of 3 rows hold others: 'd'"),
        (["a", "b"], np.ones((2, 3)), None, "Its shape is (2, 3)"),
        (["a", "b"], [[1, math.nan], [1, 2]], None, "1 of 2 rows do"),
        (["a", "a"], np.ones((2, 1)), None, "at least two"),
        (["a", None], np.ones((2, 1)), None, "none missing"),
        ([1, math.nan], np.ones((2, 1)), None, "none missing"),
    ],
)
def test_hand_till_names_what_it_cannot_use(labels, score, classes, words):
    with pytest.raises(InputError) as caught:
        bn.hand_till(labels, score, classes)
    assert words in str(caught.value)


# ---- points of the curve ----


def test_points_of_kyphosis_equal_proc():
    for name, score in REFERENCE["scores"].items():
        points, reference = (
            bn.roc_points(REFERENCE["y_true"], np.array(score, dtype=float)),
            REFERENCE["single"][name],
        )
        assert points["threshold"].tolist() == [float(t) for t in reference["threshold"]]
        for column in ("sensitivity", "specificity"):
            assert points[column].to_numpy() == pytest.approx(np.array(reference[column]), rel=1e-14)


def test_points_count_what_their_thresholds_call_events():
    score = np.round(PROBABILITY, 1)
    for point in bn.roc_points(Y_TRUE, score).itertuples():
        called = score >= point.threshold
        assert point.sensitivity == pytest.approx(called[Y_TRUE == 1].mean())
        assert point.specificity == pytest.approx(1 - called[Y_TRUE == 0].mean())


def test_points_enclose_the_auroc():
    points = bn.roc_points(Y_TRUE, PROBABILITY.round(2))
    area = np.trapezoid(points["sensitivity"], points["specificity"])
    assert area == pytest.approx(bn.auroc(Y_TRUE, PROBABILITY.round(2)), rel=1e-12)


@pytest.mark.parametrize(
    "score, inner",
    [
        ([1.0, np.nextafter(1.0, 2)], [np.nextafter(1.0, 2)]),  # no float between
        ([-np.inf, 0.0, np.inf], [0.0, np.inf]),
        ([-1.7e308, 1.7e308], [0.0]),
        ([1.6e308, 1.7e308], [1.7e308]),
    ],
)
def test_thresholds_part_neighbouring_scores(score, inner):
    y_true = np.arange(len(score)) % 2
    thresholds = bn.roc_points(y_true, score)["threshold"].tolist()
    assert thresholds == [-np.inf, *inner, np.inf]


# ---- evaluate_model ----


@pytest.fixture(scope="module")
def kyphosis():
    """The data, and the GLM whose figures are in the reference file."""
    data = bn.load_dataset("kyphosis")
    return data, bn.fit_glm("Kyphosis ~ Age + Number + Start", data, event="present")


def test_the_glm_of_kyphosis_gets_proc_s_figures_by_its_own_event(kyphosis):
    data, glm = kyphosis
    evaluation, reference = bn.evaluate_model(glm, data), REFERENCE["single"]["A"]
    estimate, low, high = evaluation.table.iloc[0, 1:]
    assert [estimate, low, high] == pytest.approx([reference["auroc"], *reference["logit"]], rel=1e-12)
    assert str(evaluation).startswith("n = 81, events = 17 (Kyphosis: present)\n")
    again = bn.evaluate_model(glm, pl.DataFrame(data.to_dict("list")))
    assert again.measures == evaluation.measures


def test_a_formula_model_says_which_rows_it_left_out(kyphosis):
    data = kyphosis[0].astype({"Age": float, "Kyphosis": object})
    glm = bn.fit_glm("Kyphosis ~ Age + Start", kyphosis[0], event="present", missing="drop")
    data.loc[[1, 2], "Age"] = np.nan
    data.loc[[2, 5], "Kyphosis"] = None
    evaluation = bn.evaluate_model(glm, data)
    assert (evaluation.n, evaluation.n_missing_outcome, evaluation.n_missing_prediction) == (78, 2, 1)


def test_an_outcome_that_is_an_expression_is_computed(kyphosis):
    data, _ = kyphosis
    model = bn.fit_glm("log(Age) ~ Number + Start", data)
    evaluation = bn.evaluate_model(model, data)
    assert evaluation.y_true == pytest.approx(np.log(data["Age"]))
    assert str(evaluation).startswith("n = 81 (log(Age))\n")
    with pytest.raises(InputError, match="Age"):
        bn.evaluate_model(model, data[["Number", "Start"]])


@pytest.fixture(scope="module")
def kyphosis_model():
    """A scikit-learn model of two classes with labels, its columns and its outcome."""
    rng = np.random.default_rng(81)
    columns = pd.DataFrame(rng.normal(size=(81, 3)), columns=["Age", "Number", "Start"])
    odds = columns["Age"] - columns["Start"] - 1
    outcome = pd.Series(np.where(odds + rng.logistic(size=81) > 0, "present", "absent"), name="Kyphosis")
    return LogisticRegression().fit(columns, outcome), columns, outcome


def test_two_classes_get_every_measure_as_scikit_learn_has_it(kyphosis_model):
    model, columns, outcome = kyphosis_model
    evaluation = bn.evaluate_model(model, columns, outcome, event="present", threshold=0.3)
    probability, event = model.predict_proba(columns)[:, 1], outcome == "present"
    assert evaluation.measures == pytest.approx(
        {
            "auroc": metrics.roc_auc_score(event, probability),
            "average_precision": metrics.average_precision_score(event, probability),
            "log_loss": metrics.log_loss(event, probability),
            "brier": metrics.brier_score_loss(event, probability),
            "accuracy": metrics.accuracy_score(event, probability >= 0.3),
        },
        rel=1e-12,
    )
    assert (evaluation.n, evaluation.n_events, evaluation.event) == (81, event.sum(), "present")
    assert (evaluation.task, evaluation.classes, evaluation.threshold) == (
        "binary",
        ["absent", "present"],
        0.3,
    )
    assert evaluation.n_class_rows == {"absent": 81 - event.sum(), "present": event.sum()}
    assert np.array_equal(evaluation.y_true, event.astype(int))
    assert np.array_equal(evaluation.score, probability)
    table = evaluation.table
    interval = bn.auroc_interval(event, probability)
    assert table.columns.tolist() == ["measure", "estimate", "low", "high"]
    assert table.iloc[0].tolist() == ["auroc", interval.estimate, interval.low, interval.high]
    assert table["low"].isna().tolist() == [False, True, True, True, True]


def test_the_print_says_n_and_events_first(kyphosis_model):
    model, columns, outcome = kyphosis_model
    evaluation = bn.evaluate_model(model, columns[:30], outcome[:30], event="present", level=0.9)
    lines = str(evaluation).split("\n")
    assert lines[0] == f"n = 30, events = {evaluation.n_events} (Kyphosis: present)"
    assert lines[2].split() == ["measure", "estimate", "90%", "interval"]
    assert lines[3].startswith(f"AUROC                {evaluation.measures['auroc']:.4f}  ")
    assert lines[7].startswith("accuracy at 0.5 ")
    assert lines[-1] == "Interval: DeLong's variance on the logit scale."
    assert repr(evaluation) == str(evaluation)


def test_the_other_event_turns_the_probability_round(kyphosis_model):
    model, columns, outcome = kyphosis_model
    one, other = (bn.evaluate_model(model, columns, outcome, event=e) for e in ("present", "absent"))
    assert one.n_events + other.n_events == 81
    assert one.measures["auroc"] == pytest.approx(other.measures["auroc"])
    assert one.measures["log_loss"] == pytest.approx(other.measures["log_loss"])
    assert one.score == pytest.approx(1 - other.score)


def test_no_event_is_guessed(kyphosis_model):
    model, columns, outcome = kyphosis_model
    with pytest.raises(OutcomeError, match="classes are 'absent', 'present'"):
        bn.evaluate_model(model, columns, outcome)
    with pytest.raises(OutcomeError, match="'Present'.*'absent', 'present'"):
        bn.evaluate_model(model, columns, outcome, event="Present")


def test_the_event_and_outcome_kept_in_the_model_are_used():
    class Remembering(LogisticRegression):
        def predict_proba(self, X):
            return super().predict_proba(X[["x"]])

    data = pd.DataFrame({"x": [1.0, 2, 3, 4, 2.5], "y": ["no", "yes", "no", "yes", "yes"]})
    model = Remembering().fit(data[["x"]], data["y"])
    model.event_, model.outcome_ = "no", "y"
    evaluation = bn.evaluate_model(model, data)
    assert (evaluation.event, evaluation.n_events, evaluation.outcome) == ("no", 2, "y")
    assert bn.evaluate_model(model, data, event="yes").n_events == 3
    assert bn.evaluate_model(model, data, "y").measures == evaluation.measures
    with pytest.raises(InputError, match="must be a data frame that holds the outcome 'y'"):
        bn.evaluate_model(model, data[["x"]].to_numpy())


def test_a_model_without_formula_needs_y(kyphosis_model):
    model, columns, _ = kyphosis_model
    with pytest.raises(OutcomeError, match="`y` must be given"):
        bn.evaluate_model(model, columns, event="present")


@pytest.mark.parametrize(
    "labels, event", [([0, 1], 1), ([False, True], True), ([0.0, 1.0], 1.0), (["0", "1"], 1)]
)
def test_labels_of_every_type_are_matched(labels, event):
    x = np.arange(8.0)[:, None]
    y = np.array(labels)[[0, 1, 0, 0, 1, 1, 0, 1]]
    evaluation = bn.evaluate_model(LogisticRegression().fit(x, y), x, y, event=event)
    assert (evaluation.n_events, evaluation.event) == (4, labels[1])
    assert type(evaluation.event) is type(labels[1])


def test_pipelines_searches_and_calibrated_classifiers_are_accepted(kyphosis_model):
    _, columns, outcome = kyphosis_model
    for model in (
        make_pipeline(StandardScaler(), LogisticRegression()),
        GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=3),
        CalibratedClassifierCV(LinearSVC(), cv=3),
    ):
        assert bn.evaluate_model(model.fit(columns, outcome), columns, outcome, event="present").n == 81


@pytest.mark.parametrize("model", [LinearSVC(), "glm", StandardScaler(), None])
def test_models_without_probabilities_are_refused(model, kyphosis_model):
    _, columns, outcome = kyphosis_model
    if hasattr(model, "fit"):
        model.fit(columns, outcome)
    with pytest.raises(InputError, match="must be a fitted classifier with `predict_proba`, or a regressor"):
        bn.evaluate_model(model, columns, outcome, event="present")


@pytest.mark.parametrize("model", [LogisticRegression(), bn.GLMClassifier()])
def test_a_model_that_is_not_fitted_is_refused(model, kyphosis_model):
    _, columns, outcome = kyphosis_model
    with pytest.raises(InputError, match=r"`model` must be fitted\."):
        bn.evaluate_model(model, columns, outcome, event="present")


def test_labels_the_model_does_not_know_are_named(kyphosis_model):
    model, columns, outcome = kyphosis_model
    strange = outcome.where(outcome.index > 1, "maybe")
    with pytest.raises(
        OutcomeError, match=r"The outcome `Kyphosis` must hold only .*\n2 of 81 rows hold others: 'maybe'"
    ):
        bn.evaluate_model(model, columns, strange, event="present")


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_rows_without_outcome_are_left_out_and_counted(kyphosis_model, missing):
    model, columns, outcome = kyphosis_model
    holed = outcome.astype(object)
    holed.iloc[[0, 5]] = missing
    evaluation = bn.evaluate_model(model, columns, holed, event="present")
    kept = np.setdiff1d(np.arange(81), [0, 5])
    whole = bn.evaluate_model(model, columns.iloc[kept], outcome.iloc[kept], event="present")
    assert evaluation.measures == whole.measures
    assert (evaluation.n, evaluation.n_missing_outcome, evaluation.n_missing_prediction) == (79, 2, 0)
    assert np.array_equal(evaluation.rows, kept)
    assert str(evaluation).split("\n")[1] == "left out: 2 rows without outcome"


def test_rows_without_prediction_are_left_out_and_counted(kyphosis_model):
    fitted, columns, outcome = kyphosis_model

    class Dropping(LogisticRegression):
        def predict_proba(self, X):
            probability = fitted.predict_proba(X)
            probability[[3, 4]] = np.nan
            return probability

    model = Dropping().fit(columns, outcome)
    holed = outcome.astype(object)
    holed.iloc[[4, 6]] = None
    evaluation = bn.evaluate_model(model, columns, holed, event="present")
    assert (evaluation.n, evaluation.n_missing_outcome, evaluation.n_missing_prediction) == (78, 2, 1)
    assert str(evaluation).split("\n")[1] == "left out: 2 rows without outcome, 1 row without prediction"
    holed[:] = None
    with pytest.raises(InputError, match="81 have no outcome"):
        bn.evaluate_model(model, columns, holed, event="present")


def test_test_rows_of_one_class_leave_ranking_undefined_and_say_so(kyphosis_model):
    model, columns, outcome = kyphosis_model
    absent = np.flatnonzero(outcome == "absent")[:20]
    evaluation = bn.evaluate_model(model, columns.iloc[absent], outcome.iloc[absent], event="present")
    assert math.isnan(evaluation.measures["auroc"])
    assert math.isnan(evaluation.measures["average_precision"])
    assert evaluation.measures["brier"] < 1
    assert str(evaluation).endswith(
        "Undefined: AUROC and average precision (all 20 rows are without the event)."
    )
    assert str(evaluation).startswith("n = 20, events = 0 ")


def test_one_event_has_an_auroc_without_interval(kyphosis_model):
    model, columns, outcome = kyphosis_model
    rows = [*np.flatnonzero(outcome == "absent")[:9], np.flatnonzero(outcome == "present")[0]]
    evaluation = bn.evaluate_model(model, columns.iloc[rows], outcome.iloc[rows], event="present")
    assert 0 <= evaluation.measures["auroc"] <= 1
    assert evaluation.table["low"].isna().all()
    assert "Undefined: the interval of AUROC (it needs two events and two other rows)." in str(evaluation)


def test_the_threshold_is_called_an_event():
    x, y = np.zeros((4, 1)), np.array([0, 0, 1, 1])
    model = DummyClassifier().fit(x, y)  # probability one half
    assert bn.evaluate_model(model, x, [1, 1, 1, 0], event=1).measures["accuracy"] == 0.75
    assert bn.evaluate_model(model, x, [1, 1, 1, 0], event=1, threshold=0.51).measures["accuracy"] == 0.25
    with pytest.raises(InputError, match="`threshold` must be a number between 0 and 1"):
        bn.evaluate_model(model, x, y, event=1, threshold=1.5)


@pytest.fixture(scope="module")
def iris_model():
    """A model of three classes, its columns and its labels."""
    x, codes = load_iris(return_X_y=True)
    labels = np.array(["setosa", "versicolor", "virginica"])[codes]
    return LogisticRegression(max_iter=1000).fit(x[:, :2], labels), x[:, :2], labels


def test_several_classes_get_macro_and_hand_till(iris_model):
    model, x, labels = iris_model
    evaluation = bn.evaluate_model(model, x, labels)
    probability = model.predict_proba(x)
    assert evaluation.measures == pytest.approx(
        {
            "auroc_macro": metrics.roc_auc_score(labels, probability, multi_class="ovr"),
            "hand_till": metrics.roc_auc_score(labels, probability, multi_class="ovo"),
            "log_loss": metrics.log_loss(labels, probability),
            "accuracy": metrics.accuracy_score(labels, model.predict(x)),
        },
        rel=1e-12,
    )
    assert (evaluation.task, evaluation.n_events, evaluation.event) == ("multiclass", None, None)
    assert str(evaluation).startswith("n = 150 (setosa 50, versicolor 50, virginica 50)\n")


def test_an_event_of_several_classes_is_measured_against_the_rest(iris_model):
    model, x, labels = iris_model
    evaluation = bn.evaluate_model(model, x, labels, event="virginica")
    assert (evaluation.task, evaluation.n_events) == ("binary", 50)
    assert evaluation.measures["auroc"] == pytest.approx(
        metrics.roc_auc_score(labels == "virginica", model.predict_proba(x)[:, 2])
    )


def test_an_absent_class_leaves_the_aurocs_undefined(iris_model):
    model, x, labels = iris_model
    evaluation = bn.evaluate_model(model, x[:100], labels[:100])
    assert math.isnan(evaluation.measures["auroc_macro"])
    assert math.isnan(evaluation.measures["hand_till"])
    assert evaluation.measures["accuracy"] > 0.5
    assert "(no row of virginica)" in str(evaluation)


def test_regression_gets_rmse_mae_and_r_squared():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(60, 2))
    y = x @ [1, 2] + rng.normal(size=60)
    model = LinearRegression().fit(x[:40], y[:40])
    evaluation = bn.evaluate_model(model, x[40:], y[40:])
    predicted = model.predict(x[40:])
    assert evaluation.measures == pytest.approx(
        {
            "rmse": metrics.root_mean_squared_error(y[40:], predicted),
            "mae": metrics.mean_absolute_error(y[40:], predicted),
            "r_squared": metrics.r2_score(y[40:], predicted),
        },
        rel=1e-12,
    )
    assert str(evaluation).startswith("n = 20\n")
    assert "interval" not in str(evaluation)
    constant = bn.evaluate_model(model, x[40:], np.ones(20))
    assert math.isnan(constant.measures["r_squared"])
    assert "Undefined: R squared (the outcome is the same in all 20 rows)." in str(constant)
    holed = bn.evaluate_model(model, x[40:], [*y[40:-1], None])
    assert (holed.n, holed.n_missing_outcome) == (19, 1)


def test_a_regressor_takes_no_event_and_no_labels():
    model = LinearRegression().fit([[0], [1]], [0, 1])
    with pytest.raises(OutcomeError, match="`event` can be named only for a classifier"):
        bn.evaluate_model(model, [[0], [1]], [0, 1], event=1)
    with pytest.raises(OutcomeError, match="must be numbers for a regressor"):
        bn.evaluate_model(model, [[0], [1]], ["a", "b"])
    with pytest.raises(InputError, match="The outcome must be finite"):
        bn.evaluate_model(model, [[0], [1]], [0, math.inf])


def test_lengths_must_match(kyphosis_model):
    model, columns, outcome = kyphosis_model
    with pytest.raises(InputError, match=r"Found shape \(80,\) for 81 rows"):
        bn.evaluate_model(model, columns, outcome[:80], event="present")


def test_what_is_no_probability_is_refused():
    class Boasting(DummyClassifier):
        def predict_proba(self, X):
            return np.full((len(X), 2), 0.9)

    x, y = np.zeros((4, 1)), [0, 0, 1, 1]
    with pytest.raises(InputError, match="must lie between 0 and 1 and sum to 1"):
        bn.evaluate_model(Boasting().fit(x, y), x, y, event=1)


def test_the_record_becomes_plain_values(kyphosis_model, iris_model):
    model, columns, outcome = kyphosis_model
    for evaluation in (
        bn.evaluate_model(model, columns, outcome, event="present"),
        bn.evaluate_model(*iris_model),
    ):
        plain = evaluation.to_dict()
        assert json.loads(json.dumps(plain))["measure"] == list(evaluation.measures)
        assert plain["text"] == str(evaluation)


def test_measuring_loads_no_heavy_library():
    script = (
        "import sys, bineural as bn\n"
        "bn.auroc_interval([0, 1, 0, 1], [1, 2, 3, 4])\n"
        "bn.compare_aurocs([0, 1, 0, 1], [1, 2, 3, 4], [2, 1, 3, 4])\n"
        "bn.log_loss([0, 1], [.1, .9]); bn.hand_till(['a', 'b'], [[2, 1], [1, 2]]); bn.plot_roc\n"
        "print([m for m in ('pandas', 'sklearn', 'scipy', 'tensorflow', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- weights ----


def test_weights_reach_every_measure_of_two_classes(kyphosis):
    data, glm = kyphosis
    weights = np.tile([0.0, 1.5, 2.0], 27)
    found = bn.evaluate_model(glm, data.assign(w=weights), weights="w")
    kept = weights > 0
    event, probability = (data["Kyphosis"] == "present")[kept], glm.predict_proba(data)[kept, 1]
    given = {"sample_weight": weights[kept]}
    assert found.measures == pytest.approx(
        {
            "auroc": metrics.roc_auc_score(event, probability, **given),
            "average_precision": metrics.average_precision_score(event, probability, **given),
            "log_loss": metrics.log_loss(event, probability, **given),
            "brier": metrics.brier_score_loss(event, probability, **given),
            "accuracy": metrics.accuracy_score(event, probability >= 0.5, **given),
        },
        rel=1e-12,
    )
    assert found.intervals["auroc"] == bn.auroc_interval(event, probability, weights=weights[kept])
    assert (found.n, found.n_no_weight, found.n_events) == (54, 27, event.sum())
    assert "left out: 27 rows without weight" in str(found)
    assert "Rows are weighted; n and events count rows." in str(found)
    assert bn.evaluate_model(glm, data, weights=weights).measures == found.measures


def test_whole_weights_repeat_rows_of_several_classes_and_of_numbers(iris_model):
    model, x, y = iris_model
    x, y = np.asarray(x), np.asarray(y)
    weights = np.random.default_rng(1).integers(1, 4, len(y))
    rows = np.repeat(np.arange(len(y)), weights)
    weighted, repeated = (
        bn.evaluate_model(model, x, y, weights=weights),
        bn.evaluate_model(model, x[rows], y[rows]),
    )
    assert weighted.measures == pytest.approx(repeated.measures, rel=1e-12)
    line = LinearRegression().fit(x[:, :1], x[:, 1])
    weighted = bn.evaluate_model(line, x[:, :1], x[:, 1], weights=weights)
    repeated = bn.evaluate_model(line, x[rows, :1], x[rows, 1])
    assert weighted.measures == pytest.approx(repeated.measures, rel=1e-12)


def test_a_poisson_glm_gets_its_mean_deviance():
    rng = np.random.default_rng(2)
    data = pd.DataFrame({"x": rng.normal(size=50)})
    data["count"] = rng.poisson(np.exp(data["x"]))
    glm = bn.fit_glm("count ~ x", data, family="poisson")
    found = bn.evaluate_model(glm, data)
    assert found.measures["mean_deviance"] == pytest.approx(glm.fit_.deviance / 50, rel=1e-9)


@pytest.mark.parametrize("weights", ["none such", [1, 2], np.full(81, np.nan), np.full(81, -1.0)])
def test_bad_weights_of_an_evaluation_are_named(kyphosis, weights):
    data, glm = kyphosis
    with pytest.raises(InputError, match="`weights` must"):
        bn.evaluate_model(glm, data, weights=weights)


def test_classes_are_counted_in_the_order_of_the_column_fitted_to():
    iris = bn.load_dataset("iris")
    order = ["virginica", "setosa", "versicolor"]
    rows = iris.assign(species=pd.Categorical(iris["species"], order, ordered=True))
    evaluation = bn.evaluate_model(bn.fit_glm("species ~ sepal_width", rows), rows[20:])
    assert list(evaluation.n_class_rows.items()) == [("virginica", 50), ("setosa", 30), ("versicolor", 50)]
    assert "(species: virginica 50, setosa 30, versicolor 50)" in str(evaluation)
    assert evaluation.to_dict()["n_class_rows"] == [30, 50, 50]  # that of `classes`
