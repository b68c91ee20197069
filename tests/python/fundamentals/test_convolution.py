"""Convolution of images: SciPy's correlations and Keras' layer say the same."""

import keras
import numpy as np
import pytest
from scipy import ndimage, signal

import bineural as bn
from bineural.errors import InputError
from bineural.fundamentals import convolve_image, list_kernels

PHOTO = bn.load_photograph("china")[150:250:2, 200:330:2]


def test_photograph_is_of_three_channels():
    assert PHOTO.shape == (50, 65, 3) and PHOTO.dtype == np.uint8
    assert bn.load_photograph("flower").shape == bn.load_photograph().shape == (427, 640, 3)


@pytest.mark.parametrize("name", list_kernels()["name"])
def test_named_kernels_are_scipy_s_filters(name):
    grey = PHOTO.mean(axis=2)
    known = {
        "identity": lambda x: x,
        "box_blur": lambda x: ndimage.uniform_filter(x, 3, mode="constant"),
        "gaussian": lambda x: ndimage.convolve(x, np.outer([1, 2, 1], [1, 2, 1]) / 16, mode="constant"),
        "sobel_x": lambda x: ndimage.sobel(x, axis=1, mode="constant"),
        "sobel_y": lambda x: ndimage.sobel(x, axis=0, mode="constant"),
        "laplacian": lambda x: ndimage.laplace(x, mode="constant"),
        "sharpen": lambda x: x - ndimage.laplace(x, mode="constant"),
        "emboss": lambda x: ndimage.correlate(
            x, np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]), mode="constant"
        ),
    }
    assert convolve_image(grey, name) == pytest.approx(known[name](grey), abs=1e-9)


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (1, 4)])
def test_own_kernels_are_correlated_and_not_turned(shape):
    kernel = np.random.default_rng(1).normal(size=shape)
    grey = PHOTO[..., 0].astype(float)
    valid = signal.correlate2d(grey, kernel, mode="valid")
    assert convolve_image(grey, kernel, padding="valid") == pytest.approx(valid)
    assert convolve_image(PHOTO, kernel, "valid", 2)[..., 0] == pytest.approx(valid[::2, ::2])
    assert convolve_image(grey, kernel[::-1, ::-1], padding="valid") == pytest.approx(
        signal.convolve2d(grey, kernel, mode="valid")
    )


@pytest.mark.parametrize(
    "padding, stride, size", [("same", 1, 3), ("same", 2, 3), ("same", 3, 4), ("valid", 2, 5)]
)
def test_convolution_is_that_of_keras_layer(padding, stride, size):
    random = np.random.default_rng(2)
    image, kernel = random.random((23, 18)), random.normal(size=(size, size))
    layer = keras.layers.Conv2D(1, size, strides=stride, padding=padding, use_bias=False)
    layer.build((None, 23, 18, 1))
    layer.set_weights([kernel[:, :, None, None]])
    expected = np.asarray(layer(image[None, :, :, None].astype(np.float32)))[0, :, :, 0]
    assert convolve_image(image, kernel, padding, stride) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "image, kernel, words",
    [
        (PHOTO[None], "sobel_x", "Take one out"),
        (PHOTO, "sobel", "sobel_x"),
        (PHOTO, [1, 2], "must be a matrix"),
        ([[np.nan]], "identity", "must be finite"),
        ([["a"]], "identity", "must hold numbers"),
    ],
)
def test_what_is_no_image_or_kernel_is_refused(image, kernel, words):
    with pytest.raises(InputError, match=words):
        convolve_image(image, kernel)
    with pytest.raises(InputError, match="The kernel is 3 by 3, the image 2 by 2 pixels"):
        convolve_image(np.ones((2, 2)), "emboss", padding="valid")
