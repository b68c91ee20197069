"""Convolution of an image with a kernel: each pixel becomes a weighted sum of those around it."""

from __future__ import annotations

import numpy as np

from bineural._typing import Array, ArrayLike, DataFrame
from bineural.checks import checked, choice, whole
from bineural.errors import InputError
from bineural.messages import listed, near_names

# name: (kernel, what it does)
_KERNELS = {
    "identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "leaves the image as it is"),
    "box_blur": (np.full((3, 3), 1 / 9), "mean of nine pixels"),
    "gaussian": (np.outer([1, 2, 1], [1, 2, 1]) / 16, "blurs, near pixels count more"),
    "sobel_x": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "vertical edges: brighter to the right is positive"),
    "sobel_y": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "horizontal edges: brighter below is positive"),
    "laplacian": ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "edges of any direction: the second derivative"),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "the image less its Laplacian"),
    "emboss": ([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], "light from the top left, as on a relief"),
}


@checked(padding=choice("same", "valid"), stride=whole(1))
def convolve_image(
    image: ArrayLike, kernel: str | ArrayLike, padding: str = "same", stride: int = 1
) -> Array:
    """Convolve an image with a kernel, as the layers of nets do.

    Parameters
    ----------
    image : array_like of numbers, shape (height, width) or (height, width, n_channels)
        The channels of a colour image are convolved each by itself.
    kernel : str or array_like of float64, shape (kernel_height, kernel_width)
        A name from `list_kernels`, or the weights.
    padding : {"same", "valid"}
        "same" lays zeros around the image so that with stride 1 it keeps its size (where an odd one must be
        laid, it is below and on the right); "valid" takes only places where the whole kernel fits.
    stride : int
        Pixels from one place to the next.

    Returns
    -------
    ndarray of float64, shape (new_height, new_width) or (new_height, new_width, n_channels)
        Side n becomes ceil(n / stride) with "same", and floor((n - k) / stride) + 1 with "valid".

    Raises
    ------
    InputError
        If image or kernel have another shape, hold no finite numbers, or the kernel does not fit.

    Notes
    -----
    The kernel is laid on the image as it stands, and not turned by 180 degrees as in mathematics: strictly it
    is a cross-correlation, which is what Keras' `Conv2D` and all other libraries for nets compute.

    Examples
    --------
    >>> steps = [[0, 0, 5, 5]] * 3
    >>> convolve_image(steps, "sobel_x", padding="valid")
    array([[20., 20.]])
    >>> convolve_image(steps, [[-1, 1]], padding="valid")
    array([[0., 5., 0.],
           [0., 5., 0.],
           [0., 5., 0.]])
    """
    image, weights = _read_image(image), _read_kernel(kernel)
    if padding == "same":
        around = [_zeros(n, k, stride) for n, k in zip(image.shape, weights.shape)]
        image = np.pad(image, around + [(0, 0)] * (image.ndim - 2))
    if any(n < k for n, k in zip(image.shape, weights.shape)):
        raise InputError(
            "The kernel must fit into the image.",
            f"The kernel is {' by '.join(map(str, weights.shape))}, the image "
            f"{' by '.join(map(str, image.shape[:2]))} pixels.",
            "Use padding='same', or a smaller kernel.",
        )
    windows = np.lib.stride_tricks.sliding_window_view(image, weights.shape, axis=(0, 1))
    return np.tensordot(windows[::stride, ::stride], weights, axes=2)


def list_kernels() -> DataFrame:
    """List the kernels that `convolve_image` knows by name.

    Returns
    -------
    pandas.DataFrame
        A row each: `name`, `kernel` (its rows, as text) and `does`.

    Examples
    --------
    >>> list_kernels()["name"].tolist()[:3]
    ['identity', 'box_blur', 'gaussian']
    """
    import pandas as pd

    write = lambda rows: "; ".join(" ".join(f"{weight:.3g}" for weight in row) for row in np.asarray(rows))  # noqa: E731
    rows = [(name, write(kernel), does) for name, (kernel, does) in _KERNELS.items()]
    return pd.DataFrame(rows, columns=["name", "kernel", "does"])


def _zeros(n, k, stride):
    """Return how many zeros are laid before and after a side."""
    total = max((-(-n // stride) - 1) * stride + k - n, 0)
    return total // 2, total - total // 2


def _read_image(image):
    values = _numbers(image, "image")
    if values.ndim not in (2, 3):
        raise InputError(
            "`image` must be one image, (height, width) or (height, width, n_channels).",
            f"Found shape {values.shape}.",
            "Take one out of an array of images: `images[0]`.",
        )
    return values


def _read_kernel(kernel):
    if isinstance(kernel, str):
        if kernel not in _KERNELS:
            raise InputError(
                f"`kernel` must be one of {listed(_KERNELS, len(_KERNELS))}, or a matrix.",
                f"Found {kernel!r}.",
                near_names(kernel, _KERNELS),
            )
        return np.asarray(_KERNELS[kernel][0], dtype=np.float64)
    values = _numbers(kernel, "kernel")
    if values.ndim != 2:
        raise InputError(
            "`kernel` must be a matrix, or a name.",
            f"Found shape {values.shape}.",
            "Write for example [[-1, 1]], or 'sobel_x'.",
        )
    return values


def _numbers(values, name):
    hint = "Pass an array of numbers."
    try:
        values = np.asarray(values)
        numbers = values.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` must hold numbers.", f"Found {type(values).__name__}.", hint) from None
    if values.dtype.kind not in "fiub" or not values.size:
        what = f"dtype {values.dtype}" if values.size else f"shape {values.shape}"
        raise InputError(f"`{name}` must hold numbers.", f"Found {what}.", hint)
    if not np.isfinite(numbers).all():
        n_bad = int((~np.isfinite(numbers)).sum())
        raise InputError(
            f"`{name}` must be finite.", f"{n_bad} of {numbers.size} values are not.", "Fill them in first."
        )
    return numbers
