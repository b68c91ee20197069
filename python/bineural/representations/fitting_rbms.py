"""`fit_rbm`: hidden units of rows, in one call."""

from __future__ import annotations

from typing import Any

from bineural._typing import ArrayLike, RowsLike
from bineural.checks import checked
from bineural.nets.rows_net import begun_at_least
from bineural.representations.fitting import read_rows_of, unfitted
from bineural.representations.rbm import RBM
from bineural.zoo.rbm import N_HIDDEN, PERSISTENT, STEPS


@checked(n_hidden=N_HIDDEN.check, steps=STEPS.check, persistent=PERSISTENT.check)
def fit_rbm(
    x: RowsLike | str | None = None,
    n_hidden: int = 64,
    data: RowsLike | None = None,
    *,
    steps: int = 1,
    persistent: bool = False,
    weights: str | ArrayLike | None = None,
    **options: Any,
) -> RBM:
    """Fit a restricted Boltzmann machine: hidden units, 0 or 1, of rows that are 0 or 1.

    Parameters
    ----------
    x : data frame, array_like or str, optional
        Rows of numbers from 0 to 1, or of bytes: a table, an array, or images. Or a formula without an
        outcome, such as ``"~ a + b"``, with `data`. None: nothing is fitted, and what comes back stands in
        `compare_models`.
    n_hidden : int
        Hidden units.
    data : data frame, optional
        Rows, beside a formula.
    steps : int
        Gibbs steps from the rows (or of the chains) in each step of training: the k of CD-k.
    persistent : bool
        Whether 100 chains go on from one step of training to the next, instead of starting from the rows.
    weights : str or array_like of float64, shape (n_rows,), optional
        Row weights, or the name of their column.
    **options
        Options of training, as in `fit_net`: `epochs`, `batch_size`, `learning_rate`, `seed`, ...

    Returns
    -------
    RBM
        With `transform`, `log_likelihood` (exact where one side has at most 20 units) and `baseline_`,
        independent columns. After Ctrl-C with the weights reached, with a warning. Without `x` unfitted.

    Raises
    ------
    InputError
        If rows or options cannot be used; it says which.

    Examples
    --------
    >>> import bineural as bn
    >>> import numpy as np
    >>> x = np.random.default_rng(1).integers(0, 2, (60, 4)).astype(float)
    >>> bn.fit_rbm(x, 2, epochs=2, seed=1).transform(x).shape
    (60, 2)
    """
    if x is None:
        return unfitted(RBM, data, weights, n_hidden=n_hidden, steps=steps, persistent=persistent, **options)
    terms, rows, weights = read_rows_of(x, data, weights)
    rbm = RBM(terms, n_hidden=n_hidden, steps=steps, persistent=persistent, **options)
    fit = lambda: rbm.fit(rows, sample_weight=weights)  # noqa: E731
    return begun_at_least(rbm, fit, lambda: rbm.stand_beside(rows))
