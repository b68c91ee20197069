"""Transformer: every step looks at all others and changes by what it sees there; then the mean of the steps.

Shapes: sequences (batch, time, n_features) float32, or texts (batch, time) int32, masked where they are
filled up (`parts/steps.py`) -> (batch, n_outputs) logits.
Differences from the paper: it is the encoder alone, and normalises before each part of a block, not after it,
with which it learns without a rate that begins low (Xiong et al., 2020). What attention projects has no bias:
a bias of keys changes nothing, so that its gradient would be nothing but rounding.
"""

from bineural._tensorflow import keras
from bineural.checks import whole
from bineural.errors import InputError
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import logits
from bineural.zoo.parts.hidden_layers import known_activation, make_penalty
from bineural.zoo.parts.steps import drop, step_input


def build_transformer(
    input_shape,
    n_outputs,
    *,
    units=(64,),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    heads=4,
    embedding=32,
    vocabulary=None,
):
    """Build a small transformer encoder, uncompiled.

    Parameters
    ----------
    input_shape : tuple (time, n_features), or (time,) with `vocabulary`
        A `time` of None differs from batch to batch.
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    units : sequence of int
        Width of the dense layer inside of each block; as many blocks.
    activation : str
        Of that layer.
    dropout : float in [0, 1)
        Share of what each part of a block adds that is left out at random in each training step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on every kernel and embedding.
    heads : int
        Of attention, which share the numbers of a step between them.
    embedding : int
        Numbers that each step is embedded in; a multiple of `heads`.
    vocabulary : int, optional
        Numbers that words have, for texts.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.positions import Positions
    from bineural.zoo.parts.step_pooling import MeanOfSteps

    if embedding % heads:
        raise InputError(
            "`embedding` must be a multiple of `heads`.",
            f"Found embedding={embedding} and heads={heads}.",
            f"Use for example embedding={heads * max(1, embedding // heads)}.",
        )
    layers, penalty = keras.layers, make_penalty(l1, l2)
    inputs, x = step_input("transformer", input_shape, vocabulary, embedding, penalty)
    if vocabulary is None:
        x = layers.Dense(embedding, kernel_regularizer=penalty, name="embedding")(x)
    x = Positions(name="positions")(x)
    for i, width in enumerate(units):
        seen = layers.LayerNormalization(name=f"block_{i}_normalised")(x)
        seen = layers.MultiHeadAttention(
            heads,
            embedding // heads,
            use_bias=False,
            kernel_regularizer=penalty,
            name=f"block_{i}_attention",
        )(seen, seen)
        x = layers.Add(name=f"block_{i}_seen")([x, drop(seen, dropout, f"block_{i}_dropout_seen")])
        changed = layers.LayerNormalization(name=f"block_{i}_normalised_again")(x)
        changed = layers.Dense(width, kernel_regularizer=penalty, name=f"block_{i}_dense")(changed)
        changed = layers.Activation(known_activation(activation), name=f"block_{i}_active")(changed)
        changed = layers.Dense(embedding, kernel_regularizer=penalty, name=f"block_{i}_back")(changed)
        x = layers.Add(name=f"block_{i}")([x, drop(changed, dropout, f"block_{i}_dropout")])
    x = layers.LayerNormalization(name="normalised")(x)
    x = MeanOfSteps(name="mean")(x)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="transformer")


register_architecture(
    Architecture(
        "transformer",
        build_transformer,
        inputs=("sequence", "text"),
        reads=("units", "activation", "dropout", "l1", "l2"),
        options=(
            Option(
                "heads",
                4,
                whole(1, 64),
                "int",
                "Heads of attention, which share the numbers of a step between them.",
                in_r="count",
                range="whole",
            ),
            Option(
                "embedding",
                32,
                whole(1, 4096),
                "int",
                "Numbers that each step, or word, is embedded in; a multiple of `heads`.",
                in_r="count",
                range="whole",
            ),
        ),
        learning_rate=0.001,
        units_by_rows=((0, (64,)),),
        title="Small transformer encoder",
        paper="Vaswani and others. Attention is all you need. NeurIPS.",
        year=2017,
    )
)
