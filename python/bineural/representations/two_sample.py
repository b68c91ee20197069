"""Can made rows be told from real ones? A classifier that has not seen them is asked.

Reference: Lopez-Paz and Oquab (2017). Revisiting classifier two-sample tests. ICLR.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bineural._typing import ArrayLike, Seed
from bineural.checks import checked, seed
from bineural.errors import InputError
from bineural.measures.delong import auroc_interval
from bineural.measures.sample_measures import forest_scores
from bineural.messages import shown

_LEAST = 20


class TwoSample(NamedTuple):
    """How well made rows are told from real ones: 0.5 not at all, 1 without an error."""

    auroc: float
    lower: float
    upper: float
    n_real: int
    n_made: int


@checked(seed=seed())
def two_sample_auroc(real: ArrayLike, made: ArrayLike, *, seed: Seed = 1) -> TwoSample:
    """Compute how well a classifier tells made rows from real ones; neither has been seen before.

    Parameters
    ----------
    real, made : array_like of numbers, shape (n_rows, ...)
        Real rows that the generator was not trained on, and rows that it made.
    seed : int, optional
        Of the halves and of the forest.

    Returns
    -------
    TwoSample
        AUROC with DeLong's 95 % interval, and the numbers of rows it is of.

    Raises
    ------
    InputError
        If rows differ in shape, or there are fewer than 20 of either.

    Notes
    -----
    A random forest of 300 trees is fitted to one half of the real and of the made rows, and asked about the
    other half: over folds of all rows areas would come out below 0.5 where there is no difference.

    References
    ----------
    Lopez-Paz and Oquab (2017). Revisiting classifier two-sample tests. *ICLR*.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> two_sample_auroc(rng.normal(0, 1, (60, 2)), rng.normal(3, 1, (60, 2))).auroc > 0.95
    True
    """
    real, made = (_values(rows, name) for rows, name in ((real, "real"), (made, "made")))
    if real.shape[1] != made.shape[1] or min(len(real), len(made)) < _LEAST:
        raise InputError(
            f"Real and made rows must have one shape, and be {_LEAST} or more each.",
            f"Found {len(real)} of {real.shape[1]} values and {len(made)} of {made.shape[1]}.",
            "Pass rows of the same columns or pixels, or more of them.",
        )
    X, y = np.vstack([real, made]), np.repeat([0, 1], [len(real), len(made)])
    share, test = forest_scores(X, y, seed)
    area = auroc_interval(y[test], share)
    n_made = int(y[test].sum())
    return TwoSample(float(area.estimate), float(area.low), float(area.high), len(test) - n_made, n_made)


def _values(rows, name):
    values = rows.to_numpy() if hasattr(rows, "to_numpy") else rows
    try:
        values = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        values = np.empty(())
    if values.ndim < 2 or not values.size or not np.isfinite(values).all():
        raise InputError(
            f"`{name}` must be finite numbers of shape (n_rows, ...).",
            f"Found {shown(rows)}.",
            "Convert them.",
        )
    return values.reshape(len(values), -1)
