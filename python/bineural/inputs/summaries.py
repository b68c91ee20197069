"""Summaries and lags of sequences as columns: the honest simple columns that a GLM is of."""

import numpy as np

_LAGS = 2  # values before the last


def summarise_sequences(sequences):
    """Summarise each feature of each sequence.

    Parameters
    ----------
    sequences : Sequences

    Returns
    -------
    pandas.DataFrame
        float64, in the units of the features (called x1, x2, ... where they have no names):
        ``mean_<feature>``, ``sd_`` (n-1; 0 of one step), ``min_``, ``max_``, ``first_``, ``last_``, ``lag1_``
        and ``lag2_`` (one and two steps before the last; the first value where there is none), ``slope_`` (of
        the least squares line, per step), and ``length``, the number of steps.
    """
    import pandas as pd

    values, lengths = sequences.values.astype(np.float64, copy=False), sequences.lengths
    starts, ends = sequences.starts, sequences.starts + lengths
    each = lambda totals: np.repeat(totals, lengths, axis=0)  # noqa: E731
    count = lengths[:, None]
    mean = np.add.reduceat(values, starts) / count
    apart = values - each(mean)
    time = (np.arange(len(values)) - each(starts) - each((lengths - 1) / 2))[:, None]
    parts = {
        "mean": mean,
        "sd": np.sqrt(np.add.reduceat(apart**2, starts) / np.maximum(count - 1, 1)),
        "min": np.minimum.reduceat(values, starts),
        "max": np.maximum.reduceat(values, starts),
        "first": values[starts],
        "last": values[ends - 1],
        **{f"lag{k}": values[np.maximum(ends - 1 - k, starts)] for k in range(1, _LAGS + 1)},
        "slope": np.add.reduceat(time * apart, starts) / np.maximum(np.add.reduceat(time**2, starts), 0.5),
    }
    features = sequences.features or [f"x{k + 1}" for k in range(sequences.n_features)]
    columns = {
        f"{part}_{feature}": numbers[:, k]
        for k, feature in enumerate(features)
        for part, numbers in parts.items()
    }
    return pd.DataFrame({**columns, "length": lengths.astype(np.float64)})
