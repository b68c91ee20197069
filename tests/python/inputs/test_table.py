"""The table as an input: what a net takes of it, and honest columns for a GLM."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural.errors import ColumnError, DroppedWarning, InputError, UnseenLevelWarning
from bineural.inputs.kinds import choose_input
from bineural.inputs.table import TableInput


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(11)
    return pd.DataFrame(
        {
            "a": rng.normal(50, 20, 40),
            "b": rng.normal(-3, 0.1, 40),
            "colour": np.tile(["red", "green", "blue", "red"], 10),
            "y": rng.normal(size=40),
        }
    )


def test_numbers_are_standardised_by_the_training_rows_alone(table):
    learnt, prepared = TableInput.learn(table[:30], formula="a + b")
    scaler = StandardScaler().fit(table[["a", "b"]][:30])
    by_n_minus_1 = np.sqrt(29 / 30)
    np.testing.assert_allclose(
        prepared.inputs, scaler.transform(table[["a", "b"]][:30]) * by_n_minus_1, rtol=1e-6
    )
    others = learnt.apply(table[30:].assign(a=1e6))
    np.testing.assert_allclose(
        others.inputs, scaler.transform(table[["a", "b"]][30:].assign(a=1e6)) * by_n_minus_1, rtol=1e-5
    )
    assert prepared.inputs.dtype == np.float32 and learnt.shape == (2,)
    assert learnt.feature_names == ["a", "b"] and learnt.n_features_in == 2 and learnt.parts == "columns"
    np.testing.assert_array_equal(learnt.apply(table[:30]).inputs, prepared.inputs)


def test_rows_of_weight_0_teach_nothing_and_are_prepared(table):
    weights = np.where(np.arange(40) < 5, 0.0, 2.0)
    learnt, prepared = TableInput.learn(table, weights=weights, formula="a")
    np.testing.assert_allclose(learnt.preparation.centers_, table["a"][5:].mean())
    assert len(prepared) == 40


def test_without_a_formula_every_column_counts_but_those_excluded(table):
    learnt, prepared = TableInput.learn(table, exclude=["y"], scaling=False)
    expected = pd.get_dummies(table.drop(columns="y"), dtype=float)
    names = learnt.preparation.names_
    np.testing.assert_allclose(
        prepared.inputs, expected[[n.replace("colour", "colour_") for n in names]], rtol=1e-6
    )
    assert sorted(learnt.feature_names) == ["a", "b", "colour"] and learnt.builder_options == {
        "number_columns": (0, 1)
    }


def test_codes_stand_beside_the_numbers_with_counts_and_shares(table):
    learnt, prepared = TableInput.learn(table, formula="a + colour", categories="codes")
    matrix, codes = prepared.inputs
    categories = pd.Categorical(table["colour"])
    np.testing.assert_array_equal(codes[:, 0], categories.codes + 1)
    assert matrix.shape == (40, 1) and codes.dtype == np.int32
    assert learnt.shape == (1,) and learnt.builder_options == {"level_counts": (3,)}
    shares = table["colour"].value_counts(normalize=True)[list(categories.categories)]
    assert set(learnt.start_weights) == {"embedding_0/shares", "effect_0/shares"}
    for weights in learnt.start_weights.values():
        np.testing.assert_allclose(weights, shares)
    with pytest.warns(UnseenLevelWarning, match="average level"):
        new = learnt.apply(table[:2].assign(colour="violet"))
    assert (new.inputs[1] == 0).all()


@pytest.mark.parametrize(("formula", "categories"), [("colour", "codes"), ("1", "onehot")])
def test_without_numbers_there_is_one_column_of_nothing(table, formula, categories):
    learnt, prepared = TableInput.learn(table, formula=formula, categories=categories, scaling=False)
    matrix = prepared.inputs[0] if categories == "codes" else prepared.inputs
    assert learnt.shape == (1,) and matrix.shape == (40, 1) and not matrix.any()


@pytest.mark.parametrize("categories", ["codes", "onehot"])
def test_baseline_columns_are_treatment_contrasts_of_full_rank(table, categories):
    learnt, _ = TableInput.learn(table, formula="a + colour", categories=categories, scaling=False)
    columns = learnt.baseline_columns(table)
    expected = bn.model_matrix("~ a + colour", table).drop(columns="(Intercept)")
    pd.testing.assert_frame_equal(columns[expected.columns], expected, check_exact=False)
    assert columns.shape == expected.shape
    with pytest.warns(UnseenLevelWarning):
        unseen = learnt.baseline_columns(table[:1].assign(colour="violet"))
    np.testing.assert_allclose(unseen[["colourgreen", "colourred"]], [[0.25, 0.5]])  # shares in training


def test_rows_left_out_for_missing_values_are_known_by_position(table):
    holes = table.assign(a=table["a"].where(table.index != 3))
    with pytest.warns(DroppedWarning):
        learnt, prepared = TableInput.learn(holes, formula="a + b", missing="drop")
    assert prepared.rows.tolist() == [i for i in range(40) if i != 3] and len(prepared.inputs) == 39
    assert 3 not in learnt.apply(holes).rows and 3 not in learnt.baseline_columns(holes).index
    learnt, prepared = TableInput.learn(holes, formula="a + b", missing="impute", scaling=False)
    assert prepared.inputs[3].tolist() == [pytest.approx(holes["a"].median()), pytest.approx(-3, abs=1), 1]


def test_an_offset_of_the_formula_comes_along(table):
    _, prepared = TableInput.learn(table, formula="a + offset(b)")
    np.testing.assert_array_equal(prepared.offset, table["b"])
    np.testing.assert_array_equal(prepared.take(slice(2)).offset, table["b"][:2])


@pytest.mark.parametrize("as_given", [np.asarray, lambda x: x.tolist(), lambda x: x.astype("float32")])
def test_arrays_have_columns_by_position_and_no_names(as_given):
    X = np.random.default_rng(0).normal(size=(20, 3)).round(2)
    learnt, prepared = choose_input(as_given(X)).learn(as_given(X), scaling=False)
    np.testing.assert_allclose(prepared.inputs, X, rtol=1e-6)
    assert learnt.feature_names is None and learnt.n_features_in == 3
    with pytest.raises(
        InputError, match=r"(?s)columns of training.*has 2 features.*expecting 3.*Training had"
    ):
        learnt.apply(X[:, :2])


BAD = {
    "one axis": (np.zeros(3), "two dimensions"),
    "text": (np.array([["a", "b"]]), "array of numbers"),
    "ragged": ([[1.0, 2.0], [3.0]], "each row of the same length"),
    "moments": (np.array([["2020-01-01"]], "datetime64[D]"), "array of numbers"),
    "no rows": (np.zeros((0, 2)), "must have rows"),
    "no columns": (np.zeros((2, 0)), "must have columns"),
    "infinite": (np.array([[1.0, np.inf], [0.0, 1.0]]), "finite|infinite"),
    "missing": (np.array([[1.0, np.nan], [0.0, 1.0]]), "missing"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_table_is_refused_in_three_sentences(name):
    X, words = BAD[name]
    with pytest.raises(InputError, match=words) as caught:
        TableInput.learn(X)
    assert caught.value.must and caught.value.found and caught.value.hint
    learnt, _ = TableInput.learn(np.random.default_rng(1).normal(size=(5, 2)))
    with pytest.raises(InputError) as caught:
        learnt.apply(X)
    assert caught.value.must and caught.value.found and caught.value.hint


def test_columns_that_went_missing_are_named(table):
    learnt, _ = TableInput.learn(table, formula="a + b")
    with pytest.raises(ColumnError, match="`?b`?"):
        learnt.apply(table[["a"]])
