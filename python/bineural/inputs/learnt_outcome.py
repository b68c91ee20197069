"""The outcome as the training rows have it: its classes, their order and the event, or numbers."""

from dataclasses import dataclass

import numpy as np
from sklearn.utils.multiclass import check_classification_targets

from bineural.bundles.schema import array, label, list_of, may_lack, optional, require, text
from bineural.errors import OutcomeError
from bineural.inputs.outcomes import match_event, no_event
from bineural.messages import listed
from bineural.tables.rows import as_numbers, refuse_unhashable

labels = list_of(label, least=1)


def class_labels(value):
    """The classes of an outcome: at least two, all different."""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.kind not in "biufUO":
        return False
    items = value.tolist()
    return len(items) > 1 and all(map(label, items)) and len(set(items)) == len(items)


def box_labels(value):
    """The labels of the objects of an outcome of boxes: at least one, all different."""
    return isinstance(value, np.ndarray) and len(value) == 1 or class_labels(value)


@dataclass(eq=False)
class Outcome:
    """What the training rows teach about an outcome; all None where it is numbers.

    Attributes
    ----------
    classes : ndarray, shape (n_classes,), or None
        Labels, sorted; outputs and probabilities are in this order.
    levels : list or None
        The same labels in the order that the user's column has (of a category), else sorted.
    event : label or None
        The class whose probability is meant, if one was named.
    n_class_rows : ndarray of int, shape (n_classes,), or None
        Training rows of each class.
    columns : list of str or None
        Names of the columns of an outcome that has several.
    object_labels : ndarray, shape (n_labels,), or None
        Labels of the objects of an outcome of boxes, sorted; one label where they have none.
    """

    classes: np.ndarray | None = None
    levels: list | None = None
    event: object = None
    n_class_rows: np.ndarray | None = None
    columns: list | None = None
    object_labels: np.ndarray | None = None

    SCHEMA = {
        "classes": optional(class_labels),
        "levels": optional(labels),
        "event": optional(label),
        "n_class_rows": optional(array("iu")),
        "columns": may_lack(optional(list_of(text))),
        "object_labels": may_lack(optional(box_labels)),
    }

    @property
    def is_classes(self):
        """Whether the outcome is classes."""
        return self.classes is not None

    @property
    def n_parts(self):
        """Number of classes, of labels of boxes, or of columns of the outcome; 0 for one of numbers."""
        if self.object_labels is not None:
            return len(self.object_labels)
        return len(self.classes) if self.is_classes else len(self.columns or ())

    @property
    def event_position(self):
        """Position in `classes` of the class whose log-odds are modelled: the event, else the last."""
        return len(self.classes) - 1 if self.event is None else self.position_of(self.event)

    @property
    def places(self):
        """Where classes stand: "event", the position of the event, and "ranks", of each among the levels."""
        if not self.is_classes:
            return {"event": None}
        rank = {label: k for k, label in enumerate(self.levels)}
        return {"event": self.event_position, "ranks": [rank[label] for label in self.classes.tolist()]}

    def position_of(self, event=None):
        """Return the position in `classes` of an event, or of the one that was named at fit.

        Raises
        ------
        OutcomeError
            If no event is known, or it is none of the classes.
        """
        event = self.event if event is None else match_event(event, self.classes)
        if event is None:
            raise no_event(self.classes)
        return int(np.flatnonzero(self.classes == event)[0])

    def most_probable(self, probability):
        """Return the label of the largest probability in each row; None in a row that holds NaN.

        Parameters
        ----------
        probability : ndarray of float64, shape (n_rows, n_classes)

        Returns
        -------
        ndarray, shape (n_rows,)
        """
        known = ~np.isnan(probability).any(axis=1)
        if known.all():
            return self.classes[np.argmax(probability, axis=1)]
        answer = np.full(len(probability), None, dtype=object)
        answer[known] = self.classes[np.argmax(probability[known], axis=1)]
        return answer

    def check_state(self):
        """Check what holds between the attributes of an outcome from a file."""
        if self.classes is None:
            others = (self.levels, self.event, self.n_class_rows)
            require(all(value is None for value in others), "an outcome of numbers has levels or an event")
            return
        require(self.levels is not None and self.n_class_rows is not None, "the classes have no levels")
        classes = self.classes.tolist()
        levels = [_plain(level) for level in self.levels]
        require(len(levels) == len(classes) and set(levels) == set(classes), "the levels are not the classes")
        require(len(self.n_class_rows) == len(classes), "the classes are not as many as their rows")
        require(int(self.n_class_rows.min()) >= 0, "a class has less than no rows")
        require(self.event is None or _plain(self.event) in classes, "the event is none of the classes")


def learn_classes(y, event=None, levels=None):
    """Learn classes and event.

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
        Labels of the training rows, none missing.
    event : label, optional
        By its value or its text.
    levels : list, optional
        All levels of the user's column, in their order.

    Returns
    -------
    Outcome, ndarray of int64, shape (n_rows,)
        And each row's position in `classes`.

    Raises
    ------
    OutcomeError
        If there are fewer than two classes, or the event is none of them.
    """
    if np.asarray(y).dtype.kind == "f" and not np.isfinite(y).all():
        raise _infinite(y.dtype)
    if np.asarray(y).dtype.kind == "O":
        refuse_unhashable(y, "the outcome", OutcomeError)
    check_classification_targets(y)
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise OutcomeError(
            "The outcome must hold at least two classes in the training rows.",
            f"It holds only one class: {classes.tolist()} (n = {len(y)}).",
            "Stratify the split by the outcome, or check the filter that made these rows.",
        )
    present = set(classes.tolist())
    levels = [level for level in levels or classes.tolist() if level in present]
    n_class_rows = np.bincount(codes, minlength=len(classes))
    return Outcome(classes, levels, match_event(event, classes), n_class_rows), codes.astype(np.int64)


def learn_numbers(y):
    """Read an outcome of numbers.

    Returns
    -------
    Outcome, ndarray of float64, shape (n_rows,)

    Raises
    ------
    OutcomeError
        If it holds anything but finite numbers.
    """
    try:
        y = as_numbers(y)
    except (TypeError, ValueError) as error:
        raise OutcomeError(
            "A regressor's outcome must be numbers.",
            f"Found values such as {listed(list(y)[:3])}.",
            "For labels use a classifier: fit_glm(..., event=...) or fit_net(..., event=...).",
        ) from error
    if not np.isfinite(y).all():
        raise _infinite(np.dtype(np.float64))
    return Outcome(), y


def _infinite(dtype):
    return OutcomeError(
        "The outcome must be finite.",
        f"Input y contains infinity or a value too large for dtype('{dtype}').",
        "Check how the outcome was computed.",
    )


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value
