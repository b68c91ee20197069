"""`bineural sequence`: a CSV of sequences in, a model or a comparison out."""

import pytest

import bineural as bn
from bineural.cli import main


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pairs.csv"
    bn.make_sequences("reversal", 40, seed=1).to_csv(path, index=False)
    return str(path)


@pytest.mark.long
def test_a_model_is_fitted_saved_and_says_what_stands_beside_it(file, tmp_path, capsys):
    path, what = tmp_path / "model.bineural", ["--target", "target", "--source", "source"]
    assert main(["sequence", file, *what, "--epochs", "1", "--seed", "1", "--save", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "the baseline is the source, copied" in printed
    assert bn.load_model(path).log_prob(["abc"], ["cba"]).shape == (1,)


def test_sequences_are_made_up(file, capsys):
    assert (
        main(["sequence", file, "--target", "target", "--epochs", "1", "--seed", "1", "--generate", "3"]) == 0
    )
    assert len(capsys.readouterr().out.rstrip().partition("\n\n")[2].splitlines()) >= 4


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (["--target", "no"], "There is no 'no'"),
        (["--target", "target", "--source", "source", "--generate", "2"], "without sources"),
        (["--target", "target", "--compare", "ngram"], "must name a net"),
        (["--target", "target", "--compare", "gru", "--generate", "2"], "Found --generate"),
        (["--target", "target", "--unit", "letter"], "--unit"),
    ],
)
def test_what_cannot_be_is_refused(file, more, found, capsys):
    assert main(["sequence", file, *more]) == 2
    assert found in capsys.readouterr().err
