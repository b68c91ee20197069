"""Batch ensemble: many nets that share all hidden layers, each with a scale of its own for every column.

Shapes: (batch, n_columns) float32 -> (batch, n_heads, n_outputs) logits; with categories a second input
(batch, n_categories) int32 of level codes. Head k multiplies the columns by its own factors, which start as
-1 or 1, goes through the hidden layers of all heads, and ends in logits of its own. Each head is trained as a
net by itself; the mean of what they predict predicts.

The mini variant of Gorishniy, Kotelnikov, Babenko. TabM: advancing tabular deep learning with
parameter-efficient ensembling. ICLR 2025; the factors are those of Wen, Tran, Ba. BatchEnsemble. ICLR 2020.
"""

from bineural._tensorflow import keras
from bineural.checks import whole
from bineural.options import Option
from bineural.zoo.architecture import COMMON, Architecture, register_architecture
from bineural.zoo.parts.hidden_layers import make_penalty, stack_hidden
from bineural.zoo.parts.table_defaults import BATCH_BY_ROWS, PRECISIONS, PRIOR_PRECISION, UNITS_BY_ROWS
from bineural.zoo.parts.table_inputs import embed_levels, embedding_width, read_numbers, table_inputs


def build_batch_ensemble(
    input_shape,
    n_outputs,
    *,
    n_heads=16,
    units=(64, 32),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    batch_normalization=False,
    numbers="plain",
    number_columns=None,
    level_counts=(),
):
    """Build a batch ensemble, uncompiled; 3-16-8-1 with 4 heads has 248 weights.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    n_outputs : int
        Logits of each head: one for two classes or a regression, else one for each class.
    n_heads : int
    units, activation, dropout, l1, l2, batch_normalization, numbers, number_columns, level_counts
        Of the hidden layers that the heads share; see `build_mlp`. The factors of the heads have no penalty.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.random_signs import RandomSigns  # loads TensorFlow

    layers, penalty = keras.layers, make_penalty(l1, l2)
    inputs, matrix, codes = table_inputs(input_shape, level_counts)
    read = read_numbers(matrix, numbers, number_columns, penalty)[0]
    x = embed_levels(read, codes, level_counts, embedding_width, "embedding", embeddings_regularizer=penalty)
    x = layers.EinsumDense(
        "bp,kp->bkp", (n_heads, x.shape[-1]), kernel_initializer=RandomSigns(), name="factors"
    )(x)
    x = stack_hidden(x, units, activation, dropout, penalty, batch_normalization)
    logits = layers.EinsumDense(
        "bkp,kpo->bko",
        (n_heads, n_outputs),
        bias_axes="ko",
        kernel_regularizer=penalty,
        dtype="float32",
        name="logits",
    )(x)
    return keras.Model(inputs, logits, name="batch_ensemble")


register_architecture(
    Architecture(
        "batch_ensemble",
        build_batch_ensemble,
        reads=COMMON,
        options=(
            Option(
                "n_heads",
                16,
                whole(1),
                "int",
                "Nets that share the hidden layers, each with factors for the columns and logits of its own.",
                in_r="count",
                range="whole",
            ),
        ),
        learning_rate=0.003,
        prior_precision=PRIOR_PRECISION,
        precisions=PRECISIONS,
        units_by_rows=UNITS_BY_ROWS,
        batch_by_rows=BATCH_BY_ROWS,
        numbers="piecewise",
        takes_codes=True,
        several_heads=True,
        title="Many nets that share their hidden layers (TabM, mini)",
        paper="Gorishniy, Kotelnikov and Babenko. TabM: advancing tabular deep learning with "
        "parameter-efficient ensembling. ICLR.",
        year=2025,
    )
)
