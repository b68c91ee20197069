"""Summaries and lags of sequences as columns: the honest simple columns that a GLM is of."""

import numpy as np

MOST_PARTS = 16  # means over parts of a sequence, as images have at most 16 squares on a side
_LAGS = 2  # values before the last


def summarise_sequences(sequences, n_parts):
    """Summarise each feature of each sequence.

    Parameters
    ----------
    sequences : Sequences
    n_parts : int
        Parts that each sequence is cut into, of equal lengths.

    Returns
    -------
    pandas.DataFrame
        float64, in the units of the features (called x1, x2, ... where they have no names):
        ``mean_<feature>``, ``sd_`` (n-1; 0 of one step), ``min_``, ``max_``, ``first_``, ``last_``, ``lag1_``
        and ``lag2_`` (one and two steps before the last; the first value where there is none), ``slope_`` (of
        the least squares line, per step), ``autocorrelation_`` (of neighbouring steps; 0 of a constant),
        ``part1_`` ... the mean of each part (a step at a border is in both), and ``length``, the number of
        steps.
    """
    import pandas as pd

    values, lengths = sequences.values.astype(np.float64, copy=False), sequences.lengths
    starts, ends = sequences.starts, sequences.starts + lengths
    count = lengths[:, None]
    mean = np.add.reduceat(values, starts) / count
    apart = values - np.repeat(mean, lengths, axis=0)
    squares = np.add.reduceat(apart**2, starts)
    parts = {
        "mean": mean,
        "sd": np.sqrt(squares / np.maximum(count - 1, 1)),
        "min": np.minimum.reduceat(values, starts),
        "max": np.maximum.reduceat(values, starts),
        "first": values[starts],
        "last": values[ends - 1],
        **{f"lag{k}": values[np.maximum(ends - 1 - k, starts)] for k in range(1, _LAGS + 1)},
        "slope": _slopes(apart, starts, lengths),
        "autocorrelation": _autocorrelations(apart, starts, squares),
        **_part_means(apart, mean, starts, lengths, n_parts),
    }
    features = sequences.features or [f"x{k + 1}" for k in range(sequences.n_features)]
    columns = {
        f"{part}_{feature}": numbers[:, k]
        for k, feature in enumerate(features)
        for part, numbers in parts.items()
    }
    return pd.DataFrame({**columns, "length": lengths.astype(np.float64)})


def _slopes(apart, starts, lengths):
    """Return the slopes of least squares lines, per step; 0 of one step."""
    time = np.arange(len(apart)) - np.repeat(starts + (lengths - 1) / 2, lengths)
    products = np.add.reduceat(time[:, None] * apart, starts)
    return products / np.maximum(np.add.reduceat(time**2, starts), 0.5)[:, None]


def _autocorrelations(apart, starts, squares):
    """Return the correlation of each step with the one before it; 0 where all steps are equal."""
    products = apart * np.roll(apart, 1, axis=0)
    products[starts] = 0
    sums = np.add.reduceat(products, starts)
    return np.divide(sums, squares, out=np.zeros_like(sums), where=squares > 0)


def _part_means(apart, mean, starts, lengths, n_parts):
    """Return the mean of each of `n_parts` parts of every sequence, {"part1": (n_rows, n_features), ...}."""
    sums = np.concatenate([np.zeros((1, apart.shape[1])), np.cumsum(apart, axis=0)])
    means = {}
    for k in range(n_parts):
        begin = starts + lengths * k // n_parts
        end = starts - (-lengths * (k + 1) // n_parts)
        means[f"part{k + 1}"] = mean + (sums[end] - sums[begin]) / (end - begin)[:, None]
    return means
