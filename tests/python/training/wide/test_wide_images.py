"""Entries for images: convolutions of every kind, pooling and shapes, each judged by Keras' own layer."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.training.philox import repeatable_dropout
from bineural.training.wide.call import Call
from bineural.training.wide.registry import find_forward
from bineural.zoo.parts.lenet_layers import ConnectedMaps, ScaledTanh, TrainedPooling
from bineural.zoo.parts.local_response import LocalResponse
from bineural.zoo.parts.shortcut import Shortcut
from training.wide.judging import COLUMNS, IMAGES, SERIES, R, judge, make_inputs, values_of

layers = keras.layers
CUBES = (4, 3, 5, 2)
FOUR = (6, 5, 4)  # four channels

CASES = {
    "groups 1": (lambda: layers.Conv1D(4, 2, groups=2), (6, 4)),
    "groups 2": (lambda: layers.Conv2D(4, (3, 2), groups=2, padding="same", activation="relu"), FOUR),
    "dilated": (lambda: layers.Conv2D(3, 2, dilation_rate=(2, 1)), IMAGES),
    "convolution 3": (lambda: layers.Conv3D(3, 2, padding="same", strides=2), CUBES),
    "depthwise 1": (lambda: layers.DepthwiseConv1D(3, strides=2, padding="same"), SERIES),
    "depthwise 2": (lambda: layers.DepthwiseConv2D((3, 2), depth_multiplier=2, activation="relu"), IMAGES),
    "depthwise strided": (lambda: layers.DepthwiseConv2D(2, strides=2, use_bias=False), IMAGES),
    "depthwise dilated": (lambda: layers.DepthwiseConv2D(2, dilation_rate=2, padding="same"), IMAGES),
    "depthwise both": (lambda: layers.DepthwiseConv2D(2, strides=2, dilation_rate=2), IMAGES),
    "separable 1": (lambda: layers.SeparableConv1D(4, 3, padding="same", depth_multiplier=2), SERIES),
    "separable 2": (lambda: layers.SeparableConv2D(4, 3, strides=2, use_bias=False), IMAGES),
    "transposed 1": (lambda: layers.Conv1DTranspose(4, 3, activation="tanh"), SERIES),
    "transposed 1, strides": (lambda: layers.Conv1DTranspose(4, 2, strides=3), SERIES),
    "transposed 1, same": (lambda: layers.Conv1DTranspose(2, 4, 2, "same", output_padding=1), SERIES),
    "transposed 2": (lambda: layers.Conv2DTranspose(3, (3, 2), 2, "same"), IMAGES),
    "transposed 2, valid": (lambda: layers.Conv2DTranspose(3, 3, (2, 1), use_bias=False), IMAGES),
    "transposed 2, more": (lambda: layers.Conv2DTranspose(3, 3, 2, "valid", output_padding=1), IMAGES),
    "transposed 2, no strides": (lambda: layers.Conv2DTranspose(3, 4, 1, "same"), IMAGES),
    "transposed 3": (lambda: layers.Conv3DTranspose(3, 2, 2, "same"), CUBES),
    "adaptive average 1": (lambda: layers.AdaptiveAveragePooling1D(2), SERIES),
    "adaptive average 2": (lambda: layers.AdaptiveAveragePooling2D(2), IMAGES),
    "adaptive average 3": (lambda: layers.AdaptiveAveragePooling3D(2), CUBES),
    "adaptive max 1": (lambda: layers.AdaptiveMaxPooling1D(2), SERIES),
    "adaptive max 2": (lambda: layers.AdaptiveMaxPooling2D(2), IMAGES),
    "adaptive max 3": (lambda: layers.AdaptiveMaxPooling3D(2), CUBES),
    "average pooling 3": (lambda: layers.AveragePooling3D(2), CUBES),
    "max pooling 3": (lambda: layers.MaxPooling3D(2), CUBES),
    "global average 3": (lambda: layers.GlobalAveragePooling3D(), CUBES),
    "global max 3": (lambda: layers.GlobalMaxPooling3D(), CUBES),
    "cropping 3": (lambda: layers.Cropping3D(1), (4, 3, 3, 2)),
    "padding 3": (lambda: layers.ZeroPadding3D(1), CUBES),
    "up 3": (lambda: layers.UpSampling3D(2), CUBES),
    "up 2, bilinear": (lambda: layers.UpSampling2D(2, interpolation="bilinear"), IMAGES),
    "center": (lambda: layers.CenterCrop(4, 4), IMAGES),
    "resizing": (lambda: layers.Resizing(4, 5), IMAGES),
    "channels 1": (lambda: layers.SpatialDropout1D(0.4), SERIES),
    "channels 2": (lambda: layers.SpatialDropout2D(0.4), IMAGES),
    "channels in front": (lambda: layers.SpatialDropout2D(0.4, "channels_first"), IMAGES),
    "channels 3": (lambda: layers.SpatialDropout3D(0.4), CUBES),
    "columns": (lambda: layers.UnitNormalization(axis=1), COLUMNS),
    "connected maps": (lambda: ConnectedMaps([(0,), (1, 0), (1,)], 2), IMAGES),
    "trained pooling": (TrainedPooling, IMAGES),
    "scaled tanh": (ScaledTanh, IMAGES),
    "shortcut": (lambda: Shortcut(5, 2), IMAGES),
    "local response": (LocalResponse, IMAGES),
}


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_the_layer_of_each_replica(name):
    make, shape = CASES[name]
    with repeatable_dropout(written_out=True):
        judge(make(), shape, True)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_dilated_transposed_convolution_is_that_of_filters_with_zeros_between(padding):
    """Keras has none on a processor, so that the truth is a filter that is filled up by hand."""
    dilated, plain = (
        layers.Conv2DTranspose(3, size, 1, padding, dilation_rate=rate) for size, rate in [(2, 2), (3, 1)]
    )
    rng = np.random.default_rng(7)
    x = make_inputs(IMAGES, rng)
    for layer in (dilated, plain):
        layer.build((None, *IMAGES))
    values = values_of(dilated, rng)
    filled = np.zeros((R, *plain.kernel.shape), "float32")
    filled[:, ::2, ::2] = values[0]
    whole = find_forward(dilated)(Call(dilated.variables, values, True), x)
    own = find_forward(plain)(Call(plain.variables, [tf.constant(filled), values[1]], True), x)
    np.testing.assert_allclose(whole, own, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in CASES if "depthwise" in name])
def test_what_is_written_for_xla_is_the_layer_too(name):
    make, shape = CASES[name]
    judge(make(), shape, True, compiled=True)
