"""Commands take a folder of pictures and a table of the boxes in them."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import bineural as bn
from bineural.cli import main


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Write scenes as files, and their boxes as a table; return the arguments that name both."""
    path = tmp_path_factory.mktemp("scenes")
    images, boxes = bn.make_scenes(24, size=16, seed=1)
    (path / "pictures").mkdir()
    for k, image in enumerate(images):
        Image.fromarray((image * 255).astype(np.uint8)).save(path / "pictures" / f"{k:02}.png")
    boxes = boxes.assign(file=[f"{k:02}.png" for k in boxes["image"]]).drop(columns=["image", "label"])
    boxes.to_csv(path / "boxes.csv", index=False)
    return ["--images", str(path / "pictures"), "--boxes", str(path / "boxes.csv")]


def test_a_net_of_boxes_is_fitted_evaluated_and_asked(given, tmp_path, capsys):
    model, table = str(tmp_path / "net.bineural"), str(tmp_path / "p.csv")
    assert main(["fit", *given, "--epochs", "1", "--ensemble", "1", "--seed", "1", "--out", model]) == 0
    assert "the box of one object (n = 24)" in capsys.readouterr().out
    net = bn.load_model(model)
    loaded = bn.load_images(given[1], boxes=given[3])
    report = tmp_path / "report.html"
    assert main(["evaluate", model, *given, "--report", str(report)]) == 0
    assert "Objects in images" in report.read_text()
    measured = bn.evaluate_model(net, loaded.images, loaded.boxes).measures["mean_iou"]
    assert f"mean IoU      {measured:.4f}" in capsys.readouterr().out
    assert main(["predict", model, *given[:2], "--out", table]) == 0
    answers, expected = pd.read_csv(table), net.predict(loaded.images)
    assert answers["file"].tolist() == [loaded.files[k] for k in expected["image"]]
    np.testing.assert_allclose(answers[["x1", "y2", "score"]], expected[["x1", "y2", "score"]], rtol=1e-6)


def test_nets_of_boxes_are_compared_and_reported(given, tmp_path, capsys):
    report = tmp_path / "report.html"
    options = ["--folds", "2", "--repeats", "1", "--seed", "1", "--report", str(report), "--models", "glm"]
    assert main(["compare", *given, *options]) == 0
    assert "24 objects in 24 images" in capsys.readouterr().out
    assert "Objects in images" in report.read_text()


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["fit", "{}", "--model", "glm", "--out", "m"], "`--boxes` must come with a net"),
        (["fit", "{}", "--event", "a", "--out", "m"], "`--event` can't be used where the outcome is boxes"),
        (["compare", "{}", "--models", "rf"], "Every model must be a net of boxes"),
        (["compare", "kyphosis", "--boxes", "b.csv", "--outcome", "Kyphosis"], "with `--images` only"),
    ],
)
def test_what_can_not_be_is_refused(argv, sentence, given, capsys):
    argv = [part for word in argv for part in (given if word == "{}" else [word])]
    assert main(argv) == 2
    assert sentence in capsys.readouterr().err
