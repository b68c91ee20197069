"""Images too small for an architecture: the error that says from which size on it can be built."""

from bineural.errors import InputError

_LARGEST = 512  # pixels a side, up to which sizes are tried


def refuse_small(build, input_shape, name, error):
    """Raise an `InputError` that names the smallest square images that an architecture can be built for.

    Parameters
    ----------
    build : callable
        input_shape -> keras.Model.
    input_shape : tuple (height, width, n_channels)
        What it was not built for.
    name : str
        Of the architecture.
    error : ValueError
        What it said of that.

    Raises
    ------
    InputError
        Where larger images help; else the error itself.
    """
    height, width, n_channels = input_shape

    def builds(side):
        try:
            build((max(side, height), max(side, width), n_channels))
        except ValueError:
            return False
        return True

    low, high = min(height, width), 2 * min(height, width)
    while high <= _LARGEST and not builds(high):
        low, high = high, 2 * high
    if high > _LARGEST:
        raise error
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if builds(middle) else (middle, high)
    raise InputError(
        f"Images for architecture={name!r} must have at least {high} x {high} pixels.",
        f"Found {height} x {width} (height x width).",
        f"Enlarge them, by load_images(..., size={high}) for example, or choose a smaller net.",
    ) from error
