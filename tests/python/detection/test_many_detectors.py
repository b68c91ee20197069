"""Nets of boxes in `fit_nets` and `tune_net`: each is that of its images alone, and measured by mAP."""

import numpy as np
import pytest

import bineural as bn
from bineural.errors import InputError

IMAGES, BOXES = bn.make_scenes(40, size=(16, 20), seed=3)
BOXES = BOXES.assign(label=np.where(BOXES["label"] < "5", "low", "high"))
BOXES.loc[BOXES["image"] == 39, "label"] = "rare"  # a label that the first training set lacks
NET = bn.make_net(architecture="locator", width=0.25, epochs=1)
FOLDS = [(np.arange(30), np.arange(30, 40)), (np.arange(10, 40), np.arange(10))]


def boxes_of(rows):
    """Return the boxes of some images, numbered among these."""
    place = {int(row): k for k, row in enumerate(rows)}
    own = BOXES[BOXES["image"].isin(list(place))]
    return own.assign(image=own["image"].map(place))


@pytest.fixture(scope="module")
def fits():
    return bn.fit_nets(NET, (IMAGES, BOXES), FOLDS, seeds=[7])


@pytest.mark.long
def test_each_net_is_that_of_its_images_alone(fits):
    train, test = FOLDS[0]
    options = {"architecture": "locator", "width": 0.25, "epochs": 1, "seed": 7}
    alone = bn.fit_net(IMAGES[train], boxes_of(train), **options)
    assert [net.labels_.tolist() for net in fits.nets] == [["high", "low"], ["high", "low", "rare"]]
    ours, theirs = fits.nets[0].predict(IMAGES[test]), alone.predict(IMAGES[test])
    assert ours["label"].tolist() == theirs["label"].tolist()
    numbers = ["image", "x1", "y1", "x2", "y2", "score"]
    np.testing.assert_allclose(ours[numbers], theirs[numbers], rtol=1e-4, atol=1e-4)


@pytest.mark.long
def test_held_out_boxes_are_those_that_the_net_predicts(fits):
    own = fits.held_out[fits.held_out["fold"] == 2].reset_index(drop=True)
    expected = fits.nets[1].predict(IMAGES[:10])
    assert list(own.columns) == ["setting", "repeat", "fold", "seed", *expected.columns]
    assert own[expected.columns].equals(expected)
    assert set(fits.held_out.loc[fits.held_out["fold"] == 1, "image"]) == set(range(30, 40))


@pytest.mark.long
def test_settings_are_tuned_by_map_on_held_out_images():
    tuned = bn.tune_net(NET, (IMAGES, BOXES), {"learning_rate": [0.001, 0.01]}, folds=2, seed=1)
    assert tuned.measure == "map" and "mAP at 0.5" in str(tuned)
    assert "40 objects in 40 images (high " in str(tuned)
    assert set(tuned.model.predict(IMAGES[:2])["image"]) == {0, 1}
    score, fold = tuned.scores.iloc[0], tuned.task.sets[0]
    net = bn.fit_nets(
        NET, (IMAGES, BOXES), [fold[:2]], [{"learning_rate": 0.001}], seeds=[int(score["seed"])]
    ).nets[0]
    expected = bn.mean_average_precision(boxes_of(fold.test), net.predict(IMAGES[fold.test]))
    assert score["map"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bn.fit_nets(IMAGES, BOXES, event="low"), "`event` can't be used where the outcome is boxes"),
        (lambda: bn.tune_net(IMAGES, BOXES, event="low"), "`event` can't be used where the outcome is boxes"),
        (lambda: bn.fit_nets(NET, (IMAGES, BOXES[:0])), "There must be boxes to learn from"),
        (lambda: bn.tune_net(NET, (IMAGES[:9], BOXES)), "positions of 9 images"),
        (lambda: bn.tune_net(NET, (IMAGES, BOXES), {"width": [0.25]}, measure="auroc"), "auroc"),
        (lambda: bn.evaluate_model(bn.GLMRegressor(), IMAGES, BOXES), "outcome of nets of images only"),
    ],
)
def test_what_can_not_be_is_refused(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_a_training_set_without_boxes_is_named():
    few = BOXES[BOXES["image"] < 20]
    with pytest.raises(
        InputError, match="Found none for 15 images. This is the net of repeat 1, fold 1, seed 1"
    ):
        bn.fit_nets(NET, (IMAGES, few), [(np.arange(25, 40), np.arange(5))], seeds=[1])
