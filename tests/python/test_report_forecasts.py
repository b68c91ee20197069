"""The report of a comparison of forecasters: verdicts, measures, origins, and code that repeats it."""

import html
import re

import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main

FLIGHTS = bn.load_dataset("air_passengers")
YEAR = {"outcome": "passengers", "time": "month", "horizon": 3, "season": 12, "origins": 20, "seed": 1}


@pytest.fixture(scope="module")
def comparison():
    short = bn.fit_forecast(
        FLIGHTS, "passengers", horizon=3, season=12, time="month", lags=12, architecture="ar"
    )
    return bn.compare_models({"drift": "drift", "short ar": short}, FLIGHTS, **YEAR)


@pytest.fixture(scope="module")
def page(comparison, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "forecasts.html"
    return html.unescape(bn.write_report(comparison, path, source="air_passengers").read_text())


def test_the_page_says_what_the_comparison_says(comparison, page):
    for sentence in (comparison.verdict, *comparison.verdicts, comparison._origins_line()):
        assert sentence in page
    for row in comparison.table.to_dict("records"):
        assert f"{row['mase']:.3f}" in page and row["model"] in page
    assert page.count("<img") == 1 and "http" not in page.replace("http-equiv", "").replace("w3.org", "")


def test_its_code_repeats_the_comparison(comparison, page, tmp_path):
    code = re.search(r"import bineural as bn.*?report.html\"\)", page, re.S).group()
    known = {}
    exec(code.replace("report.html", str(tmp_path / "again.html")), known)
    pd.testing.assert_frame_equal(known["comparison"].predictions, comparison.predictions)
    r_code = re.search(r"library\(bineural\).*?report.html\"\)", page, re.S).group()
    assert '`short ar` = fit_forecast(data, "passengers", horizon = 3, season = 12' in r_code
    assert "  origins = 20\n" in r_code and "lags = 12" in r_code


def test_the_command_writes_it_and_goes_on_from_a_checkpoint(tmp_path, capsys):
    file, report, kept = tmp_path / "flights.csv", tmp_path / "report.html", tmp_path / "a.checkpoint"
    FLIGHTS.assign(month=FLIGHTS["month"].dt.strftime("%Y-%m")).to_csv(file, index=False)
    argv = ["forecast", str(file), "--outcome", "passengers", "--time", "month", "--horizon", "3"]
    more = ["--season", "12", "--compare", "drift", "--origins", "20", "--seed", "1"]
    for _ in range(2):
        assert main([*argv, *more, "--report", str(report), "--checkpoint", str(kept)]) == 0
    assert "3 forecasters of passengers" in report.read_text() and kept.exists()
    assert main([*argv, "--report", str(report)]) != 0
    assert "must come with `--compare`" in capsys.readouterr().err
