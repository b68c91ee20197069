"""Labels with a column of numbers for each class, checked once."""

from collections import Counter

import numpy as np

from bineural.errors import InputError
from bineural.measures import arguments
from bineural.messages import listed, sentence
from bineural.tables.labels import plain_label, warn_of_near_labels
from bineural.tables.rows import as_array, as_numbers, refuse_unhashable


def read_columns(y_true, columns, classes=None, weights=None, *, shares=False):
    """Return checked labels and columns.

    Parameters
    ----------
    y_true : array_like, shape (n_rows,)
        Labels.
    columns : array_like of float64, shape (n_rows, n_classes)
    classes : sequence of labels, optional
        The columns' classes in order; by default the sorted distinct labels.
    weights : array_like of float64, shape (n_rows,), optional
    shares : bool
        Whether each row's numbers must be probabilities that sum to 1.

    Returns
    -------
    codes : ndarray of int64, shape (n_rows,)
        Position of each row's class.
    columns : ndarray of float64, shape (n_rows, n_classes)
    weights : ndarray of float64 > 0, shape (n_rows,), or None
        Rows of weight 0 are in none of the three.
    classes : list
    """
    labels = _vector(as_array(y_true, "`y_true`"))
    if labels.dtype.kind == "O":
        refuse_unhashable(labels, "`y_true`", InputError)
    if labels.dtype.kind in "OU":
        warn_of_near_labels({"`y_true`": Counter(labels.tolist())})
    classes = _sorted_classes(labels) if classes is None else list(classes)
    codes = class_codes(labels, classes)
    columns = _check_columns(columns, codes.size, classes)
    if shares:
        _check_shares(columns)
    if weights is not None:
        weights = arguments.check_weights(weights, codes.size)
        codes, columns, weights = (values[weights > 0] for values in (codes, columns, weights))
    return codes, columns, weights, classes


def class_codes(labels, classes, name="`y_true`", error=InputError):
    """Return each label's position in `classes` as int64; an unknown label is an error that names it."""
    position = {label: k for k, label in enumerate(classes)}
    labels = np.asarray(labels)
    if labels.dtype.kind == "O":
        refuse_unhashable(labels, name, error)
    values = labels.tolist()
    codes = np.array([position.get(value, -1) for value in values], dtype=np.int64)
    unknown = [value for value, code in zip(values, codes) if code < 0]
    if unknown:
        others = list(dict.fromkeys(unknown))
        near = {plain_label(label) for label in classes} & {plain_label(label) for label in others}
        raise error(
            f"{name} must hold only the classes {listed(classes)}.",
            f"{len(unknown)} of {codes.size} rows hold others: {listed(others)}.",
            "They differ from classes by case, white space or notation: make them one, if they mean the same."
            if near
            else "Check the spelling and type of the labels, or leave those rows out.",
        )
    return codes


def _vector(labels):
    if labels.ndim == 2 and labels.shape[1] == 1:
        return labels[:, 0]
    if labels.ndim != 1:
        raise InputError(
            "`y_true` must have one dimension.", f"Its shape is {labels.shape}.", "Pass a vector of labels."
        )
    return labels


def _sorted_classes(labels):
    values = set(labels.tolist())
    try:
        if all(value == value for value in values):
            return sorted(values)
    except TypeError:  # None or labels of several kinds
        pass
    raise InputError(
        "`y_true` must hold labels of one kind, none missing.",
        f"It holds {listed(sorted(values, key=str))}.",
        "Leave missing rows out, or name the `classes`.",
    )


def _check_columns(score, n_rows, classes):
    score = as_array(score, "`probability`")
    try:
        score = as_numbers(score)
    except (TypeError, ValueError) as error:
        raise InputError(
            "`probability` must be numbers.", sentence(error), "Pass a column for each class."
        ) from None
    if score.shape != (n_rows, len(classes)):
        raise InputError(
            "`probability` must have one row for each label and one column for each class.",
            f"Its shape is {score.shape}; there are {n_rows} labels and {len(classes)} classes.",
            "Pass the columns in the order of `classes`.",
        )
    missing = np.count_nonzero(np.isnan(score).any(axis=1))
    if missing:
        raise InputError(
            "`probability` must not hold NaN.", f"{missing} of {n_rows} rows do.", "Leave these rows out."
        )
    return score


def _check_shares(columns):
    total = columns.sum(axis=1)
    if (columns < 0).any() or (columns > 1).any() or (np.abs(total - 1) > 1e-4).any():
        raise InputError(
            "`probability` must lie between 0 and 1, and sum to 1 in each row.",
            f"Its values run from {columns.min():g} to {columns.max():g}, sums from {total.min():g} to "
            f"{total.max():g}.",
            "Pass a column of probabilities for each class.",
        )
