"""Tables of series: one or many, in any order, checked."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import ColumnError, InputError, OutcomeError
from bineural.forecasting.series import frame_of_ts, read_series

FLIGHTS = bn.load_dataset("air_passengers")


def test_the_order_of_rows_does_not_matter():
    sales = bn.load_dataset("texas_sales")
    shuffled = sales.sample(frac=1, random_state=1)
    table = read_series(shuffled, "sales", "month", "city")
    assert [each.name for each in table.series] == sorted(sales["city"].unique())
    austin = sales[sales["city"] == "Austin"].sort_values("month")
    assert np.array_equal(table.series[3].values, austin["sales"])


def test_rows_whose_outcome_is_not_known_at_the_end_are_the_future():
    data = pd.DataFrame({"y": [1.0, 2, 3, np.nan, np.nan], "holiday": [0, 1, 0, 1, 0]})
    (series,) = read_series(data, "y", known=["holiday"]).series
    assert series.values.tolist() == [1, 2, 3]
    assert series.known[:, 0].tolist() == [0, 1, 0, 1, 0]


def test_an_index_of_dates_is_the_time():
    values = pd.Series([1.0, 2, 4], pd.period_range("2020-01", periods=3, freq="M"), name="y")
    table = read_series(values)
    assert table.outcome == "y"
    assert table.axis.at([3])[0] == pd.Timestamp("2020-04-01")


def test_a_ts_of_r_has_its_times():
    frame = frame_of_ts(FLIGHTS["passengers"], 1949, 12, "passengers")
    assert frame["time"].tolist() == FLIGHTS["month"].tolist()
    assert frame_of_ts([1, 2, 3], 1, 7)["time"].tolist() == [1, 1 + 1 / 7, 1 + 2 / 7]


@pytest.mark.parametrize(
    ("change", "options", "error", "words"),
    [
        (lambda d: d.assign(passengers=d["passengers"].where(d.index != 7)), {}, OutcomeError, "1949-08"),
        (lambda d: d.assign(passengers="many"), {}, OutcomeError, "must be numbers"),
        (lambda d: d.assign(passengers=np.inf), {}, OutcomeError, "finite"),
        (lambda d: d[:0], {}, InputError, "must have rows"),
        (lambda d: d.assign(city=None), {"series": "city"}, ColumnError, "which series"),
        (
            lambda d: d.assign(price=np.nan),
            {"known": ["price"]},
            ColumnError,
            "144 values of 144 are missing",
        ),
        (lambda d: d, {"known": ["passengers"]}, ColumnError, "named twice"),
        (lambda d: d, {"time": "mnth"}, ColumnError, "Did you mean 'month'"),
        (lambda d: pd.concat([d, d]), {}, ColumnError, "144 rows repeat"),
    ],
)
def test_what_can_not_be_used_is_refused(change, options, error, words):
    with pytest.raises(error, match=words):
        read_series(change(FLIGHTS), "passengers", **{"time": "month", **options})


def test_arrays_must_be_of_one_series():
    assert read_series([1.0, 2.0, 3.0]).series[0].values.tolist() == [1, 2, 3]
    with pytest.raises(InputError, match="numbers of one series"):
        read_series(np.zeros((3, 2)))
