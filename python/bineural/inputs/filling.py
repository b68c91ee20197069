"""What fills sequences and texts up to one length, on the right."""

import numpy as np

# Prepared sequences (n_rows, length, n_features) of fewer steps than `length` hold this number in every
# feature of the steps after their last. It is exact in float16, bfloat16, float32 and float64, and lies far
# outside of what standardised features are; a real value that equals it is refused.
FILL = -61440.0


def fill_steps(rows, length):
    """Fill rows up to `length` steps.

    Parameters
    ----------
    rows : ndarray of float (n_rows, time, n_features), or of int (n_rows, time)
        Prepared sequences, or texts as numbers of words.
    length : int
        At least `time`.

    Returns
    -------
    ndarray of the same type, (n_rows, length, n_features) or (n_rows, length)
        With `FILL`, or 0, after the steps that there were.
    """
    filling = FILL if rows.dtype.kind == "f" else 0
    missing = [(0, 0), (0, length - rows.shape[1]), *[(0, 0)] * (rows.ndim - 2)]
    return np.pad(rows, missing, constant_values=filling)
