"""Clusters of learnt features agree with the classes better than those of raw columns, on rows no net saw."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

import bineural as bn
from bineural.fundamentals import clustering

DIGITS = bn.load_dataset("digits")


@pytest.fixture(scope="module")
def found():
    return bn.fundamentals.cluster_features("digit ~ .", DIGITS, epochs=10, folds=3, seed=1)


@pytest.mark.long
def test_features_of_digits_win_in_every_fold_by_more_than_luck(found):
    ari = found.table.pivot(index="fold", columns="columns", values="ari")
    gap = ari["learnt"] - ari["raw"]
    assert gap.min() > 0.1
    assert gap.min() > ari["raw"].max() - ari["raw"].min()  # than folds, nets and starts differ by
    apart = found.table.pivot(index="fold", columns="columns", values="silhouette")
    assert (apart["learnt"] > apart["raw"]).all()
    assert found.accuracy > 0.93
    assert "ahead of raw columns in 3 of 3 folds" in repr(found)


@pytest.mark.long
def test_the_numbers_of_a_fold_are_scikit_learn_s(found):
    folds = bn.make_folds(DIGITS, 3, strata=DIGITS["digit"], pool=0, seed=1)
    assert found.table.groupby("fold")["n_rows"].first().tolist() == [len(test) for _, test in folds]
    part = folds[0].test
    raw, labels = part.drop(columns="digit").to_numpy(), part["digit"].astype(str)
    clusters = KMeans(10, n_init=10, random_state=2).fit_predict(raw)
    first = found.table.iloc[0]
    assert first["columns"] == "raw"
    assert first["ari"] == pytest.approx(adjusted_rand_score(labels, clusters))
    assert first["silhouette"] == pytest.approx(silhouette_score(raw, labels))
    places = found.points[found.points["columns"] == "raw"]
    assert places["class"].tolist() == labels.tolist()
    variances = np.linalg.eigvalsh(np.cov(raw.T))[::-1][:2]
    np.testing.assert_allclose(places[["pc1", "pc2"]].var(), variances)


@pytest.mark.long
def test_no_net_sees_the_rows_that_are_clustered(found):
    """Other outcomes of the rows of fold 1 leave their features as they were."""
    folds = bn.make_folds(DIGITS, 3, strata=DIGITS["digit"], pool=0, seed=1)
    problem = clustering.read_problem("digit ~ .", DIGITS)
    changed = clustering.read_problem("digit ~ .", DIGITS.assign(digit=DIGITS["digit"].to_numpy()))
    changed.y = np.array(changed.y)
    changed.y[folds[0].test_ids] = "0"
    net = clustering.NetClassifier(architecture="mlp", units=[8], epochs=2, validation=0, verbose=0)
    once, again = (
        clustering._fit_nets(p.ready(net), p, [folds[0].train_ids], 1)[0].predict_features(folds[0].test)
        for p in (problem, changed)
    )
    np.testing.assert_array_equal(once, again)


@pytest.mark.long
def test_classes_that_no_net_learnt_are_clustered_alone():
    found = bn.fundamentals.cluster_features(
        "digit ~ .", DIGITS, epochs=3, unseen_classes=[5, 6, 7, 8, 9], folds=2, seed=1
    )
    assert found.classes == found.unseen_classes == ["5", "6", "7", "8", "9"]
    assert set(found.points["class"]) == set(found.classes)
    assert np.isnan(found.accuracy) and "that no net learnt: 5, 6, 7, 8, 9" in repr(found)
    assert (
        found.table.groupby("columns")["n_rows"].sum().tolist() == [sum(DIGITS["digit"].astype(int) > 4)] * 3
    )


@pytest.mark.long
def test_one_s_own_table_and_arrays_give_the_same(tmp_path):
    iris = bn.load_dataset("iris")
    x, y = iris.drop(columns="species"), iris["species"]
    options = {"units": [8], "epochs": 5, "folds": 2, "seed": 1}
    by_formula, by_table = (
        bn.fundamentals.cluster_features(*d, **options) for d in (("species ~ .", iris), (x, y))
    )
    codes = bn.fundamentals.cluster_features(x.to_numpy(), y.cat.codes.to_numpy(), **options)
    pd.testing.assert_frame_equal(by_formula.table, by_table.table)
    pd.testing.assert_frame_equal(by_formula.table, codes.table)
    assert codes.classes == ["0", "1", "2"]
    figure = codes.plot(tmp_path / "clusters.png")
    assert [axes.get_title().split(":")[0] for axes in figure.axes] == ["Raw columns", "Learnt features"]


def test_one_column_and_text_columns_can_be_clustered():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"kind": rng.choice(list("ab"), 80), "x": rng.normal(size=80)})
    table["y"] = np.where(table["x"] > 0, "high", "low")
    found = bn.fundamentals.cluster_features("y ~ kind + x", table, units=[4], epochs=3, folds=2, seed=1)
    assert found.classes == ["high", "low"]
    one = bn.fundamentals.cluster_features("y ~ x", table, units=[4], epochs=3, folds=2, seed=1)
    assert (one.points.loc[one.points["columns"] == "raw", "pc2"] == 0).all()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"unseen_classes": ["robin"]}, "must be classes of the outcome"),
        ({"unseen_classes": ["setosa"]}, "Two classes at least must be learnt, and two clustered"),
        ({"unseen_classes": ["setosa", "virginica"]}, "Two classes at least must be learnt"),
        ({"folds": 26}, r"must have 52 rows, two for each fold.\nsetosa has 50"),
        ({"folds": 1}, "`folds` must be a whole number of at least 2"),
    ],
)
def test_what_can_t_be_compared_is_refused(options, words):
    with pytest.raises(bn.InputError, match=words):
        bn.fundamentals.cluster_features("species ~ .", bn.load_dataset("iris"), **options)


def test_numbers_and_missing_outcomes_are_refused():
    iris = bn.load_dataset("iris")
    with pytest.raises(bn.InputError, match="must be cut into classes"):
        bn.fundamentals.cluster_features("petal_width ~ .", iris)
    with pytest.raises(bn.InputError, match="1 of 150 rows have none"):
        bn.fundamentals.cluster_features(iris[["petal_width"]], [None, *iris["species"][1:]])
