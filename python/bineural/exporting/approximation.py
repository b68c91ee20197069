"""Functions that few languages have, as polynomials in pieces: the normal distribution and its quantiles."""

import numpy as np
from scipy.special import ndtr, ndtri

_DEGREE = 10
_FURTHEST = -ndtri(1e-7)  # of a scaling to normal quantiles


def fit_pieces(function, ends, degree=_DEGREE):
    """Fit a polynomial to each piece between neighbouring ends, in the distance from its middle.

    Parameters
    ----------
    function : callable
    ends : sequence of float
        Ascending.
    degree : int

    Returns
    -------
    coefficients : list of ndarray, shape (degree + 1,)
        From the constant on.
    middles : ndarray of float64
    """
    ends = np.asarray(ends, dtype=np.float64)
    middles, halves = (ends[1:] + ends[:-1]) / 2, np.diff(ends) / 2
    nodes = np.cos(np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1))
    fits = []
    for middle, half in zip(middles, halves):
        fit = np.polynomial.chebyshev.chebfit(nodes, function(middle + half * nodes), degree)
        fits.append(np.polynomial.chebyshev.cheb2poly(fit) / half ** np.arange(degree + 1))
    return fits, middles


def normal_probability(program, a):
    """Return the normal probability below a, to 1e-14."""
    ends = np.linspace(-8.5, 8.5, 35)
    fits, middles = fit_pieces(ndtr, ends)
    zero = np.zeros(_DEGREE + 1)
    one = np.eye(_DEGREE + 1)[0]
    return program.pieces(a, ends, [zero, *fits, one], [0.0, *middles, 0.0])


def normal_quantile(program, share):
    """Return the normal quantile of a share, to 1e-9, held between those of 1e-7 and 1 - 1e-7."""
    below = np.concatenate([np.geomspace(1e-7, 0.25, 60), [0.5]])
    ends = np.concatenate([below, 1 - below[-2::-1]])
    fits, middles = fit_pieces(ndtri, ends)
    low, high = np.zeros(_DEGREE + 1), np.zeros(_DEGREE + 1)
    low[0], high[0] = -_FURTHEST, _FURTHEST
    return program.pieces(share, ends, [low, *fits, high], [0.0, *middles, 0.0])


def interpolate(program, a, x, y):
    """Return the straight lines between points, constant beyond them.

    Parameters
    ----------
    program : Program
    a : int
        A step.
    x, y : sequence of float
        `x` ascends. Where several points have one x, a there gets the middle of their first and last y.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    x, first, counts = np.unique(x, return_index=True, return_counts=True)
    begin, end = y[first + counts - 1][:-1], y[first][1:]
    coefficients = [(y[0], 0.0), *zip(begin, (end - begin) / np.diff(x)), (y[-1], 0.0)]
    origins = [0.0, *x[:-1], 0.0]
    line = program.pieces(a, x, coefficients, origins)
    if counts.max() == 1:
        return line
    from_left = program.pieces(a, x, coefficients, origins, from_left=True)
    return program.affine(0.0, (0.5, 0.5), (line, from_left))
