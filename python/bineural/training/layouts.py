"""What a layout is: facts about a model's layers and variables, each found once and kept on its `Blueprint`.

How a net is run follows from them: which replicas may share a batch, how many fit memory, whether XLA pays.
"""

import functools
import math

from bineural._tensorflow import keras

layers = keras.layers

# Layers without weights that give each row of one input, or of several, what it would be given alone.
ROW_BY_ROW = (
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
MERGING = (
    layers.Add,
    layers.Subtract,
    layers.Multiply,
    layers.Average,
    layers.Maximum,
    layers.Minimum,
    layers.Concatenate,
    layers.Dot,
)
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
    layers.Dropout,
    layers.LayerNormalization,
    layers.Normalization,
    layers.LSTM,
    layers.LSTMCell,
    layers.GRUCell,
    layers.SimpleRNNCell,
    layers.GRU,
    layers.SimpleRNN,
    layers.MultiHeadAttention,
    layers.MaxPooling1D,
    layers.MaxPooling2D,
    layers.Conv1D,
    layers.Conv2D,
    layers.DepthwiseConv1D,
    layers.DepthwiseConv2D,
    layers.SeparableConv1D,
    layers.SeparableConv2D,
    *ROW_BY_ROW,
    *MERGING,
)
_CONVOLUTIONS = tuple(k for k in _ROWS_APART if "Conv" in k.__name__) + (layers.Conv3D,)
_RECURRENT = (layers.RNN, layers.Bidirectional, layers.TimeDistributed)


class Layout:
    """Facts about one model.

    Parameters
    ----------
    model : keras.Model
        Built.

    Attributes
    ----------
    trainable, fixed : list of int
        Where the variables of `model.trainable_variables`, and of the rest, stand in `model.variables`.
    weights : list of int
        Where those of `model.weights` stand; random states are not among them.
    random : list of bool
        Which of `model.variables` are states of random generators.
    numbers : list of int
        The number of each variable in its stream: random states and weights count apart, so a net begins
        with the same weights with dropout and without.
    n_weights : int
        Numbers in `model.variables`.
    layers : list of keras.Layer
        Every layer, inside nested models too.
    own_step : bool
        See `needs_keras`.
    n_outputs : int or None
        Numbers that it puts out for each row; None where it has several outputs, or does not tell.
    """

    def __init__(self, model):
        place = {id(v): i for i, v in enumerate(model.variables)}
        self.trainable = [place[id(v)] for v in model.trainable_variables]
        self.fixed = [place[id(v)] for v in model.non_trainable_variables]
        self.weights = [place[id(v)] for v in model.weights]
        self.random = [is_random_state(v) for v in model.variables]
        counts, self.numbers = [0, 0], []
        for random in self.random:
            self.numbers.append(counts[random])
            counts[random] += 1
        self.n_weights = sum(math.prod(v.shape) for v in model.variables)
        self.layers = inner_layers(model)
        self.own_step = needs_keras(model)
        shape = getattr(model, "output_shape", None)
        self.n_outputs = shape[-1] if isinstance(shape, tuple) and not isinstance(shape[-1], tuple) else None

    @functools.cached_property
    def rows_apart(self):
        """Whether no row's output depends on the other rows of its batch; unknown layers say no."""
        return all(_rows_stay_apart(layer) for layer in self.layers)

    @functools.cached_property
    def recurrent(self):
        """Whether a layer loops over time."""
        return self._has(_RECURRENT)

    @functools.cached_property
    def convolutions(self):
        """Whether a layer convolves."""
        return self._has(_CONVOLUTIONS)

    @functools.cached_property
    def dropout(self):
        """Whether a layer is Keras' own dropout (or of a class made from it)."""
        return self._has(layers.Dropout)

    @functools.cached_property
    def random_layers(self):
        """Layers that draw random numbers in a step."""
        return [layer for layer in self.layers if _draws(layer)]

    @functools.cached_property
    def other_random(self):
        """Whether something other than dropout draws random numbers."""
        return any(type(layer) is not layers.Dropout for layer in self.random_layers)

    @functools.cached_property
    def n_weighted_layers(self):
        """Number of layers with weights."""
        return sum(bool(layer.weights) for layer in self.layers if not isinstance(layer, keras.Model))

    @functools.cached_property
    def n_units(self):
        """Numbers that the layers put out for each row, together."""
        return sum(_output_numbers(layer) for layer in self.layers)

    def _has(self, kinds):
        return any(isinstance(layer, kinds) for layer in self.layers)


def is_random_state(variable):
    """Say whether a variable is the state of a random generator inside a layer."""
    return variable.name == "seed_generator_state"


def needs_keras(model):
    """Say whether a model's class has a training step or loss of its own."""
    kind, plain = type(model), keras.Model
    return kind.train_step is not plain.train_step or kind.compute_loss is not plain.compute_loss


def inner_layers(model):
    """Return every layer of a model, inside nested models too."""
    return list(model._flatten_layers(include_self=False))


def _rows_stay_apart(layer):
    own = isinstance(layer, keras.Model) or type(layer).__module__.startswith("bineural.zoo")
    known = type(layer) in _ROWS_APART or own
    return known and getattr(layer, "activity_regularizer", None) is None


def _draws(layer):
    own = [v for v in getattr(layer, "variables", []) if is_random_state(v)]
    inner = {id(v) for child in getattr(layer, "_layers", []) for v in child.variables}
    return any(id(v) not in inner for v in own)


def _output_numbers(layer):
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):  # called many times, or never: its weights say about how much
        return 0
    return math.prod(n for n in shape if n)
