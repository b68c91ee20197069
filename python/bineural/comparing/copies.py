"""Copies among the rows: found but for rounding and names of rows, and told from rows that agree by chance.

Rows of a few coarse columns agree by chance. Copies are told from that in two ways.

By the sizes of the groups of equal rows: independent rows fall into cells as Poisson counts or, where cells
differ in chance, wider still. If sizes vary far less (all rows come three times), rows were copied.

By a witness: a column so fine that its values seldom repeat, and where they do, the whole row does. Chance
brings equal values of a fine column together with other values in other columns. A witness has numbers with
many digits, and no other order than a column of few; or there are two that are not in the same order.
"""

from functools import cache, partial

import numpy as np
from scipy.stats import chi2, rankdata

_DIGITS = 7  # to which numbers must agree, counted in SDs of their column
_LEAST_SHARE = 0.02  # of test rows that have a copy among their training rows
_MOST_CELLS = 200_000  # up to here each column is tried as a name of rows


def copied_share(columns, truth, sets):
    """Return (share, kind) of test rows with a copy among their training rows, outcome included.

    Parameters
    ----------
    columns : list of (str, pandas.Series)
    truth : ndarray, shape (n_rows,)
    sets : list of TrainingSet

    Returns
    -------
    share : float
        0 where rows agree no more than by chance.
    kind : str
        "exact", "rounded" (equal to 7 digits), or the name of the one column in which copies differ.
    """
    columns = [(name, c) for name, c in columns if c.dtype.kind == "f" or not c.is_unique]  # no names of rows
    if not columns:
        return 0.0, ""
    codes = [cache(partial(_codes, column)) for _, column in columns]  # made when asked for
    outcome = _codes(truth)
    share = _judge(codes, outcome, columns, sets)
    if share:
        exact = _crossing(
            _joined([*(partial(_labels, c) for _, c in columns), partial(_labels, truth)]), sets
        )
        return share, "exact" if exact > share / 2 else "rounded"
    n_cells = len(truth) * len(columns)
    for k, (name, column) in enumerate(columns):
        if len(columns) > 2 and (n_cells <= _MOST_CELLS or _counts_rows(column)):
            rest = [j for j in range(len(columns)) if j != k]
            share = _judge([codes[j] for j in rest], outcome, [columns[j] for j in rest], sets)
            if share:
                return share, str(name)
    return 0.0, ""


def _judge(codes, outcome, columns, sets):
    """Return the share of crossing copies, or 0 where chance explains it."""
    group = _joined([*codes, lambda: outcome])
    sizes = np.bincount(group)
    if sizes.max() == 1:
        return 0.0
    share = _crossing(group, sets)
    if share <= _LEAST_SHARE:
        return 0.0
    return share if _too_even(sizes) or _has_witness([code() for code in codes], columns, sizes) else 0.0


def _too_even(sizes):
    """Say whether group sizes vary far less than counts of independent rows, of which zeros are not seen."""
    n_groups, mean = len(sizes), sizes.mean()
    if n_groups < 10 or mean == 1:
        return False
    rate = mean  # of Poisson counts whose mean is `mean` where they are not zero
    for _ in range(200):
        rate = mean * -np.expm1(-rate)
    variance = mean * (1 + rate - mean)
    spread = np.sum((sizes - mean) ** 2) / variance
    return bool(spread < 0.3 * n_groups and spread < chi2.ppf(1e-6, n_groups - 1))


def _has_witness(codes, columns, sizes):
    """Say whether a column is so fine that equal values in it mean equal rows."""
    together = _pairs(sizes)
    fine = [_has_many_digits(column) for _, column in columns]
    witnesses = [k for k, code in enumerate(codes) if together > 0.8 * _pairs(np.bincount(code))]
    coarse = [codes[k] for k in range(len(codes)) if not fine[k]]
    if any(fine[k] and not any(_same_order(codes[k], other) for other in coarse) for k in witnesses):
        return True  # and no logarithm of a column of whole numbers
    several = [codes[k] for k in witnesses[:20]]
    return any(not _same_order(a, b) for i, a in enumerate(several) for b in several[i + 1 :])


def _same_order(a, b):
    """Say whether a column rises or falls with another, as a function of it does."""
    return np.ptp(a) > 0 and np.ptp(b) > 0 and abs(np.corrcoef(rankdata(a), rankdata(b))[0, 1]) > 0.999


def _counts_rows(column):
    """Say whether numbers are whole and all different, as names of rows are."""
    return bool(column.is_unique and not np.any(column.to_numpy(np.float64, na_value=0.5) % 1))


def _pairs(sizes):
    sizes = sizes.astype(np.float64)
    return float(np.sum(sizes * (sizes - 1)) / 2)


def _has_many_digits(column):
    """Say whether most numbers of a column are no decimals with four digits."""
    if column.dtype.kind != "f":
        return False
    values = column.to_numpy(np.float64) * 1e4
    values = values[np.isfinite(values)]
    return bool(
        len(values) and np.mean(np.abs(values - np.round(values)) > 1e-6 * np.abs(values).max()) > 0.5
    )


def _codes(values):
    """Number equal values, (n_rows,) from 0; numbers are rounded to seven digits of their SD."""
    import pandas as pd

    column = pd.Series(values)
    if column.dtype.kind == "f":
        numbers = column.to_numpy(np.float64)
        known = numbers[np.isfinite(numbers)]
        unit = known.std() if len(known) else 0.0
        if unit > 0:
            column = pd.Series(np.round((numbers - known.mean()) / unit, _DIGITS))
    return _labels(column)


def _labels(values):
    """Number equal values, (n_rows,) from 0, numbers in their order."""
    import pandas as pd

    column = pd.Series(values)
    codes = column.factorize(sort=column.dtype.kind in "iufb", use_na_sentinel=False)[0]
    return codes.astype(np.int64)


def _joined(codes):
    """Number the rows that agree in all columns, from 0; each of `codes` gives a column's numbers."""
    group = np.unique(codes[0](), return_inverse=True)[1]
    for make in codes[1:]:
        if group.max() == len(group) - 1:  # all are different already
            break
        code = make()
        group = np.unique(group * (code.max() + 1) + code, return_inverse=True)[1]
    return group


def _crossing(group, sets):
    """Return the share of test rows that have an equal among their training rows."""
    copied = total = 0
    for resample in sets:
        trained = np.zeros(group.max() + 1, dtype=bool)
        trained[group[resample.train]] = True
        copied += np.count_nonzero(trained[group[resample.test]])
        total += len(resample.test)
    return copied / total
