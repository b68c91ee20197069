"""What a layout is: facts about a model's layers and variables, each found once and kept on its `Blueprint`.

How a net is run follows from them: which replicas may share a batch, how many fit memory, whether XLA pays.
"""

import functools
import math

from bineural._tensorflow import keras
from bineural.training.operations import keeps_rows_apart

layers = keras.layers

# Layers without weights that give each row of one input, or of several, what it would be given alone. A layer
# of this sort needs no more than its name here to be stacked.
ROW_BY_ROW = (
    layers.AdaptiveAveragePooling1D,
    layers.AdaptiveAveragePooling2D,
    layers.AdaptiveAveragePooling3D,
    layers.AdaptiveMaxPooling1D,
    layers.AdaptiveMaxPooling2D,
    layers.AdaptiveMaxPooling3D,
    layers.AveragePooling1D,
    layers.AveragePooling2D,
    layers.AveragePooling3D,
    layers.CenterCrop,
    layers.Cropping1D,
    layers.Cropping2D,
    layers.Cropping3D,
    layers.Flatten,
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
    layers.GlobalMaxPooling1D,
    layers.GlobalMaxPooling2D,
    layers.GlobalMaxPooling3D,
    layers.Masking,
    layers.Permute,
    layers.RepeatVector,
    layers.Rescaling,
    layers.Reshape,
    layers.Resizing,
    layers.Softmax,
    layers.UnitNormalization,
    layers.UpSampling1D,
    layers.UpSampling2D,
    layers.UpSampling3D,
    layers.ZeroPadding1D,
    layers.ZeroPadding2D,
    layers.ZeroPadding3D,
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
# Layers that draw random numbers by Keras' function for dropout: `philox` has them equal on every path.
_DROPPING = (
    layers.Dropout,
    layers.SpatialDropout1D,
    layers.SpatialDropout2D,
    layers.SpatialDropout3D,
    layers.Attention,
    layers.AdditiveAttention,
)
_CONVOLUTIONS = (
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.Conv1DTranspose,
    layers.Conv2DTranspose,
    layers.Conv3DTranspose,
    layers.DepthwiseConv1D,
    layers.DepthwiseConv2D,
    layers.SeparableConv1D,
    layers.SeparableConv2D,
)
_CELLS = (layers.LSTMCell, layers.GRUCell, layers.SimpleRNNCell)
# Layers in which a row of a batch never meets another, so that filling a batch up changes nothing.
_ROWS_APART = (
    layers.InputLayer,
    layers.Dense,
    layers.EinsumDense,
    layers.Embedding,
    layers.Activation,
    layers.Identity,
    layers.ReLU,
    layers.LeakyReLU,
    layers.PReLU,
    layers.ELU,
    layers.GaussianNoise,
    layers.GaussianDropout,
    layers.AlphaDropout,
    layers.LayerNormalization,
    layers.GroupNormalization,
    layers.RMSNormalization,
    layers.Normalization,
    layers.LSTM,
    layers.GRU,
    layers.SimpleRNN,
    layers.RNN,
    layers.Bidirectional,
    layers.TimeDistributed,
    layers.StackedRNNCells,
    layers.MultiHeadAttention,
    layers.GroupQueryAttention,
    layers.MaxPooling1D,
    layers.MaxPooling2D,
    layers.MaxPooling3D,
    *_CELLS,
    *_DROPPING,
    *_CONVOLUTIONS,
    *ROW_BY_ROW,
    *MERGING,
)
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
    operations : list of keras.Operation
        Those outside of layers, of functional models.
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
        self.operations = inner_operations([model, *self.layers])
        self.own_step = needs_keras(model)
        shape = getattr(model, "output_shape", None)
        self.n_outputs = shape[-1] if isinstance(shape, tuple) and not isinstance(shape[-1], tuple) else None

    @functools.cached_property
    def rows_apart(self):
        """Whether no row's output depends on the other rows of its batch; what is unknown says no."""
        return all(map(rows_stay_apart, self.layers)) and all(map(keeps_rows_apart, self.operations))

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
        return [layer for layer in self.layers if draws(layer)]

    @functools.cached_property
    def other_random(self):
        """Whether random numbers are drawn otherwise than by Keras' function for dropout."""
        return any(type(layer) not in _DROPPING for layer in self.random_layers)

    @functools.cached_property
    def n_weighted_layers(self):
        """Number of layers with weights."""
        return sum(bool(layer.weights) for layer in self.layers if not isinstance(layer, keras.Model))

    def count_units(self, n_steps=1):
        """Return how many numbers of each row the layers keep, together, where it has so many steps."""
        return sum(_kept_numbers(layer, n_steps) for layer in self.layers)

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


def inner_operations(models):
    """Return the operations outside of layers of those of some models, or layers, that are functional."""
    operations = [operation for model in models for operation in getattr(model, "operations", [])]
    return [operation for operation in operations if not isinstance(operation, layers.Layer)]


def rows_stay_apart(layer):
    """Say whether a row of a batch meets no other in a layer, the layers inside it apart."""
    own = isinstance(layer, keras.Model) or type(layer).__module__.startswith("bineural.zoo")
    known = type(layer) in _ROWS_APART or own or type(layer).__module__.startswith("bineural.training")
    return known and getattr(layer, "activity_regularizer", None) is None


def draws(layer):
    """Say whether a layer draws random numbers in a step, the layers inside it apart."""
    if isinstance(layer, _CELLS) and not (layer.dropout or layer.recurrent_dropout):
        return False  # it could, but does not
    own = [v for v in getattr(layer, "variables", []) if is_random_state(v)]
    inner = {id(v) for child in getattr(layer, "_layers", []) for v in child.variables}
    return any(id(v) not in inner for v in own)


def _kept_numbers(layer, n_steps):
    """Return how many numbers a layer puts out for a row; recurrent ones and attention keep more."""
    try:
        shape = layer.output.shape[1:]
    except (AttributeError, ValueError):  # called many times, or never: its weights say about how much
        return 0
    if isinstance(layer, layers.Bidirectional):
        return 2 * _kept_numbers_of_cell(layer.forward_layer.cell, n_steps)
    if isinstance(layer, layers.RNN):
        return _kept_numbers_of_cell(layer.cell, n_steps)
    scores = layer.num_heads * n_steps**2 if isinstance(layer, layers.MultiHeadAttention) else 0
    return math.prod(n or n_steps for n in shape) + scores


def _kept_numbers_of_cell(cell, n_steps):
    """Return how many numbers a cell keeps for the way back: what goes into its gates, and its states."""
    weights = sum(v.shape[-1] for v in cell.trainable_variables if len(v.shape) == 2)
    return n_steps * (weights + sum(keras.tree.flatten(cell.state_size)))
