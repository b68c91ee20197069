"""Transposed convolutions: each place times the filters, laid over one another and added up.

One product for all places, then the parts are added axis by axis: for each place of a filter, zeros are put
between the numbers of the product (strides) and the whole is moved along.
"""

import math

from keras.src.backend.common.backend_utils import compute_conv_transpose_output_shape

from bineural._tensorflow import keras, tf
from bineural.training.wide.activations import activate
from bineural.training.wide.call import inner_shape
from bineural.training.wide.convolution import is_known_convolution
from bineural.training.wide.dense import product
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose, when=is_known_convolution)
def transposed_convolution(layer, call, x):
    """Return activation(W' x + b), where W x is the convolution of the same settings."""
    spans, channels, sizes = inner_shape(x)[:-1], x.shape[-1], layer.kernel_size
    kernel = tf.reshape(call[layer.kernel], tf.stack([call.n_replicas, -1, channels]))
    out = tf.reshape(x, tf.stack([call.n_replicas, -1, channels]))
    out = product(out, kernel, adj_y=True)  # as one row: (n, *spans, *sizes, filters)
    lengths = compute_conv_transpose_output_shape(
        [None, *spans, channels],
        *(sizes, layer.filters, layer.strides, layer.padding, layer.output_padding),
        dilation_rate=layer.dilation_rate,
    )[1:-1]
    for axis, (span, length) in enumerate(zip(spans, lengths)):
        after, inside = math.prod(spans[axis + 1 :]), math.prod(sizes[axis + 1 :]) * layer.filters
        out = tf.reshape(out, tf.stack([-1, span, after, sizes[axis], inside]))
        how = layer.strides[axis], layer.dilation_rate[axis], layer.padding == "same"
        out = _lay_over(out, span, length, *how)
    out = tf.reshape(out, tf.stack([call.n_replicas, -1, *lengths, layer.filters]))
    known = [n if isinstance(n, int) else None for n in lengths]
    out = tf.ensure_shape(out, [None, None, *known, layer.filters])
    out = out + call.along(layer.bias, out.shape.rank) if layer.use_bias else out
    return activate(layer.activation, out)


def _lay_over(x, span, length, stride, dilation, same):
    """Add up, along one axis, what the places of a filter give.

    Parameters
    ----------
    x : tensor, (n, span, n_after, n_places, n_inside)
    span, length : int or scalar tensor
        Of the axis, before and after.
    stride, dilation : int
    same : bool
        Whether as much is cut off in front as padding="same" of the convolution adds there.

    Returns
    -------
    tensor, (n, length, n_after, n_inside)
    """
    reach = (x.shape[3] - 1) * dilation + 1
    over = (span - 1) * stride + reach - length
    cut = _at_least_0(over) // 2 if same else 0
    lacking = _at_least_0(cut + length - span * stride - reach + 1)
    total = 0.0
    for i, part in enumerate(tf.unstack(x, axis=3)):
        if stride > 1:
            part = tf.pad(part[:, :, None], [[0, 0], [0, 0], [0, stride - 1], [0, 0], [0, 0]])
            part = tf.reshape(part, tf.stack([-1, span * stride, *inner_shape(part)[1:]]))
        before = i * dilation
        total += tf.pad(part, [[0, 0], [before, reach - 1 - before + lacking], [0, 0], [0, 0]])
    return total[:, cut : cut + length]


def _at_least_0(n):
    return max(n, 0) if isinstance(n, int) else tf.maximum(n, 0)
