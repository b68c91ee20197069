"""Photographs that scikit-learn carries, as arrays."""

from __future__ import annotations

from bineural._typing import Array
from bineural.checks import checked, choice


@checked(name=choice("china", "flower"))
def load_photograph(name: str = "china") -> Array:
    """Load a photograph.

    Parameters
    ----------
    name : {"china", "flower"}
        A Chinese temple (by danielbuechele), or a dahlia (by vultilion).

    Returns
    -------
    ndarray of uint8, shape (427, 640, 3)
        Red, green and blue, from 0 to 255.

    Notes
    -----
    Both come with scikit-learn, under the licence CC BY 2.0.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.load_photograph("flower").shape
    (427, 640, 3)
    """
    from sklearn.datasets import load_sample_image

    return load_sample_image(f"{name}.jpg")
