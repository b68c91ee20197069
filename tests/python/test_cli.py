"""The command does what the functions do, on files; bad input gets status 2 and three sentences."""

import gzip
import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main

FORMULA = "Kyphosis ~ Age + Number + Start"


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


@pytest.fixture
def folder(tmp_path, kyphosis, monkeypatch):
    """A working folder with kyphosis as train.csv and test.parquet."""
    kyphosis[:61].to_csv(tmp_path / "train.csv", index=False)
    kyphosis[61:].to_parquet(tmp_path / "test.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fit_glm(*more):
    return main(
        ["fit", "train.csv", "--formula", FORMULA, "--event", "present", "--out", "m.bineural", *more]
    )


def test_fit_predict_evaluate_give_what_the_functions_give(folder, kyphosis, capsys):
    assert fit_glm() == 0
    said = capsys.readouterr().out
    assert "Start" in said and "Wrote m.bineural" in said
    model = bn.fit_glm(FORMULA, kyphosis[:61], event="present")
    assert main(["predict", "m.bineural", "test.parquet", "--out", "p.csv"]) == 0
    table = pd.read_csv("p.csv")
    assert list(table.columns) == [".pred_absent", ".pred_present", ".pred_class"]
    np.testing.assert_array_equal(table[".pred_present"], model.predict_event(kyphosis[61:]))
    assert table[".pred_class"].tolist() == model.predict(kyphosis[61:]).tolist()
    capsys.readouterr()
    assert main(["evaluate", "m.bineural", "test.parquet", "--threshold", "0.3"]) == 0
    assert capsys.readouterr().out.strip() == str(bn.evaluate_model(model, kyphosis[61:], threshold=0.3))


def test_predictions_go_to_parquet_or_the_terminal(folder, capsys):
    fit_glm()
    main(["predict", "m.bineural", "test.parquet", "--out", "p.parquet"])
    capsys.readouterr()
    assert main(["predict", "m.bineural", "test.parquet"]) == 0
    printed = capsys.readouterr().out
    (folder / "p.csv").write_text(printed)
    pd.testing.assert_frame_equal(
        pd.read_parquet("p.parquet"), pd.read_csv("p.csv"), check_dtype=False, check_exact=True
    )


def test_a_regressor_predicts_one_column(folder, capsys):
    assert main(["fit", "train.csv", "--formula", "Start ~ Age", "--out", "m", "--family", "poisson"]) == 0
    assert main(["predict", "m", "test.parquet", "--out", "p.csv"]) == 0
    assert list(pd.read_csv("p.csv").columns) == [".pred"]


def test_a_net_is_fitted_from_the_command_line(folder, kyphosis, capsys):
    options = [
        "--model",
        "net",
        "--units",
        "3,2",
        "--epochs",
        "2",
        "--seed",
        "1",
        "--class-weight",
        "balanced",
    ]
    assert fit_glm(*options) == 0
    model = bn.load_model("m.bineural")
    same = {"units": (3, 2), "epochs": 2, "seed": 1, "class_weight": "balanced"}
    net = bn.fit_net(FORMULA, kyphosis[:61], event="present", **same)
    assert np.array_equal(model.predict_proba(kyphosis), net.predict_proba(kyphosis))


COMPARE = ["compare", "train.csv", "--outcome", "Kyphosis", "--event", "present", "--models", "glm,knn"]


def test_compare_prints_what_the_function_finds_and_ends_with_the_verdict(folder, kyphosis, capsys):
    options = ["--folds", "4", "--repeats", "2", "--seed", "3", "--report", "out.html"]
    argv = [*COMPARE[:-1], "glm,boosting", "--formula", "Kyphosis ~ Age + Start", *options]
    assert main(argv) == 0
    said = capsys.readouterr().out.splitlines()
    found = bn.compare_models(
        ["glm", "boosting"],
        bn.load_dataset("train.csv"),
        formula="Kyphosis ~ Age + Start",
        event="present",
        folds=4,
        repeats=2,
        seed=3,
    )
    assert said[-1] == found.verdict
    assert "\n".join(said).startswith(str(found))
    page = (folder / "out.html").read_text("utf-8")
    assert found.verdict in page and "train.csv" in page


def test_compare_takes_groups_measure_and_missing(folder, kyphosis, capsys):
    table = kyphosis[:61].assign(clinic=np.arange(61) % 12)
    table.loc[3, "Age"] = np.nan
    table.to_csv("train.csv", index=False)
    options = ["--groups", "clinic", "--measure", "log_loss", "--missing", "impute", "--folds", "4"]
    assert main([*COMPARE[:-1], "glm", *options, "--repeats", "1", "--seed", "1"]) == 0
    said = capsys.readouterr().out
    assert "grouped by clinic" in said and "log loss" in said.splitlines()[-1]


@pytest.mark.long
def test_compare_takes_an_objective_with_the_linear_model_of_its_kind(folder, kyphosis, capsys):
    asked = ["--objective", "poisson", "--folds", "2", "--repeats", "1", "--seed", "4"]
    assert main(["compare", "train.csv", "--formula", "Number ~ Age + Start", *asked]) == 0
    printed = capsys.readouterr().out
    net = bn.make_net(objective="poisson")
    rows = kyphosis[:61].reset_index(drop=True)
    own = bn.compare_models({"net": net}, rows, formula="Number ~ Age + Start", folds=2, repeats=1, seed=4)
    assert printed.startswith(str(own)) and "glm " in printed and "mean poisson deviance" in printed
    assert main(["compare", "train.csv", "--outcome", "Age", "--objective", "huber", "--models", "glm"]) == 2
    assert "`--objective` must come with a net" in capsys.readouterr().err
    assert main(["compare", "train.csv", "--outcome", "Age", "--delta", "1"]) == 2
    assert "Found --delta without --objective" in capsys.readouterr().err


@pytest.mark.parametrize(("pairs", "n"), [([], 2), (["--pairs", "all"], 3)])
def test_compare_judges_the_family_that_is_asked_for(folder, pairs, n, capsys):
    options = ["--folds", "3", "--repeats", "1", "--seed", "1", *pairs]
    assert main([*COMPARE[:-1], "glm,boosting,rf", *options]) == 0
    assert capsys.readouterr().out.count("\n- ") == n


BAD = {
    "no such file": (["fit", "nowhere.csv", "--formula", "y ~ x", "--out", "m"], "nowhere.csv"),
    "no such model": (["predict", "nowhere.bineural", "test.parquet"], "nowhere.bineural"),
    "foreign model": (["predict", "train.csv", "test.parquet"], "no zip file"),
    "no such folder": (["fit", "train.csv", "--formula", FORMULA, "--out", "no/m"], "'no'"),
    "a folder": (["fit", "train.csv", "--formula", FORMULA, "--out", "."], "a folder"),
    "event unnamed": (["fit", "train.csv", "--formula", FORMULA, "--out", "m"], "'absent', 'present'"),
    "event unknown": (["fit", "train.csv", "--formula", FORMULA, "--event", "yes", "--out", "m"], "'yes'"),
    "column unknown": (
        ["fit", "train.csv", "--formula", "Kyphosis ~ age", "--event", "present", "--out", "m"],
        "age",
    ),
    "formula": (["fit", "train.csv", "--formula", "Kyphosis ~ (", "--event", "present", "--out", "m"], "("),
    "no table's ending": (["predict", "nowhere.bineural", "test.parquet", "--out", "p.xlsx"], ".parquet"),
    "class weight": (
        ["fit", "train.csv", "--formula", FORMULA, "--event", "present", "--model", "net", "--out", "m"]
        + ["--class-weight", "presnt=2"],
        "--class-weight",
    ),
    "compare: event unnamed": (["compare", "train.csv", "--outcome", "Kyphosis"], "'absent', 'present'"),
    "compare: no outcome": (["compare", "train.csv", "--event", "present"], "outcome"),
    "compare: no such model": (COMPARE, "'knn'"),
    "compare: no such column": ([*COMPARE[:-1], "glm", "--groups", "ward"], "ward"),
    "compare: no such measure": ([*COMPARE[:-1], "glm", "--measure", "aurc"], "'auroc'"),
    "compare: too many folds": ([*COMPARE[:-1], "glm", "--folds", "99"], "99 folds"),
    "compare: no such folder": ([*COMPARE, "--report", "no/out.html"], "--report"),
    "compare: not a page": ([*COMPARE, "--report", "out.pdf"], ".html"),
    "options": (["fit", "train.csv", "--formula", FORMULA, "--units", "4", "--out", "m"], "--units"),
    "link": (
        ["fit", "train.csv", "--formula", FORMULA, "--event", "present", "--link", "x", "--out", "m"],
        "'x'",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_ends_with_status_2_three_sentences_and_no_file(case, folder, capsys):
    argv, named = BAD[case]
    before = sorted(p.name for p in folder.iterdir())
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"bineural {argv[0]}: ")
    assert named in said.err
    assert "Traceback" not in said.err
    assert 2 <= len(said.err.strip().splitlines()) <= 4
    assert sorted(p.name for p in folder.iterdir()) == before


def test_debug_shows_the_error_itself(folder):
    with pytest.raises(bn.InputError):
        main(["predict", "nowhere.bineural", "test.parquet", "--debug"])


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["no-such-command"],
        ["fit"],
        ["fit", "a.csv", "--units", "x"],
        ["fit", "a.csv", "--class-weight", "yes"],
        ["fit", "a.csv", "--class-weight", "yes=much"],
        ["evaluate", "m", "a.csv", "--threshold", "high"],
        ["compare", "--images", "folder", "--size", "big"],
        ["compare", "a.csv", "--folds", "ten"],
        ["compare", "a.csv", "--pairs", "some"],
    ],
)
def test_misuse_of_the_command_is_status_2(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("bineural")
    assert "--help` lists" in said
    assert len(said.splitlines()) == 2
    assert "_whole" not in said and "_class" not in said  # names of our functions


def test_something_unexpected_is_status_1_and_one_sentence(monkeypatch, folder, capsys):
    monkeypatch.setattr("bineural.data.datasets.load_dataset", lambda *_: 1 / 0)
    assert fit_glm() == 1
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_a_file_that_becomes_huge_is_read_when_asked_only(monkeypatch, folder, capsys):
    packed = gzip.compress(b"y,x\n" + b"a,1\nb,2\n" * 5000)
    (Path(folder) / "packed.csv.gz").write_bytes(packed)
    monkeypatch.setattr("bineural.tables.growth.FREE", 10_000)
    monkeypatch.setattr("bineural.tables.growth.GROWTH", 2)
    argv = ["fit", "packed.csv.gz", "--formula", "y ~ x", "--event", "b", "--out", "m"]
    assert main(argv) == 2
    assert "--max-bytes" in capsys.readouterr().err and not Path("m").exists()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the classes are apart
        assert main([*argv, "--max-bytes", "100000"]) == 0


def test_warnings_are_one_line_on_stderr(folder, capsys):
    data = pd.DataFrame({"y": ["a", "b"] * 20, "x": range(40), "z": range(40)})
    data.to_csv("train.csv", index=False)
    assert main(["fit", "train.csv", "--formula", "y ~ x + z", "--event", "b", "--out", "m"]) == 0
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("warning: ") and "'z'" in line


def test_sitrep_prints_a_page_or_json(capsys):
    status = main(["sitrep"])
    assert "Packages" in capsys.readouterr().out
    assert main(["sitrep", "--json"]) == status
    assert json.loads(capsys.readouterr().out)["ok"] is (status == 0)


def test_the_course_is_listed_and_its_files_are_written(folder, capsys):
    assert main(["course", "--list"]) == 0
    said = capsys.readouterr().out
    for name in bn.list_exercises()["exercise"]:
        assert f"  {name}: " in said
    options = ["--format", "script,notebook", "--language", "r", "--no-solutions", "--directory", "out"]
    assert main(["course", "neurons", "depth", *options]) == 0
    assert "Wrote 7 files to out" in capsys.readouterr().out
    made = {str(file.relative_to("out")) for file in Path("out").rglob("*") if file.is_file()}
    ends = ("-r.ipynb", "-r.Rmd", "-r.R")
    assert made == {f"exercises/{n}{end}" for n in ("neurons", "depth") for end in ends} | {"index.html"}
    assert main(["course", "widths"]) == 2
    assert "The topics are bineural, neurons" in capsys.readouterr().err


def test_python_m_bineural_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "bineural", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"bineural {bn.__version__}\n"
