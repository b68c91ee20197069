"""The rows of a fit: checked once at the door, then read block by block and never copied whole."""

import numpy as np

from ..errors import InputError

_BLOCK_VALUES = 262_144  # values in one working block: 2 MB
_LANES = 16  # fixed, so that sums do not depend on the number of threads


class Design:
    """A predictor matrix read by row blocks, with the intercept put first.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
        An array in any memory order and of any numeric type, or an object that has `.shape` and gives rows
        when sliced, such as a file on disk.
    intercept : bool
        Whether a column of ones comes first.

    Attributes
    ----------
    n_rows, n_columns : int
        `n_columns` counts the intercept.
    blocks : int
        Rows read at once.

    Raises
    ------
    InputError
        If `x` does not have two dimensions, or no numbers.
    """

    def __init__(self, x, intercept=True):
        if not hasattr(x, "shape") or isinstance(x, np.generic):
            x = np.asarray(x)
        if len(x.shape) != 2:
            raise InputError(
                "`x` must have two dimensions, rows and columns.",
                f"Its shape is {tuple(x.shape)}.",
                "Reshape one column with x.reshape(-1, 1).",
            )
        if isinstance(x, np.ndarray) and x.dtype.kind not in "fiub":
            x = _as_numbers(x)
        self.x, self.intercept = x, bool(intercept)
        self.n_rows, self.n_features = int(x.shape[0]), int(x.shape[1])
        self.n_columns = self.n_features + self.intercept
        self.block_rows = max(256, min(8192, _BLOCK_VALUES // (self.n_columns + 1)))
        self.in_memory = isinstance(x, np.ndarray)
        self.in_threads = self.in_memory or getattr(x, "reads_in_threads", False)
        self.by_columns = self.in_memory and x.flags.f_contiguous and not x.flags.c_contiguous

    def lanes(self):
        """Split the rows into stretches that threads may take; one stretch when the work is small.

        A stretch has at least as many rows as there are columns, or its triangle would be more work than it.
        """
        if self.n_rows * (self.n_columns + 1) < 200_000:
            return [(0, self.n_rows)]
        n_lanes = max(1, min(_LANES, self.n_rows // (self.n_columns + 1)))
        step = -(-self.n_rows // n_lanes)
        return [(start, min(start + step, self.n_rows)) for start in range(0, self.n_rows, step)]

    def blocks(self, start=0, stop=None):
        """Yield (start, stop) of the blocks between two rows."""
        stop = self.n_rows if stop is None else stop
        for first in range(start, stop, self.block_rows):
            yield first, min(first + self.block_rows, stop)

    def read(self, start, stop):
        """Give rows as an array, without the intercept; a view when `x` is an array."""
        rows = self.x[start:stop]
        return rows if self.in_memory else _as_numbers(np.asarray(rows))

    def linear(self, rows, coef, offset=None):
        """Linear predictor of rows that were read; `coef` has the intercept first."""
        eta = rows @ coef[1:] if self.intercept else rows @ coef
        if self.intercept:
            eta += coef[0]
        if offset is not None:
            eta += offset
        return eta

    def buffer(self, n_columns):
        """Give an empty block, in the memory order of `x`."""
        rows = min(self.block_rows, self.n_rows)
        return np.empty((rows, n_columns), order="F" if self.by_columns else "C")

    def full(self, start, stop):
        """Give rows with the intercept as a new float64 array."""
        rows = self.read(start, stop)
        block = np.empty((rows.shape[0], self.n_columns))
        if self.intercept:
            block[:, 0] = 1.0
        block[:, self.intercept :] = rows
        return block

    def check_finite(self):
        """Raise an error that names the columns holding NaN or infinite values."""
        bad = np.zeros(self.n_features, dtype=np.int64)
        for start, stop in self.blocks():
            bad += (~np.isfinite(self.read(start, stop))).sum(axis=0)
        if bad.any():
            places = np.flatnonzero(bad)
            raise InputError(
                "`x` must hold finite values only.",
                f"NaN or infinite values: {int(bad.sum())}, in column(s) {places[:10].tolist()} (0-based).",
                "Leave those rows out, or impute them.",
            )


def _as_numbers(rows):
    try:
        return np.asarray(rows, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            "`x` must hold numbers.", f"Its type is {rows.dtype}.", "Prepare text columns first."
        ) from None


def as_vector(values, name, n_rows):
    """Turn an argument into a float64 vector of finite values, one for each row.

    Parameters
    ----------
    values : array_like or None
        None stays None.
    name : str
        The argument's name, for the message.
    n_rows : int

    Returns
    -------
    ndarray of float64, shape (n_rows,), or None

    Raises
    ------
    InputError
        If the length differs or a value is not finite.
    """
    if values is None:
        return None
    try:
        vector = np.ascontiguousarray(values, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            f"`{name}` must hold numbers.", f"Its type is {type(values).__name__}.", "Convert it first."
        ) from None
    if vector.shape != (n_rows,):
        raise InputError(
            f"`{name}` must be a vector with one value for each row of `x`.",
            f"Its shape is {vector.shape}, and `x` has {n_rows} rows.",
            "Pass a one-dimensional array of that length.",
        )
    if n_rows and not np.isfinite(vector.min() + vector.max()):
        count = int((~np.isfinite(vector)).sum())
        if count:
            raise InputError(
                f"`{name}` must hold finite values only.",
                f"NaN or infinite values: {count} of {n_rows}.",
                "Leave those rows out.",
            )
    return vector


def check_weights(weights, n_rows):
    """Turn weights into a float64 vector of values that are 0 or more and not all 0; None stays None."""
    weights = as_vector(weights, "weights", n_rows)
    if weights is None:
        return None
    if weights.min() < 0 or weights.max() == 0:
        raise InputError(
            "`weights` must be 0 or more, and not all 0.",
            f"They run from {weights.min():g} to {weights.max():g}.",
            "Give a row that is to be left out the weight 0.",
        )
    return weights


class Rows:
    """Checked rows: predictors, outcome, weights and offset, with what the fit writes back for each row.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
    y : array_like, shape (n_rows,)
    family : Family
    intercept : bool
    weights, offset : array_like, shape (n_rows,), or None

    Attributes
    ----------
    eta, mu : ndarray of float64, shape (n_rows,)
        Linear predictor and mean at the newest coefficients.
    binary : bool
        Whether every outcome is 0 or 1.

    Raises
    ------
    InputError
        If lengths differ, values are not finite, or the outcome is outside the family's range.
    """

    def __init__(self, x, y, family, intercept=True, weights=None, offset=None):
        self.design = x if isinstance(x, Design) else Design(x, intercept)
        n_rows = self.n_rows = self.design.n_rows
        if n_rows == 0:
            raise InputError("`x` must have rows.", "It has none.", "Check the filter before the fit.")
        self.family = family
        self.y = as_vector(y, "y", n_rows)
        self.weights = check_weights(weights, n_rows)
        self.offset = as_vector(offset, "offset", n_rows)
        low, high = float(self.y.min()), float(self.y.max())
        if not family.in_range(low, high):
            raise InputError(
                f"Outcomes of the {family.name} family must be {family.range_rule}.",
                f"They run from {low:g} to {high:g}.",
                "Choose another family, or code the event as 1 and the rest as 0.",
            )
        self.binary = family.name == "binomial" and bool(((self.y == 0) | (self.y == 1)).all())
        if self.design.in_memory and n_rows * self.design.n_columns <= 200_000:
            x = self.design.x
            if x.dtype.kind == "f" and not np.isfinite(x).all():
                self.design.check_finite()
        self.eta = self.mu = None

    @property
    def n_live(self):
        """Rows whose weight is not 0."""
        return self.n_rows if self.weights is None else int(np.count_nonzero(self.weights))

    @property
    def has_offset(self):
        """Whether there is an offset."""
        return self.offset is not None

    @property
    def mean_outcome(self):
        """Weighted mean of the outcome."""
        return np.average(self.y, weights=self.weights)

    @property
    def total_weight(self):
        """Sum of the weights."""
        return self.n_rows if self.weights is None else self.weights.sum()

    def sweep(self, over):
        """Return what passes over these rows."""
        from .passes import Sweep

        return Sweep(self, over)

    def begin_at_offset(self):
        """Put linear predictors without any column in place."""
        self.eta[:] = 0.0 if self.offset is None else self.offset

    def largest_predictor(self, coef):
        """Largest linear predictor in size; `coef` are those of the last pass, which left it."""
        return float(np.abs(self.eta).max())

    def settle_means(self):
        """Bring the means up to date with the linear predictors."""
        self.mu = self.family.link.mean(self.eta)

    def minus_two_log_likelihood(self, coef, deviance):
        """Minus twice the log-likelihood at the means that the last pass left."""
        return self.family.minus_two_log_likelihood(self.y, self.mu, self.weights, deviance)

    def offset_null(self, coef):
        """Return the rows of the model of intercept and offset alone, which starts from the fitted means."""
        null = Rows(Design(np.empty((self.n_rows, 0))), self.y, self.family, True, self.weights, self.offset)
        null.mu, null.eta = self.mu.copy(), self.family.link.link(self.mu)
        return null

    def deviance_at(self, mean):
        """Deviance at one mean, or at the offset alone where that is None."""
        return sum(self._deviance_of_block(slice(*ends), mean) for ends in self.design.blocks())

    def _deviance_of_block(self, place, mean):
        with np.errstate(all="ignore"):
            if mean is None:
                mean = self.family.link.mean(np.zeros(1) if self.offset is None else self.offset[place])
            unit = self.family.unit_deviance(self.y[place], mean)
            return float(unit.sum() if self.weights is None else np.dot(unit, self.weights[place]))

    def start(self):
        """Put the family's starting means in place."""
        self.mu, self.eta = np.empty(self.n_rows), np.empty(self.n_rows)
        for start, stop in self.design.blocks():
            weights = None if self.weights is None else self.weights[start:stop]
            mu = self.mu[start:stop] = self.family.starting_mean(self.y[start:stop], weights)
            with np.errstate(all="ignore"):
                self.eta[start:stop] = self.family.link.link(mu)
