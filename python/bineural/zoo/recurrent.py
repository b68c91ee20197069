"""Recurrent nets: a state that every step of a sequence changes, and logits of the last state.

Shapes: sequences (batch, time, n_features) float32, or texts (batch, time) int32, masked where they are
filled up (`parts/steps.py`) -> (batch, n_outputs) logits. A simple recurrent net, a long short-term memory
and gated recurrent units differ in the layer alone, which with 7 units on 3 features has 77, 308 and 252
weights.
"""

from bineural._tensorflow import keras
from bineural.checks import flag, whole
from bineural.errors import InputError
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.steps import EMBEDDING, drop, step_input

_LAYERS = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}


def build_recurrent(
    name,
    input_shape,
    n_outputs,
    *,
    units=(32,),
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    bidirectional=False,
    truncate_gradient=None,
    embedding=32,
    vocabulary=None,
):
    """Build a recurrent net, uncompiled.

    Parameters
    ----------
    name : {"rnn", "lstm", "gru"}
    input_shape : tuple (time, n_features), or (time,) with `vocabulary`
        A `time` of None differs from batch to batch.
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    units : sequence of int
        Size of the state of each layer; every layer reads the states of the one before it.
    dropout : float in [0, 1)
        Share of what a layer puts out that is left out at random in each training step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on kernels, recurrent kernels and embeddings.
    bidirectional : bool
        Each layer reads the steps from first to last and, with weights of its own, from last to first; what
        both put out stands side by side.
    truncate_gradient : int, optional
        Steps of the windows that the gradient goes back through (`training/truncated.py`); None: all steps.
    embedding : int
        Numbers that a word is embedded in.
    vocabulary : int, optional
        Numbers that words have, for texts.

    Returns
    -------
    keras.Model
    """
    if not units:
        raise InputError(
            f"The architecture {name!r} needs a layer at least.", "Found units=().", "Use units=32."
        )
    penalty = make_penalty(l1, l2)
    inputs, x = step_input(name, input_shape, vocabulary, embedding, penalty, trimmed=True)
    for i, width in enumerate(units):
        how = {"kernel_regularizer": penalty, "recurrent_regularizer": penalty}
        every, window = i < len(units) - 1, truncate_gradient
        layer = _layer(name, f"{name}_{i}", width, every, window, **how)
        if bidirectional:
            backward = _layer(name, f"{name}_{i}_backward", width, every, window, backward=True, **how)
            layer = keras.layers.Bidirectional(layer, backward_layer=backward, name=f"both_ways_{i}")
        x = x if window is None else _windows(x, window, f"windows_{i}")
        x = drop(layer(x), dropout, f"dropout_{i}")
    return keras.Model(inputs, logits(x, n_outputs, penalty), name=name)


def _layer(name, called, width, every, window, backward=False, **how):
    """Make one recurrent layer; with a window its cell stops gradients. `every`: it puts out all states."""
    kind, order = _LAYERS[name], {"return_sequences": every, "go_backwards": backward, "name": called}
    if window is None:
        return getattr(keras.layers, kind)(width, **order, **how)
    from bineural.training.truncated import TruncatedCell

    cell = getattr(keras.layers, f"{kind}Cell")(width, **how)
    return keras.layers.RNN(TruncatedCell(cell, backward), **order)


def _windows(x, window, name):
    from bineural.training.truncated import WindowStarts

    return WindowStarts(window, name=name)(x)


def _builder(name):
    def build(input_shape, n_outputs, **options):
        return build_recurrent(name, input_shape, n_outputs, **options)

    return build


_BIDIRECTIONAL = Option(
    "bidirectional",
    False,
    flag(),
    "bool",
    "Read the steps from last to first too, with weights of their own.",
    in_r="flag",
)
_TRUNCATE = Option(
    "truncate_gradient",
    None,
    whole(1).or_none(),
    "int, optional",
    "Steps of a window that the gradient goes back through, and not to the window before; they are counted "
    "from the last step. What the net puts out is the same. None: the gradient goes back to the first step.",
    in_r="count",
    range="whole",
)
_OPTIONS = (_BIDIRECTIONAL, _TRUNCATE, EMBEDDING)
_PAPERS = {
    "rnn": ("Simple recurrent net", "Elman. Finding structure in time. Cognitive Science 14, 179-211.", 1990),
    "lstm": (
        "Long short-term memory",
        "Hochreiter and Schmidhuber. Long short-term memory. Neural Computation 9(8), 1735-1780.",
        1997,
    ),
    "gru": (
        "Gated recurrent units",
        "Cho and others. Learning phrase representations using RNN encoder-decoder. EMNLP.",
        2014,
    ),
}
for _name, (_title, _paper, _year) in _PAPERS.items():
    register_architecture(
        Architecture(
            _name,
            _builder(_name),
            inputs=("sequence", "text"),
            default_for=("sequence",) if _name == "gru" else (),
            reads=("units", "dropout", "l1", "l2"),
            options=_OPTIONS,
            learning_rate=0.005,
            units_by_rows=((0, (32,)),),
            title=_title,
            paper=_paper,
            year=_year,
        )
    )
