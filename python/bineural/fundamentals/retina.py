"""Images of a square in the left or the right half: what the Mark I learnt to tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import Figure, PathLike, Seed
from bineural.checks import checked, number, seed, whole
from bineural.figures.canvas import FIGURE_FILE, new_figure, write_figure
from bineural.messages import number_of


@dataclass(eq=False, repr=False)
class Retina:
    """Images that `make_retina` drew.

    Attributes
    ----------
    images : ndarray of float64, shape (n_images, side * side)
        0 and 1, row by row.
    right : ndarray of int64, shape (n_images,)
        1 where the square is in the right half.
    side : int
        Pixels.

    Examples
    --------
    >>> import bineural as bn
    >>> retina = bn.fundamentals.make_retina(50, seed=1958)
    >>> bn.fundamentals.fit_perceptron(retina.images, retina.right).converged
    True
    """

    images: np.ndarray
    right: np.ndarray
    side: int

    def __repr__(self):
        """Say how many images of which size."""
        size = f"{self.side} x {self.side} pixels"
        return f"{number_of(len(self.images), 'image')} of {size}, {self.right.sum()} of them right."

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the first eight images.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(8.0, 4.3)
        for axes, image, right in zip(figure.subplots(2, 4).flat, self.images, self.right):
            axes.imshow(image.reshape(self.side, self.side), cmap="gray_r", vmin=0, vmax=1)
            axes.set_title("right" if right else "left", fontsize=10)
        for axes in figure.axes:
            axes.set(xticks=[], yticks=[])
            axes.set_visible(axes.has_data())
        return write_figure(figure, path)


@checked(n_images=whole(1), side=whole(4), noise=number(0, 0.5, hint="Use for example 0.02."), seed=seed())
def make_retina(n_images: int = 50, side: int = 20, noise: float = 0.02, seed: Seed = None) -> Retina:
    """Draw images of a square in the left or the right half, as in the Mark I's first demonstration [1]_.

    Parameters
    ----------
    n_images : int
        Images.
    side : int
        Width and height, pixels, at least 4; the square measures a quarter of it.
    noise : float in [0, 0.5]
        Chance that a pixel is flipped.
    seed : int, optional
        The same seed gives the same images.

    Returns
    -------
    Retina
        With images (one flattened image a row), right (0 or 1), side.

    Raises
    ------
    InputError
        If a size is too small.

    References
    ----------
    .. [1] Rosenblatt (1958). *Psychological Review* 65(6), 386-408.

    Examples
    --------
    >>> make_retina(50, seed=1958)
    50 images of 20 x 20 pixels, 25 of them right.
    """
    rng = np.random.default_rng(seed)
    size = side // 4
    right = rng.integers(0, 2, n_images)
    images = (rng.random((n_images, side, side)) < noise).astype(np.float64)
    tops = rng.integers(0, side - size + 1, n_images)
    lefts = rng.integers(0, side // 2 - size + 1, n_images) + right * (side - side // 2)
    for image, top, left in zip(images, tops, lefts):
        square = image[top : top + size, left : left + size]
        square[:] = 1 - square
    return Retina(images.reshape(n_images, -1), right, side)
