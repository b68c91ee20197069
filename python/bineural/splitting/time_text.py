"""Read text as times: one form for all rows, taken only where no other form fits, and refused otherwise.

Text is never put into alphabetical order. All rows must be of one form: a number, an ISO date or date-time, a
quarter, a week, a month, or day, month and year. Where day and month could change places, a day above 12 in
some row decides for all rows; where no row decides, the column is refused, as guessing would let a fold train
on the future.
"""

import re

import numpy as np

from bineural.errors import ColumnError
from bineural.messages import listed
from bineural.splitting.time_forms import FORMS, MONTH_OF

_CENTURY = 69  # C's strptime reads years of two digits from here on as 1969 to 1999, others as 2000 to 2068


def read_time_text(texts, name):
    """Rank text by the time that it means.

    Parameters
    ----------
    texts : list of str
        Distinct values, none missing.
    name : str
        The column, for messages.

    Returns
    -------
    ranks : ndarray of int64, shape (n_texts,)
        Equal times have equal ranks.
    read_as : str
        How the text was read, such as "day/month/year".

    Raises
    ------
    ColumnError
        If the text is of no form or of several, holds a date that does not exist, or has two meanings.
    """
    read, form = read_time_values(texts, name)
    return np.unique(read, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64), form


def read_time_values(texts, name):
    """Read text as times.

    Parameters
    ----------
    texts : list of str
        None missing.
    name : str
        The column, for messages.

    Returns
    -------
    times : ndarray of int64, shape (n_texts, 2), or of float64, shape (n_texts,)
        Days since 1970 and nanoseconds of the day; or numbers, where the text is numbers.
    read_as : str

    Raises
    ------
    ColumnError
        As `read_time_text` does.
    """
    import pandas as pd

    plain = [" ".join(str(text).split()).lower() for text in texts]
    best, most = None, 0
    for form, pattern in FORMS:
        matches = [re.fullmatch(pattern, text, re.ASCII) for text in plain]
        shaped = np.array([match is not None for match in matches])
        if shaped.all():
            parts = pd.DataFrame([match.groupdict() for match in matches], dtype=object)
            return _read_parts(parts, form, texts, name)
        if shaped.sum() > most:
            best, most = shaped, shaped.sum()
    others = texts if best is None else [text for text, fits in zip(texts, best) if not fits]
    like = "" if best is None else f", where others are such as {texts[int(np.argmax(best))]!r}"
    raise _refused(name, f"holds text such as {listed(others, 3)}{like}")


def _read_parts(parts, form, texts, name):
    """Read rows that are of one form."""
    if "number" in parts:
        return _read_numbers(parts["number"], texts, name)
    if "name" in parts:
        parts["month"] = parts["name"].map(MONTH_OF)
        strange = parts["month"].isna()
        if strange.any():
            raise _refused(
                name, f"holds text such as {texts[int(np.argmax(strange))]!r}; months are read in English"
            )
    if "short" in parts:
        parts["year"] = _long_years(parts["short"], texts, name)
    if "first" in parts:
        parts, form = _settle_order(parts, texts, name)
    if "zone" in parts and parts["zone"].notna().nunique() > 1:
        bare = texts[int(np.argmax(parts["zone"].isna()))]
        raise _refused(name, f"holds {bare!r} without a time zone, which other rows have")
    keys, wrong = _keys(parts)
    if wrong.any():
        raise _refused(name, f"holds {texts[int(np.argmax(wrong))]!r}, which is no time (read as {form})")
    return keys, form


def _settle_order(parts, texts, name):
    """Find out which of the numbers are day, month and (of two digits) year; return (parts, how read)."""
    orders = [("day", "month", "year"), ("month", "day", "year")]
    if "last" in parts:
        orders.append(("year", "month", "day"))
    fitting, misfits = [], []
    for order in orders:
        tried = parts.rename(columns=dict(zip(("first", "middle", "last"), order)))
        if "last" in parts:
            tried["year"] = (tried["year"].astype(int) % 100 + 2000).astype(str)  # leap years recur by 4
        wrong = _keys(tried)[1]
        if not wrong.any():
            fitting.append((tried, "/".join(order)))
        misfits.append(wrong)
    if not fitting:
        shown = [texts[int(np.argmax(wrong))] for wrong in sorted(misfits, key=np.sum)[:2]]
        raise _refused(
            name, f"holds {listed(dict.fromkeys(shown))}: no order of day, month and year fits all"
        )
    if len(fitting) > 1:
        which = " or as ".join(form for _, form in fitting)
        raise _refused(name, f"holds {listed(texts, 3)}, in all rows to be read as {which}")
    tried, form = fitting[0]
    if "last" in parts:
        tried["year"] = _long_years(tried["year"].str[-2:], texts, name)
    return tried, form


def _long_years(short, texts, name):
    """Return years of two digits as years; all must lie on one side of the place where centuries change."""
    late = short.astype(int) >= _CENTURY
    if late.any() and not late.all():
        shown = [texts[int(np.argmax(side))] for side in (late, ~late)]
        raise _refused(name, f"has years of two digits that could be of two centuries: {listed(shown)}")
    return ((1900 if late.all() else 2000) + short.astype(int)).astype(str)


def _keys(parts):
    """Return (days and nanoseconds: int64 (n_rows, 2), which rows are no time)."""

    def part(word, default):
        if word not in parts:
            return np.full(len(parts), default, dtype=np.int64)
        return parts[word].where(parts[word].notna(), str(default)).astype(np.int64).to_numpy()

    year, month, day = part("year", 1970), part("month", 1), part("day", 1)
    wrong = (month < 1) | (month > 12) | (day < 1)
    if "quarter" in parts:
        month = 3 * part("quarter", 1) - 2
    months = ((year - 1970) * 12 + np.where(wrong, 1, month) - 1).astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + (day - 1)
    wrong |= dates.astype("datetime64[M]") != months
    days = dates.astype(np.int64)
    if "week" in parts:
        days, wrong = _week_days(year, part("week", 1), part("weekday", 1))
    nanos, no_clock = _clock(parts, part)
    if "zone" in parts:
        nanos = nanos - np.array([_offset(zone) for zone in parts["zone"]], dtype=np.int64)
    day_length = 86_400 * 10**9
    return np.column_stack([days + nanos // day_length, nanos % day_length]), wrong | no_clock


def _week_days(year, week, weekday):
    """Return (days since 1970 of ISO weeks, which are none)."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 3  # 4 January
    monday = fourth - (fourth + 3) % 7
    days = monday + (week - 1) * 7 + weekday - 1
    last = (year - 1969).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 3
    return days, (week < 1) | (monday + (week - 1) * 7 >= last - (last + 3) % 7)


def _clock(parts, part):
    """Return (nanoseconds since midnight, which rows are no time); midnight without a clock."""
    if "hour" not in parts:
        return np.zeros(len(parts), dtype=np.int64), np.zeros(len(parts), dtype=bool)
    hour, minute, second = part("hour", 0), part("minute", 0), part("second", 0)
    wrong = (hour > 23) | (minute > 59) | (second > 60)
    if "half" in parts and parts["half"].notna().any():
        half, clock = parts["half"], parts["hour"].notna()
        wrong |= ((half.isna() & clock) | (clock & ((hour < 1) | (hour > 12)))).to_numpy()
        hour = np.where(clock, hour % 12 + 12 * (half == "p").to_numpy(), hour)
    nanos = ((hour * 60 + minute) * 60 + second) * 10**9
    if "part" in parts:
        nanos = (
            nanos
            + parts["part"].where(parts["part"].notna(), "0").str.ljust(9, "0").astype(np.int64).to_numpy()
        )
    return nanos, wrong


def _offset(zone):
    """Return a zone's nanoseconds ahead of UTC."""
    if zone is None or zone in ("z", "utc", "gmt"):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-1 if zone[0] == "-" else 1) * minutes * 60 * 10**9


def _read_numbers(text, texts, name):
    """Read numbers that were read as text, unless they are dates whose parts stand in another order."""
    numbers = text.astype(np.float64).to_numpy()
    if text.str.fullmatch(r"\d{4}\.\d{1,2}").all():
        lengths, months = text.str.len().nunique(), text.str[5:].astype(int)
        if lengths > 1 and months.between(1, 12).all():  # is 2021.1 before 2021.02, and is it 2021.10?
            raise _refused(name, f"holds {listed(texts, 3)}, which can be numbers or years and months")
    six = text.str.fullmatch(r"\d{6}").all() and text.str.startswith("0").any()
    if six and all(((text.str[a : a + 2].astype(int).between(1, 31)).all()) for a in (0, 2)):
        raise _refused(name, f"holds {listed(texts, 3)}, which look like day, month and year without marks")
    check_numbers(numbers, name, texts)
    return numbers, "numbers"


def check_numbers(numbers, name, shown):
    """Refuse numbers all of which are day, month and year, or month and year, written as one number."""
    whole = np.asarray(numbers, dtype=np.float64)
    if (whole % 1).any():  # 1.2021 for January 2021
        whole = np.where(np.abs(1e4 * whole - np.round(1e4 * whole)) < 1e-6, np.round(1e4 * whole), np.nan)
    if not len(whole) or not np.isfinite(whole).all() or (whole < 1).any():
        return
    year, rest = whole % 10_000, whole // 10_000
    if not ((year >= 1900) & (year < 2100)).all():
        return
    first, second = rest // 100, rest % 100
    if len(np.unique(rest)) < 2 or len(np.unique(year)) < 2 and rest.max() <= 12:
        return  # in the right order as numbers
    of_days = (first >= 1) & (first <= 31) & (second >= 1) & (second <= 31) & ((first <= 12) | (second <= 12))
    if of_days.all() or ((rest >= 1) & (rest <= 12)).all():
        raise _refused(name, f"holds {listed(list(shown), 3)}, which look like dates that end in the year")


def _refused(name, reason):
    return ColumnError(
        "`time` must hold times whose order is certain.",
        f"{name} {reason}.",
        "Write it as 2021-01-31, or convert it: pd.to_datetime(column, format='%d/%m/%Y') in Python, "
        "as.Date(column, '%d/%m/%Y') in R.",
    )
