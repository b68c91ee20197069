"""Iteratively reweighted least squares on rows in a file: nothing that is kept grows with the rows.

Linear predictors are not kept but found again from the coefficients of the pass before, so each pass costs
one product more than in memory. Sums run over the same blocks and stretches.
"""

import numpy as np

from bineural.checks import checked, choice, number, whole

from ..errors import InputError
from .families import get_family
from .fit import summarise
from .iterate import iterate
from .likelihood import LikelihoodSums
from .moments import CrossProduct, Reflections, Score
from .passes import Pass, Sweep
from .row_file import Columns
from .rows import Design


@checked(converge=choice("r", "full"), epsilon=number(0), max_iterations=whole(1))
def fit_irls_file(rows, *, family="binomial", link=None, converge="r", epsilon=1e-8, max_iterations=25):
    """Fit a generalised linear model to rows in a file.

    Parameters
    ----------
    rows : FilePart
    family, link, converge, epsilon, max_iterations
        As for `fit_irls`.

    Returns
    -------
    IRLSFit
        Without `fitted` and `linear_predictor`, which are empty.

    Raises
    ------
    InputError
        As for `fit_irls`.
    """
    rows = FileRows(rows, get_family(family, link))
    state = iterate(rows, converge=converge, epsilon=epsilon, max_iterations=max_iterations)
    return summarise(rows, state, converge, epsilon, max_iterations)


class FilePart:
    """What the columns of a `RowFile` are, with the sums that are known from writing it.

    Parameters
    ----------
    file : RowFile
        Predictors, outcome, weight, offset.
    n_features : int
    intercept, has_weights, has_offset : bool

    Attributes
    ----------
    low, high : float
        Smallest and largest outcome.
    binary : bool
        Whether every outcome is 0 or 1.
    n_live : int
        Rows of positive weight.
    total, weighted : float
        Sums of the weights, and of weight times outcome.
    mean_range : tuple of float
        Smallest and largest fitted mean of the rows that count, once there was a fit.
    """

    mean_range = (np.nan, np.nan)

    def __init__(self, file, n_features, intercept, has_weights, has_offset):
        self.file, self.n_features, self.intercept = file, n_features, bool(intercept)
        self.has_weights, self.has_offset = has_weights, has_offset
        self.low, self.high, self.binary, self.n_live = np.inf, -np.inf, True, 0
        self.total = self.weighted = 0.0

    def add(self, x, y, weights=None, offset=None):
        """Write rows; `weights` and `offset` where there are any."""
        parts = [x, y, *([weights] if self.has_weights else []), *([offset] if self.has_offset else [])]
        self.file.add(*parts)
        if not len(y):
            return
        self.low, self.high = min(self.low, y.min()), max(self.high, y.max())
        self.binary = self.binary and bool(((y == 0) | (y == 1)).all())
        self.n_live += len(y) if weights is None else int(np.count_nonzero(weights))
        self.total += float(len(y)) if weights is None else float(weights.sum())
        self.weighted += float(y.sum() if weights is None else np.dot(weights, y))

    def split(self, block):
        """Part a block of the file into x, y, weights or None, offset or None."""
        k = self.n_features
        weights = block[:, k + 1] if self.has_weights else None
        return block[:, :k], block[:, k], weights, block[:, -1] if self.has_offset else None

    def column(self, place):
        """Return one column beside the predictors for all rows, (n_rows,): 0 is the outcome."""
        design = Design(Columns(self.file, self.n_features), self.intercept)
        parts = [self.file.read(*ends)[:, self.n_features + place] for ends in design.blocks()]
        return np.concatenate(parts) if parts else np.empty(0)


class FileRows:
    """Rows of a file as the iterations take them; see `rows.Rows`.

    Parameters
    ----------
    part : FilePart
    family : Family
    start : callable, optional
        Gives the linear predictors (n_rows,) to start from, of (x, y, weights, offset); by default the
        family's.
    n_features : int, optional
        Predictors that count; 0 leaves the intercept.
    """

    def __init__(self, part, family, start=None, n_features=None):
        self.part, self.family = part, family
        self._start = self._start_of_family if start is None else start
        self.n_features = part.n_features if n_features is None else n_features
        self.design = Design(Columns(part.file, self.n_features), part.intercept)
        self.n_rows, self.n_live = self.design.n_rows, part.n_live
        self.binary = family.name == "binomial" and part.binary
        self.mu = self.eta = np.empty(0)  # what a fit of rows in memory keeps
        if self.n_rows == 0:
            raise InputError("`x` must have rows.", "It has none.", "Check the filter before the fit.")
        if not family.in_range(part.low, part.high):
            raise InputError(
                f"Outcomes of the {family.name} family must be {family.range_rule}.",
                f"They run from {part.low:g} to {part.high:g}.",
                "Choose another family, or code the event as 1 and the rest as 0.",
            )

    @property
    def has_offset(self):
        """Whether there is an offset."""
        return self.part.has_offset

    @property
    def mean_outcome(self):
        """Weighted mean of the outcome."""
        return self.part.weighted / self.part.total

    @property
    def total_weight(self):
        """Sum of the weights."""
        return self.part.total

    def sweep(self, over):
        """Return what passes over these rows."""
        return FileSweep(self, over)

    def blocks(self, start=0, stop=None):
        """Yield (x, y, weights, offset) of the blocks between two rows."""
        for ends in self.design.blocks(start, stop):
            yield self.part.split(self.part.file.read(*ends))

    def linear(self, coef, x, y, weights, offset):
        """Linear predictors of rows at coefficients; at None those of the start."""
        if coef is None:
            return self._start(x, y, weights, offset)
        return self.design.linear(x[:, : self.n_features], coef, offset)

    def _start_of_family(self, x, y, weights, offset):
        with np.errstate(all="ignore"):
            return self.family.link.link(self.family.starting_mean(y, weights))

    def begin_at_offset(self):
        """Put linear predictors without any column in place: they are found again from no coefficients."""

    def largest_predictor(self, coef):
        """Largest linear predictor in size."""
        return max(float(np.abs(self.linear(coef, *block)).max()) for block in self.blocks())

    def settle_means(self):
        """Bring the means up to date, which are none here."""

    def minus_two_log_likelihood(self, coef, deviance):
        """Minus twice the log-likelihood at coefficients; notes the range of the means."""
        total, low, high = LikelihoodSums(self.family), np.inf, -np.inf
        for x, y, weights, offset in self.blocks():
            mu = self.family.link.mean(self.linear(coef, x, y, weights, offset))
            total.add(y, mu, weights)
            live = mu if weights is None else mu[weights > 0]
            low, high = min(low, live.min(initial=np.inf)), max(high, live.max(initial=-np.inf))
        self.part.mean_range = (float(low), float(high))
        return total.minus_two_log(deviance)

    def offset_null(self, coef):
        """Return the rows of the model of intercept and offset alone, which starts from this one's means."""
        link = self.family.link

        def start(*block):
            return link.link(link.mean(self.linear(coef, *block)))

        return FileRows(self.part, self.family, start, 0)

    def deviance_at(self, mean):
        """Deviance at one mean, or at the offset alone where that is None."""
        total = 0.0
        with np.errstate(all="ignore"):
            for _, y, weights, offset in self.blocks():
                mu = mean
                if mean is None:
                    mu = self.family.link.mean(np.zeros(1) if offset is None else offset)
                unit = self.family.unit_deviance(y, mu)
                total += float(unit.sum() if weights is None else np.dot(unit, weights))
        return total


class FileSweep(Sweep):
    """Passes over rows in a file; see `passes.Sweep`."""

    newest = weighed = None  # coefficients of the last pass, and of the last one that was valid
    n_valid = 0

    def _once(self, coef, revisit, with_triangle=True):
        total = super()._once(coef, revisit, with_triangle)
        if not revisit:
            self.newest = coef
            if total.valid:
                self.weighed, self.n_valid = coef, self.n_valid + 1
        return total

    def _lane(self, start, stop, coef, revisit, with_triangle):
        design, sums = self.rows.design, Pass(0.0, True)
        factors = Reflections if self.exact else CrossProduct
        moments = (factors if with_triangle else Score)(design)
        for block in self.rows.blocks(start, stop):
            root, residual = self._block(block, coef, sums, revisit)
            if root is not None:
                moments.add(block[0][:, : design.n_features], root, residual)
        if with_triangle:
            sums.triangle = moments.value()
        else:
            sums.score = moments.value()
        return sums

    def _block(self, block, coef, sums, revisit):
        """Sum up one block; give root weights and weighted residuals, or None twice."""
        rows, (_, y, weights, offset) = self.rows, block
        eta = rows.linear(self.newest if revisit else coef, *block)
        if coef is not None and not revisit:
            move = eta - rows.linear(self.newest, *block)
            sums.last_step = max(sums.last_step, move.max(), -move.min())
        root, residual, _ = self._weigh(y, eta, weights, sums)
        if root is None:
            return None, None
        if rows.family.estimates_dispersion and not revisit:
            self._pearson_of(block, root, residual, sums)
        if coef is None:
            residual = residual + root * (eta if offset is None else eta - offset)
        return root, residual

    def _pearson_of(self, block, root, residual, sums):
        """Add to Pearson's sums: the weights of the pass before are found again from its coefficients."""
        sums.pearson_full += float(np.dot(residual, residual))
        if self.n_valid == 0:
            return
        y, weights = block[1], block[2]
        before = self._weigh(y, self.rows.linear(self.weighed, *block), weights, Pass(0.0, True))[0]
        if before is None:
            return
        with np.errstate(divide="ignore", invalid="ignore"):
            raw = np.where(root > 0, residual / root, 0.0)
        sums.pearson += float(np.dot(before * before, raw * raw))
