"""Numbers from 0 to 1, which a Bernoulli likelihood is about: bytes over 255, others as they are."""

import numpy as np

from bineural.errors import InputError
from bineural.inputs.kinds import describe


def as_shares(X):
    """Return rows as float32 numbers from 0 to 1.

    Parameters
    ----------
    X : array_like or data frame
        An array of bytes (uint8) is divided by 255.

    Raises
    ------
    InputError
        If they are no numbers from 0 to 1, or no array.
    """
    values = X.to_numpy() if hasattr(X, "to_numpy") else X
    try:
        values = np.asarray(values)
        if values.dtype == np.uint8:
            return values.astype(np.float32) / np.float32(255)
        values = values.astype(np.float32)
    except (TypeError, ValueError):
        raise _refused(f"Found {describe(X)}.") from None
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low < 0 or high > 1:
        raise _refused(f"Found values from {low:g} to {high:g}.")
    return X if hasattr(X, "to_numpy") else values


def _refused(found):
    return InputError(
        "Rows must be numbers from 0 to 1, or bytes, for likelihood='bernoulli'.",
        found,
        "Divide them by their largest value, or use likelihood='gaussian'.",
    )
