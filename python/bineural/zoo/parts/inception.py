"""Inception module: convolutions of several sizes beside each other, their maps put together.

Shapes: (batch, height, width, n) -> (batch, height, width, sum of the branches). Convolutions of 1 x 1 first
make fewer maps, which the larger ones then see. Szegedy and others (2015), CVPR, figure 2.
"""

from bineural._tensorflow import keras


def inception(convolve, x, ones, threes, fives, pooled, name):
    """Put an inception module on `x`.

    Parameters
    ----------
    convolve : Convolving
    x : keras tensor (batch, height, width, n)
    ones : int
        Filters of 1 x 1.
    threes, fives : (int or None, int)
        Filters of 1 x 1 before those of 3 x 3 or 5 x 5 (None: none), and these.
    pooled : int or None
        Filters of 1 x 1 behind a pooling of 3 x 3; None: the pooled maps themselves, as in the naive module.
    name : str

    Returns
    -------
    keras tensor (batch, height, width, ones + threes[1] + fives[1] + pooled)
    """
    branches = [convolve(x, ones, 1, f"{name}_1x1")]
    for size, (fewer, filters) in ((3, threes), (5, fives)):
        seen = x if fewer is None else convolve(x, fewer, 1, f"{name}_{size}x{size}_fewer")
        branches.append(convolve(seen, filters, size, f"{name}_{size}x{size}"))
    most = keras.layers.MaxPooling2D(3, 1, padding="same", name=f"{name}_pool")(x)
    branches.append(most if pooled is None else convolve(most, pooled, 1, f"{name}_pooled"))
    return keras.layers.Concatenate(name=name)(branches)
