"""The iterations themselves: one pass over the rows, one small solve, one look at R's stopping rule.

Where R's steps do not end at a maximum of the likelihood, `climbing` takes them again, halved.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .climbing import STATIONARY, climb, gain_left
from .solve import solve_triangle
from .threads import row_threads


@dataclass
class State:
    """Where the iterations ended: coefficients, the factors of the last two passes, and how it went.

    `triangle` may be None at the end. `change` is the last relative change of the deviance and `expected` the
    next one: where the stopping rule is expected to hold, a pass leaves out the cross-product. `first` holds
    the coefficients of the first step, `best` those of the lowest deviance so far, which is `lowest`.
    """

    coef: np.ndarray
    kept: np.ndarray
    factor: np.ndarray
    triangle: np.ndarray
    deviance: float
    pearson: float
    iterations: int = 0
    converged: bool = False
    boundary: bool = False
    beyond_r: bool = False
    last_step: float = 0.0
    change: float = np.inf
    expected: float = np.inf
    first: np.ndarray | None = None
    best: np.ndarray | None = None
    lowest: float = np.inf


def iterate(rows, *, held=None, converge="r", epsilon=1e-8, max_iterations=25):
    """Run the iterations from the means that stand in `rows`, which end up holding the fitted ones.

    Parameters
    ----------
    rows : Rows
        With `eta` and `mu` set, for example by `Rows.start`.
    held : dict of int to float, optional
        Columns whose coefficient is given rather than found.
    converge, epsilon, max_iterations
        As for `fit_irls`.

    Returns
    -------
    State
    """
    full = converge == "full"
    with row_threads(rows.design) as over:
        sweep = rows.sweep(over)
        sums = sweep.run()
        if not sums.valid:
            raise _no_start(rows)
        coef = np.zeros(rows.design.n_columns)
        state = State(coef, np.arange(coef.size), np.zeros((0, 0)), sums.triangle, sums.deviance, 0.0)
        if rows.design.n_columns == 0:
            return _empty(rows, sweep, state)
        ended = _as_r_does(rows, sweep, state, held, full, epsilon, max_iterations)
        if not (ended and state.converged) and not climb(rows, sweep, state, held, 10 * max_iterations):
            raise _no_start(rows)
    return state


def _as_r_does(rows, sweep, state, held, full, epsilon, max_iterations):
    """Take R's steps to R's stop; True where the score says that a maximum is reached."""
    for _ in range(max_iterations * 4 if full else max_iterations):
        sums = _advance(rows, sweep, state, held, full, epsilon, max_iterations)
        if sums is None:
            return False
        if sums.settled:
            return gain_left(sums, state) <= STATIONARY * (0.1 + state.deviance)
    return False


def _advance(rows, sweep, state, held, full, epsilon, max_iterations):
    """Take one step, shortened while the model is undefined there; None where there is none to take."""
    coef, kept, factor = solve_triangle(state.triangle, state.coef, held)
    state.iterations += 1
    if not np.isfinite(coef).all():
        return None
    sums, halvings = sweep.run(coef, with_triangle=full or state.expected > epsilon / 2), 0
    while not sums.valid:
        halvings += 1
        if state.iterations == 1 or halvings > max_iterations:
            return None
        coef = (coef + state.coef) / 2.0
        sums = sweep.run(coef)
    change = abs(sums.deviance - state.deviance) / (0.1 + abs(sums.deviance))
    settled = change < epsilon
    if full and settled:
        still = sums.last_step <= 1e-10 * (1.0 + rows.largest_predictor(coef))
        settled = still or (state.converged and sums.last_step >= state.last_step)
        state.converged = True
    else:
        state.converged = settled
    if sums.triangle is None and not settled:
        sweep.add_triangle(sums, coef)
    _expect(rows.family, state, change)
    state.coef, state.kept, state.factor = coef, kept, factor
    state.triangle, state.deviance, state.boundary = sums.triangle, sums.deviance, halvings > 0
    state.pearson = sums.pearson_full if full else sums.pearson
    state.last_step = sums.last_step if state.iterations > 1 else np.inf
    if state.first is None:
        state.first = coef
    if sums.deviance < state.lowest:
        state.best, state.lowest = coef, sums.deviance
    sums.settled = settled
    return sums


def _expect(family, state, change):
    """Guess the next change of the deviance: canonical links square the error, others shrink it."""
    if (family.name, family.link.name) == ("gaussian", "identity"):
        state.expected = 0.0  # the first step is exact
    elif np.isfinite(state.change) and state.change > 0:
        ratio = min(1.0, change / state.change)
        state.expected = change * (ratio * ratio if family.is_canonical else ratio)
    state.change = change


def _empty(rows, sweep, state):
    """A model without columns: the offset alone."""
    rows.begin_at_offset()
    sums = sweep.run(np.zeros(0))
    if not sums.valid:
        raise _no_start(rows)
    state.deviance, state.pearson, state.converged = sums.deviance, sums.pearson_full, True
    return state


def _no_start(rows):
    return InputError(
        f"The {rows.family.name} model with the {rows.family.link.name} link must keep valid means.",
        "A step led to a linear predictor that has no mean, and shortening it did not help.",
        "Try the default link, or scale the predictors.",
    )
