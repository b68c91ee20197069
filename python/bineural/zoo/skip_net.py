"""Skip net: logit = linear part + curves + hidden part, each with a penalty of its own.

Shapes: (batch, n_columns) float32 -> (batch, n_outputs) logits; with categories a second input
(batch, n_categories) int32 of level codes. The linear part is a ridge GLM. Where the penalty on the hidden
part is strong, that part vanishes and the GLM is left, so the net is never far below its baseline.

With `numbers="piecewise"`, the default of nets with hidden layers, there is a curve for each column, straight
within each piece, which starts at zero. Linear part and curves are an additive model.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import COMMON, Architecture, register_architecture
from bineural.zoo.parts.hidden_layers import make_penalty, stack_hidden
from bineural.zoo.parts.table_defaults import (
    BATCH_BY_ROWS,
    LEARNING_RATE,
    PRECISIONS,
    PRIOR_PRECISION,
    UNITS_BY_ROWS,
)
from bineural.zoo.parts.table_inputs import embed_levels, embedding_width, read_numbers, table_inputs


def build_skip_net(
    input_shape,
    n_outputs,
    *,
    units=(16, 8),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    skip_l2=None,
    batch_normalization=False,
    numbers="plain",
    number_columns=None,
    level_counts=(),
):
    """Build a skip net, uncompiled; 3-16-8-1 has 212 weights.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    units : sequence of int
        Width of each hidden layer; none for the linear part alone.
    activation : str
        Of the hidden layers.
    dropout : float in [0, 1)
        Share of hidden units left out at random in each training step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on the kernels and embeddings of the hidden part.
    skip_l2 : float, optional
        Penalty of the linear part's kernel; `l2` when None. Its bias is free.
    batch_normalization : bool
        Normalise each hidden layer over the batch, before its activation; such a layer has no bias.
    numbers : {"plain", "piecewise", "periodic"}
        What the hidden layers read of each column: the number, or an embedding of it too
        (`parts/number_embedding.py`).
    number_columns : sequence of int, optional
        Positions of the columns that are numbers; all when None.
    level_counts : sequence of int
        Levels of each category that comes as codes: embedded in the hidden part, one effect for each level
        in the linear part.

    Returns
    -------
    keras.Model
    """
    penalty, ridge = make_penalty(l1, l2), make_penalty(0.0, l2 if skip_l2 is None else skip_l2)
    inputs, matrix, codes = table_inputs(input_shape, level_counts)
    parts = [_linear_part(matrix, codes, level_counts, n_outputs, ridge)]
    if units or numbers == "piecewise":
        read, pieces = read_numbers(matrix, numbers, number_columns, penalty if units else None)
    if numbers == "piecewise" and pieces is not None:
        parts.append(_curves(pieces, n_outputs, penalty))
    if units:
        x = embed_levels(
            read, codes, level_counts, embedding_width, "embedding", embeddings_regularizer=penalty
        )
        x = stack_hidden(x, units, activation, dropout, penalty, batch_normalization)
        hidden = keras.layers.Dense(
            n_outputs, use_bias=False, kernel_regularizer=penalty, dtype="float32", name="hidden_logits"
        )(x)
        parts.append(hidden)
    logits = parts[0] if len(parts) == 1 else keras.layers.Add(dtype="float32", name="logits")(parts)
    return keras.Model(inputs, logits, name="skip_net")


def _curves(pieces, n_outputs, penalty):
    """Return the sum of a curve of each column, starting from 0: (batch, n_outputs)."""
    return keras.layers.Dense(
        n_outputs,
        use_bias=False,
        kernel_initializer="zeros",
        kernel_regularizer=penalty,
        dtype="float32",
        name="curves",
    )(pieces)


def _linear_part(matrix, codes, level_counts, n_outputs, ridge):
    """Return the logits of the ridge GLM, starting from 0: (batch, n_outputs)."""
    from bineural.zoo.parts.level_embedding import LevelEmbedding

    linear = keras.layers.Dense(
        n_outputs, kernel_initializer="zeros", kernel_regularizer=ridge, dtype="float32", name="linear"
    )
    parts = [linear(matrix)]
    for i, (code, n_levels) in enumerate(zip(codes, level_counts)):
        effect = LevelEmbedding(
            n_levels,
            n_outputs,
            embeddings_initializer="zeros",
            embeddings_regularizer=ridge,
            dtype="float32",
            name=f"effect_{i}",
        )
        parts.append(effect(code))
    return parts[0] if len(parts) == 1 else keras.layers.Add(dtype="float32", name="linear_logits")(parts)


register_architecture(
    Architecture(
        "skip",
        build_skip_net,
        reads=COMMON,
        learning_rate=LEARNING_RATE,
        prior_precision=PRIOR_PRECISION,
        precisions=PRECISIONS,
        units_by_rows=UNITS_BY_ROWS,
        batch_by_rows=BATCH_BY_ROWS,
        members=5,
        default_for=("table",),
        numbers="piecewise",
        hidden_weights=("hidden_logits/kernel",),
        takes_codes=True,
        title="Ridge GLM, a curve for each column, and a penalised hidden part",
        paper="Ripley. Pattern Recognition and Neural Networks, chapter 5. Cambridge University Press.",
        year=1996,
    )
)
