"""Knots: where the pieces of each column begin and end, for nets that read numbers piece by piece.

Gorishniy, Rubachev, Babenko. On embeddings for numerical features in tabular deep learning. NeurIPS 2022.
"""

import numpy as np

N_PIECES = 16  # at most
_ROWS_A_PIECE = 64  # at least, but for two pieces


def column_knots(matrix, weights=None):
    """Return the ends of the pieces of each column.

    There is a piece for every 64 rows, from 2 to 16. Where a column has few distinct values they are its
    knots; otherwise quantiles of the training rows are, each once. The last knot is repeated where there are
    fewer: such pieces are empty.

    Parameters
    ----------
    matrix : ndarray of float, shape (n_rows, n_columns)
    weights : ndarray of float, shape (n_rows,), optional
        Rows of weight 0 do not count; other weights count alike.

    Returns
    -------
    ndarray of float32, shape (n_columns, N_PIECES + 1)
        Ascending in each row.
    """
    rows = np.asarray(matrix if weights is None else matrix[np.asarray(weights) > 0], np.float32)
    knots = np.empty((rows.shape[1], N_PIECES + 1), np.float32)
    n_pieces = min(N_PIECES, max(2, len(rows) // _ROWS_A_PIECE))
    for column, own in zip(rows.T, knots):
        ends = np.unique(column)
        if len(ends) > n_pieces + 1:
            ends = np.unique(np.quantile(column, np.linspace(0, 1, n_pieces + 1)).astype(np.float32))
        own[:] = ends[-1]
        own[: len(ends)] = ends
    return knots
