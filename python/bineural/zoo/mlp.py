"""Multilayer perceptron: dense layers of any number and width, then one dense layer of logits.

Shapes: (batch, n_columns) float32 -> (batch, n_outputs) logits; with categories a second input
(batch, n_categories) int32 of level codes, each embedded (`parts/level_embedding.py`).
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


def build_mlp(
    input_shape,
    n_outputs,
    *,
    units=(16, 8),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    batch_normalization=False,
    numbers="plain",
    number_columns=None,
    level_counts=(),
):
    """Build a multilayer perceptron, uncompiled; 3-16-8-1 has 209 weights.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    units : sequence of int
        Width of each hidden layer; none for a linear model.
    activation : str
        Of the hidden layers.
    dropout : float in [0, 1)
        Share of hidden units left out at random in each training step, after every hidden layer.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on every kernel and embedding (not on biases), on the
        scale of the mean loss.
    batch_normalization : bool
        Normalise each hidden layer over the batch, before its activation. Such a layer has no bias: the
        normalisation takes it out again, so that its gradient would be nothing but rounding.
    numbers : {"plain", "piecewise", "periodic"}
        What the first layer reads of each column: the number, or an embedding of it too
        (`parts/number_embedding.py`).
    number_columns : sequence of int, optional
        Positions of the columns that are numbers; all when None.
    level_counts : sequence of int
        Levels of each category that comes as codes.

    Returns
    -------
    keras.Model
    """
    penalty = make_penalty(l1, l2)
    inputs, matrix, codes = table_inputs(input_shape, level_counts)
    read = read_numbers(matrix, numbers, number_columns, penalty)[0]
    x = embed_levels(read, codes, level_counts, embedding_width, "embedding", embeddings_regularizer=penalty)
    x = stack_hidden(x, units, activation, dropout, penalty, batch_normalization)
    logits = keras.layers.Dense(n_outputs, kernel_regularizer=penalty, dtype="float32", name="logits")(x)
    return keras.Model(inputs, logits, name="mlp")


register_architecture(
    Architecture(
        "mlp",
        build_mlp,
        reads=COMMON,
        learning_rate=LEARNING_RATE,
        prior_precision=PRIOR_PRECISION,
        precisions=PRECISIONS,
        units_by_rows=UNITS_BY_ROWS,
        batch_by_rows=BATCH_BY_ROWS,
        takes_codes=True,
        title="Multilayer perceptron",
        paper="Rumelhart, Hinton and Williams. Learning representations by back-propagating errors. "
        "Nature 323, 533-536.",
        year=1986,
    )
)
