"""`--option width=2`: options of an architecture's own, typed, and checked as its record checks them."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main

DAYS, BACK = 12, 30


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """Ten series of twelve steps."""
    rng = np.random.default_rng(3)
    rows = {
        "id": np.repeat(np.arange(10), DAYS),
        "t": np.tile(np.arange(DAYS), 10),
        "x": rng.normal(size=120),
    }
    path = tmp_path_factory.mktemp("cli") / "steps.csv"
    pd.DataFrame(rows).assign(y=lambda d: np.where(d["id"] % 2, "a", "b")).to_csv(path, index=False)
    return str(path)


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "monthly.csv"
    pd.DataFrame({"y": np.sin(np.arange(BACK)) + 5}).to_csv(path, index=False)
    return str(path)


@pytest.mark.long
def test_a_net_is_fitted_with_options_of_its_architecture(steps, tmp_path):
    model = str(tmp_path / "m.bineural")
    argv = ["fit", steps, "--id", "id", "--time", "t", "--formula", "y ~ x", "--event", "a", "--model", "net"]
    more = ["--architecture", "gru", "--units", "3", "--epochs", "1", "--seed", "1", "--out", model]
    assert main([*argv, *more, "--option", "bidirectional=yes", "--option", "truncate-gradient=4"]) == 0
    own = bn.load_model(model).get_params()
    assert own["bidirectional"] is True and own["truncate_gradient"] == 4


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--architecture", "gru", "--option", "bidirektional=yes"], "Did you mean 'bidirectional'?"),
        (
            ["--architecture", "gru", "--option", "truncate_gradient=0"],
            "`--option truncate_gradient` must be",
        ),
        (["--architecture", "gru", "--option", "bidirectional"], "must be a name and a value"),
        (["--architecture", "bag", "--option", "cell=lstm"], "must name an option that 'bag' has of its own"),
        (["--option", "width=2"], "must come with the name of an architecture"),
        (["--model", "glm", "--option", "width=2"], "Found --option, of the other model"),
    ],
)
def test_what_an_architecture_does_not_have_is_refused(steps, tmp_path, capsys, argv, sentence):
    rows = ["fit", steps, "--id", "id", "--time", "t", "--formula", "y ~ x", "--event", "a", "--model", "net"]
    assert main([*rows, "--out", str(tmp_path / "m.bineural"), *argv]) == 2
    assert sentence in capsys.readouterr().err


def test_each_model_of_a_comparison_gets_the_options_that_it_has(steps, monkeypatch):
    given = {}

    def compare(models, data, **options):
        given.update(models)
        raise bn.InputError("Enough.", "It was asked.", "")

    monkeypatch.setattr("bineural.comparing.compare.compare_models", compare)
    argv = ["compare", steps, "--id", "id", "--outcome", "y", "--event", "a", "--models", "glm,gru,cnn_1d"]
    assert main([*argv, "--option", "bidirectional=yes"]) == 2
    assert given["glm"] == "glm" and given["cnn_1d"] == "cnn_1d"
    assert given["gru"].options == {"architecture": "gru", "missing": "error", "bidirectional": True}


@pytest.mark.long
def test_a_forecaster_gets_them_too(monthly, tmp_path, capsys):
    model = str(tmp_path / "m.bineural")
    argv = [
        "forecast",
        monthly,
        "--outcome",
        "y",
        "--horizon",
        "2",
        "--lags",
        "3",
        "--origins",
        "1",
        "--seed",
        "1",
    ]
    more = ["--architecture", "rnn", "--option", "bidirectional=yes", "--save", model]
    assert main([*argv, *more]) == 0
    assert bn.load_model(model).options == {"bidirectional": True}
    assert main([*argv, "--architecture", "ar", "--option", "bidirectional=yes"]) == 2
    assert "must come with the name of an architecture" in capsys.readouterr().err
