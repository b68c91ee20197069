"""The basis of a comparison: rows, outcome, event and folds, the same for all models."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bineural.detection.coding import read_coded
from bineural.inputs.given_rows import read_outcomes
from bineural.inputs.outcomes import (
    plain_values,
)
from bineural.inputs.problem import Problem
from bineural.messages import number_of
from bineural.tables.labels import counted_labels, shown_label
from bineural.tables.rows import take_rows
from bineural.training.seeds import stream_seed


@dataclass
class Basis:
    """What all models of a comparison share.

    Attributes
    ----------
    problem : Problem
        Rows `X` and outcome `y` as given, row weights, the right side of the formula, columns to leave out.
    task : {"binary", "multiclass", "regression"}
    classes : list or None
        All classes of the outcome, in the order of its levels.
    event : label or None
        Class whose probability is measured ("binary").
    truth : ndarray, shape (n_rows,)
        1 for the event and 0 for others (int64), position in `classes`, or the number; of rows without an
        outcome -1 or NaN.
    weights : ndarray of float64, shape (n_rows,), or None
    sets : list of TrainingSet
        Training and test rows of each resample; rows without an outcome are in none.
    folds : Folds or Split
    seed : int
    n_left_out : int
        Rows without an outcome, or of weight 0.
    objective : nets.objectives.Objective or None
        The first that a net asks for by name: it says what numbers are measured by, and the baseline.
    null : Entrant or None
        The null model, whose predictions stand in for those of fits that fail.
    sequence_options : tuple
        Of sequences: the unit, most symbols and longest part that is read, of all models.
    """

    problem: Problem
    task: str
    classes: list | None
    event: object
    truth: np.ndarray
    weights: np.ndarray | None
    sets: list
    folds: object
    seed: int
    n_left_out: int
    objective: object = None
    null: object = None
    sequence_options: tuple = ()

    @property
    def measured_as(self):
        """The task of its measures: that of the objective that a net asks for, or of the outcome."""
        return (None if self.objective is None else self.objective.task) or self.task

    @property
    def columns(self):
        """Names of what is predicted of a row, where that is several numbers; else empty."""
        if self.task == "multiclass":
            return list(self.classes)
        if self.truth.ndim == 2:
            return read_outcomes(self.problem.y, len(self.truth))[1]
        return [] if self.objective is None else list(self.objective.columns)

    @property
    def has_outcome(self):
        """Say which rows have an outcome and count: ndarray of bool, (n_rows,)."""
        if self.task != "regression":
            return self.truth >= 0
        gaps = np.isnan(self.truth)
        return ~(gaps.any(axis=1) if gaps.ndim == 2 else gaps)

    @property
    def rows(self):
        """Test rows of all resamples, one resample after the other: int64 positions in the data."""
        return np.concatenate([resample.test for resample in self.sets])

    @property
    def n_rows(self):
        """Rows that have an outcome."""
        return len(self.truth) - self.n_left_out

    @property
    def n_events(self):
        """Rows with the event, or None."""
        return int(np.sum(self.truth == 1)) if self.task == "binary" else None

    @property
    def class_rows(self):
        """Rows of each class, {label: rows}; None for numbers."""
        if self.task == "regression":
            return None
        labels = np.asarray(plain_values(self.problem.y), dtype=object).reshape(-1)[self.truth >= 0]
        counts = Counter(labels.tolist())
        return {label: counts[label] for label in self.classes}

    def labels_of(self, rows):
        """Return the labels of rows (int64 positions) as the data have them: shape (len(rows),)."""
        return np.asarray(plain_values(take_rows(self.problem.y, rows)))

    @property
    def outcome_text(self):
        """The outcome for a heading: events and all other classes, or the classes, with their rows."""
        name = self.problem.outcome
        if self.problem.object_labels is not None:
            return f", {self.objects_text}"
        if self.task == "regression":
            return f", outcome {name}" if name else ""
        if self.task == "multiclass":
            return f", outcome {name + ': ' if name else ''}{counted_labels(self.class_rows)}"
        event = f"{name + ': ' if name else ''}{shown_label(self.event)}"
        events, others = number_of(self.n_events, "event"), counted_labels(self.class_rows, but=self.event)
        return f", {events} ({event}; {others})"

    @property
    def objects_text(self):
        """The objects of images for a heading: how many in how many images, of which labels."""
        boxes, labels = read_coded(self.truth), self.problem.object_labels.tolist()
        counts = dict(zip(labels, np.bincount(boxes.labels, minlength=len(labels)).tolist()))
        of = f" ({counted_labels(counts)})" if len(labels) > 1 else ""
        held = number_of(len(np.unique(boxes.images)), "image")
        return f"{number_of(len(boxes), 'object')} in {held}{of}"

    @property
    def outcome_columns(self):
        """Columns of the data that the outcome is made of; none where it was given beside them."""
        from bineural.formula.outcome import outcome_columns

        if self.problem.formula is None:
            return []
        return [c for c in outcome_columns(self.problem.outcome) if c in list(self.problem.X.columns)]

    @property
    def n_units(self):
        """Rows tested in any resample; of the rarest class, where there are classes."""
        truth = self.truth[np.unique(self.rows)]
        return (
            len(truth)
            if self.task == "regression"
            else int(count_codes(truth, self.task, self.classes).min())
        )

    @property
    def single_split(self):
        """Say whether there is one resample only."""
        return len(self.sets) == 1

    @property
    def n_trained(self):
        """Rows that each resample trains on."""
        return [len(resample.train) for resample in self.sets]

    @property
    def n_tested(self):
        """Rows that each resample tests."""
        return [len(resample.test) for resample in self.sets]

    @property
    def events_tested(self):
        """Rows with the event that each resample tests, or None."""
        if self.task != "binary":
            return None
        return [int(np.sum(self.truth[resample.test] == 1)) for resample in self.sets]

    @property
    def test_share(self):
        """Mean number of test rows over mean number of training rows."""
        return float(np.mean(self.n_tested) / np.mean(self.n_trained))

    def numbers_of(self, rows):
        """Return the positions of rows in the data."""
        return rows

    def known_of(self, sets):
        """Return what is known of the rows that some resamples test, by name; see `Measure.settle`."""
        rows = np.unique(np.concatenate([resample.test for resample in sets]))
        weights = None if self.weights is None else self.weights[rows]
        return {"y_true": self.truth[rows], "weights": weights, "classes": self.classes}

    def parts(self):
        """Yield the place of each resample's test rows among `rows`."""
        end = 0
        for resample in self.sets:
            yield slice(end, end + len(resample.test))
            end += len(resample.test)

    def seed_of(self, name, resample, draw=0):
        """Return the seed of a model's fit, different for each resample and draw."""
        return stream_seed(self.seed, name, resample, draw)

    def take(self, rows):
        """Return (X, y, weights or None) of some rows."""
        weights = None if self.weights is None else self.weights[rows]
        return take_rows(self.problem.X, rows), take_rows(self.problem.y, rows), weights


class Rows(NamedTuple):
    """The rows of a comparison and what is predicted of them, as the user says it; see `compare_models`."""

    data: object
    outcome: object = None
    formula: str | None = None
    event: object = None
    classes: object = None
    weights: object = None
    objective: object = None
    object_labels: object = None
    formulas: tuple = ()  # right sides, where all models have formulas of their own
    sequence_options: tuple = ()  # of sequences: unit, most symbols, most of a sequence


def count_codes(truth, task, labels):
    """Count the rows of each class, or of the event and all others (of two or more labels) together."""
    return np.bincount(truth[truth >= 0], minlength=2 if task == "binary" else len(labels))
