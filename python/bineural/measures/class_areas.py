"""AUROC for several classes: every pair of classes (Hand and Till), or each class against the rest."""

from __future__ import annotations

from functools import partial

import numpy as np

from bineural._typing import ArrayLike, Labels
from bineural.checks import checked, labels
from bineural.errors import InputError
from bineural.measures import ranking
from bineural.measures.class_columns import read_columns
from bineural.measures.registry import built_in


@checked(classes=labels().or_none())
def hand_till(
    y_true: ArrayLike, probability: ArrayLike, classes: Labels | None = None, weights: ArrayLike | None = None
) -> float:
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
    codes, score, weights, classes = read_columns(y_true, probability, classes, weights)
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


def macro_of_codes(codes, score, weights=None):
    """Compute the mean of the classes' AUROCs, each against the rest, of codes and scores as above."""
    areas = [
        ranking.area_under_roc(codes == k, np.ascontiguousarray(score[:, k]), weights)
        for k in range(score.shape[1])
    ]
    return float(np.mean(areas))


def absent_classes(codes, score, classes=None):
    """Say which classes have no row, where there are any: not all pairs can be ranked."""
    absent = np.setdiff1d(np.arange(score.shape[1]), codes)
    if not absent.size:
        return None
    return f"no row of {', '.join(str(k if classes is None else classes[k]) for k in absent)}"


def _of_classes(classes=None, **_):
    return {"undefined": partial(absent_classes, classes=classes)}


built_in(
    "auroc_macro",
    macro_of_codes,
    label="AUROC, mean of one-vs-rest",
    tasks=("multiclass",),
    range=(0.0, 1.0),
    ranks=True,
    undefined=absent_classes,
    settle=_of_classes,
    compared=(),  # it depends on the classes' frequencies in a fold; Hand-Till's does not
    place=60,
)
built_in(
    "hand_till",
    hand_till_of_codes,
    label="AUROC, Hand-Till",
    tasks=("multiclass",),
    range=(0.0, 1.0),
    ranks=True,
    undefined=absent_classes,
    settle=_of_classes,
    place=70,
    reference="Hand and Till (2001). Machine Learning 45(2), 171-186.",
)
