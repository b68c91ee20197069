"""Text columns that hold numbers, or names of rows, are told at every door, once; codes are not."""

import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main
from bineural.errors import ColumnWarning
from bineural.formula.doubtful import tell_doubtful
from bineural.formula.row_numbers import is_named_so
from bineural.tables.written_numbers import reading_options, reads_as_number

RNG = np.random.default_rng(12)
N = 120
TABLE = pd.DataFrame(
    {
        "a": RNG.normal(size=N),
        "spend": [f"{v:.2f}" for v in RNG.normal(size=N)],
        "code": RNG.choice(list("123456789"), N),
        "name": [f"p{i % 100}" for i in range(N)],
        "y": RNG.choice(["no", "yes"], N),
    }
)
TABLE.loc[[3, 7], "spend"] = "?"
TABLE.loc[9, "spend"] = "12.3%"
RIDGE = {"event": "yes", "penalty": "ridge", "strength": 1.0}


def told(work):
    """List what is said of doubtful columns."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        work()
    return [str(entry.message) for entry in caught if entry.category is ColumnWarning]


@pytest.mark.parametrize(
    "text",
    ["12.3%", "1,234", "1.234,5", " 12", "$5", "(3)", "-3", "1e5", ".5", "12.", "<0.5", "1 234", "\u22124"],
)
def test_numbers_are_known_with_their_signs(text):
    assert reads_as_number(text)


@pytest.mark.parametrize(
    "text", ["?", "-", "", "NA", "2021-01-01", "a1", "1a", "12:30", "e5", "1-2", "%", "1.2.3.4"]
)
def test_other_texts_are_no_numbers(text):
    assert not reads_as_number(text)


def test_the_sentence_names_column_share_and_odd_values():
    (sentence,) = told(lambda: bn.fit_glm("y ~ a + spend", TABLE, **RIDGE))
    assert sentence.startswith("Values of `spend` are text, but 98% of 120 read as numbers.")
    assert "'?' (2), '12.3%' (1)." in sentence and "factor(column)" in sentence


@pytest.mark.parametrize(
    "work",
    [
        lambda: bn.fit_glm("y ~ a + spend", TABLE, **RIDGE),
        lambda: bn.fit_glm(TABLE[["a", "spend"]], TABLE["y"], **RIDGE),
        lambda: bn.fit_glm("y ~ a + spend", TABLE.astype({"spend": "category"}), **RIDGE),
        lambda: bn.fit_glm("y ~ a + spend", TABLE.astype({"spend": "string"}), **RIDGE),
        lambda: bn.GLMClassifier("a + spend", **RIDGE).fit(TABLE, TABLE["y"]),
        lambda: bn.fit_net("y ~ a + spend", TABLE, event="yes", epochs=1, seed=1),
        pytest.param(
            lambda: bn.fit_nets(
                "y ~ a + spend",
                TABLE,
                event="yes",
                epochs=1,
                folds=bn.make_folds(TABLE, folds=3, seed=1),
                seed=1,
            ),
            marks=pytest.mark.long,
        ),
        lambda: bn.compare_models(
            {"r": bn.GLMClassifier("a + spend", **RIDGE), "g": bn.GLMClassifier("a", event="yes")},
            TABLE[["a", "spend", "y"]],
            "y",
            event="yes",
            folds=3,
            repeats=1,
            seed=1,
        ),
        pytest.param(
            lambda: bn.tune_net(
                "y ~ a + spend", TABLE, event="yes", grid={"l2": [0.1, 0.2]}, folds=2, epochs=1, seed=1
            ),
            marks=pytest.mark.long,
        ),
    ],
    ids=["glm", "x and y", "category", "string", "estimator", "net", "nets", "compare", "tune"],
)
def test_each_door_says_it_once(work):
    assert len(told(work)) == 1


def test_a_file_read_in_batches_says_it_too(tmp_path):
    path = tmp_path / "rows.parquet"
    TABLE.to_parquet(path)
    stream = bn.stream_rows(path) if hasattr(bn, "stream_rows") else str(path)
    assert len(told(lambda: bn.fit_net("y ~ a + spend", stream, event="yes", epochs=1, seed=1))) == 1


def test_the_command_line_says_it(tmp_path, capsys):
    path = tmp_path / "rows.csv"
    TABLE.to_csv(path, index=False)
    main(
        [
            "fit",
            str(path),
            "--formula",
            "y ~ a + spend",
            "--event",
            "yes",
            "--model",
            "glm",
            "--out",
            str(tmp_path / "m.bineural"),
        ]
    )
    assert capsys.readouterr().err.count("Values of `spend` are text") == 1


def test_names_of_rows_are_told_with_their_number():
    (sentence,) = told(lambda: bn.fit_glm("y ~ a + name", TABLE, **RIDGE))
    assert sentence.startswith("There are 100 different values in 120 rows of `name`, as names of rows have.")


@pytest.mark.parametrize(
    "formula", ["y ~ a + factor(spend)", "y ~ a + code", "y ~ a", "y ~ . - spend - name"]
)
def test_codes_and_categories_on_purpose_are_not_told(formula):
    assert told(lambda: tell_doubtful(TABLE, formula.removeprefix("y ~ "), ["y"])) == []


@pytest.mark.parametrize(
    "n_levels, n_rows, is_told",
    [(4, 12, False), (5, 12, True), (20, 1000, False), (21, 1000, True), (9, 40, False), (11, 40, True)],
)
def test_the_bound_between_codes_and_numbers(n_levels, n_rows, is_told):
    column = [str(i % n_levels) for i in range(n_rows)]
    assert bool(told(lambda: tell_doubtful({"x": column}))) == is_told


@pytest.mark.parametrize("n_levels, is_told", [(60, False), (61, True)])
def test_the_bound_between_categories_and_names(n_levels, is_told):
    column = [f"p{i % n_levels}" for i in range(120)]
    assert bool(told(lambda: tell_doubtful({"x": column}))) == is_told


def test_half_of_the_rows_must_be_numbers():
    column = [str(i // 4) if i % 2 else "none" for i in range(100)]
    assert not told(lambda: tell_doubtful({"x": column}))
    column[0] = "0"
    assert told(lambda: tell_doubtful({"x": column}))


def test_an_outcome_of_numbers_that_are_text_is_told():
    few = TABLE.assign(spend=[f"{v:.1f}%" for v in np.repeat(np.arange(40), 3)])
    (sentence,) = told(lambda: bn.fit_glm("spend ~ 1", few, family="multinomial"))
    assert sentence.startswith("Values of `spend` are text, but 100% of 120 read as numbers.")


# --- which option reads them -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "decimal, thousands, marks", [(",", ".", ["?"]), (".", ",", []), (",", " ", ["-", "?"])]
)
def test_the_options_that_are_named_read_the_column(tmp_path, decimal, thousands, marks):
    values = RNG.lognormal(8, 2, 60).round(2)
    put = str.maketrans({",": thousands, ".": decimal})
    texts = [f"{value:,.2f}".translate(put) for value in values] + list(marks)
    options = eval(f"dict({reading_options(texts)})")
    (tmp_path / "file.csv").write_text("x\n" + "\n".join(texts) + "\n")
    frame = bn.load_dataset(tmp_path / "file.csv", separator=";", **options)
    assert frame["x"].tolist()[:60] == values.tolist() and frame["x"].isna().sum() == len(marks)


@pytest.mark.parametrize(
    "levels, option",
    [
        (["0", "1", "2", "3", "?"], "missing_values='?'"),
        (["1", "2", "-"], "missing_values='-'"),
        (["1", "2", "NA", "."], "missing_values=['.', 'NA']"),
        (["0,5", "1,5"], "decimal=','"),
        (["1,000", "500"], "thousands=','"),
        (["1.000.000", "5"], "thousands='.'"),
    ],
)
def test_few_levels_are_told_where_an_option_makes_numbers_of_them(levels, option):
    (sentence,) = told(lambda: tell_doubtful({"x": levels * 10}))
    assert option in sentence and "load_dataset(path, " in sentence
    (sentence,) = told(lambda: bn.fit_glm("x ~ 1", {"x": levels * 10}, event=levels[0], family=None))
    assert option in sentence


@pytest.mark.parametrize(
    "levels", [["a", "b", "?"], ["-", "+"], ["1", "?"], ["1", "2"], ["5%", "10%"], ["?", "-"]]
)
def test_levels_that_are_none_with_any_option_are_not_told(levels):
    assert told(lambda: tell_doubtful({"x": levels * 10})) == []


def test_a_model_of_numbers_names_the_option_where_it_gets_text():
    glm = bn.fit_glm("y ~ a", TABLE, **RIDGE)
    with pytest.raises(bn.InputError, match=r"load_dataset\(path, decimal=',', missing_values='\?'\)"):
        glm.predict(pd.DataFrame({"a": ["1,5", "?"]}))


# --- numbers of rows -------------------------------------------------------------------------------------

NUMBERS = pd.DataFrame({"a": RNG.normal(size=N), "y": TABLE["y"]})


@pytest.mark.parametrize(
    "name, values",
    [
        ("anything", np.arange(N)),
        ("t", np.arange(1.0, N + 1)),
        ("Unnamed: 0", RNG.permutation(N)),
        ("X", RNG.permutation(N)),
        ("...1", RNG.permutation(500)[:N]),
        ("rownames", RNG.permutation(500)[:N]),
        ("patient_id", RNG.permutation(500)[:N]),
        ("PatientID", RNG.permutation(500)[:N]),
        ("id", pd.array(RNG.permutation(500)[:N], dtype="Int64")),
    ],
)
def test_numbers_of_rows_are_told_where_nobody_named_them(name, values):
    data = NUMBERS.assign(**{name: values})
    doors = [
        lambda: bn.fit_glm("y ~ .", data, **RIDGE),
        lambda: bn.fit_glm(data.drop(columns="y"), data["y"], **RIDGE),
    ]
    if name == "X":
        doors.append(lambda: bn.compare_models(["glm"], data, "y", event="yes", folds=2, repeats=1, seed=1))
    for work in doors:
        (sentence,) = told(work)
        assert f"`{name}` (" in sentence and "`. - " in sentence
    quoted = f"`{name}`"
    for formula in (f"y ~ . - {quoted}", f"y ~ a + {quoted}", "y ~ a"):
        assert told(lambda formula=formula: bn.fit_glm(formula, data, **RIDGE)) == []


@pytest.mark.parametrize(
    "name, values",
    [
        ("t", np.arange(5, N + 5)),
        ("t", np.arange(N)[::-1]),
        ("x", RNG.permutation(N)),
        ("id", np.arange(N) // 2),
        ("id", RNG.permutation(N) + 0.5),
        ("id", [None, *range(1, N)]),
        ("idea", RNG.permutation(N)),
        ("grid", RNG.permutation(N)),
    ],
)
def test_other_numbers_are_not_told(name, values):
    assert told(lambda: bn.fit_glm("y ~ .", NUMBERS.assign(**{name: values}), missing="drop", **RIDGE)) == []
    assert told(lambda: bn.fit_glm("y ~ .", NUMBERS[:19].assign(id=range(19)), **RIDGE)) == []


def test_rows_in_batches_say_it_too(tmp_path):
    path = tmp_path / "rows.parquet"
    NUMBERS.assign(id=np.arange(N)).to_parquet(path)
    (sentence,) = told(lambda: bn.fit_net("y ~ .", str(path), event="yes", epochs=1, seed=1))
    assert "`id` (0 to 119 in order)" in sentence


@pytest.mark.parametrize("name", ["X", "id", "ID", "pat.id", "userId", "row_names", "Row ID", "UUID"])
def test_names_of_identifiers(name):
    assert is_named_so(name)


@pytest.mark.parametrize("name", ["x", "X1", "width", "acid", "identity", "Idaho", "index1", "no", ""])
def test_names_of_measurements(name):
    assert not is_named_so(name)
