"""Arrays and images as inputs: channels of the training rows, units, and columns for a GLM."""

import tracemalloc

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.inputs.arrays import ArrayInput
from bineural.inputs.images import ImageInput, pool_squares
from bineural.inputs.kinds import choose_input

RNG = np.random.default_rng(5)
SERIES = RNG.normal(size=(30, 6, 2)) * [30, 0.01] + [200, 2]
IMAGES = RNG.integers(0, 256, (30, 5, 4, 3)).astype("uint8")


@pytest.mark.parametrize(
    ("X", "kind"), [(SERIES, ArrayInput), (IMAGES, ImageInput), (IMAGES / 255.0, ImageInput)]
)
def test_channels_are_standardised_by_training_rows_of_positive_weight(X, kind):
    weights = np.where(np.arange(30) < 10, 0.0, 1.0)
    changed = X.copy()
    changed[:10] = changed[:10][::-1]
    for rows in (X, changed):
        learnt, prepared = choose_input(rows).learn(rows, weights=weights)
        flat = X[10:].reshape(-1, X.shape[-1]).astype(float)
        np.testing.assert_allclose(learnt.centers, flat.mean(axis=0))
        np.testing.assert_allclose(learnt.scales, flat.std(axis=0, ddof=1))
        expected = (rows - flat.mean(axis=0)) / flat.std(axis=0, ddof=1)
        np.testing.assert_allclose(prepared.inputs, expected, rtol=1e-5, atol=1e-6)
    assert type(learnt) is kind and learnt.shape == X.shape[1:] and prepared.inputs.dtype == np.float32
    assert learnt.n_features_in == np.prod(X.shape[1:]) and learnt.feature_names is None
    assert learnt.parts == "channels"
    np.testing.assert_array_equal(learnt.apply(X[[4, 2]]).inputs, learnt.apply(X).inputs[[4, 2]])


def test_bytes_and_the_same_numbers_as_floats_give_the_same():
    learnt, prepared = ImageInput.learn(IMAGES)
    again, same = ImageInput.learn(IMAGES.astype(float))
    np.testing.assert_allclose(learnt.centers, again.centers, rtol=1e-14)
    np.testing.assert_array_equal(prepared.inputs, same.inputs)
    np.testing.assert_array_equal(learnt.apply(IMAGES.astype("float32")).inputs, prepared.inputs)


@pytest.mark.parametrize("dtype", ["uint8", "float32", "int64", "bool"])
def test_without_scaling_numbers_stay_as_they_are(dtype):
    X = (IMAGES % 2).astype(dtype)
    learnt, prepared = ImageInput.learn(X, scaling=False)
    assert prepared.inputs is X and learnt.centers is None
    assert ImageInput.learn(X.astype(float), scaling=False)[1].inputs.dtype == np.float32


def test_a_constant_channel_has_spread_1():
    X = IMAGES.copy()
    X[..., 1] = 7
    learnt, prepared = ImageInput.learn(X)
    assert learnt.scales[1] == 1 and learnt.centers[1] == 7 and not prepared.inputs[..., 1].any()


def test_bytes_are_not_copied_to_float64():
    X = np.broadcast_to(np.arange(256, dtype=np.uint8), (100, 200, 256))[..., None].copy()
    tracemalloc.start()
    ImageInput.learn(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    float32, float64 = 4 * X.size, 8 * X.size
    assert float32 < peak < float32 + float64 / 2


def test_three_axes_are_grey_images_where_images_are_asked_for():
    grey = IMAGES[..., 0]
    learnt, prepared = ImageInput.learn(grey)
    assert learnt.shape == (5, 4, 1) and prepared.inputs.shape == (30, 5, 4, 1)
    assert learnt.centers == pytest.approx([grey.mean()])
    np.testing.assert_array_equal(learnt.apply(grey[..., None]).inputs, prepared.inputs)
    np.testing.assert_array_equal(learnt.apply(list(grey)).inputs, prepared.inputs)
    by_column, _ = choose_input(grey).learn(grey)  # to a model of one's own they go as they are
    assert by_column.shape == (5, 4) and len(by_column.centers) == 4


BYTES, SHARES = IMAGES, IMAGES / 255


@pytest.mark.parametrize(
    ("train", "new", "words"),
    [
        (BYTES, SHARES, "whole numbers from 0 to 255.*Found numbers from 0 to 1"),
        (BYTES.astype(float), SHARES, "whole numbers from 0 to 255"),
        (SHARES, BYTES, "numbers from 0 to 1.*Found whole numbers from 0 to 255.*uint8"),
        (BYTES > 127, BYTES, "numbers from 0 to 1"),
    ],
)
def test_another_unit_than_in_training_is_refused(train, new, words):
    learnt, _ = ImageInput.learn(train)
    with pytest.raises(InputError, match=f"(?s)unit of training: {words}.*255"):
        learnt.apply(new)


@pytest.mark.parametrize(
    ("train", "new"),
    [
        (BYTES, BYTES * 0),  # black
        (BYTES, (BYTES > 127).astype(float)),
        (SHARES, SHARES * 1.02),
        (SHARES - 0.5, BYTES),  # of no unit that is known
        (BYTES % 5, SHARES),
        (BYTES * 100.0, BYTES),
    ],
)
def test_images_whose_unit_may_be_that_of_training_pass(train, new):
    assert len(ImageInput.learn(train)[0].apply(new)) == 30


def slow_squares(X, size):
    n, height, width, channels = X.shape
    down, across = range(0, height, size), range(0, width, size)
    squares = [
        [X[:, i : i + size, j : j + size].reshape(n, -1, channels).mean(axis=1) for j in across] for i in down
    ]
    return np.array(squares).transpose(2, 0, 1, 3)


@pytest.mark.parametrize(
    ("height", "width", "size"), [(4, 4, 1), (16, 9, 1), (17, 9, 2), (28, 28, 2), (40, 33, 3)]
)
def test_baseline_columns_are_pixels_or_means_of_squares(height, width, size):
    X = RNG.integers(0, 256, (3, height, width, 2)).astype("uint8")
    expected = slow_squares(X, size)
    np.testing.assert_allclose(pool_squares(X), expected)
    columns = ImageInput.learn(X)[0].baseline_columns(X)
    np.testing.assert_allclose(columns, expected.reshape(3, -1))
    assert columns.shape[1] <= 2 * 16**2 and columns.columns[1] == "pixel_0_0_1"
    last = (expected.shape[1] - 1, expected.shape[2] - 1, 1)
    np.testing.assert_allclose(columns["pixel_{}_{}_{}".format(*last)], expected[:, *last])


def test_baseline_columns_of_arrays_are_their_values():
    columns = ArrayInput.learn(SERIES)[0].baseline_columns(SERIES[:4])
    assert list(columns)[:3] == ["x_0_0", "x_0_1", "x_1_0"] and columns.shape == (4, 12)
    np.testing.assert_array_equal(columns["x_5_1"], SERIES[:4, 5, 1])


BAD = {
    "text": (np.full((2, 5, 4, 3), "a"), "must hold numbers"),
    "objects": (np.full((2, 5, 4, 3), None), "must hold numbers"),
    "complex": (np.ones((2, 5, 4, 3), complex), "must hold numbers"),
    "missing": (np.where(SHARES > 0.9, np.nan, SHARES), "finite.*NaN or infinity: [1-9]"),
    "infinite": (np.where(SHARES > 0.9, np.inf, SHARES), "finite"),
    "no rows": (IMAGES[:0], r"rows and values.*\(0, 5, 4, 3\)"),
    "ragged": ([[[[1.0]]], [[[1.0], [2.0]]]], "one shape.*different lengths"),
    "a table": (np.zeros((3, 2)), r"must be an array.*\(3, 2\)"),
    "five axes": (np.zeros((3, 2, 2, 2, 2)), r"must be an array.*\(3, 2, 2, 2, 2\)"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_image_is_refused_in_three_sentences(name):
    X, words = BAD[name]
    learnt, _ = ImageInput.learn(IMAGES)
    for use in (ImageInput.learn, learnt.apply, learnt.baseline_columns):
        with pytest.raises(InputError, match=f"(?s){words}") as caught:
            use(X)
        assert caught.value.must and caught.value.found and caught.value.hint


def test_rows_of_another_shape_and_formulas_are_refused():
    learnt, _ = ArrayInput.learn(SERIES)
    for use in (learnt.apply, learnt.baseline_columns):
        with pytest.raises(InputError, match=r"(?s)shape of training, \(6, 2\).*Found \(5, 2\)"):
            use(SERIES[:, 1:])
    for use in (learnt.apply, learnt.baseline_columns, ArrayInput.learn):
        with pytest.raises(InputError, match="more than two axes"):
            use(SERIES[..., 0])
    with pytest.raises(InputError, match=r"(?s)formula must come with a table.*'a \+ b'"):
        ArrayInput.learn(SERIES, formula="a + b")
