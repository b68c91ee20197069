"""The columns that a GLM is of: those of a table, the honest simple ones of images, or a function's."""

import numpy as np

from bineural.checks import Check
from bineural.errors import InputError
from bineural.inputs.kinds import choose_input, describe, find_input
from bineural.inputs.list_rows import as_rows
from bineural.messages import shown
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import count_rows


def _features(value):
    if value == "auto" or callable(value):
        return value
    raise ValueError


FEATURES = Check(
    "'auto', or a function of x that returns a data frame",
    _features,
    "Write for example features=lambda x: x.reshape(len(x), -1).",
)


def text_kind(X, features, formula=None):
    """Return the kind of input whose sparse columns a GLM of such rows takes; None where there is none.

    Parameters
    ----------
    X : object
        Rows of any kind.
    features : "auto" or callable
    formula : str, optional
        Right side.

    Returns
    -------
    type or None
        A subclass of `Input`.
    """
    if callable(features):
        return None
    try:
        kind = choose_input(as_rows(X), formula=formula)
    except InputError:
        return None
    return find_input(kind.baseline_kind) if kind.baseline_kind else None


def learn_columns(X, features, formula=None):
    """Learn from training rows what their columns are.

    Parameters
    ----------
    X : object
        Rows of any kind.
    features : "auto" or callable
    formula : str, optional

    Returns
    -------
    Input or None
        None where the rows are a table, or a function makes one of them.

    Raises
    ------
    InputError
        If a formula stands beside rows that are no table.
    """
    if callable(features):
        if formula is not None:
            raise InputError(
                "`features` can't be used with a formula.",
                f"Found {formula!r} and {shown(features)}.",
                "Give x and y; all columns that the function returns are used.",
            )
        return None
    X = as_rows(X)
    if find_input("table").claims(X):
        return None
    try:
        kind = choose_input(X)
    except InputError:
        return None  # the checks of a table say what is wrong
    return None if kind.kind == "table" else kind.learn(X, formula=formula, scale=False)[0]


def columns_of(X, features, learnt):
    """Return the columns of rows: a table as it is, a function's answer, or an input's baseline columns.

    Parameters
    ----------
    X : object
    features : "auto" or callable
    learnt : Input or None
        What `learn_columns` returned.

    Returns
    -------
    data frame or array_like
    """
    if callable(features):
        return _made(features, as_rows(X))
    return X if learnt is None else learnt.baseline_columns(X).reset_index(drop=True)


def _made(features, X):
    """Return what a function makes of rows, a frame of as many rows."""
    made = features(X)
    is_matrix = hasattr(made, "__array__") and np.ndim(made) == 2
    if not is_frame(made) and not is_matrix:
        raise InputError(
            "`features` must return a data frame, or an array (n_rows, n_features).",
            f"It returned {describe(made)}.",
            "Let it return for example pandas.DataFrame({'ink': x.mean(axis=(1, 2))}).",
        )
    if count_rows(made) != count_rows(X):
        raise InputError(
            "`features` must return a row for each row of x, in their order.",
            f"It returned {count_rows(made)} for {count_rows(X)}.",
            "Let it take the mean over the other axes, not over the first.",
        )
    return as_frame(made)
