"""What the mechanisms take, checked at their doors: matrices, outcomes, counts, names from a list."""

import numpy as np

from bineural.errors import InputError
from bineural.measures.arguments import check_labels
from bineural.messages import listed, near_names


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
        array = np.asarray(values, dtype=np.float64)
    except InputError:  # a blank of the course, which says that it is one
        raise
    except (TypeError, ValueError):
        raise InputError(
            f"`{name}` must hold numbers.",
            f"It is {type(values).__name__} and holds something else.",
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
    vector = np.atleast_1d(check_array(values, name))
    if vector.shape != (length,):
        raise InputError(
            f"`{name}` must hold {length} value{'s' if length != 1 else ''}, {why}.",
            f"Its shape is {vector.shape}.",
            "Check which rows and columns were passed.",
        )
    return vector


def check_classes(y, n_rows):
    """Return the outcome as a float64 vector of 0 and 1."""
    return check_vector(check_labels(np.asarray(y).ravel(), "y"), n_rows, "y", "one for each row of `x`")


def check_count(value, name, least=1):
    """Return a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise InputError(
            f"`{name}` must be a whole number of at least {least}.",
            f"Found {value!r}.",
            f"Use {least} or more.",
        )
    return int(value)


def check_positive(value, name):
    """Return a number above 0."""
    if isinstance(value, bool) or not np.isscalar(value) or not 0 < value < np.inf:
        raise InputError(f"`{name}` must be a number above 0.", f"Found {value!r}.", "Use for example 0.1.")
    return float(value)


def check_descent(at, step):
    """Refuse weights that have run away."""
    if not np.abs(at).max() < 1e100:
        raise InputError(
            "Descent must not run away.",
            f"A weight was beyond 1e100 after step {step}.",
            "Use a smaller `learning_rate`, or inputs of mean 0 and variance 1.",
        )


def check_name(value, names, argument):
    """Return `value` where it is one of `names`."""
    if not isinstance(value, str) or value not in names:
        raise InputError(
            f"`{argument}` must be one of {listed(names, most=20)}.",
            f"Found {value!r}.",
            near_names(value, list(names)),
        )
    return value
