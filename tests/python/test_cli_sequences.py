"""Commands take sequences of a CSV file with a row for each step: `--id` says which, `--time` when."""

import html

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Thirty people of 3 to 6 days, rows in no order."""
    rng, parts = np.random.default_rng(5), []
    for k in range(30):
        days = pd.date_range("2024-01-01", periods=rng.integers(3, 7), freq="D").strftime("%Y-%m-%d")
        pulse = rng.normal(70 + 6 * (k % 2), 4, len(days)).round(1)
        parts.append(
            pd.DataFrame({"who": f"p{k:02}", "day": days, "pulse": pulse, "ill": "yes" if k % 2 else "no"})
        )
    path = tmp_path_factory.mktemp("cli") / "days.csv"
    pd.concat(parts).sample(frac=1, random_state=1).to_csv(path, index=False)
    return str(path)


def sequences_of(file):
    return bn.as_sequences(bn.load_dataset(file), id="who", time="day", outcome="ill")


def test_a_model_is_fitted_evaluated_and_asked(file, tmp_path, capsys):
    model, table = str(tmp_path / "glm.bineural"), str(tmp_path / "p.csv")
    columns = ["--id", "who", "--time", "day"]
    assert main(["fit", file, *columns, "--formula", "ill ~ pulse", "--event", "yes", "--out", model]) == 0
    assert "sequences of any length x 1" in capsys.readouterr().out
    assert main(["evaluate", model, file, *columns, "--outcome", "ill"]) == 0
    made = sequences_of(file)
    expected = bn.evaluate_model(bn.load_model(model), made, made.outcome)
    assert f"{expected.measures['auroc']:.4f}" in capsys.readouterr().out
    assert main(["predict", model, file, *columns, "--out", table]) == 0
    answers = pd.read_csv(table)
    assert answers["who"].tolist() == made.rows.index.tolist()
    np.testing.assert_allclose(answers[".pred_yes"], bn.load_model(model).predict_event(made), rtol=1e-12)


def test_models_are_compared_and_the_report_says_how_to_repeat_it(file, tmp_path, capsys):
    report = tmp_path / "report.html"
    argv = ["compare", file, "--id", "who", "--time", "day", "--outcome", "ill", "--event", "yes"]
    options = ["--models", "glm,rf", "--folds", "2", "--repeats", "1", "--seed", "1", "--report", str(report)]
    assert main(argv + options) == 0
    assert "30 rows, 15 events (ill: yes; no 15)" in capsys.readouterr().out
    page = html.unescape(report.read_text())
    assert "30 sequences of 3 to 6 steps, 1 feature" in page
    assert "data = bn.as_sequences(table, id='who', time='day', outcome='ill')" in page
    assert 'sequences <- as_sequences(table, id = "who", time = "day", outcome = "ill")' in page
    assert "outcome = data.outcome" in page and "outcome <- sequences$outcome" in page


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["fit", "{}", "--out", "m.bineural", "--id", "who"], "`--formula` must be given"),
        (
            ["fit", "{}", "--out", "m.bineural", "--id", "who", "--formula", "ill"],
            "name the outcome, and the",
        ),
        (["fit", "{}", "--out", "m.bineural", "--id", "wo", "--formula", "ill ~ ."], "Did you mean 'who'"),
        (
            ["fit", "{}", "--out", "m.bineural", "--time", "day", "--formula", "ill ~ ."],
            "Found --time day alone",
        ),
        (
            ["fit", "{}", "--out", "m.bineural", "--id", "who", "--formula", "ill ~ .", "--weights", "pulse"],
            "Found --weights beside it",
        ),
        (["compare", "{}", "--id", "who", "--time", "day"], "`--outcome` must be given with sequences"),
        (["compare", "{}", "--id", "who", "--outcome", "ill", "--groups", "who"], "Found --groups beside it"),
    ],
)
def test_what_does_not_go_together_is_refused(file, argv, sentence, capsys):
    assert main([word.format(file) for word in argv]) == 2
    assert sentence in capsys.readouterr().err
