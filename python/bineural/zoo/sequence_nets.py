"""Nets that predict sequences symbol by symbol: alone (language models), or after reading another sequence.

Shapes: symbols (batch, time) int32, numbers from 1, filled up on the right with 0, and with
`source_symbols` the list of these and of (batch, steps) -> (batch, time, n_symbols) logits: at each place of
the symbol that stands there, given those before it and the whole source. In training the true symbols before
it are given (teacher forcing).

Recurrent nets: the last states of the encoder are the first of the decoder (Sutskever et al., 2014); with
attention each state of the decoder looks at all states of the encoder's last layer (Luong et al., 2015,
scaled as in the transformer). Transformer: decoder blocks that look at what came before and at the source's
encoder; normalised before each part, as in `transformer.py`.
"""

from bineural._tensorflow import keras
from bineural.checks import flag, whole
from bineural.errors import InputError
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.hidden_layers import known_activation, make_penalty
from bineural.zoo.parts.steps import drop

_LAYERS = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}


def build_recurrent_sequence(
    name,
    input_shape,
    n_outputs,
    *,
    units=(128,),
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    embedding=32,
    attention=None,
    symbols=None,
    source_symbols=None,
):
    """Build a recurrent net that predicts symbols, uncompiled.

    Parameters
    ----------
    name : {"rnn", "lstm", "gru"}
    input_shape : tuple (time,)
        A `time` of None differs from batch to batch.
    n_outputs : int
        Symbols that there are, where `symbols` does not say it.
    units : sequence of int
        Size of the state of each layer, in encoder and decoder.
    dropout : float in [0, 1)
        Share of what a layer puts out that is left out at random in each training step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on kernels, recurrent kernels and embeddings.
    embedding : int
        Numbers that a symbol is embedded in; 0: a column for each symbol, 1 or 0.
    attention : bool, optional
        Whether the decoder looks at the states of the encoder; None: where there is a source.
    symbols, source_symbols : int, optional
        Symbols that there are; without `source_symbols` there is no source.

    Returns
    -------
    keras.Model
    """
    if not units:
        raise InputError(
            f"The architecture {name!r} needs a layer at least.", "Found units=().", "Use units=128."
        )
    n_symbols = n_outputs if symbols is None else symbols
    attention = _check_attention(attention, source_symbols)
    penalty, layers = make_penalty(l1, l2), keras.layers

    def recurrent(i, part):
        how = {"kernel_regularizer": penalty, "recurrent_regularizer": penalty}
        kind = getattr(layers, _LAYERS[name])
        return kind(units[i], return_sequences=True, return_state=True, name=f"{part}_{i}", **how)

    target = keras.Input(tuple(input_shape), dtype="int32", name="target")
    inputs, states, read = target, [None] * len(units), None
    if source_symbols is not None:
        source = keras.Input((None,), dtype="int32", name="source")
        inputs, read = (
            [target, source],
            _embed(source, source_symbols, embedding, penalty, "source_symbols", True),
        )
        for i in range(len(units)):
            read, *states[i] = recurrent(i, "encoder")(read)
            read = drop(read, dropout, f"encoder_dropout_{i}")
    x = _embed(_before(target), n_symbols, embedding, penalty, "symbols")
    for i, state in enumerate(states):
        x, *_ = recurrent(i, "decoder")(x, **({} if state is None else {"initial_state": state}))
        x = drop(x, dropout, f"decoder_dropout_{i}")
    if attention:
        from bineural.zoo.parts.symbols import Look

        asked = layers.Dense(units[-1], use_bias=False, kernel_regularizer=penalty, name="query")(x)
        seen = Look(name="look")(asked, read, read, source)
        x = layers.Concatenate(name="state_and_seen")([x, seen])
        x = layers.Dense(units[-1], "tanh", kernel_regularizer=penalty, name="attended")(x)
    logits = layers.Dense(n_symbols, kernel_regularizer=penalty, dtype="float32", name="logits")(x)
    return keras.Model(inputs, logits, name=f"{name}_sequence")


def build_transformer_sequence(
    input_shape,
    n_outputs,
    *,
    units=(128,),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    embedding=64,
    heads=4,
    attention=None,
    symbols=None,
    source_symbols=None,
):
    """Build a small transformer that predicts symbols, uncompiled.

    Parameters
    ----------
    input_shape, n_outputs, dropout, l1, l2, symbols, source_symbols
        See `build_recurrent_sequence`.
    units : sequence of int
        Width of the dense layer inside of each block; as many blocks in encoder and decoder.
    activation : str
        Of that layer.
    embedding : int
        Numbers that a symbol is embedded in; a multiple of `heads`.
    heads : int
        Of attention.
    attention : bool, optional
        False is refused: a transformer is nothing else.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.positions import Positions

    if embedding < 1 or embedding % heads:
        raise InputError(
            "`embedding` must be a multiple of `heads`.",
            f"Found embedding={embedding} and heads={heads}.",
            f"Use for example embedding={heads * max(1, embedding // heads)}.",
        )
    if attention is False:
        raise InputError(
            "A transformer can't be without attention.",
            "Found attention=False.",
            "Leave it out, or use architecture='gru'.",
        )
    n_symbols = n_outputs if symbols is None else symbols
    penalty, layers = make_penalty(l1, l2), keras.layers
    target = keras.Input(tuple(input_shape), dtype="int32", name="target")
    inputs, source, read = target, None, None

    def dense(width, name):
        return layers.Dense(width, use_bias=False, kernel_regularizer=penalty, name=name)

    def look(x, other, ids, causal, name):
        from bineural.zoo.parts.symbols import Look

        parts = [dense(embedding, f"{name}_{part}") for part in ("query", "key", "value")]
        parts = [layer(of) for layer, of in zip(parts, (x, other, other))]
        ids = [] if ids is None else [ids]
        return dense(embedding, f"{name}_out")(Look(heads, causal, name=name)(*parts, *ids))

    def added(x, change, name):
        return layers.Add(name=name)([x, drop(change, dropout, f"{name}_dropout")])

    def normalised(x, name):
        return layers.LayerNormalization(name=f"{name}_normalised")(x)

    def block(x, name, width, own_ids=None, causal=False):
        x_normalised = normalised(x, name)
        x = added(x, look(x_normalised, x_normalised, own_ids, causal, f"{name}_look"), f"{name}_seen")
        if causal and source is not None:
            asked = normalised(x, f"{name}_source")
            x = added(x, look(asked, read, source, False, f"{name}_source_look"), f"{name}_source_seen")
        change = layers.Dense(width, kernel_regularizer=penalty, name=f"{name}_dense")(
            normalised(x, f"{name}_again")
        )
        change = layers.Activation(known_activation(activation), name=f"{name}_active")(change)
        change = layers.Dense(embedding, kernel_regularizer=penalty, name=f"{name}_back")(change)
        return added(x, change, name)

    if source_symbols is not None:
        source = keras.Input((None,), dtype="int32", name="source")
        inputs = [target, source]
        read = Positions(name="source_places")(
            _embed(source, source_symbols, embedding, penalty, "source_symbols")
        )
        for i, width in enumerate(units):
            read = block(read, f"encoder_{i}", width, own_ids=source)
        read = normalised(read, "encoder")
    x = _embed(_before(target), n_symbols, embedding, penalty, "symbols")
    x = Positions(name="places")(x)
    for i, width in enumerate(units):
        x = block(x, f"decoder_{i}", width, causal=True)
    x = normalised(x, "decoder")
    logits = layers.Dense(n_symbols, kernel_regularizer=penalty, dtype="float32", name="logits")(x)
    return keras.Model(inputs, logits, name="transformer_sequence")


def _before(target):
    from bineural.zoo.parts.symbols import SymbolsBefore

    return SymbolsBefore(name="before")(target)


def _embed(symbols, n_symbols, embedding, penalty, name, masked=False):
    """Return (batch, time, width) of symbols; `masked`: those that fill up are masked."""
    if embedding:
        layer = keras.layers.Embedding(
            n_symbols + 1, embedding, mask_zero=masked, embeddings_regularizer=penalty, name=name
        )
        return layer(symbols)
    from bineural.zoo.parts.symbols import SymbolColumns

    columns = SymbolColumns(n_symbols, name=name)(symbols)
    return keras.layers.Masking(0.0, name=f"{name}_mask")(columns) if masked else columns


def _check_attention(attention, source_symbols):
    if attention is None:
        return source_symbols is not None
    if attention and source_symbols is None:
        raise InputError(
            "`attention` of a recurrent net must have a source to look at.",
            "Found attention=True and no source.",
            "Leave it out, pass `source`, or use architecture='transformer', which looks back.",
        )
    return bool(attention)


def _builder(name):
    def build(input_shape, n_outputs, **options):
        return build_recurrent_sequence(name, input_shape, n_outputs, **options)

    return build


def _embedding(default, low, more):
    return Option(
        "embedding",
        default,
        whole(low, 4096),
        "int",
        f"Numbers that each symbol is embedded in{more}.",
        in_r="count",
        range="whole",
    )


ATTENTION = Option(
    "attention",
    None,
    flag().or_none(),
    "bool, optional",
    "Whether each symbol that is predicted looks at all symbols of the source; None: where there is a "
    "source. A transformer always does.",
    in_r="flag",
)
_HEADS = Option(
    "heads",
    4,
    whole(1, 64),
    "int",
    "Heads of attention, which share the numbers of a step between them.",
    in_r="count",
    range="whole",
)
_PAPERS = {
    "rnn": (
        "Recurrent net that predicts symbols",
        "Elman. Finding structure in time. Cognitive Science 14.",
        1990,
    ),
    "lstm": (
        "LSTM that predicts symbols",
        "Sutskever, Vinyals and Le. Sequence to sequence learning with neural networks. NeurIPS.",
        2014,
    ),
    "gru": (
        "GRU that predicts symbols",
        "Luong, Pham and Manning. Effective approaches to attention-based neural machine translation. EMNLP.",
        2015,
    ),
}
for _name, (_title, _paper, _year) in _PAPERS.items():
    register_architecture(
        Architecture(
            f"{_name}_sequence",
            _builder(_name),
            inputs=("symbols",),
            reads=("units", "dropout", "l1", "l2"),
            options=(_embedding(32, 0, "; 0: a column for each symbol"), ATTENTION),
            learns="sequences",
            learning_rate=0.003,
            units_by_rows=((0, (128,)),),
            title=_title,
            paper=_paper,
            year=_year,
        )
    )
register_architecture(
    Architecture(
        "transformer_sequence",
        build_transformer_sequence,
        inputs=("symbols",),
        reads=("units", "activation", "dropout", "l1", "l2"),
        options=(_embedding(64, 1, ", a multiple of `heads`"), _HEADS, ATTENTION),
        learns="sequences",
        learning_rate=0.001,
        units_by_rows=((0, (128, 128)),),
        title="Transformer that predicts symbols",
        paper="Vaswani and others. Attention is all you need. NeurIPS.",
        year=2017,
    )
)
