"""Which measures each task gets: probabilities of an event, of several classes, or predicted numbers.

A measure that the rows cannot define is NaN, with its reason in `undefined`.
"""

from dataclasses import dataclass, field

import numpy as np

from bineural.measures.delong import auroc_interval
from bineural.measures.distances import mae, mean_deviance, r_squared, rmse
from bineural.measures.measures import SMALLEST, average_precision, brier, log_loss, weighted_mean
from bineural.measures.multiclass import hand_till_of_codes, one_vs_rest_of_codes

NAN = float("nan")


@dataclass
class Measured:
    """Measures by name, intervals where there are any, and the reasons of what is undefined."""

    measures: dict
    intervals: dict = field(default_factory=dict)
    undefined: dict = field(default_factory=dict)


def measure_event(event, probability, threshold, level, weights=None, order=None):
    """Measure the probabilities of an event.

    Parameters
    ----------
    event : ndarray of bool, shape (n_rows,)
    probability : ndarray of float64, shape (n_rows,)
    threshold : float
        A row is called an event when its probability is at least this.
    level : float
        Confidence level of the AUROC's interval.
    weights : ndarray of float64 > 0, shape (n_rows,), optional
    order : ndarray of float64, shape (n_rows,), optional
        What ranks the rows, if not the probability; see `ordered`.
    """
    undefined, intervals = {}, {}
    order = probability if order is None else order
    if 0 < np.count_nonzero(event) < event.size:
        interval = intervals["auroc"] = auroc_interval(event, order, level, weights=weights)
        area, precision = interval.estimate, average_precision(event, order, weights)
        if interval.method == "undefined":
            undefined["interval of auroc"] = "it needs two events and two other rows"
    else:
        area = precision = NAN
        reason = f"all {event.size} rows are {'events' if event[0] else 'without the event'}"
        undefined = {"auroc": reason, "average_precision": reason}
    measures = {
        "auroc": area,
        "average_precision": precision,
        "log_loss": log_loss(event, probability, weights),
        "brier": brier(event, probability, weights),
        "accuracy": weighted_mean((probability >= threshold) == event, weights),
    }
    return Measured(measures, intervals, undefined)


def measure_classes(codes, probability, classes, weights=None, order=None):
    """Measure the probabilities of several classes.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_rows,)
        Position of each row's class.
    probability : ndarray of float64, shape (n_rows, n_classes)
    classes : list
        Labels, in the order of the columns.
    weights : ndarray of float64 > 0, shape (n_rows,), optional
    order : ndarray of float64, shape (n_rows, n_classes), optional
        What ranks the rows, if not the probabilities.
    """
    order = probability if order is None else order
    absent = [classes[k] for k in np.setdiff1d(np.arange(len(classes)), codes)]
    undefined = {}
    if absent:
        macro = pairs = NAN
        reason = f"no row of {', '.join(map(str, absent))}"
        undefined = {"auroc_macro": reason, "hand_till": reason}
    else:
        macro = float(np.mean(one_vs_rest_of_codes(codes, order, weights)))
        pairs = hand_till_of_codes(codes, order, weights)
    given = probability[np.arange(codes.size), codes]
    measures = {
        "auroc_macro": macro,
        "hand_till": pairs,
        "log_loss": weighted_mean(-np.log(np.clip(given, SMALLEST, 1.0 - SMALLEST)), weights),
        "accuracy": weighted_mean(np.argmax(probability, axis=1) == codes, weights),
    }
    return Measured(measures, {}, undefined)


def measure_numbers(y_true, predicted, family="gaussian", weights=None):
    """Measure predicted numbers.

    Parameters
    ----------
    y_true, predicted : ndarray of float64, shape (n_rows,)
    family : str
        The model's; for the Gaussian the deviance is the squared RMSE and is left out.
    weights : ndarray of float64 > 0, shape (n_rows,), optional
    """
    measures = {
        "rmse": rmse(y_true, predicted, weights),
        "mae": mae(y_true, predicted, weights),
        "r_squared": r_squared(y_true, predicted, weights),
    }
    undefined = {}
    if np.isnan(measures["r_squared"]):
        undefined["r_squared"] = f"the outcome is the same in all {y_true.size} rows"
    if family != "gaussian":
        measures["mean_deviance"] = mean_deviance(y_true, predicted, family, weights)
    return Measured(measures, {}, undefined)
