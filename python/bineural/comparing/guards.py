"""Guards: what makes held-out predictions flatter a model, looked for before anything is fitted."""

import numpy as np
from scipy.stats import rankdata

from bineural.comparing.copies import copied_share
from bineural.comparing.entrant_kinds import entrant_kind_of_task
from bineural.errors import LeakWarning
from bineural.formula.row_numbers import tell_row_numbers
from bineural.formula.terms import used_columns
from bineural.formula.texts import text_columns
from bineural.inputs.outcomes import is_missing
from bineural.measures import ranking
from bineural.messages import listed, warn
from bineural.tables.frames import is_frame
from bineural.tables.rows import as_series

_MOST_ROWS = 200_000  # looked at; more are sampled by step
_FEWEST = 20
_LEAST_COPIED = 0.02  # of test rows, where a row is an array that hardly comes twice by chance
_SAME_RANKS = 0.9999  # rank correlation; noise of 1 % of the outcome's SD still has it
_FEWEST_LEVELS = 3  # effective ones, of a column that orders the outcome without an error, and of the outcome


def guard(basis, entrants, groups=None):
    """Warn of leaks; return the sentences.

    Parameters
    ----------
    basis : Basis
    entrants : list of Entrant
        Leaks are looked for in the columns that one of their formulas uses.
    groups : object
        What the folds keep together, if given.
    """
    learns_outcome = entrant_kind_of_task(basis.measured_as).learns_outcome
    columns = list(_predictors(basis, _formulas(basis, entrants))) if learns_outcome else []
    every = list(_predictors(basis, []))  # a copy is one in all columns, not in the few of a formula
    sentences = [*_telling_columns(basis, columns), *_doubled_rows(basis, every)]
    if groups is None and getattr(basis.folds, "groups", None) is None:
        sentences += _likely_groups(basis, columns)
    for sentence in sentences:
        warn(LeakWarning, sentence)
    return [*_row_numbers(basis, entrants), *sentences]


def _row_numbers(basis, entrants):
    """Tell columns that number the rows, where a model takes them unasked."""
    problem = basis.problem
    if not is_frame(problem.X) or basis.measured_as in ("symbols", "pairs"):
        return []
    formulas = [_formula(basis, entrant) for entrant in entrants]
    return tell_row_numbers(problem.X, formulas, problem.exclude)


def _formulas(basis, entrants):
    """Return the formula of each model that prepares columns by itself; None uses all of them."""
    return [_formula(basis, entrant) for entrant in entrants if entrant.prepares]


def _formula(basis, entrant):
    """Return the right side that a model was given, a tuned net's too; else the one of the comparison."""
    model = entrant.model
    return getattr(model, "terms", None) or getattr(model, "formula", None) or basis.problem.terms


def _predictors(basis, formulas):
    """Yield (name, column) of the predictors that models with these formulas use."""
    from pandas.api.types import is_hashable

    X = basis.problem.X
    if is_frame(X):
        texts = text_columns(formulas)
        for name in used_columns([n for n in X.columns if n not in basis.problem.exclude], formulas):
            if name in texts and formulas:
                continue
            column = as_series(X[name])
            if len(column) and is_hashable(column.iloc[0]):
                yield name, column
    elif getattr(X, "ndim", 0) == 2 and not hasattr(X, "tocsr"):
        for k in range(X.shape[1]):
            yield f"column {k}", as_series(X[:, k])


def used_names(basis, entrants):
    """List the columns of a table that formulas of models use; all where no model has one.

    Parameters
    ----------
    basis : Basis
        Its predictors are a data frame.
    entrants : list of Entrant
        Those that get every column as it is are passed over; of an average, the members count.
    """
    members = [m for entrant in entrants for m in (entrant, *getattr(entrant, "members", {}).values())]
    formulas = _formulas(basis, [member for member in members if not member.gets_all])
    return used_columns([n for n in basis.problem.X.columns if n not in basis.problem.exclude], formulas)


def _telling_columns(basis, columns):
    """Name columns that tell the outcome perfectly by themselves."""
    rows = np.flatnonzero(basis.has_outcome)
    rows = rows[:: max(1, len(rows) // _MOST_ROWS)]
    if len(rows) < _FEWEST:
        return []
    truth, telling = basis.truth[rows], []
    for name, column in columns:
        values = column.iloc[rows]
        tells = [_tells(values, part, basis.task) for part in np.atleast_2d(truth.T)]
        if any(tells):
            telling.append(str(name))
    if not telling:
        return []
    each = "each tell" if len(telling) > 1 else "alone tells"
    what = "the classes apart without an error, in all rows"
    if basis.task == "regression":
        what = "the order of the outcome's numbers without an error, or nearly"
    return [
        f"{listed(telling)} {each} {what}: is the outcome leaking in?\n"
        "Leave such columns out if they are known only after the outcome."
    ]


def _tells(values, truth, task):
    if task == "regression":
        return _tells_numbers(values, truth)
    numbers = values.dtype.kind in "iufb" and not values.isna().any()
    if numbers and task == "binary" and 0 < truth.sum() < truth.size:
        return ranking.area_under_roc(truth == 1, values.to_numpy(np.float64)) in (0.0, 1.0)
    codes = values.astype(object).where(~is_missing(values), "missing")
    levels = codes.nunique()
    return levels <= len(truth) / 5 and levels > 1 and _classes_per_level(codes, truth) == levels


def _tells_numbers(values, truth):
    """Say whether a column is a monotone function of the outcome, or nearly: a logarithm, or it rounded."""
    known = ~values.isna().to_numpy()
    if values.dtype.kind not in "iuf" or known.sum() < _FEWEST:
        return False
    x, y = values.to_numpy(np.float64, na_value=np.nan)[known], truth[known]
    if min(np.ptp(x), np.ptp(y)) == 0 or not np.isfinite(x).all():
        return False
    x_ranks, y_ranks = rankdata(x), rankdata(y)
    if abs(np.corrcoef(x_ranks, y_ranks)[0, 1]) > _SAME_RANKS:
        return True
    several = min(_levels(x), _levels(y)) > _FEWEST_LEVELS
    return several and (_in_order(x, y) or _in_order(x, -y))


def _levels(values):
    """Return Simpson's effective number of distinct values."""
    shares = np.unique(values, return_counts=True)[1] / len(values)
    return 1 / np.sum(shares**2)


def _in_order(x, y):
    """Say whether a larger x never goes with a smaller y."""
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    starts = np.flatnonzero(np.diff(x, prepend=-np.inf))
    least, most = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return bool((most[:-1] <= least[1:]).all())


def _classes_per_level(codes, truth):
    import pandas as pd

    return len(pd.DataFrame({"level": codes.to_numpy(), "truth": truth}).drop_duplicates())


def _doubled_rows(basis, columns):
    """Count test rows of which a copy (outcome included) is among the training rows."""
    X = basis.problem.X
    if getattr(X, "ndim", 0) > 2 and len(basis.truth) <= _MOST_ROWS:
        return _doubled_pictures(basis, X)
    table = is_frame(X) or (getattr(X, "ndim", 0) == 2 and not hasattr(X, "tocsr"))
    if not table or len(basis.truth) > _MOST_ROWS:
        return []
    try:
        truth = basis.truth
        if truth.ndim > 1:
            truth = np.unique(truth, axis=0, return_inverse=True)[1].ravel()  # NumPy 2.0 has a column
        share, kind = copied_share(columns, truth, basis.sets)
    except TypeError:  # values that can't be compared
        return []
    if not share:
        return []
    what = {"exact": "an exact copy", "rounded": "a copy, equal to 7 digits,"}.get(kind)
    what = what or f"a copy, equal in all columns but {kind!r},"
    return [
        f"{share:.0%} of the test rows have {what} among their training rows.\n"
        "If they are the same case, leave copies out or keep them together with `groups`."
    ]


def _doubled_pictures(basis, X):
    """Count test rows of more than one axis, such as images, of which a copy is among the training rows."""
    whole = X.content_hashes() if hasattr(X, "content_hashes") else (row.tobytes() for row in np.asarray(X))
    hashes = np.array([hash(row) for row in whole])
    copied = [np.isin(hashes[resample.test], hashes[resample.train]).mean() for resample in basis.sets]
    share = float(np.mean(copied))
    if share < _LEAST_COPIED:
        return []
    return [
        f"{share:.0%} of the test rows have an exact copy among their training rows.\n"
        "If they are the same case, leave copies out or keep them together with `groups`."
    ]


def _likely_groups(basis, columns):
    """Name a column that looks like the name of what rows belong to, and is in training and test."""
    n = basis.n_rows
    for name, column in columns:
        text = str(name).casefold()
        named = (
            any(
                text == word or text.endswith((f"_{word}", f".{word}")) or text.startswith(f"{word}_")
                for word in (
                    "id",
                    "subject",
                    "patient",
                    "person",
                    "case",
                    "individual",
                    "participant",
                    "cluster",
                )
            )
            or text.endswith("id")
            and str(name)[-2:] in ("ID", "Id")
        )
        if named and column.dtype.kind not in "f" and 1 < n / max(1, column.nunique()) <= n / 3:
            counts = column.value_counts()
            if counts.iloc[0] > 1 and (counts > 1).mean() > 0.2:
                return [
                    f"Rows of one {name!r} are in training and test rows alike.\n"
                    f"If they belong together, pass groups={str(name)!r}."
                ]
    return []
