"""Split rows into training and test, or into folds: one seed gives rsample's rows, in Python as in R.

Strata keep their shares, groups never straddle, time order puts the past before the future. The random stream
is R's own (`r_random.py`), used in the order in which rsample 1.1.1 uses it; the semantics are frozen as
those of its `initial_split`, `vfold_cv`, `group_initial_split`, `group_vfold_cv` and `initial_time_split`.
"""

from __future__ import annotations

import math
import secrets
from typing import Literal

from bineural._typing import ArrayLike, FoldsLike, RowsLike, Seed
from bineural.checks import checked, choice, is_number, share, whole
from bineural.errors import InputError
from bineural.messages import number_of
from bineural.splitting.given_folds import SETS_HINT, given_folds
from bineural.splitting.grouping import code_groups, fold_groups, strata_of_groups, train_groups
from bineural.splitting.r_random import R_INTEGER_MAX, R_SEED, STREAMS
from bineural.splitting.resamples import Folds, Split, other_rows
from bineural.splitting.strata import Strata, fold_strata, sample_strata
from bineural.splitting.time_order import cut_in_time, fold_in_time
from bineural.tables.labels import warn_of_near_labels
from bineural.tables.rows import count_rows, find_column, group_rows

_CHECKS = {"pool": share(below=True, hint="Try 0.1.").or_none(), "seed": R_SEED, "rng": choice(*STREAMS)}
_COUNTS = {"folds": whole(2), "repeats": whole(1)}


@checked(prop=share(open_ends=True, hint="Try 0.75."), **_CHECKS)
def split_rows(
    data: RowsLike,
    *,
    strata: str | ArrayLike | None = None,
    groups: str | ArrayLike | None = None,
    time: str | ArrayLike | None = None,
    prop: float = 0.75,
    seed: Seed = None,
    pool: float | None = 0.1,
    rng: Literal["R", "pcg64"] = "R",
) -> Split:
    """Split the rows once, into training and test.

    Parameters
    ----------
    data : data frame, ndarray or other rows
        What to split: a pandas, polars or pyarrow frame, an array (first axis: rows), a dict of columns, a
        sparse matrix, a list.
    strata : str or array_like, shape (n_rows,), optional
        Column (its name or its values) whose shares both parts keep. Numbers with more than five distinct
        values are cut at their quartiles. Each stratum of n rows gives floor(n * prop) to training.
    groups : str or array_like, shape (n_rows,), optional
        Column whose rows stay together, e.g. the patient; `prop` is met as nearly as whole groups allow. With
        `strata`, each group must lie in one stratum.
    time : str or array_like, shape (n_rows,), optional
        Column to order by: the first floor(n_rows * prop) rows train. Nothing is random. Equal times stay on
        one side (the cut moves to the nearest change of time). Not together with `strata` or `groups`. Text
        is read as dates, date-times, months, quarters or numbers, all rows of one form: "31/01/2021" is day,
        month and year where some row has a day above 12, and refused where no row tells day from month. Names
        of months are English. Printing says how text was read.
    prop : float, default 0.75
        Share of rows to train on, in (0, 1).
    seed : int, optional
        As in R's `set.seed()`. None: one is drawn and recorded.
    pool : float or None, default 0.1
        Levels of `strata` with a smaller share of the rows are pooled with the others, as rsample does, with
        a warning. None: every level is a stratum, however rare.
    rng : {"R", "pcg64"}, default "R"
        Random stream: R's, which gives rsample's rows, or NumPy's.

    Returns
    -------
    Split
        With `train`, `test`, `train_ids`, `test_ids` (positions from 0), `seed`, `fingerprint`.

    Raises
    ------
    InputError
        If an argument can't be used, a part would be empty, or a stratum would be missing in a part.
    ColumnError
        If a column is not there, has missing values, or holds times whose order is not certain.

    Warns
    -----
    LabelWarning
        If levels of `strata`, or names of `groups`, differ by case, white space or notation only.

    References
    ----------
    Frick, H. et al. *rsample: General Resampling Infrastructure*, version 1.1.1 (R package).

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> bn.split_rows(kyphosis, strata="Kyphosis", seed=2019)
    <Split of 81 rows: 60 to train, 21 to test; seed 2019 (R's random stream), prop 0.75, strata Kyphosis>
    """
    n_rows = _check_rows(data)
    columns = _find_columns(data, n_rows, strata, groups, time)
    names = {word: name for word, (_, name) in columns.items()}
    if time is not None:
        train_ids, test_ids, read_as = cut_in_time(*columns["time"], prop)
        return Split(data, train_ids, test_ids, n_rows, seed=seed, prop=prop, read_as=read_as, **names)

    _warn_of_labels(columns)
    stream, seed = _start(seed, rng)
    if strata is not None:
        strata = Strata(*_with_pool(columns["strata"], pool), as_labels=groups is not None)
        names["strata"] = strata.name
    if groups is not None:
        train_ids = train_groups(*_grouped(columns, strata), prop, stream)
    elif strata is not None:
        train_ids = sample_strata(strata, prop, stream)
    else:
        train_ids = stream.sample(n_rows, math.floor(n_rows * prop))
    test_ids = other_rows(train_ids, n_rows)
    if len(train_ids) == 0 or len(test_ids) == 0:
        raise InputError(
            "Both parts must have at least one row.",
            f"With prop = {prop:g}, {len(train_ids)} of {n_rows} rows train and {len(test_ids)} test.",
            "Choose another `prop`; or there are too few rows (or groups) to split.",
        )
    settings = {"seed": seed, "prop": prop, "rng": rng, **names, **_notes(strata)}
    return Split(data, train_ids, test_ids, n_rows, **settings)


@checked(repeats=_COUNTS["repeats"], sets=choice("test", "train", None, hint=SETS_HINT), **_CHECKS)
def make_folds(
    data: RowsLike,
    folds: FoldsLike = 10,
    repeats: int = 1,
    *,
    strata: str | ArrayLike | None = None,
    groups: str | ArrayLike | None = None,
    time: str | ArrayLike | None = None,
    seed: Seed = None,
    pool: float | None = 0.1,
    rng: Literal["R", "pcg64"] = "R",
    sets: Literal["test", "train"] | None = None,
) -> Folds:
    """Make folds for cross-validation: every row is tested once per repeat.

    Parameters
    ----------
    data : as in `split_rows`
        What to split.
    folds : int, scikit-learn splitter, or iterable of (train_ids, test_ids), default 10
        Number of folds, at least 2; or an object with `split` and `get_n_splits`, which gets `strata` as `y`
        and `groups` as `groups`; or the pairs themselves, row positions from 0 (rsample's `in_id - 1`) or a
        truth value for each row, in order or as dicts of `train` and `test`; or the fold of each row, a
        vector of n_rows numbers or labels; or sets of rows, see `sets`.
    repeats : int, default 1
        How often to make new folds. For pairs and sets: how many repeats they are.
    strata, groups : str or array_like, shape (n_rows,), optional
        As in `split_rows`; every fold gets its share of each stratum, and groups never straddle.
    time : str or array_like, shape (n_rows,), optional
        Column to order by, read as in `split_rows`: each fold trains on all rows before it and tests on the
        next n_rows // (folds + 1); the first rows are never tested. Equal times stay together.
    seed : int, optional
        As in `split_rows`.
    pool : float or None, default 0.1
        As in `split_rows`. None: a level with fewer rows than folds is tested in as many folds as it has
        rows, with a warning.
    rng
        As in `split_rows`.
    sets : {"test", "train"}, optional
        Where `folds` lists sets of rows: whether they are tested, and all others trained on, or the other way
        round. R's `caret::createFolds()` gives "test", with `returnTrain = TRUE` "train". None: "train",
        unless the sets part the rows, which is asked about.

    Returns
    -------
    Folds
        Iterates over (train_ids, test_ids); a scikit-learn `cv=`; `folds[i]` is a Split.

    Raises
    ------
    InputError
        If there are more folds than rows, groups, or rows of a stratum, or an argument can't be used.
    ColumnError
        If a column is not there, has missing values, or holds times whose order is not certain.

    Warns
    -----
    LabelWarning
        If levels of `strata`, or names of `groups`, differ by case, white space or notation only.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> folds = bn.make_folds(kyphosis, folds=10, repeats=2, strata="Kyphosis", seed=123)
    >>> folds[0].test_ids + 1
    array([ 1,  4, 11, 15, 44, 51, 62, 65, 67])
    """
    n_rows = _check_rows(data)
    columns = _find_columns(data, n_rows, strata, groups, time)
    _warn_of_labels(columns)
    if is_number(folds):
        if sets is not None:
            raise InputError(
                "`sets` can be given only where `folds` lists sets of rows.",
                f"`folds` is {folds!r}.",
                "Leave it out.",
            )
        return _number_of_folds(data, n_rows, columns, folds, repeats, seed, pool, rng)
    names = {word: name for word, (_, name) in columns.items()}
    resamples, folds, repeats = given_folds(folds, repeats, columns, n_rows, seed, sets)
    return Folds(data, resamples, n_rows, folds, repeats, **names)


def make_exact_folds(data, folds, repeats, *, strata=None, groups=None, time=None, seed=None, labels=False):
    """Make folds as `make_folds(pool=None)` does, for a comparison, which says itself what labels it holds.

    `labels` takes numbers as labels, however many there are.
    """
    n_rows = _check_rows(data)
    repeats = _COUNTS["repeats"](repeats, "repeats")
    columns = _find_columns(data, n_rows, strata, groups, time)
    return _number_of_folds(data, n_rows, columns, folds, repeats, seed, None, "R", labels)


def _number_of_folds(data, n_rows, columns, folds, repeats, seed, pool, rng, labels=False):
    """Make folds of `columns`, {"strata", "groups" or "time": (values, name)}."""
    names = {word: name for word, (_, name) in columns.items()}
    folds = _COUNTS["folds"](folds, "folds")
    _check_folds(folds, repeats, n_rows, "rows")
    if "time" in columns:
        if repeats > 1:
            raise InputError("`repeats` must be 1 with `time`.", f"It is {repeats}; nothing is random here.")
        resamples, read_as = fold_in_time(*columns["time"], folds)
        return Folds(data, resamples, n_rows, folds, seed=seed, read_as=read_as, **names)

    stream, seed = _start(seed, rng)
    strata = None
    if "strata" in columns:
        strata = Strata(*_with_pool(columns["strata"], pool), as_labels=labels or "groups" in columns)
        names["strata"] = strata.name
    if "groups" in columns:
        codes, sizes, strata = _grouped(columns, strata)
        _check_folds(folds, repeats, len(sizes), "groups")
        numbers = [fold_groups(codes, sizes, strata, folds, stream) for _ in range(repeats)]
    elif strata is not None:
        numbers = [fold_strata(strata, folds, stream) for _ in range(repeats)]
    else:
        numbers = [stream.sample(n_rows) % folds for _ in range(repeats)]
    resamples = tuple((None, test_ids) for number in numbers for test_ids in group_rows(number, folds))
    return Folds(data, resamples, n_rows, folds, repeats, seed=seed, rng=rng, **names, **_notes(strata))


# --- checks at the door ----------------------------------------------------------------------------------


def _check_rows(data):
    n_rows = count_rows(data)
    if n_rows < 2:
        raise InputError(
            "`data` must have at least 2 rows to be split.", f"It has {n_rows}.", "Check how they were made."
        )
    return n_rows


def _check_folds(folds, repeats, n_parts, what):
    if folds > n_parts:
        raise InputError(
            f"There must be at least as many {what} as folds.",
            f"There are {n_parts} {what} and {number_of(folds, 'fold')}.",
            "Use fewer folds.",
        )
    if folds == n_parts and repeats > 1:
        raise InputError(
            f"`repeats` must be 1 where every fold is one of the {what}.",
            f"It is {repeats}, and the {folds} folds would be the same every time.",
            "Leave out `repeats`, or use fewer folds.",
        )


def _find_columns(data, n_rows, strata, groups, time):
    """Return {argument: (values, name)} of the columns that are given."""
    given = {"strata": strata, "groups": groups, "time": time}
    given = {argument: spec for argument, spec in given.items() if spec is not None}
    if "time" in given and len(given) > 1:
        raise InputError(
            "`time` can't be combined with `strata` or `groups`.",
            f"Given are {' and '.join(given)}.",
            "Time order alone decides who is in the past; leave the others out.",
        )
    return {argument: find_column(data, spec, argument, n_rows) for argument, spec in given.items()}


def _with_pool(column, pool):
    values, name = column
    return values, pool, name


def _warn_of_labels(columns):
    """Warn of levels of strata, and of names of groups, that look alike."""
    named = {
        f"`{word}`" if name == "<values>" else name: v
        for word, (v, name) in columns.items()
        if word != "time"
    }
    warn_of_near_labels(named)


def _notes(strata):
    """Return what a record notes of strata: the pool, and what became of them."""
    return {} if strata is None else {"pool": strata.pool, "read_as": strata.read_as}


def _grouped(columns, strata):
    """Return (group codes, group sizes, Strata of the groups or None)."""
    codes, sizes = code_groups(columns["groups"][0])
    if len(sizes) < 2:
        raise InputError("`groups` must hold at least two groups.", f"{columns['groups'][1]} holds one.")
    if strata is None:
        return codes, sizes, None
    return codes, sizes, strata_of_groups(strata, codes, {word: columns[word][1] for word in columns})


def _start(seed, rng):
    """Start the random stream; return it and its seed, drawn if none is given."""
    seed = secrets.randbelow(R_INTEGER_MAX) if seed is None else R_SEED(seed, "seed")
    return STREAMS[rng](seed), seed
