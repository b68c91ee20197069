"""Regular times: read as positions, continued as pandas does, and refused where they are not regular."""

import numpy as np
import pandas as pd
import pytest

from bineural.errors import ColumnError
from bineural.forecasting.times import find_axis, read_times

DATES = [
    ("1949-01-01", "MS", "month"),
    ("2020-01-31", "ME", "month"),
    ("2020-02-01", "QS-FEB", "quarter"),
    ("2000-01-01", "YS", "year"),
    ("2024-02-27", "D", "day"),
    ("2024-02-27", "W-TUE", "week"),
    ("2024-02-27", "15min", "15 minutes"),
    ("2024-02-27 06:00", "h", "hour"),
]


def axis_of(values, name="when"):
    read = read_times(pd.Series(values), name)
    return find_axis(read, np.zeros(len(values), int), ["y"], name)


@pytest.mark.parametrize(("start", "freq", "unit"), DATES)
def test_dates_are_continued_as_pandas_does(start, freq, unit):
    dates = pd.date_range(start, periods=40, freq=freq)
    shuffled = np.random.default_rng(1).permutation(30)
    axis, positions = axis_of(dates[shuffled])
    assert axis.unit == unit
    assert np.array_equal(positions, shuffled)
    assert np.array_equal(axis.at(np.arange(30, 40)), dates[30:])
    assert np.array_equal(axis.find(pd.Series(dates[30:]), "when"), np.arange(30, 40))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        (["1999-11", "1999-12", "2000-01"], pd.period_range("1999-11", periods=3, freq="M").astype(object)),
        (["1999Q3", "1999Q4", "2000Q1"], pd.period_range("1999Q3", periods=3, freq="Q")),
        (["31/12/1999", "01/01/2000", "02/01/2000"], pd.date_range("1999-12-31", periods=3)),
    ],
)
def test_text_and_periods_are_the_same_times_as_dates(written, same):
    (axis, positions), (other, _) = axis_of(written), axis_of(same)
    assert axis == other
    assert positions.tolist() == [0, 1, 2]


def test_numbers_may_be_rounded():
    times = np.round(1949 + np.arange(144) / 12, 3)  # as R prints those of a ts
    axis, positions = axis_of(times)
    assert positions.tolist() == list(range(144))
    assert axis.at([144])[0] == pytest.approx(1961, abs=1e-3)
    assert axis_of([3, 5, 7])[0].at([3])[0] == 9


def test_days_keep_their_zone_over_a_change_of_the_clock():
    dates = pd.date_range("2024-03-28", periods=8, tz="Europe/Berlin")
    axis, _ = axis_of(dates[:4])
    assert axis.unit == "day"
    assert list(axis.at(np.arange(4, 8))) == list(dates[4:])


DAYS = pd.Series(pd.date_range("2024-01-01", periods=20))


def hours_with_late(step, *late):
    """Return times `step` hours apart, some of them seven minutes late."""
    times = pd.Series(pd.date_range("2024-01-01", periods=20, freq=f"{step}h"))
    return times.where(~times.index.isin(late), times + pd.Timedelta("7min"))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (DAYS.drop(index=[3, 4, 9]), "3 times of when are missing: 2024-01-04, 2024-01-05, 2024-01-10"),
        (pd.concat([DAYS, DAYS[5:6]]), "1 row repeat"),
        (DAYS.where(DAYS.index != 7, DAYS + pd.Timedelta("5h")), "equally far apart"),
        (hours_with_late(1, 7), r"Most are an hour apart; 2024-01-01T07:07:00 is not\."),
        (hours_with_late(2, 7, 9), "Most are 2 hours apart; .* is not, nor is 1 other\\."),
        (DAYS.where(DAYS.index != 2), "(?s)must have its time.*1 time of 20 is missing"),
        (pd.Series([True, False, True]), "must hold times"),
        (pd.Series(["2024-01-01", "soon"]), "order is certain"),
        (pd.Series([1.0, 2.0, 4.0, 5.0]), "1 time of when is missing: 3"),
        (DAYS[:1], "at least two times"),
    ],
)
def test_what_is_not_regular_is_refused(values, words):
    with pytest.raises(ColumnError, match=words):
        axis_of(values.reset_index(drop=True))


def test_times_between_two_steps_are_refused():
    axis, _ = axis_of(DAYS)
    with pytest.raises(ColumnError, match="a day apart"):
        axis.find(pd.Series(["2024-01-05 12:00"]), "when")
    with pytest.raises(ColumnError, match="a day apart"):
        axis.find(pd.Series([7.0]), "when")
