"""Messages that functions write for Python are said in the words of the command line."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main, make_parser
from bineural.cli.words import error_in_cli_words, in_cli_words, typed
from bineural.errors import InputError

FIT = make_parser(["fit"]).parse_args(["fit", "a.csv", "--formula", "y ~ x", "--out", "m"]).parser
PREDICT = make_parser(["predict"]).parse_args(["predict", "m", "a.csv"]).parser


@pytest.mark.parametrize(
    "python, command",
    [
        ("Choose missing='drop' or missing=\"impute\".", "Choose --missing drop or --missing impute."),
        ("Pass units=(16, 8), or units=() for none.", "Pass --units 16,8, or --units '' for none."),
        ("Pass class_weight={'yes': 3, 'no': 1}.", "Pass --class-weight yes=3,no=1."),
        ("Pass for example seed=2019.", "Pass for example --seed 2019."),
        ("Pass strength=0.1 (glmnet's lambda).", "Pass --strength 0.1 (glmnet's lambda)."),
        ("Pass validation=None, or event=True.", "Pass --validation none, or --event True."),
        ("Use batch_normalization=False.", "Use --no-batch-normalization."),
        ("Use scaling=False.", "Use --scaling no."),
        ("Use batch_normalization=True.", "Use --batch-normalization."),
        ('penalty = "lasso".', "--penalty lasso."),
        ("Use weights=, or name event= or classes=.", "Use --weights, or name --event or --classes."),
        ("Pass separator=';' and decimal=','.", "Pass --separator ';' and --decimal ','."),
        ("Pass formula='y ~ a + b'.", "Pass --formula 'y ~ a + b'."),
        ("`weights` and `offset` must be columns.", "`--weights` and `--offset` must be columns."),
        ("`seed` must be a number, or None.", "`--seed` must be a number, or none."),
        ("one of 'auto', True, False", "one of 'auto', yes, no"),
        ("as load_dataset(path, missing_values=['?', '-']) reads it", "as --missing-values '?,-' reads it"),
        ("load_model(path, max_bytes=300) does.", "--max-bytes 300 does."),
        ("sitrep(deep=True) says", "`bineural sitrep --deep` says"),
        ("Leave it out, as in `. - X`.", "Leave it out, as in `--exclude X`."),
        ("as in `. - `a b``.", "as in `--exclude 'a b'`."),
        ("`name` must be a data set.", "`data` must be a data set."),
    ],
)
def test_arguments_are_said_as_they_are_typed(python, command):
    assert in_cli_words(python, FIT) == command


@pytest.mark.parametrize(
    "text",
    [
        "Column `event` can't be a predictor.",
        "Columns `seed` are text.",
        "Found 'missing=1'.",
        "The classes are 'True', 'None'.",
        "None of the rows is complete.",
        "Pass folds=make_folds(data, folds=10, seed=1).",
        "Pass measures={'mcc': my_function}.",
        "Pass event=my_event(3).",
        "write factor(seed) in the formula",
        "Pass no_such=3, or `no_such`.",
        "weights of x = 3 and y=z",
        "isTrue, Nonesense, `False`",
    ],
)
def test_what_is_no_argument_of_the_command_stays(text):
    assert in_cli_words(text, FIT) == text


def test_columns_in_what_was_found_stay_while_arguments_do_not():
    found = "Left out are `seed` (3), True and missing='no'."
    error = InputError("`missing` must be one, or None.", found, "Pass `seed`.")
    lines = error_in_cli_words(error, FIT).splitlines()
    assert lines == [
        "`--missing` must be one, or none.",
        "Left out are `seed` (3), True and --missing no.",
        "Pass `--seed`.",
    ]
    assert in_cli_words("Left out rows in `seed` (3). `seed` is none.", FIT, names=False) == (
        "Left out rows in `seed` (3). `--seed` is none."
    )
    assert in_cli_words("`path` must be a file. Pass seed=1.", PREDICT) == (
        "`model` must be a file. Pass seed=1."  # which predict does not have
    )


@pytest.mark.parametrize(
    "value", ["a", "a b", ";", ",", "?", "", 3, 0.5, None, True, (16, 8), {"yes": 3}, ["?", "-"]]
)
def test_what_is_typed_is_read_back_by_the_shell_as_one_word(value):
    shown = subprocess.run(
        ["bash", "-c", f"printf '%s' {typed(value)}"], capture_output=True, text=True, check=True
    )
    words = {None: "none", True: "yes", (16, 8): "16,8"}
    plain = words.get(value, str(value)) if isinstance(value, (tuple, type(None), bool)) else None
    plain = plain or {"list": "?,-", "dict": "yes=3"}.get(type(value).__name__, str(value))
    assert shown.stdout == plain


# --- what the commands print -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    x = rng.normal(size=60)
    y = (x + rng.normal(size=60) > 0).astype(float)
    table = pd.DataFrame(
        {"x": x.round(4), "z": rng.integers(0, 9, 60), "y": y, "who": [f"p{i}" for i in range(60)]}
    )
    table.to_csv(tmp_path / "train.csv", index=False)
    table.drop(columns="who").to_csv(tmp_path / "plain.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return table


def run(*argv, **variables):
    """Run the command as a shell does; see also what it prints to stderr."""

    return subprocess.run(
        [sys.executable, "-m", "bineural", *argv],
        capture_output=True,
        env=os.environ | variables,
        check=False,
    )


@pytest.mark.parametrize("event", ["1", "1.0"])
def test_an_event_of_zeros_and_ones_is_named_as_it_is_typed(folder, event, capsys):
    assert main(["fit", "plain.csv", "--formula", "y ~ x", "--event", event, "--out", "m"]) == 0
    assert main(["evaluate", "m", "plain.csv", "--event", event]) == 0
    options = ["--models", "glm", "--folds", "2", "--repeats", "1", "--seed", "1"]
    assert main(["compare", "plain.csv", "--outcome", "y", "--event", event, *options]) == 0
    printed = capsys.readouterr().out
    assert f"event 1 (n = 60, events = {int(folder['y'].sum())}" in printed
    assert printed.count("y: 1") >= 2


@pytest.mark.parametrize(
    ("labels", "event", "classes"),
    [
        ([0, 1], "1.0", None),
        ([0.0, 1.0], "1", None),
        ([0.0, 1.0, 2.0], "2", "0,1,2"),
        ([0, 1, 2], "2.0", "0.0,1.0,2.0"),
        ([False, True], "true", None),
        (["False", "True"], "True", None),
        (["01", "1"], "01", None),
    ],
)
def test_labels_are_named_as_they_are_typed(folder, labels, event, classes, capsys):
    folder.assign(y=[labels[k % len(labels)] for k in range(60)]).to_parquet("typed.parquet")
    more = ["--classes", classes] if classes else []
    argv = ["typed.parquet", "--formula", "y ~ x", "--event", event, *more]
    assert main(["fit", *argv, "--out", "m"]) == 0
    assert f"event {bn.load_model('m').event_}".replace(".0", "") in capsys.readouterr().out
    assert str(bn.load_model("m").event_).lower().removesuffix(".0") == event.lower().removesuffix(".0")
    assert main(["compare", *argv, "--models", "glm", "--folds", "2", "--repeats", "1", "--seed", "1"]) == 0
    assert main(["evaluate", "m", "typed.parquet", "--event", event]) == 0


@pytest.mark.parametrize(
    "argv",
    [
        ["fit", "plain.csv", "--formula", "y ~ x", "--out", "m"],
        ["compare", "plain.csv", "--outcome", "y"],
    ],
)
def test_an_unnamed_event_is_asked_for_by_its_flag(folder, argv, capsys):
    assert main(argv) == 2
    text = capsys.readouterr().err
    assert "`--event` must name" in text and "--event 1.0" in text


def test_excluded_columns_are_no_predictors(folder, capsys):
    argv = ["fit", "train.csv", "--event", "1", "--formula"]
    assert main([*argv, "y ~ .", "--exclude", "who,z", "--out", "dropped"]) == 0
    assert main([*argv, "y ~ . - who - z", "--out", "minus"]) == 0
    for name in ("dropped", "minus"):
        assert main(["predict", name, "train.csv", "--out", f"{name}.csv"]) == 0
    assert Path("dropped.csv").read_bytes() == Path("minus.csv").read_bytes()
    capsys.readouterr()
    assert main([*argv, "y ~ .", "--exclude", "whom", "--out", "m"]) == 2
    assert "'who'" in capsys.readouterr().err


def test_compare_leaves_columns_out_too(folder, capsys):
    argv = [
        "compare",
        "train.csv",
        "--outcome",
        "y",
        "--event",
        "1",
        "--models",
        "glm,rf",
        "--exclude",
        "who",
    ]
    assert main([*argv, "--folds", "2", "--repeats", "1", "--seed", "1"]) == 0
    excluded = capsys.readouterr().out
    argv[1] = "plain.csv"
    assert main([*argv[:-2], "--folds", "2", "--repeats", "1", "--seed", "1"]) == 0
    assert capsys.readouterr().out == excluded


def test_columns_can_be_kept_beside_the_predictions(folder, capsys):
    assert main(["fit", "train.csv", "--formula", "y ~ x", "--event", "1", "--out", "m"]) == 0
    assert main(["predict", "m", "train.csv", "--keep", "who,z", "--out", "p.csv"]) == 0
    table = pd.read_csv("p.csv")
    assert list(table) == ["who", "z", ".pred_0.0", ".pred_1.0", ".pred_class"]
    pd.testing.assert_frame_equal(table[["who", "z"]], folder[["who", "z"]], check_dtype=False)
    capsys.readouterr()
    assert main(["predict", "m", "train.csv", "--keep", "whom"]) == 2
    assert "`--keep` must name columns" in capsys.readouterr().err


def test_every_option_of_reading_is_a_flag(folder, capsys):
    labels = np.where(folder["y"] > 0, "ja", "nein")
    table = folder.assign(
        x=(1e4 * folder["x"]).map(lambda v: f"{v:,.2f}".translate({44: ".", 46: ","})), y=labels
    )
    table.loc[3, "z"] = None
    text = table.to_csv(index=False, sep=";", na_rep="?")
    Path("euro.csv").write_bytes(text.encode("utf-16"))
    argv = ["fit", "euro.csv", "--formula", "y ~ x + z", "--event", "ja", "--out", "m", "--missing", "drop"]
    reading = ["--separator", ";", "--decimal", ",", "--thousands", ".", "--encoding", "utf-16"]
    assert main([*argv, *reading, "--missing-values", "?"]) == 0
    captured = capsys.readouterr()
    assert "n = 59" in captured.out and "missing values in `z` (1)" in captured.err


def test_help_names_nothing_that_can_not_be_typed(capsys):
    with pytest.raises(SystemExit):
        main(["fit", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for words in (
        "keras.Model",
        "n_outputs",
        "keep-weights",
        "callbacks",
        "None",
        "callable",
        "predict_spread",
    ):
        assert words not in text
    for words in ("--separator", "--missing-values", "--exclude", "--architecture", "--seed"):
        assert words in text


# --- where output goes -----------------------------------------------------------------------------------


@pytest.fixture
def model(folder):
    """A model whose labels are what a terminal without Unicode, or a spreadsheet, stumbles over."""
    labels = {0.0: "=cmd()", 1.0: "böse\x1b[31m"}
    table = folder.assign(y=folder["y"].map(labels))
    table.to_csv("odd.csv", index=False)
    assert main(["fit", "odd.csv", "--formula", "y ~ x", "--event", "=cmd()", "--out", "odd"]) == 0
    return table


@pytest.mark.long
def test_output_that_can_not_be_delivered_is_an_error(model):
    command = f"{sys.executable} -m bineural predict odd odd.csv"
    for target in (">&-", ">/dev/full"):
        done = subprocess.run(
            ["bash", "-c", f"{command} {target}"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2 and "The output must" in done.stderr, target
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    head = f"set -o pipefail; {command} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", head], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "0" and "Error" not in done.stderr  # the reader has seen enough


@pytest.mark.long
def test_a_terminal_without_unicode_gets_codes_and_data_stay_data(model):
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    argv = ["fit", "odd.csv", "--formula", "y ~ x", "--out", "m", "--event"]
    done = run(*argv, "=cmd()", **ascii_only)
    assert done.returncode == 0 and rb"b\xf6se\x1b[31m" in done.stdout and b"\x1b" not in done.stdout
    printed = run("predict", "odd", "odd.csv", **ascii_only)
    assert printed.returncode == 0
    assert main(["predict", "odd", "odd.csv", "--out", "p.csv"]) == 0
    assert printed.stdout == Path("p.csv").read_bytes()


@pytest.mark.parametrize(
    "label, is_formula",
    [
        ("=1+1", True),
        ("@a", True),
        ("+a", True),
        ("-a", True),
        ("\ta", True),
        ("-1.5", False),
        ("+3", False),
        ("a=", False),
    ],
)
def test_labels_that_a_spreadsheet_works_out_are_said_and_kept(folder, label, is_formula, capsys):
    table = pd.DataFrame({"x": folder["x"], "y": np.where(folder["y"] > 0, label, "other"), "tag": "=2"})
    table.to_parquet("train.parquet", index=False)
    assert main(["fit", "train.parquet", "--formula", "y ~ x", "--event", "other", "--out", "m"]) == 0
    capsys.readouterr()
    assert main(["predict", "m", "train.parquet", "--out", "p.csv"]) == 0
    assert ("spreadsheet" in capsys.readouterr().err) is is_formula
    assert set(pd.read_csv("p.csv", dtype=str)[".pred_class"]) == {label, "other"}
    main(["predict", "m", "train.parquet", "--out", "p.parquet"])
    assert "spreadsheet" not in capsys.readouterr().err
    main(["predict", "m", "train.parquet", "--keep", "tag", "--out", "p.csv"])
    assert "`tag`" in capsys.readouterr().err


def test_warnings_are_said_in_the_words_of_the_command(folder, capsys):
    table = folder.assign(x=folder["x"].astype(str).where(folder["z"] > 0, "?"))
    table.to_csv("marked.csv", index=False)
    argv = ["fit", "marked.csv", "--formula", "y ~ x + z", "--event", "1", "--out", "m"]
    assert main([*argv, "--penalty", "ridge", "--strength", "1"]) == 0
    assert "as --missing-values '?' reads it" in capsys.readouterr().err
