"""How values and names stand in messages, and where a warning points."""

import warnings

import pandas as pd
import pytest

import bineural as bn
from bineural.messages import near_names


@pytest.mark.parametrize(
    ("name", "names", "mark", "words"),
    [
        ("age", ["Age", "Start"], "`", "Did you mean `Age`?"),
        ("aeg", ["Age", "age2"], "'", "Did you mean 'Age'?"),
        ("zzz", ["Age", "Start"], "'", "There are: 'Age', 'Start'."),
        ("zzz", [f"x{i}" for i in range(13)], "'", "'x11', ..."),
        ("zzz", [], "'", ""),
    ],
)
def test_near_names_are_offered(name, names, mark, words):
    assert words in near_names(name, names, mark)


@pytest.mark.parametrize(
    "act",
    [
        lambda t: bn.fit_glm("y ~ x + same", t, event="b"),  # a category with one level
        lambda t: bn.fit_glm("y ~ x + gap", t, event="b", missing="drop"),
        lambda t: bn.split_rows(t, strata="name", seed=1),  # levels too rare for strata
        lambda t: bn.fit_glm("y ~ c", t, event="b").predict(t.assign(c="new")),
    ],
)
def test_warnings_point_at_the_line_that_asked(act):
    table = pd.DataFrame({"x": range(12), "y": list("ab") * 6, "same": "s", "c": list("uvuvvuvuuvuv")})
    table["name"] = [f"row {i}" for i in range(12)]
    table["gap"] = table.x.where(table.x != 3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        act(table)
    assert caught
    assert {w.filename for w in caught} == {__file__}
