"""Boxes: overlap, suppression and mean average precision, by their definitions and by COCO's own program."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.detection.mean_precision import average_precision_of
from bineural.errors import ColumnError, InputError

CASES = json.loads((Path(__file__).parents[2] / "reference" / "detection.json").read_text(encoding="utf-8"))
COLUMNS = ["image", "x1", "y1", "x2", "y2", "label"]


def random_boxes(seed, n, n_images=3, n_labels=2):
    random = np.random.default_rng(seed)
    edges = random.integers(0, 20, (n, 2))
    edges = np.column_stack([edges, edges + random.integers(1, 12, (n, 2))]).astype(float)
    table = pd.DataFrame(edges, columns=["x1", "y1", "x2", "y2"])
    table["image"], table["label"] = random.integers(0, n_images, n), random.integers(0, n_labels, n)
    return table.assign(score=random.permutation(n) / n)


def covered(box):
    """Return the unit squares that a box of whole numbers covers."""
    x1, y1, x2, y2 = map(int, box)
    return {(x, y) for x in range(x1, x2) for y in range(y1, y2)}


def test_iou_is_the_share_of_squares_that_both_cover():
    a, b = random_boxes(1, 12), random_boxes(2, 9)
    a.loc[0, "x2"], b.loc[3, "y2"] = a["x1"][0], b["y1"][3]  # without an area
    edges = ["x1", "y1", "x2", "y2"]
    slowly = np.zeros((12, 9))
    for i, p in enumerate(a[edges].to_numpy()):
        for j, q in enumerate(b[edges].to_numpy()):
            either = covered(p) | covered(q)
            slowly[i, j] = len(covered(p) & covered(q)) / len(either) if either else 0
    assert bn.box_iou(a, b) == pytest.approx(slowly)
    assert bn.box_iou(a[edges[::-1] + ["score"]], b[edges].to_numpy()) == pytest.approx(slowly)


def test_kept_boxes_are_those_that_no_better_kept_box_covers():
    boxes = random_boxes(3, 60)
    kept = bn.suppress_boxes(boxes, 0.3)
    shared = bn.box_iou(boxes, boxes)
    for i in range(len(boxes)):
        same = (boxes["image"] == boxes["image"][i]) & (boxes["label"] == boxes["label"][i])
        better = same & (boxes["score"] > boxes["score"][i]) & boxes.index.isin(kept.index)
        assert (i in kept.index) == (not (shared[i][better] > 0.3).any())
    assert 0 < len(kept) < 60 and kept.index.is_monotonic_increasing


@pytest.mark.parametrize("name", CASES)
def test_mean_average_precision_is_that_of_pycocotools(name):
    truth = pd.DataFrame(CASES[name]["truth"], columns=COLUMNS)
    predicted = pd.DataFrame(CASES[name]["predicted"], columns=[*COLUMNS, "score"])
    expected = CASES[name]["map"]
    for iou in (0.5, 0.75):
        found = bn.mean_average_precision(truth, predicted, iou=iou, points=101)
        assert found == pytest.approx(expected[str(iou)], abs=1e-12)
    assert bn.mean_average_precision(truth, predicted, iou="coco") == pytest.approx(
        expected["coco"], abs=1e-12
    )


def voc_slowly(truth, predicted, iou, points):
    """Compute VOC's mean average precision by its words, a box at a time."""
    answers = []
    for label, true in truth.groupby("label"):
        taken, hits = set(), []
        for _, box in predicted[predicted["label"] == label].sort_values("score", ascending=False).iterrows():
            near = true[true["image"] == box["image"]]
            shared = bn.box_iou(box[["x1", "y1", "x2", "y2"]].to_numpy(float), near)[0] if len(near) else [0]
            best = near.index[int(np.argmax(shared))] if len(near) else None
            hits.append(max(shared) >= iou and best not in taken)
            taken |= {best} if hits[-1] else set()
        recalls = [sum(hits[: i + 1]) / len(true) for i in range(len(hits))]
        precisions = [sum(hits[: i + 1]) / (i + 1) for i in range(len(hits))]
        best_from = lambda r: max([p for p, q in zip(precisions, recalls) if q >= r - 1e-12], default=0)  # noqa
        levels = (
            [k / 10 for k in range(11)] if points == 11 else [k / len(true) for k in range(1, len(true) + 1)]
        )
        answers.append(np.mean([best_from(level) for level in levels]))
    return np.mean(answers)


@pytest.mark.parametrize("points", [11, "all"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_voc_precision_is_its_definition(points, seed):
    truth = random_boxes(seed, 30).drop(columns="score")
    moved = np.random.default_rng(seed).integers(-1, 2, (30, 4))
    predicted = pd.concat([random_boxes(seed, 30), random_boxes(seed + 50, 40)], ignore_index=True)
    edges = ["x1", "y1", "x2", "y2"]
    predicted.loc[:29, edges] += moved
    predicted[["x2", "y2"]] = np.maximum(predicted[["x2", "y2"]], predicted[["x1", "y1"]].to_numpy())
    predicted["score"] = np.random.default_rng(seed).permutation(70) / 70
    expected = voc_slowly(truth, predicted, 0.4, points)
    assert 0 < expected < 1
    assert bn.mean_average_precision(truth, predicted, iou=0.4, points=points) == pytest.approx(expected)


def test_precision_of_a_hit_a_miss_and_a_hit_by_hand():
    hits = np.array([True, False, True])
    assert average_precision_of(hits, 2) == pytest.approx(1 / 2 + 2 / 3 / 2)
    assert average_precision_of(hits, 2, 11) == pytest.approx((6 * 1 + 5 * 2 / 3) / 11)
    assert average_precision_of(hits, 2, 101) == pytest.approx((51 * 1 + 50 * 2 / 3) / 101)


def test_false_boxes_after_the_last_right_one_cost_nothing():
    truth = random_boxes(4, 10).drop(columns="score")
    perfect = truth.assign(score=0.9)
    false = random_boxes(5, 20, n_images=9).assign(score=0.1)
    assert bn.mean_average_precision(truth, pd.concat([perfect, false])) == 1
    assert bn.mean_average_precision(truth, perfect[:0]) == 0


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"x2": -1.0}, InputError, "x2 must be at least x1"),
        ({"y1": np.nan}, InputError, "y1 of box 1 is nan"),
        ({"score": np.inf}, InputError, "Scores in `predicted` must be finite"),
        ({"label": None}, InputError, "must have its label"),
        ({"x1": "left"}, ColumnError, "left"),
    ],
)
def test_boxes_that_can_not_be_are_refused(change, error, words):
    boxes = random_boxes(6, 5)
    with pytest.raises(error, match=words):
        bn.mean_average_precision(boxes, boxes.assign(**change))


def test_missing_columns_are_named():
    boxes = random_boxes(6, 5)
    with pytest.raises(
        ColumnError, match="lacks 'x2', 'score'; its columns are 'x1', 'y1', 'y2', 'image', 'label'"
    ):
        bn.suppress_boxes(boxes.drop(columns=["x2", "score"]))
    with pytest.raises(InputError, match="`truth` must have boxes"):
        bn.mean_average_precision(boxes[:0], boxes)
    with pytest.raises(InputError, match="The box of an object must have an area"):
        bn.mean_average_precision(boxes.assign(x2=boxes["x1"]), boxes)
    with pytest.raises(InputError, match=r"Found shape \(5, 7\)"):
        bn.box_iou(boxes.to_numpy(), boxes)


def test_scenes_are_digits_in_their_boxes():
    images, boxes = bn.make_scenes(20, size=(40, 48), objects=(0, 3), zoom=(1, 2), noise=0.1, seed=5)
    assert images.shape == (20, 40, 48) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() == 1
    outside = np.ones(images.shape, bool)
    for row in boxes.itertuples():
        part = (row.image, slice(int(row.y1), int(row.y2)), slice(int(row.x1), int(row.x2)))
        assert images[part].max() > 0.8 and images[part].shape[0] == row.x2 - row.x1 in range(8, 17)
        outside[part] = False
    assert images[outside].max() <= 0.1
    counts = boxes["image"].value_counts()
    assert counts.max() <= 3 and boxes["image"].nunique() < 20
    same = bn.make_scenes(20, size=(40, 48), objects=(0, 3), zoom=(1, 2), noise=0.1, seed=5)
    assert np.array_equal(images, same.images) and boxes.equals(same.boxes)


def test_test_scenes_show_no_digit_of_training_ones():
    from sklearn.datasets import load_digits

    digits = load_digits().images
    images, boxes = bn.make_scenes(30, digits="test", noise=0, seed=1)
    for row in boxes.itertuples():
        part = images[row.image, int(row.y1) : int(row.y2), int(row.x1) : int(row.x2)]
        same = np.flatnonzero((np.abs(digits / digits.max((1, 2), keepdims=True) - part) < 1e-6).all((1, 2)))
        assert len(same) and same.min() >= 1400
    with pytest.raises(InputError, match="A digit must fit on the canvas"):
        bn.make_scenes(1, size=20, zoom=4)
