"""Steps that are halved until the likelihood rises, for the fits that R's steps do not bring to a maximum.

R's scoring steps can overshoot: the deviance grows, fitted means run into their bounds, and there the rule
"the deviance changes no more" holds although the score is not zero. The same steps lead to a maximum when
each is halved until the deviance falls by a fair share of what it promises.
References: Marschner (2011). glm2: Fitting generalized linear models with convergence problems. The R Journal
3(2), 12-15. Armijo (1966). Minimization of functions having Lipschitz continuous first partial derivatives.
"""

import numpy as np

from .solve import solve_triangle
from .tails import unbounded

STATIONARY = 1e-6  # gain in deviance, relative, that R's rule may leave where it stops at a maximum
_RESTING = 1e-8  # that may be left here, at the last step that is allowed
_NO_GAIN = 1e-14  # at which to stop
_CREEPING = 1e-8  # fall of the deviance, relative, of a step that was cut without much use
_MOST_HINDERED = 20  # such steps on end, as along the edge of where the model is defined
_ROUNDING = 1e-13  # of a deviance


def gain_left(sums, state):
    """Twice the log-likelihood that one more step promises: the score in the metric of the information.

    Parameters
    ----------
    sums : Pass
        The last one.
    state : State
        Its `factor` gives the metric.

    Returns
    -------
    float
        NaN or infinite where it is not known.
    """
    score = sums.score
    if score is None:
        score = sums.triangle[:, :-1].T @ sums.triangle[:, -1]
    with np.errstate(all="ignore"):
        return float(np.square(np.linalg.solve(state.factor.T, score[state.kept])).sum())


@np.errstate(over="ignore", invalid="ignore")
def climb(rows, sweep, state, held, max_passes):
    """Go on from the best coefficients so far with steps that are halved while the deviance does not fall.

    Parameters
    ----------
    rows : Rows
    sweep : Sweep
    state : State
        Is brought up to date, where there are valid coefficients to start from.
    held : dict of int to float, or None
    max_passes : int
        Shares of steps that may be tried, all together.

    Returns
    -------
    bool
        Whether there are.
    """
    bounded, rows.family = rows.family, unbounded(rows.family)
    coef, sums = _start(rows, sweep, state, held)
    if coef is None:  # R's own end stays, if it has one
        rows.family, state.converged = bounded, False
        return state.best is not None and sweep.run(state.coef).valid
    state.beyond_r, state.converged, state.boundary = True, False, False
    hindered = 0
    while True:
        step = _step(sweep, state, sums, coef, held)
        gain = float(np.square(state.factor @ step[state.kept]).sum())
        state.converged = gain <= _RESTING * (0.1 + sums.deviance)
        if gain <= _NO_GAIN * (0.1 + sums.deviance) or not np.isfinite(gain):
            break
        share, shorter, n_passes = _step_that_falls(sweep, state, coef, step, sums.deviance, gain, max_passes)
        if shorter is None:
            sums = sweep.run(coef)
            break
        max_passes -= n_passes
        creeps = share < 1.0 and sums.deviance - shorter.deviance < _CREEPING * (0.1 + shorter.deviance)
        hindered = hindered + 1 if creeps else 0
        coef, sums = coef + share * step, shorter
        state.iterations += 1
        if hindered == _MOST_HINDERED:
            break
    state.coef, state.triangle = coef, sums.triangle
    state.deviance, state.pearson = sums.deviance, sums.pearson_full
    rows.family = bounded
    rows.settle_means()
    return True


def _start(rows, sweep, state, held):
    """Give the better of R's first and best coefficients, or else the mean alone, and the pass there."""
    starts = [state.first, state.best] if state.best is not None else [_level(rows, held)]
    passes = [(coef, sweep.run(coef)) for coef in starts if coef is not None]
    passes = [(coef, sums) for coef, sums in passes if sums.valid]
    if not passes:
        return None, None
    coef = min(passes, key=lambda pair: pair[1].deviance)[0]
    return coef, sweep.run(coef)


def _step(sweep, state, sums, coef, held):
    """Find the scoring step from the score itself, as working residuals far out would drown all others."""
    target, kept, factor = solve_triangle(sums.triangle, coef, held)
    state.kept, state.factor, step = kept, factor, target - coef
    if not np.delete(step, kept).any():
        score = sweep.score(coef)[kept]
        step[kept] = np.linalg.solve(factor, np.linalg.solve(factor.T, score))
    return step


def _step_that_falls(sweep, state, coef, step, deviance, gain, max_passes):
    """Find the first share of 1, 1/2, 1/4, ... that lowers the deviance: share, pass or None, passes made."""
    share, outside, whole, slack, n_passes = 1.0, False, None, _ROUNDING * deviance, 0
    while n_passes < max_passes and (coef + share * step != coef).any():
        sums = sweep.run(coef + share * step, with_triangle=whole is None)
        whole, n_passes = sums.last_step if whole is None else whole, n_passes + 1
        if sums.valid and sums.deviance <= deviance - 2e-4 * share * gain + slack:
            if sums.triangle is None:
                sweep.add_triangle(sums, coef + share * step)
            state.boundary, state.last_step = outside, share * whole
            return share, sums, n_passes
        outside |= not sums.valid
        share /= 2.0
    state.boundary = outside
    return share, None, n_passes


def _level(rows, held):
    """Coefficients of the mean alone: valid where R's first step is not."""
    if held or rows.has_offset or not rows.design.intercept:
        return None
    coef = np.zeros(rows.design.n_columns)
    with np.errstate(all="ignore"):
        coef[0] = rows.family.link.link(rows.mean_outcome)
    return coef if np.isfinite(coef[0]) else None
