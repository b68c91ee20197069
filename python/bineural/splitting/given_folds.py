"""Folds that others made: a splitter, pairs of row ids, sets of row ids, or the fold of each row.

Sets of row ids alone are training rows, as R's `caret::createFolds(returnTrain = TRUE)` gives them; where
they look like test rows, as `createFolds()` gives them, nothing is guessed.
"""

from collections.abc import Mapping

import numpy as np

from bineural.errors import InputError
from bineural.messages import number_of
from bineural.splitting.resamples import Folds, Split, other_rows
from bineural.splitting.row_ids import check_ids, check_pair

_TRAIN, _TEST = ("train", "analysis", "in_id"), ("test", "assessment", "out_id")
SETS_HINT = "Say what the sets of rows in `folds` are: those of caret::createFolds() are 'test'."


def given_folds(given, repeats, columns, n_rows, seed, sets=None):
    """Return (resamples, folds, repeats) of folds that are not a number; arguments as in `make_folds`."""
    if seed is not None or "time" in columns:
        raise InputError(
            "`seed` and `time` can't be given where `folds` already says how to split.",
            f"`folds` is {type(given).__name__}.",
            "Give the splitter its own random_state, or a number of folds.",
        )
    if _is_splitter(given):
        if repeats != 1:
            raise InputError(
                "`repeats` must be 1 with a splitter.",
                f"It is {repeats}.",
                "Use e.g. RepeatedStratifiedKFold.",
            )
        labels, groups = (
            columns[word][0].to_numpy() if word in columns else None for word in ("strata", "groups")
        )
        given_pairs = list(given.split(np.zeros((n_rows, 1)), labels, groups))
        repeats = getattr(given, "n_repeats", getattr(given, "repeats", 1))
    else:
        given_pairs = given
    resamples = tuple(read_pairs(given_pairs, n_rows, sets))
    if len(resamples) % repeats:
        raise InputError(
            "`repeats` must divide the number of pairs.",
            f"There are {number_of(len(resamples), 'pair')}, {number_of(repeats, 'repeat')}.",
        )
    return resamples, len(resamples) // repeats, repeats


def read_pairs(given, n_rows, sets=None, count="a number of folds, a scikit-learn splitter, or "):
    """Return given folds as a list of pairs.

    Parameters
    ----------
    given : Split, list, or 1-D array
        Pairs (train, test), sets of rows, or the fold of each row. Rows are ids from 0, or a truth value for
        each row.
    n_rows : int
    sets : {"train", "test"} or None
        What sets of rows are.
    count : str
        What else the caller takes, for its message.

    Returns
    -------
    list of (ndarray of int64 or None, ndarray of int64)
        None stands for all other rows.
    """
    if isinstance(given, Split):
        given = [(given.train_ids, given.test_ids)]
    if isinstance(given, Folds):
        given = list(given)
    if _is_vector(given):
        return _pairs_of_numbers(given, n_rows)
    items = _items(given, count)
    pairs = [_named_parts(item) for item in items]
    if not all(pair is not None or _is_listing(item) for pair, item in zip(pairs, items)):
        raise _no_folds(given, count)
    if sets is None and not any(pairs):
        _ask_what_sets_are([_rows(k, item, n_rows) for k, item in enumerate(items, 1)], n_rows)
    resamples = []
    for k, (pair, item) in enumerate(zip(pairs, items), 1):
        if pair is None:
            rows = _rows(k, item, n_rows)
            pair = (None, rows) if sets == "test" else (rows, other_rows(rows, n_rows))
        resamples.append(_checked(k, n_rows, *pair))
    return resamples


def _is_splitter(given):
    return hasattr(given, "split") and hasattr(given, "get_n_splits")


def _is_listing(value):
    return hasattr(value, "__len__") and not isinstance(value, (str, bytes, Mapping))


def _is_vector(given):
    """Say whether folds are one value after another, rather than sets or pairs of them."""
    if not _is_listing(given) or len(given) == 0:
        return False
    if getattr(given, "ndim", 1) != 1 or hasattr(given, "columns"):
        return False
    return not any(_is_listing(value) or isinstance(value, Mapping) for value in given)


def _pairs_of_numbers(given, n_rows):
    """Return a pair for each fold of a vector that holds the fold of each row."""
    import pandas as pd

    from bineural.tables.rows import as_series, group_rows, label_codes

    values = as_series(given)
    must = "A vector as `folds` must hold the fold of each row."
    if len(values) != n_rows:
        raise InputError(
            must,
            f"It has {number_of(len(values), 'value')}; the data have {number_of(n_rows, 'row')}.",
            "Row ids are given as pairs of training and test rows, [(train_ids, test_ids), ...].",
        )
    if values.isna().any() or values.dtype == bool:
        unfit = "truth values" if values.dtype == bool else f"{values.isna().sum()} missing values"
        raise InputError(
            must, f"It holds {unfit}.", "Number the folds, or give pairs of training and test rows."
        )
    if pd.api.types.is_numeric_dtype(values.dtype) and (values.min() < 0 or (values % 1 != 0).any()):
        odd = values[(values < 0) | (values % 1 != 0)].iloc[0]
        raise InputError(
            must,
            f"It holds {odd:g}; folds are counted by whole numbers.",
            "Rows that are never tested are left out by pairs, or by scikit-learn's PredefinedSplit.",
        )
    codes, labels = label_codes(values, "the column of folds", InputError, sort=True)
    if len(labels) < 2:
        raise InputError(must, f"It names one fold, {labels[0]!r}.", "Name at least two.")
    return [(None, test_ids) for test_ids in group_rows(codes, len(labels))]


def _items(given, count):
    """Return what is listed as a list."""
    try:
        items = None if isinstance(given, (str, bytes, Mapping)) else list(given)
    except TypeError:
        items = None
    if not items or hasattr(given, "columns"):
        raise _no_folds(given, count)
    return items


def _named_parts(item):
    """Return (train, test) of a pair, in which names count more than the order; None of anything else."""
    if isinstance(item, Split):
        return item.train_ids, item.test_ids
    if isinstance(item, Mapping):
        parts = [[item[name] for name in names if name in item] for names in (_TRAIN, _TEST)]
        return (parts[0][0], parts[1][0]) if all(parts) and len(item) == 2 else None
    is_pair = isinstance(item, (list, tuple, np.ndarray)) and len(item) == 2
    return tuple(item) if is_pair and all(map(_is_listing, item)) else None


def _rows(k, ids, n_rows):
    """Return row ids of one set; truth values, one for each row, choose rows."""
    ids = np.asarray(ids)
    if ids.dtype == bool and ids.ndim == 1:
        if len(ids) != n_rows:
            raise _wrong_ids(k, f"{len(ids)} truth values for {n_rows} rows", n_rows)
        ids = np.flatnonzero(ids)
    try:
        return check_ids(ids, n_rows)
    except (ValueError, TypeError) as error:
        raise _wrong_ids(k, error, n_rows) from error


def _checked(k, n_rows, train_ids, test_ids):
    """Return a pair of which the rows are there, once, and on one side; numbered from 1 for messages."""
    train_ids = None if train_ids is None else _rows(k, train_ids, n_rows)
    test_ids = _rows(k, test_ids, n_rows)
    try:
        pair = check_pair(train_ids, test_ids, n_rows)
    except ValueError as error:
        raise _wrong_ids(k, error, n_rows) from error
    if train_ids is None and len(test_ids) == n_rows:
        raise _wrong_ids(k, "all rows are tested, so that none is left to train on", n_rows)
    return pair


def _ask_what_sets_are(rows, n_rows):
    """Raise where sets part the rows: none in two sets, or every row in equally many, under half of them."""
    counts = np.bincount(np.concatenate(rows), minlength=n_rows)
    even = counts.min() == counts.max() and np.mean([len(ids) for ids in rows]) <= n_rows / 2
    if len(rows) < 2 or not (counts.max() == 1 or even):
        return
    raise InputError(
        "Sets of rows must be said to be training or test rows.",
        f"The {len(rows)} sets in `folds` part the rows, so they look like test rows, as "
        "caret::createFolds() gives them.",
        "Say which by make_folds(data, folds, sets='test') or sets='train', and give what it returns"
        + ("; or write the two as a pair, [(train, test)]." if len(rows) == 2 else "."),
    )


def _wrong_ids(k, reason, n_rows):
    return InputError(
        f"`folds` must give row ids from 0 to {n_rows - 1}, no row on both sides.",
        f"Resample {k}: {reason}.",
        "R counts from 1, Python from 0.",
    )


def _no_folds(given, count):
    shown = repr(given) if isinstance(given, (int, float, str)) else f"of type {type(given).__name__}"
    empty = _is_listing(given) and not len(given)
    return InputError(
        f"`folds` must be {count}pairs (train_ids, test_ids), or the fold of each row; see make_folds().",
        f"It is {shown}{' and empty' * empty}.",
        "Try folds=10." if count else "Write for example folds=make_folds(data, folds=10, seed=1).",
    )
