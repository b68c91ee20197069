"""Folds that others made: a scikit-learn splitter, or pairs of row ids such as rsample's."""

import numpy as np

from bineural.errors import InputError
from bineural.resampling.manifests import check_pair


def given_folds(given, repeats, columns, n_rows, seed):
    """Return (resamples, folds, repeats) of a scikit-learn splitter or of pairs of ids."""
    if seed is not None or "time" in columns:
        raise InputError(
            "`seed` and `time` can't be given where `folds` already says how to split.",
            f"`folds` is {type(given).__name__}.",
            "Give the splitter its own random_state, or a number of folds.",
        )
    if hasattr(given, "split") and hasattr(given, "get_n_splits"):
        if repeats != 1:
            raise InputError(
                "`repeats` must be 1 with a splitter.",
                f"It is {repeats}.",
                "Use e.g. RepeatedStratifiedKFold.",
            )
        labels, groups = (
            columns[word][0].to_numpy() if word in columns else None for word in ("strata", "groups")
        )
        pairs = list(given.split(np.zeros((n_rows, 1)), labels, groups))
        repeats = getattr(given, "n_repeats", getattr(given, "repeats", 1))
    else:
        pairs = _listed_pairs(given)
    try:
        resamples = tuple(check_pair(train_ids, test_ids, n_rows) for train_ids, test_ids in pairs)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"`folds` must give row ids from 0 to {n_rows - 1}, no row on both sides.",
            f"{type(given).__name__}: {error}.",
            "R counts from 1, Python from 0.",
        ) from error
    if len(resamples) == 0 or len(resamples) % repeats:
        raise InputError(
            "`repeats` must divide the number of pairs.",
            f"There are {len(resamples)} pairs, {repeats} repeats.",
        )
    return resamples, len(resamples) // repeats, repeats


def _listed_pairs(given):
    try:
        pairs = [tuple(pair) for pair in given]
        fits = not isinstance(given, str) and all(len(pair) == 2 for pair in pairs)
    except TypeError:
        fits = False
    if not fits:
        raise InputError(
            "`folds` must be a number of folds, a scikit-learn splitter, or pairs (train_ids, test_ids).",
            f"It is {type(given).__name__}.",
            "Try folds=10.",
        )
    return pairs
