"""One pass over the rows: means, deviance and weighted cross-product, in blocks that fit the cache."""

from dataclasses import dataclass

import numpy as np

from .moments import CrossProduct, Reflections, Score


@dataclass
class Pass:
    """Sums of one pass over the rows.

    Attributes
    ----------
    deviance : float
    valid : bool
        Whether the deviance is finite and every mean and linear predictor is allowed.
    triangle : ndarray or None
        The factor for the next step; None when not valid.
    score : ndarray of float64, shape (n_columns,), or None
        Slope of half the deviance, downwards, in each coefficient; only where the triangle was left out.
    pearson : float
        Sum of the previous working weights times the squared new working residuals (R's convention).
    pearson_full : float
        The same with the new weights.
    last_step : float
        Largest change of a linear predictor since the pass before.
    settled : bool
        Whether the stopping rule holds here.
    """

    deviance: float
    valid: bool
    triangle: np.ndarray | None = None
    score: np.ndarray | None = None
    settled: bool = False
    pearson: float = 0.0
    pearson_full: float = 0.0
    last_step: float = 0.0


class Sweep:
    """Runs passes over checked rows, by cross-product while that is exact enough and by reflections after.

    Parameters
    ----------
    rows : Rows
        Its `eta` and `mu` are overwritten by every pass.
    over : callable
        The map of `row_threads`.
    """

    def __init__(self, rows, over):
        self.rows, self.over = rows, over
        self.exact = rows.n_rows * (rows.design.n_columns + 1) <= 50_000
        self.work = np.zeros(rows.n_rows) if rows.family.estimates_dispersion else None

    def run(self, coef=None, with_triangle=True):
        """Pass over all rows at new coefficients, or at the starting means when there are none.

        Without the triangle a pass takes half the time; `add_triangle` can make up for it.
        """
        sums = self._once(coef, revisit=False, with_triangle=with_triangle)
        if with_triangle and sums.valid and sums.triangle is None:
            self.rows.design.check_finite()
            self.exact = True
            self.add_triangle(sums, coef)
        return sums

    def add_triangle(self, sums, coef):
        """Give a pass its triangle, from the linear predictors that it left."""
        sums.triangle = self._once(coef, revisit=True).triangle
        if sums.triangle is None:
            self.exact = True
            sums.triangle = self._once(coef, revisit=True).triangle

    def score(self, coef):
        """Give the score at the linear predictors that the last pass left."""
        return self._once(coef, revisit=True, with_triangle=False).score

    def _once(self, coef, revisit, with_triangle=True):
        def lane(start, stop):
            with np.errstate(over="ignore", invalid="ignore"):  # of a step that is then refused
                return self._lane(start, stop, coef, revisit, with_triangle)

        lanes = self.over(lane)
        valid = all(lane.valid for lane in lanes)
        total = Pass(
            deviance=sum(lane.deviance for lane in lanes),
            valid=valid,
            pearson=sum(lane.pearson for lane in lanes),
            pearson_full=sum(lane.pearson_full for lane in lanes),
            last_step=max(lane.last_step for lane in lanes),
        )
        total.valid = valid and bool(np.isfinite(total.deviance))
        if total.valid and with_triangle:
            total.triangle = self._join([lane.triangle for lane in lanes])
        elif total.valid:
            total.score = Score.join([lane.score for lane in lanes])
        return total

    def _join(self, parts):
        if not self.exact:
            return CrossProduct.join(parts)
        triangle = Reflections.join(parts)
        if not np.isfinite(triangle).all():
            self.rows.design.check_finite()
        return triangle

    def _lane(self, start, stop, coef, revisit, with_triangle):
        """Read one stretch of rows; `triangle` holds its cross-product or factor, or `score` its score."""
        design, sums = self.rows.design, Pass(0.0, True)
        factors = Reflections if self.exact else CrossProduct
        moments = (factors if with_triangle else Score)(design)
        for first, last in design.blocks(start, stop):
            x = design.read(first, last)
            root, residual = self._block(slice(first, last), x, coef, sums, revisit)
            if root is not None:
                moments.add(x, root, residual)
        if with_triangle:
            sums.triangle = moments.value()
        else:
            sums.score = moments.value()
        return sums

    def _block(self, place, x, coef, sums, revisit):
        """Update the rows of one block; give root weights and weighted residuals, or None twice."""
        rows = self.rows
        y, eta = rows.y[place], rows.eta[place]
        weights = None if rows.weights is None else rows.weights[place]
        offset = None if rows.offset is None else rows.offset[place]
        if coef is not None and not revisit:
            new = rows.design.linear(x, coef, offset)
            np.subtract(new, eta, out=eta)
            sums.last_step = max(sums.last_step, eta.max(), -eta.min())
            eta[:] = new
        root, residual, rows.mu[place] = self._weigh(y, eta, weights, sums)
        if root is None:
            return None, None
        if self.work is not None and not revisit:
            self._pearson(place, root, residual, sums)
        if coef is None:  # the first step solves for the coefficients themselves
            residual = residual + root * (eta if offset is None else eta - offset)
        return root, residual

    def _weigh(self, y, eta, weights, sums):
        """Count the deviance of a block; give root weights, residuals (None twice if not valid) and means."""
        family = self.rows.family
        mu, unit, root, residual, sure = family.working(y, eta, self.rows.binary)
        with np.errstate(all="ignore"):
            deviance = float(unit.sum() if weights is None else np.dot(unit, weights))
        sums.deviance += deviance
        if not sure and not (np.isfinite(deviance) and family.valid(mu) and family.link.valid(eta)):
            sums.valid = False
            return None, None, mu
        if weights is not None:
            share = np.sqrt(weights)
            root *= share
            residual *= share
        if not sure:
            residual[root == 0] = 0.0
        return root, residual, mu

    def _pearson(self, place, root, residual, sums):
        work = self.work[place]
        with np.errstate(divide="ignore", invalid="ignore"):
            raw = np.where(root > 0, residual / root, 0.0)
        sums.pearson += float(np.dot(work, raw * raw))
        sums.pearson_full += float(np.dot(residual, residual))
        work[:] = root * root


def column_triangle(design, weights, over):
    """Factor the columns of a design under prior weights, to see which of them earlier columns already say.

    Parameters
    ----------
    design : Design
    weights : ndarray of float64, shape (n_rows,), or None
    over : callable
        The map of `row_threads`.

    Returns
    -------
    ndarray of float64, shape (n_columns + 1, n_columns + 1)
        As `solve_triangle` takes it; the last column is 0.
    """

    def lane(start, stop):
        moments = Reflections(design)
        for first, last in design.blocks(start, stop):
            root = np.ones(last - first) if weights is None else np.sqrt(weights[first:last])
            moments.add(design.read(first, last), root, 0.0)
        return moments.value()

    return Reflections.join(over(lane))
