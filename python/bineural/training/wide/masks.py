"""Masks: which steps of a sequence are real, passed from layer to layer as Keras does.

A tensor of a wide model carries its mask, (n_replicas, batch, time), where Keras' tensors do. What a layer is
given, and what its outputs carry, is what calling the Keras layer would make of it: the rules of
`keras.layers.Layer.__call__`, on one more axis.
"""

from keras.src.utils.python_utils import is_default

from bineural._tensorflow import keras, tf
from bineural.training.wide.call import fold, mask_of, set_mask, unfold

tree = keras.tree


def mask_arguments(layer):
    """Return the names of the masks that a Keras layer takes."""
    return {name for name in layer._call_signature.parameters if name == "mask" or name.endswith("_mask")}


def with_masks(layer, forward):
    """Return what calls the entry of a layer as Keras calls the layer: with masks, which it passes on.

    Parameters
    ----------
    layer : keras.Layer
    forward : callable (call, *inputs, **options)

    Returns
    -------
    callable (call, *inputs, **options)
    """

    def run(call, *inputs, **options):
        bound = layer._call_signature.bind(*inputs, **options).arguments
        options |= _masks_carried(layer, bound)
        first = next(iter(bound.values()))
        before = options.get("mask")
        before = tree.map_structure(mask_of, first) if before is None else before
        outputs = forward(call, *inputs, **options)
        if layer.supports_masking:
            _pass_on(layer, call, first, before, outputs)
        return outputs

    return run


def _masks_carried(layer, bound):
    """Return the masks that a layer takes and was not given, from the tensors that carry them."""
    names = mask_arguments(layer)
    if not names:
        return {}
    tensors = {name: value for name, value in bound.items() if _is_of_tensors(value)}
    if len(tensors) == 1:
        pairs = [("mask", *tensors.values())]
    else:  # then Keras looks for an argument of its own for each
        pairs = [(f"{name}_mask", value) for name, value in tensors.items()]
    masks = {
        mask: tree.map_structure(mask_of, value)
        for mask, value in pairs
        if mask in names and bound.get(mask) is None
    }
    return {name: mask for name, mask in masks.items() if _is_any(mask)}


def _pass_on(layer, call, first, before, outputs):
    """Set the masks of the outputs: those that the layer computes for the rows of all replicas."""
    flat = tree.flatten(outputs)
    if all(mask_of(x) is not None for x in flat):
        return
    masks = before
    if not is_default(layer.compute_mask):
        masks = layer.compute_mask(*(tree.map_structure(fold, part) for part in (first, before)))
        masks = tree.map_structure(lambda mask: unfold(call, mask), masks)
    for x, mask in zip(flat, tree.flatten(masks)):
        if mask is not None and mask_of(x) is None:
            set_mask(x, mask)


def _is_any(masks):
    return any(mask is not None for mask in tree.flatten(masks))


def _is_of_tensors(value):
    leaves = tree.flatten(value)
    return any(tf.is_tensor(x) for x in leaves) and all(x is None or tf.is_tensor(x) for x in leaves)
