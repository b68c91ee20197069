"""Separation: whether some combination of columns splits events from the rest, found by linear programming.

With s = 1 for events and -1 for the rest, the classes are separated when a direction b has s x'b >= 0 in
every row and > 0 in some (quasi-complete) or in all (complete). Maximum likelihood then has no finite answer.
The programme sees few rows at a time: it starts from a part and takes in rows that its answer violates, so
it stays small on long tables. Directions of length 1e-7 or less are taken for none.
References: Albert and Anderson (1984). Biometrika 71(1), 1-10.
Konis (2007). Linear programming algorithms for detecting separated data in binary logistic regression models.
DPhil thesis, University of Oxford.
"""

from dataclasses import dataclass, field

import numpy as np

from bineural.checks import checked, flag

from ..errors import InputError
from .rows import Design, as_vector, check_weights
from .saved import SEPARATION
from .threads import one_matrix_thread

_FIRST_ROWS = 2000
_SMALL = 1e-7


@dataclass
class Separation:
    """What separates the classes.

    Attributes
    ----------
    kind : {"none", "quasi", "complete"}
    columns : list of str
        Columns whose estimates run away. Under complete separation, where all of them do: the columns that
        split the classes alone, or else a smallest set that does so together (all, where there are as many
        columns as rows and any set of that size will do).
    direction : ndarray of float64, shape (n_columns,)
        A separating direction, the intercept first when there is one, for columns scaled to a largest size
        of 1; zeros when there is none.
    """

    kind: str = "none"
    columns: list = field(default_factory=list)
    direction: np.ndarray | None = None

    SCHEMA = SEPARATION


def separation_suspected(fit):
    """Say cheaply whether a finished fit looks separated; only then is `find_separation` worth its time.

    Under separation a linear predictor still moves by about 1 in the last iteration; in an ordinary fit it
    has come to rest, by R's steps.

    Parameters
    ----------
    fit : IRLSFit or BatchedFit
        Or any record with `converged` and `last_step`, and perhaps `beyond_r`.

    Returns
    -------
    bool, or ndarray of bool for many fits
    """
    return np.logical_not(fit.converged) | still_moving(fit) | getattr(fit, "beyond_r", False)


def still_moving(fit):
    """Say whether a linear predictor still moved in the last iteration, as one that runs away does."""
    return np.asarray(fit.last_step) > 0.3


@checked(intercept=flag())
def find_separation(x, y, *, intercept=True, weights=None, names=None):
    """Find out whether the classes are separated, and by which columns [1]_.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
    y : array_like of float64, shape (n_rows,)
        Outcomes from 0 to 1; a share strictly between stands for rows of both classes.
    intercept : bool
    weights : array_like of float64, shape (n_rows,), optional
        Rows of weight 0 are left out.
    names : sequence of str, optional
        Names of the columns of `x`; None calls them x1, x2, ...

    Returns
    -------
    Separation

    Raises
    ------
    InputError
        If values are not finite, or outcomes lie outside 0 to 1.

    References
    ----------
    .. [1] Konis (2007). *Linear programming algorithms for detecting separated data in binary logistic
       regression models*. DPhil thesis, University of Oxford.

    Examples
    --------
    >>> find_separation([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1], names=["dose"])
    Separation(kind='complete', columns=['dose'], direction=array([-0.625,  1.   ]))
    """
    design = Design(x, intercept)
    y = as_vector(y, "y", design.n_rows)
    if y.size == 0 or y.min() < 0 or y.max() > 1:
        raise InputError(
            "`y` must have rows, and lie between 0 and 1.",
            f"It runs from {y.min():g} to {y.max():g}." if y.size else "It has none.",
            "Code the event as 1 and the rest as 0.",
        )
    names = [f"x{j + 1}" for j in range(design.n_features)] if names is None else list(names)
    design.check_finite()
    signed = _SignedRows(design, y, check_weights(weights, design.n_rows))
    direction = complete = _any_labels(signed)
    if complete is None:
        direction = _most_separating(signed)
        if direction is None:
            return Separation(direction=np.zeros(design.n_columns))
        complete = _widest_gap(signed)
    if complete is None:
        moving = np.flatnonzero(np.abs(direction) > _SMALL)
    else:
        direction, moving = complete, _columns_alone(signed) or _fewest_columns(signed)
    labels = (["(Intercept)"] if intercept else []) + names
    columns = [labels[j] for j in moving if labels[j] != "(Intercept)"] or ["(Intercept)"]
    return Separation("quasi" if complete is None else "complete", columns, direction)


class _SignedRows:
    """Rows times 1 (event) or -1 (rest), columns scaled to a largest size of 1."""

    def __init__(self, design, y, weights):
        self.design, self.n_columns = design, design.n_columns
        live = np.ones(design.n_rows, dtype=bool) if weights is None else weights > 0
        self.up, self.down = live & (y > 0), live & (y < 1)
        self.scale = np.zeros(self.n_columns)
        self.total = np.zeros(self.n_columns)
        for start, stop in design.blocks():
            block = design.full(start, stop)
            self.scale = np.maximum(self.scale, np.abs(block).max(axis=0))
            self.total += block.T @ (self.up[start:stop].astype(float) - self.down[start:stop])
        self.scale[self.scale == 0] = 1.0
        self.total /= self.scale
        self.row_of = np.concatenate([np.flatnonzero(self.up), np.flatnonzero(self.down)])
        self.sign = np.concatenate([np.ones(self.up.sum()), -np.ones(self.down.sum())])

    def take(self, places):
        """Give some signed rows, by their place among all signed rows."""
        rows, order = self.row_of[places], np.argsort(self.row_of[places], kind="stable")
        out = np.empty((len(places), self.n_columns))
        if self.design.in_memory:
            out[:, self.design.intercept :] = self.design.x[rows]
        else:
            self._gather(rows[order], order, out)
        if self.design.intercept:
            out[:, 0] = 1.0
        return out * (self.sign[places][:, None] / self.scale)

    def _gather(self, rows, order, out):
        for start, stop in self.design.blocks():
            low, high = np.searchsorted(rows, [start, stop])
            if low < high:
                block = self.design.read(start, stop)
                out[order[low:high], self.design.intercept :] = block[rows[low:high] - start]

    def project(self, direction):
        """Give s x'b for all signed rows."""
        from .inference import predict_link

        eta = predict_link(direction / self.scale, self.design.x, intercept=self.design.intercept)
        return self.sign * eta[self.row_of]


def _by_parts(signed, solve):
    """Solve with some rows, take in the rows that the answer violates, and repeat until there is none."""
    n_signed = signed.sign.size
    inside = np.linspace(0, n_signed - 1, min(n_signed, _FIRST_ROWS)).astype(np.intp)
    while True:
        answer = solve(signed.take(inside))
        if answer is None or inside.size == n_signed:
            return answer
        direction, margin = answer
        short = signed.project(direction) - margin
        broken = np.flatnonzero(short < -1e-9)
        broken = np.setdiff1d(broken, inside)
        if broken.size == 0:
            return answer
        worst = broken[np.argsort(short[broken])[:_FIRST_ROWS]]
        inside = np.union1d(inside, worst)


def _any_labels(signed):
    """Direction with s x'b = 1 in every row, where columns are many enough for any labels; else None."""
    n_signed = signed.sign.size
    if n_signed > signed.n_columns:
        return None
    rows = signed.take(np.arange(n_signed))
    with one_matrix_thread():
        direction, _, rank, _ = np.linalg.lstsq(rows, np.ones(n_signed), rcond=1e-9)
    return direction / np.abs(direction).max() if rank == n_signed else None


def _most_separating(signed):
    """Direction in a unit box that separates most in sum, or None when none separates."""

    def solve(rows):
        bounds = [(-1.0, 1.0)] * signed.n_columns
        result = _linear_programme(-signed.total, -rows, np.zeros(len(rows)), bounds)
        if result is None or result @ signed.total < _SMALL:
            return None
        return result, 0.0

    answer = _by_parts(signed, solve)
    return None if answer is None else answer[0]


def _widest_gap(signed):
    """Direction in a unit box with the widest gap between the classes, or None when the gap is 0."""

    def solve(rows):
        cost = np.append(np.zeros(signed.n_columns), -1.0)
        table = np.column_stack([-rows, np.ones(len(rows))])
        bounds = [(-1.0, 1.0)] * signed.n_columns + [(0.0, 1.0)]
        result = _linear_programme(cost, table, np.zeros(len(rows)), bounds)
        if result is None or result[-1] < _SMALL:
            return None
        return result[:-1], result[-1]

    answer = _by_parts(signed, solve)
    return None if answer is None else answer[0]


def _columns_alone(signed):
    """Columns that separate completely by themselves."""
    first, k = signed.design.intercept, signed.n_columns
    if not first or not (signed.up.any() and signed.down.any()):
        return []
    ends = np.full((4, k - first), np.inf)  # smallest of events and the rest, smallest of their negatives
    for start, stop in signed.design.blocks():
        block = signed.design.read(start, stop)
        for side, rows in enumerate((signed.up[start:stop], signed.down[start:stop])):
            part = block[rows]
            ends[side] = np.minimum(ends[side], part.min(axis=0, initial=np.inf))
            ends[side + 2] = np.minimum(ends[side + 2], (-part).min(axis=0, initial=np.inf))
    apart = (ends[0] > -ends[3]) | (-ends[2] < ends[1])
    return (np.flatnonzero(apart) + first).tolist()


def _fewest_columns(signed):
    """Columns of the separating direction of least total size; all where they are as many as the rows."""
    first = signed.design.intercept
    if signed.n_columns >= signed.sign.size:
        return list(range(first, signed.n_columns))

    def solve(rows):
        k = signed.n_columns
        cost = np.ones(2 * k)
        if first:
            cost[[0, k]] = 1e-6  # the intercept is free
        result = _linear_programme(
            cost, np.hstack([-rows, rows]), -np.ones(len(rows)), [(0.0, None)] * (2 * k)
        )
        return None if result is None else (result[:k] - result[k:], 1.0)

    answer = _by_parts(signed, solve)
    if answer is None:
        return list(range(first, signed.n_columns))
    size = np.abs(answer[0])
    return np.flatnonzero(size > _SMALL * max(size[first:].max(initial=0.0), 1.0)).tolist()


def _linear_programme(cost, table, limit, bounds):
    from scipy.optimize import linprog

    result = linprog(cost, A_ub=table, b_ub=limit, bounds=bounds, method="highs")
    return result.x if result.status == 0 else None
