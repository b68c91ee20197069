"""`bineural forecast`: a CSV of a series in, forecasts or a comparison out."""

import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "flights.csv"
    flights = bn.load_dataset("air_passengers")
    flights.assign(month=flights["month"].dt.strftime("%Y-%m")).to_csv(path, index=False)
    return str(path)


WHAT = ["--outcome", "passengers", "--time", "month", "--horizon", "3", "--season", "12"]


def test_forecasts_are_those_of_python(file, tmp_path, capsys):
    out, model = tmp_path / "ahead.csv", tmp_path / "model.bineural"
    more = ["--architecture", "ar", "--level", "0.8", "--out", str(out), "--save", str(model)]
    assert main(["forecast", file, *WHAT, *more]) == 0
    written = pd.read_csv(out, parse_dates=[".time"])
    made = bn.fit_forecast(
        bn.load_dataset("air_passengers"), "passengers", horizon=3, season=12, time="month", architecture="ar"
    ).forecast(level=0.8)
    assert written[".time"].astype(str).tolist() == made[".time"].astype(str).tolist()
    for column in (".mean", ".lower", ".upper"):
        assert written[column].to_numpy() == pytest.approx(made[column].to_numpy(), rel=1e-12)
    assert bn.load_model(model).forecast(level=0.8)[".mean"].equals(made[".mean"])
    assert "AR GLM" in capsys.readouterr().out


def test_forecasters_are_compared_over_origins(file, capsys):
    assert main(["forecast", file, *WHAT, "--compare", "drift,ar", "--origins", "20", "--seed", "1"]) == 0
    printed = capsys.readouterr().out
    assert "20 origins from 1959-03 to 1960-10, 3 steps ahead" in printed
    assert printed.rstrip().endswith("over 20 origins.")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--time", "mnth"], "Did you mean 'month'?"),
        (["--compare", "ar", "--lags", "13"], "Found --lags"),
        (["--architecture", "arr"], "Did you mean 'ar'?"),
    ],
)
def test_what_can_not_be_forecast_is_said(file, capsys, more, words):
    assert main(["forecast", file, *WHAT, *more]) != 0
    assert words in capsys.readouterr().err
