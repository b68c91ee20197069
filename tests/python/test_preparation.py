"""A preparation learns from training rows alone, and treats missing, unseen and odd columns as it says."""

import copy
import json
import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import bineural as bn
from bineural.errors import ColumnError, DroppedWarning, FormulaError, InputError, UnseenLevelWarning
from bineural.inputs.matrices import model_matrix
from bineural.inputs.preparation import Preparation


def make_table(n=60, seed=7):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "a": rng.normal(5, 2, n),
            "b": rng.integers(1, 9, n),
            "f": pd.Categorical(rng.choice(["u", "v", "w"], n), categories=["w", "u", "v"]),
            "g": rng.choice(["no", "yes"], n),
            "o": pd.Categorical(rng.choice(["lo", "mid", "hi"], n), ["lo", "mid", "hi"], ordered=True),
            "flag": rng.random(n) < 0.4,
        }
    )


TABLE = make_table()
RICH = "poly(a, 2) * f + ns(b, 3) + bs(a, 4) + scale(b):flag + log(b) + factor(g) + C(o, sum) + offset(a)"


def same(first, second):
    """Say whether two Prepared are equal."""
    without = first.offset is None and second.offset is None
    return (
        np.array_equal(first.matrix, second.matrix)
        and np.array_equal(first.codes, second.codes)
        and np.array_equal(first.rows, second.rows)
        and (without or np.array_equal(first.offset, second.offset))
    )


# ---- training rows alone -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [{}, {"scaling": "standard"}, {"scaling": "quantile"}, {"categories": "onehot"}, {"missing": "impute"}],
    ids=str,
)
@pytest.mark.parametrize("formula", [None, ".", RICH])
def test_changing_test_rows_never_changes_a_preparation(formula, options):
    train, test = TABLE[:40], TABLE[40:]
    made = Preparation(formula, **options).fit(train)
    before, rows = repr(made.get_state()), made.transform(train)
    made.transform(test)
    made.transform(test.assign(a=test["a"] * 100, b=1, f="u"))
    assert repr(made.get_state()) == before
    assert same(made.transform(train), rows)
    assert same(Preparation(formula, **options).fit_transform(train), rows)


@pytest.mark.parametrize(
    "options", [{}, {"scaling": "standard"}, {"categories": "codes", "scaling": "robust"}], ids=str
)
@pytest.mark.parametrize("formula", [None, RICH])
def test_rows_one_by_one_equal_rows_together(formula, options):
    made = Preparation(formula, **options).fit(TABLE)
    together = made.transform(TABLE)
    alone = [made.transform(TABLE[i : i + 1]) for i in range(len(TABLE))]
    np.testing.assert_array_equal(np.vstack([p.matrix for p in alone]), together.matrix)
    np.testing.assert_array_equal(np.vstack([p.codes for p in alone]), together.codes)


@pytest.mark.parametrize(
    "options",
    [{}, {"scaling": "quantile"}, {"scaling": "robust", "contrasts": {"f": "sum"}}, {"missing": "impute"}],
    ids=str,
)
@pytest.mark.parametrize("formula", [None, ".", RICH])
def test_a_preparation_is_the_same_after_saving(formula, options):
    holed = TABLE.assign(b=TABLE["b"].where(TABLE.index != 3)) if "missing" in options else TABLE
    made = Preparation(formula, **options).fit(holed)
    plain = lambda v: v.tolist() if isinstance(v, np.ndarray) else f"not plain: {type(v)}"  # noqa: E731
    text = json.dumps(made.get_state(), default=plain)
    assert "not plain" not in text
    copies = [Preparation.from_state(made.get_state()), pickle.loads(pickle.dumps(made)), copy.deepcopy(made)]
    for other in [*copies, Preparation.from_state(json.loads(text))]:
        assert same(other.transform(TABLE), made.transform(TABLE))
        assert (other.names_, other.levels_, other.intercept_) == (made.names_, made.levels_, made.intercept_)


@pytest.mark.parametrize("make", [pl.from_pandas, pa.Table.from_pandas, lambda t: t.to_dict("list")])
def test_tables_of_every_make_are_prepared_alike(make):
    frame = TABLE.drop(columns="o").assign(f=TABLE["f"].astype(str))
    made = Preparation("a * f + b + g + flag").fit(frame)
    assert same(made.transform(make(frame)), made.transform(frame))
    assert same(Preparation("a * f + b + g + flag").fit_transform(make(frame)), made.transform(frame))


def test_nullable_types_are_prepared_as_plain_ones():
    nullable = TABLE.convert_dtypes()
    assert str(nullable["b"].dtype) == "Int64"
    assert same(Preparation().fit_transform(nullable), Preparation().fit_transform(TABLE))


# ---- columns by type ---------------------------------------------------------------------------------------


def test_columns_by_type_equal_the_dot():
    by_type, dot = Preparation().fit(TABLE), Preparation(".").fit(TABLE)
    assert by_type.names_ == dot.names_ == ["a", "b", "fu", "fv", "gyes", "o.L", "o.Q", "flagTRUE"]
    assert same(by_type.transform(TABLE), dot.transform(TABLE))
    assert by_type.columns_ == list(TABLE.columns)


def test_the_outcome_is_left_out_of_all_columns():
    for formula in (None, "."):
        assert Preparation(formula).fit(TABLE, outcome="a").columns_ == ["b", "f", "g", "o", "flag"]
        assert Preparation(formula).fit(TABLE, outcome=["a", "g"]).columns_ == ["b", "f", "o", "flag"]
    with pytest.raises(ColumnError, match="must be predictors"):
        Preparation().fit(TABLE[["a"]], outcome="a")


@pytest.mark.parametrize(
    "column, words",
    [
        (pd.date_range("2019-05-29", periods=60), "(?s)`z`.*dates or times.*days since"),
        (np.full(60, np.nan), "(?s)`z`.*nothing but missing values"),
        (np.array([1, "a"] * 30, dtype=object), "(?s)`z`.*mixed"),
        ([f"patient {i}" for i in range(60)], "(?s)`z`.*60 values are all different"),
        ([1.0, np.inf] * 30, "(?s)`z` must be finite.*infinity in 30 of 60"),
    ],
)
def test_columns_that_cannot_be_used_are_named(column, words):
    with pytest.raises(ColumnError, match=words):
        Preparation().fit(TABLE.assign(z=column))


def test_an_unused_column_may_hold_anything():
    odd = TABLE.assign(z=pd.date_range("2019-05-29", periods=60))
    assert Preparation("a + b").fit(odd).names_ == ["a", "b"]


def test_categories_become_one_column_per_level_or_codes():
    onehot = Preparation("f + a:f + a", categories="onehot").fit(TABLE)
    assert onehot.names_ == ["fw", "fu", "fv", "a", "fu:a", "fv:a"]
    coded = Preparation("a + f + g + flag + a:f", categories="codes").fit(TABLE)
    prepared = coded.transform(TABLE)
    assert coded.code_columns_ == ["f", "g"] and coded.level_counts_ == [3, 2]
    assert prepared.codes.dtype == np.int32 and prepared.codes.min() == 1
    assert (prepared.codes[:, 0] - 1 == TABLE["f"].cat.codes).all()
    assert coded.names_ == ["a", "flagTRUE", "a:fu", "a:fv"]


def test_level_frequencies_are_shares_of_training_rows():
    made = Preparation().fit(TABLE)
    np.testing.assert_allclose(
        made.level_frequencies_["f"], TABLE["f"].value_counts(normalize=True, sort=False)
    )
    assert made.levels_ == {
        "f": ["w", "u", "v"],
        "g": ["no", "yes"],
        "o": ["lo", "mid", "hi"],
        "flag": ["FALSE", "TRUE"],
    }


def test_without_an_intercept_the_first_category_keeps_all_levels():
    made = Preparation(intercept=False).fit(TABLE[["a", "f", "g"]])
    assert made.names_ == ["a", "fw", "fu", "fv", "gyes"] and not made.intercept_
    assert not Preparation("a - 1").fit(TABLE).intercept_


def test_a_category_with_one_level_gets_no_column_but_a_warning():
    with pytest.warns(DroppedWarning, match="one level only: 'g'"):
        made = Preparation("a + g").fit(TABLE.assign(g="no"))
    assert made.names_ == ["a"]


def test_levels_without_training_rows_get_no_column():
    made = Preparation("f").fit(TABLE[TABLE["f"] != "w"])
    assert made.names_ == ["fv"] and made.levels_ == {"f": ["u", "v"]}


# ---- scaling -----------------------------------------------------------------------------------------------


def test_scaling_is_by_the_n_minus_one_sd_and_leaves_dummies():
    made = Preparation("a * f + poly(b, 2) + a:b + flag", scaling="standard").fit(TABLE)
    matrix = made.transform(TABLE).matrix
    numeric = ["a", "poly(b, 2)1", "poly(b, 2)2", "a:b"]
    columns = pd.DataFrame(matrix, columns=made.names_)
    np.testing.assert_allclose(columns[numeric].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(columns[numeric].std(ddof=1), 1, rtol=1e-12)
    plain = model_matrix("a * f + poly(b, 2) + a:b + flag", TABLE)
    for name in ("fu", "fv", "flagTRUE", "a:fu", "a:fv"):
        np.testing.assert_array_equal(columns[name], plain[name])
    assert dict(zip(made.names_, made.scales_))["a"] == pytest.approx(TABLE["a"].std(), rel=1e-14)


def test_scaling_survives_a_large_mean():
    column = 1e9 + np.random.default_rng(0).normal(size=1000)
    made = Preparation(scaling="standard").fit(pd.DataFrame({"a": column}))
    assert made.scales_[0] == pytest.approx(np.std(column - 1e9, ddof=1), rel=1e-6)


def test_constant_columns_are_dropped_when_scaling_and_kept_otherwise():
    constant = TABLE.assign(c=0.1)
    with pytest.warns(DroppedWarning, match="constant columns: .c"):
        made = Preparation("a + c + b", scaling="standard").fit(constant)
    assert made.names_ == ["a", "b"] and made.dropped_ == ["c"] and made.centers_.shape == (2,)
    assert made.transform(constant.assign(c=5.0)).matrix.shape == (60, 2)
    assert Preparation("a + c + b").fit(constant).names_ == ["a", "c", "b"]
    with pytest.raises(ColumnError, match="n_samples = 1"):
        Preparation(scaling="standard").fit(TABLE[["a", "b"]][:1])


def test_rows_of_weight_zero_teach_nothing():
    weights = np.repeat([1.0, 0.0], 30)
    weighted = Preparation("a + b + f", scaling="standard").fit(TABLE, weights=weights)
    alone = Preparation("a + b + f", scaling="standard").fit(TABLE[:30])
    np.testing.assert_allclose(weighted.centers_, alone.centers_, rtol=1e-14)
    np.testing.assert_allclose(weighted.scales_, alone.scales_, rtol=1e-14)
    np.testing.assert_allclose(weighted.level_frequencies_["f"], alone.level_frequencies_["f"])


# ---- arrays ------------------------------------------------------------------------------------------------


def test_an_array_passes_through_without_a_copy():
    array = np.random.default_rng(1).normal(size=(50, 3))
    made = Preparation().fit(array)
    assert made.fit_transform(array).matrix is array and made.transform(array).matrix is array
    assert made.names_ == made.columns_ == ["x1", "x2", "x3"]
    assert made.transform(array.astype(np.float32)).matrix.dtype == np.float64
    assert made.transform(array.tolist()).matrix.shape == (50, 3)
    assert made.transform(pd.DataFrame(array)).matrix.shape == (50, 3)


def test_scaling_an_array_leaves_the_array_alone():
    array = np.random.default_rng(1).normal(3, 2, size=(50, 3))
    before = array.copy()
    matrix = Preparation(scaling="standard").fit_transform(array).matrix
    np.testing.assert_array_equal(array, before)
    np.testing.assert_allclose(matrix.std(axis=0, ddof=1), 1)


def test_an_array_with_a_formula_has_columns_x1_to_xp():
    array = np.random.default_rng(1).normal(size=(50, 3))
    made = Preparation("x1 * x3").fit(array)
    assert made.names_ == ["x1", "x3", "x1:x3"]
    np.testing.assert_array_equal(made.transform(array).matrix[:, 2], array[:, 0] * array[:, 2])


@pytest.mark.parametrize("value, words", [(np.nan, "(?s)NaN.*`x2` in 1"), (-np.inf, "(?s)`x2`.*infinity")])
def test_arrays_must_be_finite(value, words):
    array = np.ones((5, 3))
    made = Preparation().fit(array)
    array[2, 1] = value
    for step in (made.transform, Preparation().fit):
        with pytest.raises(ColumnError, match=words):
            step(array)


def test_huge_numbers_are_not_taken_for_infinity():
    array = np.full((4, 2), 1e308)
    assert Preparation().fit_transform(array).matrix is array
    assert Preparation().fit_transform(pd.DataFrame(array)).matrix[0, 0] == 1e308


def test_an_array_of_another_width_is_refused():
    with pytest.raises(InputError, match="X has 2 features, but .* is expecting 3 features as input"):
        Preparation().fit(np.ones((5, 3))).transform(np.ones((5, 2)))


# ---- missing values ----------------------------------------------------------------------------------------

HOLED = TABLE.assign(
    a=TABLE["a"].where(~TABLE.index.isin([3, 9])),
    f=TABLE["f"].where(TABLE.index != 5),
    g=TABLE["g"].where(TABLE.index != 7),
    flag=TABLE["flag"].astype("boolean").where(TABLE.index != 9),
)


def test_missing_predictors_are_refused_with_columns_and_counts():
    with pytest.raises(ColumnError, match=r"(?s)NaN.*`a` in 2, `f` in 1, `g` in 1, `flag` in 1 of 60 rows"):
        Preparation().fit(HOLED)
    with pytest.raises(ColumnError, match="`a` in 2"):
        Preparation("a + b").fit(TABLE).transform(HOLED)


def test_missing_rows_are_dropped_with_a_count():
    with pytest.warns(DroppedWarning, match=r"Left out 4 of 60 rows with missing values in `a` \(2\)"):
        prepared = Preparation(missing="drop").fit_transform(HOLED)
    kept = [i for i in range(60) if i not in (3, 5, 7, 9)]
    assert prepared.rows.tolist() == kept
    np.testing.assert_array_equal(prepared.matrix, Preparation().fit_transform(TABLE.loc[kept]).matrix)


def test_rows_missing_at_prediction_are_left_out():
    made = Preparation("a * f + offset(b)", missing="drop").fit(TABLE)
    prepared = made.transform(HOLED)
    assert len(prepared.matrix) == len(prepared.offset) == 57 and 5 not in prepared.rows
    assert made.transform(HOLED[3:4]).matrix.shape == (0, 5)


def test_missing_values_are_imputed_with_an_indicator():
    made = Preparation(missing="impute").fit(HOLED)
    assert made.names_[-4:] == ["a_missing", "f_missing", "g_missing", "flag_missing"]
    assert made.fill_values_["a"] == pytest.approx(HOLED["a"].median())
    assert made.fill_values_["f"] == HOLED["f"].mode()[0]
    assert made.fill_values_["flag"] == bool(HOLED["flag"].mode()[0])
    rows = pd.DataFrame(made.transform(HOLED).matrix, columns=made.names_)
    assert rows.loc[3, "a"] == made.fill_values_["a"] and rows.loc[3, "a_missing"] == 1
    assert rows["a_missing"].sum() == 2
    assert made.transform(TABLE).matrix[:, -4:].sum() == 0


@pytest.mark.parametrize("levels", [["u", "v", "w", "x"], ["x", "u", "y", "v"], ["x", "v", "u"]])
@pytest.mark.parametrize("categories", ["contrast", "onehot", "codes"])
def test_a_level_is_imputed_alike_whatever_levels_no_row_has(levels, categories):
    f = pd.Categorical(["u", "v", "v", None, "v", "u"], levels)
    table = pd.DataFrame({"a": np.arange(6.0), "f": f})
    filled = table.assign(f=table["f"].fillna("v"))  # the most frequent
    made = Preparation(missing="impute", categories=categories)
    rows = made.fit_transform(table)
    assert made.fill_values_["f"] == "v" and same(made.transform(table), rows)
    expected = Preparation(categories=categories).fit_transform(filled)
    np.testing.assert_array_equal(rows.matrix[:, :-1], expected.matrix)
    np.testing.assert_array_equal(made.transform(table).codes, expected.codes)
    again = Preparation.from_state(made.get_state())
    assert same(again.transform(table), rows)


def test_imputing_without_gaps_in_training_adds_no_indicator():
    made = Preparation("a + f", missing="impute").fit(TABLE)
    assert made.names_ == ["a", "fu", "fv"]
    assert np.isfinite(made.transform(HOLED).matrix).all()


def test_imputation_precedes_the_terms():
    made = Preparation("poly(a, 2)", missing="impute").fit(HOLED)
    assert made.names_ == ["poly(a, 2)1", "poly(a, 2)2", "a_missing"]


@pytest.mark.parametrize(
    "option",
    [{"categories": "dummies"}, {"missing": "omit"}, {"unseen": None}, {"scaling": "yes"}, {"intercept": 2}],
)
def test_options_of_another_kind_are_refused(option):
    (name,) = option
    with pytest.raises(InputError, match=f"(?s)`{name}` must be .*Found {option[name]!r}"):
        Preparation("a", **option)


# ---- unseen levels and changed columns ---------------------------------------------------------------------


@pytest.mark.parametrize("categories", ["contrast", "onehot"])
def test_an_unseen_level_gets_the_mean_training_row(categories):
    made = Preparation("f + g", categories=categories).fit(TABLE)
    new = TABLE.assign(f=["x", "y", "y"] + ["u"] * 57, g="maybe")
    with pytest.warns(UnseenLevelWarning) as caught:
        rows = made.transform(new).matrix
    assert len(caught) == 1
    words = str(caught[0].message)
    assert "`f`: 'x' (1), `f`: 'y' (2)" in words and "`g`: 'maybe' (60)" in words
    np.testing.assert_allclose(rows[0], made.transform(TABLE).matrix.mean(axis=0), rtol=1e-12)


def test_an_unseen_level_gets_code_zero():
    made = Preparation("f + a", categories="codes").fit(TABLE)
    with pytest.warns(UnseenLevelWarning, match="code 0"):
        prepared = made.transform(TABLE.assign(f="x"))
    assert not prepared.codes.any()


@pytest.mark.parametrize("formula", ["factor(b)", "f", "a:f", "relevel(f, ref = 'u')", "C(f, sum)"])
def test_unseen_levels_are_counted_wherever_they_are_used(formula):
    made = Preparation(formula).fit(TABLE)
    new = TABLE.assign(b=99, f="x")
    with pytest.warns(UnseenLevelWarning, match=r"'99' \(60\)|'x' \(60\)"):
        assert np.isfinite(made.transform(new).matrix).all()
    with pytest.raises(ColumnError, match=r"(?s)seen in training.*'99' \(60\)|'x' \(60\)"):
        Preparation(formula, unseen="error").fit(TABLE).transform(new)


def test_levels_are_known_again_in_any_type():
    numbers = TABLE.assign(f=pd.Categorical(TABLE["b"]))
    made = Preparation("f").fit(numbers)
    for again in (TABLE["b"], TABLE["b"].astype(float), TABLE["b"].astype(str)):
        assert same(made.transform(TABLE.assign(f=again)), made.transform(numbers))


def test_columns_at_prediction_are_found_by_name():
    made = Preparation("a + b").fit(TABLE)
    assert same(made.transform(TABLE[["flag", "b", "a"]]), made.transform(TABLE))
    with pytest.raises(ColumnError, match="(?s)no column `a`.*Did you mean `A`"):
        made.transform(TABLE.rename(columns={"a": "A"}))


def test_a_column_of_another_type_at_prediction_is_named():
    made = Preparation().fit(TABLE)
    with pytest.raises(ColumnError, match="(?s)`a` must hold numbers.*'many'"):
        made.transform(TABLE.assign(a="many"))
    with pytest.raises(ColumnError, match="(?s)`flag` must hold True or False.*3"):
        made.transform(TABLE.assign(flag=3))
    assert same(made.transform(TABLE.assign(flag=TABLE["flag"].astype(int))), made.transform(TABLE))


@pytest.mark.parametrize(
    "options",
    [
        {"categories": "dummy"},
        {"missing": "ignore"},
        {"unseen": "drop"},
        {"formula": "y ~ a"},
        {"formula": 3},
    ],
)
def test_options_are_checked_at_once(options):
    with pytest.raises(InputError):
        Preparation(**options)


def test_contrasts_must_name_categories():
    with pytest.raises(InputError, match=r"(?s)`contrasts` must name.*\['z'\].*\['f'\]"):
        Preparation("a + f", contrasts={"z": "sum"}).fit(TABLE)
    with pytest.raises(InputError, match="3 rows"):
        Preparation("f", contrasts={"f": [[1.0]]}).fit(TABLE)


def test_a_plain_name_is_not_an_outcome():
    with pytest.raises(FormulaError, match="both sides"):
        Preparation("a + b").fit(TABLE, outcome="a")


def test_nothing_is_said_where_nothing_is_wrong():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Preparation(RICH, scaling="standard").fit(TABLE).transform(TABLE)


def test_an_intercept_alone_is_a_model():
    prepared = Preparation("1").fit_transform(bn.load_dataset("kyphosis"))
    assert prepared.matrix.shape == (81, 0)


def test_columns_of_an_offset_are_never_imputed():
    holed = HOLED.assign(y=1.0)
    with pytest.raises(ColumnError, match="(?s)Columns of an offset.*`a` in 2 of 60 rows"):
        Preparation("b + offset(a)", missing="impute").fit(holed)
    made = Preparation("b + offset(abs(a))", missing="impute").fit(TABLE)
    with pytest.raises(ColumnError, match="(?s)Columns of an offset.*Leave those rows out"):
        made.transform(HOLED)
    np.testing.assert_array_equal(made.transform(TABLE).offset, TABLE["a"].abs())


def test_rows_missing_at_prediction_name_what_the_fit_should_have_been():
    with pytest.raises(ColumnError, match='Leave those rows out, or fit the model with missing="impute"'):
        Preparation("a + b").fit(TABLE).transform(HOLED)
