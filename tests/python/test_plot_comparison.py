"""Figures of a comparison show its numbers, and no text overlaps with two to eight models and long names."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

import bineural as bn
from bineural.figures import kinds
from bineural.figures.comparison import comparison_data, kinds_of
from bineural.figures.fold_scores import offsets
from bineural.figures.kinds import add_kind
from test_plotting import boxes

KYPHOSIS = bn.load_dataset("kyphosis")
GLM = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present")
START = bn.fit_glm("Kyphosis ~ Start", KYPHOSIS, event="present")
LONG = "a tree with a name so long that it has to be set in several lines, however wide the page"
KINDS = ["forest", "folds", "repeats", "roc", "precision_recall", "calibration", "seeds"]


@pytest.fixture(scope="module")
def two():
    return bn.compare_models({"glm": GLM, "start": START}, KYPHOSIS, folds=5, repeats=3, seed=1)


@pytest.fixture(scope="module")
def eight():
    models = {"glm": GLM, LONG: DecisionTreeClassifier(max_features=1), "cost in $a$ of $b$": START}
    models |= {f"one_word_of_many_letters_that_cannot_part_{k}": KNeighborsClassifier(k) for k in (5, 9, 15)}
    models |= {"logistic": LogisticRegression(), "_both": bn.average_models(["glm", LONG])}
    return bn.compare_models(models, KYPHOSIS, folds=4, repeats=2, seeds=2, seed=1)


@pytest.fixture(scope="module")
def iris():
    data = bn.load_dataset("iris")
    glm = bn.GLMClassifier(penalty="ridge", strength=0.1)
    return bn.compare_models({"glm": glm}, data, "species", folds=3, repeats=1, seed=1)


def test_the_forest_holds_table_and_differences(two):
    data = two.plot() and comparison_data(two)
    models = data[data["panel"] == "Models"].set_index("model")
    table = two.table.set_index("model")
    assert list(models.index) == ["glm", "start", "null"]
    np.testing.assert_array_equal(models["estimate"], table["auroc"])
    np.testing.assert_array_equal(models["low"], table["low"])
    (row,) = data[data["panel"] == "Differences"].to_dict("records")
    found = two.differences.query("measure == 'auroc'").iloc[0]
    assert (row["model"], row["estimate"], row["low"], row["high"]) == ("start", *found[5 - 1 : 7])
    brier = comparison_data(two, "forest", measure="brier")
    np.testing.assert_array_equal(brier["estimate"][:3], table["brier"])
    assert "better below 0" in brier.attrs["x"][1]


def test_folds_are_paired_and_counted(two):
    data = comparison_data(two, "folds")
    own = two.scores.pivot(index=["repeat", "fold"], columns="model", values="auroc")
    np.testing.assert_array_equal(data["first"], own["glm"])
    np.testing.assert_array_equal(data["second"], own["start"])
    n = [(own["start"] > own["glm"]).sum(), (own["start"] < own["glm"]).sum()]
    assert [int(text.split(" ahead in ")[1].split()[0]) for text in data.attrs["labels"][:2]] == n
    losses = comparison_data(two, "folds", ["start", "glm"], "log_loss")
    assert (losses["ahead"][losses["first"] < losses["second"]] == 1).all()  # smaller is better


def test_repeats_and_seeds_show_what_the_table_says(eight):
    data = comparison_data(eight, "repeats", [LONG])
    row = eight.table.set_index("model").loc[LONG]
    parts = {part: rows["value"] for part, rows in data.groupby("part")}
    assert len(parts["fold"]) == 8 and len(parts["repeat"]) == 2
    assert parts["mean"].item() == pytest.approx(row["auroc"])
    assert parts["fold"].std() == pytest.approx(row["fold_sd"])
    assert parts["repeat"].std() == pytest.approx(row["repeat_sd"])
    data = comparison_data(eight, "seeds")
    assert set(data["model"]) == {LONG, "_both", "logistic"}
    away = data.query("model == @LONG and part == 'fold'")["value"]
    assert np.sqrt(2 * np.mean(away**2)) == pytest.approx(row["seed_sd"])  # two seeds: n / (n - 1) = 2


def test_curves_are_of_averaged_predictions_and_say_so(two):
    data = comparison_data(two, "roc")
    _, truth, score = two.averaged_predictions("glm")
    points = bn.roc_points(truth, score)
    drawn = data[data["curve"] == "glm"]
    full = set(zip(points["sensitivity"], points["specificity"]))
    assert set(zip(drawn["sensitivity"], drawn["specificity"])) <= full
    estimate = two.table.set_index("model").loc["glm", "auroc"]
    assert drawn["label"].iloc[0].startswith(f"glm  {estimate:.3f}")  # the mean over folds, not of the pool
    assert "averaged over 3 repeats and\npooled over folds" in data.attrs["title"]
    bins = comparison_data(two, "calibration", ["start"])
    assert bins["n"].sum() == 81
    slope = two.table.set_index("model").loc["start", "calibration_slope"]
    assert f"slope {slope:.2f}" in bins["label"].iloc[0]


def test_several_classes_are_drawn_one_against_the_rest(iris):
    data = comparison_data(iris, "roc", event="virginica")
    _, truth, score = iris.averaged_predictions("glm")
    points = bn.roc_points(truth == 2, score[:, 2])
    assert data["sensitivity"].isin(points["sensitivity"]).all()
    with pytest.raises(bn.InputError, match="event='setosa'"):
        iris.plot("roc")
    assert [kind.name for kind in kinds_of(iris)] == ["forest", "folds", "repeats"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("which", ["two", "eight"])
def test_no_text_overlaps_or_leaves_the_figure(kind, which, request):
    comparison = request.getfixturevalue(which)
    if kind not in [each.name for each in kinds_of(comparison)]:
        with pytest.raises(bn.InputError, match="seeds=3"):
            comparison.plot(kind)
        return
    figure = comparison.plot(kind)
    every = boxes(figure)
    for one, other in itertools.combinations(every, 2):
        assert not one.overlaps(other), (one, other)
    assert min(box.x0 for box in every) >= 0 and max(box.x1 for box in every) <= figure.bbox.x1
    assert max(box.y1 for box in every) <= figure.bbox.y1
    data = comparison_data(comparison, kind)
    assert len(data.attrs["alt"]) > 40


def test_files_are_written(two, tmp_path):
    for suffix in (".png", ".svg"):
        two.plot("folds", tmp_path / f"folds{suffix}")
        assert (tmp_path / f"folds{suffix}").stat().st_size > 1000


def test_a_model_alone_stands_against_the_null_model():
    found = bn.compare_models(GLM, KYPHOSIS, folds=3, repeats=1, seed=1)
    data = comparison_data(found)
    assert data.attrs["title"][1] == "Differences from null"
    assert comparison_data(found, "folds").attrs["models"] == ["null", "glm"]
    assert found.verdict == found.verdicts[0]


def test_the_principal_verdict_is_on_the_best_of_the_others(eight):
    table = eight.table.set_index("model").drop(index=["glm", "null"])
    assert eight.principal.model == table["auroc"].idxmax() and eight.principal.other == "glm"
    assert eight.verdict in eight.verdicts


@pytest.mark.parametrize(
    "options, words",
    [
        ({"kind": "froest"}, "Did you mean 'forest'"),
        ({"models": ["gml"]}, "Did you mean 'glm'"),
        ({"models": []}, "name of a model"),
        ({"kind": "folds", "models": ["glm"]}, "two models"),
        ({"kind": "roc", "models": ["null"]}, "no curve"),
        ({"measure": "aurc"}, "Did you mean 'auroc'"),
        ({"kind": "roc", "event": "absent"}, "it is 'present'"),
        ({"kind": "seeds"}, "seeds=3"),
        ({"path": "figure.pdf"}, "must end in"),
    ],
)
def test_what_cannot_be_drawn_is_refused(two, options, words):
    with pytest.raises(bn.InputError, match=words):
        two.plot(**options)


def test_only_a_comparison_can_be_drawn():
    with pytest.raises(bn.InputError, match="compare_models"):
        bn.plot_comparison(GLM)


def test_offsets_keep_points_apart():
    for n in (2, 10, 100):
        gaps = np.diff(np.sort(offsets(n)))
        assert gaps.min() > 0.6 * 0.3 / n and np.abs(offsets(n)).max() <= 0.3


def test_a_kind_of_figure_is_what_its_file_registers(two, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    def best_data(comparison, names, measure):
        best = comparison.table.set_index("model").loc[names, measure.name].idxmax()
        table = pd.DataFrame({"model": [best]})
        table.attrs["alt"] = f"The best is {best}."
        return table

    add_kind("best", best_data, lambda table, path: (table["model"][0], path), "The best.", place=8)
    assert [kind.name for kind in kinds_of(two)][-1] == "best"
    best = two.table.query("model != 'null'").set_index("model")["auroc"].idxmax()
    assert two.plot("best", "best.png", models=["glm", "start"])[0] == best
    assert two.plot_data("best").attrs["alt"] == f"The best is {best}."
    with pytest.raises(bn.InputError, match="'best'"):
        two.plot("bets")
