"""Which measures each task gets: probabilities of an event, of several classes, or predicted numbers.

A measure that the rows cannot define is NaN, with its reason in `undefined`.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from bineural.measuring.delong import auroc_interval
from bineural.measuring.measures import SMALLEST, average_precision, brier, log_loss
from bineural.measuring.multiclass import hand_till_of_codes, one_vs_rest_of_codes

NAN = math.nan


@dataclass
class Measured:
    """Measures by name, intervals where there are any, and the reasons of what is undefined."""

    measures: dict
    intervals: dict = field(default_factory=dict)
    undefined: dict = field(default_factory=dict)


def measure_event(event, probability, threshold, level):
    """Measure the probabilities of an event.

    Parameters
    ----------
    event : ndarray of bool, shape (n_rows,)
    probability : ndarray of float64, shape (n_rows,)
    threshold : float
        A row is called an event when its probability is at least this.
    level : float
        Confidence level of the AUROC's interval.
    """
    undefined, intervals = {}, {}
    if 0 < np.count_nonzero(event) < event.size:
        interval = intervals["auroc"] = auroc_interval(event, probability, level)
        area, precision = interval.estimate, average_precision(event, probability)
        if interval.method == "undefined":
            undefined["interval of auroc"] = "it needs two events and two other rows"
    else:
        area = precision = NAN
        reason = f"all {event.size} rows are {'events' if event[0] else 'without the event'}"
        undefined = {"auroc": reason, "average_precision": reason}
    measures = {
        "auroc": area,
        "average_precision": precision,
        "log_loss": log_loss(event, probability),
        "brier": brier(event, probability),
        "accuracy": float(np.mean((probability >= threshold) == event)),
    }
    return Measured(measures, intervals, undefined)


def measure_classes(codes, probability, classes):
    """Measure the probabilities of several classes.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_rows,)
        Position of each row's class.
    probability : ndarray of float64, shape (n_rows, n_classes)
    classes : list
        Labels, in the order of the columns.
    """
    absent = [classes[k] for k in np.setdiff1d(np.arange(len(classes)), codes)]
    undefined = {}
    if absent:
        macro = pairs = NAN
        reason = f"no row of {', '.join(map(str, absent))}"
        undefined = {"auroc_macro": reason, "hand_till": reason}
    else:
        macro = float(np.mean(one_vs_rest_of_codes(codes, probability)))
        pairs = hand_till_of_codes(codes, probability)
    given = probability[np.arange(codes.size), codes]
    measures = {
        "auroc_macro": macro,
        "hand_till": pairs,
        "log_loss": float(np.mean(-np.log(np.clip(given, SMALLEST, 1.0 - SMALLEST)))),
        "accuracy": float(np.mean(np.argmax(probability, axis=1) == codes)),
    }
    return Measured(measures, {}, undefined)


def measure_numbers(y_true, predicted):
    """Measure predicted numbers, both arrays float64 of shape (n_rows,)."""
    error = predicted - y_true
    spread = float(np.sum(np.square(y_true - np.mean(y_true))))
    undefined = {}
    if spread == 0:
        undefined["r_squared"] = f"the outcome is the same in all {y_true.size} rows"
    measures = {
        "rmse": math.sqrt(np.mean(np.square(error))),
        "mae": float(np.mean(np.abs(error))),
        "r_squared": 1.0 - float(np.sum(np.square(error))) / spread if spread > 0 else NAN,
    }
    return Measured(measures, {}, undefined)
