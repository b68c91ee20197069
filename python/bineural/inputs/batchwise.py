"""Answers about rows in batches: each batch is asked about by itself, and the answers stand in their order.

Only the answers are kept, so that memory holds a batch or two of rows, however many there are.
"""

import numpy as np

from bineural.errors import InputError
from bineural.inputs.list_rows import as_rows
from bineural.messages import naming, shown
from bineural.repeated_warnings import merged_warnings
from bineural.tables.batches import is_stream, open_source
from bineural.tables.rows import count_rows


def join_arrays(answers):
    """Join the answers about the batches; of tuples each place by itself, None where an answer has none."""
    if isinstance(answers[0], tuple):
        return tuple(join_arrays(list(parts)) for parts in zip(*answers))
    return None if any(part is None for part in answers) else np.concatenate(answers)


def ask_rows(ask, X, columns=None, join=join_arrays):
    """Ask about rows: about all at once where they are in memory, else about batch after batch.

    Parameters
    ----------
    ask : callable
        Takes rows; returns an array with a value for each of them, or a tuple of such arrays and None.
    X : data frame, array_like, or rows in batches
        Batches are read once.
    columns : sequence of str, optional
        Those that matter, where batches can be read by column; None reads all.
    join : callable
        Takes the list of the answers about the batches, and makes one of them.

    Returns
    -------
    ndarray, shape (n_rows, ...), or a tuple of them and None

    Raises
    ------
    InputError
        If there are no rows in batches, or a batch can't be used; it says which.
    """
    X = as_rows(X)
    if not is_stream(X):
        _refuse_text(X)
        return ask(X)
    answers, end = [], 0
    with merged_warnings("batches"):
        for number, rows in enumerate(open_source(X, again=False).read_all(columns), start=1):
            begin, end = end + 1, end + count_rows(rows)
            with naming(f"batch {number}, rows {begin} to {end}"):
                answers.append(ask(rows))
    if not answers:
        raise InputError(
            "Rows in batches must have at least one row.",
            "Found no batch that has any.",
            "Check what makes the batches; a function must return a fresh iterator at each call.",
        )
    return join(answers)


def _refuse_text(X):
    if isinstance(X, (str, bytes)):
        raise InputError(
            "Rows must be a data frame, an array, or come in batches.",
            f"Found {shown(X)}.",
            "load_dataset(path) reads a file; a path itself can be given of Parquet files only.",
        )
