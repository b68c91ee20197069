"""Importance and dependence are what their definitions say, on raw columns, for any fitted model."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import partial_dependence as sklearn_dependence
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import bineural as bn

KYPHOSIS = bn.load_dataset("kyphosis")
GLM = bn.fit_glm("Kyphosis ~ Age + Start", KYPHOSIS, event="present")
IRIS = bn.load_dataset("iris")


def test_importance_is_what_is_lost_when_a_column_is_shuffled():
    found = bn.permutation_importance(GLM, KYPHOSIS, repeats=300, seed=1)
    assert found.table["column"].tolist() == ["Start", "Age", "Number"]
    assert found.table["importance"].iloc[2] == 0 == found.table["sd"].iloc[2]
    event = KYPHOSIS["Kyphosis"] == "present"
    assert found.estimate == pytest.approx(roc_auc_score(event, GLM.predict_event(KYPHOSIS)))
    rng = np.random.default_rng(5)
    drops = []
    for _ in range(300):
        rows = KYPHOSIS.assign(Start=rng.permutation(KYPHOSIS["Start"]))
        drops.append(found.estimate - roc_auc_score(event, GLM.predict_event(rows)))
    mean, sd = found.table.loc[0, ["importance", "sd"]]
    assert mean == pytest.approx(np.mean(drops), abs=4 * np.std(drops) / np.sqrt(150))
    assert sd == pytest.approx(np.std(drops), rel=0.2)
    assert len(found.draws) == 900


def test_a_columns_shuffles_do_not_depend_on_the_others():
    every = bn.permutation_importance(GLM, KYPHOSIS, repeats=3, seed=2).draws
    alone = bn.permutation_importance(GLM, KYPHOSIS, columns=["Age"], repeats=5, seed=2).draws
    expected = every.query("column == 'Age'")["importance"]
    np.testing.assert_array_equal(alone["importance"][:3], expected)


def test_losses_grow_where_a_column_matters():
    model = LinearRegression().fit(IRIS[["sepal_length", "petal_length"]], IRIS["petal_width"])
    rows = IRIS[["sepal_length", "petal_length"]]
    found = bn.permutation_importance(model, rows, IRIS["petal_width"], seed=1)
    assert found.measure == "rmse" and (found.table["importance"] > 0).all()
    array = LinearRegression().fit(rows.to_numpy(), IRIS["petal_width"])
    same = bn.permutation_importance(array, rows.to_numpy(), IRIS["petal_width"], columns="x2", seed=1)
    assert same.table["importance"].item() > 0.1
    loss = bn.permutation_importance(GLM, KYPHOSIS, measure="log_loss", seed=1)
    assert loss.table["importance"].iloc[0] > 0


def test_several_classes_and_pipelines_of_raw_columns():
    ready = make_column_transformer((OneHotEncoder(), ["Number"]), remainder="passthrough")
    rows = KYPHOSIS.assign(Number=np.where(KYPHOSIS["Number"] > 4, "many", "few"))
    model = make_pipeline(ready, LogisticRegression()).fit(rows.drop(columns="Kyphosis"), rows["Kyphosis"])
    found = bn.permutation_importance(model, rows, "Kyphosis", event="present", repeats=2, seed=1)
    assert set(found.table["column"]) == {"Age", "Number", "Start"}
    flowers = bn.fit_glm("species ~ petal_length", IRIS, penalty="ridge", strength=0.1)
    several = bn.permutation_importance(flowers, IRIS, repeats=2, seed=1)
    assert several.measure == "log_loss" and several.table["column"].iloc[0] == "petal_length"


def test_dependence_is_scikit_learns():
    rows = IRIS[["sepal_length", "petal_length"]]
    model = RandomForestRegressor(10, random_state=1).fit(rows, IRIS["petal_width"])
    found = bn.partial_dependence(model, rows, "petal_length", n_points=200).table
    theirs = sklearn_dependence(
        model,
        rows,
        ["petal_length"],
        method="brute",
        custom_values={"petal_length": found["value"].to_numpy()},
    )
    np.testing.assert_allclose(found["mean"], theirs["average"][0], rtol=1e-12)
    np.testing.assert_array_equal(found["value"], np.unique(rows["petal_length"]))


def test_dependence_keeps_the_kind_of_a_column():
    model = bn.fit_glm("petal_length ~ species + sepal_width", IRIS)
    table = bn.partial_dependence(model, IRIS, "species").table
    for value, mean in zip(table["value"], table["mean"]):
        assert mean == pytest.approx(model.predict(IRIS.assign(species=value)).mean())
    few = bn.partial_dependence(GLM, KYPHOSIS, "Age", n_points=5).table
    assert few["value"].tolist()[0] == KYPHOSIS["Age"].min()
    assert few["value"].tolist()[-1] == KYPHOSIS["Age"].max() and len(few) == 5
    ordered = IRIS.assign(species=pd.Categorical(IRIS["species"], ["virginica", "setosa", "versicolor"]))
    again = bn.fit_glm("petal_length ~ species", ordered)
    values = bn.partial_dependence(again, ordered, "species").table["value"]
    assert values.tolist() == ["virginica", "setosa", "versicolor"]


def test_several_classes_sum_to_one():
    flowers = bn.fit_glm("species ~ petal_length", IRIS, penalty="ridge", strength=0.1)
    table = bn.partial_dependence(flowers, IRIS, "petal_length", n_points=4).table
    np.testing.assert_allclose(table.groupby("value")["mean"].sum(), 1)
    one = bn.partial_dependence(flowers, IRIS, "petal_length", n_points=4, event="setosa").table
    np.testing.assert_allclose(one["mean"], table.query("`class` == 'setosa'")["mean"])


def test_both_are_drawn_and_printed(tmp_path):
    importance = bn.permutation_importance(GLM, KYPHOSIS, repeats=2, seed=1)
    dependence = bn.partial_dependence(GLM, KYPHOSIS, "Start", n_points=4)
    for name, found in {"importance": importance, "dependence": dependence}.items():
        found.plot(tmp_path / f"{name}.svg")
        assert (tmp_path / f"{name}.svg").stat().st_size > 1000
        assert "81 rows" in str(found)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: bn.permutation_importance(GLM, KYPHOSIS, columns=["age"]), "Did you mean 'Age'"),
        (lambda: bn.permutation_importance(GLM, KYPHOSIS, columns=[]), "Found none"),
        (lambda: bn.permutation_importance(GLM, KYPHOSIS, repeats=0), "`repeats`"),
        (lambda: bn.permutation_importance(GLM, KYPHOSIS, measure="auc"), "auroc"),
        (lambda: bn.permutation_importance(LogisticRegression(), KYPHOSIS), "must be fitted"),
        (lambda: bn.partial_dependence(GLM, KYPHOSIS, "Kyphosis"), "among the predictors"),
        (lambda: bn.partial_dependence(GLM, KYPHOSIS, "Start", n_points=1), "`n_points`"),
    ],
)
def test_what_cannot_be_asked_is_refused(call, words):
    with pytest.raises(bn.InputError, match=words):
        call()


def test_unseen_levels_are_said_once_for_all_predictions(recwarn):
    data = pd.DataFrame(
        {"a": np.arange(40.0), "town": ["u", "v", "w", "x"] * 10, "y": ["n", "y", "y", "n"] * 10}
    )
    model = bn.fit_glm("y ~ a + town", data[data["town"] != "x"], event="y", penalty="ridge", strength=1.0)
    for ask in (bn.permutation_importance, lambda *given, **_: bn.partial_dependence(*given, "a")):
        recwarn.clear()
        ask(model, data, seed=1)
        (unseen,) = [str(one.message) for one in recwarn if "never saw" in str(one.message)]
        assert "predictions: Levels that training never saw (rows): `town`: 'x' (10)" in unseen


def test_what_has_no_columns_to_shuffle_is_refused_in_words():
    rng, y = np.random.default_rng(1), np.arange(20) % 2
    images, texts = rng.normal(size=(20, 4, 4, 1)), ["fine day" if k else "bad day" for k in y]
    of_images, of_texts = (bn.fit_glm(x, y, event=1) for x in (images, texts))
    for ask in (
        lambda *a: bn.permutation_importance(*a, y, seed=1),
        lambda *a: bn.partial_dependence(*a, "x1"),
    ):
        with pytest.raises(bn.InputError, match=r"(?s)must be a table.*shape \(20, 4, 4, 1\).*plot_features"):
            ask(of_images, images)
        with pytest.raises(bn.InputError, match=r"(?s)must be a table.*text\(review\)"):
            ask(of_texts, texts)


ORDER = ["virginica", "setosa", "versicolor"]  # not that of the alphabet


def test_classes_of_a_category_are_asked_about_in_its_order():
    rows = IRIS.assign(species=pd.Categorical(IRIS["species"], ORDER, ordered=True))
    glm = bn.fit_glm("species ~ sepal_width", rows)
    importance = bn.permutation_importance(glm, rows, measure="ranked_probability", repeats=1, seed=1)
    below = np.cumsum(glm.predict_proba(rows)[:, np.searchsorted(glm.classes_, ORDER)], axis=1)[:, :2]
    happened = rows["species"].cat.codes.to_numpy()[:, None] <= np.arange(2)
    assert importance.estimate == pytest.approx(np.mean((below - happened) ** 2))
    table = bn.partial_dependence(glm, rows, "sepal_width", n_points=2).table
    assert table["class"].tolist() == ORDER * 2
    means = glm.predict_proba(rows.assign(sepal_width=rows["sepal_width"].min())).mean(axis=0)
    expected = [means[list(glm.classes_).index(label)] for label in ORDER]
    np.testing.assert_allclose(table["mean"][:3], expected)


@pytest.mark.parametrize("n_levels", [3, 9, 80])
def test_names_of_levels_never_lie_over_one_another(n_levels):
    levels = [f"level {i}" for i in range(n_levels)]
    at = np.arange(3.0 * n_levels)
    rows = pd.DataFrame({"level": levels * 3, "x": at, "y": at % 7})
    line = bn.fit_glm("y ~ x + level", rows)
    for drawn in (bn.additive_curves(line, rows), bn.partial_dependence(line, rows, "level")):
        axes = drawn.plot().axes[-1]
        axes.figure.draw_without_rendering()
        names = [label.get_window_extent() for label in axes.get_xticklabels()]
        assert len(names) >= min(n_levels, 9)
        assert all(left.x1 <= right.x0 for left, right in zip(names, names[1:]))
