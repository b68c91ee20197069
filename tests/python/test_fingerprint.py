"""One fingerprint for the same data from anywhere; another one, that says why, for other data."""

import datetime
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse

from bineural import load_dataset
from bineural.tables.fingerprint import _hash_numbers, describe_differences, fingerprint_data
from rjudge import r

FRAME = pd.DataFrame(
    {
        "count": [3, 1, 2, 2],
        "size": [0.1, np.nan, -0.0, 1e300],
        "label": ["b", "a", None, "é"],
        "flag": [True, False, True, True],
        "day": pd.to_datetime(["2020-01-01", "1969-12-31", None, "2020-01-01"]),
        "gone": [np.nan] * 4,
    }
)


def same(data, other):
    return fingerprint_data(data) == fingerprint_data(other)


def test_the_same_columns_hash_alike_in_every_dress():
    dressed = pd.DataFrame(
        {
            "count": FRAME["count"].astype("float32"),
            "size": pd.array([0.1, None, 0.0, 1e300], dtype="Float64"),
            "label": pd.Categorical(FRAME["label"], categories=["x", "é", "b", "a"]),
            "flag": FRAME["flag"].astype("boolean"),
            "day": [datetime.date(2020, 1, 1), datetime.date(1969, 12, 31), None, datetime.date(2020, 1, 1)],
            "gone": [None] * 4,
        }
    ).set_axis([4, 3, 2, 1])
    assert same(FRAME, dressed)
    assert same(FRAME, FRAME[FRAME.columns[::-1]])
    assert same(FRAME, pl.from_pandas(FRAME))
    assert same(
        FRAME,
        pl.from_pandas(FRAME).with_columns(pl.col("label").cast(pl.Categorical), pl.col("day").dt.date()),
    )
    assert same(FRAME, pa.Table.from_pandas(FRAME, preserve_index=False))
    assert same(FRAME, dict(FRAME))
    with np.errstate(invalid="ignore"):  # pandas 2 tries 1e300 as an integer
        assert same(FRAME, FRAME.convert_dtypes())
        assert same(FRAME, FRAME.convert_dtypes(dtype_backend="pyarrow"))
    assert same(
        pd.DataFrame({"a": [True, None]}), pd.DataFrame({"a": pd.array([True, None], dtype="boolean")})
    )


def test_csv_and_parquet_files_of_a_frame_have_its_fingerprint(tmp_path):
    frame = FRAME.drop(columns="day")
    frame.to_csv(tmp_path / "frame.csv", index=False)
    frame.to_parquet(tmp_path / "frame.parquet")
    assert same(frame, load_dataset(tmp_path / "frame.csv"))
    assert same(frame, load_dataset(tmp_path / "frame.parquet"))


def test_what_r_holds_has_the_fingerprint_of_the_csv(tmp_path):
    r(f"data(kyphosis, package = 'rpart'); write.csv(kyphosis, '{tmp_path}/k.csv', row.names = FALSE)")
    assert same(load_dataset("kyphosis"), load_dataset(tmp_path / "k.csv"))


def test_arrays_hash_by_value_not_by_dtype_or_memory_order():
    images = np.arange(24).reshape(4, 3, 2)
    assert same(images, np.asfortranarray(images.astype(np.float32)))
    assert same(images, images.astype(np.uint8)[:, :, :])
    assert not same(images, images.reshape(4, 2, 3))
    assert not same(images, images > 3)
    assert same(np.array(["a", "b"]), ["a", "b"])
    assert same(np.array([1, 2]), pd.Series([1.0, 2.0]))
    matrix = scipy.sparse.random_array((20, 5), density=0.3, rng=1)
    assert same(matrix.tocsc(), matrix.tocsr())
    assert not same(matrix, 2 * matrix)
    long = np.random.default_rng(1).normal(size=(70_000, 3))  # several blocks
    assert same(long, long.copy(order="F")) and not same(long, long[::-1])


@pytest.mark.parametrize(
    "one, other",
    [
        ([0.1 + 0.2], [0.3]),
        ([2**53 + 1], [2**53]),
        (["ab", "c"], ["a", "bc"]),
        (["1"], [1]),
        ([True], [1]),
        (["a", None], ["a", ""]),
        (["a", "b"], ["b", "a"]),
    ],
)
def test_different_values_hash_differently(one, other):
    assert not same({"x": one}, {"x": other})


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda f: f.iloc[:3], "There are 3 rows where 4 are expected."),
        (lambda f: f.drop(columns="size"), "Missing: 'size'."),
        (lambda f: f.assign(new=1), "New: 'new'."),
        (lambda f: f.rename(columns={"size": "Size"}), "Column 'size' is now called 'Size'."),
        (lambda f: f.assign(count=list("3122")), "Column 'count' is text where number is expected."),
        (lambda f: f.assign(count=[3, 1, 2, 3]), "Values differ in 'count'."),
        (lambda f: f.iloc[::-1], "The same values stand in another order of rows"),
    ],
)
def test_differences_are_named(change, said):
    differences = describe_differences(fingerprint_data(FRAME), fingerprint_data(change(FRAME)))
    assert len(differences) == 1 and differences[0].startswith(said)
    assert describe_differences(fingerprint_data(FRAME), fingerprint_data(FRAME.copy())) == []


def test_the_missing_value_of_r_is_any_nan_and_says_nothing():
    payload = np.array([1.0, 2.0])
    payload.view(np.uint64)[1] = 0x7FF00000000007A2  # R's NA_real_, a signalling NaN
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _hash_numbers(payload) == _hash_numbers(np.array([1.0, np.nan]))
