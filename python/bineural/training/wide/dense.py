"""Products with the weights of each replica: dense layers, and embeddings."""

from bineural._tensorflow import keras, tf
from bineural.training.own_gradient import own_gradient
from bineural.training.wide.activations import activate, is_known_activation
from bineural.training.wide.call import inner_shape
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.Dense, when=lambda layer: is_known_activation(layer.activation))
def dense(layer, call, x):
    """Return activation(x W + b) of each replica."""
    inner = inner_shape(x)
    rows = x if len(inner) == 1 else tf.reshape(x, tf.stack([call.n_replicas, -1, inner[-1]]))
    out = (
        affine(rows, call[layer.kernel], call[layer.bias])
        if layer.use_bias
        else product(rows, call[layer.kernel])
    )
    if len(inner) > 1:
        out = tf.reshape(out, tf.stack([call.n_replicas, -1, *inner[:-1], layer.units]))
    return activate(layer.activation, out)


@own_gradient
def affine(x, kernel, bias):
    """Return x (R, n, p) times kernel (R, p, k) plus bias (R, k)."""

    def gradient(upstream):
        of_x = product(upstream, kernel, adj_y=True)
        of_kernel = product(x, upstream, adj_x=True)
        return of_x, of_kernel, tf.reduce_sum(upstream, 1)

    return product(x, kernel) + bias[:, None], gradient


def product(a, b, **adjoint):
    """Return the matrix product of each replica, whose gradient has no broadcasting to undo."""
    return tf.raw_ops.BatchMatMul(x=a, y=b, **adjoint)


@wide(layers.Embedding)
def embedding(layer, call, codes):
    """Look up each replica's rows."""
    return look_up(call[layer.embeddings], codes)


def look_up(rows, codes):
    """Return rows (R, n, p) by number (R, batch, ...)."""
    return tf.gather(rows, tf.cast(codes, tf.int32), axis=1, batch_dims=1)


@wide(
    layers.EinsumDense,
    when=lambda layer: is_known_activation(layer.activation) and "..." not in layer.equation,
)
def einsum_dense(layer, call, x):
    """Return activation(einsum(x, W) + b) of each replica."""
    return activate(layer.activation, einsum_affine(layer, call, x))


def einsum_affine(layer, call, x):
    """Return einsum(x, W) + b of each replica: the layer without its activation."""
    replica = next(letter for letter in "zyxwvuts" if letter not in layer.equation)
    left, out = layer.equation.split("->")
    data, kernel = left.split(",")
    equation = f"{replica}{data},{replica}{kernel}->{replica}{out}"
    x = tf.einsum(equation, x, call[layer.kernel])
    return x if layer.bias is None else x + call.along(layer.bias, x.shape.rank)
