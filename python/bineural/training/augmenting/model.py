"""The model that is trained with augmentation: layers that change images, and behind them the net itself."""

import numpy as np

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.training.augmenting.registry import find_changes
from bineural.training.blueprint import Blueprint
from bineural.training.device import Cache, on_device
from bineural.training.layouts import Layout

_augmented = Cache(32)


def augmented(plan, strengths, image_shape):
    """Return the plan of a model that changes its images in training and has the same weights.

    Parameters
    ----------
    plan : Blueprint
        Of a model of one input, images or their pixels as one row.
    strengths : dict of str to object
        As `read_augmentation` returns them.
    image_shape : tuple (height, width, channels)

    Returns
    -------
    Blueprint
        Its weights, in the order of `model.get_weights()`, are those of the model that is kept.

    Raises
    ------
    InputError
        If images are too small for a change, or the model takes its training step itself.
    """
    if not strengths:
        return plan
    _check(plan, strengths, image_shape)
    key = ("augmented", plan.key, repr(strengths), tuple(image_shape))
    model, layout, places = _augmented.get(key, lambda: _build(plan.model, strengths, image_shape))
    starts = [None if i is None else plan.starts[i] for i in places]
    kept = [np.asarray(v) if i is None else plan.kept[i] for i, v in zip(places, model.variables)]
    return Blueprint(model, key, starts, kept, plan.source, layout)


def _build(model, strengths, image_shape):
    """Return the model, its layout, and the place of each of its variables in `model` (None: it has not)."""
    from bineural.training.augmenting.layers import ChangeImages, MixRows

    with on_device(None):
        declared = model.inputs[0] if getattr(model, "inputs", None) else None
        dtype = "float32" if declared is None else declared.dtype
        shape = image_shape if declared is None else declared.shape[1:]
        x = inputs = keras.Input(shape, dtype=dtype, name="training_image")
        if "mixup" in strengths:
            x = MixRows(strengths["mixup"], name="mix_rows")(x)
        changes = {name: strength for name, strength in strengths.items() if name != "mixup"}
        if changes:
            row = tuple(shape)
            laid_out = row != tuple(image_shape)
            x = keras.layers.Reshape(image_shape, name="as_image")(x) if laid_out else x
            x = ChangeImages(changes, **_unit_of(model), name="change_images")(x)
            x = keras.layers.Reshape(row, name="as_row")(x) if len(row) == 1 else x
        whole = keras.Model(inputs, model(x), name="augmented")
    own = {id(v): i for i, v in enumerate(model.variables)}
    return whole, Layout(whole), [own.get(id(v)) for v in whole.variables]


def _unit_of(model):
    """Return means and SDs of the channels of a model that begins with a `Normalization`, else nothing."""
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    normalises = bool(layers) and type(layers[0]) is keras.layers.Normalization
    if not normalises or getattr(layers[0], "mean", None) is None:
        return {}
    mean, variance = (np.ravel(np.asarray(part)) for part in (layers[0].mean, layers[0].variance))
    return {"centers": mean.tolist(), "scales": np.sqrt(variance).tolist()}


def _check(plan, strengths, image_shape):
    changes, (height, width) = find_changes(), image_shape[:2]
    for name, strength in strengths.items():
        least = 1 if changes[name].least is None else changes[name].least(strength)
        if min(height, width) < least:
            raise InputError(
                f"Images must have at least {least} x {least} pixels for {name!r} of {strength}.",
                f"They have {height} x {width}.",
                "Give a smaller number.",
            )
    if plan.layout.own_step:
        raise InputError(
            "`augmentation` can't be had by a Keras model whose class has a `train_step` of its own.",
            f"{plan.source.name!r} has one.",
            "Change the images there, or give a model without it.",
        )
