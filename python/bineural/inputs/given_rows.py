"""Rows as they were given to a fit: x and y of the same rows, weights, and no missing outcome."""

from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import column_or_1d

from bineural.errors import DroppedWarning, OutcomeError
from bineural.inputs.outcomes import check_offset, check_weights, is_missing, plain_values, settle
from bineural.messages import number_of, sentence, warn
from bineural.tables.rows import count_rows, take_rows


class GivenRows(NamedTuple):
    """Rows that have an outcome.

    Attributes
    ----------
    X : object
        Rows of any kind.
    y : ndarray, shape (n_rows,)
        Labels or numbers.
    weights, offset : ndarray of float64, shape (n_rows,), or None
    levels : list or None
        All levels of the outcome in their order, where it is a category.
    ordered : bool
        Whether its values have an order: those of an ordered category, or whole numbers.
    columns : list of str or None
        Names of the columns of an outcome that has several; `y` is then float64 (n_rows, n_columns).
    """

    X: object
    y: np.ndarray
    weights: np.ndarray | None = None
    offset: np.ndarray | None = None
    levels: list | None = None
    ordered: bool = False
    columns: list | None = None

    def kept(self, rows):
        """Return outcome, weights and offset of some rows; those of an input's `Prepared` for example."""
        y, weights, offset = (
            None if values is None else values[rows] for values in (self.y, self.weights, self.offset)
        )
        return self._replace(X=None, y=y, weights=weights, offset=offset)


def read_rows(X, y, weights=None, offset=None, *, missing="error", owner="A model", several=False):
    """Check that x, y, weights and offset are of the same rows, and leave out those without an outcome.

    Parameters
    ----------
    X : object
        Rows of any kind.
    y : array_like, shape (n_rows,)
    weights, offset : array_like of float64, shape (n_rows,), optional
    missing : {"error", "drop", "impute"}
        Only "drop" leaves rows without an outcome out.
    owner : str
        Who asks, for the message.
    several : bool
        Whether the outcome must have several columns.

    Returns
    -------
    GivenRows

    Raises
    ------
    OutcomeError, InputError
    """
    n_rows, given = count_rows(X), y
    if several:
        (y, columns), levels, ordered = read_outcomes(y, n_rows), None, False
    else:
        y, levels = read_outcome(y, n_rows, owner)
        ordered, columns = has_order(given, y), None
    weights = None if weights is None else check_weights(weights, n_rows)
    offset = None if offset is None else check_offset(offset, n_rows)
    rows = rows_with_outcome(y, missing)
    if rows is None:
        return GivenRows(X, y, weights, offset, levels, ordered, columns)
    kept = GivenRows(X, y, weights, offset, levels, ordered, columns).kept(rows)
    return kept._replace(X=take_rows(X, rows), y=settle(kept.y))


def has_order(given, values):
    """Say whether an outcome's values have an order: those of an ordered category, or whole numbers.

    Parameters
    ----------
    given : array_like
        As the user gave it.
    values : ndarray
        The same without wrapping.
    """
    dtype = getattr(given, "dtype", None)
    if hasattr(dtype, "categories"):
        return bool(dtype.ordered) or dtype.categories.dtype.kind in "iu"
    if values.dtype.kind == "f":
        known = values[~np.isnan(values)]
        return bool(np.isfinite(known).all() and (known == np.round(known)).all())
    return values.dtype.kind in "iu"


def read_outcomes(y, n_rows):
    """Return an outcome of several columns as float64 (n_rows, n_columns), and the columns' names.

    Raises
    ------
    OutcomeError
        If it is no table or matrix of numbers with two columns or more.
    """
    names = [str(name) for name in getattr(y, "columns", ())]
    shape = np.shape(y)
    if len(shape) != 2 or shape[1] < 2 or shape[0] != n_rows:
        raise OutcomeError(
            "The outcome must have two columns or more, and a row for each row of x.",
            f"Found shape {shape} for {number_of(n_rows, 'row')}.",
            "Write 'cbind(a, b) ~ x', or pass a data frame or matrix y.",
        )
    try:
        values = np.asarray(y.to_numpy() if names else y, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OutcomeError(
            "The columns of the outcome must be numbers or truths.", sentence(error), "Code them as 0 and 1."
        ) from error
    return values, names or [f"y{k + 1}" for k in range(shape[1])]


def read_outcome(y, n_rows, owner="A model"):
    """Return an outcome as an array of one axis, and its levels in their order where it is a category.

    Returns
    -------
    ndarray, shape (n_rows,), and list or None
        Labels (as objects, where they are text) or numbers.
    """
    if y is None:
        raise OutcomeError(
            f"{owner} requires y to be passed, but the target y is None.",
            "No outcome was given.",
            "Pass y, or use a formula such as 'y ~ .' with fit_glm or fit_net.",
        )
    categories = getattr(getattr(y, "dtype", None), "categories", None)
    values = column_or_1d(plain_values(y), warn=True)
    if len(values) != n_rows:
        raise OutcomeError(
            "The outcome must have one value for each row.",
            f"Found {len(values)} outcomes and {number_of(n_rows, 'row')} (inconsistent numbers of samples).",
            "Pass X and y of the same rows.",
        )
    return values, None if categories is None else list(categories)


def rows_with_outcome(y, missing):
    """Return the positions of rows that have an outcome, with a warning; None where all of them have."""
    is_gap = is_missing(y)
    is_gap = is_gap.any(axis=1) if is_gap.ndim == 2 else is_gap
    if not is_gap.any():
        return None
    if missing != "drop":
        raise OutcomeError(
            "The outcome must not be missing.",
            f"Input y contains NaN in {is_gap.sum()} of {len(y)} rows.",
            "Leave those rows out, or pass missing='drop'.",
        )
    warn(DroppedWarning, f"Left out {is_gap.sum()} of {len(y)} rows without an outcome.")
    return np.flatnonzero(~is_gap)


def put_back(values, rows, n_rows):
    """Put predictions back in their rows: NaN in those that were left out.

    Parameters
    ----------
    values : ndarray of float, shape (n_kept, ...)
    rows : ndarray of int, shape (n_kept,)
        Their positions.
    n_rows : int

    Returns
    -------
    ndarray, shape (n_rows, ...)
    """
    if len(rows) == n_rows:
        return values
    whole = np.full((n_rows, *values.shape[1:]), np.nan)
    whole[rows] = values
    return whole
