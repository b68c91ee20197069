"""Guards: what makes held-out predictions flatter a model, looked for before anything is fitted."""

import numpy as np

from bineural.errors import LeakWarning
from bineural.measuring import ranking
from bineural.messages import listed, warn
from bineural.models.outcomes import is_missing
from bineural.models.problem import named_columns
from bineural.tables.frames import is_frame
from bineural.tables.rows import as_series

_MOST_ROWS = 200_000  # looked at; more are sampled by step
_FEWEST = 20


def guard(ground, entrants, groups=None):
    """Warn of leaks; return the sentences.

    Parameters
    ----------
    ground : Ground
    entrants : list of Entrant
        Columns that none of their formulas names are not looked at.
    groups : object
        What the folds keep together, if given.
    """
    columns = list(_predictors(ground, _named_terms(ground, entrants)))
    every = list(_predictors(ground, None))  # a copy is one in all columns, not in the few of a formula
    said = [*_telling_columns(ground, columns), *_doubled_rows(ground, every)]
    if groups is None and getattr(ground.folds, "groups", None) is None:
        said += _likely_groups(ground, columns)
    for sentence in said:
        warn(LeakWarning, sentence)
    return said


def _named_terms(ground, entrants):
    """Return the names in the formulas of all models that have one, or None for all columns."""
    formulas = [
        getattr(one.model, "formula", None) or ground.problem.terms for one in entrants if one.prepares
    ]
    return named_columns(formulas)


def _predictors(ground, named):
    """Yield (name, column) of the predictors of a table."""
    X = ground.problem.X
    if is_frame(X):
        for name in X.columns:
            if name not in ground.problem.exclude and (named is None or name in named):
                yield name, as_series(X[name])
    elif getattr(X, "ndim", 0) == 2 and not hasattr(X, "tocsr"):
        for k in range(X.shape[1]):
            yield f"column {k}", as_series(X[:, k])


def _telling_columns(ground, columns):
    """Name columns that tell the outcome perfectly by themselves."""
    known = ~np.isnan(ground.truth) if ground.task == "regression" else ground.truth >= 0
    rows = np.flatnonzero(known)
    rows = rows[:: max(1, len(rows) // _MOST_ROWS)]
    if len(rows) < _FEWEST:
        return []
    truth, telling = ground.truth[rows], []
    for name, column in columns:
        values = column.iloc[rows]
        if _tells(values, truth, ground.task):
            telling.append(str(name))
    if not telling:
        return []
    what = "the outcome's numbers" if ground.task == "regression" else "the classes"
    each = "each tell" if len(telling) > 1 else "alone tells"
    return [
        f"{listed(telling)} {each} {what} apart without an error, in all rows: is the outcome leaking in?\n"
        "Leave such columns out if they are known only after the outcome."
    ]


def _tells(values, truth, task):
    if task == "regression":
        if values.dtype.kind not in "iuf" or values.isna().any():
            return False
        x = values.to_numpy(np.float64)
        spread = x.std() * truth.std()
        return bool(spread > 0 and abs(np.mean((x - x.mean()) * (truth - truth.mean())) / spread) > 1 - 1e-9)
    numbers = values.dtype.kind in "iufb" and not values.isna().any()
    if numbers and task == "binary" and 0 < truth.sum() < truth.size:
        return ranking.area_under_roc(truth == 1, values.to_numpy(np.float64)) in (0.0, 1.0)
    codes = values.astype(object).where(~is_missing(values), "missing")
    levels = codes.nunique()
    return levels <= len(truth) / 5 and levels > 1 and _classes_per_level(codes, truth) == levels


def _classes_per_level(codes, truth):
    import pandas as pd

    return len(pd.DataFrame({"level": codes.to_numpy(), "truth": truth}).drop_duplicates())


def _doubled_rows(ground, columns):
    """Count test rows of which a copy (outcome included) is among the training rows."""
    import pandas as pd

    X = ground.problem.X
    table = is_frame(X) or (getattr(X, "ndim", 0) == 2 and not hasattr(X, "tocsr"))
    if not table or len(ground.truth) > _MOST_ROWS:
        return []
    columns = [c for _, c in columns if c.dtype.kind == "f" or not c.is_unique]  # without names of rows
    frame = pd.DataFrame({str(i): c.to_numpy() for i, c in enumerate(columns)})
    # Many equal rows are what few coarse columns give by chance; copies are told by rows that vary.
    if frame.shape[1] == 0 or len(frame.drop_duplicates()) < 0.5 * len(frame):
        return []
    frame["truth"] = ground.truth
    try:
        hashed = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    except TypeError:
        return []
    crossing = [np.isin(hashed[one.test], hashed[one.train]).sum() for one in ground.sets]
    share = sum(crossing) / sum(len(one.test) for one in ground.sets)
    if share <= 0.02:
        return []
    return [
        f"{share:.0%} of the test rows have an exact copy among their training rows.\n"
        "If they are the same case, leave copies out or keep them together with `groups`."
    ]


def _likely_groups(ground, columns):
    """Name a column that looks like the name of what rows belong to, and is in training and test."""
    n = ground.n_rows
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
