"""What figures read: evaluations, one or several by name, taken apart into one curve for each event."""

import textwrap
from dataclasses import dataclass

import numpy as np

from bineural.errors import InputError


@dataclass(frozen=True)
class Scored:
    """Scores of one event, with the name that the legend gives them."""

    name: str
    y_true: np.ndarray
    score: np.ndarray
    weights: np.ndarray | None
    level: float
    order: np.ndarray | None = None  # as the score, without ties by rounding; None where it has none

    @property
    def ranking(self):
        """Numbers in the order of the score, for curves that look at nothing else."""
        return self.score if self.order is None else self.order

    @property
    def n_events(self):
        """Rows with the event."""
        return int(np.count_nonzero(self.y_true))


def read_evaluations(evaluations, record=None):
    """Return a `Scored` for each event; several classes give one for each class.

    Parameters
    ----------
    evaluations : Evaluation, or dict of str to Evaluation
    record : str, optional
        Field by which an item is known as a finished record, which is returned as (name, item).
    """
    if not isinstance(evaluations, dict):
        evaluations = {"": evaluations}
    if not evaluations:
        raise InputError(
            "`evaluations` must not be empty.", "Found none.", "Pass what evaluate_model returned."
        )
    scored = []
    for name, item in evaluations.items():
        if record is not None and hasattr(item, record):
            scored.append((str(name), item))
        else:
            scored += _events(str(name), item)
    return scored


def join_labels(texts, rows, width=58):
    """Wrap the legend's labels, and say n and events with each label or, where all share them, once.

    Parameters
    ----------
    texts : list of str
    rows : list of (n, n_events)
    width : int
        Characters of a line.

    Returns
    -------
    labels : list of str
    shared : str
        ", n = .., events = .." where all rows are the same, else empty.
    """
    counts = [f", n = {n}, events = {n_events}" for n, n_events in rows]
    shared = counts[0] if len(set(counts)) == 1 else ""
    labels = [textwrap.fill(text + ("" if shared else rest), width) for text, rest in zip(texts, counts)]
    return labels, shared


def _events(name, evaluation):
    task = getattr(evaluation, "task", None)
    if task == "binary" and 0 < evaluation.n_events < evaluation.n:
        part = "" if name else _class_name(evaluation.event, "event")
        return [_scored(name, part, evaluation, evaluation.y_true, evaluation.score, _order(evaluation))]
    if task == "multiclass" and all(evaluation.n_class_rows.values()):
        y_true, score, order = evaluation.y_true, evaluation.score, _order(evaluation)
        order = [None] * score.shape[1] if order is None else order.T
        return [
            _scored(name, _class_name(label, "class"), evaluation, y_true == k, score[:, k], order[k])
            for k, label in enumerate(evaluation.classes)
        ]
    if task == "labels" and _vary(evaluation.y_true).all():
        pairs = zip(evaluation.columns, evaluation.y_true.T, evaluation.score.T)
        return [
            _scored(name, label, evaluation, y_true.astype(np.int64), score, None)
            for label, y_true, score in pairs
        ]
    if task == "labels":
        constant = evaluation.columns[int(np.argmin(_vary(evaluation.y_true)))]
        found, hint = f"Label {constant!r} is the same in all of them.", "Take rows with and without it."
    elif task is None:
        found, hint = f"Found {type(evaluation).__name__}.", "Pass what evaluate_model returned."
    elif task == "boxes":
        found, hint = "It measures boxes.", "Draw them on their images by plot_boxes()."
    elif evaluation.classes is None:
        found, hint = (
            "It measures predictions of numbers.",
            "Plot its `score` (predictions) against its `y_true`.",
        )
    else:
        found, hint = f"{evaluation.undefined}.", "Stratify the split by the outcome."
    raise InputError(
        f"Evaluation {name!r} must be of a classifier, on rows of every class." if name
        else "`evaluations` must be of classifiers, on rows of every class.",
        found,
        hint,
    )  # fmt: skip


def _vary(columns):
    """Say which columns hold more than one value."""
    return np.ptp(columns, axis=0) > 0


def _order(evaluation):
    return getattr(evaluation, "order", None)


def _scored(name, part, evaluation, y_true, score, order):
    label = ": ".join(filter(None, (name, part)))
    weights = getattr(evaluation, "weights", None)
    order = None if order is None else np.ascontiguousarray(order)
    return Scored(label, np.asarray(y_true), np.ascontiguousarray(score), weights, evaluation.level, order)


def _class_name(label, what):
    return label if isinstance(label, str) else f"{what} {label}"  # "setosa", but "class 0"
