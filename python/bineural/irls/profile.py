"""Profile-likelihood intervals: each coefficient is moved and held while the others are fitted again.

`method="r"` walks the grid of R's `confint` (MASS) and reads the bounds off the same spline, so it gives the
same digits; `method="exact"` solves for the bounds themselves. They differ by about 1e-4 of a standard error.
References: Venables and Ripley (2002). Modern Applied Statistics with S, section 8.4.
Forsythe, Malcolm and Moler (1977). Computer Methods for Mathematical Computations, chapter 4 (the spline).
"""

from statistics import NormalDist

import numpy as np

from bineural.checks import checked, choice, flag, list_of, share, whole

from ..errors import InputError
from .families import get_family
from .iterate import iterate
from .rows import Design, Rows


@checked(
    level=share(open_ends=True, hint="Use 0.95 for 95 %."),
    intercept=flag(),
    which=list_of(whole(0)).or_none(),
    method=choice("r", "exact"),
    max_iterations=whole(1),
)
def profile_interval(
    x,
    y,
    fit,
    *,
    level=0.95,
    weights=None,
    offset=None,
    intercept=True,
    which=None,
    method="r",
    max_iterations=25,
):
    """Find profile-likelihood intervals of the coefficients.

    Parameters
    ----------
    x, y, weights, offset, intercept
        As they were given to `fit_irls`.
    fit : IRLSFit
        The fit of those rows.
    level : float
        Share of intervals that should cover.
    which : sequence of int, optional
        Coefficients to profile (0 is the intercept, when there is one); None takes all.
    method : {"r", "exact"}
        "r" interpolates as R's `confint` does; "exact" solves for the bounds.
    max_iterations : int
        For each of the fits, of which "r" takes up to 18 for a coefficient.

    Returns
    -------
    ndarray of float64, shape (n_columns or len(which), 2)
        NaN where aliased and where the likelihood never falls far enough (as under separation).

    Raises
    ------
    InputError
        If a better fit than `fit` is met on the way.
    """
    which = range(fit.coef.size) if which is None else which
    bounds = np.full((len(which), 2), np.nan)
    if fit.aliased.any():
        x, intercept = _without(fit.aliased, Design(x, intercept))
    rows = Rows(x, y, get_family(fit.family, fit.link), intercept, weights, offset)
    places = np.cumsum(~fit.aliased) - 1
    for place, column in enumerate(which):
        if not fit.aliased[column] and np.isfinite(fit.std_error[column]):
            walk = _Walk(rows, fit, column, int(places[column]), max_iterations)
            bounds[place] = _by_spline(walk, level) if method == "r" else _by_roots(walk, level)
    return bounds


def _without(aliased, design):
    """Copy the columns that are not aliased, and say whether the intercept is among them."""
    parts = [design.read(first, last)[:, ~aliased[design.intercept :]] for first, last in design.blocks()]
    return np.concatenate(parts), design.intercept and not aliased[0]


class _Walk:
    """Signed roots of the deviance difference along one coefficient, at `place` among those not aliased."""

    def __init__(self, rows, fit, column, place, max_iterations):
        self.rows, self.fit, self.column, self.max_iterations = rows, fit, column, max_iterations
        self.centre, self.unit = float(fit.coef[column]), float(fit.std_error[column])
        self.place = place

    def restart(self):
        """Go back to the fit."""
        self.rows.eta, self.rows.mu = self.fit.linear_predictor.copy(), self.fit.fitted.copy()

    def root(self, value, epsilon=1e-8):
        """Signed square root of the deviance lost when the coefficient is held at `value`."""
        state = iterate(
            self.rows, held={self.place: value}, epsilon=epsilon, max_iterations=self.max_iterations
        )
        lost = (state.deviance - self.fit.deviance) / self.fit.dispersion
        if not lost > -1e-3:
            raise InputError(
                "The fit must be the best one before its likelihood can be profiled.",
                f"Coefficient {self.column} at {value:g} lowers the deviance by {-lost:g}.",
                'Fit with converge="full" or more iterations first.',
            )
        return np.copysign(np.sqrt(max(lost, 0.0)), value - self.centre)

    def reach(self, level):
        """Size of the root at which the walk may stop: the bound of a quarter of the error."""
        error = (1.0 - level) / 4.0
        if self.fit.statistic_name == "z":
            return NormalDist().inv_cdf(1.0 - error / 2.0)
        from scipy.special import stdtrit

        return float(stdtrit(self.rows.n_rows - self.fit.coef.size, 1.0 - error / 2.0))


def _by_spline(walk, level):
    reach = walk.reach(level)
    values, roots = [walk.centre], [0.0]
    for sign in (-1, 1):
        walk.restart()
        for step in range(1, 10):
            value = walk.centre + sign * step * reach / 5.0 * walk.unit
            values.append(value)
            roots.append(walk.root(value))
            if abs(roots[-1]) >= reach:
                break
    order = np.argsort(roots, kind="stable")
    values, roots = np.array(values)[order], np.array(roots)[order]
    order = np.argsort(values, kind="stable")
    grid = np.linspace(values.min(), values.max(), 3 * values.size)
    curve = _spline(values[order], roots[order], grid)
    order = np.argsort(curve, kind="stable")
    half = NormalDist().inv_cdf(0.5 + level / 2.0)
    return np.interp([-half, half], curve[order], grid[order], left=np.nan, right=np.nan)


def _spline(x, y, grid):
    """Cubic spline whose ends follow the cubics through the outer four points (Forsythe et al.)."""
    n, gap = x.size, np.diff(x)
    secant = np.diff(y) / gap
    system, right = np.zeros((n, n)), np.zeros(n)
    inner = np.arange(1, n - 1)
    system[inner, inner] = 2.0 * (gap[:-1] + gap[1:])
    system[np.arange(n - 1), np.arange(1, n)] = system[np.arange(1, n), np.arange(n - 1)] = gap
    system[0, 0], system[-1, -1] = -gap[0], -gap[-1]
    right[1:-1] = np.diff(secant)
    if n > 3:
        curved = right[1:-1] / (x[2:] - x[:-2])
        right[0] = (curved[1] - curved[0]) * gap[0] ** 2 / (x[3] - x[0])
        right[-1] = -(curved[-1] - curved[-2]) * gap[-1] ** 2 / (x[-1] - x[-4])
    bend = np.linalg.solve(system, right)
    place = np.clip(np.searchsorted(x, grid, side="right") - 1, 0, n - 2)
    away = grid - x[place]
    slope = secant[place] - gap[place] * (bend[place + 1] + 2.0 * bend[place])
    cubic = (bend[place + 1] - bend[place]) / gap[place]
    return y[place] + away * (slope + away * (3.0 * bend[place] + away * cubic))


def _by_roots(walk, level):
    half = NormalDist().inv_cdf(0.5 + level / 2.0)
    return [_bound(walk, sign * half) for sign in (-1, 1)]


def _bound(walk, target):
    """Solve for the bound by regula falsi (Illinois); NaN when the root stays short of the target."""
    walk.restart()
    low, low_gap, step = walk.centre, -abs(target), abs(target) * walk.unit
    for _ in range(12):
        high = low + np.copysign(step, target)
        gap = abs(walk.root(high, 1e-13)) - abs(target)
        if gap >= 0:
            break
        low, low_gap, step = high, gap, step * 1.5
    else:
        return np.nan
    high_gap = gap
    for _ in range(60):
        value = (low * high_gap - high * low_gap) / (high_gap - low_gap)
        gap = abs(walk.root(value, 1e-13)) - abs(target)
        if abs(gap) < 1e-9 or abs(high - low) < 1e-12 * abs(value):
            return value
        if gap < 0:
            low, low_gap, high_gap = value, gap, high_gap / 2.0
        else:
            high, high_gap, low_gap = value, gap, low_gap / 2.0
    return value
