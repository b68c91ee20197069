"""The folds of a comparison, made or given; rows without an outcome are in none of them."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bineural.errors import InputError
from bineural.nets.settings import TrainingSet, read_training_sets
from bineural.splitting.making import make_exact_folds, make_folds
from bineural.splitting.resamples import Folds, Split
from bineural.tables.frames import is_frame
from bineural.tables.rows import as_series, check_length, find_column, label_codes, take_rows


class Resampling(NamedTuple):
    """How rows are split, as the user says it; see `compare_models`."""

    folds: object = 10
    repeats: int = 10
    strata: object = None
    groups: object = None
    time: object = None
    seed: int | None = None


def read_folds(problem, known, task, resampling):
    """Return the folds and their training sets of some of the rows, by their numbers among all rows.

    Parameters
    ----------
    problem : Problem
    known : ndarray of bool, shape (n_rows,)
        The rows there may be: those with an outcome, or those of an outer training set.
    task : str
    resampling : Resampling
        With a seed.
    """
    folds, repeats, strata, groups, time, seed = resampling
    here = np.flatnonzero(known)
    made = isinstance(folds, (int, np.integer, float)) and not isinstance(folds, bool)
    if not made:
        if time is not None or strata is not None:
            raise InputError(
                "`strata` and `time` can't be given where `folds` already says how to split.",
                f"`folds` is {type(folds).__name__}.",
                "Give them to make_folds().",
            )
        if not isinstance(folds, (Folds, Split)):
            folds = _given(folds, problem, groups)
        sets = read_training_sets(folds, problem.X)
        sets = [s._replace(train=s.train[known[s.train]], test=s.test[known[s.test]]) for s in sets]
        _check_sets(sets)
        if groups is not None:
            _check_groups(sets, find_column(problem.X, groups, "groups", len(known))[0])
        return folds, sets
    X = problem.X if len(here) == len(known) else take_rows(problem.X, here)

    def pick(given, name):
        if given is None or isinstance(given, str):
            return given
        values = as_series(given)
        check_length(values, name, len(known))
        return values.iloc[here]

    how = {"groups": pick(groups, "groups"), "time": pick(time, "time")}
    by_outcome = (
        strata is None
        and task != "regression"
        and time is None
        and _constant_within(how["groups"], X, problem, here)
    )
    if by_outcome:
        strata = problem.outcome if is_column(problem.outcome, X) else as_series(problem.y)
    if strata is not None and strata is not False:
        how["strata"] = pick(strata, "strata")
    repeats = 1 if time is not None else repeats
    folds = make_exact_folds(X, folds, repeats, seed=seed, labels=by_outcome, **how)
    sets = [TrainingSet(here[s.train], here[s.test], s.repeat, s.fold) for s in read_training_sets(folds, X)]
    if len(here) < len(known):
        pairs = tuple((resample.train, resample.test) for resample in sets)
        folds = replace(folds, data=problem.X, resamples=pairs, n_rows=len(known), _fingerprint=None)
    return folds, sets


def _given(folds, problem, groups):
    """Return folds of a scikit-learn splitter, or of pairs, sets or the fold of each row."""
    if hasattr(folds, "split") and hasattr(folds, "get_n_splits"):
        return _of_splitter(folds, problem, groups)
    return make_folds(problem.X, folds)


def _of_splitter(splitter, problem, groups):
    """Return the folds of a scikit-learn splitter, which gets the outcome and the groups."""
    folds = make_folds(problem.X, splitter, strata=as_series(problem.y), groups=groups)
    name = type(splitter).__name__
    strata = folds.strata if "Stratified" in name else None  # others don't look at the outcome
    return replace(folds, strata=strata, groups=folds.groups if "Group" in name else None)


def _constant_within(groups, X, problem, here):
    """Say whether each group, if there are any, has one outcome, so that it lies in one stratum."""
    if groups is None:
        return True
    values = find_column(X, groups, "groups", len(here))[0]
    outcome = as_series(problem.y).iloc[here].reset_index(drop=True)
    return bool((outcome.astype(object).groupby(values.to_numpy()).nunique() <= 1).all())


def of_normal_rows(sets, truth):
    """Return training sets without the anomalies among their training rows.

    Parameters
    ----------
    sets : list of TrainingSet
    truth : ndarray of int64, shape (n_rows,)
        1 for anomalies.
    """
    normal = [resample._replace(train=resample.train[truth[resample.train] == 0]) for resample in sets]
    few = next((k for k, resample in enumerate(normal, 1) if len(resample.train) < 2), None)
    if few is not None:
        raise InputError(
            "Every resample must have normal rows to learn from.",
            f"Resample {few} has {len(normal[few - 1].train)}.",
            "Name the label of anomalies as `event`: all other rows are normal.",
        )
    return normal


def is_column(name, X):
    """Say whether `name` names a column of a table."""
    return isinstance(name, str) and is_frame(X) and name in list(X.columns)


def _check_groups(sets, groups):
    """Raise if given folds part a group."""
    codes, _ = label_codes(groups, "`groups`")
    torn = [np.intersect1d(codes[resample.train], codes[resample.test]).size for resample in sets]
    if any(torn):
        raise InputError(
            "No group must be in training and test rows of a fold.",
            f"The folds given part {max(torn)} of {codes.max() + 1} groups in a fold.",
            "Make them with make_folds(groups=...).",
        )


def _check_sets(sets):
    for k, resample in enumerate(sets, 1):
        if not len(resample.train) or not len(resample.test):
            raise InputError(
                "Every resample must have rows with an outcome to train on and to test on.",
                f"Resample {k} has {len(resample.train)} and {len(resample.test)}.",
                "Make other folds.",
            )
