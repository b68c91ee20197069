"""Calibration over folds: of each repeat's held-out predictions together, averaged over repeats."""

import numpy as np

from bineural.comparing.pooling import NAN
from bineural.comparing.rounding import NULL

NAMES = ("calibration_slope", "calibration_intercept", "ece")
_NO_LINE = {"calibration_slope": NAN, "calibration_intercept": NAN}  # of one constant in each fold


def calibrate(basis, predictions):
    """Return slope, intercept and expected calibration error of each entrant's probabilities of the event.

    Parameters
    ----------
    basis : Basis
    predictions : dict of str to ndarray, shape (draws, n_out)

    Returns
    -------
    dict of str to dict of str to float
        Empty unless an event is predicted.
    """
    if basis.measured_as != "binary":
        return {}
    by_model = {name: _of_model(basis, given) for name, given in predictions.items()}
    by_model[NULL] |= _NO_LINE
    return by_model


def _of_model(basis, predictions):
    probability = predictions.mean(axis=0)
    each = [_of_repeat(basis, probability, rows) for rows in rows_of_repeats(basis)]
    means = {name: _mean([values[name] for values in each]) for name in NAMES}
    several = [probability[part] for part in basis.parts() if part.stop - part.start > 1]
    constant = bool(several) and all(np.ptp(values) == 0 for values in several)
    return means | _NO_LINE if constant else means


def rows_of_repeats(basis):
    """Return the places among `basis.rows` of each repeat."""
    places = list(basis.parts())
    repeats = [resample.repeat for resample in basis.sets]
    return [
        np.concatenate([np.arange(p.start, p.stop) for p, r in zip(places, repeats) if r == repeat])
        for repeat in dict.fromkeys(repeats)
    ]


def _of_repeat(basis, probability, places):
    from bineural.measures.calibrating import calibration

    rows = basis.rows[places]
    weights = None if basis.weights is None else basis.weights[rows]
    result = calibration(basis.truth[rows], probability[places], weights=weights)
    return {"calibration_slope": result.slope, "calibration_intercept": result.intercept, "ece": result.ece}


def _mean(values):
    values = np.array(values, dtype=np.float64)
    return float(np.mean(values[~np.isnan(values)])) if not np.isnan(values).all() else NAN
