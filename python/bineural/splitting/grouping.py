"""Groups that stay together: which of them train, and in which fold each is, as rsample 1.1.1 decides it.

One departure: levels of `strata` that are too rare are pooled by whole groups; rsample draws row by row
there, which can put one group into two strata.
"""

import numpy as np

from bineural.errors import InputError
from bineural.tables.rows import group_rows, label_codes


def code_groups(values):
    """Return (codes int64 (n_rows,), sizes (n_groups,)); groups are numbered in order of appearance."""
    codes, _ = label_codes(values, "`groups`")
    return codes, np.bincount(codes)


def strata_of_groups(strata, codes, names):
    """Reduce the strata of rows to strata of groups, or say which group lies in more than one."""
    first = np.unique(codes, return_index=True)[1]
    mixed = np.flatnonzero(strata.codes != strata.codes[first][codes])
    if len(mixed):
        raise InputError(
            "Every group must lie in one stratum.",
            f"Row {mixed[0]} (from 0) has another value of {names['strata']} than its group's first row.",
            f"Leave out `strata`, or group by something finer than {names['groups']}.",
        )
    strata.codes = strata.codes[first]
    return strata


def train_groups(codes, sizes, strata, prop, stream):
    """Choose groups to train on, in each stratum as near to `prop` of its rows as whole groups come."""
    members = [np.arange(len(sizes))]
    if strata is not None:
        members = group_rows(strata.draw(stream), len(strata.labels))
        strata.check_sizes([len(groups) for groups in members], 2, "groups", "Use finer groups")
    chosen = [groups[_nearest_share(sizes[groups], prop, stream)] for groups in members]
    trains = np.zeros(len(sizes), dtype=bool)
    trains[np.concatenate(chosen)] = True
    return np.flatnonzero(trains[codes])


def _nearest_share(sizes, prop, stream):
    """Take groups in random order until the share of rows is as near to `prop` as it comes."""
    order = stream.sample(len(sizes))
    share = np.cumsum(sizes[order]) / sizes.sum()
    over = int(np.argmax(share > prop))
    before_is_nearer = over > 0 and abs(share[over - 1] - prop) < abs(share[over] - prop)
    return order[: over if before_is_nearer else over + 1]


def fold_groups(codes, sizes, strata, folds, stream):
    """Give every row the fold of its group: int64, shape (n_rows,), from 0."""
    n_groups = len(sizes)
    if strata is None:
        return (stream.sample(n_groups) % folds)[codes]
    stratum = strata.draw(stream)
    strata.check_folds(np.bincount(stratum, minlength=len(strata.labels)), folds, "groups")
    appearing = stratum[np.sort(np.unique(stratum, return_index=True)[1])]
    rank = np.empty(len(strata.labels), dtype=np.int64)
    rank[appearing[stream.sample(len(appearing))]] = np.arange(len(appearing))
    in_order = np.argsort(
        rank[stratum], kind="stable"
    )  # groups of one stratum after another, strata shuffled
    fold_of = np.arange(n_groups) % folds
    fold_of_group = np.empty(n_groups, dtype=np.int64)
    for places in group_rows(stratum[in_order], len(strata.labels)):
        fold_of_group[in_order[places]] = fold_of[places][stream.sample(len(places))]
    return fold_of_group[codes]
