"""Folds in the order of time only look back, however times are written; what reads two ways is refused."""

import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import bineural as bn
from bineural.cli import main

DAYS = pd.date_range("2020-11-03", periods=90)
MINUTES = pd.date_range("2020-12-30 22:00", periods=90, freq="61min")
MONTHS = pd.date_range("1999-03-01", periods=60, freq="MS")
QUARTERS = pd.date_range("2009-01-01", periods=40, freq="QS")


def look_back(true_times, written):
    """Shuffle the rows; check that splits and folds by the written times look back in the true ones."""
    order = np.random.default_rng(7).permutation(len(true_times))
    true = np.asarray(true_times)[order]
    column = written.gather(order) if isinstance(written, pl.Series) else written[order]
    split = bn.split_rows(np.arange(len(true)), time=column, prop=0.6)
    folds = bn.make_folds(np.arange(len(true)), 4, time=column)
    for train, test in [(split.train_ids, split.test_ids), *folds]:
        assert true[train].max() <= true[test].min()
    return folds.read_as


def texts(times, form):
    return np.array(times.strftime(form), dtype=object)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("%d/%m/%Y", "day/month/year"),
        ("%m/%d/%Y", "month/day/year"),
        ("%d.%m.%Y", "day/month/year"),
        ("%d-%m-%Y", "day/month/year"),
        ("%Y-%m-%d", "year/month/day"),
        ("%Y/%m/%d", "year/month/day"),
        ("%Y%m%d", "numbers"),
        ("%m/%d/%Y\u00a0", "month/day/year"),
        ("%d-%b-%Y", "day/month/year"),
        ("%d %B %Y", "day/month/year"),
        ("%d%b%Y", "day/month/year"),
        ("%d-%b-%y", "day/month/year"),
        ("%a, %d %b %Y", "day/month/year"),
        ("%b %d, %Y", "month/day/year"),
        ("%B %d %Y", "month/day/year"),
        ("%Y-%b-%d", "year/month/day"),
        ("%G-W%V-%u", "year/ISO week"),
        ("%Y-%m-%dT00:00:00Z", "year/month/day"),
        ("%m/%d/%Y 12:00 AM", "month/day/year"),
    ],
)
def test_days_in_any_form_are_put_in_their_order(form, said):
    assert look_back(DAYS, texts(DAYS, form)) == f"read as {said}"


@pytest.mark.parametrize(
    ("times", "form"),
    [
        (MINUTES, "%d/%m/%Y %H:%M"),
        (MINUTES, "%m/%d/%Y %I:%M %p"),
        (MINUTES, "%Y-%m-%d %H:%M:%S.%f"),
        (MINUTES, "%Y-%m-%dT%H:%M:%S+02:00"),
        (MINUTES, "%Y%m%dT%H%M%SZ"),
        (MINUTES, "%d %b %Y %H:%M:%S GMT"),
        (MONTHS, "%b %Y"),
        (MONTHS, "%B-%Y"),
        (MONTHS, "%Y-%m"),
        (MONTHS, "%YM%m"),
        (MONTHS, "%m/%Y"),
        (MONTHS, "%m.%Y"),
        (MONTHS, "%Y.%m"),
        (MONTHS, "%Y %b"),
    ],
)
def test_times_of_day_and_months_are_put_in_their_order(times, form):
    assert look_back(times, texts(times, form)).startswith("read as ")


def test_parts_without_zeros_quarters_and_clocks_are_read():
    look_back(DAYS, np.array([f"{t.day}/{t.month}/{t.year}" for t in DAYS], dtype=object))
    look_back(MONTHS, np.array([f"{t.month}/{t.year}" for t in MONTHS], dtype=object))
    for form in ("{0}-Q{1}", "{0}Q{1}", "Q{1} {0}"):
        look_back(QUARTERS, np.array([form.format(t.year, t.quarter) for t in QUARTERS], dtype=object))
    hours = np.array([f"{k // 6}:{k % 6}0" for k in range(120)], dtype=object)
    assert look_back(np.arange(120), hours) == "read as hours:minutes"
    years = np.array(
        [f"{day}/{month}/{year}" for year in (88, 97) for month in range(1, 13) for day in (1, 28)]
    )
    assert look_back(np.arange(48), years.astype(object)) == "read as day/month/year"


def test_zones_are_put_on_one_clock_and_a_missing_midnight_is_one():
    cities = ["Europe/Berlin", "America/New_York", "Asia/Tokyo"]
    aware = [t.tz_localize("UTC").tz_convert(cities[k % 3]) for k, t in enumerate(MINUTES)]
    look_back(MINUTES, np.array([t.isoformat() for t in aware], dtype=object))
    half_days = pd.date_range("2021-01-01", periods=60, freq="12h")
    written = [str(t)[:10] if t.hour == 0 else str(t) for t in half_days]  # as R writes them
    look_back(half_days, np.array(written, dtype=object))


def test_numbers_in_text_are_put_in_the_order_of_numbers():
    assert (
        look_back(np.arange(120), np.array([str(k) for k in range(120)], dtype=object)) == "read as numbers"
    )
    look_back(np.arange(120), np.array([f"{k:06d}" for k in range(120)], dtype=object))
    look_back(np.arange(120) / 7 - 5, np.array([repr(k / 7 - 5) for k in range(120)], dtype=object))


def test_columns_that_say_what_they_are_keep_their_order():
    for written in (
        pd.Series(DAYS),
        pd.Series(DAYS.date),
        pd.Series(DAYS.to_pydatetime()),
        pd.Series(DAYS.tz_localize("Europe/Berlin")),
        pd.Series(DAYS.to_period("D")),
        pd.Series(list(DAYS.to_period("D")), dtype=object),
        pl.Series(DAYS.date),
        pl.Series(DAYS.to_pydatetime()),
        pd.Series(pa.array(list(DAYS.date)).to_pandas()),
        pd.Series([decimal.Decimal(k) / 3 for k in range(90)]),
        pd.Series(pd.to_timedelta(np.arange(90), "D")),
        pd.Series(pd.Categorical(DAYS)),
    ):
        assert look_back(DAYS, written) is None
    old = pd.Series([datetime.date(year, 1, 1) for year in (*range(1066, 1126), *range(9940, 9999))])
    assert look_back(np.arange(119), old) is None


def test_ordered_levels_are_their_order_and_others_are_text():
    levels = ["low", "mid", "high", "top", "peak"]
    column = pd.Series(pd.Categorical(np.repeat(levels, 6), levels, ordered=True))
    assert look_back(np.repeat(np.arange(5), 6), column) == "in the order of its levels"
    for as_levels in (pd.Categorical, lambda t: pl.Series(t).cast(pl.Categorical)):
        column = as_levels(list(DAYS.strftime("%d/%m/%Y")))
        column = pd.Series(column) if isinstance(column, pd.Categorical) else column
        assert look_back(DAYS, column) == "read as day/month/year"
    with pytest.raises(bn.InputError, match="whose order is certain.\n.*'low', 'mid', 'high' and 2 more"):
        bn.split_rows(range(30), time=pd.Categorical(np.repeat(levels, 6)))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            DAYS[:10].strftime("%d/%m/%Y"),
            "'03/11/2020', '04/11/2020', .* as day/month/year or as month/day/year",
        ),
        (MONTHS.strftime("%d.%m.%Y"), "or as month/day/year"),
        (DAYS.strftime("%d/%m/%y"), "or as year/month/day"),
        (["31-12-98", "31-12-01"], "two centuries: '31-12-98', '31-12-01'"),
        ([*DAYS[:5].strftime("%d/%m/%Y"), "2021-03-01"], "such as '2021-03-01', where others .*'03/11/2020'"),
        (["13/01/2021", "01/13/2021"], "no order of day, month and year fits all"),
        (["15/01/2021", "31/02/2021"], "holds '31/02/2021', .*no order"),
        (["2021-02-28", "2021-02-29"], "'2021-02-29', which is no time"),
        (["2021-01-01 24:30", "2021-01-01"], "'2021-01-01 24:30', which is no time"),
        (["2021-01-01 10:00Z", "2021-01-02 10:00"], "'2021-01-02 10:00' without a time zone"),
        (["2021-01-01 10:00 CET", "2021-01-02 10:00 CET"], "such as '2021-01-01 10:00 CET'"),
        (["1 Okt 2021", "1 Mai 2021"], "'1 Okt 2021'; months are read in English"),
        (["1 mars 2021", "1 avril 2021"], "months are read in English"),
        (["Jan-21", "Feb-21"], "such as 'Jan-21'"),
        (["day 9", "day 10"], "such as 'day 9', 'day 10'"),
        (["2021.1", "2021.10", "2021.11"], "numbers or years and months"),
        ([int(t) for t in DAYS.strftime("%d%m%Y")], "dates that end in the year"),
        ([float(t) for t in MONTHS.strftime("%m.%Y")], "dates that end in the year"),
        (list(DAYS.strftime("%d%m%y")), "without marks"),
        (["", "2021-01-01"], "such as ''"),
        ([datetime.datetime(2021, 1, 1), datetime.datetime(2021, 1, 2, tzinfo=datetime.UTC)], "datetime"),
        (pd.Series([1, "a", 2.5], dtype=object), "of type float, int, str"),
        (pd.Series([[1], [2]]), "of type list"),
        (pd.Series([1j, 2j]), "complex"),
    ],
)
def test_what_has_no_certain_order_is_refused_with_its_values(written, said):
    with pytest.raises(bn.errors.ColumnError, match=f"(?s){said}"):
        bn.split_rows(np.arange(len(written)), time=written)
    with pytest.raises(bn.errors.ColumnError, match="`time` must"):
        bn.make_folds(np.arange(len(written)), 2, time=written)


def test_counters_that_resemble_dates_stay_numbers():
    for start in (1_012_000, 11_950, 20_200_101, 199_801):
        assert look_back(np.arange(90), pd.Series(np.arange(start, start + 90))) is None


@pytest.fixture
def table():
    rng = np.random.default_rng(2)
    order = rng.permutation(90)
    frame = pd.DataFrame({"when": DAYS.strftime("%d/%m/%Y")[order], "x": rng.normal(size=90)})
    return frame.assign(y=frame["x"] + rng.normal(size=90))


def test_comparisons_and_the_command_look_back_and_say_how_they_read(table, tmp_path, capsys):
    said = "3 folds, in order of when (read as day/month/year), seed 1"
    comparison = bn.compare_models("glm", table, "y", folds=3, time="when", seed=1)
    true = np.array([datetime.datetime.strptime(t, "%d/%m/%Y") for t in table["when"]])
    for train, test in comparison.folds:
        assert true[train].max() <= true[test].min()
    assert str(comparison).splitlines()[1] == said
    table.to_csv(tmp_path / "visits.csv", index=False)
    arguments = ["compare", str(tmp_path / "visits.csv"), "--outcome", "y", "--models", "glm", "--folds", "3"]
    assert main([*arguments, "--time", "when", "--seed", "1"]) == 0
    assert said in capsys.readouterr().out.splitlines()
    table[table["when"].str[:2] <= "12"].to_csv(tmp_path / "visits.csv", index=False)
    assert main([*arguments, "--time", "when"]) == 2
    assert "as day/month/year or as month/day/year" in capsys.readouterr().err


def test_records_keep_how_times_were_read(table, tmp_path):
    split = bn.split_rows(table, time="when")
    said = "<Split of 90 rows: 67 to train, 23 to test; prop 0.75, time when (read as day/month/year)>"
    assert repr(split) == said == repr(bn.load_split(split.save(tmp_path / "split.json"), table))
    folds = bn.make_folds(table, 3, time="when")
    assert folds[1].read_as == folds.read_as == "read as day/month/year"
