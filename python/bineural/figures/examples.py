"""Images side by side, each with a line above it: examples of classes, or those that a model gets wrong."""

import numpy as np

from bineural.figures.canvas import new_figure, plain_text

_SIDE = 1.1  # inches
_ACROSS = 8


def draw_examples(images, titles):
    """Draw images in rows of eight.

    Parameters
    ----------
    images : sequence of ndarray, shape (height, width, n_channels)
        Grey or in colour, in any unit; of one channel, or of more than three the first, each drawn from its
        own darkest to its brightest pixel where they are no bytes and no numbers from 0 to 1.
    titles : sequence of str

    Returns
    -------
    matplotlib.figure.Figure
    """
    across = min(_ACROSS, len(images))
    down = -(-len(images) // across)
    figure = new_figure(across * _SIDE, down * (_SIDE + 0.35))
    places = figure.subplots(down, across, squeeze=False).ravel()
    for axes in places:
        axes.set_axis_off()
    for axes, pixels, title in zip(places, images, titles):
        axes.imshow(_as_shown(np.asarray(pixels)), cmap="gray", interpolation="nearest")
        axes.set_title(plain_text(title), fontsize=7)
    return figure


def _as_shown(pixels):
    """Return pixels as matplotlib shows them: grey of any range, or colours from 0 to 1."""
    pixels = pixels.astype(np.float64)
    if pixels.shape[2] != 3:
        return pixels[..., 0]
    low, high = pixels.min(), pixels.max()
    if low < 0 or high > 255:
        return (pixels - low) / max(high - low, 1e-12)
    return pixels if high <= 1 else pixels / 255
