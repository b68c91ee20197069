"""The Python half of the crossing to R: every type comes back as it went, and calls keep warnings apart."""

import datetime as dt
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from bineural import _rbridge as bridge
from bineural._rcolumns import column_from_r, column_to_r
from bineural.errors import ColumnError, SeparationWarning

SERIES = {
    "int64": pd.Series([1, -5, 2**31 - 1]),
    "Int64 with a gap": pd.Series([1, None, 3], dtype="Int64"),
    "float64": pd.Series([0.5, np.nan, np.inf]),
    "bool": pd.Series([True, False]),
    "boolean with a gap": pd.Series([True, None], dtype="boolean"),
    "str": pd.Series(["a", "", "é"], dtype="str"),
    "str with a gap": pd.Series(["a", None], dtype="str"),
    "category": pd.Series(pd.Categorical(["a", None, "b"], categories=["b", "never", "a"])),
    "ordered category": pd.Series(pd.Categorical(["a", "b"], categories=["b", "a"], ordered=True)),
    "dates": pd.Series(np.array(["2020-02-29", "NaT", "1969-12-31"], dtype="datetime64[s]")),
    "times": pd.Series(
        pd.to_datetime(["2020-02-29 06:00:00.25", None]).tz_localize("Europe/Berlin")
    ).dt.as_unit("us"),
}


@pytest.mark.parametrize("kind", SERIES)
def test_column_comes_back_as_it_went(kind):
    series = SERIES[kind]
    for part in (series, series.iloc[:1], series.iloc[:0]):
        back = pd.Series(column_from_r(column_to_r(part)))
        with_dtype = bool(part.isna().any()) or "with a gap" not in kind  # without gaps plain NumPy does
        pd.testing.assert_series_equal(back, part, check_names=False, check_dtype=with_dtype)


@pytest.mark.parametrize(
    ("series", "kind"),
    [
        (pd.Series([1, 2], dtype="uint8"), "integer"),
        (pd.Series([1, 2**31]), "double"),
        (pd.Series([0.5], dtype="float32"), "double"),
        (pd.Series([True, None], dtype="object"), "logical"),
        (pd.Series(["a", None], dtype="object"), "character"),
        (pd.Series([None, None], dtype="object"), "character"),
        (pd.Series([dt.date(2020, 1, 1), None], dtype="object"), "date"),
        (pd.Series(["a", "b"], dtype="string[pyarrow]"), "character"),
        (pd.Series([1.5, None], dtype="Float64"), "double"),
        (pd.Series([1, None], dtype="int64[pyarrow]"), "integer"),
        (pd.Series(pd.cut([1, 2], [0, 1, 2])), "factor"),
    ],
)
def test_kin_of_a_type_reach_the_type_that_r_has(series, kind):
    assert column_to_r(series)["kind"] == kind


@pytest.mark.parametrize("values", [[1j], [dt.timedelta(1)], [[1, 2]], [2**53 + 1], [{"a": 1}]])
def test_type_without_counterpart_names_its_column(values):
    with pytest.raises(ColumnError, match="`odd`"):
        bridge.frame_to_r(pd.DataFrame({"odd": pd.Series(values)}))


def test_values_that_cross_are_of_few_types():
    for series in SERIES.values():
        values = column_to_r(series)["values"]
        assert isinstance(values, list) or values.dtype in (np.float64, np.int32, np.bool_)


def test_r_memory_is_copied_into_columns():
    values = np.array([1.0, 2.0])
    values.flags.writeable = False
    array = column_from_r({"kind": "double", "values": values, "missing": None})
    array[0] = 5
    assert values[0] == 1


def test_time_zone_python_does_not_know_is_an_error():
    with pytest.raises(ColumnError, match="Nowhere"):
        column_from_r({"kind": "time", "values": np.zeros(1), "missing": None, "tz": "Nowhere/Land"})


def test_call_collects_warnings_and_prints():
    said = []

    def work(a, b):
        print("to out")
        sys.stderr.write("half\rline")
        warnings.warn("Columns separate.", SeparationWarning, stacklevel=1)
        return a + b

    result = bridge.call(work, [1], {"b": 2}, emit=said.append)
    assert result["value"] == 3
    assert [w["classes"][:2] for w in result["warnings"]] == [["SeparationWarning", "BineuralWarning"]]
    assert result["warnings"][0]["text"] == "Columns separate."
    assert said == ["to out\n", "half\rline"]
    assert sys.stdout is not None and not isinstance(sys.stdout, bridge.Console)


def test_call_gives_the_streams_back_after_an_error():
    before = sys.stdout
    result = bridge.call(lambda: 1 / 0, [], {}, emit=print)
    assert result["value"] is None and result["error"]["classes"][0] == "ZeroDivisionError"
    assert sys.stdout is before


def test_error_parts_keep_the_sentences_and_the_kin():
    try:
        raise ColumnError("must", "found", "hint")
    except ColumnError as error:
        parts = bridge.error_parts(error)
    assert (parts["must"], parts["found"], parts["hint"], parts["ours"]) == ("must", "found", "hint", True)
    assert parts["classes"] == ["ColumnError", "InputError", "ValueError"]
    assert "Traceback" in parts["traceback"]
