"""AUROC for several classes: every pair of classes (Hand and Till), or each class against the rest."""

from collections import Counter

import numpy as np

from bineural.errors import InputError
from bineural.measures import inputs as check
from bineural.measures import ranking
from bineural.messages import listed
from bineural.tables.labels import plain_label, warn_of_near_labels


def hand_till(y_true, probability, classes=None, weights=None):
    """Compute Hand and Till's M, the AUROC of several classes: the mean over pairs of classes [1]_.

    For classes i and j, only their rows are kept and A(i|j), the AUROC of column i with i as the event, is
    averaged with A(j|i). M depends on no class frequencies, and no class is the event.

    Parameters
    ----------
    y_true : array_like, shape (n_rows,)
        Labels.
    probability : array_like of float64, shape (n_rows, n_classes)
        One column a class; scores on any scale do.
    classes : sequence of labels, optional
        The columns' classes in order; by default the sorted distinct labels of `y_true`.
    weights : array_like of float64, shape (n_rows,), optional
        Row weights; a pair of rows weighs the product of theirs.

    Returns
    -------
    float
        0.5 is no skill, 1 is perfect.

    Raises
    ------
    InputError
        If a class has no rows, a label is no class, or the shapes do not fit.

    References
    ----------
    .. [1] Hand and Till (2001). *Machine Learning* 45(2), 171-186.

    Examples
    --------
    >>> round(hand_till(["a", "a", "b", "c"], [[5, 1, 0], [3, 2, 1], [4, 6, 2], [1, 3, 4]]), 6)
    0.916667
    """
    labels = np.asarray(y_true)
    if labels.dtype.kind in "OU":
        warn_of_near_labels({"`y_true`": Counter(labels.ravel().tolist())})
    classes = _sorted_classes(labels) if classes is None else np.asarray(classes).tolist()
    codes = class_codes(labels, classes)
    score = _check_columns(probability, codes.size, classes)
    if weights is not None:
        weights = check.check_weights(weights, codes.size)
        codes, score, weights = (values[weights > 0] for values in (codes, score, weights))
    missing = np.setdiff1d(np.arange(len(classes)), codes)
    if len(classes) < 2 or missing.size:
        raise InputError(
            "`y_true` must hold every class, at least two.",
            f"It has no row of {[classes[k] for k in missing]!r} (classes: {classes!r}; n = {codes.size}).",
            "Stratify the split by the outcome, or leave the class out.",
        )
    return hand_till_of_codes(codes, score, weights)


def hand_till_of_codes(codes, score, weights=None):
    """Compute Hand-Till's M for codes 0..n_classes-1, each present, and (n_rows, n_classes) scores."""
    n_classes = score.shape[1]
    areas = []
    for i in range(n_classes):
        for j in range(i + 1, n_classes):
            rows = np.flatnonzero((codes == i) | (codes == j))
            first = codes[rows] == i
            given = None if weights is None else weights[rows]
            areas.append(ranking.area_under_roc(first, score[rows, i], given))
            areas.append(ranking.area_under_roc(~first, score[rows, j], given))
    return float(np.mean(areas))


def one_vs_rest_of_codes(codes, score, weights=None):
    """Compute each class's AUROC against the rest, shape (n_classes,)."""
    classes = range(score.shape[1])
    return np.array(
        [ranking.area_under_roc(codes == k, np.ascontiguousarray(score[:, k]), weights) for k in classes]
    )


def class_codes(labels, classes, name="`y_true`", error=InputError):
    """Return each label's position in `classes` as int64; an unknown label is an error that names it."""
    position = {label: k for k, label in enumerate(classes)}
    values = np.asarray(labels).tolist()
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


def _sorted_classes(labels):
    values = set(labels.ravel().tolist())
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
    score = np.asarray(score, dtype=np.float64)
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
