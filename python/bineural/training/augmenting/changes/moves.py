"""Changes that move pixels: shift, flip, rotate, zoom and crop, each as a map of places.

A map leads from a pixel of the new image to the place in the old one that it is taken from, both counted from
the middle: old = turn @ new + move. Places beyond the border see the pixel at the border.
"""

import math

from bineural._tensorflow import tf
from bineural.checks import choice, number, share, whole
from bineural.training.augmenting.registry import Change, register_change


def shift(numbers, strength, height, width):
    """Move by whole pixels, up to `strength` in each direction, each number of pixels as likely."""
    steps = tf.floor(numbers * (2 * strength + 1)) - strength
    return _scaled(tf.ones_like(numbers)), steps


def flip(numbers, strength, height, width):
    """Flip half of the images left to right ("horizontal"), upside down ("vertical"), or each ("both")."""
    flipped = tf.where(numbers < 0.5, -1.0, 1.0)
    flips = {"vertical": [True, False], "horizontal": [False, True], "both": [True, True]}[strength]
    return _scaled(tf.where(flips, flipped, 1.0)), tf.zeros_like(numbers)


def rotate(numbers, strength, height, width):
    """Turn by an angle between -`strength` and `strength` degrees."""
    angle = (2 * numbers[:, 0] - 1) * (strength * math.pi / 180)
    cos, sin = tf.cos(angle), tf.sin(angle)
    turn = tf.stack([tf.stack([cos, sin], 1), tf.stack([-sin, cos], 1)], 1)
    return turn, tf.zeros_like(turn[:, 0])


def zoom(numbers, strength, height, width):
    """Enlarge by a factor between 1 - `strength` and 1 + `strength`."""
    factor = 1 + (2 * numbers - 1) * strength
    each = tf.concat([factor, factor], 1)
    return _scaled(1 / each), tf.zeros_like(each)


def crop(numbers, strength, height, width):
    """Enlarge a window that is `strength` pixels less high and wide, at a place drawn among all."""
    kept = tf.constant([(height - strength) / height, (width - strength) / width], tf.float32)
    begin = tf.floor(numbers * (strength + 1))
    return _scaled(tf.ones_like(numbers) * kept), begin - strength / 2


def _scaled(factors):
    """Return the maps (n, 2, 2) that multiply each axis by a factor (n, 2)."""
    return factors[:, :, None] * tf.eye(2)


_pixels = whole(0, 10_000, hint="Give a number of pixels, such as 2.")
register_change(
    Change(
        "shift",
        _pixels,
        "pixels at most, up or down and left or right",
        2,
        shift,
        whole=True,
        least=lambda n: n + 1,
    )
)
register_change(
    Change(
        "flip",
        choice("horizontal", "vertical", "both"),
        "horizontal, vertical or both, each with a chance of a half",
        2,
        flip,
        whole=True,
    )
)
register_change(Change("rotate", number(0, 180), "degrees at most, in either direction", 1, rotate))
register_change(Change("zoom", share(below=True), "share at most by which sides grow or shrink", 1, zoom))
register_change(
    Change("crop", _pixels, "pixels that are cut off in height and width", 2, crop, least=lambda n: n + 1)
)
