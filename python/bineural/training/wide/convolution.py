"""Convolutions: the patches of each replica's images, times its filters, as one batched product."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.activations import activate, is_known_activation
from bineural.training.wide.call import fold, inner_shape
from bineural.training.wide.dense import affine, product
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(
    layers.Conv1D,
    layers.Conv2D,
    when=lambda layer: (
        layer.groups == 1 and layer.data_format == "channels_last" and is_known_activation(layer.activation)
    ),
)
def convolution(layer, call, x):
    """Return activation(conv(x, W) + b) of each replica."""
    patches, sizes = _patches(layer, fold(x))
    rows = tf.reshape(patches, tf.stack([call.n_replicas, -1, patches.shape[-1]]))
    kernel = tf.reshape(call[layer.kernel], [-1, patches.shape[-1], layer.filters])
    out = affine(rows, kernel, call[layer.bias]) if layer.use_bias else product(rows, kernel)
    out = activate(layer.activation, out)
    return tf.reshape(out, tf.stack([call.n_replicas, -1, *sizes, layer.filters]))


def _patches(layer, x):
    """Return what each filter sees at each place, (n, *sizes, numbers of a filter), and the sizes."""
    rank, strides, dilations = layer.rank, layer.strides, layer.dilation_rate
    reach = [(k - 1) * d + 1 for k, d in zip(layer.kernel_size, dilations)]
    spans = inner_shape(x, 1)[:rank]
    if layer.padding in ("same", "causal"):
        x = tf.pad(x, [[0, 0], *_padding(layer, spans, reach), [0, 0]])
        spans = inner_shape(x, 1)[:rank]
    sizes = [(span - r) // s + 1 for span, r, s in zip(spans, reach, strides)]
    parts = [[]]
    for k in layer.kernel_size:
        parts = [[*part, i] for part in parts for i in range(k)]
    seen = []
    for part in parts:
        cut = [slice(None)]
        for i, d, s, size in zip(part, dilations, strides, sizes):
            cut.append(slice(i * d, i * d + (size - 1) * s + 1, s))
        seen.append(x[tuple(cut)])
    return tf.concat(seen, -1) if len(seen) > 1 else seen[0], sizes


def _padding(layer, spans, reach):
    """Return how much is added before and after along each axis."""
    if layer.padding == "causal":
        return [[reach[0] - 1, 0]]
    missing = []
    for span, r, s in zip(spans, reach, layer.strides):
        more = (-(-span // s) - 1) * s + r - span
        more = max(more, 0) if isinstance(more, int) else tf.maximum(more, 0)
        missing.append([more // 2, more - more // 2])
    return missing
