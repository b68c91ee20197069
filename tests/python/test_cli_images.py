"""Commands take a folder of pictures in the place of a table: its sub-folders are the classes."""

import html

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import bineural as bn
from bineural.cli import main


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path, rng = tmp_path_factory.mktemp("pictures"), np.random.default_rng(1)
    for k in range(30):
        label = "day" if k % 2 else "night"
        (path / label).mkdir(exist_ok=True)
        pixels = rng.integers(0, 150, (6, 6)) + 40 * (k % 2)
        Image.fromarray(pixels.astype(np.uint8)).save(path / label / f"{k:02}.png")
    return path


def test_a_model_is_fitted_evaluated_and_asked(folder, tmp_path, capsys):
    model, table = str(tmp_path / "glm.bineural"), str(tmp_path / "p.csv")
    assert main(["fit", "--images", str(folder), "--event", "day", "--out", model]) == 0
    said = capsys.readouterr().out
    assert "event day" in said and "images of 6 x 6 x 1; 37 coefficients" in said
    assert main(["evaluate", model, "--images", str(folder)]) == 0
    loaded = bn.load_images(folder)
    expected = bn.evaluate_model(bn.load_model(model), loaded.images, loaded.labels)
    assert f"{expected.measures['auroc']:.4f}" in capsys.readouterr().out
    assert main(["predict", model, "--images", str(folder / "day"), "--out", table]) == 0
    answers = pd.read_csv(table)
    assert answers["file"].tolist() == [f"{k:02}.png" for k in range(1, 30, 2)]
    probability = bn.load_model(model).predict_event(bn.load_images(folder / "day").images)
    np.testing.assert_allclose(answers[".pred_day"], probability, rtol=1e-12)


def test_models_are_compared_and_reported(folder, tmp_path, capsys):
    report = tmp_path / "report.html"
    options = ["--folds", "2", "--repeats", "1", "--seed", "1", "--report", str(report), "--size", "4"]
    argv = ["compare", "--images", str(folder), "--event", "day", "--models", "glm,rf", *options]
    assert main(argv) == 0
    said = capsys.readouterr().out
    assert "30 rows, 15 events (label: day; night 15)" in said and "rf" in said
    page = html.unescape(report.read_text())
    assert f"bn.load_images(\"{folder}\", size=[4, 4], colour='grey')" in page
    assert f'load_images("{folder}", size = c(4, 4), colour = "grey")' in page
    assert "images of 4 x 4 pixels" in page


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ([], "A table or `--images` must be given"),
        (["kyphosis", "--images", "x"], "Found 'kyphosis' and --images 'x'"),
        (["kyphosis", "--formula", "Kyphosis ~ .", "--size", "3"], "with `--images` only"),
        (["--images", "{}", "--formula", "y ~ ."], "Found --formula"),
        (["--images", "{}", "--exclude", "id"], "Found --exclude"),
        (["--images", "{}/day"], "holds 15 pictures and no sub-folders"),
        (["--images", "{}/none"], "`--images` must be a folder, or the name of a set of images"),
        (["kyphosis"], "`--formula` must be given with a table"),
    ],
)
def test_what_does_not_go_together_is_refused(folder, tmp_path, capsys, argv, sentence):
    argv = [part.format(folder) for part in argv]
    assert main(["fit", *argv, "--out", str(tmp_path / "m.bineural")]) == 2
    assert sentence in capsys.readouterr().err
