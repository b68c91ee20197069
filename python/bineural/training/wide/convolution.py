"""Convolutions: of each replica by TensorFlow's own, one replica after the other.

Its kernels take half to three quarters of the time of one batched product of all replicas' patches under XLA,
and far less than that without it: patches of 3 x 3 are nine times the images. Groups of channels are parted,
as TensorFlow has not their gradients on the CPU.
"""

import itertools

from bineural._tensorflow import keras, tf
from bineural.training.own_gradient import own_gradient
from bineural.training.wide.activations import activate, is_known_activation
from bineural.training.wide.call import fold, inner_shape
from bineural.training.wide.dense import affine, product
from bineural.training.wide.registry import wide

layers = keras.layers


def is_known_convolution(layer):
    """Say whether a layer has its channels last and an activation of Keras' own."""
    return layer.data_format == "channels_last" and is_known_activation(layer.activation)


@wide(layers.Conv1D, layers.Conv2D, layers.Conv3D, when=is_known_convolution)
def convolution(layer, call, x):
    """Return activation(conv(x, W) + b) of each replica."""
    out = _one_by_one(layer, x, call[layer.kernel])
    out = out + call.along(layer.bias, out.shape.rank) if layer.use_bias else out
    return activate(layer.activation, out)


def _one_by_one(layer, x, kernel):
    """Return conv(x, W) of each replica."""
    known = layer.compute_output_shape(tuple(x.shape[1:]))

    def convolve(x, kernel):
        if layer.padding == "causal":
            x = tf.pad(x, [[0, 0], [(layer.kernel_size[0] - 1) * layer.dilation_rate[0], 0], [0, 0]])
        how = layer.strides, "SAME" if layer.padding == "same" else "VALID"
        groups = zip(tf.split(x, layer.groups, -1), tf.split(kernel, layer.groups, -1))
        each = [tf.nn.convolution(*group, *how, dilations=layer.dilation_rate) for group in groups]
        return tf.ensure_shape(each[0] if len(each) == 1 else tf.concat(each, -1), known)

    def slope(by):
        """Return the gradient by x (0) or the kernel (1) of one replica."""

        def of_one(elements):
            *tensors, upstream = elements
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(tensors[by])
                out = convolve(*tensors)
            return tape.gradient(out, tensors[by], upstream)

        return of_one

    @own_gradient
    def each(x, kernel):
        def gradient(upstream):  # two loops: of the first layer nobody asks for the one by x
            given = x, kernel, upstream
            return _map(slope(0), given, x.shape[1:]), _map(slope(1), given, kernel.shape[1:])

        return _map(lambda elements: convolve(*elements), (x, kernel), known), gradient

    return each(x, kernel)


def _map(function, tensors, shape):
    """Call a function of one replica's tensors, which returns one of this shape, for each replica."""
    return tf.map_fn(function, tensors, fn_output_signature=tf.TensorSpec(shape))


@wide(layers.DepthwiseConv1D, layers.DepthwiseConv2D, when=is_known_convolution)
def depthwise_convolution(layer, call, x):
    """Return activation(conv(x, W) + b) of each replica, each channel by filters of its own."""
    out = _depthwise(layer, call, x, call[layer.kernel])
    out = out + call.along(layer.bias, out.shape.rank) if layer.use_bias else out
    return activate(layer.activation, out)


@wide(layers.SeparableConv1D, layers.SeparableConv2D, when=is_known_convolution)
def separable_convolution(layer, call, x):
    """Convolve each channel by itself, then mix the channels of each place."""
    out = _depthwise(layer, call, x, call[layer.depthwise_kernel])
    rows = tf.reshape(out, tf.stack([call.n_replicas, -1, out.shape[-1]]))
    kernel = tf.reshape(call[layer.pointwise_kernel], [-1, out.shape[-1], layer.filters])
    mixed = affine(rows, kernel, call[layer.bias]) if layer.use_bias else product(rows, kernel)
    mixed = activate(layer.activation, mixed)
    return tf.reshape(mixed, tf.stack([call.n_replicas, -1, *inner_shape(out)[:-1], layer.filters]))


def _depthwise(layer, call, x, kernel):
    """Return conv(x, W) of each replica, channel by channel.

    The channels of all replicas side by side are those of one image, for which Keras has a fast form. XLA is
    faster at a sum over the places of a filter, and dilated filters must know the number of channels.
    """
    if call.compiled or max(layer.dilation_rate) > 1:
        return _sum_over_places(layer, call, x, kernel)
    inner = inner_shape(x)
    together = tf.shape(x)[:1] * x.shape[-1]
    axes = list(range(1, x.shape.rank - 1))
    rows = tf.reshape(tf.transpose(x, [*axes, 0, x.shape.rank - 1]), [-1, *inner[:-1], together[0]])
    rank = kernel.shape.rank
    filters = tf.transpose(kernel, [*range(1, rank - 2), 0, rank - 2, rank - 1])
    filters = tf.reshape(filters, [*layer.kernel_size, together[0], layer.depth_multiplier])
    out = keras.ops.depthwise_conv(
        rows, filters, layer.strides, layer.padding, layer.data_format, layer.dilation_rate
    )
    sizes = inner_shape(out, 1)[:-1]
    out = tf.reshape(out, [-1, *sizes, call.n_replicas, x.shape[-1] * layer.depth_multiplier])
    return tf.transpose(out, [out.shape.rank - 2, *range(out.shape.rank - 2), out.shape.rank - 1])


def _sum_over_places(layer, call, x, kernel):
    seen, sizes = each_place(layer, fold(x))
    channels = x.shape[-1]
    kernel = tf.reshape(kernel, [-1, len(seen), 1, channels, layer.depth_multiplier])
    shape = tf.stack([call.n_replicas, -1, channels, 1])
    out = tf.add_n([tf.reshape(part, shape) * kernel[:, i] for i, part in enumerate(seen)])
    return tf.reshape(out, tf.stack([call.n_replicas, -1, *sizes, channels * layer.depth_multiplier]))


# ---- what filters see ----


def each_place(layer, x):
    """Return what each place of a filter sees, a list of (n, *sizes, channels), and the sizes."""
    rank, strides, dilations = layer.rank, layer.strides, layer.dilation_rate
    reach = [(k - 1) * d + 1 for k, d in zip(layer.kernel_size, dilations)]
    spans = inner_shape(x, 1)[:rank]
    if layer.padding in ("same", "causal"):
        x = tf.pad(x, [[0, 0], *_padding(layer, spans, reach), [0, 0]])
        spans = inner_shape(x, 1)[:rank]
    sizes = [(span - r) // s + 1 for span, r, s in zip(spans, reach, strides)]
    seen = []
    for offset in _offsets(layer):
        cut = [slice(None)]
        for i, d, s, size in zip(offset, dilations, strides, sizes):
            cut.append(slice(i * d, i * d + (size - 1) * s + 1, s))
        seen.append(x[tuple(cut)])
    return seen, sizes


def _offsets(layer):
    """Return the places of a filter, the last axis running fastest."""
    return list(itertools.product(*map(range, layer.kernel_size)))


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
