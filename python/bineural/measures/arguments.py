"""Arguments of measures: labels, scores, probabilities and weights, checked once at the door.

What passes is plain: `event` (n_rows,) bool, `score` (n_rows,) float64 without NaN, `weights` (n_rows,)
float64 > 0 or None.
"""

from collections import Counter

import numpy as np

from bineural.errors import InputError
from bineural.messages import number_of
from bineural.tables.labels import near_text
from bineural.tables.rows import as_array


def check_scores(y_true, score, weights=None, names=("y_true", "score")):
    """Return (event, score, weights) where both classes are present."""
    event = check_labels(y_true, names[0])
    score = check_numbers(score, names[1])
    event, score, weights = _match(event, score, weights, names)
    check_both_classes(event, names[0])
    return event, score, weights


def check_probabilities(y_true, probability, weights=None):
    """Return (event, probability, weights); one class is enough, probabilities lie in [0, 1]."""
    event = check_labels(y_true)
    probability = check_numbers(probability, "probability")
    outside = (probability < 0) | (probability > 1)
    if outside.any():
        raise InputError(
            "`probability` must lie between 0 and 1.",
            f"{outside.sum()} of {probability.size} values are outside, "
            f"from {probability.min():g} to {probability.max():g}.",
            "Pass probabilities of the event; log-odds become probabilities by 1 / (1 + exp(-x)).",
        )
    return _match(event, probability, weights, ("y_true", "probability"))


def check_predicted(y_true, predicted, weights=None):
    """Return (y_true, predicted, weights), finite float64 vectors."""
    names = ("y_true", "predicted")
    vectors = [check_numbers(values, name) for values, name in zip((y_true, predicted), names)]
    for values, name in zip(vectors, names):
        if not np.isfinite(values).all():
            raise InputError(
                f"`{name}` must be finite.",
                f"{np.isinf(values).sum()} of {values.size} are infinite.",
                "Check how they were computed, or leave those rows out.",
            )
    return _match(*vectors, weights, names)


def check_labels(y_true, name="y_true"):
    """Return True where the event happened; 0 and 1, False and True, 0.0 and 1.0 are understood."""
    values = _one_dimension(as_array(y_true, f"`{name}`"), name)
    if values.dtype.kind == "O":
        values = unwrap_labels(values)
    if values.dtype.kind == "b":
        return values
    if values.dtype.kind not in "iuf":
        alike = near_text(f"`{name}`", Counter(values.tolist()))
        raise InputError(
            f"`{name}` must be 0 and 1, or booleans: whether the event happened.",
            f"It holds labels such as {str(values[0])!r}." + (f" {alike}" if alike else ""),
            f"Compare with the event: {_comparisons(name, values)}.",
        )
    event = values == 1
    known = np.count_nonzero(event) + np.count_nonzero(values == 0)
    if known < values.size:
        missing = np.count_nonzero(np.isnan(values)) if values.dtype.kind == "f" else 0
        others = np.unique(values[~(event | (values == 0) | (values != values))])
        held = ([f"{missing} missing values"] if missing else []) + (
            [f"other values such as {others[0].item()!r}"] if others.size else []
        )
        raise InputError(
            f"`{name}` must be 0 and 1, or booleans: whether the event happened.",
            f"It holds {' and '.join(held)} (n = {values.size}).",
            "Leave missing rows out." if missing else f"Compare with the event, for example `{name} == 1`.",
        )
    return event


def _comparisons(name, values):
    """Write how labels are compared with the event, of which nobody knows here which it is."""
    labels = sorted({str(value) for value in values[:10_000].tolist()})
    written = [f'`{name} == "{label}"`' for label in labels[:2]]
    return " or ".join(written) + (", ..." if len(labels) > 2 else "")


def check_numbers(values, name):
    """Return a float64 vector without NaN; infinite values are left to the measure."""
    array = as_array(values, f"`{name}`")
    if array.dtype.kind not in "biufO":
        array = array.astype(object)
    try:
        if array.dtype.kind == "O" and any(isinstance(v, str) for v in array.flat):
            raise TypeError("text that looks like numbers is text: a factor's labels")
        array = array.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"`{name}` must be numbers.",
            f"It holds values such as {np.ravel(array)[0]!r}.",
            "Pass scores or probabilities, not labels; leave missing rows out.",
        ) from error
    array = _one_dimension(array, name)
    missing = np.count_nonzero(np.isnan(array))
    if missing:
        raise InputError(
            f"`{name}` must not hold NaN.",
            f"{missing} of {array.size} values are NaN.",
            "Leave these rows out of both arguments, and say how many they were.",
        )
    return array


def check_both_classes(event, name="y_true"):
    """Raise unless there are both events and others."""
    n_events = np.count_nonzero(event)
    if n_events in (0, event.size):
        raise InputError(
            f"`{name}` must hold both classes, 0 and 1.",
            f"It holds {[int(event[0])] if event.size else []} (n = {event.size}).",
            "Stratify the split by the outcome, or code the event as 1.",
        )


def check_weights(weights, n_rows):
    """Return non-negative float64 row weights."""
    weights = check_numbers(weights, "weights")
    if weights.size != n_rows:
        raise InputError(
            "`weights` must have one value for each row.",
            f"Found {number_of(weights.size, 'weight')} and {number_of(n_rows, 'row')}.",
            "Pass weights of the same rows.",
        )
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise InputError(
            "`weights` must be finite and not negative, and not all zero.",
            f"Found values from {weights.min():g} to {weights.max():g}.",
            "Use 0 to leave a row out.",
        )
    return weights


def _match(event, score, weights, names):
    if event.size != score.size:
        raise InputError(
            f"`{names[0]}` and `{names[1]}` must have the same length.",
            f"Found {event.size} and {score.size}.",
            "Pass both for the same rows.",
        )
    if event.size == 0:
        raise InputError(f"`{names[0]}` must have rows.", "Found 0 rows.", "Check the filter that made them.")
    if weights is None:
        return event, score, None
    weights = check_weights(weights, event.size)
    if weights.all():
        return event, score, weights
    kept = weights > 0  # weight 0 leaves the row out
    return event[kept], score[kept], weights[kept]


def has_columns(values):
    """Say whether values are several columns, such as one of probabilities for each class."""
    shape = as_array(values, "`probability`").shape
    return len(shape) == 2 and shape[1] > 1


def _one_dimension(array, name):
    if array.ndim == 2 and array.shape[1] == 1:
        return array[:, 0]
    if array.ndim != 1:
        raise InputError(
            f"`{name}` must have one dimension.",
            f"Its shape is {array.shape}.",
            "Take the event's column, for example `probability[:, 1]`."
            if array.ndim == 2
            else "Pass a vector.",
        )
    return array


def unwrap_labels(values):
    """Turn Python objects into float64 (missing as NaN) or, where a label is text, into str."""
    numbers = np.empty(values.size)
    for i, value in enumerate(values):
        if value is None or type(value).__name__ in ("NAType", "NaTType"):
            numbers[i] = np.nan
        elif isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
            numbers[i] = value
        else:
            return np.array([str(v) for v in values])
    return numbers
