"""Nets of boxes: their objectives by definition, that they learn, and what they refuse."""

import pickle

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural._tensorflow import tf
from bineural.detection.boxes import EDGES, read_boxes
from bineural.detection.coding import code_boxes, image_sizes
from bineural.errors import ColumnError, DroppedWarning, InputError
from bineural.nets.objectives.objective import named_objective

EDGES = list(EDGES)
IMAGES, BOXES = bn.make_scenes(80, size=(16, 24), seed=1)
SEVERAL, MANY = bn.make_scenes(60, size=24, objects=(0, 3), seed=2)
QUICK = {"ensemble": 1, "seed": 1}


def coded(images, boxes):
    return code_boxes(read_boxes(boxes, "boxes"), image_sizes(images), np.unique(boxes["label"]))


def tensor(values):
    return tf.constant(values, tf.float32)


@pytest.fixture(scope="module")
def located():
    return bn.fit_net(IMAGES, BOXES, architecture="locator", width=0.25, epochs=60, batch_size=16, **QUICK)


@pytest.fixture(scope="module")
def found():
    options = {"architecture": "single_shot", "width": 0.5, "cell": 4, "epochs": 50, "batch_size": 16}
    return bn.fit_net(SEVERAL, MANY.drop(columns="label"), **options, **QUICK)


@pytest.mark.long
def test_a_net_of_boxes_has_no_columns_to_shuffle(located):
    for ask in (bn.permutation_importance, bn.partial_dependence):
        more = (BOXES,) if ask is bn.permutation_importance else ("x1",)
        with pytest.raises(
            bn.InputError, match="(?s)must be a fitted classifier.*A net of boxes is measured by"
        ):
            ask(located, IMAGES, *more)


def test_a_location_costs_the_standardised_errors_of_its_edges_and_the_nats_of_its_label():
    objective, y = named_objective("location"), coded(IMAGES, BOXES)
    state = objective.learn(y, "linear", False)
    shares = BOXES[EDGES].to_numpy() / [24, 16, 24, 16]
    outputs = np.random.default_rng(1).normal(size=(80, 14))
    cost = objective.loss(None, tensor(objective.targets(y, state)), tensor(outputs))
    predicted = objective.predict(outputs, "linear", state)
    errors = ((predicted[:, :4] - shares) / shares.std(axis=0)) ** 2
    label = predicted[np.arange(80), 4 + np.searchsorted(np.arange(10).astype(str), BOXES["label"])]
    assert np.asarray(cost) == pytest.approx(errors.mean(axis=1) - np.log(label), rel=1e-4)
    assert objective.predict(np.zeros((1, 4)), "linear", state)[0] == pytest.approx(shares.mean(axis=0))


def perfect_outputs(targets, n_cells, n_labels):
    """Return the outputs that say what the targets of a grid say."""
    targets = targets.reshape(len(targets), n_cells, 6)
    outputs = np.zeros((len(targets), n_cells, 5 + n_labels))
    outputs[..., 0] = 40 * targets[..., 0] - 20
    place = np.clip(targets[..., 1:3], 1e-9, 1 - 1e-9)
    outputs[..., 1:3], outputs[..., 3:5] = np.log(place / (1 - place)), targets[..., 3:5]
    outputs[..., 5:] = 20 * (targets[..., 5:] == np.arange(n_labels))
    return outputs.reshape(len(targets), -1)


def test_a_grid_says_where_the_objects_are():
    y = coded(SEVERAL, MANY)
    objective = named_objective("boxes").settled({"grid": (12, 12)})  # so fine that no cell has two
    state = objective.learn(y, "linear", False)
    outputs = perfect_outputs(objective.targets(y, state), 144, 10)
    assert objective.count_outputs(10) == outputs.shape[1] == 144 * 15
    cells = objective.predict(outputs, "linear", state).reshape(60, 144, 15)
    images, places = np.nonzero(cells[..., 0] > 0.5)
    predicted = pd.DataFrame(cells[images, places, 1:5] * 24, columns=EDGES)
    predicted["image"], predicted["score"] = images, 1.0
    predicted["label"] = cells[images, places, 5:].argmax(axis=1).astype(str)
    assert len(predicted) == len(MANY) and bn.mean_average_precision(MANY, predicted, iou=0.99) == 1
    cost = objective.loss(None, tensor(objective.targets(y, state)), tensor(outputs))
    assert np.asarray(cost) == pytest.approx(np.zeros(60), abs=1e-4)


def test_a_grid_costs_what_its_definition_says():
    y = coded(SEVERAL, MANY)
    objective = named_objective("boxes").settled({"grid": (3, 3)})
    state = {**objective.learn(y, "linear", False), "n_outputs": 9 * 15}
    targets = objective.targets(y, state)
    outputs = np.random.default_rng(1).normal(size=(60, 9 * 15))
    costs = np.asarray(objective.loss(None, tensor(targets), tensor(outputs)))
    for image in range(10):
        slowly = 0.0
        for target, output in zip(targets[image].reshape(9, 6), outputs[image].reshape(9, 15)):
            holds = 1 / (1 + np.exp(-output[0]))
            if not target[0]:
                slowly -= np.log(1 - holds)
                continue
            place, labels = 1 / (1 + np.exp(-output[1:3])), np.exp(output[5:]) / np.exp(output[5:]).sum()
            squares = np.sum((place - target[1:3]) ** 2) + np.sum((output[3:5] - target[3:5]) ** 2)
            slowly += 5 * squares - np.log(holds) - np.log(labels[int(target[5])])
        assert costs[image] == pytest.approx(slowly, rel=1e-4)
    start = objective.start(state).reshape(9, 15)
    assert 1 / (1 + np.exp(-start[:, 0])) == pytest.approx(np.full(9, len(MANY) / 60 / 9))
    assert not start[:, 1:].any()


@pytest.mark.long
def test_a_net_of_one_object_learns_where_it_is(located):
    assert type(located).__name__ == "NetDetector" and located.fitted_.objective.name == "location"
    predicted = located.predict(IMAGES)
    assert predicted["image"].tolist() == list(range(80)) and predicted["score"].between(0, 1).all()
    mean_box = np.mean((BOXES[EDGES] - BOXES[EDGES].mean()).to_numpy() ** 2)
    assert np.mean((predicted[EDGES] - BOXES[EDGES]).to_numpy() ** 2) < 0.5 * mean_box
    assert located.labels_.tolist() == sorted(BOXES["label"].unique())
    assert "the box of one object (n = 80)" in located.summary()


@pytest.mark.long
def test_a_net_of_several_objects_finds_them(found):
    assert found.fitted_.objective.settings == {"grid": (6, 6)}
    predicted = found.predict(SEVERAL)
    truth = MANY.drop(columns="label")
    everywhere = truth.assign(image=truth["image"].to_numpy()[::-1], score=0.5)  # true boxes, other images
    precision = bn.mean_average_precision(truth.assign(label=0), predicted, iou=0.3)
    assert precision > 2 * bn.mean_average_precision(truth, everywhere, iou=0.3)
    assert (predicted["score"] >= 0.1).all() and len(found.predict(SEVERAL, least=0.9)) < len(predicted)
    assert len(bn.suppress_boxes(predicted)) == len(predicted)
    more = found.predict(SEVERAL, iou=1.0)
    assert len(more) >= len(predicted)
    assert all(a >= b for _, part in more.groupby("image")["score"] for a, b in zip(part, part[1:]))


@pytest.mark.long
def test_predictions_are_the_same_from_files_and_copies(located, found, tmp_path):
    for i, (net, images) in enumerate([(located, IMAGES), (found, SEVERAL)]):
        bn.save_model(net, tmp_path / f"{i}.bineural")
        loaded = bn.load_model(tmp_path / f"{i}.bineural")
        expected = net.predict(images)
        pd.testing.assert_frame_equal(loaded.predict(images), expected)
        pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(net)).predict(images), expected)
        assert loaded.labels_.tolist() == net.labels_.tolist()


def test_pixels_are_those_of_the_image_that_is_asked_about(located):
    as_list = located.predict(list(IMAGES[:5, ..., None]))
    pd.testing.assert_frame_equal(as_list, located.predict(IMAGES[:5]))
    assert (as_list["x2"] <= 24).all() and (as_list["y2"] <= 16).all()


def test_objects_in_one_cell_are_told():
    boxes = pd.DataFrame({"image": [0, 0, 1], "x1": [2, 1, 9], "y1": 2, "x2": [12, 11, 19], "y2": 12})
    objective = named_objective("boxes").settled({"grid": (3, 3)})
    y = code_boxes(read_boxes(boxes, "boxes"), image_sizes(SEVERAL), np.array([0]))
    with pytest.warns(DroppedWarning, match="1 object can't be learnt"):
        objective.check(y)


@pytest.mark.parametrize(
    "boxes, options, error, words",
    [
        (BOXES.drop(columns="y2"), {}, ColumnError, "It lacks 'y2'"),
        (BOXES.assign(image=BOXES["image"] + 1), {}, InputError, "Found 80, counted from 0"),
        (BOXES.assign(x1=40, x2=50), {}, InputError, "its image is 24 wide and 16 high"),
        (BOXES[:0], {}, InputError, "There must be boxes"),
        (BOXES, {"event": "1"}, InputError, "`event` can't be used"),
        (
            BOXES,
            {"width": 0.5},
            InputError,
            "an option of .*'locator'.*: name one of these as `architecture`",
        ),
        (BOXES[1:], {"objective": "location"}, InputError, "Image 0, counted from 0, has 0"),
        (BOXES, {"augmentation": {"flip": "both", "noise": 0.1}}, InputError, "boxes would stay behind"),
        (BOXES, {"objective": "numbers"}, InputError, "is for numbers; the outcome is boxes"),
    ],
)
def test_boxes_that_can_not_be_learnt_are_refused(boxes, options, error, words):
    with pytest.raises(error, match=words):
        bn.fit_net(IMAGES, boxes, **options, **QUICK)


@pytest.mark.parametrize(
    "verb",
    [
        lambda: bn.fit_glm(IMAGES, BOXES),
        lambda: bn.permutation_test(IMAGES, BOXES),
    ],
)
def test_other_verbs_take_no_boxes(verb):
    with pytest.raises(InputError, match="outcome of nets of images only"):
        verb()


def test_an_outcome_of_columns_called_y1_and_y2_is_no_boxes():
    random = np.random.default_rng(1)
    labels = pd.DataFrame(random.integers(0, 2, (40, 2)), columns=["y1", "y2"])
    net = bn.fit_net(random.normal(size=(40, 2)), labels, objective="multilabel", epochs=1, **QUICK)
    assert type(net).__name__ == "NetRegressor"
