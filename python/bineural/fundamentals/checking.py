"""Arrays that the mechanisms take, checked at their doors: matrices, vectors, outcomes."""

import numpy as np

from bineural.checks import number, share
from bineural.errors import InputError
from bineural.measures.arguments import check_labels
from bineural.messages import shown
from bineural.tables.rows import as_array

POSITIVE = number(0, above=True, hint="Use for example 0.1.")
RATE = share(below=True, hint="Use for example 0.2.")


def check_inputs(x, name="x", vector="column"):
    """Return a finite float64 matrix (n_rows, n_inputs); a vector is one column, or one row."""
    array = check_array(x, name)
    if array.ndim < 2:
        array = array.reshape((-1, 1) if vector == "column" else (1, -1))
    if array.ndim != 2 or not array.size:
        raise InputError(
            f"`{name}` must be a matrix, a row for each case.",
            f"Its shape is {array.shape}.",
            "Flatten what belongs to one case into one row.",
        )
    return array


def check_array(values, name):
    """Return a finite float64 array of any shape."""
    try:
        if np.asarray(values).dtype.kind in "mM":  # dates are no numbers, though NumPy counts them
            raise TypeError
        array = np.asarray(values, dtype=np.float64)
    except InputError:  # a blank of the course, which says that it is one
        raise
    except (TypeError, ValueError):
        raise InputError(
            f"`{name}` must hold numbers.",
            f"Found {shown(values)}.",
            "Leave other columns out, and write classes as 0 and 1.",
        ) from None
    if not np.isfinite(array).all():
        raise InputError(
            f"`{name}` must be finite.",
            f"{np.count_nonzero(~np.isfinite(array))} of {array.size} values are not.",
            "Leave those rows out, or fill in what is missing.",
        )
    return array


def check_vector(values, length, name, why):
    """Return a finite float64 vector of a known length."""
    vector = _flat(np.atleast_1d(check_array(values, name)))
    if vector.shape != (length,):
        raise InputError(
            f"`{name}` must hold {length} value{'s' if length != 1 else ''}, {why}.",
            f"Its shape is {vector.shape}.",
            "Check which rows and columns were passed.",
        )
    return vector


def check_classes(y, n_rows):
    """Return the outcome as a float64 vector of 0 and 1."""
    return check_vector(check_labels(_flat(as_array(y, "`y`")), "y"), n_rows, "y", "one for each row of `x`")


def _flat(array):
    return array.ravel() if array.ndim == 2 and 1 in array.shape else array


def check_descent(at, step):
    """Refuse weights that have run away."""
    if not np.abs(at).max() < 1e100:
        raise InputError(
            "Descent must not run away.",
            f"A weight was beyond 1e100 after step {step}.",
            "Use a smaller `learning_rate`, or inputs of mean 0 and variance 1.",
        )
