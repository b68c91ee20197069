"""Saved splits come back as they were, and only onto the data they were made for."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

from bineural import Folds, Split, load_dataset, load_split, make_folds, save_split, split_rows
from bineural.errors import DataMismatchError, InputError, SavingError
from rjudge import numbers, r


@pytest.fixture(scope="module")
def kyphosis():
    return load_dataset("kyphosis")


@pytest.mark.parametrize(
    "arguments",
    [{}, {"strata": "Kyphosis"}, {"groups": "Start"}, {"time": "Age"}, {"strata": [*"ab"] * 40 + ["a"]}],
)
def test_a_split_and_folds_come_back_as_they_were(kyphosis, arguments, tmp_path):
    settings = ("n_rows", "seed", "prop", "strata", "groups", "time", "pool", "read_as", "rng", "fingerprint")
    split = split_rows(kyphosis, seed=5, **arguments)
    assert split.save(tmp_path / "split.json") == tmp_path / "split.json"
    again = load_split(tmp_path / "split.json", kyphosis)
    assert isinstance(again, Split) and again.train.equals(split.train) and again.test.equals(split.test)
    assert [getattr(again, word) for word in settings] == [getattr(split, word) for word in settings]
    folds = make_folds(kyphosis, 4, **arguments, seed=5)
    save_split(folds, str(tmp_path / "folds.json"))
    again = load_split(str(tmp_path / "folds.json"), kyphosis)
    assert isinstance(again, Folds) and (again.folds, again.repeats) == (4, 1)
    for one, other in zip(again, folds, strict=True):
        assert np.array_equal(one[0], other[0]) and np.array_equal(one[1], other[1])
    assert [getattr(again, word) for word in settings] == [getattr(folds, word) for word in settings]


def test_the_same_split_gives_the_same_file_and_leaves_nothing_beside_it(kyphosis, tmp_path):
    for name in ("a.json", "b.json"):
        split_rows(kyphosis, seed=1).save(tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_r_reads_the_row_ids(kyphosis, tmp_path):
    split = split_rows(kyphosis, strata="Kyphosis", seed=123).save(tmp_path / "split.json")
    r("suppressPackageStartupMessages(library(rsample)); data(kyphosis, package = 'rpart'); set.seed(123)")
    expected = numbers("initial_split(kyphosis, strata = 'Kyphosis')$in_id")
    assert numbers(f"jsonlite::fromJSON('{split}')$train_ids + 1").tolist() == expected.tolist()


def test_the_workshops_split_ships_and_has_its_rows(kyphosis):
    split = load_split("sdss2019", kyphosis)
    assert split.train["Kyphosis"].value_counts().to_dict() == {"absent": 48, "present": 13}
    absent = [8, 9, 12, 13, 15, 18, 24, 30, 50, 54, 55, 63, 68, 69, 70, 78]
    assert (split.test_ids + 1).tolist() == sorted([*absent, 10, 40, 58, 77])
    r("data(kyphosis, package = 'rpart'); set.seed(10); absent <- which(kyphosis$Kyphosis == 'absent')")
    r("present <- which(kyphosis$Kyphosis == 'present'); rows <- c(sample(absent, 16), sample(present, 4))")
    assert (split.test_ids + 1).tolist() == numbers("sort(rows)").tolist()
    r("fit <- glm(Kyphosis ~ Age + Number + Start, binomial, kyphosis[-rows, ]); test <- kyphosis[rows, ]")
    r("score <- predict(fit, test); gap <- outer(score[17:20], score[1:16], '-')")
    assert numbers("sum(gap > 0) + sum(gap == 0) / 2")[0] == 46


def test_it_loads_onto_the_same_data_in_any_dress(kyphosis):
    for data in (pl.from_pandas(kyphosis), dict(kyphosis), kyphosis.astype({"Kyphosis": str, "Age": float})):
        assert load_split("sdss2019", data).data is data


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda k: k[:80], "There are 80 rows where 81 are expected"),
        (lambda k: k.assign(Age=k["Age"] + 1), "Values differ in 'Age'"),
        (lambda k: k.rename(columns={"Age": "age"}), "Column 'Age' is now called 'age'"),
        (lambda k: k.sample(frac=1, random_state=1), "another order of rows"),
        (lambda k: k.to_numpy(), "Missing: 'Kyphosis', 'Age', 'Number', 'Start'"),
    ],
)
def test_other_data_are_refused_with_what_differs(kyphosis, change, said):
    with pytest.raises(DataMismatchError, match=said):
        load_split("sdss2019", change(kyphosis))


def test_without_data_the_ids_are_there_but_not_the_rows():
    split = load_split("sdss2019")
    assert len(split.train_ids) == 61 and split.fingerprint["n_rows"] == 81
    with pytest.raises(
        InputError, match=r"`train` needs the data.*\n.*61 rows.*\n.*load_split\(path, data\)"
    ):
        _ = split.train


def test_folds_loaded_without_data_still_split(kyphosis, tmp_path):
    make_folds(kyphosis, 3, seed=1).save(tmp_path / "folds.json")
    assert len(list(load_split(tmp_path / "folds.json").split(kyphosis))) == 3


def test_files_that_cannot_be_read_or_written_are_named(kyphosis, tmp_path):
    with pytest.raises(SavingError, match=r"'sdss2018'.*\n.*Did you mean 'sdss2019'"):
        load_split("sdss2018")
    with pytest.raises(SavingError, match="No such file"):
        load_split(tmp_path / "none.json")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "list.json").write_text("[1]")
    for name in ("table.csv", "bytes.json", "list.json"):
        with pytest.raises(SavingError):
            load_split(tmp_path / name)
    with pytest.raises(SavingError, match="folder that exists"):
        split_rows(kyphosis, seed=1).save(tmp_path / "no" / "split.json")
    with pytest.raises(InputError, match=r"`split` must be made by split_rows\(\)"):
        save_split(kyphosis, tmp_path / "split.json")


@pytest.mark.parametrize(
    "change, said",
    [
        ({"format": 2}, "format 1 or older"),
        ({"test_ids": [0, 81]}, "row ids from 0 to 81 in 81 rows"),
        ({"test_ids": [-1]}, "row ids from -1"),
        ({"test_ids": [0, 0]}, "a test row is there twice"),
        ({"test_ids": ["a"]}, "must be whole numbers"),
        ({"test_ids": None}, "test_ids. is of type NoneType"),
        ({"train_ids": [7]}, "rows on both sides"),
        ({"n_rows": "many"}, "n_rows. is 'many'"),
    ],
)
def test_a_manifest_that_was_tampered_with_is_refused(change, said, tmp_path, kyphosis):
    load_split("sdss2019", kyphosis).save(tmp_path / "split.json")
    entries = json.loads((tmp_path / "split.json").read_text()) | change
    (tmp_path / "split.json").write_text(json.dumps(entries))
    with pytest.raises(SavingError, match=said):
        load_split(tmp_path / "split.json")


def test_splitting_an_array_loads_no_pandas_or_tensorflow():
    code = (
        "import sys, numpy as np, bineural as bn; bn.split_rows(np.zeros((9, 2)), seed=1); "
        "print([m for m in ('pandas', 'sklearn', 'tensorflow') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_manifest_of_a_frame_with_odd_names_comes_back(tmp_path):
    frame = pd.DataFrame({'a "b"': range(9), "é": range(9), 3: range(9)})
    split_rows(frame, seed=1).save(tmp_path / "odd.json")
    assert load_split(tmp_path / "odd.json", frame).seed == 1
