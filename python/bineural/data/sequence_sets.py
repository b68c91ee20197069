"""Sets of sequences by name, as long tables: a row for each step."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent


@dataclass(frozen=True)
class SequenceSet:
    """What is known of a set of sequences.

    Attributes
    ----------
    n_rows, n_columns : int
        Of its long table.
    outcome : str
    source : str
    load : callable
        () -> pandas.DataFrame.
    """

    n_rows: int
    n_columns: int
    outcome: str
    source: str
    load: object


def _load_vowels():
    with np.load(DATA / "japanese_vowels.npz", allow_pickle=False) as file:
        planes, lengths, codes, is_test = (file[name] for name in ("planes", "lengths", "codes", "is_test"))
    millionths = np.ascontiguousarray(planes.transpose(2, 1, 0)).view("<i4")[:, :, 0]
    features = {f"c{k + 1}": column for k, column in enumerate(millionths.T / 1e6)}
    speakers = [str(k + 1) for k in range(9)]
    return _long_table("utterance", "step", 1, lengths, features, "speaker", speakers, codes, is_test)


def _load_power():
    with np.load(DATA / "italy_power.npz", allow_pickle=False) as file:
        values, codes, is_test = (file[name] for name in ("values", "codes", "is_test"))
    lengths = np.full(len(values), values.shape[1])
    features = {"demand": values.reshape(-1).astype(np.float64)}
    seasons = ["winter", "summer"]
    return _long_table("day", "hour", 0, lengths, features, "season", seasons, codes, is_test)


def _long_table(id, time, first, lengths, features, outcome, levels, codes, is_test):
    """Make a long table: id (from 1), time (from `first`), the features, the outcome, and the part."""
    import pandas as pd

    lengths = lengths.astype(np.int64)
    each = lambda values: np.repeat(values, lengths)  # noqa: E731
    columns = {
        id: each(np.arange(len(lengths)) + 1),
        time: np.arange(lengths.sum()) - each(np.cumsum(lengths) - lengths) + first,
        **features,
        outcome: pd.Categorical.from_codes(each(codes), levels),
        "part": pd.Categorical.from_codes(each(is_test.astype(np.int64)), ["train", "test"]),
    }
    return pd.DataFrame(columns)


SEQUENCE_SETS = {
    "japanese_vowels": SequenceSet(
        9961,
        16,
        "speaker",
        "Kudo, Toyama and Shimbo (1999), UCI; 640 sequences of 7 to 29 steps, 12 features",
        _load_vowels,
    ),
    "italy_power": SequenceSet(
        26304,
        5,
        "season",
        "Keogh and others (2006), UCR archive; 1,096 sequences of 24 steps, 1 feature",
        _load_power,
    ),
}
