"""`as_sequences`: a long table by id and time; gaps, repeated times and changing outcomes are named."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import ColumnError, InputError


@pytest.fixture
def days():
    """Three people, days in no order, ids in no order."""
    return pd.DataFrame(
        {
            "who": ["cy", "ann", "cy", "bo", "ann", "cy"],
            "day": [3, 2, 1, 5, 1, 2],
            "pulse": [73.0, 82, 71, 95, 81, 72],
            "awake": [True, False, True, True, True, False],
            "ward": ["A", "B", "A", "A", "B", "A"],
            "mood": ["low", "high", "high", "low", "low", "low"],
            "ill": ["no", "yes", "no", "yes", "yes", "no"],
        }
    )


def test_a_long_table_becomes_sequences_in_the_order_of_time(days):
    sequences = bn.as_sequences(days, id="who", time="day", outcome="ill")
    assert sequences.features == ["pulse", "awake"]
    wanted = [[[71, 1], [72, 0], [73, 1]], [[81, 1], [82, 0]], [[95, 1]]]
    assert [steps.tolist() for steps in sequences] == wanted
    assert sequences.rows.index.tolist() == ["cy", "ann", "bo"]
    assert sequences.rows.index.name == "who"
    assert sequences.rows.to_dict("list") == {"ill": ["no", "yes", "yes"], "ward": ["A", "B", "A"]}
    some = sequences[sequences.rows["ward"] == "A"]
    assert some.outcome.tolist() == ["no", "yes"]
    np.testing.assert_array_equal(some[0], wanted[0])


def test_the_order_of_rows_and_the_library_of_the_table_change_nothing(days):
    wanted = bn.as_sequences(days, id="who", time="day", outcome="ill").values
    by_id = days.sort_values("day", ascending=False).sort_values(
        "who", key=lambda c: c.map({"cy": 0, "ann": 1, "bo": 2})
    )
    for table in (by_id, days.set_index("ward", append=True), days.to_dict("list")):
        got = bn.as_sequences(table, id="who", time="day", outcome="ill", features=["pulse", "awake"])
        np.testing.assert_array_equal(got.values, wanted)
    in_order = days.sort_values("day", kind="stable")
    kept = bn.as_sequences(in_order.drop(columns="day"), id="who", outcome="ill")
    assert sorted(map(len, kept)) == [1, 2, 3]


@pytest.mark.parametrize(
    "times",
    [
        [3, 2, 1, 5, 1, 2],
        [0.3, 0.2, 0.1, 0.7, 0.1, 0.2],
        pd.to_datetime(["2024-03-31", "2024-02-29", "2024-01-31", "2024-06-30", "2024-01-31", "2024-02-29"]),
        ["2024-03-01", "2024-02-01", "2024-01-01", "2024-06-01", "2024-01-01", "2024-02-01"],
        pd.PeriodIndex(["2024Q3", "2024Q2", "2024Q1", "2025Q1", "2024Q1", "2024Q2"], freq="Q"),
        pd.date_range("2024-03-30", periods=5, freq="D", tz="Europe/Berlin")[[2, 1, 0, 4, 0, 1]],
        ["c", "b", "a", "c", "a", "b"],
    ],
    ids=["counts", "numbers", "month ends", "months as text", "quarters", "days with a zone", "letters"],
)
def test_times_of_each_sort_are_evenly_spaced_by_their_own_measure(days, times):
    if isinstance(times[0], str) and times[0] == "c":
        times = pd.Categorical(times, categories=["a", "b", "c"], ordered=True)
    sequences = bn.as_sequences(days.assign(day=times), id="who", time="day", features=["pulse"])
    assert [steps[:, 0].tolist() for steps in sequences] == [[71, 72, 73], [81, 82], [95]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": [4, 2, 1, 5, 1, 2]}, "Sequence 'cy' goes from 2 to 4 in column 'day'; gaps in all: 1"),
        (
            {"day": pd.to_datetime([f"2024-01-0{d}" for d in (4, 2, 1, 5, 1, 2)])},
            "from 2024-01-02 00:00:00 to 2024-01-04",
        ),
        ({"day": [f"2024-01-0{d}" for d in (4, 2, 1, 5, 1, 2)]}, "goes from 2024-01-02 to 2024-01-04"),
        ({"day": [2, 2, 1, 5, 1, 2]}, "Sequence 'cy' has 2 twice in column 'day'"),
        (
            {"day": [3, 2, None, 5, 1, 2]},
            "1 of 6 rows have none in column 'day'; the first is of sequence 'cy'",
        ),
        ({"who": ["cy", "ann", None, "bo", "ann", "cy"]}, "1 of 6 rows have none in column 'who'"),
        (
            {"ill": ["no", "yes", "no", "yes", "no", "no"]},
            "Sequence 'ann' has 'no' and 'yes' in column 'ill'",
        ),
        ({"pulse": [73, 82, 71, 95, 81, None]}, r"Sequence 1 of 3 \('cy'\) has a missing value at step 2"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(days, changes, words):
    with pytest.raises(InputError, match=words):
        bn.as_sequences(days.assign(**changes), id="who", time="day", outcome="ill")


def test_columns_must_be_there_and_be_numbers(days):
    with pytest.raises(InputError, match="`id` must name the column"):
        bn.as_sequences(days)
    with pytest.raises(ColumnError, match="Did you mean 'who'"):
        bn.as_sequences(days, id="wo")
    with pytest.raises(ColumnError, match="`mood` must hold numbers"):
        bn.as_sequences(days, id="who", features=["mood"])
    with pytest.raises(ColumnError, match="a column of numbers"):
        bn.as_sequences(days[["who", "ward"]], id="who")
    with pytest.raises(InputError, match="of a long table only"):
        bn.as_sequences([np.ones((2, 1))], id="who")
    with pytest.raises(InputError, match="a long table, or arrays of steps"):
        bn.as_sequences("days")


@pytest.mark.parametrize(
    ("name", "id", "time", "shape", "outcome"),
    [
        ("japanese_vowels", "utterance", "step", (640, None, 12), "speaker"),
        ("italy_power", "day", "hour", (1096, 24, 1), "season"),
    ],
)
def test_sets_of_sequences_are_those_of_their_sources(name, id, time, shape, outcome):
    table = bn.load_dataset(name)
    listed = bn.list_datasets().set_index("name").loc[name]
    assert (listed["rows"], listed["columns"], listed["outcome"]) == (*table.shape, outcome)
    sequences = bn.as_sequences(table, id=id, time=time, outcome=outcome)
    assert sequences.shape == shape
    counts = sequences.rows.groupby(["part", outcome], observed=True).size()
    if name == "japanese_vowels":  # as its documentation at UCI says
        assert counts["train"].tolist() == [30] * 9
        assert counts["test"].tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
        assert (sequences.lengths.min(), sequences.lengths.max()) == (7, 29)
    else:  # the mean of a day that was standardised is 0, its SD 1
        days = np.asarray(sequences)[:, :, 0]
        assert counts.groupby("part", observed=True).sum().tolist() == [67, 1029]
        np.testing.assert_allclose(days.mean(axis=1), 0, atol=1e-6)
        np.testing.assert_allclose(days.std(axis=1, ddof=1), 1, atol=1e-6)
