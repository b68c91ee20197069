"""The record of an evaluation: what was measured, on how many rows, and how sure it is."""

import math
from dataclasses import dataclass, field

import numpy as np

from bineural.drawn import Drawn
from bineural.measures.reuse import MANY_MODELS
from bineural.messages import number_of
from bineural.notebook import Shown
from bineural.printable import printable
from bineural.tables.labels import counted_labels, shown_label

METHODS = {
    "logit": "DeLong's variance on the logit scale",
    "exact": "exact bound, the AUROC being at its end",
}


@dataclass(eq=False, repr=False)
class Evaluation(Shown, Drawn):
    """Measures of a model on given rows; made by `evaluate_model`.

    Attributes
    ----------
    task : str
        "binary", "multiclass", "regression", "quantiles", "labels" or "boxes".
    n : int
        Rows measured.
    n_events : int or None
        Rows with the event among them (binary).
    event : label or None
        Class whose probability is measured (binary).
    classes : list or None
        The model's classes, in the order of its probability columns.
    n_class_rows : dict or None
        Rows of each class, in the order that the column fitted to has.
    outcome : str or None
        Column (or expression) that was predicted, where it has a name.
    measures : dict of str to float
        Estimates by name; NaN where undefined.
    intervals : dict of str to Interval
        Intervals by the measure's name ("auroc").
    undefined : dict of str to str
        Why a measure, or its interval, is undefined.
    threshold : float or None
        Probability from which a row is called an event (binary).
    level : float
        Confidence level of the intervals.
    n_missing_outcome, n_missing_prediction : int
        Rows left out because outcome, or else prediction, was missing.
    n_no_weight : int
        Other rows left out because their weight is 0.
    rows : ndarray of int64, shape (n,)
        0-based positions of the measured rows in the data.
    y_true : ndarray, shape (n,)
        1 for the event and 0 for others (binary), position in `classes` (multiclass), number (regression).
    score : ndarray of float64
        Probability of the event, shape (n,); of each class, (n, n_classes); the predicted number, (n,); or
        quantiles, (n, n_quantiles).
    order : ndarray of float64 or None
        Numbers in the order of `score` where rounding has made some of it equal and the model's logits tell
        those rows apart; AUROC, average precision and curves are of these.
    weights : ndarray of float64, shape (n,), or None
        Of the measured rows.
    n_known : int
        Rows of which a copy is among those that the model was fitted to in this process; printing warns.
    labels : dict of str to str
        What each measure is called in print.
    columns : list of str or None
        Names of the columns of `score`, where numbers predicted of a row are several: labels, or levels of
        quantiles.
    object_labels : list or None
        Labels of objects in images, by which boxes are coded (boxes).
    n_scored : int
        Different models that these rows have measured in this process, this one too; printing warns of many.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> evaluation = bn.evaluate_model(glm, kyphosis)
    >>> evaluation.n, evaluation.n_events, round(evaluation.measures["auroc"], 4)
    (81, 17, 0.8594)
    >>> round(evaluation.intervals["auroc"].low, 4)
    0.7475
    """

    task: str
    n: int
    n_events: int | None
    event: object
    classes: list | None
    n_class_rows: dict | None
    outcome: str | None
    measures: dict
    undefined: dict
    threshold: float | None
    level: float
    n_missing_outcome: int
    n_missing_prediction: int
    rows: np.ndarray
    y_true: np.ndarray
    score: np.ndarray
    order: np.ndarray | None = None
    weights: np.ndarray | None = None
    n_no_weight: int = 0
    n_known: int = 0
    n_scored: int = 1
    intervals: dict = field(default_factory=dict)
    object_labels: list | None = None
    labels: dict = field(default_factory=dict)
    columns: list | None = None

    @property
    def table(self):
        """The measures as a pandas data frame: measure, estimate, low, high (NaN where undefined)."""
        import pandas as pd

        return pd.DataFrame(self._columns())

    def _columns(self):
        intervals = [self.intervals.get(name) for name in self.measures]
        return {
            "measure": list(self.measures),
            "estimate": list(self.measures.values()),
            "low": [math.nan if i is None else i.low for i in intervals],
            "high": [math.nan if i is None else i.high for i in intervals],
        }

    def __str__(self):
        """Say n and events first, then the measures, then what was left out or is undefined."""
        lines = [self._headline(), *self._left_out(), "", *self._table_lines(), *self._notes()]
        return printable("\n".join(lines))

    __repr__ = __str__

    def _headline(self):
        of = f"{self.outcome}: " if self.outcome else ""
        if self.task == "boxes":
            return f"n = {number_of(self.n, 'image')}, {self.outcome}"
        if self.task == "binary":
            event = f"{of}{shown_label(self.event)}"
            if len(self.n_class_rows) > 2:
                event += f"; {counted_labels(self.n_class_rows, but=self.event)}"
            return f"n = {self.n}, events = {self.n_events} ({event})"
        if self.task == "multiclass":
            return f"n = {self.n} ({of}{counted_labels(self.n_class_rows, most=len(self.n_class_rows))})"
        return f"n = {self.n}" + (f" ({self.outcome})" if self.outcome else "")

    def _left_out(self):
        counts = [
            f"{count} {'row' if count == 1 else 'rows'} without {what}"
            for count, what in (
                (self.n_missing_outcome, "outcome"),
                (self.n_missing_prediction, "prediction"),
                (self.n_no_weight, "weight"),
            )
            if count
        ]
        return [f"left out: {', '.join(counts)}"] if counts else []

    def _table_lines(self):
        names = [self._label(name) for name in self.measures]
        numbers = [_number(value) for value in self.measures.values()]
        intervals = [self.intervals.get(name) for name in self.measures]
        ranges = [
            "" if i is None or math.isnan(i.low) else f"{_number(i.low)} to {_number(i.high)}"
            for i in intervals
        ]
        width, digits = max(map(len, names)), max(map(len, [*numbers, "estimate"]))
        heading = f"{100 * self.level:g}% interval" if any(ranges) else ""
        lines = [f"{'measure':<{width}}  {'estimate':>{digits}}  {heading}"]
        lines += [f"{a:<{width}}  {b:>{digits}}  {c}" for a, b, c in zip(names, numbers, ranges)]
        return [line.rstrip() for line in lines]

    def _notes(self):
        methods = {METHODS[i.method] for i in self.intervals.values() if i.method in METHODS}
        notes = ["Rows are weighted; n and events count rows."] * (self.weights is not None)
        notes += [f"Interval: {method}." for method in sorted(methods)]
        reasons = {}
        for name, reason in self.undefined.items():
            label = "the interval of AUROC" if name.startswith("interval") else self._label(name)
            reasons.setdefault(reason, []).append(label)
        notes += [f"Undefined: {' and '.join(labels)} ({reason})." for reason, labels in reasons.items()]
        notes += self._cautions()
        return ["", *notes] if notes else []

    def _cautions(self):
        """Say where a model is upside down, and where rows were used twice."""
        cautions, interval = [], self.intervals.get("auroc")
        if interval is not None and interval.high < 0.5:
            sentence = turned_round("the model", interval.estimate, interval.low, interval.high, self.event)
            cautions += [f"Caution: {sentence}"]
        if self.n_known > 0.05 * self.n:
            are = "is" if self.n_known == 1 else "are"
            cautions += [
                f"Caution: {self.n_known} of {self.n} rows {are} among those the model was fitted to, which "
                "flatters it."
            ]
        if self.n_scored >= MANY_MODELS:
            cautions += [
                f"Caution: these rows have scored {self.n_scored} models; the best of them is flattered. "
                "Choose by compare_models() or tune_net() on the training rows."
            ]
        return cautions

    def _label(self, name):
        return self.labels.get(name, name)

    def to_dict(self):
        """Return everything as plain values, lists and dicts; `text` is what print shows."""
        interval = self.intervals.get("auroc")
        return {
            "task": self.task,
            "n": self.n,
            "n_events": self.n_events,
            "event": self.event,
            "classes": self.classes,
            "n_class_rows": self.n_class_rows and [self.n_class_rows[label] for label in self.classes],
            "outcome": self.outcome,
            **self._columns(),
            "undefined": dict(self.undefined),
            "interval_method": None if interval is None else interval.method,
            "threshold": self.threshold,
            "level": self.level,
            "n_missing_outcome": self.n_missing_outcome,
            "n_missing_prediction": self.n_missing_prediction,
            "rows": self.rows.tolist(),
            "y_true": self.y_true.tolist(),
            "score": self.score.tolist(),
            "order": None if self.order is None else self.order.tolist(),
            "weights": None if self.weights is None else self.weights.tolist(),
            "n_no_weight": self.n_no_weight,
            "n_known": self.n_known,
            "n_scored": self.n_scored,
            "text": str(self),
        }


def turned_round(model, area, low, high, event):
    """Say that an AUROC lies below one half, and what to check."""
    return (
        f"{model} ranks the other class first: its AUROC of {area:.2f} [{low:.2f}, {high:.2f}] lies wholly "
        f"below 0.5.\nCheck that it gives the probability of {event!r}, and not of the other class; if it "
        "does, it has learnt a relation that is reversed in the test rows."
    )


def _number(value):
    """Write a measure with four decimals, or four digits where it is small or large."""
    if math.isnan(value):
        return "NaN"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.4f}"
    return f"{value:.4g}"
