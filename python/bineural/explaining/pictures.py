"""What a net of images looks for, and where it looks: filters, feature maps, occlusion and gradients."""

import numpy as np

from bineural.checks import label as label_check
from bineural.errors import InputError
from bineural.inputs.arrays import as_numbers
from bineural.messages import listed
from bineural.nets.fitted import keras_model_of

_ACTIVATIONS = ("Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "ScaledTanh")
_NORMALISATIONS = ("BatchNormalization", "GroupNormalization", "LayerNormalization")


def read_image(net, x):
    """Return one image as the net's input takes it: an array (1, height, width, n_channels).

    Raises
    ------
    InputError
        If the net takes no images, or `x` is not one image of its size.
    """
    shape = getattr(getattr(getattr(net, "fitted_", None), "input", None), "row_shape", ())
    if len(shape) != 3:
        raise InputError(
            "`net` must be a fitted net of images.",
            f"Found {type(net).__name__}{f' of rows of shape {shape}' if shape else ''}.",
            "Fit one to an array (n, height, width, channels): fit_net(images, labels).",
        )
    if x is None:
        return None
    x = as_numbers(x)
    alone = [shape, shape[:2]] if shape[2] == 1 else [shape]
    if x.shape in alone:
        return x.reshape(1, *shape)
    if x.shape in [(1, *single) for single in alone]:
        return x.reshape(1, *shape)
    raise InputError(
        "`x` must be one image of the size that the net was fitted to.",
        f"Found shape {x.shape}; the net takes {shape}.",
        "Take one out of an array of images: `images[0]`, in R `images[1, , ]`.",
    )


def convolutions_of(net):
    """Return the convolutional layers of the first member, in their order."""
    from bineural._tensorflow import keras

    kinds = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)
    layers = [layer for layer in keras_model_of(net.fitted_)._flatten_layers() if isinstance(layer, kinds)]
    if not layers:
        raise InputError(
            "The net must have a convolutional layer.",
            f"{net.fitted_.architecture.name!r} has none.",
            "Draw kind='occlusion' or 'gradient', which any net of images has.",
        )
    return layers


def choose_layer(net, layer):
    """Return a convolutional layer by its name, or by its number from 1."""
    layers = convolutions_of(net)
    names = [each.name for each in layers]
    if layer in names:
        return layers[names.index(layer)]
    if isinstance(layer, int) and 1 <= layer <= len(layers):
        return layers[layer - 1]
    raise InputError(
        f"`layer` must be a number from 1 to {len(layers)}, or the name of a convolutional layer.",
        f"Found {layer!r}; the names are {listed(names, 12)}.",
        "Number 1 is the one next to the image.",
    )


def filters_of(net, layer):
    """Return the filters of a layer, means over the channels that they read: (n_filters, height, width)."""
    kernel = np.asarray(choose_layer(net, layer).get_weights()[0])
    return np.moveaxis(kernel.mean(axis=2), -1, 0)


def maps_of(net, image, layer):
    """Return what a layer makes of an image, behind its activation: (n_filters, height, width)."""
    from bineural._tensorflow import keras

    model = keras_model_of(net.fitted_)
    part = keras.Model(model.inputs, _activated(model, choose_layer(net, layer)).output)
    rows = net.fitted_.input.apply(image)
    return np.moveaxis(np.asarray(part([rows.inputs], training=False))[0], -1, 0)


def _activated(model, layer):
    """Return the layer that puts out what a convolution gives behind its activation.

    That is the convolution itself where it has one of its own or its output goes to several layers, else what
    comes next: an activation that is a layer, perhaps with a normalisation before it.
    """
    from bineural._tensorflow import keras
    from bineural.zoo.layer_graph import read_calls

    if layer.activation is not keras.activations.linear:
        return layer
    calls = read_calls(model)
    places = [place for place, call in enumerate(calls) if call.operation is layer]
    while len(places) == 1:
        layer = calls[places[0]].operation
        if type(layer).__name__ in _ACTIVATIONS:
            break
        places = [place for place, call in enumerate(calls) if places[0] in call.sources]
        if places and type(calls[places[0]].operation).__name__ not in (*_ACTIVATIONS, *_NORMALISATIONS):
            break
    return layer


def chooser_of(net, label):
    """Return a function that says which of a net's classes is meant for an image, by its position.

    Returns
    -------
    callable, or None
        Image -> position of the label, or of the class that is predicted; None for a net of numbers.
    """
    if getattr(net, "outcome_kind", None) == "boxes":
        raise InputError(
            "Occlusion and gradient must be those of a class or a number.",
            "The net predicts boxes.",
            "Draw its 'filters' or 'maps'.",
        )
    classes = getattr(net, "classes_", None)
    if classes is None:
        if label is not None:
            raise InputError(
                "`label` can be named for a classifier only.",
                f"{type(net).__name__} has none.",
                "Leave it out.",
            )
        return None
    if label is None:
        return lambda image: int(np.argmax(net.predict_proba(image)[0]))
    from bineural.inputs.outcomes import match_event

    label_check()(label, "label")
    position = classes.tolist().index(
        match_event(label, classes, "`label` must be one of the net's classes.")
    )
    return lambda image: position


def occlusion_of(net, image, position):
    """Return how much less a net predicts a class when a square is covered: (height, width).

    A square of a sixth of the image, of the mean colour of the training images, is moved over it; each pixel
    has the mean of the squares that cover it.
    """
    height, width, _ = image.shape[1:]
    side, step = -(-max(height, width) // 6), max(1, max(height, width) // 24)
    starts = [(y, x) for y in _starts(height, side, step) for x in _starts(width, side, step)]
    covered = np.repeat(image.astype(float), len(starts) + 1, axis=0)
    colour = net.fitted_.input.centers
    colour = image.mean(axis=(0, 1, 2)) if colour is None else colour
    for picture, (y, x) in zip(covered[1:], starts):
        picture[y : y + side, x : x + side] = colour
    answers = net.predict(covered) if position is None else net.predict_proba(covered)[:, position]
    sums, counts = np.zeros((height, width)), np.zeros((height, width))
    for fall, (y, x) in zip(answers[0] - answers[1:], starts):
        sums[y : y + side, x : x + side] += fall
        counts[y : y + side, x : x + side] += 1
    return sums / counts


def _starts(length, side, step):
    last = max(length - side, 0)
    return sorted({*range(0, last + 1, step), last})


def gradient_of(net, image, position):
    """Return how fast the output for a class changes with each pixel, in its SDs: (height, width).

    The largest absolute value over the channels, of the first member of an ensemble.
    """
    from bineural._tensorflow import keras, tf

    model = keras_model_of(net.fitted_)
    model = keras.Model(model.inputs, model.outputs[0])
    pixels = tf.convert_to_tensor(np.asarray(net.fitted_.input.apply(image).inputs, np.float32))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        outputs = model([pixels], training=False)
        several = position is not None and outputs.shape[-1] > 1
        output = outputs[:, position if several else 0]
    return np.abs(np.asarray(tape.gradient(output, pixels))[0]).max(axis=-1)
