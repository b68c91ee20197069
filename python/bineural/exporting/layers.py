"""The layers of a small dense net as steps of a program."""

from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError
from bineural.exporting.approximation import normal_probability

_SELU = 1.0507009873554805, 1.6732632423543772
IDENTITIES = (
    "Dropout",
    "GaussianNoise",
    "GaussianDropout",
    "Identity",
    "InputLayer",
    "ActivityRegularization",
)


@dataclass(frozen=True, eq=False)
class Cells:
    """Steps of one row in an array, ndarray of int; shape as a layer's without the batch."""

    steps: np.ndarray

    @property
    def shape(self):
        """Shape with a batch axis of unknown size, as Keras looks at it."""
        return (None, *self.steps.shape)


def write_model(program, model, inputs):
    """Write down what a functional or sequential Keras model does with one row.

    Parameters
    ----------
    program : Program
    model : keras.Model
    inputs : list of Cells

    Returns
    -------
    Cells
    """
    from bineural._tensorflow import keras

    if isinstance(model, keras.Sequential):
        model = getattr(model, "_functional", None) or model
    if not hasattr(model, "_run_through_graph"):
        raise _refusal(model, "is no functional model")
    inputs = inputs[0] if len(inputs) == 1 else inputs
    return model._run_through_graph(
        inputs, operation_fn=lambda layer: lambda *a, **k: _layer(program, layer, a)
    )


def _layer(program, layer, arguments):
    """Return what one layer does with its arguments."""
    from bineural._tensorflow import keras

    kind, x = type(layer).__name__, arguments[0]
    if isinstance(layer, keras.Model):
        given = list(x) if isinstance(x, (list, tuple)) else [x]
        return write_model(program, layer, given)
    if kind in IDENTITIES:
        return x
    if kind not in LAYERS:
        raise _refusal(layer, "is no layer of a small dense net")
    return LAYERS[kind](program, layer, *arguments)


def _refusal(layer, trouble):
    return InputError(
        "A scorer must be of a net of dense layers, embeddings and normalisations.",
        f"{layer.name!r} ({type(layer).__name__}) {trouble}.",
        "Use format='onnx' or format='saved_model', which take any net.",
    )


def _weights(layer):
    return {w.name: np.asarray(w, dtype=np.float64) for w in layer.weights}


def _each(function, x):
    """Apply a function to every step."""
    return Cells(
        np.array([function(s) for s in x.steps.ravel().tolist()], dtype=np.int64).reshape(x.steps.shape)
    )


# ---- activations ----


def write_activation(program, name, x, layer):
    """Apply an activation by its Keras name to a row's cells."""
    if name == "softmax":
        rows = x.steps.reshape(-1, x.steps.shape[-1])
        shares = [program.softmax(row.tolist()) for row in rows]
        return Cells(np.array(shares, dtype=np.int64).reshape(x.steps.shape))
    if name not in ACTIVATIONS:
        raise _refusal(layer, f"has the activation {name!r}")
    return _each(lambda s: ACTIVATIONS[name](program, s), x)


def _relu(p, s):
    return p.most(s, p.constant(0.0))


def _elu(p, s, alpha=1.0):
    negative = p.affine(-alpha, (alpha,), (p.add("exp", p.least(s, p.constant(0.0))),))
    return p.where(p.add("lt", p.constant(0.0), s), s, negative)


def _leaky(p, s, slope=0.2):
    return p.where(p.add("lt", s, p.constant(0.0)), p.affine(0.0, (slope,), (s,)), s)


def _softsign(p, s):
    return p.add("div", s, p.affine(1.0, (1.0,), (p.absolute(s),)))


ACTIVATIONS = {
    "linear": lambda p, s: s,
    "relu": _relu,
    "relu6": lambda p, s: p.clip(s, 0.0, 6.0),
    "tanh": lambda p, s: p.tanh(s),
    "sigmoid": lambda p, s: p.sigmoid(s),
    "softplus": lambda p, s: p.softplus(s),
    "softsign": _softsign,
    "exponential": lambda p, s: p.exp(s),
    "elu": _elu,
    "selu": lambda p, s: p.affine(0.0, (_SELU[0],), (_elu(p, s, _SELU[1]),)),
    "leaky_relu": _leaky,
    "silu": lambda p, s: p.times(s, p.sigmoid(s)),
    "swish": lambda p, s: p.times(s, p.sigmoid(s)),
    "gelu": lambda p, s: p.times(s, normal_probability(p, s)),
    "hard_sigmoid": lambda p, s: p.clip(p.affine(0.5, (1 / 6,), (s,)), 0.0, 1.0),
}


# ---- layers ----


def _dense(p, layer, x):
    if x.steps.ndim != 1:
        raise _refusal(layer, "reads more than one axis")
    weights = _weights(layer)
    kernel = np.asarray(layer.kernel, np.float64)
    bias = weights["bias"] if layer.use_bias else np.zeros(kernel.shape[1])
    steps = [p.affine(b, w, x.steps.tolist()) for b, w in zip(bias, kernel.T)]
    return write_activation(p, _name_of(layer), Cells(np.array(steps, dtype=np.int64)), layer)


def _name_of(layer):
    return getattr(layer.activation, "__name__", type(layer.activation).__name__)


def _einsum(p, layer, x):
    if layer.equation not in ("bpm,pmd->bpd", "abc,bcd->abd"):
        raise _refusal(layer, f"multiplies by {layer.equation!r}")
    kernel = np.asarray(layer.kernel, np.float64)
    bias = np.zeros((kernel.shape[0], kernel.shape[2])) if layer.bias is None else np.asarray(layer.bias)
    steps = [
        [p.affine(b, w, row) for b, w in zip(bias_row, matrix.T)]
        for row, matrix, bias_row in zip(x.steps.tolist(), kernel, bias.astype(np.float64))
    ]
    return write_activation(p, _name_of(layer), Cells(np.array(steps, dtype=np.int64)), layer)


def _batch_normalization(p, layer, x):
    weights = _weights(layer)
    scale = weights.get("gamma", 1.0) / np.sqrt(weights["moving_variance"] + layer.epsilon)
    shift = weights.get("beta", 0.0) - weights["moving_mean"] * scale
    return _scaled(p, x, np.broadcast_to(scale, x.steps.shape), np.broadcast_to(shift, x.steps.shape))


def _normalization(p, layer, x):
    scale = 1 / np.maximum(np.sqrt(np.asarray(layer.variance, np.float64)), 1e-7)
    shift = -np.asarray(layer.mean, np.float64) * scale
    return _scaled(p, x, np.broadcast_to(scale[0], x.steps.shape), np.broadcast_to(shift[0], x.steps.shape))


def _scaled(p, x, scale, shift):
    steps = [
        p.affine(b, (w,), (s,)) for s, w, b in zip(x.steps.ravel().tolist(), scale.ravel(), shift.ravel())
    ]
    return Cells(np.array(steps, dtype=np.int64).reshape(x.steps.shape))


def _layer_normalization(p, layer, x):
    if x.steps.ndim != 1:
        raise _refusal(layer, "reads more than one axis")
    steps, n = x.steps.tolist(), x.steps.size
    mean = p.affine(0.0, (1 / n,) * n, steps)
    apart = [p.minus(s, mean) for s in steps]
    squares = [p.times(s, s) for s in apart]
    spread = p.add("sqrt", p.affine(layer.epsilon, (1 / n,) * n, squares))
    weights = _weights(layer)
    gamma, beta = weights.get("gamma", np.ones(n)), weights.get("beta", np.zeros(n))
    scaled = [p.affine(b, (g,), (p.add("div", s, spread),)) for s, g, b in zip(apart, gamma, beta)]
    return Cells(np.array(scaled, dtype=np.int64))


def _pieces(p, layer, x):
    """How much of each piece of a column lies below its number; see `zoo/parts/number_embedding.py`."""
    knots = np.asarray(layer.knots, dtype=np.float64)
    rows = []
    for s, ends in zip(_chosen(layer, x), knots):
        row = []
        for begin, end in zip(ends[:-1], ends[1:]):
            slope = 1 / (end - begin) if end > begin else 0.0
            row.append(
                p.clip(p.affine(-begin * slope, (slope,), (s,)), 0.0, 1.0) if slope else p.constant(0.0)
            )
        rows.append(row)
    return Cells(np.array(rows, dtype=np.int64))


def _waves(p, layer, x):
    frequency, phase = np.asarray(layer.frequency, np.float64), np.asarray(layer.phase, np.float64)
    rows = [
        [p.add("cos", p.affine(b, (2 * np.pi * f,), (s,))) for f, b in zip(fs, bs)]
        for s, fs, bs in zip(_chosen(layer, x), frequency, phase)
    ]
    return Cells(np.array(rows, dtype=np.int64))


def _chosen(layer, x):
    steps = x.steps.tolist()
    return steps if layer.columns is None else [steps[k] for k in layer.columns]


def _level_embedding(p, layer, x):
    rows = np.asarray(layer.embeddings, np.float64)
    table = np.vstack([np.asarray(layer.shares, np.float64) @ rows, rows])
    return Cells(np.array([p.lookup(int(x.steps), column) for column in table.T], dtype=np.int64))


def _thresholds(p, layer, x):
    step = int(x.steps[0])
    return Cells(
        np.array([p.affine(float(b), (1.0,), (step,)) for b in np.asarray(layer.bias)], dtype=np.int64)
    )


def _get_item(p, layer, x, key=None):
    key = tuple(k for k in (key if isinstance(key, tuple) else (key,)))
    return Cells(np.asarray(x.steps[key[1:]]))


def _join(p, layer, parts):
    return Cells(np.concatenate([part.steps for part in parts], axis=-1))


def _sum(weight=None):
    def write(p, layer, parts):
        shape = parts[0].steps.shape
        rows = np.stack([np.broadcast_to(part.steps, shape).ravel() for part in parts], axis=1).tolist()
        share = 1.0 if weight is None else 1.0 / len(parts)
        return Cells(np.array([p.affine(0.0, (share,) * len(r), r) for r in rows]).reshape(shape))

    return write


def _multiply(p, layer, parts):
    rows = np.stack([part.steps.ravel() for part in parts], axis=1).tolist()
    steps = []
    for row in rows:
        step = row[0]
        for other in row[1:]:
            step = p.times(step, other)
        steps.append(step)
    return Cells(np.array(steps, dtype=np.int64).reshape(parts[0].steps.shape))


def _subtract(p, layer, parts):
    a, b = parts
    steps = [p.minus(s, t) for s, t in zip(a.steps.ravel().tolist(), b.steps.ravel().tolist())]
    return Cells(np.array(steps, dtype=np.int64).reshape(a.steps.shape))


LAYERS = {
    "Dense": _dense,
    "EinsumDense": _einsum,
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _layer_normalization,
    "Normalization": _normalization,
    "Pieces": _pieces,
    "Waves": _waves,
    "LevelEmbedding": _level_embedding,
    "Thresholds": _thresholds,
    "GetItem": _get_item,
    "Concatenate": _join,
    "Add": _sum(),
    "Average": _sum("mean"),
    "Multiply": _multiply,
    "Subtract": _subtract,
    "Flatten": lambda p, layer, x: Cells(x.steps.ravel()),
    "Reshape": lambda p, layer, x: Cells(x.steps.reshape(layer.target_shape)),
    "Activation": lambda p, layer, x: write_activation(p, _name_of(layer), x, layer),
    "ReLU": lambda p, layer, x: _plain_relu(p, layer, x),
    "LeakyReLU": lambda p, layer, x: _each(lambda s: _leaky(p, s, float(layer.negative_slope)), x),
    "ELU": lambda p, layer, x: _each(lambda s: _elu(p, s, float(layer.alpha)), x),
    "Softmax": lambda p, layer, x: write_activation(p, "softmax", x, layer),
    "Rescaling": lambda p, layer, x: _each(
        lambda s: p.affine(float(layer.offset), (float(layer.scale),), (s,)), x
    ),
}


def _plain_relu(p, layer, x):
    if layer.max_value is not None or layer.negative_slope or layer.threshold:
        raise _refusal(layer, "has a slope, a threshold or a bound")
    return _each(lambda s: _relu(p, s), x)
