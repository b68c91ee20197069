"""`bineural encode` and `generate`: a CSV or a folder of pictures in, codes, rows or pictures out."""

import contextlib

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main
from long_cases import long_but

pytestmark = pytest.mark.filterwarnings("ignore::bineural.errors.CollapsedWarning")  # after a few epochs
IRIS = bn.load_dataset("iris")
NET = ["--units", "4", "--epochs", "2", "--seed", "1"]


@pytest.fixture
def file(tmp_path):
    IRIS.to_csv(tmp_path / "iris.csv", index=False)
    return str(tmp_path / "iris.csv")


def test_codes_are_those_of_python_and_a_saved_net_gives_them_again(file, tmp_path, capsys):
    out, saved, picture = tmp_path / "codes.csv", tmp_path / "coder.bineural", tmp_path / "pairs.png"
    files = ["--out", str(out), "--save", str(saved), "--picture", str(picture)]
    command = ["encode", file, "--exclude", "species", "--n-codes", "3", *NET]
    assert main([*command, *files]) == 0
    coder = bn.fit_autoencoder(IRIS.drop(columns="species"), 3, units=(4,), epochs=2, seed=1)
    codes = pd.read_csv(out)
    assert list(codes.columns) == [".code_1", ".code_2", ".code_3", ".error", ".score"]
    np.testing.assert_allclose(
        codes.to_numpy()[:, :3], coder.transform(IRIS.drop(columns="species")), rtol=1e-5
    )
    assert picture.stat().st_size > 1000 and "Beside PCA" in capsys.readouterr().out
    assert main(["encode", file, "--model", str(saved), "--keep", "species"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("species,.code_1") and len(printed) == 151


@pytest.mark.long
def test_images_are_encoded_and_drawn(tmp_path, capsys):
    out, picture = tmp_path / "units.csv", tmp_path / "made.png"
    command = [
        "encode",
        "--images",
        "digits",
        "--kind",
        "rbm",
        "--n-hidden",
        "3",
        "--epochs",
        "1",
        "--seed",
        "1",
    ]
    assert main([*command, "--out", str(out)]) == 0
    digits = bn.load_images("digits").images
    units = bn.fit_rbm(digits, 3, epochs=1, seed=1).transform(digits)
    np.testing.assert_allclose(pd.read_csv(out)[[".unit_1", ".unit_2", ".unit_3"]], units, rtol=1e-5)
    how = ["--n-codes", "2", "--likelihood", "gaussian", *NET]
    assert main(["generate", "--images", "digits", *how, "--rows", "4", "--picture", str(picture)]) == 0
    assert picture.stat().st_size > 1000


@pytest.mark.parametrize("kind", long_but(["vae", "gan"], "vae"))
def test_rows_are_made_up(file, kind, tmp_path, capsys):
    out = tmp_path / "made.csv"
    command = ["generate", file, "--formula", "~ petal_length + petal_width", "--kind", kind]
    assert main([*command, *NET, "--rows", "7", "--out", str(out)]) == 0
    fit = {"vae": lambda *x, **o: bn.fit_autoencoder(*x, variational=True, **o), "gan": bn.fit_gan}[kind]
    model = fit("~ petal_length + petal_width", data=IRIS, units=(4,), epochs=2, seed=1)
    pd.testing.assert_frame_equal(pd.read_csv(out), bn.generate(model, 7, seed=1), rtol=1e-5)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["encode"], "must be given"),
        (["generate"], "or a saved model"),
        (["generate", "--images", "digits", *NET], "must be drawn"),
        (["generate", "iris", "--kind", "gan", "--n-codes", "2"], "--n-codes, of another kind"),
        (["encode", "iris", "--n-codes", "0"], "--n-codes"),
        (["encode", "iris", "--keep", "specis", *NET], "Did you mean 'species'"),
        (["encode", "iris", "--model", "m", "--units", "3"], "must come without"),
    ],
)
def test_what_can_not_be_is_said(command, words, capsys):
    with pytest.raises(SystemExit) if words == "--n-codes" else contextlib.nullcontext():
        assert main(command) == 2
    assert words in capsys.readouterr().err
