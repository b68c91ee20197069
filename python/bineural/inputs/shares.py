"""Outcomes that are counted: cbind(successes, failures), as shares of trials."""

import numpy as np

from bineural.errors import OutcomeError
from bineural.formula.outcome import evaluate_outcomes
from bineural.tables.frames import as_frame


def shares_of(outcome, data):
    """Return the shares of successes among the trials of each row.

    Parameters
    ----------
    outcome : str
        "cbind(successes, failures)", each a column or an expression of columns.
    data : table

    Returns
    -------
    shares : ndarray of float64, shape (n_rows,)
        0 where there were no trials, NaN where a count is missing.
    trials : ndarray of float64, shape (n_rows,)
        0 where a count is missing.

    Raises
    ------
    OutcomeError
        If these aren't two columns of counts.
    """
    counts = evaluate_outcomes(outcome, as_frame(data))
    must = "cbind(successes, failures) must bind two columns of numbers of 0 or more."
    hint = "Write for example 'cbind(dead, alive) ~ dose'; of shares give the trials as `weights`."
    if counts.shape[1] != 2:
        raise OutcomeError(must, f"It binds {counts.shape[1]}.", hint)
    try:
        counts = counts.to_numpy(np.float64)
    except (TypeError, ValueError):
        raise OutcomeError(must, "A column holds no numbers.", hint) from None
    if np.isinf(counts).any() or (counts < 0).any():
        raise OutcomeError(must, f"The smallest is {np.nanmin(counts):g}.", hint)
    trials = counts.sum(axis=1)
    with np.errstate(invalid="ignore"):
        shares = np.where(trials == 0, 0.0, counts[:, 0] / trials)
    return shares, np.nan_to_num(trials, nan=0.0)
