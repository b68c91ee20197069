"""Curves of a comparison: held-out predictions, averaged over repeats and draws and pooled over folds.

Pooling mixes the models of all folds: the curves are for looking at, and the numbers beside them are the
means over folds.
"""

import textwrap

import numpy as np

from bineural.comparing.rounding import NULL
from bineural.errors import InputError
from bineural.figures.curves import draw_precision_recall, draw_roc, precision_steps, roc_steps
from bineural.figures.forest import over, rounded
from bineural.figures.kinds import add_kind
from bineural.figures.reliability import AXES, QUANTILE_AXES, draw_calibration
from bineural.figures.scored import Scored

_OF_EVENTS = "binary", "anomalies"


def held_out(comparison, names, event):
    """Return a `Scored` for each model, for the event or one class of several.

    Parameters
    ----------
    comparison : Comparison
    names : list of str
        The null model is left out: it has no curve.
    event : label or None
    """
    label = _match_event(comparison, event)
    curves = []
    for name in names:
        if name == NULL:
            continue
        rows, truth, prediction = comparison.averaged_predictions(name)
        order = comparison.averaged_predictions(name, order=True)[2]
        weights = comparison.basis.weights
        if comparison.task == "multiclass":
            k = comparison.classes.index(label)
            truth, prediction, order = (truth == k).astype(np.int64), prediction[:, k], order[:, k]
        elif comparison.basis.measured_as == "labels":
            k = comparison.basis.columns.index(label)
            truth, prediction, order = truth[:, k].astype(np.int64), prediction[:, k], order[:, k]
        weights = None if weights is None else weights[rows]
        prediction, order = map(np.ascontiguousarray, (prediction, order))
        curves.append(Scored(name, truth, prediction, weights, comparison.level, order))
    return curves


def _match_event(comparison, event):
    from bineural.inputs.outcomes import match_event

    if comparison.basis.measured_as == "labels":
        return _match_column(comparison.basis.columns, event)
    if comparison.classes is None:
        raise InputError(
            "Curves can be drawn of classes only.",
            "The outcome of this comparison is numbers.",
            'Draw kind="forest", "folds" or "repeats".',
        )
    if comparison.task in _OF_EVENTS:
        if event is not None and event != comparison.event:
            raise InputError(
                "`event` must be the one that was compared.",
                f"Found {event!r}; it is {comparison.event!r}.",
                "Leave it out.",
            )
        return comparison.event
    if event is None:
        raise InputError(
            "Curves of several classes must name the class that is drawn against the rest.",
            f"There are {comparison.classes}.",
            f"Pass event={comparison.classes[0]!r}.",
        )
    return match_event(event, comparison.classes)


def _match_column(columns, event):
    """Return the label that is drawn, of an outcome of several."""
    if event not in columns:
        raise InputError(
            "Curves of several labels must name the label that is drawn.",
            f"Found {'none' if event is None else repr(event)}; there are {columns}.",
            f"Pass event={columns[0]!r}.",
        )
    return event


def held_out_roc_data(comparison, names, measure, event=None):
    """Make the table of the ROC curves: columns as in `roc_data`, `attrs` "title" and "alt"."""
    curves = held_out(comparison, names, event)
    parts = [roc_steps(c) for c in curves]
    return _stacked(comparison, curves, parts, "auroc", "ROC curves", event)


def held_out_precision_data(comparison, names, measure, event=None):
    """Make the table of the precision-recall curves: columns as in `precision_recall_data`."""
    curves = held_out(comparison, names, event)
    parts = [precision_steps(c) for c in curves]
    return _stacked(comparison, curves, parts, "average_precision", "Precision-recall curves", event)


def held_out_calibration_data(comparison, names, measure, event=None):
    """Make the table of the calibration curves: columns as in `calibration_data`."""
    from bineural.measures.calibrating import calibration

    if comparison.basis.measured_as == "quantiles":
        return _quantile_data(comparison, names)
    curves = held_out(comparison, names, event)
    records = [
        calibration(c.y_true, c.score, weights=c.weights, strategy="quantile", bins=_n_bins(c), level=c.level)
        for c in curves
    ]
    sentences = [_calibrated(comparison, c, record) for c, record in zip(curves, records)]
    title = f"Calibration (quantile bins, {100 * comparison.level:g}% intervals; means over repeats)"
    labelled = _labelled(curves, [record.bins for record in records], sentences, 56)
    table = _titled(labelled, comparison, title, "Calibration curves", event, sentences)
    table.attrs |= AXES
    return table


def _quantile_data(comparison, names):
    """Make the table of the shares of outcomes at or below each held-out quantile."""
    from bineural.measures.quantile_losses import coverage_error, shares_below

    levels = [float(column) for column in comparison.basis.columns]
    curves, parts, errors = [], [], []
    for name in names:
        if name == NULL:
            continue
        rows, truth, prediction = comparison.averaged_predictions(name)
        weights = comparison.basis.weights
        weights = None if weights is None else weights[rows]
        parts.append(shares_below(truth, prediction, weights, levels, comparison.level))
        errors.append(f"error {coverage_error(truth, prediction, weights, levels):.3f}")
        curves.append(Scored(name, truth, prediction, weights, comparison.level))
    title = f"Quantiles ({100 * comparison.level:g}% intervals; error of the curve)"
    labelled = _labelled(curves, parts, errors, 56)
    table = _titled(labelled, comparison, title, "Calibration of quantiles", None, errors)
    table.attrs |= QUANTILE_AXES
    return table


def _n_bins(scored):
    """Return as many bins as hold 20 rows or more, from 3 to 10."""
    return int(np.clip(scored.y_true.size // 20, 3, 10))


def _calibrated(comparison, scored, record):
    own = comparison.calibration.get(scored.name) or {
        "calibration_slope": record.slope,
        "calibration_intercept": record.intercept,
        "ece": record.ece,
    }
    slope, intercept = own["calibration_slope"], own["calibration_intercept"]
    numbers = "slope undefined" if np.isnan(slope) else f"slope {slope:.2f}, intercept {intercept + 0.0:.2f}"
    return f"{numbers}, error {own['ece']:.3f}"


def _stacked(comparison, curves, parts, measure, what, event):
    if measure not in comparison.measures:  # of several classes
        title, numbers = "Models", [""] * len(curves)
        return _titled(_labelled(curves, parts, numbers, 58), comparison, title, what, event, numbers)
    table = comparison.table.set_index("model")
    numbers = []
    for c in curves:
        low, high = comparison.interval(c.name, measure)
        limits = "" if np.isnan(low) else f" [{rounded(low, high - low)}, {rounded(high, high - low)}]"
        numbers.append(f"{rounded(table.loc[c.name, measure], high - low)}{limits}")
    label = comparison.measures[measure].label
    label = label[0].upper() + label[1:]
    title = f"{label}, {over(comparison)} ({100 * comparison.level:g}% interval)"
    return _titled(_labelled(curves, parts, numbers, 58), comparison, title, what, event, numbers)


def _labelled(curves, parts, numbers, width):
    import pandas as pd

    labels = [textwrap.fill(f"{c.name}  {text}".strip(), width) for c, text in zip(curves, numbers)]
    labelled = []
    for c, label, part in zip(curves, labels, parts):
        part = part.copy()
        part.insert(0, "curve", c.name)
        part.insert(1, "label", label)
        labelled.append(part)
    return pd.concat(labelled, ignore_index=True)


def _titled(table, comparison, title, what, event, numbers):
    pooled = _pooled(comparison)
    labels = ", ".join(f"{name} {text}".strip() for name, text in zip(table["curve"].unique(), numbers))
    of = "" if event is None else f" of {event}"
    table.attrs["title"] = "\n".join([textwrap.fill(title, 62), textwrap.fill(f"Curves: {pooled}", 62)])
    table.attrs["alt"] = f"{what}{of}, {pooled}. {title}: {labels}."
    return table


def _pooled(comparison):
    if comparison.basis.single_split:
        return "predictions of the test rows"
    repeats = len({resample.repeat for resample in comparison.basis.sets})
    averaged = f"averaged over {repeats} repeats and " if repeats > 1 else ""
    return f"held-out predictions, {averaged}pooled over folds"


def _best_models(comparison):
    """Return the reference and the best three others."""
    table = comparison.table.set_index("model").drop(index=[NULL, comparison.reference], errors="ignore")
    larger = comparison.measures[comparison.measure].larger_is_better
    best = table[comparison.measure].sort_values(ascending=not larger, kind="stable").index[:3]
    return [name for name in comparison.models if name in best or name == comparison.reference]


_curves = {"suits": lambda comparison: comparison.task in _OF_EVENTS, "of_event": True}
add_kind(
    "roc",
    held_out_roc_data,
    lambda table, path: draw_roc(table, None, path),
    "ROC curves. They pool the models of all folds and are for looking at; the numbers are means over folds.",
    place=4,
    **_curves,
)
add_kind(
    "precision_recall",
    held_out_precision_data,
    draw_precision_recall,
    "Precision against recall; the dotted line is the share of events.",
    place=5,
    **_curves,
)
add_kind(
    "calibration",
    held_out_calibration_data,
    draw_calibration,
    "Observed shares of events against mean predicted probabilities, with Wilson's intervals.",
    place=6,
    choose_models=_best_models,
    **_curves | {"suits": lambda comparison: comparison.task == "binary"},
)
