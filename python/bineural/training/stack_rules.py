"""How a stack of nets is run: which replicas may share a batch, how many fit memory, when XLA pays."""

import math

from bineural._tensorflow import keras
from bineural.training.blueprint import is_random_state

layers = keras.layers

# Layers in which a row of a batch never meets another, so that filling a batch up changes nothing.
_ROWS_APART = (
    layers.InputLayer,
    layers.Dense,
    layers.EinsumDense,
    layers.Embedding,
    layers.Activation,
    layers.ReLU,
    layers.LeakyReLU,
    layers.PReLU,
    layers.ELU,
    layers.Softmax,
    layers.Dropout,
    layers.LayerNormalization,
    layers.Normalization,
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
    layers.Add,
    layers.Subtract,
    layers.Multiply,
    layers.Average,
    layers.Maximum,
    layers.Minimum,
    layers.Concatenate,
    layers.Dot,
    layers.LSTM,
    layers.LSTMCell,
    layers.GRUCell,
    layers.SimpleRNNCell,
    layers.GRU,
    layers.SimpleRNN,
    layers.MultiHeadAttention,
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalMaxPooling1D,
    layers.GlobalMaxPooling2D,
    layers.AveragePooling1D,
    layers.AveragePooling2D,
    layers.MaxPooling1D,
    layers.MaxPooling2D,
    layers.Conv1D,
    layers.Conv2D,
    layers.DepthwiseConv1D,
    layers.DepthwiseConv2D,
    layers.SeparableConv1D,
    layers.SeparableConv2D,
)
_CONVOLUTIONS = tuple(k for k in _ROWS_APART if "Conv" in k.__name__) + (layers.Conv3D,)
_RECURRENT = (layers.RNN, layers.Bidirectional, layers.TimeDistributed)
_WORTH_COMPILING = 2000  # steps of single replicas for which a loop over them would cost more than compiling
_LONG = 5000  # steps after which any stack has repaid it
_WORTH_UNFOLDING = 8000  # steps of single replicas that repay the vectorising of a recurrent layer's loop
_LONG_ALONE = 4000  # steps of one net, for each layer with weights, that repay compiling it


def rows_stay_apart(model):
    """Say whether no row's output depends on the other rows of its batch; unknown layers say no."""
    return all(_rows_stay_apart(layer) for layer in inner_layers(model))


def _rows_stay_apart(layer):
    own = isinstance(layer, keras.Model) or type(layer).__module__.startswith("bineural.zoo")
    known = type(layer) in _ROWS_APART or own
    return known and getattr(layer, "activity_regularizer", None) is None


def inner_layers(model):
    """Return every layer of a model, inside nested models too."""
    return list(model._flatten_layers(include_self=False))


def pays_to_compile(model, n_replicas, n_steps):
    """Say whether a stack is compiled by XLA.

    Convolutions and dropout have no fast vectorised form without it; recurrent layers do not compile in a
    stack, and other random layers would draw other numbers. For the rest it wins in long work only.

    Parameters
    ----------
    model : keras.Model
    n_replicas, n_steps : int
        Steps of each replica, all epochs together.
    """
    kinds = inner_layers(model)
    if any(isinstance(layer, _RECURRENT) for layer in kinds) or has_other_random_layers(model):
        return False
    slow = any(isinstance(layer, (*_CONVOLUTIONS, layers.Dropout)) for layer in kinds)
    return n_steps >= _LONG or (slow and n_replicas * n_steps >= _WORTH_COMPILING)


def pays_to_stack(model, n_replicas, n_steps):
    """Say whether a stack is worth its tracing, which for recurrent layers takes twenty seconds and more.

    Parameters
    ----------
    model : keras.Model
    n_replicas, n_steps : int
        Steps of each replica, all epochs together.
    """
    recurrent = any(isinstance(layer, _RECURRENT) for layer in inner_layers(model))
    return not recurrent or n_replicas * n_steps >= _WORTH_UNFOLDING


def pays_alone(model, n_steps):
    """Say whether one net is compiled by XLA: long work without recurrent, convolution or random layers.

    A compiled step of a small net takes a fourth to a seventh of the time, compiling one to two seconds.
    Convolutions have faster forms without it, and dropout's numbers have to be written out for it.

    Parameters
    ----------
    model : keras.Model
    n_steps : int
        All epochs together.
    """
    kinds = inner_layers(model)
    if any(isinstance(layer, (*_RECURRENT, *_CONVOLUTIONS)) or _draws(layer) for layer in kinds):
        return False
    n_layers = sum(bool(layer.weights) for layer in kinds if not isinstance(layer, keras.Model))
    return n_steps >= _LONG_ALONE * max(n_layers, 1)


def has_other_random_layers(model):
    """Say whether something other than dropout draws random numbers in a step."""
    drawing = [layer for layer in inner_layers(model) if _draws(layer)]
    return any(type(layer) is not layers.Dropout for layer in drawing)


def _draws(layer):
    own = [v for v in getattr(layer, "variables", []) if is_random_state(v)]
    inner = {id(v) for child in getattr(layer, "_layers", []) for v in child.variables}
    return any(id(v) not in inner for v in own)


def bytes_per_replica(model, optimizer_state, batch_size, own_bytes):
    """Estimate the memory that one replica of a stack takes while it is trained.

    Parameters
    ----------
    model : keras.Model
    optimizer_state : list of arrays
    batch_size : int
    own_bytes : int
        Of the rows and orders that the replica has of its own.
    """
    weights = sum(math.prod(v.shape) for v in model.variables)
    state = sum(math.prod(v.shape) for v in optimizer_state)
    units = sum(_output_numbers(layer) for layer in inner_layers(model))
    return 4 * (6 * weights + 3 * state + 4 * batch_size * units) + own_bytes


def _output_numbers(layer):
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):  # called many times, or never: its weights say about how much
        return 0
    return math.prod(n for n in shape if n)
