"""Layers without weights in which rows stay apart: replicas' rows become plain rows and are parted again."""

from bineural._tensorflow import keras, tf
from bineural.training.layouts import MERGING, ROW_BY_ROW
from bineural.training.wide.call import fold, unfold
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(*ROW_BY_ROW)
def row_by_row(layer, call, x, mask=None):
    """Call the layer on the rows of all replicas."""
    return unfold(call, layer.call(fold(x), **({} if mask is None else {"mask": fold(mask)})))


@wide(*MERGING)
def merging(layer, call, inputs):
    """Merge the rows of all replicas."""
    return unfold(call, layer.call([fold(x) for x in inputs]))


@wide(layers.Normalization)
def normalization(layer, call, x):
    """Standardise by what the layer has learnt, which replicas share."""
    return unfold(call, tf.convert_to_tensor(layer.call(fold(x))))
