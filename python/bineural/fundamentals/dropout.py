"""Dropout: in training units are silenced by chance and the others speak louder; in use nothing happens."""

from __future__ import annotations

import numpy as np

from bineural._typing import ArrayLike, Floats, Seed
from bineural.checks import checked, flag, seed
from bineural.errors import InputError
from bineural.fundamentals.checking import RATE, check_array
from bineural.tables.rows import as_array


@checked(x=check_array, rate=RATE, training=flag(), seed=seed())
def drop_units(
    x: ArrayLike, rate: float = 0.2, training: bool = True, keep: ArrayLike | None = None, seed: Seed = None
) -> Floats:
    """Set units to 0 by chance and divide the others by `1 - rate`, so that their mean stays [1]_.

    Parameters
    ----------
    x : array_like of float64
        Values of units, of any shape.
    rate : float
        Chance that a unit is dropped: 0 or more, less than 1.
    training : bool
        Whether units are dropped; in use they are returned as they are.
    keep : array_like of bool, of the shape of `x`, optional
        Which units stay; drawn by chance where it is left out.
    seed : int, optional
        The same seed drops the same units.

    Returns
    -------
    ndarray of float64
        Of the shape of `x`.

    Raises
    ------
    InputError
        If `rate` is not a share below 1, or `keep` has another shape than `x`.

    References
    ----------
    .. [1] Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014). *Journal of Machine Learning
       Research* 15, 1929-1958. There units are scaled in use instead.

    Examples
    --------
    >>> drop_units([1, 2, 3, 4], rate=0.5, keep=[True, False, True, True])
    array([2., 0., 6., 8.])
    >>> drop_units([1, 2, 3, 4], rate=0.5, training=False)
    array([1., 2., 3., 4.])
    """
    if not training:
        return x.copy()
    if keep is None:
        return x * draw_mask(x.shape, rate, np.random.default_rng(seed))
    keep = as_array(keep, "`keep`")
    if keep.shape != x.shape or not np.isin(keep, [0, 1]).all():
        raise InputError(
            "`keep` must hold True or False for each value of `x`.",
            f"Its shape is {keep.shape}, that of `x` {x.shape}.",
            "Leave it out to draw it by chance.",
        )
    return x * keep / (1 - rate)


def draw_mask(shape, rate, rng):
    """Draw what values are multiplied by: 0 with chance `rate`, else 1 / (1 - rate)."""
    return (rng.random(shape) >= rate) / (1 - rate)
