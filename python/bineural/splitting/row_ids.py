"""Checks of row ids: whole numbers from 0, and no test row that is trained on or there twice."""

import numpy as np


def check_pair(train_ids, test_ids, n_rows):
    """Return (train_ids or None, test_ids) as int64, or raise ValueError if they can't be parts of `n_rows`.

    A training row may be there twice, as in a bootstrap sample; a test row may not.
    """
    train_ids = None if train_ids is None else check_ids(train_ids, n_rows)
    test_ids = check_ids(test_ids, n_rows)
    if len(np.unique(test_ids)) != len(test_ids):
        raise ValueError("a test row is there twice")
    both = train_ids is not None and np.isin(train_ids, test_ids)
    if np.any(both):
        raise ValueError(f"rows on both sides: {train_ids[both][:5].tolist()}")
    return train_ids, test_ids


def check_ids(ids, n_rows):
    """Return row numbers as int64, or raise ValueError if they can't be of `n_rows`."""
    ids = np.asarray(ids)
    if ids.ndim != 1 or len(ids) == 0:
        raise ValueError(f"row ids must be a list of at least one number (shape {ids.shape})")
    if ids.dtype.kind not in "iu" and not (ids.dtype.kind == "f" and np.all(ids % 1 == 0)):
        raise ValueError(f"row ids must be whole numbers (dtype {ids.dtype})")
    if ids.min() < 0 or ids.max() >= n_rows:
        raise ValueError(f"row ids from {ids.min()} to {ids.max()} in {n_rows} rows")
    return ids.astype(np.int64)
