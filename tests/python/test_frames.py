"""Tables of any make become one frame, and every column says its kind."""

import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse

from bineural.errors import ColumnError, InputError
from bineural.tables.frames import (
    as_frame,
    category_values,
    column_kind,
    is_frame,
    numeric_values,
)

COLUMNS = {"a": [1, 2, 3], "b": [0.5, None, 2.5], "c": ["x", None, "y"], "d": [True, False, None]}


@pytest.mark.parametrize(
    "make", [dict, pd.DataFrame, pl.DataFrame, pa.table], ids=["dict", "pandas", "polars", "pyarrow"]
)
def test_tables_of_every_make_give_the_same_columns(make):
    frame = as_frame(make(COLUMNS))
    assert list(frame.columns) == ["a", "b", "c", "d"]
    assert [column_kind(frame[name]) for name in "abcd"] == ["numeric", "numeric", "text", "logical"]
    np.testing.assert_array_equal(numeric_values(frame["b"], "b"), [0.5, np.nan, 2.5])
    np.testing.assert_array_equal(numeric_values(frame["d"], "d"), [1, 0, np.nan])
    codes, labels = category_values(frame["c"])
    assert (codes.tolist(), labels) == ([0, -1, 1], ["x", "y"])


def test_a_frame_is_taken_as_it_is_and_an_array_without_a_copy():
    frame, array = pd.DataFrame(COLUMNS), np.zeros((4, 2))
    assert as_frame(frame) is frame
    seen = as_frame(array)
    assert list(seen.columns) == ["x1", "x2"]
    assert np.shares_memory(seen["x1"].to_numpy(), array)


def test_records_and_numbered_columns_get_text_names():
    assert list(as_frame([{"a": 1, "b": 2}, {"a": 3, "b": 4}]).columns) == ["a", "b"]
    assert list(as_frame(pd.DataFrame(np.zeros((2, 2)))).columns) == ["0", "1"]
    record = np.array([(1, 2.0)], dtype=[("i", int), ("f", float)])
    assert list(as_frame(record).columns) == ["i", "f"]


def test_is_frame_tells_tables_from_arrays():
    assert all(
        is_frame(table) for table in (pd.DataFrame(COLUMNS), pl.DataFrame(COLUMNS), COLUMNS, [COLUMNS])
    )
    assert not any(is_frame(other) for other in (np.zeros((2, 2)), [[1, 2]], pd.Series([1]), "table", None))


@pytest.mark.parametrize(
    "data, words",
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "more than once: \\['a'\\]"),
        (pd.DataFrame(index=range(3)), "columns"),
        (pd.DataFrame({"a": []}), "0 sample"),
        ({"a": [1, 2], "b": [1]}, "equal length"),
        (np.zeros(3), "two dimensions"),
        (np.zeros((2, 2), complex), "Complex data not supported"),
        ("kyphosis.csv", "Found str"),
        (pd.Series([1, 2]), "to_frame"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "one level"),
    ],
)
def test_what_is_no_table_is_refused(data, words):
    with pytest.raises(InputError, match=words):
        as_frame(data)


@pytest.mark.parametrize("kind", ["csr_array", "csc_matrix", "coo_array", "dok_array", "lil_matrix"])
def test_a_sparse_matrix_is_read_with_its_zeros(kind):
    made = getattr(scipy.sparse, kind)(np.array([[0, 2.5], [1, 0]]))
    assert as_frame(made).to_numpy().tolist() == [[0, 2.5], [1, 0]]


def test_a_sparse_matrix_too_large_with_its_zeros_is_refused_before_they_are_written():
    with pytest.raises(InputError, match="TruncatedSVD"):
        as_frame(scipy.sparse.csr_array((10**6, 10**6)))


@pytest.mark.parametrize(
    "values, kind",
    [
        (pd.array([1, None], "Int64"), "numeric"),
        (pd.array([1.5, None], "Float64"), "numeric"),
        (pd.array([True, None], "boolean"), "logical"),
        (pd.array(["a", None], "string"), "text"),
        (pd.array([1, None], pd.ArrowDtype(pa.int32())), "numeric"),
        (pd.array(["a", None], pd.ArrowDtype(pa.string())), "text"),
        (np.array([1, 2.5, None], object), "numeric"),
        (np.array([decimal.Decimal("1.5"), None], object), "numeric"),
        (np.array(["a", None], object), "text"),
        (np.array([True, None], object), "logical"),
        (np.array([1, "a"], object), "other"),
        (np.array([{"a": 1}], object), "other"),
        (np.array([None, None], object), "empty"),
        (np.array([np.nan, np.nan]), "empty"),
        (pd.array([None, None], "Int64"), "empty"),
        (pd.Categorical(["a"]), "category"),
        (pd.Categorical(["a"], ordered=True), "ordered"),
        (pd.to_datetime(["2019-05-29"]), "datetime"),
        (pd.to_datetime(["2019-05-29"]).tz_localize("UTC"), "datetime"),
        (pd.to_timedelta(["1 day"]), "datetime"),
        (pd.period_range("2019", periods=1, freq="Y"), "datetime"),
        (np.array([datetime.date(2019, 5, 29)], object), "datetime"),
    ],
)
def test_every_type_of_column_has_its_kind(values, kind):
    assert column_kind(pd.Series(values)) == kind


def test_missing_numbers_are_nan_in_every_type():
    for values in (pd.array([1, None], "Int64"), pd.array([1, None], pd.ArrowDtype(pa.int8())), [1.0, None]):
        np.testing.assert_array_equal(numeric_values(pd.Series(values), "a"), [1, np.nan])
    objects = pd.Series(np.array([decimal.Decimal("1.5"), None], object))
    np.testing.assert_array_equal(numeric_values(objects, "a"), [1.5, np.nan])


def test_text_is_no_number_and_the_error_names_column_and_value():
    with pytest.raises(ColumnError, match=r"(?s)`dose` must hold numbers.*'12 mg'"):
        numeric_values(pd.Series(["12 mg", "3"]), "dose")


def test_levels_keep_their_order_or_are_sorted_by_code_point():
    ordered = pd.Series(pd.Categorical(["b", "a"], categories=["z", "b", "a"]))
    assert category_values(ordered)[1] == ["z", "b", "a"]
    assert category_values(pd.Series(["b", "B", "a", "ä"]))[1] == ["B", "a", "b", "ä"]
    assert category_values(pd.Series([10.0, 2.0, 2.5]))[1] == ["2", "2.5", "10"]
    assert category_values(pd.Series(pd.Categorical([True, False])))[1] == ["FALSE", "TRUE"]


def test_levels_that_read_alike_are_refused():
    with pytest.raises(ColumnError, match="differ as text"):
        category_values(pd.Series(pd.Categorical([1, "1"]), name="a"))


def test_polars_categories_are_categories():
    frame = as_frame(pl.DataFrame({"a": ["v", "u"]}, schema={"a": pl.Enum(["v", "u"])}))
    assert column_kind(frame["a"]) == "category"
    assert category_values(frame["a"])[1] == ["v", "u"]
