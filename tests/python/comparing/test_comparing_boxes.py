"""Nets of boxes in a comparison: folds of images, the mean box, a ridge on pixels, and mAP."""

import numpy as np
import pytest
from sklearn.linear_model import RidgeCV

import bineural as bn
from bineural.detection.boxes import EDGES
from bineural.errors import InputError
from bineural.nets.objectives.linear.box_ridge import _STRENGTHS

EDGES = list(EDGES)
IMAGES, BOXES = bn.make_scenes(60, size=(16, 20), seed=1)
BOXES = BOXES.assign(label=np.where(BOXES["label"] < "5", "low", "high"))
SCALES = [20, 16, 20, 16]


@pytest.fixture(scope="module")
def compared():
    net = bn.make_net(architecture="locator", width=0.25, epochs=1)
    return bn.compare_models({"net": net}, IMAGES, BOXES, folds=2, repeats=1, seed=1)


def held_out_of(comparison, model, fold):
    """Return the first box that a model predicted for the test images of a fold, in pixels."""
    table = comparison.predictions
    part = table[(table["model"] == model) & (table["fold"] == fold)]
    first = part[[f".pred_{edge}_1" for edge in EDGES]].to_numpy() * SCALES
    return part["row"].to_numpy(), first, part[".pred_score_1"].to_numpy()


@pytest.mark.long
def test_boxes_are_compared_by_map_on_folds_of_images(compared):
    comparison = compared
    assert set(comparison.table["model"]) == {"net", "ridge on pixels", "null"}
    assert comparison.table.columns[2] == "map" and {"map_coco", "mean_iou"} <= set(comparison.table.columns)
    assert len(comparison.predictions) == 3 * 60
    assert "mAP at 0.5" in str(comparison)


def test_the_null_model_is_the_mean_box(compared):
    comparison = compared
    rows, first, _ = held_out_of(comparison, "null", 1)
    others = BOXES.drop(index=rows)
    assert first == pytest.approx(np.tile(others[EDGES].mean(), (len(rows), 1)))


def test_the_baseline_is_a_ridge_on_standardised_pixels(compared):
    comparison = compared
    rows, first, scores = held_out_of(comparison, "ridge on pixels", 1)
    pixels = IMAGES.reshape(60, -1).astype(float)
    train = np.setdiff1d(np.arange(60), rows)
    spread = pixels[train].std(axis=0, ddof=1)
    scaled = (pixels[:, spread > 0] - pixels[train][:, spread > 0].mean(axis=0)) / spread[spread > 0]
    labels = np.column_stack([BOXES["label"] == label for label in ("high", "low")])
    targets = np.hstack([BOXES[EDGES] / SCALES, labels])
    ridge = RidgeCV(_STRENGTHS).fit(scaled[train], targets[train])
    expected = ridge.predict(scaled[rows])
    assert first == pytest.approx(np.clip(expected[:, :4], 0, 1) * SCALES, abs=1e-6)
    assert scores == pytest.approx(np.clip(expected[:, 4:].max(axis=1), 0, 1), abs=1e-6)


def test_several_objects_are_found_by_the_ridge_of_cells():
    images, boxes = bn.make_scenes(120, size=24, objects=(0, 2), seed=2)
    comparison = bn.compare_models(["glm"], images, boxes.drop(columns="label"), folds=2, repeats=1, seed=1)
    table = comparison.table.set_index("model")
    assert table.loc["glm", "map"] > 0.2 > table.loc["null", "map"]


@pytest.mark.parametrize(
    "models, options, words",
    [
        ({"x": bn.NetClassifier()}, {}, "Every model must be a net of boxes"),
        (["random_forest"], {}, "Every model must be a net of boxes"),
        (["net"], {"event": "low"}, "`event` can't be used where the outcome is boxes"),
    ],
)
def test_what_predicts_no_boxes_is_refused(models, options, words):
    with pytest.raises(InputError, match=words):
        bn.compare_models(models, IMAGES, BOXES, folds=2, repeats=1, **options)


def test_a_net_of_boxes_is_refused_where_the_outcome_is_none():
    with pytest.raises(InputError, match="for the outcome, which is no boxes"):
        bn.compare_models({"net": bn.NetDetector()}, IMAGES, BOXES["label"], event="low", folds=2, repeats=1)
