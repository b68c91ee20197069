"""Pictures of many sizes, from lists and files: the size is learnt from training rows, errors name one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import bineural as bn
from bineural._tensorflow import keras
from bineural.data.picture_files import change_size
from bineural.data.pictures import Pictures, as_images, as_pictures
from bineural.errors import InputError, ResizedWarning
from bineural.inputs.arrays import ArrayInput
from bineural.inputs.images import ImageInput
from bineural.inputs.kinds import choose_input
from bineural.zoo import Architecture, register_architecture
from registries import put_back

SIZES = [(12, 9), (13, 9), (20, 11), (7, 15), (12, 10), (12, 30)] * 4
LABELS = np.tile(["cat", "dog"], 12)


def build_tiny(input_shape, n_outputs):
    """Build a net of one convolution and one pooling; images must have 4 x 4 pixels."""
    image = keras.Input(input_shape)
    x = keras.layers.Conv2D(2, 3, activation="relu")(image)
    x = keras.layers.Flatten()(keras.layers.MaxPooling2D()(x))
    return keras.Model(image, keras.layers.Dense(n_outputs)(x), name="tiny")


@pytest.fixture(scope="module", autouse=True)
def _tiny():
    with put_back():
        register_architecture(Architecture("tiny", build_tiny, inputs=("image",), learning_rate=0.01))
        yield


@pytest.fixture(scope="module")
def arrays():
    rng = np.random.default_rng(7)
    return [
        (rng.integers(0, 120, (*size, 3)) + 100 * (label == "dog")).astype(np.uint8)
        for size, label in zip(SIZES, LABELS)
    ]


@pytest.fixture(scope="module")
def paths(arrays, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for k, pixels in enumerate(arrays):
        Image.fromarray(pixels).save(folder / f"{k}.png")
    return [str(folder / f"{k}.png") for k in range(len(arrays))]


def learn(X, **options):
    with pytest.warns(ResizedWarning):
        return ImageInput.learn(X, **options)


def test_the_size_is_the_median_of_the_training_rows_to_multiples_of_8(arrays):
    learnt, prepared = learn(arrays)
    assert learnt.row_shape == (16, 8, 3)  # medians 12 and 10.5, halves upwards
    assert prepared.inputs.shape == (24, 16, 8, 3) and learnt.resized
    weights = np.array([size[0] == 20 or size[1] == 30 for size in SIZES], float)
    assert learn(arrays, weights=weights)[0].row_shape == (16, 24, 3)  # 16 and 20.5
    with pytest.warns(ResizedWarning, match=r"23 of 24 pictures were resized to 224 x 8 pixels"):
        huge = [np.zeros((900, 8, 1), np.uint8)] * 23 + [np.ones((224, 8, 1), np.uint8)]
        assert ImageInput.learn(huge, scaling=False)[0].row_shape == (224, 8, 1)


def test_pictures_of_one_size_stay_as_they_are(arrays):
    same = [pixels[:7, :9] for pixels in arrays]
    learnt, prepared = ImageInput.learn(same)
    assert learnt.row_shape == (7, 9, 3) and not learnt.resized
    np.testing.assert_array_equal(prepared.inputs, ImageInput.learn(np.stack(same))[1].inputs)


def test_resizing_takes_the_mean_of_what_a_pixel_covers():
    smooth = np.add.outer(np.arange(40.0), np.arange(24.0))[..., None]
    half = change_size(smooth, (20, 12))[..., 0]
    means = smooth.reshape(20, 2, 12, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(half[1:-1, 1:-1], means[1:-1, 1:-1], rtol=1e-5)  # edges have less beside them
    assert change_size(np.full((5, 5, 2), 7, np.uint8), (9, 3)).tolist() == np.full((9, 3, 2), 7).tolist()
    assert change_size(smooth, (40, 24)) is smooth


def test_paths_arrays_and_what_r_sends_are_the_same_rows(arrays, paths):
    learnt, prepared = learn(paths)
    numbers = [pixels.astype(float) for pixels in arrays]
    for same in (arrays, numbers, pd.Series(paths), pd.Categorical(paths)):
        other, again = learn(same)
        np.testing.assert_array_equal(again.inputs, prepared.inputs)
        np.testing.assert_array_equal(learnt.apply(same).inputs, prepared.inputs)
        assert other.centers.tolist() == learnt.centers.tolist()
    np.testing.assert_array_equal(learnt.apply(paths[3]).inputs, prepared.inputs[[3]])


def test_shares_are_not_rounded_to_bytes():
    rng = np.random.default_rng(1)
    shares = [rng.uniform(size=(size, 8)) for size in (8, 12, 16)]
    pictures = Pictures.of_arrays(shares)
    resized = pictures.at_size((8, 8))
    assert resized.dtype == np.float32 and len(np.unique(resized)) > 150
    np.testing.assert_allclose(resized[0, ..., 0], shares[0], rtol=1e-6)


def test_a_list_of_matrices_is_pictures_where_it_can_be_nothing_else(arrays):
    grey = [pixels[..., 0] for pixels in arrays]
    assert isinstance(as_pictures(grey), Pictures) and choose_input(grey) is ImageInput
    sequences = [pixels[:, :4] for pixels in grey]
    assert as_pictures(sequences) is sequences  # of 4 features, for a net of sequences
    assert isinstance(as_pictures(sequences, grey_lists=True), Pictures)
    assert choose_input(np.stack([pixels[:7, :9] for pixels in grey])) is ArrayInput
    for other in ("a.csv", ["a", "b"], [], pd.Series(["x"]), np.zeros((3, 2)), None):
        assert as_pictures(other) is other


def test_nets_of_paths_are_evaluated_compared_and_saved(arrays, paths, tmp_path):
    frame = pd.DataFrame({"path": paths, "label": LABELS})
    options = {"event": "dog", "architecture": "tiny", "epochs": 2, "seed": 1}
    with pytest.warns(ResizedWarning):
        net = bn.fit_net(frame["path"], frame["label"], **options)
    with pytest.warns(ResizedWarning):
        by_formula = bn.fit_net("label ~ image(path)", frame, **options)
    probability = net.predict_proba(paths)
    np.testing.assert_array_equal(net.predict_proba(arrays), probability)
    np.testing.assert_array_equal(by_formula.predict_proba(frame), probability)
    evaluation = bn.evaluate_model(by_formula, frame)
    assert evaluation.n == 24 and bn.evaluate_model(net, arrays, LABELS).n_known == 24
    for model in (net, by_formula):
        again = bn.load_model(bn.save_model(model, tmp_path / "net"))
        np.testing.assert_array_equal(again.predict_proba(frame["path"]), probability)
        assert again.fitted_.input.resized and again.fitted_.input.column == model.fitted_.input.column
    np.testing.assert_array_equal(again.predict_proba(frame), probability)
    with pytest.raises(InputError, match="path"):
        again.predict(frame[["label"]])


def test_a_net_of_tables_and_a_glm_take_the_pixels_as_columns(arrays, paths, tmp_path):
    with pytest.warns(ResizedWarning):
        mlp = bn.fit_net(paths, LABELS, event="dog", architecture="mlp", epochs=2, seed=1)
    assert mlp.input_shape_ == (16 * 8 * 3,)
    learnt, prepared = learn(arrays)
    flat, options = prepared.inputs.reshape(24, -1), {"architecture": "mlp", "epochs": 2, "seed": 1}
    by_hand = bn.fit_net(flat, LABELS, event="dog", scaling=False, **options)
    np.testing.assert_allclose(mlp.predict_proba(arrays), by_hand.predict_proba(flat), atol=1e-6)
    again = bn.load_model(bn.save_model(mlp, tmp_path / "mlp"))
    np.testing.assert_array_equal(again.predict_proba(paths), mlp.predict_proba(arrays))


def test_a_picture_of_another_size_is_resized_to_that_of_training_and_said(arrays):
    same = [pixels[:7, :9] for pixels in arrays]
    learnt, _ = ImageInput.learn(same)
    with pytest.warns(
        ResizedWarning, match="5 of 5 pictures were resized to 7 x 9.*the size of the training"
    ):
        other = learnt.apply(arrays[:5]).inputs
    assert other.shape == (5, 7, 9, 3)
    with pytest.raises(InputError, match=r"size of training, 7 x 9 pixels.*\n.*Found 8 x 9"):
        learnt.apply(np.zeros((2, 8, 9, 3), np.uint8))


# ---- errors name the picture ----


def broken(paths, tmp_path, what):
    """Return the paths, the third of them replaced by a broken one."""
    path = tmp_path / "odd.png"
    content = Path(paths[2]).read_bytes()
    if what == "cut off":
        path.write_bytes(content[: len(content) // 2])
    elif what == "text":
        path.write_text("no picture at all")
    elif what == "empty":
        path.write_bytes(b"")
    elif what == "grey":
        Image.fromarray(np.zeros((9, 9), np.uint8)).save(path)
    elif what == "deep":
        path = path.with_suffix(".tif")
        Image.fromarray(np.zeros((9, 9), np.float32)).save(path)
    return [*paths[:2], str(path), *paths[3:]]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("missing", "must be there"),
        ("cut off", "readable from its beginning to its end"),
        ("text", "must be a picture"),
        ("empty", "must be a picture"),
        ("grey", "All pictures must be grey, or all in colour"),
        ("deep", "8 or 16 bits"),
    ],
)
def test_a_file_that_will_not_do_is_named(paths, tmp_path, what, sentence):
    with pytest.raises(InputError, match=r"Picture 3 of 24 \('.*odd") as caught:
        bn.fit_net(broken(paths, tmp_path, what), LABELS, event="dog", architecture="tiny")
    assert sentence in str(caught.value) and caught.value.hint


@pytest.mark.parametrize(
    ("odd", "sentence"),
    [
        (np.zeros(3), "Picture 2 of 24 must be an array of numbers"),
        (np.zeros((3, 3, 3, 1)), "Picture 2 of 24 must be an array of numbers"),
        (np.full((5, 5, 3), np.nan), "Picture 2 of 24 must have finite numbers"),
        (np.zeros((5, 5), np.uint8), "Picture 2 of 24 has 1 channel"),
        (np.full((5, 5, 3), "a"), "Picture 2 of 24 must be an array of numbers"),
    ],
)
def test_an_array_that_will_not_do_is_named(arrays, odd, sentence):
    with pytest.raises(InputError, match=sentence):
        bn.fit_net([arrays[0], odd, *arrays[2:]], LABELS, event="dog", architecture="tiny")


def test_a_picture_made_to_fill_the_memory_is_refused(paths, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300)
    with pytest.raises(InputError, match=r"(?s)Picture 6 of 24.*at most 300 pixels.*360 pixels"):
        bn.load_images(paths)


def test_grey_pictures_for_a_net_of_colours_are_refused(arrays):
    learnt, _ = learn(arrays)
    for grey in ([pixels[..., :1] for pixels in arrays], np.zeros((2, 16, 8, 1)), np.zeros((2, 16, 8))):
        with pytest.raises(InputError, match=r"(?s)must be in colour.*grey"):
            learnt.apply(grey)


def test_images_too_small_for_an_architecture_say_the_size_needed(arrays):
    small = np.stack([pixels[:3, :9] for pixels in arrays])
    with pytest.raises(
        InputError, match=r"(?s)architecture='tiny'.*at least 4 x 4 pixels.*Found 3 x 9.*size=4"
    ):
        bn.fit_net(small, LABELS, event="dog", architecture="tiny")

    def no_size(input_shape, n_outputs):
        raise ValueError("nothing will do")

    with pytest.raises(ValueError, match="nothing will do"):
        bn.fit_net(small, LABELS, event="dog", architecture=no_size)


def test_copies_among_training_and_test_rows_are_told(arrays):
    X = np.stack([pixels[:7, :9] for pixels in arrays] * 2)
    y = np.concatenate([LABELS, LABELS])
    with pytest.warns(bn.LeakWarning, match="test rows have an exact copy among their training rows"):
        guess = {"guess": lambda train, test: np.full(len(test), 0.5)}
        bn.compare_models(guess, X, y, event="dog", folds=2, repeats=1, baseline="guess")


def test_where_a_net_takes_only_images_all_models_see_images(arrays):
    grey = np.stack([pixels[:7, :9, 0] for pixels in arrays])
    np.testing.assert_array_equal(as_images(grey), grey[..., None])
    np.testing.assert_array_equal(np.asarray(as_images(list(grey))), grey[..., None])
    comparison = bn.compare_models(["tiny"], grey, LABELS, event="dog", folds=2, repeats=1, seed=1)
    assert comparison.basis.problem.X.shape == (24, 7, 9, 1)
    assert comparison.table["model"].tolist() == ["glm", "tiny", "null"]


@pytest.mark.parametrize("name", ["x.parquet", "x.pq", "."])
def test_a_path_of_data_is_no_picture(name):
    assert not isinstance(as_pictures(Path(name)), Pictures)


@pytest.mark.parametrize("ending", [".png", ".parquet"])
def test_a_name_that_is_too_long_is_refused_as_one_that_is_not_there(ending):
    glm = bn.fit_glm("Kyphosis ~ Age", bn.load_dataset("kyphosis"), event="present")
    for door in (glm.predict, lambda path: bn.load_images([path])):
        with pytest.raises(InputError, match="There is no"):
            door(Path("x" * 300 + ending))
