"""Boxes that name the files of their pictures are put to the pictures, in the pixels that these have."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import bineural as bn
from bineural.errors import InputError

BOXES = pd.DataFrame(
    {"file": ["b.png", "a.png", "b.png"], "x1": [2, 1, 8], "y1": [1, 0, 4], "x2": [6, 5, 16], "y2": [3, 8, 8]}
).assign(label=["cat", "dog", "cat"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures")
    for name, (height, width) in {"a.png": (10, 12), "b.png": (8, 16), "c.png": (8, 8)}.items():
        Image.fromarray(np.full((height, width), 99, np.uint8)).save(path / name)
    BOXES.to_csv(path.parent / "boxes.csv", index=False)
    return path


@pytest.mark.parametrize(
    "names",
    [lambda f: f, lambda f: f"./{f}", lambda f: f"C:\\photos\\{f}", lambda f: f"/elsewhere/{f}"],
)
def test_names_find_their_pictures_with_or_without_folders(names, folder):
    loaded = bn.load_images(folder, boxes=BOXES.assign(file=BOXES["file"].map(names)))
    assert loaded.boxes["image"].tolist() == [1, 0, 1]
    assert (
        loaded.boxes[["x1", "y1", "x2", "y2", "label"]].values.tolist() == BOXES.iloc[:, 1:].values.tolist()
    )
    assert "3 boxes, 1 image without any" in repr(loaded)


def test_a_file_of_boxes_is_read_and_boxes_go_with_the_size_of_the_pictures(folder):
    loaded = bn.load_images(folder, size=(20, 24), boxes=folder.parent / "boxes.csv")
    scales = {0: (24 / 12, 20 / 10), 1: (24 / 16, 20 / 8)}
    for given, box in zip(BOXES.itertuples(), loaded.boxes.itertuples()):
        across, down = scales[box.image]
        expected = (given.x1 * across, given.y1 * down, given.x2 * across, given.y2 * down)
        assert (box.x1, box.y1, box.x2, box.y2) == pytest.approx(expected)


def test_boxes_of_a_picture_that_lay_on_its_side_are_in_its_upright_pixels(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.zeros((6, 10, 3), np.uint8)).save(tmp_path / "a.jpg", exif=exif)
    boxes = pd.DataFrame({"file": ["a.jpg"], "x1": 0, "y1": 0, "x2": 6, "y2": 10})
    loaded = bn.load_images(tmp_path, size=(5, 3), boxes=boxes)
    assert loaded.boxes.iloc[0, 1:].tolist() == [0, 0, 3, 5]


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (BOXES.assign(file="d.png"), "Box 1 names 'd.png'; there are 3 pictures"),
        (BOXES.assign(file=[None, "a.png", "b.png"]), "Box 1 names"),
        (BOXES.drop(columns="file"), "in a column `file`"),
        (BOXES.drop(columns="x2"), "It lacks 'x2'"),
        (BOXES.assign(x2=0), "must not end before it begins"),
        (3, "must be a data frame of boxes, or its file"),
        ("nothing.csv", "must exist"),
    ],
)
def test_boxes_of_no_picture_are_refused(boxes, words, folder):
    with pytest.raises(InputError, match=words):
        bn.load_images(folder, boxes=boxes)


def test_a_name_that_two_pictures_have_is_refused(tmp_path):
    for label in ("cat", "dog"):
        (tmp_path / label).mkdir()
        Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / label / "1.png")
    boxes = pd.DataFrame({"file": ["cat/1.png"], "x1": 0, "y1": 0, "x2": 2, "y2": 2})
    assert bn.load_images(tmp_path, boxes=boxes).boxes["image"].tolist() == [0]
    with pytest.raises(InputError, match="which 2 of them are called"):
        bn.load_images(tmp_path, boxes=boxes.assign(file="1.png"))
    with pytest.raises(InputError, match="Found the set 'digits'"):
        bn.load_images("digits", boxes=boxes)
