"""Inputs of a net for tables: a matrix of numbers, and level codes of categories, which are embedded.

Shapes: matrix (batch, n_columns) float32; codes (batch, n_categories) int32, 0 for a level never seen.
"""

import math

from bineural._tensorflow import keras
from bineural.errors import InputError

N_UNITS = 3  # that embed a number, beside the number itself


def table_inputs(input_shape, level_counts):
    """Make the inputs of a net for tables.

    Parameters
    ----------
    input_shape : tuple (n_columns,)
    level_counts : sequence of int
        Levels of each category given as codes; empty for a net of numbers only.

    Returns
    -------
    inputs : keras tensor, or list [matrix, codes]
    matrix : keras tensor (batch, n_columns)
    codes : list of keras tensors (batch,), one for each category
    """
    if len(input_shape) != 1 or input_shape[0] < 1:  # TensorFlow aborts on products of no columns
        raise InputError(
            "This architecture takes rows of at least one number.",
            f"Found rows of shape {tuple(input_shape)}.",
            "Flatten them, or give a Keras model of your own as `architecture`.",
        )
    matrix = keras.Input(input_shape, name="matrix")
    if not level_counts:
        return matrix, matrix, []
    codes = keras.Input((len(level_counts),), dtype="int32", name="codes")
    return [matrix, codes], matrix, [codes[:, i] for i in range(len(level_counts))]


def embed_levels(matrix, codes, level_counts, n_units, prefix, **options):
    """Put the embedded levels beside the columns of numbers: (batch, n_columns + all units).

    `n_units` is a number or a function of the number of levels; layers are called `<prefix>_<position>`.
    """
    from bineural.zoo.parts.level_embedding import LevelEmbedding

    parts = [] if matrix is None else [matrix]
    for i, (code, n_levels) in enumerate(zip(codes, level_counts)):
        width = n_units(n_levels) if callable(n_units) else n_units
        parts.append(LevelEmbedding(n_levels, width, name=f"{prefix}_{i}", **options)(code))
    return parts[0] if len(parts) == 1 else keras.layers.Concatenate()(parts)


def embedding_width(n_levels):
    """Return how many units embed a category: half its levels, at least 1 and at most 16."""
    return max(1, min(16, n_levels // 2))


def read_numbers(matrix, numbers, penalty):
    """Return what the hidden layers of a net read of the columns, and the pieces of its numbers.

    Parameters
    ----------
    matrix : keras tensor (batch, n_columns)
    numbers : {"plain", "piecewise", "periodic"}
    penalty : keras.Regularizer or None
        Of the columns' own linear maps.

    Returns
    -------
    read : keras tensor (batch, n_columns) or (batch, n_columns * (1 + N_UNITS))
    pieces : keras tensor (batch, n_columns * N_PIECES), or None
    """
    if numbers == "plain":
        return matrix, None
    from bineural.zoo.parts.number_embedding import N_WAVES, Pieces, Waves

    layers, n_columns = keras.layers, matrix.shape[-1]
    piecewise = numbers == "piecewise"
    parts = (Pieces(name="pieces") if piecewise else Waves(name="waves"))(matrix)
    limit = 1 / math.sqrt(N_WAVES)
    units = layers.EinsumDense(
        "bpm,pmd->bpd",
        (n_columns, N_UNITS),
        bias_axes=None if piecewise else "pd",
        kernel_initializer="zeros" if piecewise else keras.initializers.RandomUniform(-limit, limit),
        kernel_regularizer=penalty,
        name="number_embedding",
    )(parts)
    read = layers.Concatenate(name="numbers")([matrix, layers.Flatten(name="embedded_numbers")(units)])
    return read, layers.Flatten(name="all_pieces")(parts) if piecewise else None
