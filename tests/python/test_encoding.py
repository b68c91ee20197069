"""Values come back from JSON and arrays as they went in, and nothing but data goes in."""

import datetime
import json

import numpy as np
import pandas as pd
import pytest

from bineural.bundles.decoding import Decoder, find_class
from bineural.bundles.encoding import Encoder
from bineural.errors import SavingError


def round_trip(value):
    encoder = Encoder()
    text = json.dumps(encoder.encode(value), allow_nan=False)
    return Decoder(encoder.arrays).decode(json.loads(text))


def same(a, b):
    """Whether two values are equal in type and content, NaN being equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        if a.dtype != b.dtype or a.shape != b.shape:
            return False
        if a.dtype.kind == "O":
            return all(same(x, y) for x, y in zip(a.ravel(), b.ravel()))
        return a.tobytes() == b.tobytes()
    if isinstance(a, (pd.Index, pd.Series, pd.DataFrame)):
        pd.testing.assert_series_equal(*[pd.Series(v) for v in (a, b)]) if not isinstance(
            a, pd.DataFrame
        ) else pd.testing.assert_frame_equal(a, b)
        return True
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, pd.Categorical):
        return a.equals(b) and a.dtype == b.dtype
    return a is b or bool(a == b) or (a != a and b != b)


PLAIN = [None, True, 1, -(2**70), 1.5, float("nan"), float("-inf"), -0.0, 5e-324, 1 + 2j]
TEXT = ["text", "", "ünïcode \n \"'"]
CONTAINERS = [
    [],
    [1, [2, (3, None)]],
    (),
    ("a", ("b",)),
    {},
    {"a": 1, "b": {"c": (1, 2)}},
    {1: "one", "1": "text one", None: 0, (1, 2): "tuple", 2.5: 1},
    {"~": "not a tag"},
    {"x", "y"},
    frozenset({1, 2}),
    slice(1, None, 2),
    range(3, 9, 2),
    b"\x00\xff",
]
ARRAYS = [
    np.array([1.0, np.nan, -0.0, np.inf]),
    np.arange(6, dtype=np.int8).reshape(2, 3),
    np.array(["a", "bcd"]),
    np.array([True, False]),
    np.array([], dtype=np.float32),
    np.array(3.0),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(["2019-05-29", "NaT"], dtype="datetime64[D]"),
    np.array(["a", None, 1.5, float("nan")], dtype=object),
    np.array([["a", 1], [None, True]], dtype=object),
    np.float64(0.1),
    np.int64(2**62),
    np.float32(0.1),
    np.bool_(True),
    np.str_("label"),
    np.datetime64("2019-05-29"),
    np.dtype("float32"),
]
MOMENTS = [
    datetime.date(2019, 5, 29),
    datetime.datetime(2019, 5, 29, 9, 30, 0, 5),
    datetime.datetime(2019, 5, 29, tzinfo=datetime.UTC),
    datetime.timedelta(days=-1, microseconds=3),
    datetime.time(9, 30),
    pd.Timestamp("2019-05-29 09:30:00.000000001"),
    pd.Timestamp("2019-05-29", tz="Europe/Zurich"),
    pd.NA,
    pd.NaT,
]
FRAMES = [
    pd.Index(["a", "b"], name="column"),
    pd.Index([1, 2, 3]),
    pd.Series(["a", None, "b"], dtype="str"),
    pd.Series([1, None], dtype="Int64"),
    pd.Series([1.5, 2.5], index=["x", "y"], name="values"),
    pd.Series(["lo", "hi", None], dtype=pd.CategoricalDtype(["lo", "hi"], ordered=True)),
    pd.Series(pd.to_datetime(["2019-05-29", None])),
    pd.Categorical(["b", "a", None], categories=["b", "a"]),
    pd.CategoricalDtype(["x", "y"], ordered=True),
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
]


@pytest.mark.parametrize(
    "value",
    PLAIN + TEXT + CONTAINERS + ARRAYS + MOMENTS + FRAMES,
    ids=lambda value: repr(sorted(value) if isinstance(value, set) else value),
)
def test_values_come_back_as_they_went_in(value):
    assert same(value, round_trip(value))


def test_negative_zero_keeps_its_sign():
    assert np.signbit(round_trip(-0.0)) and np.signbit(round_trip({"a": [-0.0]})["a"][0])


class Foreign:
    """A class that is not bineural's."""


@pytest.mark.parametrize(
    "value, named",
    [
        (lambda x: x, "<lambda>"),
        (Foreign(), "Foreign"),
        (np.array([1, (i for i in range(3))], dtype=object), "generator"),
        ({"a": {"b": [1, Foreign]}}, "model.a.b[1]"),
    ],
)
def test_what_is_no_data_is_refused_by_name(value, named):
    with pytest.raises(SavingError) as caught:
        Encoder().encode(value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "builtins:eval",
        "bineural.saving:Path",
        "bineural.errors:InputError",
        "bineural.no_such_module:Model",
        "bineural.bundles.encoding:Encoder",
        "bineural.saving.models:save_model",
        "bineural:InputError",
        "bineural.../os:system",
        "",
        None,
    ],
)
def test_a_file_can_name_no_other_class(name):
    with pytest.raises(SavingError, match="only the model classes"):
        find_class(name)


def test_an_unknown_tag_is_an_error():
    with pytest.raises(SavingError, match="'no-such-tag'"):
        Decoder({}).decode({"~": "no-such-tag"})
    with pytest.raises(SavingError, match="'_init__'"):
        Decoder({}).decode({"~": "_init__"})
