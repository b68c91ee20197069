"""Data sets are what their sources say, and files are read by the written rules."""

import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import sklearn.datasets
from pyarrow import parquet

from bineural import list_datasets, load_dataset
from bineural.errors import ColumnError, DroppedWarning, InputError
from rjudge import numbers, r, strings


def test_kyphosis_is_rparts():
    frame = load_dataset("kyphosis")
    r("data(kyphosis, package = 'rpart')")
    assert list(frame.columns) == strings("names(kyphosis)")
    assert frame["Kyphosis"].tolist() == strings("as.character(kyphosis$Kyphosis)")
    assert frame["Kyphosis"].cat.categories.tolist() == ["absent", "present"]
    for column in ("Age", "Number", "Start"):
        assert frame[column].dtype == np.int64
        assert frame[column].tolist() == numbers(f"kyphosis${column}").tolist()


def test_sacramento_is_modeldatas():
    frame = load_dataset("sacramento")
    r("data(Sacramento, package = 'modeldata')")
    assert list(frame.columns) == strings("names(Sacramento)")
    for column in ("city", "zip", "type"):
        assert frame[column].tolist() == strings(f"as.character(Sacramento${column})")
        assert frame[column].cat.categories.tolist() == strings(f"levels(Sacramento${column})")
    for column in ("beds", "baths", "sqft", "price", "latitude", "longitude"):
        assert frame[column].tolist() == numbers(f"Sacramento${column}").tolist()
    whole = [column for column in frame if frame[column].dtype == np.int64]
    assert whole == strings("names(Filter(is.integer, Filter(Negate(is.factor), Sacramento)))")


def test_fine_foods_are_modeldatas():
    frame = load_dataset("fine_foods")
    r("data(small_fine_foods, package = 'modeldata'); foods <- training_data[1:800, ]")
    for column in ("product", "review", "score"):
        assert frame[column].tolist() == strings(f"as.character(foods${column})")
    assert frame["score"].cat.categories.tolist() == ["great", "other"]


def test_spam_mails_hold_no_addresses_or_headers():
    frame = load_dataset("spam_mails")
    assert frame["kind"].value_counts().to_dict() == {"ham": 300, "spam": 300}
    assert frame["body"].is_unique and frame["body"].str.len().max() <= 800
    addresses = frame["body"].str.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+").explode().dropna().unique()
    assert set(addresses) <= {"someone@example.org"}
    assert not frame["body"].str.contains(r"^(?:Received|Return-Path|Message-ID):").any()


def test_series_are_those_of_r():
    flights, heat = load_dataset("air_passengers"), load_dataset("nottem")
    assert flights["passengers"].tolist() == numbers("as.vector(AirPassengers)").tolist()
    assert heat["temperature"].tolist() == numbers("as.vector(nottem)").tolist()
    for frame, first in ((flights, "1949-01"), (heat, "1920-01")):
        assert frame["month"].equals(pd.Series(pd.date_range(first, periods=len(frame), freq="MS", unit="s")))
    r("data(Chicago, package = 'modeldata')")
    rides = load_dataset("chicago")
    assert rides["date"].astype(str).tolist() == strings("as.character(Chicago$date)")
    for column in ("ridership", "temp"):
        assert rides[column].tolist() == pytest.approx(numbers(f"Chicago${column}"), rel=1e-14)  # as R writes
    sales = load_dataset("texas_sales")
    r("data(txhousing, package = 'ggplot2')")
    austin = numbers("txhousing$sales[txhousing$city == 'Austin']")
    assert sales["sales"][sales["city"] == "Austin"].tolist() == austin.tolist()
    assert sales.groupby("city", observed=True)["month"].nunique().tolist() == [187] * 26


@pytest.mark.parametrize("entry", list(list_datasets().itertuples()), ids=lambda entry: entry.name)
def test_the_list_tells_the_truth(entry):
    try:
        frame = load_dataset(entry.name)
    except InputError as error:
        assert "must be on this machine" in error.must and entry.name in ("fashion_mnist", "mnist")
        return  # data/test_images.py reads such sets from files that it makes
    assert frame.shape == (entry.rows, entry.columns)
    assert not frame.isna().any(axis=None)
    outcome = frame[entry.outcome]
    of_numbers = {"diabetes": float, "sacramento": int, "air_passengers": int, "texas_sales": int}
    of_numbers |= {"nottem": float, "chicago": float}
    if entry.name == "persuasion":  # sentences, of which each is another
        assert pd.api.types.is_string_dtype(outcome)
    else:
        assert outcome.dtype == of_numbers.get(entry.name, "category")
    assert all(column.isidentifier() for column in frame.columns)


@pytest.mark.parametrize("name", ["breast_cancer", "iris", "wine", "digits"])
def test_labels_are_scikit_learns(name):
    frame, bunch = load_dataset(name), getattr(sklearn.datasets, f"load_{name}")()
    outcome = frame.columns[-1]
    assert frame[outcome].tolist() == [str(bunch.target_names[k]) for k in bunch.target]
    assert np.array_equal(frame.drop(columns=outcome).to_numpy(), bunch.data)


def test_an_unknown_name_gets_near_names():
    with pytest.raises(InputError, match=r"Found 'Kyphosiss'.*\n.*Did you mean 'kyphosis'"):
        load_dataset("Kyphosiss")
    with pytest.raises(InputError, match="There are: 'kyphosis', 'sacramento', 'fine_foods'"):
        load_dataset("zzz")
    with pytest.raises(InputError, match="Found 5"):
        load_dataset(5)


# --- files -----------------------------------------------------------------------------------------------


def read(tmp_path, text, name="file.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_dataset(tmp_path / name)


def test_types_of_columns_follow_the_rules(tmp_path):
    text = (
        "whole,gaps,real,flag,label,date,code,empty\n"
        '1,1,0.1,TRUE,"a, b",2020-01-01,007x,\n'
        "-2,NA,1e-3,FALSE,,2020-01-02,1,NA\n"
        '3,,3,true,"two\nlines",2020-01-03,2,\n'
    )
    frame = read(tmp_path, text)
    kinds = ["int64", "Int64", "float64", "bool", "str", "str", "str", "float64"]
    assert [str(d).replace("object", "str") for d in frame.dtypes] == kinds
    assert frame["gaps"].isna().tolist() == [False, True, True]
    assert frame["label"].tolist()[::2] == ["a, b", "two\nlines"] and pd.isna(frame["label"][1])
    assert frame["date"][0] == "2020-01-01"
    assert frame.index.equals(pd.RangeIndex(3))


@pytest.mark.parametrize("spelling", ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", '"NA"', '""'])
def test_all_spellings_of_missing_are_missing_in_numbers_and_in_text(tmp_path, spelling):
    frame = read(tmp_path, f"x,s\n1.5,a\n{spelling},{spelling}\n")
    assert frame.isna().to_numpy().tolist() == [[False, False], [True, True]]
    assert frame["x"].dtype == np.float64


@pytest.mark.parametrize("word", ["None", "no", "T", "F", "-", ".", "Na"])
def test_other_words_stay_text(tmp_path, word):
    assert read(tmp_path, f"x,y\n1,{word}\n2,b\n")["y"].tolist() == [word, "b"]


def test_numbers_are_read_to_the_last_bit(tmp_path):
    values = np.random.default_rng(1).normal(size=1000) * 10.0 ** np.arange(-500, 500).clip(-300, 300)
    frame = read(tmp_path, "x\n" + "\n".join(map(repr, values.tolist())) + "\n")
    assert frame["x"].tolist() == values.tolist()


def test_a_column_whose_type_shows_late_is_still_right(tmp_path):
    lines = ["1,2"] * 300_000 + ["a,2.5", "2,3"]  # beyond the first megabyte
    frame = read(tmp_path, "x,y\n" + "\n".join(lines))
    assert frame["x"].iloc[[0, -2]].tolist() == ["1", "a"]
    assert frame["y"].dtype == np.float64


def test_packed_tab_separated_and_marked_files_are_read(tmp_path):
    with gzip.open(tmp_path / "file.csv.gz", "wt") as file:
        file.write("a,b\n1,x\n")
    assert load_dataset(str(tmp_path / "file.csv.gz")).to_dict("list") == {"a": [1], "b": ["x"]}
    assert read(tmp_path, "a\tb\n1\tx, y\n", "file.tsv").to_dict("list") == {"a": [1], "b": ["x, y"]}
    assert read(tmp_path, "\ufeffa,b\r\n1,x\r\n").to_dict("list") == {"a": [1], "b": ["x"]}
    assert read(tmp_path, "a,b\n").shape == (0, 2)


def test_row_names_are_left_out_and_said_never_an_index(tmp_path):
    r(f"data(kyphosis, package = 'rpart'); write.csv(kyphosis, '{tmp_path}/r.csv')")
    with pytest.warns(DroppedWarning, match="r.csv: the column without a name looks like row names"):
        frame = load_dataset(tmp_path / "r.csv")
    assert list(frame.columns) == ["Kyphosis", "Age", "Number", "Start"]
    with pytest.raises(ColumnError, match=r"must have a name.*\n.*column 2 has none"):
        read(tmp_path, "a,,b\n1,1,2\n")
    with pytest.raises(ColumnError, match="must have a name"):
        read(tmp_path, ",b\n1,1\n1,2\n")  # not one value per row


def test_parquet_follows_the_same_rules(tmp_path):
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "label": pd.Categorical(["b", "a"]),
            "day": pd.to_datetime(["2020-01-01", "2020-01-02"]),
        }
    )
    frame.to_parquet(tmp_path / "file.parquet")
    read_back = load_dataset(tmp_path / "file.parquet")
    assert [str(d).split("[")[0] for d in read_back.dtypes] == ["Int64", "boolean", "category", "datetime64"]
    frame.set_index("whole").to_parquet(tmp_path / "named.parquet")
    assert sorted(load_dataset(tmp_path / "named.parquet")) == sorted(frame)
    frame.set_index(pd.Index(["p", "q"])).to_parquet(tmp_path / "index.parquet")
    with pytest.warns(DroppedWarning, match="row names"):
        assert list(load_dataset(tmp_path / "index.parquet")) == list(frame)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "is empty"),
        ("a;b\n1;2\n", r"separated by commas.*\n.*'a;b'"),
        ("a,b\n1,2\n3\n", "must be a table.*\n.*Expected 2 columns"),
        ("a,a\n1,2\n", r"names of columns must differ.*\n.*'a' more than once"),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)


def test_missing_and_foreign_files_are_refused(tmp_path):
    read(tmp_path, "a\n1\n", "patients.csv")
    with pytest.raises(InputError, match=r"There is no file.*patient.csv.*\n.*Did you mean 'patients.csv'"):
        load_dataset(tmp_path / "patient.csv")
    (tmp_path / "latin.csv").write_bytes("naïve,b\n1,2\n".encode("latin-1"))
    (tmp_path / "false.parquet").write_text("a,b")
    (tmp_path / "false.csv.gz").write_text("a,b")
    for name in ("latin.csv", "false.parquet", "false.csv.gz"):
        with pytest.raises(InputError, match="must be a table"):
            load_dataset(tmp_path / name)


# --- small files that become huge --------------------------------------------------------------------------


def gzip_bomb(path):
    """A few hundred kB that become 320 MB of CSV: the same member again and again, as gzip allows."""
    member = gzip.compress(b"1\n" * 2**22, compresslevel=9)
    path.write_bytes(gzip.compress(b"x\n") + member * 40)


def rows_bomb(path):
    """One number, said 40 million times."""
    part = pa.table({"x": pa.array(np.zeros(4_000_000))})
    with parquet.ParquetWriter(path, part.schema) as writer:
        for _ in range(10):
            writer.write_table(part)


def text_bomb(path):
    """One text of a million letters, named in a thousand rows."""
    indices, words = pa.array(np.zeros(1000, dtype=np.int32)), pa.array(["a" * 10**6])
    column = pa.DictionaryArray.from_arrays(indices, words)
    parquet.write_table(pa.table({"x": column}), path, store_schema=False)


@pytest.mark.parametrize(
    "make, name",
    [
        (gzip_bomb, "bomb.csv.gz"),
        (gzip_bomb, "bomb.tsv.gz"),
        (rows_bomb, "bomb.parquet"),
        (text_bomb, "b.parquet"),
    ],
)
def test_a_small_file_that_becomes_huge_is_refused(tmp_path, make, name):
    make(tmp_path / name)
    assert (tmp_path / name).stat().st_size < 400_000
    with pytest.raises(
        InputError, match="200 times as large.*\n.*would become more than 268,435,456"
    ) as caught:
        load_dataset(tmp_path / name)
    assert "max_bytes" in caught.value.hint


@pytest.mark.long
def test_a_huge_file_is_read_for_a_user_who_answers_for_it(tmp_path):
    text_bomb(tmp_path / "known.parquet")
    frame = load_dataset(tmp_path / "known.parquet", max_bytes=2 * 10**9)
    assert frame.shape == (1000, 1) and set(frame["x"].str.len()) == {10**6}
    for bad in ("yes", 0, 2.5, True, float("nan")):
        with pytest.raises(InputError, match="whole number of at least 1"):
            load_dataset(tmp_path / "known.parquet", max_bytes=bad)


def test_text_that_is_named_often_is_read_as_it_was_written(tmp_path):
    words = np.random.default_rng(1).choice(["a" * 1000, "é", "", None], size=300_000)
    frame = pd.DataFrame({"n": np.arange(300_000), "word": words, "again": words})
    frame.to_parquet(tmp_path / "file.parquet")
    read_back = load_dataset(tmp_path / "file.parquet")
    assert list(read_back) == ["n", "word", "again"]
    assert read_back["word"].astype(object).where(read_back["word"].notna(), None).tolist() == words.tolist()


@pytest.mark.parametrize("cut", [5, 20, -4])
def test_a_packed_file_that_is_cut_short_is_said(tmp_path, cut):
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 1000)
    (tmp_path / "cut.csv.gz").write_bytes(whole[:cut])
    with pytest.raises(InputError, match="must be a table"):
        load_dataset(tmp_path / "cut.csv.gz")
