"""Layers without weights in which rows stay apart: replicas' rows become plain rows and are parted again."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.call import fold, unfold
from bineural.training.wide.registry import wide

layers = keras.layers
_ROW_BY_ROW = (
    layers.Softmax,
    layers.Rescaling,
    layers.Flatten,
    layers.Reshape,
    layers.Permute,
    layers.RepeatVector,
    layers.Cropping1D,
    layers.Cropping2D,
    layers.ZeroPadding1D,
    layers.ZeroPadding2D,
    layers.UpSampling1D,
    layers.UpSampling2D,
    layers.AveragePooling1D,
    layers.AveragePooling2D,
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalMaxPooling1D,
    layers.GlobalMaxPooling2D,
)
_MERGING = (
    layers.Add,
    layers.Subtract,
    layers.Multiply,
    layers.Average,
    layers.Maximum,
    layers.Minimum,
    layers.Concatenate,
    layers.Dot,
)


@wide(*_ROW_BY_ROW)
def row_by_row(layer, call, x):
    """Call the layer on the rows of all replicas."""
    return unfold(call, layer.call(fold(x)))


@wide(*_MERGING)
def merging(layer, call, inputs):
    """Merge the rows of all replicas."""
    return unfold(call, layer.call([fold(x) for x in inputs]))


@wide(keras.src.ops.numpy.GetItem)
def get_item(operation, call, x, key):
    """Take a part of every row, as x[:, 0] does."""
    key = tuple(key) if isinstance(key, (tuple, list)) else (key,)
    return unfold(call, fold(x)[key])


@wide(layers.Normalization)
def normalization(layer, call, x):
    """Standardise by what the layer has learnt, which replicas share."""
    return unfold(call, tf.convert_to_tensor(layer.call(fold(x))))
