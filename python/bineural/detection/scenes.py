"""Scenes: handwritten digits at random places of a noisy canvas, whose boxes are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from bineural._typing import Array, DataFrame
from bineural.checks import Check, Unfit, checked, choice, is_number, is_whole, seed, share, whole
from bineural.detection.overlap import overlaps
from bineural.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIDE = 8  # pixels of a digit as it is
_TRIES = 100  # places drawn for an object; that of the least overlap is taken
_TRAIN = 1400  # digits, of 1,797, that scenes for training show


class Scenes(NamedTuple):
    """Images and the boxes of what is in them.

    Attributes
    ----------
    images : ndarray of float32, shape (n, height, width)
        Grey, from 0 to 1.
    boxes : pandas.DataFrame
        image (from 0), x1, y1, x2, y2 in pixels, label; see `bineural.detection`.
    """

    images: Array
    boxes: DataFrame


def _pair(value):
    """Return a pair as it is, and a number as a pair of it twice."""
    if is_number(value):
        return value, value
    if isinstance(value, (str, bytes, dict, set)):
        raise ValueError
    return tuple(value)


def span(low, high, *, numbers=is_whole, words="a whole number"):
    """Declare a number, or a pair of the least and the most, which arrives as a pair."""

    def read(value):
        ends = _pair(value)
        if len(ends) != 2 or not all(numbers(end) and low <= end <= high for end in ends):
            raise ValueError
        if ends[0] > ends[1]:
            raise Unfit(f"Found the pair {ends}, the larger first.", value)
        return tuple(int(end) if is_whole(end) else float(end) for end in ends)

    hint = f"Write for example {low} or ({low}, {low + 4})."
    return Check(f"{words} from {low} to {high}, or a pair of the least and the most", read, hint)


def _sides():
    """Declare height and width: a whole number for a square, or a pair."""

    def read(value):
        ends = _pair(value)
        if len(ends) != 2 or not all(is_whole(end) and _SIDE <= end <= 4096 for end in ends):
            raise ValueError
        return tuple(map(int, ends))

    hint = "Write for example 32 or (32, 48)."
    return Check(f"a number of pixels from {_SIDE} to 4096, or a pair of height and width", read, hint)


@checked(
    n=whole(1, 10**7),
    size=_sides(),
    objects=span(0, 100),
    zoom=span(1, 64, numbers=is_number, words="a number"),
    noise=share(),
    digits=choice("train", "test", "all"),
    seed=seed(),
)
def make_scenes(
    n: int,
    *,
    size: int | Sequence[int] = 32,
    objects: int | Sequence[int] = 1,
    zoom: float | Sequence[float] = 1,
    noise: float = 0.25,
    digits: str = "all",
    seed: int | None = None,
) -> Scenes:
    """Make images of handwritten digits at random places of a noisy canvas, with their boxes.

    The digits are the 1,797 of `load_dataset("digits")`, 8 by 8 pixels each.

    Parameters
    ----------
    n : int
        Images.
    size : int or pair of int
        Side of the images in pixels, or height and width.
    objects : int or pair of int
        Digits in an image, or the least and the most of them, each number as likely.
    zoom : float or pair of float
        How much larger than 8 pixels the digits are, or the least and the most.
    noise : float in [0, 1]
        Each pixel gets a random brightness from 0 to this, and is cut at 1.
    digits : {"train", "test", "all"}
        Which of the digits are shown: the first 1,400, the others, which no training scene then has, or all.
    seed : int, optional

    Returns
    -------
    Scenes
        `images`, ndarray of float32, shape (n, height, width), and `boxes`, a data frame: image (from 0), x1,
        y1, x2, y2, label ("0" to "9"). An image without digits has no row.

    Raises
    ------
    InputError
        If digits do not fit on the canvas.

    Notes
    -----
    A box is the whole square of a digit, blank edges too. Places are drawn evenly; where there are several
    digits, each is put where it overlaps the others least, of a hundred places.

    Examples
    --------
    >>> import bineural as bn
    >>> images, boxes = bn.make_scenes(3, objects=2, size=40, seed=1)
    >>> images.shape, boxes["image"].tolist()
    ((3, 40, 40), [0, 0, 1, 1, 2, 2])
    """
    largest = int(round(_SIDE * zoom[1]))
    if largest > min(size):
        raise InputError(
            "A digit must fit on the canvas.",
            f"It has up to {largest} pixels on a side, and the canvas {min(size)}.",
            f"Give size={largest * 4}, or a smaller zoom.",
        )
    random = np.random.default_rng(seed)
    pictures, labels = _digits(digits)
    images = np.zeros((n, *size), np.float32)
    rows = []
    for image in range(n):
        edges = np.empty((0, 4))
        for _ in range(random.integers(objects[0], objects[1] + 1)):
            which = random.integers(len(pictures))
            picture = _enlarged(pictures[which], int(round(_SIDE * random.uniform(*zoom))))
            box = _place(random, len(picture), size, edges)
            edges = np.vstack([edges, box])
            x, y = box[:2].astype(int)
            part = images[image, y : y + len(picture), x : x + len(picture)]
            np.maximum(part, picture, out=part)
            rows.append((image, *box, labels[which]))
    images = np.minimum(images + noise * random.random(images.shape, np.float32), 1)
    boxes = pd.DataFrame(rows, columns=["image", "x1", "y1", "x2", "y2", "label"])
    return Scenes(images, boxes.astype({"image": np.int64, **dict.fromkeys(["x1", "y1", "x2", "y2"], float)}))


def _digits(part):
    """Return pictures of digits, each with its brightest pixel at 1, and their labels."""
    import sklearn.datasets

    bunch = sklearn.datasets.load_digits()
    rows = {"train": slice(None, _TRAIN), "test": slice(_TRAIN, None), "all": slice(None)}[part]
    pictures = bunch.images[rows]
    pictures = pictures / pictures.max(axis=(1, 2), keepdims=True)
    return pictures.astype(np.float32), [str(label) for label in bunch.target[rows]]


def _enlarged(picture, side):
    """Return a picture at another size, by straight lines between its pixels."""
    if side == len(picture):
        return picture
    at = np.clip((np.arange(side) + 0.5) * len(picture) / side - 0.5, 0, len(picture) - 1)
    low = np.minimum(at.astype(int), len(picture) - 2)
    high = (at - low).astype(np.float32)
    mix = np.zeros((side, len(picture)), np.float32)
    mix[np.arange(side), low], mix[np.arange(side), low + 1] = 1 - high, high
    return mix @ picture @ mix.T


def _place(random, side, size, others):
    """Return x1, y1, x2, y2 of a square where it overlaps others least, of some places that are drawn."""
    n_tries = _TRIES if len(others) else 1
    y = random.integers(0, size[0] - side + 1, n_tries)
    x = random.integers(0, size[1] - side + 1, n_tries)
    places = np.column_stack([x, y, x + side, y + side]).astype(float)
    if not len(others):
        return places[0]
    return places[np.argmin(overlaps(places, others).max(axis=1))]
